/* Opens a protected document in C++, prints its label and rights, and copies a part of its content to standard output.
 *
 *   show PROFILE FILE [OFFSET LENGTH]
 *
 * Build: c++ -std=c++17 show.cpp $(pkg-config --cflags --libs kakuzuke) */
#include <cstdlib>
#include <iostream>

#include "kakuzuke.hpp"

int main(int argc, char **argv) {
    if (argc != 3 && argc != 5) {
        std::cerr << "usage: " << argv[0] << " PROFILE FILE [OFFSET LENGTH]\n";
        return 2;
    }
    try {
        const kakuzuke::Session session(argv[1]);
        const kakuzuke::Document document = session.open(argv[2], KKZ_RIGHT_VIEW, "C++ example");
        std::cerr << "label: " << document.label() << "\ngrade: " << document.grade() << "\nname: " << document.file_name()
                  << "\nsize: " << document.size() << "\nprint: "
                  << (document.can(KKZ_RIGHT_PRINT) ? "yes" : document.denied_because(KKZ_RIGHT_PRINT)) << "\n";
        std::uint64_t offset = argc == 5 ? std::strtoull(argv[3], nullptr, 10) : 0;
        std::uint64_t left = argc == 5 ? std::strtoull(argv[4], nullptr, 10) : document.size();
        while (left > 0) {
            const auto piece = document.read(offset, left < 65536 ? static_cast<std::size_t>(left) : 65536);
            if (piece.empty()) break;
            std::cout.write(reinterpret_cast<const char *>(piece.data()), static_cast<std::streamsize>(piece.size()));
            offset += piece.size();
            left -= piece.size();
        }
        return std::cout.flush() ? 0 : 1;
    } catch (const kakuzuke::Error &error) {
        std::cerr << error.name() << " (" << error.code() << "): " << error.what() << "\n";
        if (!error.clause().empty()) std::cerr << "根拠: " << error.clause() << "\n";
        if (!error.remedy().empty()) std::cerr << "対応: " << error.remedy() << "\n";
        return static_cast<int>(error.code() > 255 ? 255 : error.code());
    }
}
