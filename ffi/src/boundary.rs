//! 境界. What comes in from C is checked here, once: pointers, text, sizes, panics.

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sdk::Error;
use sdk::code::{Code, Text};

use crate::cancel::kkz_cancel;
use crate::error::kkz_error;
use crate::handles;

/// Success.
pub(crate) const OK: u32 = 0;
/// Largest struct a newer program may hand over, in bytes.
const STRUCT_MAX: usize = 4096;

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
                let object = handles::give(kkz_error::new(&error));
                // SAFETY: not null; the caller of this function promises that it is writable.
                unsafe { err.write(object) };
            }
            status
        }
    }
}

/// A value for C that can't fail; `otherwise` when finding it out panicked.
pub(crate) fn value<T>(otherwise: T, find: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(find)).unwrap_or(otherwise)
}

/// Runs a call that `cancel` may give up, if it is not null.
pub(crate) fn during<T>(cancel: *const kkz_cancel, call: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    if cancel.is_null() {
        return call();
    }
    let cancel: Arc<kkz_cancel> = handles::expect(cancel, "cancel")?;
    cancel.token().during(call)
}

/// A call made in a way the interface does not allow.
pub(crate) fn usage(ja: impl Into<String>, en: impl Into<String>) -> Error {
    Error::new(Code::Usage, Text::new(ja.into(), en.into()))
}

/// An argument that may not be null was.
pub(crate) fn null(what: &'static str) -> Error {
    usage(format!("引数 {what} が NULL です。"), format!("The argument {what} is NULL."))
}

/// That there is a place for an output.
pub(crate) fn writable<T>(out: *mut T, what: &'static str) -> Result<(), Error> {
    if out.is_null() { Err(null(what)) } else { Ok(()) }
}

/// Text from C, UTF-8, ended by NUL.
///
/// # Safety
/// `text` is null or points to a NUL-terminated string that stays unchanged during the call.
pub(crate) unsafe fn text<'a>(text: *const c_char, what: &'static str) -> Result<&'a str, Error> {
    // SAFETY: as promised by the caller.
    unsafe { text_or_none(text, what) }?.ok_or_else(|| null(what))
}

/// The same where there may be none.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn text_or_none<'a>(text: *const c_char, what: &'static str) -> Result<Option<&'a str>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not null; the caller promises a terminated string.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map(Some).map_err(|_| {
        usage(format!("引数 {what} が UTF-8 ではありません。"), format!("The argument {what} is not UTF-8."))
    })
}

/// The lines of a text, without empty ones.
pub(crate) fn lines(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A struct of options from C, which begins with its own size: what an older program does not have is zero, what a newer one
/// has besides must be.
///
/// # Safety
/// `options` is null or points to as many readable bytes as its first `size_t` says. All zero bytes are a value of `T`, a
/// `repr(C)` struct that begins with that `size_t`.
pub(crate) unsafe fn options<T: Copy>(options: *const T, least: usize, what: &'static str) -> Result<T, Error> {
    if options.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null; every such struct begins with its size. C aligns it, but that need not be believed.
    let size = unsafe { options.cast::<usize>().read_unaligned() };
    if !(least..=STRUCT_MAX).contains(&size) {
        return Err(usage(
            format!("引数 {what} の size が正しくありません（{size}）。sizeof を代入してください。"),
            format!("The size of {what} is not valid ({size}): assign its sizeof."),
        ));
    }
    let known = size.min(size_of::<T>());
    // SAFETY: `size` bytes are readable, as promised by the caller.
    let bytes = unsafe { std::slice::from_raw_parts(options.cast::<u8>(), size) };
    if bytes.get(known..).unwrap_or_default().iter().any(|byte| *byte != 0) {
        return Err(Error::new(
            Code::Unsupported,
            Text::new(
                format!(
                    "引数 {what} に、このライブラリの知らない指定があります。新しい版のライブラリを使ってください。"
                ),
                format!("{what} asks for something this library does not know. Use a newer one."),
            ),
        ));
    }
    let mut value = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: both are valid for `known` bytes, which is no more than either holds.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), value.as_mut_ptr().cast::<u8>(), known) };
    // SAFETY: zero bytes are a value of `T`, as promised; so are those with what C wrote in place of some of them.
    Ok(unsafe { value.assume_init() })
}

/// Gives an object to C, which owns it until it closes it.
///
/// # Safety
/// `out` points to a writable place for one pointer.
pub(crate) unsafe fn give<T: std::any::Any + Send + Sync>(out: *mut *mut T, object: T) {
    let handle = handles::give(object);
    // SAFETY: the caller checked that it is not null and promises that it is writable.
    unsafe { out.write(handle) };
}
