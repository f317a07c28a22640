//! Drawings (SVG 2): what is drawn, where, and on what.

use super::sight::{Seen, Sight};
use super::tokens::Attribute;

/// Elements whose words are drawn; those of others are not (SVG 2, 11.1).
const WORDS: &[&str] = &["text", "foreignobject"];
/// Elements that draw something others may lie on.
const PAINT: &[&str] = &["rect", "circle", "ellipse", "path", "polygon", "polyline", "image", "use", "foreignobject"];
/// Elements of which nothing is drawn where they stand.
const DEFINITIONS: &[&str] = &["defs", "symbol", "clippath", "mask", "pattern", "marker"];
/// What in a definition says or shows something.
const TELLING: &[&str] = &["text", "tspan", "image", "foreignobject"];

/// A drawing under way.
#[derive(Default)]
pub(super) struct Drawing {
    /// Left, top, width and height of what is seen of it.
    window: Option<[f32; 4]>,
    /// Something that is not white was painted.
    is_painted: bool,
}

/// How far an element of a drawing was moved, where that is known.
pub(super) type Shift = Option<(f32, f32)>;

impl Drawing {
    /// Takes up an element; where it lies, and its sight as far as that depends on it.
    pub fn enter(&mut self, name: &str, pairs: &[Attribute], above: Shift, sight: &mut Sight) -> Shift {
        if name == "svg" && above.is_none() {
            *self = Self { window: window(pairs), is_painted: false };
            return Some((0.0, 0.0));
        }
        let shift = above.and_then(|above| moved(above, get(pairs, "transform")));
        let shift = shift.filter(|_| name != "svg" && !is_definition(name));
        if PAINT.contains(&name) && sight.is_painted() {
            self.is_painted = true;
        }
        if self.is_painted || is_definition(name) {
            sight.paint_over();
        }
        if matches!(name, "text" | "tspan")
            && let (Some(shift), Some(window)) = (shift, self.window)
            && is_outside(pairs, shift, window, sight.size())
        {
            sight.put_away();
        }
        shift
    }
}

/// Whether words are drawn within an element and those it lies in.
pub(super) fn draws_words<'e>(mut names: impl Iterator<Item = &'e str>) -> bool {
    names.any(|name| WORDS.iter().any(|word| name.eq_ignore_ascii_case(word)))
}

/// Whether nothing of an element is drawn where it stands.
pub(super) fn is_definition(name: &str) -> bool {
    DEFINITIONS.iter().any(|definition| name.eq_ignore_ascii_case(definition))
}

/// Whether an element says or shows something.
pub(super) fn is_telling(name: &str) -> bool {
    TELLING.iter().any(|telling| name.eq_ignore_ascii_case(telling))
}

impl Sight {
    /// Whether a shape that is filled like this is seen on white.
    fn is_painted(&self) -> bool {
        let mut shape = self.clone();
        shape.is_drawing = true;
        shape.of_words() == Seen::Yes
    }
}

fn get<'p>(pairs: &'p [Attribute], name: &str) -> Option<&'p str> {
    pairs.iter().find(|pair| pair.name == name).map(|pair| pair.value.trim())
}

fn number(pairs: &[Attribute], name: &str) -> Option<f32> {
    let value = get(pairs, name)?;
    value.trim_end_matches("px").trim().parse().ok()
}

fn window(pairs: &[Attribute]) -> Option<[f32; 4]> {
    let Some(said) = get(pairs, "viewbox") else {
        return Some([0.0, 0.0, number(pairs, "width")?, number(pairs, "height")?]);
    };
    let numbers: Option<Vec<f32>> =
        said.split([' ', ',', '\n', '\t']).filter(|word| !word.is_empty()).map(|word| word.parse().ok()).collect();
    numbers?.try_into().ok()
}

/// A shift and a `translate` more; not known with any other transformation.
fn moved((x, y): (f32, f32), transform: Option<&str>) -> Shift {
    let Some(transform) = transform.filter(|transform| !transform.is_empty()) else { return Some((x, y)) };
    let inside = transform.strip_prefix("translate")?.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut by = inside.split([',', ' ']).filter(|word| !word.is_empty()).map(|word| word.parse::<f32>().ok());
    let (by_x, by_y) = (by.next()??, by.next().unwrap_or(Some(0.0))?);
    Some((x + by_x, y + by_y))
}

/// Whether words that begin there lie outside of what is seen, for certain: how long they are is not known.
fn is_outside(pairs: &[Attribute], (x, y): (f32, f32), [left, top, width, height]: [f32; 4], size: f32) -> bool {
    let (x, y) = (number(pairs, "x").unwrap_or(0.0) + x, number(pairs, "y").map(|own| own + y));
    x > left + width || x < left - width.max(200.0) || y.is_some_and(|y| y < top || y - size > top + height)
}
