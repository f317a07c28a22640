//! One block: 64 pieces of a payload, the unit of input, output and parallel work (1 MiB of plaintext).
//!
//! The pieces lie in the buffer as they lie in the file, each followed by room for its tag, so that sealing and
//! opening work in place and a block is one read and one write.

use core::ops::Range;

use zeroize::Zeroize;

use super::layout::{self, CHUNK_LEN, OPENING_LEN};
use super::mechanism::PayloadSuite;
use super::tree::{BLOCK_LEAVES, BLOCK_LEN, PIECE_LEN};
use crate::crypto::chunked::Run;

const PAGE: usize = 4096;
/// Copies are several times slower on some processors when the destination lies 1 to 31 bytes past the source,
/// modulo a page; this distance keeps clear of it.
const CLEARANCE: usize = 64;

/// Where one block lies, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    suite: PayloadSuite,
    index: u64,
    plain: Range<u64>,
    stored: Range<u64>,
    pieces: usize,
}

impl Block {
    /// Block `index` of a payload of `payload_len` bytes whose section begins at `origin`; `None` past the end.
    pub(super) fn locate(suite: PayloadSuite, payload_len: u64, origin: u64, index: u64) -> Option<Self> {
        let first = index.checked_mul(BLOCK_LEAVES)?;
        let total = layout::piece_count(suite, payload_len);
        let pieces = total.checked_sub(first).filter(|n| *n > 0)?.min(BLOCK_LEAVES);
        let plain_start = index.checked_mul(BLOCK_LEN)?;
        let plain_end = plain_start.checked_add(BLOCK_LEN)?.min(payload_len);
        let tags = match suite {
            PayloadSuite::Clear => 0,
            PayloadSuite::Cobblestone256 => pieces * layout::TAG_LEN,
        };
        let opening = match suite {
            PayloadSuite::Clear => 0,
            PayloadSuite::Cobblestone256 => OPENING_LEN,
        };
        let stored_start = first.checked_mul(suite.stride())?.checked_add(opening)?.checked_add(origin)?;
        let stored_end = stored_start.checked_add(plain_end - plain_start)?.checked_add(tags)?;
        Some(Self {
            suite,
            index,
            plain: plain_start..plain_end,
            stored: stored_start..stored_end,
            pieces: usize::try_from(pieces).ok()?,
        })
    }

    /// Number of the block, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Its bytes in the plaintext.
    #[must_use]
    pub const fn plain(&self) -> Range<u64> {
        self.plain.start..self.plain.end
    }

    /// Its bytes in the file.
    #[must_use]
    pub const fn stored(&self) -> Range<u64> {
        self.stored.start..self.stored.end
    }

    /// Number of its first piece.
    pub(super) const fn first_piece(&self) -> u64 {
        self.index * BLOCK_LEAVES
    }

    /// Plaintext bytes of its piece `at`.
    fn piece_len(&self, at: usize) -> usize {
        let all = self.plain.end - self.plain.start;
        let before = (at as u64).saturating_mul(PIECE_LEN);
        usize::try_from(all.saturating_sub(before).min(PIECE_LEN)).unwrap_or(0)
    }

    /// Whether the payload ends in it: only a last chunk is shorter than others.
    pub(super) const fn run(&self) -> Run {
        if (self.stored.end - self.stored.start).is_multiple_of(CHUNK_LEN) { Run::Inner } else { Run::Last }
    }

