//! Annotations (ISO 32000-2, 12.5) lie over the page: their appearances, or what viewers draw of them without.

use hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};
use hayro_syntax::page::{Page, Resources};

use super::colour::Space;
use super::outline::{Outline, Rule};
use super::paint::{Ink, Sort};
use super::steps::TOO_MANY;
use crate::limits;
use crate::pdf::text::page::{State, Walk, numbers, point, then};
use crate::text::{Halt, Reading};

impl<'a> Walk<'a, '_> {
    /// Draws a page's annotations over it.
    pub(in crate::pdf::text) fn see_notes(&mut self, page: &Page<'a>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let Some(list) = page.raw().get::<Array<'_>>("Annots") else { return Ok(()) };
        if let Some(sight) = &mut self.sight {
            sight.begin_notes();
        }
        for (count, note) in list.iter::<Dict<'a>>().enumerate() {
            if count >= limits::PDF_NODES {
                return Err(TOO_MANY.into());
            }
            self.saved.clear();
            self.state = State::new();
            let Some(sight) = &mut self.sight else { return Ok(()) };
            sight.marked.clear();
            self.state.paint = sight.paint_of_page();
            self.see_note(&note, reading)?;
        }
        Ok(())
    }

    fn see_note(&mut self, note: &Dict<'a>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let flags = note.get::<u32>("F").unwrap_or(0);
        let kind = note.get::<Name<'_>>("Subtype");
        // Hidden, NoView; a window that opens.
        let is_popup = kind.as_ref().is_some_and(|kind| kind.as_str() == "Popup");
        if flags & 0b10_0010 != 0 || is_popup || self.is_off(note) {
            return Ok(());
        }
        let Some(area) = note.get::<Rect>("Rect") else { return Ok(()) };
        let looks = note.get::<Dict<'a>>("AP");
        let normal = looks.as_ref().and_then(|looks| looks.get::<Object<'a>>("N"));
        match normal {
            Some(Object::Stream(form)) => self.see_form(&form, area, reading),
            Some(Object::Dict(states)) => {
                let state = note.get::<Name<'_>>("AS").and_then(|state| states.get::<Stream<'a>>(&*state));
                state.map_or(Ok(()), |form| self.see_form(&form, area, reading))
            }
            _ => {
                self.see_bare(note, kind.as_ref().map(|kind| kind.as_str()).unwrap_or_default(), area);
                Ok(())
            }
        }
    }

    /// An appearance, fitted into the annotation's rectangle (12.5.5).
    fn see_form(&mut self, form: &Stream<'a>, area: Rect, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let Some(own) = form.dict().get::<Rect>("BBox") else { return Ok(()) };
        let matrix = form.dict().get::<Array<'_>>("Matrix");
        let matrix = matrix.map(|list| numbers(&list.iter::<Object<'_>>().take(6).collect::<Vec<_>>()));
        let matrix = matrix.and_then(|list| list.try_into().ok()).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let corners = [(own.x0, own.y0), (own.x1, own.y0), (own.x1, own.y1), (own.x0, own.y1)];
        let corners = corners.map(|(x, y)| point(matrix, x, y));
        let low = corners.iter().fold((f64::MAX, f64::MAX), |low, at| (low.0.min(at.0), low.1.min(at.1)));
        let high = corners.iter().fold((f64::MIN, f64::MIN), |high, at| (high.0.max(at.0), high.1.max(at.1)));
        let (wide, tall) = (high.0 - low.0, high.1 - low.1);
        if wide < 1e-6 || tall < 1e-6 {
            return Ok(());
        }
        let (x, y) = ((area.x1 - area.x0) / wide, (area.y1 - area.y0) / tall);
        self.state.page = [x, 0.0, 0.0, y, area.x0 - low.0 * x, area.y0 - low.1 * y];
        self.form(form, &Resources::new(Dict::empty()), reading)
    }

    /// What viewers draw of an annotation that brings no appearance.
    fn see_bare(&mut self, note: &Dict<'_>, kind: &str, area: Rect) {
        let Some(sight) = &mut self.sight else { return };
        let matrix = then(self.state.page, sight.canvas.matrix);
        let list = |dict: &Dict<'_>, key: &str| {
            dict.get::<Array<'_>>(key)
                .map(|list| numbers(&list.iter::<Object<'_>>().take(limits::PDF_NODES).collect::<Vec<_>>()))
        };
        let ink = |dict: &Dict<'_>, key: &str| {
            let nothing = Ink { space: Space::Nothing, colour: None, sort: Sort::Nothing };
            list(dict, key).and_then(|inks| Ink::device(&inks)).unwrap_or(nothing)
        };
        let paint = &mut self.state.paint;
        let alpha = note.get::<f32>("CA").map_or(1.0, f64::from);
        (paint.fill_alpha, paint.stroke_alpha) = (alpha, alpha);
        (paint.fill, paint.stroke) = (ink(note, "IC"), ink(note, "C"));
        let mut outline = Outline::default();
        let (from, to) = ((area.x0, area.y0), (area.x1, area.y1));
        let joined = |outline: &mut Outline, places: &[f64]| {
            for (at, pair) in places.chunks_exact(2).enumerate() {
                let [x, y] = *pair else { continue };
                let place = point(matrix, x, y);
                if at == 0 { outline.start(place) } else { outline.line(place) }
            }
        };
        match kind {
            "Square" => outline.rectangle(matrix, from, to),
            "Circle" => outline.ellipse(matrix, from, to),
            "Polygon" | "PolyLine" => joined(&mut outline, &list(note, "Vertices").unwrap_or_default()),
            "Line" => joined(&mut outline, &list(note, "L").unwrap_or_default()),
            "Ink" => {
                let strokes = note.get::<Array<'_>>("InkList");
                for stroke in strokes.iter().flat_map(|list| list.iter::<Array<'_>>()).take(limits::PDF_NODES) {
                    joined(
                        &mut outline,
                        &numbers(&stroke.iter::<Object<'_>>().take(limits::PDF_NODES).collect::<Vec<_>>()),
                    );
                }
            }
            "FreeText" | "Widget" => {
                let colours = note.get::<Dict<'_>>("MK");
                paint.fill = match (&colours, kind) {
                    (Some(colours), "Widget") => ink(colours, "BG"),
                    (_, "FreeText") => paint.stroke.clone(),
                    _ => return,
                };
                paint.stroke = ink(&Dict::empty(), "C");
                outline.rectangle(matrix, from, to);
            }
            _ => return,
        }
        if matches!(kind, "Line" | "Ink" | "PolyLine") {
            paint.fill.sort = Sort::Nothing;
        }
        let border = list(note, "Border").and_then(|border| border.get(2).copied());
        let width =
            note.get::<Dict<'_>>("BS").and_then(|style| style.get::<f32>("W")).map(f64::from).or(border).unwrap_or(1.0);
        sight.fill(&outline, Rule::Winding, paint);
        if kind == "Polygon" || kind == "Square" {
            outline.close();
        }
        sight.stroke(&outline, width * sight.canvas.matrix[0], paint);
    }
}
