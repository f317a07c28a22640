//! 本文の一節. A passage of a document's text and where it stands: what the formats read and classification judges.

use std::fmt;

use crate::code::Text;

/// 一節. A run of text in reading order: a paragraph, a cell, a line, a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands.
    pub spot: Spot,
    /// The text, as written: nothing normalised.
    pub text: String,
}

/// 箇所. Where a passage stands in a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Spot {
    /// Names of what it lies in, outermost first: attachments of a mail, entries of an archive. Empty for the
    /// document itself. As written there: never used as a path.
    pub within: Vec<String>,
    /// The page, sheet, slide or line.
    pub unit: Unit,
    /// Which part of that.
    pub part: Part,
}

/// Page, sheet, slide or line; counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// The document as a whole; paragraphs of a text have no page before they are laid out.
    #[default]
    Whole,
    /// A page.
    Page(u32),
    /// A sheet's cell.
    Cell {
        /// The sheet's name.
        sheet: String,
        /// The cell, as `B3`; empty for what belongs to the sheet.
        cell: String,
    },
    /// A slide.
    Slide(u32),
    /// A paragraph of a text.
    Paragraph(u32),
    /// A line of a text file.
    Line(u32),
}

/// The part of a page, sheet, slide or text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Part {
    /// 本文.
    #[default]
    Body,
    /// ヘッダー.
    Header,
    /// フッター.
    Footer,
    /// 注釈・脚注: footnotes and endnotes.
    Footnote,
    /// コメント.
    Comment,
    /// ノート of a slide.
    Notes,
    /// 図形・テキストボックス.
    Shape,
    /// 変更履歴: what was deleted while changes were tracked.
    Deleted,
    /// 非表示: hidden text, rows, columns, sheets and slides.
    Hidden,
    /// 文書のプロパティ, by name.
    Property(String),
    /// ファイル名.
    FileName,
}

impl Unit {
    /// For people.
    #[must_use]
    pub fn name(&self) -> Text {
        match self {
            Self::Whole => Text::fixed("文書全体", "document"),
            Self::Page(number) => Text::new(format!("{number}ページ"), format!("page {number}")),
            Self::Cell { sheet, cell } if cell.is_empty() => {
                Text::new(format!("シート「{sheet}」"), format!("sheet \"{sheet}\""))
            }
            Self::Cell { sheet, cell } => {
                Text::new(format!("シート「{sheet}」{cell}"), format!("sheet \"{sheet}\" {cell}"))
            }
            Self::Slide(number) => Text::new(format!("スライド{number}"), format!("slide {number}")),
            Self::Paragraph(number) => Text::new(format!("第{number}段落"), format!("paragraph {number}")),
            Self::Line(number) => Text::new(format!("{number}行目"), format!("line {number}")),
        }
    }
}

impl Part {
    /// For people; empty for the body.
    #[must_use]
    pub fn name(&self) -> Text {
        match self {
            Self::Body => Text::fixed("", ""),
            Self::Header => Text::fixed("ヘッダー", "header"),
            Self::Footer => Text::fixed("フッター", "footer"),
            Self::Footnote => Text::fixed("脚注", "footnote"),
            Self::Comment => Text::fixed("コメント", "comment"),
            Self::Notes => Text::fixed("ノート", "notes"),
            Self::Shape => Text::fixed("図形", "shape"),
            Self::Deleted => Text::fixed("削除された文", "deleted text"),
            Self::Hidden => Text::fixed("非表示", "hidden"),
            Self::Property(name) => Text::new(format!("プロパティ「{name}」"), format!("property \"{name}\"")),
            Self::FileName => Text::fixed("ファイル名", "file name"),
        }
    }

    /// Whether a reader who opens the document sees it without looking for it.
    #[must_use]
    pub const fn is_in_sight(&self) -> bool {
        matches!(self, Self::Body | Self::Header | Self::Footer | Self::Footnote | Self::Shape)
    }
}

impl Spot {
    /// For people: `添付.docx › 2ページ ヘッダー`.
    #[must_use]
    pub fn name(&self) -> Text {
        let (unit, part) = (self.unit.name(), self.part.name());
        let join = |unit: &str, part: &str| {
            let own = [unit, part].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            self.within.iter().map(String::as_str).chain([own.as_str()]).collect::<Vec<_>>().join(" › ")
        };
        Text::new(join(&unit.ja, &part.ja), join(&unit.en, &part.en))
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().ja)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_is_named_from_the_outside_in() {
        let spot = Spot { within: vec!["添付.docx".to_owned()], unit: Unit::Page(2), part: Part::Header };
        assert_eq!(spot.name().ja, "添付.docx › 2ページ ヘッダー");
        assert_eq!(spot.name().en, "添付.docx › page 2 header");
        assert_eq!(Spot::default().to_string(), "文書全体");
    }
}
