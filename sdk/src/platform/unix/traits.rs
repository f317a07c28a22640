//! What a file keeps when its content is replaced: permissions, times, owner, extended attributes with the access lists.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{Gid, Mode, Timespec, Timestamps, Uid, XattrFlags};

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
    pub(crate) fn of(file: &File, _path: &Path) -> io::Result<Self> {
        let stat = rustix::fs::fstat(file)?;
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
    pub(crate) fn give(&self, file: &File, path: &Path) -> io::Result<()> {
        self.give_but_times(file, path)?;
        Ok(rustix::fs::futimens(file, &self.times)?)
    }

    /// The same for content that is new, as its time is.
    pub(crate) fn give_but_times(&self, file: &File, _path: &Path) -> io::Result<()> {
        // Owner first: changing it clears bits of the mode.
        let (uid, gid) = self.owner;
        if rustix::fs::fchown(file, Some(uid), Some(gid)).is_err() {
            let _group_at_least = rustix::fs::fchown(file, None, Some(gid));
        }
        for (name, value) in &self.attributes {
            let _if_allowed = rustix::fs::fsetxattr(file, name.as_slice(), value, XattrFlags::empty());
        }
        Ok(rustix::fs::fchmod(file, self.mode)?)
    }
}

/// Attributes that say who may read a file: POSIX and NFSv4 access lists, security labels. What vouches for the very bytes (IMA,
/// EVM) or gives a program power (capabilities) would be wrong on other bytes.
const KEPT: [&[u8]; 5] =
    [b"system.posix_acl_access", b"system.nfs4_acl", b"security.selinux", b"security.SMACK64", b"security.apparmor"];

/// The attributes of users and administrators, and those that say who may read it.
fn attributes(file: &File) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut names = vec![0u8; XATTR_MAX];
    let length = rustix::fs::flistxattr(file, names.as_mut_slice()).unwrap_or(0);
    names.truncate(length);
    let own = |name: &[u8]| name.starts_with(b"user.") || name.starts_with(b"trusted.");
    let kept = names.split(|b| *b == 0).filter(|name| own(name) || KEPT.contains(name));
    kept.filter_map(|name| {
        let mut value = vec![0u8; XATTR_MAX];
        let length = rustix::fs::fgetxattr(file, name, value.as_mut_slice()).ok()?;
        value.truncate(length);
        Some((name.to_vec(), value))
    })
    .collect()
}

/// Whether a file that replaces this one can have its owner and group: only an administrator gives files away. `draft` is one that
/// could replace it, made when it must be tried.
pub(crate) fn keeps_owner<'d>(path: &Path, draft: impl FnOnce() -> Option<(&'d File, &'d Path)>) -> bool {
    let Ok(stat) = rustix::fs::lstat(path) else { return true };
    let own = rustix::process::geteuid().as_raw() == stat.st_uid && rustix::process::getegid().as_raw() == stat.st_gid;
    own || draft().is_some_and(|(draft, _)| {
        let (uid, gid) = (Uid::from_raw(stat.st_uid), Gid::from_raw(stat.st_gid));
        rustix::fs::fchown(draft, Some(uid), Some(gid)).is_ok()
    })
}
