//! Workbooks: the marking in the header of every sheet and of every view of it that somebody saved. A header is the one
//! thing that shows on each printed page and changes neither a cell nor the layout.

use std::collections::{BTreeSet, HashMap};

use kakuzuke_core::code::Text;

use super::backdrop::{self, Backdrop, Hung};
use super::parts::Parts;
use super::tree::{self, Draft, Node, children};
use super::{Dialect, Found, TAG, margin};
use crate::error::ReadError;
use crate::limits;
use crate::marking::{Marked, Marking};

/// Headers and footers in their order (ISO/IEC 29500-1, 18.3.1.46), and what must be on for them to be shown.
const MARGINS: [(&str, &str); 6] = [
    ("oddHeader", ""),
    ("oddFooter", ""),
    ("evenHeader", "differentOddEven"),
    ("evenFooter", "differentOddEven"),
    ("firstHeader", "differentFirst"),
    ("firstFooter", "differentFirst"),
];
/// What stands before the headers in a sheet (18.3.1.99, 18.3.1.12, 18.3.1.34) and in a view of one (18.3.1.25).
const BEFORE: [&str; 27] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "pane",
    "selection",
    "rowBreaks",
    "colBreaks",
    "pageSetupPr",
];
/// What one line needs above the cells, in inches; programs cut off what has less.
const ROOM: f64 = 0.2;

/// A sheet of the book.
struct Sheet {
    name: String,
    part: String,
}

fn sheets(parts: &Parts<'_>) -> Result<Vec<Sheet>, ReadError> {
    let text = parts.text(&parts.main)?.ok_or(ReadError::Damaged("a workbook without its main part"))?;
    let links: HashMap<String, String> = parts.links(&parts.main)?.into_iter().map(|l| (l.id, l.target)).collect();
    let (mut sheets, mut seen) = (Vec::new(), BTreeSet::new());
    for node in tree::nodes(&text, &|_, name| name == "sheet")?.iter() {
        let Some(part) = node.relation().and_then(|id| links.get(id)) else { continue };
        if sheets.len() as u64 >= limits::MARKED_PLACES {
            return Err(ReadError::Limit("places of a marking"));
        }
        if seen.insert(part) {
            sheets.push(Sheet { name: node.get("name").unwrap_or_default().to_owned(), part: part.clone() });
        }
    }
    Ok(sheets)
}

fn nodes(text: &str) -> Result<Vec<Node>, ReadError> {
    tree::nodes(text, &|depth, name| match depth {
        0 | 1 => true,
        2 => name == "customSheetView" || name == "headerFooter" || is_margin(name),
        3 => BEFORE.contains(&name) || name == "headerFooter",
        4 => is_margin(name),
        _ => false,
    })
}

fn is_margin(name: &str) -> bool {
    MARGINS.iter().any(|(margin, _)| *margin == name)
}

/// What has headers of its own: the sheet, and the views of it that somebody saved.
fn owners(nodes: &[Node]) -> impl Iterator<Item = (usize, &Node)> {
    nodes.iter().enumerate().filter(|(place, n)| *place == 0 || n.name == "customSheetView")
}

fn child<'n>(nodes: &'n [Node], parent: usize, name: &str) -> Option<(usize, &'n Node)> {
    children(nodes, parent).find(|(_, n)| n.name == name)
}

/// What a header says, as XML has it; `None` when that is beyond all measure, and left alone.
fn raw<'t>(text: &'t str, node: &Node) -> Option<&'t str> {
    let inner = node.end_tag.and_then(|end| text.get(node.inner..end)).unwrap_or_default();
    (inner.len() <= limits::MARKED_TEXT).then_some(inner)
}

