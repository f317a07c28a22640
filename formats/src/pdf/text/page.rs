//! The instructions of a page, as far as they show text (ISO 32000-2, 9.4), followed within a budget.

use std::collections::BTreeSet;
use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};
use kakuzuke_core::passage::{Part, Unit};

use super::font::{Face, Fonts, Shown};
use super::lines::{Lines, Placed};
use super::sight::{Concealed, Drawn, Paint, Sight, Work};
use crate::error::ReadError;
use crate::limits;
use crate::text::{Halt, Reading};

/// What is left of a document's bounds.
pub(super) struct Budget {
    instructions: u64,
    painting: Work,
}

impl Budget {
    pub fn new() -> Self {
        Self { instructions: limits::PDF_INSTRUCTIONS, painting: Work::new(limits::PDF_PAINTED) }
    }
}

/// Says the lines of a page; what can't be read of it is a gap.
pub(super) fn read<'a>(
    page: &'a Page<'a>,
    number: u32,
    fonts: &Fonts<'a>,
    budget: &mut Budget,
    reading: &mut Reading<'_>,
) -> Result<(), Halt> {
    let mut walk = Walk::new(fonts, budget);
    let parts = page.raw().get::<Array<'_>>("Contents").map(|list| list.iter::<Stream<'_>>().collect::<Vec<_>>());
    for part in page.raw().get::<Stream<'_>>("Contents").into_iter().chain(parts.unwrap_or_default()) {
        fonts.streams.check(&part)?;
    }
    let content = page.page_stream().unwrap_or_default();
    // Pages may share what they show.
    reading.charge(content.len() as u64)?;
    let outcome = walk.follow(content, page.resources(), reading);
    let (shown, unmapped, pictures, shapes) = (walk.shown, walk.unmapped, walk.pictures, walk.shapes);
    for words in std::mem::take(&mut walk.markings) {
        reading.say(Unit::Page(number), Part::Header, &words)?;
    }
    for (words, is_invisible) in walk.lines.finish() {
        // Under a scanned page, the text that was recognised on it lies without being drawn.
        let part = if is_invisible && pictures == 0 { Part::Hidden } else { Part::Body };
        reading.say(Unit::Page(number), part, &words)?;
    }
    if unmapped > 0 {
        reading.gap(Unit::Page(number), Part::Body, super::unmapped(unmapped));
    }
    match (shown, pictures) {
        (0, 1..) => reading.only_pictures(Unit::Page(number)),
        (0, 0) if shapes > 100 && unmapped == 0 => reading.gap(Unit::Page(number), Part::Body, super::outlined()),
        _ => (0..pictures).for_each(|_| reading.picture()),
    }
    outcome
}

/// A matrix as the specification writes it.
pub(super) type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `a`, then `b`.
pub(super) fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

pub(super) fn point(m: Matrix, x: f64, y: f64) -> (f64, f64) {
    (x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5])
}

#[derive(Clone)]
pub(super) struct State<'a> {
    pub page: Matrix,
    face: Option<Rc<Face<'a>>>,
    size: f64,
    letter: f64,
    word: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    mode: f64,
    pub paint: Paint,
}

impl State<'_> {
    pub fn new() -> Self {
        let (size, letter, word, scale, leading, rise, mode) = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0);
        let (page, face, paint) = (IDENTITY, None, Paint::default());
        Self { page, face, size, letter, word, scale, leading, rise, mode, paint }
    }
}

