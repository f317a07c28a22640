/* libkakuzuke: open documents protected by Kakuzuke, save them, protect and label new ones.
 *
 * To read a protected document: kkz_session_open, kkz_document_open, kkz_document_read_at, kkz_document_close,
 * kkz_session_close. A whole program: examples/show.c. What to know of the library: docs/ffi.md.
 *
 * Errors. Every function that can fail returns 0 on success, else the stable number of the error; it writes its outputs
 * on success only and, unless the last argument is NULL, an error object that tells what happened and what to do. Free
 * it with kkz_error_free. Functions that give a value give 0 or NULL for what is not open.
 *
 * Handles are numbers, not addresses. One that was closed, is NULL, is of another kind, or was made up is told as the error
 * `usage` (or gives 0 or NULL), closing it again does nothing. All functions may be called from many threads at once,
 * with the same handles, also closing: a call that still works with what another thread closes is answered first.
 *
 * Text is UTF-8 and ends with NUL. What is given lives as long as the object it was asked of; what comes in is read
 * during the call only. Structs begin with their own size; later versions append fields, and what a program does not
 * know is zero.
 *
 * Callbacks must return: an exception or a longjmp out of one is undefined behaviour of the program.
 *
 * Enforcement. Viewing is enforced by cryptography: without the key server's decision there is no key. So are the author's
 * signature on content and label. Printing, copying, saving elsewhere and screenshots are for the application that
 * links this library to respect: ask kkz_document_can before each, show kkz_document_watermark where it asks for it.
 *
 * "Promised" names what the library can't check: the memory that pointers lead to.
 *
 * Generated from ffi/src; a test compares. Do not edit. */

#ifndef KAKUZUKE_H
#define KAKUZUKE_H

#include <stddef.h>
#include <stdint.h>

// Version of the interface this header describes: changes that break programs raise it (while it is 0, the next number does).
#define KKZ_VERSION_MAJOR 0

// Additions that break nothing raise it; while the first number is 0, breaks do as well.
#define KKZ_VERSION_MINOR 1

// Mends.
#define KKZ_VERSION_PATCH 0

// Something failed.
#define KKZ_LOG_ERROR 1

// Something a person should know.
#define KKZ_LOG_WARNING 2

// What was done.
#define KKZ_LOG_INFO 3

// A bare envelope, `name.ext.kkz`.
#define KKZ_FORM_ENVELOPE 1

// A file of the document's own kind with a cover page and the envelope inside.
#define KKZ_FORM_CARRIER 2

// The document in clear with the signed label in its metadata.
#define KKZ_FORM_NATIVE 3

// The document in clear with its signature beside it, `name.ext.kkzsig`.
#define KKZ_FORM_DETACHED 4

// The label's signature was not looked at: there was no session.
#define KKZ_SIGNATURE_UNCHECKED 0

// It is good, by a signer of a known authority.
#define KKZ_SIGNATURE_VALID 1

// It is not good: the label is nobody's word.
#define KKZ_SIGNATURE_INVALID 2

// Nobody here knows the authority: the label is a claim.
#define KKZ_SIGNATURE_UNKNOWN_AUTHORITY 3

// The content was not looked at.
#define KKZ_CONTENT_UNCHECKED 0

// Signed by its author, and every byte is as it was signed.
#define KKZ_CONTENT_INTACT 1

// No signature covers it: 改ざん検知なし.
#define KKZ_CONTENT_NOT_COVERED 2

// The pages show grade and restrictions (where the kind of document can; otherwise it stays as it is).
#define KKZ_MARK 1

// The key server is not asked: a ticket at hand is spent, and it is told at the next contact.
#define KKZ_OFFLINE 2

// 明示のみ: the document stays in clear, its signed label in it. Not for 機密性３.
#define KKZ_LABEL_ONLY 4

// Gives up running calls. One may be given to several calls; once triggered, all of them end, and so does every later one.
typedef struct kkz_cancel kkz_cancel;

// An open document. May be used from many threads at once.
typedef struct kkz_document kkz_document;

