//! What is seen of an element and of the words in it: from its attributes, its own style and the style sheets of the file.

use super::sheet::{Element, Holding};
use super::style::{Declaration, PROPERTIES, Property, declaration, declarations, ground, length, share};
use super::tokens::Attribute;
use crate::hidden::colour::Colour;

/// Farther out than this nothing is on a page, in pixels; half a window is where things are centred.
const AWAY: f32 = -500.0;
/// Letters below this size, in pixels, are a line at most.
const TINY: f32 = 2.0;
/// Less of a whole than this is not seen.
const FAINT: f32 = 0.05;

/// What holds for the words within an element.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    colour: Colour,
    fill: Option<Colour>,
    has_stroke: bool,
    ground: Colour,
    size: f32,
    is_indented_away: bool,
    /// Beside the page, cut away, or too faint.
    is_away: bool,
    /// Not seen by a rule that may hold.
    is_doubtful: bool,
    /// Within a drawing, where letters are filled.
    pub is_drawing: bool,
}

/// How words are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Yes,
    /// They have no size at all.
    Sizeless,
    No,
}

/// What an element is, beside what is seen in it.
pub(super) struct Shown {
    pub sight: Sight,
    /// Nothing of it is shown.
    pub is_hidden: bool,
    /// By a rule that may hold.
    pub is_perhaps_hidden: bool,
}

impl Default for Sight {
    fn default() -> Self {
        Self {
            colour: Colour::BLACK,
            fill: None,
            has_stroke: false,
            ground: Colour::WHITE,
            size: 16.0,
            is_indented_away: false,
            is_away: false,
            is_doubtful: false,
            is_drawing: false,
        }
    }
}

impl Sight {
    /// What holds around everything.
    pub fn outermost(is_drawing: bool) -> Self {
        Self { is_drawing, ..Self::default() }
    }

    /// How words are seen here.
    pub fn of_words(&self) -> Seen {
        if self.size <= 0.0 && !self.is_drawing {
            return Seen::Sizeless;
        }
        let is_told = self.letters().is_seen_on(&self.ground) || self.is_drawing && self.has_stroke;
        if self.is_away || self.is_indented_away || self.is_doubtful || self.size < TINY && !self.is_drawing || !is_told
        {
            Seen::No
        } else {
            Seen::Yes
        }
    }

    fn letters(&self) -> &Colour {
        match &self.fill {
            Some(fill) => fill,
            // Letters of drawings are black, whatever the colour around.
            None if self.is_drawing => &Colour::BLACK,
            None => &self.colour,
        }
    }

    /// From here on something may lie below.
    pub fn paint_over(&mut self) {
        self.ground = Colour::Unknown;
    }

    /// It lies where nobody sees it.
    pub fn put_away(&mut self) {
        self.is_away = true;
    }

    /// The size of letters.
    pub const fn size(&self) -> f32 {
        self.size
    }
}

/// What declarations come to: of each property the one that prevails.
#[derive(Clone)]
struct Table<'s>([Option<(Rank, &'s str)>; PROPERTIES]);

/// What prevails over what: importance, the element's own style, the selector's weight.
type Rank = (bool, bool, (usize, usize, usize));

impl<'s> Table<'s> {
    fn put(&mut self, declaration: &'s Declaration, is_own: bool, weight: (usize, usize, usize)) {
        let rank = (declaration.is_important, is_own, weight);
        if let Some(place) = self.0.get_mut(declaration.property as usize)
            && place.as_ref().is_none_or(|(known, _)| *known <= rank)
        {
            *place = Some((rank, &declaration.value));
        }
    }

