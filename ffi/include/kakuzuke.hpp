/* libkakuzuke for C++17 and later: the C interface with owners that close what they hold, and exceptions.
 *
 * Everything here is inline over kakuzuke.h, which says what each call does; nothing of it is in the library's ABI. */
#ifndef KAKUZUKE_HPP
#define KAKUZUKE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kakuzuke.h"

namespace kakuzuke {

namespace detail {
inline std::string text(const char *text) { return text ? text : ""; }
}  // namespace detail

/* What a call refused, with what to do. what() is the message in Japanese. */
class Error : public std::runtime_error {
public:
    explicit Error(kkz_error *error)
        : std::runtime_error(detail::text(kkz_error_message(error, KKZ_JAPANESE))),
          code_(kkz_error_code(error)),
          name_(detail::text(kkz_error_name(error))),
          english_(detail::text(kkz_error_message(error, KKZ_ENGLISH))),
          clause_(detail::text(kkz_error_clause(error))),
          remedy_ja_(detail::text(kkz_error_remedy(error, KKZ_JAPANESE))),
          remedy_en_(detail::text(kkz_error_remedy(error, KKZ_ENGLISH))),
          right_(kkz_error_remedy_right(error)) {
        kkz_error_free(error);
    }
    std::uint32_t code() const noexcept { return code_; }
    const std::string &name() const noexcept { return name_; }
    const std::string &english() const noexcept { return english_; }
    const std::string &clause() const noexcept { return clause_; }
    const std::string &remedy(kkz_language language = KKZ_JAPANESE) const noexcept {
        return language == KKZ_JAPANESE ? remedy_ja_ : remedy_en_;
    }
    /* What could be asked for with Session::request; 0: nothing. */
    kkz_rights right() const noexcept { return right_; }

private:
    std::uint32_t code_;
    std::string name_, english_, clause_, remedy_ja_, remedy_en_;
    kkz_rights right_;
};

namespace detail {
/* The status is a value before the error is looked at: in one expression they would come in any order. */
inline void check(std::uint32_t status, kkz_error *error) {
    if (status) throw Error(error);
}
struct Close {
    void operator()(kkz_session *session) const noexcept { kkz_session_close(session); }
    void operator()(kkz_document *document) const noexcept { kkz_document_close(document); }
    void operator()(kkz_label *label) const noexcept { kkz_label_free(label); }
};
}  // namespace detail

/* An open document: closed, and its key wiped, when this goes. May be read from many threads at once. */
class Document {
public:
    explicit Document(kkz_document *document) : handle_(document) {}
    std::uint64_t size() const { return kkz_document_size(get()); }
    bool can(kkz_rights rights) const { return kkz_document_can(get(), rights) != 0; }
    std::string denied_because(kkz_rights one, kkz_language language = KKZ_JAPANESE) const {
        return detail::text(kkz_document_denied_because(get(), one, language));
    }
    std::string label() const { return detail::text(kkz_document_label(get())); }
    std::string grade() const { return detail::text(kkz_document_grade(get())); }
    std::string decider() const { return detail::text(kkz_document_decider(get())); }
    std::string file_name() const { return detail::text(kkz_document_file_name(get())); }
    std::string media_type() const { return detail::text(kkz_document_media_type(get())); }
    std::string watermark() const { return detail::text(kkz_document_watermark(get())); }
    /* Up to `length` bytes at `offset`; fewer only at the end. */
    std::vector<std::uint8_t> read(std::uint64_t offset, std::size_t length) const {
        const std::uint64_t whole = size(), rest = offset < whole ? whole - offset : 0;
        std::vector<std::uint8_t> bytes(rest < length ? static_cast<std::size_t>(rest) : length);
        std::size_t count = 0;
        std::uint8_t none = 0;
        kkz_error *error = nullptr;
        std::uint8_t *buffer = bytes.empty() ? &none : bytes.data();
        const std::uint32_t status = kkz_document_read_at(get(), offset, buffer, bytes.size(), &count, &error);
        detail::check(status, error);
        bytes.resize(count);
        return bytes;
    }
    /* The next version of the document, in its place, under its label. */
    void save(const kkz_source &content, const kkz_cancel *cancel = nullptr) {
        kkz_error *error = nullptr;
        const std::uint32_t status = kkz_document_save(get(), &content, cancel, &error);
        detail::check(status, error);
    }
    kkz_document *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<kkz_document, detail::Close> handle_;
};

/* One officer on one device. */
class Session {
public:
    /* The usual profile, or the one in a folder. */
    explicit Session(const char *profile = nullptr) {
        kkz_session *session = nullptr;
        kkz_error *error = nullptr;
        const std::uint32_t status = kkz_session_open(profile, &session, &error);
        detail::check(status, error);
        handle_.reset(session);
    }
    explicit Session(const kkz_session_options &options) {
        kkz_session *session = nullptr;
        kkz_error *error = nullptr;
        const std::uint32_t status = kkz_session_open_with(&options, &session, &error);
        detail::check(status, error);
        handle_.reset(session);
    }
    std::string name() const { return detail::text(kkz_session_name(get())); }
    Document open(const std::string &path, kkz_rights wanted = KKZ_RIGHT_VIEW, const char *purpose = nullptr) const {
        kkz_document *document = nullptr;
        kkz_error *error = nullptr;
        const std::uint32_t status = kkz_document_open(get(), path.c_str(), wanted, purpose, &document, &error);
        detail::check(status, error);
        return Document(document);
    }
    /* Asks for a right; the number of the application. */
    std::uint64_t request(const std::string &path, kkz_rights right, const std::string &reason) const {
        std::uint64_t number = 0;
        kkz_error *error = nullptr;
        const std::uint32_t status = kkz_request(get(), path.c_str(), right, reason.c_str(), &number, &error);
        detail::check(status, error);
        return number;
    }
    kkz_session *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<kkz_session, detail::Close> handle_;
};

}  // namespace kakuzuke

#endif /* KAKUZUKE_HPP */
