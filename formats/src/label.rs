//! The signed label as a document's own metadata carries it: opaque bytes in text form, beside the line people read.

use crate::error::LabelError;
use crate::limits;

/// Name of the property that carries the signed label, base64url without padding.
pub const LABEL_PROPERTY: &str = "kakuzuke.label";
/// Name of the property that carries the printed header line.
pub const MARKING_PROPERTY: &str = "kakuzuke.marking";

/// 格付の記録. A label as it lies in an unprotected document. What it says is not verified here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLabel {
    signed: Vec<u8>,
    marking: String,
}

impl StoredLabel {
    /// A label to be written: signed bytes, and the header line as the agency prints it.
    ///
    /// # Errors
    /// [`LabelError::Malformed`] when the label is empty or longer than [`limits::LABEL_TEXT`], or the line
    /// holds control characters.
    pub fn new(signed: Vec<u8>, marking: String) -> Result<Self, LabelError> {
        if signed.is_empty() {
            return Err(LabelError::Malformed("empty"));
        }
        if signed.len() > limits::LABEL_TEXT / 4 * 3 || marking.len() > limits::LABEL_TEXT {
            return Err(LabelError::Malformed("too long"));
        }
        if marking.chars().any(char::is_control) {
            return Err(LabelError::Malformed("control character in the header line"));
        }
        Ok(Self { signed, marking })
    }

    /// The signed bytes.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// The header line; informative only, what counts is in the signed bytes.
    #[must_use]
    pub fn marking(&self) -> &str {
        &self.marking
    }

    /// The signed bytes in text form.
    #[expect(dead_code, reason = "used by the PDF and office carriers, which follow")]
    pub(crate) fn text(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.signed)
    }

    /// A label from the two properties of a document.
    #[expect(dead_code, reason = "used by the PDF and office carriers, which follow")]
    pub(crate) fn from_text(label: &str, marking: &str) -> Result<Self, LabelError> {
        if label.len() > limits::LABEL_TEXT {
            return Err(LabelError::Malformed("too long"));
        }
        let signed = data_encoding::BASE64URL_NOPAD
            .decode(label.trim().as_bytes())
            .map_err(|_| LabelError::Malformed("not base64url"))?;
        Self::new(signed, marking.to_owned())
    }
}
