//! A package being marked: parts that change, come and go, with their relationships and content types.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Write;

use super::tree::{self, Draft};
use crate::error::{LabelError, ReadError};
use crate::limits;
use crate::marking::MarkError;
use crate::ooxml::opc::{self, Opc, Relation, TYPES};
use crate::ooxml::text::resolve;
use crate::source::copy_range;
use crate::xml;
use crate::zip::{self, Archive, Entry};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Relationships as they are made for a part that has none; so known again when they are empty once more.
const NO_LINKS: &str =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";

const UNEXPECTED: ReadError = ReadError::Damaged("a package's own parts are not in the expected form");

/// A relationship of a part.
pub(super) struct Link {
    pub id: String,
    /// Last word of its type.
    pub kind: String,
    /// The part it leads to, by the name it has in the package.
    pub target: String,
}

/// A package, and what is to change of it.
pub(super) struct Parts<'a> {
    archive: &'a Archive<'a>,
    /// The part everything starts from.
    pub main: String,
    /// Whether the package follows ISO/IEC 29500 without its transitional part.
    pub is_strict: bool,
    /// Files by their name, and names by how they are looked up (ISO/IEC 29500-2, 6.2.2).
    entries: HashMap<&'a str, &'a Entry>,
    names: HashMap<String, &'a str>,
    changed: BTreeMap<String, Vec<u8>>,
    /// Bytes of all that changed.
    held: u64,
    gone: BTreeSet<String>,
}

impl<'a> Parts<'a> {
    pub fn open(archive: &'a Archive<'a>) -> Result<Self, ReadError> {
        let package = Opc::open(archive)?.ok_or(ReadError::Damaged("an OOXML package without content types"))?;
        let main = package.target(Relation::Main).ok_or(ReadError::Damaged("a package without a main part"))?;
        let (main, is_strict) = (main.name.clone(), package.is_strict());
        let entries = archive.entries().iter().map(|e| (e.name.as_str(), e)).collect();
        // Of names that are looked up alike the first is meant.
        let names = archive.entries().iter().rev().map(|e| (plain(&e.name), e.name.as_str())).collect();
        let (changed, gone) = (BTreeMap::new(), BTreeSet::new());
        Ok(Self { archive, main, is_strict, entries, names, changed, held: 0, gone })
    }

    /// Whether the package has a digital signature (ISO/IEC 29500-2, 12).
    pub fn is_signed(&self) -> bool {
        let is_signature =
            |name: &str| name.to_ascii_lowercase().trim_start_matches('/').starts_with("_xmlsignatures/");
        self.archive.entries().iter().any(|e| is_signature(&e.name))
    }

