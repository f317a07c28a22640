//! 格付・取扱制限. What a file says of itself, and whether that was found to hold.

use std::ffi::{CString, c_char};
use std::path::Path;
use std::ptr;

use sdk::code::Code;
use sdk::{ContentState, Error, Form, LabelView, Protected, Session, Shown, SignatureState, Verification};
use serde::Serialize;

use crate::boundary::{during, give, guard, value, writable};
use crate::cancel::kkz_cancel;
use crate::error::kkz_error;
use crate::handles;
use crate::session::kkz_session;
use crate::source::{input, kkz_source};
use crate::texts::{c_text, pointer};

/// A label that was read, written or checked. Free it with kkz_label_free.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_label {
    header: CString,
    grade: CString,
    restrictions: CString,
    decider: CString,
    signer: Option<CString>,
    path: CString,
    json: CString,
    form: u32,
    signature: u32,
    content: u32,
}

/// A bare envelope, `name.ext.kkz`.
pub const KKZ_FORM_ENVELOPE: u32 = 1;
/// A file of the document's own kind with a cover page and the envelope inside.
pub const KKZ_FORM_CARRIER: u32 = 2;
/// The document in clear with the signed label in its metadata.
pub const KKZ_FORM_NATIVE: u32 = 3;
/// The document in clear with its signature beside it, `name.ext.kkzsig`.
pub const KKZ_FORM_DETACHED: u32 = 4;

/// The label's signature was not looked at: there was no session.
pub const KKZ_SIGNATURE_UNCHECKED: u32 = 0;
/// It is good, by a signer of a known authority.
pub const KKZ_SIGNATURE_VALID: u32 = 1;
/// It is not good: the label is nobody's word.
pub const KKZ_SIGNATURE_INVALID: u32 = 2;
/// Nobody here knows the authority: the label is a claim.
pub const KKZ_SIGNATURE_UNKNOWN_AUTHORITY: u32 = 3;

/// The content was not looked at.
pub const KKZ_CONTENT_UNCHECKED: u32 = 0;
/// Signed by its author, and every byte is as it was signed.
pub const KKZ_CONTENT_INTACT: u32 = 1;
/// No signature covers it: 改ざん検知なし.
pub const KKZ_CONTENT_NOT_COVERED: u32 = 2;

impl kkz_label {
    fn new(label: &LabelView, path: &Path, form: Form, all: &impl Serialize) -> Self {
        Self {
            header: c_text(&label.header),
            grade: c_text(&label.grade),
            restrictions: c_text(&label.restrictions.join("\n")),
            decider: c_text(&format!("{} {}", label.decided_by.post, label.decided_by.name)),
            signer: None,
            path: c_text(&path.to_string_lossy()),
            json: c_text(&serde_json::to_string(all).unwrap_or_default()),
            form: match form {
                Form::Envelope => KKZ_FORM_ENVELOPE,
                Form::Carrier => KKZ_FORM_CARRIER,
                Form::NativeLabel => KKZ_FORM_NATIVE,
                Form::Detached => KKZ_FORM_DETACHED,
            },
            signature: KKZ_SIGNATURE_UNCHECKED,
            content: KKZ_CONTENT_UNCHECKED,
        }
    }

    /// What was protected or labelled just now, signed by us.
    pub(crate) fn written(protected: &Protected) -> Self {
        let label = Self::new(&protected.label, &protected.path, protected.form, protected);
        Self { signature: KKZ_SIGNATURE_VALID, ..label }
    }

    fn read(shown: &Shown, session: Option<&Session>, all: &impl Serialize) -> Self {
        let signature = match (shown.signature, session) {
            (_, None) => KKZ_SIGNATURE_UNCHECKED,
            (SignatureState::Valid, _) => KKZ_SIGNATURE_VALID,
            (SignatureState::Invalid, _) => KKZ_SIGNATURE_INVALID,
            (SignatureState::UnknownAuthority, _) => KKZ_SIGNATURE_UNKNOWN_AUTHORITY,
        };
        let signer = shown.signer.as_ref().map(|signer| c_text(&signer.name));
        Self { signature, signer, ..Self::new(&shown.label, &shown.path, shown.form, all) }
    }

