/* Every function of libkakuzuke from C: as it is meant, and as it is not. Run by tests/tests/agency/ccode.rs, plainly, under
 * AddressSanitizer and UndefinedBehaviorSanitizer, under ThreadSanitizer, and under valgrind; and on Windows
 * (tests/tests/windows).
 *
 *   interface PROFILE DIR
 *
 * DIR holds sealed.pdf (protected, with 印刷禁止), original.pdf (what is inside), open.docx, plain.txt, damaged.pdf. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef _WIN32
#include <io.h>
#endif

#include "kakuzuke.h"

/* ---- What programs were compiled against never changes: sizes, places, numbers. ---- */
_Static_assert(sizeof(kkz_session_options) == 6 * sizeof(void *), "session options");
_Static_assert(offsetof(kkz_session_options, proxy) == 2 * sizeof(void *), "proxy");
_Static_assert(offsetof(kkz_session_options, passphrase) == 3 * sizeof(void *), "passphrase");
_Static_assert(offsetof(kkz_session_options, context) == 5 * sizeof(void *), "context");
_Static_assert(sizeof(kkz_source) == 5 * sizeof(void *) + 8 + sizeof(void *), "source");
_Static_assert(offsetof(kkz_source, handle) == 2 * sizeof(void *), "handle");
_Static_assert(offsetof(kkz_source, read_at) == 3 * sizeof(void *), "read_at");
_Static_assert(offsetof(kkz_source, length) == 5 * sizeof(void *), "length");
_Static_assert(offsetof(kkz_source, name) == 5 * sizeof(void *) + 8, "name");
_Static_assert(sizeof(kkz_protection) == 7 * sizeof(void *) + 8, "protection");
_Static_assert(offsetof(kkz_protection, units) == 6 * sizeof(void *), "units");
_Static_assert(offsetof(kkz_protection, flags) == 7 * sizeof(void *), "flags");
_Static_assert(offsetof(kkz_protection, threads) == 7 * sizeof(void *) + 4, "threads");
_Static_assert(KKZ_JAPANESE == 0 && KKZ_ENGLISH == 1, "languages");
_Static_assert(KKZ_RIGHT_VIEW == 1 && KKZ_RIGHT_PRINT == 2 && KKZ_RIGHT_COPY == 4 && KKZ_RIGHT_EDIT == 8, "rights");
_Static_assert(KKZ_RIGHT_EXPORT == 16 && KKZ_RIGHT_PROVIDE == 32 && KKZ_RIGHT_RELABEL == 64, "rights");
_Static_assert(KKZ_MARK == 1 && KKZ_OFFLINE == 2 && KKZ_LABEL_ONLY == 4, "flags");
_Static_assert(KKZ_FORM_ENVELOPE == 1 && KKZ_FORM_CARRIER == 2 && KKZ_FORM_NATIVE == 3 && KKZ_FORM_DETACHED == 4, "forms");
_Static_assert(KKZ_SIGNATURE_UNCHECKED == 0 && KKZ_SIGNATURE_VALID == 1 && KKZ_SIGNATURE_INVALID == 2, "signatures");
_Static_assert(KKZ_SIGNATURE_UNKNOWN_AUTHORITY == 3, "signatures");
_Static_assert(KKZ_CONTENT_UNCHECKED == 0 && KKZ_CONTENT_INTACT == 1 && KKZ_CONTENT_NOT_COVERED == 2, "contents");
_Static_assert(KKZ_LOG_ERROR == 1 && KKZ_LOG_WARNING == 2 && KKZ_LOG_INFO == 3, "levels");
_Static_assert(sizeof(kkz_rights) == 4 && sizeof(kkz_language) == 4, "numbers");

enum { USAGE = 1, DENIED = 10, NOT_PROTECTED = 23, CONFLICT = 26, LIMIT = 29, UNSUPPORTED = 42, CANCELLED = 45 };

static const char *dir;
static int failures;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition); \
            failures++; \
        } \
    } while (0)

