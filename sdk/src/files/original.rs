//! The file a document lies in, held: opened without following links, locked, and known again by its fingerprint.

use std::fs::File;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use rustix::fs::{AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, Stat};

use crate::error::{Error, Result};
use crate::messages;

/// What tells one state of one file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Fingerprint {
    #[allow(
        clippy::cast_lossless,
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "field types differ between platforms"
    )]
    fn of(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: (i64::from(stat.st_mtime), stat.st_mtime_nsec as i64),
            changed: (i64::from(stat.st_ctime), stat.st_ctime_nsec as i64),
        }
    }

    const fn same_file(&self, other: &Self) -> bool {
        self.device == other.device && self.inode == other.inode
    }
}

/// A regular file, open for reading.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
    file: File,
    found: Fingerprint,
}

impl Original {
    /// Opens a document to read it. Links, folders, devices and pipes are refused: what is replaced or read must be
    /// what the name says.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        // NONBLOCK: opening a pipe nobody writes to must not wait.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(fd) => File::from(fd),
            Err(rustix::io::Errno::LOOP) => return Err(Error::new(Code::Unsupported, messages::SYMLINK).at(path)),
            Err(rustix::io::Errno::NXIO) => return Err(Error::new(Code::Unsupported, messages::NOT_A_FILE).at(path)),
            Err(errno) => return Err(Error::io(path, errno.into())),
        };
        let stat = rustix::fs::fstat(&file).map_err(|e| Error::io(path, e.into()))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Err(Error::new(Code::Unsupported, messages::FOLDER).at(path)),
            _ => return Err(Error::new(Code::Unsupported, messages::NOT_A_FILE).at(path)),
        }
        Ok(Self { path: path.to_owned(), file, found: Fingerprint::of(&stat) })
    }

    /// Opens a document to replace it: nobody else of us is at it, and no second name keeps its content.
    pub(crate) fn hold(path: &Path) -> Result<Self> {
        let held = Self::read(path)?;
        match rustix::fs::flock(&held.file, FlockOperation::NonBlockingLockExclusive) {
            // File systems without locks: the fingerprint before renaming has to do.
            Ok(()) | Err(rustix::io::Errno::NOLCK | rustix::io::Errno::OPNOTSUPP) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(Error::new(Code::Conflict, messages::BUSY).at(path)),
            Err(errno) => return Err(Error::io(path, errno.into())),
        }
        let stat = rustix::fs::fstat(&held.file).map_err(|e| Error::io(path, e.into()))?;
        if stat.st_nlink > 1 {
            return Err(Error::new(Code::Unsupported, messages::HARD_LINKS).at(path));
        }
        // Somebody may have replaced it between opening and locking.
        held.check_unchanged()?;
        Ok(held)
    }

    /// That the name still leads to this file and nobody has written to it.
    pub(crate) fn check_unchanged(&self) -> Result<()> {
        let changed = || Error::new(Code::Conflict, messages::CHANGED_MEANWHILE).at(&self.path);
        let now = rustix::fs::fstat(&self.file).map_err(|e| Error::io(&self.path, e.into()))?;
        let named = rustix::fs::statat(CWD, &self.path, AtFlags::SYMLINK_NOFOLLOW).map_err(|_| changed())?;
        let unchanged = Fingerprint::of(&now) == self.found && Fingerprint::of(&named).same_file(&self.found);
        if unchanged { Ok(()) } else { Err(changed()) }
    }

    /// The path it was opened under.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The open file.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Bytes when it was opened.
    pub(crate) const fn size(&self) -> u64 {
        self.found.size
    }
}
