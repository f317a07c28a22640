//! まとめて. Whole folders in parallel: one bad file never stops the rest, what is done is done, and a run that was cut
//! off goes on where it stopped, because what is protected already is passed over.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::Standing;
use kakuzuke_core::id::Digest;
use kakuzuke_core::label::Label;
use kakuzuke_core::protocol::Ticket;
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::error::{Error, Result};
use crate::files::{folder_of, safe_name, sweep, sync_folder};
use crate::messages;
use crate::open::{Document, Found};
use crate::options::{Batch, Contact, Overwrite, Protection};
use crate::protect::{Sealed, Told};
use crate::publish::{Exported, Exporting, Publishing};
use crate::reports::{Failure, Outcome, Progress, Protected, RegistrationState, Summary};
use crate::session::{Desk, Session};
use crate::suggest::fingerprint;
use crate::tickets::OpenTicket;
use crate::work::{Mechanism, Work};

/// Files whose registrations or licences go in one request, at most.
const GROUP: usize = 16;
/// Bytes of their content, at most, unless it is one file.
const GROUP_BYTES: u64 = 64 << 20;

/// Threads at most, unless the caller asks for more.
const THREADS: usize = 16;

/// A file to be worked on.
struct Item {
    path: PathBuf,
    /// Named by the caller, not found in a folder.
    named: bool,
    bytes: u64,
    /// The content somebody judged; none: whatever it is.
    judged: Option<Digest>,
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
        // A label that can't be read is told once, not for every file.
        self.0.read_grading(&protection.grading, self.0.now()?)?;
        let (items, mut outcomes) = find(paths);
        outcomes.extend(self.protect_items(&items, protection, batch, progress)?);
        Ok(Summary::of(outcomes))
    }

    /// Protects documents whose content somebody has judged; one that is another by now is refused.
    pub(crate) fn protect_judged(
        &self,
        judged: Vec<(PathBuf, Digest)>,
        protection: &Protection,
        batch: &Batch,
        progress: &(dyn Fn(&Progress) + Sync),
    ) -> Result<Vec<Outcome<Protected>>> {
        let items = judged.into_iter().map(|(path, digest)| {
            let bytes = path.symlink_metadata().map_or(0, |found| found.len());
            Item { path, named: true, bytes, judged: Some(digest) }
        });
        self.protect_items(&items.collect::<Vec<_>>(), protection, batch, progress)
    }

    fn protect_items(
        &self,
        items: &[Item],
        protection: &Protection,
        batch: &Batch,
        progress: &(dyn Fn(&Progress) + Sync),
    ) -> Result<Vec<Outcome<Protected>>> {
        let desk = &self.0;
        let counter = Counter::new(items.len(), progress);
        sweep_folders(items);
        // Many files at a time: one thread for each is enough.
        let single = NonZeroUsize::MIN;
        let protection = if items.len() > 1 {
            Protection { threads: protection.threads.or(Some(single)), ..protection.clone() }
        } else {
            protection.clone()
        };
        let run = |group: &&[Item]| protect_group(desk, group, &protection, &counter);
        in_pool(batch, || in_groups(items, run))
    }

    /// Does one thing with every document of files and whole folders; what does not apply to one found in a folder
    /// ([`Code::NotProtected`], [`Code::Unsupported`], [`Code::AlreadyProtected`]) passes it over.
    ///
    /// # Errors
    /// Only when nothing could be begun; what happened to each file is in the summary.
    pub fn each_document<T: Send>(
        &self,
        paths: &[PathBuf],
        batch: &Batch,
        work: &(dyn Fn(&Path) -> Result<T> + Sync),
    ) -> Result<Summary<T>> {
        let (items, mut outcomes) = find(paths);
        let none_of_ours = [Code::NotProtected, Code::Unsupported, Code::AlreadyProtected];
        let run = |group: &&[Item]| {
            let each = group.iter().map(|item| match work(&item.path) {
                Ok(done) => Outcome::Done(done),
                Err(error) => failed(item, &error, !item.named && none_of_ours.contains(&error.code())),
            });
            each.collect::<Vec<_>>()
        };
        outcomes.extend(in_pool(batch, || in_groups(&items, run))?);
        Ok(Summary::of(outcomes))
    }

    /// Writes the plain documents of files and whole folders into `out`, under the names they had. Each is looked through
    /// for hidden data before it leaves (3.1.1(5)(d)), and the report is with it; with `cleaning` it leaves without them, as
    /// [`Session::export_cleaned`] does it, or not at all.
    ///
    /// # Errors
    /// Only when nothing could be begun; what happened to each file is in the summary.
    pub fn export_all(
        &self,
        paths: &[PathBuf],
        out: &Path,
        exporting: &Exporting,
        batch: &Batch,
        progress: &(dyn Fn(&Progress) + Sync),
    ) -> Result<Summary<Exported>> {
        std::fs::create_dir_all(out).map_err(|e| Error::io(out, e))?;
        let (items, failed) = find(paths);
        let mut outcomes: Vec<Outcome<Exported>> = failed;
        let counter = Counter::new(items.len(), progress);
        let run = |group: &&[Item]| self.export_group(group, paths, out, exporting, &counter);
        outcomes.extend(in_pool(batch, || in_groups(&items, run))?);
        Ok(Summary::of(outcomes))
    }

    /// One request for the licences of a group; then each document by itself.
    fn export_group(
        &self,
        group: &[Item],
        paths: &[PathBuf],
        out: &Path,
        exporting: &Exporting,
        counter: &Counter<'_>,
    ) -> Vec<Outcome<Exported>> {
        let found: Vec<Result<Found>> = group.iter().map(|item| self.0.find_protected(&item.path)).collect();
        let documents = Document::open_many(&self.0, found, &exporting.opening);
        let each = group.iter().zip(documents).map(|(item, document)| {
            let target = document.and_then(|document| {
                let folder = out.join(inner_folder(&item.path, paths));
                std::fs::create_dir_all(&folder).map_err(|e| Error::io(&folder, e))?;
                let name = safe_name(document.file_name());
                let target = folder.join(name.unwrap_or_else(|| document.label().document.to_string()));
                self.export_one(&document, target, exporting.cleaning.as_ref())
            });
            match target {
                Ok(exported) => Outcome::Done(exported),
                Err(error) => failed(item, &error, error.code() == Code::NotProtected),
            }
        });
        let outcomes: Vec<Outcome<Exported>> = each.collect();
        sync_folders(outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Done(exported) => Some(exported.path.as_path()),
            Outcome::Skipped(_) | Outcome::Failed(_) => None,
        }));
        group.iter().for_each(|item| counter.count(item));
        outcomes
    }

    fn export_one(&self, document: &Document, path: PathBuf, cleaning: Option<&Publishing>) -> Result<Exported> {
        if let Some(publishing) = cleaning {
            let written = self.export_cleaned(document, &path, publishing)?;
            return Ok(Exported { path, removed: written.removed(), hidden: written.remains.counts });
        }
        let hidden = document.inspect()?.counts;
        document.export_named(&path, Overwrite::Refuse)?;
        Ok(Exported { path, hidden, removed: Vec::new() })
    }
}