    fn stored_len(&self) -> usize {
        usize::try_from(self.stored.end - self.stored.start).unwrap_or(0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    Plain,
    Stored,
}

/// Room for one block, used again and again. Holds plaintext: erased when dropped.
pub struct BlockBuffer {
    memory: Vec<u8>,
    start: usize,
    block: Block,
    state: State,
}

impl Default for BlockBuffer {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for BlockBuffer {
    fn drop(&mut self) {
        self.memory.zeroize();
    }
}

impl BlockBuffer {
    /// Room for no block yet; it grows with the first of its size.
    #[must_use]
    pub fn new() -> Self {
        let block = Block { suite: PayloadSuite::Clear, index: 0, plain: 0..0, stored: 0..0, pieces: 0 };
        Self { memory: Vec::new(), start: 0, block, state: State::Empty }
    }

    /// Makes room for `block`, to be filled with plaintext by [`Self::pieces_mut`].
    pub fn begin(&mut self, block: Block) {
        self.lay_out(block);
        self.state = State::Plain;
    }

    fn lay_out(&mut self, block: Block) {
        let room = block.stored_len() + 2 * PAGE + CLEARANCE;
        if self.memory.len() < room {
            self.memory.zeroize();
            self.memory = vec![0; room];
        }
        let to_page = self.memory.as_ptr().align_offset(PAGE).min(PAGE);
        let in_file = usize::try_from(block.stored.start % PAGE as u64).unwrap_or(0);
        self.start = to_page + (in_file + CLEARANCE) % PAGE;
        self.block = block;
        self.state = State::Empty;
    }

    /// The block laid out here.
    #[must_use]
    pub const fn block(&self) -> &Block {
        &self.block
    }

    /// The plaintext of the block, piece by piece (for one vectored write); nothing unless there is plaintext.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let shown = if self.state == State::Plain { self.block.pieces } else { 0 };
        let (block, stride) = (&self.block, self.stride());
        self.area()
            .chunks(stride)
            .take(shown)
            .enumerate()
            .map(|(at, piece)| piece.get(..block.piece_len(at)).unwrap_or_default())
    }

    /// Room for the plaintext of the block, piece by piece (for one vectored read).
    pub fn pieces_mut(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let shown = if self.state == State::Plain { self.block.pieces } else { 0 };
        let stride = self.stride();
        let block = self.block.clone();
        self.area_mut()
            .chunks_mut(stride)
            .take(shown)
            .enumerate()
            .map(move |(at, piece)| piece.get_mut(..block.piece_len(at)).unwrap_or_default())
    }

    /// Fills plaintext in from byte `at` of the block on; gives how much of `data` there was room for.
    pub(super) fn fill(&mut self, at: u64, data: &[u8]) -> usize {
        let mut skip = usize::try_from(at).unwrap_or(usize::MAX);
        let mut taken = 0;
        for piece in self.pieces_mut() {
            let Some(room) = piece.get_mut(skip..) else {
                skip -= piece.len();
                continue;
            };
            skip = 0;
            let rest = data.get(taken..).unwrap_or_default();
            let now = rest.len().min(room.len());
            if let (Some(to), Some(from)) = (room.get_mut(..now), rest.get(..now)) {
                to.copy_from_slice(from);
            }
            taken += now;
        }
        taken
    }

    /// Makes the block laid out here its shorter self: the content ended inside it.
    pub(super) fn shorten(&mut self, last: Block) {
        if self.state != State::Plain || self.block.index != last.index {
            self.begin(last);
        } else {
            self.block = last;
        }
    }

    /// Whether there is plaintext to seal.
    pub(super) fn holds_plaintext(&self) -> bool {
        self.state == State::Plain
    }

    /// The block as it lies in the file; nothing unless it was sealed.
    #[must_use]
    pub fn stored(&self) -> &[u8] {
        if self.state == State::Stored { self.area() } else { &[] }
    }

    /// Room for the block as it lies in the file.
    pub(super) fn begin_stored(&mut self, block: Block) -> &mut [u8] {
        self.lay_out(block);
        self.area_mut()
    }

    /// The block as it lies, or will lie, in the file.
    pub(super) fn raw_mut(&mut self) -> (&Block, &mut [u8]) {
        let range = self.start..self.start + self.block.stored_len();
        (&self.block, self.memory.get_mut(range).unwrap_or_default())
    }

    /// The pieces as they lie in the file.
    pub(super) fn each_stored(&self) -> impl Iterator<Item = &[u8]> {
        self.area().chunks(self.stride())
    }

    pub(super) const fn set_sealed(&mut self) {
        self.state = State::Stored;
    }

    pub(super) const fn set_opened(&mut self) {
        self.state = State::Plain;
    }

    /// Forgets what is here, plaintext of pieces that did open included.
    pub(super) fn wipe(&mut self) {
        self.state = State::Empty;
        self.area_mut().zeroize();
    }

    fn stride(&self) -> usize {
        usize::try_from(self.block.suite.stride()).unwrap_or(usize::MAX)
    }

    fn area(&self) -> &[u8] {
        self.memory.get(self.start..self.start + self.block.stored_len()).unwrap_or_default()
    }

    fn area_mut(&mut self) -> &mut [u8] {
        self.memory.get_mut(self.start..self.start + self.block.stored_len()).unwrap_or_default()
    }
}
