//! What the document was called before it was sealed: encrypted with it, covered by its trailer.

use minicbor::{Decode, Encode};

use super::error::MetadataError;
use crate::cbor;

/// Longest name, title or media type, in bytes of UTF-8.
pub const TEXT_MAX: usize = 4096;

/// Original name, media type, title.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Metadata {
    #[n(0)]
    name: String,
    #[n(1)]
    media_type: String,
    #[n(2)]
    title: Option<String>,
}

// A name can be confidential by itself.
impl core::fmt::Debug for Metadata {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Metadata(…)")
    }
}

impl Metadata {
    /// Metadata of a document.
    ///
    /// # Errors
    /// [`MetadataError::Name`] if the name is empty, a path or not printable; [`MetadataError::Text`] if another text
    /// is too long or not printable.
    pub fn new(name: &str, media_type: &str, title: Option<&str>) -> Result<Self, MetadataError> {
        let made =
            Self { name: name.to_owned(), media_type: media_type.to_owned(), title: title.map(ToOwned::to_owned) };
        made.check()?;
        Ok(made)
    }

    fn check(&self) -> Result<(), MetadataError> {
        let name = self.name.as_str();
        let path = name.contains(['/', '\\']) || name == "." || name == "..";
        if name.is_empty() || path || !printable(name) {
            return Err(MetadataError::Name); // [ENV-51]
        }
        if !printable(&self.media_type) || !self.title.as_deref().is_none_or(printable) {
            return Err(MetadataError::Text); // [ENV-51]
        }
        Ok(())
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        let found: Self = cbor::decode_strict(bytes).map_err(|_| MetadataError::Cbor)?; // [ENV-50]
        found.check()?;
        Ok(found)
    }

    /// File name without folders. A suggestion: it is nobody's authority to overwrite a file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Media type (RFC 6838), possibly empty.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// 件名.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
}

fn printable(text: &str) -> bool {
    text.len() <= TEXT_MAX && !text.chars().any(char::is_control)
}
