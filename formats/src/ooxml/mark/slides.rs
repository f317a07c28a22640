//! Presentations: the marking as shapes of every slide, so that it shows whatever a layout hides; and of the masters of
//! notes and handouts, for paper.

use std::collections::BTreeSet;

use super::parts::Parts;
use super::tree::{self, Draft, Node, above, children};
use super::{Dialect, Found, TAG, measure};
use crate::error::ReadError;
use crate::limits;
use crate::marking::{Marked, Marking};
use crate::xml::escape;

/// The name of the shape across the slide.
const ACROSS: &str = "kakuzuke.marking.watermark";
/// Sides of slides and notes in points, where the presentation does not say them.
const SLIDE: (f64, f64) = (720.0, 540.0);
const NOTES: (f64, f64) = (540.0, 720.0);

/// A page of a presentation.
struct Page {
    part: String,
    size: (f64, f64),
    is_slide: bool,
}

/// Slides, hidden ones too, and the masters of what is printed.
fn pages(parts: &Parts<'_>) -> Result<Vec<Page>, ReadError> {
    let text = parts.text(&parts.main)?.ok_or(ReadError::Damaged("a presentation without its main part"))?;
    let sizes = tree::nodes(&text, &|_, name| matches!(name, "presentation" | "sldSz" | "notesSz"))?;
    let slide = size(&sizes, "sldSz").unwrap_or(SLIDE);
    let notes = size(&sizes, "notesSz").unwrap_or(NOTES);
    let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
    for link in parts.links(&parts.main)? {
        let is_slide = link.kind == "slide";
        if (is_slide || matches!(link.kind.as_str(), "notesMaster" | "handoutMaster"))
            && seen.insert(link.target.clone())
        {
            if pages.len() as u64 >= limits::MARKED_PLACES {
                return Err(ReadError::Limit("places of a marking"));
            }
            pages.push(Page { part: link.target, size: if is_slide { slide } else { notes }, is_slide });
        }
    }
    Ok(pages)
}

fn size(nodes: &[Node], name: &str) -> Option<(f64, f64)> {
    let node = nodes.iter().find(|n| n.name == name)?;
    let side = |name| node.get(name).and_then(|v| v.parse::<f64>().ok()).map(|v| v / measure::EMU);
    side("cx").zip(side("cy")).filter(|(x, y)| (36.0..=5000.0).contains(x) && (36.0..=5000.0).contains(y))
}

/// What matters of a slide: its tree, the shapes in it, what they are called and what they say.
fn nodes(text: &str) -> Result<Vec<Node>, ReadError> {
    tree::nodes(text, &|depth, name| depth <= 3 || matches!(name, "sp" | "cNvPr" | "t"))
}

/// The shapes of ours in a slide, with what they are called.
fn ours(nodes: &[Node]) -> Vec<(usize, &str)> {
    let named = nodes.iter().enumerate().filter(|(_, n)| n.name == "cNvPr");
    named
        .filter_map(|(place, n)| Some((place, n.get("name").filter(|name| name.starts_with(TAG))?)))
        .filter_map(|(place, name)| Some((above(nodes, place).find(|(_, n)| n.name == "sp")?.0, name)))
        .collect()
}

/// What of ours the slides say.
pub(super) fn read(parts: &Parts<'_>) -> Result<Found, ReadError> {
    let mut found = Found::default();
    for page in pages(parts)? {
        let Some(text) = parts.text(&page.part)? else { continue };
        let nodes = nodes(&text)?;
        for (shape, name) in ours(&nodes).into_iter().take(16) {
            let is_in = |place: usize| above(&nodes, place).any(|(around, _)| around == shape);
            let texts = nodes.iter().enumerate().filter(|(place, n)| n.name == "t" && is_in(*place));
            let words = Some(texts.map(|(_, n)| n.text.as_str()).collect::<String>()).filter(|w| !w.is_empty());
            if name.starts_with(ACROSS) {
                found.add(Found { line: None, watermark: words });
            } else {
                found.add(Found { line: words, watermark: None });
            }
        }
        // What one slide shows, all do.
        if found.line.is_some() {
            break;
        }
    }
    Ok(found)
}

/// Takes ours out; the answer is off how many slides.
pub(super) fn take(parts: &mut Parts<'_>) -> Result<u64, ReadError> {
    let mut places = 0;
    for page in pages(parts)? {
        let Some(text) = parts.text(&page.part)? else { continue };
        let nodes = nodes(&text)?;
        let gone: Vec<usize> = ours(&nodes).into_iter().map(|(shape, _)| shape).collect();
        if gone.is_empty() {
            continue;
        }
        let mut draft = Draft::new(&text);
        draft.cut(&nodes, gone);
        let text = draft.finish()?;
        parts.put(&page.part, &text)?;
        places += u64::from(page.is_slide);
    }
    Ok(places)
}

/// Puts ours on every slide.
pub(super) fn put(parts: &mut Parts<'_>, marking: &Marking) -> Result<Marked, ReadError> {
    let mut marked = Marked::default();
    for page in pages(parts)? {
        let Some(text) = parts.text(&page.part)? else { continue };
        let text = with(&text, marking, page.size)?;
        parts.put(&page.part, &text)?;
        marked.places += u64::from(page.is_slide);
    }
    Ok(marked)
}

