//! 出所. Where bytes come from: a path, an open file, or callbacks of the program.

use std::ffi::{c_char, c_void};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sdk::{Error, Input, Source};

use crate::boundary::{options, text_or_none, usage};

/// Where the bytes of a document come from: a path, else `read_at`, else `handle`. Assign its sizeof to `size`; what is
/// zero or NULL is not there. A document opened from it keeps `handle` (a duplicate of it) or `read_at` with `context`
/// until it is closed.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_source {
    /// sizeof(kkz_source).
    pub size: usize,
    /// A file by its path, UTF-8; NULL if it is none of them. `handle` must be 0 or -1 and `read_at` NULL then.
    pub path: *const c_char,
    /// An open file: a descriptor (POSIX) or a HANDLE (Windows). It stays the caller's and is not closed. On POSIX its
    /// position is neither used nor moved; on Windows it moves.
    pub handle: isize,
    /// Writes up to `length` bytes at `offset` into `buffer` and gives their number, fewer only at the end; negative:
    /// failed. Called from several threads at once. It must return: no longjmp out of it, no exception.
    pub read_at: Option<unsafe extern "C" fn(context: *mut c_void, offset: u64, buffer: *mut u8, length: usize) -> i64>,
    /// Given to `read_at`.
    pub context: *mut c_void,
    /// How many bytes there are, for `read_at`.
    pub length: u64,
    /// A file name, UTF-8, for showing and for telling the kind where there is no path; NULL: none.
    pub name: *const c_char,
}

/// The name of what has none.
const NAMELESS: &str = "document";

/// Reads a source from C.
///
/// # Safety
/// `source` is null or a struct as its size says; its strings end with NUL; its handle is open and its callback callable for
/// as long as what comes of it lives.
pub(crate) unsafe fn input(source: *const kkz_source, what: &'static str) -> Result<Input, Error> {
    // SAFETY: as promised by the caller; all of its fields may be zero.
    let source = unsafe { options(source, size_of::<kkz_source>(), what) }?;
    // SAFETY: as promised by the caller.
    let path = unsafe { text_or_none(source.path, "path") }?;
    // SAFETY: as promised by the caller.
    let name = unsafe { text_or_none(source.name, "name") }?;
    let name = PathBuf::from(name.and_then(|name| Path::new(name).file_name()).unwrap_or(NAMELESS.as_ref()));
    match (path, source.read_at) {
        (Some(path), None) if matches!(source.handle, 0 | -1) => Ok(Input::Path(PathBuf::from(path))),
        (None, Some(read)) if matches!(source.handle, 0 | -1) => {
            let given = Callback { read, context: source.context, length: source.length };
            Ok(Input::Given(Arc::new(given), name))
        }
        // All of it zero says nothing, and is not standard input.
        (None, None) if matches!(source.handle, 0 | -1) => Err(usage(
            format!("引数 {what} には、path・handle・read_at のどれかが必要です。"),
            format!("{what} must have one of path, handle and read_at."),
        )),
        // SAFETY: as promised by the caller.
        (None, None) => Ok(Input::Open(Arc::new(unsafe { duplicate(source.handle, &name) }?), name)),
        _ => Err(usage(
            format!("引数 {what} には、path・handle・read_at のうち一つだけを指定してください。"),
            format!("{what} must have exactly one of path, handle and read_at."),
        )),
    }
}

/// The same open file under a handle of our own.
///
/// # Safety
/// `handle` is an open descriptor, or none at all.
#[cfg(unix)]
unsafe fn duplicate(handle: isize, name: &Path) -> Result<File, Error> {
    use std::os::fd::{BorrowedFd, RawFd};
    let bad = || Error::io(name, io::Error::from_raw_os_error(9));
    let fd = RawFd::try_from(handle).ok().filter(|fd| *fd >= 0).ok_or_else(bad)?;
    // SAFETY: not negative; open, as promised by the caller. (If it is not, the system says so when it is duplicated.)
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    fd.try_clone_to_owned().map(File::from).map_err(|e| Error::io(name, e))
}

/// The same open file under a handle of our own.
///
/// # Safety
/// `handle` is an open HANDLE, or none at all.
#[cfg(windows)]
unsafe fn duplicate(handle: isize, name: &Path) -> Result<File, Error> {
    use std::os::windows::io::BorrowedHandle;
    if matches!(handle, 0 | -1) {
        return Err(Error::io(name, io::ErrorKind::InvalidInput.into()));
    }
    // SAFETY: open, as promised by the caller.
    let handle = unsafe { BorrowedHandle::borrow_raw(handle as *mut c_void) };
    handle.try_clone_to_owned().map(File::from).map_err(|e| Error::io(name, e))
}

/// What a program gives by a callback.
struct Callback {
    read: unsafe extern "C" fn(*mut c_void, u64, *mut u8, usize) -> i64,
    context: *mut c_void,
    length: u64,
}

// SAFETY: the interface says that the callback is called from several threads at once, with this context.
unsafe impl Send for Callback {}
// SAFETY: as above.
unsafe impl Sync for Callback {}

impl Source for Callback {
    fn size(&self) -> io::Result<u64> {
        Ok(self.length)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.length.saturating_sub(offset);
        let length = usize::try_from(rest).map_or(buffer.len(), |rest| buffer.len().min(rest));
        if length == 0 {
            return Ok(0);
        }
        // SAFETY: the buffer has room for `length` bytes; the program promises that the rest holds while this lives.
        let count = unsafe { (self.read)(self.context, offset, buffer.as_mut_ptr(), length) };
        match usize::try_from(count) {
            Ok(count) if count <= length => Ok(count),
            Ok(_) => Err(io::Error::other("the program says it gave more than was asked for")),
            Err(_) => Err(io::Error::other("the program could not give what was asked for")),
        }
    }
}
