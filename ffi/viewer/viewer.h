/* 閲覧. Shows protected PDFs in zathura: the pages are drawn by MuPDF from bytes that libkakuzuke decrypts as they are
 * asked for. Nothing is written to disk.
 *
 *   plugin.c    what zathura calls for a document
 *   page.c      what zathura calls for a page
 *   engine.c    MuPDF over read_at
 *   refusal.c   what stands on a page that may not be shown, and what is said when something is not permitted
 *   watch.c     takes the pages off the screen when the licence ends */
#ifndef KAKUZUKE_VIEWER_H
#define KAKUZUKE_VIEWER_H

#include <cairo.h>
#include <gtk/gtk.h>
#include <kakuzuke.h>
#include <mupdf/fitz.h>
#include <mupdf/pdf.h>
#include <zathura/plugin-api.h>

/* One open document. Held by zathura and by whoever watches its licence. */
typedef struct viewer {
    gatomicrefcount holders;
    GMutex lock; /* guards everything below; MuPDF and zathura call from several threads */
    GCond closing_now;
    gboolean closing;

    kkz_session *session;
    kkz_document *document; /* NULL: an ordinary PDF, or one that was refused */
    char *path;             /* the file itself, see document_open */
    char *watermark;        /* NULL: none */
    char *refused;          /* why the document did not open: it is one page that says so */
    char *ended;            /* why it can't be read on; NULL while it can */
    gint64 said_at[3];      /* when each kind of refusal was last told, monotonic microseconds */

    fz_context *engine;
    fz_stream *content;
    pdf_document *pdf;
    guint64 decrypted; /* bytes of the pages' sizes alone, see page.c */
    double width, height; /* size of the page last measured, points */
} viewer;

/* A page as zathura knows it: its box. What is drawn fits into it. */
typedef struct leaf {
    guint number;
    double width, height; /* points */
} leaf;

/* What a person can be refused once the document is open. */
typedef enum refusal { REFUSED_COPY, REFUSED_PRINT, REFUSED_SAVE } refusal;

/* engine.c */
gboolean engine_open(viewer *, const char *path, const char *password, zathura_error_t *);
void engine_close(viewer *);
guint64 engine_fetched(const viewer *);
char *engine_failure(viewer *);

/* refusal.c */
char *refusal_text(const kkz_error *, const char *heading);
char *refusal_plain(const char *ja, const char *en);
void refusal_draw(cairo_t *, double width, double height, const char *text);
void refusal_say(viewer *, refusal);
void watermark_draw(cairo_t *, double width, double height, const char *text);

/* watch.c */
viewer *viewer_hold(viewer *);
void viewer_release(viewer *);
gboolean viewer_may(const viewer *, kkz_rights);
gboolean viewer_check(viewer *);
void watch_begin(viewer *);
void watch_end(viewer *);
GtkWindow *watch_window(void);

/* page.c */
zathura_error_t page_init(zathura_page_t *);
zathura_error_t page_clear(zathura_page_t *, void *);
zathura_error_t page_render_cairo(zathura_page_t *, void *, cairo_t *, bool printing);
girara_list_t *page_search_text(zathura_page_t *, void *, const char *, zathura_error_t *);
girara_list_t *page_links_get(zathura_page_t *, void *, zathura_error_t *);
char *page_get_text(zathura_page_t *, void *, zathura_rectangle_t, zathura_error_t *);
girara_list_t *page_get_selection(zathura_page_t *, void *, zathura_rectangle_t, zathura_error_t *);

/* outline.c */
girara_tree_node_t *document_index_generate(zathura_document_t *, void *, zathura_error_t *);
gboolean link_target(viewer *, const char *uri, zathura_link_type_t *, zathura_link_target_t *);

#endif