/* That a call failed with this number, and that its error says so in both languages. */
static int refused(uint32_t status, kkz_error **error, uint32_t expected) {
    int good = status == expected && *error && kkz_error_code(*error) == expected && kkz_error_name(*error) &&
               *kkz_error_message(*error, KKZ_JAPANESE) && *kkz_error_message(*error, KKZ_ENGLISH);
    if (!good) {
        fprintf(stderr, "expected %u, got %u: %s\n", expected, status, *error ? kkz_error_message(*error, KKZ_ENGLISH) : "-");
    }
    kkz_error_free(*error);
    kkz_error_free(*error); /* the second does nothing */
    *error = NULL;
    return good;
}

/* That a call succeeded; else says why not. */
static int good(uint32_t status, kkz_error **error) {
    if (status) fprintf(stderr, "%s\n", kkz_error_message(*error, KKZ_ENGLISH));
    if (status) kkz_error_free(*error);
    *error = NULL;
    return status == 0;
}

static const char *path(const char *name) {
    static _Thread_local char place[4096];
    snprintf(place, sizeof place, "%s/%s", dir, name);
    return place;
}

static unsigned char *whole(const char *name, size_t *length) {
    FILE *file = fopen(path(name), "rb");
    if (!file) abort();
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*length + 1);
    if (!bytes || fread(bytes, 1, *length, file) != *length) abort();
    fclose(file);
    return bytes;
}

/* ---- Sources ---- */
typedef struct {
    const unsigned char *bytes;
    size_t length;
    int64_t lie; /* what is given back instead, if not 0 */
} held;

static int64_t held_read(void *context, uint64_t offset, uint8_t *buffer, size_t length) {
    const held *h = context;
    if (h->lie) return h->lie;
    if (offset >= h->length) return 0;
    size_t rest = h->length - (size_t)offset;
    if (length > rest) length = rest;
    memcpy(buffer, h->bytes + offset, length);
    return (int64_t)length;
}

static kkz_source of_path(const char *file) {
    kkz_source source = {0};
    source.size = sizeof source;
    source.path = file;
    return source;
}

static kkz_source of_held(held *h, const char *name) {
    kkz_source source = {0};
    source.size = sizeof source;
    source.read_at = held_read;
    source.context = h;
    source.length = h->length;
    source.name = name;
    return source;
}

static void nothing_is_done_with_nothing(void) {
    kkz_error *error = NULL;
    kkz_session *session = NULL;
    kkz_document *document = NULL;
    kkz_label *label = NULL;
    kkz_suggestion *suggestion = NULL;
    size_t count = 7;
    uint8_t byte = 9;
    kkz_source source = of_path("/nowhere");
    kkz_protection asked = {.size = sizeof asked, .grade = "C2I1A1"};
    CHECK(refused(kkz_session_open(NULL, NULL, &error), &error, USAGE));
    CHECK(refused(kkz_session_open_with(NULL, &session, &error), &error, USAGE));
    CHECK(refused(kkz_document_open(NULL, "x", 0, NULL, &document, &error), &error, USAGE));
    CHECK(refused(kkz_document_open_from(NULL, &source, 0, NULL, NULL, &document, &error), &error, USAGE));
    CHECK(refused(kkz_document_read_at(NULL, 0, &byte, 1, &count, &error), &error, USAGE));
    CHECK(refused(kkz_document_renew(NULL, &error), &error, USAGE));
    CHECK(refused(kkz_document_save(NULL, &source, NULL, &error), &error, USAGE));
    CHECK(refused(kkz_label_read(NULL, NULL, &label, &error), &error, USAGE));
    CHECK(refused(kkz_verify(NULL, &source, NULL, &label, &error), &error, USAGE));
    CHECK(refused(kkz_protect(NULL, "x", &asked, NULL, NULL, &error), &error, USAGE));
    CHECK(refused(kkz_protect_new(NULL, &source, "x", &asked, NULL, NULL, &error), &error, USAGE));
    CHECK(refused(kkz_label_write(NULL, "x", &asked, NULL, &error), &error, USAGE));
    CHECK(refused(kkz_suggest(NULL, NULL, NULL, &suggestion, &error), &error, USAGE));
    CHECK(refused(kkz_request(NULL, "x", KKZ_RIGHT_PRINT, "r", NULL, &error), &error, USAGE));
    CHECK(kkz_document_open(NULL, NULL, 0, NULL, NULL, NULL) == USAGE); /* nowhere to write the error: no matter */
    CHECK(!session && !document && !label && !suggestion && count == 7 && byte == 9);
    CHECK(kkz_document_size(NULL) == 0 && kkz_document_can(NULL, KKZ_RIGHT_VIEW) == 0 && kkz_document_rights(NULL) == 0);
    CHECK(!kkz_document_label(NULL) && !kkz_document_watermark(NULL) && !kkz_document_id(NULL) && !kkz_document_title(NULL));
    CHECK(kkz_document_openings_left(NULL) == -1 || kkz_document_openings_left(NULL) == 0);
    CHECK(kkz_document_expires_at(NULL) == 0 && !kkz_document_denied_because(NULL, KKZ_RIGHT_PRINT, KKZ_ENGLISH));
    CHECK(!kkz_label_header(NULL) && kkz_label_form(NULL) == 0 && !kkz_suggestion_grade(NULL) && !kkz_session_name(NULL));
    CHECK(kkz_error_code(NULL) == 0 && !kkz_error_name(NULL) && !kkz_error_message(NULL, KKZ_ENGLISH) && !kkz_error_clause(NULL));
    kkz_document_close(NULL);
    kkz_session_close(NULL);
    kkz_label_free(NULL);
    kkz_suggestion_free(NULL);
    kkz_error_free(NULL);
    kkz_cancel_trigger(NULL);
    kkz_cancel_free(NULL);
}