/// How far one file of a group has come.
enum Step {
    Sealed(Box<Sealed>),
    Over(Box<Outcome<Protected>>),
}

/// Seals the files of a group into drafts, tells the server of all of them at once, then puts each in its place. Nothing
/// is said to be done before the names are durable, too.
fn protect_group(
    desk: &Desk,
    group: &[Item],
    protection: &Protection,
    counter: &Counter<'_>,
) -> Vec<Outcome<Protected>> {
    let held: Vec<Result<Work>> = group.iter().map(|item| prepare(desk, item, protection)).collect();
    let sealed = held.iter().flatten().filter(|work| work.mechanism == Mechanism::Encrypt).count();
    let mut tickets = Tickets { desk, contact: protection.contact, wanted: sealed, stock: Vec::new() };
    let each = group.iter().zip(held).map(|(item, work)| seal_one(desk, &mut tickets, item, work, protection));
    let steps: Vec<Step> = each.collect();
    let mut answers = tell_all(desk, &steps, protection.contact).into_iter();
    let each = group.iter().zip(steps).map(|(item, step)| match step {
        Step::Over(outcome) => *outcome,
        Step::Sealed(sealed) => {
            let answer = answers.next().unwrap_or_else(|| Err(Error::of(Code::Unready)));
            let placed = answer.and_then(|told| desk.finish(*sealed, told));
            placed.map_or_else(|error| failed(item, &error, false), Outcome::Done)
        }
    });
    let outcomes: Vec<Outcome<Protected>> = each.collect();
    sync_folders(group.iter().map(|item| item.path.as_path()));
    group.iter().for_each(|item| counter.count(item));
    outcomes
}

