//! 中止. Given up from another thread.

use sdk::Cancel;

use crate::boundary::value;
use crate::handles;

/// Gives up running calls. One may be given to several calls; once triggered, all of them end, and so does every later one.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_cancel(Cancel);

impl kkz_cancel {
    pub(crate) const fn token(&self) -> &Cancel {
        &self.0
    }
}

/// A new one that nobody has triggered. Never NULL. Free it with kkz_cancel_free.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_cancel_new() -> *mut kkz_cancel {
    value(std::ptr::null_mut(), || handles::give(kkz_cancel(Cancel::new())))
}

/// Gives up the calls it was given to: from any thread, at any time. They end with the error `cancelled`, and what they worked
/// on is as it was before. A call that waits for the key server ends within moments, one that connects to it within five
/// seconds; one that has begun to register a document finishes. NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_cancel_trigger(cancel: *const kkz_cancel) {
    value((), || {
        if let Some(cancel) = handles::find(cancel) {
            cancel.0.trigger();
        }
    });
}

/// Frees it; calls it was given to run on. NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_cancel_free(cancel: *mut kkz_cancel) {
    handles::take(cancel);
}
