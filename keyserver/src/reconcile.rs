//! 照合. At start, whatever the log says was narrowed must still be narrow in the rows: a suspension, a revocation, an
//! erasure or a label undone by putting an older row back into the database is found here, and the server does not start.
//!
//! A row's code shows that the server once wrote it, not that it is the newest; the log, kept in two places, does.

use std::collections::BTreeMap;

use kakuzuke_core::audit::{EntryKind, EntryText, Leaf};
use kakuzuke_core::id::{DeviceId, DocumentId, SubjectId};

use crate::app::AppError;
use crate::store::{
    AddresseeRow, DepartureRow, DestinationRow, DeviceRow, DocumentRow, LineageRow, LoggedEntry, MediumRow, Reader,
    StoreError, SubjectRow,
};

/// Entries read at a time.
const PAGE: u64 = 10_000;

/// What the log last said of a thing, by the index of the entry.
#[derive(Default)]
struct Newest {
    labels: BTreeMap<DocumentId, u64>,
    lines: BTreeMap<DocumentId, u64>,
    subjects: BTreeMap<SubjectId, u64>,
    devices: BTreeMap<DeviceId, u64>,
    departures: BTreeMap<u64, u64>,
    media: BTreeMap<String, u64>,
    registers: BTreeMap<String, u64>,
}

/// Compares the rows with the log.
///
/// # Errors
/// [`AppError::RolledBack`] naming the entry whose row is older than it.
pub fn reconcile(reader: &Reader<'_>) -> Result<(), AppError> {
    let mut newest = Newest::default();
    let mut next = 0;
    loop {
        let page = reader.entries(next, PAGE)?;
        let Some(last) = page.last() else { break };
        next = last.index + 1;
        page.iter().try_for_each(|entry| newest.note(entry))?;
    }
    newest.compare(reader)
}

impl Newest {
    fn note(&mut self, entry: &LoggedEntry) -> Result<(), AppError> {
        let leaf = Leaf::decode(&entry.leaf).map_err(|_| StoreError::Altered("log"))?;
        let text = || -> Result<EntryText, AppError> {
            let text = entry.text.as_deref().unwrap_or("{}");
            Ok(serde_json::from_str(text).map_err(|_| StoreError::Altered("log"))?)
        };
        match (leaf.kind, leaf.document) {
            (EntryKind::Relabelled, Some(document)) => {
                self.labels.insert(document, entry.index);
            }
            (
                EntryKind::DocumentRevoked
                | EntryKind::DocumentResumed
                | EntryKind::ReaderRevoked
                | EntryKind::Destroyed,
                Some(document),
            ) => {
                self.lines.insert(document, entry.index);
            }
            (EntryKind::SubjectRevoked, _) => {
                self.subjects.extend(text()?.about.map(|subject| (subject, entry.index)));
            }
            (EntryKind::DeviceRevoked, _) => {
                self.devices.extend(text()?.about_device.map(|device| (device, entry.index)));
            }
            (EntryKind::Recalled, _) => {
                self.departures.extend(text()?.ledger.map(|number| (number, entry.index)));
            }
            (EntryKind::MediumMarked | EntryKind::MediumReturned | EntryKind::MediumLost, _) => {
                self.media.extend(text()?.medium.map(|medium| (medium, entry.index)));
            }
            (EntryKind::RegisterChanged, _) => {
                self.registers.extend(text()?.to.into_iter().map(|key| (key, entry.index)));
            }
            _ => {}
        }
        Ok(())
    }

    fn compare(&self, reader: &Reader<'_>) -> Result<(), AppError> {
        for (document, index) in &self.labels {
            let row = reader.get::<DocumentRow>(document.as_bytes())?;
            demand(row.map(|row| row.entry()), *index)?;
        }
        for (document, index) in &self.lines {
            let row = reader.get::<DocumentRow>(document.as_bytes())?.ok_or(AppError::RolledBack(*index))?;
            let line = reader.get::<LineageRow>(row.lineage.as_bytes())?;
            demand(line.map(|line| line.entry()), *index)?;
        }
        for (subject, index) in &self.subjects {
            let row = reader.get::<SubjectRow>(subject.as_str().as_bytes())?;
            demand(row.map(|row| row.entry()), *index)?;
        }
        for (device, index) in &self.devices {
            let row = reader.get::<DeviceRow>(device.as_bytes())?;
            demand(row.map(|row| row.entry()), *index)?;
        }
        self.compare_leaving(reader)
    }

    fn compare_leaving(&self, reader: &Reader<'_>) -> Result<(), AppError> {
        for (number, index) in &self.departures {
            let row = reader.get::<DepartureRow>(&DepartureRow::key_of(*number))?;
            demand(row.map(|row| row.entry()), *index)?;
        }
        for (medium, index) in &self.media {
            let row = reader.get::<MediumRow>(medium.as_bytes())?;
            demand(row.map(|row| row.entry()), *index)?;
        }
        for (key, index) in &self.registers {
            let found = if key.contains('@') {
                reader.get::<AddresseeRow>(key.as_bytes())?.map(|row| row.entry())
            } else {
                reader.get::<DestinationRow>(key.as_bytes())?.map(|row| row.entry())
            };
            demand(found, *index)?;
        }
        Ok(())
    }
}

/// A row must rest on the newest entry that changed it, or on a later one.
const fn demand(found: Option<u64>, index: u64) -> Result<(), AppError> {
    match found {
        Some(entry) if entry >= index => Ok(()),
        _ => Err(AppError::RolledBack(index)),
    }
}
