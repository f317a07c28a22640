/* 利用許可. A licence while its document stays open: renewing is no second opening, a refusal takes every right, and what is
 * saved stands under the label that is in force by then.
 *
 * usage: licence PROFILE COUNTED EDITED; waits for a line before it goes on */
#include <stdio.h>
#include <string.h>

#include <kakuzuke.h>

#define CHECK(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "%d: not so: %s\n", __LINE__, #what); \
            return 1; \
        } \
    } while (0)

static int64_t content(void *context, uint64_t offset, uint8_t *buffer, size_t length) {
    (void)context;
    static const char text[] = "edited meanwhile";
    if (offset >= sizeof text - 1) return 0;
    size_t rest = sizeof text - 1 - (size_t)offset;
    if (length > rest) length = rest;
    memcpy(buffer, text + offset, length);
    return (int64_t)length;
}

int main(int argc, char **argv) {
    kkz_session *session = NULL;
    kkz_document *counted = NULL, *edited = NULL;
    char line[16];
    uint8_t byte = 0;
    size_t count = 0;
    if (argc != 4) return 2;
    CHECK(kkz_session_open(argv[1], &session, NULL) == 0);
    CHECK(kkz_document_open(session, argv[2], KKZ_RIGHT_VIEW, NULL, &counted, NULL) == 0);
    CHECK(kkz_document_openings_left(counted) == 0);
    for (int i = 0; i < 3; i++) CHECK(kkz_document_renew(counted, NULL) == 0);
    CHECK(kkz_document_openings_left(counted) == 0 && kkz_document_can(counted, KKZ_RIGHT_VIEW));
    CHECK(kkz_document_open(session, argv[3], KKZ_RIGHT_EDIT, NULL, &edited, NULL) == 0);
    CHECK(strcmp(kkz_document_restrictions(edited), "") == 0 && kkz_document_can(edited, KKZ_RIGHT_PRINT));
    puts("waiting");
    fflush(stdout);
    CHECK(fgets(line, sizeof line, stdin));
    /* Suspended meanwhile. */
    CHECK(kkz_document_renew(counted, NULL) != 0);
    CHECK(kkz_document_rights(counted) == 0 && !kkz_document_can(counted, KKZ_RIGHT_VIEW));
    CHECK(kkz_document_denied_because(counted, KKZ_RIGHT_VIEW, KKZ_JAPANESE) != NULL);
    CHECK(kkz_document_read_at(counted, 0, &byte, 1, &count, NULL) != 0 && byte == 0);
    /* Labelled anew meanwhile. */
    const char *before = kkz_document_label(edited);
    CHECK(kkz_document_renew(edited, NULL) == 0);
    CHECK(strstr(kkz_document_restrictions(edited), "印刷禁止") && kkz_document_newer_label(edited));
    CHECK(!strstr(before, "印刷禁止")); /* texts asked for before stay as they were */
    kkz_source source = {.size = sizeof source, .read_at = content, .length = strlen("edited meanwhile")};
    CHECK(kkz_document_save(edited, &source, NULL, NULL) == 0);
    CHECK(strstr(kkz_document_restrictions(edited), "印刷禁止"));
    kkz_document_close(edited);
    kkz_document_close(counted);
    kkz_session_close(session);
    puts("all of it");
    return 0;
}
