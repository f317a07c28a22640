/* Random calls of libkakuzuke with whatever is at hand: handles that live, that were closed, of the wrong kind, made up; offsets,
 * lengths and sizes of any value. Nothing may crash, and what is read must be what is in the document.
 *
 *   calls PROFILE SEALED ORIGINAL SEED STEPS
 *
 * With KKZ_FUZZ it is no program: fuzz/fuzz_targets/calls.rs arranges it once, and then runs it on libFuzzer's bytes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kakuzuke.h"

enum { HANDS = 24, ROOM = 1 << 16 };
static void *hands[HANDS];
static uint64_t state;
static const char *profile, *sealed;
static unsigned char original[1 << 20];
static size_t whole;
static unsigned long reads, opened;

#ifdef KKZ_FUZZ
static const uint8_t *given;
static size_t left;

static uint64_t next(void) {
    uint64_t number = 0;
    for (int byte = 0; byte < 2 && left; byte++, left--) number = number << 8 | *given++;
    return number;
}
#else
static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
#endif

static void *some(void) {
    switch (next() % 16) {
        case 0: return NULL;
        case 1: return (void *)(uintptr_t)next();
        case 2: return (void *)(uintptr_t)(next() % 64);
        case 3: return &state;
        default: return hands[next() % HANDS];
    }
}

/* Closing as another kind does nothing, closing twice does nothing. */
static void put_down(void *handle) {
    kkz_document_close(handle);
    kkz_session_close(handle);
    kkz_label_free(handle);
    kkz_suggestion_free(handle);
    kkz_error_free(handle);
    kkz_cancel_free(handle);
}

static void keep(void *handle) {
    void **hand = &hands[next() % HANDS];
    put_down(*hand);
    *hand = handle;
}

static uint64_t number(uint64_t usual) {
    static const uint64_t edges[] = {0, 1, 2, UINT32_MAX, INT64_MAX, UINT64_MAX, UINT64_MAX - 1, (uint64_t)1 << 63};
    return next() % 4 ? next() % usual : edges[next() % (sizeof edges / sizeof *edges)];
}

static int64_t liar(void *context, uint64_t offset, uint8_t *buffer, size_t length) {
    (void)context;
    if (offset > 1 << 24) return -1; /* nobody waits for petabytes */
    if (next() % 2) return (int64_t)next();
    memset(buffer, 0x5a, length);
    return (int64_t)length;
}

static kkz_source source(void) {
    kkz_source s = {0};
    s.size = next() % 8 ? sizeof s : next() % (2 * sizeof s); /* never more than there is room for beneath */
    if (s.size > sizeof s) s.size = sizeof s;
    if (next() % 2) s.path = sealed;
    if (next() % 4 == 0) s.read_at = liar;
    if (next() % 8 == 0) s.handle = (ptrdiff_t)(int32_t)next();
    s.length = number(100000);
    if (next() % 2) s.name = "x.docx";
    return s;
}

static int arrange(const char *original_path) {
    FILE *file = fopen(original_path, "rb");
    if (!file) return 2;
    whole = fread(original, 1, sizeof original, file);
    fclose(file);
    return 0;
}

/* Whether something was wrong. */
static int step(kkz_session *live) {
    static unsigned char buffer[ROOM];
    int bad = 0;
    kkz_error *error = NULL, **where = next() % 8 ? &error : NULL;
    kkz_session *session = NULL;
    kkz_document *document = NULL;
    kkz_label *label = NULL;
    kkz_suggestion *suggestion = NULL;
    size_t count = 0;
    kkz_source s = source();
    /* What asks the key server, or reads whole files, is rarer. */
    switch (next() % 200) {
        case 0:
            if (kkz_session_open(profile, &session, where) == 0) keep(session);
            break;
        case 1:
            if (kkz_document_open(next() % 4 ? live : some(), sealed, next() % 4 ? KKZ_RIGHT_VIEW : (kkz_rights)number(8), "calls", &document, where) == 0) keep(document), opened++;
            break;
        case 2:
            if (kkz_document_open_from(next() % 4 ? live : some(), &s, KKZ_RIGHT_VIEW, NULL, next() % 4 ? NULL : some(), &document, where) == 0) keep(document), opened++;
            break;
        case 3:
            if (kkz_label_read(some(), &s, &label, where) == 0) keep(label);
            break;
        case 4:
            if (kkz_suggest(NULL, &s, some(), &suggestion, where) == 0) keep(suggestion);
            break;
        case 5:
            if (kkz_verify(some(), &s, some(), &label, where) == 0) keep(label);
            break;
        case 6: keep(kkz_cancel_new()); break;
        case 7: kkz_cancel_trigger(some()); break;
        case 8: kkz_cancel_free(some()); break;
        case 9: kkz_session_close(next() % 8 ? NULL : some()); break;
        case 10: kkz_document_close(next() % 8 ? NULL : some()); break;
        case 11: kkz_label_free(some()); break;
        case 12: kkz_suggestion_free(some()); break;
        case 13: kkz_error_free(some()); break;
        default: {
            void *handle = some();
            uint64_t offset = number(whole);
            uint64_t want = number(ROOM);
            /* More than there is room for only where that is refused before the buffer is touched. */
            size_t length = want <= ROOM || want > INT64_MAX ? (size_t)want : ROOM;
            if (kkz_document_read_at(handle, offset, buffer, length, &count, where) == 0) {
                reads++;
                if (count > length || (count && (offset + count > whole || memcmp(buffer, original + offset, count)))) bad = 1;
            }
            (void)kkz_document_can(some(), (kkz_rights)next());
            const char *texts[] = {kkz_document_label(some()), kkz_label_header(some()), kkz_error_name(some()),
                                   kkz_suggestion_grade(some()), kkz_session_name(some()), kkz_document_watermark(some()),
                                   kkz_document_denied_because(some(), (kkz_rights)next(), (kkz_language)next())};
            for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) if (texts[i] && strlen(texts[i]) > 100000) bad = 1;
        }
    }
    if (error && next() % 16) kkz_error_free(error);
    else if (error) keep(error);
    return bad;
}

#ifdef KKZ_FUZZ
static kkz_session *usual;

int calls_arrange(const char *profile_path, const char *sealed_path, const char *original_path) {
    profile = profile_path;
    sealed = sealed_path;
    return arrange(original_path) || kkz_session_open(profile, &usual, NULL);
}

int calls_run(const uint8_t *bytes, size_t length) {
    int bad = 0;
    given = bytes;
    left = length;
    while (left) bad |= step(usual);
    for (int hand = 0; hand < HANDS; hand++) {
        put_down(hands[hand]);
        hands[hand] = NULL;
    }
    return bad;
}
#else
int main(int argc, char **argv) {
    if (argc != 6) return 2;
    profile = argv[1];
    sealed = argv[2];
    state = strtoull(argv[4], NULL, 10) * 2654435761u + 88172645463325252u;
    kkz_session *live = NULL;
    if (arrange(argv[3]) || kkz_session_open(profile, &live, NULL)) return 2;
    int bad = 0;
    for (unsigned long steps = strtoul(argv[5], NULL, 10); steps > 0; steps--) bad |= step(live);
    kkz_session_close(live);
    printf("%lu documents, %lu reads%s\n", opened, reads, bad ? ", bad" : "");
    return bad || !opened || !reads;
}
#endif
