//! 中のファイル. What the files of a package are, and which of them its parts lead to: all others are nobody's (ISO/IEC 26300-2,
//! 2.2 and 4).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;
use percent_encoding::percent_decode_str;

use super::super::{MANIFEST, MEDIA_TYPE};
use super::rdf;
use crate::error::ReadError;
use crate::hidden::{Act, Category, Changes, Ledger, scrub};
use crate::image::Picture;
use crate::limits;
use crate::text::{Halt, Node, walk};
use crate::xml;
use crate::zip::{Archive, Entry};

/// Objects that are drawn from what they hold: without it the page would look otherwise.
const DRAWN: [&str; 2] = ["application/vnd.oasis.opendocument.chart", "application/vnd.oasis.opendocument.formula"];
/// Parts in XML that a document and each object in it has.
const PARTS: [&str; 4] = ["content.xml", "styles.xml", "meta.xml", "settings.xml"];
/// Folders that programs make whether or not something is in them.
const FOLDERS: [&str; 17] = [
    "META-INF",
    "Pictures",
    "Media",
    "Thumbnails",
    "ObjectReplacements",
    "Configurations2",
    "accelerator",
    "images",
    "Bitmaps",
    "popupmenu",
    "floater",
    "menubar",
    "progressbar",
    "toolbar",
    "statusbar",
    "toolpanel",
    "Fonts",
];

/// Whether a file is one of the parts in XML, of the document or of an object in it.
pub(super) fn is_part(name: &str) -> bool {
    PARTS.contains(&split(name).1)
}

/// A path's folder and last name.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}

/// What the parts of a package lead to.
#[derive(Default)]
struct Leads {
    files: BTreeSet<String>,
    /// Paths that stand for objects.
    objects: HashSet<String>,
}

/// The files of a package before anything changed.
pub(super) struct Files {
    media: HashMap<String, String>,
    names: BTreeSet<String>,
    /// Charts and formulas.
    drawn: HashSet<String>,
    leads: Leads,
    /// Pictures kept of charts and formulas, in a form that is not looked into. What they stand for is drawn without them.
    pictures: HashSet<String>,
    /// Files that go or stay for what they are, whether or not something leads to them.
    judged: HashSet<String>,
    /// A part can't be read: what it leads to is not known.
    is_broken: bool,
}

impl Files {
    pub fn read(archive: &Archive<'_>) -> Result<Self, ReadError> {
        let changes = Changes::default();
        let mut files = Self {
            media: media_types(archive, &changes)?,
            names: archive.entries().iter().map(|e| e.name.clone()).collect(),
            drawn: HashSet::new(),
            leads: Leads::default(),
            pictures: HashSet::new(),
            judged: HashSet::new(),
            is_broken: false,
        };
        let charts = files.media.iter().filter(|(_, kind)| DRAWN.iter().any(|drawn| kind.starts_with(drawn)));
        for path in charts.map(|(path, _)| path.clone()).collect::<Vec<_>>() {
            if is_drawn(archive, &changes, &path)? {
                files.drawn.insert(path);
            }
        }
        files.leads = files.leads(archive, &changes)?;
        files.pictures = files.pictures_kept(archive)?;
        Ok(files)
    }

    /// Whether what lies at a path is an object that was embedded, with its own data.
    pub fn is_object(&self, path: &str) -> bool {
        if path.is_empty() || self.drawn.contains(path) {
            return false;
        }
        let kind = self.media.get(path).map(String::as_str).unwrap_or_default();
        self.leads.objects.contains(path)
            || kind == "application/vnd.sun.star.oleobject"
            || kind.starts_with("application/vnd.oasis.opendocument.")
    }

    fn pictures_kept(&self, archive: &Archive<'_>) -> Result<HashSet<String>, ReadError> {
        let mut found = HashSet::new();
        for entry in archive.entries() {
            let of = entry.name.strip_prefix("ObjectReplacements/");
            if of.is_some_and(|path| self.drawn.contains(path))
                && Picture::of(&archive.read(entry, limits::PICTURE)?).is_none()
            {
                found.insert(entry.name.clone());
            }
        }
        Ok(found)
    }

    /// Whether an address leads to such a picture.
    pub fn is_kept_picture(&self, address: &str) -> bool {
        path_of(address).is_some_and(|path| self.pictures.contains(&path))
    }

    /// Whether a file is an object, or lies in one.
    fn is_of_object(&self, name: &str) -> bool {
        name.match_indices('/').take(8).any(|(end, _)| name.get(..end).is_some_and(|path| self.is_object(path)))
            || self.is_object(name)
    }

