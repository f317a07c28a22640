//! The file a document lies in, held: opened without following links, locked, and known again by its fingerprint.

use std::fs::File;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;

use crate::error::{Error, Result};
use crate::messages;
use crate::platform::{self, Facts, Opening, Purpose, Sort};

/// What tells one state of one file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fingerprint {
    device: u64,
    number: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Fingerprint {
    const fn of(facts: &Facts) -> Self {
        let Facts { device, number, size, modified, changed, .. } = *facts;
        Self { device, number, size, modified, changed }
    }
}

/// A regular file, open for reading.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
    file: File,
    found: Facts,
}

impl Original {
    /// Opens a document to read it. Links, folders, devices and pipes are refused: what is replaced or read must be
    /// what the name says.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Self::open(path, Purpose::Read)
    }

    fn open(path: &Path, purpose: Purpose) -> Result<Self> {
        let file = match platform::open(path, purpose).map_err(|e| Error::io(path, e))? {
            Opening::Open(file) => file,
            Opening::Link => return Err(Error::new(Code::Unsupported, messages::SYMLINK).at(path)),
            Opening::NotAFile => return Err(Error::new(Code::Unsupported, messages::NOT_A_FILE).at(path)),
            Opening::InUse => return Err(Error::new(Code::Conflict, messages::IN_USE).at(path)),
        };
        let found = Facts::of(&file).map_err(|e| Error::io(path, e))?;
        match found.sort {
            Sort::File => Ok(Self { path: path.to_owned(), file, found }),
            Sort::Folder => Err(Error::new(Code::Unsupported, messages::FOLDER).at(path)),
            _ => Err(Error::new(Code::Unsupported, messages::NOT_A_FILE).at(path)),
        }
    }

    /// Opens a document to replace it: nobody else of us is at it, and no second name keeps its content.
    pub(crate) fn hold(path: &Path) -> Result<Self> {
        let held = Self::open(path, Purpose::Replace)?;
        if !platform::lock(&held.file).map_err(|e| Error::io(path, e))? {
            return Err(Error::new(Code::Conflict, messages::BUSY).at(path));
        }
        let facts = Facts::of(&held.file).map_err(|e| Error::io(path, e))?;
        if facts.links > 1 {
            return Err(Error::new(Code::Unsupported, messages::HARD_LINKS).at(path));
        }
        if facts.write_protected {
            return Err(Error::new(Code::Unsupported, messages::WRITE_PROTECTED).at(path));
        }
        // Somebody may have replaced it between opening and locking.
        held.check_unchanged()?;
        Ok(held)
    }

    /// That the name still leads to this file and nobody has written to it.
    pub(crate) fn check_unchanged(&self) -> Result<()> {
        let changed = || Error::new(Code::Conflict, messages::CHANGED_MEANWHILE).at(&self.path);
        let named = Facts::named(&self.path).map_err(|_| changed())?;
        let unchanged = named.sort == Sort::File && Fingerprint::of(&named) == Fingerprint::of(&self.found);
        if unchanged { Ok(()) } else { Err(changed()) }
    }

    /// Lets go of it, so that another file can take its name: nothing is read through it afterwards.
    pub(crate) fn let_go(&mut self) {
        platform::let_go(&mut self.file);
    }

    /// The path it was opened under.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The open file.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Bytes when it was opened.
    pub(crate) const fn size(&self) -> u64 {
        self.found.size
    }
}
