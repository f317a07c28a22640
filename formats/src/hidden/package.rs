//! A package being cleaned: parts that change, parts that go.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ledger, Out, SanitiseError};
use crate::error::{LabelError, ReadError};
use crate::image::{self, Picture};
use crate::limits;
use crate::zip::{self, Archive};

/// Changes to a package.
#[derive(Default)]
pub(crate) struct Changes {
    changed: BTreeMap<String, Vec<u8>>,
    gone: BTreeSet<String>,
    held: u64,
}

impl Changes {
    /// A part has other bytes from now on.
    pub fn put(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ReadError> {
        self.held += bytes.len() as u64;
        if self.held > limits::CHANGED_PARTS {
            return Err(ReadError::Limit("parts of a package that change"));
        }
        self.changed.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// A part goes.
    pub fn remove(&mut self, name: &str) {
        self.gone.insert(name.to_owned());
    }

    pub fn is_gone(&self, name: &str) -> bool {
        self.gone.contains(name)
    }

    /// A part as it is by now.
    pub fn text(&self, archive: &Archive<'_>, name: &str) -> Result<Option<String>, ReadError> {
        if let Some(bytes) = self.changed.get(name) {
            return crate::xml::decode(bytes).map(Some);
        }
        let Some(entry) = archive.find(name).filter(|_| !self.is_gone(name)) else { return Ok(None) };
        crate::xml::decode(&archive.read(entry, limits::CLEANED_PART)?).map(Some)
    }

    /// Cleans every picture of the package.
    pub fn pictures(&mut self, archive: &Archive<'_>, ledger: &mut Ledger) -> Result<(), ReadError> {
        const ENDS: [&str; 10] = [".png", ".jpg", ".jpeg", ".jpe", ".gif", ".tif", ".tiff", ".webp", ".emf", ".jfif"];
        for entry in archive.entries() {
            let name = entry.name.to_ascii_lowercase();
            if self.is_gone(&entry.name) || !ENDS.iter().any(|end| name.ends_with(end)) || entry.is_encrypted() {
                continue;
            }
            let bytes = archive.read(entry, limits::PICTURE)?;
            let Some(picture) = Picture::of(&bytes) else { continue };
            ledger.enter(&entry.name);
            let cleaned = image::clean(&bytes, picture, ledger);
            ledger.leave();
            match cleaned {
                Ok(cleaned) if cleaned != bytes => self.put(&entry.name, cleaned)?,
                Ok(_) => {}
                // Other programs show it or not; what it holds is not known.
                Err(_) => ledger.not_inspected(kakuzuke_core::code::Text::new(
                    format!("壊れた画像：{}", entry.name),
                    format!("a broken picture: {}", entry.name),
                )),
            }
        }
        Ok(())
    }

    /// Writes the package as it is by now.
    pub fn write(self, archive: &Archive<'_>, out: Out<'_>) -> Result<(), SanitiseError> {
        let Some(out) = out else { return Ok(()) };
        let parts: Vec<_> = self.changed.into_iter().filter(|(name, _)| !self.gone.contains(name)).collect();
        zip::rewrite_without(archive, &parts, &self.gone, out).map_err(|e| match e {
            LabelError::Read(e) => e.into(),
            LabelError::Write(e) => SanitiseError::Write(e),
            _ => SanitiseError::Refused("the archive is too large"),
        })
    }
}
