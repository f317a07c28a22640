//! 図形. Shapes that are not drawn, lie on a layer that is off or beside the page (ISO/IEC 26300-3, 10).

use std::collections::{HashMap, HashSet};

use data_encoding::BASE64;

use super::facts::{length, read};
use super::ink::points;
use super::rules::Rules;
use crate::error::ReadError;
use crate::hidden::{Act, Category, Frame, Opened, nearest};
use crate::text::Node;

/// Whether an element is drawn by itself.
pub(super) fn is_shape(local: &str) -> bool {
    matches!(
        local,
        "rect"
            | "line"
            | "polyline"
            | "polygon"
            | "regular-polygon"
            | "path"
            | "circle"
            | "ellipse"
            | "g"
            | "frame"
            | "measure"
            | "caption"
            | "connector"
            | "control"
            | "scene"
            | "custom-shape"
    )
}

/// Judges a shape.
pub(super) fn judge(rules: &mut Rules<'_>, tag: &Opened, above: &[Frame]) -> Option<Act> {
    if !is_shape(&tag.local) {
        return None;
    }
    if tag.get("display") == Some("none") {
        let act = rules.goes(Category::HiddenText, "表示されない図形", "a shape that is not shown", Act::Drop);
        return Some(act);
    }
    if tag.get("layer").is_some_and(|layer| rules.facts.layers.contains(layer)) {
        let (ja, en) = ("表示されないレイヤーの図形", "a shape on a layer that is off");
        return Some(rules.goes(Category::HiddenLayers, ja, en, Act::Drop));
    }
    if tag.get("display") == Some("printer") {
        rules.tells(Category::HiddenText, "印刷のときだけ出る図形", "a shape that is only printed");
    }
    if nearest(above, "notes").is_none() && rules.page.is_some_and(|page| is_beside(tag, page)) {
        rules.tells(Category::Unseen, "紙面の外にある図形", "a shape beside the page");
    }
    None
}

/// Whether a shape lies wholly beside a page of this width and height.
fn is_beside(tag: &Opened, (width, height): (f64, f64)) -> bool {
    let get = |name: &str| tag.get(name).and_then(points);
    let (mut left, mut top, mut right, mut bottom) = match (get("x1"), get("y1"), get("x2"), get("y2")) {
        (Some(x1), Some(y1), Some(x2), Some(y2)) => (x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)),
        _ => {
            let (w, h) = (get("width").unwrap_or(0.0), get("height").unwrap_or(0.0));
            let Some((x, y)) = get("x").zip(get("y")) else { return is_moved_beside(tag, w + h, (width, height)) };
            (x, y, x + w, y + h)
        }
    };
    if tag.get("transform").is_some() {
        let reach = (right - left) + (bottom - top);
        let Some((x, y)) = moved(tag) else { return false };
        (left, top, right, bottom) = (left + x - reach, top + y - reach, right + x + reach, bottom + y + reach);
    }
    left >= width || top >= height || right <= 0.0 || bottom <= 0.0
}

/// The same for a shape that is turned and moved: however it is turned, it reaches no farther than its width and height.
fn is_moved_beside(tag: &Opened, reach: f64, (width, height): (f64, f64)) -> bool {
    moved(tag).is_some_and(|(x, y)| x - reach >= width || y - reach >= height || x + reach <= 0.0 || y + reach <= 0.0)
}

/// Where the last `translate (x y)` of a shape leads.
fn moved(tag: &Opened) -> Option<(f64, f64)> {
    let (_, behind) = tag.get("transform")?.rsplit_once("translate")?;
    let inside = behind.trim_start().strip_prefix('(')?.split(')').next()?;
    let mut lengths = inside.split([' ', ',']).filter(|piece| !piece.is_empty()).map(points);
    Some((lengths.next()??, lengths.next().unwrap_or(Some(0.0))?))
}

/// Width and height of pages, by master page.
pub(super) fn pages(styles: &str) -> Result<HashMap<String, (f64, f64)>, ReadError> {
    let (mut layouts, mut masters) = (HashMap::new(), HashMap::new());
    let mut layout = String::new();
    read(styles, &mut |node| {
        let Node::Start(tag) = node else { return };
        match tag.name {
            "page-layout" => layout = tag.get("name").unwrap_or_default(),
            "page-layout-properties" => {
                if let Some(size) = length(tag, "page-width").zip(length(tag, "page-height")) {
                    layouts.insert(layout.clone(), size);
                }
            }
            "master-page" => {
                masters.extend(tag.get("name").zip(tag.get("page-layout-name")));
            }
            _ => {}
        }
    })?;
    Ok(masters.into_iter().filter_map(|(name, layout)| Some((name, *layouts.get(&layout)?))).collect())
}

/// Layers that are not shown on the screen: as they say themselves, or as older programs kept it in the settings.
pub(super) fn layers_off(styles: &str, settings: Option<&str>) -> Result<HashSet<String>, ReadError> {
    let shown = settings.map(visible).transpose()?.flatten();
    let (mut off, mut number) = (HashSet::new(), 0_usize);
    read(styles, &mut |node| {
        let Node::Start(tag) = node else { return };
        if tag.name != "layer" {
            return;
        }
        let is_off = match tag.get("display").as_deref() {
            Some(display) => matches!(display, "none" | "printer"),
            None => shown
                .as_ref()
                .is_some_and(|shown| shown.get(number / 8).is_some_and(|byte| byte >> (number % 8) & 1 == 0)),
        };
        number += 1;
        off.extend(tag.get("name").filter(|_| is_off));
    })?;
    Ok(off)
}

/// A bit for each layer, in their order.
fn visible(settings: &str) -> Result<Option<Vec<u8>>, ReadError> {
    let (mut is_here, mut found) = (false, None);
    read(settings, &mut |node| match node {
        Node::Start(tag) => is_here = tag.get("name").as_deref() == Some("VisibleLayers"),
        Node::Text(words) if is_here && found.is_none() => found = BASE64.decode(words.trim().as_bytes()).ok(),
        _ => is_here = false,
    })?;
    Ok(found)
}

/// `rect(0cm, 1cm, 0cm, 0cm)`: whether any side is cut off.
pub(super) fn crops(clip: &str) -> bool {
    clip.strip_prefix("rect(").is_some_and(|sides| {
        let number =
            |side: &str| side.trim().trim_end_matches(|c: char| c.is_alphabetic() || c == ')').parse::<f64>().ok();
        sides.split(',').filter_map(number).any(|cut| cut > 0.01)
    })
}
