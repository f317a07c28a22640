//! 完全性2. The trailer: the digest tree over the payload and the author's signature over the immutable core.
//!
//! AES-GCM tags do not show who wrote: whoever may read holds the key and could make them. This signature does.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;

use super::error::TrailerError;
use super::label_section::LabelSection;
use super::layout::{self, TRAILER_PAYLOAD_MAX};
use super::mechanism::PayloadSuite;
use super::signed::{Signatory, Signed};
use super::tree::{self, BlockDigest, NODE_LEN, NodeSet};
use crate::cose::Domain;
use crate::crypto::Provider;
use crate::crypto::chunked::{Commitment, Salt};
use crate::id::{Digest, DocumentId, PayloadRoot};
use crate::trust::{Anchors, AsOf, Signer};

/// What the author signs about a payload. Depends on neither label nor grants.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ImmutableCore {
    #[n(0)]
    document: DocumentId,
    #[n(1)]
    suite: u8,
    #[n(2)]
    metadata: Digest,
    #[n(3)]
    payload_len: u64,
    #[cbor(n(4), with = "minicbor::bytes")]
    salt: Option<[u8; 24]>,
    #[cbor(n(5), with = "minicbor::bytes")]
    commitment: Option<[u8; 32]>,
    #[n(6)]
    root: PayloadRoot,
}

/// What precedes the first chunk of an encrypted payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) salt: Salt,
    pub(super) commitment: Commitment,
}

/// What a core has to say about the file it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub(super) metadata: Digest,
    pub(super) payload_len: u64,
    pub(super) opening: Option<Opening>,
}

impl ImmutableCore {
    fn new(section: &LabelSection, expected: &Expected, root: PayloadRoot) -> Self {
        Self {
            document: section.document(),
            suite: section.payload_suite().number(),
            metadata: expected.metadata,
            payload_len: expected.payload_len,
            salt: expected.opening.map(|o| *o.salt.as_bytes()),
            commitment: expected.opening.map(|o| *o.commitment.as_bytes()),
            root,
        }
    }

    /// The document.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.document
    }

    /// The root over the payload's pieces.
    #[must_use]
    pub const fn root(&self) -> PayloadRoot {
        self.root
    }

    /// Bytes of plaintext.
    #[must_use]
    pub const fn payload_len(&self) -> u64 {
        self.payload_len
    }
}

/// The signed part of a trailer as it was found. The key server gets it for registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCore {
    signed: Signed<ImmutableCore>,
}

impl UnverifiedCore {
    /// Reads the COSE_Sign1 over an immutable core.
    ///
    /// # Errors
    /// [`TrailerError::CoreCbor`], [`TrailerError::CoreAlgorithm`].
    pub fn parse(bytes: &[u8]) -> Result<Self, TrailerError> {
        Ok(Self { signed: Signed::parse(bytes, Domain::CORE)? }) // [ENV-60]
    }

    /// The COSE_Sign1.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    /// Verifies it as the core of the document that `section` labels: by the author's key, about that document.
    ///
    /// # Errors
    /// [`TrailerError`] naming what does not hold.
    pub fn verify(
        &self,
        provider: &dyn Provider,
        anchors: &Anchors,
        at: impl Into<AsOf>,
        section: &LabelSection,
    ) -> Result<VerifiedCore, TrailerError> {
        let signer = self.signed.verify(provider, anchors, at.into())?; // [ENV-61]
        if signer.device() != section.author() || signer.authority() != section.origin() {
            return Err(TrailerError::CoreKey); // [ENV-62]
        }
        let core = self.signed.content();
        let sealed = core.salt.is_some() && core.commitment.is_some();
        let clear = core.salt.is_none() && core.commitment.is_none();
        let opening_fits = match section.payload_suite() {
            PayloadSuite::Clear => clear,
            PayloadSuite::Cobblestone256 => sealed,
        };
        if core.document != section.document() || core.suite != section.payload_suite().number() || !opening_fits {
            return Err(TrailerError::CoreMismatch); // [ENV-63]
        }
        Ok(VerifiedCore { core: core.clone(), signer })
    }
}

/// An immutable core signed by the author of the document.
#[derive(Debug, Clone)]
pub struct VerifiedCore {
    core: ImmutableCore,
    signer: Signer,
}

impl VerifiedCore {
    /// What it says.
    #[must_use]
    pub const fn core(&self) -> &ImmutableCore {
        &self.core
    }

    /// The author.
    #[must_use]
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }
}

/// The stored nodes and the signed core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trailer {
    nodes: Vec<Digest>,
    core: UnverifiedCore,
}