/// What of ours the sheets say.
pub(super) fn read(parts: &Parts<'_>) -> Result<Found, ReadError> {
    let mut found = Found::default();
    for sheet in sheets(parts)? {
        let Some(text) = parts.text(&sheet.part)? else { continue };
        let nodes = nodes(&text)?;
        let mut margins = nodes.iter().filter(|n| is_margin(&n.name));
        let line = margins.find_map(|n| margin::take(raw(&text, n)?)).map(|ours| ours.line);
        found.add(Found { line, watermark: None });
        for (_, _, part) in backdrop::ours(parts, &sheet.part, &nodes)? {
            found.add(Found { line: None, watermark: backdrop::words(parts, &part)? });
        }
        // What one sheet shows, all do.
        if found.line.is_some() {
            break;
        }
    }
    found.line = found.line.filter(|line| !line.is_empty());
    Ok(found)
}

/// Takes ours out; the answer is off how many sheets.
pub(super) fn take(parts: &mut Parts<'_>) -> Result<u64, ReadError> {
    // Sheets share the picture: it goes when none of them leads to it any more.
    let (mut places, mut pictures) = (0, Vec::new());
    for sheet in sheets(parts)? {
        let Some(text) = parts.text(&sheet.part)? else { continue };
        let all = nodes(&text)?;
        let hooks = backdrop::ours(parts, &sheet.part, &all)?;
        let cut: Vec<usize> = hooks.iter().map(|(place, ..)| *place).collect();
        let Some(text) = without(&text, &all, &cut)? else { continue };
        pictures.extend(hooks.into_iter().map(|(_, id, part)| (sheet.part.clone(), id, part)));
        parts.put(&sheet.part, &text)?;
        places += 1;
    }
    let mut going: BTreeSet<String> = pictures.iter().map(|(_, _, part)| part.clone()).collect();
    // To the picture behind a sheet of a chart only the drawing leads.
    let mut led = BTreeSet::new();
    for part in &going {
        led.extend(parts.links(part)?.into_iter().map(|link| link.target).filter(|target| target.contains(TAG)));
    }
    going.append(&mut led);
    for (sheet, id, _) in pictures {
        parts.remove(&sheet, &BTreeSet::from([id]), &std::mem::take(&mut going))?;
    }
    Ok(places)
}

/// The sheet without ours; `None` when it has none.
fn without(text: &str, all: &[Node], hooks: &[usize]) -> Result<Option<String>, ReadError> {
    let (mut draft, mut is_changed) = (Draft::new(text), !hooks.is_empty());
    draft.cut(all, hooks.iter().copied());
    for (owner, _) in owners(all) {
        let Some((place, headers)) = child(all, owner, "headerFooter") else { continue };
        let (mut gone, mut stay) = (Vec::new(), 0);
        for (number, node) in children(all, place) {
            let Some(ours) = raw(text, node).and_then(margin::take) else {
                stay += 1;
                continue;
            };
            is_changed = true;
            if let Some(record) = &ours.record {
                give_back(&mut draft, text, all, owner, record);
            }
            if ours.rest.is_empty() && (node.declares() || headers.declares()) {
                gone.push(number);
            } else {
                stay += 1;
                draft.replace(node.inner..node.end_tag.unwrap_or(node.inner), ours.rest);
            }
        }
        if stay == 0 && headers.declares() && !gone.is_empty() {
            gone = vec![place];
        }
        draft.cut(all, gone);
    }
    is_changed.then(|| draft.finish()).transpose()
}

/// The size of a line that the header of a sheet has no room for.
fn fill(margins: Option<&Node>) -> u32 {
    let number = |name| margins.and_then(|m| m.get(name)?.parse::<f64>().ok()).filter(|n| (0.0..=5.0).contains(n));
    let room = number("top").zip(number("header")).map(|(top, header)| (top - header).max(0.0) * 72.0);
    room.map_or(margin::FILL_SIZE, |room| (room as u32 + 2).max(20))
}

/// The distance of the header, and that which leaves room for ours.
fn distance(margins: &Node) -> Option<(&str, String)> {
    let header = margins.get("header")?;
    let number = |name| margins.get(name).and_then(|v| v.parse::<f64>().ok()).filter(|n| (0.0..=100.0).contains(n));
    let (top, now) = number("top").zip(number("header"))?;
    let room = (top - ROOM).max(0.0);
    (now > room).then(|| (header, format!("{room:.4}")))
}

