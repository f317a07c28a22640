//! 媒体での持出し. Onto a registered medium only, which shows it by its mark; each file whole, durable and read back; ticked off
//! when the medium is back and nothing is left on it (3.1.1(4)(e), (6)(a), 8.1.1(1)(d)).

use std::fs::File;
use std::path::{Path, PathBuf};

use kakuzuke_core::cbor;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{Departure, MarkAnswer, MarkRequest, MediumMark, Settlement, TakeOutRequest, paths};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Service;

use super::accepting::Accepting;
use super::{Acceptance, AcceptedIn, Ready, Readying, accepted_in, medium_path, new_request, one_line, read_bounded};
use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, sweep, write_whole};
use crate::messages;
use crate::options::Overwrite;
use crate::platform::{self, Positional};
use crate::session::{Desk, Session};

/// The file by which a medium is known.
const MARK: &str = ".kakuzuke-medium";
/// Longest mark, in bytes.
const LONGEST: u64 = 16 * 1024;
/// Bytes compared at a time.
const PIECE: usize = 1 << 20;
/// Files looked at on a medium that is given back.
const FILES: usize = 100_000;

/// 持出し. On what, until when and why.
#[derive(Debug, Clone)]
pub struct Carrying {
    /// 媒体の管理番号.
    pub medium: String,
    /// Where it is mounted, or a folder on it; found by its mark if left out.
    pub at: Option<PathBuf>,
    /// To be back by then.
    pub until: Timestamp,
    /// 利用目的.
    pub purpose: String,
    /// The organisation it is carried to.
    pub organisation: Option<String>,
    /// Why what is hidden in the documents may go along.
    pub accepted: Vec<Acceptance>,
}

/// What was taken out.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TakenOut {
    /// 台帳番号.
    pub ledger: u64,
    /// The files on the medium, read back.
    pub files: Vec<PathBuf>,
    /// To be back by then.
    pub until: Timestamp,
    /// What was hidden in them and goes along, and why.
    pub accepted: Vec<AcceptedIn>,
    /// What somebody should know.
    pub notes: Vec<Text>,
}

impl Session {
    /// 媒体の印. Fetches the mark of a registered medium and writes it there; an earlier mark counts no more.
    ///
    /// # Errors
    /// When it is not this officer's to mark, or can't be written.
    pub fn mark_medium(&self, id: &str, at: &Path) -> Result<Vec<Text>> {
        let desk = &self.0;
        let path = medium_path(id, paths::MARK)?;
        demand_folder(at)?;
        let volume = platform::volume(at);
        let answer: MarkAnswer = desk.server.post(desk.caller(), &path, &MarkRequest { volume: volume.clone() })?;
        let mark = desk.believe(answer.mark.as_slice())?;
        if mark.medium != id || mark.volume != volume {
            return Err(Error::new(Code::SignatureInvalid, messages::NOT_THE_MEDIUM).at(at));
        }
        write_whole(&at.join(MARK), Overwrite::Replace, |file| file.write_all(answer.mark.as_slice()))?;
        Ok(self.notes(at, &mark))
    }

    /// 媒体での持出し. Copies documents onto a medium, once the server has permitted and recorded it.
    ///
    /// # Errors
    /// [`Code::Denied`] with clause and remedy, [`Code::NotProtected`] for what is neither protected nor 機密性1; what could not be
    /// written whole and read back is not left there.
    pub fn take_out(&self, paths: &[PathBuf], carrying: &Carrying) -> Result<TakenOut> {
        let desk = &self.0;
        let purpose = one_line(&carrying.purpose)?;
        let at = self.find_medium(&carrying.medium, carrying.at.as_deref())?;
        let (bytes, mark) = desk.read_mark(&at)?;
        if mark.medium != carrying.medium {
            return Err(Error::new(Code::Denied, messages::NOT_THE_MEDIUM).at(&at));
        }
        let how = Readying {
            purpose: format!("{purpose}（媒体：{}）", carrying.medium),
            accepting: Accepting::new(&carrying.accepted, paths)?,
            wanted: Rights::VIEW,
            grading: None,
            place: &at,
            sealing: false,
        };
        let ready: Vec<Ready> = paths.iter().map(|path| self.ready(path, &how)).collect::<Result<_>>()?;
        let targets = targets(&ready, &at)?;
        let request = TakeOutRequest {
            items: ready.iter().map(|ready| ready.leaving.clone()).collect(),
            medium: carrying.medium.clone(),
            mark: bytes.into(),
            organisation: carrying.organisation.clone(),
            purpose: purpose.to_owned(),
            until: carrying.until,
            request: new_request()?,
        };
        let path = format!("{}/{}", paths::DEPARTURES, paths::TAKE_OUT);
        ready.iter().try_for_each(Ready::check_unchanged)?;
        let departure: Departure = desk.server.post(desk.caller(), &path, &request)?;
        sweep(&at);
        let files = write_all(&targets)?;
        // What was written is what was looked through; otherwise none of it stays.
        if let Err(error) = ready.iter().try_for_each(Ready::check_unchanged) {
            remove_all(&files);
            return Err(error);
        }
        Ok(TakenOut {
            ledger: departure.number,
            files,
            until: carrying.until,
            accepted: accepted_in(&ready),
            notes: ready.iter().filter_map(|ready| ready.note.clone()).chain(self.notes(&at, &mark)).collect(),
        })
    }

