//! 文書. A protected document, opened: its label, what may be done with it, its bytes at any offset.

use std::ffi::{CString, c_char};
use std::path::Path;
use std::ptr;

use sdk::code::Code;
use sdk::{Document, Error, Opening, Right, Rights};

use crate::boundary::{give, guard, handle, null, take, text};
use crate::error::{c_text, kkz_error};
use crate::session::kkz_session;

/// An open document. May be read from many threads at once; close it when no thread uses it any more.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_document {
    document: Document,
    header: CString,
    grade: CString,
    restrictions: CString,
    file_name: CString,
    media_type: CString,
    title: Option<CString>,
}

/// A right, or several of them added together.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub type kkz_rights = u32;
/// 閲覧. The only right that cryptography enforces; the others are the host application's to respect.
pub const KKZ_RIGHT_VIEW: kkz_rights = 1;
/// 印刷.
pub const KKZ_RIGHT_PRINT: kkz_rights = 2;
/// 複製: clipboard, save-as inside protection.
pub const KKZ_RIGHT_COPY: kkz_rights = 4;
/// 編集.
pub const KKZ_RIGHT_EDIT: kkz_rights = 8;
/// 平文での出力.
pub const KKZ_RIGHT_EXPORT: kkz_rights = 16;
/// 提供.
pub const KKZ_RIGHT_PROVIDE: kkz_rights = 32;
/// 格付・取扱制限の見直し.
pub const KKZ_RIGHT_RELABEL: kkz_rights = 64;

const RIGHTS: [(kkz_rights, Right); 7] = [
    (KKZ_RIGHT_VIEW, Right::View),
    (KKZ_RIGHT_PRINT, Right::Print),
    (KKZ_RIGHT_COPY, Right::Copy),
    (KKZ_RIGHT_EDIT, Right::Edit),
    (KKZ_RIGHT_EXPORT, Right::Export),
    (KKZ_RIGHT_PROVIDE, Right::Provide),
    (KKZ_RIGHT_RELABEL, Right::Relabel),
];

/// The rights named by bits; a bit that names none is refused.
fn rights(bits: kkz_rights) -> Result<Rights, Error> {
    let known = RIGHTS.iter().fold(0, |all, (bit, _)| all | bit);
    if bits & !known != 0 {
        return Err(Error::of(Code::Usage));
    }
    Ok(RIGHTS.iter().filter(|(bit, _)| bits & bit != 0).fold(Rights::VIEW, |all, (_, right)| all.with(*right)))
}

impl kkz_document {
    fn new(document: Document) -> Self {
        let label = document.label();
        Self {
            header: c_text(&label.header),
            grade: c_text(&label.grade),
            restrictions: c_text(&label.restrictions.join("\n")),
            file_name: c_text(document.file_name()),
            media_type: c_text(document.media_type()),
            title: document.title().map(c_text),
            document,
        }
    }
}

/// Opens a protected document: the key server is asked, decides, logs, and only then gives the key.
/// `wanted` are the rights asked for besides viewing; `purpose` is the 利用目的 for the log (may be NULL).
/// Returns 0 and writes `*document`, or the number of the error, and writes `*error` unless `error` is NULL.
///
/// # Safety
/// `session` is an open session; `path` is a NUL-terminated string, `purpose` one or NULL; `document` and `error`
/// are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_open(
    session: *const kkz_session,
    path: *const c_char,
    wanted: kkz_rights,
    purpose: *const c_char,
    document: *mut *mut kkz_document,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        if document.is_null() {
            return Err(null("document"));
        }
        // SAFETY: as promised by the caller.
        let session = unsafe { handle(session, "session") }?;
        // SAFETY: as promised by the caller.
        let path = unsafe { text(path, "path") }?;
        let purpose = if purpose.is_null() {
            ""
        } else {
            // SAFETY: as promised by the caller.
            unsafe { text(purpose, "purpose") }?
        };
        let opening = Opening { purpose: purpose.to_owned(), wanted: rights(wanted)?, ..Opening::default() };
        let opened = session.session().open_document(Path::new(path), &opening)?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(document, kkz_document::new(opened)) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// Bytes of the document's content; 0 for NULL.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_size(document: *const kkz_document) -> u64 {
    // SAFETY: as promised by the caller.
    unsafe { document.as_ref() }.map_or(0, |d| d.document.size())
}

