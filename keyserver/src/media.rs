//! 外部電磁的記録媒体. What is in the register, the mark a medium is known by, its return and its loss (8.1.1(1)(d)).
//!
//! A file on a medium proves no piece of hardware: the mark shows that the medium was registered, and is bound to its file
//! system where that has a UUID. It tells registered media from others; it does not stop whoever copies a whole medium.

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::cbor;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::id::RequestId;
use kakuzuke_core::protocol::{
    MarkAnswer, MarkRequest, Medium, MediumMark, MediumRecord, MediumRequest, MediumState, RecallReport, TakeOutRequest,
};
use kakuzuke_core::trust::Service;

use crate::app::App;
use crate::auth::Principal;
use crate::case::{is_section_officer, subject_facts};
use crate::decide::{Action, Facts, Granted};
use crate::departures::{Lost, lose};
use crate::random::{bytes, generator};
use crate::refusal::Refusal;
use crate::store::{DepartureRow, Link, MediumRow, Reader, Standing, StoreError, SubjectRow, Verified};

/// Longest reason, in bytes, and longest UUID.
const REASON: usize = 4_000;
const VOLUME: usize = 64;

const NO_SUCH: Text = Text::fixed("その管理番号の媒体は登録されていません。", "No medium of this id is registered.");
const NOT_IN_USE: Text = Text::fixed("返却又は紛失した媒体です。", "The medium was returned or lost.");
const STILL_OUT: Text = Text::fixed(
    "この媒体での持出しに、まだ返却を記録していないものがあります（labeler takeout --return）。",
    "Something is still out on this medium (labeler takeout --return).",
);
const NO_REASON: Text = Text::fixed("理由を述べてください（--reason）。", "State the reason (--reason).");

/// A medium as somebody shows it: what the register says of it, and whether its mark is the one that counts.
pub struct Shown {
    known: bool,
    ours: bool,
    received: bool,
    fits: bool,
    /// Entry its row rests on.
    pub entry: Option<u64>,
}

impl Shown {
    /// The facts of carrying something on it.
    #[must_use]
    pub fn facts(&self, facts: Facts) -> Facts {
        Facts {
            medium_known: self.known,
            medium_ours: self.ours,
            medium_received: self.received,
            medium_fits: self.fits,
            ..facts
        }
    }
}

/// Looks a medium up by its id and judges the mark found on it.
///
/// # Errors
/// [`StoreError::Altered`] when a row is not as it was written.
pub fn shown(app: &App, reader: &Reader<'_>, who: &Principal, asked: &TakeOutRequest) -> Result<Shown, StoreError> {
    let row = reader.get::<MediumRow>(asked.medium.as_bytes())?;
    let Some(row) = row else {
        return Ok(Shown { known: false, ours: false, received: false, fits: false, entry: None });
    };
    let keeper = reader.get::<SubjectRow>(row.keeper.as_str().as_bytes())?;
    let same_unit = |keeper: &Verified<SubjectRow>| !keeper.unit.is_empty() && keeper.unit == who.subject().unit;
    let with = asked.organisation.as_deref().map(str::trim);
    Ok(Shown {
        known: row.standing == Standing::Active && is_genuine(app, &row, asked.mark.as_slice()),
        ours: row.keeper == who.subject().id || keeper.is_some_and(|keeper| same_unit(&keeper)),
        received: row.organisation.is_some(),
        fits: row.organisation.is_some() && row.organisation.as_deref() == with,
        entry: Some(row.entry()),
    })
}

/// Whether a mark is the newest this server made for a medium.
fn is_genuine(app: &App, row: &MediumRow, mark: &[u8]) -> bool {
    let read = || {
        let signed = UnverifiedSign1::parse(mark, Domain::MEDIUM).ok()?;
        let (_, payload) = app.anchors.verify_service(app.provider, &signed, Service::Licence, app.now()).ok()?;
        cbor::decode_strict::<MediumMark>(payload).ok()
    };
    read().is_some_and(|mark| {
        mark.authority == app.authority
            && mark.medium == row.id
            && Some(mark.nonce) == row.nonce
            && mark.volume == row.volume
    })
}

/// A medium as it stands.
///
/// # Errors
/// [`StoreError::Altered`] when a row is not as it was written.
pub fn record(reader: &Reader<'_>, row: &MediumRow) -> Result<MediumRecord, StoreError> {
    let state = match row.standing {
        Standing::Active | Standing::Pending => MediumState::Active,
        Standing::Suspended => MediumState::Lost,
        Standing::Ended => MediumState::Returned,
    };
    let medium = Medium {
        id: row.id.clone(),
        what: row.what.clone(),
        keeper: row.keeper.clone(),
        organisation: row.organisation.clone(),
    };
    Ok(MediumRecord { medium, state, marked: row.nonce.is_some(), out: out(reader, &row.id)? })
}

/// Ledger numbers of what is out on a medium.
fn out(reader: &Reader<'_>, id: &str) -> Result<Vec<u64>, StoreError> {
    let rows = reader.find::<DepartureRow>(Link::Medium, id.as_bytes())?;
    Ok(rows.iter().filter(|row| row.is_out()).map(|row| row.number).collect())
}

