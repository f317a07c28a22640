//! What others have said about an envelope: receipts of the log, counter-signatures of the authority.
//! Unsigned as a list and replaceable; every record is a claim until it has been verified by itself.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;

use super::error::{EvidenceError, HeadError};
use super::signed::{Signatory, Signed};
use crate::cbor;
use crate::cose::Domain;
use crate::crypto::Provider;
use crate::id::{AuthorityId, DocumentId, LabelHash};
use crate::time::Timestamp;
use crate::trust::{Anchors, AsOf, Identity, Service, Signer};

/// Records in one head, at most.
pub const RECORDS_MAX: usize = 64;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum EvidenceKind {
    /// Receipt of the audit log (deterministic CBOR of `audit::Receipt`).
    #[n(1)]
    Receipt,
    /// COSE_Sign1 by the authority over a [`Countersignature`].
    #[n(2)]
    Countersignature,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Record {
    #[n(0)]
    kind: EvidenceKind,
    #[cbor(n(1), with = "minicbor::bytes")]
    bytes: Vec<u8>,
}

impl Record {
    /// A receipt as the server returned it.
    #[must_use]
    pub const fn receipt(bytes: Vec<u8>) -> Self {
        Self { kind: EvidenceKind::Receipt, bytes }
    }

    /// A counter-signature.
    #[must_use]
    pub fn countersignature(signed: &Signed<Countersignature>) -> Self {
        Self { kind: EvidenceKind::Countersignature, bytes: signed.as_bytes().to_vec() }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> EvidenceKind {
        self.kind
    }

    /// Its content, unverified.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

pub(super) fn encode(records: &[Record]) -> Vec<u8> {
    cbor::encode(&records.to_vec())
}

pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Record>, HeadError> {
    let records: Vec<Record> = cbor::decode_strict(bytes).map_err(|_| HeadError::EvidenceCbor)?; // [ENV-37]
    if records.len() > RECORDS_MAX { Err(HeadError::EvidenceCbor) } else { Ok(records) }
}

/// The authority vouches again for a label revision, with a stronger signature (the answer to a broken one).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Countersignature {
    /// Who vouches.
    #[n(0)]
    pub authority: AuthorityId,
    /// For which document.
    #[n(1)]
    pub document: DocumentId,
    /// For which revision of its label.
    #[n(2)]
    pub label_hash: LabelHash,
    /// When.
    #[n(3)]
    pub signed_at: Timestamp,
}

impl Countersignature {
    /// Signs it.
    ///
    /// # Errors
    /// [`EvidenceError::Signing`] if the key cannot sign.
    pub fn sign(self, signatory: &Signatory<'_>, rng: &mut dyn CryptoRng) -> Result<Signed<Self>, EvidenceError> {
        signatory.sign(Domain::COUNTERSIGNATURE, self, rng).map_err(|_| EvidenceError::Signing)
    }

    /// Verifies a record as the authority's word for `document` and `label_hash`.
    ///
    /// # Errors
    /// [`EvidenceError`] if it is none, is about something else, is not signed by the authority's own service, or does
    /// not verify as of `at`.
    pub fn verify(
        record: &Record,
        provider: &dyn Provider,
        anchors: &Anchors,
        at: impl Into<AsOf>,
        expected: (DocumentId, LabelHash),
    ) -> Result<(Self, Signer), EvidenceError> {
        if record.kind != EvidenceKind::Countersignature {
            return Err(EvidenceError::Kind);
        }
        let signed = Signed::<Self>::parse(&record.bytes, Domain::COUNTERSIGNATURE).map_err(|_| EvidenceError::Cbor)?;
        if (signed.content().document, signed.content().label_hash) != expected {
            return Err(EvidenceError::OtherDocument); // [ENV-38]
        }
        let signer = signed.verify(provider, anchors, at.into()).map_err(|_| EvidenceError::Signature)?;
        let by_authority = *signer.identity() == Identity::Service(Service::Authority);
        if !by_authority || signer.authority() != signed.content().authority {
            return Err(EvidenceError::Signer); // [ENV-38]
        }
        Ok((signed.into_content(), signer))
    }
}
