/* 文書. What zathura asks of a document: to open it, close it, save it elsewhere, tell about it. */
#include <gio/gio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer.h"

/* A4: the page of a document that has none to show. */
#define WIDTH 595.0
#define HEIGHT 842.0

/* A document that did not open is one page that says why. */
static zathura_error_t refuse(zathura_document_t *document, viewer *view, char *words) {
    engine_close(view);
    kkz_document_close(view->document);
    view->document = NULL;
    view->refused = words;
    zathura_document_set_data(document, view);
    zathura_document_set_number_of_pages(document, 1);
    return ZATHURA_ERROR_OK;
}

/* What zathura's person typed, and whether the profile wanted it. */
typedef struct asking {
    const char *typed; /* NULL: not asked yet */
    gboolean wanted;
} asking;

/* The profile's passphrase: from the environment as for `labeler`, else what was typed at zathura's prompt. */
static int64_t passphrase(void *context, char *buffer, size_t capacity) {
    asking *ask = context;
    const char *given = ask->typed ? ask->typed : g_getenv("KAKUZUKE_PASSPHRASE");
    ask->wanted = TRUE;
    if (!given || strlen(given) > capacity) return -1;
    memcpy(buffer, given, strlen(given));
    return (int64_t)strlen(given);
}

/* Whether the file is one of ours, told without a key and without a server. */
static gboolean is_protected(const char *path) {
    kkz_source file = {.size = sizeof file, .path = path, .handle = -1};
    kkz_label *label = NULL;
    if (kkz_label_read(NULL, &file, &label, NULL)) return FALSE;
    uint32_t form = kkz_label_form(label);
    kkz_label_free(label);
    return form == KKZ_FORM_ENVELOPE || form == KKZ_FORM_CARRIER;
}

/* Whether the content is a PDF, by its first bytes: a damaged one is a PDF all the same, and was sealed as an unknown kind. */
static gboolean is_pdf(const kkz_document *document) {
    uint8_t begin[1024];
    size_t count = 0;
    gboolean found = FALSE;
    if (!kkz_document_read_at(document, 0, begin, sizeof begin, &count, NULL)) {
        found = memmem(begin, MIN(count, sizeof begin), "%PDF-", 5) != NULL;
    }
    explicit_bzero(begin, sizeof begin);
    return found;
}

/* Opens the session and the document. 0, or an error of the library. `*wanted`: the passphrase was not right. */
static uint32_t unlock(viewer *view, const char *path, const char *password, gboolean *wanted, kkz_error **error) {
    /* No picture of this process's memory goes to disk when it crashes: from now on it holds keys. */
    prctl(PR_SET_DUMPABLE, 0);
    asking ask = {.typed = password};
    kkz_session_options options = {.size = sizeof options, .passphrase = passphrase, .context = &ask};
    uint32_t code = kkz_session_open_with(&options, &view->session, error);
    *wanted = code && ask.wanted;
    if (code) return code;
    /* 利用目的 is the person's to state: zathura has no way to ask for it, so it comes with the call, or there is none. */
    code = kkz_document_open(view->session, path, KKZ_RIGHT_VIEW, g_getenv("KAKUZUKE_PURPOSE"), &view->document, error);
    if (code) return code;
    view->watermark = g_strdup(kkz_document_watermark(view->document));
    return 0;
}

/* The file that a small one of kakuzuke-view's names; NULL when `path` is the file itself. Believed only in this person's own
 * folder: a document from elsewhere that looks like one is a damaged PDF. */
static char *named_by(const char *path) {
    static const char head[] = "%PDF-1.4 kakuzuke-view\n";
    const char *runtime = g_getenv("XDG_RUNTIME_DIR");
    char *folder = runtime && *runtime ? g_build_filename(runtime, "kakuzuke-view", "", NULL) : NULL;
    char *text = NULL, *found = NULL;
    struct stat facts;
    gboolean ours = folder && g_str_has_prefix(path, folder) && !strstr(path, "/../") && lstat(path, &facts) == 0 &&
                    S_ISREG(facts.st_mode) && facts.st_uid == getuid() && facts.st_size < 8192;
    if (ours && g_file_get_contents(path, &text, NULL, NULL) && g_str_has_prefix(text, head)) {
        found = g_strdup(text + strlen(head));
    }
    g_free(folder);
    g_free(text);
    return found;
}

