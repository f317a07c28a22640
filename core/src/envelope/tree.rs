//! The tree over a payload: RFC 9162 2.1 with SHA-256, one leaf a piece, the nodes over 64 leaves kept.
//!
//! The split of RFC 9162 at the largest power of two is the same tree as pairing neighbours level by level and
//! carrying an odd last node up, so that a block of 64 leaves, the last block shorter, folds to one node and the
//! nodes fold to the root by the same function.

use super::block::Block;
use super::error::TrailerError;
use super::layout::TRAILER_PAYLOAD_MAX;
use crate::crypto::{HashAlgorithm, Provider};
use crate::id::{Digest, PayloadRoot};

/// Leaves under one stored node.
pub const BLOCK_LEAVES: u64 = 64;
/// Bytes of plaintext in one full piece of a payload.
pub const PIECE_LEN: u64 = 16 * 1024;
/// Bytes of plaintext under one stored node.
pub const BLOCK_LEN: u64 = BLOCK_LEAVES * PIECE_LEN;
/// Bytes of one stored node.
pub(super) const NODE_LEN: u64 = 32;

/// Nodes stored for a payload of `leaves` pieces.
pub(super) const fn node_count(leaves: u64) -> u64 {
    leaves.div_ceil(BLOCK_LEAVES)
}

/// The leaf over one piece as it lies in the file (encrypted, tag included; clear, up to 16 KiB).
pub(super) fn leaf(provider: &dyn Provider, piece: &[u8]) -> Digest {
    sha256(provider, &[&[0x00], piece])
}

fn node(provider: &dyn Provider, left: &Digest, right: &Digest) -> Digest {
    sha256(provider, &[&[0x01], left.as_bytes(), right.as_bytes()])
}

fn sha256(provider: &dyn Provider, parts: &[&[u8]]) -> Digest {
    let mut out = [0u8; 32];
    for (to, from) in out.iter_mut().zip(provider.digest(HashAlgorithm::Sha256, parts).as_ref()) {
        *to = *from;
    }
    Digest::from_bytes(out)
}

/// The head of the tree over `hashes`, or nothing for none.
pub(super) fn fold(provider: &dyn Provider, mut hashes: Vec<Digest>) -> Option<Digest> {
    while hashes.len() > 1 {
        hashes = hashes
            .chunks(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(node(provider, left, right)),
                [odd] => Some(*odd),
                _ => None,
            })
            .collect();
    }
    hashes.pop()
}

/// The root over stored nodes; over none, the empty tree's (RFC 9162 2.1.1).
pub(super) fn root(provider: &dyn Provider, nodes: &[Digest]) -> PayloadRoot {
    let digest = fold(provider, nodes.to_vec()).unwrap_or_else(|| Digest::from_bytes(provider.sha256(&[])));
    PayloadRoot::from_bytes(*digest.as_bytes())
}

/// The node over one block, made by whoever sealed the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockDigest {
    pub(super) block: u64,
    pub(super) node: Digest,
}

/// The nodes of all blocks, in whatever order they come.
#[derive(Debug, Default)]
pub(super) struct NodeSet {
    nodes: Vec<Option<Digest>>,
}

impl NodeSet {
    /// Puts a block's node in its place.
    pub(super) fn add(&mut self, digest: BlockDigest) -> Result<(), TrailerError> {
        // 1 TiB has 2^20 blocks.
        if digest.block > TRAILER_PAYLOAD_MAX / BLOCK_LEN {
            return Err(TrailerError::TooLong);
        }
        let place = usize::try_from(digest.block).map_err(|_| TrailerError::TooLong)?;
        if place >= self.nodes.len() {
            self.nodes.resize(place + 1, None);
        }
        match self.nodes.get_mut(place) {
            Some(empty @ None) => {
                *empty = Some(digest.node);
                Ok(())
            }
            _ => Err(TrailerError::BlocksDontMeet),
        }
    }
    /// All nodes, if exactly `count` were put in.
    pub(super) fn complete(self, count: u64) -> Result<Vec<Digest>, TrailerError> {
        if u64::try_from(self.nodes.len()) != Ok(count) {
            return Err(TrailerError::BlocksDontMeet);
        }
        self.nodes.into_iter().collect::<Option<Vec<_>>>().ok_or(TrailerError::BlocksDontMeet)
    }
}

/// The leaves over stored pieces.
pub(super) fn leaves<'p>(provider: &dyn Provider, pieces: impl Iterator<Item = &'p [u8]>) -> Vec<Digest> {
    pieces.map(|piece| leaf(provider, piece)).collect()
}

/// The digest of a block whose stored pieces are given.
pub(super) fn digest<'p>(
    provider: &dyn Provider,
    block: &Block,
    pieces: impl Iterator<Item = &'p [u8]>,
) -> Option<BlockDigest> {
    let node = fold(provider, leaves(provider, pieces))?;
    Some(BlockDigest { block: block.index(), node })
}
