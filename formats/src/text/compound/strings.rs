//! Characters of older formats: UTF-16LE, or bytes of a code page.

pub(super) use crate::text::encoding::paged;

/// UTF-16LE.
pub(super) fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// Bytes that are the lower halves of UTF-16 units.
pub(super) fn narrow(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}
