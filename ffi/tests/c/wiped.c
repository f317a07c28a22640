/* Reads a document to its end, closes it and the session, and looks through all memory of its own for what was in it.
 *
 *   wiped PROFILE FILE MARK CONTROL
 *
 * MARK and CONTROL are hex digits of words, every byte XOR 0x5a, so that neither stands in the memory by being asked for.
 * MARK stands in the document. CONTROL is put into memory by this program: the search must find it, or it is no search.
 * Prints how often each was found while the document was open, and after. Linux only. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kakuzuke.h"

enum { PIECE = 1 << 20, WORD = 128 };
static unsigned char *piece;
static volatile char *control;

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

/* How often a masked word stands in the memory that can be read, but for the piece it is read into. */
static unsigned long count(const unsigned char *masked, size_t length) {
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (!maps || memory < 0) abort();
    unsigned long found = 0;
    char line[4352];
    while (fgets(line, sizeof line, maps)) {
        uintptr_t begin = 0, end = 0;
        char rights[5] = "";
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &begin, &end, rights) != 3 || rights[0] != 'r' || strstr(line, "[v")) continue;
        for (uintptr_t at = begin; at < end;) {
            uintptr_t mine = (uintptr_t)piece;
            size_t want = end - at < PIECE ? end - at : PIECE;
            if (at >= mine && at < mine + PIECE) { at = mine + PIECE; continue; }
            if (at < mine && at + want > mine) want = mine - at;
            ssize_t got = pread(memory, piece, want, (off_t)at);
            if (got <= 0) break;
            for (size_t i = 0; i + length <= (size_t)got; i++) {
                size_t k = 0;
                while (k < length && (piece[i + k] ^ 0x5a) == masked[k]) k++;
                if (k == length) found++;
            }
            at += (size_t)got > length && at + (size_t)got < end ? (size_t)got - length + 1 : (size_t)got;
        }
    }
    memset(piece, 0, PIECE);
    fclose(maps);
    close(memory);
    return found;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    unsigned char mark[WORD], known[WORD];
    size_t marked = word(argv[3], mark), controlled = word(argv[4], known);
    piece = malloc(PIECE);
    control = malloc(controlled + 1);
    if (!piece || !control) return 2;
    for (size_t i = 0; i < controlled; i++) control[i] = (char)(known[i] ^ 0x5a);
    kkz_session *session = NULL;
    kkz_document *document = NULL;
    if (kkz_session_open(argv[1], &session, NULL) || kkz_document_open(session, argv[2], 0, NULL, &document, NULL)) return 3;
    unsigned char *buffer = malloc(65536);
    uint64_t offset = 0;
    unsigned long open = 0;
    for (size_t got = 1; buffer && got; offset += got) {
        if (kkz_document_read_at(document, offset, buffer, 65536, &got, NULL)) return 4;
        if (offset == 0) open = count(mark, marked);
    }
    explicit_bzero(buffer, 65536);
    free(buffer);
    kkz_document_close(document);
    kkz_session_close(session);
    printf("open %lu closed %lu control %lu\n", open, count(mark, marked), count(known, controlled));
    return offset == 0;
}
