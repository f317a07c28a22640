//! One header of a Word document: ours put into a paragraph that is there, so that nothing moves, and taken out again.

use std::collections::BTreeSet;

use super::tree::{self, Draft, Node, above, children};
use super::{Dialect, Found, TAG, shape, word};
use crate::error::ReadError;

/// Every element of a header.
fn nodes(text: &str) -> Result<Vec<Node>, ReadError> {
    tree::nodes(text, &|_, _| true)
}

/// What bears our name, by its place.
fn named(nodes: &[Node]) -> impl Iterator<Item = (usize, &str)> {
    nodes.iter().enumerate().filter_map(|(place, node)| {
        let name = match node.name.as_str() {
            "docPr" => node.get("name"),
            "shape" | "rect" | "roundrect" => node.written("id").or_else(|| node.get("ID")),
            _ => None,
        };
        Some((place, name?)).filter(|(_, name)| name.contains(TAG))
    })
}

/// The drawing or picture around a shape.
fn drawing(nodes: &[Node], shape: usize) -> Option<usize> {
    above(nodes, shape).find(|(_, n)| matches!(n.name.as_str(), "drawing" | "pict")).map(|(place, _)| place)
}

/// All that goes with a shape of ours, without the run it stands in.
fn whole(nodes: &[Node], shape: usize) -> Option<usize> {
    let place = drawing(nodes, shape)?;
    let mut around = above(nodes, place);
    match (around.next(), around.next()) {
        (Some((_, choice)), Some((alternatives, all)))
            if matches!(choice.name.as_str(), "Choice" | "Fallback") && all.name == "AlternateContent" =>
        {
            Some(alternatives)
        }
        _ => Some(place),
    }
}

/// Everything of ours: whole runs, where they hold nothing else.
fn gone(nodes: &[Node]) -> BTreeSet<usize> {
    let mut gone: BTreeSet<usize> = named(nodes).filter_map(|(shape, _)| whole(nodes, shape)).collect();
    let is_run = |place: usize| nodes.get(place).is_some_and(|n| n.name == "r");
    let runs: BTreeSet<usize> =
        gone.iter().filter_map(|place| nodes.get(*place)?.parent).filter(|run| is_run(*run)).collect();
    let is_ours = |run: &usize| children(nodes, *run).all(|(place, n)| n.name == "rPr" || gone.contains(&place));
    let runs: Vec<usize> = runs.into_iter().filter(is_ours).collect();
    gone.extend(runs);
    gone
}

/// A header without ours.
pub(super) struct Taken {
    pub text: String,
    /// Whether nothing is left but the paragraph that was made for ours.
    pub is_hollow: bool,
    /// What was written down when it was made.
    pub record: Option<String>,
}

/// The header without ours; `None` when there was nothing of ours.
pub(super) fn take(text: &str) -> Result<Option<Taken>, ReadError> {
    let all = nodes(text)?;
    let gone = gone(&all);
    if gone.is_empty() {
        return Ok(None);
    }
    let mut draft = Draft::new(text);
    draft.cut(&all, gone);
    let left = draft.finish()?;
    let all = nodes(&left)?;
    let is_hollow = is_hollow(&all);
    // A paragraph of ours in a header of theirs that had none.
    if let Some((paragraph, _)) = children(&all, 0).find(|(_, n)| is_hollow && n.name == "p" && n.declares()) {
        let mut draft = Draft::new(&left);
        draft.cut(&all, [paragraph]);
        return Ok(Some(Taken { text: draft.finish()?, is_hollow: false, record: None }));
    }
    Ok(Some(Taken { is_hollow, record: record_in(&left), text: left }))
}

fn is_hollow(nodes: &[Node]) -> bool {
    let mut below = children(nodes, 0);
    let (Some((paragraph, node)), None) = (below.next(), below.next()) else { return false };
    let mut inside = children(nodes, paragraph);
    let (Some((properties, first)), None) = (inside.next(), inside.next()) else { return false };
    node.name == "p"
        && first.name == "pPr"
        && children(nodes, properties).any(|(_, n)| {
            n.name == "spacing" && n.get("line") == Some(shape::LINE_HEIGHT) && n.get("lineRule") == Some("exact")
        })
}

/// Written as a remark in a header of ours.
pub(super) fn record(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("<!--{TAG} {words}-->") }
}