/// Reads up to `length` bytes at `offset` into `buffer` and writes to `*count` how many there were: fewer only at the
/// end of the content, 0 at or past it. Decrypts only what is asked for; what is written was found unaltered.
/// Returns 0, or the number of the error; then nothing of `buffer` may be used.
///
/// # Safety
/// `document` is an open document; `buffer` has room for `length` bytes that nobody else reads or writes meanwhile;
/// `count` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_read_at(
    document: *const kkz_document,
    offset: u64,
    buffer: *mut u8,
    length: usize,
    count: *mut usize,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        // SAFETY: as promised by the caller.
        let document = unsafe { handle(document, "document") }?;
        if buffer.is_null() || count.is_null() {
            return Err(null(if buffer.is_null() { "buffer" } else { "count" }));
        }
        if isize::try_from(length).is_err() {
            return Err(Error::of(Code::Usage));
        }
        // What is past the end is never touched, however long the buffer is said to be.
        let rest = document.document.size().saturating_sub(offset);
        let length = usize::try_from(rest).map_or(length, |rest| length.min(rest));
        // The buffer may be uninitialised in C; it is made a slice only after it has been zeroed.
        // SAFETY: not null; room for `length` bytes, as promised by the caller.
        unsafe { ptr::write_bytes(buffer, 0, length) };
        // SAFETY: not null, initialised above, not used by others meanwhile, at most isize::MAX long.
        let target = unsafe { std::slice::from_raw_parts_mut(buffer, length) };
        let mut done = 0;
        while let Some(free) = target.get_mut(done..).filter(|free| !free.is_empty()) {
            let at =
                u64::try_from(done).ok().and_then(|d| offset.checked_add(d)).ok_or_else(|| Error::of(Code::Usage))?;
            match document.document.read_at(at, free) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(fault) => {
                    target.fill(0);
                    return Err(fault);
                }
            }
        }
        // SAFETY: not null; writable as promised by the caller.
        unsafe { count.write(done) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// Whether the licence permits all of `wanted`: 1 or 0. 0 for NULL and for bits that name no right.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_can(document: *const kkz_document, wanted: kkz_rights) -> i32 {
    // SAFETY: as promised by the caller.
    let Some(document) = (unsafe { document.as_ref() }) else { return 0 };
    let held = document.document.rights();
    i32::from(wanted != 0 && rights(wanted).is_ok_and(|wanted| wanted.iter().all(|right| held.allows(right))))
}

/// When the licence ends, seconds since 1970 UTC; 0 for NULL.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_expires_at(document: *const kkz_document) -> i64 {
    // SAFETY: as promised by the caller.
    unsafe { document.as_ref() }.map_or(0, |d| d.document.expires_at().unix())
}

/// One text of a document that lives as long as it is open.
///
/// # Safety
/// `document` is NULL or an open document.
unsafe fn field(document: *const kkz_document, pick: fn(&kkz_document) -> Option<&CString>) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { document.as_ref() }.and_then(pick).map_or(ptr::null(), |text| text.as_ptr())
}

/// 格付・取扱制限 as agencies print them, UTF-8. Lives as long as the document is open; NULL for NULL.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_label(document: *const kkz_document) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { field(document, |d| Some(&d.header)) }
}

/// 格付 in its code form, `C3I2A1`. Lives as long as the document is open; NULL for NULL.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_grade(document: *const kkz_document) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { field(document, |d| Some(&d.grade)) }
}

/// 取扱制限, one a line. Lives as long as the document is open; NULL for NULL.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_restrictions(document: *const kkz_document) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { field(document, |d| Some(&d.restrictions)) }
}

/// The original file's name, UTF-8: for showing, never for writing to. Lives as long as the document is open.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_file_name(document: *const kkz_document) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { field(document, |d| Some(&d.file_name)) }
}

/// The content's media type. Lives as long as the document is open; NULL for NULL.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_media_type(document: *const kkz_document) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { field(document, |d| Some(&d.media_type)) }
}

/// 件名; NULL if there is none. Lives as long as the document is open.
///
/// # Safety
/// `document` is NULL or an open document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_title(document: *const kkz_document) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { field(document, |d| d.title.as_ref()) }
}

/// Closes a document and wipes its key. NULL does nothing.
///
/// # Safety
/// `document` is NULL or a document given by this library, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_close(document: *mut kkz_document) {
    // SAFETY: as promised by the caller.
    unsafe { take(document) };
}
