//! 明示. The label section: who graded which document how, signed by the one who decided it, readable without a key.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;

use super::error::{HeadError, RevisionError};
use super::mechanism::{Binding, PayloadSuite, TrailerKind};
use super::signed::{Signatory, Signed};
use crate::cose::Domain;
use crate::crypto::Provider;
use crate::id::{AuthorityId, DeviceId, DocumentId, LabelHash, LineageId};
use crate::label::{Confidentiality, Decided, Label};
use crate::trust::{Anchors, AsOf, Identity, Service, Signer};

/// The document another was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Parent {
    /// Its id.
    #[n(0)]
    pub document: DocumentId,
    /// Its label revision at that time.
    #[n(1)]
    pub label_hash: LabelHash,
}

/// What a label section says. Only consistent ones exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSection {
    document: DocumentId,
    lineage: LineageId,
    parent: Option<Parent>,
    revision: u32,
    previous: Option<LabelHash>,
    origin: AuthorityId,
    suite: PayloadSuite,
    author: DeviceId,
    trailer: TrailerKind,
    label: Label,
    binding: Option<Binding>,
}

/// The section as it is written: numbers that this version may not know.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Wire {
    #[n(0)]
    document: DocumentId,
    #[n(1)]
    lineage: LineageId,
    #[n(2)]
    parent: Option<Parent>,
    #[n(3)]
    revision: u32,
    #[n(4)]
    previous: Option<LabelHash>,
    #[n(5)]
    origin: AuthorityId,
    #[n(6)]
    suite: u8,
    #[n(7)]
    author: DeviceId,
    #[n(8)]
    trailer: u8,
    #[n(9)]
    label: Label,
    #[n(10)]
    binding: Option<u8>,
}

impl From<&LabelSection> for Wire {
    fn from(section: &LabelSection) -> Self {
        Self {
            document: section.document,
            lineage: section.lineage,
            parent: section.parent,
            revision: section.revision,
            previous: section.previous,
            origin: section.origin,
            suite: section.suite.number(),
            author: section.author,
            trailer: section.trailer.number(),
            label: section.label.clone(),
            binding: section.binding.map(Binding::number),
        }
    }
}

impl TryFrom<Wire> for LabelSection {
    type Error = HeadError;

    fn try_from(wire: Wire) -> Result<Self, HeadError> {
        let binding = match wire.binding {
            None => None,
            Some(number) => Some(Binding::from_number(number).ok_or(HeadError::UnknownKind)?), // [ENV-21]
        };
        let section = Self {
            document: wire.document,
            lineage: wire.lineage,
            parent: wire.parent,
            revision: wire.revision,
            previous: wire.previous,
            origin: wire.origin,
            suite: PayloadSuite::from_number(wire.suite).ok_or(HeadError::UnknownPayloadSuite)?, // [ENV-21]
            author: wire.author,
            trailer: TrailerKind::from_number(wire.trailer).ok_or(HeadError::UnknownKind)?, // [ENV-21]
            label: wire.label,
            binding,
        };
        section.check()?;
        Ok(section)
    }
}

/// Where a document stands: its id, its line, its authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The document.
    pub document: DocumentId,
    /// All its versions.
    pub lineage: LineageId,
    /// What it was made from.
    pub parent: Option<Parent>,
    /// The authority that issued its id.
    pub origin: AuthorityId,
}

impl Standing {
    /// A document that starts a lineage.
    #[must_use]
    pub const fn first(document: DocumentId, origin: AuthorityId) -> Self {
        Self { document, lineage: document.lineage(), parent: None, origin }
    }

    /// An edit or derivative of `parent`, which belongs to `lineage`.
    #[must_use]
    pub const fn child(document: DocumentId, origin: AuthorityId, lineage: LineageId, parent: Parent) -> Self {
        Self { document, lineage, parent: Some(parent), origin }
    }
}

impl LabelSection {
    /// Revision 1 of a label on an envelope; the grade decides the payload suite.
    pub(super) fn first(standing: &Standing, label: Label, author: DeviceId, trailer: TrailerKind) -> Self {
        let suite = mechanism(&label);
        Self::assemble(standing, label, author, suite, trailer, None)
    }

    /// Revision 1 of a label that stands in a native file's own metadata (機密性1 and 2, 完全性1).
    ///
    /// # Errors
    /// [`HeadError::Mechanism`] for 機密性3, and where the grade asks for a signature over the content.
    pub fn unbound(standing: &Standing, label: Label, author: DeviceId) -> Result<Self, HeadError> {
        let made =
            Self::assemble(standing, label, author, PayloadSuite::Clear, TrailerKind::None, Some(Binding::Unbound));
        made.check()?;
        Ok(made)
    }

