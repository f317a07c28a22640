//! 利用許可. What a subject may do with a document on a device, until when, and the key for it.
//!
//! Rights come from here, never from the file.

mod rights;

pub use rights::{Right, Rights};

use crate::crypto::KeySuite;
use crate::id::{AuthorityId, DeviceId, DocumentId, LabelHash, LineageId, PayloadRoot, RequestId, SubjectId};
use crate::protocol::Bytes;
use crate::time::Timestamp;

/// What the holder must do.
#[derive(Debug, Clone, PartialEq, Eq, Default, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Obligations {
    /// Text to show across every page, if any: subject and time.
    #[n(0)]
    pub watermark: Option<String>,
    /// Openings left to this reader after this one (読後廃棄); absent when not counted.
    #[n(1)]
    pub openings_left: Option<u32>,
    /// Restrictions that people must keep, in printed form.
    #[n(2)]
    pub kept_by_people: Vec<String>,
}

/// A licence (payload of a COSE_Sign1, external_aad "kakuzuke/v1/licence", by the authority's licence service certificate).
///
/// The document key, or this authority's share of it (32 bytes), is sealed by HPKE to the device's KEM key;
/// info = deterministic CBOR array ["kakuzuke/v1/licence", authority, document, label hash, device, request].
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Licence {
    /// Who grants.
    #[n(0)]
    pub authority: AuthorityId,
    /// For which document.
    #[n(1)]
    pub document: DocumentId,
    /// Its lineage.
    #[n(2)]
    pub lineage: LineageId,
    /// Current label revision at the server.
    #[n(3)]
    pub label_hash: LabelHash,
    /// That revision's label section.
    #[n(4)]
    pub label_section: Bytes,
    /// Root of the payload, where the document has a trailer.
    #[n(5)]
    pub root: Option<PayloadRoot>,
    /// To whom.
    #[n(6)]
    pub subject: SubjectId,
    /// On which device.
    #[n(7)]
    pub device: DeviceId,
    /// In answer to which request.
    #[n(8)]
    pub request: RequestId,
    /// What may be done.
    #[n(9)]
    pub rights: Rights,
    /// What must be done.
    #[n(10)]
    pub obligations: Obligations,
    /// From when.
    #[n(11)]
    pub valid_from: Timestamp,
    /// Online use: renew before this.
    #[n(12)]
    pub valid_until: Timestamp,
    /// オフライン利用期限; absent when the licence must not be kept.
    #[n(13)]
    pub offline_until: Option<Timestamp>,
    /// Index of the log entry that records this release.
    #[n(14)]
    pub audit_index: u64,
    /// Suite of the sealed key.
    #[n(15)]
    pub suite: KeySuite,
    /// HPKE encapsulated key; empty for a clear payload.
    #[n(16)]
    pub enc: Bytes,
    /// HPKE ciphertext of the key share; empty for a clear payload.
    #[n(17)]
    pub ct: Bytes,
    /// Share index of the key.
    #[n(18)]
    pub share: u8,
    /// Share count.
    #[n(19)]
    pub shares: u8,
    /// 件名, if it was given.
    #[n(20)]
    pub title: Option<String>,
}
