//! 媒体. The drives that somebody can carry away.

use std::path::PathBuf;

use windows_sys::Win32::Storage::FileSystem::{GetDriveTypeW, GetLogicalDrives};

/// `DRIVE_REMOVABLE` (fileapi.h).
const REMOVABLE: u32 = 2;

/// Roots of removable drives (`E:\`), in order.
#[must_use]
pub fn removable() -> Vec<PathBuf> {
    // SAFETY: takes nothing and gives a number, one bit a letter.
    let there = unsafe { GetLogicalDrives() };
    let letters = (b'A'..=b'Z').enumerate().filter(|(bit, _)| there & (1 << bit) != 0);
    letters
        .map(|(_, letter)| format!("{}:\\", char::from(letter)))
        .filter(|root| is_removable(root))
        .map(PathBuf::from)
        .collect()
}

fn is_removable(root: &str) -> bool {
    let wide: Vec<u16> = root.encode_utf16().chain([0]).collect();
    // SAFETY: UTF-16 with a zero at the end that lives until the call returns.
    let kind = unsafe { GetDriveTypeW(wide.as_ptr()) };
    kind == REMOVABLE
}
