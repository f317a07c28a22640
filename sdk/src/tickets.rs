//! チケット. What protecting needs of the server: fetched when there is contact, or kept at hand for when there is none.
//! A ticket is spent before anything sealed with it can be seen, and never used twice.

use std::path::PathBuf;

use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::crypto::{KemPublicKey, hpke};
use kakuzuke_core::envelope::{DocumentSecret, Recipient, SealError, TicketEntry};
use kakuzuke_core::id::{Digest, DocumentId};
use kakuzuke_core::label::Label;
use kakuzuke_core::protocol::{Durability, Ticket, TicketBatch, TicketRequest, TicketStatement, paths};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Service;

use crate::error::{Error, Result};
use crate::messages;
use crate::reports::TicketStock;
use crate::session::{Desk, Session};

const FOLDER: &str = "tickets";
/// Tickets asked for at a time.
const BATCH: u16 = 256;

/// A ticket, opened: ready for one sealing.
pub(crate) struct OpenTicket {
    pub(crate) document: DocumentId,
    pub(crate) entry: TicketEntry,
}

impl Session {
    /// Fetches tickets until `count` unspent ones are at hand, for protecting without the server.
    ///
    /// # Errors
    /// When the server can't be asked or issues none.
    pub fn fill_tickets(&self, count: u16) -> Result<TicketStock> {
        let desk = &self.0;
        let mut stock = self.tickets()?;
        while stock.unspent < usize::from(count) {
            let missing = usize::from(count) - stock.unspent;
            let wanted = u16::try_from(missing).unwrap_or(BATCH).min(BATCH);
            for ticket in desk.fetch_tickets(wanted)? {
                desk.keep_ticket(&ticket)?;
            }
            stock = self.tickets()?;
        }
        Ok(stock)
    }

    /// The tickets at hand.
    ///
    /// # Errors
    /// When the profile can't be read.
    pub fn tickets(&self) -> Result<TicketStock> {
        let desk = &self.0;
        let now = desk.clock.now();
        let mut ends = Vec::new();
        for path in desk.ticket_files()? {
            if let Some((statement, _)) = desk.read_ticket(&path)?.filter(|(s, _)| now <= s.seal_until) {
                ends.push(statement.seal_until);
            }
        }
        Ok(TicketStock { unspent: ends.len(), seal_until: ends.into_iter().min() })
    }
}

impl Desk {
    /// Tickets for sealing now, with the server.
    pub(crate) fn fresh_tickets(&self, count: u16) -> Result<Vec<OpenTicket>> {
        let tickets = self.fetch_tickets(count)?;
        tickets.iter().map(|ticket| self.open_ticket(ticket, self.clock.now())).collect()
    }

    /// A ticket at hand that is good enough for a label, spent. Whoever else tries to take the same one gets another.
    pub(crate) fn spend_ticket(&self, label: &Label) -> Result<OpenTicket> {
        let now = self.now()?;
        let durable = label.mechanism().demands_durable_ticket();
        for path in self.ticket_files()? {
            let found = self.read_ticket(&path)?;
            if durable && found.is_none_or(|(statement, _)| statement.durability == Durability::Local) {
                continue;
            }
            let spent = path.with_extension("spent");
            // One of two programs wins this; the name is durable before anything is sealed.
            if std::fs::rename(&path, &spent).is_err() {
                continue;
            }
            crate::files::sync_folder(&spent);
            let ticket = self.read_ticket(&spent)?.map(|(_, ticket)| ticket);
            std::fs::remove_file(&spent).map_err(|e| Error::io(&spent, e))?;
            if let Some(open) = ticket.and_then(|ticket| self.open_ticket(&ticket, now).ok()) {
                return Ok(open);
            }
        }
        let missing = Error::of(Code::NoTicket);
        // What the grade asks for, not the number of tickets, may be what is missing.
        Err(if durable { Error::new(Code::NoTicket, messages::seal(SealError::Durability)) } else { missing })
    }

    /// Tickets as they come from the server, not yet opened.
    pub(crate) fn fetch_tickets(&self, count: u16) -> Result<Vec<Ticket>> {
        self.refresh_description()?;
        let batch: TicketBatch = self.server.post(self.caller(), paths::TICKETS, &TicketRequest { count })?;
        self.seen.keep_time(batch.server_time)?;
        if batch.tickets.is_empty() {
            return Err(Error::of(Code::NoTicket));
        }
        // The authority may have a new key-encryption key since.
        if batch.tickets.iter().any(|ticket| !self.knows_kek_of(ticket)) {
            self.renew_description()?;
        }
        Ok(batch.tickets)
    }

