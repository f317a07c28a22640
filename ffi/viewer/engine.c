/* 描画. MuPDF, fed with bytes as it asks for them: of a protected document only the chunks it touches are decrypted.
 * Whatever memory it gives back was wiped before. */
#include <fcntl.h>
#include <malloc.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer.h"

/* A chunk of the envelope: what is decrypted at once anyway. */
#define CHUNK 16384
/* Drawn things MuPDF may keep, bytes. */
#define KEPT (64 << 20)

/* Where the bytes come from: an open protected document, or an ordinary file. */
typedef struct source {
    kkz_document *document; /* belongs to the viewer */
    int file;               /* -1: none */
    int64_t size;
    int64_t begin; /* of what is in `chunk` */
    size_t count;
    guint64 fetched;
    char *failure; /* the first one; the stream stays broken */
    unsigned char chunk[CHUNK];
} source;

static void *take(void *unused, size_t size) {
    (void)unused;
    return malloc(size);
}

static void give_back(void *unused, void *memory) {
    (void)unused;
    if (memory) explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

static void *take_more(void *unused, void *memory, size_t size) {
    if (!memory) return malloc(size);
    size_t before = malloc_usable_size(memory);
    if (size <= before) return memory;
    void *larger = malloc(size);
    if (!larger) return NULL;
    memcpy(larger, memory, before);
    give_back(unused, memory);
    return larger;
}

/* How many bytes of one chunk came; negative: failed, and it is known why. */
static ssize_t fetch(source *from, int64_t offset) {
    if (!from->document) return pread(from->file, from->chunk, CHUNK, offset);
    size_t count = 0;
    kkz_error *error = NULL;
    if (!kkz_document_read_at(from->document, (uint64_t)offset, from->chunk, CHUNK, &count, &error)) return (ssize_t)count;
    if (!from->failure) from->failure = refusal_text(error, NULL);
    kkz_error_free(error);
    explicit_bzero(from->chunk, CHUNK);
    return -1;
}

static int next(fz_context *engine, fz_stream *stream, size_t unused) {
    source *from = stream->state;
    (void)unused;
    if (from->failure) fz_throw(engine, FZ_ERROR_ABORT, "not readable");
    if (stream->pos < 0 || stream->pos >= from->size) return EOF;
    int64_t begin = stream->pos - stream->pos % CHUNK;
    if (begin != from->begin || from->count == 0) {
        from->count = 0;
        ssize_t count = fetch(from, begin);
        if (count < 0) fz_throw(engine, FZ_ERROR_ABORT, "not readable");
        from->begin = begin;
        from->count = (size_t)count;
        from->fetched += (guint64)count;
    }
    size_t within = (size_t)(stream->pos - begin);
    if (within >= from->count) return EOF;
    stream->rp = from->chunk + within;
    stream->wp = from->chunk + from->count;
    stream->pos = begin + (int64_t)from->count;
    return *stream->rp++;
}

static void seek(fz_context *engine, fz_stream *stream, int64_t offset, int whence) {
    source *from = stream->state;
    (void)engine;
    if (whence == SEEK_END) offset = offset > 0 ? from->size : from->size + offset;
    stream->pos = CLAMP(offset, 0, from->size);
    stream->rp = stream->wp = from->chunk;
}

static void drop(fz_context *engine, void *state) {
    source *from = state;
    (void)engine;
    if (from->file >= 0) close(from->file);
    explicit_bzero(from->chunk, CHUNK);
    g_free(from->failure);
    g_free(from);
}

/* The place the bytes come from; NULL when there is none. */
static source *source_open(kkz_document *document, const char *path) {
    source *from = g_new0(source, 1);
    from->file = -1;
    from->document = document;
    if (document) {
        from->size = (int64_t)MIN(kkz_document_size(document), (uint64_t)G_MAXINT64);
        return from;
    }
    struct stat facts;
    from->file = open(path, O_RDONLY | O_CLOEXEC);
    if (from->file >= 0 && fstat(from->file, &facts) == 0 && S_ISREG(facts.st_mode)) {
        from->size = facts.st_size;
        return from;
    }
    if (from->file >= 0) close(from->file);
    g_free(from);
    return NULL;
}

/* Opens the PDF. FALSE: not readable, or a password is needed; `*error` says which. */
gboolean engine_open(viewer *view, const char *path, const char *password, zathura_error_t *error) {
    static const fz_alloc_context wiping = {NULL, take, take_more, give_back};
    *error = ZATHURA_ERROR_UNKNOWN;
    source *from = source_open(view->document, path);
    if (!from) return FALSE;
    view->engine = fz_new_context(&wiping, NULL, KEPT);
    if (!view->engine) {
        drop(NULL, from);
        *error = ZATHURA_ERROR_OUT_OF_MEMORY;
        return FALSE;
    }
    /* What MuPDF has to say about a document is no business of a terminal's. */
    fz_set_warning_callback(view->engine, NULL, NULL);
    fz_set_error_callback(view->engine, NULL, NULL);
    gboolean open = FALSE;
    fz_try(view->engine) {
        view->content = fz_new_stream(view->engine, from, next, drop);
        view->content->seek = seek;
        view->pdf = pdf_open_document_with_stream(view->engine, view->content);
        if (pdf_needs_password(view->engine, view->pdf) &&
            !(password && pdf_authenticate_password(view->engine, view->pdf, password))) {
            *error = ZATHURA_ERROR_INVALID_PASSWORD;
        } else {
            open = pdf_count_pages(view->engine, view->pdf) > 0;
        }
    }
    fz_catch(view->engine) {
        open = FALSE;
    }
    if (open) *error = ZATHURA_ERROR_OK;
    return open;
}

/* Bytes fetched until now. */
guint64 engine_fetched(const viewer *view) {
    return view->content ? ((const source *)view->content->state)->fetched : 0;
}

/* Why reading failed, and forgets it: the caller's to free. NULL: it did not fail. */
char *engine_failure(viewer *view) {
    if (!view->content) return NULL;
    return g_steal_pointer(&((source *)view->content->state)->failure);
}

void engine_close(viewer *view) {
    if (!view->engine) return;
    pdf_drop_document(view->engine, view->pdf);
    fz_drop_stream(view->engine, view->content);
    fz_drop_context(view->engine);
    view->pdf = NULL;
    view->content = NULL;
    view->engine = NULL;
}
