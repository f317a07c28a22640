//! 地. What words on slides and drawings stand on: the colour of the page, as long as no picture and no filled shape lies there too.

use std::collections::{HashMap, HashSet};

use super::facts::{length, read};
use super::ink::Ground;
use super::shapes::is_shape;
use super::styles::{Look, Styles};
use crate::error::ReadError;
use crate::hidden::Rgb;
use crate::text::{Node, Tag};

/// Left, top, right and bottom of a shape, in points.
type Bounds = [f64; 4];

/// Shapes of a page that are compared; with more of them it is not known what lies where.
const SHAPES: usize = 500;

/// Where a shape lies, if that can be told.
pub(super) fn bounds(tag: &Tag<'_>) -> Option<Bounds> {
    let (x, y) = (length(tag, "x")?, length(tag, "y")?);
    let is_moved = tag.get("transform").is_some();
    (!is_moved).then_some([x, y, x + length(tag, "width")?, y + length(tag, "height")?])
}

/// The pages of a part, counted from 1.
#[derive(Default)]
pub(super) struct Grounds {
    pages: Vec<Page>,
    masters: HashMap<String, Page>,
}

/// A page, or a master of pages.
#[derive(Default)]
struct Page {
    name: String,
    master: String,
    ground: Option<Ground>,
    /// What is drawn on it and covers something.
    covered: Vec<Bounds>,
    /// Something lies on it, nobody knows where.
    is_busy: bool,
}

impl Page {
    /// Whether something else lies where a shape is.
    fn covers(&self, shape: Option<Bounds>) -> bool {
        let meets = |[left, top, right, bottom]: Bounds| {
            let over = |other: &Bounds| left < other[2] && other[0] < right && top < other[3] && other[1] < bottom;
            self.covered.iter().any(over)
        };
        self.is_busy || self.covered.len() > SHAPES || shape.map_or(!self.covered.is_empty(), meets)
    }

    fn cover(&mut self, bounds: Option<Bounds>) {
        match bounds {
            Some(bounds) if self.covered.len() <= SHAPES => self.covered.push(bounds),
            Some(_) => {}
            None => self.is_busy = true,
        }
    }
}

impl Grounds {
    /// Reads the pages of `part`, whose masters are in `common`.
    pub fn read(common: Option<&str>, part: &str, styles: &Styles) -> Result<Self, ReadError> {
        let pages = pages(part, styles, "page")?;
        let masters = match common.filter(|_| !pages.is_empty()) {
            Some(common) => self::pages(common, &Styles::read(None, common)?, "master-page")?,
            None => Vec::new(),
        };
        Ok(Self { pages, masters: masters.into_iter().map(|page| (page.name.clone(), page)).collect() })
    }

    /// What a shape of a page stands on.
    pub fn of(&self, page: u32, shape: Option<Bounds>) -> Ground {
        let place = usize::try_from(page).ok().and_then(|page| page.checked_sub(1));
        let Some(page) = place.and_then(|place| self.pages.get(place)) else { return Ground::Unknown };
        let Some(master) = self.masters.get(&page.master) else { return Ground::Unknown };
        if page.covers(shape) || master.covers(shape) {
            return Ground::Unknown;
        }
        let grounds = [page.ground, master.ground].into_iter().flatten();
        grounds.into_iter().find(|ground| *ground != Ground::Clear).unwrap_or(Ground::Is(Rgb::WHITE))
    }
}

/// The pages of a part, each an element of this name.
fn pages(part: &str, styles: &Styles, element: &str) -> Result<Vec<Page>, ReadError> {
    let (mut found, mut aside, mut is_page) = (Vec::<Page>::new(), HashSet::new(), false);
    let (mut depth, mut frame) = (0_usize, None);
    read(part, &mut |node| match node {
        Node::Start(tag) => {
            depth += 1;
            let get = |name: &str| tag.get(name).unwrap_or_default();
            if tag.name == element {
                let ground = styles.look("drawing-page", &get("style-name")).and_then(Look::ground);
                let (name, master) = (get("name"), get("master-page-name"));
                found.push(Page { name, master, ground, ..Page::default() });
                is_page = true;
            }
            // Notes are another page; what a master holds a place for is not drawn by it.
            let is_place = element == "master-page" && !get("class").is_empty();
            if tag.name == "notes" || is_place {
                aside.insert(depth);
            }
            if tag.name == "frame" {
                frame = bounds(tag);
            }
            if let Some(page) = found.last_mut().filter(|_| is_page && aside.is_empty()) {
                match covers(tag, styles) {
                    Covers::Nothing => {}
                    Covers::Itself => page.cover(bounds(tag)),
                    Covers::Frame => page.cover(frame),
                }
            }
        }
        Node::End(name) => {
            aside.remove(&depth);
            depth = depth.saturating_sub(1);
            is_page &= name != element;
        }
        Node::Text(_) => {}
    })?;
    Ok(found)
}

/// What of the page an element covers.
enum Covers {
    Nothing,
    Itself,
    /// The frame around it.
    Frame,
}

fn covers(tag: &Tag<'_>, styles: &Styles) -> Covers {
    match tag.name {
        "image" | "object" | "object-ole" | "plugin" | "table" => Covers::Frame,
        "line" | "connector" | "measure" | "g" | "control" => Covers::Nothing,
        shape if is_shape(shape) => match styles.of_shape(tag).and_then(Look::ground) {
            Some(Ground::Clear) | None => Covers::Nothing,
            Some(_) => Covers::Itself,
        },
        _ => Covers::Nothing,
    }
}
