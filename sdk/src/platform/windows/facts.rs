//! What the system says of an open file: volume and number, links, times in steps of 100 ns since 1601.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::Path;

use winapi_util::HandleRef;
use winapi_util::file::{information, typ};

use crate::platform::{Facts, Sort};

/// `FILE_READ_ATTRIBUTES`: asks about a file, disturbs nobody who has it open.
const ASK: u32 = 0x80;
/// `FILE_FLAG_BACKUP_SEMANTICS`: folders, too.
pub(super) const FOLDERS_TOO: u32 = 0x0200_0000;
/// `FILE_FLAG_OPEN_REPARSE_POINT`: a link itself.
pub(super) const LINKS_THEMSELVES: u32 = 0x0020_0000;
/// `FILE_ATTRIBUTE_READONLY`.
const READ_ONLY: u64 = 1;
/// Seconds from 1601 to 1970.
const TO_1970: i64 = 11_644_473_600;
/// Steps of a file's time in one second.
const STEPS: u64 = 10_000_000;

impl Facts {
    /// Of an open file.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let handle = HandleRef::from_file(file);
        if !typ(&handle)?.is_disk() {
            return Ok(Self { sort: Sort::Other, device: 0, number: 0, links: 1, size: 0, ..Self::UNKNOWN });
        }
        let kind = file.metadata()?.file_type();
        let sort = match (kind.is_symlink(), kind.is_dir()) {
            (true, _) => Sort::Link,
            (false, true) => Sort::Folder,
            (false, false) => Sort::File,
        };
        let found = information(&handle)?;
        let modified = time(found.last_write_time().unwrap_or(0));
        Ok(Self {
            sort,
            device: found.volume_serial_number(),
            number: found.file_index(),
            links: found.number_of_links(),
            size: found.file_size(),
            modified,
            changed: modified,
            write_protected: sort == Sort::File && found.file_attributes() & READ_ONLY != 0,
        })
    }

    const UNKNOWN: Self = Self {
        sort: Sort::Other,
        device: 0,
        number: 0,
        links: 1,
        size: 0,
        modified: (0, 0),
        changed: (0, 0),
        write_protected: false,
    };

    /// Of what a name stands for; of a link itself.
    pub(crate) fn named(path: &Path) -> io::Result<Self> {
        Self::of(&ask(path, LINKS_THEMSELVES)?)
    }

    /// Of the place a path leads to.
    pub(crate) fn of_place(path: &Path) -> io::Result<Self> {
        Self::of(&ask(path, 0)?)
    }
}

fn ask(path: &Path, links: u32) -> io::Result<File> {
    OpenOptions::new().access_mode(ASK).custom_flags(FOLDERS_TOO | links).open(path)
}

fn time(steps: u64) -> (i64, i64) {
    let seconds = i64::try_from(steps / STEPS).unwrap_or(i64::MAX) - TO_1970;
    (seconds, i64::try_from(steps % STEPS).unwrap_or(0) * 100)
}
