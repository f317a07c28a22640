//! Short texts that end up on covers and in headers: bounded, printable, unable to disturb what stands around them.

use core::fmt;

use minicbor::decode::{Decoder, Error as DecodeError};
use serde::{Deserialize, Deserializer, Serialize, de};

/// A text that may not stand in a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Nothing but white space.
    #[error("empty text")]
    Empty,
    /// Longer than allowed.
    #[error("text longer than {0} characters")]
    TooLong(usize),
    /// A control character, a line break, or a character that changes the direction or look of its surroundings.
    #[error("text with a character that may not stand in a label")]
    Forbidden,
}

/// One line of 1 to `MAX` characters without control, direction or invisible characters, without white space at its ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Words<const MAX: usize>(#[n(0)] String);

impl<const MAX: usize> Words<MAX> {
    /// Takes a text.
    ///
    /// # Errors
    /// [`WordsError`] when it is empty, too long or holds a character that may not stand there.
    pub fn new(text: &str) -> Result<Self, WordsError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(WordsError::Empty);
        }
        if trimmed.chars().count() > MAX {
            return Err(WordsError::TooLong(MAX));
        }
        if trimmed.chars().any(is_forbidden) {
            return Err(WordsError::Forbidden);
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, line and paragraph separators, direction marks, invisible operators, private use and noncharacters.
const fn is_forbidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

impl<const MAX: usize> fmt::Display for Words<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Debug for Words<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const MAX: usize> TryFrom<&str> for Words<MAX> {
    type Error = WordsError;

    fn try_from(text: &str) -> Result<Self, WordsError> {
        Self::new(text)
    }
}

impl<'b, C, const MAX: usize> minicbor::Decode<'b, C> for Words<MAX> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let text = d.str()?;
        let words = Self::new(text).map_err(|e| DecodeError::message(e.to_string()))?;
        if words.0 == text { Ok(words) } else { Err(DecodeError::message("white space around a text")) }
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Words<MAX> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::new(&text).map_err(de::Error::custom)
    }
}

/// A short name: a unit, a post, a place (64 characters).
pub type Name = Words<64>;
/// A restriction as written, verbatim (120 characters).
pub type Verbatim = Words<120>;
/// A note for readers (1,000 characters).
pub type Note = Words<1000>;
