//! 保管. The only room with SQL: rows that feed decisions, each with a code under a key the database does not hold, and
//! the audit log, kept here and in a second sink outside.
//!
//! One writer puts many jobs into one transaction. A job's rows and its entries are committed together; then the
//! entries go to the second sink; only when both are durable does anybody learn that the job was done. What proves it
//! is a [`Recorded`], which nothing else can make.

mod copy;
mod crash;
mod log;
mod mac;
mod reader;
mod row;
mod rows;
mod schema;
mod sink;
#[cfg(test)]
mod tests;
mod tx;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::crypto::{Secret, role};
use kakuzuke_core::id::{DocumentId, LogHash};
use kakuzuke_core::protocol::Durability;

pub use log::{LoggedEntry, TreeHead};
pub use reader::Reader;
pub use row::{Link, Row, Verified};
pub use rows::{
    AddresseeRow, ApprovalRow, Change, Decided, Decision, Departed, DepartureRow, DestinationClass, DestinationRow,
    DeviceRow, DocumentRow, EnrolmentRow, Given, LineageRow, MediumRow, Opening, Post, PostKind, Printed, RegisterRow,
    RoleSet, Standing, SubjectRow, TicketRow, ZoneRow,
};
pub use tx::{EntryIndex, NewEntry, Tx};

use self::reader::Pool;
use self::writer::Writer;

/// The store failed; nothing was done, or nobody was told that it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The second sink of the log.
    #[error("log sink: {0}")]
    Sink(#[from] std::io::Error),
    /// A row is not as this server wrote it.
    #[error("a row of kind {0} was altered outside the server")]
    Altered(&'static str),
    /// The database holds fewer entries than the second sink or the copy: it is an older one.
    #[error("the database has {database} log entries, the second place {second}: an older database was put in place")]
    Behind {
        /// Entries in the database.
        database: u64,
        /// Entries in the sink, or in the copy.
        second: u64,
    },
    /// Database and sink hold different entries.
    #[error("the log in the database and in the sink differ at entry {0}")]
    Differs(u64),
    /// The text of an entry is longer than any that is kept.
    #[error("the text of a log entry is too long")]
    TooLong,
    /// The transaction this was in could not be committed: nothing of it was done.
    #[error("the transaction was undone")]
    Undone,
    /// The database was made by another version.
    #[error("schema version {0} is not known here")]
    Schema(i64),
    /// The writer stopped after a failure; the server has to be started again.
    #[error("the store has stopped after a failure")]
    Stopped,
}

/// Keys of the store, from the keyring.
pub struct StoreKeys {
    /// Authenticates rows.
    pub mac: Secret<32, role::StorageKey>,
}

/// Carries a database that nobody writes to another place, whole and consistent.
///
/// # Errors
/// When either can't be used.
pub fn carry(from: &Path, to: &Path) -> Result<(), StoreError> {
    let source = schema::open_reader(from)?;
    source.execute("vacuum into ?1", [to.to_string_lossy()])?;
    std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    std::fs::File::open(to)?.sync_all()?;
    Ok(())
}

/// Makes an empty database for a copy; the store fills it when it is opened next.
///
/// # Errors
/// When it can't be made.
pub fn begin_copy(database: &Path) -> Result<(), StoreError> {
    schema::open(database)?;
    std::fs::set_permissions(database, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// Where the store lies.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The database file.
    pub database: PathBuf,
    /// The log's second sink: JSON Lines, best on another disk.
    pub sink: PathBuf,
    /// A second database that holds the same, on another disk.
    pub copy: Option<PathBuf>,
}

/// Proof that an entry is durable in both places. Made by the writer alone, used once.
///
/// Nobody makes one by hand:
/// ```compile_fail
/// fn forge(like: &kakuzuke_keyserver::store::Recorded) -> kakuzuke_keyserver::store::Recorded {
///     kakuzuke_keyserver::store::Recorded { index: 0, ..*like }
/// }
/// ```
/// or a second one:
/// ```compile_fail
/// fn copy(recorded: &kakuzuke_keyserver::store::Recorded) -> kakuzuke_keyserver::store::Recorded {
///     recorded.clone()
/// }
/// ```
#[derive(Debug)]
pub struct Recorded {
    index: u64,
    leaf_hash: LogHash,
    kind: EntryKind,
    document: Option<DocumentId>,
    outcome: Outcome,
}

impl Recorded {
    /// Index of the entry.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Its hash in the tree.
    #[must_use]
    pub const fn leaf_hash(&self) -> LogHash {
        self.leaf_hash
    }

    /// What it records.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        self.kind
    }

    /// About which document.
    #[must_use]
    pub const fn document(&self) -> Option<DocumentId> {
        self.document
    }

    /// How it ended.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// What a job gave, and the proofs of its entries in the order they were appended.
#[derive(Debug)]
pub struct Written<T> {
    /// The job's value.
    pub value: T,
    /// One for each entry.
    pub recorded: Vec<Recorded>,
    /// How safely it is kept: [`Durability::Replicated`] when the copy has it too.
    pub durability: Durability,
}

/// Reads and writes. Cheap to clone; the last clone dropped stops the writer.
#[derive(Clone)]
pub struct Store {
    pool: Arc<Pool>,
    writer: Arc<Writer>,
    repaired: u64,
    in_step: Arc<AtomicBool>,
}

impl Store {
    /// Opens the store, compares database and sink, brings the sink up to date after a crash, starts the writer.
    ///
    /// # Errors
    /// [`StoreError`] when either can't be used, or the database is older than the sink.
    pub fn open(config: &StoreConfig, keys: StoreKeys) -> Result<Self, StoreError> {
        let mac = Arc::new(mac::RowMac::new(keys));
        let connection = schema::open(&config.database)?;
        let sink = sink::Sink::open(&config.sink, &connection)?;
        let (repaired, durable) = (sink.repaired(), Arc::new(AtomicU64::new(sink.next())));
        let pool = Arc::new(Pool::new(config.database.clone(), Arc::clone(&mac), Arc::clone(&durable)));
        let in_step = Arc::new(AtomicBool::new(false));
        let copy = copy::Copy::open(&config.database, config.copy.as_deref(), Arc::clone(&in_step))?;
        let writer = Arc::new(Writer::start(connection, (sink, copy), mac, durable));
        Ok(Self { pool, writer, repaired, in_step })
    }

    /// Reads in one consistent view.
    ///
    /// # Errors
    /// Whatever `read` says, and [`StoreError`] when there is no connection.
    pub fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
        self.pool.read(read)
    }

    /// Runs a job in the next transaction; returns when its entries are durable in both places. A job that returns
    /// an error leaves nothing behind. Blocks.
    ///
    /// # Errors
    /// Whatever the job says, and [`StoreError`] when it could not be made durable: then nobody was told.
    pub fn write<T, E>(&self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<Written<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.run(job)
    }

    /// Number of entries that the second sink lacked at start, and was given from the database. A crash between the two
    /// explains the entries of one transaction; more than that means that somebody shortened or removed the sink.
    #[must_use]
    pub const fn repaired(&self) -> u64 {
        self.repaired
    }

    /// Whether the copy holds everything that was acknowledged.
    #[must_use]
    pub fn is_copied(&self) -> bool {
        self.in_step.load(Ordering::SeqCst)
    }

    /// Whether the writer still works.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.writer.is_alive()
    }
}
