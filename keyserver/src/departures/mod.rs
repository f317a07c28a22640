//! 持出しの台帳. What leaves by mail, on a medium, on paper: decided on and recorded before anything leaves, found again
//! when it has to be called back.

mod carry;
mod ledger;
mod paper;
mod recall;
mod send;

pub use carry::take_out;
pub use ledger::{list, settle};
pub use paper::print;
pub use recall::recall;
pub(crate) use recall::{Lost, lose};
pub use send::send;

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{LabelSection, UnverifiedHead, UnverifiedLabel};
use kakuzuke_core::id::{LabelHash, SubjectId};
use kakuzuke_core::label::Label;
use kakuzuke_core::licence::Right;
use kakuzuke_core::protocol::{AcceptedHidden, Departure, Leaving, Route};
use kakuzuke_core::trust::AsOf;

use crate::app::App;
use crate::audit::Entry;
use crate::auth::Principal;
use crate::case::{Case, belongs, restricted, subject_facts};
use crate::decide::{Action, Denial, Facts, Granted, Limit};
use crate::random::generator;
use crate::refusal::Refusal;
use crate::release::is_registered;
use crate::store::{
    Departed, DepartureRow, DocumentRow, EntryIndex, LineageRow, Link, Reader, Recorded, StoreError, SubjectRow, Tx,
    Written,
};

/// Documents of one departure.
const ITEMS: usize = 64;
/// Addressees, or prints, of one departure.
const MOST: usize = 100;
/// Longest purpose or reason, in bytes.
const PURPOSE: usize = 4_000;
/// Kinds of hidden data that go along with one document.
const KINDS: usize = 64;
/// The counter of ledger numbers.
const COUNTER: &str = "departures";

const IN_CLEAR: Text = Text::fixed(
    "平文で持ち出せるのは機密性１情報だけです。保護してください（labeler protect）。",
    "Only confidentiality 1 leaves in clear. Protect the document (labeler protect).",
);
const ANOTHER: Text =
    Text::fixed("同じ番号の要求で、別の内容が記録されています。", "Something else is recorded under the same request.");
const NO_PURPOSE: Text = Text::fixed("利用目的を述べてください（--purpose）。", "State the purpose (--purpose).");

/// A document that is to leave: as the server knows it, and the label it lay under in clear.
struct Item {
    case: Option<Case>,
    label: Option<(LabelSection, LabelHash)>,
    accepted: Vec<AcceptedHidden>,
}

impl Item {
    /// Finds what is spoken of. Whoever knows no more than an id gets the uniform answer.
    fn bind(app: &App, who: &Principal, leaving: &Leaving) -> Result<Self, Refusal> {
        let case = match &leaving.head {
            None => None,
            Some(bytes) => {
                let head = UnverifiedHead::parse(app.provider, bytes.as_slice()).map_err(|e| Refusal::of(e.code()))?;
                let id = head.claims().document();
                let case = app.store.read(|reader| Case::find(app, reader, who, &id))?;
                let case = case.filter(|case| is_registered(app, case, &head));
                Some(case.ok_or_else(|| Refusal::of(Code::NotAvailable))?)
            }
        };
        let label = leaving.label.as_ref().map(|bytes| in_clear(app, bytes.as_slice())).transpose()?;
        if case.is_none() && label.is_none() {
            return Err(Refusal::of(Code::Usage));
        }
        Ok(Self { case, label, accepted: answered_for(leaving)? })
    }

    /// Refuses to leave in clear what is not 機密性１.
    fn demand_sealed(&self, app: &App) -> Result<(), Refusal> {
        match (&self.case, &self.label) {
            (None, Some((section, _))) if section.label().grades().c.level() > 1 => {
                let mut refusal = Refusal::new(Code::Denied, IN_CLEAR);
                refusal.0.clauses.push(app.taxonomy.clause_note("6.1.5(1)(a)(ア)"));
                Err(refusal)
            }
            _ => Ok(()),
        }
    }

    /// The labels to be asked about: the server's own, and the one it lay under in clear.
    fn labels(&self) -> impl Iterator<Item = &Label> {
        self.case.iter().map(Case::label).chain(self.label.iter().map(|(section, _)| section.label()))
    }

    /// The facts of an action, once for each label.
    fn facts(&self, app: &App, who: &Principal, action: Action) -> Vec<Facts> {
        let own = self.case.iter().map(|case| Facts { purpose: true, ..case.facts(app, who, action) });
        let clear = self.label.iter().map(|(section, _)| label_facts(app, who, section, action));
        own.chain(clear).collect()
    }