    /// Files below a path.
    fn below<'f>(&'f self, path: &str) -> impl Iterator<Item = &'f String> {
        let folder = format!("{path}/");
        self.names.range(folder.clone()..).take_while(move |name| name.starts_with(&folder))
    }

    /// What parts as they are by now lead to.
    fn leads(&mut self, archive: &Archive<'_>, changes: &Changes) -> Result<Leads, ReadError> {
        let mut found = Leads::default();
        let (mut next, mut known) = (vec![String::new()], HashSet::from([String::new()]));
        while let Some(folder) = next.pop() {
            for part in PARTS {
                let name = if folder.is_empty() { part.to_owned() } else { format!("{folder}/{part}") };
                let Some(text) = (if self.names.contains(&name) { self.text(archive, changes, &name)? } else { None })
                else {
                    continue;
                };
                found.files.insert(name);
                for (path, is_object) in self.named(&text, &folder)? {
                    if is_object {
                        found.objects.insert(path.clone());
                    }
                    let is_drawn = self.drawn.contains(&path);
                    if is_drawn && known.insert(path.clone()) {
                        next.push(path.clone());
                    }
                    if !is_drawn && known.insert(path.clone()) {
                        found.files.extend(self.below(&path).cloned());
                    }
                    found.files.insert(path);
                }
            }
        }
        Ok(found)
    }

    fn text(&mut self, archive: &Archive<'_>, changes: &Changes, name: &str) -> Result<Option<String>, ReadError> {
        match changes.text(archive, name) {
            Err(ReadError::Damaged(_)) => {
                self.is_broken = true;
                Ok(None)
            }
            other => other,
        }
    }

    /// Paths in the package that a part names, and whether each stands for an object.
    fn named(&mut self, part: &str, folder: &str) -> Result<Vec<(String, bool)>, ReadError> {
        let mut found = Vec::new();
        let done = walk(part, &mut |node| {
            let Node::Start(tag) = node else { return Ok(()) };
            let is_object = matches!(tag.name, "object" | "object-ole");
            // An address, or the picture of a button.
            for (_, value) in tag.attributes().filter(|(name, _)| matches!(name.as_str(), "href" | "image-data")) {
                found.extend(self.there(&value, folder).map(|path| (path, is_object)));
            }
            Ok(())
        });
        match done {
            Ok(()) => Ok(found),
            Err(Halt::Read(ReadError::Damaged(_))) => {
                self.is_broken = true;
                Ok(found)
            }
            Err(Halt::Read(e)) => Err(e),
            Err(Halt::Over) => Ok(found),
        }
    }

    /// The path that an address means, if there is something. Older programs wrote a `#` before it.
    fn there(&self, address: &str, folder: &str) -> Option<String> {
        let path = path_of(address)?;
        let in_folder = if folder.is_empty() { path.clone() } else { format!("{folder}/{path}") };
        [in_folder, path].into_iter().find(|path| self.names.contains(path) || self.below(path).next().is_some())
    }

    /// Files that are hidden data as a whole.
    pub fn whole(
        &mut self,
        archive: &Archive<'_>,
        ledger: &mut Ledger,
        changes: &mut Changes,
    ) -> Result<(), ReadError> {
        for entry in archive.entries().iter().filter(|e| !e.name.ends_with('/')) {
            let Some((category, what)) = self.sort(archive, entry)? else { continue };
            self.judged.insert(entry.name.clone());
            if ledger.found(category, Unit::Whole, &what) {
                changes.remove(&entry.name);
            } else if self.pictures.contains(&entry.name) {
                changes.pass_over(&entry.name);
            }
        }
        Ok(())
    }

    fn sort(&self, archive: &Archive<'_>, entry: &Entry) -> Result<Option<(Category, Text)>, ReadError> {
        let name = entry.name.as_str();
        let held = |most: u64| archive.read(entry, most);
        Ok(Some(match name.split('/').next().unwrap_or_default() {
            "Thumbnails" => (Category::Thumbnails, Text::fixed("縮小版の画像", "a thumbnail")),
            _ if self.pictures.contains(name) => {
                (Category::Thumbnails, Text::fixed("グラフ・数式の控えの画像", "a picture kept of a chart or formula"))
            }
            "Versions" | "VersionList.xml" => (Category::Revisions, Text::fixed("保存された版", "saved versions")),
            "Basic" | "Scripts" | "Dialogs" => (Category::Macros, Text::fixed("マクロ", "macros")),
            "EmbeddedDatabase" => (Category::Objects, Text::fixed("埋込みデータベース", "an embedded database")),
            "META-INF" if name.contains("signatures") => {
                (Category::Signatures, Text::fixed("電子署名", "digital signatures"))
            }
            "Configurations2" if entry.size > 0 => (
                Category::PrivateData,
                Text::fixed("文書に付けたメニュー等の設定", "menus and toolbars kept with the document"),
            ),
            "layout-cache" if name == "layout-cache" => {
                let is_cache = entry.size < 1 << 20 && is_layout(&held(1 << 20)?);
                if is_cache {
                    return Ok(None);
                }
                (Category::PrivateData, Text::fixed("形の分からない内部データ", "data of a program in an unknown form"))
            }
            _ if self.is_of_object(name) => {
                (Category::Objects, Text::fixed("埋込みオブジェクト", "an embedded object"))
            }
            _ if name.ends_with(".rdf") => {
                if self.is_rdf(name) && rdf::is_plain(&held(limits::XML_PART)?) {
                    return Ok(None);
                }
                (Category::CustomData, Text::fixed("RDFの記述", "statements in RDF"))
            }
            _ => return Ok(None),
        }))
    }

    /// Files that nothing leads to, or nothing any more now that parts changed.
    pub fn leftovers(
        &mut self,
        archive: &Archive<'_>,
        ledger: &mut Ledger,
        changes: &mut Changes,
    ) -> Result<(), ReadError> {
        let after = self.leads(archive, changes)?;
        if self.is_broken {
            return Ok(());
        }
        let mut folders = HashSet::new();
        for entry in archive.entries().iter().filter(|e| !e.name.ends_with('/')) {
            let name = entry.name.as_str();
            let is_led = self.judged.contains(name) || self.is_known(entry) || after.files.contains(name);
            let goes = !is_led
                && (self.leads.files.contains(name)
                    || ledger.found(
                        Category::Leftovers,
                        Unit::Whole,
                        &Text::fixed("どこからも参照されないファイル", "a file that nothing refers to"),
                    ));
            if goes {
                changes.remove(name);
            } else if !is_led {
                self.judged.insert(name.to_owned());
            }
            if !changes.is_gone(name) {
                folders.extend(name.match_indices('/').filter_map(|(end, _)| name.get(..=end)));
            }
        }
        let is_usual = |name: &str| name.split('/').all(|step| step.is_empty() || FOLDERS.contains(&step));
        for entry in archive.entries().iter().filter(|e| e.name.ends_with('/')) {
            let name = entry.name.as_str();
            if folders.contains(name) || (is_usual(name) && entry.size == 0) {
                continue;
            }
            let was_used = self.names.range(name.to_owned()..).nth(1).is_some_and(|next| next.starts_with(name));
            let what = Text::fixed("空のフォルダー", "an empty folder");
            if was_used || ledger.found(Category::Leftovers, Unit::Whole, &what) {
                changes.remove(name);
            }
        }
        Ok(())
    }

    /// Whether a file is there without anything leading to it.
    fn is_known(&self, entry: &Entry) -> bool {
        let name = entry.name.as_str();
        let is_empty = entry.size == 0 && name.split('/').rev().skip(1).all(|step| FOLDERS.contains(&step));
        matches!(name, MEDIA_TYPE | MANIFEST | "layout-cache")
            || self.is_rdf(name)
            || (is_empty && matches!(name.split_once('/'), Some(("Configurations2", _))))
    }

    /// Whether a file holds what the document, or a chart in it, says of its parts.
    fn is_rdf(&self, name: &str) -> bool {
        let (folder, file) = split(name);
        file == rdf::MANIFEST && (folder.is_empty() || self.drawn.contains(folder))
    }

    /// Says which of the files that stay nobody looked into.
    pub fn unknown(&self, archive: &Archive<'_>, ledger: &mut Ledger, changes: &Changes) -> Result<(), ReadError> {
        for entry in archive.entries().iter().filter(|e| !e.name.ends_with('/') && e.size > 0) {
            let name = entry.name.as_str();
            let is_read = changes.is_gone(name)
                || self.judged.contains(name)
                || self.is_known(entry)
                || is_part(name)
                || Changes::is_medium(name)
                || is_font(archive, entry)?;
            if !is_read {
                ledger.not_inspected(Text::new(
                    format!("調べられない形式のファイル：{name}"),
                    format!("a file in a form that is not looked into: {name}"),
                ));
            }
        }
        Ok(())
    }
}

