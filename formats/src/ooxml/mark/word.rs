//! Word documents: a header of every kind that is shown in every section (ISO/IEC 29500-1, 17.10), with ours in it.

use std::collections::{BTreeMap, BTreeSet};

use kakuzuke_core::code::Text;

use super::parts::{New, Parts};
use super::tree::{self, Draft, Node, above, children};
use super::{Dialect, Found, header, measure, shape};
use crate::error::ReadError;
use crate::limits;
use crate::marking::{Marked, Marking};

const HEADER: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
/// A4 in twentieths of a point.
const A4: (f64, f64) = (11_906.0, 16_838.0);
/// Sizes of the line's letters in points, the largest that fits first.
const SIZES: [f64; 2] = [10.5, 9.0];
/// What a header of ours needs above the body, in twentieths of a point: LibreOffice gives none less than 1 mm.
const ROOM: i64 = 80;

/// A section (`w:sectPr`).
struct Section {
    place: usize,
    /// Relationships of its own headers by their kind.
    own: BTreeMap<String, String>,
    shows_first: bool,
    /// Width and height of its pages in twentieths of a point.
    page: (f64, f64),
}

fn nodes(text: &str) -> Result<Vec<Node>, ReadError> {
    const WANTED: [&str; 8] =
        ["document", "body", "sectPr", "sectPrChange", "headerReference", "titlePg", "pgSz", "pgMar"];
    tree::nodes(text, &|_, name| WANTED.contains(&name))
}

fn sections(nodes: &[Node]) -> Vec<Section> {
    let all = nodes
        .iter()
        .enumerate()
        .filter(|(place, n)| n.name == "sectPr" && !above(nodes, *place).any(|(_, n)| n.name == "sectPrChange"));
    all.map(|(place, _)| section(nodes, place)).collect()
}

fn section(nodes: &[Node], place: usize) -> Section {
    let mut section = Section { place, own: BTreeMap::new(), shows_first: false, page: A4 };
    for (_, node) in children(nodes, place) {
        match node.name.as_str() {
            "headerReference" => {
                let kind = node.get("type").unwrap_or("default").to_owned();
                section.own.extend(node.relation().map(|id| (kind, id.to_owned())));
            }
            "titlePg" => section.shows_first = node.is_on(),
            "pgSz" => {
                let side = |name, usual| node.get(name).and_then(length).unwrap_or(usual);
                section.page = (side("w", A4.0), side("h", A4.1));
            }
            _ => {}
        }
    }
    section
}

/// A length in twentieths of a point; a bare number is one, others say their unit (ISO/IEC 29500-1, 22.9.2.15).
fn length(written: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 5] = [("mm", 56.693), ("cm", 566.93), ("in", 1440.0), ("pt", 20.0), ("pc", 240.0)];
    let unit = UNITS.iter().find_map(|(unit, factor)| Some((written.strip_suffix(unit)?, *factor)));
    let (number, factor) = unit.unwrap_or((written, 1.0));
    number.trim().parse::<f64>().ok().map(|n| n * factor).filter(|n| (200.0..=100_000.0).contains(n))
}

/// A document's headers by the relationships to them.
fn headers(parts: &Parts<'_>) -> Result<BTreeMap<String, String>, ReadError> {
    let links = parts.links(&parts.main)?;
    let headers: BTreeMap<_, _> = links.into_iter().filter(|l| l.kind == "header").map(|l| (l.id, l.target)).collect();
    if headers.len() as u64 > limits::MARKED_PLACES {
        return Err(ReadError::Limit("places of a marking"));
    }
    Ok(headers)
}

fn document(parts: &Parts<'_>) -> Result<String, ReadError> {
    parts.text(&parts.main)?.ok_or(ReadError::Damaged("a document without its main part"))
}

/// What of ours the headers say.
pub(super) fn read(parts: &Parts<'_>) -> Result<Found, ReadError> {
    let mut found = Found::default();
    for part in headers(parts)?.into_values().collect::<BTreeSet<_>>() {
        if let Some(text) = parts.text(&part)? {
            found.add(header::read(&text)?);
        }
        if found.is_whole() {
            break;
        }
    }
    Ok(found)
}

