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

/// How dark: 0 is black, 255 white.
pub(crate) type Shade = u8;
const INK: Shade = 0;
const SOFT: Shade = 85;
const RULE: Shade = 119;
const FIELD: Shade = 221;

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
    let mut page = Column { face, marks: Vec::new(), x: 56.0, y: 44.0, width: width - 112.0, scale };
    page.grade_box(cover, 250.0);
    page.y += 44.0 * scale;
    page.centred(&words::TITLE.ja, 27.0, 7.0, INK);
    page.y += 9.0;
    page.centred(&words::TITLE.en, 13.0, 0.6, SOFT);
    page.y += 26.0 * scale;
    page.both(&words::INTRODUCTION, 10.5, 8.0);
    page.y += 16.0 * scale;
    page.table(cover, 122.0);
    page.y += 22.0 * scale;
    page.opening(cover);
    page.y += 10.0;
    let bottom = page.y + 46.0;
    page.y = page.y.max(height - 82.0);
    page.footer();
    (page.marks, bottom)
}

fn slide(face: &Face, cover: &Cover, scale: f32) -> (Vec<Mark>, f32) {
    let (width, height) = Shape::Slide.size();
    let mut page = Column { face, marks: Vec::new(), x: 40.0, y: 28.0, width: width - 80.0, scale };
    page.grade_box(cover, 300.0);
    let beside = page.y;
    page.y = 30.0;
    page.line(&words::TITLE.ja, 24.0, 5.0, INK);
    page.y += 4.0;
    page.line(&words::TITLE.en, 12.0, 0.4, SOFT);
    page.y = page.y.max(beside) + 12.0 * scale;
    page.both(&words::INTRODUCTION, 9.5, 7.5);
    page.y += 10.0 * scale;
    let (top, whole) = (page.y, page.width);
    page.width = whole * 0.58;
    page.table(cover, 104.0);
    let left = page.y;
    (page.x, page.y, page.width) = (page.x + whole * 0.62, top, whole * 0.38);
    page.opening(cover);
    let bottom = page.y.max(left) + 42.0;
    (page.x, page.y, page.width) = (40.0, height - 56.0, whole);
    page.footer();
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

    fn centred(&mut self, text: &str, size: f32, spacing: f32, shade: Shade) {
        let count = text.chars().count().saturating_sub(1) as f32;
        let width = self.face.width(text) * size + spacing * count;
        self.put(self.x + (self.width - width) / 2.0, text, size, spacing, shade);
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

    /// The grade and its restrictions in a box at the top right, as agencies print them.
    fn grade_box(&mut self, cover: &Cover, widest: f32) {
        let size = 12.0 * self.scale;
        let mut lines = break_lines(self.face, &cover.grades.ja, widest / size);
        lines.extend(self.joined(&cover.restrictions, widest / size));
        let inner = lines.iter().map(|l| self.face.width(l) * size).fold(0.0, f32::max);
        let (left, top) = (self.x + self.width - inner - 20.0, self.y);
        self.y += 7.0;
        for line in lines {
            self.put(left + 10.0, &line, size, 0.0, INK);
        }
        self.y += 5.0;
        self.frame(left, top, inner + 20.0, self.y - top);
    }

    /// Restrictions joined by 「・」, a new line rather than one broken in the middle.
    fn joined(&self, restrictions: &[Text], width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for restriction in restrictions {
            match lines.last_mut() {
                Some(line) if self.face.width(line) + self.face.width(&restriction.ja) + 1.0 <= width => {
                    line.push('・');
                    line.push_str(&restriction.ja);
                }
                _ => lines.extend(break_lines(self.face, &restriction.ja, width)),
            }
        }
        lines
    }

    fn table(&mut self, cover: &Cover, label: f32) {
        let none = [words::NO_RESTRICTIONS];
        let restrictions = if cover.restrictions.is_empty() { none.as_slice() } else { &cover.restrictions };
        let kind = cover.kind.name();
        let rows: [(&Text, &[Text]); 6] = [
            (&words::GRADES, std::slice::from_ref(&cover.grades)),
            (&words::RESTRICTIONS, restrictions),
            (&words::DECIDER, std::slice::from_ref(&cover.decider)),
            (&words::ORGANIZATION, std::slice::from_ref(&cover.organization)),
            (&words::KIND, std::slice::from_ref(&kind)),
            (&words::HANDLING, &cover.handling),
        ];
        let top = self.y;
        for (name, values) in rows.into_iter().filter(|(_, values)| !values.is_empty()) {
            self.row(name, values, label * self.scale.max(0.7));
        }
        self.fill(self.x, self.y, self.width, 1.1, INK);
        self.fill(self.x, top, self.width, 1.1, INK);
    }

    fn row(&mut self, name: &Text, values: &[Text], label: f32) {
        let (x, width, top, under) = (self.x, self.width, self.y, self.marks.len());
        self.y += 6.0 * self.scale;
        let start = self.y;
        (self.x, self.width) = (x + 8.0, label - 12.0);
        self.both(name, 10.5, 8.0);
        let named = self.y;
        (self.x, self.y, self.width) = (x + label + 10.0, start, width - label - 18.0);
        for (place, value) in values.iter().enumerate() {
            self.y += if place == 0 { 0.0 } else { 3.0 * self.scale };
            self.both(value, 10.5, 8.0);
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

    fn footer(&mut self) {
        self.fill(self.x, self.y, self.width, 0.6, RULE);
        self.y += 6.0;
        self.flow(&words::FOOTER.ja, 8.5, SOFT);
        self.flow(&words::FOOTER.en, 7.5, SOFT);
    }
}

/// 禁則. Characters that do not begin a line.
const NOT_FIRST: &str = "、。，．・：；？！）」』】］〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}%";
/// Characters that do not end a line.
const NOT_LAST: &str = "（「『【［〔〈《([{";

/// Breaks a text into lines at most `width` em wide: Latin words whole, Japanese by 禁則.
fn break_lines(face: &Face, text: &str, width: f32) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    for piece in pieces(text) {
        let needs = face.width(piece.trim_end());
        if used > 0.0 && used + needs > width {
            lines.push(line.trim_end().to_owned());
            (line, used) = (String::new(), 0.0);
        }
        for character in piece.chars() {
            let advance = face.advance(character);
            if used > 0.0 && used + advance > width && !character.is_whitespace() {
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
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after.is_whitespace() {
        return false;
    }
    before.is_whitespace() || !before.is_ascii() || !after.is_ascii()
}
