//! 状態の変更. Relabelling, suspension, revocation, destruction: decided, recorded, in force at the next request.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::cose::Domain;
use kakuzuke_core::envelope::UnverifiedLabel;
use kakuzuke_core::id::{DeviceId, Digest, DocumentId, SubjectId};
use kakuzuke_core::label::is_lowering;
use kakuzuke_core::protocol::{
    Bytes, DestroyRequest, DestructionCertificate, DocumentFinding, DocumentSummary, Durability, Readers,
    RelabelRequest, RevokeRequest, RevokeScope, StateChange,
};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::approvals;
use crate::auth::Principal;
use crate::case::{Case, subject_facts};
use crate::decide::{Action, Denial, Facts, Granted};
use crate::random::generator;
use crate::refusal::Refusal;
use crate::store::{
    ApprovalRow, DeviceRow, DocumentRow, LineageRow, Link, Reader, Recorded, Standing, StoreError, SubjectRow,
    TicketRow, Tx, Verified,
};

/// Longest reason, in bytes.
const REASON: usize = 4_000;
/// Documents in one answer.
const FOUND: usize = 200;

const NO_REASON: Text = Text::fixed("理由を述べてください（--reason）。", "State the reason (--reason).");
const ENDED: Text = Text::fixed("復号鍵を消去した文書です。", "The document's keys have been erased.");

/// What destroying keys does not reach, said in every certificate.
const NOT_REACHED: [&str; 4] = [
    "出力済みの平文及び印刷物 / plaintext already written out, prints",
    "有効な貸出し（期限まで） / outstanding offline leases, until they end",
    "改造されたクライアントに残された鍵 / keys kept by a modified client",
    "この時点より前のデータベースのバックアップ / backups of the database made before",
];

const COPY_NOT_REACHED: &str = "サーバの写し（接続が戻りしだい消去） / the server's copy, which could not be written; erased there when it is back";

fn reason(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.len() > REASON { Err(Refusal::new(Code::Usage, NO_REASON)) } else { Ok(text.to_owned()) }
}

fn find(app: &App, who: &Principal, id: &DocumentId) -> Result<Case, Refusal> {
    let case = app.store.read(|reader| Case::find(app, reader, who, id))?;
    case.ok_or_else(|| Refusal::of(Code::NotAvailable))
}

/// Records a refusal, then says it.
fn refuse<T>(app: &App, who: &Principal, kind: EntryKind, case: Option<&Case>, denial: &Denial) -> Result<T, Refusal> {
    let mut entry = who.entry(app.now(), kind, Outcome::Denied);
    if let Some(case) = case {
        entry = entry.document(case.document.document).label(case.document.label_hash);
    }
    (entry.text.clauses, entry.text.policies) = (denial.clauses(), denial.policies());
    entry.text.decided = Some(denial.action.slug().to_owned());
    let entry = entry.finish(&mut generator());
    app.store.write(move |tx| tx.append(entry).map(drop))?;
    Err(Refusal::denied(denial, app.taxonomy))
}

