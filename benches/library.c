/* Reads the same content through libkakuzuke and, from the plain file, with pread(), in one run, and prints what each took.
 *
 *   library SEALED PLAIN ROUNDS
 *
 * Lines of `what<TAB>value`, one per round: seconds, or MB/s, or reads/s. Rounds are interleaved. benches/library.py makes the
 * files, starts the key server and builds this. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "kakuzuke.h"

enum { BLOCK = 1 << 20, PAGE = 4096, READS = 50000, THREADS = 2 };

static kkz_session *session;

/* Where bytes come from: the document if there is one, else the file. */
struct place {
    kkz_document *document;
    int file;
    uint64_t size;
};

struct share {
    const struct place *place;
    uint64_t begin, end;  /* bytes, to read from front to back */
    unsigned reads, seed; /* pages, to read anywhere */
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what, kkz_error *error) {
    fprintf(stderr, "%s: %s\n", what, error ? kkz_error_message(error, KKZ_ENGLISH) : "failed");
    exit(1);
}

static size_t get(const struct place *place, uint64_t offset, uint8_t *buffer, size_t length) {
    size_t count = 0;
    kkz_error *error = NULL;
    if (!place->document) {
        ssize_t got = pread(place->file, buffer, length, (off_t)offset);
        if (got < 0) fail("pread", NULL);
        return (size_t)got;
    }
    if (kkz_document_read_at(place->document, offset, buffer, length, &count, &error)) fail("kkz_document_read_at", error);
    return count;
}

static void *work(void *argument) {
    struct share *share = argument;
    uint8_t *buffer = malloc(BLOCK);
    uint64_t state = share->seed + 1, pages = share->place->size / PAGE;
    if (!buffer) fail("malloc", NULL);
    for (uint64_t at = share->begin; at < share->end;) {
        uint64_t left = share->end - at;
        at += get(share->place, at, buffer, left < BLOCK ? (size_t)left : BLOCK);
    }
    for (unsigned n = 0; n < share->reads; n++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        get(share->place, (state >> 33) % pages * PAGE, buffer, PAGE);
    }
    free(buffer);
    return NULL;
}

/* Seconds for all of the content, or for READS pages anywhere, shared out among threads. */
static double together(const struct place *place, unsigned threads, int anywhere) {
    pthread_t thread[THREADS];
    struct share share[THREADS];
    uint64_t part = place->size / threads / BLOCK * BLOCK;
    double began = now();
    for (unsigned n = 0; n < threads; n++) {
        struct share one = {place, 0, 0, 0, n};
        if (anywhere) {
            one.reads = READS / threads;
        } else {
            one.begin = n * part;
            one.end = n + 1 == threads ? place->size : one.begin + part;
        }
        share[n] = one;
        if (pthread_create(&thread[n], NULL, work, &share[n])) fail("pthread_create", NULL);
    }
    for (unsigned n = 0; n < threads; n++) pthread_join(thread[n], NULL);
    return now() - began;
}

static struct place opened(const char *path, int sealed) {
    struct place place = {NULL, -1, 0};
    kkz_error *error = NULL;
    if (!sealed) {
        place.file = open(path, O_RDONLY);
        if (place.file < 0) fail(path, NULL);
        place.size = (uint64_t)lseek(place.file, 0, SEEK_END);
        return place;
    }
    if (kkz_document_open(session, path, KKZ_RIGHT_VIEW, NULL, &place.document, &error)) fail(path, error);
    place.size = kkz_document_size(place.document);
    return place;
}

static void measure(const char *path, int sealed) {
    const char *name = sealed ? "libkakuzuke" : "pread";
    uint8_t byte;
    double began = now(), open_for;
    struct place place = opened(path, sealed);
    open_for = now() - began;
    get(&place, 0, &byte, 1);
    printf("%s, open, s\t%.9f\n%s, open and first byte, s\t%.9f\n", name, open_for, name, now() - began);
    for (unsigned threads = 1; threads <= THREADS; threads++) {
        double front = together(&place, threads, 0), anywhere = together(&place, threads, 1);
        printf("%s, front to back, %u threads, MB/s\t%.3f\n", name, threads, (double)place.size / 1e6 / front);
        printf("%s, 4 KiB anywhere, %u threads, reads/s\t%.3f\n", name, threads, READS / anywhere);
    }
    if (place.document) kkz_document_close(place.document);
    if (place.file >= 0) close(place.file);
}

int main(int argc, char **argv) {
    kkz_error *error = NULL;
    if (argc != 4) {
        fprintf(stderr, "usage: library SEALED PLAIN ROUNDS\n");
        return 64;
    }
    double began = now();
    if (kkz_session_open(NULL, &session, &error)) fail("kkz_session_open", error);
    printf("libkakuzuke, session, s\t%.9f\n", now() - began);
    for (int round = atoi(argv[3]); round > 0; round--) {
        measure(argv[2], 0);
        measure(argv[1], 1);
    }
    kkz_session_close(session);
    return 0;
}
