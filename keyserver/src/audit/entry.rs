//! 記録. An entry in the making: who did what to which document, how it ended, on what it rested.

use kakuzuke_core::audit::{Commitment, CrlReference, EntryKind, EntryText, Leaf, Outcome, Salt};
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::id::{CertHash, DocumentId, LabelHash, PayloadRoot};
use kakuzuke_core::time::Timestamp;
use rand_core::CryptoRng;

use crate::store::NewEntry;

/// An entry in the making.
#[derive(Debug, Clone)]
pub struct Entry {
    time: Timestamp,
    kind: EntryKind,
    outcome: Outcome,
    document: Option<DocumentId>,
    label: Option<LabelHash>,
    root: Option<PayloadRoot>,
    certificate: Option<CertHash>,
    crl: Option<CrlReference>,
    /// What the text says.
    pub text: EntryText,
}

impl Entry {
    /// Of an act at a time, and how it ended.
    #[must_use]
    pub fn new(time: Timestamp, kind: EntryKind, outcome: Outcome) -> Self {
        let text = EntryText::default();
        Self { time, kind, outcome, document: None, label: None, root: None, certificate: None, crl: None, text }
    }

    /// About a document.
    #[must_use]
    pub const fn document(mut self, document: DocumentId) -> Self {
        self.document = Some(document);
        self
    }

    /// In a label revision.
    #[must_use]
    pub const fn label(mut self, label: LabelHash) -> Self {
        self.label = Some(label);
        self
    }

    /// With a payload.
    #[must_use]
    pub const fn root(mut self, root: Option<PayloadRoot>) -> Self {
        self.root = root;
        self
    }

    /// By the holder of a certificate, whose state was looked up.
    #[must_use]
    pub const fn certificate(mut self, certificate: CertHash, state: CrlReference) -> Self {
        self.certificate = Some(certificate);
        self.crl = Some(state);
        self
    }

    /// With this text.
    #[must_use]
    pub fn text(mut self, text: EntryText) -> Self {
        self.text = text;
        self
    }

    /// The entry, its text committed to under a fresh salt.
    #[must_use]
    pub fn finish(self, rng: &mut dyn CryptoRng) -> NewEntry {
        let (salt, text) = (Salt::generate(rng), self.text.to_json());
        let leaf = Leaf {
            time: self.time,
            kind: self.kind,
            document: self.document,
            label: self.label,
            root: self.root,
            certificate: self.certificate,
            outcome: self.outcome,
            commitment: Commitment::to(default_provider(), &salt, &text),
            crl: self.crl,
        };
        NewEntry { leaf, salt, text }
    }
}