/// 格付・取扱制限の見直し. The next revision, signed by who decided it.
///
/// # Errors
/// [`Refusal`] when it does not follow the current one, or the caller may not.
pub fn relabel(app: &App, who: &Principal, id: &DocumentId, request: &RelabelRequest) -> Result<StateChange, Refusal> {
    let why = reason(&request.reason)?;
    let case = find(app, who, id)?;
    let next =
        UnverifiedLabel::parse(app.provider, request.label_section.as_slice()).map_err(|e| Refusal::of(e.code()))?;
    let next = next.verify(app.provider, &app.anchors, app.now()).map_err(|e| Refusal::of(e.code()))?;
    let section = next.section().clone();
    section.follows(&case.section, case.document.label_hash).map_err(|e| Refusal::of(e.code()))?;
    app.taxonomy.check(section.label()).map_err(|e| Refusal::new(e.code(), e.text()))?;
    if next.signer().device() != who.device().id {
        return Err(Refusal::of(Code::SignatureInvalid));
    }
    let granted = match app.engine.decide(Action::Relabel, &case.relabel_facts(app, who, section.label())) {
        Ok(granted) => granted,
        Err(denial) => return refuse(app, who, EntryKind::RelabelRefused, Some(&case), &denial),
    };
    let hash = next.hash();
    let mut entry = who.entry(app.now(), EntryKind::Relabelled, Outcome::Done).document(*id).label(hash);
    (entry.text.reason, entry.text.policies) = (Some(why), granted.policies().to_vec());
    let entry = entry.finish(&mut generator());
    let bytes = Bytes::from(next.as_bytes());
    let own = || (who.subject().id.clone(), section.label().decided().responsible().post.as_str().to_owned());
    let stays = case.decider_after(who);
    // 仮の引上げ: in force at once, and put before the decider.
    let raised = stays.is_some() && !is_lowering(case.label(), section.label());
    let confirmation = raised.then(|| approvals::confirmation(app, who, &case, section.label(), &request.reason));
    let (decider, decider_post) = stays.unwrap_or_else(own);
    let key = id.as_bytes().to_vec();
    let before = case.document.label_hash;
    let earlier = Digest::from_bytes(app.provider.sha256(case.document.label_section.as_slice()));
    let written = app.store.write(move |tx| -> Result<bool, StoreError> {
        let row = tx.reader().get::<DocumentRow>(&key)?.filter(|row| row.label_hash == before);
        let Some(row) = row else { return Ok(false) };
        let entry = tx.append(entry)?;
        let mut row = row.into_row();
        row.earlier.push(earlier);
        (row.label_section, row.label_hash) = (bytes, hash);
        (row.decider, row.decider_post) = (decider, decider_post);
        tx.put(&row, entry)?;
        if let Some(confirmation) = confirmation {
            confirmation.enter(tx)?;
        }
        Ok(true)
    })?;
    if !written.value {
        return Err(Refusal::of(Code::Conflict));
    }
    change(app, written.recorded.first(), case.lineage.last_lease, Vec::new())
}

/// 利用停止, its end, 閲覧権限の取消し: for a whole line of documents.
///
/// # Errors
/// [`Refusal`] when the caller may not.
pub fn revoke(app: &App, who: &Principal, id: &DocumentId, request: &RevokeRequest) -> Result<StateChange, Refusal> {
    let why = reason(&request.reason)?;
    let scope = request.scope.clone().ok_or_else(|| Refusal::of(Code::Usage))?;
    let case = find(app, who, id)?;
    let (action, kind) = match &scope {
        RevokeScope::Document => (Action::Revoke, EntryKind::DocumentRevoked),
        RevokeScope::Resume => (Action::Resume, EntryKind::DocumentResumed),
        RevokeScope::Reader(_) => (Action::Revoke, EntryKind::ReaderRevoked),
    };
    let granted = match app.engine.decide(action, &case.facts(app, who, action)) {
        Ok(granted) => granted,
        Err(denial) => return refuse(app, who, EntryKind::RevocationRefused, Some(&case), &denial),
    };
    let mut entry = who.entry(app.now(), kind, Outcome::Done).document(*id);
    (entry.text.reason, entry.text.policies) = (Some(why), granted.policies().to_vec());
    if let RevokeScope::Reader(reader) = &scope {
        entry.text.about = Some(reader.clone());
    }
    let entry = entry.finish(&mut generator());
    let key = case.lineage.lineage.as_bytes().to_vec();
    let written = app.store.write(move |tx| -> Result<bool, StoreError> {
        let row = tx.reader().get::<LineageRow>(&key)?.filter(|row| row.standing != Standing::Ended);
        let Some(row) = row else { return Ok(false) };
        let mut row = row.into_row();
        match scope {
            RevokeScope::Document => row.standing = Standing::Suspended,
            RevokeScope::Resume => row.standing = Standing::Active,
            RevokeScope::Reader(reader) => {
                row.revoked.retain(|known| *known != reader);
                row.revoked.push(reader);
            }
        }
        let entry = tx.append(entry)?;
        tx.put(&row, entry)?;
        Ok(true)
    })?;
    if !written.value {
        return Err(Refusal::new(Code::Conflict, ENDED));
    }
    change(app, written.recorded.first(), case.lineage.last_lease, Vec::new())
}

