//! 本文の取り出し. The text of a document for classification, passage by passage, and what of it could not be had.
//!
//! A detector that was shown half a document must not say "nothing found": every text that exists but can't be
//! read is a gap of the [`TextSummary`]. Nothing is normalised, and nothing is held beyond one part of a document.

mod archive;
mod compound;
mod content;
mod drawing;
mod encoding;
mod html;
mod inside;
mod lines;
mod mail;
mod margin;
mod markup;
mod reading;
mod rtf;

use std::io;
use std::ops::ControlFlow;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::passage::{Part, Passage, Spot, Unit};

use crate::error::ReadError;
use crate::source::Source;

pub(crate) use content::{content, declared, is_picture, unreadable};
pub(crate) use drawing::{paragraphs, words};
pub(crate) use encoding::{Decoded, decode, decode_name, encoding_of, is_written, paged};
pub use inside::{Inside, labels_inside};
pub(crate) use mail::begins as begins_as_mail;
pub(crate) use margin::without_codes;
pub(crate) use markup::{Node, Tag, is_on, tidy, walk};
pub(crate) use reading::{Halt, Reading, locked};
pub(crate) use rtf::unpack as unpack_rtf;

/// What became of a document's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextSummary {
    /// Passages delivered.
    pub passages: u64,
    /// Characters (Unicode scalar values) delivered.
    pub characters: u64,
    /// Files that lay in it and were read too: attachments, entries, embedded documents.
    pub files: u64,
    /// Pictures in documents. What is written in them is not read.
    pub pictures: u64,
    /// What could not be read, and why: at most [`crate::limits::TEXT_GAPS`].
    pub gaps: Vec<(Spot, Text)>,
    /// Gaps beyond those.
    pub more_gaps: u64,
    /// Whether the receiver asked to stop before the end.
    pub is_stopped: bool,
}

impl TextSummary {
    /// Whether all text was delivered, apart from words in pictures. If not, "nothing found" can't be said.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty() && !self.is_stopped
    }
}

/// The text could not be read at all. A damaged, encrypted or unknown file is no error but a gap of the summary.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// The source could not be read.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
}

impl TextError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Io(e) => ReadError::Io(io::Error::from(e.kind())).code(),
        }
    }
}

/// Reads the text of a document, `sink` gets it passage by passage in reading order and may break off. `name` is the
/// file's name: it is delivered as a passage of its own, and decides between forms that look alike.
///
/// # Errors
/// When the source can't be read.
pub fn text(
    source: &dyn Source,
    name: Option<&str>,
    sink: &mut dyn FnMut(Passage) -> ControlFlow<()>,
) -> Result<TextSummary, TextError> {
    let mut reading = Reading::new(sink);
    let outcome = match name {
        Some(name) => reading.say(Unit::Whole, Part::FileName, name).and_then(|()| reading.read(source, Some(name))),
        None => reading.read(source, None),
    };
    match outcome {
        Ok(()) | Err(Halt::Over) => {}
        Err(Halt::Read(ReadError::Io(e))) => return Err(e.into()),
        Err(Halt::Read(ReadError::Damaged(why) | ReadError::Limit(why))) => reading.miss(Unit::Whole, Part::Body, why),
    }
    Ok(reading.finish())
}
