//! 置き場. Where what was sealed or signed comes to lie, and how: in the place of what it was made from, over the version before
//! it, or under a name that is free.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_formats::{Kind, Source as _};

use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, Traits, rename_to_free_name, sync_folder};
use crate::messages;
use crate::protect::{ENVELOPE, beside};
use crate::work::{Stock, Work};

/// Beyond this a document of its own kind can't hold an envelope, in bytes.
pub(crate) const CARRIER: u64 = 4_000_000_000;

/// Where the protected file will be, and of which kind.
pub(crate) struct Target {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

/// The document's own name for kinds with a cover, `name.ext.kkz` for everything else. Names must be free.
pub(crate) fn target_of(path: &Path, work: &Work) -> Result<Target> {
    // What a carrier can't hold goes into a bare envelope.
    let too_large = work.length()? > CARRIER;
    if work.kind != Kind::Opaque && !too_large {
        return Ok(Target { path: path.to_owned(), kind: work.kind });
    }
    let target = beside(path, ENVELOPE);
    if target.symlink_metadata().is_ok() {
        return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(&target));
    }
    Ok(Target { path: target, kind: Kind::Opaque })
}

/// Replaces the plaintext in one step, under its own name; a bare envelope then gets its longer one (after a crash between, by
/// [`finish_interrupted`]). Content is durable before the plaintext goes, names once the caller has called [`sync_folder`].
///
/// What is new gets a name that must be free; what comes over another version is as young as its content.
///
/// [`sync_folder`]: crate::files::sync_folder
pub(crate) fn put_in_place(work: &mut Work, draft: Draft, target: &Target) -> Result<()> {
    let path = work.path().to_owned();
    match &mut work.stock {
        Stock::InPlace(original) => {
            Traits::of(original.file(), &path)?.give(&draft, &path)?;
            draft.replace(original)?;
            if target.path == path { Ok(()) } else { rename_to_free_name(&path, &target.path) }
        }
        Stock::Over { held, .. } => {
            Traits::of(held.file(), &path)?.give_but_times(&draft, &path)?;
            draft.replace(held).map(drop)
        }
        Stock::New { .. } => {
            draft.share_as_usual()?;
            draft.rename(&target.path, Replace::Never).map(drop)
        }
    }
}

/// A bare envelope under a name without `.kkz` is the rest of a run that ended between its two steps.
pub(crate) fn finish_interrupted(original: &mut Original, path: &Path) -> Result<()> {
    let mut magic = [0; 8];
    let bare = original.file().read_exact_at(0, &mut magic).is_ok() && magic == kakuzuke_formats::MAGIC;
    if bare && path.extension().is_none_or(|extension| extension != ENVELOPE) {
        original.let_go();
        rename_to_free_name(path, &beside(path, ENVELOPE))?;
        sync_folder(path);
    }
    Ok(())
}
