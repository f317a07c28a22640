//! Linux and its kin.

mod facts;
mod family;
mod folder;
mod hold;
mod place;
mod traits;
mod usage;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::process::{Child, Command};

pub(crate) use std::os::unix::fs::FileExt as Positional;

pub(crate) use self::family::Family;
pub(crate) use self::folder::Folder;
pub(crate) use self::hold::{
    let_go, lock, new_draft, open, open_alone, open_lock, remove_abandoned, remove_held, rename_free, rename_over,
    sync_names,
};
pub(crate) use self::place::{
    create_private, data_folder, is_private, make_private, mounted, share_as_usual, share_rights, temporary, volume,
};
pub(crate) use self::traits::{Traits, keeps_owner};
pub(crate) use self::usage::{Writers, a_process_uses};

/// A name from its bytes, as `as_encoded_bytes` gave them.
pub(crate) fn name_from(bytes: Vec<u8>) -> OsString {
    OsString::from_vec(bytes)
}

/// Reads into several buffers at once; 0 only at the end.
pub(crate) fn read_vectored_at(file: &File, buffers: &mut [IoSliceMut<'_>], offset: u64) -> io::Result<usize> {
    Ok(rustix::io::preadv(file, buffers, offset)?)
}

/// Writes from several buffers at once.
pub(crate) fn write_vectored_at(file: &File, buffers: &[IoSlice<'_>], offset: u64) -> io::Result<usize> {
    Ok(rustix::io::pwritev(file, buffers, offset)?)
}

/// Asks for `length` bytes of disk at once, where the file system can.
pub(crate) fn allocate(file: &File, length: u64) -> io::Result<()> {
    use rustix::io::Errno;
    if length == 0 {
        return Ok(());
    }
    match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, length) {
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

/// Drops what was written from memory, so that the medium is read and not the cache.
pub(crate) fn forget_cached(file: &File) {
    let _where_possible = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

/// Hands a file to the program registered for it; what was started may be a launcher only.
pub(crate) fn open_elsewhere(path: &std::path::Path) -> io::Result<Option<Child>> {
    Command::new("xdg-open").arg(path).spawn().map(Some)
}

/// What is kept so that only this user's account reads it: the file's mode sees to that.
pub(crate) fn keep_secret(plain: &[u8]) -> io::Result<Vec<u8>> {
    Ok(plain.to_vec())
}

/// What [`keep_secret`] kept.
pub(crate) fn kept_secret(kept: Vec<u8>) -> io::Result<Vec<u8>> {
    Ok(kept)
}

/// Where programs for people are, beside those found by name.
pub(crate) fn program(name: &str) -> PathBuf {
    PathBuf::from(name)
}

/// A folder as an address for other programs.
pub(crate) fn file_url(folder: &std::path::Path) -> String {
    format!("file://{}", folder.display())
}

/// Never: locks of this system refuse nobody who opens.
pub(crate) fn is_in_use(_error: &io::Error) -> bool {
    false
}

/// Whether opening a file by that name would run it: here that takes a permission no copy of ours has.
pub(crate) fn would_run(_name: &OsStr) -> bool {
    false
}
