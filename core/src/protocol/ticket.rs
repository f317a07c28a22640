//! チケット. What a client needs to protect a document: an id, the server's half of the secret, and the key to seal to.

use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::crypto::KeySuite;
use crate::id::{AuthorityId, DeviceId, Digest, DocumentId, KeyId, SubjectId};
use crate::time::Timestamp;

/// How safely the server holds the secret when it issues the ticket.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Durability {
    /// On the server's disk.
    #[n(0)]
    Local,
    /// In a backup that was completed after the secret was made.
    #[n(1)]
    InBackup,
    /// On at least two nodes.
    #[n(2)]
    Replicated,
}

/// Asks for tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketRequest {
    /// How many, 1 to 1,000.
    pub count: u16,
}

/// What the authority says of a ticket (payload of a COSE_Sign1, external_aad "kakuzuke/v1/ticket").
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct TicketStatement {
    /// The document it is for.
    #[n(0)]
    pub document: DocumentId,
    /// Who issued it.
    #[n(1)]
    pub authority: AuthorityId,
    /// Who may use it.
    #[n(2)]
    pub subject: SubjectId,
    /// On which device.
    #[n(3)]
    pub device: DeviceId,
    /// The key to seal the grant to.
    #[n(4)]
    pub kek: KeyId,
    /// Its suite.
    #[n(5)]
    pub suite: KeySuite,
    /// When it was issued.
    #[n(6)]
    pub issued: Timestamp,
    /// Sealing is forbidden after this (90 days).
    #[n(7)]
    pub seal_until: Timestamp,
    /// How safely the secret is held.
    #[n(8)]
    pub durability: Durability,
    /// SHA-256 of `enc` followed by `ct`.
    #[n(9)]
    pub sealed: Digest,
}

/// A ticket: the statement and the secret S (32 bytes) sealed to the device's KEM key by HPKE,
/// info = deterministic CBOR array ["kakuzuke/v1/ticket", authority, document, device, subject].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// COSE_Sign1 over a [`TicketStatement`].
    pub statement: Bytes,
    /// HPKE encapsulated key.
    pub enc: Bytes,
    /// HPKE ciphertext of S.
    pub ct: Bytes,
}

/// Answer to a [`TicketRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketBatch {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// The server's clock.
    pub server_time: Timestamp,
}
