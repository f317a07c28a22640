//! The instructions that paint (ISO 32000-2, annex A), and those that say how.

use hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream, String as Words};
use hayro_syntax::page::Resources;

use super::canvas::{Canvas, Lay};
use super::colour::Space;
use super::outline::{Outline, Rule};
use super::paint::{Ink, Mode, Sort};
use super::picture::Picture;
use super::{Cover, Sight};
use crate::error::ReadError;
use crate::limits;
use crate::pdf::text::page::{Matrix, Walk, numbers, point, then};
use crate::pdf::text::words_of;
use crate::text::{Halt, Reading};

/// Places of a picture that are looked at, a side.
const GRID: u32 = 16;

/// How an outline is painted.
#[derive(Clone, Copy)]
struct Painting {
    fills: Option<Rule>,
    strokes: bool,
    closes: bool,
}

fn painting(name: &[u8]) -> Option<Painting> {
    use Rule::{EvenOdd, Winding};
    let (fills, strokes, closes) = match name {
        b"f" | b"F" => (Some(Winding), false, false),
        b"f*" => (Some(EvenOdd), false, false),
        b"B" => (Some(Winding), true, false),
        b"B*" => (Some(EvenOdd), true, false),
        b"b" => (Some(Winding), true, true),
        b"b*" => (Some(EvenOdd), true, true),
        b"S" => (None, true, false),
        b"s" => (None, true, true),
        b"n" => (None, false, false),
        _ => return None,
    };
    Some(Painting { fills, strokes, closes })
}

