//! 編集. A working copy in a private folder, the program people use, and a new version for each save. While it is open,
//! printing and copying are not enforced: that is said, and the working copy is gone afterwards, after a crash too.

mod copy;
mod record;
mod rescue;
mod usage;
mod version;

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use kakuzuke_core::code::Code;
use kakuzuke_core::licence::{Right, Rights};

pub(crate) use self::copy::PlainCopy;
use self::copy::WorkingCopy;
use self::record::Save;
pub(crate) use self::version::place_across;
use crate::error::{Error, Result};
use crate::messages;
use crate::options::{Contact, Editing, Opening};
use crate::platform;
use crate::reports::{EditEvent, Edited, Failure};
use crate::session::{Desk, Session};

/// How often a save is looked for.
const LOOK: Duration = Duration::from_millis(300);
/// A save that could not be protected is tried again after this.
const AGAIN: Duration = Duration::from_secs(15);
/// A launcher returns at once; the program it starts must have opened the copy by then.
const LAUNCH: Duration = Duration::from_secs(15);

impl Session {
    /// Opens a document in a program; each save becomes a new version under the same label and line. At the end, what
    /// could not become one is protected beside the document.
    ///
    /// # Errors
    /// [`Code::Denied`] without the right to edit. A save that can't be protected is told through `tell` and tried
    /// again; when nothing could be done with it at the end, the working copy stays, the error says why, and
    /// [`Session::rescue_edits`] tries again.
    pub fn edit(&self, path: &Path, editing: &Editing, tell: &mut dyn FnMut(EditEvent)) -> Result<Edited> {
        let desk = &self.0;
        let wanted = Rights::VIEW.with(Right::Edit);
        let opening = Opening { purpose: editing.purpose.clone(), wanted, contact: Contact::Online };
        let document = self.open_document(path, &opening)?;
        let copy = WorkingCopy::make(desk, &document, path)?;
        drop(document);
        // For the case that the key server is away at the end; without one the copy would have to stay.
        let _there_may_be_none = self.fill_tickets(1);
        let program = Program::start(editing, copy.path())?;
        tell(EditEvent::Started(copy.path().to_owned()));
        let seen = Some(copy.record().version.save);
        let mut sitting = Sitting { desk, copy, program, seen, failed: None, waits: false };
        let mut edited = Edited { versions: Vec::new(), beside: Vec::new(), path: path.to_owned() };
        sitting.work(&mut edited, tell)?;
        let mut copy = sitting.copy;
        for saved in desk.settle(&mut copy)? {
            if saved.path == saved.edited {
                edited.versions.push(saved.document);
                tell(EditEvent::Saved(saved.document));
            } else {
                tell(EditEvent::SavedBeside(saved.clone()));
                edited.beside.push(saved);
            }
        }
        copy.remove()?;
        tell(EditEvent::Closed);
        Ok(edited)
    }
}

/// An edit while its program runs.
struct Sitting<'a> {
    desk: &'a Desk,
    copy: WorkingCopy,
    program: Program,
    /// The last save that was looked at.
    seen: Option<Save>,
    /// When the last try to protect it failed.
    failed: Option<Instant>,
    /// Whether it was said that only a lock is left.
    waits: bool,
}

impl Sitting<'_> {
    /// Protects each save until the program has ended.
    fn work(&mut self, edited: &mut Edited, tell: &mut dyn FnMut(EditEvent)) -> Result<()> {
        loop {
            match self.program.state(self.copy.document_folder())? {
                State::Ended => return Ok(()),
                State::Locked if !self.waits => {
                    self.waits = true;
                    tell(EditEvent::Locked(self.copy.document_folder().to_owned()));
                }
                State::Locked | State::Works => {}
            }
            let now = self.copy.last_save();
            let written = now != self.seen && now.is_some_and(Save::is_settled);
            let again = self.failed.is_some_and(|at| at.elapsed() >= AGAIN);
            if written || again {
                self.seen = now;
                self.failed = None;
                match self.desk.save_version(&mut self.copy) {
                    Ok(document) => {
                        edited.versions.push(document);
                        tell(EditEvent::Saved(document));
                    }
                    Err(error) => {
                        tell(EditEvent::SaveFailed(Failure::new(edited.path.clone(), &error)));
                        self.failed = Some(Instant::now());
                    }
                }
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// What was started: the program itself, or something that hands the file to one and returns.
struct Program {
    /// None where the system only handed the file on.
    child: Option<Child>,
    /// How long the program a launcher starts has to open the copy; none once it has, or when the program was named.
    launching_until: Option<Instant>,
}

/// What a program is doing with the copy.
enum State {
    /// It runs, or one it handed the copy to.
    Works,
    /// None that can be seen, but an office suite's lock lies beside the copy.
    Locked,
    /// It is over.
    Ended,
}

impl Program {
    fn start(editing: &Editing, copy: &Path) -> Result<Self> {
        let started = match editing.program.split_first() {
            Some((program, rest)) => Command::new(program).args(rest).arg(copy).spawn().map(Some),
            // What the document is was decided by who made it: it must not be run by being opened.
            None if platform::would_run(copy.as_os_str()) => {
                return Err(Error::new(Code::Unsupported, messages::WOULD_RUN).at(copy));
            }
            None => platform::open_elsewhere(copy),
        };
        let child = started.map_err(|e| Error::new(Code::Io, messages::NO_PROGRAM).caused_by(e))?;
        let launching_until = editing.program.is_empty().then(|| Instant::now() + LAUNCH);
        Ok(Self { child, launching_until })
    }

    fn state(&mut self, folder: &Path) -> Result<State> {
        if let Some(child) = &mut self.child
            && child.try_wait().map_err(|e| Error::io(folder, e))?.is_none()
        {
            return Ok(State::Works);
        }
        if platform::a_process_uses(folder) {
            self.launching_until = None;
            return Ok(State::Works);
        }
        if usage::has_office_lock(folder) {
            self.launching_until = None;
            return Ok(State::Locked);
        }
        let waited = self.launching_until.is_none_or(|until| Instant::now() >= until);
        Ok(if waited { State::Ended } else { State::Works })
    }
}