    fn get(&self, property: Property) -> Option<&'s str> {
        self.0.get(property as usize).copied().flatten().map(|(_, value)| value)
    }

    fn is(&self, property: Property, values: &[&str]) -> bool {
        self.get(property).is_some_and(|value| values.contains(&value))
    }

    fn is_hidden(&self) -> bool {
        self.is(Property::Display, &["none"])
            || self.is(Property::Visibility, &["hidden", "collapse"])
            || self.is(Property::Mso, &["all"])
            || self.is(Property::Content, &["hidden"])
            || self.get(Property::Opacity).and_then(share).is_some_and(|share| share <= 0.0)
            || self
                .get(Property::Filter)
                .is_some_and(|value| arguments(value, "opacity").any(|a| share(a) == Some(0.0)))
    }

    /// Whether it lies where nobody sees it, or is cut away.
    fn is_away(&self, em: f32) -> bool {
        let far = |property| {
            self.get(property)
                .and_then(|value| length(value, em))
                .is_some_and(|at| !(AWAY..=-10.0 * AWAY).contains(&at))
        };
        let is_placed = self.get(Property::Position).is_some_and(|value| value != "static");
        let thin =
            |property| self.get(property).and_then(|v| length(v, em)).is_some_and(|size| (0.0..=1.0).contains(&size));
        is_placed && [Property::Left, Property::Right, Property::Top, Property::Bottom].into_iter().any(far)
            || far(Property::MarginLeft)
            || far(Property::MarginTop)
            || self.get(Property::Transform).is_some_and(|value| is_moved_away(value, em))
            || self.get(Property::Clip).is_some_and(|value| is_cut(value, em))
            || self.get(Property::ClipPath).is_some_and(is_clipped)
            || self.is(Property::Overflow, &["hidden", "clip"]) && (thin(Property::Width) || thin(Property::Height))
            || self.get(Property::Opacity).and_then(share).is_some_and(|share| share < FAINT)
    }

    fn sight(&self, above: &Sight, element: &Element) -> Sight {
        let size = self.get(Property::FontSize).map_or(above.size, |value| size_of(value, above.size));
        let read = |value: &str, inherited: &Colour| match value {
            "inherit" | "currentcolor" | "unset" => inherited.clone(),
            "initial" => Colour::BLACK,
            _ => Colour::read(value),
        };
        let colour = match (self.get(Property::Colour), element.name.as_str()) {
            (Some(value), _) => read(value, &above.colour),
            (None, "a") => Colour::BLUE,
            (None, "mark") => Colour::BLACK,
            (None, _) => above.colour.clone(),
        };
        let is_drawing = above.is_drawing || element.name == "svg";
        let fill = match self.get(Property::Fill) {
            Some("currentcolor") => Some(colour.clone()),
            Some(value) => Some(read(value, above.letters())),
            None => above.fill.clone(),
        };
        let is_faint = self.get(Property::FillOpacity).and_then(share).is_some_and(|share| share < FAINT);
        let has_image = self.get(Property::Image).is_some_and(|value| value.contains('('));
        let ground = match (self.get(Property::Ground).and_then(ground), element.name.as_str()) {
            _ if has_image => Colour::Unknown,
            (Some(ground), _) => ground,
            (None, "mark" | "button" | "input" | "select" | "textarea") => Colour::Unknown,
            // What is placed freely lies on nobody knows what.
            (None, _) if self.is(Property::Position, &["absolute", "fixed", "sticky"]) => Colour::Unknown,
            (None, _) => above.ground.clone(),
        };
        Sight {
            colour,
            fill: if is_faint { Some(Colour::Clear) } else { fill },
            has_stroke: self
                .get(Property::Stroke)
                .map_or(above.has_stroke, |value| value != "none" && value != "transparent"),
            ground,
            size,
            is_indented_away: self
                .get(Property::Indent)
                .map_or(above.is_indented_away, |value| length(value, size).is_some_and(|indent| indent < AWAY)),
            is_away: above.is_away || self.is_away(size),
            is_doubtful: above.is_doubtful,
            is_drawing,
        }
    }
}

