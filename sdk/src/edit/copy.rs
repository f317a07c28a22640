//! 作業用の写し. In clear, in a folder only this user can enter. It is never removed while it holds a save that is not
//! protected: who ends without a word leaves it to whoever comes next.

use std::fs::File;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_core::id::LabelHash;
use kakuzuke_core::label::LabelDraft;

use super::record::{Record, Save, Version};
use crate::error::{Error, Result};
use crate::files::safe_name;
use crate::messages;
use crate::open::Document;
use crate::platform;
use crate::profile::Folder;
use crate::session::Desk;

pub(super) const FOLDER: &str = "work";
const DOCUMENT: &str = "document";
const SEALING: &str = "sealing";
const LOCK: &str = "lock";
const RECORD: &str = "record";

/// A plain copy in a folder of its own, locked while somebody is responsible for it; gone when dropped, and after a crash
/// at the next start.
pub(crate) struct PlainCopy {
    folder: Folder,
    path: PathBuf,
    stays: bool,
    lock: Option<File>,
}

impl PlainCopy {
    /// A copy of an open document under its own name.
    pub(crate) fn make(desk: &Desk, document: &Document) -> Result<Self> {
        let name = data_encoding::HEXLOWER.encode(&crate::random::bytes::<8>()?);
        let folder = desk.profile.folder().inner(FOLDER)?.inner(&name)?;
        folder.write(LOCK, b"")?;
        let busy = || Error::new(Code::Conflict, messages::BUSY).at(folder.path());
        let lock = take(folder.path()).ok_or_else(busy)?;
        // The document lies one deeper: no name it has can be one of ours.
        let name = safe_name(document.file_name()).unwrap_or_else(|| document.label().document.to_string());
        let path = folder.inner(DOCUMENT)?.path().join(name);
        let copy = Self { folder, path, stays: false, lock: Some(lock) };
        let file = platform::create_private(&copy.path).map_err(|e| Error::io(&copy.path, e))?;
        document.fill(&file)?;
        file.sync_all().map_err(|e| Error::io(&copy.path, e))?;
        Ok(copy)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Everything in it goes, the lock last.
    fn remove(&mut self) -> std::io::Result<()> {
        platform::remove_held(self.folder.path(), &mut self.lock)
    }
}

impl Drop for PlainCopy {
    fn drop(&mut self) {
        if !self.stays {
            let _swept_next_time = self.remove();
        }
    }
}

/// A copy people work on. It stays while it holds a save that is not protected.
pub(super) struct WorkingCopy {
    plain: PlainCopy,
    record: Record,
}

impl WorkingCopy {
    /// A copy of an open document that lies at `path`.
    pub(super) fn make(desk: &Desk, document: &Document, path: &Path) -> Result<Self> {
        let found = desk.find_protected(path)?;
        let section = found.head.section();
        if section.document() != document.label().document {
            return Err(Error::new(Code::Conflict, messages::CHANGED_MEANWHILE).at(path));
        }
        let plain = PlainCopy::make(desk, document)?;
        let lost = || Error::new(Code::Conflict, messages::CHANGED_MEANWHILE).at(&plain.path);
        let save = Save::last_of(&plain.path).ok_or_else(lost)?;
        let version = Version { document: section.document(), label_hash: found.head.label().hash(), save };
        let name = plain.path.file_name().unwrap_or_default();
        let mut record = Record::new(path, name, document.current_label().to_draft(), section.lineage(), version)?;
        record.title = document.title().map(ToOwned::to_owned);
        record.purpose = Some(document.opening().purpose.clone());
        let copy = Self { plain, record };
        // Last: a folder without a record is one no program was started on.
        copy.keep_record()?;
        Ok(copy)
    }

    /// One left behind, if nobody is responsible for it any more. Without a record it is gone at once.
    pub(super) fn adopt(folder: &Path) -> Result<Adopted> {
        let Some(lock) = take(folder) else { return Ok(Adopted::Busy) };
        let folder = Folder::open(folder)?;
        if platform::a_process_uses(&folder.path().join(DOCUMENT)) {
            return Ok(Adopted::Busy);
        }
        let record = folder.find(RECORD)?.and_then(|bytes| Record::decode(&bytes));
        let Some(record) = record else {
            platform::remove_held(folder.path(), &mut Some(lock)).map_err(|e| Error::io(folder.path(), e))?;
            return Ok(Adopted::Nothing);
        };
        let path = folder.path().join(DOCUMENT).join(record.name());
        Ok(Adopted::Copy(Box::new(Self { plain: PlainCopy { folder, path, stays: true, lock: Some(lock) }, record })))
    }

