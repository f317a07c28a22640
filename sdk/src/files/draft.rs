//! 下書き. The new file while it is being written: beside the one it will replace, under a name of ours, locked as long as
//! its writer lives. A draft nobody holds is the rest of a crash and is removed by whoever comes next.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use rustix::fs::{CWD, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::error::{Error, Result};
use crate::messages;
use crate::options::Overwrite;

const PREFIX: &[u8] = b".kakuzuke-";
const SUFFIX: &[u8] = b".draft";

/// What to do when the name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replace {
    /// Refuse.
    Never,
    /// Put the new file in its place.
    Always,
}

/// A file being written. Dropped before it is placed, it is gone.
#[derive(Debug)]
pub(crate) struct Draft {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Draft {
    /// A new draft in the folder of `target`, readable by this user only.
    pub(crate) fn beside(target: &Path) -> Result<Self> {
        let folder = folder_of(target);
        // Removed by somebody sweeping between creation and lock: once more.
        for _ in 0..16 {
            let path = folder.join(new_name()?);
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let file = match rustix::fs::open(&path, flags, Mode::RUSR | Mode::WUSR) {
                Ok(fd) => File::from(fd),
                Err(Errno::EXIST) => continue,
                Err(errno) => return Err(Error::io(target, errno.into())),
            };
            let draft = Self { file, path, placed: false };
            if rustix::fs::flock(&draft.file, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
                // Somebody sweeping was faster, and is about to remove it. (File systems without locks sweep nothing.)
                continue;
            }
            let stat = rustix::fs::fstat(&draft.file).map_err(|e| Error::io(target, e.into()))?;
            if stat.st_nlink > 0 {
                return Ok(draft);
            }
        }
        Err(Error::new(Code::Conflict, messages::BUSY).at(target))
    }

    /// The file, open for reading and writing.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Where it lies now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Asks for `length` bytes of disk at once, so that a full disk is known before anything is written.
    pub(crate) fn allocate(&self, length: u64) -> Result<()> {
        if length == 0 {
            return Ok(());
        }
        match rustix::fs::fallocate(&self.file, rustix::fs::FallocateFlags::empty(), 0, length) {
            // Not every file system can.
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
            Err(errno) => Err(Error::io(&self.path, errno.into())),
        }
    }

    /// Makes it durable and gives it the name `target`, in one step; the name is durable, too, when this returns.
    pub(crate) fn place(self, target: &Path, replace: Replace) -> Result<File> {
        let file = self.rename(target, replace)?;
        sync_folder(target);
        Ok(file)
    }

    /// The same, for several files in one folder: the content is durable before it has the name, the name only once the
    /// caller has called [`sync_folder`].
    pub(crate) fn rename(mut self, target: &Path, replace: Replace) -> Result<File> {
        let durable = |e: std::io::Error| Error::io(target, e);
        self.file.sync_all().map_err(durable)?;
        match replace {
            Replace::Always => rustix::fs::rename(&self.path, target).map_err(|e| Error::io(target, e.into()))?,
            Replace::Never => rename_to_free_name(&self.path, target)?,
        }
        self.placed = true;
        self.file.try_clone().map_err(durable)
    }
}

/// Writes a file whole, in one step: it is there with all of its content or not at all.
///
/// # Errors
/// When it can't be written, or is there already and is not to be replaced.
pub fn write_whole(
    path: &Path,
    overwrite: Overwrite,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<()> {
    let draft = Draft::beside(path)?;
    let mut out = BufWriter::new(&draft.file);
    write(&mut out).and_then(|()| out.flush()).map_err(|e| Error::io(path, e))?;
    drop(out);
    let replace = match overwrite {
        Overwrite::Refuse => Replace::Never,
        Overwrite::Replace => Replace::Always,
    };
    draft.place(path, replace).map(drop)
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            let _nothing_more_to_do = std::fs::remove_file(&self.path);
        }
    }
}

/// Gives a file another name that must be free.
pub(crate) fn rename_to_free_name(from: &Path, to: &Path) -> Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) => Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(to)),
        // File systems without the flag: link and unlink are as atomic about the new name.
        Err(Errno::INVAL | Errno::NOSYS) => match std::fs::hard_link(from, to) {
            Ok(()) => std::fs::remove_file(from).map_err(|e| Error::io(to, e)),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(to))
            }
            Err(e) => Err(Error::io(to, e)),
        },
        Err(errno) => Err(Error::io(to, errno.into())),
    }
}

/// Makes names in the folder of `path` durable, where the file system can.
pub(crate) fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(folder_of(path)) {
        let _where_possible = folder.sync_all();
    }
}

/// Removes drafts in `folder` that no living program holds. Only our own, by name and owner.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if is_draft(&entry.file_name()) {
            remove_if_abandoned(&entry.path());
        }
    }
}

fn remove_if_abandoned(path: &Path) {
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let Ok(fd) = rustix::fs::open(path, flags, Mode::empty()) else { return };
    let ours = rustix::fs::fstat(&fd).is_ok_and(|s| s.st_uid == rustix::process::geteuid().as_raw());
    if ours && rustix::fs::flock(&fd, FlockOperation::NonBlockingLockExclusive).is_ok() {
        let _somebody_else_did = std::fs::remove_file(path);
    }
}

fn is_draft(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    bytes.starts_with(PREFIX) && bytes.ends_with(SUFFIX) && bytes.len() == PREFIX.len() + 32 + SUFFIX.len()
}

fn new_name() -> Result<OsString> {
    let random = data_encoding::HEXLOWER.encode(&crate::random::bytes::<16>()?);
    let mut name = OsString::from(OsStr::from_bytes(PREFIX));
    name.push(random);
    name.push(OsStr::from_bytes(SUFFIX));
    Ok(name)
}

/// The folder a path is in; the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
