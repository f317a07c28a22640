//! 許可. Applications, and who decides on them: never the applicant, never an administrator over the directory.

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::ApprovalId;
use kakuzuke_core::label::Label;
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{
    ApprovalDecision, ApprovalKind, ApprovalRecord, ApprovalRequest, ApprovalState, DecisionRecord, OrganisationKind,
    Verdict,
};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::auth::Principal;
use crate::case::{Case, subject_facts};
use crate::decide::{Action, Denial, Facts, Granted};
use crate::random::{bytes, generator};
use crate::refusal::Refusal;
use crate::store::{
    ApprovalRow, Decided, Decision, DeviceRow, Link, NewEntry, Post, PostKind, Reader, RegisterRow, Standing,
    StoreError, SubjectRow, Tx, Verified,
};
use crate::{registers, zones};

/// The counter of application numbers.
pub const COUNTER: &str = "approvals";
/// A grant holds this long when nobody said otherwise: 30 days.
const USUAL_SECONDS: i64 = 30 * 86_400;
/// A grant holds at most this long: one year.
const LONGEST_SECONDS: i64 = 366 * 86_400;
/// Longest reason, and longest label proposed, in bytes.
const REASON: usize = 4_000;

const NO_REASON: Text = Text::fixed("理由を述べてください（--reason）。", "State the reason (--reason).");
const NO_SUCH: Text = Text::fixed("その番号の申請はありません。", "There is no application of that number.");
const DECIDED: Text =
    Text::fixed("すでに決定されているか、期限が切れています。", "It has been decided already, or has expired.");

/// Whose the table of zones is (3.2.1).
const ZONE_POSTS: [&str; 2] = ["統括情報セキュリティ責任者", "区域情報セキュリティ責任者"];

