//! 書き手. One thread that puts whatever waits into one transaction: commit, second sink, then the answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

use kakuzuke_core::audit::Frontier;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::log::{self, LoggedEntry};
use super::mac::RowMac;
use super::sink::Sink;
use super::tx::Tx;
use super::{Recorded, StoreError, Written, crash};

/// Jobs of one transaction.
const BATCH: usize = 128;
/// Jobs that may wait; whoever comes then waits to be let in.
const QUEUE: usize = 1_024;

/// A job with its answer inside. Runs in the transaction; gives what to do when it is durable, or has failed.
type Job = Box<dyn FnOnce(&mut Tx<'_>) -> Ran + Send>;
type Settle = Box<dyn FnOnce(Result<Vec<Recorded>, StoreError>) + Send>;

/// How a job went.
enum Ran {
    /// To be kept.
    Keep(Settle),
    /// To be undone; its answer is given at once.
    Undo(Box<dyn FnOnce() + Send>),
}

/// The writing thread.
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    alive: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, sink: Sink, mac: Arc<RowMac>) -> Self {
        let (jobs, queue) = mpsc::sync_channel(QUEUE);
        let alive = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&alive);
        let mut bench = Bench { connection, sink, mac, seen: None };
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                bench.work(&queue);
                still.store(false, Ordering::SeqCst);
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
        answer.blocking_recv().unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    pub(super) async fn run_async<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Written<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let answer = self.submit(job)?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
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
                let _gone = tell.send(outcome.map(|recorded| Written { value, recorded }).map_err(E::from));
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
    mac: Arc<RowMac>,
    /// Size of the log when this process last wrote to it.
    seen: Option<u64>,
}

/// A job that is committed once the transaction is.
struct Kept {
    settle: Settle,
    entries: Vec<LoggedEntry>,
    recorded: Vec<Recorded>,
}

impl Bench {
    /// Works until nobody can ask any more, or a failure leaves the state in doubt: then it stops.
    fn work(&mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let mut batch = vec![first];
            batch.extend(queue.try_iter().take(BATCH - 1));
            if !self.transact(batch) {
                return;
            }
        }
    }

    /// One transaction; whether the state is without doubt.
    fn transact(&mut self, batch: Vec<Job>) -> bool {
        let began = self.sink.lock().map_err(StoreError::from).and_then(|()| self.begin());
        let mut frontier = match began {
            Ok(frontier) => frontier,
            Err(error) => {
                // Nothing was begun: these jobs fail by their dropped answers, the next batch may fare better.
                tell(&error);
                let _still_locked = self.sink.unlock();
                return true;
            }
        };
        let mut kept = Vec::new();
        for job in batch {
            match self.run(job, frontier.clone()) {
                Ok(Some((grown, job))) => {
                    frontier = grown;
                    kept.push(job);
                }
                Ok(None) => {}
                Err(error) => {
                    tell(&error);
                    let _undone = self.connection.execute_batch("rollback");
                    let _still_locked = self.sink.unlock();
                    return false;
                }
            }
        }
        let certain = self.settle(kept);
        self.seen = certain.then(|| frontier.size());
        let _still_locked = self.sink.unlock();
        certain
    }

    fn begin(&mut self) -> Result<Frontier, StoreError> {
        crash::point();
        self.connection.execute_batch("begin immediate")?;
        let frontier = log::frontier(&self.connection).and_then(|frontier| {
            // Another process has written since, and may have died before its entries were in the sink.
            if self.seen != Some(frontier.size()) {
                self.sink.catch_up(&self.connection)?;
            }
            Ok(frontier)
        });
        frontier.inspect_err(|_| {
            let _undone = self.connection.execute_batch("rollback");
        })
    }

    /// One job in a savepoint of its own.
    fn run(&self, job: Job, frontier: Frontier) -> Result<Option<(Frontier, Kept)>, StoreError> {
        self.connection.execute_batch("savepoint job")?;
        let mut tx = Tx::new(&self.connection, &self.mac, frontier);
        match job(&mut tx) {
            Ran::Keep(settle) => {
                self.connection.execute_batch("release job")?;
                let (frontier, appended) = tx.finish();
                let (entries, recorded) = appended.into_iter().unzip();
                Ok(Some((frontier, Kept { settle, entries, recorded })))
            }
            Ran::Undo(answer) => {
                self.connection.execute_batch("rollback to job; release job")?;
                answer();
                Ok(None)
            }
        }
    }

    /// Commits, writes the second sink, answers. After a failure here nobody is told that anything was done.
    fn settle(&mut self, mut kept: Vec<Kept>) -> bool {
        crash::point();
        if let Err(error) = self.connection.execute_batch("commit") {
            tell(&error.into());
            let undone = self.connection.execute_batch("rollback").is_ok();
            kept.into_iter().for_each(|job| (job.settle)(Err(StoreError::Stopped)));
            return undone;
        }
        crash::point();
        let entries: Vec<LoggedEntry> = kept.iter_mut().flat_map(|job| std::mem::take(&mut job.entries)).collect();
        if !entries.is_empty()
            && let Err(error) = self.sink.append(entries)
        {
            tell(&error.into());
            kept.into_iter().for_each(|job| (job.settle)(Err(StoreError::Stopped)));
            return false;
        }
        kept.into_iter().for_each(|job| (job.settle)(Ok(job.recorded)));
        true
    }
}

/// Says to the operator why nothing is done.
fn tell(error: &StoreError) {
    use std::io::Write;
    let _no_terminal = writeln!(std::io::stderr(), "store: {error}");
}