/// Takes ours out; the answer is out of how many headers.
pub(super) fn take(parts: &mut Parts<'_>) -> Result<u64, ReadError> {
    let headers = headers(parts)?;
    let (mut hollow, mut record, mut places) = (BTreeSet::new(), String::new(), 0);
    for part in headers.values().cloned().collect::<BTreeSet<_>>() {
        let Some(taken) = parts.text(&part)?.map(|text| header::take(&text)).transpose()?.flatten() else { continue };
        places += 1;
        if !taken.is_hollow {
            parts.put(&part, &taken.text)?;
            continue;
        }
        record.push_str(&taken.record.unwrap_or_default());
        hollow.insert(part);
    }
    if !hollow.is_empty() {
        let gone = headers.into_iter().filter(|(_, part)| hollow.contains(part)).map(|(id, _)| id).collect();
        let main = parts.main.clone();
        parts.remove(&main, &gone, &hollow)?;
        let text = document(parts)?;
        parts.put(&main, &without(&text, &gone, &record)?)?;
    }
    Ok(places)
}

/// The document without references to headers that went, its margins as they were.
fn without(text: &str, gone: &BTreeSet<String>, record: &str) -> Result<String, ReadError> {
    let all = nodes(text)?;
    let mut draft = Draft::new(text);
    let is_gone = |n: &Node| n.name == "headerReference" && n.relation().is_some_and(|id| gone.contains(id));
    let mut cut: BTreeSet<usize> = (0..all.len()).filter(|place| all.get(*place).is_some_and(is_gone)).collect();
    // A section that was made for ours goes with it.
    let is_ours = |place: usize, n: &Node| {
        let going = children(&all, place).filter(|(child, _)| cut.contains(child)).map(|(_, n)| n.span.len()).sum();
        n.name == "sectPr" && n.declares() && n.end_tag.map(|end| end - n.inner) == Some(going)
    };
    let own: Vec<usize> = all.iter().enumerate().filter(|(place, n)| is_ours(*place, n)).map(|(p, _)| p).collect();
    cut.extend(own);
    draft.cut(&all, cut);
    let sections = sections(&all);
    for moved in record.split(';').filter_map(Moved::parse) {
        let margins = sections.get(moved.section).and_then(|s| margins(&all, s.place));
        if let Some(margins) = margins
            && margins.get(moved.attribute).and_then(|v| v.parse().ok()) == Some(moved.to)
        {
            set(&mut draft, text, margins, moved.attribute, moved.from);
        }
    }
    draft.finish()
}

fn margins(nodes: &[Node], section: usize) -> Option<&Node> {
    children(nodes, section).find(|(_, n)| n.name == "pgMar").map(|(_, n)| n)
}

/// Whether the body begins so high that not even a header without height fits above it.
fn is_tight(margins: &Node) -> bool {
    margins.get("top").and_then(|v| v.parse::<i64>().ok()).is_some_and(|top| top.saturating_abs() < ROOM)
}

/// A margin that made way for a header of ours.
struct Moved {
    section: usize,
    attribute: &'static str,
    from: i64,
    to: i64,
}

impl Moved {
    fn parse(words: &str) -> Option<Self> {
        let mut words = words.split(' ');
        let section = words.next()?.parse().ok()?;
        let written = words.next()?;
        let attribute = ["header", "top"].into_iter().find(|a| *a == written)?;
        Some(Self { section, attribute, from: words.next()?.parse().ok()?, to: words.next()?.parse().ok()? })
    }

    fn written(&self) -> String {
        format!("{} {} {} {}", self.section, self.attribute, self.from, self.to)
    }
}

/// The farthest that a margin may be from the edge, twips (the largest page Word makes, 22 inches).
const FARTHEST: i64 = 31_680;

/// Whether these are margins that made way, as they are written down, and nothing else.
pub(super) fn is_record(words: &str) -> bool {
    words.split(';').all(|written| {
        Moved::parse(written).is_some_and(|m| {
            let near = [m.from, m.to].iter().all(|at| (-FARTHEST..=FARTHEST).contains(at));
            near && written == m.written()
        })
    })
}

