//! 保護・明示. A grade for a document: sealed as the grade asks, or labelled in clear.

use std::ffi::c_char;
use std::num::NonZeroUsize;
use std::path::Path;

use sdk::{Contact, Error, Grading, Marks, Method, Protection, Readers};

use crate::boundary::{during, give, guard, lines, options, text, text_or_none, usage};
use crate::cancel::kkz_cancel;
use crate::error::kkz_error;
use crate::handles;
use crate::label::kkz_label;
use crate::session::kkz_session;
use crate::source::{input, kkz_source};

/// The pages show grade and restrictions (where the kind of document can; otherwise it stays as it is).
pub const KKZ_MARK: u32 = 1;
/// The key server is not asked: a ticket at hand is spent, and it is told at the next contact.
pub const KKZ_OFFLINE: u32 = 2;
/// 明示のみ: the document stays in clear, its signed label in it. Not for 機密性３.
pub const KKZ_LABEL_ONLY: u32 = 4;

/// How a document is protected. Assign its sizeof to `size`; all text is UTF-8; what is zero or NULL is as usual.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_protection {
    /// sizeof(kkz_protection).
    pub size: usize,
    /// 格付: `C2I1A1`, or 機密性２情報・完全性１情報・可用性１情報. Must be there.
    pub grade: *const c_char,
    /// 取扱制限, one a line; NULL: none.
    pub restrictions: *const c_char,
    /// 件名; NULL: the file's name; empty: the key server is told none.
    pub title: *const c_char,
    /// 官職 in which it is decided; NULL: 職員.
    pub post: *const c_char,
    /// Subjects who may read it, one a line; NULL with `units` NULL: the author's unit.
    pub readers: *const c_char,
    /// Units (課室) whose members may read it, one a line.
    pub units: *const c_char,
    /// KKZ_MARK, KKZ_OFFLINE, KKZ_LABEL_ONLY, added together.
    pub flags: u32,
    /// Threads; 0: as usual.
    pub threads: u32,
}

/// Reads it from C.
///
/// # Safety
/// `protection` is as its size says; its strings end with NUL.
unsafe fn protection(protection: *const kkz_protection) -> Result<Protection, Error> {
    // SAFETY: as promised by the caller; all of its fields may be zero.
    let asked = unsafe { options(protection, size_of::<kkz_protection>(), "protection") }?;
    if asked.flags & !(KKZ_MARK | KKZ_OFFLINE | KKZ_LABEL_ONLY) != 0 {
        return Err(usage("flags に知らない値があります。", "flags holds a value that is not known."));
    }
    let has = |flag: u32| asked.flags & flag != 0;
    // SAFETY: as promised by the caller.
    let grading = unsafe { grading(&asked) }?;
    // SAFETY: as promised by the caller.
    let title = unsafe { text_or_none(asked.title, "title") }?;
    Ok(Protection {
        grading,
        method: if has(KKZ_LABEL_ONLY) { Method::Label } else { Method::ByGrade },
        title: title.map(ToOwned::to_owned),
        // SAFETY: as promised by the caller.
        readers: unsafe { readers(&asked) }?,
        contact: if has(KKZ_OFFLINE) { Contact::Offline } else { Contact::Online },
        marks: if has(KKZ_MARK) { Marks::shown() } else { Marks::default() },
        threads: usize::try_from(asked.threads).ok().and_then(NonZeroUsize::new),
        ..Protection::default()
    })
}

/// # Safety
/// The strings end with NUL.
unsafe fn grading(asked: &kkz_protection) -> Result<Grading, Error> {
    // SAFETY: as promised by the caller.
    let grade = unsafe { text(asked.grade, "grade") }?.to_owned();
    // SAFETY: as promised by the caller.
    let restrictions = unsafe { text_or_none(asked.restrictions, "restrictions") }?;
    // SAFETY: as promised by the caller.
    let post = unsafe { text_or_none(asked.post, "post") }?;
    let restrictions = lines(restrictions).map(ToOwned::to_owned).collect();
    Ok(Grading { grade, restrictions, post: post.filter(|post| !post.trim().is_empty()).map(ToOwned::to_owned) })
}

