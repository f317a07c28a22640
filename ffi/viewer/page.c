/* ページ. What zathura asks of one page. Every call first asks whether the licence still holds; what needs a right asks for it. */
#include <math.h>
#include <string.h>

#include "viewer.h"

/* zathura wants the sizes of all pages before it shows the first. Sizes are read until this much was decrypted for them;
 * the pages after that get the last size read, and are fitted into it when they are shown. */
#define FOR_SIZES (4 << 20)
/* Largest side of a page, points: the largest a PDF may have. */
#define LARGEST 14400.0
/* Most dots drawn for one page, a side. */
#define DOTS 10000.0
/* Dots an inch on paper. */
#define PAPER 300.0
#define HITS 512

/* MuPDF's page. Called with the lock held; NULL when it can't be read. */
static pdf_page *load(viewer *view, const leaf *page, fz_rect *bounds) {
    pdf_page *loaded = NULL;
    fz_var(loaded);
    fz_try(view->engine) {
        loaded = pdf_load_page(view->engine, view->pdf, (int)page->number);
        *bounds = pdf_bound_page(view->engine, loaded);
    }
    fz_catch(view->engine) {
        fz_drop_page(view->engine, (fz_page *)loaded);
        return NULL;
    }
    return loaded;
}

/* From the page's own points into the box zathura reserved for it: the same, unless its size was not read. */
static fz_matrix fit(const leaf *page, fz_rect bounds) {
    double width = bounds.x1 - bounds.x0, height = bounds.y1 - bounds.y0;
    if (!(width > 0) || !(height > 0)) return fz_identity;
    double scale = MIN(page->width / width, page->height / height);
    if (fabs(scale - 1) < 0.001) scale = 1;
    fz_matrix shift = fz_translate((float)((page->width - width * scale) / 2), (float)((page->height - height * scale) / 2));
    return fz_concat(fz_concat(fz_translate(-bounds.x0, -bounds.y0), fz_scale((float)scale, (float)scale)), shift);
}

static double side(double points) {
    return isfinite(points) ? CLAMP(points, 1.0, LARGEST) : 1.0;
}

zathura_error_t page_init(zathura_page_t *page) {
    viewer *view = zathura_document_get_data(zathura_page_get_document(page));
    if (!view) return ZATHURA_ERROR_INVALID_ARGUMENTS;
    leaf *mine = g_new0(leaf, 1);
    mine->number = zathura_page_get_index(page);
    g_mutex_lock(&view->lock);
    if (view->pdf && view->decrypted < FOR_SIZES) {
        guint64 before = engine_fetched(view);
        fz_rect bounds;
        pdf_page *loaded = load(view, mine, &bounds);
        if (loaded) {
            view->width = side(bounds.x1 - bounds.x0);
            view->height = side(bounds.y1 - bounds.y0);
            fz_drop_page(view->engine, (fz_page *)loaded);
        }
        if (view->document) view->decrypted += engine_fetched(view) - before;
    }
    mine->width = view->width;
    mine->height = view->height;
    g_mutex_unlock(&view->lock);
    zathura_page_set_width(page, mine->width);
    zathura_page_set_height(page, mine->height);
    zathura_page_set_data(page, mine);
    return ZATHURA_ERROR_OK;
}

zathura_error_t page_clear(zathura_page_t *page, void *data) {
    (void)page;
    g_free(data);
    return ZATHURA_ERROR_OK;
}

/* Dots a point that the surface wants. */
static double resolution(cairo_t *cairo, const leaf *page, bool printing) {
    double x = 1, y = 0, device_x = 1, device_y = 1;
    cairo_user_to_device_distance(cairo, &x, &y);
    cairo_surface_get_device_scale(cairo_get_target(cairo), &device_x, &device_y);
    double dots = hypot(x, y) * device_x;
    if (printing) dots = MAX(dots, PAPER / 72);
    if (!isfinite(dots) || dots <= 0) dots = 1;
    return MIN(dots, DOTS / MAX(page->width, page->height));
}

