//! 控え. The second place of every acknowledged entry: a file of JSON Lines outside the database. At start it tells an
//! older database that was put in place from the current one.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kakuzuke_core::audit::ExportEntry;
use rusqlite::Connection;
use rustix::fs::{FlockOperation, flock};

use super::log::{self, LoggedEntry};
use super::{StoreError, crash};

/// Longest line of an entry, in bytes.
const LONGEST: usize = 64 * 1024;
/// Entries copied at a time when the sink is brought up to date.
const PAGE: u64 = 1_000;

/// The open file. While it is locked no other process writes to the log.
pub(super) struct Sink {
    file: File,
}

impl Sink {
    /// Opens the sink, cuts off a line that a crash left half-written, compares with the database, and copies what
    /// the database has committed and nobody was told of.
    pub(super) fn open(path: &Path, database: &Connection) -> Result<Self, StoreError> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut sink = Self { file };
        sink.lock()?;
        let outcome = sink.catch_up(database);
        sink.unlock()?;
        outcome.map(|()| sink)
    }

    /// Waits until no other process writes.
    pub(super) fn lock(&self) -> io::Result<()> {
        Ok(flock(&self.file, FlockOperation::LockExclusive)?)
    }

    pub(super) fn unlock(&self) -> io::Result<()> {
        Ok(flock(&self.file, FlockOperation::Unlock)?)
    }

    /// Appends entries and waits until they are on the disk.
    pub(super) fn append(&mut self, entries: impl IntoIterator<Item = LoggedEntry>) -> io::Result<()> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, &entry.export())?;
            lines.push(b'\n');
        }
        crash::point();
        self.file.write_all(&lines)?;
        crash::point();
        self.file.sync_data()?;
        crash::point();
        Ok(())
    }

    /// Whether the database agrees, and the sink brought up to it. The lock is held.
    pub(super) fn catch_up(&mut self, database: &Connection) -> Result<(), StoreError> {
        let size = log::size(database)?;
        let last = self.last()?;
        let sink = last.as_ref().map_or(0, |entry| entry.index + 1);
        if sink > size {
            return Err(StoreError::Behind { database: size, sink });
        }
        if let Some(last) = last {
            let same = log::entries(database, last.index, 1)?.first().is_some_and(|ours| ours.hash == last.hash);
            if !same {
                return Err(StoreError::Differs(last.index));
            }
        }
        let mut next = sink;
        while next < size {
            let page = log::entries(database, next, PAGE)?;
            next += page.len() as u64;
            if page.is_empty() {
                return Err(StoreError::Altered("log"));
            }
            self.append(page)?;
        }
        Ok(())
    }

    /// The last whole line; a half one behind it is cut off.
    fn last(&mut self) -> Result<Option<ExportEntry>, StoreError> {
        let length = self.file.seek(SeekFrom::End(0))?;
        let from = length.saturating_sub(2 * LONGEST as u64);
        self.file.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        (&self.file).take(2 * LONGEST as u64).read_to_end(&mut tail)?;
        let whole = tail.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        if whole < tail.len() {
            self.file.set_len(from + whole as u64)?;
            self.file.sync_data()?;
        }
        tail.truncate(whole);
        let line = BufReader::new(tail.as_slice()).split(b'\n').last().transpose()?;
        match line {
            None if from == 0 => Ok(None),
            None => Err(StoreError::Sink(io::ErrorKind::InvalidData.into())),
            Some(line) => Ok(Some(serde_json::from_slice(&line).map_err(io::Error::from)?)),
        }
    }
}