static int told;

static void note(void *context, uint32_t level, const char *message) {
    (void)context;
    if (level >= KKZ_LOG_ERROR && level <= KKZ_LOG_INFO && message && *message) __atomic_add_fetch(&told, 1, __ATOMIC_RELAXED);
}

static kkz_session *sessions(const char *profile) {
    kkz_error *error = NULL;
    kkz_session *session = NULL;
    CHECK(kkz_session_open("/nowhere/at/all", &session, &error) != 0 && error && !session);
    kkz_error_free(error);
    error = NULL;
    CHECK(refused(kkz_session_open("\xff\xfe", &session, &error), &error, USAGE));
    kkz_session_options options = {.size = sizeof options, .profile = profile, .log = note};
    kkz_session_options wrong = options;
    wrong.size = 3;
    CHECK(refused(kkz_session_open_with(&wrong, &session, &error), &error, USAGE));
    wrong.size = SIZE_MAX;
    CHECK(refused(kkz_session_open_with(&wrong, &session, &error), &error, USAGE));
    /* A newer program: what it has besides is zero, or is refused. */
    struct {
        kkz_session_options now;
        uintptr_t later;
    } newer = {options, 0};
    newer.now.size = sizeof newer;
    kkz_session *other = NULL;
    CHECK(good(kkz_session_open_with(&newer.now, &other, &error), &error));
    newer.later = 1;
    CHECK(refused(kkz_session_open_with(&newer.now, &session, &error), &error, UNSUPPORTED));
    CHECK(good(kkz_session_open_with(&options, &session, &error), &error));
    CHECK(kkz_session_subject(session) && strcmp(kkz_session_subject(session), "sato") == 0 && kkz_session_name(session));
    CHECK(kkz_session_organization(session, KKZ_JAPANESE) && kkz_session_organization(session, 99));
    kkz_session_close(other);
    kkz_session_close(other);
    CHECK(!kkz_session_name(other));
    return session;
}