/* The page as a picture. Called with the lock held; NULL when it could not be drawn. */
static cairo_surface_t *draw(viewer *view, const leaf *page, double dots) {
    int width = MAX((int)ceil(page->width * dots), 1), height = MAX((int)ceil(page->height * dots), 1);
    fz_context *engine = view->engine;
    fz_rect bounds;
    pdf_page *loaded = load(view, page, &bounds);
    cairo_surface_t *picture = loaded ? cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height) : NULL;
    if (!picture || cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS) {
        fz_drop_page(engine, (fz_page *)loaded);
        if (picture) cairo_surface_destroy(picture);
        return NULL;
    }
    cairo_surface_flush(picture);
    fz_pixmap *dotted = NULL;
    fz_device *device = NULL;
    gboolean drawn = FALSE;
    fz_var(width);
    fz_var(height);
    fz_var(dotted);
    fz_var(device);
    fz_try(engine) {
        /* cairo's RGB24 lies in memory as blue, green, red, unused. */
        dotted = fz_new_pixmap_with_data(engine, fz_device_bgr(engine), width, height, NULL, 1,
                                         cairo_image_surface_get_stride(picture), cairo_image_surface_get_data(picture));
        fz_clear_pixmap_with_value(engine, dotted, 0xff);
        fz_matrix place = fz_concat(fit(page, bounds), fz_scale((float)dots, (float)dots));
        device = fz_new_draw_device(engine, fz_identity, dotted);
        pdf_run_page(engine, loaded, device, place, NULL);
        fz_close_device(engine, device);
        drawn = TRUE;
    }
    fz_always(engine) {
        fz_drop_device(engine, device);
        fz_drop_pixmap(engine, dotted);
        fz_drop_page(engine, (fz_page *)loaded);
    }
    fz_catch(engine) drawn = FALSE;
    cairo_surface_mark_dirty(picture);
    if (drawn) return picture;
    cairo_surface_destroy(picture);
    return NULL;
}

static void paint(cairo_t *cairo, cairo_surface_t *picture, double dots) {
    cairo_save(cairo);
    cairo_scale(cairo, 1 / dots, 1 / dots);
    cairo_set_source_surface(cairo, picture, 0, 0);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_finish(picture);
    cairo_surface_destroy(picture);
}

/* What is drawn in place of the page; NULL when the page itself may be. Called with the lock held. */
static char *instead(viewer *view) {
    return g_strdup(view->refused ? view->refused : view->ended);
}

zathura_error_t page_render_cairo(zathura_page_t *zathura_page, void *data, cairo_t *cairo, bool printing) {
    leaf *page = data;
    viewer *view = zathura_document_get_data(zathura_page_get_document(zathura_page));
    if (!page || !view || !cairo) return ZATHURA_ERROR_INVALID_ARGUMENTS;
    viewer_check(view);
    g_mutex_lock(&view->lock);
    char *words = instead(view);
    zathura_error_t error = ZATHURA_ERROR_OK;
    if (printing && !viewer_may(view, KKZ_RIGHT_PRINT)) {
        if (!words) refusal_say(view, REFUSED_PRINT);
        error = ZATHURA_ERROR_UNKNOWN;
    } else if (!words) {
        double dots = resolution(cairo, page, printing);
        cairo_surface_t *picture = draw(view, page, dots);
        char *failure = engine_failure(view);
        if (failure || !picture) {
            if (picture) cairo_surface_destroy(picture);
            words = failure ? failure : refusal_plain("このページは壊れています。", "This page is damaged.");
            if (printing) error = ZATHURA_ERROR_UNKNOWN;
        } else {
            paint(cairo, picture, dots);
            if (view->watermark) watermark_draw(cairo, page->width, page->height, view->watermark);
        }
    }
    if (words && !printing) refusal_draw(cairo, page->width, page->height, words);
    g_free(words);
    g_mutex_unlock(&view->lock);
    return error;
}

static zathura_rectangle_t rectangle(fz_rect area) {
    return (zathura_rectangle_t){area.x0, area.y0, area.x1, area.y1};
}

static girara_list_t *rectangles(const fz_quad *quads, int count, fz_matrix place) {
    girara_list_t *list = girara_list_new2(g_free);
    for (int each = 0; list && each < count; each++) {
        zathura_rectangle_t *one = g_new(zathura_rectangle_t, 1);
        *one = rectangle(fz_transform_rect(fz_rect_from_quad(quads[each]), place));
        girara_list_append(list, one);
    }
    return list;
}

girara_list_t *page_search_text(zathura_page_t *zathura_page, void *data, const char *text, zathura_error_t *error) {
    leaf *page = data;
    viewer *view = zathura_document_get_data(zathura_page_get_document(zathura_page));
    girara_list_t *found = NULL;
    if (error) *error = ZATHURA_ERROR_UNKNOWN;
    if (!page || !view || !text || !viewer_check(view)) return NULL;
    g_mutex_lock(&view->lock);
    fz_rect bounds;
    pdf_page *loaded = load(view, page, &bounds);
    if (loaded) {
        fz_quad *hits = g_new(fz_quad, HITS);
        int count = 0;
        fz_var(count);
        fz_try(view->engine) count = fz_search_page(view->engine, (fz_page *)loaded, text, NULL, hits, HITS);
        fz_always(view->engine) fz_drop_page(view->engine, (fz_page *)loaded);
        fz_catch(view->engine) count = 0;
        found = rectangles(hits, count, fit(page, bounds));
        g_free(hits);
        if (error && found) *error = ZATHURA_ERROR_OK;
    }
    g_mutex_unlock(&view->lock);
    return found;
}

