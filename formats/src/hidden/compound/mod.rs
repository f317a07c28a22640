//! Compound files ([MS-CFB]): older office documents, Outlook messages, 一太郎. Properties and names go; what can't be taken
//! out without writing the document anew is said, with what to do. A file that changes is laid out anew, so that nothing
//! stays in sectors that no stream has any more.

mod excel;
mod outlook;
mod powerpoint;
mod properties;
mod word;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use cfb::CompoundFile;
use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Category, Ledger, nested};
use crate::error::ReadError;
use crate::limits;

const BROKEN: ReadError = ReadError::Damaged("a compound file");

/// The streams of a compound file, and what becomes of them.
struct Streams {
    held: BTreeMap<PathBuf, Vec<u8>>,
    /// Paths of streams and storages that go.
    gone: BTreeSet<PathBuf>,
    /// New names of storages.
    renamed: BTreeMap<PathBuf, PathBuf>,
    has_changed: bool,
}

impl Streams {
    fn get(&self, path: &str) -> Option<&[u8]> {
        self.held.get(Path::new(path)).map(Vec::as_slice)
    }

    fn put(&mut self, path: &Path, bytes: Vec<u8>) {
        if self.held.insert(path.to_owned(), bytes.clone()).is_none_or(|old| old != bytes) {
            self.has_changed = true;
        }
    }

    fn remove(&mut self, path: &Path) {
        self.has_changed = true;
        self.gone.insert(path.to_owned());
    }

    /// Whether there is a stream or storage of this name at any depth.
    fn has(&self, name: &str) -> bool {
        self.held.keys().any(|path| path.components().any(|step| step.as_os_str() == name))
    }

    fn is_gone(&self, path: &Path) -> bool {
        path.ancestors().any(|above| self.gone.contains(above))
    }
}

/// The file without what is to go.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Result<Vec<u8>, ReadError> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let mut streams = read(&mut file, bytes.len() as u64)?;
    let is_mail = streams.held.contains_key(Path::new("/__properties_version1.0"));
    if is_mail {
        outlook::clean(&mut streams, Path::new("/"), 32, ledger)?;
    } else {
        document(&mut streams, ledger);
    }
    property_sets(&mut streams, ledger);
    objects(&streams, ledger);
    if streams.has_changed { write(&file, &streams) } else { Ok(bytes.to_vec()) }
}

fn read(file: &mut CompoundFile<Cursor<&[u8]>>, size: u64) -> Result<Streams, ReadError> {
    let entries = file.walk().filter(cfb::Entry::is_stream);
    let entries: Vec<(PathBuf, u64)> =
        entries.take(limits::CFB_ENTRIES as usize).map(|e| (e.path().to_owned(), e.len())).collect();
    let whole = entries.iter().try_fold(0_u64, |all, (_, length)| all.checked_add(*length));
    if whole.is_none_or(|whole| whole > size) {
        return Err(ReadError::Damaged("a compound file's streams are longer than the file"));
    }
    let mut held = BTreeMap::new();
    for (path, length) in entries {
        let mut bytes = Vec::new();
        let stream = file.open_stream(&path).map_err(|_| BROKEN)?;
        stream.take(length).read_to_end(&mut bytes).map_err(|_| BROKEN)?;
        held.insert(path, bytes);
    }
    Ok(Streams { held, gone: BTreeSet::new(), renamed: BTreeMap::new(), has_changed: false })
}

/// What lies around the main stream of a document.
fn document(streams: &mut Streams, ledger: &mut Ledger) {
    let main = ["/WordDocument", "/Workbook", "/Book", "/PowerPoint Document"];
    let main = main.into_iter().find(|name| streams.get(name).is_some());
    let known = match main {
        Some("/WordDocument") => word::clean(streams, ledger),
        Some(book @ ("/Workbook" | "/Book")) => excel::clean(streams, book, ledger),
        Some(_) => powerpoint::clean(streams, ledger),
        None => None,
    };
    if known.is_none() {
        ledger.not_inspected(Text::fixed(
            "この複合ファイルの中身は調べられません（新しい形式又はPDFに変換してから点検してください）",
            "the inside of this compound file can't be looked into; convert it to a newer format or PDF first",
        ));
    }
    let macros = ["Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"];
    if macros.iter().any(|name| streams.has(name)) {
        kept(ledger, Category::Macros, Unit::Whole, "マクロ", "macros");
    }
}