/// Puts the header's distance back to what it was.
fn give_back(draft: &mut Draft<'_>, text: &str, nodes: &[Node], owner: usize, record: &str) {
    let Some((_, margins)) = child(nodes, owner, "pageMargins") else { return };
    let top = margins.get("top").and_then(|v| v.parse::<f64>().ok()).unwrap_or(0.0);
    let ours = format!("{:.4}", (top - ROOM).max(0.0));
    if record.parse::<f64>().is_ok() && margins.get("header") == Some(ours.as_str()) {
        set(draft, text, margins, record);
    }
}

/// Writes another distance of the header.
fn set(draft: &mut Draft<'_>, text: &str, margins: &Node, to: &str) {
    let tag = text.get(margins.span.start..margins.inner).unwrap_or_default();
    for begin in [" header=\"", " header='"] {
        let Some(before) = tag.find(begin) else { continue };
        let from = before + begin.len();
        let quote = if begin.ends_with('"') { '"' } else { '\'' };
        let Some(length) = tag.get(from..).and_then(|rest| rest.find(quote)) else { continue };
        let at = margins.span.start + from;
        draft.replace(at..at + length, to.to_owned());
        return;
    }
}

/// Puts ours on every sheet.
pub(super) fn put(parts: &mut Parts<'_>, marking: &Marking) -> Result<Marked, ReadError> {
    let mut marked = Marked::default();
    let backdrop = match marking.watermark() {
        Some(words) => Backdrop::add(parts, words)?,
        None => None,
    };
    if marking.watermark().is_some() && backdrop.as_ref().is_none_or(|b| !b.is_whole) {
        marked.notes.push(Text::fixed(
            "透かしの文字の一部は、内蔵フォントにないため〓で表示しました。",
            "Some characters of the watermark are shown as 〓, as the built-in font lacks them.",
        ));
    }
    for sheet in sheets(parts)? {
        let Some(text) = parts.text(&sheet.part)? else { continue };
        let all = nodes(&text)?;
        let mut draft = Draft::new(&text);
        let (hung, hooks) = match &backdrop {
            Some(backdrop) => backdrop::hang(parts, backdrop, &sheet.part, &all)?,
            None => Default::default(),
        };
        let (outcome, has_picture) = head(&mut draft, &text, &all, marking.line(), hung.in_headers);
        hooks.write(&mut draft, &all);
        let text = draft.finish()?;
        parts.put(&sheet.part, &text)?;
        marked.places += u64::from(outcome != Outcome::Lacking);
        marked.notes.extend(outcome.note(&sheet.name));
        if backdrop.is_some() {
            marked.notes.extend(Hung { in_headers: has_picture, ..hung }.note(&sheet.name));
        }
    }
    Ok(marked)
}

/// How a sheet came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Shown,
    /// At the foot, because the head has no room.
    Foot,
    Lacking,
}

impl Outcome {
    fn note(self, sheet: &str) -> Option<Text> {
        match self {
            Self::Shown => None,
            Self::Foot => Some(Text::new(
                format!(
                    "シート「{sheet}」：ヘッダーに入りきらないため、フッターに表示しました（Excelの上限は255文字）。"
                ),
                format!(
                    "Sheet \"{sheet}\": shown in the footer, as the header has no room (Excel allows 255 characters)."
                ),
            )),
            Self::Lacking => Some(Text::new(
                format!(
                    "シート「{sheet}」：ヘッダーにもフッターにも入りきらないため、表示できません（Excelの上限は255文字）。"
                ),
                format!(
                    "Sheet \"{sheet}\": not shown, as neither header nor footer has room (Excel allows 255 characters)."
                ),
            )),
        }
    }
}

