//! 文字列. Text that lives as long as the object it was asked of, made when it is asked for the first time.

use std::collections::BTreeSet;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// Text for C. A NUL inside (there is none in our own texts) ends it.
pub(crate) fn c_text(text: &str) -> CString {
    let until_nul = text.split('\0').next().unwrap_or_default();
    CString::new(until_nul).unwrap_or_default()
}

/// A pointer to text that may not be there.
pub(crate) fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr())
}

/// Texts that were given to C.
#[derive(Default)]
pub(crate) struct Texts(Mutex<BTreeSet<CString>>);

impl Texts {
    /// The same text at the same place each time.
    pub(crate) fn keep(&self, text: Option<&str>) -> *const c_char {
        let Some(text) = text.map(c_text) else { return ptr::null() };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains(&text) {
            kept.insert(text.clone());
        }
        // What the set owns does not move while it is in there, and it is never taken out.
        pointer(kept.get(&text))
    }
}
