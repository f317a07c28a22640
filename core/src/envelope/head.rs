//! The head: label, grants and evidence, padded so that a receipt or a re-wrap fits without moving the payload.

use super::error::{HeadError, OpenError};
use super::evidence::{self, Record};
use super::grant::{self, Grant};
use super::label_section::{LabelSection, UnverifiedLabel, VerifiedLabel};
use super::mechanism::Binding;
use super::open::ReadAt;
use super::preamble::{PREAMBLE_LEN, Preamble, SectionLengths};
use crate::crypto::Provider;
use crate::trust::{Anchors, AsOf};

/// A head as it was found: every section well-formed, no signature looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedHead {
    preamble: Preamble,
    label: UnverifiedLabel,
    grants: Vec<Grant>,
    evidence: Vec<Record>,
}

impl UnverifiedHead {
    /// Reads a whole head: exactly as many bytes as its preamble says.
    ///
    /// # Errors
    /// [`HeadError`], checked in the order of the bytes: preamble, padding, label, grants, evidence.
    pub fn parse(provider: &dyn Provider, bytes: &[u8]) -> Result<Self, HeadError> {
        let preamble = Preamble::parse(bytes)?;
        if bytes.len() < preamble.head_len() as usize {
            return Err(HeadError::Truncated); // [ENV-07]
        }
        if bytes.len() > preamble.head_len() as usize {
            return Err(HeadError::HeadLength);
        }
        let (label_len, grants_len, evidence_len) = preamble.sections();
        let rest = bytes.get(PREAMBLE_LEN..).ok_or(HeadError::Truncated)?;
        let (label, rest) = rest.split_at_checked(label_len).ok_or(HeadError::SectionsOverflow)?;
        let (grants, rest) = rest.split_at_checked(grants_len).ok_or(HeadError::SectionsOverflow)?;
        let (evidence, padding) = rest.split_at_checked(evidence_len).ok_or(HeadError::SectionsOverflow)?;
        if padding.iter().any(|b| *b != 0) {
            return Err(HeadError::PaddingNotZero); // [ENV-08]
        }
        let label = UnverifiedLabel::parse(provider, label)?;
        if label.claims().binding() == Some(Binding::Unbound) {
            return Err(HeadError::LabelUnbound); // [ENV-30]
        }
        let grants = grant::parse(grants, label.claims())?;
        let evidence = evidence::parse(evidence)?;
        Ok(Self { preamble, label, grants, evidence })
    }

    /// Reads the head at the beginning of `source`.
    ///
    /// # Errors
    /// [`OpenError::Head`] as [`Self::parse`]; [`OpenError::Io`] if the source cannot be read.
    pub fn read(provider: &dyn Provider, source: &impl ReadAt) -> Result<Self, OpenError> {
        let total = source.len()?;
        let mut start = [0u8; PREAMBLE_LEN];
        let there = usize::try_from(total).unwrap_or(PREAMBLE_LEN).min(PREAMBLE_LEN);
        source.read_exact_at(0, start.get_mut(..there).unwrap_or_default())?;
        let preamble = Preamble::parse(start.get(..there).unwrap_or_default())?;
        // The head's length is at most 1 MiB, and no more than there is.
        if total < u64::from(preamble.head_len()) {
            return Err(HeadError::Truncated.into()); // [ENV-07]
        }
        let mut bytes = vec![0u8; preamble.head_len() as usize];
        source.read_exact_at(0, &mut bytes)?;
        Ok(Self::parse(provider, &bytes)?)
    }

    /// What the label claims. Nobody has verified it.
    #[must_use]
    pub const fn claims(&self) -> &LabelSection {
        self.label.claims()
    }

    /// The label section as it was found.
    #[must_use]
    pub const fn label(&self) -> &UnverifiedLabel {
        &self.label
    }

    /// Verifies the label's signature and chain as of `at`.
    ///
    /// # Errors
    /// [`HeadError`] as [`UnverifiedLabel::verify`].
    pub fn verify(
        self,
        provider: &dyn Provider,
        anchors: &Anchors,
        at: impl Into<AsOf>,
    ) -> Result<VerifiedHead, HeadError> {
        let label = self.label.verify(provider, anchors, at)?;
        Ok(VerifiedHead { preamble: self.preamble, label, grants: self.grants, evidence: self.evidence })
    }

    /// Grants, authenticated by nothing but themselves.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Grants alone.
    #[must_use]
    pub fn into_grants(self) -> Vec<Grant> {
        self.grants
    }

    /// Records, unverified.
    #[must_use]
    pub fn evidence(&self) -> &[Record] {
        &self.evidence
    }

    /// The preamble.
    #[must_use]
    pub const fn preamble(&self) -> &Preamble {
        &self.preamble
    }
}

