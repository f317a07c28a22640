//! The Merkle tree of RFC 9162 2.1 with SHA-256: hashes, and the compact state from which it grows.

use crate::crypto::{HashAlgorithm, Provider};
use crate::id::LogHash;

/// Hash of a leaf's bytes (RFC 9162 2.1.1: SHA-256 of 0x00 and the bytes).
#[must_use]
pub fn leaf_hash(provider: &dyn Provider, leaf: &[u8]) -> LogHash {
    let digest = provider.digest(HashAlgorithm::Sha256, &[&[0], leaf]);
    // SHA-256 has 32 bytes by definition; the tests of the provider hold it to that.
    LogHash::try_from(digest.as_ref()).unwrap_or(LogHash::from_bytes([0; 32]))
}

/// Hash of an inner node (RFC 9162 2.1.1: SHA-256 of 0x01 and both children).
#[must_use]
pub fn node_hash(provider: &dyn Provider, left: &LogHash, right: &LogHash) -> LogHash {
    let mut input = [1; 65];
    let (_, children) = input.split_at_mut(1);
    for (to, from) in children.iter_mut().zip(left.as_bytes().iter().chain(right.as_bytes())) {
        *to = *from;
    }
    LogHash::from_bytes(provider.sha256(&input))
}

/// Root of the tree without leaves.
#[must_use]
pub fn empty_root(provider: &dyn Provider) -> LogHash {
    LogHash::from_bytes(provider.sha256(&[]))
}

/// A perfect subtree: at `level` (leaves are 0), the `index`-th from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId {
    /// Height above the leaves.
    pub level: u8,
    /// Number from the left within the level.
    pub index: u64,
}

impl NodeId {
    /// Place in the sequence in which an appender completes nodes: the first leaf is 0, each leaf is followed by the
    /// nodes it completes. Storing by it keeps the store append-only.
    #[must_use]
    pub const fn position(self) -> u64 {
        let last_leaf = (self.index.saturating_add(1) << self.level).saturating_sub(1);
        stored_nodes(last_leaf) + self.level as u64
    }
}

/// Number of nodes a tree of `size` leaves has completed.
pub(super) const fn stored_nodes(size: u64) -> u64 {
    2 * size - size.count_ones() as u64
}

/// The compact state of a growing tree: the roots of its perfect subtrees, largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    roots: Vec<LogHash>,
}

impl Frontier {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, roots: Vec::new() }
    }

    /// From stored parts; nothing if there are not as many roots as `size` has bits set.
    #[must_use]
    pub fn from_parts(size: u64, roots: Vec<LogHash>) -> Option<Self> {
        (roots.len() as u64 == u64::from(size.count_ones())).then_some(Self { size, roots })
    }

    /// The nodes from which a frontier of `size` leaves is made, in the order of [`Self::from_parts`].
    #[must_use]
    pub fn nodes(size: u64) -> Vec<NodeId> {
        (0..64_u8)
            .rev()
            .filter(|level| size >> level & 1 == 1)
            .map(|level| NodeId { level, index: (size >> level).saturating_sub(1) })
            .collect()
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the perfect subtrees, largest first.
    #[must_use]
    pub fn roots(&self) -> &[LogHash] {
        &self.roots
    }

    /// Appends a leaf; `completed` is given every node this completes, the leaf first, in the order of
    /// [`NodeId::position`].
    pub fn push(&mut self, provider: &dyn Provider, leaf: LogHash, mut completed: impl FnMut(NodeId, LogHash)) {
        let mut node = NodeId { level: 0, index: self.size };
        let mut hash = leaf;
        completed(node, hash);
        while node.index & 1 == 1 {
            let Some(left) = self.roots.pop() else { break };
            hash = node_hash(provider, &left, &hash);
            node = NodeId { level: node.level + 1, index: node.index >> 1 };
            completed(node, hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Root of the tree (RFC 9162 2.1.1).
    #[must_use]
    pub fn root(&self, provider: &dyn Provider) -> LogHash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else { return empty_root(provider) };
        roots.fold(*last, |right, left| node_hash(provider, left, &right))
    }
}