/// What is seen of an element within what is seen around it.
pub(super) fn shown(element: &Element, pairs: &[Attribute], holding: &[Holding<'_>], above: &Sight) -> Shown {
    let presented: Vec<Declaration> = pairs.iter().filter_map(|pair| presentation(&element.name, pair)).collect();
    let own: Vec<Declaration> =
        pairs.iter().filter(|pair| pair.name == "style").flat_map(|pair| declarations(&pair.value)).collect();
    let mut table = Table([None; PROPERTIES]);
    presented.iter().for_each(|declaration| table.put(declaration, false, (0, 0, 0)));
    holding.iter().filter(|held| held.is_exact).for_each(|held| table.put(held.declaration, false, held.weight));
    own.iter().for_each(|declaration| table.put(declaration, true, (0, 0, 0)));
    let mut sight = table.sight(above, element);
    let is_hidden =
        table.is_hidden() || is_hidden_by_itself(&element.name, pairs) && table.get(Property::Display).is_none();
    let mut is_perhaps_hidden = false;
    if holding.iter().any(|held| !held.is_exact) {
        let mut perhaps = table.clone();
        holding.iter().filter(|held| !held.is_exact).for_each(|held| perhaps.put(held.declaration, false, held.weight));
        is_perhaps_hidden = perhaps.is_hidden();
        sight.is_doubtful |= sight.of_words() == Seen::Yes && perhaps.sight(above, element).of_words() != Seen::Yes;
    }
    Shown { sight, is_hidden, is_perhaps_hidden }
}

/// An attribute that says what a style says (HTML 15.3, SVG 2, 6.6).
fn presentation(element: &str, pair: &Attribute) -> Option<Declaration> {
    let name = pair.name.as_str();
    match (element, name) {
        ("body", "text") | ("font", "color") => declaration("color", &legacy(&pair.value)),
        ("body" | "table" | "tr" | "td" | "th" | "thead" | "tbody" | "tfoot", "bgcolor") => {
            declaration("background", &legacy(&pair.value))
        }
        ("body" | "table" | "tr" | "td" | "th", "background") => declaration("background", "url()"),
        (
            _,
            "display" | "visibility" | "opacity" | "color" | "fill" | "fill-opacity" | "stroke" | "font-size"
            | "clip-path",
        ) => declaration(name, &pair.value),
        _ => None,
    }
}

/// A colour as old attributes write it: the sign before the digits may be missing.
fn legacy(value: &str) -> String {
    let value = value.trim();
    let is_bare = value.len() == 6 && value.bytes().all(|b| b.is_ascii_hexdigit());
    if is_bare { format!("#{value}") } else { value.to_owned() }
}

/// What browsers hide without any style.
fn is_hidden_by_itself(element: &str, pairs: &[Attribute]) -> bool {
    let has = |name: &str| pairs.iter().any(|pair| pair.name == name);
    has("hidden")
        || has("popover")
        || element == "dialog" && !has("open")
        || element == "input"
            && pairs.iter().any(|pair| pair.name == "type" && pair.value.eq_ignore_ascii_case("hidden"))
}

fn size_of(value: &str, above: f32) -> f32 {
    match value.strip_suffix('%').and_then(|number| number.trim().parse::<f32>().ok()) {
        Some(percent) => above * percent / 100.0,
        None => length(value, above).unwrap_or(if value == "inherit" { above } else { 16.0 }),
    }
}

/// The arguments of every call of a function in a value.
fn arguments<'v>(value: &'v str, function: &'v str) -> impl Iterator<Item = &'v str> {
    let calls = value.split(')').filter_map(move |call| {
        let (name, arguments) = call.split_once('(')?;
        name.trim().ends_with(function).then_some(arguments)
    });
    calls.flat_map(|arguments| arguments.split([',', ' '])).map(str::trim).filter(|argument| !argument.is_empty())
}

fn is_moved_away(value: &str, em: f32) -> bool {
    let moves =
        ["translate", "translatex", "translatey", "translate3d"].into_iter().flat_map(|name| arguments(value, name));
    let scales = ["scale", "scalex", "scaley", "scale3d"].into_iter().flat_map(|name| arguments(value, name));
    moves.filter_map(|by| length(by, em)).any(|by| by < AWAY) || scales.filter_map(share).any(|by| by == 0.0)
}

/// `rect(top, right, bottom, left)` of no more than a line.
fn is_cut(value: &str, em: f32) -> bool {
    let sides: Option<Vec<f32>> = arguments(value, "rect").map(|side| length(side, em)).collect();
    matches!(sides.as_deref(), Some(&[top, right, bottom, left]) if bottom - top <= 1.0 || right - left <= 1.0)
}

fn is_clipped(value: &str) -> bool {
    let half = |argument: &str| argument.ends_with('%') && share(argument).is_some_and(|share| share >= 0.5);
    arguments(value, "inset").any(half)
        || ["circle", "ellipse"]
            .into_iter()
            .any(|shape| arguments(value, shape).next().is_some_and(|radius| length(radius, 16.0) == Some(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, style: &str, above: &Sight) -> Shown {
        let element = Element { name: name.to_owned(), ..Element::default() };
        let pair = Attribute { span: 0..0, name: "style".to_owned(), value: style.to_owned() };
        shown(&element, &[pair], &[], above)
    }

    #[test]
    fn what_hides_and_what_only_is_not_seen() {
        let page = Sight::default();
        for style in
            ["display:none", "visibility:hidden", "opacity:0.0", "opacity: 0%", "mso-hide:all", "filter:opacity(0)"]
        {
            assert!(of("p", style, &page).is_hidden, "{style}");
        }
        for style in [
            "color:#fff",
            "color:#fdfdfd",
            "background:#123456;color:#123456",
            "color:transparent",
            "-webkit-text-fill-color:transparent",
            "font-size:1px",
            "font-size:5%",
            "position:absolute;left:-9999px",
            "position:fixed;top:-100em",
            "text-indent:-9999px",
            "margin-left:-3000px",
            "transform:translateX(-9999px)",
            "transform:scale(0)",
            "position:absolute;clip:rect(0 0 0 0)",
            "clip:rect(1px, 1px, 1px, 1px)",
            "clip-path:inset(50%)",
            "height:1px;overflow:hidden",
            "opacity:.01",
        ] {
            assert_eq!(of("p", style, &page).sight.of_words(), Seen::No, "{style}");
            assert!(!of("p", style, &page).is_hidden, "{style}");
        }
        assert_eq!(of("p", "font-size:0", &page).sight.of_words(), Seen::Sizeless);
        for style in [
            "color:#fff;background:navy",
            "color:#fff;background:url(a.png)",
            "color:#767676",
            "font-size:8px",
            "position:absolute;left:-9px",
            "transform:translate(-50%,-50%)",
            "text-indent:-2em",
            "opacity:.5",
            "height:100px;overflow:hidden",
            "left:-9999px",
            "color:var(--text)",
        ] {
            let shown = of("p", style, &page);
            assert_eq!((shown.sight.of_words(), shown.is_hidden), (Seen::Yes, false), "{style}");
        }
    }

    #[test]
    fn what_holds_around_holds_within() {
        let page = Sight::default();
        let dark = of("div", "background:#000", &page).sight;
        assert_eq!(of("p", "color:#111", &dark).sight.of_words(), Seen::No);
        assert_eq!(of("p", "color:#fff", &dark).sight.of_words(), Seen::Yes);
        let white = of("div", "color:#fff", &page).sight;
        assert_eq!(of("p", "", &white).sight.of_words(), Seen::No);
        assert_eq!(of("a", "", &white).sight.of_words(), Seen::Yes, "links have a colour of their own");
        let gap = of("div", "font-size:0", &page).sight;
        assert_eq!(of("p", "font-size:14px", &gap).sight.of_words(), Seen::Yes);
    }
}
