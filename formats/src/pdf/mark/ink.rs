//! What is drawn: the words as forms of ours (ISO 32000-2, 8.10), and the instructions that draw them on a page as an
//! artifact of pagination (14.8.2.2), so that a tagged document's own text stays as it is.

use std::fmt::Write;

use skrifa::outline::OutlinePen;

use crate::cover::is_invisible;
use crate::error::LabelError;
use crate::pdf::object::{Dict, Object, Reference};
use crate::pdf::update::Update;

use super::balance::Balance;
use super::ours::KEY;
use super::place::{Matrix, PITCH, longest};
use super::typeface::{Typeface, deflated, number};

/// How ink may be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Manner {
    /// The part of PDF/A that the document says it keeps to.
    pub archival: Option<u32>,
    /// Whether the page may be seen through the watermark; else its letters are drawn as outlines.
    pub is_translucent: bool,
}

impl Manner {
    /// A shade of grey for filling and for lines. PDF/A wants colours that do not depend on the device.
    fn grey(self, shade: &str) -> String {
        if self.archival.is_some() {
            format!("/C0 cs {shade} sc /C0 CS {shade} SC\n")
        } else {
            format!("{shade} g {shade} G\n")
        }
    }

    fn resources(self, font: Reference) -> Dict {
        let mut resources = Dict::default().with("Font", Dict::default().with("F0", font));
        if self.archival.is_some() {
            let white = Object::Array([0.9505, 1.0, 1.089].map(number).to_vec());
            let grey = Dict::default().with("WhitePoint", white).with("Gamma", number(2.2));
            let space = Object::Array(vec![Object::name("CalGray"), grey.into()]);
            resources = resources.with("ColorSpace", Dict::default().with("C0", space));
        }
        if self.is_translucent {
            let seen = Dict::default().with("ca", number(0.3)).with("CA", number(0.3));
            resources = resources.with("ExtGState", Dict::default().with("G0", seen));
        }
        resources
    }
}

/// Units of a form's space an em.
const EM: f64 = 10.0;
/// How far the font reaches above its baseline, in em.
const ASCENT: f64 = 0.88;
/// Width of the line drawn white around the header's letters, half of it outside, in a form's units.
const RIM: &str = "1.4";

/// The font and the way in which everything of a marking is drawn.
pub(super) struct Ink<'t> {
    pub typeface: &'t Typeface,
    pub font: Reference,
    pub manner: Manner,
    pub tag: Object,
}

impl Ink<'_> {
    /// The header line's form: its upper right corner is the origin. A white rim keeps it legible on dark pages.
    pub fn line(&self, update: &mut Update<'_>, lines: &[String]) -> Result<Reference, LabelError> {
        let face = &self.typeface.face;
        let width = longest(face, lines) * EM;
        let spots: Vec<(f64, f64, &String)> = (0..)
            .zip(lines)
            .map(|(row, line)| (-f64::from(face.width(line)) * EM, -(ASCENT + f64::from(row) * PITCH) * EM, line))
            .collect();
        let mut drawn = self.manner.grey("1");
        let _ = writeln!(drawn, "1 j {RIM} w");
        for (x, y, line) in &spots {
            let mut pen = Pen { out: &mut drawn, x: *x, y: *y, last: (0.0, 0.0) };
            for character in line.chars().filter(|c| !is_invisible(*c)) {
                face.outline(character, EM as f32, &mut pen);
                pen.x += f64::from(face.advance(character)) * EM;
            }
        }
        drawn.push_str("S\n");
        drawn.push_str(&self.manner.grey("0"));
        self.words(&mut drawn, "0 Tr", &spots);
        self.form(update, &drawn, [-width - 1.0, -(lines.len() as f64) * PITCH * EM, 1.0, 1.0], self.manner)
    }

    /// The watermark's form: its middle is the origin.
    pub fn watermark(&self, update: &mut Update<'_>, lines: &[String]) -> Result<Reference, LabelError> {
        let face = &self.typeface.face;
        let (width, height) = (longest(face, lines) * EM, lines.len() as f64 * PITCH * EM);
        let top = height / 2.0 - (PITCH - 1.0) / 2.0 * EM;
        let spots: Vec<(f64, f64, &String)> = (0..)
            .zip(lines)
            .map(|(row, line)| {
                (-f64::from(face.width(line)) * EM / 2.0, top - (ASCENT + f64::from(row) * PITCH) * EM, line)
            })
            .collect();
        let mut drawn = String::new();
        if self.manner.is_translucent {
            drawn.push_str("/G0 gs\n");
            drawn.push_str(&self.manner.grey("0.5"));
            self.words(&mut drawn, "0 Tr", &spots);
        } else {
            drawn.push_str(&self.manner.grey("0.7"));
            drawn.push_str("0.12 w\n");
            self.words(&mut drawn, "1 Tr", &spots);
        }
        let corners = [-width / 2.0 - 1.0, -height / 2.0 - 1.0, width / 2.0 + 1.0, height / 2.0 + 1.0];
        self.form(update, &drawn, corners, self.manner)
    }

    fn words(&self, drawn: &mut String, mode: &str, spots: &[(f64, f64, &String)]) {
        let _ = writeln!(drawn, "BT /F0 {EM} Tf {mode}");
        for (x, y, line) in spots {
            let _ = writeln!(drawn, "1 0 0 1 {} {} Tm <{}> Tj", said(*x), said(*y), self.typeface.encoded(line));
        }
        drawn.push_str("ET\n");
    }

    fn form(
        &self,
        update: &mut Update<'_>,
        drawn: &str,
        corners: [f64; 4],
        manner: Manner,
    ) -> Result<Reference, LabelError> {
        let dict = Dict::default()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::Array(corners.map(number).to_vec()))
            .with("Resources", manner.resources(self.font))
            .with(KEY, self.tag.clone());
        deflated(update, dict, drawn.as_bytes())
    }
}

