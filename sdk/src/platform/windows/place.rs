//! Places: private folders and files, the user's data, media.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use kakuzuke_windows::access::{self, Part};
use kakuzuke_windows::account;
use tempfile::TempDir;

use crate::platform::Facts;

/// Whether a folder is this user's and only this user, the system and administrators may do anything in it: those two can take hold
/// of any file anyhow.
pub(crate) fn is_private(folder: &Path) -> io::Result<bool> {
    let me = access::normal(&format!("O:{}", account::me()?), Part::Owner)?;
    let me = me.trim_start_matches("O:");
    let owner = access::read(folder, Part::Owner)?;
    let owner = owner.trim_start_matches("O:");
    // What an administrator makes may belong to all of them.
    let is_ours = owner == me || owner == "BA";
    Ok(is_ours && is_for_only(&access::read(folder, Part::List)?, me))
}

/// Whether an access list (SDDL) names nobody else in an entry that allows anything. Without a list everybody may.
fn is_for_only(list: &str, me: &str) -> bool {
    let Some(list) = list.strip_prefix("D:").filter(|list| !list.contains("NO_ACCESS_CONTROL")) else { return false };
    let entries = list.split('(').skip(1).map(|entry| entry.trim_end_matches(')').split(';').collect::<Vec<_>>());
    entries.into_iter().all(|entry| match entry.as_slice() {
        ["D" | "OD" | "XD", ..] => true,
        [_, _, _, _, _, who, ..] => [me, "SY", "BA", "CO", "OW"].contains(who),
        _ => false,
    })
}

/// Makes a folder only this user can enter, beside the system and administrators; those above it, if they are not there, as their
/// own folder says.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        std::fs::create_dir_all(above)?;
    }
    let me = account::me()?;
    let list = format!("D:P(A;OICI;FA;;;{me})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    match access::make_folder(folder, &list) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// A new file in a private folder, whose access list it takes over.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}

/// Nothing: what is made in a shared folder has that folder's rights.
#[expect(clippy::unnecessary_wraps, reason = "the same door as elsewhere")]
pub(crate) const fn share_rights(_shared: &Path, _path: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a file of ours the rights that files get which this user makes in the folder: a file here has them from the beginning.
pub(crate) const fn share_as_usual(_file: &File, _path: &Path, _folder: &Path) -> io::Result<()> {
    Ok(())
}

/// The data folder of this user on this machine, and the name of ours in it. Not the one that roams: keys of a device and plain
/// working copies must not be carried to a server.
pub(crate) fn data_folder() -> Option<(PathBuf, &'static str)> {
    let data = std::env::var_os("LOCALAPPDATA").filter(|value| !value.is_empty()).map(PathBuf::from);
    data.filter(|data| data.is_absolute()).map(|data| (data, "Kakuzuke"))
}

/// A folder of this user's only, gone when dropped; never memory, which no folder of this system is.
pub(crate) fn temporary(prefix: &str) -> io::Result<(TempDir, bool)> {
    let place = data_folder().map_or_else(std::env::temp_dir, |(data, ours)| data.join(ours).join("temporary"));
    make_private(&place)?;
    Ok((tempfile::Builder::new().prefix(prefix).tempdir_in(place)?, false))
}

/// The serial number of the volume a folder lies on, as it is shown to people (`1A2B-3C4D`).
pub(crate) fn volume(folder: &Path) -> Option<String> {
    let number = Facts::of_place(folder).ok()?.device & 0xffff_ffff;
    (number != 0).then(|| format!("{:04X}-{:04X}", number >> 16, number & 0xffff))
}

/// Where removable media are mounted now.
pub(crate) fn mounted() -> Vec<PathBuf> {
    kakuzuke_windows::media::removable()
}