    fn verified(found: &Verification, session: &Session) -> Self {
        let content = match found.content {
            ContentState::Intact => KKZ_CONTENT_INTACT,
            ContentState::NotCovered => KKZ_CONTENT_NOT_COVERED,
        };
        Self { content, ..Self::read(&found.shown, Some(session), found) }
    }
}

/// Reads the label of a document, sealed or in clear: no key and no server is needed. With a session its signature is
/// judged; without (NULL) it is a claim. `not-protected`: there is none.
///
/// # Safety
/// `source` is as its size says; `label` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_label_read(
    session: *const kkz_session,
    source: *const kkz_source,
    label: *mut *mut kkz_label,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        writable(label, "label")?;
        let session = if session.is_null() { None } else { Some(handles::expect(session, "session")?) };
        let session = session.as_ref().map(|session| session.session());
        // SAFETY: as promised by the caller.
        let shown = sdk::show_input(&unsafe { input(source, "source") }?, session)?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(label, kkz_label::read(&shown, session, &shown)) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// Verifies a document without a key: its label's signature, its author's, and every byte of the content they cover.
/// Anything that does not hold is an error. `cancel` may be NULL.
///
/// # Safety
/// As for kkz_label_read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_verify(
    session: *const kkz_session,
    source: *const kkz_source,
    cancel: *const kkz_cancel,
    label: *mut *mut kkz_label,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        writable(label, "label")?;
        let session = handles::expect(session, "session")?;
        // SAFETY: as promised by the caller.
        let input = unsafe { input(source, "source") }?;
        let found = during(cancel, || session.session().verify_input(&input));
        let found = session.told("verify", found)?;
        if found.shown.signature != SignatureState::Valid {
            return Err(Error::of(Code::SignatureInvalid));
        }
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(label, kkz_label::verified(&found, session.session())) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// 格付・取扱制限 as agencies print them. Lives as long as the label; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_header(label: *const kkz_label) -> *const c_char {
    field(label, |label| Some(&label.header))
}

/// 格付 in its code form, `C2I1A1`. Lives as long as the label; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_grade(label: *const kkz_label) -> *const c_char {
    field(label, |label| Some(&label.grade))
}

/// 取扱制限, one a line. Lives as long as the label; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_restrictions(label: *const kkz_label) -> *const c_char {
    field(label, |label| Some(&label.restrictions))
}

/// 決定者: 官職 and 氏名, as the label says. Lives as long as the label; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_decider(label: *const kkz_label) -> *const c_char {
    field(label, |label| Some(&label.decider))
}

/// Whose signature was found good; NULL: none was. Lives as long as the label.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_signer(label: *const kkz_label) -> *const c_char {
    field(label, |label| label.signer.as_ref())
}

/// Where the document lies now, or the name it was handed over under. Lives as long as the label; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_path(label: *const kkz_label) -> *const c_char {
    field(label, |label| Some(&label.path))
}

/// All there is to know, in JSON, as `labeler show`, `verify` or `protect` print it. Lives as long as the label; NULL if it
/// is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_json(label: *const kkz_label) -> *const c_char {
    field(label, |label| Some(&label.json))
}

/// The form of the document: KKZ_FORM_…; 0 if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_form(label: *const kkz_label) -> u32 {
    value(0, || handles::find(label).map_or(0, |label| label.form))
}

/// Whether the label's signature was found good: KKZ_SIGNATURE_….
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_signature(label: *const kkz_label) -> u32 {
    value(0, || handles::find(label).map_or(KKZ_SIGNATURE_UNCHECKED, |label| label.signature))
}

/// How far the content was checked: KKZ_CONTENT_….
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_content(label: *const kkz_label) -> u32 {
    value(0, || handles::find(label).map_or(KKZ_CONTENT_UNCHECKED, |label| label.content))
}

/// Frees a label. What is none does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_label_free(label: *mut kkz_label) {
    handles::take(label);
}

fn field(label: *const kkz_label, pick: impl Fn(&kkz_label) -> Option<&CString>) -> *const c_char {
    value(ptr::null(), || handles::find(label).map_or(ptr::null(), |label| pointer(pick(&label))))
}