// What went wrong in one call. Owned by the caller: free with kkz_error_free.
typedef struct kkz_error kkz_error;

// A label that was read, written or checked. Free it with kkz_label_free.
typedef struct kkz_label kkz_label;

// A session: one officer on one device. May be used from many threads at once.
typedef struct kkz_session kkz_session;

// A suggested label. It decides nothing: people do. Free it with kkz_suggestion_free.
typedef struct kkz_suggestion kkz_suggestion;

// Language of a message.
typedef uint32_t kkz_language;

// A right, or several of them added together.
typedef uint32_t kkz_rights;

// How a session is opened. Assign its sizeof to `size`; what is zero or NULL is as usual.
typedef struct {
    // sizeof(kkz_session_options).
    size_t size;
    // The profile's folder, UTF-8; NULL: the usual one (KAKUZUKE_PROFILE).
    const char *profile;
    // A proxy that passes connections on (CONNECT), `http://host:port`; NULL: none.
    const char *proxy;
    // Asks for the profile's passphrase, if it has one: writes at most `capacity` bytes to `buffer` and gives their
    // number; negative: the person gave up. Called once, during kkz_session_open_with. NULL: KAKUZUKE_PASSPHRASE.
    int64_t (*passphrase)(void *context, char *buffer, size_t capacity);
    // Told in English what happens, with a level as above; never a secret, never content. Called from every thread that
    // uses the session, several at once, until it and all of its documents are closed. NULL: nobody is told.
    void (*log)(void *context, uint32_t level, const char *message);
    // Given to both. They must return: no longjmp out of them, no exception.
    void *context;
} kkz_session_options;

// Where the bytes of a document come from: a path, else `read_at`, else `handle`. Assign its sizeof to `size`; what is
// zero or NULL is not there. A document opened from it keeps `handle` (a duplicate of it) or `read_at` with `context`
// until it is closed.
typedef struct {
    // sizeof(kkz_source).
    size_t size;
    // A file by its path, UTF-8; NULL if it is none of them. `handle` must be 0 or -1 and `read_at` NULL then.
    const char *path;
    // An open file: a descriptor (POSIX) or a HANDLE (Windows). It stays the caller's and is not closed. On POSIX its
    // position is neither used nor moved; on Windows it moves.
    ptrdiff_t handle;
    // Writes up to `length` bytes at `offset` into `buffer` and gives their number, fewer only at the end; negative:
    // failed. Called from several threads at once. It must return: no longjmp out of it, no exception.
    int64_t (*read_at)(void *context, uint64_t offset, uint8_t *buffer, size_t length);
    // Given to `read_at`.
    void *context;
    // How many bytes there are, for `read_at`.
    uint64_t length;
    // A file name, UTF-8, for showing and for telling the kind where there is no path; NULL: none.
    const char *name;
} kkz_source;

// How a document is protected. Assign its sizeof to `size`; all text is UTF-8; what is zero or NULL is as usual.
typedef struct {
    // sizeof(kkz_protection).
    size_t size;
    // 格付: `C2I1A1`, or 機密性２情報・完全性１情報・可用性１情報. Must be there.
    const char *grade;
    // 取扱制限, one a line; NULL: none.
    const char *restrictions;
    // 件名; NULL: the file's name; empty: the key server is told none.
    const char *title;
    // 官職 in which it is decided; NULL: 職員.
    const char *post;
    // Subjects who may read it, one a line; NULL with `units` NULL: the author's unit.
    const char *readers;
    // Units (課室) whose members may read it, one a line.
    const char *units;
    // KKZ_MARK, KKZ_OFFLINE, KKZ_LABEL_ONLY, added together.
    uint32_t flags;
    // Threads; 0: as usual.
    uint32_t threads;
} kkz_protection;

// 日本語.
#define KKZ_JAPANESE 0

// English.
#define KKZ_ENGLISH 1

// 閲覧. The only right that cryptography enforces; the others are the host application's to respect.
#define KKZ_RIGHT_VIEW 1