fn with(text: &str, marking: &Marking, size: (f64, f64)) -> Result<String, ReadError> {
    const NO_TREE: ReadError = ReadError::Damaged("a slide without a tree of shapes");
    let all = nodes(text)?;
    let root = all.first().ok_or(NO_TREE)?;
    let (tree, node) = all.iter().enumerate().find(|(_, n)| n.name == "spTree").ok_or(NO_TREE)?;
    let taken: BTreeSet<&str> = all.iter().filter(|n| n.name == "cNvPr").filter_map(|n| n.get("id")).collect();
    let mut free = (90_001..).map(|id: u32| id.to_string()).filter(|id| !taken.contains(id.as_str()));
    let (id, other) = (free.next().unwrap_or_default(), free.next().unwrap_or_default());
    let dialect = Dialect::of(&root.namespace);
    let mut draft = Draft::new(text);
    let line = line(marking.line(), size, &id, dialect);
    let extensions = children(&all, tree).find(|(_, n)| n.name == "extLst").map(|(_, n)| n.span.start);
    let back = marking.watermark().map(|words| watermark(words, size, &other, dialect)).unwrap_or_default();
    let head = children(&all, tree).filter(|(_, n)| matches!(n.name.as_str(), "nvGrpSpPr" | "grpSpPr")).last();
    match (head, extensions) {
        (Some((_, head)), Some(end)) => {
            draft.insert(head.span.end, back);
            draft.insert(end, line);
        }
        (Some((_, head)), None) => {
            draft.insert(head.span.end, back);
            draft.last(node, &line);
        }
        (None, _) => draft.first(node, &(back + &line)),
    }
    draft.finish()
}

/// A shape of words.
struct Shape<'s> {
    id: &'s str,
    name: &'s str,
    /// `x`, `y`, width and height in points; and how it is turned, in 60,000ths of a degree.
    place: [f64; 4],
    turned: u32,
    /// The size of its letters in points.
    size: f64,
    /// How its text is set.
    body: &'s str,
    align: &'s str,
    /// The colour of its letters, and what lies behind them.
    fill: &'s str,
    ground: &'s str,
    words: &'s str,
}

impl Shape<'_> {
    fn write(&self, dialect: Dialect) -> String {
        let [x, y, width, height] = self.place.map(|side| (side * measure::EMU) as i64);
        let turned = if self.turned == 0 { String::new() } else { format!(" rot=\"{}\"", self.turned) };
        let size = (self.size * 100.0) as u32;
        format!(
            "<p:sp xmlns:p=\"{p}\" xmlns:a=\"{a}\"><p:nvSpPr><p:cNvPr id=\"{}\" name=\"{}\"/><p:cNvSpPr txBox=\"1\"/>\
             <p:nvPr/></p:nvSpPr><p:spPr><a:xfrm{turned}><a:off x=\"{x}\" y=\"{y}\"/>\
             <a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{}\
             <a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr {}><a:noAutofit/></a:bodyPr><a:lstStyle/><a:p>\
             <a:pPr marL=\"0\" indent=\"0\" algn=\"{}\"><a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc><a:spcBef>\
             <a:spcPts val=\"0\"/></a:spcBef><a:spcAft><a:spcPts val=\"0\"/></a:spcAft><a:buNone/></a:pPr><a:r>\
             <a:rPr lang=\"ja-JP\" altLang=\"en-US\" sz=\"{size}\" b=\"0\" i=\"0\" u=\"none\" dirty=\"0\">{}\
             <a:latin typeface=\"MS Gothic\"/><a:ea typeface=\"ＭＳ ゴシック\"/><a:cs typeface=\"MS Gothic\"/></a:rPr>\
             <a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>",
            self.id,
            self.name,
            self.ground,
            self.body,
            self.align,
            self.fill,
            escape(self.words),
            p = dialect.slides(),
            a = dialect.drawing(),
        )
    }
}

/// The line at the top right, its letters in keeping with the slide.
fn line(words: &str, (width, height): (f64, f64), id: &str, dialect: Dialect) -> String {
    let size = (width.min(height) / 540.0 * 12.0).clamp(7.0, 40.0);
    let fit = measure::line(words, width, &[size, size * 0.8, size * 0.65]);
    let inset = (measure::RIGHT / 2.0 * measure::EMU) as u32;
    let place =
        [width - fit.width + measure::RIGHT / 2.0, fit.size * 0.3, fit.width - measure::RIGHT / 2.0, fit.height];
    let body = format!("wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"{inset}\" bIns=\"0\" rtlCol=\"0\" anchor=\"t\"");
    let fill = "<a:solidFill><a:srgbClr val=\"000000\"/></a:solidFill>";
    // Titles often stand on a dark band.
    let ground = "<a:solidFill><a:srgbClr val=\"FFFFFF\"><a:alpha val=\"80000\"/></a:srgbClr></a:solidFill>";
    let size = fit.size;
    let shape = Shape { id, name: TAG, place, turned: 0, size, body: &body, align: "r", fill, ground, words };
    shape.write(dialect)
}

/// The words across the slide, behind everything on it.
fn watermark(words: &str, (width, height): (f64, f64), id: &str, dialect: Dialect) -> String {
    let (long, high) = measure::across(words, width, height);
    let (long, high, size) = (long * 1.1, high * 1.4, high * 0.9);
    let place = [(width - long) / 2.0, (height - high) / 2.0, long, high];
    let body = "wrap=\"none\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" rtlCol=\"0\" anchor=\"ctr\"";
    let fill = "<a:solidFill><a:srgbClr val=\"A6A6A6\"><a:alpha val=\"40000\"/></a:srgbClr></a:solidFill>";
    let ground = "<a:noFill/>";
    let shape = Shape { id, name: ACROSS, place, turned: 18_900_000, size, body, align: "ctr", fill, ground, words };
    shape.write(dialect)
}
