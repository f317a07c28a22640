//! 控え. The second place of every acknowledged entry: a file of JSON Lines outside the database. At start it tells an
//! older database that was put in place from the current one.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kakuzuke_core::audit::ExportEntry;
use rusqlite::Connection;
use rustix::fs::{FlockOperation, flock};

use super::log::{self, LoggedEntry};
use super::{StoreError, crash};

/// Longest line of an entry, in bytes. An entry's text has [`super::tx::LONGEST_TEXT`]; as a JSON string it at most
/// doubles, and leaf, salt and hash stay below 2 KiB.
const LONGEST: usize = 2 * super::tx::LONGEST_TEXT + 4 * 1024;
/// Entries copied at a time when the sink is brought up to date.
const PAGE: u64 = 1_000;

/// The open file. While it is locked no other process writes to the log.
pub(super) struct Sink {
    file: File,
    /// Its length and the index of its next entry, as this process left it: if the file has another length, another
    /// process has written since.
    left: Option<(u64, u64)>,
    /// Entries that it lacked when it was opened.
    repaired: u64,
}

impl Sink {
    /// Opens the sink, cuts off a line that a crash left half-written, compares with the database, and copies what
    /// the database has committed and nobody was told of.
    pub(super) fn open(path: &Path, database: &Connection) -> Result<Self, StoreError> {
        let file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path)?;
        let mut sink = Self { file, left: None, repaired: 0 };
        sink.lock()?;
        let outcome = sink.catch_up(database);
        sink.unlock()?;
        sink.repaired = outcome?;
        Ok(sink)
    }

    /// Waits until no other process writes.
    pub(super) fn lock(&self) -> io::Result<()> {
        Ok(flock(&self.file, FlockOperation::LockExclusive)?)
    }

    pub(super) fn unlock(&self) -> io::Result<()> {
        Ok(flock(&self.file, FlockOperation::Unlock)?)
    }

    /// Number of entries that it lacked when it was opened, because a crash came between database and sink.
    pub(super) const fn repaired(&self) -> u64 {
        self.repaired
    }

    /// Index of the next entry, as far as this process knows; 0 when it does not.
    pub(super) fn next(&self) -> u64 {
        self.left.map_or(0, |(_, next)| next)
    }

    /// Whether it ends where this process left it, before the entry with this index. The lock is held.
    pub(super) fn is_before(&self, index: u64) -> io::Result<bool> {
        Ok(self.left == Some((self.file.metadata()?.len(), index)))
    }

    /// Appends entries and waits until they are on the disk. The lock is held.
    pub(super) fn append(&mut self, entries: impl IntoIterator<Item = LoggedEntry>) -> io::Result<()> {
        let (mut lines, mut next) = (Vec::new(), None);
        for entry in entries {
            next = Some(entry.index + 1);
            serde_json::to_writer(&mut lines, &entry.export())?;
            lines.push(b'\n');
        }
        // Until it has succeeded nobody knows where the sink ends.
        self.left = None;
        crash::point();
        write_through(&mut self.file, &lines)?;
        crash::point();
        self.file.sync_data()?;
        crash::point();
        self.left = next.map(|next| Ok::<_, io::Error>((self.file.metadata()?.len(), next))).transpose()?;
        Ok(())
    }

    /// Whether the database agrees, and the sink brought up to it; gives how many entries it lacked. The lock is held.
    pub(super) fn catch_up(&mut self, database: &Connection) -> Result<u64, StoreError> {
        let size = log::size(database)?;
        let last = self.last()?;
        let sink = last.as_ref().map_or(0, |entry| entry.index + 1);
        if sink > size {
            return Err(StoreError::Behind { database: size, second: sink });
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
        self.left = Some((self.file.metadata()?.len(), size));
        Ok(size - sink)
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

/// Writes the lines; in a crash test in two parts, so that the process can end inside a line.
fn write_through(file: &mut File, lines: &[u8]) -> io::Result<()> {
    if cfg!(any(test, feature = "crash-points")) {
        let (first, rest) = lines.split_at(lines.len() / 2);
        file.write_all(first)?;
        crash::point();
        return file.write_all(rest);
    }
    file.write_all(lines)
}