// 印刷.
#define KKZ_RIGHT_PRINT 2

// 複製: clipboard, save-as inside protection.
#define KKZ_RIGHT_COPY 4

// 編集.
#define KKZ_RIGHT_EDIT 8

// 平文での出力.
#define KKZ_RIGHT_EXPORT 16

// 提供.
#define KKZ_RIGHT_PROVIDE 32

// 格付・取扱制限の見直し.
#define KKZ_RIGHT_RELABEL 64

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- About the library ---- */

// Version of the library that was linked, such as `0.1.0`. Never NULL; lives forever.
const char *kkz_version(void);

/* ---- Errors ---- */

// The stable number of the error (docs/ffi.md lists them); 0 if it is none.
uint32_t kkz_error_code(const kkz_error *error);

// The stable name of the error, such as `denied`. Lives as long as the error; NULL if it is none.
const char *kkz_error_name(const kkz_error *error);

// What happened and what to do, UTF-8, in the language asked for (any number but KKZ_JAPANESE is English).
// Lives as long as the error; NULL if it is none.
const char *kkz_error_message(const kkz_error *error, kkz_language language);

// The clauses a refusal rests on, such as `3.1.1(5)(a)`, comma-separated; NULL when there is none.
const char *kkz_error_clause(const kkz_error *error);

// What would change a refusal, one line each; NULL when there is nothing.
const char *kkz_error_remedy(const kkz_error *error, kkz_language language);

// The right that would be asked for to change a refusal (kkz_request); 0 when asking does not help.
kkz_rights kkz_error_remedy_right(const kkz_error *error);

// 受付番号: what to give when asking about it; NULL when there is none.
const char *kkz_error_reference(const kkz_error *error);

// Frees an error. What is none does nothing.
void kkz_error_free(kkz_error *error);

/* ---- Giving up a call from another thread ---- */

// A new one that nobody has triggered. Never NULL. Free it with kkz_cancel_free.
kkz_cancel *kkz_cancel_new(void);

// Gives up the calls it was given to: from any thread, at any time. They end with the error `cancelled`, and what they worked
// on is as it was before. A call that waits for the key server ends within moments, one that connects to it within five
// seconds; one that has begun to register a document finishes. NULL does nothing.
void kkz_cancel_trigger(const kkz_cancel *cancel);

// Frees it; calls it was given to run on. NULL does nothing.
void kkz_cancel_free(kkz_cancel *cancel);

/* ---- Session ---- */

// Opens a session. `profile` is the profile's folder, UTF-8, or NULL for the usual one (KAKUZUKE_PROFILE).
// Returns 0 and writes `*session`, or the number of the error, and writes `*error` unless `error` is NULL.
//
// Promised:
// `profile` is NULL or a NUL-terminated string; `session` and `error` are NULL or writable.
uint32_t kkz_session_open(const char *profile, kkz_session **session, kkz_error **error);

// The same with a passphrase asked for, a proxy, and a log of the program's.
//
// Promised:
// `options` is as its size says; its strings end with NUL; its callbacks may be called as described there; `session` and
// `error` are NULL or writable.
uint32_t kkz_session_open_with(const kkz_session_options *options,
                               kkz_session **session,
                               kkz_error **error);

// Whose session it is: the subject's id. Lives as long as the session; NULL if it is not open.
const char *kkz_session_subject(const kkz_session *session);

// 氏名. Lives as long as the session; NULL if it is not open.
const char *kkz_session_name(const kkz_session *session);

// 機関名. Lives as long as the session; NULL if it is not open.
const char *kkz_session_organization(const kkz_session *session, kkz_language language);

// Closes a session. Documents opened in it stay open. What is no open session does nothing.
void kkz_session_close(kkz_session *session);

/* ---- Opening and reading a document ---- */

