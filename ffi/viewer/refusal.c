/* 不許可. What a person reads when a page may not be shown, or something may not be done with it: what happened, the
 * clause it rests on, what would help, in Japanese and English. */
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#include "viewer.h"

/* The same refusal is not told again within this time, microseconds: zathura asks for a page several times. */
#define QUIET (2 * G_USEC_PER_SEC)
#define MARGIN 54.0
/* Longest words of others on a page, bytes. */
#define LONGEST 4000

static void line(GString *text, const char *before, const char *words) {
    if (!words || !*words) return;
    char *short_words = g_utf8_substring(words, 0, MIN(g_utf8_strlen(words, LONGEST), LONGEST));
    g_string_append_printf(text, "%s%s\n", before, short_words);
    g_free(short_words);
}

/* All that an error says. `heading`: a first line, or NULL for the usual one. The caller's to free. */
char *refusal_text(const kkz_error *error, const char *heading) {
    GString *text = g_string_new(NULL);
    line(text, "", heading ? heading : "この文書は表示できません。 / This document cannot be shown.");
    g_string_append_c(text, '\n');
    line(text, "", kkz_error_message(error, KKZ_JAPANESE));
    line(text, "根拠: ", kkz_error_clause(error));
    line(text, "対応: ", kkz_error_remedy(error, KKZ_JAPANESE));
    line(text, "受付番号: ", kkz_error_reference(error));
    g_string_append_c(text, '\n');
    line(text, "", kkz_error_message(error, KKZ_ENGLISH));
    line(text, "Clause: ", kkz_error_clause(error));
    line(text, "What helps: ", kkz_error_remedy(error, KKZ_ENGLISH));
    line(text, "Reference: ", kkz_error_reference(error));
    return g_string_free(text, FALSE);
}

/* The same for what the viewer itself has to say. */
char *refusal_plain(const char *ja, const char *en) {
    return g_strdup_printf("この文書は表示できません。 / This document cannot be shown.\n\n%s\n\n%s\n", ja, en);
}

/* Draws the words on an otherwise empty page, as large as they fit. */
void refusal_draw(cairo_t *cairo, double width, double height, const char *text) {
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_rectangle(cairo, 0, 0, width, height);
    cairo_fill(cairo);
    cairo_set_source_rgb(cairo, 0.1, 0.1, 0.1);
    double margin = MIN(MARGIN, MIN(width, height) / 8);
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    pango_layout_set_width(layout, (int)((width - 2 * margin) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, -1);
    for (double size = 14; size >= 4; size -= 1) {
        PangoFontDescription *font = pango_font_description_from_string("sans");
        pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
        pango_layout_set_font_description(layout, font);
        pango_font_description_free(font);
        int needed = 0;
        pango_layout_get_size(layout, NULL, &needed);
        if (needed <= (height - 2 * margin) * PANGO_SCALE) break;
    }
    cairo_move_to(cairo, margin, margin);
    pango_cairo_show_layout(cairo, layout);
    g_object_unref(layout);
    cairo_restore(cairo);
}

/* 透かし. Who looks, and since when, across the whole page: a photograph of any part of it shows them. */
void watermark_draw(cairo_t *cairo, double width, double height, const char *text) {
    cairo_save(cairo);
    cairo_rectangle(cairo, 0, 0, width, height);
    cairo_clip(cairo);
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("sans bold");
    pango_font_description_set_absolute_size(font, CLAMP(width / 28, 8, 40) * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    int wide = 0, high = 0;
    pango_layout_get_size(layout, &wide, &high);
    double step_x = (double)wide / PANGO_SCALE * 1.15, step_y = (double)high / PANGO_SCALE * 4.5;
    double reach = width + height;
    cairo_set_source_rgba(cairo, 0.35, 0.35, 0.45, 0.22);
    cairo_translate(cairo, width / 2, height / 2);
    cairo_rotate(cairo, -G_PI / 6);
    int row = 0;
    for (double y = -reach / 2; step_y > 1 && y < reach / 2; y += step_y, row++) {
        for (double x = -reach / 2 - row % 2 * step_x / 2; step_x > 1 && x < reach / 2; x += step_x) {
            cairo_move_to(cairo, x, y);
            pango_cairo_show_layout(cairo, layout);
        }
    }
    g_object_unref(layout);
    cairo_restore(cairo);
}

static const struct {
    kkz_rights right;
    const char *ja, *en;
} REFUSALS[] = {
    [REFUSED_COPY] = {KKZ_RIGHT_COPY, "この文書の文字は複製できません。", "The words of this document may not be copied."},
    [REFUSED_PRINT] = {KKZ_RIGHT_PRINT, "この文書は印刷できません。", "This document may not be printed."},
    [REFUSED_SAVE] = {KKZ_RIGHT_COPY, "この文書は別の場所に保存できません。", "This document may not be saved elsewhere."},
};

static gboolean show(void *words) {
    GtkWindow *window = watch_window();
    GtkWidget *box = gtk_message_dialog_new(window, GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_WARNING,
                                            GTK_BUTTONS_CLOSE, "%s", (const char *)words);
    gtk_window_set_title(GTK_WINDOW(box), "格付 Kakuzuke");
    g_signal_connect(box, "response", G_CALLBACK(gtk_widget_destroy), NULL);
    gtk_widget_show(box);
    return G_SOURCE_REMOVE;
}

/* Tells in a window of its own why something is not permitted. Called with the lock held. */
void refusal_say(viewer *view, refusal which) {
    gint64 now = g_get_monotonic_time();
    gint64 said = view->said_at[which];
    /* A selection is tried often and by accident: once is enough. */
    if (said && (which == REFUSED_COPY || now - said < QUIET)) return;
    view->said_at[which] = now;
    GString *text = g_string_new(NULL);
    const char *ja = kkz_document_denied_because(view->document, REFUSALS[which].right, KKZ_JAPANESE);
    const char *en = kkz_document_denied_because(view->document, REFUSALS[which].right, KKZ_ENGLISH);
    line(text, "", REFUSALS[which].ja);
    line(text, "", ja);
    line(text, "\n", REFUSALS[which].en);
    line(text, "", en);
    char *words = g_string_free(text, FALSE);
    if (watch_window()) {
        g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, show, words, g_free);
    } else {
        fputs(words, stderr);
        g_free(words);
    }
}
