//! Deterministic CBOR (RFC 8949 4.2.1), strictly: what does not re-encode to the same bytes is refused.
//!
//! The decoder underneath checks neither canonical form nor duplicate keys; encoding the decoded value
//! again and comparing catches both, and unknown keys and trailing bytes with them.

use minicbor::encode::Write;
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

/// A value could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// Not CBOR of the expected shape.
    #[error("malformed CBOR")]
    Malformed,
    /// Well-formed, but not the one deterministic encoding of a value of the expected shape
    /// (duplicate or unknown key, longer form than needed, trailing bytes).
    #[error("CBOR not in deterministic form")]
    NotDeterministic,
}

/// The one encoding of `value`.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    match minicbor::encode(value, &mut out) {
        Ok(()) => out,
        // Writing into a Vec cannot fail; a type whose Encode refuses would be a defect caught by every test of it.
        Err(_) => Vec::new(),
    }
}

/// Reads a value whose encoding is exactly `bytes`.
///
/// # Errors
/// [`CborError`] when the bytes are not the deterministic encoding of a `T`.
pub fn decode_strict<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8]) -> Result<T, CborError> {
    let value: T = minicbor::decode(bytes).map_err(|_| CborError::Malformed)?;
    let mut rest = Expected(bytes);
    let same = minicbor::encode(&value, &mut rest).is_ok() && rest.0.is_empty();
    if same { Ok(value) } else { Err(CborError::NotDeterministic) }
}

/// The one encoding of a value with secrets in it: written once into its place, erased when dropped.
#[must_use]
pub fn encode_secret<T: Encode<()>>(value: &T) -> Zeroizing<Vec<u8>> {
    let mut length = Length(0);
    let mut out = Zeroizing::new(Vec::new());
    if minicbor::encode(value, &mut length).is_ok() {
        // Grown later, it would leave what it held behind.
        out.reserve_exact(length.0);
        if minicbor::encode(value, &mut *out).is_err() {
            out.clear();
        }
    }
    out
}

/// What is still to be written, if all is as it was read. Nothing of it is kept: it may be a secret.
struct Expected<'a>(&'a [u8]);

impl Write for Expected<'_> {
    type Error = CborError;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), CborError> {
        self.0 = self.0.strip_prefix(bytes).ok_or(CborError::NotDeterministic)?;
        Ok(())
    }
}

/// Counts what would be written, in bytes.
struct Length(usize);

impl Write for Length {
    type Error = CborError;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), CborError> {
        self.0 += bytes.len();
        Ok(())
    }
}