pub(super) struct Walk<'a, 'f> {
    pub fonts: &'f Fonts<'a>,
    pub budget: &'f mut Budget,
    pub state: State<'a>,
    pub saved: Vec<State<'a>>,
    /// How many more are open than are saved.
    pub unsaved: u64,
    text: Matrix,
    line: Matrix,
    pub depth: usize,
    lines: Lines,
    shown: u64,
    unmapped: u64,
    pictures: u64,
    shapes: u64,
    /// Lines of markings of ours.
    markings: Vec<String>,
    /// The page as it is seen, where that is asked for.
    pub sight: Option<Sight<'f>>,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub fn new(fonts: &'f Fonts<'a>, budget: &'f mut Budget) -> Self {
        let (state, saved, lines) = (State::new(), Vec::new(), Lines::default());
        let (text, line, depth, sight) = (IDENTITY, IDENTITY, 0, None);
        let (unsaved, shown, unmapped, pictures, shapes, markings) = (0, 0, 0, 0, 0, Vec::new());
        Self {
            fonts,
            budget,
            state,
            saved,
            unsaved,
            text,
            line,
            depth,
            lines,
            shown,
            unmapped,
            pictures,
            shapes,
            markings,
            sight,
        }
    }

    pub fn follow(&mut self, content: &[u8], resources: &Resources<'a>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            self.budget.instructions =
                self.budget.instructions.checked_sub(1).ok_or(ReadError::Limit("instructions of a PDF's pages"))?;
            let operands: Vec<Object<'_>> = instruction.operands().take(64).cloned().collect();
            let name: &[u8] = instruction.operator.as_ref();
            self.see(name, &operands, resources, reading)?;
            match name {
                b"Do" => {
                    if let Some(Object::Name(name)) = operands.first() {
                        self.draw(name, resources, reading)?;
                    }
                }
                b"Tf" => self.set_font(&operands, resources),
                b"BI" | b"EI" => self.pictures += 1,
                b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" => self.shapes += 1,
                b"Tj" | b"TJ" | b"'" | b"\"" => self.show_operands(name, &operands),
                other => self.set(other, &numbers(&operands)),
            }
        }
        Ok(())
    }

    /// Instructions that only change the state.
    fn set(&mut self, name: &[u8], n: &[f64]) {
        match (name, n) {
            (b"q", _) if self.saved.len() < limits::PDF_FORMS * 16 => self.saved.push(self.state.clone()),
            (b"q", _) => self.unsaved += 1,
            (b"Q", _) if self.unsaved > 0 => self.unsaved -= 1,
            (b"Q", _) => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            (b"cm", &[a, b, c, d, e, f]) => self.state.page = then([a, b, c, d, e, f], self.state.page),
            (b"BT", _) => (self.text, self.line) = (IDENTITY, IDENTITY),
            (b"Tm", &[a, b, c, d, e, f]) => (self.text, self.line) = ([a, b, c, d, e, f], [a, b, c, d, e, f]),
            (b"Td", &[x, y]) => self.next_line(x, y),
            (b"TD", &[x, y]) => {
                self.state.leading = -y;
                self.next_line(x, y);
            }
            (b"T*", _) => self.next_line(0.0, -self.state.leading),
            (b"TL", &[value]) => self.state.leading = value,
            (b"Tc", &[value]) => self.state.letter = value,
            (b"Tw", &[value]) => self.state.word = value,
            (b"Tz", &[value]) => self.state.scale = value / 100.0,
            (b"Ts", &[value]) => self.state.rise = value,
            (b"Tr", &[value]) => self.state.mode = value,
            _ => {}
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn set_font(&mut self, operands: &[Object<'_>], resources: &Resources<'a>) {
        if let [Object::Name(name), Object::Number(size)] = operands {
            self.state.size = size.as_f64();
            self.state.face = resources.get_font(name).and_then(|dict| self.fonts.face(&dict));
        }
    }

    fn show_operands(&mut self, name: &[u8], operands: &[Object<'_>]) {
        match name {
            b"'" => self.next_line(0.0, -self.state.leading),
            b"\"" => {
                if let [word, letter, ..] = numbers(operands)[..] {
                    (self.state.word, self.state.letter) = (word, letter);
                }
                self.next_line(0.0, -self.state.leading);
            }
            _ => {}
        }
        match operands.last() {
            Some(Object::String(words)) => self.show(words.as_bytes()),
            Some(Object::Array(array)) => {
                for element in array.iter::<Object<'_>>() {
                    match element {
                        Object::String(words) => self.show(words.as_bytes()),
                        Object::Number(back) => {
                            let by = -back.as_f64() / 1000.0 * self.state.size;
                            self.advance(by, by);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn is_horizontal(&self) -> bool {
        self.state.face.as_ref().is_none_or(|face| face.is_horizontal())
    }

    fn advance(&mut self, right: f64, up: f64) {
        let (x, y) = if self.is_horizontal() { (right * self.state.scale, 0.0) } else { (0.0, up) };
        self.text = then([1.0, 0.0, 0.0, 1.0, x, y], self.text);
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(face) = self.state.face.clone() else {
            self.unmapped += bytes.len() as u64;
            self.sight.iter_mut().for_each(Sight::miss_font);
            return;
        };
        for shown in face.show(bytes) {
            let to_page = then(self.text, self.state.page);
            let start = point(to_page, 0.0, self.state.rise);
            let extra = self.state.letter + if shown.is_blank { self.state.word } else { 0.0 };
            let size = self.state.size;
            self.advance(shown.advance.0 / 1000.0 * size + extra, shown.advance.1 / 1000.0 * size + extra);
            let words = match &shown.words {
                Some(words) => words.as_str(),
                None if face.is_symbol => "・",
                None => {
                    self.unmapped += 1;
                    "\u{FFFD}"
                }
            };
            if shown.words.as_ref().is_some_and(|words| !words.trim().is_empty()) {
                self.shown += 1;
            }
            let end = point(then(self.text, self.state.page), 0.0, self.state.rise);
            let (along, size) = self.direction(to_page);
            let is_invisible = (self.state.mode - 3.0).abs() < 0.5;
            self.look(to_page, &shown, size);
            self.lines.add(&Placed { words, start, end, along, size, is_invisible });
        }
    }

    /// A letter as it is seen, where that is asked for. Places are looked at where small letters have ink.
    fn look(&mut self, to_page: Matrix, shown: &Shown, size: f64) {
        if self.sight.is_none() || shown.words.as_ref().is_some_and(|words| words.trim().is_empty()) {
            return;
        }
        let (size_of_font, rise, scale) = (self.state.size, self.state.rise, self.state.scale);
        let (wide, high) = (shown.advance.0 / 1000.0 * size_of_font * scale, shown.advance.1 / 1000.0 * size_of_font);
        let is_horizontal = self.is_horizontal();
        let place = |at: usize| {
            let along = 0.25 * (1 + at % 3) as f64;
            let across = [0.12, 0.3, 0.5].get(at / 3).copied().unwrap_or(0.3);
            let (x, y) = if is_horizontal {
                (wide * along, rise + size_of_font * across)
            } else {
                (size_of_font * (across - 0.3), high * along)
            };
            point(to_page, x, y)
        };
        let mode = match &self.state.face {
            // Their letters are drawn whatever the mode is (9.3.6).
            Some(face) if face.is_procedural => 0,
            _ => self.state.mode.clamp(0.0, 7.0).round() as u8,
        };
        let block = self.state.face.as_ref().and_then(|face| face.block(shown.code)).filter(|_| is_horizontal);
        let corners = block.map(|((left, low), (right, high))| {
            let corner =
                |x: f64, y: f64| point(to_page, x / 1000.0 * size_of_font * scale, rise + y / 1000.0 * size_of_font);
            [corner(left, low), corner(right, low), corner(right, high), corner(left, high)]
        });
        let drawn = Drawn { mode, size, is_known: shown.words.is_some(), block: corners };
        if let Some(sight) = &mut self.sight {
            sight.letter(std::array::from_fn(place), drawn, &self.state.paint);
        }
    }

    /// The direction of writing on the page, and the size of the font there.
    fn direction(&self, to_page: Matrix) -> ((f64, f64), f64) {
        let (x, y) = if self.is_horizontal() { (to_page[0], to_page[1]) } else { (-to_page[2], -to_page[3]) };
        let length = x.hypot(y).max(1e-9);
        ((x / length, y / length), (self.state.size * to_page[2].hypot(to_page[3])).abs())
    }

    /// A form is followed, a picture counted.
    fn draw(&mut self, name: &Name<'_>, resources: &Resources<'a>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let Some(stream) = resources.get_x_object(name) else { return Ok(()) };
        if stream.dict().get::<Name<'_>>("Subtype").is_none_or(|kind| kind.as_str() != "Form") {
            self.pictures += 1;
            self.paint_picture(&stream, resources);
            return Ok(());
        }
        if self.is_off(stream.dict()) {
            return Ok(());
        }
        if stream.dict().contains_key(crate::pdf::mark::KEY) {
            return self.marking(&stream, resources, reading);
        }
        self.form(&stream, resources, reading)
    }

    /// A form of our marking is no text of the page: with it, a page of pictures is still one.
    fn marking(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        reading: &mut Reading<'_>,
    ) -> Result<(), Halt> {
        let (lines, counts) = (std::mem::take(&mut self.lines), (self.shown, self.pictures, self.shapes));
        let outcome = self.form(stream, resources, reading);
        let drawn = std::mem::replace(&mut self.lines, lines).finish();
        self.markings.extend(drawn.into_iter().map(|(words, _)| words));
        (self.shown, self.pictures, self.shapes) = counts;
        outcome
    }

    pub fn form(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        reading: &mut Reading<'_>,
    ) -> Result<(), Halt> {
        if self.depth >= limits::PDF_FORMS {
            return Err(ReadError::Limit("forms of a PDF in one another").into());
        }
        let content = self.fonts.streams.decode(stream)?;
        reading.charge(content.len() as u64)?;
        let dict: &Dict<'a> = stream.dict();
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let (before, saved) = (self.state.clone(), std::mem::take(&mut self.saved));
        let unsaved = std::mem::take(&mut self.unsaved);
        if let Some(matrix) = dict.get::<Array<'_>>("Matrix") {
            let values: Vec<f64> = numbers(&matrix.iter::<Object<'_>>().take(6).collect::<Vec<_>>());
            self.set(b"cm", &values);
        }
        self.see_into(dict);
        self.depth += 1;
        let outcome = self.follow(&content, own.as_ref().unwrap_or(resources), reading);
        self.depth -= 1;
        (self.state, self.saved, self.unsaved) = (before, saved, unsaved);
        outcome
    }
}

pub(super) fn numbers(operands: &[Object<'_>]) -> Vec<f64> {
    operands.iter().filter_map(|o| if let Object::Number(n) = o { Some(n.as_f64()) } else { None }).collect()
}

/// The words of an appearance, such as a stamp's.
pub(super) fn appearance<'a>(
    stream: &Stream<'a>,
    fonts: &Fonts<'a>,
    reading: &mut Reading<'_>,
) -> Result<Vec<String>, Halt> {
    let mut budget = Budget { instructions: 100_000, painting: Work::new(0) };
    let mut walk = Walk::new(fonts, &mut budget);
    let outcome = walk.form(stream, &Resources::new(Dict::empty()), reading);
    let lines = walk.lines.finish().into_iter().map(|(words, _)| words).collect();
    outcome.map(|()| lines)
}

/// A page as it is seen.
#[derive(Default)]
pub(super) struct Seen {
    pub found: Concealed,
    /// Why not all of it was looked at.
    pub lacks: Option<&'static str>,
    /// The words on it.
    pub words: String,
    /// Words that its instructions say in place of what they show (ISO 32000-2, 14.9).
    pub said: Vec<String>,
    /// The pictures on it, by the numbers of their objects.
    pub drawn: BTreeSet<u32>,
}

/// Paints a page with its annotations, to see what readers see of it.
pub(super) fn seen<'a>(
    page: &'a Page<'a>,
    fonts: &Fonts<'a>,
    budget: &mut Budget,
    hides: &dyn Fn(u32) -> bool,
    reading: &mut Reading<'_>,
) -> Result<Seen, Halt> {
    let paper = page.intersected_crop_box();
    let sight = Sight::new((paper.x0, paper.y0), (paper.x1, paper.y1), budget.painting.clone(), hides);
    let mut walk = Walk::new(fonts, budget);
    walk.state.paint = sight.paint_of_page();
    walk.sight = Some(sight);
    walk.follow(page.page_stream().unwrap_or_default(), page.resources(), reading)?;
    walk.see_notes(page, reading)?;
    let lines = walk.lines.finish().into_iter().map(|(words, _)| words);
    let words = lines.chain(walk.markings).collect::<Vec<_>>().join("\n");
    Ok(Seen { words, ..walk.sight.map(Sight::finish).unwrap_or_default() })
}
