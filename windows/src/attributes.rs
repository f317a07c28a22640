//! 属性. Hidden, archived and the like: marks of a file beside who may read it.

use std::io;
use std::path::Path;

use windows_sys::Win32::Storage::FileSystem::SetFileAttributesW;

use crate::wide;

/// Gives a file its attributes, as `file_attributes` of the standard library gives them.
///
/// # Errors
/// When this user may not.
pub fn give(path: &Path, attributes: u32) -> io::Result<()> {
    let path = wide::path(path)?;
    // SAFETY: UTF-16 with a zero at the end that lives until the call returns.
    let done = unsafe { SetFileAttributesW(path.as_ptr(), attributes) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
