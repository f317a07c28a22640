//! The profile's folder: private to its owner, small files only, each replaced in one durable step.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::files::{Draft, Replace, sync_folder};
use crate::messages;
use crate::platform;

/// The longest file a profile holds, in bytes.
const FILE_MAX: u64 = 4 << 20;

/// A folder that only its owner can enter.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// An existing one. Refused when others could read it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let found = std::fs::metadata(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::new(Code::Profile, messages::NO_PROFILE).at(path),
            _ => Error::io(path, e),
        })?;
        if !found.is_dir() {
            return Err(Error::new(Code::Profile, messages::NO_PROFILE).at(path));
        }
        if !platform::is_private(path).map_err(|e| Error::io(path, e))? {
            return Err(Error::new(Code::Profile, messages::PROFILE_OPEN_TO_OTHERS).at(path));
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Makes it if it is not there.
    pub(crate) fn make(path: &Path) -> Result<Self> {
        platform::make_private(path).map_err(|e| Error::io(path, e))?;
        Self::open(path)
    }

    /// A folder inside it, made if it is not there.
    pub(crate) fn inner(&self, name: &str) -> Result<Self> {
        Self::make(&self.path.join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file's content; an error if it is not there.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>> {
        self.find(name)?.ok_or_else(|| Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(&self.file(name)))
    }

    /// A file's content, if it is there.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.file(name);
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io(&path, e)),
        };
        let mut bytes = Vec::new();
        file.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(|e| Error::io(&path, e))?;
        if bytes.len() as u64 > FILE_MAX {
            return Err(Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(&path));
        }
        Ok(Some(bytes))
    }

    pub(crate) fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        let bytes = self.read(name)?;
        let damaged = |e| Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(&self.file(name)).caused_by(e);
        serde_json::from_slice::<T>(&bytes).map_err(damaged)
    }

    /// Replaces a file in one durable step.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.file(name);
        let draft = Draft::beside(&path)?;
        let mut file = draft.file();
        file.write_all(bytes).map_err(|e| Error::io(&path, e))?;
        draft.place(&path, Replace::Always)?;
        Ok(())
    }

    pub(crate) fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(value).map_err(|e| Error::of(Code::Internal).caused_by(e))?;
        self.write(name, &bytes)
    }

    /// Removes a file durably; it may be gone already.
    pub(crate) fn remove(&self, name: &str) -> Result<()> {
        let path = self.file(name);
        match std::fs::remove_file(&path) {
            Ok(()) => {
                sync_folder(&path);
                Ok(())
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(Error::io(&path, e)),
        }
    }

    /// Names of the files in it that end in `suffix`, in order.
    pub(crate) fn names(&self, suffix: &str) -> Result<Vec<String>> {
        let entries = std::fs::read_dir(&self.path).map_err(|e| Error::io(&self.path, e))?;
        let names = entries.flatten().filter_map(|e| e.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|n| n.ends_with(suffix) && !n.starts_with('.')).collect();
        names.sort_unstable();
        Ok(names)
    }
}
