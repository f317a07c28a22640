//! 版. Which version of the interface this is: compiled in, and at hand.

use std::ffi::c_char;

/// Version of the interface this header describes: changes that break programs raise it (while it is 0, the next number does).
pub const KKZ_VERSION_MAJOR: u32 = 0;
/// Additions that break nothing raise it; while the first number is 0, breaks do as well.
pub const KKZ_VERSION_MINOR: u32 = 1;
/// Mends.
pub const KKZ_VERSION_PATCH: u32 = 0;

const _: () = assert!(
    same(env!("CARGO_PKG_VERSION_MAJOR"), KKZ_VERSION_MAJOR)
        && same(env!("CARGO_PKG_VERSION_MINOR"), KKZ_VERSION_MINOR)
        && same(env!("CARGO_PKG_VERSION_PATCH"), KKZ_VERSION_PATCH),
    "the version in the header is the package's"
);

const fn same(text: &str, number: u32) -> bool {
    match u32::from_str_radix(text, 10) {
        Ok(read) => read == number,
        Err(_) => false,
    }
}

/// Version of the library that was linked, such as `0.1.0`. Never NULL; lives forever.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_version() -> *const c_char {
    const VERSION: &std::ffi::CStr =
        match std::ffi::CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(text) => text,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}