/// # Safety
/// The strings end with NUL.
unsafe fn readers(asked: &kkz_protection) -> Result<Option<Readers>, Error> {
    // SAFETY: as promised by the caller.
    let subjects = unsafe { text_or_none(asked.readers, "readers") }?;
    // SAFETY: as promised by the caller.
    let units = unsafe { text_or_none(asked.units, "units") }?;
    if subjects.is_none() && units.is_none() {
        return Ok(None);
    }
    let subject = |line: &str| {
        let bad = |_| usage(format!("利用者の識別子ではありません：{line}"), format!("Not a subject's id: {line}"));
        line.parse().map_err(bad)
    };
    let subjects = lines(subjects).map(subject).collect::<Result<_, _>>()?;
    Ok(Some(Readers { subjects, units: lines(units).map(ToOwned::to_owned).collect() }))
}

/// Protects a file in its place: in one step, keeping permissions and times, leaving no plaintext behind. A kind with a
/// cover keeps its name, others get `.kkz` behind it: `*label` (NULL: not wanted) says where it lies now. When it fails,
/// the file is as it was. `cancel` may be NULL.
///
/// # Safety
/// `path` is a NUL-terminated string; `protection` is as its size says; `label` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_protect(
    session: *const kkz_session,
    path: *const c_char,
    protection: *const kkz_protection,
    cancel: *const kkz_cancel,
    label: *mut *mut kkz_label,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        let session = handles::expect(session, "session")?;
        // SAFETY: as promised by the caller.
        let path = Path::new(unsafe { text(path, "path") }?);
        // SAFETY: as promised by the caller.
        let asked = unsafe { self::protection(protection) }?;
        let done = during(cancel, || session.session().protect(path, &asked));
        let done = session.told("protect", done)?;
        if !label.is_null() {
            // SAFETY: not null; writable as promised by the caller.
            unsafe { give(label, kkz_label::written(&done)) };
        }
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// Protects new content under a name that must be free: what an application saves for the first time. The content is
/// nowhere on a disk in clear, unless that is what the grade or KKZ_LABEL_ONLY asks for. `path` names the document itself;
/// where it lies is told by kkz_label_path (`.kkz` is appended where the kind has no cover).
///
/// # Safety
/// As for kkz_protect; `content` is as its size says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_protect_new(
    session: *const kkz_session,
    content: *const kkz_source,
    path: *const c_char,
    protection: *const kkz_protection,
    cancel: *const kkz_cancel,
    label: *mut *mut kkz_label,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        let session = handles::expect(session, "session")?;
        // SAFETY: as promised by the caller.
        let content = unsafe { input(content, "content") }?;
        // SAFETY: as promised by the caller.
        let path = Path::new(unsafe { text(path, "path") }?);
        // SAFETY: as promised by the caller.
        let asked = unsafe { self::protection(protection) }?;
        let done = during(cancel, || session.session().protect_new(&content, path, &asked));
        let done = session.told("protect", done)?;
        if !label.is_null() {
            // SAFETY: not null; writable as promised by the caller.
            unsafe { give(label, kkz_label::written(&done)) };
        }
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// 明示のみ: writes the signed label into a document in clear, or beside it (`.kkzsig`), in place of an earlier one of ours. The
/// same as kkz_protect with KKZ_LABEL_ONLY; with KKZ_MARK its pages show it, too.
///
/// # Safety
/// As for kkz_protect.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_label_write(
    session: *const kkz_session,
    path: *const c_char,
    protection: *const kkz_protection,
    label: *mut *mut kkz_label,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        let session = handles::expect(session, "session")?;
        // SAFETY: as promised by the caller.
        let path = Path::new(unsafe { text(path, "path") }?);
        // SAFETY: as promised by the caller.
        let asked = Protection { method: Method::Label, ..unsafe { self::protection(protection) }? };
        let done = session.told("label", session.session().protect(path, &asked))?;
        if !label.is_null() {
            // SAFETY: not null; writable as promised by the caller.
            unsafe { give(label, kkz_label::written(&done)) };
        }
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}
