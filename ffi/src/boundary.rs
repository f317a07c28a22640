//! 境界. What comes in from C is checked here, once: pointers, text, panics.

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use sdk::Error;
use sdk::code::{Code, Text};

use crate::error::kkz_error;

/// Success.
pub(crate) const OK: u32 = 0;

/// Runs a call; gives its status, writes its error to `err` if there is one and `err` is not null.
///
/// # Safety
/// `err` is null or points to a writable place for one pointer.
pub(crate) unsafe fn guard(err: *mut *mut kkz_error, call: impl FnOnce() -> Result<(), Error>) -> u32 {
    // Nothing of a call that panicked is used afterwards: its outputs were not written.
    let outcome = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| Err(Error::of(Code::Internal)));
    match outcome {
        Ok(()) => OK,
        Err(error) => {
            let status = u32::from(error.code().number());
            if !err.is_null() {
                let object = Box::into_raw(Box::new(kkz_error::new(&error)));
                // SAFETY: not null; the caller of this function promises that it is writable.
                unsafe { err.write(object) };
            }
            status
        }
    }
}

/// An argument that may not be null was.
pub(crate) fn null(what: &'static str) -> Error {
    Error::new(Code::Usage, Text::new(format!("引数 {what} が NULL です。"), format!("The argument {what} is NULL.")))
}

/// Text from C, UTF-8, ended by NUL.
///
/// # Safety
/// `text` is null or points to a NUL-terminated string that stays unchanged during the call.
pub(crate) unsafe fn text<'a>(text: *const c_char, what: &'static str) -> Result<&'a str, Error> {
    if text.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null; the caller promises a terminated string.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|_| {
        Error::new(
            Code::Usage,
            Text::new(format!("引数 {what} が UTF-8 ではありません。"), format!("The argument {what} is not UTF-8.")),
        )
    })
}

/// A reference from a handle.
///
/// # Safety
/// `handle` is null or was given by this library, has not been closed, and stays open during the call.
pub(crate) unsafe fn handle<'a, T>(handle: *const T, what: &'static str) -> Result<&'a T, Error> {
    // SAFETY: the caller promises a live object or null.
    unsafe { handle.as_ref() }.ok_or_else(|| null(what))
}

/// Gives an object to C, which owns it until it closes it.
///
/// # Safety
/// `out` points to a writable place for one pointer.
pub(crate) unsafe fn give<T>(out: *mut *mut T, object: T) {
    // SAFETY: the caller checked that it is not null and promises that it is writable.
    unsafe { out.write(Box::into_raw(Box::new(object))) };
}

/// Takes an object back from C and drops it. Null does nothing.
///
/// # Safety
/// `object` is null or was given by [`give`] and is not used again.
pub(crate) unsafe fn take<T>(object: *mut T) {
    if object.is_null() {
        return;
    }
    // SAFETY: not null; given by `give`, so it is a box, and nobody uses it again.
    let object = unsafe { Box::from_raw(object) };
    // A panic while dropping must not reach C.
    let _dropped = catch_unwind(AssertUnwindSafe(move || drop(object)));
}