/// Media types by path.
fn media_types(archive: &Archive<'_>, changes: &Changes) -> Result<HashMap<String, String>, ReadError> {
    let mut found = HashMap::new();
    let Some(manifest) = changes.text(archive, MANIFEST)? else { return Ok(found) };
    scrub(&manifest, &mut |tag, _| {
        if let Some((path, media)) = tag.get("full-path").zip(tag.get("media-type")) {
            found.insert(path.trim_end_matches('/').to_owned(), media.to_owned());
        }
        Act::Keep
    })?;
    Ok(found)
}

/// The manifest without what went.
pub(super) fn unlist(archive: &Archive<'_>, changes: &mut Changes) -> Result<(), ReadError> {
    let Some(manifest) = changes.text(archive, MANIFEST)? else { return Ok(()) };
    let stay: BTreeSet<&str> =
        archive.entries().iter().map(|e| e.name.as_str()).filter(|name| !changes.is_gone(name)).collect();
    let there = |path: &str| stay.range(path..).next().is_some_and(|name| name.starts_with(path));
    let cleaned = scrub(&manifest, &mut |tag, _| match tag.get("full-path") {
        Some(path) if path != "/" && !there(path) => Act::Drop,
        _ => Act::Keep,
    })?;
    if cleaned != manifest { changes.put(MANIFEST, cleaned.into_bytes()) } else { Ok(()) }
}

