//! Deterministic CBOR (RFC 8949 4.2.1), strictly: what does not re-encode to the same bytes is refused.
//!
//! The decoder underneath checks neither canonical form nor duplicate keys; encoding the decoded value
//! again and comparing catches both, and unknown keys and trailing bytes with them.

use minicbor::{Decode, Encode};

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
    if encode(&value) == bytes { Ok(value) } else { Err(CborError::NotDeterministic) }
}