/// Notes what can't be taken out of an older document, with what to do.
fn kept(ledger: &mut Ledger, category: Category, unit: Unit, ja: &str, en: &str) {
    let what = Text::new(
        format!("{ja}（旧形式のため除去できません。新しい形式に変換してください）"),
        format!("{en}; can't be taken out of this older format: convert it to a newer one"),
    );
    ledger.kept(category, unit, &what);
}

fn property_sets(streams: &mut Streams, ledger: &mut Ledger) {
    let is_set = |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('\u{5}'));
    let sets: Vec<PathBuf> = streams.held.keys().filter(is_set).cloned().collect();
    for path in &sets {
        if streams.is_gone(path) {
            continue;
        }
        let Some(bytes) = streams.held.get(path) else { continue };
        match properties::clean(bytes, ledger) {
            Some(cleaned) => streams.put(path, cleaned),
            None => ledger.not_inspected(Text::fixed("読めないプロパティ", "properties that can't be read")),
        }
    }
}

/// Objects embedded in an older document, and photographs in it.
fn objects(streams: &Streams, ledger: &mut Ledger) {
    let pooled = |path: &&PathBuf| {
        let names = || path.iter().map(|step| step.to_string_lossy());
        names().any(|name| name == "ObjectPool" || name.starts_with("MBD"))
            || names().any(|name| name == "\u{1}Ole10Native")
    };
    let mut pools: BTreeSet<PathBuf> = BTreeSet::new();
    for path in streams.held.keys().filter(pooled) {
        pools.insert(path.iter().take(3).collect());
    }
    for _ in pools.iter().take(limits::EMBEDDED_OBJECTS) {
        kept(ledger, Category::Objects, Unit::Whole, "埋込みオブジェクト", "an embedded object");
    }
    let held = streams.held.iter().filter(|(path, _)| !streams.is_gone(path));
    let is_photo = |bytes: &[u8]| bytes.windows(6).any(|w| w == b"Exif\0\0");
    let mails = streams.held.contains_key(Path::new("/__properties_version1.0"));
    if !mails && held.into_iter().any(|(_, bytes)| is_photo(bytes)) {
        kept(ledger, Category::PictureData, Unit::Whole, "写真の撮影情報（Exif）", "Exif of photographs");
    }
}

/// The file laid out anew.
fn write(file: &CompoundFile<Cursor<&[u8]>>, streams: &Streams) -> Result<Vec<u8>, ReadError> {
    let failed = |_| ReadError::Damaged("a compound file can't be laid out anew");
    let mut new = CompoundFile::create_with_version(file.version(), Cursor::new(Vec::new())).map_err(failed)?;
    for entry in file.walk().take(limits::CFB_ENTRIES as usize) {
        if streams.is_gone(entry.path()) {
            continue;
        }
        let path = renamed(entry.path(), streams);
        if entry.is_stream() {
            let bytes = streams.held.get(entry.path()).ok_or(BROKEN)?;
            new.create_stream(&path).and_then(|mut stream| stream.write_all(bytes)).map_err(failed)?;
            continue;
        }
        if !entry.is_root() {
            new.create_storage(&path).map_err(failed)?;
            new.set_created_time(&path, entry.created()).map_err(failed)?;
        }
        new.set_modified_time(&path, entry.modified()).map_err(failed)?;
        new.set_storage_clsid(&path, *entry.clsid()).map_err(failed)?;
        new.set_state_bits(&path, entry.state_bits()).map_err(failed)?;
    }
    new.flush().map_err(failed)?;
    Ok(new.into_inner().into_inner())
}

fn renamed(path: &Path, streams: &Streams) -> PathBuf {
    let new = path.ancestors().find_map(|above| Some((streams.renamed.get(above)?, path.strip_prefix(above).ok()?)));
    match new {
        Some((to, rest)) if rest.as_os_str().is_empty() => to.clone(),
        Some((to, rest)) => to.join(rest),
        None => path.to_owned(),
    }
}

/// Little-endian numbers of records.
fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Overwrites a range with `with`; whether anything else stood there.
fn blank(bytes: &mut [u8], range: std::ops::Range<usize>, with: &[u8]) -> Option<bool> {
    let place = bytes.get_mut(range)?;
    let mut has_changed = false;
    for (byte, new) in place.iter_mut().zip(with.iter().cycle()) {
        has_changed |= byte != new;
        *byte = *new;
    }
    Some(has_changed)
}
