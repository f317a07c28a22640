//! What the operations of this crate end with when they do not succeed, one enum an operation.

use std::io;

use kakuzuke_core::code::{Code, Text};

use crate::ability::{Ability, Can};
use crate::kind::Kind;

/// Reading a document's structure failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The source could not be read.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
    /// The file breaks the rules of its format; the words say which.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// The file is over one of [`crate::limits`]; the words say which.
    #[error("over the limit: {0}")]
    Limit(&'static str),
}

/// The envelope could not be found or taken out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// The carrier could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file holds several envelopes, or an envelope among other things that could be meant.
    #[error("not exactly one envelope: {0}")]
    Ambiguous(&'static str),
    /// The envelope could not be written out.
    #[error("writing failed: {0}")]
    Write(#[source] io::Error),
}

/// A carrier could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WrapError {
    /// This kind of carrier can't hold an envelope this long.
    #[error("a {kind:?} carrier holds at most {limit} bytes")]
    TooLarge {
        /// The kind asked for.
        kind: Kind,
        /// Longest envelope in bytes.
        limit: u64,
    },
    /// The cover could not be drawn; the words say why.
    #[error("the cover page could not be made: {0}")]
    Cover(&'static str),
    /// The envelope does not have the length the carrier was made for.
    #[error("the envelope's length is not the one announced")]
    Length,
    /// The envelope could not be read or the carrier not written.
    #[error("copying failed: {0}")]
    Io(#[from] io::Error),
}

/// A label could not be read from, or written into, a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// This kind of file has no place for a label.
    #[error("{0:?} has no place for a label")]
    Unsupported(Kind),
    /// Writing would harm the document; the words say how.
    #[error("not written: {}", .0.en)]
    Refused(Text),
    /// The document carries a label of ours that is not in the stored form, or several.
    #[error("the stored label is not well formed: {0}")]
    Malformed(&'static str),
    /// The result could not be written.
    #[error("writing failed: {0}")]
    Write(#[source] io::Error),
}

fn io_code(error: &io::Error) -> Code {
    if error.kind() == io::ErrorKind::StorageFull { Code::DiskFull } else { Code::Io }
}

impl ReadError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Io(e) => io_code(e),
            Self::Damaged(_) => Code::Damaged,
            Self::Limit(_) => Code::LimitExceeded,
        }
    }
}

impl LocateError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Read(e) => e.code(),
            Self::Ambiguous(_) => Code::Damaged,
            Self::Write(e) => io_code(e),
        }
    }
}

impl WrapError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } => Code::LimitExceeded,
            Self::Cover(_) | Self::Length => Code::Internal,
            Self::Io(e) => io_code(e),
        }
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::TooLarge { limit, .. } => Text::new(
                format!(
                    "この形式で保護できる大きさ（{limit}バイト）を超えています。PDF表紙又は .kkz 形式で保護してください。"
                ),
                format!("Too large for this kind of carrier ({limit} bytes). Protect it with a PDF cover or as .kkz."),
            ),
            other => other.code().text(),
        }
    }
}

impl LabelError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Read(e) => e.code(),
            Self::Unsupported(_) | Self::Refused(_) => Code::Unsupported,
            Self::Malformed(_) => Code::LabelInvalid,
            Self::Write(e) => io_code(e),
        }
    }

    /// What happened: for a label that could not be put in, why.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unsupported(kind) => match crate::can(*kind, Ability::Label) {
                Can::No(why) | Can::Partly(why) => why,
                Can::Yes => self.code().text(),
            },
            Self::Refused(why) => why.clone(),
            Self::Read(ReadError::Damaged(why) | ReadError::Limit(why)) => Text::new(
                format!("ファイルの構造が正しくないか上限を超えているため、格付を書き込めません（{why}）。"),
                format!("The file is damaged or over a limit, so no label can be written into it: {why}."),
            ),
            Self::Malformed(why) => Text::new(
                format!("書かれている格付の記録が正しい形ではありません（{why}）。"),
                format!("The label that stands in the file is not well formed: {why}."),
            ),
            Self::Read(ReadError::Io(_)) | Self::Write(_) => self.code().text(),
        }
    }
}
