//! 仕事. A document on its way to its label: held, looked at, perhaps marked; nothing has been changed yet.

use std::fs::File;

use kakuzuke_core::label::Label;
use kakuzuke_formats::Kind;

use crate::error::{Error, Result};
use crate::files::{Draft, Original};
use crate::marking::MarkState;

/// What the grade asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    /// 要機密情報.
    Encrypt,
    /// Everything else.
    Clear,
}

/// A file held and looked at, and the label it is to have: nothing has been changed yet.
pub(crate) struct Work {
    pub(crate) original: Original,
    pub(crate) kind: Kind,
    pub(crate) label: Label,
    pub(crate) mechanism: Mechanism,
    /// The document with another marking; none: the original itself.
    pub(crate) content: Option<Draft>,
    pub(crate) marks: MarkState,
    /// The signed label of somebody else that the document bears in clear: they stay its decider at the server.
    pub(crate) labelled_before: Option<Vec<u8>>,
}

impl Work {
    /// What is sealed or signed.
    pub(crate) fn content(&self) -> &File {
        self.content.as_ref().map_or_else(|| self.original.file(), Draft::file)
    }

    /// Its bytes.
    pub(crate) fn length(&self) -> Result<u64> {
        match &self.content {
            Some(draft) => draft.file().metadata().map(|found| found.len()).map_err(|e| Error::io(draft.path(), e)),
            None => Ok(self.original.size()),
        }
    }
}