/// Finds a medium and decides whether the caller may act on it.
fn may(app: &App, who: &Principal, id: &str) -> Result<(Verified<MediumRow>, Granted), Refusal> {
    let found = app.store.read(|reader| -> Result<_, StoreError> {
        let Some(row) = reader.get::<MediumRow>(id.as_bytes())? else { return Ok(None) };
        let keeper = reader.get::<SubjectRow>(row.keeper.as_str().as_bytes())?;
        Ok(Some((row, keeper)))
    })?;
    let (row, keeper) = found.ok_or_else(|| Refusal::new(Code::NotAvailable, NO_SUCH))?;
    let facts = Facts {
        own: row.keeper == who.subject().id,
        section_officer: keeper.is_some_and(|keeper| is_section_officer(who.subject(), &keeper.unit)),
        ..subject_facts(app, who)
    };
    match app.engine.decide(Action::Medium, &facts) {
        Ok(granted) => Ok((row, granted)),
        Err(denial) => {
            let mut entry = who.entry(app.now(), EntryKind::MediumRefused, Outcome::Denied);
            (entry.text.clauses, entry.text.policies) = (denial.clauses(), denial.policies());
            entry.text.medium = Some(row.id.clone());
            let entry = entry.finish(&mut generator());
            app.store.write(move |tx| tx.append(entry).map(drop))?;
            Err(Refusal::denied(&denial, app.taxonomy))
        }
    }
}

/// 媒体の印. Makes the one that counts from now on.
///
/// # Errors
/// [`Refusal`] when it is not the caller's to mark, or not in use.
pub fn mark(app: &App, who: &Principal, id: &str, request: &MarkRequest) -> Result<MarkAnswer, Refusal> {
    let volume = request.volume.clone().filter(|volume| !volume.is_empty());
    if volume.as_ref().is_some_and(|v| v.len() > VOLUME || !v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
        return Err(Refusal::of(Code::Usage));
    }
    let (row, granted) = may(app, who, id)?;
    if row.standing != Standing::Active {
        return Err(Refusal::new(Code::Conflict, NOT_IN_USE));
    }
    let nonce = RequestId::from_bytes(bytes());
    let marked = {
        let volume = volume.clone();
        move |row| MediumRow { nonce: Some(nonce), volume, ..row }
    };
    let row = change(app, who, row, &granted, EntryKind::MediumMarked, None, marked)?;
    let mark = MediumMark { authority: app.authority, medium: row.id, nonce, volume };
    Ok(MarkAnswer { mark: app.licences.sign(Domain::MEDIUM, &mark)? })
}

/// 返却. Back to who supplied it, or to the organisation it came from; nothing may be out on it.
///
/// # Errors
/// [`Refusal`] when it is not the caller's to say, or something is still out on it.
pub fn give_back(app: &App, who: &Principal, id: &str, request: &MediumRequest) -> Result<MediumRecord, Refusal> {
    let (row, granted) = may(app, who, id)?;
    if row.standing != Standing::Active {
        return Err(Refusal::new(Code::Conflict, NOT_IN_USE));
    }
    if !app.store.read(|reader| out(reader, id))?.is_empty() {
        return Err(Refusal::new(Code::Conflict, STILL_OUT));
    }
    let ended = |row| MediumRow { standing: Standing::Ended, nonce: None, ..row };
    let row = change(app, who, row, &granted, EntryKind::MediumReturned, Some(said(request)?), ended)?;
    app.store.read(|reader| record(reader, &row)).map_err(Refusal::from)
}

/// 紛失. The medium is used no more, and everything out on it is stopped, for everybody.
///
/// # Errors
/// [`Refusal`] when it is not the caller's to say. Said again, it stops what is left and says what was found.
pub fn lost(app: &App, who: &Principal, id: &str, request: &MediumRequest) -> Result<RecallReport, Refusal> {
    let reason = said(request)?;
    let (medium, granted) = may(app, who, id)?;
    lose(app, who, Lost { medium, reason, policies: granted.policies().to_vec() })
}

fn said(request: &MediumRequest) -> Result<String, Refusal> {
    let reason = request.reason.trim();
    if reason.is_empty() || reason.len() > REASON {
        return Err(Refusal::new(Code::Usage, NO_REASON));
    }
    Ok(reason.to_owned())
}

fn change(
    app: &App,
    who: &Principal,
    row: Verified<MediumRow>,
    granted: &Granted,
    kind: EntryKind,
    reason: Option<String>,
    change: impl FnOnce(MediumRow) -> MediumRow + Send + 'static,
) -> Result<MediumRow, Refusal> {
    let mut entry = who.entry(app.now(), kind, Outcome::Done);
    (entry.text.medium, entry.text.reason) = (Some(row.id.clone()), reason);
    entry.text.policies = granted.policies().to_vec();
    let entry = entry.finish(&mut generator());
    let (key, expected) = (row.id.as_bytes().to_vec(), row.entry());
    let written = app.store.write(move |tx| -> Result<Option<MediumRow>, StoreError> {
        let row = tx.reader().get::<MediumRow>(&key)?.filter(|row| row.entry() == expected);
        let Some(row) = row.map(Verified::into_row) else { return Ok(None) };
        let row = change(row);
        let entry = tx.append(entry)?;
        tx.put(&row, entry)?;
        Ok(Some(row))
    })?;
    written.value.ok_or_else(|| Refusal::of(Code::Conflict))
}