    pub(super) fn path(&self) -> &Path {
        &self.plain.path
    }

    /// The folder the program sees.
    pub(super) fn document_folder(&self) -> &Path {
        self.plain.path.parent().unwrap_or_else(|| self.plain.folder.path())
    }

    pub(super) const fn record(&self) -> &Record {
        &self.record
    }

    pub(super) fn last_save(&self) -> Option<Save> {
        Save::last_of(&self.plain.path)
    }

    /// Whether it holds a save that no version at the document's place holds.
    pub(super) fn has_unsaved(&self) -> bool {
        self.last_save().is_some_and(|save| save != self.record.version.save)
    }

    /// Notes a version before anybody is told of it.
    pub(super) fn note_next(&mut self, version: Version) -> Result<()> {
        self.record.next = Some(version);
        self.keep_record()
    }

    /// The version noted lies in the document's place.
    pub(super) fn advance(&mut self) -> Result<()> {
        if let Some(next) = self.record.next.take() {
            self.record.version = next;
        }
        self.keep_record()
    }

    /// The label was changed while the copy was worked on: what comes of it stands under the new one.
    pub(super) fn take_label(&mut self, label: LabelDraft, hash: LabelHash) -> Result<()> {
        self.record.label = label;
        self.record.version.label_hash = hash;
        self.keep_record()
    }

    /// The last save is protected, if not as a version in the document's place.
    pub(super) fn mark_saved(&mut self) -> Result<()> {
        if let Some(save) = self.last_save() {
            self.record.version.save = save;
        }
        self.keep_record()
    }

    fn keep_record(&self) -> Result<()> {
        self.plain.folder.write(RECORD, &self.record.encode())
    }

    /// What else was saved in the copy's folder (名前を付けて保存): not locks, not backups of programs.
    pub(super) fn others(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.document_folder()) else { return Vec::new() };
        let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let kept = files.filter(|entry| is_a_document(entry.file_name().as_encoded_bytes())).map(|entry| entry.path());
        let mut others: Vec<PathBuf> = kept.filter(|path| *path != self.plain.path).collect();
        others.sort();
        others
    }

    /// A still copy of a file in it under a name; sealed where it lies.
    pub(super) fn stage(&self, file: &Path, name: &std::ffi::OsStr) -> Result<Staged> {
        let folder = self.plain.folder.path().join(SEALING);
        let _left_by_an_earlier_try = std::fs::remove_dir_all(&folder);
        let folder = self.plain.folder.inner(SEALING)?.path().to_owned();
        let staged = Staged { path: folder.join(name), folder };
        std::fs::copy(file, &staged.path).map_err(|e| Error::io(file, e))?;
        Ok(staged)
    }

    /// Everything in it is protected: it goes.
    pub(super) fn remove(&mut self) -> Result<()> {
        self.plain.remove().map_err(|e| Error::io(self.plain.folder.path(), e))
    }
}

impl Drop for WorkingCopy {
    fn drop(&mut self) {
        self.plain.stays = self.has_unsaved() || !self.others().is_empty();
    }
}

/// What came of looking after a copy left behind.
pub(super) enum Adopted {
    /// Its program or its labeler still runs.
    Busy,
    /// There was nothing in it.
    Nothing,
    /// It is ours now.
    Copy(Box<WorkingCopy>),
}

fn take(folder: &Path) -> Option<File> {
    platform::open_lock(&folder.join(LOCK))
}

/// Not a lock, a backup or a draft that programs lay beside what they edit.
fn is_a_document(name: &[u8]) -> bool {
    let passing: [&[u8]; 4] = [b".tmp", b".bak", b".swp", b"~"];
    !name.starts_with(b".") && !name.starts_with(b"~$") && !passing.iter().any(|ending| name.ends_with(ending))
}

/// A save on its way into the envelope; gone when dropped.
pub(super) struct Staged {
    folder: PathBuf,
    path: PathBuf,
}

impl Staged {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _gone_with_the_copy = std::fs::remove_dir_all(&self.folder);
    }
}
