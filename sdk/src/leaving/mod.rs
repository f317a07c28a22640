//! 持ち出す. How documents leave: by mail, on a medium, on paper; and how they are called back. The server decides and
//! records first; until it has answered, nothing is written where it could be taken from.

mod accepting;
mod mail;
mod medium;
mod paper;
mod recall;
mod report;
pub(crate) mod scratch;
mod sealing;
mod send;

pub use accepting::{Acceptance, AcceptedIn, AcceptedOf};
pub use medium::{Carrying, TakenOut};
pub use paper::{Print, PrintedFile};
pub use recall::{Recall, RecallFrom, Recalled};
pub use report::{ReportForm, recall_report};
pub use send::{Attached, Sending, Sent};

use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::UnverifiedLabel;
use kakuzuke_core::id::RequestId;
use kakuzuke_core::label::Confidentiality;
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{
    ApprovalKind, ApprovalRecord, ApprovalRequest, Bytes, Departure, Leaving, MediumRecord, MediumRequest,
    RecallReport, RegisterChange, Registers, Settlement, paths,
};

use self::accepting::Accepting;
use crate::error::{Error, Result};
use crate::files::{Draft, Original};
use crate::messages;
use crate::open::{Document, Found};
use crate::options::{Grading, Opening};
use crate::publish::Accepted;
use crate::session::{Desk, Session};

/// How a document lies there.
enum Lying {
    /// Protected.
    Sealed(Box<Found>),
    /// In clear, under a signed label.
    Labelled(Box<UnverifiedLabel>),
    /// In clear, without.
    Bare,
}

/// A document ready to leave: what the server is told of it, and where what leaves is read from.
struct Ready {
    path: PathBuf,
    name: String,
    header: String,
    leaving: Leaving,
    content: Content,
    /// Beside what is labelled in clear: its signature.
    signature: Option<PathBuf>,
    /// The files as they were looked through: what leaves is what was looked at.
    held: Vec<Original>,
    /// What is hidden in it, and why it may go along.
    accepted: Vec<Accepted>,
    /// What somebody should know of it.
    note: Option<Text>,
}

impl Ready {
    /// With what somebody answers for.
    fn with(mut self, accepted: Vec<Accepted>) -> Self {
        self.leaving.accepted = accepting::for_the_ledger(&accepted);
        Self { accepted, ..self }
    }

    /// That nobody has written to it, or put another in its place, since it was looked through.
    fn check_unchanged(&self) -> Result<()> {
        self.held.iter().try_for_each(Original::check_unchanged)
    }
}

/// What leaves.
enum Content {
    /// The file itself.
    File(PathBuf),
    /// A sealed copy of it, gone when dropped.
    Draft(Draft),
}

impl Content {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Draft(draft) => draft.path(),
        }
    }
}

/// How documents are made ready.
struct Readying<'a> {
    /// With the addresses or the medium: it stands in the log with each opening.
    purpose: String,
    /// Why what is hidden may go along.
    accepting: Accepting<'a>,
    /// Rights asked for when it is opened to be looked through.
    wanted: Rights,
    /// The grade of what has none.
    grading: Option<&'a Grading>,
    /// What is sealed on the way lies beside this until it is written.
    place: &'a Path,
    /// Whether what is not protected may be sealed on the way.
    sealing: bool,
}

impl Session {
    /// Looks one document through, and makes it what may leave.
    fn ready(&self, path: &Path, how: &Readying<'_>) -> Result<Ready> {
        self.0.refuse_own(path)?;
        let mut held = vec![Original::read(path)?];
        let signature = crate::protect::beside(path, crate::protect::SIGNATURE);
        if signature.symlink_metadata().is_ok() {
            held.push(Original::read(&signature)?);
        }
        let ready = Ready { held, ..self.looked_through(path, how)? };
        ready.check_unchanged()?;
        Ok(ready)
    }

    fn looked_through(&self, path: &Path, how: &Readying<'_>) -> Result<Ready> {
        let desk = &self.0;
        match desk.lying(path)? {
            Lying::Sealed(found) => self.ready_sealed(path, *found, how),
            Lying::Labelled(label) => self.ready_labelled(path, &label, how),
            Lying::Bare => {
                let grading = how.grading.filter(|_| how.sealing);
                let grading = grading.ok_or_else(|| desk.not_graded(path, how.sealing))?;
                let label = desk.read_grading(grading, desk.now()?)?;
                let accepted = self.answered_for(&crate::inspect::inspect(path)?, path, &how.accepting)?;
                if !label.mechanism().encrypts() {
                    return Err(Error::new(Code::NotProtected, messages::LABEL_FIRST).at(path));
                }
                self.sealed_on_the_way(path, label, None, how).map(|ready| ready.with(accepted))
            }
        }
    }

