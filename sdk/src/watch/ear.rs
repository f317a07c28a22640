//! 耳. What a file system tells of changes in a folder. It may be deaf (too many folders, a share on another machine), miss some
//! of it, or the folder itself may go and come again: then the folder is gone through whole.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::QUIET;
use super::waiting::Waiting;
use crate::error::{Error, Result};
use crate::platform::{Facts, Sort};

/// How long it listens at a time.
const PATIENCE: Duration = Duration::from_millis(250);

/// What was heard beside files that have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing else.
    Nothing,
    /// Something was missed.
    Missed,
    /// There are more folders than the system tells of.
    Deaf,
    /// The folder that is watched is gone.
    Gone,
    /// It is there again.
    Back,
}

/// Listens at one folder and all below.
pub(super) struct Ear {
    root: PathBuf,
    sender: Sender<notify::Result<notify::Event>>,
    changes: Receiver<notify::Result<notify::Event>>,
    watcher: Option<RecommendedWatcher>,
    /// Which folder it is, while it is there.
    is_at: Option<(u64, u64)>,
}

impl Ear {
    /// Listens from now on; and whether it is deaf to some of it.
    pub(super) fn at(root: &Path) -> Result<(Self, Heard)> {
        let (sender, changes) = channel();
        let is_at = identity(root);
        let mut ear = Self { root: root.to_owned(), sender, changes, watcher: None, is_at };
        let heard = ear.open()?;
        Ok((ear, heard))
    }

    fn open(&mut self) -> Result<Heard> {
        self.watcher = None;
        let config = Config::default().with_follow_symlinks(false);
        let listening = RecommendedWatcher::new(self.sender.clone(), config).and_then(|mut watcher| {
            let outcome = watcher.watch(&self.root, RecursiveMode::Recursive);
            // What it does hear it goes on hearing.
            self.watcher = Some(watcher);
            outcome
        });
        match listening {
            Ok(()) => Ok(Heard::Nothing),
            Err(error) if is_limit(&error) => Ok(Heard::Deaf),
            Err(error) => Err(Error::of(kakuzuke_core::code::Code::Io).at(&self.root).caused_by(error)),
        }
    }

    /// Takes in what has changed, waiting a moment if nothing has.
    pub(super) fn listen(&mut self, waiting: &mut Waiting) -> Heard {
        let mut heard = Heard::Nothing;
        let mut patience = PATIENCE;
        loop {
            match self.changes.recv_timeout(patience) {
                Ok(Ok(event)) if event.need_rescan() => heard = Heard::Missed,
                Ok(Ok(event)) => {
                    if !matches!(event.kind, notify::EventKind::Access(_) | notify::EventKind::Remove(_)) {
                        event.paths.into_iter().for_each(|path| waiting.put(path, Instant::now() + QUIET));
                    }
                }
                Ok(Err(error)) => heard = if is_limit(&error) { Heard::Deaf } else { Heard::Missed },
                // The sender is held here, so that only time can run out.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
            patience = Duration::ZERO;
        }
        self.is_there().unwrap_or(heard)
    }

    /// Whether the folder has gone, or come again, since it was last looked for.
    fn is_there(&mut self) -> Option<Heard> {
        let now = identity(&self.root);
        if now == self.is_at {
            return None;
        }
        self.is_at = now;
        if now.is_none() {
            return Some(Heard::Gone);
        }
        // It may go while it is opened; then that is found the next time.
        if self.open().is_err() {
            self.is_at = None;
        }
        Some(Heard::Back)
    }
}

fn identity(root: &Path) -> Option<(u64, u64)> {
    let found = Facts::named(root).ok().filter(|facts| facts.sort == Sort::Folder);
    found.map(|facts| (facts.device, facts.number))
}

/// Too many folders, or too many who watch: fewer would be told of.
fn is_limit(error: &notify::Error) -> bool {
    const TOO_MANY_OPEN: i32 = 24;
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => error.raw_os_error() == Some(TOO_MANY_OPEN),
        _ => false,
    }
}