    /// Revision 1 of a label whose trailer lies beside a native file (機密性1 and 2, 完全性2).
    pub(super) fn detached(standing: &Standing, label: Label, author: DeviceId) -> Result<Self, HeadError> {
        let made =
            Self::assemble(standing, label, author, PayloadSuite::Clear, TrailerKind::Tree, Some(Binding::Detached));
        made.check()?;
        Ok(made)
    }

    fn assemble(
        standing: &Standing,
        label: Label,
        author: DeviceId,
        suite: PayloadSuite,
        trailer: TrailerKind,
        binding: Option<Binding>,
    ) -> Self {
        Self {
            document: standing.document,
            lineage: standing.lineage,
            parent: standing.parent,
            revision: 1,
            previous: None,
            origin: standing.origin,
            suite,
            author,
            trailer,
            label,
            binding,
        }
    }

    /// 格付・取扱制限の見直し. The next revision with another label.
    ///
    /// # Errors
    /// [`RevisionError::Mechanism`] if the new grade asks for another mechanism: then the document has to be re-sealed.
    pub fn revise(&self, current: LabelHash, label: Label) -> Result<Self, RevisionError> {
        let revision = self.revision.checked_add(1).ok_or(RevisionError::Number)?;
        let next = Self { revision, previous: Some(current), label, ..self.clone() };
        next.check().map_err(|_| RevisionError::Mechanism)?;
        Ok(next)
    }

    /// Whether this revision follows `current`, whose hash is `hash`, and changes nothing but the label.
    ///
    /// # Errors
    /// [`RevisionError`] naming what does not follow.
    pub fn follows(&self, current: &Self, hash: LabelHash) -> Result<(), RevisionError> {
        if current.revision.checked_add(1) != Some(self.revision) {
            return Err(RevisionError::Number); // [ENV-27]
        }
        if self.previous != Some(hash) {
            return Err(RevisionError::Previous); // [ENV-27]
        }
        let expected =
            Self { revision: self.revision, previous: self.previous, label: self.label.clone(), ..current.clone() };
        if *self == expected { Ok(()) } else { Err(RevisionError::Fixed) } // [ENV-28]
    }

    /// Signs this section. The result is what the head carries and the server registers.
    ///
    /// # Errors
    /// [`HeadError::AuthorKey`] if revision 1 is signed by another key than the author's; [`HeadError::Signing`] if
    /// the key cannot sign.
    pub fn sign(
        self,
        provider: &dyn Provider,
        signatory: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<UnverifiedLabel, HeadError> {
        if self.revision == 1 && signatory.thumbprint() != self.author {
            return Err(HeadError::AuthorKey); // [ENV-26]
        }
        let signed = signatory.sign(Domain::LABEL, Wire::from(&self), rng)?;
        Ok(UnverifiedLabel::new(provider, signed.map(self)))
    }

    fn check(&self) -> Result<(), HeadError> {
        // [ENV-22] revision and predecessor
        if self.revision == 0 || (self.revision == 1) != self.previous.is_none() {
            return Err(HeadError::LabelInconsistent);
        }
        // [ENV-23] a document without parent starts its lineage, one with a parent does not
        let starts = self.lineage == self.document.lineage();
        if self.parent.is_none() != starts || self.parent.is_some_and(|p| p.document == self.document) {
            return Err(HeadError::LabelInconsistent);
        }
        // [ENV-24] the grade decides the mechanism; only 機密性3 is never labelled in clear
        let fits = match self.binding {
            None => self.suite == mechanism(&self.label),
            Some(_) => self.label.grades().c != Confidentiality::Three,
        };
        if !fits {
            return Err(HeadError::Mechanism);
        }
        let signed = self.label.mechanism().demands_trailer();
        match (self.binding, self.trailer) {
            (None, TrailerKind::None) => {
                if self.suite == PayloadSuite::Clear || signed {
                    return Err(HeadError::Mechanism); // [ENV-25]
                }
            }
            (None, TrailerKind::Tree) => {}
            (Some(Binding::Unbound), kind) => {
                if kind != TrailerKind::None || self.suite != PayloadSuite::Clear || signed {
                    return Err(HeadError::Mechanism); // [ENV-25]
                }
            }
            (Some(Binding::Detached), kind) => {
                if kind != TrailerKind::Tree || self.suite != PayloadSuite::Clear {
                    return Err(HeadError::Mechanism); // [ENV-25]
                }
            }
        }
        Ok(())
    }
}

/// Whether the signer is who decided: the person, or the service that applies approved rules.
fn decided_by(decided: &Decided, signer: &Identity) -> bool {
    match (decided, signer) {
        (Decided::ByPerson(decider), Identity::Person(subject)) => decider.subject == *subject,
        (Decided::ByRule(_), Identity::Service(service)) => *service == Service::Rule,
        (Decided::ByPerson(_), Identity::Service(_)) | (Decided::ByRule(_), Identity::Person(_)) => false,
    }
}

/// What the grade demands: 要機密情報 is encrypted, everything else is not.
fn mechanism(label: &Label) -> PayloadSuite {
    if label.mechanism().encrypts() { PayloadSuite::Cobblestone256 } else { PayloadSuite::Clear }
}

impl LabelSection {
    /// The document.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.document
    }

