//! 見張り. Labels or protects what is saved in a folder, by the folder's rule (規程による明示等), once nobody is at it any more.
//! Two watchers on one share do the work once: whoever holds the file does it, the other finds it done.

mod ear;
mod quiet;
mod rules;
mod waiting;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kakuzuke_core::classify::Rules;
use kakuzuke_core::code::Code;

pub use rules::FolderRules;

use crate::batch::is_ours;
use crate::decisions::Pending;
use crate::error::{Error, Result};
use crate::files::{Original, keeps_owner};
use crate::look::Labelled;
use crate::messages;
use crate::options::{Method, Protection};
use crate::platform::Writers;
use crate::reports::{Failure, Protected};
use crate::scan::is_in_passing;
use crate::session::Session;
use crate::suggest::{Suggested, fingerprint, suggest_one};
use ear::{Ear, Heard};
use waiting::{Hindrance, Waiting};

/// A file is left alone until nobody has written to it for this long.
const QUIET: Duration = Duration::from_secs(2);
/// How long to wait before a file that somebody is at is looked at again.
const LATER: Duration = Duration::from_secs(5);
/// The whole folder is gone through again this often: shares on other machines do not tell of every change.
const ROUND: Duration = Duration::from_secs(600);
/// The same where the system does not tell of all folders.
const DEAF_ROUND: Duration = Duration::from_secs(60);

/// How to watch.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watching {
    /// How often the whole folder is gone through again; every ten minutes if it is not said, every minute where the system does
    /// not tell of all folders.
    pub round: Option<Duration>,
}

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
    /// Nothing can be done anywhere for now (the server is away, the disk is full). All that waits is tried again later.
    Held(Failure),
    /// It goes on again.
    GoesOn,
    /// The system does not tell of all folders (too many): the folder is gone through again and again instead.
    Deaf,
    /// The folder itself is gone; it is waited for.
    FolderGone,
    /// The folder is there again.
    FolderBack,
    /// It has been stopped; nothing was left half done.
    Ended,
}

/// What a watcher keeps in mind.
struct Watch<'a> {
    session: &'a Session,
    root: PathBuf,
    rules: &'a FolderRules,
    /// Where some rule leaves the decision to somebody.
    classifier: Option<Rules>,
    waiting: Waiting,
    hindrance: Hindrance,
    round: Duration,
    next_round: Instant,
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
        watching: Watching,
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
        let (mut ear, heard) = Ear::at(&root)?;
        let round = watching.round.unwrap_or(ROUND);
        let (waiting, hindrance) = (Waiting::default(), Hindrance::default());
        let next_round = Instant::now() + round;
        let mut watch = Watch { session: self, root, rules, classifier, waiting, hindrance, round, next_round };
        watch.waiting.round(&watch.root);
        tell(&WatchEvent::Watching(watch.waiting.len()));
        watch.answer(heard, watching, tell);
        while goes_on() {
            let heard = ear.listen(&mut watch.waiting);
            watch.answer(heard, watching, tell);
            if Instant::now() >= watch.next_round {
                watch.go_round();
            }
            watch.work(goes_on, tell);
        }
        tell(&WatchEvent::Ended);
        Ok(())
    }
}

