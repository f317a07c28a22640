/* Drives the plugin as zathura does, without a screen: loads it, opens a document, and does what it is told, one thing an
 * argument, telling what came of it.
 *
 *   driver PLUGIN FILE [PASSWORD=…] ACTION…
 *
 *   render:PAGE:OUT.png  print:PAGE:OUT.pdf  text:PAGE  select:PAGE  search:PAGE:WORD  links:PAGE  index  info
 *   size:PAGE  save:PATH  wait (for a line on standard input)
 *
 * After each it says how many bytes were decrypted until then. zathura's own functions, which a plugin finds in the
 * program that loads it, are here as far as the plugin calls them. */
#include <cairo-pdf.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <girara/datastructures.h>
#include <kakuzuke.h>
#include <zathura/plugin-api.h>

struct zathura_document_s {
    const char *path, *password;
    void *data;
    unsigned int pages;
};
struct zathura_page_s {
    zathura_document_t *document;
    void *data;
    unsigned int index;
    double width, height;
};
struct zathura_link_s {
    zathura_link_type_t type;
    zathura_link_target_t target;
};
struct zathura_document_information_entry_s {
    char *value;
};

const char *zathura_document_get_path(zathura_document_t *d) { return d->path; }
const char *zathura_document_get_password(zathura_document_t *d) { return d->password; }
void *zathura_document_get_data(zathura_document_t *d) { return d->data; }
void zathura_document_set_data(zathura_document_t *d, void *data) { d->data = data; }
void zathura_document_set_number_of_pages(zathura_document_t *d, unsigned int pages) { d->pages = pages; }
zathura_document_t *zathura_page_get_document(zathura_page_t *p) { return p->document; }
unsigned int zathura_page_get_index(zathura_page_t *p) { return p->index; }
void zathura_page_set_data(zathura_page_t *p, void *data) { p->data = data; }
void zathura_page_set_width(zathura_page_t *p, double width) { p->width = width; }
void zathura_page_set_height(zathura_page_t *p, double height) { p->height = height; }

zathura_link_t *zathura_link_new(zathura_link_type_t type, zathura_rectangle_t where, zathura_link_target_t target) {
    (void)where;
    zathura_link_t *link = calloc(1, sizeof *link);
    link->type = type;
    link->target = target;
    link->target.value = target.value ? strdup(target.value) : NULL;
    return link;
}

void zathura_link_free(zathura_link_t *link) {
    free(link->target.value);
    free(link);
}

zathura_index_element_t *zathura_index_element_new(const char *title) {
    zathura_index_element_t *element = calloc(1, sizeof *element);
    element->title = strdup(title);
    return element;
}

void zathura_index_element_free(zathura_index_element_t *element) {
    if (element->link) zathura_link_free(element->link);
    free(element->title);
    free(element);
}

girara_list_t *zathura_document_information_entry_list_new(void) { return girara_list_new(); }

zathura_document_information_entry_t *zathura_document_information_entry_new(zathura_document_information_type_t type,
                                                                             const char *value) {
    (void)type;
    zathura_document_information_entry_t *entry = calloc(1, sizeof *entry);
    entry->value = strdup(value);
    return entry;
}

static unsigned long long decrypted;

/* Stands before the library's: counts what is asked of it, in chunks of the envelope. */
uint32_t kkz_document_read_at(const kkz_document *document, uint64_t offset, uint8_t *buffer, size_t length, size_t *count,
                              kkz_error **error) {
    static uint32_t (*real)(const kkz_document *, uint64_t, uint8_t *, size_t, size_t *, kkz_error **);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "kkz_document_read_at");
    if (length > 1) decrypted += (offset + length + 16383) / 16384 * 16384 - offset / 16384 * 16384;
    return real(document, offset, buffer, length, count, error);
}

static const char *said(zathura_error_t error) { return error == ZATHURA_ERROR_OK ? "ok" : "refused"; }

static zathura_error_t render(const zathura_plugin_functions_t *plugin, zathura_page_t *page, const char *out, bool printing) {
    double scale = printing ? 1 : 1.5;
    cairo_surface_t *surface = printing ? cairo_pdf_surface_create(out, page->width, page->height)
                                        : cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(page->width * scale),
                                                                     (int)(page->height * scale));
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    zathura_error_t error = plugin->page_render_cairo(page, page->data, cairo, printing);
    cairo_destroy(cairo);
    if (!printing) cairo_surface_write_to_png(surface, out);
    cairo_surface_destroy(surface);
    return error;
}

