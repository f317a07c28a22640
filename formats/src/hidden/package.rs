//! A package being cleaned: parts that change, parts that go.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Category, Ledger, Out, SanitiseError, nested};
use crate::error::{LabelError, ReadError};
use crate::image::{self, Picture};
use crate::limits;
use crate::zip::{Archive, Remade};

/// Changes to a package.
#[derive(Default)]
pub(crate) struct Changes {
    changed: BTreeMap<String, Vec<u8>>,
    gone: BTreeSet<String>,
    passed: BTreeSet<String>,
    held: u64,
}

impl Changes {
    /// A part has other bytes from now on.
    pub fn put(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ReadError> {
        self.held += bytes.len() as u64;
        if self.held > limits::CHANGED_PARTS {
            return Err(ReadError::Limit("parts of a package that change"));
        }
        self.changed.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// A part goes.
    pub fn remove(&mut self, name: &str) {
        self.gone.insert(name.to_owned());
    }

    pub fn is_gone(&self, name: &str) -> bool {
        self.gone.contains(name)
    }

    /// A part as it is by now.
    pub fn text(&self, archive: &Archive<'_>, name: &str) -> Result<Option<String>, ReadError> {
        if let Some(bytes) = self.changed.get(name) {
            return crate::xml::decode(bytes).map(Some);
        }
        let Some(entry) = archive.find(name).filter(|_| !self.is_gone(name)) else { return Ok(None) };
        crate::xml::decode(&archive.read(entry, limits::CLEANED_PART)?).map(Some)
    }

    /// A part that is said to be there is not looked into besides.
    pub fn pass_over(&mut self, name: &str) {
        self.passed.insert(name.to_owned());
    }

    /// Whether a part is a picture, sound or video, by its name.
    pub fn is_medium(name: &str) -> bool {
        Medium::of(name).is_some()
    }

    /// Cleans every picture of the package; sound, video and what nobody knows is said to be there.
    pub fn media(&mut self, archive: &Archive<'_>, ledger: &mut Ledger) -> Result<(), ReadError> {
        for entry in archive.entries() {
            if self.is_gone(&entry.name)
                || self.passed.contains(&entry.name)
                || entry.name.ends_with('/')
                || entry.is_encrypted()
            {
                continue;
            }
            let name = &entry.name;
            match Medium::of(name) {
                None => continue,
                Some(Medium::Picture | Medium::Drawing) => {}
                Some(Medium::Recording) => {
                    ledger.not_inspected(Text::new(format!("音声・動画：{name}"), format!("sound or video: {name}")));
                    continue;
                }
                Some(Medium::Unknown) => {
                    unknown(name, ledger);
                    continue;
                }
            }
            let bytes = archive.read(entry, limits::PICTURE)?;
            if Medium::of(name) == Some(Medium::Drawing) {
                if let Some(cleaned) = nested(&bytes, name, ledger) {
                    self.put(name, cleaned)?;
                }
                continue;
            }
            let Some(picture) = Picture::of(&bytes) else {
                unknown(name, ledger);
                continue;
            };
            ledger.enter(&entry.name);
            let cleaned = image::clean(&bytes, picture, ledger);
            ledger.leave();
            match cleaned {
                Ok(cleaned) if cleaned != bytes => self.put(&entry.name, cleaned)?,
                Ok(_) => {}
                // Other programs show it or not; what it holds is not known.
                Err(_) => ledger.not_inspected(Text::new(
                    format!("壊れた画像：{}", entry.name),
                    format!("a broken picture: {}", entry.name),
                )),
            }
        }
        Ok(())
    }

    /// Whether a part has other bytes by now.
    pub fn is_changed(&self, name: &str) -> bool {
        self.changed.contains_key(name)
    }

    /// Writes the package as it is by now.
    pub fn write(self, archive: &Archive<'_>, out: Out<'_>) -> Result<(), SanitiseError> {
        let Some(out) = out else { return Ok(()) };
        self.remade(archive, out).map_err(|e| match e {
            LabelError::Read(e) => e.into(),
            LabelError::Write(e) => SanitiseError::Write(e),
            _ => SanitiseError::Refused("the archive is too large"),
        })
    }

    /// The archive with what is beside its files left out.
    fn remade(self, archive: &Archive<'_>, out: &mut dyn Write) -> Result<(), LabelError> {
        let mut new = Remade::new(out);
        let mut entries: Vec<_> = archive.entries().iter().filter(|entry| !self.gone.contains(&entry.name)).collect();
        // The file that says what an OpenDocument is stays the first (ISO/IEC 26300-3, 3.3).
        entries.sort_by_key(|entry| entry.name != "mimetype");
        for entry in entries {
            if let Some(bytes) = self.changed.get(&entry.name) {
                new.change(archive, entry, bytes)?;
            } else if !entry.is_encrypted() && (archive.has_traces(entry) || !archive.entry_comment(entry).is_empty()) {
                new.copy_bare(archive, entry)?;
            } else {
                new.copy(archive, entry)?;
            }
        }
        new.finish(&[])
    }
}

/// What stands in an archive beside its files goes whenever it is written.
pub(crate) fn beside(archive: &Archive<'_>, ledger: &mut Ledger) {
    let mut said = |category, ja, en| ledger.found(category, Unit::Whole, &Text::fixed(ja, en));
    if !archive.comment().is_empty() {
        said(Category::Comments, "書庫のコメント", "the archive's comment");
    }
    if archive.has_gaps() {
        said(Category::Leftovers, "ファイルの間のデータ", "data between the files");
    }
    for entry in archive.entries() {
        if !archive.entry_comment(entry).is_empty() {
            said(Category::Comments, "ファイルのコメント", "a file's comment");
        }
        if archive.has_traces(entry) {
            said(Category::History, "時刻・利用者番号の記録", "times and numbers of users");
        }
    }
}

/// What pages show besides words, by the name of its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Medium {
    Picture,
    Drawing,
    Recording,
    /// In the folder of pictures and the like, and nothing that is known here.
    Unknown,
}

impl Medium {
    fn of(name: &str) -> Option<Self> {
        const PICTURES: [&str; 10] = ["png", "jpg", "jpeg", "jpe", "gif", "tif", "tiff", "webp", "emf", "jfif"];
        const RECORDINGS: [&str; 27] = [
            "mp4", "m4v", "mov", "avi", "wmv", "mpg", "mpeg", "mkv", "webm", "asf", "flv", "3gp", "wav", "mp3", "m4a",
            "wma", "aac", "aif", "aiff", "au", "ogg", "oga", "ogv", "opus", "flac", "mid", "midi",
        ];
        let name = name.to_ascii_lowercase();
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_shown = folder.rsplit('/').next().is_some_and(|last| matches!(last, "media" | "pictures"));
        match ending {
            ending if PICTURES.contains(&ending) => Some(Self::Picture),
            ending if RECORDINGS.contains(&ending) => Some(Self::Recording),
            "svg" => Some(Self::Drawing),
            // The pictures of objects have names without an ending.
            _ if folder.rsplit('/').next() == Some("objectreplacements") => Some(Self::Picture),
            _ if is_shown => Some(Self::Unknown),
            _ => None,
        }
    }
}

fn unknown(name: &str, ledger: &mut Ledger) {
    ledger.not_inspected(Text::new(
        format!("調べられない形式の画像・部品：{name}"),
        format!("a picture or part in a form that is not looked into: {name}"),
    ));
}