impl<'a> Walk<'a, '_> {
    /// Follows an instruction for what it paints, if that is asked for.
    pub(in crate::pdf::text) fn see(
        &mut self,
        name: &[u8],
        operands: &[Object<'_>],
        resources: &Resources<'a>,
        reading: &mut Reading<'_>,
    ) -> Result<(), Halt> {
        if self.sight.is_none() {
            return Ok(());
        }
        if let Some(painting) = painting(name) {
            self.paint_outline(painting);
            return Ok(());
        }
        match (name, operands) {
            (b"gs", [Object::Name(name), ..]) => self.set_paint(name, resources),
            (b"sh", [Object::Name(name), ..]) => self.shade(name, resources),
            (b"BI", [.., Object::Stream(stream)]) => self.paint_picture(stream, resources),
            (b"cs" | b"CS", [Object::Name(space), ..]) => *self.ink(name) = Ink::of(Space::named(space, resources)),
            (b"sc" | b"scn" | b"SC" | b"SCN", [.., Object::Name(pattern)]) => {
                let ink = self.pattern(pattern, resources, reading)?;
                *self.ink(name) = ink;
            }
            (b"BDC", [tag, property]) => self.mark_content(tag, property, resources),
            (b"BMC" | b"BDC", _) => self.sight.iter_mut().for_each(|sight| sight.marked.push(false)),
            (b"EMC", _) => {
                self.sight.iter_mut().for_each(|sight| sight.marked.truncate(sight.marked.len().saturating_sub(1)))
            }
            (b"d", [Object::Array(dashes), ..]) => {
                self.state.paint.is_dashed =
                    is_dashed(&numbers(&dashes.iter::<Object<'_>>().take(64).collect::<Vec<_>>()));
            }
            (b"BT", _) => self.sight.iter_mut().for_each(|sight| sight.begin_text(&self.state.paint)),
            (b"ET", _) => self.sight.iter_mut().for_each(|sight| sight.end_text(&mut self.state.paint)),
            _ => self.see_numbers(name, &numbers(operands)),
        }
        Ok(())
    }

    fn see_numbers(&mut self, name: &[u8], n: &[f64]) {
        let Some(sight) = &mut self.sight else { return };
        let matrix = then(self.state.page, sight.canvas.matrix);
        let outline = &mut sight.outline;
        match (name, n) {
            (b"m", &[x, y]) => outline.start(point(matrix, x, y)),
            (b"l", &[x, y]) => outline.line(point(matrix, x, y)),
            (b"c", &[a, b, c, d, x, y]) => {
                outline.curve(point(matrix, a, b), point(matrix, c, d), point(matrix, x, y));
            }
            (b"v", &[c, d, x, y]) => {
                let from = outline.last().unwrap_or_default();
                outline.curve(from, point(matrix, c, d), point(matrix, x, y));
            }
            (b"y", &[a, b, x, y]) => {
                outline.curve(point(matrix, a, b), point(matrix, x, y), point(matrix, x, y));
            }
            (b"re", &[x, y, width, height]) => outline.rectangle(matrix, (x, y), (x + width, y + height)),
            (b"h", _) => outline.close(),
            (b"W", _) => sight.clips = Some(Rule::Winding),
            (b"W*", _) => sight.clips = Some(Rule::EvenOdd),
            (b"w", &[width]) => self.state.paint.width = width,
            (b"g" | b"rg" | b"k" | b"G" | b"RG" | b"K", n) => {
                if let Some(ink) = Ink::device(n) {
                    *self.ink(name) = ink;
                }
            }
            (b"sc" | b"scn" | b"SC" | b"SCN", n) => {
                let ink = self.ink(name);
                ink.colour = ink.space.colour(n);
            }
            _ => {}
        }
    }

    /// The ink that an instruction of this name is about: in capitals, that of strokes.
    fn ink(&mut self, name: &[u8]) -> &mut Ink {
        let paint = &mut self.state.paint;
        if name.first().is_some_and(u8::is_ascii_uppercase) { &mut paint.stroke } else { &mut paint.fill }
    }

    fn paint_outline(&mut self, painting: Painting) {
        let Some(sight) = &mut self.sight else { return };
        let mut outline = std::mem::take(&mut sight.outline);
        if painting.closes {
            outline.close();
        }
        if outline.is_cut {
            sight.lacks = Some("points of an outline of a PDF");
        }
        let paint = &mut self.state.paint;
        if let Some(rule) = painting.fills {
            sight.fill(&outline, rule, paint);
        }
        if painting.strokes && !paint.is_dashed {
            let width = paint.width * narrowest(then(self.state.page, sight.canvas.matrix));
            sight.stroke(&outline, width, paint);
        }
        if let (Some(rule), Some(clip)) = (sight.clips.take(), &paint.clip)
            && !outline.is_empty()
        {
            paint.clip = Some(clip.within(&outline, rule, &sight.canvas.work));
        }
    }

    fn set_paint(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(dict) = resources.get_ext_g_state(name) else { return };
        let paint = &mut self.state.paint;
        if let Some(Object::Number(alpha)) = dict.get::<Object<'_>>("ca") {
            paint.fill_alpha = alpha.as_f64();
        }
        if let Some(Object::Number(alpha)) = dict.get::<Object<'_>>("CA") {
            paint.stroke_alpha = alpha.as_f64();
        }
        if let Some(Object::Number(width)) = dict.get::<Object<'_>>("LW") {
            paint.width = width.as_f64();
        }
        let mode = dict.get::<Name<'_>>("BM");
        let mode = mode.or_else(|| dict.get::<Array<'_>>("BM").and_then(|list| list.iter::<Name<'_>>().next()));
        if let Some(mode) = mode {
            paint.mode = match mode.as_str() {
                "Normal" | "Compatible" => Mode::Normal,
                "Multiply" | "Darken" | "ColorBurn" => Mode::Darkens,
                _ => Mode::Other,
            };
        }
        match dict.get::<Object<'_>>("SMask") {
            Some(Object::Name(_)) => paint.is_masked = false,
            Some(_) => paint.is_masked = true,
            None => {}
        }
    }

    fn mark_content(&mut self, tag: &Object<'_>, property: &Object<'_>, resources: &Resources<'a>) {
        let Some(sight) = &mut self.sight else { return };
        let layer = match (tag, property) {
            (Object::Name(tag), Object::Name(name)) if tag.as_str() == "OC" => resources.properties.get_ref(name),
            _ => None,
        };
        let is_off = layer.is_some_and(|layer| (sight.hides)(layer.obj_number));
        let properties = match property {
            Object::Dict(dict) => Some(dict.clone()),
            Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
            _ => None,
        };
        for key in ["ActualText", "Alt", "E"] {
            let Some(words) = properties.as_ref().and_then(|dict| dict.get::<Words<'_>>(key)) else { continue };
            if sight.said.len() < limits::PDF_SAID {
                sight.said.push(words_of(words.as_bytes()));
            } else {
                sight.lacks = Some("words that stand for others on a page of a PDF");
            }
        }
        if sight.marked.len() < limits::PDF_MARKED_CONTENT {
            sight.marked.push(is_off);
        } else {
            sight.lacks = Some("marked content of a PDF in one another");
        }
    }

    /// A form begins: its box clips, and a group is painted as one (8.10.2, 11.6.6).
    pub(in crate::pdf::text) fn see_into(&mut self, form: &Dict<'_>) {
        let Some(sight) = &mut self.sight else { return };
        let paint = &mut self.state.paint;
        if let (Some(area), Some(clip)) = (form.get::<Rect>("BBox"), &paint.clip) {
            let mut outline = Outline::default();
            outline.rectangle(then(self.state.page, sight.canvas.matrix), (area.x0, area.y0), (area.x1, area.y1));
            paint.clip = Some(clip.within(&outline, Rule::Winding, &sight.canvas.work));
        }
        if form.get::<Dict<'_>>("Group").is_some() {
            paint.enter_group();
        }
    }

    /// Whether an object with this dictionary is on a layer that is off.
    pub(in crate::pdf::text) fn is_off(&self, dict: &Dict<'_>) -> bool {
        let layer = dict.get_ref("OC");
        self.sight.as_ref().is_some_and(|sight| layer.is_some_and(|layer| (sight.hides)(layer.obj_number)))
    }

    /// The ink that a pattern is (8.7).
    fn pattern(&mut self, name: &Name<'_>, resources: &Resources<'a>, reading: &mut Reading<'_>) -> Result<Ink, Halt> {
        let sort = match resources.get_pattern(name) {
            Some(Object::Stream(tile)) => {
                if self.is_gapless(&tile, resources, reading)? {
                    Sort::Solid
                } else {
                    Sort::Gaps
                }
            }
            Some(Object::Dict(dict)) => {
                let shading = dict.get::<Object<'_>>("Shading");
                let is_whole = match &shading {
                    Some(Object::Dict(shading)) => is_whole(shading),
                    Some(Object::Stream(shading)) => is_whole(shading.dict()),
                    _ => false,
                };
                if is_whole { Sort::Solid } else { Sort::Gaps }
            }
            _ => Sort::Gaps,
        };
        Ok(Ink { space: Space::Pattern, colour: None, sort })
    }

    /// Whether tiles of a pattern leave nothing between them.
    fn is_gapless(
        &mut self,
        tile: &Stream<'a>,
        resources: &Resources<'a>,
        reading: &mut Reading<'_>,
    ) -> Result<bool, Halt> {
        let id = tile.obj_id();
        let Some(sight) = &mut self.sight else { return Ok(false) };
        if let Some(known) = sight.tiles.get(&id) {
            return Ok(*known);
        }
        let dict = tile.dict();
        let (Some(area), false) = (dict.get::<Rect>("BBox"), self.depth >= limits::PDF_FORMS) else { return Ok(false) };
        let step = |key: &str, usual: f64| dict.get::<f32>(key).map_or(usual, |step| f64::from(step.abs()));
        let (wide, high) = (step("XStep", area.x1 - area.x0), step("YStep", area.y1 - area.y0));
        let (from, to) = ((area.x0, area.y0), (area.x0 + wide, area.y0 + high));
        let (work, hides) = (sight.canvas.work.clone(), sight.hides);
        // While it is looked at, it is no ground for itself.
        sight.tiles.insert(id, false);
        let content = self.fonts.streams.decode(tile)?;
        reading.charge(content.len() as u64)?;
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let mut walk = Walk::new(self.fonts, self.budget);
        let mut sight = Sight::on(Canvas::tile(from, to, work), hides);
        let mut edge = Outline::default();
        edge.rectangle(sight.canvas.matrix, (area.x0, area.y0), (area.x1, area.y1));
        walk.state.paint = sight.paint_of_page();
        walk.state.paint.clip = Some(sight.canvas.whole().within(&edge, Rule::Winding, &sight.canvas.work));
        walk.depth = self.depth + 1;
        sight.is_note = false;
        walk.sight = Some(sight);
        walk.follow(&content, own.as_ref().unwrap_or(resources), reading)?;
        let (Some(tile), Some(sight)) = (walk.sight, &mut self.sight) else { return Ok(false) };
        let is_gapless = tile.canvas.painted() > 0.97;
        sight.drawn.extend(tile.drawn);
        sight.tiles.insert(id, is_gapless);
        Ok(is_gapless)
    }

    /// A shading over all that the clip lets through (8.7.4.2).
    fn shade(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(sight) = &mut self.sight else { return };
        let dict = match resources.get_shading(name) {
            Some(Object::Dict(dict)) => dict,
            Some(Object::Stream(stream)) => stream.dict().clone(),
            _ => return,
        };
        let matrix = then(self.state.page, sight.canvas.matrix);
        let mut outline = Outline::default();
        match dict.get::<Rect>("BBox") {
            Some(area) => outline.rectangle(matrix, (area.x0, area.y0), (area.x1, area.y1)),
            None => outline.rectangle([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], (-1.0, -1.0), (1e5, 1e5)),
        }
        let sort = if is_whole(&dict) { Sort::Solid } else { Sort::Gaps };
        let ink = Ink { space: Space::Pattern, colour: None, sort };
        let paint = &self.state.paint;
        if let Some(lay) = paint.lay(&ink, paint.fill_alpha) {
            sight.lay(outline.area(Rule::Winding), paint, Cover::Shape, &mut |_, _| Some((lay, None)));
        }
    }

    /// A picture in the unit square (8.9.5).
    pub(in crate::pdf::text) fn paint_picture(&mut self, stream: &Stream<'_>, resources: &Resources<'_>) {
        self.sight.iter_mut().for_each(|sight| sight.drawn.extend([stream.obj_id().obj_number]));
        if self.is_off(stream.dict()) {
            return;
        }
        let page = self.state.page;
        let Some(sight) = self.sight.as_mut().filter(|sight| !sight.is_off()) else { return };
        let Some(back) = inverse(then(page, sight.canvas.matrix)) else { return };
        let id = stream.obj_id();
        let known = sight.last_picture.as_ref().filter(|(known, _)| *known == id && id.obj_number > 0);
        let picture = match known {
            Some((_, picture)) => picture.clone(),
            None => Picture::of(stream, resources, &sight.canvas.work),
        };
        sight.last_picture = Some((id, picture.clone()));
        let paint = &self.state.paint;
        let ink = if picture.is_stencil {
            paint.fill.clone()
        } else {
            Ink { space: Space::Unknown(0), colour: None, sort: Sort::Solid }
        };
        let lay = paint.lay(&ink, paint.fill_alpha);
        let mut outline = Outline::default();
        outline.rectangle(then(page, sight.canvas.matrix), (0.0, 0.0), (1.0, 1.0));
        if let Some(lay) = lay {
            let mut sample = |x: usize, y: usize| {
                if picture.is_plain() {
                    return Some((lay, None));
                }
                let at = point(back, x as f64 + 0.5, y as f64 + 0.5);
                match picture.paints(at) {
                    Some(true) if picture.is_stencil => Some((lay, ink.colour)),
                    Some(true) => Some((lay, picture.colour(at))),
                    Some(false) => None,
                    None => Some((Lay::Somehow, None)),
                }
            };
            sight.lay(outline.area(Rule::Winding), paint, Cover::Picture, &mut sample);
        }
        // Shadows and the like paint nowhere in full: they are no pictures.
        let side = |at: u32| (f64::from(at) + 0.5) / f64::from(GRID);
        let places = (0..GRID * GRID).map(|at| (side(at % GRID), side(at / GRID)));
        let places: Vec<_> =
            places.filter(|at| picture.paints(*at) != Some(false)).map(|(x, y)| point(page, x, y)).collect();
        if !places.is_empty() && lay != Some(Lay::Somehow) {
            sight.place(&places, paint, lay.is_some());
        }
    }
}

