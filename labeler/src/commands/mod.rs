//! 命令. One file a task; each asks the library once and says what came of it.

pub mod approve;
mod audit;
mod change;
pub mod decide;
mod derive;
mod desktop;
mod device;
pub mod edit;
mod formats;
mod look;
mod manual;
mod marking;
mod open;
mod paper;
pub mod protect;
mod publish;
mod recall;
mod register;
mod scan;
mod send;
mod suggest;
mod takeout;
mod watch;
mod zone;

use std::path::PathBuf;

use kakuzuke::{Error, Grading, Result, Session};

use crate::args::{Audit, Cli, Command};
use crate::output::{Output, Said};

/// Does what was asked.
///
/// # Errors
/// Whatever the library answers.
pub fn run(cli: Cli, output: Output) -> Result<Said> {
    let desk = Desk { profile: cli.profile, output };
    match cli.command {
        Command::Enrol(args) => device::enrol(&desk, &args),
        Command::Protect(args) => protect::protect(&desk, &args),
        Command::Open(args) => open::open(&desk, &args),
        Command::Show(args) => look::show(&desk, &args),
        Command::Verify(args) => look::verify(&desk, &args),
        Command::Relabel(args) => change::relabel(&desk, args),
        Command::Derive(args) => derive::derive(&desk, &args),
        Command::Excerpt(args) => derive::excerpt(&desk, &args),
        Command::Mark(args) => marking::mark(&desk, &args),
        Command::Unmark(args) => marking::unmark(&desk, &args),
        Command::Apply(args) => decide::apply(&desk, &args),
        Command::Confirm(args) => decide::confirm(&desk, &args),
        Command::Export(args) => open::export(&desk, &args),
        Command::Edit(args) => edit::edit(&desk, args),
        Command::Request(args) => approve::request(&desk, args),
        Command::Requests => approve::requests(&desk),
        Command::Approve(args) => approve::approve(&desk, args),
        Command::Reject(args) => approve::reject(&desk, args),
        Command::Revoke(args) => change::revoke(&desk, args),
        Command::Destroy(args) => change::destroy(&desk, &args),
        Command::Zone { command } => zone::zone(&desk, command),
        Command::Sync(args) => device::sync(&desk, &args),
        Command::Lease(args) => open::lease(&desk, &args),
        Command::Label(args) => protect::label(&desk, &args),
        Command::Send(args) => send::send(&desk, &args),
        Command::Takeout(args) => takeout::takeout(&desk, args),
        Command::Recall(args) => recall::recall(&desk, args),
        Command::Print(args) => paper::print(&desk, &args),
        Command::Prints { command } => paper::prints(&desk, command),
        Command::Media { command } => takeout::media(&desk, command),
        Command::Destination { command } => register::destinations(&desk, command),
        Command::Addressee { command } => register::addressees(&desk, command),
        Command::Cover(args) => protect::cover(&desk, &args),
        Command::Watch(args) => watch::watch(&desk, &args),
        Command::Scan(args) => scan::scan(&desk, &args),
        Command::Inspect(args) => publish::inspect(&args),
        Command::Publish(args) => publish::publish(&desk, &args),
        Command::Suggest(args) => suggest::suggest(&desk, &args),
        Command::Formats(args) => formats::formats(&args),
        Command::Documents(args) => look::documents(&desk, &args),
        Command::Audit { command: Audit::Verify { file, key } } => {
            audit::verify(&desk, file.as_deref(), key.as_deref())
        }
        Command::Audit { command: Audit::Export { output } } => audit::export(&desk, &output),
        Command::Desktop { command } => desktop::desktop(&desk, command),
        Command::Thumbnail(args) => desktop::thumbnail(&args),
        Command::Doctor => device::doctor(&desk),
        #[cfg(feature = "embedded")]
        Command::Demo(args) => crate::demo::run(&args, output),
        Command::Shell { command } => crate::platform::shell(&desk, command),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { dir } => manual::pages(&dir),
    }
}

/// Where a command works: whose profile, how it speaks.
pub struct Desk {
    profile: Option<PathBuf>,
    /// How it speaks.
    pub output: Output,
}

impl Desk {
    /// The profile's folder: the one named, else the usual one.
    pub fn folder(&self) -> Result<PathBuf> {
        self.profile.clone().map_or_else(kakuzuke::default_folder, Ok)
    }

    /// Says what is doubtful in a grading, before it is used.
    fn doubt(&self, session: &Session, grading: &Grading) {
        for doubt in session.doubts(grading) {
            self.output.note(&doubt.ja, &doubt.en);
        }
    }

    /// The officer's session. What an edit left that ended badly is protected first, whatever the officer came for.
    pub fn session(&self) -> Result<Session> {
        let session = Session::open(&self.folder()?)?;
        let rescue = session.rescue_edits()?;
        for saved in &rescue.saved {
            self.output.note(&saved.text().ja, &saved.text().en);
        }
        for failure in &rescue.unsaved {
            self.output.warn(failure);
        }
        Ok(session)
    }
}

/// A value of the library as programs read it.
fn value<T: serde::Serialize>(thing: &T) -> Result<serde_json::Value> {
    serde_json::to_value(thing).map_err(|e| Error::of(kakuzuke::code::Code::Internal).caused_by(e))
}
