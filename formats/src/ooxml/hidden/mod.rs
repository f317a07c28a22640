//! 隠れた情報. What an OOXML package holds beside what is seen: parts that go with their relationships, elements that go
//! out of parts that stay.

mod cells;
mod graph;
mod links;
mod properties;
mod rules;
mod sheets;
mod unseen;

use std::collections::{HashMap, HashSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::kinds::{self, Family};
use super::opc::{RELATIONSHIPS, TYPES};
use crate::error::ReadError;
use crate::hidden::{Act, Category, Changes, Ledger, Out, SanitiseError, scrub};
use crate::kind::Kind;
use crate::source::Source;
use crate::xml;
use crate::zip::Archive;
use graph::{Graph, Link, Target};
use properties::{Sort, Went};
use rules::{Rules, Sheets};

/// Finds hidden data, and writes the package without those that are to go.
pub(super) fn clean(source: &dyn Source, kind: Kind, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let archive = Archive::open(source)?;
    let family = kinds::family(kind).ok_or(ReadError::Damaged("not an OOXML kind"))?;
    let graph = Graph::read(&archive)?;
    let mut package = Package { archive: &archive, family, graph: &graph, ledger, changes: Changes::default() };
    package.clean()?;
    package.changes.write(&archive, out)
}

struct Package<'p> {
    archive: &'p Archive<'p>,
    family: Family,
    graph: &'p Graph,
    ledger: &'p mut Ledger,
    changes: Changes,
}

/// Relationships by source and id.
type Ids = HashSet<(String, String)>;