girara_list_t *page_links_get(zathura_page_t *zathura_page, void *data, zathura_error_t *error) {
    leaf *page = data;
    viewer *view = zathura_document_get_data(zathura_page_get_document(zathura_page));
    if (error) *error = ZATHURA_ERROR_UNKNOWN;
    if (!page || !view || !viewer_check(view)) return NULL;
    girara_list_t *list = girara_list_new2((girara_free_function_t)zathura_link_free);
    g_mutex_lock(&view->lock);
    fz_rect bounds;
    pdf_page *loaded = load(view, page, &bounds);
    fz_link *links = NULL;
    if (loaded) {
        fz_try(view->engine) links = pdf_load_links(view->engine, loaded);
        fz_catch(view->engine) links = NULL;
        for (fz_link *each = links; each && list; each = each->next) {
            zathura_link_type_t type;
            zathura_link_target_t target;
            if (!link_target(view, each->uri, &type, &target)) continue;
            girara_list_append(list, zathura_link_new(type, rectangle(fz_transform_rect(each->rect, fit(page, bounds))), target));
        }
        fz_drop_link(view->engine, links);
        fz_drop_page(view->engine, (fz_page *)loaded);
        if (error) *error = ZATHURA_ERROR_OK;
    }
    g_mutex_unlock(&view->lock);
    return list;
}

/* Whether words may be taken out; tells why not. Called with the lock held. */
static gboolean may_copy(viewer *view) {
    if (viewer_may(view, KKZ_RIGHT_COPY)) return TRUE;
    if (!view->refused && !view->ended) refusal_say(view, REFUSED_COPY);
    return FALSE;
}

/* The words in a part of the page, and where they stand; either may be NULL. FALSE: not permitted, or not readable. */
static gboolean selected(zathura_page_t *zathura_page, const leaf *page, zathura_rectangle_t part, char **words,
                         girara_list_t **areas) {
    viewer *view = zathura_document_get_data(zathura_page_get_document(zathura_page));
    if (!page || !view || !viewer_check(view)) return FALSE;
    g_mutex_lock(&view->lock);
    fz_rect bounds;
    pdf_page *loaded = may_copy(view) ? load(view, page, &bounds) : NULL;
    gboolean done = FALSE;
    if (loaded) {
        fz_context *engine = view->engine;
        fz_matrix back = fz_invert_matrix(fit(page, bounds));
        fz_point from = fz_transform_point_xy((float)part.x1, (float)part.y1, back);
        fz_point to = fz_transform_point_xy((float)part.x2, (float)part.y2, back);
        fz_stext_page *text = NULL;
        char *found = NULL;
        fz_quad *quads = g_new(fz_quad, HITS);
        fz_var(text);
        fz_var(found);
        fz_try(engine) {
            text = fz_new_stext_page_from_page(engine, (fz_page *)loaded, NULL);
            found = words ? fz_copy_selection(engine, text, from, to, 0) : NULL;
            int count = areas ? fz_highlight_selection(engine, text, from, to, quads, HITS) : 0;
            if (words) *words = g_strdup(found);
            if (areas) *areas = rectangles(quads, count, fit(page, bounds));
            done = TRUE;
        }
        fz_always(engine) {
            fz_free(engine, found);
            fz_drop_stext_page(engine, text);
            fz_drop_page(engine, (fz_page *)loaded);
        }
        fz_catch(engine) done = FALSE;
        g_free(quads);
    }
    g_mutex_unlock(&view->lock);
    return done;
}

char *page_get_text(zathura_page_t *page, void *data, zathura_rectangle_t part, zathura_error_t *error) {
    char *words = NULL;
    gboolean done = selected(page, data, part, &words, NULL);
    if (error) *error = done ? ZATHURA_ERROR_OK : ZATHURA_ERROR_UNKNOWN;
    return words;
}

girara_list_t *page_get_selection(zathura_page_t *page, void *data, zathura_rectangle_t part, zathura_error_t *error) {
    girara_list_t *areas = NULL;
    gboolean done = selected(page, data, part, NULL, &areas);
    if (error) *error = done ? ZATHURA_ERROR_OK : ZATHURA_ERROR_UNKNOWN;
    return areas;
}
