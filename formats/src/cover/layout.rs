//! Where the words of a cover stand on the sheet: one layout for the PDF page and the picture.

use kakuzuke_core::code::Text;

use super::font::Face;
use super::{Cover, words};

/// A sheet's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A4 upright.
    Portrait,
    /// A slide, 16:9.
    Slide,
}

impl Shape {
    /// Width and height in points.
    pub fn size(self) -> (f32, f32) {
        match self {
            Self::Portrait => (595.0, 842.0),
            Self::Slide => (842.0, 473.625),
        }
    }
}

/// How light: 0 is the ink, 255 the paper.
pub(crate) type Shade = u8;
const INK: Shade = 0;
const SOFT: Shade = 85;
const RULE: Shade = 119;
const FIELD: Shade = 229;
const PAPER: Shade = 255;

/// The colour of a shade: one dark blue ink on white paper.
pub(crate) fn colour(shade: Shade) -> [u8; 3] {
    const DEEP: [u8; 3] = [16, 34, 66];
    DEEP.map(|part| part + (u16::from(255 - part) * u16::from(shade) / 255) as u8)
}

/// One thing drawn; units are points from the top left corner.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// Words on a baseline, with extra space after each character.
    Words { x: f32, y: f32, size: f32, shade: Shade, spacing: f32, text: String },
    /// A filled box; lines are thin boxes.
    Fill { x: f32, y: f32, width: f32, height: f32, shade: Shade },
}

/// A column that fills downwards.
struct Column<'a> {
    face: &'a Face,
    marks: Vec<Mark>,
    x: f32,
    y: f32,
    width: f32,
    scale: f32,
}

/// Lays a cover out; `None` when the words do not fit, however small.
pub(crate) fn lay_out(face: &Face, cover: &Cover, shape: Shape) -> Option<Vec<Mark>> {
    let (_, height) = shape.size();
    [1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.5, 0.4].into_iter().find_map(|scale| {
        let (marks, bottom) = match shape {
            Shape::Portrait => portrait(face, cover, scale),
            Shape::Slide => slide(face, cover, scale),
        };
        (bottom <= height - 24.0).then_some(marks)
    })
}

fn portrait(face: &Face, cover: &Cover, scale: f32) -> (Vec<Mark>, f32) {
    let (width, height) = Shape::Portrait.size();
    let mut page = Column { face, marks: Vec::new(), x: 52.0, y: 40.0, width: width - 104.0, scale };
    page.masthead(cover);
    page.band(cover);
    page.y += 34.0 * scale;
    page.line(&words::TITLE.ja, 26.0, 4.0, INK);
    page.y += 2.0;
    page.line(&words::TITLE.en, 12.0, 0.4, SOFT);
    page.y += 13.0 * scale;
    page.both(&words::INTRODUCTION, 10.5, 8.0);
    page.y += 20.0 * scale;
    page.table(cover, 122.0);
    page.y += 24.0 * scale;
    page.opening(cover);
    page.y += 10.0;
    let bottom = page.y + page.footer_height(cover) - 24.0;
    page.y = page.y.max(height - 30.0 - page.footer_height(cover));
    page.footer(cover);
    (page.marks, bottom)
}

fn slide(face: &Face, cover: &Cover, scale: f32) -> (Vec<Mark>, f32) {
    let (width, height) = Shape::Slide.size();
    let mut page = Column { face, marks: Vec::new(), x: 40.0, y: 24.0, width: width - 80.0, scale };
    page.masthead(cover);
    page.band(cover);
    page.y += 16.0 * scale;
    let (top, whole) = (page.y, page.width);
    page.width = whole * 0.47;
    page.line(&words::TITLE.ja, 21.0 * scale, 3.0, INK);
    page.line(&words::TITLE.en, 11.0 * scale, 0.4, SOFT);
    page.y += 6.0 * scale;
    page.both(&words::INTRODUCTION, 9.5, 7.5);
    page.y += 10.0 * scale;
    page.opening(cover);
    let left = page.y;
    (page.x, page.y, page.width) = (page.x + whole * 0.52, top, whole * 0.48);
    page.table(cover, 116.0);
    let footer = page.footer_height(cover);
    let bottom = page.y.max(left) + footer;
    (page.x, page.y, page.width) = (40.0, height - 20.0 - footer, whole);
    page.footer(cover);
    (page.marks, bottom)
}