impl Trailer {
    /// Takes a trailer apart. `bytes` is all of it, the layout has checked that it is long enough for the nodes.
    pub(super) fn parse(bytes: &[u8], suite: PayloadSuite, payload_len: u64) -> Result<Self, TrailerError> {
        let count = tree::node_count(layout::piece_count(suite, payload_len));
        let nodes_len = usize::try_from(count * NODE_LEN).map_err(|_| TrailerError::TooLong)?;
        let (nodes, rest) = bytes.split_at_checked(nodes_len).ok_or(TrailerError::CoreCbor)?;
        let (core, length) = rest.split_last_chunk::<4>().ok_or(TrailerError::CoreCbor)?;
        if u32::from_be_bytes(*length) as usize != core.len() {
            return Err(TrailerError::CoreCbor); // [ENV-60]
        }
        let (nodes, _) = nodes.as_chunks::<32>();
        Ok(Self { nodes: nodes.iter().copied().map(Digest::from_bytes).collect(), core: UnverifiedCore::parse(core)? })
    }

    /// Verifies signature, core and nodes.
    pub(super) fn verify(
        self,
        provider: &dyn Provider,
        (anchors, at): (&Anchors, AsOf),
        section: &LabelSection,
        expected: &Expected,
    ) -> Result<VerifiedTrailer, TrailerError> {
        let core = self.core.verify(provider, anchors, at, section)?;
        if *core.core() != ImmutableCore::new(section, expected, core.core().root) {
            return Err(TrailerError::CoreMismatch); // [ENV-63]
        }
        if tree::root(provider, &self.nodes) != core.core().root {
            return Err(TrailerError::NodesMismatch); // [ENV-64]
        }
        Ok(VerifiedTrailer { nodes: self.nodes, core })
    }
}

/// A trailer whose core the author signed and whose nodes lead to the root in it.
#[derive(Debug, Clone)]
pub(super) struct VerifiedTrailer {
    nodes: Vec<Digest>,
    core: VerifiedCore,
}

impl VerifiedTrailer {
    pub(super) fn node(&self, block: u64) -> Option<&Digest> {
        self.nodes.get(usize::try_from(block).ok()?)
    }

    pub(super) const fn core(&self) -> &VerifiedCore {
        &self.core
    }
}

/// Collects the digests of the blocks, in any order, and ends the envelope.
#[derive(Debug)]
pub struct TrailerBuilder {
    nodes: NodeSet,
    section: LabelSection,
    metadata: Digest,
    opening: Option<Opening>,
}

impl TrailerBuilder {
    pub(super) fn new(section: LabelSection, metadata: Digest, opening: Option<Opening>) -> Self {
        Self { nodes: NodeSet::default(), section, metadata, opening }
    }

    /// Takes the digest of a block.
    ///
    /// # Errors
    /// [`TrailerError::BlocksDontMeet`] if that block was taken before.
    pub fn add(&mut self, block: BlockDigest) -> Result<(), TrailerError> {
        self.nodes.add(block)
    }

    /// Signs the core over a payload of `payload_len` bytes; gives the trailer's bytes and the root.
    ///
    /// # Errors
    /// [`TrailerError`] if blocks are missing, the payload is over 1 TiB, or the key cannot sign or is not the author's.
    pub(super) fn sign(
        self,
        provider: &dyn Provider,
        payload_len: u64,
        author: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<FinishedTrailer, TrailerError> {
        if payload_len > TRAILER_PAYLOAD_MAX {
            return Err(TrailerError::TooLong); // [ENV-46]
        }
        if author.thumbprint() != self.section.author() {
            return Err(TrailerError::CoreKey); // [ENV-62]
        }
        let pieces = layout::piece_count(self.section.payload_suite(), payload_len);
        let nodes = self.nodes.complete(tree::node_count(pieces))?;
        let root = tree::root(provider, &nodes);
        let expected = Expected { metadata: self.metadata, payload_len, opening: self.opening };
        let core = ImmutableCore::new(&self.section, &expected, root);
        let signed = author.sign(Domain::CORE, core, rng)?;
        let length = u32::try_from(signed.as_bytes().len()).map_err(|_| TrailerError::TooLong)?;
        let mut bytes: Vec<u8> = nodes.iter().flat_map(|n| *n.as_bytes()).collect();
        bytes.extend_from_slice(signed.as_bytes());
        bytes.extend_from_slice(&length.to_be_bytes());
        Ok(FinishedTrailer { bytes, root, core: UnverifiedCore { signed } })
    }
}

/// A trailer ready to be written.
#[derive(Debug, Clone)]
pub(super) struct FinishedTrailer {
    pub(super) bytes: Vec<u8>,
    pub(super) root: PayloadRoot,
    pub(super) core: UnverifiedCore,
}
