//! 監査ログの表. Entries, the tree's nodes, and the state from which it grows.

use kakuzuke_core::audit::{ExportEntry, Frontier, NodeId, SALT_LEN, Salt};
use kakuzuke_core::id::LogHash;
use kakuzuke_core::protocol::Bytes;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// Size and root of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of entries.
    pub size: u64,
    /// Root of the tree.
    pub root: LogHash,
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEntry {
    /// Index from 0.
    pub index: u64,
    /// Its leaf.
    pub leaf: Vec<u8>,
    /// Hash of the leaf.
    pub hash: LogHash,
    /// Salt of the text, unless it was erased.
    pub salt: Option<Salt>,
    /// The text's JSON, unless it was erased.
    pub text: Option<String>,
}

impl LoggedEntry {
    /// The line of an export.
    #[must_use]
    pub fn export(self) -> ExportEntry {
        ExportEntry {
            index: self.index,
            hash: self.hash,
            leaf: Some(Bytes(self.leaf)),
            salt: self.salt,
            text: self.text,
        }
    }
}

/// Number of entries.
pub(super) fn size(connection: &Connection) -> Result<u64, StoreError> {
    let last: Option<u64> =
        connection.prepare_cached("select max(idx) from entries")?.query_row([], |row| row.get(0))?;
    Ok(last.map_or(0, |last| last + 1))
}

/// The state from which the tree of `size` entries grows.
pub(super) fn frontier(connection: &Connection, size: u64) -> Result<Frontier, StoreError> {
    let roots = Frontier::nodes(size).into_iter().map(|id| node(connection, id)).collect::<Result<Vec<_>, _>>()?;
    Frontier::from_parts(size, roots).ok_or(StoreError::Altered("log"))
}

pub(super) fn node(connection: &Connection, node: NodeId) -> Result<LogHash, StoreError> {
    let hash: Option<Vec<u8>> = connection
        .prepare_cached("select hash from nodes where position = ?1")?
        .query_row(params![node.position()], |row| row.get(0))
        .optional()?;
    hash.and_then(|hash| LogHash::try_from(hash.as_slice()).ok()).ok_or(StoreError::Altered("log"))
}

pub(super) fn insert(connection: &Connection, entry: &LoggedEntry) -> Result<(), StoreError> {
    connection
        .prepare_cached("insert into entries (idx, leaf, hash, salt, body) values (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            entry.index,
            entry.leaf,
            entry.hash.as_bytes(),
            entry.salt.as_ref().map(Salt::as_bytes),
            entry.text
        ])?;
    Ok(())
}

pub(super) fn insert_node(connection: &Connection, node: NodeId, hash: LogHash) -> Result<(), StoreError> {
    connection
        .prepare_cached("insert into nodes (position, hash) values (?1, ?2)")?
        .execute(params![node.position(), hash.as_bytes()])?;
    Ok(())
}

pub(super) fn entries(connection: &Connection, first: u64, count: u64) -> Result<Vec<LoggedEntry>, StoreError> {
    let mut found = connection
        .prepare_cached("select idx, leaf, hash, salt, body from entries where idx >= ?1 order by idx limit ?2")?;
    let rows = found.query_map(params![first, count], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?, row.get::<_, Option<Vec<u8>>>(3)?, row.get(4)?))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (index, leaf, hash, salt, text) = row?;
        let hash = LogHash::try_from(hash.as_slice()).map_err(|_| StoreError::Altered("log"))?;
        let salt = match salt.map(<[u8; SALT_LEN]>::try_from) {
            None => None,
            Some(Ok(salt)) => Some(Salt::from_bytes(salt)),
            Some(Err(_)) => return Err(StoreError::Altered("log")),
        };
        all.push(LoggedEntry { index, leaf, hash, salt, text });
    }
    Ok(all)
}