impl Package<'_> {
    fn clean(&mut self) -> Result<(), ReadError> {
        let main = self.main().ok_or(ReadError::Damaged("a package without a main part"))?;
        let units = sheets::units(self.family, self.archive, self.graph, &main)?;
        let (mut gone, sheets) = sheets::hidden(self.family, self.archive, self.graph, &main, self.ledger)?;
        for link in &self.graph.links {
            let unit = units.get(&link.source).cloned().unwrap_or_default();
            if let Some((category, what)) = links::judge(link)
                && self.ledger.found(category, unit, &what)
            {
                gone.insert((link.source.clone(), link.id.clone()));
            }
        }
        // The order of calculation is made anew; the old one names formulas that may be gone.
        if sheets.are_values || self.ledger.removes(Category::Links) {
            let chain = |link: &&Link| link.tail == "calcChain";
            gone.extend(self.graph.links.iter().filter(chain).map(|l| (l.source.clone(), l.id.clone())));
        }
        self.drop_parts(&gone)?;
        let styles = self.hidden_styles(&main)?;
        let parts: Vec<String> = self.archive.entries().iter().map(|e| e.name.clone()).collect();
        for name in parts.iter().filter(|name| is_xml(name)) {
            if self.changes.is_gone(name) {
                continue;
            }
            let dropped = gone.iter().filter(|(source, _)| source == name).map(|(_, id)| id.clone()).collect();
            let unit = units.get(name).cloned().unwrap_or_default();
            self.scrub_part(name, dropped, unit, &styles, &sheets)?;
        }
        if self.family == Family::Sheet && (sheets.are_values || !sheets.places.is_empty()) {
            sheets::drop_strings(self.archive, self.graph, &main, &mut self.changes)?;
        }
        self.changes.media(self.archive, self.ledger)?;
        Ok(())
    }

    fn main(&self) -> Option<String> {
        let main = self.graph.links.iter().find(|l| l.source.is_empty() && l.tail == "officeDocument")?;
        match &main.target {
            Target::Part(name) => Some(name.clone()),
            _ => None,
        }
    }

    /// Parts that nothing leads to any more go, and what speaks of them.
    fn drop_parts(&mut self, gone: &Ids) -> Result<(), ReadError> {
        let graph = self.graph;
        let lost = |link: &Link| gone.contains(&(link.source.clone(), link.id.clone()));
        let before = graph.reachable(&|_| false);
        let after = graph.reachable(&lost);
        for entry in self.archive.entries() {
            let name = entry.name.as_str();
            let owner = graph::source_of(name);
            let of = owner.as_deref().unwrap_or(name);
            if of.is_empty() || name == TYPES || name.ends_with('/') || after.contains(of) {
                continue;
            }
            let what = Text::fixed("どこからも参照されない部品", "a part that nothing refers to");
            let goes = before.contains(of) || self.ledger.found(Category::Leftovers, Unit::Whole, &what);
            if goes {
                self.changes.remove(name);
            }
        }
        self.unlist(gone)
    }

    fn unlist(&mut self, gone: &Ids) -> Result<(), ReadError> {
        let sources: HashSet<&str> = gone.iter().map(|(source, _)| source.as_str()).collect();
        for entry in self.archive.entries() {
            let Some(source) = graph::source_of(&entry.name).filter(|s| sources.contains(s.as_str())) else { continue };
            let Some(text) = self.changes.text(self.archive, &entry.name)? else { continue };
            let cleaned = scrub(&text, &mut |tag, _| match tag.get("Id") {
                Some(id) if gone.contains(&(source.clone(), id.to_owned())) => Act::Drop,
                _ => Act::Keep,
            })?;
            self.changes.put(&entry.name, cleaned.into_bytes())?;
        }
        let Some(types) = self.changes.text(self.archive, TYPES)? else { return Ok(()) };
        let changes = &self.changes;
        let cleaned = scrub(&types, &mut |tag, _| match tag.get("PartName") {
            Some(name) if changes.is_gone(name.trim_start_matches('/')) => Act::Drop,
            _ => Act::Keep,
        })?;
        if cleaned != types {
            self.changes.put(TYPES, cleaned.into_bytes())?;
        }
        Ok(())
    }

    fn sort(&self, name: &str) -> Option<Sort> {
        let is = |l: &&Link| l.source.is_empty() && matches!(&l.target, Target::Part(part) if part == name);
        self.graph.links.iter().filter(is).find_map(|link| match link.tail.as_str() {
            "core-properties" | "coreProperties" => Some(Sort::Core),
            "extended-properties" | "extendedProperties" => Some(Sort::Extended),
            "custom-properties" | "customProperties" => Some(Sort::Custom),
            _ => None,
        })
    }

    fn scrub_part(
        &mut self,
        name: &str,
        dropped: HashSet<String>,
        unit: Unit,
        styles: &HashSet<String>,
        sheets: &Sheets,
    ) -> Result<(), ReadError> {
        let text = match self.changes.text(self.archive, name) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(()),
            Err(ReadError::Damaged(why)) => return self.broken(name, why),
            Err(e) => return Err(e),
        };
        let cleaned = match self.sort(name) {
            Some(sort) => properties::clean(
                &text,
                sort,
                if sheets.places.is_empty() { Went::None } else { Went::Some },
                self.ledger,
            ),
            None => {
                unseen::fields(&text, &unit, self.ledger);
                let cells = cells::Cells::default();
                let family = self.family;
                let mut rules = Rules { family, ledger: self.ledger, unit, dropped, styles, sheets, cells };
                scrub(&text, &mut |tag, above| rules.judge(tag, above))
            }
        };
        match cleaned {
            Ok(cleaned) if cleaned != text => self.changes.put(name, cleaned.into_bytes()),
            Ok(_) => Ok(()),
            Err(ReadError::Damaged(why)) => self.broken(name, why),
            Err(e) => Err(e),
        }
    }

    /// A part that can't be read stays as it is, and is said.
    fn broken(&mut self, name: &str, why: &'static str) -> Result<(), ReadError> {
        let words = Text::new(format!("読めない部品：{name}"), format!("{name}: {why}"));
        self.ledger.not_inspected(words);
        Ok(())
    }

    /// Styles whose text is not shown.
    fn hidden_styles(&self, main: &str) -> Result<HashSet<String>, ReadError> {
        let is = |l: &&Link| self.family == Family::Word && l.source == main && l.tail == "styles";
        let mut found = HashSet::new();
        let Some(Target::Part(name)) = self.graph.links.iter().find(is).map(|l| &l.target) else { return Ok(found) };
        let Some(text) = self.changes.text(self.archive, name)? else { return Ok(found) };
        let Ok(elements) = xml::elements(&text, 3) else { return Ok(found) };
        let mut style: Option<String> = None;
        for element in &elements {
            match (element.depth, element.name.as_str()) {
                (1, "style") => style = element.attribute_local("styleId").map(str::to_owned),
                (3, "vanish") if element.attribute_local("val").is_none_or(crate::text::is_on) => {
                    found.extend(style.clone());
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

fn is_xml(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name != TYPES && name != RELATIONSHIPS && (lower.ends_with(".xml") || lower.ends_with(".vml"))
}

/// Parts by the page, sheet or slide they are.
type Units = HashMap<String, Unit>;