static void count_nodes(girara_tree_node_t *node, int depth) {
    if (!node) return;
    zathura_index_element_t *element = girara_node_get_data(node);
    if (depth) printf("entry %d %s\n", depth, element->title);
    girara_list_t *children = girara_node_get_children(node);
    for (size_t each = 0; children && each < girara_list_size(children); each++) {
        count_nodes(girara_list_nth(children, each), depth + 1);
    }
    girara_list_free(children);
}

static void act(const zathura_plugin_functions_t *plugin, zathura_document_t *document, zathura_page_t *pages, char *action) {
    char *what = strtok(action, ":");
    char *first = strtok(NULL, ":"), *rest = strtok(NULL, "");
    unsigned int number = first ? (unsigned int)strtoul(first, NULL, 10) : 0;
    zathura_page_t *page = number >= 1 && number <= document->pages ? &pages[number - 1] : &pages[0];
    zathura_rectangle_t whole = {0, 0, page->width, page->height};
    zathura_error_t error = ZATHURA_ERROR_OK;
    if (!strcmp(what, "render") || !strcmp(what, "print")) {
        error = render(plugin, page, rest, !strcmp(what, "print"));
        printf("%s %u %s\n", what, number, said(error));
    } else if (!strcmp(what, "text")) {
        char *text = plugin->page_get_text(page, page->data, whole, &error);
        printf("text %s %s\n", said(error), text ? text : "");
        free(text);
    } else if (!strcmp(what, "select")) {
        girara_list_t *list = plugin->page_get_selection(page, page->data, whole, &error);
        printf("select %s %zu\n", said(error), list ? girara_list_size(list) : 0);
        girara_list_free(list);
    } else if (!strcmp(what, "search")) {
        girara_list_t *list = plugin->page_search_text(page, page->data, rest, &error);
        printf("search %s %zu\n", said(error), list ? girara_list_size(list) : 0);
        girara_list_free(list);
    } else if (!strcmp(what, "links")) {
        girara_list_t *list = plugin->page_links_get(page, page->data, &error);
        for (size_t each = 0; list && each < girara_list_size(list); each++) {
            zathura_link_t *link = girara_list_nth(list, each);
            printf("link %s\n", link->target.value ? link->target.value : "inside");
        }
        girara_list_free(list);
    } else if (!strcmp(what, "index")) {
        girara_tree_node_t *root = plugin->document_index_generate(document, document->data, &error);
        count_nodes(root, 0);
        if (root) girara_node_free(root);
    } else if (!strcmp(what, "info")) {
        girara_list_t *list = plugin->document_get_information(document, document->data, &error);
        for (size_t each = 0; list && each < girara_list_size(list); each++) {
            zathura_document_information_entry_t *entry = girara_list_nth(list, each);
            printf("info %s\n", entry->value);
            free(entry->value);
            free(entry);
        }
        girara_list_free(list);
    } else if (!strcmp(what, "size")) {
        printf("size %u %.0f %.0f\n", number, page->width, page->height);
    } else if (!strcmp(what, "save")) {
        printf("save %s\n", said(plugin->document_save_as(document, document->data, first)));
    } else if (!strcmp(what, "wait")) {
        char line[64];
        printf("waiting\n");
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin)) exit(3);
    } else {
        exit(2);
    }
    printf("decrypted %llu\n", decrypted);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    void *module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    const zathura_plugin_definition_t *plugin = module ? dlsym(module, "zathura_plugin_4_5") : NULL;
    if (!plugin) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    int next = 3;
    zathura_document_t document = {.path = argv[2]};
    if (next < argc && !strncmp(argv[next], "PASSWORD=", 9)) document.password = argv[next++] + 9;
    zathura_error_t error = plugin->functions.document_open(&document);
    printf("open %d pages %u\ndecrypted %llu\n", (int)error, document.pages, decrypted);
    if (error != ZATHURA_ERROR_OK) return 0;
    zathura_page_t *pages = calloc(document.pages, sizeof *pages);
    for (unsigned int each = 0; each < document.pages; each++) {
        pages[each].document = &document;
        pages[each].index = each;
        if (plugin->functions.page_init(&pages[each]) != ZATHURA_ERROR_OK) return 3;
    }
    printf("sizes of %u\ndecrypted %llu\n", document.pages, decrypted);
    for (; next < argc; next++) act(&plugin->functions, &document, pages, argv[next]);
    for (unsigned int each = 0; each < document.pages; each++) plugin->functions.page_clear(&pages[each], pages[each].data);
    free(pages);
    plugin->functions.document_free(&document, document.data);
    return 0;
}