impl Sight<'_> {
    pub(super) fn fill(&mut self, outline: &Outline, rule: Rule, paint: &super::Paint) {
        if let Some(lay) = paint.lay(&paint.fill, paint.fill_alpha) {
            let colour = paint.fill.colour;
            self.lay(outline.area(rule), paint, Cover::Shape, &mut |_, _| Some((lay, colour)));
        }
    }

    /// A line of this width in cells. Hairs hide nothing.
    pub(super) fn stroke(&mut self, outline: &Outline, width: f64, paint: &super::Paint) {
        if width < 0.5 {
            return;
        }
        if let Some(lay) = paint.lay(&paint.stroke, paint.stroke_alpha) {
            let colour = paint.stroke.colour;
            self.lay(outline.trace(width), paint, Cover::Shape, &mut |_, _| Some((lay, colour)));
        }
    }
}

/// Whether a shading leaves nothing out (8.7.4.5).
fn is_whole(shading: &Dict<'_>) -> bool {
    if shading.contains_key("Background") {
        return true;
    }
    match shading.get::<u32>("ShadingType") {
        Some(1) => true,
        Some(2 | 3) => {
            let both: Vec<bool> =
                shading.get::<Array<'_>>("Extend").map(|e| e.iter::<bool>().take(2).collect()).unwrap_or_default();
            both == [true, true]
        }
        _ => false,
    }
}

/// Whether dashes leave gaps (8.4.3.6).
fn is_dashed(dashes: &[f64]) -> bool {
    dashes.iter().any(|dash| *dash > 0.0)
        && !(dashes.len().is_multiple_of(2) && dashes.iter().skip(1).step_by(2).all(|gap| *gap <= 0.0))
}

/// How much a matrix stretches what it stretches least.
fn narrowest([a, b, c, d, ..]: Matrix) -> f64 {
    let longest = a.hypot(b).max(c.hypot(d)).max(1e-9);
    (a * d - b * c).abs() / longest
}

fn inverse([a, b, c, d, e, f]: Matrix) -> Option<Matrix> {
    let size = a * d - b * c;
    if !size.is_finite() || size.abs() < 1e-9 {
        return None;
    }
    Some([d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size])
}

/// What a walk may still do, if it is over.
pub(super) const TOO_MANY: ReadError = ReadError::Limit("annotations of a page of a PDF");
