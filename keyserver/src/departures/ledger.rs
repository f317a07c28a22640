//! 台帳. Who sees what of it, and how what was out is ticked off.

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::protocol::{
    CopyState, DepartedDocument, Departure, PrintedCopy, Recipient, Route, Settlement, WantedDepartures,
};
use kakuzuke_core::time::Timestamp;

use super::is_by;
use crate::app::App;
use crate::auth::Principal;
use crate::case::{is_section_officer, subject_facts};
use crate::decide::{Action, Facts};
use crate::random::generator;
use crate::refusal::Refusal;
use crate::store::{DepartureRow, LineageRow, Link, Reader, StoreError, Verified};

/// Entries in one answer, at most.
const PAGE: usize = 1_000;

const NO_SUCH: Text = Text::fixed("その番号の台帳の記録はありません。", "The ledger has no entry of that number.");
const NOT_OUT: Text = Text::fixed(
    "その番号のものは持ち出されていないか、既に記録されています。",
    "Nothing of that number is out, or it has been noted already.",
);

/// The ledger, as far as it is the caller's to see: their own; their 課室's for its 課室情報セキュリティ責任者; all of it for
/// the 統括 and the 情報システムセキュリティ責任者. The newest first, a page of it.
///
/// # Errors
/// When rows can't be read.
pub fn list(app: &App, who: &Principal, wanted: &WantedDepartures) -> Result<Vec<Departure>, Refusal> {
    let facts = subject_facts(app, who);
    let subject = who.subject();
    if !facts.officer {
        return Ok(Vec::new());
    }
    app.store.read(|reader| -> Result<Vec<Departure>, Refusal> {
        let mut rows = if facts.chief_officer || facts.system_officer {
            reader.list::<DepartureRow>()?
        } else {
            let mut rows = reader.find::<DepartureRow>(Link::Subject, subject.id.as_str().as_bytes())?;
            if is_section_officer(subject, &subject.unit) {
                rows.extend(reader.find::<DepartureRow>(Link::Unit, subject.unit.as_bytes())?);
            }
            rows
        };
        rows.retain(|row| wanted.before.is_none_or(|before| row.number < before) && (!wanted.out || row.is_out()));
        rows.sort_by_key(|row| std::cmp::Reverse(row.number));
        rows.dedup_by_key(|row| row.number);
        rows.iter()
            .take(wanted.count.map_or(PAGE, |count| PAGE.min(count.into())))
            .map(|row| view(app, reader, row))
            .collect()
    })
}

/// An entry as those see it who may.
pub(super) fn view(app: &App, reader: &Reader<'_>, row: &DepartureRow) -> Result<Departure, Refusal> {
    let now = app.now();
    let mut documents = Vec::new();
    for departed in &row.documents {
        let line = reader.get::<LineageRow>(departed.lineage.as_bytes())?;
        let sealed = line.as_ref().and_then(|line| line.title.as_ref());
        let title = sealed.map(|title| app.keyring.open_title(&departed.lineage, title)).transpose()?;
        documents.push(DepartedDocument {
            document: departed.document,
            lineage: departed.lineage,
            header: departed.header.clone(),
            clear: departed.clear,
            title,
            entry: departed.entry,
            accepted: departed.accepted.clone(),
        });
    }
    let recipient = |given: &crate::store::Given| {
        Some(Recipient { address: given.address.parse().ok()?, subject: given.subject.clone(), stopped: given.stopped })
    };
    let copy = |copy: &crate::store::Printed| PrintedCopy {
        number: copy.number,
        holder: copy.holder.clone(),
        state: copy.state,
        since: copy.since,
    };
    Ok(Departure {
        number: row.number,
        route: row.route,
        by: row.by.clone(),
        at: row.at,
        purpose: row.purpose.clone(),
        documents,
        recipients: row.given.iter().filter_map(recipient).collect(),
        medium: row.medium.clone(),
        until: row.until,
        copies: row.copies.iter().map(copy).collect(),
        returned: row.returned,
        overdue: row.route == Route::Medium && row.is_out() && row.until.is_some_and(|until| now >= until),
    })
}

/// 返却・回収・細断. Ticks off what was out; what was ticked off before stays as it is.
///
/// # Errors
/// [`Refusal`] when it is not the caller's to say, after an entry, or nothing of that number is out.
pub fn settle(app: &App, who: &Principal, number: u64, settlement: &Settlement) -> Result<Departure, Refusal> {
    let key = DepartureRow::key_of(number);
    let row = app.store.read(|reader| reader.get::<DepartureRow>(&key))?;
    let row = row.ok_or_else(|| Refusal::new(Code::NotAvailable, NO_SUCH))?;
    let facts = Facts {
        own: is_by(&row, &who.subject().id),
        section_officer: is_section_officer(who.subject(), &row.unit),
        ..subject_facts(app, who)
    };
    let granted = match app.engine.decide(Action::Settle, &facts) {
        Ok(granted) => granted,
        Err(denial) => return super::refuse(app, who, EntryKind::SettlementRefused, None, &denial, &[]),
    };
    let now = app.now();
    let mut entry = who.entry(now, EntryKind::Settled, Outcome::Done);
    (entry.text.ledger, entry.text.policies) = (Some(number), granted.policies().to_vec());
    (entry.text.medium, entry.text.note) = (row.medium.clone(), Some(words(settlement)));
    let entry = entry.finish(&mut generator());
    let settlement = settlement.clone();
    let expected = row.entry();
    let written = app.store.write(move |tx| -> Result<Option<DepartureRow>, StoreError> {
        let row = tx.reader().get::<DepartureRow>(&key)?.filter(|row| row.entry() == expected);
        let Some(mut row) = row.map(Verified::into_row) else { return Ok(None) };
        if !tick(&mut row, &settlement, now) {
            return Ok(None);
        }
        let entry = tx.append(entry)?;
        tx.put(&row, entry)?;
        Ok(Some(row))
    })?;
    let row = written.value.ok_or_else(|| Refusal::new(Code::Conflict, NOT_OUT))?;
    app.store.read(|reader| view(app, reader, &row))
}

fn words(settlement: &Settlement) -> String {
    let numbers = |numbers: &[u16]| numbers.iter().map(|n| format!("第{n}号")).collect::<Vec<_>>().join("、");
    match settlement {
        Settlement::Returned => "返却（媒体に残っていないことを端末で確認）".to_owned(),
        Settlement::Collected(copies) => format!("回収 {}", numbers(copies)),
        Settlement::Shredded(copies) => format!("細断 {}", numbers(copies)),
    }
}

/// Whether something was ticked off, and nothing was named that is not out.
fn tick(row: &mut DepartureRow, settlement: &Settlement, now: Timestamp) -> bool {
    let (numbers, state) = match settlement {
        Settlement::Returned => {
            let out = row.route == Route::Medium && row.returned.is_none();
            row.returned = row.returned.or(Some(now));
            return out;
        }
        Settlement::Collected(numbers) => (numbers, CopyState::Collected),
        Settlement::Shredded(numbers) => (numbers, CopyState::Shredded),
    };
    let before =
        |copy: CopyState| copy == CopyState::Out || copy == CopyState::Collected && state == CopyState::Shredded;
    for number in numbers {
        let Some(copy) = row.copies.iter_mut().find(|copy| copy.number == *number && before(copy.state)) else {
            return false;
        };
        (copy.state, copy.since) = (state, Some(now));
    }
    !numbers.is_empty()
}
