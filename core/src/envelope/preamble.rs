//! The first 32 bytes: what this is, which version, and how long each section of the head is.

use super::error::HeadError;

/// First eight bytes of every envelope.
pub const MAGIC: [u8; 8] = *b"\x89KKZ\r\n\x1a\n";
/// The one version of the format there is.
pub const VERSION: u16 = 1;
/// Bytes of the preamble.
pub const PREAMBLE_LEN: usize = 32;
/// The head's length is a multiple of this many bytes.
pub const HEAD_ALIGN: u32 = 4096;
/// The longest head, in bytes.
pub const HEAD_MAX: u32 = 1 << 20;
/// Bytes a sealer leaves free at least, for a receipt or a re-wrap.
pub const SPARE_ROOM: u32 = 1536;
/// The longest metadata section, in bytes.
pub const METADATA_MAX: u32 = 64 * 1024;

/// The lengths of the sections, checked against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preamble {
    head_len: u32,
    label_len: u32,
    grants_len: u32,
    evidence_len: u32,
    metadata_len: u32,
}

/// Lengths of the three sections of a head, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SectionLengths {
    pub(super) label: usize,
    pub(super) grants: usize,
    pub(super) evidence: usize,
}

impl SectionLengths {
    fn used(self) -> Option<u32> {
        let sections = self.label.checked_add(self.grants)?.checked_add(self.evidence)?;
        u32::try_from(sections.checked_add(PREAMBLE_LEN)?).ok()
    }

    /// The head length a sealer chooses: everything, the spare room, rounded up.
    pub(super) fn fitting_head(self) -> Result<u32, HeadError> {
        let wanted = self.used().and_then(|n| n.checked_add(SPARE_ROOM)).ok_or(HeadError::HeadLength)?;
        wanted.checked_next_multiple_of(HEAD_ALIGN).filter(|n| *n <= HEAD_MAX).ok_or(HeadError::HeadLength)
    }
}

impl Preamble {
    /// A preamble for sections of the given lengths in a head of `head_len` bytes.
    pub(super) fn new(head_len: u32, lengths: SectionLengths, metadata_len: u32) -> Result<Self, HeadError> {
        let narrow = |n: usize| u32::try_from(n).map_err(|_| HeadError::SectionsOverflow);
        let made = Self {
            head_len,
            label_len: narrow(lengths.label)?,
            grants_len: narrow(lengths.grants)?,
            evidence_len: narrow(lengths.evidence)?,
            metadata_len,
        };
        made.check()?;
        Ok(made)
    }

    /// Reads the first 32 bytes of a file.
    ///
    /// # Errors
    /// [`HeadError`], in the order of the fields: magic, version, reserved field, head length, sections, metadata length.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeadError> {
        let (magic, rest) = bytes.split_first_chunk::<8>().ok_or(HeadError::NotAnEnvelope)?;
        if *magic != MAGIC {
            return Err(HeadError::NotAnEnvelope); // [ENV-01]
        }
        let (version, rest) = rest.split_first_chunk::<2>().ok_or(HeadError::Truncated)?;
        if u16::from_be_bytes(*version) != VERSION {
            return Err(HeadError::UnknownVersion); // [ENV-02]
        }
        let (reserved, rest) = rest.split_first_chunk::<2>().ok_or(HeadError::Truncated)?;
        if *reserved != [0, 0] {
            return Err(HeadError::ReservedNotZero); // [ENV-03]
        }
        let (head_len, rest) = take_u32(rest)?;
        let (label_len, rest) = take_u32(rest)?;
        let (grants_len, rest) = take_u32(rest)?;
        let (evidence_len, rest) = take_u32(rest)?;
        let (metadata_len, _) = take_u32(rest)?;
        let made = Self { head_len, label_len, grants_len, evidence_len, metadata_len };
        made.check()?;
        Ok(made)
    }

    fn check(&self) -> Result<(), HeadError> {
        if self.head_len == 0 || !self.head_len.is_multiple_of(HEAD_ALIGN) || self.head_len > HEAD_MAX {
            return Err(HeadError::HeadLength); // [ENV-04]
        }
        // Four 32-bit lengths can't overflow 64 bits.
        let used =
            PREAMBLE_LEN as u64 + u64::from(self.label_len) + u64::from(self.grants_len) + u64::from(self.evidence_len);
        if used > u64::from(self.head_len) {
            return Err(HeadError::SectionsOverflow); // [ENV-05]
        }
        if self.metadata_len > METADATA_MAX {
            return Err(HeadError::MetadataLength); // [ENV-06]
        }
        Ok(())
    }

    /// The 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(PREAMBLE_LEN);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_be_bytes());
        out.extend_from_slice(&[0, 0]);
        for n in [self.head_len, self.label_len, self.grants_len, self.evidence_len, self.metadata_len] {
            out.extend_from_slice(&n.to_be_bytes());
        }
        out
    }

    /// Bytes of the whole head: this preamble, the three sections and the padding.
    #[must_use]
    pub const fn head_len(&self) -> u32 {
        self.head_len
    }

    /// Bytes of the metadata section, which follows the head.
    #[must_use]
    pub const fn metadata_len(&self) -> u32 {
        self.metadata_len
    }

    pub(super) const fn sections(&self) -> (usize, usize, usize) {
        (self.label_len as usize, self.grants_len as usize, self.evidence_len as usize)
    }
}

fn take_u32(bytes: &[u8]) -> Result<(u32, &[u8]), HeadError> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(HeadError::Truncated)?;
    Ok((u32::from_be_bytes(*number), rest))
}
