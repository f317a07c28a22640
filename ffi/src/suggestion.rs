//! 格付の提案. Which label a document's content asks for, and why.

use std::ffi::{CString, c_char};
use std::ptr;

use sdk::Suggested;

use crate::boundary::{during, give, guard, value, writable};
use crate::cancel::kkz_cancel;
use crate::error::{kkz_error, kkz_language, pick};
use crate::handles;
use crate::session::kkz_session;
use crate::source::{input, kkz_source};
use crate::texts::{c_text, pointer};

/// A suggested label. It decides nothing: people do. Free it with kkz_suggestion_free.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_suggestion {
    grade: CString,
    restrictions: CString,
    reasons_ja: CString,
    reasons_en: CString,
    confidence: i32,
    json: CString,
}

impl kkz_suggestion {
    fn new(suggested: &Suggested) -> Self {
        let grading = suggested.grading();
        let reasons = suggested.reasons();
        let ja: Vec<&str> = reasons.iter().map(|reason| &*reason.ja).collect();
        let en: Vec<&str> = reasons.iter().map(|reason| &*reason.en).collect();
        Self {
            grade: c_text(&grading.grade),
            restrictions: c_text(&grading.restrictions.join("\n")),
            reasons_ja: c_text(&ja.join("\n")),
            reasons_en: c_text(&en.join("\n")),
            confidence: suggested.confidence().map_or(-1, i32::from),
            json: c_text(&serde_json::to_string(suggested).unwrap_or_default()),
        }
    }
}

/// Reads a document in clear and suggests its label, by the taxonomy in force, or the built-in one without a session
/// (NULL). Nothing is changed and nobody is told. `cancel` may be NULL.
///
/// # Safety
/// `source` is as its size says; `suggestion` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_suggest(
    session: *const kkz_session,
    source: *const kkz_source,
    cancel: *const kkz_cancel,
    suggestion: *mut *mut kkz_suggestion,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        writable(suggestion, "suggestion")?;
        let session = if session.is_null() { None } else { Some(handles::expect(session, "session")?) };
        let session = session.as_ref().map(|session| session.session());
        // SAFETY: as promised by the caller.
        let input = unsafe { input(source, "source") }?;
        let suggested = during(cancel, || sdk::suggest_input(session, &input))?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(suggestion, kkz_suggestion::new(&suggested)) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// 格付 as kkz_protection takes it. Lives as long as the suggestion; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_suggestion_grade(suggestion: *const kkz_suggestion) -> *const c_char {
    field(suggestion, |s| &s.grade)
}

/// 取扱制限, one a line. Lives as long as the suggestion; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_suggestion_restrictions(suggestion: *const kkz_suggestion) -> *const c_char {
    field(suggestion, |s| &s.restrictions)
}

/// What it rests on, one a line, the weightiest first. Lives as long as the suggestion; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_suggestion_reasons(suggestion: *const kkz_suggestion, language: kkz_language) -> *const c_char {
    field(suggestion, |s| pick(language, &s.reasons_ja, &s.reasons_en))
}

/// How sure it is, in percent; -1: nothing was found, it is the usual grade.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_suggestion_confidence(suggestion: *const kkz_suggestion) -> i32 {
    value(-1, || handles::find(suggestion).map_or(-1, |s| s.confidence))
}

/// All of it, in JSON, as `labeler suggest --json` prints a document. Lives as long as the suggestion; NULL if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_suggestion_json(suggestion: *const kkz_suggestion) -> *const c_char {
    field(suggestion, |s| &s.json)
}

/// Frees a suggestion. What is none does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_suggestion_free(suggestion: *mut kkz_suggestion) {
    handles::take(suggestion);
}

fn field(suggestion: *const kkz_suggestion, pick: impl Fn(&kkz_suggestion) -> &CString) -> *const c_char {
    value(ptr::null(), || handles::find(suggestion).map_or(ptr::null(), |s| pointer(Some(pick(&s)))))
}
