//! 提案待ち. Which documents of a watched folder wait for somebody's decision: one small file a document, in the folder
//! itself, so that all who watch it share one list. It says where, never what: what is suggested is read from the document
//! when somebody decides.

use std::path::{Path, PathBuf};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use kakuzuke_core::code::Code;
use kakuzuke_core::id::Digest;
use serde::{Deserialize, Serialize};

use super::place_below;
use crate::error::{Error, Result};
use crate::files::{Draft, Replace};
use crate::platform::{Positional, name_from, share_rights};

/// The folder of the list, in the one that is watched.
const FOLDER: &str = ".kakuzuke";
const ENDING: &str = "pending";
/// Longest entry, in bytes.
const LONGEST: u64 = 64 << 10;
/// Most documents that wait.
const MOST: usize = 1_000_000;

/// 提案待ちの一覧 of one folder.
pub(crate) struct Pending<'r> {
    root: &'r Path,
}

/// One document that waits.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Its path below the folder; bytes in base64url.
    path: String,
    /// The content that was last seen, hexadecimal.
    content: String,
}

/// Whether a file is an entry of such a list.
pub(crate) fn is_pending(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name);
    folder == Some(FOLDER.as_ref()) && path.extension() == Some(ENDING.as_ref())
}

impl<'r> Pending<'r> {
    /// The list of a folder, whose path is the real one.
    pub(crate) const fn of(root: &'r Path) -> Self {
        Self { root }
    }

    /// Whether this content of a document is in the list already.
    pub(crate) fn holds(&self, path: &Path, content: &Digest) -> bool {
        let entry = self.name(path).and_then(|name| read(&name));
        entry.is_some_and(|entry| entry.content == content.to_string())
    }

    /// Puts a document into the list. False: somebody else has just done so.
    pub(crate) fn put(&self, path: &Path, content: &Digest) -> Result<bool> {
        let below = path.strip_prefix(self.root).map_err(|_| Error::of(Code::Usage).at(path))?;
        let entry =
            Entry { path: BASE64URL_NOPAD.encode(below.as_os_str().as_encoded_bytes()), content: content.to_string() };
        let bytes = serde_json::to_vec(&entry).map_err(|e| Error::of(Code::Internal).caused_by(e))?;
        let name = self.name(path).ok_or_else(|| Error::of(Code::Usage).at(path))?;
        self.make_folder()?;
        let draft = Draft::beside(&name)?;
        draft.file().write_all_at(&bytes, 0).map_err(|e| Error::io(&name, e))?;
        // Whoever may write to the watched folder takes part in its list.
        share_rights(self.root, draft.path()).map_err(|e| Error::io(&name, e))?;
        let known = read(&name);
        let replace = if known.is_some() { Replace::Always } else { Replace::Never };
        match draft.place(&name, replace) {
            Ok(_) => Ok(known.is_none_or(|known| known.content != entry.content)),
            Err(error) if error.code() == Code::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn make_folder(&self) -> Result<()> {
        let folder = self.root.join(FOLDER);
        match std::fs::create_dir(&folder) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
            Err(e) => return Err(Error::io(&folder, e)),
        }
        share_rights(self.root, &folder).map_err(|e| Error::io(&folder, e))
    }

    fn name(&self, path: &Path) -> Option<PathBuf> {
        let below = path.strip_prefix(self.root).ok()?;
        let hash = kakuzuke_core::crypto::default_provider().sha256(below.as_os_str().as_encoded_bytes());
        Some(self.root.join(FOLDER).join(format!("{}.{ENDING}", HEXLOWER.encode(&hash))))
    }

    /// The documents that wait in the lists of a folder and of those above it, in order.
    pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
        let mut waiting = Vec::new();
        for root in folder.ancestors() {
            let list = root.join(FOLDER);
            let Ok(entries) = std::fs::read_dir(&list) else { continue };
            let names = entries.flatten().map(|entry| entry.path()).filter(|path| is_pending(path)).take(MOST);
            waiting.extend(names.filter_map(|name| Pending::of(root).document(&name)));
        }
        waiting.retain(|path| path.starts_with(folder));
        waiting.sort();
        waiting.dedup();
        Ok(waiting)
    }

    /// The document an entry stands for: one below the folder, under the entry's own name.
    fn document(&self, name: &Path) -> Option<PathBuf> {
        let bytes = BASE64URL_NOPAD.decode(read(name)?.path.as_bytes()).ok()?;
        let below = PathBuf::from(name_from(bytes));
        let path = self.root.join(&below);
        if self.name(&path).as_deref() != Some(name) {
            return None;
        }
        // What is gone has no place, but its entry is to go as well.
        let gone = path.symlink_metadata().is_err();
        place_below(self.root, &below).ok().or_else(|| gone.then_some(path)).filter(|path| is_plain(path, self.root))
    }

    /// Takes a document out of the lists it is in.
    pub(crate) fn forget(path: &Path) {
        let real = crate::files::folder_of(path).canonicalize();
        let Some(path) = real.ok().zip(path.file_name()).map(|(folder, name)| folder.join(name)) else { return };
        for root in path.ancestors().skip(1) {
            if let Some(name) = Pending::of(root).name(&path)
                && name.symlink_metadata().is_ok()
            {
                let _found_settled_next_time = std::fs::remove_file(name);
            }
        }
    }
}

fn is_plain(path: &Path, root: &Path) -> bool {
    let below = path.strip_prefix(root).ok();
    below.is_some_and(|below| below.components().all(|part| matches!(part, std::path::Component::Normal(_))))
}

fn read(name: &Path) -> Option<Entry> {
    let original = crate::files::Original::read(name).ok().filter(|entry| entry.size() <= LONGEST)?;
    let mut bytes = vec![0; usize::try_from(original.size()).ok()?];
    original.file().read_exact_at(&mut bytes, 0).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn digest(byte: u8) -> Digest {
        Digest::from_bytes([byte; 32])
    }

    #[test]
    fn a_document_waits_once_and_no_more_once_it_is_settled() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("中")).unwrap();
        let path = root.join("中/案.docx");
        std::fs::write(&path, b"x").unwrap();
        let list = Pending::of(&root);
        assert!(list.put(&path, &digest(1)).unwrap());
        assert!(!list.put(&path, &digest(1)).unwrap(), "the same again is nothing new");
        assert!(list.holds(&path, &digest(1)) && !list.holds(&path, &digest(2)));
        assert!(list.put(&path, &digest(2)).unwrap());
        assert_eq!(Pending::below(&root).unwrap(), std::slice::from_ref(&path));
        assert_eq!(Pending::below(&root.join("中")).unwrap(), std::slice::from_ref(&path));
        Pending::forget(&path);
        assert!(Pending::below(&root).unwrap().is_empty());
    }

    #[test]
    fn an_entry_leads_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap().join("共有");
        std::fs::create_dir_all(root.join(FOLDER)).unwrap();
        std::fs::write(root.join("../secret"), b"x").unwrap();
        for below in ["../secret", "/etc/passwd", ".", "a/../../secret"] {
            let hash = kakuzuke_core::crypto::default_provider().sha256(below.as_bytes());
            let entry = Entry { path: BASE64URL_NOPAD.encode(below.as_bytes()), content: String::new() };
            let name = root.join(FOLDER).join(format!("{}.{ENDING}", HEXLOWER.encode(&hash)));
            std::fs::write(name, serde_json::to_vec(&entry).unwrap()).unwrap();
        }
        std::fs::write(root.join(FOLDER).join("x.pending"), vec![b'{'; 100_000]).unwrap();
        assert!(Pending::below(&root).unwrap().is_empty());
    }
}
