//! Layers that are not shown (ISO 32000-2, 8.11): what is drawn on them goes out of pages and forms, on request.

use std::collections::{BTreeMap, BTreeSet};

use super::content;
use super::graph::{Data, Graph, Node};
use super::name;
use crate::error::ReadError;
use crate::limits;
use crate::pdf::document::{Document, Stream};
use crate::pdf::object::{Dict, Object, Reference};

/// The layers that are not shown, by the numbers of their groups.
pub(super) struct Layers(BTreeSet<u32>);

impl Layers {
    /// Those that the document does not show when it is opened (8.11.4.3).
    pub fn hidden(file: &Document<'_>, graph: &Graph) -> Self {
        let mut off = BTreeSet::new();
        let Object::Dict(catalog) = graph.value(&file.trailer, "Root") else { return Self(off) };
        let Object::Dict(properties) = graph.value(catalog, "OCProperties") else { return Self(off) };
        let Object::Dict(usual) = graph.value(properties, "D") else { return Self(off) };
        let numbers = |dict: &Dict, key: &str| -> Vec<u32> {
            let items = graph.value(dict, key).as_array().unwrap_or_default();
            items.iter().filter_map(Object::as_reference).map(|r| r.number).collect()
        };
        if name(usual, "BaseState") == Some("OFF") {
            off.extend(numbers(properties, "OCGs"));
            for shown in numbers(usual, "ON") {
                off.remove(&shown);
            }
        }
        off.extend(numbers(usual, "OFF"));
        Self(off)
    }

