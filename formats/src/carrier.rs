//! 器. A protected file is carrier bytes before the envelope, the envelope as one range, carrier bytes after it.
//!
//! The carrier's length is known before the envelope exists, so that a caller can lay the envelope in place
//! and seal it in parallel; only the bytes around it may need the envelope's CRC-32 (ZIP).

use std::io::{Read, Seek, SeekFrom, Write};

use crate::error::WrapError;
use crate::mail;

/// The CRC-32 of an envelope (ISO 3309, as in ZIP). Parts summed in parallel are joined with
/// [`EnvelopeSum::join`].
#[derive(Clone, Default)]
pub struct EnvelopeSum(crc32fast::Hasher);

impl EnvelopeSum {
    /// The sum over nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Adds the sum of the bytes that follow.
    pub fn join(&mut self, next: &Self) {
        self.0.combine(&next.0);
    }
}

/// The finished bytes around the envelope.
pub struct Frame {
    /// Bytes before the envelope, [`Carrier::offset`] of them.
    pub prefix: Vec<u8>,
    /// Bytes after the envelope.
    pub suffix: Vec<u8>,
}

/// A carrier made for an envelope of one length.
pub struct Carrier {
    pub(crate) frame: Frame,
    pub(crate) encoding: Encoding,
    pub(crate) envelope: u64,
    pub(crate) sums: Option<ZipSums>,
}

/// How the envelope lies in its carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Byte for byte.
    AsIs,
    /// As lines of base64 (RFC 2045, 6.8).
    Base64,
}

/// Where a ZIP carrier repeats the CRC-32 of the part that holds the envelope.
pub(crate) struct ZipSums {
    /// Sum of the part's bytes before the envelope.
    pub before: crc32fast::Hasher,
    /// Sum of the part's bytes after the envelope.
    pub after: crc32fast::Hasher,
    /// Offset of the field in the local header, in the prefix.
    pub in_prefix: usize,
    /// Offset of the field in the central directory, in the suffix.
    pub in_suffix: usize,
}

impl Carrier {
    /// Where the envelope starts in the file, in bytes.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.frame.prefix.len() as u64
    }

    /// Whether the envelope lies in the file byte for byte, so that a caller can lay it there itself.
    #[must_use]
    pub fn is_range(&self) -> bool {
        self.encoding == Encoding::AsIs
    }

    /// Length of the envelope in bytes.
    #[must_use]
    pub fn envelope_len(&self) -> u64 {
        self.envelope
    }

    /// Length of the whole file in bytes.
    #[must_use]
    pub fn total_len(&self) -> u64 {
        let inside = match self.encoding {
            Encoding::AsIs => self.envelope,
            Encoding::Base64 => mail::encoded(self.envelope),
        };
        self.offset() + inside + self.frame.suffix.len() as u64
    }

    /// Whether [`Carrier::finish`] needs the envelope's sum; when not, any sum does, [`EnvelopeSum::new`] too.
    #[must_use]
    pub fn needs_sum(&self) -> bool {
        self.sums.is_some()
    }

    /// The bytes around the envelope, once its sum is known.
    #[must_use]
    pub fn finish(mut self, envelope: EnvelopeSum) -> Frame {
        if let Some(sums) = self.sums {
            let mut whole = sums.before;
            whole.combine(&envelope.0);
            whole.combine(&sums.after);
            let crc = whole.finalize().to_le_bytes();
            put(&mut self.frame.prefix, sums.in_prefix, crc);
            put(&mut self.frame.suffix, sums.in_suffix, crc);
        }
        self.frame
    }

    /// Writes the whole file to `out`, which must be empty and at its start, copying the envelope from `envelope`.
    ///
    /// # Errors
    /// [`WrapError::Length`] when `envelope` is shorter or longer than announced, [`WrapError::Io`] when
    /// copying fails. What was written by then is no usable file.
    pub fn write(self, envelope: &mut dyn Read, out: &mut (impl Write + Seek)) -> Result<(), WrapError> {
        out.write_all(&self.frame.prefix)?;
        let mut sum = EnvelopeSum::new();
        let mut left = self.envelope;
        let mut lines = (self.encoding == Encoding::Base64).then(mail::Lines::new);
        let mut buffer = vec![0_u8; 128 << 10];
        loop {
            let n = match envelope.read(&mut buffer) {
                Ok(n) => n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e.into()),
            };
            let piece = buffer.get(..n).unwrap_or_default();
            left = left.checked_sub(n as u64).ok_or(WrapError::Length)?;
            if n == 0 {
                break;
            }
            sum.update(piece);
            match &mut lines {
                Some(lines) => out.write_all(&lines.of(piece))?,
                None => out.write_all(piece)?,
            }
        }
        if let Some(lines) = lines {
            out.write_all(&lines.last())?;
        }
        if left != 0 {
            return Err(WrapError::Length);
        }
        let patched = self.needs_sum();
        let frame = self.finish(sum);
        out.write_all(&frame.suffix)?;
        if patched {
            out.seek(SeekFrom::Start(0))?;
            out.write_all(&frame.prefix)?;
            out.seek(SeekFrom::End(0))?;
        }
        Ok(out.flush()?)
    }
}

fn put(bytes: &mut [u8], at: usize, value: [u8; 4]) {
    if let Some(field) = at.checked_add(4).and_then(|end| bytes.get_mut(at..end)) {
        field.copy_from_slice(&value);
    }
}