    /// Whether the description at hand has the key a ticket claims: only then does asking again bring nothing.
    fn knows_kek_of(&self, ticket: &Ticket) -> bool {
        let signed = UnverifiedSign1::parse(ticket.statement.as_slice(), Domain::TICKET).ok();
        let claimed = signed.and_then(|s| cbor::decode_strict::<TicketStatement>(s.unverified_payload()).ok());
        claimed.is_some_and(|s| self.profile.description().keks.iter().any(|k| k.key_id == s.kek && k.suite == s.suite))
    }

    /// Verifies a ticket and opens its secret with the device's key.
    pub(crate) fn open_ticket(&self, ticket: &Ticket, now: Timestamp) -> Result<OpenTicket> {
        let statement = self.verify_statement(ticket, now)?;
        let card = self.profile.card();
        let sealed = Digest::from_bytes(self.provider.sha256(&[ticket.enc.as_slice(), ticket.ct.as_slice()].concat()));
        let ours = statement.authority == card.authority
            && statement.subject == card.subject
            && statement.device == card.device
            && statement.sealed == sealed
            && now <= statement.seal_until;
        if !ours {
            return Err(Error::new(Code::SignatureInvalid, messages::NOT_OUR_TICKET));
        }
        let refused = || Error::new(Code::SignatureInvalid, messages::NOT_OUR_TICKET);
        let info =
            cbor::encode(&("kakuzuke/v1/ticket", card.authority, statement.document, card.device, &card.subject));
        let secret = hpke::open(
            self.provider,
            self.profile.keys().kem(),
            ticket.enc.as_slice(),
            &info,
            &[],
            ticket.ct.as_slice(),
        );
        let secret: DocumentSecret = secret.ok().and_then(|s| s.into_secret()).ok_or_else(refused)?;
        let description = self.profile.description();
        let kek = description.keks.iter().find(|k| k.key_id == statement.kek && k.suite == statement.suite);
        let kek = kek.ok_or_else(|| Error::new(Code::Unready, messages::NO_SUCH_KEK))?;
        let public = KemPublicKey::new(kek.suite, kek.public.as_slice()).map_err(|_| refused())?;
        let recipient = Recipient { authority: card.authority, key: kek.key_id, public };
        let entry = TicketEntry { recipient, secret, durability: statement.durability };
        Ok(OpenTicket { document: statement.document, entry })
    }

    fn verify_statement(&self, ticket: &Ticket, now: Timestamp) -> Result<TicketStatement> {
        let refused = |e: Box<dyn std::error::Error + Send + Sync>| Error::of(Code::SignatureInvalid).caused_by(e);
        let signed =
            UnverifiedSign1::parse(ticket.statement.as_slice(), Domain::TICKET).map_err(|e| refused(e.into()))?;
        let (_, payload) = self
            .profile
            .anchors()
            .verify_service(self.provider, &signed, Service::Licence, now)
            .map_err(|e| refused(e.into()))?;
        cbor::decode_strict(payload).map_err(|e| refused(e.into()))
    }

    fn keep_ticket(&self, ticket: &Ticket) -> Result<()> {
        let statement = self.verify_statement(ticket, self.clock.now())?;
        let folder = self.profile.folder().inner(FOLDER)?;
        folder.write_json(&format!("{}.ticket", statement.document), ticket)
    }

    fn ticket_files(&self) -> Result<Vec<PathBuf>> {
        let folder = self.profile.folder().inner(FOLDER)?;
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder.path())
            .map_err(|e| Error::io(folder.path(), e))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "ticket"))
            .collect();
        files.sort();
        Ok(files)
    }

    /// A ticket's file; none when somebody else has just taken it.
    fn read_ticket(&self, path: &std::path::Path) -> Result<Option<(TicketStatement, Ticket)>> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io(path, e)),
        };
        let damaged = || Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(path);
        let ticket: Ticket = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        let signed = UnverifiedSign1::parse(ticket.statement.as_slice(), Domain::TICKET).map_err(|_| damaged())?;
        let statement = cbor::decode_strict(signed.unverified_payload()).map_err(|_| damaged())?;
        Ok(Some((statement, ticket)))
    }
}

/// An id for a document that needs no ticket.
pub(crate) fn new_document(now: Timestamp) -> Result<DocumentId> {
    let millis = u64::try_from(now.unix()).unwrap_or(0).saturating_mul(1000);
    Ok(DocumentId::new_v7(millis, crate::random::bytes()?))
}
