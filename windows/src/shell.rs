//! エクスプローラー. The program registered for a file, and telling Explorer that what is registered has changed.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::ptr;

use windows_sys::Win32::System::Com::{COINIT_APARTMENTTHREADED, COINIT_DISABLE_OLE1DDE, CoInitializeEx};
use windows_sys::Win32::UI::Shell::{SHCNE_ASSOCCHANGED, SHCNF_IDLIST, SHChangeNotify, ShellExecuteW};
use windows_sys::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;

use crate::wide;

/// Answers of `ShellExecuteW` above this are no errors (shellapi.h).
const DONE: isize = 32;

/// Hands a file to the program registered for it, as a double-click would; returns at once.
///
/// # Errors
/// When no program is registered, or it can't be started.
pub fn open(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let folder = path.parent().unwrap_or(&path);
    let (verb, file, folder) =
        (wide::text(OsStr::new("open"))?, wide::text(path.as_os_str())?, wide::text(folder.as_os_str())?);
    let how = COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE;
    // SAFETY: some handlers want COM; a second initialisation is counted and harmless, a refused one as well.
    let _as_before = unsafe { CoInitializeEx(ptr::null(), how.cast_unsigned()) };
    let (owner, none) = (ptr::null_mut(), ptr::null());
    // SAFETY: all text is UTF-16 with a zero at the end and lives until the call returns; owner and arguments may be null.
    let answer = unsafe { ShellExecuteW(owner, verb.as_ptr(), file.as_ptr(), none, folder.as_ptr(), SW_SHOWNORMAL) };
    if answer as isize > DONE { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Tells Explorer that kinds of files or their verbs have changed.
pub fn tell_of_kinds() {
    // SAFETY: this event takes no items, both may be null.
    unsafe { SHChangeNotify(SHCNE_ASSOCCHANGED.cast_signed(), SHCNF_IDLIST, ptr::null(), ptr::null()) };
}
