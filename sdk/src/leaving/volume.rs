//! ファイルシステム. Which one a folder lies on, as far as the system says: a help against mistakes, no proof of a piece of
//! hardware.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where the system lists file systems by their UUID.
const BY_UUID: &str = "/dev/disk/by-uuid";
/// Where removable media are mounted.
const MOUNTS: [&str; 3] = ["/media/", "/run/media/", "/mnt/"];

/// The UUID of the file system a folder lies on; none when the system does not say.
pub(super) fn uuid(folder: &Path) -> Option<String> {
    let device = std::fs::metadata(folder).ok()?.dev();
    let listed = std::fs::read_dir(BY_UUID).ok()?;
    listed.flatten().find_map(|entry| {
        let leads_there = std::fs::metadata(entry.path()).ok()?.rdev() == device;
        leads_there.then(|| entry.file_name().to_string_lossy().into_owned())
    })
}

/// Whether a folder lies on the same file system as another: then it is no medium of its own.
pub(super) fn is_same(folder: &Path, other: &Path) -> bool {
    let device = |path: &Path| std::fs::metadata(path).map(|found| found.dev()).ok();
    device(folder).is_some() && device(folder) == device(other)
}

/// Where removable media are mounted now.
pub(super) fn mounted() -> Vec<PathBuf> {
    let table = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let places = table.lines().filter_map(|line| line.split(' ').nth(1)).map(unescaped);
    places.filter(|place| MOUNTS.iter().any(|root| place.starts_with(root))).map(PathBuf::from).collect()
}

/// A path as the table of mounts writes it: blanks as `\040`.
fn unescaped(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}