impl Column<'_> {
    fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, shade: Shade) {
        self.marks.push(Mark::Fill { x, y, width, height, shade });
    }

    fn frame(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let line = 1.1;
        self.fill(x, y, width, line, INK);
        self.fill(x, y + height - line, width, line, INK);
        self.fill(x, y, line, height, INK);
        self.fill(x + width - line, y, line, height, INK);
    }

    /// One line of words, which the caller knows to fit; moves down by its height.
    fn line(&mut self, text: &str, size: f32, spacing: f32, shade: Shade) {
        self.put(self.x, text, size, spacing, shade);
    }

    fn put(&mut self, x: f32, text: &str, size: f32, spacing: f32, shade: Shade) {
        let mark = Mark::Words { x, y: self.y + size * 0.88, size, shade, spacing, text: text.to_owned() };
        self.marks.push(mark);
        self.y += size * 1.42;
    }

    /// Words broken into lines of the column's width.
    fn flow(&mut self, text: &str, size: f32, shade: Shade) {
        let size = size * self.scale;
        for line in break_lines(self.face, text, self.width / size) {
            self.line(&line, size, 0.0, shade);
        }
    }

    /// Japanese, and English below it where it says something else.
    fn both(&mut self, text: &Text, ja: f32, en: f32) {
        self.flow(&text.ja, ja, INK);
        if text.en != text.ja && !text.en.is_empty() {
            self.y += 1.0;
            self.flow(&text.en, en, SOFT);
        }
    }

    /// Who speaks: the organisation, above everything else.
    fn masthead(&mut self, cover: &Cover) {
        let (ja, en) = (&cover.organization.ja, &cover.organization.en);
        let (top, said) = (self.y, self.face.width(ja) * 11.0 + 12.0);
        self.flow(ja, 11.0 / self.scale, INK);
        if en != ja && said + self.face.width(en) * 8.5 <= self.width {
            let below = std::mem::replace(&mut self.y, top + 2.2);
            self.put(self.x + said, en, 8.5, 0.0, SOFT);
            self.y = below;
        }
        self.y += 4.0;
    }

    /// 格付. The first grade large in a dark band, the others beside it, the restrictions in a field below.
    fn band(&mut self, cover: &Cover) {
        let (ja, en) = (terms(&cover.grades.ja, '・'), terms(strip_code(&cover.grades.en), ','));
        let (x, width, top, under) = (self.x, self.width, self.y, self.marks.len());
        let others = ja.len().max(1) - 1;
        let share = if others == 0 { width } else { width * 0.66 };
        (self.x, self.width) = (x + 18.0, share - 36.0);
        self.y += 13.0 * self.scale;
        if let Some(first) = ja.first() {
            let widest = self.face.width(first) + 0.06 * first.chars().count() as f32;
            let size = (38.0 * self.scale).min(self.width / widest).max(14.0 * self.scale);
            for line in break_lines(self.face, first, self.width / size / 1.06) {
                self.line(&line, size, size * 0.06, PAPER);
            }
        }
        if let Some(first) = en.first().filter(|_| cover.grades.en != cover.grades.ja) {
            self.flow(first, 12.0, FIELD);
        }
        let left = std::mem::replace(&mut self.y, top + 17.0 * self.scale);
        (self.x, self.width) = (x + share + 14.0, width - share - 24.0);
        for (place, other) in ja.iter().enumerate().skip(1) {
            self.flow(other, 14.0, PAPER);
            if let Some(other) = en.get(place).filter(|_| en.len() == ja.len() && cover.grades.en != cover.grades.ja) {
                self.flow(other, 8.5, FIELD);
            }
            self.y += 4.0 * self.scale;
        }
        self.y = self.y.max(left) + 10.0 * self.scale;
        (self.x, self.width) = (x, width);
        if others > 0 {
            self.fill(x + share, top + 16.0 * self.scale, 0.7, self.y - top - 32.0 * self.scale, RULE);
        }
        self.marks.insert(under, Mark::Fill { x, y: top, width, height: self.y - top, shade: INK });
        let none = [words::NO_RESTRICTIONS];
        let restrictions = if cover.restrictions.is_empty() { none.as_slice() } else { &cover.restrictions };
        let field = self.y;
        self.row(&words::RESTRICTIONS, restrictions, (122.0 * self.scale.max(0.7), 12.5));
        self.frame(x, field, width, self.y - field);
    }

    fn table(&mut self, cover: &Cover, label: f32) {
        let kind = cover.kind.name();
        let rows: [(&Text, &[Text]); 4] = [
            (&words::DECIDER, std::slice::from_ref(&cover.decider)),
            (&words::ORGANIZATION, std::slice::from_ref(&cover.organization)),
            (&words::KIND, std::slice::from_ref(&kind)),
            (&words::HANDLING, &cover.handling),
        ];
        let top = self.y;
        for (name, values) in rows.into_iter().filter(|(_, values)| !values.is_empty()) {
            self.row(name, values, (label * self.scale.max(0.7), 10.5));
        }
        self.fill(self.x, self.y, self.width, 1.1, INK);
        self.fill(self.x, top, self.width, 1.1, INK);
    }

    /// A name in its field of `label` points, and the values beside it, `size` points large.
    fn row(&mut self, name: &Text, values: &[Text], (label, size): (f32, f32)) {
        let (x, width, top, under) = (self.x, self.width, self.y, self.marks.len());
        self.y += 6.0 * self.scale;
        let start = self.y;
        (self.x, self.width) = (x + 8.0, label - 12.0);
        self.both(name, 10.5, 8.0);
        let named = self.y;
        (self.x, self.y, self.width) = (x + label + 10.0, start, width - label - 18.0);
        for (place, value) in values.iter().enumerate() {
            self.y += if place == 0 { 0.0 } else { 3.0 * self.scale };
            self.both(value, size, size * 0.76);
        }
        self.y = self.y.max(named) + 4.0 * self.scale;
        (self.x, self.width) = (x, width);
        let field = Mark::Fill { x, y: top, width: label, height: self.y - top, shade: FIELD };
        self.marks.insert(under, field);
        self.fill(x, top, width, 0.6, RULE);
    }

    fn opening(&mut self, cover: &Cover) {
        let size = 12.0 * self.scale;
        let heading = format!("{}　{}", words::OPENING.ja, words::OPENING.en);
        self.fill(self.x, self.y, 3.0, size * 1.15, INK);
        self.put(self.x + 9.0, &heading, size, 0.0, INK);
        self.y += 4.0 * self.scale;
        let steps = if cover.opening.is_empty() { words::STEPS.as_slice() } else { &cover.opening };
        let (x, width, indent) = (self.x, self.width, 20.0 * self.scale);
        for (number, step) in (1..).zip(steps) {
            let top = self.y;
            self.put(x, &format!("{number}."), 10.0 * self.scale, 0.0, INK);
            (self.x, self.y, self.width) = (x + indent, top, width - indent);
            self.both(step, 10.0, 8.0);
            self.y += 3.0 * self.scale;
            (self.x, self.width) = (x, width);
        }
    }

    fn footer(&mut self, cover: &Cover) {
        self.fill(self.x, self.y, self.width, 0.6, RULE);
        self.y += 6.0;
        for (text, size, shade) in footer(self.face, cover) {
            self.flow(&text, size / self.scale, shade);
        }
    }

    /// Height of the footer in points.
    fn footer_height(&self, cover: &Cover) -> f32 {
        let lines = footer(self.face, cover);
        let heights = lines
            .iter()
            .map(|(text, size, _)| break_lines(self.face, text, self.width / size).len() as f32 * size * 1.42);
        heights.sum::<f32>() + 6.0
    }
}