    /// 返却. Ticks a taking out off, once nothing of it is left on the medium.
    ///
    /// # Errors
    /// [`Code::Conflict`] naming a file that is left; when it is another medium, or not this officer's to say.
    pub fn take_back(&self, number: u64, at: Option<&Path>) -> Result<Departure> {
        let desk = &self.0;
        let departure = self.departure(number)?;
        let Some(medium) = &departure.medium else { return Err(Error::new(Code::Usage, messages::NO_LEDGER)) };
        let at = self.find_medium(medium, at)?;
        let (_, mark) = desk.read_mark(&at)?;
        if mark.medium != *medium {
            return Err(Error::new(Code::Denied, messages::NOT_THE_MEDIUM).at(&at));
        }
        if let Some(left) = desk.left_of(&departure, &at)? {
            return Err(Error::new(Code::Conflict, messages::STILL_THERE).at(&left));
        }
        desk.tick_off(number, &Settlement::Returned)
    }

    /// Where a medium is: where the officer says, or where its mark is found.
    fn find_medium(&self, id: &str, at: Option<&Path>) -> Result<PathBuf> {
        if let Some(at) = at {
            demand_folder(at)?;
            return Ok(at.to_owned());
        }
        let bears = |at: &PathBuf| self.0.read_mark(at).is_ok_and(|(_, mark)| mark.medium == id);
        platform::mounted().into_iter().find(bears).ok_or_else(|| Error::new(Code::Usage, messages::NO_MEDIUM))
    }

    fn notes(&self, at: &Path, mark: &MediumMark) -> Vec<Text> {
        let home = platform::on_same_volume(at, self.0.profile.folder().path());
        let unbound = mark.volume.is_none();
        let notes = [(home, messages::MEDIUM_IS_HOME), (unbound, messages::MEDIUM_UNBOUND)];
        notes.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect()
    }
}

impl Desk {
    /// The mark on a medium: signed by this authority, and made for the file system it lies on.
    fn read_mark(&self, at: &Path) -> Result<(Vec<u8>, MediumMark)> {
        let path = at.join(MARK);
        let bytes = read_bounded(&path, LONGEST, messages::NOT_THE_MEDIUM).map_err(|e| {
            Error::new(Code::Denied, messages::NO_MARK).on(self.taxonomy.clause_note("3.1.1(4)(e)")).at(at).caused_by(e)
        })?;
        let mark = self.believe(&bytes).map_err(|e| e.at(&path))?;
        if mark.volume != platform::volume(at).filter(|_| mark.volume.is_some()) {
            return Err(Error::new(Code::Denied, messages::NOT_THE_MEDIUM)
                .on(self.taxonomy.clause_note("3.1.1(4)(e)"))
                .at(at));
        }
        Ok((bytes, mark))
    }

    fn believe(&self, bytes: &[u8]) -> Result<MediumMark> {
        let refused = || Error::new(Code::SignatureInvalid, messages::NOT_THE_MEDIUM);
        let signed = UnverifiedSign1::parse(bytes, Domain::MEDIUM).map_err(|e| refused().caused_by(e))?;
        let verified =
            self.profile.anchors().verify_service(self.provider, &signed, Service::Licence, self.clock.now());
        let (_, payload) = verified.map_err(|e| refused().caused_by(e))?;
        let mark: MediumMark = cbor::decode_strict(payload).map_err(|e| refused().caused_by(e))?;
        if mark.authority == self.profile.authority() { Ok(mark) } else { Err(refused()) }
    }