// Opens a protected document: the key server is asked, decides, logs, and only then gives the key.
// `wanted` are the rights asked for besides viewing: without one of them it is not opened at all; `purpose` is the 利用目的
// for the log (may be NULL). Rights not asked for may be there nevertheless: ask kkz_document_can.
// Returns 0 and writes `*document`, or the number of the error, and writes `*error` unless `error` is NULL.
//
// Promised:
// `path` is a NUL-terminated string, `purpose` one or NULL; `document` and `error` are NULL or writable.
uint32_t kkz_document_open(const kkz_session *session,
                           const char *path,
                           kkz_rights wanted,
                           const char *purpose,
                           kkz_document **document,
                           kkz_error **error);

// The same from an open file or callbacks, and so that it can be given up (`cancel` may be NULL).
//
// Promised:
// As for kkz_document_open; `source` is as its size says and stays usable until the document is closed.
uint32_t kkz_document_open_from(const kkz_session *session,
                                const kkz_source *source,
                                kkz_rights wanted,
                                const char *purpose,
                                const kkz_cancel *cancel,
                                kkz_document **document,
                                kkz_error **error);

// Asks the key server anew: for rights and a label that have changed, and a licence that lasts longer. Done by itself when a
// licence has ended and the document is read. It goes on with the same opening (読後廃棄). When it is refused, there is no right
// any more and nothing more can be read; when the server can't be asked, the licence holds to its end. A program that lets a
// person print or copy for longer than a licence lasts (kkz_document_expires_at) calls this before it asks kkz_document_can.
//
// Promised:
// `error` is NULL or writable.
uint32_t kkz_document_renew(const kkz_document *document,
                            kkz_error **error);

// Bytes of the document's content; 0 if it is not open.
uint64_t kkz_document_size(const kkz_document *document);

// Reads up to `length` bytes at `offset` into `buffer` and writes to `*count` how many there were: fewer only at the
// end of the content, 0 at or past it. Decrypts only what is asked for; what is written was found unaltered.
// Returns 0, or the number of the error; then nothing of `buffer` may be used.
//
// Promised:
// `buffer` has room for `length` bytes that nobody else reads or writes meanwhile; `count` and `error` are NULL or writable.
uint32_t kkz_document_read_at(const kkz_document *document,
                              uint64_t offset,
                              uint8_t *buffer,
                              size_t length,
                              size_t *count,
                              kkz_error **error);

// Closes a document and wipes its key. A call that still reads it in another thread is answered first, then it is wiped.
// What is no open document does nothing.
void kkz_document_close(kkz_document *document);

/* ---- What is known of an open document ---- */

// Whether the licence permits all of `wanted` now: 1 or 0. 0 for what is not open, for bits that name no right, and once the
// licence has ended or its renewal was refused: then kkz_document_renew asks for another. Nobody is asked here.
int32_t kkz_document_can(const kkz_document *document,
                         kkz_rights wanted);

// Everything the licence permits now; 0 if it is not open, and once the licence has ended (kkz_document_renew).
kkz_rights kkz_document_rights(const kkz_document *document);

// Why one right is not there, for people: the restriction or the clause; NULL when it is there, and for what is no right.
// Lives as long as the document is open. Nobody is asked.
const char *kkz_document_denied_because(const kkz_document *document,
                                        kkz_rights one,
                                        kkz_language language);

// When the licence ends, seconds since 1970 UTC; 0 if it is not open.
int64_t kkz_document_expires_at(const kkz_document *document);

// Until when the licence may be used without the key server, seconds since 1970 UTC; 0: not at all.
int64_t kkz_document_offline_until(const kkz_document *document);

// Openings left to this reader after this one (読後廃棄); -1: not counted.
int32_t kkz_document_openings_left(const kkz_document *document);

// 1 when the author's signature covers the content; 0: 改ざん検知なし, or not open.
int32_t kkz_document_tamper_evident(const kkz_document *document);

// 1 when the label was changed at the key server since this file was written; what is told here is the new one.
int32_t kkz_document_newer_label(const kkz_document *document);

// 透かし: text to show across every page, on the screen and on paper (subject and time); NULL: none is asked for. Lives as
// long as the document is open.
const char *kkz_document_watermark(const kkz_document *document);