/// The lines at the foot of the sheet, with size and shade.
fn footer(face: &Face, cover: &Cover) -> Vec<(String, f32, Shade)> {
    let mut lines = vec![(words::FOOTER.ja.to_string(), 8.5, SOFT), (words::FOOTER.en.to_string(), 7.5, SOFT)];
    if cover.texts().any(|text| [&text.ja, &text.en].iter().any(|words| words.chars().any(|c| !face.draws(c)))) {
        lines.push((format!("{}　{}", words::MISSING.ja, words::MISSING.en), 7.5, INK));
    }
    lines
}

/// The parts of a header line.
fn terms(line: &str, between: char) -> Vec<&str> {
    line.split(between).map(str::trim).filter(|term| !term.is_empty()).collect()
}

/// `C2I1A1: Confidentiality 2, …` without the code, which is for programs.
fn strip_code(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, rest)| rest)
}

/// 禁則. Characters that do not begin a line.
const NOT_FIRST: &str = "、。，．・：；？！）」』】］〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}%";
/// Characters that do not end a line.
const NOT_LAST: &str = "（「『【［〔〈《([{";

/// Breaks a text into lines at most `width` em wide: Latin words whole, Japanese by 禁則.
fn break_lines(face: &Face, text: &str, width: f32) -> Vec<String> {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    break_whole(face, &text, width)
}

/// As [`break_lines`], with the characters that show nothing: they stay beside the one before them.
pub(crate) fn break_whole(face: &Face, text: &str, width: f32) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    for piece in pieces(text) {
        let needs = face.width(piece.trim_end());
        if used > 0.0 && used + needs > width {
            lines.push(line.trim_end().to_owned());
            (line, used) = (String::new(), 0.0);
        }
        for character in piece.chars() {
            let advance = face.advance(character);
            let may_end = !character.is_whitespace() && !is_invisible(character);
            if used > 0.0 && used + advance > width && may_end {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(character);
            used += advance;
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Characters that only choose among forms of the one before them, or show nothing by themselves.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

/// The parts of a text between which a line may be broken.
fn pieces(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut previous) = (Vec::new(), 0, None);
    for (at, character) in text.char_indices() {
        if previous.is_some_and(|p| may_break(p, character)) {
            found.extend(text.get(start..at));
            start = at;
        }
        previous = Some(character);
    }
    found.extend(text.get(start..));
    found
}

fn may_break(before: char, after: char) -> bool {
    if is_invisible(after) || NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after.is_whitespace() {
        return false;
    }
    before.is_whitespace() || !before.is_ascii() || !after.is_ascii()
}