impl Watch<'_> {
    /// What was missed is found by going through all of it.
    fn answer(&mut self, heard: Heard, watching: Watching, tell: &mut dyn FnMut(&WatchEvent)) {
        match heard {
            Heard::Nothing => {}
            Heard::Missed => self.go_round(),
            Heard::Deaf => {
                self.round = watching.round.unwrap_or(DEAF_ROUND);
                self.go_round();
                tell(&WatchEvent::Deaf);
            }
            Heard::Gone => tell(&WatchEvent::FolderGone),
            Heard::Back => {
                tell(&WatchEvent::FolderBack);
                self.go_round();
            }
        }
    }

    fn go_round(&mut self) {
        self.waiting.round(&self.root);
        self.next_round = Instant::now() + self.round;
    }

    /// Everything whose time has come.
    fn work(&mut self, goes_on: &dyn Fn() -> bool, tell: &mut dyn FnMut(&WatchEvent)) {
        let due = self.waiting.due();
        if due.is_empty() {
            return;
        }
        let opened = Writers::now();
        for path in due {
            if !goes_on() {
                return;
            }
            // Its new folder may have put it there a second time.
            self.waiting.take(&path);
            if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                // What was put into a new folder before it was watched is told by nobody.
                self.waiting.round(&path);
            } else if let Some(later) = self.attend(&path, &opened, tell) {
                self.waiting.put(path, later);
            }
        }
    }

    /// Does what the rule says with one file; gives when to come again, if somebody is at it.
    fn attend(&mut self, path: &Path, opened: &Writers, tell: &mut dyn FnMut(&WatchEvent)) -> Option<Instant> {
        let rule = self.rules.of(path.strip_prefix(&self.root).ok()?)?;
        if is_ours(path) || is_in_passing(path) || !lies_below(&self.root, path) {
            return None;
        }
        if quiet::is_in_use(path) || opened.has(path) {
            return Some(Instant::now() + LATER);
        }
        let desk = &self.session.0;
        match desk.labelled(path) {
            Ok(Labelled::No) if rule.only_declares() => return None,
            Ok(Labelled::No) => {}
            Ok(Labelled::Lost) => {
                tell(&WatchEvent::LostEnvelope(path.to_owned()));
                return None;
            }
            // Nobody's word would keep the document from being protected, without a word of it.
            Ok(Labelled::Forged) => {
                let error = Error::of(Code::SignatureInvalid);
                tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error)));
                return None;
            }
            Ok(Labelled::Yes) => {
                let renewed = desk.renew_beside(path).transpose()?;
                return self.told(path, false, renewed, tell);
            }
            Err(_) if is_gone(path) => return None,
            Err(error) => {
                tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error)));
                return None;
            }
        }
        if rule.suggests() {
            return self.queue(path, tell);
        }
        let protection = Protection { method: rule.method(), marks: rule.marks(), ..Protection::new(rule.grading()) };
        let needs_server = protection.method != Method::Label;
        if let Some(later) = self.hindrance.holds(needs_server) {
            return Some(later);
        }
        if !keeps_owner(path) {
            let error = Error::new(Code::Unsupported, messages::OWNER_NOT_KEPT);
            tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error)));
            return None;
        }
        let outcome = self.session.protect(path, &protection);
        self.told(path, needs_server, outcome, tell)
    }

    /// Puts a document into the folder's list of those that wait, and tells what is suggested for it, if it is new there.
    fn queue(&self, path: &Path, tell: &mut dyn FnMut(&WatchEvent)) -> Option<Instant> {
        let list = Pending::of(&self.root);
        let put = || -> Result<Option<Suggested>> {
            let held = Original::read(path)?;
            let content = fingerprint(held.file()).map_err(|e| Error::io(path, e))?;
            let Some(rules) = self.classifier.as_ref().filter(|_| !list.holds(path, &content)) else { return Ok(None) };
            let mapping = crate::hints::mapping(Some(self.session), None)?;
            let suggested = suggest_one(path, rules, mapping.as_ref(), self.session.0.clock.now())?;
            Ok(list.put(path, &suggested.fingerprint)?.then_some(suggested))
        };
        match put() {
            Ok(Some(suggested)) => tell(&WatchEvent::Waits(Box::new(suggested))),
            Ok(None) => {}
            Err(error) if error.code() == Code::Conflict => return Some(Instant::now() + LATER),
            Err(_) if is_gone(path) => {}
            Err(error) => tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error))),
        }
        None
    }

    /// Tells what became of a file; gives when to come again.
    fn told(
        &mut self,
        path: &Path,
        needs_server: bool,
        outcome: Result<Protected>,
        tell: &mut dyn FnMut(&WatchEvent),
    ) -> Option<Instant> {
        let error = match outcome {
            Ok(done) => {
                if self.hindrance.pass(needs_server) {
                    tell(&WatchEvent::GoesOn);
                }
                tell(&WatchEvent::Done(Box::new(done)));
                return None;
            }
            Err(error) => error,
        };
        match error.code() {
            // Somebody else is at it, or it has just been written to.
            Code::Conflict => return Some(Instant::now() + LATER),
            Code::AlreadyProtected => {}
            code if Hindrance::is(code) => {
                let (later, news) = self.hindrance.meet(code);
                if news {
                    tell(&WatchEvent::Held(Failure::new(path.to_owned(), &error)));
                }
                return Some(later);
            }
            _ if is_gone(path) => {}
            _ => tell(&WatchEvent::Failed(Failure::new(path.to_owned(), &error))),
        }
        None
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