static void documents(kkz_session *session) {
    kkz_error *error = NULL;
    kkz_document *document = NULL;
    size_t length = 0, count = 0;
    unsigned char *original = whole("original.pdf", &length);
    CHECK(refused(kkz_document_open(session, path("sealed.pdf"), 1u << 31, NULL, &document, &error), &error, USAGE));
    CHECK(refused(kkz_document_open(session, path("plain.txt"), 0, NULL, &document, &error), &error, NOT_PROTECTED));
    CHECK(good(kkz_document_open(session, path("sealed.pdf"), KKZ_RIGHT_VIEW, "C test", &document, &error), &error));
    CHECK(kkz_document_size(document) == length);
    CHECK(kkz_document_can(document, KKZ_RIGHT_VIEW) && !kkz_document_can(document, KKZ_RIGHT_PRINT));
    CHECK(!kkz_document_can(document, 0) && !kkz_document_can(document, 1u << 30));
    CHECK(kkz_document_denied_because(document, KKZ_RIGHT_PRINT, KKZ_JAPANESE) && !kkz_document_denied_because(document, KKZ_RIGHT_VIEW, KKZ_JAPANESE));
    CHECK(strstr(kkz_document_restrictions(document), "印刷禁止") && strcmp(kkz_document_grade(document), "C2I2A1") == 0);
    CHECK(kkz_document_decider(document) && kkz_document_id(document) && kkz_document_lineage(document));
    CHECK(kkz_document_label(document) == kkz_document_label(document)); /* the same text at the same place */
    CHECK(kkz_document_label_json(document)[0] == '{' && kkz_document_tamper_evident(document) == 1);
    CHECK(kkz_document_expires_at(document) > 1700000000 && kkz_document_newer_label(document) == 0);
    CHECK(strcmp(kkz_document_media_type(document), "application/pdf") == 0 && kkz_document_file_name(document));
    CHECK(good(kkz_document_renew(document, &error), &error));
    unsigned char *buffer = malloc(length);
    if (!buffer) abort();
    static const uint64_t offsets[] = {0, 1, 4095, 65535, 65536, 70001};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        if (offsets[i] >= length) continue;
        CHECK(good(kkz_document_read_at(document, offsets[i], buffer, length - offsets[i], &count, &error), &error));
        CHECK(count == length - offsets[i] && memcmp(buffer, original + offsets[i], count) == 0);
    }
    CHECK(good(kkz_document_read_at(document, UINT64_MAX, buffer, 10, &count, &error), &error) && count == 0);
    CHECK(good(kkz_document_read_at(document, length - 1, buffer, 1, &count, &error), &error) && count == 1);
    CHECK(good(kkz_document_read_at(document, 5, buffer, 0, &count, &error), &error) && count == 0);
    CHECK(refused(kkz_document_read_at(document, 0, buffer, SIZE_MAX, &count, &error), &error, USAGE));
    CHECK(refused(kkz_document_read_at(document, 0, NULL, 1, &count, &error), &error, USAGE));
    CHECK(refused(kkz_document_read_at(document, 0, buffer, 1, NULL, &error), &error, USAGE));
    /* A handle of another kind, and one that is made up. */
    CHECK(refused(kkz_document_read_at((kkz_document *)session, 0, buffer, 1, &count, &error), &error, USAGE));
    CHECK(refused(kkz_document_read_at((kkz_document *)buffer, 0, buffer, 1, &count, &error), &error, USAGE));
    CHECK(!kkz_document_label((kkz_document *)(uintptr_t)1));
    kkz_document_close((kkz_document *)session);
    CHECK(kkz_session_name(session) != NULL);
    kkz_document_close(document);
    kkz_document_close(document);
    CHECK(refused(kkz_document_read_at(document, 0, buffer, 1, &count, &error), &error, USAGE));
    CHECK(kkz_document_size(document) == 0 && !kkz_document_label(document));
    free(buffer);
    free(original);
}

static void sources(kkz_session *session) {
    kkz_error *error = NULL;
    kkz_document *document = NULL;
    kkz_label *label = NULL;
    size_t length = 0, count = 0;
    unsigned char *sealed = whole("sealed.pdf", &length);
    unsigned char byte = 0;
    held h = {sealed, length, 0};
    kkz_source source = of_held(&h, "sealed.pdf");
    CHECK(good(kkz_document_open_from(session, &source, 0, NULL, NULL, &document, &error), &error));
    CHECK(good(kkz_document_read_at(document, 0, &byte, 1, &count, &error), &error) && byte == '%');
    /* What lies is found out. */
    static const int64_t lies[] = {-1, INT64_MIN, INT64_MAX, 100000000};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        h.lie = lies[i];
        CHECK(kkz_document_read_at(document, 0, &byte, 1, &count, &error) != 0);
        kkz_error_free(error);
        error = NULL;
    }
    h.lie = 0;
    CHECK(good(kkz_document_read_at(document, 0, &byte, 1, &count, &error), &error));
    CHECK(kkz_document_save(document, &source, NULL, &error) != 0); /* it has no place to be saved to */
    kkz_error_free(error);
    error = NULL;
    kkz_document_close(document);
    source.length = UINT64_MAX;
    CHECK(kkz_document_open_from(session, &source, 0, NULL, NULL, &document, &error) != 0);
    kkz_error_free(error);
    error = NULL;
    kkz_suggestion *suggestion = NULL;
    CHECK(refused(kkz_suggest(NULL, &source, NULL, &suggestion, &error), &error, LIMIT)); /* not read from for ever */