// Restrictions nobody but people can keep, one a line: show them. NULL: none. Lives as long as the document is open.
const char *kkz_document_kept_by_people(const kkz_document *document);

// 格付・取扱制限 as agencies print them. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_label(const kkz_document *document);

// 格付 in its code form, `C3I2A1`. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_grade(const kkz_document *document);

// 取扱制限, one a line. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_restrictions(const kkz_document *document);

// 決定者: 官職 and 氏名. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_decider(const kkz_document *document);

// All of the label, in JSON: the object `label` of `labeler show --json`. Lives as long as the document is open; NULL if
// it is not.
const char *kkz_document_label_json(const kkz_document *document);

// The id of this version. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_id(const kkz_document *document);

// The id all versions of the document have in common. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_lineage(const kkz_document *document);

// The original file's name: for showing, never for writing to. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_file_name(const kkz_document *document);

// The content's media type. Lives as long as the document is open; NULL if it is not.
const char *kkz_document_media_type(const kkz_document *document);

// 件名; NULL if there is none. Lives as long as the document is open.
const char *kkz_document_title(const kkz_document *document);

/* ---- Saving an open document ---- */

// Saves edited content as the next version of the document, in its place, under the same label and lineage, decided by
// whoever saves. Needs KKZ_RIGHT_EDIT, and a document that was opened by its path. `content` is the whole new content; of it
// nothing lies on a disk in clear. The handle then speaks of the new version: size, reads, id (texts asked for before stay
// readable). Returns 0 once the version lies in its place; if it can't be opened anew just then, reading tells so and
// tries again. When it fails, what lies there is as it was. `conflict`: another version lies there by now, or is being
// saved. `cancel` may be NULL.
//
// Promised:
// `content` is as its size says; `error` is NULL or writable.
uint32_t kkz_document_save(kkz_document *document,
                           const kkz_source *content,
                           const kkz_cancel *cancel,
                           kkz_error **error);

/* ---- Labels: reading and verifying, without a key ---- */

// Reads the label of a document, sealed or in clear: no key and no server is needed. With a session its signature is
// judged; without (NULL) it is a claim. `not-protected`: there is none.
//
// Promised:
// `source` is as its size says; `label` and `error` are NULL or writable.
uint32_t kkz_label_read(const kkz_session *session,
                        const kkz_source *source,
                        kkz_label **label,
                        kkz_error **error);

// Verifies a document without a key: its label's signature, its author's, and every byte of the content they cover.
// Anything that does not hold is an error. `cancel` may be NULL.
//
// Promised:
// As for kkz_label_read.
uint32_t kkz_verify(const kkz_session *session,
                    const kkz_source *source,
                    const kkz_cancel *cancel,
                    kkz_label **label,
                    kkz_error **error);

/* ---- What a label says ---- */

// 格付・取扱制限 as agencies print them. Lives as long as the label; NULL if it is none.
const char *kkz_label_header(const kkz_label *label);

// 格付 in its code form, `C2I1A1`. Lives as long as the label; NULL if it is none.
const char *kkz_label_grade(const kkz_label *label);

// 取扱制限, one a line. Lives as long as the label; NULL if it is none.
const char *kkz_label_restrictions(const kkz_label *label);

// 決定者: 官職 and 氏名, as the label says. Lives as long as the label; NULL if it is none.
const char *kkz_label_decider(const kkz_label *label);

// Whose signature was found good; NULL: none was. Lives as long as the label.
const char *kkz_label_signer(const kkz_label *label);

// Where the document lies now, or the name it was handed over under. Lives as long as the label; NULL if it is none.
const char *kkz_label_path(const kkz_label *label);

// All there is to know, in JSON, as `labeler show`, `verify` or `protect` print it. Lives as long as the label; NULL if it
// is none.
const char *kkz_label_json(const kkz_label *label);

// The form of the document: KKZ_FORM_…; 0 if it is none.
uint32_t kkz_label_form(const kkz_label *label);