/// 復号鍵の消去. Every version's secret; what can't be reached is said in the certificate.
///
/// # Errors
/// [`Refusal`] when the caller may not, or retention forbids it.
pub fn destroy(app: &App, who: &Principal, id: &DocumentId, request: &DestroyRequest) -> Result<StateChange, Refusal> {
    let why = reason(&request.reason)?;
    let case = find(app, who, id)?;
    let granted = match app.engine.decide(Action::Destroy, &case.facts(app, who, Action::Destroy)) {
        Ok(granted) => granted,
        Err(denial) => return refuse(app, who, EntryKind::DestructionRefused, Some(&case), &denial),
    };
    let mut entry = who.entry(app.now(), EntryKind::Destroyed, Outcome::Done).document(*id);
    (entry.text.reason, entry.text.policies) = (Some(why.clone()), granted.policies().to_vec());
    let entry = entry.finish(&mut generator());
    let key = case.lineage.lineage.as_bytes().to_vec();
    let written = app.store.write(move |tx| -> Result<Option<Vec<DocumentId>>, StoreError> {
        let row = tx.reader().get::<LineageRow>(&key)?.filter(|row| row.standing != Standing::Ended);
        let Some(row) = row else { return Ok(None) };
        let entry = tx.append(entry)?;
        let mut row = row.into_row();
        row.standing = Standing::Ended;
        for document in &row.documents {
            erase(tx, document, entry)?;
        }
        tx.put(&row, entry)?;
        Ok(Some(row.documents))
    })?;
    let (Some(documents), Some(recorded)) = (written.value, written.recorded.first()) else {
        return Err(Refusal::new(Code::Conflict, ENDED));
    };
    let copied = app.config.copy.is_none() || written.durability == Durability::Replicated;
    let not_reached = NOT_REACHED.into_iter().chain((!copied).then_some(COPY_NOT_REACHED));
    let not_reached = not_reached.map(ToOwned::to_owned).collect();
    let certificate = certificate(app, who, &case, (documents, not_reached), recorded, why)?;
    let mut done = change(app, Some(recorded), case.lineage.last_lease, findings(&case))?;
    done.certificate = Some(certificate);
    Ok(done)
}

fn erase(tx: &mut Tx<'_>, document: &DocumentId, entry: crate::store::EntryIndex) -> Result<(), StoreError> {
    let row = tx.reader().get::<DocumentRow>(document.as_bytes())?;
    let mut row = row.ok_or(StoreError::Altered("document"))?.into_row();
    row.secret = None;
    tx.scrub();
    tx.put(&row, entry)
}

fn certificate(
    app: &App,
    who: &Principal,
    case: &Case,
    (documents, not_reached): (Vec<DocumentId>, Vec<String>),
    recorded: &Recorded,
    reason: String,
) -> Result<Bytes, Refusal> {
    let now = app.now();
    let certificate = DestructionCertificate {
        authority: app.authority,
        lineage: case.lineage.lineage,
        documents,
        refused_from: now,
        last_lease_ends: case.lineage.last_lease.filter(|end| *end > now),
        unrecoverable_from: None,
        not_reached,
        log_index: recorded.index(),
        log_leaf: recorded.leaf_hash(),
        decided_by: who.subject().id.clone(),
        reason,
    };
    Ok(app.licences.sign(Domain::DESTRUCTION, &certificate)?)
}

fn findings(case: &Case) -> Vec<DocumentFinding> {
    let versions = case.lineage.documents.len();
    let text = Text::new(
        format!("{versions} 版の鍵を消去しました。"),
        format!("The keys of {versions} versions were erased."),
    );
    vec![DocumentFinding { text }]
}