/// A form to be drawn on a page: its name, from its space to the page, and what it is.
pub(super) struct Drawn {
    pub name: String,
    /// For an em of 1.
    pub matrix: Matrix,
    pub is_watermark: bool,
}

/// The instructions in front of a page's own.
pub(super) fn opening(balance: Balance) -> String {
    "q\n".repeat(balance.before as usize)
}

/// The instructions behind a page's own; alone, in front of them, where they may not be surrounded.
pub(super) fn closing(balance: Balance, forms: &[Drawn]) -> String {
    let mut drawn = String::from("\n");
    if !balance.is_beneath {
        if balance.is_text {
            drawn.push_str("ET\n");
        }
        drawn.push_str(&"EMC\n".repeat(balance.marked as usize));
        drawn.push_str(&"Q\n".repeat(balance.after as usize));
    }
    for form in forms {
        let kind = if form.is_watermark { "/Watermark" } else { "/Header/Attached[/Top]" };
        let [a, b, c, d, e, f] = form.matrix;
        let scaled = [a / EM, b / EM, c / EM, d / EM, e, f].map(said).join(" ");
        let _ =
            writeln!(drawn, "/Artifact<</Type/Pagination/Subtype{kind}>>BDC\nq {scaled} cm /{} Do Q\nEMC", form.name);
    }
    drawn
}

fn said(value: f64) -> String {
    match number(value) {
        Object::Number(digits) => digits,
        _ => String::new(),
    }
}

/// Outlines as instructions.
struct Pen<'o> {
    out: &'o mut String,
    x: f64,
    y: f64,
    last: (f64, f64),
}

impl Pen<'_> {
    fn say(&mut self, points: &[(f64, f64)], operator: &str) {
        for (x, y) in points {
            let _ = write!(self.out, "{:.2} {:.2} ", self.x + x, self.y + y);
        }
        self.out.push_str(operator);
        self.out.push('\n');
        self.last = points.last().copied().unwrap_or(self.last);
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.say(&[(x.into(), y.into())], "m");
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.say(&[(x.into(), y.into())], "l");
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = ((f64::from(cx), f64::from(cy)), (f64::from(x), f64::from(y)));
        let (px, py) = self.last;
        let toward = |from: f64, control: f64| from + (control - from) * 2.0 / 3.0;
        self.say(&[(toward(px, cx), toward(py, cy)), (toward(x, cx), toward(y, cy)), (x, y)], "c");
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.say(&[(ax.into(), ay.into()), (bx.into(), by.into()), (x.into(), y.into())], "c");
    }

    fn close(&mut self) {
        self.out.push_str("h\n");
    }
}
