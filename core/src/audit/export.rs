//! The exported log: JSON Lines, a head with the checkpoint and then one line for each entry.

use serde::{Deserialize, Serialize};

use super::leaf::Salt;
use crate::id::LogHash;
use crate::protocol::Bytes;

/// Name and version of the form, in every head.
pub const FORMAT: &str = "kakuzuke-log-1";

/// First line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportHead {
    /// [`FORMAT`].
    pub format: String,
    /// The checkpoint the entries lead to, as signed.
    pub checkpoint: String,
}

/// An entry's line. A part of a log is exported by leaving out `leaf`, `salt` and `text` of the entries withheld; an
/// erased text is absent with its salt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportEntry {
    /// Index from 0.
    pub index: u64,
    /// Hash of the leaf.
    pub hash: LogHash,
    /// The leaf's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<Bytes>,
    /// Salt of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
    /// JSON of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
