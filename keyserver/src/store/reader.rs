//! 読出し. Rows, verified, and the log, from one consistent view of the database.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use kakuzuke_core::audit::{ConsistencyProof, InclusionProof, NodeId, prove_consistency, prove_inclusion};
use kakuzuke_core::cbor;
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::id::LogHash;
use rusqlite::{Connection, OptionalExtension, params};

use super::log::{self, LoggedEntry, TreeHead};
use super::mac::RowMac;
use super::row::{Link, Row, Verified};
use super::{StoreError, schema};

/// Connections that are not in use.
pub(super) struct Pool {
    database: PathBuf,
    mac: Arc<RowMac>,
    idle: Mutex<Vec<Connection>>,
    durable: Arc<AtomicU64>,
}

impl Pool {
    pub(super) const fn new(database: PathBuf, mac: Arc<RowMac>, durable: Arc<AtomicU64>) -> Self {
        Self { database, mac, idle: Mutex::new(Vec::new()), durable }
    }

    pub(super) fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_reader(&self.database)?,
        };
        // Taken before the view begins: the view has at least these entries.
        let size = self.durable.load(Ordering::SeqCst);
        schema::step(&connection, "begin")?;
        let outcome = read(&Reader { connection: &connection, mac: &self.mac, size });
        // A connection whose view could not be ended is not used again.
        if schema::step(&connection, "commit").is_ok()
            && let Ok(mut idle) = self.idle.lock()
        {
            idle.push(connection);
        }
        outcome
    }
}

/// Reads.
pub struct Reader<'c> {
    pub(super) connection: &'c Connection,
    pub(super) mac: &'c RowMac,
    /// Entries that are seen: those in the second sink as well.
    pub(super) size: u64,
}

impl Reader<'_> {
    /// The row of a key.
    ///
    /// # Errors
    /// [`StoreError::Altered`] if it is not as it was written.
    pub fn get<R: Row>(&self, key: &[u8]) -> Result<Option<Verified<R>>, StoreError> {
        let found: Option<(Vec<u8>, u64, Vec<u8>)> = self
            .connection
            .prepare_cached("select body, entry, mac from rows where kind = ?1 and key = ?2")?
            .query_row(params![R::KIND, key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        found.map(|(body, entry, mac)| self.verify(key, &body, entry, &mac)).transpose()
    }

    /// The rows a link leads to, in the order of their keys.
    ///
    /// # Errors
    /// [`StoreError::Altered`] if one of them is not as it was written.
    pub fn find<R: Row>(&self, link: Link, value: &[u8]) -> Result<Vec<Verified<R>>, StoreError> {
        self.keys::<R>(link, value)?.iter().filter_map(|key| self.get(key).transpose()).collect()
    }

    /// The keys of the rows a link leads to, in their order.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn keys<R: Row>(&self, link: Link, value: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut found = self
            .connection
            .prepare_cached("select key from links where kind = ?1 and link = ?2 and value = ?3 order by key")?;
        let keys = found.query_map(params![R::KIND, link as u8, value], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// Every row of a kind, in the order of keys.
    ///
    /// # Errors
    /// [`StoreError::Altered`] if one of them is not as it was written.
    pub fn list<R: Row>(&self) -> Result<Vec<Verified<R>>, StoreError> {
        let mut all =
            self.connection.prepare_cached("select key, body, entry, mac from rows where kind = ?1 order by key")?;
        let rows = all.query_map(params![R::KIND], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        type Stored = (Vec<u8>, Vec<u8>, u64, Vec<u8>);
        let rows: Vec<Stored> = rows.collect::<Result<_, _>>()?;
        rows.iter().map(|(key, body, entry, mac)| self.verify(key, body, *entry, mac)).collect()
    }

    fn verify<R: Row>(&self, key: &[u8], body: &[u8], entry: u64, mac: &[u8]) -> Result<Verified<R>, StoreError> {
        let altered = StoreError::Altered(R::NAME);
        if !self.mac.holds(R::KIND, key, entry, body, mac) {
            return Err(altered);
        }
        let row: R = cbor::decode_strict(body).map_err(|_| StoreError::Altered(R::NAME))?;
        if row.key() == key { Ok(Verified::new(row, entry)) } else { Err(altered) }
    }

    /// Entries of the log that are durable in both places.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The log as far as it is durable in both places: what is signed can't be lost with one of them.
    ///
    /// # Errors
    /// When its nodes can't be read.
    pub fn head(&self) -> Result<TreeHead, StoreError> {
        let frontier = log::frontier(self.connection, self.size)?;
        Ok(TreeHead { size: frontier.size(), root: frontier.root(default_provider()) })
    }

    /// Proof that an entry stands in the log of `size` entries; none when it does not.
    ///
    /// # Errors
    /// When the nodes can't be read.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Option<InclusionProof>, StoreError> {
        prove_inclusion(default_provider(), index, size, |node| self.node(node))
    }

    /// Proof that the log of `size` entries grew out of that of `old`; none when it did not.
    ///
    /// # Errors
    /// When the nodes can't be read.
    pub fn consistency(&self, old: u64, size: u64) -> Result<Option<ConsistencyProof>, StoreError> {
        prove_consistency(default_provider(), old, size, |node| self.node(node))
    }

    /// Entries from `first`, at most `count`, as far as they are durable in both places.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn entries(&self, first: u64, count: u64) -> Result<Vec<LoggedEntry>, StoreError> {
        // Beyond the end there are none, and beyond what the database counts with nothing is asked.
        let count = count.min(self.size.saturating_sub(first));
        if count == 0 { Ok(Vec::new()) } else { log::entries(self.connection, first, count) }
    }

    fn node(&self, node: NodeId) -> Result<LogHash, StoreError> {
        log::node(self.connection, node)
    }
}