    /// The text of a part as it is by now.
    pub fn text(&self, name: &str) -> Result<Option<String>, ReadError> {
        self.bytes(name)?.map(|bytes| xml::decode(&bytes)).transpose()
    }

    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        if let Some(bytes) = self.changed.get(name) {
            return Ok(Some(bytes.clone()));
        }
        if self.gone.contains(name) { Ok(None) } else { self.before(name) }
    }

    /// A part has another text from now on; a byte order mark stays.
    pub fn put(&mut self, name: &str, text: &str) -> Result<(), ReadError> {
        let before = self.before(name)?.unwrap_or_default();
        self.put_bytes(name, xml::encode(text, &before))
    }

    /// A part as it was.
    fn before(&self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.entries.get(name).map(|entry| self.archive.read(entry, limits::MARKED_PART)).transpose()
    }

    fn put_bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ReadError> {
        self.gone.remove(name);
        self.forget(name);
        if self.before(name)?.is_some_and(|before| before == bytes) {
            return Ok(());
        }
        self.held += bytes.len() as u64;
        if self.held > limits::CHANGED_PARTS {
            return Err(ReadError::Limit("parts of a package that change"));
        }
        self.changed.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// A part is no longer changed.
    fn forget(&mut self, name: &str) {
        let before = self.changed.remove(name).map_or(0, |bytes| bytes.len() as u64);
        self.held = self.held.saturating_sub(before);
    }

    /// A part goes.
    fn drop_part(&mut self, name: &str) {
        self.forget(name);
        if self.entries.contains_key(name) {
            self.gone.insert(name.to_owned());
        }
    }

    /// Where a part leads to, within the package.
    pub fn links(&self, part: &str) -> Result<Vec<Link>, ReadError> {
        let Some(text) = self.text(&self.links_of(part))? else { return Ok(Vec::new()) };
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut links = Vec::new();
        for element in xml::elements(&text, 1)?.iter().filter(|e| e.depth == 1) {
            if let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
                && element.attribute("TargetMode") != Some("External")
                && let Some(target) = self.find(&resolve(folder, target))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                links.push(Link { id: id.to_owned(), kind, target });
            }
        }
        Ok(links)
    }

    /// The part that a reference leads to.
    fn find(&self, name: &str) -> Option<String> {
        if self.changed.contains_key(name) {
            return Some(name.to_owned());
        }
        let there =
            self.entries.contains_key(name).then_some(name).or_else(|| self.names.get(&plain(name)).copied())?;
        Some(there.to_owned()).filter(|name| !self.gone.contains(name))
    }

    /// The name of the part with a part's relationships.
    fn links_of(&self, part: &str) -> String {
        let (folder, name) = part.rsplit_once('/').map_or(("", part), |(folder, name)| (folder, name));
        let links = format!("{folder}/_rels/{name}.rels").trim_start_matches('/').to_owned();
        self.find(&links).unwrap_or(links)
    }

    /// A name that no part has: `stem`, the number and `end`.
    pub fn free_name(&self, stem: &str, end: &str) -> Result<String, ReadError> {
        let mut names = (1..=limits::ZIP_ENTRIES).map(|n| format!("{stem}{n}{end}"));
        names.find(|name| self.find(name).is_none()).ok_or(ReadError::Limit("entries of a ZIP archive"))
    }

    /// Adds a part.
    pub fn add(&mut self, part: &New<'_>) -> Result<(), ReadError> {
        self.put_bytes(part.name, part.bytes.clone())?;
        let types = self.text(TYPES)?.ok_or(UNEXPECTED)?;
        let added = format!("<Override PartName=\"/{}\" ContentType=\"{}\"/>", part.name, part.content_type);
        let types = opc::add(&types, &xml::elements(&types, 0)?, &added).ok_or(UNEXPECTED)?;
        self.put(TYPES, &types)
    }

    /// Lets `from` lead to a part; `relation` is the last word of the type. Gives the id of the relationship.
    pub fn relate(&mut self, from: &str, relation: &str, to: &str) -> Result<String, ReadError> {
        let name = self.links_of(from);
        let links = self.text(&name)?.unwrap_or_else(|| format!("{HEAD}{NO_LINKS}"));
        let elements = xml::elements(&links, 1)?;
        let taken: HashSet<&str> = elements.iter().filter_map(|e| e.attribute("Id")).collect();
        let mut free = (1..=elements.len() + 1).map(|n| format!("rIdKz{n}")).filter(|id| !taken.contains(id.as_str()));
        let id = free.next().ok_or(UNEXPECTED)?;
        let space = if self.is_strict {
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        };
        let added = format!("<Relationship Id=\"{id}\" Type=\"{space}/{relation}\" Target=\"/{to}\"/>");
        let links = opc::add(&links, &elements, &added).ok_or(UNEXPECTED)?;
        self.put(&name, &links)?;
        Ok(id)
    }

    /// Takes out parts that `from` leads to by the relationships `ids`, with everything that speaks of them.
    pub fn remove(&mut self, from: &str, ids: &BTreeSet<String>, parts: &BTreeSet<String>) -> Result<(), ReadError> {
        let mut going = HashSet::new();
        for part in parts {
            let own = self.links_of(part);
            self.drop_part(part);
            self.drop_part(&own);
            going.extend([plain(part), plain(&own)]);
        }
        if !going.is_empty() {
            self.drop_items(TYPES, &|n| n.get("PartName").is_some_and(|name| going.contains(&plain(name))))?;
        }
        let links = self.links_of(from);
        self.drop_items(&links, &|n| n.get("Id").is_some_and(|id| ids.contains(id)))?;
        if self.text(&links)?.is_some_and(|text| text == format!("{HEAD}{NO_LINKS}")) {
            self.drop_part(&links);
        }
        Ok(())
    }

    fn drop_items(&mut self, list: &str, goes: &dyn Fn(&tree::Node) -> bool) -> Result<(), ReadError> {
        let Some(text) = self.text(list)? else { return Ok(()) };
        let nodes = tree::nodes(&text, &|depth, _| depth <= 1)?;
        let mut draft = Draft::new(&text);
        for node in nodes.iter().filter(|n| n.parent.is_some() && goes(n)) {
            draft.replace(node.span.clone(), String::new());
        }
        let text = draft.finish()?;
        self.put(list, &text)
    }

    /// Whether anything is other than it was.
    pub fn changes(&self) -> bool {
        !self.changed.is_empty() || !self.gone.is_empty()
    }

    /// Writes the package as it is by now; byte for byte the same when nothing changed.
    pub fn write(self, out: &mut dyn Write) -> Result<(), MarkError> {
        if !self.changes() {
            let size = self.archive.size().map_err(ReadError::from)?;
            return copy_range(self.archive.source(), 0..size, out).map(|_| ()).map_err(MarkError::Write);
        }
        let parts: Vec<_> = self.changed.into_iter().collect();
        zip::rewrite_without(self.archive, &parts, &self.gone, out).map_err(|e| match e {
            LabelError::Read(e) => e.into(),
            LabelError::Write(e) => MarkError::Write(e),
            _ => MarkError::Refused("the archive is too large to be marked"),
        })
    }
}

/// A name as it is looked up.
fn plain(name: &str) -> String {
    name.trim_start_matches("./").trim_start_matches('/').to_ascii_lowercase()
}

/// A part to be added.
pub(super) struct New<'n> {
    pub name: &'n str,
    pub content_type: &'n str,
    pub bytes: Vec<u8>,
}

impl<'n> New<'n> {
    /// A part of XML; its head is put before it.
    pub fn xml(name: &'n str, content_type: &'n str, body: &str) -> Self {
        Self { name, content_type, bytes: format!("{HEAD}{body}").into_bytes() }
    }
}
