//! Opening, locking, giving names.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{CWD, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::platform::{Opening, Purpose};

/// Opens a document. The last part of the path must be no link; opening a pipe nobody writes to does not wait.
pub(crate) fn open(path: &Path, _purpose: Purpose) -> io::Result<Opening> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => Ok(Opening::Open(File::from(fd))),
        Err(Errno::LOOP) => Ok(Opening::Link),
        Err(Errno::NXIO) => Ok(Opening::NotAFile),
        Err(errno) => Err(errno.into()),
    }
}

/// Takes a file for this program alone among ours; false when another has it.
pub(crate) fn lock(file: &File) -> io::Result<bool> {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        // File systems without locks: the fingerprint before renaming has to do.
        Ok(()) | Err(Errno::NOLCK | Errno::OPNOTSUPP) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}

/// Before another file gets its name, a held one need not be closed here.
pub(crate) const fn let_go(_held: &mut File) {}

/// A new draft, readable by this user only, locked as long as it is open; none when the name is taken or somebody sweeping was
/// faster.
pub(crate) fn new_draft(path: &Path) -> io::Result<Option<File>> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR) {
        Ok(fd) => File::from(fd),
        Err(Errno::EXIST) => return Ok(None),
        Err(errno) => return Err(errno.into()),
    };
    if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
        // Somebody sweeping was faster, and is about to remove it. (File systems without locks sweep nothing.)
        return Ok(None);
    }
    let named = rustix::fs::fstat(&file)?.st_nlink > 0;
    if !named {
        return Ok(None);
    }
    Ok(Some(file))
}

/// Removes a draft of this user's whose writer no longer lives.
pub(crate) fn remove_abandoned(path: &Path) {
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let Ok(fd) = rustix::fs::open(path, flags, Mode::empty()) else { return };
    let ours = rustix::fs::fstat(&fd).is_ok_and(|s| s.st_uid == rustix::process::geteuid().as_raw());
    if ours && rustix::fs::flock(&fd, FlockOperation::NonBlockingLockExclusive).is_ok() {
        let _somebody_else_did = std::fs::remove_file(path);
    }
}

/// A file of this user's only, made if it is not there, for this program alone; none when another has it.
pub(crate) fn open_alone(path: &Path) -> io::Result<Option<File>> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)?);
    let taken = rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK);
    Ok((!taken).then_some(file))
}

/// A lock file that is there, taken for this program alone; none when another has it, or it is not there.
pub(crate) fn open_lock(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok().then_some(file)
}

/// Removes a folder with the lock file that is held in it: the lock goes last.
pub(crate) fn remove_held(folder: &Path, _lock: &mut Option<File>) -> io::Result<()> {
    std::fs::remove_dir_all(folder)
}

/// Gives a file the name of another, in one step.
pub(crate) fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    Ok(rustix::fs::rename(from, to)?)
}

/// Gives a file a name that must be free; [`io::ErrorKind::AlreadyExists`] when it is not.
pub(crate) fn rename_free(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // File systems without the flag: link and unlink are as atomic about the new name.
        Err(Errno::INVAL | Errno::NOSYS) => std::fs::hard_link(from, to).and_then(|()| std::fs::remove_file(from)),
        done => Ok(done?),
    }
}

/// Makes the names in a folder durable, where the file system can.
pub(crate) fn sync_names(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _where_possible = folder.sync_all();
    }
}
