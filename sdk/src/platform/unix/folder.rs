//! 開いたフォルダ. A folder of a share, held open: what lies in it is reached through it, so that a folder that becomes a link
//! while the share is gone through leads nowhere else.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags};

use crate::platform::{Facts, Sort};

/// A folder, open.
#[derive(Debug)]
pub(crate) struct Folder {
    held: OwnedFd,
    path: PathBuf,
}

impl Folder {
    /// The folder somebody named; a link that was named itself is followed.
    pub(crate) fn named(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { held: rustix::fs::openat(CWD, path, flags, Mode::empty())?, path: path.to_owned() })
    }

    /// A folder in this one. A link is none.
    pub(crate) fn enter(&self, name: &OsStr) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let held = rustix::fs::openat(&self.held, name, flags, Mode::empty())?;
        Ok(Self { held, path: self.path.join(name) })
    }

    /// Everything in it, by name, and what each is.
    pub(crate) fn items(&self) -> io::Result<Vec<(OsString, Sort)>> {
        let mut items = Vec::new();
        for entry in Dir::read_from(&self.held)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let sort = match entry.file_type().into() {
                // Not every file system says.
                Sort::Unsaid => self.facts(name).map_or(Sort::Unsaid, |facts| facts.sort),
                sort => sort,
            };
            items.push((name.to_owned(), sort));
        }
        items.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok(items)
    }

    /// Of what lies in it.
    pub(crate) fn facts(&self, name: &OsStr) -> io::Result<Facts> {
        Ok(Facts::from_stat(&rustix::fs::statat(&self.held, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    /// Where it lies, as people say it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A path to what lies in it that leads through the open folder, however long its own path is and whatever was put in
    /// its place. Where a system has no such paths, its own.
    pub(crate) fn way(&self, name: &OsStr) -> PathBuf {
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            let held = PathBuf::from(format!("/proc/self/fd/{}", self.held.as_raw_fd()));
            if has_ways() {
                return held.join(name);
            }
        }
        self.path.join(name)
    }
}

/// Whether open files can be reached by path. Without /proc they can't.
#[cfg(target_os = "linux")]
fn has_ways() -> bool {
    static THERE: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *THERE
        .get_or_init(|| Path::new("/proc/self/fd/0").symlink_metadata().is_ok() || Path::new("/proc/self/fd").is_dir())
}