/// Takes hold of a file; one that was judged must still hold what was judged.
fn prepare(desk: &Desk, item: &Item, protection: &Protection) -> Result<Work> {
    let work = desk.prepare(&item.path, protection)?;
    if let Some(judged) = item.judged {
        let now = fingerprint(work.source()).map_err(|e| Error::io(&item.path, e))?;
        if now != judged {
            return Err(Error::new(Code::Conflict, messages::CHANGED_SINCE).at(&item.path));
        }
    }
    Ok(work)
}

fn seal_one(desk: &Desk, tickets: &mut Tickets<'_>, item: &Item, work: Result<Work>, protection: &Protection) -> Step {
    let step = || -> Result<Step> {
        let work = work?;
        if work.mechanism == Mechanism::Clear {
            return desk.protect_prepared(work, None, protection).map(|done| Step::Over(Box::new(Outcome::Done(done))));
        }
        let ticket = tickets.take(&work.label)?;
        let sealed = desk.seal(work, ticket, protection, Standing::first)?;
        Ok(Step::Sealed(Box::new(sealed)))
    };
    step().unwrap_or_else(|error| {
        let passed_over = match error.code() {
            Code::AlreadyProtected => true,
            // Links and devices in a folder are not documents; named by themselves they are a mistake.
            Code::Unsupported => !item.named,
            _ => false,
        };
        Step::Over(Box::new(failed(item, &error, passed_over)))
    })
}

/// Makes the names of neighbours durable, each folder once.
fn sync_folders<'p>(paths: impl Iterator<Item = &'p Path>) {
    let mut last = None;
    for path in paths {
        if last.replace(folder_of(path)) != Some(folder_of(path)) {
            sync_folder(path);
        }
    }
}

/// Registers what was sealed, in one request; or keeps it until there is contact.
fn tell_all(desk: &Desk, steps: &[Step], contact: Contact) -> Vec<Result<Told>> {
    let sealed = steps.iter().filter_map(|step| match step {
        Step::Sealed(sealed) => Some(sealed),
        Step::Over(_) => None,
    });
    if contact == Contact::Offline {
        return sealed.map(|s| desk.tell_or_keep(&s.document, s.told.clone(), contact)).collect();
    }
    let told: Vec<_> = sealed.map(|sealed| sealed.told.clone()).collect();
    let count = told.len();
    if count == 0 {
        return Vec::new();
    }
    match desk.register(told) {
        Ok(answers) => answers.into_iter().map(|answer| Ok((RegistrationState::Registered, Some(answer?)))).collect(),
        Err(error) => (0..count).map(|_| Err(error.again())).collect(),
    }
}

fn failed<T>(item: &Item, error: &Error, passed_over: bool) -> Outcome<T> {
    let failure = Failure::new(item.path.clone(), error);
    if passed_over { Outcome::Skipped(failure) } else { Outcome::Failed(failure) }
}

/// Tickets for one group, fetched at once.
struct Tickets<'d> {
    desk: &'d Desk,
    contact: Contact,
    wanted: usize,
    stock: Vec<Ticket>,
}

