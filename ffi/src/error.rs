//! 誤り. What went wrong, as an object of its own: no state is kept between calls.

use std::ffi::{CString, c_char};
use std::ptr;

use sdk::{ApprovalKind, Error};

use crate::boundary::value;
use crate::handles;
use crate::rights::{
    KKZ_RIGHT_COPY, KKZ_RIGHT_EDIT, KKZ_RIGHT_EXPORT, KKZ_RIGHT_PRINT, KKZ_RIGHT_PROVIDE, KKZ_RIGHT_RELABEL,
    KKZ_RIGHT_VIEW, kkz_rights,
};
use crate::texts::{c_text, pointer};

/// What went wrong in one call. Owned by the caller: free with kkz_error_free.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_error {
    code: u32,
    slug: CString,
    message_ja: CString,
    message_en: CString,
    clause: Option<CString>,
    remedy_right: kkz_rights,
    remedy_ja: Option<CString>,
    remedy_en: Option<CString>,
    reference: Option<CString>,
}

impl kkz_error {
    pub(crate) fn new(error: &Error) -> Self {
        let clauses: Vec<&str> = error.clauses().iter().map(|c| c.id.as_str()).collect();
        let remedies = |pick: fn(&sdk::Remedy) -> &str| {
            let all: Vec<&str> = error.remedies().iter().map(pick).collect();
            (!all.is_empty()).then(|| c_text(&all.join("\n")))
        };
        Self {
            code: u32::from(error.code().number()),
            slug: c_text(error.code().slug()),
            message_ja: c_text(&error.text().ja),
            message_en: c_text(&error.text().en),
            clause: (!clauses.is_empty()).then(|| c_text(&clauses.join(", "))),
            remedy_right: error.remedies().iter().find_map(|remedy| asked_by(remedy.approval?)).unwrap_or(0),
            remedy_ja: remedies(|r| &r.text.ja),
            remedy_en: remedies(|r| &r.text.en),
            reference: error.reference().map(c_text),
        }
    }
}

/// The right whose application a kind is.
const fn asked_by(kind: ApprovalKind) -> Option<kkz_rights> {
    Some(match kind {
        ApprovalKind::View => KKZ_RIGHT_VIEW,
        ApprovalKind::Print => KKZ_RIGHT_PRINT,
        ApprovalKind::Copy => KKZ_RIGHT_COPY,
        ApprovalKind::Edit => KKZ_RIGHT_EDIT,
        ApprovalKind::Export => KKZ_RIGHT_EXPORT,
        ApprovalKind::Provide => KKZ_RIGHT_PROVIDE,
        ApprovalKind::Relabel => KKZ_RIGHT_RELABEL,
        _ => return None,
    })
}

/// Language of a message.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub type kkz_language = u32;
/// 日本語.
pub const KKZ_JAPANESE: kkz_language = 0;
/// English.
#[expect(dead_code, reason = "for callers: everything but Japanese is English here")]
pub const KKZ_ENGLISH: kkz_language = 1;

/// The one asked for. Whatever is not Japanese is English: KKZ_ENGLISH, and numbers that name no language.
pub(crate) const fn pick<T>(language: kkz_language, ja: T, en: T) -> T
where
    T: Copy,
{
    if language == KKZ_JAPANESE { ja } else { en }
}

/// The stable number of the error (docs/ffi.md lists them); 0 if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_code(error: *const kkz_error) -> u32 {
    value(0, || handles::find(error).map_or(0, |e| e.code))
}

/// The stable name of the error, such as `denied`. Lives as long as the error; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_name(error: *const kkz_error) -> *const c_char {
    field(error, |e| Some(&e.slug))
}

/// What happened and what to do, UTF-8, in the language asked for (any number but KKZ_JAPANESE is English).
/// Lives as long as the error; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_message(error: *const kkz_error, language: kkz_language) -> *const c_char {
    field(error, |e| Some(pick(language, &e.message_ja, &e.message_en)))
}

/// The clauses a refusal rests on, such as `3.1.1(5)(a)`, comma-separated; NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_clause(error: *const kkz_error) -> *const c_char {
    field(error, |e| e.clause.as_ref())
}

/// What would change a refusal, one line each; NULL when there is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_remedy(error: *const kkz_error, language: kkz_language) -> *const c_char {
    field(error, |e| pick(language, e.remedy_ja.as_ref(), e.remedy_en.as_ref()))
}

/// The right that would be asked for to change a refusal (kkz_request); 0 when asking does not help.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_remedy_right(error: *const kkz_error) -> kkz_rights {
    value(0, || handles::find(error).map_or(0, |e| e.remedy_right))
}

/// 受付番号: what to give when asking about it; NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_reference(error: *const kkz_error) -> *const c_char {
    field(error, |e| e.reference.as_ref())
}

fn field(error: *const kkz_error, pick: impl Fn(&kkz_error) -> Option<&CString>) -> *const c_char {
    value(ptr::null(), || handles::find(error).map_or(ptr::null(), |error| pointer(pick(&error))))
}

/// Frees an error. What is none does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_error_free(error: *mut kkz_error) {
    handles::take(error);
}
