//! ファイル. Where documents lie: taking hold of one, writing its successor beside it, and putting that in its place
//! in one step, so that there is always exactly one whole file under a name.

mod draft;
mod name;
mod original;

use std::fs::File;
use std::path::Path;

pub use draft::write_whole;
pub(crate) use draft::{Draft, Replace, folder_of, keeps_owner, rename_to_free_name, sweep, sync_folder};
pub(crate) use name::safe_name;
pub(crate) use original::Original;

use crate::error::{Error, Result};
use crate::platform;

/// What a file keeps when its content is replaced: who may read it, its times, its owner where this user may, its attributes.
pub(crate) struct Traits(platform::Traits);

impl Traits {
    /// Of an open file.
    pub(crate) fn of(file: &File, path: &Path) -> Result<Self> {
        platform::Traits::of(file, path).map(Self).map_err(|e| Error::io(path, e))
    }

    /// Gives them to a draft of another file's place.
    pub(crate) fn give(&self, draft: &Draft, path: &Path) -> Result<()> {
        self.0.give(draft.file(), draft.path()).map_err(|e| Error::io(path, e))
    }

    /// The same for content that is new, as its time is.
    pub(crate) fn give_but_times(&self, draft: &Draft, path: &Path) -> Result<()> {
        self.0.give_but_times(draft.file(), draft.path()).map_err(|e| Error::io(path, e))
    }
}
