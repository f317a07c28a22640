//! 隠れた情報. What an OOXML package holds beside what is seen: parts that go with their relationships, elements that go
//! out of parts that stay.

mod backdrop;
mod book;
mod cells;
mod controls;
mod drawn;
mod fields;
mod fills;
mod graph;
mod ink;
mod known;
mod links;
mod older;
mod orphans;
mod properties;
mod remains;
mod rules;
mod sheets;
mod spaces;
mod stage;
mod styles;
mod unseen;
mod word;
mod workbook;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::kinds::{self, Family};
use super::opc::{RELATIONSHIPS, TYPES};
use crate::error::ReadError;
use crate::hidden::{Act, Category, Changes, Ledger, Out, SanitiseError, beside, scrub};
use crate::kind::Kind;
use crate::source::Source;
use crate::zip::Archive;
use backdrop::Backdrop;
use book::Book;
use cells::Place;
use graph::{Graph, Link};
use known::Nature;
use properties::{Sort, Went};
use rules::{Facts, Rules, Sheets};
use spaces::Spaces;
use styles::Styles;

/// Finds hidden data, and writes the package without those that are to go.
pub(super) fn clean(source: &dyn Source, kind: Kind, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let archive = Archive::open(source)?;
    let family = kinds::family(kind).ok_or(ReadError::Damaged("not an OOXML kind"))?;
    let graph = Graph::read(&archive)?;
    beside(&archive, ledger);
    let mut package = Package {
        archive: &archive,
        family,
        graph: &graph,
        ledger,
        changes: Changes::default(),
        roots: HashMap::new(),
    };
    package.clean()?;
    package.changes.write(&archive, out)
}

struct Package<'p> {
    archive: &'p Archive<'p>,
    family: Family,
    graph: &'p Graph,
    ledger: &'p mut Ledger,
    changes: Changes,
    /// What markup begins with, by its part.
    roots: HashMap<String, String>,
}

/// Relationships by source and id.
type Ids = HashSet<(String, String)>;

/// What is read of a document before its parts are cleaned.
struct Known {
    units: Units,
    styles: Styles,
    sheets: Sheets,
    book: Rc<Book>,
    /// Formats of cells in which nobody sees the text, by their number.
    faint: HashMap<usize, Category>,
    /// The size of slides.
    stage: Option<drawn::Size>,
    /// What slides stand before, by their part.
    backdrops: HashMap<String, Rc<Backdrop>>,
    /// Controls that sheets show.
    controls: controls::Shown,
}

