//! 提供の取消し. After a 誤送信 or a loss: stops those it went to, and says from the log what they had opened by then
//! (2.2.4(2)). The same again changes nothing and says the same.

use std::collections::BTreeSet;

use kakuzuke_core::audit::{EntryKind, EntryText, Leaf, Outcome};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::{DocumentId, LineageId, SubjectId};
use kakuzuke_core::licence::Right;
use kakuzuke_core::protocol::{Opened, RecallReport, RecallRequest, RecallScope, Route};
use kakuzuke_core::time::Timestamp;

use super::{PURPOSE, is_by, ledger};
use crate::app::App;
use crate::auth::Principal;
use crate::case::{Case, is_section_officer};
use crate::decide::{Action, Denial, Facts, Granted};
use crate::random::generator;
use crate::refusal::Refusal;
use crate::store::{
    DepartureRow, EntryIndex, Given, LineageRow, Link, LoggedEntry, MediumRow, Reader, Standing, StoreError, Tx,
    Verified, Written,
};

/// Entries of the log read at a time.
const PAGE: u64 = 10_000;
/// Openings in one report.
const SHOWN: usize = 10_000;

const NO_REASON: Text = Text::fixed("経緯を述べてください（--reason）。", "Say what happened (--reason).");
const NO_SCOPE: Text = Text::fixed(
    "何を取り消すか、台帳番号、文書、宛先又は媒体で指定してください。",
    "Say what to call back: a ledger number, a document, an addressee or a medium.",
);

/// What nobody can call back, whatever was found.
const ALWAYS: [Text; 2] = [
    Text::fixed(
        "受信したメールとその添付（開けなくなりますが、相手の手元に残ります。削除を依頼してください）",
        "the mail and its attachments, which no longer open but stay where they are: ask for their deletion",
    ),
    Text::fixed(
        "画面の撮影、書き写し、改造された利用ソフトウェアに残された内容",
        "photographs of a screen, notes, what a modified client kept",
    ),
];
const EXPORTED: Text = Text::fixed(
    "平文での出力が許可されていた開封があります。平文が残っているおそれがあります",
    "openings with the right to write it in clear: a plain copy may exist",
);
const LEASED: Text =
    Text::fixed("オフラインの貸出し（それぞれの期限までは開けます）", "offline leases, which open it until each ends");
const CLEAR: Text = Text::fixed("平文で送った機密性１の文書", "documents of confidentiality 1 that were sent in clear");
const PRINTS: Text = Text::fixed("回収していない印刷物", "prints that were not collected");

/// 提供の取消し.
///
/// # Errors
/// [`Refusal`] when there is nothing of the kind, or none of it is the caller's to call back, after an entry.
pub fn recall(app: &App, who: &Principal, request: &RecallRequest) -> Result<RecallReport, Refusal> {
    let reason = request.reason.trim();
    if reason.is_empty() || reason.len() > PURPOSE {
        return Err(Refusal::new(Code::Usage, NO_REASON));
    }
    if request.scope == RecallScope::default() {
        return Err(Refusal::new(Code::Usage, NO_SCOPE));
    }
    let rows = app.store.read(|reader| candidates(app, reader, who, &request.scope))?;
    if rows.is_empty() {
        return Err(Refusal::of(Code::NotAvailable));
    }
    let recipient = request.scope.recipient.as_ref().map(ToString::to_string);
    let (mut mine, mut denial, mut granted, mut passed_over) = (Vec::new(), None, Vec::new(), Vec::new());
    for row in rows {
        match app.store.read(|reader| may(app, reader, who, &row))? {
            Ok(yes) => {
                granted.push(yes);
                mine.push(row);
            }
            Err(no) => {
                passed_over.extend(is_open(&row, recipient.as_deref()).then_some(row.number));
                denial = Some(no);
            }
        }
    }
    match denial {
        Some(denial) if mine.is_empty() => {
            return super::refuse(app, who, EntryKind::RecallRefused, None, &denial, &[]);
        }
        Some(denial) if !passed_over.is_empty() => note_passed_over(app, who, &denial, passed_over.len())?,
        _ => {}
    }
    let act = Act {
        who: who.clone(),
        recipient,
        suspend: request.suspend,
        reason: reason.to_owned(),
        policies: super::merged(granted),
        medium: None,
    };
    let report = call_back(app, mine, act)?;
    Ok(RecallReport { passed_over: passed_over.len() as u64, ..report })
}

