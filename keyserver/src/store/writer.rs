//! 書き手. One thread that puts whatever waits into one transaction: commit, second sink, then the answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use kakuzuke_core::audit::Frontier;
use kakuzuke_core::protocol::Durability;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::copy::Copy;
use super::log::{self, LoggedEntry};
use super::mac::RowMac;
use super::sink::Sink;
use super::tx::{Touched, Tx};
use super::{Recorded, StoreError, Written, crash, schema};

/// Jobs of one transaction.
const BATCH: usize = 128;
/// Jobs that may wait; whoever comes then waits to be let in.
const QUEUE: usize = 1_024;

/// How long the emptying of the write-ahead log waits for readers: everybody else waits for it.
const SCRUB_PATIENCE: Duration = Duration::from_millis(10);

/// A job with its answer inside. Runs in the transaction; gives what to do when it is durable, or has failed.
type Job = Box<dyn FnOnce(&mut Tx<'_>) -> Ran + Send>;
type Settle = Box<dyn FnOnce(Result<Done, StoreError>) + Send>;

/// Entries that are durable, and how safely.
struct Done {
    recorded: Vec<Recorded>,
    durability: Durability,
}

/// How a job went.
enum Ran {
    /// To be kept.
    Keep(Settle),
    /// To be undone; its answer is given at once.
    Undo(Box<dyn FnOnce() + Send>),
}

/// Says when the thread has ended, however it ended.
struct Alive(Arc<AtomicBool>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// The writing thread.
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    alive: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        (sink, copy): (Sink, Copy),
        mac: Arc<RowMac>,
        durable: Arc<AtomicU64>,
    ) -> Self {
        let (jobs, queue) = mpsc::sync_channel(QUEUE);
        let alive = Arc::new(AtomicBool::new(true));
        let still = Alive(Arc::clone(&alive));
        let mut bench = Bench { connection, sink, copy, mac, durable, scrub: false };
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                let _until_the_end = still;
                bench.work(&queue);
            })
            .ok();
        Self { jobs: Some(jobs), alive, thread }
    }

    pub(super) fn is_alive(&self) -> bool {
        self.thread.is_some() && self.alive.load(Ordering::SeqCst)
    }

    pub(super) fn run<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Written<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let answer = self.submit(job)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(self.unanswered().into()))
    }

    /// What a dropped answer means.
    fn unanswered(&self) -> StoreError {
        if self.is_alive() { StoreError::Undone } else { StoreError::Stopped }
    }

    fn submit<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<Written<T>, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (tell, answer) = oneshot::channel();
        let job: Job = Box::new(move |tx| match job(tx) {
            Ok(value) => Ran::Keep(Box::new(move |outcome| {
                // Whoever asked may have gone; the act stands all the same.
                let _gone = tell.send(
                    outcome
                        .map(|Done { recorded, durability }| Written { value, recorded, durability })
                        .map_err(E::from),
                );
            })),
            Err(error) => Ran::Undo(Box::new(move || {
                let _gone = tell.send(Err(error));
            })),
        });
        let jobs = self.jobs.as_ref().filter(|_| self.is_alive()).ok_or(StoreError::Stopped)?;
        jobs.send(job).map_err(|_| StoreError::Stopped)?;
        Ok(answer)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

/// What the thread works with.
struct Bench {
    connection: Connection,
    sink: Sink,
    copy: Copy,
    mac: Arc<RowMac>,
    /// Number of entries durable in both places.
    durable: Arc<AtomicU64>,
    /// Whether the write-ahead log still has to be emptied.
    scrub: bool,
}

/// A job that is committed once the transaction is.
struct Kept {
    settle: Settle,
    entries: Vec<LoggedEntry>,
    recorded: Vec<Recorded>,
}

/// A transaction in the making.
struct Batch {
    first: u64,
    frontier: Frontier,
    kept: Vec<Kept>,
    touched: Touched,
    scrub: bool,
}

/// After a failure: whether database and sink are known to be as they were.
#[derive(PartialEq, Eq)]
enum State {
    Known,
    InDoubt,
}

