//! 表示. What everybody sees on every page, sheet and slide: the line of grade and restrictions at the top right, and a
//! watermark where the label asks for one (1.3 明示等). Put, replaced and taken off as a whole; what people typed
//! themselves is never touched.

use std::io::{self, Write};

use kakuzuke_core::code::{Code, Text};

use crate::error::ReadError;
use crate::format;
use crate::kind::Kind;
use crate::limits;
use crate::source::Source;

/// A line to be shown, and a watermark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    line: String,
    watermark: Option<String>,
}

impl Marking {
    /// `line`: `機密性２情報・完全性２情報・可用性１情報　複製禁止`, as the agency prints it; `watermark`: a few words across the
    /// page.
    ///
    /// # Errors
    /// [`MarkError::Words`] when one of them is empty, too long to be shown on a page ([`limits::MARKING_LINE`] characters)
    /// or holds control characters.
    pub fn new(line: &str, watermark: Option<&str>) -> Result<Self, MarkError> {
        for words in std::iter::once(line).chain(watermark) {
            let length = words.chars().count();
            if words.trim().is_empty() || length > limits::MARKING_LINE || words.chars().any(char::is_control) {
                return Err(MarkError::Words);
            }
        }
        Ok(Self { line: line.to_owned(), watermark: watermark.map(str::to_owned) })
    }

    /// The line at the top right.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The words across the page.
    #[must_use]
    pub fn watermark(&self) -> Option<&str> {
        self.watermark.as_deref()
    }
}

/// What may be done to a document on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signatures {
    /// A document whose signature a visible mark would break is refused: [`MarkError::Signed`].
    #[default]
    Keep,
    /// It is marked all the same; somebody was asked.
    Break,
}

/// What a document is to show afterwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'m> {
    /// The marking that takes the place of one of ours; none takes it off.
    pub marking: Option<&'m Marking>,
    /// What may happen to signatures.
    pub signatures: Signatures,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marked {
    /// Places that show the marking now: pages of a PDF, sheets, slides, page styles or sections of a text. Of a marking
    /// taken off: places it was taken off.
    pub places: u64,
    /// What could not be shown as it should, to be told: a sheet that is a chart only, characters the font lacks.
    pub notes: Vec<Text>,
}

/// A document could not be marked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MarkError {
    /// The document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// This kind of file has no pages to show a marking on.
    #[error("{0:?} shows no marking")]
    Unsupported(Kind),
    /// Marking would harm the document; the words say how.
    #[error("not marked: {0}")]
    Refused(&'static str),
    /// A visible mark breaks the document's signature; nobody was asked ([`Signatures::Keep`]).
    #[error("the document is signed, and a visible mark would break the signature")]
    Signed,
    /// The words can't be shown on a page.
    #[error("the marking's words can't be shown")]
    Words,
    /// The result could not be written.
    #[error("writing failed: {0}")]
    Write(#[source] io::Error),
}

impl MarkError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Read(e) => e.code(),
            Self::Unsupported(_) | Self::Refused(_) | Self::Signed => Code::Unsupported,
            Self::Words => Code::LabelInvalid,
            Self::Write(e) => ReadError::Io(io::Error::from(e.kind())).code(),
        }
    }
}

/// Writes the document with the marking on every page to `out`, in place of an earlier one of ours. The same marking put
/// twice gives the same document as put once.
///
/// # Errors
/// [`MarkError`]; what `out` got by then is no usable file.
pub fn mark(
    source: &dyn Source,
    name: Option<&str>,
    marking: &Marking,
    signatures: Signatures,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    change(source, name, Change { marking: Some(marking), signatures }, out)
}

/// Writes the document without a marking of ours to `out`.
///
/// # Errors
/// As [`mark`].
pub fn unmark(
    source: &dyn Source,
    name: Option<&str>,
    signatures: Signatures,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    change(source, name, Change { marking: None, signatures }, out)
}

fn change(
    source: &dyn Source,
    name: Option<&str>,
    change: Change<'_>,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    use crate::detect::State;
    let detection = crate::detect(source, name)?;
    match detection.state {
        State::Open => format::of(detection.kind).mark(source, detection.kind, change, out),
        State::Protected(_) => Err(MarkError::Refused("a protected file shows its marking on its cover")),
        State::Locked(_) => Err(MarkError::Refused("the file is encrypted with a password or by another program")),
        State::LostEnvelope => Err(MarkError::Refused("a cover that has lost its envelope")),
        State::Damaged(why) => Err(ReadError::Damaged(why).into()),
    }
}

/// The marking of ours that a document shows; none when it shows none.
///
/// # Errors
/// [`MarkError::Read`] when the document can't be read.
pub fn marking_of(source: &dyn Source, name: Option<&str>) -> Result<Option<Marking>, MarkError> {
    let detection = crate::detect(source, name)?;
    format::of(detection.kind).marking(source, detection.kind)
}
