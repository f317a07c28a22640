//! What a file keeps when its content is replaced: permissions, times, owner, extended attributes with the access lists.

use std::fs::File;
use std::path::Path;

use rustix::fs::{Gid, Mode, Timespec, Timestamps, Uid, XattrFlags};

use crate::error::{Error, Result};

/// Longest extended attribute kept, in bytes (the limit of Linux).
const XATTR_MAX: usize = 64 * 1024;

/// Taken from one file, to be given to another.
pub(crate) struct Traits {
    mode: Mode,
    owner: (Uid, Gid),
    times: Timestamps,
    attributes: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Traits {
    /// Of an open file.
    #[allow(clippy::useless_conversion, reason = "field types differ between platforms")]
    pub(crate) fn of(file: &File, path: &Path) -> Result<Self> {
        let stat = rustix::fs::fstat(file).map_err(|e| Error::io(path, e.into()))?;
        Ok(Self {
            mode: Mode::from_raw_mode(stat.st_mode),
            owner: (Uid::from_raw(stat.st_uid), Gid::from_raw(stat.st_gid)),
            times: Timestamps {
                last_access: Timespec { tv_sec: stat.st_atime.into(), tv_nsec: stat.st_atime_nsec as _ },
                last_modification: Timespec { tv_sec: stat.st_mtime.into(), tv_nsec: stat.st_mtime_nsec as _ },
            },
            attributes: attributes(file),
        })
    }

    /// Gives them to `file`. Owner and attributes as far as this user may; permissions and times always.
    pub(crate) fn give(&self, file: &File, path: &Path) -> Result<()> {
        self.give_but_times(file, path)?;
        rustix::fs::futimens(file, &self.times).map_err(|e| Error::io(path, e.into()))
    }

    /// The same for content that is new, as its time is.
    pub(crate) fn give_but_times(&self, file: &File, path: &Path) -> Result<()> {
        // Owner first: changing it clears bits of the mode.
        let (uid, gid) = self.owner;
        if rustix::fs::fchown(file, Some(uid), Some(gid)).is_err() {
            let _group_at_least = rustix::fs::fchown(file, None, Some(gid));
        }
        for (name, value) in &self.attributes {
            let _if_allowed = rustix::fs::fsetxattr(file, name.as_slice(), value, XattrFlags::empty());
        }
        rustix::fs::fchmod(file, self.mode).map_err(|e| Error::io(path, e.into()))
    }
}

/// The user's attributes and the access list; those of the system are its own to set.
fn attributes(file: &File) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut names = vec![0u8; XATTR_MAX];
    let length = rustix::fs::flistxattr(file, names.as_mut_slice()).unwrap_or(0);
    names.truncate(length);
    let kept = names.split(|b| *b == 0).filter(|n| n.starts_with(b"user.") || *n == b"system.posix_acl_access");
    kept.filter_map(|name| {
        let mut value = vec![0u8; XATTR_MAX];
        let length = rustix::fs::fgetxattr(file, name, value.as_mut_slice()).ok()?;
        value.truncate(length);
        Some((name.to_vec(), value))
    })
    .collect()
}
