//! まとめて. Whole folders in parallel: one bad file never stops the rest, what is done is done, and a run that was cut
//! off goes on where it stopped, because what is protected already is passed over.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kakuzuke_core::code::Code;
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::error::{Error, Result};
use crate::messages;
use crate::open::Document;
use crate::options::{Batch, Contact, Opening, Overwrite, Protection};
use crate::protect::Mechanism;
use crate::reports::{Failure, Outcome, Progress, Protected, Summary};
use crate::session::{Desk, Session};
use crate::tickets::OpenTicket;

/// Tickets fetched at a time while a batch runs.
const TICKETS: u16 = 64;

/// A file to be worked on.
struct Item {
    path: PathBuf,
    /// Named by the caller, not found in a folder.
    named: bool,
    bytes: u64,
}

impl Session {
    /// Protects files and whole folders in place.
    ///
    /// # Errors
    /// Only when nothing could be begun; what happened to each file is in the summary.
    pub fn protect_all(
        &self,
        paths: &[PathBuf],
        protection: &Protection,
        batch: &Batch,
        progress: &(dyn Fn(&Progress) + Sync),
    ) -> Result<Summary<Protected>> {
        let desk = &self.0;
        // A label that can't be read is told once, not for every file.
        desk.read_grading(&protection.grading, desk.now()?)?;
        let (items, mut outcomes) = find(paths);
        let tickets = Tickets::new(desk, protection.contact);
        let counter = Counter::new(items.len(), progress);
        // Many files at a time: one thread for each is enough.
        let single = std::num::NonZeroUsize::MIN;
        let protection = if items.len() > 1 {
            Protection { threads: protection.threads.or(Some(single)), ..protection.clone() }
        } else {
            protection.clone()
        };
        let done = in_pool(batch, || {
            items
                .par_iter()
                .map(|item| {
                    let outcome = protect_one(desk, &tickets, item, &protection);
                    counter.count(item);
                    outcome
                })
                .collect::<Vec<_>>()
        })?;
        outcomes.extend(done);
        Ok(Summary::of(outcomes))
    }

    /// Writes the plain documents of files and whole folders into `out`, under the names they had.
    ///
    /// # Errors
    /// Only when nothing could be begun; what happened to each file is in the summary.
    pub fn export_all(
        &self,
        paths: &[PathBuf],
        out: &Path,
        opening: &Opening,
        batch: &Batch,
        progress: &(dyn Fn(&Progress) + Sync),
    ) -> Result<Summary<PathBuf>> {
        std::fs::create_dir_all(out).map_err(|e| Error::io(out, e))?;
        let (items, failed) = find(paths);
        let mut outcomes: Vec<Outcome<PathBuf>> = failed;
        let counter = Counter::new(items.len(), progress);
        let done = in_pool(batch, || {
            items
                .par_iter()
                .map(|item| {
                    let outcome = self.export_one(item, paths, out, opening);
                    counter.count(item);
                    outcome
                })
                .collect::<Vec<_>>()
        })?;
        outcomes.extend(done);
        Ok(Summary::of(outcomes))
    }

    fn export_one(&self, item: &Item, paths: &[PathBuf], out: &Path, opening: &Opening) -> Outcome<PathBuf> {
        let exported = || -> Result<PathBuf> {
            let document = self.open_document(&item.path, opening)?;
            let folder = out.join(inner_folder(&item.path, paths));
            std::fs::create_dir_all(&folder).map_err(|e| Error::io(&folder, e))?;
            let target = folder.join(safe_name(&document));
            document.export_to(&target, Overwrite::Refuse)?;
            Ok(target)
        };
        match exported() {
            Ok(target) => Outcome::Done(target),
            Err(error) if error.code() == Code::NotProtected => {
                Outcome::Skipped(Failure::new(item.path.clone(), &error))
            }
            Err(error) => Outcome::Failed(Failure::new(item.path.clone(), &error)),
        }
    }
}

fn protect_one(desk: &Arc<Desk>, tickets: &Tickets<'_>, item: &Item, protection: &Protection) -> Outcome<Protected> {
    let protect = || -> Result<Protected> {
        let work = desk.prepare(&item.path, protection)?;
        let ticket = match work.mechanism {
            Mechanism::Clear => None,
            Mechanism::Encrypt => Some(tickets.take()?),
        };
        desk.protect_prepared(work, ticket, protection)
    };
    match protect() {
        Ok(protected) => Outcome::Done(protected),
        Err(error) => {
            let passed_over = match error.code() {
                Code::AlreadyProtected => true,
                // Links and devices in a folder are not documents; named by themselves they are a mistake.
                Code::Unsupported => !item.named,
                _ => false,
            };
            let failure = Failure::new(item.path.clone(), &error);
            if passed_over { Outcome::Skipped(failure) } else { Outcome::Failed(failure) }
        }
    }
}

