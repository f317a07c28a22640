//! チケットの発行. Ids and secrets for documents to come, each sealed to the device that asked, each on file first.

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::Domain;
use kakuzuke_core::crypto::{KemPublicKey, hpke};
use kakuzuke_core::envelope::DocumentSecret;
use kakuzuke_core::id::{Digest, DocumentId};
use kakuzuke_core::protocol::{Bytes, Durability, Ticket, TicketBatch, TicketRequest, TicketStatement};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::auth::Principal;
use crate::batch::each;
use crate::case::subject_facts;
use crate::decide::Action;
use crate::random::{bytes, generator};
use crate::refusal::Refusal;
use crate::store::{Link, StoreError, TicketRow};

/// Tickets in one answer.
const MOST: u16 = 1_000;
/// Unspent tickets of one subject; more are not issued: a stolen device yields no more than these.
const UNSPENT: usize = 5_000;
/// Sealing is forbidden after 90 days.
const SEAL_SECONDS: i64 = 90 * 86_400;

/// Issues tickets.
///
/// # Errors
/// [`Refusal`] when the caller may not protect documents or has too many tickets unspent.
pub fn issue(app: &App, who: &Principal, request: &TicketRequest) -> Result<TicketBatch, Refusal> {
    if request.count == 0 || request.count > MOST {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    let now = app.now();
    if let Err(denial) = app.engine.decide(Action::Ticket, &subject_facts(app, who)) {
        let mut entry = who.entry(now, EntryKind::TicketsRefused, Outcome::Denied);
        (entry.text.clauses, entry.text.policies) = (denial.clauses(), denial.policies());
        let entry = entry.finish(&mut generator());
        app.store.write(move |tx| tx.append(entry).map(drop))?;
        return Err(Refusal::denied(&denial, app.taxonomy));
    }
    let made = each((0..request.count).collect(), |_| make(app, who, now));
    let made = made.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (rows, made): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    let mut entry = who.entry(now, EntryKind::TicketsIssued, Outcome::Done);
    entry.text.count = Some(u64::from(request.count));
    let entry = entry.finish(&mut generator());
    let subject = who.subject().id.clone();
    let written = app.store.write(move |tx| -> Result<bool, StoreError> {
        let unspent = tx.reader().find::<TicketRow>(Link::Subject, subject.as_str().as_bytes())?;
        // One whose time is over counts no more, but its secret stays: a document sealed with it in time may still be
        // registered, from this device or another, and would be lost without it.
        let alive = unspent.iter().filter(|ticket| now <= ticket.seal_until).count();
        if alive + rows.len() > UNSPENT {
            return Ok(false);
        }
        let entry = tx.append(entry)?;
        rows.iter().try_for_each(|row| tx.put(row, entry))?;
        Ok(true)
    })?;
    if !written.value {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    // How safely the secrets are kept is said of what was done, not of what was meant.
    let tickets = each(made, |made| made.finish(app, written.durability));
    let tickets = tickets.into_iter().collect::<Result<_, _>>()?;
    Ok(TicketBatch { tickets, server_time: app.now() })
}

/// A ticket whose statement is not signed yet.
struct Made {
    statement: TicketStatement,
    enc: Bytes,
    ct: Bytes,
}

impl Made {
    fn finish(mut self, app: &App, durability: Durability) -> Result<Ticket, Refusal> {
        self.statement.durability = durability;
        let statement = app.licences.sign(Domain::TICKET, &self.statement)?;
        Ok(Ticket { statement, enc: self.enc, ct: self.ct })
    }
}

fn make(app: &App, who: &Principal, now: Timestamp) -> Result<(TicketRow, Made), Refusal> {
    let mut rng = generator();
    let millis = u64::try_from(now.unix()).unwrap_or(0).saturating_mul(1000);
    let document = DocumentId::new_v7(millis, bytes());
    let secret = DocumentSecret::generate(&mut rng);
    let (device, subject) = (who.device(), &who.subject().id);
    let key = KemPublicKey::new(device.suite, device.kem_key.as_slice()).map_err(|_| Refusal::of(Code::Internal))?;
    let info = cbor::encode(&("kakuzuke/v1/ticket", app.authority, document, device.id, subject));
    let sealed = hpke::seal(app.provider, &key, &info, &[], secret.expose(), &mut rng);
    let sealed = sealed.map_err(|_| Refusal::of(Code::Internal))?;
    let kek = app.keyring.active_kek()?;
    let statement = TicketStatement {
        document,
        authority: app.authority,
        subject: subject.clone(),
        device: device.id,
        kek: kek.id(),
        suite: kek.private().suite(),
        issued: now,
        seal_until: now.plus(SEAL_SECONDS),
        durability: Durability::Local,
        sealed: Digest::from_bytes(app.provider.sha256(&[sealed.enc.as_slice(), sealed.ct.as_slice()].concat())),
    };
    let row = TicketRow {
        document,
        subject: subject.clone(),
        device: device.id,
        secret: app.keyring.seal_secret(&document, &secret, &mut rng)?,
        kek: kek.id(),
        seal_until: statement.seal_until,
    };
    Ok((row, Made { statement, enc: Bytes(sealed.enc), ct: Bytes(sealed.ct) }))
}
