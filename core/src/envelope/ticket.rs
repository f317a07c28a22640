//! What sealing needs of a ticket: the document's secrets, the keys to grant to, and how durably the secrets are held.

use rand_core::CryptoRng;

use super::error::{GrantError, SealError};
use super::grant::{GRANTS_MAX, Grant, Recipient, SHARES_MAX};
use super::keys::{DocumentSecret, KeyShare};
use super::label_section::LabelSection;
use crate::crypto::Provider;
use crate::id::AuthorityId;
use crate::label::Label;
use crate::protocol::Durability;

/// One authority's part in a ticket.
pub struct TicketEntry {
    /// Whose, and the key to seal the grant to.
    pub recipient: Recipient,
    /// The document's secret S at that authority.
    pub secret: DocumentSecret,
    /// How safely the authority holds S.
    pub durability: Durability,
}

/// Who will be able to release the key: shares, all of which are needed; each held by alternatives, any of which will do.
pub struct TicketParts {
    shares: Vec<Vec<TicketEntry>>,
}

impl TicketParts {
    /// No key at all: only for 機密性1情報.
    #[must_use]
    pub const fn clear() -> Self {
        Self { shares: Vec::new() }
    }

    /// One authority.
    #[must_use]
    pub fn single(entry: TicketEntry) -> Self {
        Self { shares: vec![vec![entry]] }
    }

    /// Several authorities, any of which opens.
    ///
    /// # Errors
    /// [`SealError::Recipients`] for none, too many, or one twice.
    pub fn any(entries: Vec<TicketEntry>) -> Result<Self, SealError> {
        Self::checked(vec![entries])
    }

    /// Several authorities, all of which are needed; each item may have alternatives.
    ///
    /// # Errors
    /// [`SealError::Recipients`] for none, too many, or one twice among alternatives.
    pub fn all(shares: Vec<Vec<TicketEntry>>) -> Result<Self, SealError> {
        Self::checked(shares)
    }

    fn checked(shares: Vec<Vec<TicketEntry>>) -> Result<Self, SealError> {
        let grants: usize = shares.iter().map(Vec::len).sum();
        let fits = (1..=usize::from(SHARES_MAX)).contains(&shares.len()) && grants <= GRANTS_MAX;
        let each_once = shares.iter().all(|alternatives| {
            let mut names: Vec<_> = alternatives.iter().map(|e| (e.recipient.authority, e.recipient.key)).collect();
            names.sort_unstable();
            names.dedup();
            !alternatives.is_empty() && names.len() == alternatives.len()
        });
        if fits && each_once { Ok(Self { shares }) } else { Err(SealError::Recipients) }
    }

    pub(super) fn share_count(&self) -> u8 {
        u8::try_from(self.shares.len()).unwrap_or(u8::MAX)
    }

    /// Whether these entries are enough for the grade.
    pub(super) fn suffice(&self, label: &Label, origin: AuthorityId) -> Result<(), SealError> {
        if label.mechanism().leaves_clear() {
            return if self.shares.is_empty() { Ok(()) } else { Err(SealError::Recipients) };
        }
        let at_origin = self.shares.iter().flatten().any(|e| e.recipient.authority == origin);
        if !at_origin {
            return Err(SealError::Recipients);
        }
        // 可用性2: every share must survive the loss of one disk. [ENV-70]
        if label.mechanism().demands_durable_ticket() && !self.shares.iter().all(|a| survives(a)) {
            return Err(SealError::Durability);
        }
        Ok(())
    }

    pub(super) fn grants(
        &self,
        provider: &dyn Provider,
        section: &LabelSection,
        keys: &[KeyShare],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<Grant>, SealError> {
        let mut made = Vec::new();
        for (alternatives, key) in self.shares.iter().zip(keys) {
            for entry in alternatives {
                let grant = Grant::make(provider, &entry.recipient, section, &entry.secret, key, rng);
                made.push(grant.map_err(|error| match error {
                    GrantError::PublicKey => SealError::PublicKey,
                    _ => SealError::Recipients,
                })?);
            }
        }
        Ok(made)
    }
}

/// Replicated, in a backup, or held by two authorities.
fn survives(alternatives: &[TicketEntry]) -> bool {
    let durable = alternatives.iter().any(|e| e.durability != Durability::Local);
    let first = alternatives.first().map(|e| e.recipient.authority);
    let two = alternatives.iter().any(|e| Some(e.recipient.authority) != first);
    durable || two
}