/// Whether a remark of XML, with its brackets, is such a record and bears nothing else.
pub(crate) fn is_record(remark: &str) -> bool {
    let words = remark.strip_prefix("<!--").and_then(|r| r.strip_suffix("-->")?.strip_prefix(TAG)?.strip_prefix(' '));
    words.is_some_and(word::is_record)
}

fn record_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<!--{TAG} "))?;
    rest.split_once("-->").map(|(words, _)| words.to_owned())
}

/// The header with our runs, which `make` writes in the header's own namespaces.
pub(super) fn put(text: &str, make: &dyn Fn(Dialect) -> String) -> Result<String, ReadError> {
    let all = nodes(text)?;
    let root = all.first().ok_or(ReadError::Damaged("an empty header"))?;
    let runs = make(Dialect::of(&root.namespace));
    let mut draft = Draft::new(text);
    let places = all.iter().enumerate().filter_map(|(place, _)| Some((rank(&all, place)?, place)));
    let Some((_, paragraph)) = places.min() else {
        let w = Dialect::of(&root.namespace).word();
        let hollow = shape::hollow(&runs).replacen("<w:p>", &format!("<w:p xmlns:w=\"{w}\">"), 1);
        draft.last(root, &hollow);
        return draft.finish();
    };
    let properties = children(&all, paragraph).find(|(_, n)| n.name == "pPr");
    match (properties, all.get(paragraph)) {
        (Some((_, properties)), _) => draft.insert(properties.span.end, runs),
        (None, Some(paragraph)) => draft.first(paragraph, &runs),
        (None, None) => {}
    }
    draft.finish()
}

/// How well a paragraph of a header is fit to hold ours: best one that stands in the header itself.
fn rank(nodes: &[Node], place: usize) -> Option<u8> {
    if nodes.get(place)?.name != "p" {
        return None;
    }
    let mut rank = 0;
    for (_, node) in above(nodes, place) {
        match node.name.as_str() {
            "hdr" => {}
            "sdt" | "sdtContent" | "customXml" | "smartTag" => rank = rank.max(1),
            "tbl" | "tr" | "tc" => rank = rank.max(2),
            _ => return None,
        }
    }
    let is_framed = children(nodes, place)
        .filter(|(_, n)| n.name == "pPr")
        .any(|(properties, _)| children(nodes, properties).any(|(_, n)| n.name == "framePr"));
    Some(if is_framed { 3 } else { rank })
}

/// What a header says of ours.
pub(super) fn read(text: &str) -> Result<Found, ReadError> {
    let all = nodes(text)?;
    let mut found = Found::default();
    // A header has one of each; what somebody piled up there is not gone through.
    for (shape, name) in named(&all).take(16) {
        let node = all.get(shape);
        let strings = || children(&all, shape).filter(|(_, n)| n.name == "textpath").find_map(|(_, n)| n.get("string"));
        let is_watermark = name.contains("WaterMark");
        let words = match node.map(|n| n.name.as_str()) {
            Some("docPr") => drawing(&all, shape).map(|drawing| written(&all, drawing)),
            _ if is_watermark => strings().map(str::to_owned),
            _ => None,
        };
        let words = words.filter(|words| !words.is_empty());
        if is_watermark {
            found.add(Found { line: None, watermark: words });
        } else {
            found.add(Found { line: words, watermark: None });
        }
    }
    Ok(found)
}

/// The text in a drawing.
fn written(nodes: &[Node], drawing: usize) -> String {
    let is_in = |place: usize| above(nodes, place).any(|(around, _)| around == drawing);
    let texts = nodes.iter().enumerate().filter(|(place, n)| n.name == "t" && is_in(*place));
    texts.map(|(_, n)| n.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_that_says_anything_else_is_no_record() {
        assert!(is_record(&record("0 top -720 720;12 header 720 0")));
        let others = [
            "0 top -720 720;秘密",
            "0 top -0720 720",
            "0 top 720 720 ",
            "0 foot 1 2",
            "0 top 9000000 1",
            "",
            "0 top 1",
        ];
        for words in others {
            assert!(!is_record(&format!("<!--{TAG} {words}-->")), "{words}");
        }
        assert!(!is_record("<!--0 top -720 720-->"));
    }
}
