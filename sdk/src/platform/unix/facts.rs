//! What stat(2) says.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Stat};

use crate::platform::{Facts, Sort};

impl From<FileType> for Sort {
    fn from(kind: FileType) -> Self {
        match kind {
            FileType::RegularFile => Self::File,
            FileType::Directory => Self::Folder,
            FileType::Symlink => Self::Link,
            FileType::Unknown => Self::Unsaid,
            _ => Self::Other,
        }
    }
}

impl Facts {
    /// Of an open file.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        Ok(Self::from_stat(&rustix::fs::fstat(file)?))
    }

    /// Of what a name stands for; of a link itself.
    pub(crate) fn named(path: &Path) -> io::Result<Self> {
        Ok(Self::from_stat(&rustix::fs::statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    /// Of the place a path leads to.
    pub(crate) fn of_place(path: &Path) -> io::Result<Self> {
        Ok(Self::from_stat(&rustix::fs::stat(path)?))
    }

    #[allow(
        clippy::cast_lossless,
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "field types differ between platforms"
    )]
    pub(super) fn from_stat(stat: &Stat) -> Self {
        Self {
            sort: FileType::from_raw_mode(stat.st_mode).into(),
            device: stat.st_dev as u64,
            number: stat.st_ino as u64,
            links: stat.st_nlink as u64,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: (i64::from(stat.st_mtime), stat.st_mtime_nsec as i64),
            changed: (i64::from(stat.st_ctime), stat.st_ctime_nsec as i64),
            write_protected: false,
        }
    }
}