    fn ready_sealed(&self, path: &Path, found: Found, how: &Readying<'_>) -> Result<Ready> {
        let opening = Opening { purpose: how.purpose.clone(), wanted: how.wanted, ..Opening::default() };
        let leaving = Leaving { head: Some(Bytes::from(found.bytes.as_slice())), label: None, accepted: Vec::new() };
        let document = Document::open(std::sync::Arc::clone(&self.0), found, &opening).map_err(|e| e.at(path))?;
        let accepted = self.answered_for(&document.inspect()?, path, &how.accepting)?;
        let header = document.label().header;
        let content = Content::File(path.to_owned());
        let (path, name, held) = (path.to_owned(), name_of(path), Vec::new());
        Ok(Ready { path, name, header, leaving, content, signature: None, held, accepted: Vec::new(), note: None }
            .with(accepted))
    }

    fn ready_labelled(&self, path: &Path, label: &UnverifiedLabel, how: &Readying<'_>) -> Result<Ready> {
        // A label that does not hold says nothing of the document.
        let shown = self.verify(path)?.shown;
        let note = shown.unbound().map(|note| note_on(&shown.path, &note));
        let accepted = self.answered_for(&crate::inspect::inspect(path)?, path, &how.accepting)?;
        let current = label.claims().label();
        let bytes = Some(Bytes::from(label.as_bytes()));
        if current.grades().c != Confidentiality::One {
            if !how.sealing {
                return Err(self.0.not_graded(path, false));
            }
            let label = self.0.taken_over(current)?;
            let ready = self.sealed_on_the_way(path, label, bytes, how)?;
            return Ok(Ready { note, ..ready.with(accepted) });
        }
        let signature = crate::protect::beside(path, crate::protect::SIGNATURE);
        let ready = Ready {
            path: path.to_owned(),
            name: name_of(path),
            header: shown.label.header,
            leaving: Leaving { head: None, label: bytes, accepted: Vec::new() },
            content: Content::File(path.to_owned()),
            signature: Some(signature).filter(|path| path.is_file()),
            held: Vec::new(),
            accepted: Vec::new(),
            note,
        };
        Ok(ready.with(accepted))
    }

    fn sealed_on_the_way(
        &self,
        path: &Path,
        label: kakuzuke_core::label::Label,
        from: Option<Bytes>,
        how: &Readying<'_>,
    ) -> Result<Ready> {
        let header = label.header_line();
        let copy = self.0.seal_copy(path, label, how.place).map_err(|e| e.at(path))?;
        let leaving = Leaving { head: Some(Bytes(copy.head)), label: from, accepted: Vec::new() };
        let content = Content::Draft(copy.draft);
        let (path, name, held) = (path.to_owned(), copy.name, Vec::new());
        Ok(Ready { path, name, header, leaving, content, signature: None, held, accepted: Vec::new(), note: None })
    }
}

impl Desk {
    /// How a document lies there: what it says of itself, not yet believed.
    fn lying(&self, path: &Path) -> Result<Lying> {
        match self.find_protected(path) {
            Ok(found) => Ok(Lying::Sealed(Box::new(found))),
            Err(error) if error.code() == Code::NotProtected => {
                Ok(self.label_in_clear_at(path)?.map_or(Lying::Bare, |label| Lying::Labelled(Box::new(label))))
            }
            Err(error) => Err(error),
        }
    }

    fn not_graded(&self, path: &Path, sealing: bool) -> Error {
        let text = if sealing { messages::GRADE_FIRST } else { messages::PROTECT_FIRST };
        Error::new(Code::NotProtected, text).on(self.taxonomy.clause_note("3.1.1(3)(a)")).at(path)
    }
}

