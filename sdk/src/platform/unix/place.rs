//! Places: private folders and files, the user's data, memory that is no disk, media.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Where the system lists file systems by their UUID.
const BY_UUID: &str = "/dev/disk/by-uuid";
/// Where removable media are mounted.
const MOUNTS: [&str; 3] = ["/media/", "/run/media/", "/mnt/"];
/// Memory that is no disk, where the system has it.
const MEMORY: &str = "/dev/shm";
/// Number of its file system (`TMPFS_MAGIC`, linux/magic.h).
const TMPFS: u64 = 0x0102_1994;

/// Whether only this user can enter a folder.
pub(crate) fn is_private(folder: &Path) -> io::Result<bool> {
    let found = std::fs::metadata(folder)?;
    Ok(found.mode() & 0o077 == 0 && found.uid() == rustix::process::geteuid().as_raw())
}

/// Makes a folder only this user can enter, and those above it, if they are not there.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A new file only this user can read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Gives a file, or a folder, in a shared folder the rights of that folder: whoever may write there takes part in it.
pub(crate) fn share_rights(shared: &Path, path: &Path) -> io::Result<()> {
    let mode = shared.metadata().map(|found| found.permissions().mode());
    if path.metadata()?.is_dir() {
        return std::fs::set_permissions(path, Permissions::from_mode(mode?));
    }
    std::fs::set_permissions(path, Permissions::from_mode(mode.map_or(0o600, |mode| mode & 0o666)))
}

/// Gives a file of ours the rights that files get which this user makes in the folder.
pub(crate) fn share_as_usual(file: &File, _path: &Path, folder: &Path) -> io::Result<()> {
    let usual = tempfile::Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)?;
    file.set_permissions(usual.as_file().metadata()?.permissions())
}

/// The user's data folder (XDG base directories), and the name of ours in it.
pub(crate) fn data_folder() -> Option<(PathBuf, &'static str)> {
    let named = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = named("XDG_DATA_HOME").filter(|p| p.is_absolute());
    let data = data.or_else(|| named("HOME").map(|home| home.join(".local/share")));
    data.map(|data| (data, "kakuzuke"))
}

/// A folder of this user's only, gone when dropped; and whether it is memory that is no disk.
pub(crate) fn temporary(prefix: &str) -> io::Result<(TempDir, bool)> {
    let in_memory = is_memory(Path::new(MEMORY));
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).permissions(Permissions::from_mode(0o700));
    let folder = if in_memory { builder.tempdir_in(MEMORY) } else { builder.tempdir() };
    Ok((folder?, in_memory))
}

fn is_memory(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(|kind| kind == TMPFS))
}

/// The UUID of the file system a folder lies on; none when the system does not say.
pub(crate) fn volume(folder: &Path) -> Option<String> {
    let device = std::fs::metadata(folder).ok()?.dev();
    let listed = std::fs::read_dir(BY_UUID).ok()?;
    listed.flatten().find_map(|entry| {
        let leads_there = std::fs::metadata(entry.path()).ok()?.rdev() == device;
        leads_there.then(|| entry.file_name().to_string_lossy().into_owned())
    })
}

/// Where removable media are mounted now.
pub(crate) fn mounted() -> Vec<PathBuf> {
    let table = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let places = table.lines().filter_map(|line| line.split(' ').nth(1)).map(unescaped);
    places.filter(|place| MOUNTS.iter().any(|root| place.starts_with(root))).map(PathBuf::from).collect()
}

/// A path as the table of mounts writes it: blanks as `\040`.
fn unescaped(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}
