//! 中のファイルの格付. Labels of the files that lie in an archive, a message or a document: each file has its own.

use std::ops::ControlFlow;

use super::{Halt, Reading, TextError, TextSummary};
use crate::detect::{Detection, State};
use crate::error::ReadError;
use crate::format;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::source::Source;

/// A labelled or protected file that lies in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The names on the way to it, its own last.
    pub within: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// The label in its metadata; none for one that is protected: its label is in the envelope.
    pub label: Option<StoredLabel>,
}

impl Inside {
    /// A file as it is met; none when it bears no label that can be read.
    pub(super) fn of(within: &[String], source: &dyn Source, found: &Detection) -> Option<Self> {
        let label = match found.state {
            State::Protected(_) => None,
            State::Open => Some(format::of(found.kind).read_label(source).ok().flatten()?),
            State::Locked(_) | State::LostEnvelope | State::Damaged(_) => return None,
        };
        Some(Self { within: within.to_vec(), kind: found.kind, label })
    }
}

/// The labelled files in a file, at any depth and within the bounds of its text; and what could not be looked into.
///
/// # Errors
/// When the source can't be read.
pub fn labels_inside(source: &dyn Source, name: Option<&str>) -> Result<(Vec<Inside>, TextSummary), TextError> {
    let mut sink = |_| ControlFlow::Continue(());
    let mut reading = Reading::with_labels(&mut sink);
    let outcome = reading.read(source, name);
    if let Err(Halt::Read(ReadError::Io(e))) = outcome {
        return Err(e.into());
    }
    Ok((reading.inside(), reading.finish()))
}
