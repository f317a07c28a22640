/* Reads a document to its end, closes it and the session, and looks through all memory of its own for what was in it, and for the
 * keys it was read with.
 *
 *   wiped PROFILE FILE OTHER MARK CONTROL [SECRET…]
 *
 * All but the first three are hex digits of words, every byte XOR 0x5a, so that none stands in the memory by being asked for.
 * MARK stands in the document. CONTROL is put into memory by this program: the search must find it, or it is no search. SECRETs
 * are what the profile keeps, such as its keys.
 * Prints how often each was found while the document was open, and after; and how many AES-256 keys there were (as their
 * expansion stands in memory, FIPS 197, 5.2) that were not there before the document was opened, and how many are left.
 * The generator of random numbers has such keys, too, for as long as the program runs: those that stay were there before, because
 * OTHER, another document, was opened first; those that change have changed, because it is opened once more after. Linux only. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kakuzuke.h"

enum { PIECE = 1 << 20, WORD = 128, SCHEDULE = 240, KEY = 32, KEYS = 256 };
static unsigned char *piece;
static volatile char *control;
static unsigned char sbox[256];

/* Keys found, every byte XOR 0x5a. */
struct keys {
    unsigned count;
    unsigned char key[KEYS][KEY];
};

static size_t word(const char *hex, unsigned char *masked) {
    size_t length = strlen(hex) / 2;
    if (length > WORD) abort();
    for (size_t i = 0; i < length; i++) {
        unsigned value = 0;
        if (sscanf(hex + 2 * i, "%2x", &value) != 1) abort();
        masked[i] = (unsigned char)value;
    }
    return length;
}

/* Hands over the memory that can be read piece by piece, but for the piece it is read into; each begins `overlap` bytes before
 * the one before it ended. */
static void walk(size_t overlap, void (*look)(void *, const unsigned char *, size_t), void *context) {
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (!maps || memory < 0) abort();
    char line[4352];
    while (fgets(line, sizeof line, maps)) {
        uintptr_t begin = 0, end = 0, mine = (uintptr_t)piece;
        char rights[5] = "";
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &begin, &end, rights) != 3 || rights[0] != 'r' || strstr(line, "[v")) continue;
        for (uintptr_t at = begin; at < end;) {
            size_t want = end - at < PIECE ? end - at : PIECE;
            if (at >= mine && at < mine + PIECE) { at = mine + PIECE; continue; }
            if (at < mine && at + want > mine) want = mine - at;
            ssize_t got = pread(memory, piece, want, (off_t)at);
            if (got <= 0) break;
            look(context, piece, (size_t)got);
            at += (size_t)got > overlap && at + (size_t)got < end ? (size_t)got - overlap : (size_t)got;
        }
    }
    memset(piece, 0, PIECE);
    fclose(maps);
    close(memory);
}

struct search {
    const unsigned char *masked;
    size_t length;
    unsigned long found;
};

static void look_for(void *context, const unsigned char *bytes, size_t count) {
    struct search *search = context;
    for (size_t i = 0; i + search->length <= count; i++) {
        size_t k = 0;
        while (k < search->length && (bytes[i + k] ^ 0x5a) == search->masked[k]) k++;
        if (k == search->length) search->found++;
    }
}

/* How often a masked word stands in memory. */
static unsigned long count(const unsigned char *masked, size_t length) {
    struct search search = {masked, length, 0};
    walk(length - 1, look_for, &search);
    return search.found;
}

static unsigned char times(unsigned char a, unsigned char b) {
    unsigned char product = 0;
    for (; b; b >>= 1, a = (unsigned char)(a << 1 ^ (a & 0x80 ? 0x1b : 0)))
        if (b & 1) product ^= a;
    return product;
}

static void make_sbox(void) {
    for (int value = 0; value < 256; value++) {
        unsigned char inverse = 1, out = 0x63;
        for (int power = 0; power < 254; power++) inverse = times(inverse, (unsigned char)value);
        for (int turn = 0; turn < 5; turn++) out ^= (unsigned char)(inverse << turn | inverse >> (8 - turn));
        sbox[value] = out;
    }
}