/// Puts ours in every header that is shown; tells how that came out, and whether each of the sheet's own headers has the
/// picture, where it was asked for.
fn head(draft: &mut Draft<'_>, text: &str, all: &[Node], line: &str, with_picture: bool) -> (Outcome, bool) {
    let (mut outcome, mut has_picture) = (Outcome::Shown, with_picture);
    let space = Dialect::of(all.first().map_or("", |root| root.namespace.as_str())).sheets();
    for (owner, node) in owners(all) {
        let place = child(all, owner, "headerFooter");
        let is_shown = |switch: &str| {
            switch.is_empty() || place.is_some_and(|(_, n)| n.get(switch).is_some_and(crate::text::is_on))
        };
        let shown: Vec<(usize, &str)> =
            (0..).zip(MARGINS).filter(|(n, m)| n % 2 == 0 && is_shown(m.1)).map(|(n, m)| (n, m.0)).collect();
        let now = |name: &str| match place.and_then(|(place, _)| child(all, place, name)) {
            Some((_, node)) => raw(text, node),
            None => Some(""),
        };
        let margins = child(all, owner, "pageMargins").map(|(_, n)| n);
        let is_blank = shown.iter().all(|(_, name)| now(name).is_some_and(margin::is_blank));
        let (fill, mut record) = (is_blank.then(|| fill(margins)), String::new());
        if is_blank
            && let Some(margins) = margins
            && let Some((before, after)) = distance(margins)
        {
            before.clone_into(&mut record);
            set(draft, text, margins, &after);
        }
        let mut added = Vec::new();
        for (number, name) in shown {
            let foot = MARGINS.get(number + 1).map_or("", |m| m.0);
            let record = std::mem::take(&mut record);
            // The line comes first; a picture only where the centre is still free.
            let lined = now(name).and_then(|before| margin::put(before, line, fill, &record));
            let both = lined.as_deref().filter(|_| with_picture && owner == 0).and_then(margin::put_picture);
            has_picture &= owner != 0 || both.is_some();
            let head = both.or(lined).map(|put| (number, name, put));
            let put = head.or_else(|| Some((number + 1, foot, margin::put(now(foot)?, line, None, "")?)));
            outcome = outcome.max(match &put {
                Some((at, ..)) if *at == number => Outcome::Shown,
                Some(_) => Outcome::Foot,
                None => Outcome::Lacking,
            });
            added.extend(put);
        }
        write(draft, all, (owner, node), &added, space);
    }
    (outcome, has_picture)
}

/// Writes headers and footers (their place in the order, their name and what they say) into a sheet or view.
fn write(
    draft: &mut Draft<'_>,
    nodes: &[Node],
    (owner, node): (usize, &Node),
    added: &[(usize, &str, String)],
    space: &str,
) {
    let Some((place, headers)) = child(nodes, owner, "headerFooter") else {
        let inner: String = added.iter().map(|(_, name, raw)| format!("<{name}>{raw}</{name}>")).collect();
        let element = format!("<headerFooter xmlns=\"{space}\">{inner}</headerFooter>");
        let before = children(nodes, owner).filter(|(_, n)| BEFORE.contains(&n.name.as_str())).last();
        match before.filter(|_| !added.is_empty()) {
            Some((_, before)) => draft.insert(before.span.end, element),
            None if added.is_empty() => {}
            None => draft.first(node, &element),
        }
        return;
    };
    let mut missing = Vec::new();
    for (number, name, raw) in added {
        match child(nodes, place, name) {
            Some((_, there)) if there.end_tag.is_some() => {
                draft.replace(there.inner..there.end_tag.unwrap_or(there.inner), raw.clone());
            }
            Some((_, there)) => draft.first(there, raw),
            None => missing.push((number, format!("<{name} xmlns=\"{space}\">{raw}</{name}>"))),
        }
    }
    if headers.end_tag.is_none() {
        let all: String = missing.into_iter().map(|(_, element)| element).collect();
        if !all.is_empty() {
            draft.first(headers, &all);
        }
        return;
    }
    for (number, element) in missing {
        let is_before = |n: &Node| MARGINS.iter().take(*number).any(|(margin, _)| *margin == n.name);
        let before = children(nodes, place).filter(|(_, n)| is_before(n)).last();
        draft.insert(before.map_or(headers.inner, |(_, n)| n.span.end), element);
    }
}