// Whether the label's signature was found good: KKZ_SIGNATURE_….
uint32_t kkz_label_signature(const kkz_label *label);

// How far the content was checked: KKZ_CONTENT_….
uint32_t kkz_label_content(const kkz_label *label);

// Frees a label. What is none does nothing.
void kkz_label_free(kkz_label *label);

/* ---- Protecting and labelling ---- */

// Protects a file in its place: in one step, keeping permissions and times, leaving no plaintext behind. A kind with a
// cover keeps its name, others get `.kkz` behind it: `*label` (NULL: not wanted) says where it lies now. When it fails,
// the file is as it was. `cancel` may be NULL.
//
// Promised:
// `path` is a NUL-terminated string; `protection` is as its size says; `label` and `error` are NULL or writable.
uint32_t kkz_protect(const kkz_session *session,
                     const char *path,
                     const kkz_protection *protection,
                     const kkz_cancel *cancel,
                     kkz_label **label,
                     kkz_error **error);

// Protects new content under a name that must be free: what an application saves for the first time. The content is
// nowhere on a disk in clear, unless that is what the grade or KKZ_LABEL_ONLY asks for. `path` names the document itself;
// where it lies is told by kkz_label_path (`.kkz` is appended where the kind has no cover).
//
// Promised:
// As for kkz_protect; `content` is as its size says.
uint32_t kkz_protect_new(const kkz_session *session,
                         const kkz_source *content,
                         const char *path,
                         const kkz_protection *protection,
                         const kkz_cancel *cancel,
                         kkz_label **label,
                         kkz_error **error);

// 明示のみ: writes the signed label into a document in clear, or beside it (`.kkzsig`), in place of an earlier one of ours. The
// same as kkz_protect with KKZ_LABEL_ONLY; with KKZ_MARK its pages show it, too.
//
// Promised:
// As for kkz_protect.
uint32_t kkz_label_write(const kkz_session *session,
                         const char *path,
                         const kkz_protection *protection,
                         kkz_label **label,
                         kkz_error **error);

/* ---- Suggestion ---- */

// Reads a document in clear and suggests its label, by the taxonomy in force, or the built-in one without a session
// (NULL). Nothing is changed and nobody is told. `cancel` may be NULL.
//
// Promised:
// `source` is as its size says; `suggestion` and `error` are NULL or writable.
uint32_t kkz_suggest(const kkz_session *session,
                     const kkz_source *source,
                     const kkz_cancel *cancel,
                     kkz_suggestion **suggestion,
                     kkz_error **error);

// 格付 as kkz_protection takes it. Lives as long as the suggestion; NULL if it is none.
const char *kkz_suggestion_grade(const kkz_suggestion *suggestion);

// 取扱制限, one a line. Lives as long as the suggestion; NULL if it is none.
const char *kkz_suggestion_restrictions(const kkz_suggestion *suggestion);

// What it rests on, one a line, the weightiest first. Lives as long as the suggestion; NULL if it is none.
const char *kkz_suggestion_reasons(const kkz_suggestion *suggestion, kkz_language language);

// How sure it is, in percent; -1: nothing was found, it is the usual grade.
int32_t kkz_suggestion_confidence(const kkz_suggestion *suggestion);

// All of it, in JSON, as `labeler suggest --json` prints a document. Lives as long as the suggestion; NULL if it is none.
const char *kkz_suggestion_json(const kkz_suggestion *suggestion);

// Frees a suggestion. What is none does nothing.
void kkz_suggestion_free(kkz_suggestion *suggestion);

/* ---- Asking for a right ---- */

// Asks for one right in a protected document, for a reason given in words; who may grant it is told by the key server.
// Writes the number of the application to `*number` (NULL: not wanted). Once it is granted, open the document anew.
//
// Promised:
// `path` and `reason` are NUL-terminated strings; `number` and `error` are NULL or writable.
uint32_t kkz_request(const kkz_session *session,
                     const char *path,
                     kkz_rights right,
                     const char *reason,
                     uint64_t *number,
                     kkz_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KAKUZUKE_H */