/// Whether there is something left of a departure to call back.
fn is_open(row: &DepartureRow, recipient: Option<&str>) -> bool {
    let meant = |given: &Given| recipient.is_none_or(|recipient| recipient == given.address);
    row.is_out() || row.given.iter().any(|given| given.stopped.is_none() && meant(given))
}

/// What was asked for and is others' to call back stands in the log as any refusal does.
fn note_passed_over(app: &App, who: &Principal, denial: &Denial, count: usize) -> Result<(), Refusal> {
    let mut entry = super::denied(app, who, EntryKind::RecallRefused, denial);
    entry.text.note = Some(format!("ほかの職員の台帳の記録 {count} 件"));
    let entry = entry.finish(&mut generator());
    Ok(app.store.write(move |tx: &mut Tx<'_>| tx.append(entry).map(drop)).map(drop)?)
}

/// A medium that is lost: its row, and who says so.
pub(crate) struct Lost {
    pub(crate) medium: Verified<MediumRow>,
    pub(crate) reason: String,
    pub(crate) policies: Vec<String>,
}

/// Everything on a lost medium is stopped, for everybody.
pub(crate) fn lose(app: &App, who: &Principal, lost: Lost) -> Result<RecallReport, Refusal> {
    let rows = app.store.read(|reader| reader.find::<DepartureRow>(Link::Medium, lost.medium.id.as_bytes()))?;
    let rows = rows.into_iter().filter(|row| row.is_out()).collect();
    let act = Act {
        who: who.clone(),
        recipient: None,
        suspend: true,
        reason: lost.reason,
        policies: lost.policies,
        medium: Some(lost.medium),
    };
    call_back(app, rows, act)
}

/// What is to be done, by whom, on what it rests.
struct Act {
    who: Principal,
    recipient: Option<String>,
    suspend: bool,
    reason: String,
    policies: Vec<String>,
    medium: Option<Verified<MediumRow>>,
}

/// What all of the scope's names lead to.
fn candidates(
    app: &App,
    reader: &Reader<'_>,
    who: &Principal,
    scope: &RecallScope,
) -> Result<Vec<Verified<DepartureRow>>, StoreError> {
    let lineage = match &scope.document {
        Some(id) => match Case::find(app, reader, who, id)? {
            Some(case) => Some(case.lineage.lineage),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let address = scope.recipient.as_ref().map(ToString::to_string);
    let found = match (scope.number, &lineage, &address, &scope.medium) {
        (Some(number), ..) => reader.get::<DepartureRow>(&DepartureRow::key_of(number))?.into_iter().collect(),
        (None, Some(lineage), ..) => reader.find::<DepartureRow>(Link::Lineage, lineage.as_bytes())?,
        (None, None, Some(address), _) => reader.find::<DepartureRow>(Link::Address, address.as_bytes())?,
        (None, None, None, Some(medium)) => reader.find::<DepartureRow>(Link::Medium, medium.as_bytes())?,
        (None, None, None, None) => Vec::new(),
    };
    let fits = |row: &Verified<DepartureRow>| {
        lineage.is_none_or(|lineage| row.documents.iter().any(|departed| departed.lineage == lineage))
            && address.as_ref().is_none_or(|address| row.given.iter().any(|given| given.address == *address))
            && scope.medium.as_ref().is_none_or(|medium| row.medium.as_ref() == Some(medium))
    };
    Ok(found.into_iter().filter(fits).collect())
}

/// The sender, whoever made or decided one of the documents, and the officers responsible: nobody else.
fn may(
    app: &App,
    reader: &Reader<'_>,
    who: &Principal,
    row: &DepartureRow,
) -> Result<Result<Granted, Denial>, StoreError> {
    let own = is_by(row, &who.subject().id);
    let section_officer = is_section_officer(who.subject(), &row.unit);
    let mut facts = Facts { own, section_officer, ..crate::case::subject_facts(app, who) };
    for departed in &row.documents {
        let Some(case) = Case::find(app, reader, who, &departed.document)? else { continue };
        let known = case.facts(app, who, Action::Recall);
        facts.author |= known.author;
        facts.decider |= known.decider;
        facts.successor |= known.successor;
    }
    Ok(app.engine.decide(Action::Recall, &facts))
}

fn call_back(app: &App, rows: Vec<Verified<DepartureRow>>, act: Act) -> Result<RecallReport, Refusal> {
    let now = app.now();
    let recipient = act.recipient.clone();
    let expected: Vec<(u64, u64)> = rows.iter().map(|row| (row.number, row.entry())).collect();
    let written: Written<Option<Done>> = app.store.write(move |tx| -> Result<_, StoreError> {
        let mut rows = Vec::new();
        for (number, entry) in &expected {
            let row = tx.reader().get::<DepartureRow>(&DepartureRow::key_of(*number))?;
            let Some(row) = row.filter(|row| row.entry() == *entry) else { return Ok(None) };
            rows.push(row.into_row());
        }
        carry_out(tx, &act, rows, now).map(Some)
    })?;
    let done = written.value.ok_or_else(|| Refusal::of(Code::Conflict))?;
    report(app, &done, recipient.as_deref(), now)
}

/// What was done.
struct Done {
    rows: Vec<DepartureRow>,
    suspended: Vec<DocumentId>,
    entry: Option<u64>,
}

fn carry_out(tx: &mut Tx<'_>, act: &Act, rows: Vec<DepartureRow>, now: Timestamp) -> Result<Done, StoreError> {
    let mut done = Done { rows, suspended: Vec::new(), entry: None };
    if let Some(medium) = &act.medium
        && medium.standing != Standing::Suspended
    {
        let mut entry = act.who.entry(now, EntryKind::MediumLost, Outcome::Done);
        entry.text.medium = Some(medium.id.clone());
        (entry.text.reason, entry.text.policies) = (Some(act.reason.clone()), act.policies.clone());
        let entry = tx.append(entry.finish(&mut generator()))?;
        tx.put(&MediumRow { standing: Standing::Suspended, ..medium.clone().into_row() }, entry)?;
        done.entry = Some(entry.get());
    }
    for row in &mut done.rows {
        if let Some(entry) = stop(tx, act, row, now)? {
            done.entry = Some(entry.get());
        }
    }
    if act.suspend {
        let lines: BTreeSet<(LineageId, DocumentId)> = done
            .rows
            .iter()
            .flat_map(|row| &row.documents)
            .filter(|departed| !departed.clear)
            .map(|departed| (departed.lineage, departed.document))
            .collect();
        for (lineage, document) in lines {
            suspend(tx, act, (lineage, document), now, &mut done)?;
        }
    }
    Ok(done)
}

/// Takes back what a departure gave; none when there is nothing left to take back.
fn stop(tx: &mut Tx<'_>, act: &Act, row: &mut DepartureRow, now: Timestamp) -> Result<Option<EntryIndex>, StoreError> {
    let meant = |address: &String| act.recipient.as_ref().is_none_or(|recipient| recipient == address);
    let mut stopped = Vec::new();
    for given in &mut row.given {
        if given.stopped.is_none() && meant(&given.address) {
            given.stopped = Some(now);
            stopped.push(given.address.clone());
        }
    }
    if stopped.is_empty() {
        return Ok(None);
    }
    let mut last = None;
    for departed in &row.documents {
        let entry = act.who.entry(now, EntryKind::Recalled, Outcome::Done);
        let mut entry = entry.document(departed.document).label(departed.label_hash);
        (entry.text.ledger, entry.text.to) = (Some(row.number), stopped.clone());
        (entry.text.reason, entry.text.policies) = (Some(act.reason.clone()), act.policies.clone());
        last = Some(tx.append(entry.finish(&mut generator()))?);
    }
    let last = last.ok_or(StoreError::Undone)?;
    tx.put(row, last)?;
    Ok(Some(last))
}

fn suspend(
    tx: &mut Tx<'_>,
    act: &Act,
    (lineage, document): (LineageId, DocumentId),
    now: Timestamp,
    done: &mut Done,
) -> Result<(), StoreError> {
    let Some(line) = tx.reader().get::<LineageRow>(lineage.as_bytes())? else { return Ok(()) };
    if line.standing == Standing::Active {
        let mut entry = act.who.entry(now, EntryKind::DocumentRevoked, Outcome::Done).document(document);
        (entry.text.reason, entry.text.policies) = (Some(act.reason.clone()), act.policies.clone());
        let entry = tx.append(entry.finish(&mut generator()))?;
        tx.put(&LineageRow { standing: Standing::Suspended, ..line.into_row() }, entry)?;
        done.entry = Some(entry.get());
        done.suspended.push(document);
    } else if line.standing == Standing::Suspended {
        done.suspended.push(document);
    }
    Ok(())
}

fn report(app: &App, done: &Done, recipient: Option<&str>, now: Timestamp) -> Result<RecallReport, Refusal> {
    app.store.read(|reader| -> Result<RecallReport, Refusal> {
        let (openings, more_openings) = openings(reader, done, recipient)?;
        let mut departures = Vec::new();
        for row in &done.rows {
            departures.push(ledger::view(app, reader, row)?);
        }
        let not_reached = not_reached(done, &openings, now);
        Ok(RecallReport {
            at: now,
            entry: done.entry,
            departures,
            passed_over: 0,
            openings,
            more_openings,
            suspended: done.suspended.clone(),
            online_until: now.plus(i64::from(app.config.licence_seconds)),
            not_reached,
        })
    })
}

fn not_reached(done: &Done, openings: &[Opened], now: Timestamp) -> Vec<Text> {
    let exported = openings.iter().any(|opened| opened.rights.allows(Right::Export));
    let leased = openings.iter().any(|opened| opened.offline_until.is_some_and(|until| now < until));
    let clear = done.rows.iter().flat_map(|row| &row.documents).any(|departed| departed.clear);
    let prints = done.rows.iter().any(|row| row.route == Route::Paper && row.is_out());
    let found = [(exported, EXPORTED), (leased, LEASED), (clear, CLEAR), (prints, PRINTS)];
    found.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).chain(ALWAYS).collect()
}

/// Keys given since the first of these left, to those they went to; to anybody where they went on a medium or paper. The
/// first of them, and how many more there are.
fn openings(reader: &Reader<'_>, done: &Done, recipient: Option<&str>) -> Result<(Vec<Opened>, u64), StoreError> {
    let entries = done.rows.iter().flat_map(|row| row.documents.iter().map(|departed| departed.entry));
    let (mut found, mut more) = (Vec::new(), 0);
    let Some(mut next) = entries.min() else { return Ok((found, more)) };
    loop {
        let page = reader.entries(next, PAGE)?;
        let Some(last) = page.last() else { return Ok((found, more)) };
        next = last.index + 1;
        for entry in &page {
            match opened(entry, done, recipient)? {
                Some(opened) if found.len() < SHOWN => found.push(opened),
                Some(_) => more += 1,
                None => {}
            }
        }
    }
}

fn opened(entry: &LoggedEntry, done: &Done, recipient: Option<&str>) -> Result<Option<Opened>, StoreError> {
    let leaf = Leaf::decode(&entry.leaf).map_err(|_| StoreError::Altered("log"))?;
    let (EntryKind::Released, Outcome::Done, Some(document)) = (leaf.kind, leaf.outcome, leaf.document) else {
        return Ok(None);
    };
    let rows = || done.rows.iter().filter(|row| row.documents.iter().any(|departed| departed.document == document));
    if rows().next().is_none() {
        return Ok(None);
    }
    let Some(text) = entry.text.as_deref().and_then(EntryText::from_json) else { return Ok(None) };
    let Some(subject) = text.who.clone() else { return Ok(None) };
    Ok(rows().any(|row| went_to(row, &subject, recipient)).then(|| Opened {
        document,
        subject,
        device: text.device,
        from: text.from.clone(),
        at: leaf.time,
        rights: text.granted.unwrap_or_default(),
        offline_until: text.until,
        entry: entry.index,
    }))
}

fn went_to(row: &DepartureRow, subject: &SubjectId, recipient: Option<&str>) -> bool {
    if row.route != Route::Mail {
        return true;
    }
    let meant = |address: &str| recipient.is_none_or(|recipient| recipient == address);
    row.given.iter().any(|given| given.subject.as_ref() == Some(subject) && meant(&given.address))
}
