//! 写し. The whole database a second time, in another place: every transaction is committed there too before anybody is
//! answered, so that what needs it (可用性2情報, 7.1.2(1)(b)) survives the loss of one disk.
//!
//! The copy follows the database and is never read for a decision. While it can't be written the server goes on without
//! it and says so in what it promises; when it is there again it is brought up to date first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kakuzuke_core::protocol::Durability;
use rusqlite::{Connection, params};

use super::tx::Touched;
use super::{StoreError, crash, log, schema};

/// How long a copy that failed is left alone before it is tried again.
const PAUSE: Duration = if cfg!(test) { Duration::ZERO } else { Duration::from_secs(10) };

const NEW_ENTRIES: &str = "insert into main.entries select * from here.entries where idx >= ?1";
const COUNTERS: &str = "insert or replace into main.counters select * from here.counters";
const NODE: &str = "insert or replace into main.nodes select * from here.nodes where position = ?1";
const ROW: [&str; 4] = [
    "delete from main.rows where kind = ?1 and key = ?2",
    schema::UNLINK,
    "insert into main.rows select * from here.rows where kind = ?1 and key = ?2",
    "insert into main.links select * from here.links where kind = ?1 and key = ?2",
];
/// Everything that differs, whatever it is.
const DIFFERENCES: [&str; 5] = [
    "insert or replace into main.nodes select * from here.nodes n
        where not exists (select 1 from main.nodes m where m.position = n.position and m.hash = n.hash)",
    "delete from main.rows
        where not exists (select 1 from here.rows h where h.kind = main.rows.kind and h.key = main.rows.key)",
    "insert or replace into main.rows select * from here.rows h
        where not exists (select 1 from main.rows m where m.kind = h.kind and m.key = h.key and m.mac = h.mac)",
    "delete from main.links where not exists (select 1 from here.links h where h.kind = main.links.kind
        and h.link = main.links.link and h.value = main.links.value and h.key = main.links.key)",
    "insert or ignore into main.links select * from here.links",
];

/// The copy, if there is to be one and as far as it can be reached.
pub(super) struct Copy {
    database: PathBuf,
    place: Option<PathBuf>,
    open: Option<Connection>,
    failed: Option<Instant>,
    in_step: Arc<AtomicBool>,
}

impl Copy {
    /// Opens the copy at `place` and brings it up to date. One that can't be reached is tried again later.
    ///
    /// # Errors
    /// [`StoreError::Behind`] or [`StoreError::Differs`] when the copy knows more than the database, or something else:
    /// then an older database was put in place.
    pub(super) fn open(database: &Path, place: Option<&Path>, in_step: Arc<AtomicBool>) -> Result<Self, StoreError> {
        let (database, place) = (database.to_owned(), place.map(ToOwned::to_owned));
        let mut copy = Self { database, place, open: None, failed: None, in_step };
        match copy.reach() {
            Err(error @ (StoreError::Behind { .. } | StoreError::Differs(_))) => return Err(error),
            Err(error) => copy.lose(&error),
            Ok(()) => {}
        }
        Ok(copy)
    }

    /// Follows a transaction that the database has committed: entries from `first` on, and the rows it touched. How
    /// safely it is kept now.
    pub(super) fn follow(&mut self, first: u64, touched: &Touched, scrub: bool) -> Durability {
        if self.place.is_none() {
            return Durability::Local;
        }
        match self.try_follow(first, touched, scrub) {
            Ok(()) => Durability::Replicated,
            Err(error) => {
                self.lose(&error);
                Durability::Local
            }
        }
    }

    fn try_follow(&mut self, first: u64, touched: &Touched, scrub: bool) -> Result<(), StoreError> {
        if self.failed.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(StoreError::Stopped);
        }
        let in_step = match &self.open {
            Some(copy) => log::size(copy)? == first,
            None => false,
        };
        if !in_step {
            return self.reach();
        }
        let Some(copy) = &self.open else { return Err(StoreError::Stopped) };
        crash::point();
        transaction(copy, |copy| touch(copy, first, touched))?;
        crash::point();
        if scrub {
            copy.query_row("pragma main.wal_checkpoint(truncate)", [], |_| Ok(()))?;
        }
        self.in_step.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Opens it if need be and copies whatever it lacks.
    fn reach(&mut self) -> Result<(), StoreError> {
        let Some(place) = &self.place else { return Ok(()) };
        // Opened anew: the folder may be another disk by now.
        self.open = None;
        // Never made here: where a disk is not mounted, a new copy would lie on the wrong one.
        if !place.is_file() {
            return Err(std::io::Error::from(std::io::ErrorKind::NotFound).into());
        }
        let copy = schema::open(place)?;
        copy.execute("attach database ?1 as here", params![self.database.to_string_lossy()])?;
        transaction(&copy, catch_up)?;
        copy.query_row("pragma main.wal_checkpoint(truncate)", [], |_| Ok(()))?;
        self.open = Some(copy);
        if self.failed.take().is_some() {
            super::writer::say("the copy is in step again");
        }
        self.in_step.store(true, Ordering::SeqCst);
        Ok(())
    }

    fn lose(&mut self, error: &StoreError) {
        self.in_step.store(false, Ordering::SeqCst);
        self.open = None;
        if self.failed.is_none_or(|at| at.elapsed() >= PAUSE) {
            self.failed = Some(Instant::now());
            super::writer::say(&format!("the copy can't be written, going on without it: {error}"));
        }
    }
}

fn transaction(copy: &Connection, work: impl FnOnce(&Connection) -> Result<(), StoreError>) -> Result<(), StoreError> {
    schema::step(copy, "begin immediate")?;
    let outcome = work(copy).and_then(|()| schema::step(copy, "commit"));
    outcome.inspect_err(|_| {
        let _undone = copy.execute_batch("rollback");
    })
}

fn touch(copy: &Connection, first: u64, touched: &Touched) -> Result<(), StoreError> {
    copy.prepare_cached(NEW_ENTRIES)?.execute(params![first])?;
    let mut node = copy.prepare_cached(NODE)?;
    touched.nodes.iter().try_for_each(|position| node.execute(params![position]).map(drop))?;
    for (kind, key) in &touched.rows {
        for statement in ROW {
            copy.prepare_cached(statement)?.execute(params![kind, key])?;
        }
    }
    copy.prepare_cached(COUNTERS)?.execute([])?;
    Ok(())
}

fn catch_up(copy: &Connection) -> Result<(), StoreError> {
    let (ours, theirs) = (log::size(copy)?, last(copy, "here")?.map_or(0, |(index, _)| index + 1));
    if ours > theirs {
        return Err(StoreError::Behind { database: theirs, second: ours });
    }
    if let Some((index, hash)) = last(copy, "main")? {
        let same =
            copy.query_row("select hash from here.entries where idx = ?1", params![index], |r| r.get::<_, Vec<u8>>(0));
        if same? != hash {
            return Err(StoreError::Differs(index));
        }
    }
    if ours == theirs && ours > 0 {
        // Every row rests on an entry: with the same entries they are the same.
        return Ok(());
    }
    copy.execute(NEW_ENTRIES, params![ours])?;
    DIFFERENCES.iter().try_for_each(|statement| copy.execute(statement, []).map(drop))?;
    copy.execute(COUNTERS, [])?;
    Ok(())
}

/// The last entry of a database: index and hash.
fn last(copy: &Connection, name: &str) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    use rusqlite::OptionalExtension;
    let query = format!("select idx, hash from {name}.entries order by idx desc limit 1");
    Ok(copy.query_row(&query, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
