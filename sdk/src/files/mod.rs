//! ファイル. Where documents lie: taking hold of one, writing its successor beside it, and putting that in its place
//! in one step, so that there is always exactly one whole file under a name.

mod draft;
mod name;
mod original;
mod traits;

pub use draft::write_whole;
pub(crate) use draft::{Draft, Replace, folder_of, rename_to_free_name, sweep, sync_folder};
pub(crate) use name::safe_name;
pub(crate) use original::Original;
pub(crate) use traits::{Traits, keeps_owner};
