//! Opening, holding, giving names. Files are held by what they share with others: who opens one to replace it lets nobody else write
//! to it, and is refused when somebody who does not share it has it open.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use winapi_util::HandleRef;
use winapi_util::file::typ;

use super::facts::{FOLDERS_TOO, LINKS_THEMSELVES};
use crate::platform::{Facts, Opening, Purpose, Sort};

/// `GENERIC_READ`.
const READ: u32 = 0x8000_0000;
/// `DELETE`: also to give another name.
const DELETE: u32 = 0x0001_0000;
/// `FILE_SHARE_READ`.
const SHARE_READ: u32 = 1;
/// `FILE_SHARE_DELETE`.
const SHARE_DELETE: u32 = 4;
/// `FILE_ATTRIBUTE_REPARSE_POINT`.
const REPARSE: u32 = 0x400;
/// `ERROR_ACCESS_DENIED`, `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`.
const DENIED: i32 = 5;
const SHARING: i32 = 32;
const LOCKED: i32 = 33;
/// A file that a scanner or index looks at for a moment is tried again so often, with such a pause.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);
/// What is appended to the name of a file that gets out of the way of its next version.
const BEFORE: &str = ".before-";
/// So many of them at most.
const ASIDE: u32 = 100;

/// Whether an error says that a program has the file open and does not share it.
pub(crate) fn is_in_use(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(SHARING | LOCKED))
}

/// Opens a document. The last part of the path must be no link (nor a junction); files that the system itself keeps elsewhere
/// (deduplicated, in a cloud) are read as the files they are.
pub(crate) fn open(path: &Path, purpose: Purpose) -> io::Result<Opening> {
    let open = |links: u32| {
        let mut options = OpenOptions::new();
        match purpose {
            Purpose::Read => options.read(true),
            Purpose::Replace => options.access_mode(READ | DELETE).share_mode(SHARE_READ),
        };
        options.custom_flags(FOLDERS_TOO | links).open(path)
    };
    let file = match open(LINKS_THEMSELVES) {
        Err(error) if is_in_use(&error) => return Ok(Opening::InUse),
        file => file?,
    };
    if !typ(HandleRef::from_file(&file))?.is_disk() {
        return Ok(Opening::NotAFile);
    }
    let facts = Facts::of(&file)?;
    if facts.sort == Sort::Link {
        return Ok(Opening::Link);
    }
    if facts.sort != Sort::File || file.metadata()?.file_attributes() & REPARSE == 0 {
        return Ok(Opening::Open(file));
    }
    drop(file);
    let file = open(0)?;
    // A link put there between the two is not followed.
    if Facts::of(&file)?.same_file(&facts) { Ok(Opening::Open(file)) } else { Ok(Opening::Link) }
}

/// Nothing more to do: a file opened to be replaced is held.
pub(crate) const fn lock(_file: &File) -> io::Result<bool> {
    Ok(true)
}

/// Before another file gets its name, a held one is closed: the system replaces no file that is open, least of all on a share. Who
/// comes in between is seen, since a file in use can't be replaced.
pub(crate) fn let_go(held: &mut File) {
    if let Ok(nothing) = File::open("NUL") {
        *held = nothing;
    }
}

/// A new draft; none when the name is taken. Who may read it is said by its folder.
pub(crate) fn new_draft(path: &Path) -> io::Result<Option<File>> {
    match OpenOptions::new().read(true).write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        file => file.map(Some),
    }
}

/// Removes a draft whose writer no longer lives: nobody has it open.
pub(crate) fn remove_abandoned(path: &Path) {
    let alone = OpenOptions::new().access_mode(READ | DELETE).share_mode(0).custom_flags(LINKS_THEMSELVES).open(path);
    if alone.map(drop).is_ok() {
        let _somebody_else_did = std::fs::remove_file(path);
    }
}

/// A file made if it is not there, for this program alone to write; none when another has it.
pub(crate) fn open_alone(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).share_mode(SHARE_READ | SHARE_DELETE);
    match options.custom_flags(LINKS_THEMSELVES).open(path) {
        Err(error) if is_in_use(&error) => Ok(None),
        file => file.map(Some),
    }
}

/// A lock file that is there, taken for this program alone; none when another has it, or it is not there.
pub(crate) fn open_lock(path: &Path) -> Option<File> {
    OpenOptions::new().read(true).share_mode(0).open(path).ok()
}

/// Removes a folder with the lock file that is held in it. An open file can't be removed: all else goes first, then the lock.
pub(crate) fn remove_held(folder: &Path, lock: &mut Option<File>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let _the_lock_itself = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
    }
    *lock = None;
    std::fs::remove_dir_all(folder)
}

/// Gives a file the name of another. In one step (`FileRenameInformationEx`, `MoveFileExW`), on NTFS also when others have that one
/// open and share it to be deleted, as whoever reads through us does. Other file systems replace no open file: there the old one
/// gets out of the way first.
pub(crate) fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    patient(to, || match std::fs::rename(from, to) {
        Err(error) if error.raw_os_error() == Some(DENIED) && is_open(to) => rename_around(from, to),
        done => done,
    })?;
    flush(to);
    Ok(())
}

/// In two steps: ended between them, the old file lies beside under a name that says so, and nothing at its place. Refused, with
/// everything as it was, when somebody who has it open does not share it.
fn rename_around(from: &Path, to: &Path) -> io::Result<()> {
    let aside = move_aside(to)?;
    if let Err(error) = kakuzuke_windows::names::rename_free(from, to) {
        kakuzuke_windows::names::rename_free(&aside, to)?;
        return Err(error);
    }
    // Gone when the last who has it open closes it.
    std::fs::remove_file(&aside)
}

/// Gives a file another name beside its own. One of those may still be held by who has an older version open.
fn move_aside(path: &Path) -> io::Result<PathBuf> {
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..ASIDE {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!("{BEFORE}{number}"));
        let aside = path.with_file_name(name);
        match kakuzuke_windows::names::rename_free(path, &aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            done => return done.map(|()| aside),
        }
    }
    Err(taken)
}

/// Gives a file a name that must be free; [`io::ErrorKind::AlreadyExists`] when it is not.
pub(crate) fn rename_free(from: &Path, to: &Path) -> io::Result<()> {
    patient(from, || kakuzuke_windows::names::rename_free(from, to))
}

/// Tries again while somebody has the file open for a moment. In the end the error says that it is in use, where it is: the system
/// itself says only that it was denied.
fn patient(path: &Path, rename: impl Fn() -> io::Result<()>) -> io::Result<()> {
    for tried in 0.. {
        match rename() {
            Err(error) if is_in_use(&error) || (error.raw_os_error() == Some(DENIED) && is_open(path)) => {
                if tried >= TRIES {
                    return Err(io::Error::from_raw_os_error(SHARING));
                }
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome,
        }
    }
    Ok(())
}

/// Whether a program has it open.
pub(super) fn is_open(path: &Path) -> bool {
    let alone = OpenOptions::new().access_mode(READ).share_mode(0).custom_flags(LINKS_THEMSELVES).open(path);
    alone.is_err_and(|error| is_in_use(&error))
}

/// Brings a file and with it the journal that holds its name to the disk.
fn flush(path: &Path) {
    if let Ok(file) = OpenOptions::new().write(true).open(path) {
        let _where_possible = file.sync_all();
    }
}

/// Nothing: folders can't be flushed; names are by [`rename_over`] and [`rename_free`].
pub(crate) const fn sync_names(_folder: &Path) {}