    /// The facts of carrying it on a medium. In clear it leaves as an export does, with another organisation it is provided;
    /// sealed and for one's own work neither: no restriction but 持出 bears on it.
    fn facts_of_carrying(&self, app: &App, who: &Principal, to_others: bool) -> Vec<Facts> {
        let in_clear = self.case.is_none();
        let rights: Vec<Right> = [(in_clear, Right::Export), (to_others, Right::Provide)]
            .into_iter()
            .filter_map(|(holds, right)| holds.then_some(right))
            .collect();
        let limit = |label: &Label| -> Limit {
            rights.iter().filter_map(|right| app.taxonomy.restricts(label, *right, app.now())).min().into()
        };
        let limits: Vec<Limit> = self.labels().map(limit).collect();
        let carried = self.facts(app, who, Action::Carry).into_iter().zip(limits).map(|(facts, restricted)| Facts {
            restricted,
            unknown_restriction: facts.unknown_restriction && !rights.is_empty(),
            ..facts
        });
        carried.collect()
    }

    fn departed(&self) -> Option<Departed> {
        let (section, label_hash) = match (&self.case, &self.label) {
            (Some(case), _) => (&case.section, case.document.label_hash),
            (None, Some((section, hash))) => (section, *hash),
            (None, None) => return None,
        };
        let header = section.label().header_line();
        let clear = self.case.is_none();
        let (document, lineage, accepted) = (section.document(), section.lineage(), self.accepted.clone());
        Some(Departed { document, lineage, label_hash, header, clear, entry: 0, accepted })
    }

    /// What was decided on is still what holds.
    fn stands(&self) -> Option<Standing> {
        self.case.as_ref().map(|case| Standing {
            document: case.document.document,
            lineage: case.lineage.lineage,
            entries: (case.document.entry(), case.lineage.entry()),
        })
    }

    /// Whether every one of these people is within the audiences of its labels.
    fn has_outsider(&self, app: &App, people: &[&SubjectRow]) -> bool {
        let now = app.now();
        self.labels()
            .flat_map(|label| label.audiences(now))
            .any(|audience| people.iter().any(|person| !belongs(person, &audience)))
    }

    /// Whether the right of one of them was revoked.
    fn has_revoked(&self, people: &[&SubjectRow]) -> bool {
        let revoked = self.case.iter().flat_map(|case| &case.lineage.revoked);
        revoked.into_iter().any(|id| people.iter().any(|person| person.id == *id))
    }
}

/// The rows a decision rested on.
struct Standing {
    document: kakuzuke_core::id::DocumentId,
    lineage: kakuzuke_core::id::LineageId,
    entries: (u64, u64),
}

impl Standing {
    fn holds(&self, reader: &Reader<'_>) -> Result<bool, StoreError> {
        let document = reader.get::<DocumentRow>(self.document.as_bytes())?.map(|row| row.entry());
        let lineage = reader.get::<LineageRow>(self.lineage.as_bytes())?.map(|row| row.entry());
        Ok((document, lineage) == (Some(self.entries.0), Some(self.entries.1)))
    }
}

