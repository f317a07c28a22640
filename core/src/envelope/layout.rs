//! Where everything lies, worked out from the head, the footer and the length of the file by checked arithmetic.

use core::ops::Range;

use super::error::LayoutError;
use super::mechanism::{PayloadSuite, TrailerKind};
use super::preamble::Preamble;
use super::tree::{self, NODE_LEN, PIECE_LEN};

/// Bytes of the footer.
pub const FOOTER_LEN: u64 = 16;
/// First eight bytes of the footer.
pub const FOOTER_MAGIC: [u8; 8] = *b"KKZ1FOOT";
/// Bytes of salt and commitment before the first chunk of an encrypted section.
pub const OPENING_LEN: u64 = 56;
/// Bytes of an authentication tag.
pub const TAG_LEN: u64 = 16;
/// Bytes of one full chunk with its tag.
pub const CHUNK_LEN: u64 = PIECE_LEN + TAG_LEN;
/// The longest payload a trailer covers, in bytes.
pub const TRAILER_PAYLOAD_MAX: u64 = 1 << 40;
/// The longest signed part of a trailer, in bytes.
pub const CORE_MAX: u64 = 64 * 1024;

/// The 16 bytes an envelope ends with.
#[must_use]
pub fn footer(trailer_len: u64) -> [u8; 16] {
    let mut out = [0u8; 16];
    for (to, from) in out.iter_mut().zip(FOOTER_MAGIC.into_iter().chain(trailer_len.to_be_bytes())) {
        *to = from;
    }
    out
}

fn parse_footer(bytes: &[u8; 16]) -> Result<u64, LayoutError> {
    let (magic, length) = bytes.split_first_chunk::<8>().ok_or(LayoutError::FooterMagic)?;
    if *magic != FOOTER_MAGIC {
        return Err(LayoutError::FooterMagic); // [ENV-40]
    }
    let length: [u8; 8] = length.try_into().map_err(|_| LayoutError::FooterMagic)?;
    Ok(u64::from_be_bytes(length))
}

/// Positions of the parts of one envelope, in bytes from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    suite: PayloadSuite,
    head_len: u64,
    payload_start: u64,
    payload_end: u64,
    payload_len: u64,
    trailer_end: u64,
}

impl Layout {
    /// The layout of a file of `total_len` bytes that begins with `preamble` and ends with `footer`.
    ///
    /// # Errors
    /// [`LayoutError`] when the footer or the lengths don't fit the file and the signed trailer kind.
    pub fn derive(
        preamble: &Preamble,
        suite: PayloadSuite,
        kind: TrailerKind,
        total_len: u64,
        footer: &[u8; 16],
    ) -> Result<Self, LayoutError> {
        let trailer_len = parse_footer(footer)?;
        match kind {
            TrailerKind::None if trailer_len != 0 => return Err(LayoutError::TrailerUnexpected), // [ENV-42]
            TrailerKind::Tree if trailer_len == 0 => return Err(LayoutError::TrailerMissing),    // [ENV-41]
            TrailerKind::None | TrailerKind::Tree => {}
        }
        let head_len = u64::from(preamble.head_len());
        let payload_start = head_len + u64::from(preamble.metadata_len());
        let trailer_end = total_len.checked_sub(FOOTER_LEN).ok_or(LayoutError::Overrun)?;
        let payload_end = trailer_end.checked_sub(trailer_len).ok_or(LayoutError::Overrun)?; // [ENV-43]
        let section_len = payload_end.checked_sub(payload_start).ok_or(LayoutError::Overrun)?; // [ENV-43]
        let payload_len = match suite {
            PayloadSuite::Clear => section_len,
            PayloadSuite::Cobblestone256 => plaintext_len(section_len)?,
        };
        if kind == TrailerKind::Tree {
            check_trailer_room(suite, payload_len, trailer_len)?;
        }
        Ok(Self { suite, head_len, payload_start, payload_end, payload_len, trailer_end })
    }

    /// The layout of a file that lies outside its envelope (detached trailer): the head and the trailer are one
    /// file of `total_len` bytes, the payload another of `payload_len`.
    ///
    /// # Errors
    /// [`LayoutError`] when the footer or the lengths don't fit.
    pub(super) fn derive_detached(
        preamble: &Preamble,
        total_len: u64,
        payload_len: u64,
        footer: &[u8; 16],
    ) -> Result<Self, LayoutError> {
        let trailer_len = parse_footer(footer)?;
        if trailer_len == 0 {
            return Err(LayoutError::TrailerMissing); // [ENV-41]
        }
        let head_len = u64::from(preamble.head_len());
        let start = head_len + u64::from(preamble.metadata_len());
        let trailer_end = total_len.checked_sub(FOOTER_LEN).ok_or(LayoutError::Overrun)?;
        if trailer_end.checked_sub(trailer_len) != Some(start) {
            return Err(LayoutError::Overrun); // [ENV-43]
        }
        check_trailer_room(PayloadSuite::Clear, payload_len, trailer_len)?;
        Ok(Self {
            suite: PayloadSuite::Clear,
            head_len,
            payload_start: start,
            payload_end: start,
            payload_len,
            trailer_end,
        })
    }

