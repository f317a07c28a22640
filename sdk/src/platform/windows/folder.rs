//! 開いたフォルダ. A folder of a share, held open so that it can be neither renamed nor removed nor become a link meanwhile: the
//! system refuses that while it is open, and so for all folders above it. What lies in it is reached by its path.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::facts::{FOLDERS_TOO, LINKS_THEMSELVES};
use crate::platform::{Facts, Sort};

/// `FILE_LIST_DIRECTORY`.
const LIST: u32 = 1;
/// `FILE_SHARE_READ | FILE_SHARE_WRITE`: not `FILE_SHARE_DELETE`.
const STAYS: u32 = 3;

/// A folder, open.
#[derive(Debug)]
pub(crate) struct Folder {
    _held: File,
    path: PathBuf,
}

impl Folder {
    /// The folder somebody named; a link that was named itself is followed.
    pub(crate) fn named(path: &Path) -> io::Result<Self> {
        Self::open(path, 0)
    }

    /// A folder in this one. A link is none.
    pub(crate) fn enter(&self, name: &OsStr) -> io::Result<Self> {
        Self::open(&self.path.join(name), LINKS_THEMSELVES)
    }

    fn open(path: &Path, links: u32) -> io::Result<Self> {
        let held =
            OpenOptions::new().access_mode(LIST).share_mode(STAYS).custom_flags(FOLDERS_TOO | links).open(path)?;
        if Facts::of(&held)?.sort != Sort::Folder {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { _held: held, path: path.to_owned() })
    }

    /// Everything in it, by name, and what each is.
    pub(crate) fn items(&self) -> io::Result<Vec<(OsString, Sort)>> {
        let mut items = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let sort = match (kind.is_symlink(), kind.is_dir()) {
                (true, _) => Sort::Link,
                (false, true) => Sort::Folder,
                (false, false) => Sort::File,
            };
            items.push((entry.file_name(), sort));
        }
        items.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok(items)
    }

    /// Of what lies in it.
    pub(crate) fn facts(&self, name: &OsStr) -> io::Result<Facts> {
        Facts::named(&self.path.join(name))
    }

    /// Where it lies, as people say it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A path to what lies in it: its own, which leads nowhere else while it is open.
    pub(crate) fn way(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }
}
