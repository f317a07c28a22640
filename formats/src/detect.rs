//! What a file is, by its content first; its name only breaks ties.

use crate::kind::Kind;
use crate::place::Place;

/// What was found out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// The kind of the file as it lies there; for a protected file, the kind of its carrier.
    pub kind: Kind,
    /// What can be done with it.
    pub state: State,
}

/// What can be done with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// An ordinary file.
    Open,
    /// One of ours, with its envelope there.
    Protected(Place),
    /// Encrypted by another program; its content and metadata can't be read here.
    Locked(Lock),
    /// A cover of ours whose envelope is gone: another program has saved it.
    LostEnvelope,
    /// Not a whole file of its kind; the words say why.
    Damaged(&'static str),
}

/// How another program encrypted a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lock {
    /// PDF with a password or certificate (ISO 32000-2, 7.6).
    Pdf,
    /// Office document with a password or rights management ([MS-OFFCRYPTO]).
    Office,
    /// OpenDocument with a password (ODF 1.3 part 2, 3.4).
    OpenDocument,
}
