//! The signed label as a document's own metadata carries it: opaque bytes in text form, beside the line people read.

use std::collections::BTreeMap;

use crate::error::LabelError;
use crate::limits;

/// Name of the property that carries the signed label, base64url without padding.
pub const LABEL_PROPERTY: &str = "kakuzuke.label";
/// Name of the property that carries the printed header line.
pub const MARKING_PROPERTY: &str = "kakuzuke.marking";

/// Name of the property that marks a carrier, so that one which lost its envelope is still known for a cover.
pub(crate) const COVER_PROPERTY: &str = "kakuzuke.cover";

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
    pub(crate) fn text(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.signed)
    }

    /// A label from the two properties of a document.
    pub(crate) fn from_text(label: &str, marking: &str) -> Result<Self, LabelError> {
        if label.len() > limits::LABEL_TEXT {
            return Err(LabelError::Malformed("too long"));
        }
        let signed = data_encoding::BASE64URL_NOPAD
            .decode(label.trim().as_bytes())
            .map_err(|_| LabelError::Malformed("not base64url"))?;
        Self::new(signed, marking.to_owned())
    }

    /// Names and values where a value may be of any length.
    pub(crate) fn whole_properties(&self) -> [(&'static str, String); 2] {
        [(MARKING_PROPERTY, self.marking.clone()), (LABEL_PROPERTY, self.text())]
    }

    /// Names and values of the properties of an office document: what is longer than a property may be goes on
    /// in `name.2`, `name.3`, …
    pub(crate) fn properties(&self) -> Vec<(String, String)> {
        let mut properties = Vec::new();
        for (name, value) in [(MARKING_PROPERTY, self.marking.as_str()), (LABEL_PROPERTY, &self.text())] {
            for (number, piece) in (1..).zip(pieces(value)) {
                let name = if number == 1 { name.to_owned() } else { format!("{name}.{number}") };
                properties.push((name, piece));
            }
        }
        properties
    }

    /// Whether a property is one of ours.
    pub(crate) fn is_property(name: &str) -> bool {
        place(MARKING_PROPERTY, name).or(place(LABEL_PROPERTY, name)).is_some()
    }

    /// The label in the properties of an office document; those of others are passed over.
    pub(crate) fn from_properties<'a>(
        properties: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Option<Self>, LabelError> {
        let (mut label, mut marking) = (BTreeMap::new(), BTreeMap::new());
        for (name, value) in properties {
            let (pieces, number) = match (place(LABEL_PROPERTY, name), place(MARKING_PROPERTY, name)) {
                (Some(number), _) => (&mut label, number),
                (None, Some(number)) => (&mut marking, number),
                (None, None) => continue,
            };
            if pieces.insert(number, value).is_some() {
                return Err(LabelError::Malformed("a property twice"));
            }
        }
        if label.is_empty() {
            return Ok(None);
        }
        Self::from_text(&join(&label)?, &join(&marking)?).map(Some)
    }
}

/// Longest value of a property in UTF-16 units: Word takes no more.
const PROPERTY_UNITS: usize = 255;

fn pieces(value: &str) -> Vec<String> {
    let (mut pieces, mut piece, mut units) = (Vec::new(), String::new(), 0);
    for character in value.chars() {
        if units + character.len_utf16() > PROPERTY_UNITS {
            pieces.push(std::mem::take(&mut piece));
            units = 0;
        }
        piece.push(character);
        units += character.len_utf16();
    }
    pieces.push(piece);
    pieces
}

/// Which piece of the property `base` has this name: 1 for `base`, 2 for `base.2`.
fn place(base: &str, name: &str) -> Option<u32> {
    match name.strip_prefix(base)? {
        "" => Some(1),
        rest => {
            let digits = rest.strip_prefix('.')?;
            let number = digits.parse().ok().filter(|n: &u32| *n >= 2)?;
            (number.to_string() == digits).then_some(number)
        }
    }
}

fn join(pieces: &BTreeMap<u32, &str>) -> Result<String, LabelError> {
    if pieces.keys().copied().ne(1..=pieces.len() as u32) {
        return Err(LabelError::Malformed("a property of the label is missing"));
    }
    Ok(pieces.values().copied().collect())
}
