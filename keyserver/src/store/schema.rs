//! 表. The database's tables and how it is opened: write-ahead log, every commit on the disk before it counts.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::StoreError;

const VERSION: i64 = 1;
/// How long to wait for another process that writes.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Statements a connection keeps prepared: more than there are.
const STATEMENTS: usize = 64;

const TABLES: &str = "
create table rows (kind integer not null, key blob not null, body blob not null, entry integer not null, mac blob not null,
    primary key (kind, key)) without rowid, strict;
create table links (kind integer not null, link integer not null, value blob not null, key blob not null,
    primary key (kind, link, value, key)) without rowid, strict;
create table entries (idx integer primary key, leaf blob not null, hash blob not null, salt blob, body text) strict;
create table nodes (position integer primary key, hash blob not null) strict;
create table counters (name text primary key, value integer not null) without rowid, strict;
";
/// Without it, putting one row would look through the links of all.
const LINKS_OF_A_ROW: &str = "create index if not exists links_of_a_row on links (kind, key)";

/// Removes the links of a row: kind, key.
pub(super) const UNLINK: &str = "delete from main.links where kind = ?1 and key = ?2";

/// Opens the database for writing, making its tables if it is new.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    configure(&connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            connection.execute_batch(&format!("begin immediate; {TABLES} pragma user_version = {VERSION}; commit;"))?;
        }
        VERSION => {}
        other => return Err(StoreError::Schema(other)),
    }
    step(&connection, LINKS_OF_A_ROW)?;
    Ok(connection)
}

/// Opens it for reading.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// A statement without rows, prepared once for each connection.
pub(super) fn step(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // What is deleted is overwritten, so that an erased secret does not linger in free pages.
    connection.pragma_update(None, "secure_delete", "on")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn putting_a_row_looks_at_its_own_links_only() {
        let dir = tempfile::tempdir().unwrap();
        let connection = open(&dir.path().join("keyserver.db")).unwrap();
        let mut plan = connection.prepare(&format!("explain query plan {UNLINK}")).unwrap();
        let plan: String = plan.query_row([1, 1], |row| row.get("detail")).unwrap();
        assert!(plan.contains("kind=? AND key=?"), "{plan}");
    }
}
