/* libkakuzuke: open documents protected by Kakuzuke.
 *
 * Every function that can fail returns 0 on success, else the stable number of the error; it writes its outputs on
 * success only and, unless the last argument is NULL, an error object that tells what happened and what to do.
 * Handles are opaque. A session and an open document may be used from many threads at once; closing must come last.
 * Text is UTF-8, ends with NUL, and lives as long as the object it belongs to.
 *
 * Viewing is enforced by cryptography: without the key server's decision there is no key. Printing, copying and the
 * other rights are for the application that links this library to respect: ask kkz_document_can before each.
 *
 * Generated from ffi/src by cbindgen; a test compares. Do not edit. */

#ifndef KAKUZUKE_H
#define KAKUZUKE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// An open document. May be read from many threads at once; close it when no thread uses it any more.
typedef struct kkz_document kkz_document;

// What went wrong in one call. Owned by the caller: free with kkz_error_free.
typedef struct kkz_error kkz_error;

// A session: one officer on one device. May be used from many threads at once.
typedef struct kkz_session kkz_session;

// Language of a message.
typedef uint32_t kkz_language;

// A right, or several of them added together.
typedef uint32_t kkz_rights;

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

// The stable number of the error (docs: list of outward codes); 0 for NULL.
//
// # Safety
// `error` is NULL or an error given by this library and not yet freed.
uint32_t kkz_error_code(const kkz_error *error);

// The stable name of the error, such as `denied`. Lives as long as the error; NULL for NULL.
//
// # Safety
// As for kkz_error_code.
const char *kkz_error_name(const kkz_error *error);

// What happened and what to do, UTF-8, in the language asked for (any number but KKZ_JAPANESE is English).
// Lives as long as the error; NULL for NULL.
//
// # Safety
// As for kkz_error_code.
const char *kkz_error_message(const kkz_error *error, kkz_language language);

// The clauses a refusal rests on, such as `3.1.1(5)(a)`, comma-separated; NULL when there is none.
//
// # Safety
// As for kkz_error_code.
const char *kkz_error_clause(const kkz_error *error);

// What would change a refusal, one line each; NULL when there is nothing.
//
// # Safety
// As for kkz_error_code.
const char *kkz_error_remedy(const kkz_error *error, kkz_language language);

// 受付番号: what to give when asking about it; NULL when there is none.
//
// # Safety
// As for kkz_error_code.
const char *kkz_error_reference(const kkz_error *error);

// Frees an error. NULL does nothing.
//
// # Safety
// `error` is NULL or an error given by this library, and is not used again.
void kkz_error_free(kkz_error *error);

// Opens a session. `profile` is the profile's folder, UTF-8, or NULL for the usual one (KAKUZUKE_PROFILE).
// Returns 0 and writes `*session`, or the number of the error, and writes `*error` unless `error` is NULL.
//
// # Safety
// `profile` is NULL or a NUL-terminated string; `session` and `error` are NULL or writable.
uint32_t kkz_session_open(const char *profile, kkz_session **session, kkz_error **error);

// Closes a session. Documents opened in it stay open. NULL does nothing.
//
// # Safety
// `session` is NULL or a session given by this library, and is not used again.
void kkz_session_close(kkz_session *session);

// Opens a protected document: the key server is asked, decides, logs, and only then gives the key.
// `wanted` are the rights asked for besides viewing; `purpose` is the 利用目的 for the log (may be NULL).
// Returns 0 and writes `*document`, or the number of the error, and writes `*error` unless `error` is NULL.
//
// # Safety
// `session` is an open session; `path` is a NUL-terminated string, `purpose` one or NULL; `document` and `error`
// are NULL or writable.
uint32_t kkz_document_open(const kkz_session *session,
                           const char *path,
                           kkz_rights wanted,
                           const char *purpose,
                           kkz_document **document,
                           kkz_error **error);

// Bytes of the document's content; 0 for NULL.
//
// # Safety
// `document` is NULL or an open document.
uint64_t kkz_document_size(const kkz_document *document);

// Reads up to `length` bytes at `offset` into `buffer` and writes to `*count` how many there were: fewer only at the
// end of the content, 0 at or past it. Decrypts only what is asked for; what is written was found unaltered.
// Returns 0, or the number of the error; then nothing of `buffer` may be used.
//
// # Safety
// `document` is an open document; `buffer` has room for `length` bytes that nobody else reads or writes meanwhile;
// `count` and `error` are NULL or writable.
uint32_t kkz_document_read_at(const kkz_document *document,
                              uint64_t offset,
                              uint8_t *buffer,
                              size_t length,
                              size_t *count,
                              kkz_error **error);

// Whether the licence permits all of `wanted`: 1 or 0. 0 for NULL and for bits that name no right.
//
// # Safety
// `document` is NULL or an open document.
int32_t kkz_document_can(const kkz_document *document, kkz_rights wanted);

// When the licence ends, seconds since 1970 UTC; 0 for NULL.
//
// # Safety
// `document` is NULL or an open document.
int64_t kkz_document_expires_at(const kkz_document *document);

// 格付・取扱制限 as agencies print them, UTF-8. Lives as long as the document is open; NULL for NULL.
//
// # Safety
// `document` is NULL or an open document.
const char *kkz_document_label(const kkz_document *document);

// 格付 in its code form, `C3I2A1`. Lives as long as the document is open; NULL for NULL.
//
// # Safety
// `document` is NULL or an open document.
const char *kkz_document_grade(const kkz_document *document);

// 取扱制限, one a line. Lives as long as the document is open; NULL for NULL.
//
// # Safety
// `document` is NULL or an open document.
const char *kkz_document_restrictions(const kkz_document *document);

// The original file's name, UTF-8: for showing, never for writing to. Lives as long as the document is open.
//
// # Safety
// `document` is NULL or an open document.
const char *kkz_document_file_name(const kkz_document *document);

// The content's media type. Lives as long as the document is open; NULL for NULL.
//
// # Safety
// `document` is NULL or an open document.
const char *kkz_document_media_type(const kkz_document *document);

// 件名; NULL if there is none. Lives as long as the document is open.
//
// # Safety
// `document` is NULL or an open document.
const char *kkz_document_title(const kkz_document *document);

// Closes a document and wipes its key. NULL does nothing.
//
// # Safety
// `document` is NULL or a document given by this library, and is not used again.
void kkz_document_close(kkz_document *document);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KAKUZUKE_H */