/* Whether the 60 words of an expanded key stand here. */
static int is_schedule(const unsigned char *w) {
    unsigned char rcon = 1;
    for (int i = 8; i < 60; i++) {
        const unsigned char *before = w + 4 * (i - 1), *base = w + 4 * (i - 8);
        for (int j = 0; j < 4; j++) {
            unsigned char t = i % 8 == 0 ? sbox[before[(j + 1) % 4]] : i % 8 == 4 ? sbox[before[j]] : before[j];
            if (i % 8 == 0 && j == 0) t ^= rcon;
            if (w[4 * i + j] != (base[j] ^ t)) return 0;
        }
        if (i % 8 == 0) rcon = times(rcon, 2);
    }
    return 1;
}

static int is_in(const struct keys *keys, const unsigned char *masked) {
    for (unsigned i = 0; i < keys->count; i++)
        if (!memcmp(keys->key[i], masked, KEY)) return 1;
    return 0;
}

static void look_for_keys(void *context, const unsigned char *bytes, size_t count) {
    struct keys *keys = context;
    for (size_t at = 0; at + SCHEDULE <= count; at += 4) {
        unsigned char masked[KEY];
        if (!is_schedule(bytes + at)) continue;
        for (int i = 0; i < KEY; i++) masked[i] = bytes[at + i] ^ 0x5a;
        if (!is_in(keys, masked) && keys->count < KEYS) memcpy(keys->key[keys->count++], masked, KEY);
    }
}

/* Opens a document and closes it; it has been read to its end. With `keys` they are looked for while it is open. */
static int through(const char *profile, const char *path, struct keys *keys, const unsigned char *mark, size_t marked, unsigned long *found) {
    kkz_session *session = NULL;
    kkz_document *document = NULL;
    if (kkz_session_open(profile, &session, NULL) || kkz_document_open(session, path, 0, NULL, &document, NULL)) return 3;
    unsigned char *buffer = malloc(65536);
    uint64_t offset = 0;
    for (size_t got = 1; buffer && got; offset += got) {
        if (kkz_document_read_at(document, offset, buffer, 65536, &got, NULL)) return 4;
        if (offset == 0 && keys) *found = count(mark, marked);
    }
    if (keys) walk(SCHEDULE - 4, look_for_keys, keys);
    explicit_bzero(buffer, 65536);
    free(buffer);
    kkz_document_close(document);
    kkz_session_close(session);
    return offset == 0;
}

int main(int argc, char **argv) {
    if (argc < 6) return 2;
    unsigned char mark[WORD], known[WORD], secret[WORD];
    static struct keys before, during;
    size_t marked = word(argv[4], mark), controlled = word(argv[5], known);
    piece = malloc(PIECE);
    control = malloc(controlled + 1);
    if (!piece || !control) return 2;
    make_sbox();
    for (size_t i = 0; i < controlled; i++) control[i] = (char)(known[i] ^ 0x5a);
    unsigned long open = 0, closed, left = 0, new = 0;
    int failed = through(argv[1], argv[3], NULL, mark, marked, &open);
    walk(SCHEDULE - 4, look_for_keys, &before);
    failed |= through(argv[1], argv[2], &during, mark, marked, &open);
    closed = count(mark, marked);
    failed |= through(argv[1], argv[3], NULL, mark, marked, &open);
    for (unsigned i = 0; i < during.count; i++) {
        if (is_in(&before, during.key[i])) continue;
        new++;
        left += count(during.key[i], KEY) != 0;
    }
    printf("open %lu closed %lu control %lu keys %lu left %lu", open, closed, count(known, controlled), new, left);
    for (int i = 6; i < argc; i++) printf(" secret %lu", count(secret, word(argv[i], secret)));
    putchar('\n');
    return failed;
}