impl Bench {
    /// Works until nobody can ask any more, or a failure leaves the state in doubt: then it stops.
    fn work(&mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let jobs = gather(queue, first);
            let state = match self.sink.lock() {
                Ok(()) => self.transact(jobs),
                Err(error) => {
                    tell(&error.into());
                    State::Known
                }
            };
            let _still_locked = self.sink.unlock();
            if state == State::InDoubt {
                return;
            }
        }
    }

    /// One transaction. Whoever is not answered learns from the dropped answer that nothing was done.
    fn transact(&mut self, jobs: Vec<Job>) -> State {
        let mut batch = match self.begin() {
            Ok(frontier) => {
                let (first, touched) = (frontier.size(), Touched::default());
                Batch { first, frontier, kept: Vec::new(), touched, scrub: self.scrub }
            }
            Err(error) => {
                tell(&error);
                // After a failed write or sync of the sink nobody knows what is on the disk.
                return if matches!(error, StoreError::Sink(_)) { State::InDoubt } else { State::Known };
            }
        };
        for job in jobs {
            if let Err(error) = self.run(job, &mut batch) {
                tell(&error);
                return self.undo(batch.kept);
            }
        }
        self.settle(batch)
    }

    fn begin(&mut self) -> Result<Frontier, StoreError> {
        crash::point();
        schema::step(&self.connection, "begin immediate")?;
        let frontier = self.current();
        frontier.inspect_err(|_| {
            let _undone = self.connection.execute_batch("rollback");
        })
    }

    fn current(&mut self) -> Result<Frontier, StoreError> {
        let size = log::size(&self.connection)?;
        // Another process has written since, and may have died before its entries were in the sink; or somebody put
        // another file in place of one of the two.
        if !self.sink.is_before(size)? {
            self.sink.catch_up(&self.connection)?;
            self.durable.store(size, Ordering::SeqCst);
        }
        log::frontier(&self.connection, size)
    }

    /// One job in a savepoint of its own.
    fn run(&self, job: Job, batch: &mut Batch) -> Result<(), StoreError> {
        schema::step(&self.connection, "savepoint job")?;
        let mut tx = Tx::new(&self.connection, &self.mac, batch.frontier.clone());
        match job(&mut tx) {
            Ran::Keep(settle) => {
                schema::step(&self.connection, "release job")?;
                let done = tx.finish();
                let (entries, recorded) = done.appended.into_iter().unzip();
                batch.frontier = done.frontier;
                batch.touched.extend(done.touched);
                batch.scrub |= done.scrub;
                batch.kept.push(Kept { settle, entries, recorded });
            }
            Ran::Undo(answer) => {
                answer();
                // After some failures, such as a full disk, the database has undone the whole transaction.
                if self.connection.is_autocommit() {
                    return Err(StoreError::Undone);
                }
                self.connection.execute_batch("rollback to job; release job")?;
            }
        }
        crash::point();
        Ok(())
    }

    /// Nothing of the transaction is done; says so to everyone in it.
    fn undo(&self, kept: Vec<Kept>) -> State {
        let undone = self.connection.is_autocommit() || self.connection.execute_batch("rollback").is_ok();
        kept.into_iter().for_each(|job| (job.settle)(Err(StoreError::Undone)));
        if undone { State::Known } else { State::InDoubt }
    }

    /// Commits, writes the second sink, answers. After a failure here nobody is told that anything was done.
    fn settle(&mut self, mut batch: Batch) -> State {
        crash::point();
        if let Err(error) = schema::step(&self.connection, "commit") {
            tell(&error);
            return self.undo(batch.kept);
        }
        crash::point();
        let entries: Vec<LoggedEntry> =
            batch.kept.iter_mut().flat_map(|job| std::mem::take(&mut job.entries)).collect();
        if !entries.is_empty()
            && let Err(error) = self.sink.append(entries)
        {
            // As in `transact`; the next start compares.
            tell(&error.into());
            batch.kept.into_iter().for_each(|job| (job.settle)(Err(StoreError::Stopped)));
            return State::InDoubt;
        }
        self.durable.store(batch.frontier.size(), Ordering::SeqCst);
        self.scrub = batch.scrub && !self.empty_write_ahead_log();
        let durability = self.copy.follow(batch.first, &batch.touched, batch.scrub);
        batch.kept.into_iter().for_each(|job| (job.settle)(Ok(Done { recorded: job.recorded, durability })));
        State::Known
    }

    /// Moves everything from the write-ahead log into the database and cuts it to nothing; whether that was possible.
    fn empty_write_ahead_log(&self) -> bool {
        crash::point();
        let _as_before = self.connection.busy_timeout(SCRUB_PATIENCE);
        let busy = self.connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, i64>(0));
        let _as_before = self.connection.busy_timeout(schema::PATIENCE);
        crash::point();
        busy.is_ok_and(|busy| busy == 0)
    }
}

/// What waits, and what comes while those who are at work get their turn: one wait for the disk then serves them all.
/// With nobody at work this costs nothing.
fn gather(queue: &Receiver<Job>, first: Job) -> Vec<Job> {
    let mut jobs = vec![first];
    loop {
        let before = jobs.len();
        thread::yield_now();
        jobs.extend(queue.try_iter().take(BATCH - before));
        if jobs.len() == before || jobs.len() >= BATCH {
            return jobs;
        }
    }
}

/// Says to the operator why nothing is done.
fn tell(error: &StoreError) {
    say(&error.to_string());
}

/// Says something to the operator.
pub(super) fn say(what: &str) {
    use std::io::Write;
    let _no_terminal = writeln!(std::io::stderr(), "store: {what}");
}