#ifdef _WIN32
    int fd = open(path("sealed.pdf"), O_RDONLY | O_BINARY);
    ptrdiff_t handle = _get_osfhandle(fd);
#else
    int fd = open(path("sealed.pdf"), O_RDONLY);
    ptrdiff_t handle = fd;
#endif
    kkz_source file = {.size = sizeof file, .handle = handle, .name = "sealed.pdf"};
    CHECK(good(kkz_document_open_from(session, &file, 0, NULL, NULL, &document, &error), &error));
    close(fd); /* the document has its own */
    CHECK(good(kkz_document_read_at(document, 0, &byte, 1, &count, &error), &error) && byte == '%');
    kkz_document_close(document);
    file.handle = 987654;
    CHECK(kkz_document_open_from(session, &file, 0, NULL, NULL, &document, &error) != 0);
    kkz_error_free(error);
    error = NULL;
    kkz_source both = of_held(&h, NULL);
    both.path = path("sealed.pdf");
    CHECK(refused(kkz_document_open_from(session, &both, 0, NULL, NULL, &document, &error), &error, USAGE));
    kkz_source nothing = {.size = sizeof nothing};
    CHECK(refused(kkz_document_open_from(session, &nothing, 0, NULL, NULL, &document, &error), &error, USAGE)); /* not standard input */
    CHECK(refused(kkz_label_read(NULL, &nothing, &label, &error), &error, USAGE));
    both.size = 8;
    CHECK(refused(kkz_document_open_from(session, &both, 0, NULL, NULL, &document, &error), &error, USAGE));
    free(sealed);
}

/* Content that saves the document it is content of. */
typedef struct {
    held inner;
    kkz_document *document;
    uint32_t code;
} winding;

static int64_t winding_read(void *context, uint64_t offset, uint8_t *buffer, size_t length) {
    winding *w = context;
    kkz_source again = of_held(&w->inner, NULL);
    w->code = kkz_document_save(w->document, &again, NULL, NULL);
    return held_read(&w->inner, offset, buffer, length);
}