/// Whether an object is a chart or a formula not only by what the manifest says.
fn is_drawn(archive: &Archive<'_>, changes: &Changes, path: &str) -> Result<bool, ReadError> {
    let text = match changes.text(archive, &format!("{path}/content.xml")) {
        Ok(Some(text)) => text,
        Ok(None) | Err(ReadError::Damaged(_)) => return Ok(false),
        Err(e) => return Err(e),
    };
    let Ok(elements) = xml::elements(&text, 2) else { return Ok(false) };
    let is_formula = elements.first().is_some_and(|root| root.name == "math");
    let mut of_body = elements.iter().skip_while(|e| e.name != "body").skip(1).filter(|e| e.depth == 2);
    Ok(is_formula || of_body.next().is_some_and(|first| first.name == "chart") && of_body.next().is_none())
}

/// A path in the package from an address; `None` for what leads elsewhere.
pub(super) fn path_of(address: &str) -> Option<String> {
    let bare = address.strip_prefix("vnd.sun.star.Package:").unwrap_or(address);
    let bare = bare.strip_prefix('#').unwrap_or(bare);
    let bare = bare.trim_start_matches("./").trim_end_matches('/');
    let is_elsewhere = bare.is_empty() || bare.starts_with('/') || bare.split('/').any(|step| step == "..");
    (!is_elsewhere).then(|| percent_decode_str(bare).decode_utf8().map_or_else(|_| bare.to_owned(), Cow::into_owned))
}

/// Whether bytes are the numbers of pages that Writer keeps (LibreOffice, `sw/source/core/layout/laycache.cxx`), and nothing else.
fn is_layout(bytes: &[u8]) -> bool {
    /// Version 1.1; the record of all pages, and those of a paragraph, a table and a frame in it.
    const BEGINS: [u8; 5] = [1, 0, 1, 0, b'p'];
    /// Bytes of the longest of those.
    const LONGEST: usize = 27;
    let length = |record: &[u8]| match record {
        [_, a, b, c, ..] => u32::from_le_bytes([*a, *b, *c, 0]) as usize,
        _ => 0,
    };
    let Some(pages) = bytes.get(4..).filter(|pages| bytes.starts_with(&BEGINS) && length(pages) == pages.len()) else {
        return false;
    };
    // Behind the head a byte of flags, and as many bytes as that says.
    let mut rest = pages.get(5..).unwrap_or_default();
    while let [kind, ..] = rest {
        let size = length(rest);
        if !matches!(kind, b'P' | b'T' | b'F') || !(4..=LONGEST).contains(&size) || size > rest.len() {
            return false;
        }
        rest = rest.get(size..).unwrap_or_default();
    }
    true
}

/// Whether a file is a font by its first bytes (OpenType 1.9, WOFF).
fn is_font(archive: &Archive<'_>, entry: &Entry) -> Result<bool, ReadError> {
    if !entry.name.starts_with("Fonts/") {
        return Ok(false);
    }
    let head = archive.read(entry, limits::PICTURE)?;
    Ok([&b"\x00\x01\x00\x00"[..], b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2"].iter().any(|is| head.starts_with(is)))
}
