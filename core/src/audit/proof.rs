//! Inclusion and consistency proofs (RFC 9162 2.1.3, 2.1.4): made from stored nodes, verified from hashes alone.

use serde::{Deserialize, Serialize};

use super::tree::{Frontier, NodeId, node_hash};
use crate::crypto::Provider;
use crate::id::LogHash;

/// A tree of 2⁶³ leaves needs 63 hashes; nothing longer is looked at.
const MAX_HASHES: usize = 64;

/// A proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Index, sizes and number of hashes do not fit together.
    #[error("the proof has not the shape its sizes ask for")]
    Shape,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// That a leaf stands at an index of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cbor(map)]
pub struct InclusionProof {
    /// Index of the leaf, from 0.
    #[n(0)]
    pub index: u64,
    /// Number of leaves of the tree.
    #[n(1)]
    pub size: u64,
    /// Siblings from the leaf upwards.
    #[n(2)]
    pub hashes: Vec<LogHash>,
}

/// That a tree begins with all leaves of an older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cbor(map)]
pub struct ConsistencyProof {
    /// Number of leaves of the older tree.
    #[n(0)]
    pub old: u64,
    /// Number of leaves of the newer tree.
    #[n(1)]
    pub size: u64,
    /// The hashes of RFC 9162 2.1.4.1.
    #[n(2)]
    pub hashes: Vec<LogHash>,
}

impl InclusionProof {
    /// Verifies that `leaf` is in the tree with `root` (RFC 9162 2.1.3.2).
    ///
    /// # Errors
    /// [`ProofError`] if it is not shown.
    pub fn verify(&self, provider: &dyn Provider, leaf: &LogHash, root: &LogHash) -> Result<(), ProofError> {
        if self.index >= self.size || self.hashes.len() > MAX_HASHES {
            return Err(ProofError::Shape);
        }
        let (mut at, mut last, mut hash) = (self.index, self.size - 1, *leaf);
        for sibling in &self.hashes {
            if last == 0 {
                return Err(ProofError::Shape);
            }
            if at & 1 == 1 || at == last {
                hash = node_hash(provider, sibling, &hash);
                while at & 1 == 0 && at != 0 {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node_hash(provider, &hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        match (last, hash == *root) {
            (0, true) => Ok(()),
            (0, false) => Err(ProofError::Root),
            _ => Err(ProofError::Shape),
        }
    }
}

impl ConsistencyProof {
    /// Verifies that the tree with `new` grew out of the tree with `old` (RFC 9162 2.1.4.2). From the empty tree
    /// everything grows; the proof is then empty.
    ///
    /// # Errors
    /// [`ProofError`] if it is not shown.
    pub fn verify(&self, provider: &dyn Provider, old: &LogHash, new: &LogHash) -> Result<(), ProofError> {
        if self.old > self.size || self.hashes.len() > MAX_HASHES {
            return Err(ProofError::Shape);
        }
        if self.old == self.size || self.old == 0 {
            let same = self.old == 0 || old == new;
            return match (self.hashes.is_empty(), same) {
                (true, true) => Ok(()),
                (true, false) => Err(ProofError::Root),
                _ => Err(ProofError::Shape),
            };
        }
        let mut hashes = self.hashes.iter().copied();
        let first = if self.old.is_power_of_two() { *old } else { hashes.next().ok_or(ProofError::Shape)? };
        // Levels by which the older tree's last leaf is a right child.
        let trailing = (self.old - 1).trailing_ones();
        let (mut at, mut last) = ((self.old - 1) >> trailing, (self.size - 1) >> trailing);
        let (mut from_old, mut from_new) = (first, first);
        for hash in hashes {
            if last == 0 {
                return Err(ProofError::Shape);
            }
            if at & 1 == 1 || at == last {
                from_old = node_hash(provider, &hash, &from_old);
                from_new = node_hash(provider, &hash, &from_new);
                while at & 1 == 0 && at != 0 {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                from_new = node_hash(provider, &from_new, &hash);
            }
            at >>= 1;
            last >>= 1;
        }
        match (last, from_old == *old && from_new == *new) {
            (0, true) => Ok(()),
            (0, false) => Err(ProofError::Root),
            _ => Err(ProofError::Shape),
        }
    }
}

/// Makes an inclusion proof; `node` reads stored perfect subtrees.
///
/// # Errors
/// Whatever `node` says; nothing is made when `index` is not below `size`.
pub fn prove_inclusion<E>(
    provider: &dyn Provider,
    index: u64,
    size: u64,
    mut node: impl FnMut(NodeId) -> Result<LogHash, E>,
) -> Result<Option<InclusionProof>, E> {
    if index >= size {
        return Ok(None);
    }
    let (mut low, mut high) = (0, size);
    let mut hashes = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            hashes.push(range_root(provider, middle, high, &mut node)?);
            high = middle;
        } else {
            hashes.push(range_root(provider, low, middle, &mut node)?);
            low = middle;
        }
    }
    hashes.reverse();
    Ok(Some(InclusionProof { index, size, hashes }))
}

/// Makes a consistency proof; `node` reads stored perfect subtrees.
///
/// # Errors
/// Whatever `node` says; nothing is made when `old` is above `size`.
pub fn prove_consistency<E>(
    provider: &dyn Provider,
    old: u64,
    size: u64,
    mut node: impl FnMut(NodeId) -> Result<LogHash, E>,
) -> Result<Option<ConsistencyProof>, E> {
    if old > size {
        return Ok(None);
    }
    let mut hashes = Vec::new();
    if old > 0 && old < size {
        let (mut low, mut high) = (0, size);
        while old != high {
            let middle = low + split(high - low);
            if old <= middle {
                hashes.push(range_root(provider, middle, high, &mut node)?);
                high = middle;
            } else {
                hashes.push(range_root(provider, low, middle, &mut node)?);
                low = middle;
            }
        }
        if low > 0 {
            hashes.push(range_root(provider, low, high, &mut node)?);
        }
        hashes.reverse();
    }
    Ok(Some(ConsistencyProof { old, size, hashes }))
}

/// Largest power of two below `n`, for `n` above 1.
const fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// Root over the leaves `low..high`, where `low` is a multiple of a power of two not below the length.
fn range_root<E>(
    provider: &dyn Provider,
    low: u64,
    high: u64,
    node: &mut impl FnMut(NodeId) -> Result<LogHash, E>,
) -> Result<LogHash, E> {
    let mut roots = Vec::new();
    for id in Frontier::nodes(high - low) {
        roots.push(node(NodeId { level: id.level, index: id.index + (low >> id.level) })?);
    }
    Ok(Frontier::from_parts(high - low, roots).unwrap_or_default().root(provider))
}
