/* 目次とリンク. Where a document leads: into itself, or to an address. Never to a program or another file. */
#include <string.h>

#include "viewer.h"

/* Entries of an outline that are shown, and how deep. */
#define ENTRIES 20000
#define DEPTH 32

/* Where an address leads. FALSE: nowhere we go. Called with the lock held. */
gboolean link_target(viewer *view, const char *uri, zathura_link_type_t *type, zathura_link_target_t *target) {
    memset(target, 0, sizeof *target);
    if (!uri) return FALSE;
    if (fz_is_external_link(view->engine, uri)) {
        if (!g_str_has_prefix(uri, "http://") && !g_str_has_prefix(uri, "https://") && !g_str_has_prefix(uri, "mailto:")) {
            return FALSE;
        }
        *type = ZATHURA_LINK_URI;
        target->value = (char *)uri;
        return TRUE;
    }
    float x = 0, y = 0;
    int page = -1;
    fz_try(view->engine) page = pdf_resolve_link(view->engine, view->pdf, uri, &x, &y);
    fz_catch(view->engine) page = -1;
    if (page < 0) return FALSE;
    *type = ZATHURA_LINK_GOTO_DEST;
    target->destination_type = ZATHURA_LINK_DESTINATION_XYZ;
    target->page_number = (unsigned int)page;
    target->left = -1;
    target->top = -1;
    return TRUE;
}

static void entries(viewer *view, fz_outline *first, girara_tree_node_t *parent, int depth, int *left) {
    for (fz_outline *each = first; each && depth < DEPTH && (*left)-- > 0; each = each->next) {
        zathura_link_type_t type = ZATHURA_LINK_NONE;
        zathura_link_target_t target;
        zathura_rectangle_t nowhere = {0, 0, 0, 0};
        zathura_index_element_t *element = zathura_index_element_new(each->title ? each->title : "");
        if (!element) return;
        if (!link_target(view, each->uri, &type, &target)) {
            type = ZATHURA_LINK_NONE;
            memset(&target, 0, sizeof target);
        }
        element->link = zathura_link_new(type, nowhere, target);
        girara_tree_node_t *node = girara_node_append_data(parent, element);
        if (each->down) entries(view, each->down, node, depth + 1, left);
    }
}

girara_tree_node_t *document_index_generate(zathura_document_t *document, void *data, zathura_error_t *error) {
    (void)document;
    viewer *view = data;
    girara_tree_node_t *root = NULL;
    fz_outline *outline = NULL;
    int left = ENTRIES;
    fz_var(root);
    fz_var(outline);
    if (!view || !viewer_check(view)) {
        if (error) *error = ZATHURA_ERROR_UNKNOWN;
        return NULL;
    }
    g_mutex_lock(&view->lock);
    fz_try(view->engine) outline = pdf_load_outline(view->engine, view->pdf);
    fz_catch(view->engine) outline = NULL;
    if (outline) {
        root = girara_node_new(zathura_index_element_new("ROOT"));
        girara_node_set_free_function(root, (girara_free_function_t)zathura_index_element_free);
        entries(view, outline, root, 0, &left);
        fz_drop_outline(view->engine, outline);
    }
    g_mutex_unlock(&view->lock);
    if (!root && error) *error = ZATHURA_ERROR_UNKNOWN;
    return root;
}