    /// Bytes of plaintext in the payload. A claim until the final chunk or the trailer has been verified.
    pub(super) const fn payload_len(&self) -> u64 {
        self.payload_len
    }

    /// The metadata section.
    #[must_use]
    pub const fn metadata(&self) -> Range<u64> {
        self.head_len..self.payload_start
    }

    /// The whole payload section, salt and commitment included.
    #[must_use]
    pub const fn payload(&self) -> Range<u64> {
        self.payload_start..self.payload_end
    }

    /// The trailer, footer excluded.
    #[must_use]
    pub const fn trailer(&self) -> Range<u64> {
        self.payload_end..self.trailer_end
    }

    /// Pieces of the payload.
    #[must_use]
    pub const fn piece_count(&self) -> u64 {
        piece_count(self.suite, self.payload_len)
    }

    /// Stored bytes of piece `index`, in bytes from the beginning of the file the payload lies in.
    pub(super) fn piece(&self, index: u64) -> Option<Range<u64>> {
        self.pieces(index, 1)
    }

    /// Stored bytes of `count` pieces from `first` on, cut at the payload's end.
    pub(super) fn pieces(&self, first: u64, count: u64) -> Option<Range<u64>> {
        if first >= self.piece_count() {
            return None;
        }
        let origin = self.first_piece();
        let stride = self.suite.stride();
        let start = first.checked_mul(stride)?.checked_add(origin)?;
        let end = first.checked_add(count)?.checked_mul(stride)?.checked_add(origin)?;
        Some(start..end.min(self.pieces_end()))
    }

    const fn first_piece(&self) -> u64 {
        match self.suite {
            PayloadSuite::Clear => self.payload_start,
            PayloadSuite::Cobblestone256 => self.payload_start + OPENING_LEN,
        }
    }

    // A detached payload lies in a file of its own, from 0 on.
    const fn pieces_end(&self) -> u64 {
        match self.suite {
            PayloadSuite::Clear => self.payload_start + self.payload_len,
            PayloadSuite::Cobblestone256 => self.payload_end,
        }
    }
}

/// Pieces of a payload of `payload_len` bytes: encrypted, the last is always shorter than 16 KiB and may be empty;
/// clear, there is no empty piece.
pub(super) const fn piece_count(suite: PayloadSuite, payload_len: u64) -> u64 {
    match suite {
        PayloadSuite::Clear => payload_len.div_ceil(PIECE_LEN),
        PayloadSuite::Cobblestone256 => payload_len / PIECE_LEN + 1,
    }
}

/// Bytes of plaintext in an encrypted section of `section_len` bytes.
pub(super) fn plaintext_len(section_len: u64) -> Result<u64, LayoutError> {
    let chunks = section_len.checked_sub(OPENING_LEN).ok_or(LayoutError::PayloadLength)?;
    let last = chunks % CHUNK_LEN;
    if last < TAG_LEN {
        return Err(LayoutError::PayloadLength); // [ENV-44]
    }
    Ok(chunks / CHUNK_LEN * PIECE_LEN + (last - TAG_LEN))
}

/// Bytes of an encrypted section over `plaintext_len` bytes, if that is a length at all.
pub(super) const fn section_len(suite: PayloadSuite, plaintext_len: u64) -> Option<u64> {
    match suite {
        PayloadSuite::Clear => Some(plaintext_len),
        PayloadSuite::Cobblestone256 => match piece_count(suite, plaintext_len).checked_mul(TAG_LEN) {
            Some(tags) => match plaintext_len.checked_add(tags) {
                Some(chunks) => chunks.checked_add(OPENING_LEN),
                None => None,
            },
            None => None,
        },
    }
}

fn check_trailer_room(suite: PayloadSuite, payload_len: u64, trailer_len: u64) -> Result<(), LayoutError> {
    if payload_len > TRAILER_PAYLOAD_MAX {
        return Err(LayoutError::TooLong); // [ENV-46]
    }
    let nodes = tree::node_count(piece_count(suite, payload_len)) * NODE_LEN;
    // A signed core of at least one byte and its length.
    let signed = trailer_len.checked_sub(nodes).and_then(|n| n.checked_sub(4)).ok_or(LayoutError::TrailerLength)?;
    if signed == 0 || signed > CORE_MAX { Err(LayoutError::TrailerLength) } else { Ok(()) } // [ENV-45]
}
