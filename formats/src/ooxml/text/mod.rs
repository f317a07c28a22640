//! 本文の取り出し. The text of OOXML packages, part by part; what a part's name and type do not tell, its content does.

mod sheet;
mod slides;
mod word;

use std::collections::HashMap;

use kakuzuke_core::passage::{Part, Unit};

use super::kinds::{self, Family};
use super::opc::{self, Opc};
use crate::error::ReadError;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::source::Source;
use crate::text::{Halt, Node, Reading, is_picture, paragraphs, walk, words};
use crate::zip::{Archive, Entry};

/// A package, with the types of its parts and where they lead.
struct Package<'a> {
    archive: &'a Archive<'a>,
    overrides: HashMap<String, String>,
    defaults: HashMap<String, String>,
    /// Parts by their names, in lower case and without a leading slash.
    parts: HashMap<String, &'a Entry>,
}

/// A relationship of a part.
struct Link {
    id: String,
    /// Last word of its type.
    kind: String,
    target: String,
}

/// Reads a package's text.
pub(super) fn read(source: &dyn Source, kind: Kind, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let archive = Archive::open(source)?;
    let opc = Opc::open(&archive)?.ok_or(ReadError::Damaged("an OOXML package without content types"))?;
    let main = opc.target(opc::Relation::Main).map(|e| e.name.clone()).unwrap_or_default();
    let (overrides, defaults) = opc.content_types();
    let parts = archive.entries().iter().map(|e| (plain(&e.name), e)).collect();
    let package = Package { archive: &archive, overrides, defaults, parts };
    let before = reading.so_far();
    let outcome = match kinds::family(kind) {
        Some(Family::Word) => word::read(&package, reading),
        Some(Family::Sheet) => sheet::read(&package, &main, reading),
        Some(Family::Slides) => slides::read(&package, &main, reading),
        None => Ok(()),
    };
    reading.bear(Unit::Whole, Part::Body, outcome)?;
    let silent = reading.so_far().0 == before.0;
    package.properties(reading)?;
    package.objects(reading)?;
    if silent && reading.so_far().1 > before.1 {
        reading.only_pictures(Unit::Whole);
    }
    Ok(())
}

impl<'a> Package<'a> {
    /// The last word of a part's content type: `main`, `header`, `worksheet`, …
    fn role(&self, part: &str) -> String {
        let name = part.trim_start_matches('/').to_ascii_lowercase();
        let extension = name.rsplit('.').next().unwrap_or_default();
        let kind = self.overrides.get(&name).or_else(|| self.defaults.get(extension)).map_or("", String::as_str);
        let kind = kind.strip_suffix("+xml").unwrap_or(kind);
        kind.rsplit(['.', '/']).next().unwrap_or_default().to_owned()
    }

    /// The part of a name.
    fn find(&self, name: &str) -> Option<&'a Entry> {
        self.parts.get(&plain(name)).copied()
    }

    /// The parts of any of these roles.
    fn parts(&self, roles: &'static [&'static str]) -> impl Iterator<Item = &'a Entry> + use<'a, '_> {
        self.archive.entries().iter().filter(|e| roles.contains(&self.role(&e.name).as_str()))
    }

    /// Where a part leads to.
    fn links(&self, part: &str, reading: &mut Reading<'_>) -> Result<Vec<Link>, Halt> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(entry) = self.find(&format!("{folder}/_rels/{name}.rels")) else { return Ok(Vec::new()) };
        let text = reading.markup(self.archive, entry)?;
        let mut links = Vec::new();
        walk(&text, &mut |node| {
            if let Node::Start(tag) = node
                && tag.name == "Relationship"
                && tag.get("TargetMode").as_deref() != Some("External")
                && let (Some(id), Some(kind), Some(target)) = (tag.get("Id"), tag.get("Type"), tag.get("Target"))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                links.push(Link { id, kind, target: resolve(folder, &target) });
            }
            Ok(())
        })?;
        Ok(links)
    }

    /// Reads a part that is only shapes, if it is there.
    fn shapes(&self, entry: &Entry, unit: &Unit, part: &Part, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let outcome = reading
            .markup(self.archive, entry)
            .and_then(|text| paragraphs(&text, &mut |said| reading.say(unit.clone(), part.clone(), said)));
        reading.bear(unit.clone(), part.clone(), outcome)
    }

    /// 文書のプロパティ: core, application's and custom ones.
    fn properties(&self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        for entry in self.parts(&["core-properties", "extended-properties", "custom-properties"]) {
            let outcome = reading.markup(self.archive, entry).and_then(|text| {
                words(&text, &mut |element, named, value| match named {
                    Some(name) if StoredLabel::is_property(name) => Ok(()),
                    name => reading.say(Unit::Whole, Part::Property(name.unwrap_or(element).to_owned()), value),
                })
            });
            reading.bear(Unit::Whole, Part::Property(String::new()), outcome)?;
        }
        Ok(())
    }

    /// Documents that lie in the package, data that fields of it show, and its pictures.
    fn objects(&self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        for entry in self.archive.entries() {
            let lower = entry.name.to_ascii_lowercase();
            if is_picture(&lower) {
                reading.picture();
            } else if lower.starts_with("customxml/item") && lower.ends_with(".xml") && !lower.contains("props") {
                let outcome = reading
                    .markup(self.archive, entry)
                    .and_then(|text| words(&text, &mut |_, _, value| reading.say(Unit::Whole, Part::Hidden, value)));
                reading.bear(Unit::Whole, Part::Hidden, outcome)?;
            } else if is_document(&lower) {
                let outcome = reading.read_entry(&entry.name, self.archive, entry);
                reading.bear(Unit::Whole, Part::Body, outcome)?;
            }
        }
        Ok(())
    }
}

/// A part's name as it is looked up (ISO/IEC 29500-2, 6.2.2).
fn plain(name: &str) -> String {
    name.trim_start_matches("./").trim_start_matches('/').to_ascii_lowercase()
}

/// A target, counted from the folder of its part, as a name in the package. It is only looked up among the
/// entries, never used as a path.
pub(super) fn resolve(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            other => steps.push(other),
        }
    }
    steps.join("/").trim_start_matches('/').to_owned()
}

/// Whether a part is a document of its own: embedded, or to be taken in when the document is opened.
fn is_document(lower: &str) -> bool {
    const KINDS: &[&str] =
        &[".htm", ".html", ".mht", ".rtf", ".txt", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt"];
    lower.contains("/embeddings/") && !lower.ends_with(".rels") || KINDS.iter().any(|e| lower.ends_with(e))
}