/// What a change comes to: its receipt, and when it has reached whoever has the document open.
fn change(
    app: &App,
    recorded: Option<&Recorded>,
    last_lease: Option<Timestamp>,
    findings: Vec<DocumentFinding>,
) -> Result<StateChange, Refusal> {
    let now = app.now();
    let recorded = recorded.ok_or_else(|| Refusal::of(Code::Internal))?;
    Ok(StateChange {
        receipt: Bytes(app.auditor.receipt(recorded)?.encode()),
        online_until: now.plus(i64::from(app.config.licence_seconds)),
        offline_until: last_lease.filter(|end| *end > now),
        findings,
        certificate: None,
    })
}

/// 主体の失効. Everything a subject may do, at once, with all their devices and unspent tickets.
///
/// # Errors
/// [`Refusal`] when the caller may not.
pub fn revoke_subject(
    app: &App,
    who: &Principal,
    id: &SubjectId,
    request: &RevokeRequest,
) -> Result<StateChange, Refusal> {
    let why = reason(&request.reason)?;
    let facts = Facts { own: who.subject().id == *id, ..subject_facts(app, who) };
    let granted = may(app, who, Action::RevokeSubject, &facts)?;
    let mut entry = who.entry(app.now(), EntryKind::SubjectRevoked, Outcome::Done);
    (entry.text.about, entry.text.reason) = (Some(id.clone()), Some(why));
    entry.text.policies = granted.policies().to_vec();
    let entry = entry.finish(&mut generator());
    let key = id.as_str().as_bytes().to_vec();
    let written = app.store.write(move |tx| -> Result<Option<usize>, StoreError> {
        let Some(row) = tx.reader().get::<SubjectRow>(&key)? else { return Ok(None) };
        let entry = tx.append(entry)?;
        let mut row = row.into_row();
        row.standing = Standing::Suspended;
        tx.put(&row, entry)?;
        for device in tx.reader().find::<DeviceRow>(Link::Subject, &key)? {
            suspend(tx, device, entry)?;
        }
        drop_tickets(tx, &key).map(Some)
    })?;
    let tickets = written.value.ok_or_else(|| Refusal::of(Code::NotAvailable))?;
    change(app, written.recorded.first(), None, ticket_finding(tickets))
}

/// 端末の失効.
///
/// # Errors
/// [`Refusal`] when the caller may not.
pub fn revoke_device(
    app: &App,
    who: &Principal,
    id: &DeviceId,
    request: &RevokeRequest,
) -> Result<StateChange, Refusal> {
    let why = reason(&request.reason)?;
    let device = app.store.read(|reader| reader.get::<DeviceRow>(id.as_bytes()))?;
    let own = device.as_ref().is_some_and(|device| device.subject == who.subject().id);
    let granted = may(app, who, Action::RevokeDevice, &Facts { own, ..subject_facts(app, who) })?;
    let device = device.ok_or_else(|| Refusal::of(Code::NotAvailable))?;
    let mut entry = who.entry(app.now(), EntryKind::DeviceRevoked, Outcome::Done);
    (entry.text.about_device, entry.text.about) = (Some(*id), Some(device.subject.clone()));
    (entry.text.reason, entry.text.policies) = (Some(why), granted.policies().to_vec());
    let entry = entry.finish(&mut generator());
    let key = id.as_bytes().to_vec();
    let written = app.store.write(move |tx| -> Result<bool, StoreError> {
        let Some(device) = tx.reader().get::<DeviceRow>(&key)? else { return Ok(false) };
        let entry = tx.append(entry)?;
        suspend(tx, device, entry)?;
        Ok(true)
    })?;
    if written.value {
        change(app, written.recorded.first(), None, Vec::new())
    } else {
        Err(Refusal::of(Code::Conflict))
    }
}

fn may(app: &App, who: &Principal, action: Action, facts: &Facts) -> Result<Granted, Refusal> {
    match app.engine.decide(action, facts) {
        Ok(granted) => Ok(granted),
        Err(denial) => refuse(app, who, EntryKind::RevocationRefused, None, &denial),
    }
}