    /// The numbers of all groups, and groups of groups, of which nothing is shown.
    pub fn numbers(&self, graph: &Graph) -> BTreeSet<u32> {
        let is_off = |number: &u32| self.hides(graph, &Reference::first(*number).into()) == Some(true);
        let groups = graph.nodes.iter().filter(|(_, node)| node.object.as_dict().is_some());
        groups.map(|(number, _)| *number).filter(is_off).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what belongs to this group, or group of groups, is not shown; `None` where that is not known.
    fn hides(&self, graph: &Graph, object: &Object) -> Option<bool> {
        if let Some(reference) = object.as_reference()
            && self.0.contains(&reference.number)
        {
            return Some(true);
        }
        let Object::Dict(dict) = graph.resolve(object) else { return Some(false) };
        if name(dict, "Type") != Some("OCMD") {
            return Some(false);
        }
        if dict.get("VE").is_some() {
            return None;
        }
        let groups: Vec<Object> = match dict.get("OCGs") {
            Some(one @ Object::Reference(_)) => match graph.resolve(one) {
                Object::Array(several) => several.clone(),
                _ => vec![one.clone()],
            },
            Some(Object::Array(several)) => several.clone(),
            _ => return Some(false),
        };
        let off = groups.iter().filter_map(Object::as_reference).map(|r| self.0.contains(&r.number));
        let off: Vec<bool> = off.collect();
        Some(match name(dict, "P").unwrap_or("AnyOn") {
            _ if off.is_empty() => false,
            "AllOn" => off.contains(&true),
            "AnyOff" => !off.contains(&true),
            "AllOff" => off.contains(&false),
            _ => !off.contains(&false),
        })
    }
}

/// Takes out what is on hidden layers; how many places there were at which that could not be done.
pub(super) fn drop_hidden(
    file: &Document<'_>,
    graph: &mut Graph,
    layers: &Layers,
    reached: &BTreeSet<u32>,
) -> Result<usize, ReadError> {
    let (mut left, mut held) = (0, 0_u64);
    for number in reached {
        let Some(dict) = graph.nodes.get(number).and_then(|node| node.object.as_dict()).cloned() else { continue };
        left += annotations(graph, layers, *number, &dict);
        let hides = dict.get("OC").map_or(Some(false), |group| layers.hides(graph, group));
        let is_drawn = matches!(name(&dict, "Subtype"), Some("Form" | "Image"));
        match hides {
            Some(true) if is_drawn => empty(graph, *number),
            None => left += 1,
            _ => match contents(file, graph, layers, *number, &dict)? {
                Some(length) => held += length,
                None => left += 1,
            },
        }
        if held > limits::CHANGED_PARTS {
            return Err(ReadError::Limit("pages of the PDF that change"));
        }
    }
    Ok(left)
}

/// Nothing is drawn in its place.
fn empty(graph: &mut Graph, number: u32) {
    let nothing = Object::Array((0..4).map(|_| Object::number(0)).collect());
    let form = Dict::default()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", nothing);
    graph.nodes.insert(number, Node { object: form.into(), data: Data::Here(Vec::new()) });
}

fn annotations(graph: &mut Graph, layers: &Layers, number: u32, dict: &Dict) -> usize {
    let Object::Array(items) = graph.value(dict, "Annots").clone() else { return 0 };
    let mut left = 0;
    let mut is_hidden = |item: &Object| {
        let Object::Dict(note) = graph.resolve(item) else { return false };
        match note.get("OC").map(|group| layers.hides(graph, group)) {
            Some(None) => {
                left += 1;
                false
            }
            Some(Some(hides)) => hides,
            None => false,
        }
    };
    let kept: Vec<Object> = items.iter().filter(|item| !is_hidden(item)).cloned().collect();
    if kept.len() < items.len()
        && let Some(node) = graph.nodes.get_mut(&number)
    {
        node.object = dict.clone().with("Annots", Object::Array(kept)).into();
    }
    left
}

/// The content of a page or form without what is on hidden layers: how many bytes it is then; `None` where some is left.
fn contents(
    file: &Document<'_>,
    graph: &mut Graph,
    layers: &Layers,
    number: u32,
    dict: &Dict,
) -> Result<Option<u64>, ReadError> {
    let is_page = dict.get("Contents").is_some() && name(dict, "Type") == Some("Page");
    let is_form = name(dict, "Subtype") == Some("Form") || dict.get("PatternType").is_some();
    if !is_page && !is_form {
        return Ok(Some(0));
    }
    let names = match hidden_names(graph, layers, dict) {
        Some(names) if names.is_empty() => return Ok(Some(0)),
        Some(names) => names,
        None => return Ok(None),
    };
    let parts: Vec<u32> = match (is_page, graph.value(dict, "Contents")) {
        (false, _) => vec![number],
        (true, Object::Array(items)) => items.iter().filter_map(Object::as_reference).map(|r| r.number).collect(),
        (true, _) => dict.get("Contents").and_then(Object::as_reference).map(|r| r.number).into_iter().collect(),
    };
    let mut whole = Vec::new();
    for part in parts {
        let Some(bytes) = decoded(file, graph, part)? else { return Ok(None) };
        whole.extend(bytes);
        whole.push(b'\n');
    }
    let Some(cleaned) = content::without(&whole, &names) else { return Ok(None) };
    let length = cleaned.len() as u64;
    if is_form {
        let mut bare = dict.clone();
        for key in ["Filter", "DecodeParms"] {
            bare.remove(key);
        }
        graph.nodes.insert(number, Node { object: bare.into(), data: Data::Here(cleaned) });
        return Ok(Some(length));
    }
    // Streams may be other pages', too: this page gets one of its own.
    let own = graph.nodes.keys().next_back().map_or(1, |last| last + 1);
    graph.nodes.insert(own, Node { object: Dict::default().into(), data: Data::Here(cleaned) });
    let page = dict.clone().with("Contents", Reference::first(own));
    if let Some(node) = graph.nodes.get_mut(&number) {
        let annotations = node.object.as_dict().and_then(|d| d.get("Annots")).cloned();
        node.object = annotations.map_or(page.clone(), |annotations| page.with("Annots", annotations)).into();
    }
    Ok(Some(length))
}

/// The names by which a page's or form's resources call hidden layers; `None` where that is not known.
fn hidden_names(graph: &Graph, layers: &Layers, dict: &Dict) -> Option<BTreeSet<Vec<u8>>> {
    let mut holder = dict.clone();
    // Resources may be those of the pages above.
    for _ in 0..64 {
        if holder.get("Resources").is_some() {
            break;
        }
        let Object::Dict(parent) = graph.value(&holder, "Parent") else { break };
        holder = parent.clone();
    }
    let Object::Dict(resources) = graph.value(&holder, "Resources") else { return Some(BTreeSet::new()) };
    let Object::Dict(properties) = graph.value(resources, "Properties") else { return Some(BTreeSet::new()) };
    let known: BTreeMap<&[u8], Option<bool>> =
        properties.entries().map(|(key, group)| (key, layers.hides(graph, group))).collect();
    if known.values().any(Option::is_none) {
        return None;
    }
    Some(known.into_iter().filter(|(_, hides)| *hides == Some(true)).map(|(key, _)| key.to_vec()).collect())
}

/// The bytes of a content stream; `None` where they can't be decoded.
fn decoded(file: &Document<'_>, graph: &Graph, number: u32) -> Result<Option<Vec<u8>>, ReadError> {
    let Some(node) = graph.nodes.get(&number) else { return Ok(None) };
    let Some(dict) = node.object.as_dict() else { return Ok(None) };
    match &node.data {
        Data::None => Ok(None),
        Data::Here(bytes) => Ok(Some(bytes.clone())),
        Data::There(range) => match file.decode(&Stream { dict: dict.clone(), data: range.clone() }) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ReadError::Damaged(_)) => Ok(None),
            Err(e) => Err(e),
        },
    }
}
