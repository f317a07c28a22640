//! 登録. What the server must have on file before it releases anything: who sealed what, under which label, with which
//! payload. Bound to the ticket; the same again is no second registration.

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{
    LabelSection, PayloadSuite, TrailerKind, UnverifiedCore, UnverifiedHead, UnverifiedLabel, VerifiedHead,
    require_minimum,
};
use kakuzuke_core::id::{LabelHash, PayloadRoot, SubjectId};
use kakuzuke_core::label::is_lowering;
use kakuzuke_core::protocol::{
    Answer, Bytes, LicenceItem, Readers, Registration, RegistrationReceipt, RegistrationRequest,
};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::AsOf;

use crate::app::App;
use crate::audit::Entry;
use crate::auth::Principal;
use crate::batch::each;
use crate::case::Case;
use crate::decide::{Action, Facts};
use crate::random::generator;
use crate::refusal::Refusal;
use crate::release::{BATCH, open_grant};
use crate::store::{
    DocumentRow, LineageRow, NewEntry, Reader, Standing, StoreError, SubjectRow, TicketRow, Tx, Verified,
};

/// Longest 件名, in characters.
const TITLE: usize = 500;
/// Readers named at most.
const READERS: usize = 1_000;
/// Longest name of a unit, in characters.
const UNIT: usize = 200;

const NO_TICKET: Text = Text::fixed(
    "この文書のチケットは発行されていないか、ほかの者又は端末に発行されています。",
    "No ticket was issued for this document, or it was issued to another person or device.",
);
const CHANGED: Text = Text::fixed(
    "同じ文書がすでに別の内容で登録されています。",
    "The document is registered already, with something else in it.",
);
const LABEL_RAISED: Text = Text::fixed(
    "この文書の格付又は取扱制限は、開いた後に見直されています。開き直してください。下げる場合は、先に見直し（labeler relabel）をしてください。",
    "The label was raised since this was opened. Open it again; to lower it, review the label first (labeler relabel).",
);
const NOT_NEWEST: Text = Text::fixed(
    "元の文書より新しい版が登録されています。最新の版から作り直してください。",
    "A newer version than the one this was made from is registered. Start from the newest.",
);

/// Registers a batch, each document by itself.
///
/// # Errors
/// [`Refusal`] when the request as a whole can't be served.
pub fn register(
    app: &App,
    who: &Principal,
    request: &RegistrationRequest,
) -> Result<Vec<Answer<RegistrationReceipt>>, Refusal> {
    if request.items.is_empty() || request.items.len() > BATCH {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    // Signatures and keys of a batch are checked on every core; what follows from them is written in order.
    let plans = each(request.items.iter().collect(), |item| plan_item(app, who, item));
    let outcomes = write(app, who, plans)?;
    let indices: Vec<u64> =
        outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).map(|done| done.index).collect();
    let mut receipts = app.auditor.receipts(&indices)?.into_iter();
    let answers = outcomes.into_iter().map(|outcome| {
        let done = outcome?;
        let receipt = receipts.next().ok_or_else(|| Refusal::of(Code::Internal))?;
        let receipt = Bytes(receipt.encode());
        Ok(RegistrationReceipt { document: done.document, label_hash: done.label_hash, receipt })
    });
    let answers = answers.map(|answer: Result<_, Refusal>| answer.map_err(|r| r.reference(who.request()).0));
    Ok(answers.map(|answer| answer.map_or_else(Answer::Err, Answer::Ok)).collect())
}

/// Registers a document that somebody presents to open it, by its own proofs.
///
/// # Errors
/// [`Refusal`] in the uniform words: whoever presents it learns nothing of why.
pub fn register_presented(app: &App, who: &Principal, head: &VerifiedHead, item: &LicenceItem) -> Result<(), Refusal> {
    let planned = plan(app, who, head, item.core.as_ref(), None, Extra::Unsaid);
    let planned = planned.map_err(|_| Refusal::of(Code::NotAvailable))?;
    write(app, who, vec![Ok(planned)])?.into_iter().try_for_each(|outcome| outcome.map(drop))
}

/// What the file does not say of a document: its author's to say, and nobody else's.
enum Extra {
    /// Said by the author.
    Said { title: Option<String>, readers: Option<Readers> },
    /// Not said: somebody presented the file before its author registered it.
    Unsaid,
}

/// A registration whose proofs hold.
struct Plan {
    document: DocumentRow,
    title: Option<Bytes>,
    /// None as long as the author has not said it.
    readers: Option<Readers>,
    section: LabelSection,
    entry: NewEntry,
}