impl Package<'_> {
    fn clean(&mut self) -> Result<(), ReadError> {
        let main = self.main().ok_or(ReadError::Damaged("a package without a main part"))?;
        let units = sheets::units(self.family, self.archive, self.graph, &main)?;
        let sheets::Hidden { mut gone, sheets, mut book } =
            sheets::hidden(self.family, self.archive, self.graph, &main, self.ledger)?;
        let graph = self.graph;
        self.judge_links(&units, &sheets, &mut gone);
        let left: HashSet<&str> = gone.iter().filter_map(|(source, id)| graph.target(source, id)).collect();
        let is_read = |part: &&String| self.family == Family::Sheet && !left.contains(part.as_str());
        for part in units.keys().filter(is_read) {
            if let Some(text) = self.readable(part)? {
                book.read(part, &text);
            }
        }
        for (source, id, what) in book.repeats(graph, &|part| self.readable(part))? {
            let unit = units.get(&source).cloned().unwrap_or_default();
            if self.ledger.found(Category::HiddenCells, unit, &what) {
                gone.insert((source, id));
            }
        }
        self.drop_parts(&gone)?;
        self.leftovers()?;
        self.drop_remarks()?;
        let styles = self.styles(&main)?;
        let (faint, stage) = self.looks(&main)?;
        let is_slides = self.family == Family::Slides;
        let backdrops = if is_slides { backdrop::all(graph, &|part| self.readable(part))? } else { HashMap::new() };
        let controls = self.controls()?;
        let known = Known { units, styles, sheets, book: Rc::new(book), faint, stage, backdrops, controls };
        self.scrub_parts(&known, &gone)?;
        self.drop_orphans(&mut gone)?;
        if self.family == Family::Sheet {
            self.drop_strings(&main, &known.sheets)?;
        }
        self.changes.media(self.archive, self.ledger)?;
        self.chunks(&gone)?;
        self.tell_unknown(&gone);
        Ok(())
    }

    /// Strings of cells that went go with them; those that no cell had are a finding.
    fn drop_strings(&mut self, main: &str, sheets: &Sheets) -> Result<(), ReadError> {
        let ledger = &mut *self.ledger;
        let what = Text::fixed("どのセルにもない文字列", "strings that no cell has");
        let mut goes = || sheets.are_values || ledger.found(Category::Leftovers, Unit::Whole, &what);
        match sheets::drop_strings(self.archive, self.graph, main, &mut self.changes, &mut goes) {
            // A part that is broken is told already.
            Err(ReadError::Damaged(_)) => Ok(()),
            done => done,
        }
    }

    /// Relationships that lead to hidden data.
    fn judge_links(&mut self, units: &Units, sheets: &Sheets, gone: &mut Ids) {
        for link in &self.graph.links {
            let unit = units.get(&link.source).cloned().unwrap_or_default();
            if let Some((category, what)) = links::judge(link)
                && self.ledger.found(category, unit, &what)
            {
                gone.insert(link.key());
            }
        }
        // The order of calculation is made anew; the old one names formulas that may be gone.
        if sheets.are_values || self.ledger.removes(Category::Links) {
            let chain = |link: &&Link| link.tail == "calcChain";
            gone.extend(self.graph.links.iter().filter(chain).map(Link::key));
        }
    }

    /// A part's text; one that can't be read is told when it is cleaned.
    fn readable(&self, part: &str) -> Result<Option<String>, ReadError> {
        match self.changes.text(self.archive, part) {
            Err(ReadError::Damaged(_)) => Ok(None),
            other => other,
        }
    }

    fn scrub_parts(&mut self, known: &Known, gone: &Ids) -> Result<(), ReadError> {
        let mut dropped: HashMap<&str, HashSet<String>> = HashMap::new();
        for (source, id) in gone {
            dropped.entry(source).or_default().insert(id.clone());
        }
        let archive = self.archive;
        for name in archive.entries().iter().map(|entry| entry.name.as_str()) {
            let is_markup = |link| matches!(known::nature(link), Some(Nature::Markup(_)));
            if !self.changes.is_gone(name) && (is_xml(name) || self.graph.to(name).any(is_markup)) {
                self.scrub_part(name, dropped.remove(name).unwrap_or_default(), known)?;
            }
        }
        Ok(())
    }

    fn main(&self) -> Option<String> {
        let main = self.graph.links.iter().find(|l| l.source.is_empty() && l.tail == "officeDocument")?;
        main.part().map(str::to_owned)
    }

    /// Parts that nothing leads to any more go, and what speaks of them.
    fn drop_parts(&mut self, gone: &Ids) -> Result<(), ReadError> {
        let graph = self.graph;
        let before = graph.reachable(&|_| false);
        let after = graph.reachable(&|link: &Link| gone.contains(&link.key()));
        for entry in self.archive.entries() {
            let owner = graph::source_of(&entry.name);
            let of = owner.as_deref().unwrap_or(&entry.name);
            if before.contains(of) && !after.contains(of) {
                self.changes.remove(&entry.name);
            }
        }
        self.unlist(gone)
    }

    /// Parts that nothing ever led to.
    fn leftovers(&mut self) -> Result<(), ReadError> {
        let reached = self.graph.reachable(&|_| false);
        for entry in self.archive.entries() {
            let name = entry.name.as_str();
            let owner = graph::source_of(name);
            let of = owner.as_deref().unwrap_or(name);
            let is_folder = name.ends_with('/') && entry.size == 0;
            if of.is_empty() || name == TYPES || is_folder || reached.contains(of) {
                continue;
            }
            let what = Text::fixed("どこからも参照されない部品", "a part that nothing refers to");
            if self.ledger.found(Category::Leftovers, Unit::Whole, &what) {
                self.changes.remove(name);
            }
        }
        self.unlist(&Ids::new())
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
        self.graph.to(name).filter(|link| link.source.is_empty()).find_map(|link| match link.tail.as_str() {
            "core-properties" | "coreProperties" => Some(Sort::Core),
            "extended-properties" | "extendedProperties" => Some(Sort::Extended),
            "custom-properties" | "customProperties" => Some(Sort::Custom),
            _ => None,
        })
    }

    fn scrub_part(&mut self, name: &str, dropped: HashSet<String>, known: &Known) -> Result<(), ReadError> {
        let text = match self.changes.text(self.archive, name) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(()),
            Err(ReadError::Damaged(why)) => return self.broken(name, why),
            Err(e) => return Err(e),
        };
        self.tell_remarks(&text);
        let cleaned = match self.sort(name) {
            Some(sort) => {
                let went = if known.sheets.places.is_empty() { Went::None } else { Went::Some };
                let stale = |title: &str| self.family == Family::Sheet && known.book.is_stale(title);
                let cleaned = properties::clean(&text, sort, went, &stale, self.ledger);
                cleaned.and_then(|cleaned| scrub(&cleaned, &mut |_, _| Act::Keep))
            }
            None => self.scrubbed(name, &text, dropped, known),
        };
        match cleaned {
            Ok(cleaned) if cleaned != text => self.changes.put(name, cleaned.into_bytes()),
            Ok(_) => Ok(()),
            Err(ReadError::Damaged(why)) => self.broken(name, why),
            Err(e) => Err(e),
        }
    }

    fn scrubbed(
        &mut self,
        name: &str,
        text: &str,
        dropped: HashSet<String>,
        known: &Known,
    ) -> Result<String, ReadError> {
        let unit = book::unit_of(&known.units, self.graph, name);
        let (mut codes, mut copies) = (HashSet::new(), HashMap::new());
        older::judge(text, &unit, self.ledger)?;
        match self.family {
            Family::Word => {
                codes = fields::codes(text, &unit, self.ledger)?;
                ink::judge(text, &known.styles, &unit, self.ledger)?;
            }
            Family::Sheet if self.is_led_to(name, "chart") || self.is_led_to(name, "chartEx") => {
                copies = book::copies(text, &known.book)?;
            }
            Family::Slides if self.is_led_to(name, "slide") => {
                let backdrop = known.backdrops.get(name).map(Rc::clone).unwrap_or_default();
                stage::judge(text, known.stage, &backdrop, &unit, self.ledger)?;
            }
            _ => {}
        }
        let area = known.book.area(self.graph, name);
        let (styles, book, faint) = (&known.styles, Rc::clone(&known.book), &known.faint);
        let twins = known.controls.twins(text);
        let facts = Facts { styles, book, area, copies, faint, twins, codes };
        let (family, ledger, sheets, place) = (self.family, &mut *self.ledger, &known.sheets, Place::default());
        let spaces = Spaces::default();
        let mut rules = Rules { family, ledger, unit, dropped, sheets, facts, place, spaces, is_in_pane: false };
        let mut root = String::new();
        let cleaned = scrub(text, &mut |tag, above| {
            if above.is_empty() {
                root.clone_from(&tag.local);
            }
            rules.judge(tag, above)
        });
        // Where nothing begins it, it is none of the parts that are known.
        if !root.is_empty() {
            self.roots.insert(name.to_owned(), root);
        }
        cleaned
    }

    /// Whether a part is led to as this.
    fn is_led_to(&self, name: &str, tail: &str) -> bool {
        self.graph.to(name).any(|link| link.tail == tail)
    }

    /// A part that can't be read stays as it is, and is said.
    fn broken(&mut self, name: &str, why: &'static str) -> Result<(), ReadError> {
        let words = Text::new(format!("読めない部品：{name}"), format!("{name}: {why}"));
        self.ledger.not_inspected(words);
        self.roots.insert(name.to_owned(), String::new());
        Ok(())
    }

    /// The part of the styles.
    fn style_part(&self, main: &str) -> Result<Option<String>, ReadError> {
        let is = |l: &&Link| l.source == main && l.tail == "styles";
        let name = self.graph.links.iter().find(is).and_then(Link::part);
        name.map_or(Ok(None), |name| self.readable(name))
    }

    /// The formats of cells that hide their text; the size of slides.
    fn looks(&self, main: &str) -> Result<(HashMap<usize, Category>, Option<drawn::Size>), ReadError> {
        // A part that is broken is told when it is cleaned.
        let styles = if self.family == Family::Sheet { self.style_part(main)? } else { None };
        let faint = styles.and_then(|styles| fills::unseen(&styles).ok()).unwrap_or_default();
        let stage =
            if self.family == Family::Slides { self.readable(main)?.as_deref().and_then(stage::size) } else { None };
        Ok((faint, stage))
    }

    /// The controls that sheets show, where they are kept.
    fn controls(&self) -> Result<controls::Shown, ReadError> {
        let mut shown = controls::Shown::default();
        let drawn = self.graph.links.iter().filter(|link| self.family == Family::Sheet && link.tail == "vmlDrawing");
        for part in drawn.filter_map(Link::part) {
            if let Some(vml) = self.readable(part)? {
                shown.read(&vml);
            }
        }
        Ok(shown)
    }

    /// The styles of a Word document.
    fn styles(&mut self, main: &str) -> Result<Styles, ReadError> {
        let text = if self.family == Family::Word { self.style_part(main)? } else { None };
        let Some(text) = text else { return Ok(Styles::default()) };
        // A part that is broken is told when it is cleaned.
        let styles = Styles::read(&text).unwrap_or_default();
        if styles.hides_all {
            let what = Text::fixed("標準のスタイルが隠し文字です", "text of no style is hidden");
            self.ledger.kept(Category::HiddenText, Unit::Whole, &what);
        }
        Ok(styles)
    }
}

fn is_xml(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name != TYPES && name != RELATIONSHIPS && (lower.ends_with(".xml") || lower.ends_with(".vml"))
}

/// Parts by the page, sheet or slide they are.
type Units = HashMap<String, Unit>;