/// The stable name of a kind.
#[must_use]
pub fn kind_name(kind: ApprovalKind) -> String {
    let name = serde_json::to_value(kind).ok();
    name.and_then(|name| name.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// 申請. Asks for 許可.
///
/// # Errors
/// [`Refusal`] for documents that are not registered, in the uniform words.
pub fn request(app: &App, who: &Principal, asked: &ApprovalRequest) -> Result<ApprovalRecord, Refusal> {
    if asked.reason.trim().is_empty() || asked.reason.len() > REASON {
        return Err(Refusal::new(Code::Usage, NO_REASON));
    }
    if asked.proposed_label.as_ref().is_some_and(|label| label.len() > REASON) {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    if asked.kind == ApprovalKind::Zone {
        let row = zones::proposal(app, who, asked)?;
        return enter(app, who, row);
    }
    if matches!(asked.kind, ApprovalKind::Destination | ApprovalKind::Addressee | ApprovalKind::Medium) {
        let row = registers::proposal(app, who, asked)?;
        return enter(app, who, row);
    }
    if asked.kind == ApprovalKind::Directory || !who.subject().roles.officer {
        return Err(Refusal::of(Code::Denied));
    }
    let now = app.now();
    let case = match &asked.document {
        Some(id) => app.store.read(|reader| Case::find(app, reader, who, id))?,
        None => None,
    };
    let case = case.ok_or_else(|| Refusal::of(Code::NotAvailable))?;
    let row = ApprovalRow {
        number: 0,
        id: ApprovalId::from_bytes(bytes()),
        applicant: who.subject().id.clone(),
        kind: kind_name(asked.kind),
        document: Some(case.document.document),
        lineage: Some(case.document.lineage),
        rights: asked.rights,
        reason: asked.reason.clone(),
        until: bounded(asked.until, now),
        proposed: asked.proposed_label.clone(),
        change: None,
        posts: posts(app, &case, asked.kind),
        decisions: Vec::new(),
        asked: now,
    };
    enter(app, who, row)
}

/// 仮の引上げの確認. What is put before the decider when somebody else has raised a label: it holds already.
pub fn confirmation(app: &App, who: &Principal, case: &Case, raised: &Label, reason: &str) -> Application {
    let row = ApprovalRow {
        number: 0,
        id: ApprovalId::from_bytes(bytes()),
        applicant: who.subject().id.clone(),
        kind: kind_name(ApprovalKind::Relabel),
        document: Some(case.document.document),
        lineage: Some(case.document.lineage),
        rights: Rights::NONE,
        reason: reason.to_owned(),
        until: bounded(None, app.now()),
        proposed: Some(raised.header_line()),
        change: None,
        posts: posts(app, case, ApprovalKind::Relabel),
        decisions: Vec::new(),
        asked: app.now(),
    };
    Application::new(who, row)
}

/// An application on its way to the files.
pub struct Application {
    row: ApprovalRow,
    entry: NewEntry,
}

impl Application {
    fn new(who: &Principal, row: ApprovalRow) -> Self {
        let mut entry = who.entry(row.asked, EntryKind::ApprovalRequested, Outcome::Pending);
        if let Some(document) = row.document {
            entry = entry.document(document);
        }
        let about = row.change.as_ref().map_or_else(|| row.kind.clone(), |change| change.summary.clone());
        (entry.text.reason, entry.text.note) = (Some(row.reason.clone()), Some(about));
        Self { row, entry: entry.finish(&mut generator()) }
    }

    /// Puts it there.
    pub(crate) fn enter(mut self, tx: &mut Tx<'_>) -> Result<ApprovalRow, StoreError> {
        self.row.number = tx.next_number(COUNTER)?;
        let entry = tx.append(self.entry)?;
        tx.put(&self.row, entry)?;
        Ok(self.row)
    }
}

/// Puts an application on file.
fn enter(app: &App, who: &Principal, row: ApprovalRow) -> Result<ApprovalRecord, Refusal> {
    let application = Application::new(who, row);
    let written = app.store.write(move |tx| application.enter(tx))?;
    Ok(record(app, who, &written.value))
}

/// One of those who have to agree, with words of their own.
pub(crate) fn post(kind: PostKind, words: &str) -> Post {
    let name = kind.name();
    Post { kind, text: if words.is_empty() { name.to_owned() } else { format!("{name}（{words}）") } }
}

/// Who has to agree. One application carries every clause it satisfies, so that each decides once.
fn posts(app: &App, case: &Case, kind: ApprovalKind) -> Vec<Post> {
    let decider = case.label().decided().responsible();
    let decider = format!("{} {}", decider.post, decider.name);
    let mut kinds = demanded(app, case.label(), kind);
    if kinds.is_empty() {
        // What no clause gives to another is the decider's.
        kinds.push(PostKind::Decider);
    }
    let words = |kind: PostKind| match kind {
        PostKind::Decider => decider.trim(),
        PostKind::Section => "申請者の課室",
        PostKind::System | PostKind::Officer | PostKind::Zone | PostKind::Destination => "",
    };
    kinds.into_iter().map(|kind| post(kind, words(kind))).collect()
}

/// Whose agreement the clauses demand under a label.
fn demanded(app: &App, label: &Label, kind: ApprovalKind) -> Vec<PostKind> {
    let grades = label.grades();
    let secret = grades.c.level() >= 3;
    match kind {
        ApprovalKind::TakeOut => {
            let lasting = grades.requires_integrity() || grades.requires_availability();
            let limited = !label.zones_not_left(app.now()).is_empty();
            // 3.1.1(4)(b): both 責任者 for 機密性３; 8.1.1(3)(h)(ア): the section's for 要保全 and 要安定; what the label
            // itself limits is its decider's.
            let kinds =
                [(secret, PostKind::System), (secret || lasting, PostKind::Section), (limited, PostKind::Decider)];
            kinds.into_iter().filter(|(needed, _)| *needed).map(|(_, kind)| kind).collect()
        }
        // 3.1.1(5)(b): 独立行政法人 and 指定法人 with 機密性３ need the section's permission besides.
        ApprovalKind::Provide if secret && app.config.organisation != OrganisationKind::GovernmentAgency => {
            vec![PostKind::Decider, PostKind::Section]
        }
        _ => Vec::new(),
    }
}

/// Whether a 許可 still counts under a label: everybody whose agreement it demands now has agreed, also when the label
/// was raised after the application.
#[must_use]
pub fn suffices(app: &App, row: &ApprovalRow, label: &Label) -> bool {
    let agreed = |kind: &PostKind| row.decisions.iter().any(|decision| decision.posts.contains(kind));
    row.approval_kind().is_some_and(|kind| demanded(app, label, kind).iter().all(agreed))
}

/// A grant ends when asked for, within a year.
fn bounded(until: Option<Timestamp>, now: Timestamp) -> Timestamp {
    until.unwrap_or_else(|| now.plus(USUAL_SECONDS)).min(now.plus(LONGEST_SECONDS))
}

/// The caller's own applications, and those that wait for a decision the caller may make.
///
/// # Errors
/// When rows can't be read.
pub fn list(app: &App, who: &Principal) -> Result<Vec<ApprovalRecord>, Refusal> {
    let own = who.subject().id.as_str().as_bytes();
    let rows = app.store.read(|reader| -> Result<Vec<Verified<ApprovalRow>>, StoreError> {
        let mut rows = reader.find::<ApprovalRow>(Link::Subject, own)?;
        for row in reader.find::<ApprovalRow>(Link::Open, &[])? {
            let known = rows.iter().any(|r| r.number == row.number);
            if !known && row.state(app.now()) == ApprovalState::Pending && may_decide(app, reader, who, &row)?.1.is_ok()
            {
                rows.push(row);
            }
        }
        Ok(rows)
    })?;
    Ok(rows.iter().map(|row| record(app, who, row)).collect())
}

/// 許可・不許可.
///
/// # Errors
/// [`Refusal`] with its clause when the caller may not decide, after an entry.
pub fn decide(app: &App, who: &Principal, number: u64, asked: &ApprovalDecision) -> Result<ApprovalRecord, Refusal> {
    if asked.verdict == Verdict::Reject && asked.reason.trim().is_empty() || asked.reason.len() > REASON {
        return Err(Refusal::new(Code::Usage, NO_REASON));
    }
    let now = app.now();
    let found = app.store.read(|reader| -> Result<_, StoreError> {
        let Some(row) = reader.get::<ApprovalRow>(&ApprovalRow::key_of(number))? else { return Ok(None) };
        let may = may_decide(app, reader, who, &row)?;
        Ok(Some((row, may)))
    })?;
    let (row, (facts, may)) = found.ok_or_else(|| Refusal::new(Code::NotAvailable, NO_SUCH))?;
    let granted = match may {
        Ok(granted) => granted,
        Err(denial) => return refuse(app, who, &row, &denial),
    };
    if row.state(now) != ApprovalState::Pending {
        return Err(Refusal::new(Code::Conflict, DECIDED));
    }
    let approved = asked.verdict == Verdict::Approve;
    let kind = match (approved, &row.change) {
        (true, Some(change)) if change.zone.is_some() => EntryKind::ZoneChanged,
        (true, Some(change)) if change.register.is_some() => EntryKind::RegisterChanged,
        (true, _) => EntryKind::Approved,
        (false, _) => EntryKind::Rejected,
    };
    let mut entry = who.entry(now, kind, Outcome::Done);
    if let Some(document) = row.document {
        entry = entry.document(document);
    }
    (entry.text.about, entry.text.approvals) = (Some(row.applicant.clone()), vec![row.id]);
    (entry.text.reason, entry.text.policies) = (Some(asked.reason.clone()), granted.policies().to_vec());
    entry.text.note = row.change.as_ref().map(|change| change.summary.clone());
    // What start-up compares with the rows; a medium's own acts say its state.
    if let Some(register) = row.change.as_ref().and_then(|change| change.register.as_ref()).filter(|_| approved) {
        match register {
            RegisterRow::Medium(row) => entry.text.medium = Some(row.id.clone()),
            RegisterRow::Destination(_) | RegisterRow::Addressee(_) => {
                entry.text.to = vec![registers::key(register).to_owned()];
            }
        }
    }
    let entry = entry.finish(&mut generator());
    let decision = Decision {
        by: who.subject().id.clone(),
        post: post_of(who, asked),
        approved,
        reason: asked.reason.clone(),
        at: now,
        posts: row.awaits().map(|post| post.kind).filter(|kind| speaks_for(*kind, &facts)).collect(),
    };
    let until = asked.until;
    let (expected, key) = (row.entry(), ApprovalRow::key_of(number));
    let written = app.store.write(move |tx| -> Result<Option<ApprovalRow>, StoreError> {
        let Some(row) = tx.reader().get::<ApprovalRow>(&key)?.filter(|row| row.entry() == expected) else {
            return Ok(None);
        };
        let mut row = row.into_row();
        row.until = until.map_or(row.until, |until| until.min(row.until));
        row.decisions.push(decision);
        let entry = tx.append(entry)?;
        tx.put(&row, entry)?;
        if row.state(now) != ApprovalState::Pending
            && let Some(change) = &row.change
        {
            let standing = if approved { Standing::Active } else { Standing::Ended };
            settle(tx, change, standing, entry)?;
            if let Some(register) = change.register.as_ref().filter(|_| approved) {
                let last = row.decisions.last().map(|d| Decided { by: d.by.clone(), post: d.post.clone(), at: d.at });
                enter_register(tx, register, last, entry)?;
            }
        }
        Ok(Some(row))
    })?;
    let row = written.value.ok_or_else(|| Refusal::new(Code::Conflict, DECIDED))?;
    Ok(record(app, who, &row))
}

/// A change of the directory takes effect, or ends.
fn settle(
    tx: &mut Tx<'_>,
    change: &crate::store::Change,
    standing: Standing,
    entry: crate::store::EntryIndex,
) -> Result<(), StoreError> {
    if let Some(zone) = change.zone.as_ref().filter(|_| standing == Standing::Active) {
        tx.put(zone, entry)?;
    }
    let device = change.device.as_ref();
    if let Some(device) = device.map(|id| tx.reader().get::<DeviceRow>(id.as_bytes())).transpose()?.flatten() {
        let mut device = device.into_row();
        if device.standing == Standing::Pending {
            device.standing = standing;
            tx.put(&device, entry)?;
        }
    }
    let Some(subject) = change.subject.as_ref().filter(|_| standing == Standing::Active) else { return Ok(()) };
    let known = tx.reader().get::<SubjectRow>(subject.id.as_str().as_bytes())?;
    // Whoever has been entered since stays as approved then.
    if known.is_none_or(|known| known.standing != Standing::Active) {
        tx.put(subject, entry)?;
    }
    Ok(())
}

/// A register holds what was decided. A medium that is known already stays as it is: its mark and its state are not
/// what was asked for.
fn enter_register(
    tx: &mut Tx<'_>,
    register: &RegisterRow,
    decided: Option<Decided>,
    entry: crate::store::EntryIndex,
) -> Result<(), StoreError> {
    match register {
        RegisterRow::Destination(row) => tx.put(&crate::store::DestinationRow { decided, ..row.clone() }, entry),
        RegisterRow::Addressee(row) => tx.put(row, entry),
        RegisterRow::Medium(row) => {
            let known = tx.reader().get::<crate::store::MediumRow>(row.id.as_bytes())?;
            if known.is_none() { tx.put(row, entry) } else { Ok(()) }
        }
    }
}

fn post_of(who: &Principal, asked: &ApprovalDecision) -> String {
    let posts = &who.subject().posts;
    asked.post.clone().filter(|post| posts.contains(post)).or_else(|| posts.first().cloned()).unwrap_or_default()
}

fn refuse(app: &App, who: &Principal, row: &ApprovalRow, denial: &Denial) -> Result<ApprovalRecord, Refusal> {
    let mut entry = who.entry(app.now(), EntryKind::ApprovalRefused, Outcome::Denied);
    (entry.text.approvals, entry.text.clauses, entry.text.policies) =
        (vec![row.id], denial.clauses(), denial.policies());
    let entry = entry.finish(&mut generator());
    app.store.write(move |tx| tx.append(entry).map(drop))?;
    Err(Refusal::denied(denial, app.taxonomy).reference(who.request()))
}

/// Whether whoever has these facts decides for one of those who have to agree. Their being allowed to is the policies'.
const fn speaks_for(kind: PostKind, facts: &Facts) -> bool {
    match kind {
        PostKind::Decider => facts.decider || facts.successor,
        PostKind::Section => facts.section_officer,
        PostKind::System => facts.system_officer,
        PostKind::Officer => facts.officer && !facts.administrator,
        PostKind::Zone => facts.zone_officer,
        PostKind::Destination => facts.chief_officer || facts.system_officer,
    }
}

fn may_decide(
    app: &App,
    reader: &Reader<'_>,
    who: &Principal,
    row: &ApprovalRow,
) -> Result<(Facts, Result<Granted, Denial>), StoreError> {
    let applicant = row.applicant == who.subject().id;
    let awaits = row.awaits().map(|post| post.kind.name().to_owned()).collect();
    if let Some(change) = &row.change {
        let zone_officer = who.subject().posts.iter().any(|post| ZONE_POSTS.contains(&post.as_str()));
        let facts = Facts { applicant, awaits, zone_officer, ..subject_facts(app, who) };
        let action = match &change.register {
            Some(RegisterRow::Destination(_)) => Action::ApproveDestination,
            _ if change.zone.is_some() => Action::ApproveZone,
            _ => Action::ApproveDirectory,
        };
        let decision = app.engine.decide(action, &facts);
        return Ok((facts, decision));
    }
    let case = match &row.document {
        Some(id) => Case::find(app, reader, who, id)?,
        None => None,
    };
    let Some(case) = case else {
        let facts = Facts::default();
        let decision = app.engine.decide(Action::Approve, &facts);
        return Ok((facts, decision));
    };
    let theirs = reader.get::<SubjectRow>(row.applicant.as_str().as_bytes())?;
    let holds = |kind: PostKind| who.subject().posts.iter().any(|post| post == kind.name());
    let same_section = theirs.is_some_and(|row| row.unit == who.subject().unit);
    let facts = Facts {
        applicant,
        awaits,
        section_officer: holds(PostKind::Section) && same_section,
        ..case.facts(app, who, Action::Approve)
    };
    let decision = app.engine.decide(Action::Approve, &facts);
    Ok((facts, decision))
}

/// An application as `who` may see it: the 件名 is for those who decide, not for whoever holds a copy and asks.
fn record(app: &App, who: &Principal, row: &ApprovalRow) -> ApprovalRecord {
    let asked_by_them = row.applicant == who.subject().id;
    let title = row.lineage.filter(|_| !asked_by_them).and_then(|lineage| {
        let kept = app.store.read(|reader| reader.get::<crate::store::LineageRow>(lineage.as_bytes())).ok()??;
        app.keyring.open_title(&lineage, kept.title.as_ref()?).ok()
    });
    let state = row.state(app.now());
    let decisions = row.decisions.iter().map(|d| DecisionRecord {
        by: d.by.clone(),
        post: d.post.clone(),
        verdict: d.verdict(),
        reason: d.reason.clone(),
        at: d.at,
    });
    let kind = row.approval_kind().unwrap_or(ApprovalKind::Exception);
    ApprovalRecord {
        id: row.id,
        number: row.number,
        applicant: row.applicant.clone(),
        request: ApprovalRequest {
            kind,
            document: row.document,
            rights: row.rights,
            reason: row.reason.clone(),
            until: Some(row.until),
            proposed_label: row.proposed.clone(),
            zone: None,
            register: None,
        },
        title,
        summary: row.change.as_ref().map(|change| change.summary.clone()),
        clauses: clauses_of(kind).iter().map(|id| app.taxonomy.clause_note(id)).collect(),
        waiting_for: if state == ApprovalState::Pending {
            row.awaits().map(|post| post.text.clone()).collect()
        } else {
            Vec::new()
        },
        decisions: decisions.collect(),
        state,
        asked: row.asked,
    }
}

/// The clauses an application of a kind satisfies.
const fn clauses_of(kind: ApprovalKind) -> &'static [&'static str] {
    match kind {
        ApprovalKind::View | ApprovalKind::Provide => &["3.1.1(5)(b)"],
        ApprovalKind::Copy | ApprovalKind::Print | ApprovalKind::Export | ApprovalKind::Edit => &["3.1.1(4)(a)"],
        ApprovalKind::TakeOut => &["3.1.1(4)(b)", "8.1.1(3)(h)(ア)", "8.1.1(3)(k)"],
        ApprovalKind::Relabel => &["3.1.1(3)(c)"],
        ApprovalKind::Destroy => &["3.1.1(7)(a)"],
        ApprovalKind::Exception => &["2.2.2"],
        ApprovalKind::Directory => &["6.1.2"],
        ApprovalKind::Zone => &["3.2.1"],
        ApprovalKind::Destination => &["4.1.4(1)(a)", "規範16-3"],
        ApprovalKind::Addressee => &["3.1.1(5)(b)"],
        ApprovalKind::Medium => &["3.1.1(4)(e)", "8.1.1(1)(d)(ア)"],
    }
}
