/* Opens a protected document, prints its label and rights, and copies a part of its content to standard output.
 *
 *   show PROFILE FILE [OFFSET LENGTH]
 *
 * Build: cc show.c -I../include -L… -lkakuzuke */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "kakuzuke.h"

static int report(kkz_error *error) {
    uint32_t code = kkz_error_code(error);
    fprintf(stderr, "%s (%" PRIu32 "): %s\n", kkz_error_name(error), code, kkz_error_message(error, KKZ_JAPANESE));
    if (kkz_error_clause(error)) fprintf(stderr, "根拠: %s\n", kkz_error_clause(error));
    if (kkz_error_remedy(error, KKZ_JAPANESE)) fprintf(stderr, "対応: %s\n", kkz_error_remedy(error, KKZ_JAPANESE));
    kkz_error_free(error);
    return code > 255 ? 255 : (int)code;
}

int main(int argc, char **argv) {
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: %s PROFILE FILE [OFFSET LENGTH]\n", argv[0]);
        return 2;
    }
    kkz_error *error = NULL;
    kkz_session *session = NULL;
    if (kkz_session_open(argv[1], &session, &error)) return report(error);

    kkz_document *document = NULL;
    if (kkz_document_open(session, argv[2], KKZ_RIGHT_VIEW, "C example", &document, &error)) {
        kkz_session_close(session);
        return report(error);
    }
    fprintf(stderr, "label: %s\ngrade: %s\nname: %s\nsize: %" PRIu64 "\nprint: %s\n", kkz_document_label(document),
            kkz_document_grade(document), kkz_document_file_name(document), kkz_document_size(document),
            kkz_document_can(document, KKZ_RIGHT_PRINT) ? "yes" : "no");

    uint64_t offset = argc == 5 ? strtoull(argv[3], NULL, 10) : 0;
    uint64_t left = argc == 5 ? strtoull(argv[4], NULL, 10) : kkz_document_size(document);
    int status = 0;
    unsigned char buffer[65536];
    while (left > 0 && !status) {
        size_t count = 0;
        size_t length = left < sizeof buffer ? (size_t)left : sizeof buffer;
        if (kkz_document_read_at(document, offset, buffer, length, &count, &error)) {
            status = report(error);
        } else if (count == 0) {
            break;
        } else if (fwrite(buffer, 1, count, stdout) != count) {
            status = 1;
        }
        offset += count;
        left -= count;
    }
    kkz_document_close(document);
    kkz_session_close(session);
    return status;
}
