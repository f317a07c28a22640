//! Where an envelope lies in its carrier.

use std::ops::Range;

/// The first bytes of every envelope (docs/envelope.md), all this crate knows of it.
pub const MAGIC: [u8; 8] = *b"\x89KKZ\r\n\x1a\n";

/// Where an envelope was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// As these bytes of the carrier: read it there.
    Range(Range<u64>),
    /// In pieces or compressed, because an office suite saved the cover again, or encoded, as in mails: take it out with
    /// [`crate::extract`].
    Repacked(Repacked),
}

impl Place {
    /// Length of the envelope in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Range(range) => range.end.saturating_sub(range.start),
            Self::Repacked(repacked) => repacked.len,
        }
    }

    /// Whether there is nothing; never so for a place that was located.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An envelope that is not one range of its carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repacked {
    pub(crate) len: u64,
    pub(crate) route: Route,
}

/// How to get at a repacked envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// In a part of a ZIP package, in these pieces of its inflated data.
    Part {
        /// Name of the part.
        name: String,
        /// Ranges of its data that make up the envelope, in order.
        pieces: Vec<Range<u64>>,
    },
    /// In a stream of a PDF, deflated at this range of the file.
    Deflated(Range<u64>),
    /// In a mail message, as lines of base64 at this range of the file.
    Base64(Range<u64>),
}