    /// A file on a medium that belongs to a departure; none when nothing is left.
    fn left_of(&self, departure: &Departure, at: &Path) -> Result<Option<PathBuf>> {
        let ours = |id| departure.documents.iter().any(|document| document.document == id);
        let walk = walkdir::WalkDir::new(at).follow_links(false).same_file_system(true);
        for (count, entry) in walk.into_iter().enumerate() {
            let entry = entry.map_err(|e| Error::io(at, e.into()))?;
            if count >= FILES {
                return Err(Error::new(Code::LimitExceeded, messages::TOO_MANY_FILES).at(at));
            }
            if entry.file_type().is_file()
                && crate::look::show(entry.path(), None).is_ok_and(|shown| ours(shown.label.document))
            {
                return Ok(Some(entry.into_path()));
            }
        }
        Ok(None)
    }
}

fn demand_folder(at: &Path) -> Result<()> {
    let is_folder = at.symlink_metadata().is_ok_and(|found| found.is_dir());
    if is_folder { Ok(()) } else { Err(Error::new(Code::Usage, messages::NO_MEDIUM).at(at)) }
}

/// Each document with where it will lie; names must be free, and each another.
fn targets(ready: &[Ready], at: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut targets: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut add = |from: &Path, name: &str| {
        let to = at.join(name);
        if to.symlink_metadata().is_ok() || targets.iter().any(|(_, known)| *known == to) {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(&to));
        }
        targets.push((from.to_owned(), to));
        Ok(())
    };
    for one in ready {
        add(one.content.path(), &one.name)?;
        if let Some(signature) = &one.signature {
            add(signature, &format!("{}.{}", one.name, crate::protect::SIGNATURE))?;
        }
    }
    Ok(targets)
}

/// All of them, or none.
fn write_all(targets: &[(PathBuf, PathBuf)]) -> Result<Vec<PathBuf>> {
    let mut written: Vec<PathBuf> = Vec::new();
    for (from, to) in targets {
        if let Err(error) = write_one(from, to) {
            remove_all(&written);
            return Err(error);
        }
        written.push(to.clone());
    }
    Ok(written)
}

fn remove_all(written: &[PathBuf]) {
    for path in written {
        let _not_left_there = std::fs::remove_file(path);
    }
}

/// Whole, durable, and read back from the medium.
fn write_one(from: &Path, to: &Path) -> Result<()> {
    let original = Original::read(from)?;
    let draft = Draft::beside(to)?;
    draft.allocate(original.size())?;
    let mut at = 0;
    let mut piece = vec![0; PIECE];
    loop {
        let n = original.file().read_at(&mut piece, at).map_err(|e| Error::io(from, e))?;
        let read = piece.get(..n).unwrap_or_default();
        if read.is_empty() {
            break;
        }
        draft.file().write_all_at(read, at).map_err(|e| Error::io(to, e))?;
        at += n as u64;
    }
    original.check_unchanged()?;
    let file = draft.place(to, Replace::Never)?;
    // What was written is dropped from memory where the system can, so that the medium is read and not the cache.
    platform::forget_cached(&file);
    if let Err(error) = compare(original.file(), to, original.size()) {
        let _not_left_there = std::fs::remove_file(to);
        return Err(error);
    }
    Ok(())
}

fn compare(from: &File, to: &Path, size: u64) -> Result<()> {
    let written = Original::read(to)?;
    let differs = || Error::new(Code::Io, messages::NOT_READ_BACK).at(to);
    if written.size() != size {
        return Err(differs());
    }
    let (mut one, mut other, mut at) = (vec![0; PIECE], vec![0; PIECE], 0);
    while at < size {
        let n = usize::try_from(size - at).unwrap_or(PIECE).min(PIECE);
        let (Some(one), Some(other)) = (one.get_mut(..n), other.get_mut(..n)) else { return Err(differs()) };
        from.read_exact_at(one, at).map_err(|e| Error::io(to, e))?;
        written.file().read_exact_at(other, at).map_err(|e| Error::io(to, e))?;
        if one != other {
            return Err(differs());
        }
        at += n as u64;
    }
    Ok(())
}
