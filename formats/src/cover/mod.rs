//! 表紙. What someone without our software sees of a protected file: that it is protected, how it must be
//! handled, and how to open it. Nothing secret: neither title nor original name.

mod across;
mod font;
mod layout;
mod page;
mod picture;
pub(crate) mod words;

use kakuzuke_core::code::Text;

use crate::error::WrapError;

use crate::kind::Kind;
use crate::limits;

pub(crate) use across::across;
pub(crate) use font::{BYTES, Face};
pub(crate) use layout::{Shape, break_whole, is_invisible};
pub(crate) use picture::Pen;

/// What a cover page says. Built by the caller from the verified label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// 機関名. The organisation that protected the file.
    pub organization: Text,
    /// 格付の表示. The header line as the agency prints it, such as `機密性２情報・完全性２情報・可用性１情報`.
    pub grades: Text,
    /// 取扱制限. Printed forms, one each.
    pub restrictions: Vec<Text>,
    /// 決定者. The post (官職) that decided the grade.
    pub decider: Text,
    /// 取扱い上の留意事項. Handling notes, one a line.
    pub handling: Vec<Text>,
    /// 開き方. How to open the file, one step a line; empty for the built-in words.
    pub opening: Vec<Text>,
    /// ファイルの種類. Kind of the document inside.
    pub kind: Kind,
}

impl Cover {
    /// The cover as a PDF of one page.
    pub(crate) fn page(&self) -> Result<Vec<u8>, WrapError> {
        let face = self.face()?;
        let marks = layout::lay_out(&face, self, Shape::Portrait).ok_or(TOO_MUCH)?;
        page::draw(&face, Shape::Portrait, &marks).ok_or(NOT_DRAWN)
    }

    /// The cover as a PNG.
    pub(crate) fn picture(&self, shape: Shape) -> Result<Vec<u8>, WrapError> {
        let face = self.face()?;
        let marks = layout::lay_out(&face, self, shape).ok_or(TOO_MUCH)?;
        picture::draw(&face, shape, picture::SCALE, &marks).ok_or(NOT_DRAWN)
    }

    /// 縮小表示. The cover as a PNG of `height` pixels, for file managers.
    ///
    /// # Errors
    /// [`WrapError::Cover`] when the words do not fit on the page or can't be drawn.
    pub fn thumbnail(&self, height: u16) -> Result<Vec<u8>, WrapError> {
        let face = self.face()?;
        let marks = layout::lay_out(&face, self, Shape::Portrait).ok_or(TOO_MUCH)?;
        let (_, points) = Shape::Portrait.size();
        picture::draw(&face, Shape::Portrait, f32::from(height) / points, &marks).ok_or(NOT_DRAWN)
    }

    /// The cover's words in one text, for readers who can't see the picture.
    pub(crate) fn plain(&self) -> Text {
        let restrictions: Vec<&Text> = self.restrictions.iter().collect();
        let line = |pick: fn(&Text) -> &str| {
            let mut said = vec![pick(&words::TITLE).to_owned(), pick(&self.grades).to_owned()];
            said.extend(restrictions.iter().map(|r| pick(r).to_owned()));
            said.push(format!("{}: {}", pick(&words::DECIDER), pick(&self.decider)));
            said.push(format!("{}: {}", pick(&words::ORGANIZATION), pick(&self.organization)));
            said
        };
        Text::new(line(|t| &t.ja).join(" / "), line(|t| &t.en).join(" / "))
    }

    /// All of the cover in lines of text, Japanese first.
    pub(crate) fn letter(&self) -> Result<String, WrapError> {
        self.check()?;
        let pages = [Self::ja as fn(&Text) -> &str, Self::en].map(|pick| self.lines(pick).join("\r\n"));
        Ok(pages.join("\r\n\r\n----\r\n\r\n") + "\r\n")
    }

    fn ja(text: &Text) -> &str {
        &text.ja
    }

    fn en(text: &Text) -> &str {
        &text.en
    }

    fn lines(&self, pick: fn(&Text) -> &str) -> Vec<String> {
        let none = [words::NO_RESTRICTIONS];
        let restrictions = if self.restrictions.is_empty() { &none[..] } else { &self.restrictions };
        let restrictions: Vec<&str> = restrictions.iter().map(pick).collect();
        let field = |name: &Text, value: &str| format!("{}: {value}", pick(name));
        let mut lines = vec![pick(&words::TITLE).to_owned(), pick(&words::INTRODUCTION).to_owned(), String::new()];
        lines.push(field(&words::GRADES, pick(&self.grades)));
        lines.push(field(&words::RESTRICTIONS, &restrictions.join(" / ")));
        lines.push(field(&words::DECIDER, pick(&self.decider)));
        lines.push(field(&words::ORGANIZATION, pick(&self.organization)));
        lines.push(field(&words::KIND, pick(&self.kind.name())));
        for (name, said) in [(&words::HANDLING, &self.handling[..]), (&words::OPENING, self.steps())] {
            if !said.is_empty() {
                lines.extend([String::new(), pick(name).to_owned()]);
                lines.extend(said.iter().map(|line| format!("・{}", pick(line))));
            }
        }
        lines.extend([String::new(), pick(&words::FOOTER).to_owned()]);
        lines
    }

    fn steps(&self) -> &[Text] {
        if self.opening.is_empty() { &words::STEPS } else { &self.opening }
    }

    /// Every text that the caller gave.
    fn texts(&self) -> impl Iterator<Item = &Text> {
        let fields = [&self.organization, &self.grades, &self.decider];
        fields.into_iter().chain([&self.restrictions, &self.handling, &self.opening].into_iter().flatten())
    }

    fn face(&self) -> Result<font::Face, WrapError> {
        self.check()?;
        font::Face::new().ok_or(NOT_DRAWN)
    }

    /// That the words are words, and not too many.
    fn check(&self) -> Result<(), WrapError> {
        let lists = [&self.restrictions, &self.handling, &self.opening];
        if lists.iter().any(|list| list.len() > limits::COVER_LINES) {
            return Err(WrapError::Cover("too many lines"));
        }
        for words in self.texts().flat_map(|text| [&text.ja, &text.en]) {
            if words.chars().count() > limits::COVER_CHARACTERS {
                return Err(WrapError::Cover("a line is too long"));
            }
            if words.chars().any(char::is_control) {
                return Err(WrapError::Cover("control character"));
            }
        }
        Ok(())
    }
}

const TOO_MUCH: WrapError = WrapError::Cover("the words do not fit on the page");
const NOT_DRAWN: WrapError = WrapError::Cover("not drawn");

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