/// Writes another number into an attribute.
fn set(draft: &mut Draft<'_>, text: &str, node: &Node, attribute: &str, to: i64) {
    let tag = text.get(node.span.start..node.inner).unwrap_or_default();
    for quote in ['"', '\''] {
        let begin = format!(":{attribute}={quote}");
        if let Some((before, rest)) = tag.split_once(&begin)
            && let Some((old, _)) = rest.split_once(quote)
        {
            let at = node.span.start + before.len() + begin.len();
            draft.replace(at..at + old.len(), to.to_string());
            return;
        }
    }
}

/// Puts ours on every page.
pub(super) fn put(parts: &mut Parts<'_>, marking: &Marking) -> Result<Marked, ReadError> {
    let text = document(parts)?;
    let mut all = nodes(&text)?;
    let (mut found, mut text) = (sections(&all), text);
    if found.is_empty() {
        text = with_section(&text, &all)?;
        all = nodes(&text)?;
        found = sections(&all);
    }
    let runs = Runs::new(marking, &found);
    let headers = headers(parts)?;
    let used: BTreeSet<&String> = found.iter().flat_map(|s| s.own.values()).collect();
    let mut notes = Vec::new();
    let mut number = 0;
    for part in used.iter().filter_map(|id| headers.get(*id)).collect::<BTreeSet<_>>() {
        let Some(before) = parts.text(part)? else { continue };
        parts.put(part, &header::put(&before, &|dialect| runs.write(number, dialect))?)?;
        number += 2;
    }
    if used.iter().any(|id| !headers.contains_key(*id)) {
        notes.push(Text::fixed(
            "文書が指すヘッダーの一部が、ファイルの中にありません。",
            "Some headers that the document names are not in the file.",
        ));
    }
    let missing = missing(&found, evens(parts)?);
    if missing.contains_key("default") && found.iter().any(|s| margins(&all, s.place).is_some_and(is_tight)) {
        notes.push(Text::fixed(
            "上余白がほとんどないページでは、本文が1 mmほど下がることがあります。",
            "On pages with hardly any margin above, the text may move down by about 1 mm.",
        ));
    }
    let text = add(parts, &text, &all, &found, &missing, &runs, number)?;
    parts.put(&parts.main.clone(), &text)?;
    Ok(Marked { places: found.len() as u64, notes })
}

/// Our runs for any header of a document.
struct Runs<'m> {
    marking: &'m Marking,
    line: measure::Fit,
    across: (f64, f64),
}

impl<'m> Runs<'m> {
    /// One size for all sections, because they share headers: what fits on the smallest page.
    fn new(marking: &'m Marking, sections: &[Section]) -> Self {
        let side = |side: &dyn Fn(&Section) -> f64| sections.iter().map(side).fold(f64::INFINITY, f64::min) / 20.0;
        let (width, height) = (side(&|s| s.page.0), side(&|s| s.page.1));
        let line = measure::line(marking.line(), width, &SIZES);
        let across = measure::across(marking.watermark().unwrap_or_default(), width, height);
        Self { marking, line, across }
    }

    fn write(&self, number: u32, dialect: Dialect) -> String {
        let line = shape::line(self.marking.line(), self.line, number, dialect);
        let watermark = self.marking.watermark();
        let watermark = watermark.map(|words| shape::watermark(words, self.across, number.saturating_add(1), dialect));
        watermark.unwrap_or_default() + &line
    }
}

/// A document whose body says nothing of sections gets one that says nothing else.
fn with_section(text: &str, nodes: &[Node]) -> Result<String, ReadError> {
    let root = nodes.first().ok_or(ReadError::Damaged("an empty document"))?;
    let body = nodes.iter().find(|n| n.name == "body").ok_or(ReadError::Damaged("a document without a body"))?;
    let mut draft = Draft::new(text);
    draft.last(body, &format!("<w:sectPr xmlns:w=\"{}\"></w:sectPr>", Dialect::of(&root.namespace).word()));
    draft.finish()
}

/// Whether even pages have headers of their own.
fn evens(parts: &Parts<'_>) -> Result<bool, ReadError> {
    let links = parts.links(&parts.main)?;
    let Some(settings) = links.iter().find(|l| l.kind == "settings") else { return Ok(false) };
    let Some(text) = parts.text(&settings.target)? else { return Ok(false) };
    let nodes = tree::nodes(&text, &|_, name| matches!(name, "settings" | "evenAndOddHeaders"))?;
    Ok(nodes.iter().any(|n| n.name == "evenAndOddHeaders" && n.is_on()))
}