fn suspend(tx: &mut Tx<'_>, device: Verified<DeviceRow>, entry: crate::store::EntryIndex) -> Result<(), StoreError> {
    let mut device = device.into_row();
    device.standing = Standing::Suspended;
    tx.put(&device, entry)
}

fn drop_tickets(tx: &mut Tx<'_>, subject: &[u8]) -> Result<usize, StoreError> {
    let tickets = tx.reader().find::<TicketRow>(Link::Subject, subject)?;
    tickets.iter().try_for_each(|ticket| tx.delete::<TicketRow>(ticket.document.as_bytes()))?;
    Ok(tickets.len())
}

fn ticket_finding(tickets: usize) -> Vec<DocumentFinding> {
    let text = Text::new(
        format!("未使用のチケット {tickets} 枚を無効にしました。"),
        format!("{tickets} unspent tickets were made void."),
    );
    vec![DocumentFinding { text }]
}

/// Documents by part of their 件名, or by id: those the caller made, decided on or may read. The newest first, at most 200.
///
/// # Errors
/// When rows can't be read.
pub fn search(app: &App, who: &Principal, title: &str) -> Result<Vec<DocumentSummary>, Refusal> {
    let wanted = title.trim().to_lowercase();
    let found = app.store.read(|reader| -> Result<Vec<(Case, Option<String>)>, Refusal> {
        let mut found = Vec::new();
        for line in concerning(reader, who)?.iter().rev() {
            let Some(line) = reader.get::<LineageRow>(line)? else { continue };
            let Some(newest) = line.documents.last() else { continue };
            let Some(case) = Case::find(app, reader, who, newest)? else { continue };
            let facts = Facts { purpose: true, ..case.facts(app, who, Action::View) };
            let concerned = facts.author || facts.decider || app.engine.decide(Action::View, &facts).is_ok();
            if !concerned {
                continue;
            }
            let title =
                case.lineage.title.as_ref().map(|t| app.keyring.open_title(&case.lineage.lineage, t)).transpose()?;
            let shown = title.as_deref().unwrap_or_default().to_lowercase();
            if wanted.is_empty() || shown.contains(&wanted) || newest.to_string() == wanted {
                found.push((case, title));
            }
            if found.len() >= FOUND {
                break;
            }
        }
        Ok(found)
    })?;
    let mut found = found;
    found.sort_by_key(|(case, _)| Reverse((case.document.registered, case.document.entry())));
    Ok(found.into_iter().map(|(case, title)| summary(who, &case, title)).collect())
}

/// The lines that may concern somebody, oldest first: their own, those they may read, those they decided on.
fn concerning(reader: &Reader<'_>, who: &Principal) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let (subject, unit) = (who.subject().id.as_str().as_bytes(), who.subject().unit.as_bytes());
    let mut lines: BTreeSet<Vec<u8>> = reader.keys::<LineageRow>(Link::Subject, subject)?.into_iter().collect();
    lines.extend(reader.keys::<LineageRow>(Link::Unit, unit)?);
    let decided = reader.find::<DocumentRow>(Link::Subject, subject)?.into_iter().map(|row| Some(row.lineage));
    let permitted = reader.find::<ApprovalRow>(Link::Subject, subject)?.into_iter().map(|row| row.lineage);
    lines.extend(decided.chain(permitted).flatten().map(|lineage| lineage.as_bytes().to_vec()));
    Ok(lines)
}

fn summary(who: &Principal, case: &Case, title: Option<String>) -> DocumentSummary {
    let state = match case.lineage.standing {
        Standing::Suspended => "suspended",
        Standing::Ended => "destroyed",
        Standing::Active | Standing::Pending => "active",
    };
    let own = case.document.author == who.subject().id || case.document.decider == who.subject().id;
    let readers = own.then(|| Readers { subjects: case.lineage.readers.clone(), units: case.lineage.units.clone() });
    DocumentSummary {
        document: case.document.document,
        lineage: case.document.lineage,
        title,
        revision: case.section.revision(),
        label_section: case.document.label_section.clone(),
        state: state.to_owned(),
        registered: case.document.registered,
        author: case.document.author.clone(),
        readers,
    }
}