static void saving(kkz_session *session) {
    kkz_error *error = NULL;
    kkz_document *document = NULL, *second = NULL;
    size_t length = 0, count = 0;
    kkz_protection asked = {.size = sizeof asked, .grade = "C2I1A1", .restrictions = "複製禁止\n"};
    kkz_label *label = NULL;
    unsigned char *text = whole("plain.txt", &length);
    held h = {text, length, 0};
    kkz_source source = of_held(&h, "x.txt");
    CHECK(good(kkz_protect_new(session, &source, path("new.txt"), &asked, NULL, &label, &error), &error));
    CHECK(strstr(kkz_label_path(label), "new.txt.kkz") && strcmp(kkz_label_grade(label), "C2I1A1") == 0);
    CHECK(kkz_label_form(label) == KKZ_FORM_ENVELOPE && kkz_label_signature(label) == KKZ_SIGNATURE_VALID);
    kkz_label_free(label);
    kkz_label_free(label);
    CHECK(refused(kkz_protect_new(session, &source, path("new.txt"), &asked, NULL, &label, &error), &error, CONFLICT));
    const char *place = path("new.txt.kkz");
    CHECK(good(kkz_document_open(session, place, KKZ_RIGHT_EDIT, NULL, &document, &error), &error));
    CHECK(good(kkz_document_open(session, path("new.txt.kkz"), KKZ_RIGHT_EDIT, NULL, &second, &error), &error));
    char *before = strdup(kkz_document_id(document)), *line = strdup(kkz_document_lineage(document));
    static const char edited[] = "edited, and nowhere in clear";
    held e = {(const unsigned char *)edited, sizeof edited - 1, 0};
    kkz_source content = of_held(&e, NULL);
    CHECK(good(kkz_document_save(document, &content, NULL, &error), &error));
    CHECK(strcmp(kkz_document_id(document), before) != 0 && strcmp(kkz_document_lineage(document), line) == 0);
    char buffer[64] = {0};
    CHECK(good(kkz_document_read_at(document, 0, (uint8_t *)buffer, sizeof buffer, &count, &error), &error));
    CHECK(count == sizeof edited - 1 && memcmp(buffer, edited, count) == 0);
    CHECK(strcmp(kkz_document_grade(document), "C2I1A1") == 0 && strstr(kkz_document_restrictions(document), "複製禁止"));
    /* Somebody else has the version before: theirs would be lost. */
    CHECK(refused(kkz_document_save(second, &content, NULL, &error), &error, CONFLICT));
    e.lie = -1;
    CHECK(kkz_document_save(document, &content, NULL, &error) != 0);
    kkz_error_free(error);
    error = NULL;
    e.lie = 0;
    winding wound = {e, document, 0};
    kkz_source winds = of_held(&e, NULL);
    winds.read_at = winding_read;
    winds.context = &wound;
    CHECK(good(kkz_document_save(document, &winds, NULL, &error), &error) && wound.code == CONFLICT);
    CHECK(good(kkz_document_read_at(document, 0, (uint8_t *)buffer, 6, &count, &error), &error) && memcmp(buffer, "edited", 6) == 0);
    kkz_document_close(document);
    kkz_document_close(second);
    free(before);
    free(line);
    free(text);
}

static void labels(kkz_session *session) {
    kkz_error *error = NULL;
    kkz_label *label = NULL;
    kkz_suggestion *suggestion = NULL;
    kkz_protection asked = {.size = sizeof asked, .grade = "機密性２情報・完全性１情報・可用性１情報", .flags = KKZ_MARK};
    kkz_source source = of_path(path("sealed.pdf"));
    CHECK(good(kkz_label_read(NULL, &source, &label, &error), &error));
    CHECK(kkz_label_signature(label) == KKZ_SIGNATURE_UNCHECKED && kkz_label_form(label) == KKZ_FORM_CARRIER);
    CHECK(kkz_label_header(label) && kkz_label_restrictions(label) && kkz_label_decider(label) && kkz_label_json(label)[0] == '{');
    kkz_label_free(label);
    CHECK(good(kkz_verify(session, &source, NULL, &label, &error), &error));
    CHECK(kkz_label_content(label) == KKZ_CONTENT_INTACT && kkz_label_signature(label) == KKZ_SIGNATURE_VALID && kkz_label_signer(label));
    kkz_label_free(label);
    source = of_path(path("damaged.pdf"));
    CHECK(kkz_verify(session, &source, NULL, &label, &error) != 0 && kkz_error_code(error) >= 20);
    kkz_error_free(error);
    error = NULL;
    source = of_path(path("open.docx"));
    CHECK(refused(kkz_label_read(session, &source, &label, &error), &error, NOT_PROTECTED));
    CHECK(good(kkz_suggest(session, &source, NULL, &suggestion, &error), &error));
    CHECK(kkz_suggestion_grade(suggestion) && kkz_suggestion_restrictions(suggestion) && kkz_suggestion_json(suggestion)[0] == '{');
    CHECK(kkz_suggestion_reasons(suggestion, KKZ_JAPANESE) && kkz_suggestion_confidence(suggestion) <= 100);
    kkz_suggestion_free(suggestion);
    CHECK(good(kkz_label_write(session, path("open.docx"), &asked, &label, &error), &error));
    CHECK(kkz_label_form(label) == KKZ_FORM_NATIVE);
    kkz_label_free(label);
    source = of_path(path("open.docx"));
    CHECK(good(kkz_label_read(session, &source, &label, &error), &error) && kkz_label_signature(label) == KKZ_SIGNATURE_VALID);
    kkz_label_free(label);
    asked.flags = 1u << 20;
    CHECK(refused(kkz_protect(session, path("open.docx"), &asked, NULL, NULL, &error), &error, USAGE));
    asked.flags = 0;
    asked.grade = "C9I9A9";
    CHECK(kkz_protect(session, path("open.docx"), &asked, NULL, NULL, &error) != 0 && error);
    kkz_error_free(error);
    error = NULL;
    asked.grade = "C3I1A1";
    CHECK(good(kkz_protect(session, path("open.docx"), &asked, NULL, NULL, &error), &error));
    uint64_t number = 0;
    CHECK(good(kkz_request(session, path("sealed.pdf"), KKZ_RIGHT_PRINT, "会議のため", &number, &error), &error) && number > 0);
    CHECK(kkz_request(session, path("sealed.pdf"), KKZ_RIGHT_PRINT | KKZ_RIGHT_COPY, "x", &number, &error) != 0);
    kkz_error_free(error);
}