impl Tickets<'_> {
    fn take(&mut self, label: &Label) -> Result<OpenTicket> {
        if self.contact == Contact::Offline {
            return self.desk.spend_ticket(label);
        }
        if self.stock.is_empty() {
            self.stock = self.desk.fetch_tickets(u16::try_from(self.wanted.max(1)).unwrap_or(u16::MAX))?;
        }
        self.wanted = self.wanted.saturating_sub(1);
        let ticket = self.stock.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
        self.desk.open_ticket(&ticket, self.desk.clock.now())
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

/// Runs the groups in parallel; outcomes in the order of the files.
fn in_groups<T: Send>(items: &[Item], run: impl Fn(&&[Item]) -> Vec<Outcome<T>> + Send + Sync) -> Vec<Outcome<T>> {
    let share = items.len() / (rayon::current_num_threads() * 2);
    let groups = grouped(items, share.clamp(1, GROUP));
    groups.par_iter().with_max_len(1).flat_map_iter(run).collect()
}

/// Neighbours together, up to a number of files and bytes: what a group has sealed waits on the disk beside its originals.
fn grouped(items: &[Item], most: usize) -> Vec<&[Item]> {
    let (mut groups, mut rest) = (Vec::new(), items);
    while !rest.is_empty() {
        let mut bytes = 0u64;
        let fits = rest.iter().take(most).take_while(|item| {
            bytes = bytes.saturating_add(item.bytes);
            bytes <= GROUP_BYTES
        });
        let (group, others) = rest.split_at(fits.count().max(1));
        groups.push(group);
        rest = others;
    }
    groups
}

/// Drafts of a run that was cut off are removed once for each folder.
fn sweep_folders(items: &[Item]) {
    let mut folders: Vec<&Path> = items.iter().map(|item| folder_of(&item.path)).collect();
    folders.dedup();
    folders.into_iter().for_each(sweep);
}

/// Runs in a pool of the size asked for; else twice as many as there are processors, because half of them wait for the
/// server or the disk.
pub(crate) fn in_pool<T: Send>(batch: &Batch, work: impl FnOnce() -> T + Send) -> Result<T> {
    let usual = || std::thread::available_parallelism().map_or(4, |n| n.get().saturating_mul(2).min(THREADS));
    let threads = batch.threads.map_or_else(usual, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    Ok(pool.map_err(|e| Error::of(Code::Internal).caused_by(e))?.install(work))
}

/// The files named and those in the folders named, in order; links inside folders are not followed. What can't be
/// looked at is an outcome already.
fn find<T>(paths: &[PathBuf]) -> (Vec<Item>, Vec<Outcome<T>>) {
    let (mut items, mut failed) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() || path.is_symlink() {
            let bytes = path.metadata().map_or(0, |found| found.len());
            items.push(Item { path: path.clone(), named: true, bytes, judged: None });
            continue;
        }
        for entry in WalkDir::new(path).follow_links(false).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if is_ours(entry.path()) => {}
                Ok(entry) => {
                    let bytes = entry.metadata().map_or(0, |found| found.len());
                    items.push(Item { path: entry.into_path(), named: false, bytes, judged: None });
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
pub(crate) fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".kkzsig")
        || crate::decisions::is_pending(path)
        || (name.starts_with(".kakuzuke-") && name.ends_with(".draft"))
}

/// The folder a file lay in, below the folder that was named.
fn inner_folder(path: &Path, named: &[PathBuf]) -> PathBuf {
    let below = named.iter().find_map(|folder| path.strip_prefix(folder).ok());
    below.and_then(Path::parent).map(Path::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(sizes: &[u64]) -> Vec<Item> {
        sizes.iter().map(|bytes| Item { path: PathBuf::new(), named: false, bytes: *bytes, judged: None }).collect()
    }

    fn lengths(sizes: &[u64], most: usize) -> Vec<usize> {
        grouped(&items(sizes), most).iter().map(|group| group.len()).collect()
    }

    #[test]
    fn groups_are_bounded_in_number_and_bytes_and_lose_nothing() {
        assert_eq!(lengths(&[1; 33], 16), [16, 16, 1]);
        assert_eq!(lengths(&[GROUP_BYTES, 1, 1], 16), [1, 2]);
        assert_eq!(lengths(&[GROUP_BYTES + 1, u64::MAX, 1], 16), [1, 1, 1], "a large file is a group of its own");
        assert_eq!(lengths(&[], 16), [0usize; 0]);
    }
}