/// Something of the server's registers or ledger.
impl Session {
    /// 送付先・宛先・媒体: what is in force.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn registers(&self) -> Result<Registers> {
        self.0.server.get(self.0.caller(), paths::REGISTERS)
    }

    /// Applies for a change of a register; somebody else decides.
    ///
    /// # Errors
    /// When the change says nothing usable, or the server can't be asked.
    pub fn propose_register(&self, change: RegisterChange, reason: &str) -> Result<ApprovalRecord> {
        let kind = match &change {
            RegisterChange::Destination(_) | RegisterChange::DestinationEnd(_) => ApprovalKind::Destination,
            RegisterChange::Addressee(_) | RegisterChange::AddresseeEnd(_) => ApprovalKind::Addressee,
            RegisterChange::Medium(_) => ApprovalKind::Medium,
        };
        let request = ApprovalRequest {
            kind,
            document: None,
            rights: Rights::NONE,
            reason: reason.to_owned(),
            until: None,
            proposed_label: None,
            zone: None,
            register: Some(change),
        };
        self.0.server.post(self.0.caller(), paths::REQUESTS, &request)
    }

    /// 台帳: what left, as far as it is this officer's to see.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn departures(&self) -> Result<Vec<Departure>> {
        self.0.ledger("")
    }

    /// 持出し中・配付中のもの: what of it is still out, on media and on paper.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn still_out(&self) -> Result<Vec<Departure>> {
        self.0.ledger("out=true&")
    }

    /// One entry of the ledger.
    ///
    /// # Errors
    /// [`Code::NotAvailable`] when there is none of that number for this officer to see.
    pub fn departure(&self, number: u64) -> Result<Departure> {
        let desk = &self.0;
        let before = number.saturating_add(1);
        let found: Vec<Departure> =
            desk.server.get(desk.caller(), &format!("{}?count=1&before={before}", paths::DEPARTURES))?;
        let found = found.into_iter().find(|departure| departure.number == number);
        found.ok_or_else(|| Error::new(Code::NotAvailable, messages::NO_LEDGER))
    }

    /// 回収・細断 of numbered prints.
    ///
    /// # Errors
    /// When it is not this officer's to say, or none of that number is out.
    pub fn settle_prints(&self, number: u64, settlement: &Settlement) -> Result<Departure> {
        self.0.tick_off(number, settlement)
    }

    /// 媒体の返却.
    ///
    /// # Errors
    /// When it is not this officer's to say, or something is still out on it.
    pub fn return_medium(&self, id: &str, reason: &str) -> Result<MediumRecord> {
        self.0.post_medium(id, paths::RETURN, reason)
    }

    /// 媒体の紛失: everything out on it is stopped.
    ///
    /// # Errors
    /// When it is not this officer's to say.
    pub fn lose_medium(&self, id: &str, reason: &str) -> Result<RecallReport> {
        self.0.post_medium(id, paths::LOST, reason)
    }
}

impl Desk {
    /// The ledger, page by page.
    fn ledger(&self, wanted: &str) -> Result<Vec<Departure>> {
        let mut all: Vec<Departure> = Vec::new();
        loop {
            let last = all.last().map_or(u64::MAX, |departure| departure.number);
            let path = format!("{}?{wanted}before={last}", paths::DEPARTURES);
            let page: Vec<Departure> = self.server.get(self.caller(), &path)?;
            // Each page ends below the one before: a server that says otherwise is not asked for ever.
            match page.last() {
                Some(end) if end.number < last => all.extend(page),
                Some(_) => return Err(Error::of(Code::Internal)),
                None => return Ok(all),
            }
        }
    }

    fn tick_off(&self, number: u64, settlement: &Settlement) -> Result<Departure> {
        let path = format!("{}/{number}/{}", paths::DEPARTURES, paths::SETTLE);
        self.server.post(self.caller(), &path, settlement)
    }

    fn post_medium<A: serde::de::DeserializeOwned>(&self, id: &str, last: &str, reason: &str) -> Result<A> {
        let path = medium_path(id, last)?;
        self.server.post(self.caller(), &path, &MediumRequest { reason: reason.to_owned() })
    }
}

fn medium_path(id: &str, last: &str) -> Result<String> {
    // It stands in a path: what the register takes, and nothing else.
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { Ok(format!("{}/{id}/{last}", paths::MEDIA)) } else { Err(Error::new(Code::Usage, messages::NO_MEDIUM)) }
}

fn note_on(path: &Path, note: &Text) -> Text {
    Text::new(format!("{}：{}", path.display(), note.ja), format!("{}: {}", path.display(), note.en))
}

/// What goes along, document by document, where there is anything.
fn accepted_in(ready: &[Ready]) -> Vec<AcceptedIn> {
    let with_any = ready.iter().filter(|ready| !ready.accepted.is_empty());
    with_any.map(|ready| AcceptedIn { path: ready.path.clone(), accepted: ready.accepted.clone() }).collect()
}

fn new_request() -> Result<RequestId> {
    Ok(RequestId::from_bytes(crate::random::bytes()?))
}

/// A name a file can have wherever it goes.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    crate::files::safe_name(&name).unwrap_or_else(|| "document".to_owned())
}

/// Words of one line: what begins another header is refused.
fn one_line(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        let why = Text::fixed(
            "利用目的と件名は、改行のない一行で書いてください。",
            "Write purpose and subject in one line, without breaks.",
        );
        return Err(Error::new(Code::Usage, why));
    }
    Ok(text)
}

/// Reads a file whole, up to a number of bytes.
fn read_bounded(path: &Path, limit: u64, too_large: Text) -> Result<Vec<u8>> {
    use crate::platform::Positional;
    let original = Original::read(path)?;
    if original.size() > limit {
        return Err(Error::new(Code::LimitExceeded, too_large).at(path));
    }
    let mut bytes = vec![0; usize::try_from(original.size()).unwrap_or(usize::MAX)];
    original.file().read_exact_at(&mut bytes, 0).map_err(|e| Error::io(path, e))?;
    original.check_unchanged()?;
    Ok(bytes)
}
