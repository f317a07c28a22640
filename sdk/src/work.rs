//! 仕事. A document on its way to its label: held, looked at, perhaps marked; nothing has been changed yet.

use std::path::{Path, PathBuf};

use kakuzuke_core::label::Label;
use kakuzuke_formats::Kind;

use crate::error::{Error, Result};
use crate::files::{Draft, Original};
use crate::input::{Given, Reading, Taken};
use crate::marking::MarkState;

/// What the grade asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    /// 要機密情報.
    Encrypt,
    /// Everything else.
    Clear,
}

/// A document looked at, and the label it is to have: nothing has been changed yet.
pub(crate) struct Work {
    pub(crate) stock: Stock,
    pub(crate) kind: Kind,
    pub(crate) label: Label,
    pub(crate) mechanism: Mechanism,
    /// The document with another marking; none: as it came.
    pub(crate) marked: Option<Marked>,
    pub(crate) marks: MarkState,
    /// The signed label of somebody else that the document bears in clear: they stay its decider at the server.
    pub(crate) labelled_before: Option<Vec<u8>>,
}

/// What there is at first: the document, and the place it is to lie in.
pub(crate) enum Stock {
    /// The file in its place, held.
    InPlace(Original),
    /// What is handed over takes the place of a file held.
    Over { held: Original, from: Taken },
    /// What is handed over gets a name that must be free.
    New { path: PathBuf, from: Taken },
}

/// A document with another marking than it came with.
pub(crate) enum Marked {
    /// Beside its original.
    Draft(Draft),
    /// Of what is nowhere in clear.
    Memory(Given),
}

impl Work {
    /// The place it is to lie in.
    pub(crate) fn path(&self) -> &Path {
        match &self.stock {
            Stock::InPlace(original) | Stock::Over { held: original, .. } => original.path(),
            Stock::New { path, .. } => path,
        }
    }

    /// The document's own name, which need not be its place's.
    pub(crate) fn name(&self) -> String {
        match &self.stock {
            Stock::Over { from, .. } => crate::protect::file_name(&from.name),
            Stock::InPlace(_) | Stock::New { .. } => crate::protect::file_name(self.path()),
        }
    }

    /// What it was made from, as it came.
    pub(crate) fn source(&self) -> Reading<'_> {
        match &self.stock {
            Stock::InPlace(original) => Reading::File(original.file()),
            Stock::Over { from, .. } | Stock::New { from, .. } => from.bytes.reading(),
        }
    }

    /// What is sealed or signed.
    pub(crate) fn content(&self) -> Reading<'_> {
        match &self.marked {
            Some(Marked::Draft(draft)) => Reading::File(draft.file()),
            Some(Marked::Memory(given)) => Reading::Given(given),
            None => self.source(),
        }
    }

    /// Its bytes.
    pub(crate) fn length(&self) -> Result<u64> {
        use kakuzuke_formats::Source as _;
        match (&self.marked, &self.stock) {
            (Some(_), _) => self.content().size().map_err(|e| Error::io(self.path(), e)),
            (None, Stock::InPlace(original)) => Ok(original.size()),
            (None, Stock::Over { from, .. } | Stock::New { from, .. }) => Ok(from.size),
        }
    }

    /// That what lies in its place is what was found there.
    pub(crate) fn check_unchanged(&self) -> Result<()> {
        match &self.stock {
            Stock::InPlace(original) | Stock::Over { held: original, .. } => original.check_unchanged(),
            Stock::New { .. } => Ok(()),
        }
    }
}