    /// All versions of it.
    #[must_use]
    pub const fn lineage(&self) -> LineageId {
        self.lineage
    }

    /// What it was made from.
    #[must_use]
    pub const fn parent(&self) -> Option<Parent> {
        self.parent
    }

    /// Number of this revision, from 1.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// Hash of the revision before; absent for the first.
    #[must_use]
    pub const fn previous(&self) -> Option<LabelHash> {
        self.previous
    }

    /// The authority that issued the document's id.
    #[must_use]
    pub const fn origin(&self) -> AuthorityId {
        self.origin
    }

    /// How the payload is kept.
    #[must_use]
    pub const fn payload_suite(&self) -> PayloadSuite {
        self.suite
    }

    /// 作成者. Thumbprint of the key that signed revision 1 and signs the trailer.
    #[must_use]
    pub const fn author(&self) -> DeviceId {
        self.author
    }

    /// Whether the author's signature covers the payload.
    #[must_use]
    pub const fn trailer_kind(&self) -> TrailerKind {
        self.trailer
    }

    /// 格付・取扱制限.
    #[must_use]
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Absent in an ordinary envelope.
    #[must_use]
    pub const fn binding(&self) -> Option<Binding> {
        self.binding
    }

    /// Where the document stands.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        Standing { document: self.document, lineage: self.lineage, parent: self.parent, origin: self.origin }
    }
}

/// A label section as it was found: well-formed, its signature not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedLabel {
    signed: Signed<LabelSection>,
    hash: LabelHash,
}

impl UnverifiedLabel {
    /// Reads a label section.
    ///
    /// # Errors
    /// [`HeadError`] for anything that is not a consistent section in deterministic CBOR.
    pub fn parse(provider: &dyn Provider, bytes: &[u8]) -> Result<Self, HeadError> {
        let signed = Signed::<Wire>::parse(bytes, Domain::LABEL)?; // [ENV-20]
        let section = LabelSection::try_from(signed.content().clone())?;
        Ok(Self::new(provider, signed.map(section)))
    }

    fn new(provider: &dyn Provider, signed: Signed<LabelSection>) -> Self {
        let hash = LabelHash::from_bytes(signed.hash(provider));
        Self { signed, hash }
    }

    /// The name of this revision: SHA-256 of its Sig_structure.
    #[must_use]
    pub const fn hash(&self) -> LabelHash {
        self.hash
    }

    /// What it claims. Nobody has verified it.
    #[must_use]
    pub const fn claims(&self) -> &LabelSection {
        self.signed.content()
    }

    /// The section as it is stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    /// Verifies the signature and the signer's chain as of `at`.
    ///
    /// # Errors
    /// [`HeadError`] if the signature does not hold, the chain does not lead to an anchor, or revision 1 was not
    /// signed by the author's key.
    pub fn verify(
        self,
        provider: &dyn Provider,
        anchors: &Anchors,
        at: impl Into<AsOf>,
    ) -> Result<VerifiedLabel, HeadError> {
        let signer = self.signed.verify(provider, anchors, at.into())?; // [ENV-29]
        let section = self.signed.content();
        if !decided_by(section.label.decided(), signer.identity()) {
            return Err(HeadError::LabelSigner); // [ENV-19]
        }
        let by_author = signer.device() == section.author && signer.authority() == section.origin;
        if section.revision == 1 && !by_author {
            return Err(HeadError::AuthorKey); // [ENV-26]
        }
        Ok(VerifiedLabel { label: self, signer })
    }
}

/// A label section whose signature and chain hold.
#[derive(Debug, Clone)]
pub struct VerifiedLabel {
    label: UnverifiedLabel,
    signer: Signer,
}

impl VerifiedLabel {
    /// What it says.
    #[must_use]
    pub const fn section(&self) -> &LabelSection {
        self.label.claims()
    }

    /// The name of this revision.
    #[must_use]
    pub const fn hash(&self) -> LabelHash {
        self.label.hash
    }

    /// Who signed this revision.
    #[must_use]
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The section as it is stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.label.as_bytes()
    }
}
