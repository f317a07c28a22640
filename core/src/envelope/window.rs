//! A bounded memory of blocks that were verified: their leaf hashes, so that a second look at a block costs one piece.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::id::Digest;

/// Blocks remembered at most (2 KiB each).
const BLOCKS_MAX: usize = 4096;

#[derive(Default)]
struct Verified {
    blocks: HashMap<u64, Vec<Digest>>,
    order: std::collections::VecDeque<u64>,
}

/// Leaf hashes of verified blocks.
pub(super) struct Window {
    verified: Mutex<Verified>,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { verified: Mutex::default() }
    }

    /// The verified leaf at `place` of `block`, if that block is remembered.
    pub(super) fn leaf(&self, block: u64, place: u64) -> Option<Digest> {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.blocks.get(&block)?.get(usize::try_from(place).ok()?).copied()
    }

    /// Remembers a verified block, forgetting the oldest if need be; gives its leaf at `place`.
    pub(super) fn keep(&self, block: u64, leaves: Vec<Digest>, place: u64) -> Option<Digest> {
        let wanted = leaves.get(usize::try_from(place).ok()?).copied();
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.blocks.insert(block, leaves).is_none() {
            verified.order.push_back(block);
        }
        if verified.order.len() > BLOCKS_MAX
            && let Some(oldest) = verified.order.pop_front()
        {
            verified.blocks.remove(&oldest);
        }
        wanted
    }
}
