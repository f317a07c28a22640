//! 名前. A file gets another name only while that is free, in one step; the name is on the disk when this returns.

use std::io;
use std::path::Path;

use windows_sys::Win32::Storage::FileSystem::{MOVEFILE_WRITE_THROUGH, MoveFileExW};

use crate::wide;

/// Gives a file a name that must be free.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when it is taken.
pub fn rename_free(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide::path(from)?, wide::path(to)?);
    // SAFETY: both are UTF-16 with a zero at the end and live until the call returns.
    let done = unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_WRITE_THROUGH) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