/// What goes along that is hidden: each kind with its reason, or it does not go.
fn answered_for(leaving: &Leaving) -> Result<Vec<AcceptedHidden>, Refusal> {
    let length: usize = leaving.accepted.iter().map(|one| one.category.len() + one.name.len() + one.reason.len()).sum();
    if leaving.accepted.len() > KINDS || length > PURPOSE {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    if leaving.accepted.iter().any(|one| one.reason.trim().is_empty()) {
        return Err(Refusal::of(Code::Usage));
    }
    Ok(leaving.accepted.clone())
}

/// A signed label somebody shows, of this authority and in words of its taxonomy.
fn in_clear(app: &App, bytes: &[u8]) -> Result<(LabelSection, LabelHash), Refusal> {
    let label = UnverifiedLabel::parse(app.provider, bytes).map_err(|e| Refusal::of(e.code()))?;
    let verified = label.verify(app.provider, &app.anchors, AsOf::AtOrBefore(app.now()));
    let verified = verified.map_err(|e| Refusal::of(e.code()))?;
    let section = verified.section().clone();
    app.taxonomy.check(section.label()).map_err(|e| Refusal::new(e.code(), e.text()))?;
    Ok((section, verified.hash()))
}

/// The facts of a document that lies in clear under a label: whoever holds it may hand it on as far as the label lets them.
fn label_facts(app: &App, who: &Principal, section: &LabelSection, action: Action) -> Facts {
    let (label, now, subject) = (section.label(), app.now(), who.subject());
    Facts {
        labelled: true,
        decider: label.decided().responsible().subject == subject.id,
        in_audience: label.audiences(now).iter().all(|audience| belongs(subject, audience)),
        unknown_restriction: label.blocks_export_unknown(),
        confidentiality: label.grades().c.level(),
        lasting: label.grades().requires_integrity() || label.grades().requires_availability(),
        restricted: restricted(app.taxonomy, label, action, now),
        take_out: label.zones_not_left(now).into_iter().map(|(_, mode)| mode).min().into(),
        purpose: true,
        ..subject_facts(app, who)
    }
}

fn bind_all(app: &App, who: &Principal, items: &[Leaving], purpose: &str) -> Result<Vec<Item>, Refusal> {
    if items.is_empty() || items.len() > ITEMS || purpose.len() > PURPOSE {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    if purpose.trim().is_empty() {
        return Err(Refusal::new(Code::Usage, NO_PURPOSE));
    }
    items.iter().map(|item| Item::bind(app, who, item)).collect()
}

/// What is to be written into the ledger, once every decision was yes.
struct Draft {
    row: DepartureRow,
    kind: EntryKind,
    policies: Vec<String>,
    note: Option<String>,
    standing: Vec<Standing>,
}

/// One entry a document, all of them durable, and the row of the ledger that rests on the last: then anybody learns of it.
/// The same request again is the same departure.
fn enter(
    app: &App,
    who: &Principal,
    draft: Draft,
    still: impl FnOnce(&Reader<'_>) -> Result<bool, StoreError> + Send + 'static,
) -> Result<Departure, Refusal> {
    let (by, now) = (who.clone(), app.now());
    let written: Written<Result<DepartureRow, Code>> = app.store.write(move |tx| -> Result<_, StoreError> {
        let Draft { mut row, kind, policies, note, standing } = draft;
        if let Some(known) = repeated(&tx.reader(), &row)? {
            return Ok(if is_same(&known, &row) { Ok(known) } else { Err(Code::Usage) });
        }
        let reader = tx.reader();
        let holds = standing.iter().try_fold(true, |all, one| Ok::<_, StoreError>(all && one.holds(&reader)?))?;
        if !holds || !still(&reader)? {
            return Ok(Err(Code::Conflict));
        }
        row.number = tx.next_number(COUNTER)?;
        let mut last = None;
        for index in 0..row.documents.len() {
            let Some(departed) = row.documents.get(index) else { break };
            let mut entry = by.entry(now, kind, Outcome::Done).document(departed.document).label(departed.label_hash);
            told(&mut entry.text, &row);
            (entry.text.policies, entry.text.note) = (policies.clone(), note_of(note.as_deref(), departed));
            let at = tx.append(entry.finish(&mut generator()))?;
            if let Some(departed) = row.documents.get_mut(index) {
                departed.entry = at.get();
            }
            last = Some(at);
        }
        let last: EntryIndex = last.ok_or(StoreError::Undone)?;
        tx.put(&row, last)?;
        Ok(Ok(row))
    })?;
    let row = match written.value {
        Ok(row) => row,
        Err(Code::Usage) => return Err(Refusal::new(Code::Conflict, ANOTHER)),
        Err(code) => return Err(Refusal::of(code)),
    };
    demand_recorded(&written.recorded, &row)?;
    app.store.read(|reader| ledger::view(app, reader, &row))
}

/// What the log says of one document besides: what was said of all of them, and what was hidden in this one.
fn note_of(note: Option<&str>, departed: &Departed) -> Option<String> {
    let hidden = departed.accepted.iter().map(|one| {
        format!("隠れた情報を認める：{}[{}] {} 件（{}）", one.name, one.category, one.count, one.reason.trim())
    });
    let all: Vec<String> = note.map(ToOwned::to_owned).into_iter().chain(hidden).collect();
    (!all.is_empty()).then(|| all.join("、"))
}

/// What left stands in the log, or was there before: nothing else is answered as permitted.
fn demand_recorded(recorded: &[Recorded], row: &DepartureRow) -> Result<(), Refusal> {
    let entered = recorded.iter().all(|one| row.documents.iter().any(|d| Some(d.document) == one.document()));
    if entered && row.number > 0 { Ok(()) } else { Err(Refusal::of(Code::Internal)) }
}

fn told(text: &mut kakuzuke_core::audit::EntryText, row: &DepartureRow) {
    text.ledger = Some(row.number);
    text.purpose = Some(row.purpose.clone());
    text.to = match row.route {
        Route::Paper => row.copies.iter().map(|copy| copy.holder.clone()).collect(),
        Route::Mail | Route::Medium => row.given.iter().map(|given| given.address.clone()).collect(),
    };
    (text.medium, text.until) = (row.medium.clone(), row.until);
}

fn repeated(reader: &Reader<'_>, row: &DepartureRow) -> Result<Option<DepartureRow>, StoreError> {
    let known = reader.find::<DepartureRow>(Link::Request, row.request.as_bytes())?;
    Ok(known.into_iter().find(|known| known.by == row.by).map(crate::store::Verified::into_row))
}

/// Whether two rows record the same departure.
fn is_same(known: &DepartureRow, row: &DepartureRow) -> bool {
    let documents = |row: &DepartureRow| {
        row.documents.iter().map(|d| (d.document, d.clear, d.accepted.clone())).collect::<Vec<_>>()
    };
    let given =
        |row: &DepartureRow| row.given.iter().map(|g| (g.address.clone(), g.subject.clone())).collect::<Vec<_>>();
    let copies = |row: &DepartureRow| row.copies.iter().map(|copy| copy.holder.clone()).collect::<Vec<_>>();
    known.route == row.route
        && known.purpose == row.purpose
        && known.medium == row.medium
        && known.until == row.until
        && documents(known) == documents(row)
        && given(known) == given(row)
        && copies(known) == copies(row)
}

/// An empty row of the ledger.
fn row_of(
    app: &App,
    who: &Principal,
    route: Route,
    request: kakuzuke_core::id::RequestId,
    purpose: &str,
) -> DepartureRow {
    DepartureRow {
        number: 0,
        route,
        by: who.subject().id.clone(),
        unit: who.subject().unit.clone(),
        request,
        at: app.now(),
        purpose: purpose.trim().to_owned(),
        documents: Vec::new(),
        given: Vec::new(),
        medium: None,
        until: None,
        copies: Vec::new(),
        returned: None,
    }
}

/// Records a refusal, then says it; `about` names what it was refused for.
fn refuse<T>(
    app: &App,
    who: &Principal,
    kind: EntryKind,
    item: Option<&Item>,
    denial: &Denial,
    about: &[String],
) -> Result<T, Refusal> {
    let mut entry = denied(app, who, kind, denial);
    if let Some(departed) = item.and_then(Item::departed) {
        entry = entry.document(departed.document).label(departed.label_hash);
    }
    entry.text.to = about.to_vec();
    let entry = entry.finish(&mut generator());
    app.store.write(move |tx: &mut Tx<'_>| tx.append(entry).map(drop))?;
    // An outsider learns nothing of why.
    if who.subject().roles.is_recipient() {
        return Err(Refusal::of(Code::NotAvailable));
    }
    let mut refusal = Refusal::denied(denial, app.taxonomy);
    if !about.is_empty() {
        let list = about.join("、");
        let detail = &refusal.0.detail;
        refusal.0.detail = Text::new(format!("{}（{list}）", detail.ja), format!("{} ({list})", detail.en));
    }
    Err(refusal)
}

/// The entry of a refusal.
fn denied(app: &App, who: &Principal, kind: EntryKind, denial: &Denial) -> Entry {
    let mut entry = who.entry(app.now(), kind, Outcome::Denied);
    (entry.text.clauses, entry.text.policies) = (denial.clauses(), denial.policies());
    entry.text.decided = Some(denial.action.slug().to_owned());
    entry
}

/// The policies that said yes, each once.
fn merged(granted: impl IntoIterator<Item = Granted>) -> Vec<String> {
    let mut policies: Vec<String> = granted.into_iter().flat_map(|one| one.policies().to_vec()).collect();
    policies.sort();
    policies.dedup();
    policies
}

/// Whether a subject is the sender of a departure.
fn is_by(row: &DepartureRow, subject: &SubjectId) -> bool {
    row.by == *subject
}
