//! 機種. The one room that knows on which system it runs: how a file is opened without following links, held, known again, replaced
//! and kept private. Both sides have the same doors; what a system can't do is said at its door and in docs/windows.md.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::path::Path;

#[cfg(unix)]
pub(crate) use self::unix::*;
#[cfg(windows)]
pub(crate) use self::windows::*;

/// What lies under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    File,
    Folder,
    Link,
    /// A pipe, a device.
    Other,
    /// The file system does not say.
    Unsaid,
}

/// What the system says of a file without reading it. Times in seconds and nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) sort: Sort,
    /// The file system it lies on, and its number there: together they are the file.
    pub(crate) device: u64,
    pub(crate) number: u64,
    /// Names it has.
    pub(crate) links: u64,
    pub(crate) size: u64,
    /// Last change of content.
    pub(crate) modified: (i64, i64),
    /// Last change of anything, where the system keeps it apart; else of content.
    pub(crate) changed: (i64, i64),
    /// Whether nobody is to write to it, by an attribute of the file itself.
    pub(crate) write_protected: bool,
}

impl Facts {
    /// Whether it is this very file, whatever was written to it.
    #[cfg(windows)]
    pub(crate) const fn same_file(&self, other: &Self) -> bool {
        self.device == other.device && self.number == other.number
    }
}

/// For what a document is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be read, beside whoever else works on it.
    Read,
    /// To be replaced.
    Replace,
}

/// What came of opening a document.
#[derive(Debug)]
pub(crate) enum Opening {
    Open(std::fs::File),
    /// A link: it was not followed.
    Link,
    /// No file that could be read from any place.
    NotAFile,
    /// A program has it open and does not share it.
    #[cfg_attr(unix, expect(dead_code, reason = "files of this system are always shared"))]
    InUse,
}

/// Whether two places lie on the same file system.
pub(crate) fn on_same_volume(one: &Path, other: &Path) -> bool {
    let device = |path: &Path| Facts::of_place(path).map(|facts| facts.device).ok();
    device(one).is_some() && device(one) == device(other)
}