/// A head whose label is signed by somebody who chains to an anchor.
#[derive(Debug, Clone)]
pub struct VerifiedHead {
    preamble: Preamble,
    label: VerifiedLabel,
    grants: Vec<Grant>,
    evidence: Vec<Record>,
}

impl VerifiedHead {
    /// What the label says.
    #[must_use]
    pub const fn section(&self) -> &LabelSection {
        self.label.section()
    }

    /// The label section with its signer.
    #[must_use]
    pub const fn label(&self) -> &VerifiedLabel {
        &self.label
    }

    /// Grants, authenticated by nothing but themselves.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Records, unverified.
    #[must_use]
    pub fn evidence(&self) -> &[Record] {
        &self.evidence
    }

    /// The preamble.
    #[must_use]
    pub const fn preamble(&self) -> &Preamble {
        &self.preamble
    }

    /// This head with other sections, to be written.
    #[must_use]
    pub fn edit(&self) -> HeadDraft {
        HeadDraft {
            label: self.label.as_bytes().to_vec(),
            grants: self.grants.clone(),
            evidence: self.evidence.clone(),
            metadata_len: self.preamble.metadata_len(),
        }
    }
}

/// A head made here and now, whose label need not be verified to be believed.
#[derive(Debug, Clone)]
pub struct FreshHead {
    draft: HeadDraft,
    bytes: Vec<u8>,
}

impl FreshHead {
    pub(super) fn new(draft: HeadDraft) -> Result<Self, HeadError> {
        let bytes = draft.rewrite()?;
        Ok(Self { draft, bytes })
    }

    /// The head, as the key server gets it for registration.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same head with one record, to be written over it.
    ///
    /// # Errors
    /// [`HeadError::NoRoom`] if it does not fit.
    pub fn with_record(self, record: Record) -> Result<Vec<u8>, HeadError> {
        let preamble = Preamble::parse(&self.bytes)?;
        self.draft.with_record(record).overwrite(&preamble)
    }
}

/// The sections of a head that is going to be written.
#[derive(Debug, Clone)]
pub struct HeadDraft {
    label: Vec<u8>,
    grants: Vec<Grant>,
    evidence: Vec<Record>,
    metadata_len: u32,
}

impl HeadDraft {
    pub(super) const fn new(label: Vec<u8>, grants: Vec<Grant>, metadata_len: u32) -> Self {
        Self { label, grants, evidence: Vec::new(), metadata_len }
    }

    /// With another revision of the label. Evidence about the old one goes with it.
    ///
    /// # Errors
    /// [`RevisionError`](super::RevisionError) unless `next` follows `current`.
    pub fn with_label(mut self, current: &VerifiedLabel, next: &UnverifiedLabel) -> Result<Self, super::RevisionError> {
        next.claims().follows(current.section(), current.hash())?;
        self.label = next.as_bytes().to_vec();
        self.evidence.clear();
        Ok(self)
    }

    /// With other grants (after a re-wrap).
    #[must_use]
    pub fn with_grants(mut self, grants: Vec<Grant>) -> Self {
        self.grants = grants;
        self
    }

    /// With one record more.
    #[must_use]
    pub fn with_record(mut self, record: Record) -> Self {
        self.evidence.push(record);
        self
    }

    /// The bytes of a head of the same length as `old`, to be written over it.
    ///
    /// # Errors
    /// [`HeadError::NoRoom`] if the sections do not fit; [`Self::rewrite`] makes a longer head.
    pub fn overwrite(&self, old: &Preamble) -> Result<Vec<u8>, HeadError> {
        self.write(old.head_len()).map_err(|error| match error {
            HeadError::SectionsOverflow => HeadError::NoRoom,
            other => other,
        })
    }

    /// The bytes of a head with fresh spare room; everything after the old head has to be moved behind it.
    ///
    /// # Errors
    /// [`HeadError::HeadLength`] if it would be over 1 MiB.
    pub fn rewrite(&self) -> Result<Vec<u8>, HeadError> {
        self.write(self.lengths().fitting_head()?)
    }

    fn lengths(&self) -> SectionLengths {
        SectionLengths {
            label: self.label.len(),
            grants: grant::encode(&self.grants).len(),
            evidence: evidence::encode(&self.evidence).len(),
        }
    }

    fn write(&self, head_len: u32) -> Result<Vec<u8>, HeadError> {
        let grants = grant::encode(&self.grants);
        let evidence = evidence::encode(&self.evidence);
        let lengths = SectionLengths { label: self.label.len(), grants: grants.len(), evidence: evidence.len() };
        let preamble = Preamble::new(head_len, lengths, self.metadata_len)?;
        let mut out = preamble.to_bytes();
        out.extend_from_slice(&self.label);
        out.extend_from_slice(&grants);
        out.extend_from_slice(&evidence);
        out.resize(head_len as usize, 0);
        Ok(out)
    }
}