static zathura_error_t document_open(zathura_document_t *document) {
    const char *given = zathura_document_get_path(document);
    const char *password = zathura_document_get_password(document);
    if (!given) return ZATHURA_ERROR_INVALID_ARGUMENTS;
    viewer *view = g_new0(viewer, 1);
    view->path = named_by(given);
    if (!view->path) view->path = g_strdup(given);
    const char *path = view->path;
    g_atomic_ref_count_init(&view->holders);
    g_mutex_init(&view->lock);
    g_cond_init(&view->closing_now);
    view->width = WIDTH;
    view->height = HEIGHT;
    if (is_protected(path)) {
        kkz_error *error = NULL;
        gboolean wanted = FALSE;
        uint32_t code = unlock(view, path, password, &wanted, &error);
        if (wanted) {
            kkz_error_free(error);
            viewer_release(view);
            return ZATHURA_ERROR_INVALID_PASSWORD;
        }
        if (code) {
            char *words = refusal_text(error, "この文書は開けません。 / This document cannot be opened.");
            kkz_error_free(error);
            return refuse(document, view, words);
        }
        if (!is_pdf(view->document)) {
            return refuse(document, view, refusal_plain(
                "PDFではない文書です。labeler edit で、対応するソフトを使って開いてください。",
                "This document is no PDF. Open it with the program for its kind: labeler edit."));
        }
    }
    zathura_error_t error = ZATHURA_ERROR_UNKNOWN;
    if (!engine_open(view, path, password, &error)) {
        char *failure = engine_failure(view);
        if (failure) return refuse(document, view, failure);
        viewer_release(view);
        return error;
    }
    zathura_document_set_data(document, view);
    zathura_document_set_number_of_pages(document, (unsigned int)pdf_count_pages(view->engine, view->pdf));
    watch_begin(view);
    return ZATHURA_ERROR_OK;
}

static zathura_error_t document_free(zathura_document_t *document, void *data) {
    (void)document;
    if (!data) return ZATHURA_ERROR_OK;
    watch_end(data);
    viewer_release(data);
    return ZATHURA_ERROR_OK;
}

/* Saves the file as it is: a protected document stays one. Content in clear is never written by the viewer. */
static zathura_error_t document_save_as(zathura_document_t *document, void *data, const char *path) {
    viewer *view = data;
    (void)document;
    if (!view || !path) return ZATHURA_ERROR_INVALID_ARGUMENTS;
    viewer_check(view);
    g_mutex_lock(&view->lock);
    gboolean may = viewer_may(view, KKZ_RIGHT_COPY);
    if (!may && !view->refused && !view->ended) refusal_say(view, REFUSED_SAVE);
    g_mutex_unlock(&view->lock);
    if (!may) return ZATHURA_ERROR_UNKNOWN;
    GFile *from = g_file_new_for_path(view->path);
    GFile *to = g_file_new_for_path(path);
    gboolean copied = g_file_copy(from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL);
    g_object_unref(from);
    g_object_unref(to);
    return copied ? ZATHURA_ERROR_OK : ZATHURA_ERROR_UNKNOWN;
}

/* zathura shows this as markup. */
static void tell(girara_list_t *list, const char *what, const char *words) {
    if (!words || !*words) return;
    char *said = g_markup_printf_escaped("%s: %s", what, words);
    girara_list_append(list, zathura_document_information_entry_new(ZATHURA_DOCUMENT_INFORMATION_OTHER, said));
    g_free(said);
}

static void tell_rights(girara_list_t *list, const kkz_document *document) {
    GString *rights = g_string_new("閲覧 view");
    if (kkz_document_can(document, KKZ_RIGHT_PRINT)) g_string_append(rights, "、印刷 print");
    if (kkz_document_can(document, KKZ_RIGHT_COPY)) g_string_append(rights, "、複製 copy");
    tell(list, "できること / Permitted", rights->str);
    g_string_free(rights, TRUE);
    GDateTime *end = g_date_time_new_from_unix_local(kkz_document_expires_at(document));
    char *when = end ? g_date_time_format(end, "%Y-%m-%d %H:%M") : NULL;
    tell(list, "許可の期限 / Licence until", when);
    g_free(when);
    if (end) g_date_time_unref(end);
}

static girara_list_t *document_get_information(zathura_document_t *document, void *data, zathura_error_t *error) {
    (void)document;
    viewer *view = data;
    if (!view || !view->document) {
        if (error) *error = ZATHURA_ERROR_UNKNOWN;
        return NULL;
    }
    girara_list_t *list = zathura_document_information_entry_list_new();
    const kkz_document *open = view->document;
    tell(list, "格付 / Label", kkz_document_label(open));
    tell(list, "決定者 / Decided by", kkz_document_decider(open));
    tell(list, "人が守る制限 / To be kept by people", kkz_document_kept_by_people(open));
    tell_rights(list, open);
    return list;
}

ZATHURA_PLUGIN_REGISTER_WITH_FUNCTIONS(
    "kakuzuke", KKZ_VERSION_MAJOR, KKZ_VERSION_MINOR, KKZ_VERSION_PATCH,
    ZATHURA_PLUGIN_FUNCTIONS({
        .document_open = document_open,
        .document_free = document_free,
        .document_index_generate = document_index_generate,
        .document_save_as = document_save_as,
        .document_get_information = document_get_information,
        .page_init = page_init,
        .page_clear = page_clear,
        .page_search_text = page_search_text,
        .page_links_get = page_links_get,
        .page_get_text = page_get_text,
        .page_get_selection = page_get_selection,
        .page_render_cairo = page_render_cairo,
    }),
    ZATHURA_PLUGIN_MIMETYPES({"application/pdf", "application/vnd.kakuzuke.envelope"}))
