//! 使用中. Who has a file open: found out by asking for it alone.

use std::fs::OpenOptions;
use std::os::windows::fs::OpenOptionsExt;
use std::path::Path;

use super::hold::{is_in_use, is_open};

/// `FILE_SHARE_READ | FILE_SHARE_DELETE`: with nobody who writes.
const NO_WRITERS: u32 = 1 | 4;

/// Whether a program holds a file in a folder open.
pub(crate) fn a_process_uses(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()) && is_open(&entry.path()))
}

/// Those that have files open to write. Asked file by file: the system lists them to nobody.
#[derive(Debug, Default)]
pub(crate) struct Writers;

impl Writers {
    /// As it is when asked.
    pub(crate) const fn now() -> Self {
        Self
    }

    /// Whether somebody writes to a file.
    #[expect(clippy::unused_self, reason = "elsewhere they are a list")]
    pub(crate) fn has(&self, path: &Path) -> bool {
        let opened = OpenOptions::new().read(true).share_mode(NO_WRITERS).open(path);
        opened.is_err_and(|error| is_in_use(&error))
    }
}
