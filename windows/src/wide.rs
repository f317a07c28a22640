//! Text and paths as the system takes them: UTF-16 with a zero at the end, paths without the limit of 260 letters.

use std::ffi::OsStr;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{Component, Path, Prefix};

/// Text of the system; refused when there is a zero in it, at which the system would stop reading.
pub(crate) fn text(text: &OsStr) -> io::Result<Vec<u16>> {
    let mut wide: Vec<u16> = text.encode_wide().collect();
    if wide.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    wide.push(0);
    Ok(wide)
}

/// A path, absolute and in the form that is taken as it stands (`\\?\`): of any length, and no `CON` in it is a device.
pub(crate) fn path(path: &Path) -> io::Result<Vec<u16>> {
    let absolute = std::path::absolute(path)?;
    let Some(Component::Prefix(prefix)) = absolute.components().next() else {
        return text(absolute.as_os_str());
    };
    let (head, skipped) = match prefix.kind() {
        Prefix::Disk(_) => (r"\\?\", 0),
        Prefix::UNC(..) => (r"\\?\UNC\", 2),
        _ => return text(absolute.as_os_str()),
    };
    let mut wide: Vec<u16> = head.encode_utf16().collect();
    wide.extend(absolute.as_os_str().encode_wide().skip(skipped));
    if wide.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    wide.push(0);
    Ok(wide)
}