/// The kinds of header that some section shows, in the order of the standard.
fn shown(section: &Section, evens: bool) -> impl Iterator<Item = &'static str> {
    [("even", evens), ("default", true), ("first", section.shows_first)]
        .into_iter()
        .filter(|(_, is_shown)| *is_shown)
        .map(|(kind, _)| kind)
}

/// The kinds of header that a section shows without having one, its own or one handed down.
fn missing(sections: &[Section], evens: bool) -> BTreeMap<&'static str, BTreeSet<usize>> {
    let (mut known, mut missing): (BTreeSet<&str>, BTreeMap<_, BTreeSet<_>>) = (BTreeSet::new(), BTreeMap::new());
    for (number, section) in sections.iter().enumerate() {
        known.extend(section.own.keys().map(String::as_str));
        for kind in shown(section, evens).filter(|kind| !known.contains(kind)) {
            missing.entry(kind).or_default().insert(number);
        }
    }
    missing
}

/// Makes the headers that are missing; the first section has them, and hands them down.
fn add(
    parts: &mut Parts<'_>,
    text: &str,
    nodes: &[Node],
    sections: &[Section],
    missing: &BTreeMap<&'static str, BTreeSet<usize>>,
    runs: &Runs<'_>,
    number: u32,
) -> Result<String, ReadError> {
    let (Some(first), Some(root)) = (sections.first(), nodes.first()) else { return Ok(text.to_owned()) };
    let Some(place) = nodes.get(first.place) else { return Ok(text.to_owned()) };
    let (dialect, mut draft) = (Dialect::of(&root.namespace), Draft::new(text));
    let mut record = make_way(&mut draft, text, nodes, sections, missing);
    let (folder, mut references) = (parts.main.rsplit_once('/').map(|(f, _)| format!("{f}/")), String::new());
    for (kind, number) in missing.keys().zip((number..).step_by(2)) {
        let name = parts.free_name(&format!("{}kakuzuke.header", folder.as_deref().unwrap_or_default()), ".xml")?;
        let body = shape::header(&runs.write(number, dialect), &header::record(&std::mem::take(&mut record)), dialect);
        parts.add(&New::xml(&name, HEADER, &body))?;
        let id = parts.relate(&parts.main.clone(), "header", &name)?;
        references.push_str(&format!(
            "<w:headerReference xmlns:w=\"{}\" xmlns:r=\"{}\" w:type=\"{kind}\" r:id=\"{id}\"/>",
            dialect.word(),
            dialect.relationships()
        ));
    }
    if !references.is_empty() {
        draft.first(place, &references);
    }
    draft.finish()
}

/// Lowers the distance of headers where all that a section shows are ours, and would not fit above the body; gives what
/// was changed, to be undone.
fn make_way(
    draft: &mut Draft<'_>,
    text: &str,
    nodes: &[Node],
    sections: &[Section],
    missing: &BTreeMap<&'static str, BTreeSet<usize>>,
) -> String {
    let mut record = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        let is_missing = |kind: &str| missing.get(kind).is_some_and(|sections| sections.contains(&number));
        let is_ours = is_missing("default")
            && (!section.shows_first || is_missing("first"))
            && (!missing.contains_key("even") || is_missing("even"));
        let Some(margins) = margins(nodes, section.place).filter(|_| is_ours) else { continue };
        let number_of = |name: &str| margins.get(name).and_then(|v| v.parse::<i64>().ok());
        let Some((top, distance)) = number_of("top").zip(number_of("header")) else { continue };
        let mut change = |attribute: &'static str, from: i64, to: i64| {
            if from != to {
                set(draft, text, margins, attribute, to);
                record.push(Moved { section: number, attribute, from, to }.written());
            }
        };
        // Below zero it says that the body stays there whatever the header needs; ours needs nothing.
        change("top", top, top.saturating_abs());
        change("header", distance, distance.min(top.saturating_abs().saturating_sub(ROOM)).max(0));
    }
    record.join(";")
}
