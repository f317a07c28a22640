//! 受領証. A leaf, the proof that it is in the log, and the checkpoint it leads to: evidence that outlives the server.

use super::checkpoint::{CheckpointError, UnverifiedCheckpoint, VerifiedCheckpoint};
use super::leaf::Leaf;
use super::note::VerifierKey;
use super::proof::{InclusionProof, ProofError};
use super::tree::leaf_hash;
use crate::cbor::{CborError, decode_strict, encode};
use crate::crypto::Provider;
use crate::id::LogHash;

/// A receipt longer than this (bytes) is not read.
const MAX_RECEIPT: usize = 64 * 1024;

/// A receipt was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not a receipt.
    #[error("malformed receipt")]
    Malformed(#[from] CborError),
    /// Its checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its proof.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The proof is for a tree of another size than the checkpoint's.
    #[error("proof and checkpoint do not belong together")]
    OtherSize,
}

/// A receipt (deterministic CBOR map).
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Receipt {
    /// The leaf's bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub leaf: Vec<u8>,
    /// Index and siblings.
    #[n(1)]
    pub proof: InclusionProof,
    /// The checkpoint, as signed.
    #[n(2)]
    pub checkpoint: String,
}

impl Receipt {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a receipt; nothing in it is believed until [`Self::verify`].
    ///
    /// # Errors
    /// [`ReceiptError::Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > MAX_RECEIPT {
            return Err(CborError::Malformed.into());
        }
        Ok(decode_strict(bytes)?)
    }

    /// Verifies that the log `key` names held this leaf.
    ///
    /// # Errors
    /// [`ReceiptError`] if it is not shown.
    pub fn verify(&self, provider: &dyn Provider, key: &VerifierKey) -> Result<VerifiedReceipt, ReceiptError> {
        let checkpoint = UnverifiedCheckpoint::parse(&self.checkpoint)?.verify(provider, key)?;
        if self.proof.size != checkpoint.size() {
            return Err(ReceiptError::OtherSize);
        }
        let leaf = Leaf::decode(&self.leaf)?;
        let leaf_hash = leaf_hash(provider, &self.leaf);
        self.proof.verify(provider, &leaf_hash, checkpoint.root())?;
        Ok(VerifiedReceipt { leaf, leaf_hash, index: self.proof.index, checkpoint })
    }
}

/// A receipt that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    leaf: Leaf,
    leaf_hash: LogHash,
    index: u64,
    checkpoint: VerifiedCheckpoint,
}

impl VerifiedReceipt {
    /// What was recorded.
    #[must_use]
    pub const fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// Its hash.
    #[must_use]
    pub const fn leaf_hash(&self) -> &LogHash {
        &self.leaf_hash
    }

    /// Where in the log.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The checkpoint it was shown under. Without a witness's cosignature on it, times are asserted by the log alone.
    #[must_use]
    pub const fn checkpoint(&self) -> &VerifiedCheckpoint {
        &self.checkpoint
    }
}
