//! 下書き. The new file while it is being written: beside the one it will replace, under a name of ours, locked as long as
//! its writer lives. A draft nobody holds is the rest of a crash and is removed by whoever comes next.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;

use super::Original;
use crate::error::{Error, Result};
use crate::messages;
use crate::options::Overwrite;
use crate::platform;

const PREFIX: &str = ".kakuzuke-";
const SUFFIX: &str = ".draft";

/// What to do when the name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replace {
    /// Refuse.
    Never,
    /// Put the new file in its place.
    Always,
}

/// A file being written. Dropped before it is placed, it is gone.
#[derive(Debug)]
pub(crate) struct Draft {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Draft {
    /// A new draft in the folder of `target`, readable by this user only.
    pub(crate) fn beside(target: &Path) -> Result<Self> {
        let folder = folder_of(target);
        // Removed by somebody sweeping between creation and lock: once more.
        for _ in 0..16 {
            let path = folder.join(new_name()?);
            if let Some(file) = platform::new_draft(&path).map_err(|e| Error::io(target, e))? {
                return Ok(Self { file, path, placed: false });
            }
        }
        Err(Error::new(Code::Conflict, messages::BUSY).at(target))
    }

    /// The file, open for reading and writing.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Where it lies now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Asks for `length` bytes of disk at once, so that a full disk is known before anything is written.
    pub(crate) fn allocate(&self, length: u64) -> Result<()> {
        platform::allocate(&self.file, length).map_err(|e| Error::io(&self.path, e))
    }

    /// Gives it the permissions files get that this user makes in its folder: it is a new document, not a draft any more.
    pub(crate) fn share_as_usual(&self) -> Result<()> {
        platform::share_as_usual(&self.file, &self.path, folder_of(&self.path)).map_err(|e| Error::io(&self.path, e))
    }

    /// Makes it durable and gives it the name `target`, in one step; the name is durable, too, when this returns.
    pub(crate) fn place(self, target: &Path, replace: Replace) -> Result<File> {
        let file = self.rename(target, replace)?;
        sync_folder(target);
        Ok(file)
    }

    /// Takes the place of a file that is held and unchanged, in one step. The name is durable only once the caller has called
    /// [`sync_folder`].
    pub(crate) fn replace(self, held: &mut Original) -> Result<File> {
        held.check_unchanged()?;
        held.let_go();
        self.rename(held.path(), Replace::Always)
    }

    /// The same as [`Self::place`], for several files in one folder: the content is durable before it has the name, the name only
    /// once the caller has called [`sync_folder`].
    pub(crate) fn rename(mut self, target: &Path, replace: Replace) -> Result<File> {
        let durable = |e: std::io::Error| Error::io(target, e);
        self.file.sync_all().map_err(durable)?;
        match replace {
            Replace::Always => platform::rename_over(&self.path, target).map_err(durable)?,
            Replace::Never => rename_to_free_name(&self.path, target)?,
        }
        self.placed = true;
        self.file.try_clone().map_err(durable)
    }
}

/// Writes a file whole, in one step: it is there with all of its content or not at all.
///
/// # Errors
/// When it can't be written, or is there already and is not to be replaced.
pub fn write_whole(
    path: &Path,
    overwrite: Overwrite,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<()> {
    let draft = Draft::beside(path)?;
    let mut out = BufWriter::new(&draft.file);
    write(&mut out).and_then(|()| out.flush()).map_err(|e| Error::io(path, e))?;
    drop(out);
    let replace = match overwrite {
        Overwrite::Refuse => Replace::Never,
        Overwrite::Replace => Replace::Always,
    };
    draft.place(path, replace).map(drop)
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            let _nothing_more_to_do = std::fs::remove_file(&self.path);
        }
    }
}

/// Gives a file another name that must be free.
pub(crate) fn rename_to_free_name(from: &Path, to: &Path) -> Result<()> {
    platform::rename_free(from, to).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Error::new(Code::Conflict, messages::NAME_TAKEN).at(to),
        _ => Error::io(to, e),
    })
}

/// Makes names in the folder of `path` durable, where the file system can.
pub(crate) fn sync_folder(path: &Path) {
    platform::sync_names(folder_of(path));
}

/// Removes drafts in `folder` that no living program holds. Only our own, by name and owner.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if is_draft(&entry.file_name()) {
            platform::remove_abandoned(&entry.path());
        }
    }
}

/// Whether a file that replaces this one can have its owner: only an administrator gives files away.
pub(crate) fn keeps_owner(path: &Path) -> bool {
    let draft = std::cell::OnceCell::new();
    platform::keeps_owner(path, || {
        let draft = draft.get_or_init(|| Draft::beside(path).ok()).as_ref()?;
        Some((draft.file(), draft.path()))
    })
}

fn is_draft(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.starts_with(PREFIX.as_bytes())
        && bytes.ends_with(SUFFIX.as_bytes())
        && bytes.len() == PREFIX.len() + 32 + SUFFIX.len()
}

fn new_name() -> Result<String> {
    Ok(format!("{PREFIX}{}{SUFFIX}", data_encoding::HEXLOWER.encode(&crate::random::bytes::<16>()?)))
}

/// The folder a path is in; the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
