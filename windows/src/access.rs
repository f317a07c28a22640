//! アクセス許可. Who may read and write a file or folder, in the text form of access lists (SDDL), so that all judging is done on
//! text.

use std::ffi::{OsStr, c_void};
use std::io;
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, ConvertStringSecurityDescriptorToSecurityDescriptorW,
    GetNamedSecurityInfoW, SDDL_REVISION_1, SE_FILE_OBJECT,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, OBJECT_SECURITY_INFORMATION, OWNER_SECURITY_INFORMATION, SECURITY_ATTRIBUTES,
    SetFileSecurityW,
};
use windows_sys::Win32::Storage::FileSystem::CreateDirectoryW;

use crate::wide;

/// Longest text the system hands out that is read, in letters: access lists end at 64 KiB.
const LONGEST: usize = 1 << 20;

/// What of a file's protection is asked for or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 所有者.
    Owner,
    /// The access list.
    List,
}

impl Part {
    const fn flag(self) -> OBJECT_SECURITY_INFORMATION {
        match self {
            Self::Owner => OWNER_SECURITY_INFORMATION,
            Self::List => DACL_SECURITY_INFORMATION,
        }
    }
}

/// Owner or access list of what lies at a path, as SDDL.
///
/// # Errors
/// When it is not there or this user may not ask.
pub fn read(path: &Path, part: Part) -> io::Result<String> {
    let path = wide::path(path)?;
    let mut found = ptr::null_mut();
    let (kind, what, no) = (SE_FILE_OBJECT, part.flag(), ptr::null_mut());
    let (group, list, audit) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the path is UTF-16 with a zero at the end; the single parts may be null; `found` is ours to be written to.
    let error = unsafe { GetNamedSecurityInfoW(path.as_ptr(), kind, what, no, group, list, audit, &mut found) };
    if error != 0 {
        return Err(io::Error::from_raw_os_error(error.cast_signed()));
    }
    as_text(&Local::of(found), part)
}

/// Gives what lies at a path an owner or access list, as [`read`] gave it.
///
/// # Errors
/// When this user may not, or the text says nothing.
pub fn give(path: &Path, part: Part, text: &str) -> io::Result<()> {
    let (path, descriptor) = (wide::path(path)?, from_text(text)?);
    // SAFETY: the path is UTF-16 with a zero at the end, the descriptor whole; both live until the call returns.
    let done = unsafe { SetFileSecurityW(path.as_ptr(), part.flag(), descriptor.0) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Makes a folder with an access list of its own from the first moment.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when it is there; when it can't be made.
pub fn make_folder(path: &Path, text: &str) -> io::Result<()> {
    let (path, descriptor) = (wide::path(path)?, from_text(text)?);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0),
        lpSecurityDescriptor: descriptor.0,
        bInheritHandle: 0,
    };
    // SAFETY: the path is UTF-16 with a zero at the end; the descriptor in `attributes` lives until the call returns.
    let done = unsafe { CreateDirectoryW(path.as_ptr(), &attributes) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The form in which the system writes a text: `S-1-5-32-544` becomes `BA`.
///
/// # Errors
/// When it says nothing.
pub fn normal(text: &str, part: Part) -> io::Result<String> {
    as_text(&from_text(text)?, part)
}

fn as_text(descriptor: &Local, part: Part) -> io::Result<String> {
    let (mut text, length) = (ptr::null_mut(), ptr::null_mut());
    let (from, form, what) = (descriptor.0, SDDL_REVISION_1, part.flag());
    // SAFETY: the descriptor is whole and lives; `text` is ours to be written to, the length is not asked for.
    let done = unsafe { ConvertSecurityDescriptorToStringSecurityDescriptorW(from, form, what, &mut text, length) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Local::of(text.cast()).text() }
}

fn from_text(text: &str) -> io::Result<Local> {
    let text = wide::text(OsStr::new(text))?;
    let (mut descriptor, size) = (ptr::null_mut(), ptr::null_mut());
    let (from, form) = (text.as_ptr(), SDDL_REVISION_1);
    // SAFETY: the text is UTF-16 with a zero at the end; `descriptor` is ours to be written to, the size is not asked for.
    let done = unsafe { ConvertStringSecurityDescriptorToSecurityDescriptorW(from, form, &mut descriptor, size) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(Local::of(descriptor)) }
}

/// Memory of the system's local heap, given back when dropped.
pub(crate) struct Local(*mut c_void);

impl Local {
    /// What a function of the system handed out; nobody else gives it back.
    pub(crate) const fn of(handed: *mut c_void) -> Self {
        Self(handed)
    }

    /// It as text with a zero at its end.
    pub(crate) fn text(&self) -> io::Result<String> {
        let start = self.0.cast_const().cast::<u16>();
        let mut units = Vec::new();
        while !start.is_null() && units.len() < LONGEST {
            // SAFETY: the text goes on to its zero, which has not come yet.
            let at = unsafe { start.add(units.len()) };
            // SAFETY: as above.
            match unsafe { at.read() } {
                0 => break,
                unit => units.push(unit),
            }
        }
        String::from_utf16(&units).map_err(|_| io::ErrorKind::InvalidData.into())
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: handed out by the system for this, given back once; null is allowed.
        let _nothing_left = unsafe { LocalFree(self.0) };
    }
}
