/* 利用許可の見張り. zathura keeps drawn pages. When the licence ends while they are on the screen, they are covered with
 * the reason, whether anybody turns a page or not. */
#include <string.h>

#include "viewer.h"

/* Seconds between two looks at the licence. */
#define PAUSE 5

viewer *viewer_hold(viewer *view) {
    g_atomic_ref_count_inc(&view->holders);
    return view;
}

/* The last one closes it, which wipes its key. */
void viewer_release(viewer *view) {
    if (!g_atomic_ref_count_dec(&view->holders)) return;
    engine_close(view);
    kkz_document_close(view->document);
    kkz_session_close(view->session);
    g_free(view->path);
    g_free(view->watermark);
    g_free(view->refused);
    g_free(view->ended);
    g_mutex_clear(&view->lock);
    g_cond_clear(&view->closing_now);
    g_free(view);
}

/* Whether something is permitted: everything with an ordinary PDF, nothing with one that was refused or has ended. */
gboolean viewer_may(const viewer *view, kkz_rights right) {
    if (view->refused || view->ended) return FALSE;
    return !view->document || kkz_document_can(view->document, right);
}

/* Whether the licence still holds, asked of the document by reading a byte. May ask the server: called without the lock,
 * so that nobody waits who only wants to draw. */
gboolean viewer_check(viewer *view) {
    if (view->refused) return FALSE;
    if (!view->document) return TRUE;
    uint8_t byte = 0;
    size_t count = 0;
    kkz_error *error = NULL;
    uint32_t code = kkz_document_read_at(view->document, 0, &byte, 1, &count, &error);
    explicit_bzero(&byte, 1);
    char *ended = code ? refusal_text(error, "この文書は、もう表示できません。 / This document can no longer be shown.") : NULL;
    kkz_error_free(error);
    g_mutex_lock(&view->lock);
    g_free(view->ended);
    view->ended = ended;
    g_mutex_unlock(&view->lock);
    return code == 0;
}

/* The pages on the screen, for `visit`. */
static void each_page(GtkWidget *widget, void *visit) {
    if (g_str_has_prefix(G_OBJECT_TYPE_NAME(widget), "ZathuraPage")) {
        ((void (*)(GtkWidget *))visit)(widget);
    } else if (GTK_IS_CONTAINER(widget)) {
        gtk_container_forall(GTK_CONTAINER(widget), each_page, visit);
    }
}

/* zathura's window, while it has one. */
GtkWindow *watch_window(void) {
    /* Without zathura's own widgets there is no toolkit to ask. */
    if (!g_type_from_name("ZathuraPage") && !g_type_from_name("ZathuraPageWidget")) return NULL;
    GtkWindow *found = NULL;
    GList *windows = gtk_window_list_toplevels();
    for (GList *each = windows; each && !found; each = each->next) {
        if (gtk_widget_get_visible(each->data) && !GTK_IS_DIALOG(each->data)) found = each->data;
    }
    g_list_free(windows);
    return found;
}

/* Draws in zathura's place once the licence has ended. */
static gboolean cover(GtkWidget *page, cairo_t *cairo, void *data) {
    viewer *view = data;
    g_mutex_lock(&view->lock);
    char *words = g_strdup(view->ended);
    g_mutex_unlock(&view->lock);
    if (!words) return FALSE;
    refusal_draw(cairo, gtk_widget_get_allocated_width(page), gtk_widget_get_allocated_height(page), words);
    g_free(words);
    return TRUE;
}

static void let_go(void *view, GClosure *unused) {
    (void)unused;
    viewer_release(view);
}

static viewer *covering; /* for each_page below; the main thread's alone */

static void cover_page(GtkWidget *page) {
    static const char *const mark = "kakuzuke-cover";
    if (!g_object_get_data(G_OBJECT(page), mark)) {
        g_object_set_data(G_OBJECT(page), mark, covering);
        g_signal_connect_data(page, "draw", G_CALLBACK(cover), viewer_hold(covering), let_go, 0);
    }
    gtk_widget_queue_draw(page);
}

static gboolean redraw(void *view) {
    GtkWindow *window = watch_window();
    covering = view;
    if (window && !((viewer *)view)->closing) each_page(GTK_WIDGET(window), cover_page);
    covering = NULL;
    viewer_release(view);
    return G_SOURCE_REMOVE;
}

static void *look(void *data) {
    viewer *view = data;
    g_mutex_lock(&view->lock);
    while (!view->closing) {
        gint64 until = g_get_monotonic_time() + PAUSE * G_TIME_SPAN_SECOND;
        while (!view->closing && g_cond_wait_until(&view->closing_now, &view->lock, until)) continue;
        if (view->closing) break;
        gboolean before = view->ended != NULL;
        g_mutex_unlock(&view->lock);
        gboolean ended = !viewer_check(view);
        if (ended != before) g_idle_add(redraw, viewer_hold(view));
        g_mutex_lock(&view->lock);
    }
    g_mutex_unlock(&view->lock);
    viewer_release(view);
    return NULL;
}

/* Looks after the licence until the document is closed. */
void watch_begin(viewer *view) {
    if (view->document) g_thread_unref(g_thread_new("kakuzuke-licence", look, viewer_hold(view)));
}

void watch_end(viewer *view) {
    g_mutex_lock(&view->lock);
    view->closing = TRUE;
    g_cond_broadcast(&view->closing_now);
    g_mutex_unlock(&view->lock);
}
