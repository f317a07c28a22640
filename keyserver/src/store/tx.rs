//! 書込み. What one job may do: read, append entries, put rows that name the entry that made them.

use kakuzuke_core::audit::{Frontier, Leaf, Salt};
use kakuzuke_core::cbor;
use kakuzuke_core::crypto::default_provider;
use rusqlite::{Connection, OptionalExtension, params};

use super::log::{self, LoggedEntry};
use super::mac::RowMac;
use super::reader::Reader;
use super::row::Row;
use super::{Recorded, StoreError, schema};

/// Longest text of an entry, as JSON, in bytes. No request is so long that an honest one reaches it.
pub(super) const LONGEST_TEXT: usize = 64 * 1024;

/// An entry to be appended. Made by [`crate::audit::Entry`].
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What the tree holds.
    pub leaf: Leaf,
    /// Salt of the text.
    pub salt: Salt,
    /// JSON of the text.
    pub text: String,
}

/// The entry a row rests on. Comes from [`Tx::append`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryIndex(u64);

impl EntryIndex {
    /// Index from 0.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A job's part of a transaction.
pub struct Tx<'c> {
    connection: &'c Connection,
    mac: &'c RowMac,
    frontier: Frontier,
    appended: Vec<(LoggedEntry, Recorded)>,
    touched: Touched,
    scrub: bool,
}

/// What a job changed besides entries: for the copy.
#[derive(Default)]
pub(super) struct Touched {
    /// Kind and key of each row put or deleted.
    pub rows: Vec<(u8, Vec<u8>)>,
    /// Positions of the nodes that were added to the tree.
    pub nodes: Vec<u64>,
}

impl Touched {
    pub(super) fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.nodes.extend(other.nodes);
    }
}

/// What a job came to.
pub(super) struct Finished {
    pub frontier: Frontier,
    pub appended: Vec<(LoggedEntry, Recorded)>,
    pub touched: Touched,
    /// Whether older contents of the rows it wrote are to be gone from the write-ahead log as well.
    pub scrub: bool,
}

impl<'c> Tx<'c> {
    pub(super) const fn new(connection: &'c Connection, mac: &'c RowMac, frontier: Frontier) -> Self {
        Self {
            connection,
            mac,
            frontier,
            appended: Vec::new(),
            touched: Touched { rows: Vec::new(), nodes: Vec::new() },
            scrub: false,
        }
    }

    pub(super) fn finish(self) -> Finished {
        Finished { frontier: self.frontier, appended: self.appended, touched: self.touched, scrub: self.scrub }
    }

    /// Reads, with what this transaction has written.
    #[must_use]
    pub const fn reader(&self) -> Reader<'c> {
        Reader { connection: self.connection, mac: self.mac, size: self.frontier.size() }
    }

    /// Appends an entry to the log.
    ///
    /// # Errors
    /// [`StoreError::TooLong`] for a text that the second sink does not take; otherwise when it can't be written.
    pub fn append(&mut self, entry: NewEntry) -> Result<EntryIndex, StoreError> {
        self.demand_open()?;
        if entry.text.len() > LONGEST_TEXT {
            return Err(StoreError::TooLong);
        }
        let provider = default_provider();
        let (bytes, hash) = (entry.leaf.encode(), entry.leaf.hash(provider));
        let index = self.frontier.size();
        let logged = LoggedEntry { index, leaf: bytes, hash, salt: Some(entry.salt), text: Some(entry.text) };
        log::insert(self.connection, &logged)?;
        let mut nodes = Vec::new();
        self.frontier.push(provider, hash, |node, hash| nodes.push((node, hash)));
        for (node, hash) in nodes {
            log::insert_node(self.connection, node, hash)?;
            self.touched.nodes.push(node.position());
        }
        let recorded = Recorded {
            index,
            leaf_hash: hash,
            kind: entry.leaf.kind,
            document: entry.leaf.document,
            outcome: entry.leaf.outcome,
        };
        self.appended.push((logged, recorded));
        Ok(EntryIndex(index))
    }

    /// Puts a row in place of the one with its key, resting on an entry.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put<R: Row>(&mut self, row: &R, entry: EntryIndex) -> Result<(), StoreError> {
        self.demand_open()?;
        let (key, body) = (row.key(), cbor::encode(row));
        let mac = self.mac.code(R::KIND, &key, entry.0, &body);
        self.connection
            .prepare_cached("insert or replace into rows (kind, key, body, entry, mac) values (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![R::KIND, key, body, entry.0, mac])?;
        self.connection.prepare_cached(schema::UNLINK)?.execute(params![R::KIND, key])?;
        for (link, value) in row.links() {
            self.connection
                .prepare_cached("insert into links (kind, link, value, key) values (?1, ?2, ?3, ?4)")?
                .execute(params![R::KIND, link as u8, value, key])?;
        }
        self.touched.rows.push((R::KIND, key));
        Ok(())
    }

    /// Removes a row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn delete<R: Row>(&mut self, key: &[u8]) -> Result<(), StoreError> {
        self.demand_open()?;
        self.connection
            .prepare_cached("delete from rows where kind = ?1 and key = ?2")?
            .execute(params![R::KIND, key])?;
        self.connection.prepare_cached(schema::UNLINK)?.execute(params![R::KIND, key])?;
        self.touched.rows.push((R::KIND, key.to_vec()));
        Ok(())
    }

    /// A full disk makes the database undo the whole transaction; what a job then went on to write would stand alone.
    fn demand_open(&self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() { Err(StoreError::Undone) } else { Ok(()) }
    }

    /// Asks that what this job overwrites or deletes be gone from the database's files before it is answered: the
    /// write-ahead log is emptied into the database, where overwritten cells are zeroed. While somebody reads an older
    /// view that can't be done; it is then done with one of the next transactions. Free blocks of the file system,
    /// snapshots and backups are out of reach.
    pub const fn scrub(&mut self) {
        self.scrub = true;
    }

    /// The next number of a counter, from 1. For people to speak of things by; nothing rests on it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn next_number(&mut self, counter: &str) -> Result<u64, StoreError> {
        self.demand_open()?;
        let last: Option<u64> = self
            .connection
            .prepare_cached("select value from counters where name = ?1")?
            .query_row(params![counter], |row| row.get(0))
            .optional()?;
        let next = last.unwrap_or(0) + 1;
        self.connection
            .prepare_cached("insert or replace into counters (name, value) values (?1, ?2)")?
            .execute(params![counter, next])?;
        Ok(next)
    }
}
