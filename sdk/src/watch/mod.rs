//! 見張り. Labels or protects what is saved in a folder, by the folder's rule (規程による明示等), once nobody is at it any more.
//! Two watchers on one share do the work once: whoever holds the file does it, the other finds it done.

mod quiet;
mod rules;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use kakuzuke_core::classify::Rules;
use kakuzuke_core::code::Code;
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

pub use rules::FolderRules;

use crate::batch::is_ours;
use crate::decisions::Pending;
use crate::error::{Error, Result};
use crate::files::Original;
use crate::look::Labelled;
use crate::messages;
use crate::options::Protection;
use crate::reports::{Failure, Protected};
use crate::scan::{Found, is_in_passing, walk};
use crate::session::Session;
use crate::suggest::{Suggested, fingerprint, suggest_one};

/// A file is left alone until nobody has written to it for this long.
const QUIET: Duration = Duration::from_secs(2);
/// How long to wait before a file that somebody is at is looked at again.
const LATER: Duration = Duration::from_secs(5);
/// The whole folder is gone through again this often: shares on other machines do not tell of every change.
const ROUND: Duration = Duration::from_secs(600);
/// Files that wait at most; the others are found in the next round.
const WAITING: usize = 100_000;

/// What a watcher has to tell.
#[derive(Debug, Clone)]
pub enum WatchEvent {
    /// It watches from now on; how many files it looks at first.
    Watching(usize),
    /// Labelled or protected.
    Done(Box<Protected>),
    /// It waits for somebody's decision from now on (`labeler confirm`); this is what its content asks for.
    Waits(Box<Suggested>),
    /// It could not be; it is tried again when it is written to, or in the next round.
    Failed(Failure),
    /// 表紙が中身を失った: somebody saved the cover with another program.
    LostEnvelope(PathBuf),
}

impl Session {
    /// Watches a folder until `goes_on` says no.
    ///
    /// # Errors
    /// When the folder can't be watched or a rule's label not be read; what happens to a file is an event.
    pub fn watch(
        &self,
        folder: &Path,
        rules: &FolderRules,
        goes_on: &dyn Fn() -> bool,
        tell: &mut dyn FnMut(&WatchEvent),
    ) -> Result<()> {
        let root = folder.canonicalize().map_err(|e| Error::io(folder, e))?;
        self.0.refuse_own(&root)?;
        for grading in rules.gradings() {
            self.0.read_grading(&grading, self.0.now()?)?;
        }
        let classifier = if rules.suggest() { Some(Rules::new(self.0.taxonomy)) } else { None };
        let classifier = classifier.transpose().map_err(|e| Error::of(Code::LimitExceeded).caused_by(e))?;
        let (sender, changes) = channel();
        let config = Config::default().with_follow_symlinks(false);
        let failed = |error: notify::Error| Error::of(Code::Io).at(folder).caused_by(error);
        let mut watcher = RecommendedWatcher::new(sender, config).map_err(failed)?;
        watcher.watch(&root, RecursiveMode::Recursive).map_err(failed)?;
        let mut waiting = Waiting::default();
        waiting.round(&root);
        tell(&WatchEvent::Watching(waiting.0.len()));
        let mut next_round = Instant::now() + ROUND;
        while goes_on() {
            waiting.hear(&changes)?;
            if Instant::now() >= next_round {
                waiting.round(&root);
                next_round = Instant::now() + ROUND;
            }
            for path in waiting.due() {
                if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                    // What was put into a new folder before it was watched is told by nobody.
                    waiting.round(&path);
                } else if let Some(later) = self.attend(&root, &path, (rules, classifier.as_ref()), tell) {
                    waiting.put(path, later);
                }
            }
        }
        Ok(())
    }

    /// Does what the rule says with one file; gives when to come again, if somebody is at it.
    fn attend(
        &self,
        root: &Path,
        path: &Path,
        (rules, classifier): (&FolderRules, Option<&Rules>),
        tell: &mut dyn FnMut(&WatchEvent),
    ) -> Option<Instant> {
        let rule = rules.of(path.strip_prefix(root).ok()?)?;
        if is_ours(path) || is_in_passing(path) || !lies_below(root, path) {
            return None;
        }
        if quiet::is_in_use(path) {
            return Some(Instant::now() + LATER);
        }
        match self.0.labelled(path) {
            Ok(Labelled::No) => {}
            Ok(Labelled::Lost) => {
                tell(&WatchEvent::LostEnvelope(path.to_owned()));
                return None;
            }
            Ok(Labelled::Yes) => return None,
            Err(_) if is_gone(path) => return None,
            Err(error) => {
                tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error)));
                return None;
            }
        }
        if rule.suggests() {
            match self.queue(root, path, classifier) {
                Ok(Some(suggested)) => tell(&WatchEvent::Waits(Box::new(suggested))),
                Ok(None) => {}
                Err(error) if error.code() == Code::Conflict => return Some(Instant::now() + LATER),
                Err(_) if is_gone(path) => {}
                Err(error) => tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error))),
            }
            return None;
        }
        let protection = Protection { method: rule.method(), marks: rule.marks(), ..Protection::new(rule.grading()) };
        match self.protect(path, &protection) {
            Ok(done) => tell(&WatchEvent::Done(Box::new(done))),
            Err(error) => match error.code() {
                // Somebody else is at it, or it has just been written to.
                Code::Conflict => return Some(Instant::now() + LATER),
                Code::AlreadyProtected => {}
                _ if is_gone(path) => {}
                _ => tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error))),
            },
        }
        None
    }
}

