//! 誤り. What went wrong, as an object of its own: no state is kept between calls.

use std::ffi::{CString, c_char};
use std::ptr;

use sdk::Error;

use crate::boundary::take;

/// What went wrong in one call. Owned by the caller: free with kkz_error_free.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_error {
    code: u32,
    slug: CString,
    message_ja: CString,
    message_en: CString,
    clause: Option<CString>,
    remedy_ja: Option<CString>,
    remedy_en: Option<CString>,
    reference: Option<CString>,
}

/// Text for C. A NUL inside (there is none in our own texts) ends it.
pub(crate) fn c_text(text: &str) -> CString {
    let until_nul = text.split('\0').next().unwrap_or_default();
    CString::new(until_nul).unwrap_or_default()
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
            remedy_ja: remedies(|r| &r.text.ja),
            remedy_en: remedies(|r| &r.text.en),
            reference: error.reference().map(c_text),
        }
    }
}

/// Language of a message.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub type kkz_language = u32;
/// 日本語.
pub const KKZ_JAPANESE: kkz_language = 0;
/// English.
#[expect(dead_code, reason = "for callers: everything but Japanese is English here")]
pub const KKZ_ENGLISH: kkz_language = 1;

fn pick<'t>(language: kkz_language, ja: &'t CString, en: &'t CString) -> *const c_char {
    // Whatever is not Japanese is English: KKZ_ENGLISH, and numbers that name no language.
    if language == KKZ_JAPANESE { ja.as_ptr() } else { en.as_ptr() }
}

/// The stable number of the error (docs: list of outward codes); 0 for NULL.
///
/// # Safety
/// `error` is NULL or an error given by this library and not yet freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_code(error: *const kkz_error) -> u32 {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }.map_or(0, |e| e.code)
}

/// The stable name of the error, such as `denied`. Lives as long as the error; NULL for NULL.
///
/// # Safety
/// As for kkz_error_code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_name(error: *const kkz_error) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }.map_or(ptr::null(), |e| e.slug.as_ptr())
}

/// What happened and what to do, UTF-8, in the language asked for (any number but KKZ_JAPANESE is English).
/// Lives as long as the error; NULL for NULL.
///
/// # Safety
/// As for kkz_error_code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_message(error: *const kkz_error, language: kkz_language) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }.map_or(ptr::null(), |e| pick(language, &e.message_ja, &e.message_en))
}

/// The clauses a refusal rests on, such as `3.1.1(5)(a)`, comma-separated; NULL when there is none.
///
/// # Safety
/// As for kkz_error_code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_clause(error: *const kkz_error) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }.and_then(|e| e.clause.as_ref()).map_or(ptr::null(), |c| c.as_ptr())
}

/// What would change a refusal, one line each; NULL when there is nothing.
///
/// # Safety
/// As for kkz_error_code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_remedy(error: *const kkz_error, language: kkz_language) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }
        .and_then(|e| Some(pick(language, e.remedy_ja.as_ref()?, e.remedy_en.as_ref()?)))
        .unwrap_or(ptr::null())
}

/// 受付番号: what to give when asking about it; NULL when there is none.
///
/// # Safety
/// As for kkz_error_code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_reference(error: *const kkz_error) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }.and_then(|e| e.reference.as_ref()).map_or(ptr::null(), |c| c.as_ptr())
}

/// Frees an error. NULL does nothing.
///
/// # Safety
/// `error` is NULL or an error given by this library, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_error_free(error: *mut kkz_error) {
    // SAFETY: as promised by the caller.
    unsafe { take(error) };
}