static void giving_up(kkz_session *session) {
    kkz_error *error = NULL;
    kkz_document *document = NULL;
    kkz_source source = of_path(path("sealed.pdf"));
    kkz_cancel *cancel = kkz_cancel_new();
    CHECK(good(kkz_document_open_from(session, &source, 0, NULL, cancel, &document, &error), &error));
    kkz_document_close(document);
    kkz_cancel_trigger(cancel);
    CHECK(refused(kkz_document_open_from(session, &source, 0, NULL, cancel, &document, &error), &error, CANCELLED));
    kkz_cancel_free(cancel);
    kkz_cancel_free(cancel);
    CHECK(refused(kkz_document_open_from(session, &source, 0, NULL, cancel, &document, &error), &error, USAGE));
}

/* ---- Many threads, one document, closed while they read ---- */
typedef struct {
    kkz_document *document;
    const unsigned char *original;
    size_t length;
    unsigned seed;
    int bad, ended;
} reader;

static void *read_until_closed(void *context) {
    reader *r = context;
    unsigned char buffer[5000];
    for (;;) {
        r->seed = r->seed * 1103515245u + 12345u;
        uint64_t offset = (r->seed >> 4) % r->length;
        size_t count = 0;
        kkz_error *error = NULL;
        uint32_t status = kkz_document_read_at(r->document, offset, buffer, sizeof buffer, &count, &error);
        if (status) {
            r->ended = status == USAGE && kkz_error_code(error) == USAGE;
            kkz_error_free(error);
            return NULL;
        }
        (void)kkz_document_label(r->document);
        if (memcmp(buffer, r->original + offset, count) != 0) r->bad++;
    }
}

static void threads(kkz_session *session) {
    kkz_error *error = NULL;
    kkz_document *document = NULL;
    size_t length = 0;
    unsigned char *original = whole("original.pdf", &length);
    CHECK(good(kkz_document_open(session, path("sealed.pdf"), 0, NULL, &document, &error), &error));
    pthread_t running[8];
    reader readers[8];
    for (unsigned i = 0; i < 8; i++) {
        readers[i] = (reader){document, original, length, i * 7919 + 1, 0, 0};
        if (pthread_create(&running[i], NULL, read_until_closed, &readers[i])) abort();
    }
    unsigned char byte = 0;
    size_t count = 0;
    for (int i = 0; i < 50; i++) CHECK(kkz_document_read_at(document, (uint64_t)i, &byte, 1, &count, NULL) == 0);
    kkz_document_close(document);
    for (unsigned i = 0; i < 8; i++) {
        pthread_join(running[i], NULL);
        CHECK(readers[i].bad == 0 && readers[i].ended);
    }
    free(original);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    dir = argv[2];
    char version[64];
    snprintf(version, sizeof version, "%d.%d.%d", KKZ_VERSION_MAJOR, KKZ_VERSION_MINOR, KKZ_VERSION_PATCH);
    CHECK(strcmp(version, kkz_version()) == 0);
    nothing_is_done_with_nothing();
    kkz_session *session = sessions(argv[1]);
    if (!session) return 1;
    documents(session);
    sources(session);
    saving(session);
    labels(session);
    giving_up(session);
    threads(session);
    CHECK(told > 0);
    kkz_session_close(session);
    if (failures) fprintf(stderr, "%d checks failed\n", failures);
    if (!failures) puts("all of it");
    return failures ? 1 : 0;
}