struct Done {
    index: u64,
    document: kakuzuke_core::id::DocumentId,
    label_hash: LabelHash,
}

fn plan_item(app: &App, who: &Principal, item: &Registration) -> Result<Plan, Refusal> {
    let head = UnverifiedHead::parse(app.provider, item.head.as_slice()).map_err(|e| Refusal::of(e.code()))?;
    let head = head.verify(app.provider, &app.anchors, app.now()).map_err(|e| Refusal::of(e.code()))?;
    let title = item.title.as_ref().map(|title| title.chars().filter(|c| !c.is_control()).take(TITLE).collect());
    if item.readers.as_ref().is_some_and(|readers| !fits(readers)) {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    let by_author = head.label().signer().person() == Some(&who.subject().id);
    let extra = if by_author { Extra::Said { title, readers: item.readers.clone() } } else { Extra::Unsaid };
    plan(app, who, &head, item.core.as_ref(), item.labelled_before.as_ref(), extra)
}

fn fits(readers: &Readers) -> bool {
    let short = |unit: &String| unit.chars().count() <= UNIT;
    readers.subjects.len() <= READERS && readers.units.len() <= READERS && readers.units.iter().all(short)
}

fn plan(
    app: &App,
    who: &Principal,
    head: &VerifiedHead,
    core: Option<&Bytes>,
    before: Option<&Bytes>,
    extra: Extra,
) -> Result<Plan, Refusal> {
    let section = head.section().clone();
    if section.origin() != app.authority {
        return Err(Refusal::of(Code::UnknownAuthority));
    }
    app.taxonomy.check(section.label()).map_err(|e| Refusal::new(e.code(), e.text()))?;
    let root = root_of(app, &section, core)?;
    let author = head.label().signer().person().cloned();
    // Revision 1 is the author's own; a later one comes by relabelling what is registered.
    let author = author.filter(|_| section.revision() == 1).ok_or_else(|| Refusal::of(Code::Conflict))?;
    let (secret, author_row) = app.store.read(|reader| proofs(app, reader, head, &author))?;
    let inherited = match (permit(app, who, &author, &section)?, before) {
        (None, Some(before)) => decider_before(app, who, &author, &section, before)?,
        (inherited, _) => inherited,
    };
    let own = || (author.clone(), section.label().decided().responsible().post.as_str().to_owned());
    let (decider, decider_post) = inherited.unwrap_or_else(own);
    let now = app.now();
    let document = DocumentRow {
        document: section.document(),
        lineage: section.lineage(),
        author: author.clone(),
        label_section: Bytes::from(head.label().as_bytes()),
        label_hash: head.label().hash(),
        root,
        secret,
        registered: now,
        openings: Vec::new(),
        decider,
        decider_post,
        earlier: Vec::new(),
    };
    let (title, readers) = match extra {
        Extra::Said { title, readers } => {
            let usual = || Readers { subjects: Vec::new(), units: vec![author_row.unit] };
            (title.filter(|title| !title.is_empty()), Some(readers.unwrap_or_else(usual)))
        }
        Extra::Unsaid => (None, None),
    };
    let title = title.map(|title| app.keyring.seal_title(&section.lineage(), &title, &mut generator())).transpose()?;
    let entry = who.entry(now, EntryKind::Registered, Outcome::Done).document(document.document);
    let entry = entry.label(document.label_hash).root(root).finish(&mut generator());
    Ok(Plan { document, title, readers, section, entry })
}

/// The payload's root, where the label says that the author's signature covers it.
fn root_of(app: &App, section: &LabelSection, core: Option<&Bytes>) -> Result<Option<PayloadRoot>, Refusal> {
    match (section.trailer_kind(), core) {
        (TrailerKind::None, _) => Ok(None),
        (TrailerKind::Tree, None) => Err(Refusal::of(Code::Damaged)),
        (TrailerKind::Tree, Some(core)) => {
            let core = UnverifiedCore::parse(core.as_slice()).map_err(|e| Refusal::of(e.code()))?;
            let core =
                core.verify(app.provider, &app.anchors, app.now(), section).map_err(|e| Refusal::of(e.code()))?;
            Ok(Some(core.core().root()))
        }
    }
}

/// The ticket's secret, once it is shown that the ticket was this author's on this device and that it opens the grant.
fn proofs(
    app: &App,
    reader: &Reader<'_>,
    head: &VerifiedHead,
    author: &SubjectId,
) -> Result<(Option<Bytes>, SubjectRow), Refusal> {
    let section = head.section();
    let subject = reader.get::<SubjectRow>(author.as_str().as_bytes())?;
    let subject = subject.ok_or_else(|| Refusal::of(Code::NotAvailable))?.into_row();
    let ticket = reader.get::<TicketRow>(section.document().as_bytes())?;
    let own = |ticket: &TicketRow| ticket.subject == *author && ticket.device == section.author();
    if section.payload_suite() == PayloadSuite::Clear {
        // What is in clear needs no ticket, and spends nobody else's: their document would be lost with it.
        let free = ticket.as_ref().is_none_or(|ticket| own(ticket));
        return if free { Ok((None, subject)) } else { Err(Refusal::new(Code::NotAvailable, NO_TICKET)) };
    }
    require_minimum(head.grants(), app.config.suite).map_err(|e| Refusal::of(e.code()))?;
    if let Some(known) = reader.get::<DocumentRow>(section.document().as_bytes())? {
        return Ok((known.secret.clone(), subject));
    }
    let ticket = ticket.filter(|ticket| own(ticket));
    let ticket = ticket.ok_or_else(|| Refusal::new(Code::NotAvailable, NO_TICKET))?;
    if section.label().decided_at() > ticket.seal_until {
        return Err(Refusal::new(Code::NotAvailable, NO_TICKET));
    }
    let secret = app.keyring.open_secret(&section.document(), &ticket.secret)?;
    open_grant(app, head.grants(), section, &secret)?;
    Ok((Some(ticket.secret.clone()), subject))
}

/// A first version is any officer's; a new version needs the right to edit the one it was made from, and a label not
/// below its. Gives the parent's decider, with their post, where the new version stays theirs.
fn permit(
    app: &App,
    who: &Principal,
    author: &SubjectId,
    section: &LabelSection,
) -> Result<Option<(SubjectId, String)>, Refusal> {
    let deny = |denial| Refusal::denied(&denial, app.taxonomy);
    let Some(parent) = section.parent() else {
        let facts = Facts { ..crate::case::subject_facts(app, who) };
        return app.engine.decide(Action::Register, &facts).map(|_| None).map_err(deny);
    };
    // A version made by somebody else is theirs to register: the right of whoever presents it is not its author's.
    let case = app.store.read(|reader| Case::find(app, reader, who, &parent.document))?;
    let case = case.filter(|case| case.document.lineage == section.lineage() && *author == who.subject().id);
    let case = case.ok_or_else(|| Refusal::of(Code::NotAvailable))?;
    let known = case.lineage.documents.contains(&section.document());
    if !known && case.lineage.documents.last() != Some(&parent.document) {
        return Err(Refusal::new(Code::Conflict, NOT_NEWEST));
    }
    app.engine.decide(Action::Register, &case.facts(app, who, Action::Register)).map_err(deny)?;
    app.engine.decide(Action::Edit, &case.facts(app, who, Action::Edit)).map_err(deny)?;
    if is_lowering(case.label(), section.label()) {
        // Made under a label that is no longer in force: whoever made it would take the 見直し back without knowing of it.
        if !known && parent.label_hash != case.document.label_hash {
            return Err(Refusal::new(Code::Conflict, LABEL_RAISED));
        }
        app.engine.decide(Action::Relabel, &case.relabel_facts(app, who, section.label())).map_err(deny)?;
    }
    Ok(case.decider_after(who))
}

/// Whoever decided the label under which the content lay in clear stays its decider, and nobody else lowers it by sealing it
/// (3.1.1(3)(c)). None when it was the author.
fn decider_before(
    app: &App,
    who: &Principal,
    author: &SubjectId,
    section: &LabelSection,
    before: &Bytes,
) -> Result<Option<(SubjectId, String)>, Refusal> {
    let label = UnverifiedLabel::parse(app.provider, before.as_slice()).map_err(|e| Refusal::of(e.code()))?;
    let at = AsOf::AtOrBefore(app.now());
    let label = label.verify(app.provider, &app.anchors, at).map_err(|e| Refusal::of(e.code()))?;
    let responsible = label.section().label().decided().responsible();
    let decider = responsible.subject.clone();
    let known = app.store.read(|reader| reader.get::<SubjectRow>(decider.as_str().as_bytes()))?;
    if decider == *author || known.is_none() {
        return Ok(None);
    }
    if is_lowering(label.section().label(), section.label()) {
        let facts = Facts { lowering: true, ..crate::case::subject_facts(app, who) };
        let denial = app.engine.decide(Action::Relabel, &facts).err();
        return Err(denial.map_or_else(|| Refusal::of(Code::Denied), |denial| Refusal::denied(&denial, app.taxonomy)));
    }
    Ok(Some((decider, responsible.post.as_str().to_owned())))
}

fn write(app: &App, who: &Principal, plans: Vec<Result<Plan, Refusal>>) -> Result<Vec<Result<Done, Refusal>>, Refusal> {
    let now = app.now();
    let refused: Vec<_> = plans.iter().map(|plan| plan.as_ref().err().map(|r| refused_entry(who, r, now))).collect();
    let written = app.store.write(move |tx| -> Result<Vec<Result<Done, Refusal>>, StoreError> {
        let mut outcomes = Vec::new();
        for (plan, refused) in plans.into_iter().zip(refused) {
            outcomes.push(match plan {
                Ok(plan) => put(tx, plan)?,
                Err(refusal) => {
                    if let Some(entry) = refused {
                        tx.append(entry)?;
                    }
                    Err(refusal)
                }
            });
        }
        Ok(outcomes)
    })?;
    Ok(written.value)
}

fn refused_entry(who: &Principal, refusal: &Refusal, now: Timestamp) -> NewEntry {
    let mut entry: Entry = who.entry(now, EntryKind::RegistrationRefused, Outcome::Denied);
    entry.text.decided = Some(refusal.0.code.slug().to_owned());
    entry.text.clauses = refusal.0.clauses.iter().map(|clause| clause.id.clone()).collect();
    entry.finish(&mut generator())
}

/// The author says what was not said when somebody else presented the document first. The entry, if that was so.
fn say(tx: &mut Tx<'_>, known: Verified<DocumentRow>, plan: Plan) -> Result<Option<u64>, StoreError> {
    let line = tx.reader().get::<LineageRow>(plan.document.lineage.as_bytes())?.filter(|line| line.unsaid);
    let (Some(line), Some(readers), None) = (line, plan.readers, plan.section.parent()) else { return Ok(None) };
    let entry = tx.append(plan.entry)?;
    let line = LineageRow {
        readers: readers.subjects,
        units: readers.units,
        title: plan.title,
        unsaid: false,
        ..line.into_row()
    };
    tx.put(&line, entry)?;
    // Whoever presented it first could not know who had decided its label in clear.
    let (decider, decider_post) = (plan.document.decider, plan.document.decider_post);
    if known.decider != decider && known.decider == known.author {
        tx.put(&DocumentRow { decider, decider_post, ..known.into_row() }, entry)?;
    }
    Ok(Some(entry.get()))
}

/// Compare and set: a document once, with one content; its line grows at the end only.
fn put(tx: &mut Tx<'_>, plan: Plan) -> Result<Result<Done, Refusal>, StoreError> {
    let (id, row) = (plan.document.document, plan.document.clone());
    if let Some(known) = tx.reader().get::<DocumentRow>(id.as_bytes())? {
        let same = known.label_hash == row.label_hash && known.root == row.root;
        if !same {
            return Ok(Err(Refusal::new(Code::Conflict, CHANGED)));
        }
        let registered = known.entry();
        let said = say(tx, known, plan)?;
        return Ok(Ok(Done { index: said.unwrap_or(registered), document: id, label_hash: row.label_hash }));
    }
    let known = tx.reader().get::<LineageRow>(row.lineage.as_bytes())?;
    let line = match (known, plan.section.parent()) {
        (Some(line), Some(parent)) if line.documents.last() == Some(&parent.document) => {
            let mut line = line.into_row();
            line.documents.push(id);
            line
        }
        (None, None) => {
            let unsaid = plan.readers.is_none();
            let readers = plan.readers.unwrap_or_default();
            LineageRow {
                unsaid,
                lineage: row.lineage,
                documents: vec![id],
                standing: Standing::Active,
                author: row.author.clone(),
                readers: readers.subjects,
                units: readers.units,
                revoked: Vec::new(),
                title: plan.title,
                last_lease: None,
            }
        }
        _ => return Ok(Err(Refusal::new(Code::Conflict, NOT_NEWEST))),
    };
    let entry = tx.append(plan.entry)?;
    tx.put(&row, entry)?;
    tx.put(&line, entry)?;
    tx.delete::<TicketRow>(id.as_bytes())?;
    Ok(Ok(Done { index: entry.get(), document: id, label_hash: row.label_hash }))
}