impl Session {
    /// Puts a document into the folder's list of those that wait; gives what is suggested for it, if it is new there.
    fn queue(&self, root: &Path, path: &Path, rules: Option<&Rules>) -> Result<Option<Suggested>> {
        let list = Pending::of(root);
        let content = Original::read(path).and_then(|held| fingerprint(held.file()).map_err(|e| Error::io(path, e)))?;
        let Some(rules) = rules.filter(|_| !list.holds(path, &content)) else { return Ok(None) };
        let suggested = suggest_one(path, rules, self.0.clock.now())?;
        Ok(list.put(path, &suggested.fingerprint)?.then_some(suggested))
    }
}

fn is_gone(path: &Path) -> bool {
    path.symlink_metadata().is_err()
}

/// An ordinary file that no link on the way leads to.
fn lies_below(root: &Path, path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    let plain = path.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() > 0);
    plain && folder.is_some_and(|folder| folder.starts_with(root) && Some(folder.as_path()) == path.parent())
}

/// Files to be looked at, and when.
#[derive(Default)]
struct Waiting(BTreeMap<PathBuf, Instant>);

impl Waiting {
    fn put(&mut self, path: PathBuf, when: Instant) {
        if self.0.len() < WAITING || self.0.contains_key(&path) {
            self.0.insert(path, when);
        }
    }

    /// Everything there is.
    fn round(&mut self, root: &Path) {
        for found in walk(&[root.to_owned()]) {
            if let Found::File { path, .. } = found {
                self.0.entry(path).or_insert_with(Instant::now);
            }
            if self.0.len() >= WAITING {
                break;
            }
        }
    }

    /// Takes in what has changed, waiting a moment if nothing has.
    fn hear(&mut self, changes: &Receiver<notify::Result<notify::Event>>) -> Result<()> {
        let mut patience = Duration::from_millis(250);
        loop {
            match changes.recv_timeout(patience) {
                Ok(Ok(event)) => {
                    if !matches!(event.kind, notify::EventKind::Access(_) | notify::EventKind::Remove(_)) {
                        event.paths.into_iter().for_each(|path| self.put(path, Instant::now() + QUIET));
                    }
                }
                // What was missed is found in the next round.
                Ok(Err(_)) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Error::new(Code::Io, messages::NOT_WATCHED)),
            }
            patience = Duration::ZERO;
        }
    }

    /// Those whose time has come, taken out.
    fn due(&mut self) -> Vec<PathBuf> {
        let now = Instant::now();
        let due: Vec<PathBuf> = self.0.iter().filter(|(_, when)| **when <= now).map(|(path, _)| path.clone()).collect();
        self.0.retain(|_, when| *when > now);
        due
    }
}