/// Tickets for a batch, fetched as they are needed.
struct Tickets<'d> {
    desk: &'d Desk,
    contact: Contact,
    stock: Mutex<Vec<OpenTicket>>,
    taken: AtomicU64,
}

impl<'d> Tickets<'d> {
    fn new(desk: &'d Desk, contact: Contact) -> Self {
        Self { desk, contact, stock: Mutex::new(Vec::new()), taken: AtomicU64::new(0) }
    }

    fn take(&self) -> Result<OpenTicket> {
        if self.contact == Contact::Offline {
            return self.desk.spend_ticket();
        }
        let mut stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        if stock.is_empty() {
            // One for the first file, more once it is seen that there are many.
            let taken = self.taken.load(Ordering::Relaxed);
            let count = u16::try_from(taken.saturating_mul(2).max(1)).unwrap_or(TICKETS).min(TICKETS);
            *stock = self.desk.fresh_tickets(count)?;
        }
        self.taken.fetch_add(1, Ordering::Relaxed);
        stock.pop().ok_or_else(|| Error::of(Code::NoTicket))
    }
}

/// Counts, and says how far it is.
struct Counter<'p> {
    total: usize,
    finished: AtomicUsize,
    bytes: AtomicU64,
    progress: &'p (dyn Fn(&Progress) + Sync),
}

impl<'p> Counter<'p> {
    fn new(total: usize, progress: &'p (dyn Fn(&Progress) + Sync)) -> Self {
        Self { total, finished: AtomicUsize::new(0), bytes: AtomicU64::new(0), progress }
    }

    fn count(&self, item: &Item) {
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        let bytes = self.bytes.fetch_add(item.bytes, Ordering::Relaxed) + item.bytes;
        (self.progress)(&Progress { total: self.total, finished, bytes, path: item.path.clone() });
    }
}

/// Runs in a pool of the size asked for, or in the usual one.
fn in_pool<T: Send>(batch: &Batch, work: impl FnOnce() -> T + Send) -> Result<T> {
    let Some(threads) = batch.threads else { return Ok(work()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
    Ok(pool.map_err(|e| Error::of(Code::Internal).caused_by(e))?.install(work))
}

/// The files named and those in the folders named, in order; links inside folders are not followed. What can't be
/// looked at is an outcome already.
fn find<T>(paths: &[PathBuf]) -> (Vec<Item>, Vec<Outcome<T>>) {
    let (mut items, mut failed) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() || path.is_symlink() {
            let bytes = path.metadata().map_or(0, |found| found.len());
            items.push(Item { path: path.clone(), named: true, bytes });
            continue;
        }
        for entry in WalkDir::new(path).follow_links(false).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if is_ours(entry.path()) => {}
                Ok(entry) => {
                    let bytes = entry.metadata().map_or(0, |found| found.len());
                    items.push(Item { path: entry.into_path(), named: false, bytes });
                }
                Err(error) => {
                    let at = error.path().unwrap_or(path).to_owned();
                    let error = error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    failed.push(Outcome::Failed(Failure::new(at.clone(), &Error::io(&at, error))));
                }
            }
        }
    }
    if items.is_empty() && failed.is_empty() {
        let nothing = Error::new(Code::Usage, messages::NO_FILES);
        failed.extend(paths.first().map(|path| Outcome::Skipped(Failure::new(path.clone(), &nothing))));
    }
    (items, failed)
}

/// Signatures beside files, and the drafts of a run that was cut off, are not documents.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".kkzsig") || (name.starts_with(".kakuzuke-") && name.ends_with(".draft"))
}

/// The folder a file lay in, below the folder that was named.
fn inner_folder(path: &Path, named: &[PathBuf]) -> PathBuf {
    let below = named.iter().find_map(|folder| path.strip_prefix(folder).ok());
    below.and_then(Path::parent).map(Path::to_owned).unwrap_or_default()
}

/// The name the document had, made safe: it was found in a file.
fn safe_name(document: &Document) -> String {
    let name: String =
        document.file_name().chars().map(|c| if c.is_control() || "/\\".contains(c) { '_' } else { c }).collect();
    let plain = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if plain.is_empty() { document.label().document.to_string() } else { name }
}
