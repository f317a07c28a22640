//! 復旧. The copy of a server in another place: what it needs besides the database, and how a server is made of it again
//! when its own disk is lost (7.1.2(1)(b), (2)(d)).
//!
//! The copy holds the database, the sealed keyring and the configuration, never the passphrase: whoever steals the copy
//! has nothing that opens.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use kakuzuke_core::audit::{EntryKind, EntryText, Outcome};

use crate::app::{App, AppError, DATABASE, PASSPHRASE, SINK, ServerClock};
use crate::audit::Entry;
use crate::config::{self, Config};
use crate::keyring;
use crate::random::generator;

/// A server could not be restored.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The folder holds something already.
    #[error("{0} is not empty: a server is never restored over another")]
    NotEmpty(PathBuf),
    /// A file of the copy, or of the new folder.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// What was restored can't be opened. A database that lacks entries of the log given is refused here.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Begins a copy in a new or empty folder, best on another disk, and enters it in the configuration of the server in
/// `dir`; the server fills it when it starts next.
///
/// # Errors
/// [`RecoveryError`]; a folder that held something is left as it was.
pub fn begin_copy(dir: &Path, copy: &Path) -> Result<(), RecoveryError> {
    let at = |error| RecoveryError::Io(copy.to_owned(), error);
    let mut config = Config::read(dir).map_err(AppError::from)?;
    fs::create_dir_all(copy).map_err(at)?;
    if fs::read_dir(copy).map_err(at)?.next().is_some() {
        return Err(RecoveryError::NotEmpty(copy.to_owned()));
    }
    fs::set_permissions(copy, fs::Permissions::from_mode(0o700)).map_err(at)?;
    crate::store::begin_copy(&copy.join(DATABASE)).map_err(AppError::from)?;
    config.copy = Some(std::path::absolute(copy).map_err(at)?);
    let path = dir.join(config::FILE);
    replace(&path, config.to_toml().map_err(AppError::from)?.as_bytes()).map_err(|e| RecoveryError::Io(path, e))?;
    place_keys(dir, copy).map_err(at)
}

/// Puts the sealed keyring and the configuration beside the copy of the database, where they differ.
///
/// # Errors
/// When the place can't be written, or is no copy.
pub fn place_keys(dir: &Path, copy: &Path) -> io::Result<()> {
    copy.join(DATABASE).metadata()?;
    for name in [keyring::FILE, config::FILE] {
        let bytes = fs::read(dir.join(name))?;
        if fs::read(copy.join(name)).is_ok_and(|there| there == bytes) {
            continue;
        }
        replace(&copy.join(name), &bytes)?;
    }
    Ok(())
}

/// Replaces a file in one step.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    write(&new, bytes)?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// What a restored server begins with.
#[derive(Debug, Clone, Copy)]
pub struct Restored {
    /// Entries of the log it has.
    pub entries: u64,
}

/// Makes a server of a copy in `dir`, a new or empty folder. With the log that survived elsewhere (`log`) it is compared:
/// a copy that lacks entries of it is refused.
///
/// # Errors
/// [`RecoveryError`]; the copy is only read.
pub fn restore(
    copy: &Path,
    dir: &Path,
    passphrase: &Path,
    log: Option<&Path>,
    clock: ServerClock,
) -> Result<Restored, RecoveryError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| RecoveryError::Io(path, error)
    };
    fs::create_dir_all(dir).map_err(at(dir))?;
    if fs::read_dir(dir).map_err(at(dir))?.next().is_some() {
        return Err(RecoveryError::NotEmpty(dir.to_owned()));
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(at(dir))?;
    let mut config = Config::read(copy).map_err(AppError::from)?;
    // Where the lost server kept things is nothing to rely on; the operator names the next copy.
    (config.copy, config.sink, config.passphrase_file) = (None, None, None);
    let text = config.to_toml().map_err(AppError::from)?;
    write(&dir.join(config::FILE), text.as_bytes()).map_err(at(dir))?;
    carry(&copy.join(keyring::FILE), &dir.join(keyring::FILE)).map_err(at(copy))?;
    carry(passphrase, &dir.join(PASSPHRASE)).map_err(at(passphrase))?;
    crate::store::carry(&copy.join(DATABASE), &dir.join(DATABASE)).map_err(AppError::from)?;
    if let Some(log) = log {
        carry(log, &dir.join(SINK)).map_err(at(log))?;
    }
    let app = App::open_quietly(dir, clock)?;
    let text = EntryText { note: Some(copy.display().to_string()), ..EntryText::default() };
    let entry = Entry::new(app.now(), EntryKind::Restored, Outcome::Done).text(text).finish(&mut generator());
    let written = app.store.write(move |tx| tx.append(entry)).map_err(AppError::from)?;
    Ok(Restored { entries: written.value.get() })
}

fn carry(from: &Path, to: &Path) -> io::Result<()> {
    write(to, &fs::read(from)?)
}

/// A file for its owner alone, on the disk.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
