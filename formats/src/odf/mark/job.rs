//! 結果. What is counted and told while a document is marked.

use kakuzuke_core::code::Text;

use crate::limits;
use crate::marking::{MarkError, Marked};

/// A document being marked.
#[derive(Default)]
pub(super) struct Job {
    pub marked: Marked,
}

/// Notes of one document; more would be read by nobody.
const NOTES: usize = 20;

impl Job {
    /// One more place shows the marking.
    pub fn place(&mut self) -> Result<(), MarkError> {
        self.marked.places += 1;
        if self.marked.places > limits::MARKED_PLACES {
            return Err(MarkError::Refused("the document has too many pages or page styles"));
        }
        Ok(())
    }

    fn note(&mut self, note: Text) {
        if self.marked.notes.len() < NOTES && !self.marked.notes.contains(&note) {
            self.marked.notes.push(note);
        }
    }

    /// A page style whose top margin has no room for the line.
    pub fn narrow(&mut self, style: &str) {
        self.note(Text::new(
            format!("ページスタイル「{style}」は上の余白が狭く、表示が本文に重なることがあります。"),
            format!("The top margin of the page style \"{style}\" is narrow: the marking may lie over text."),
        ));
    }

    /// A page style with a header that somebody wrote and switched off.
    pub fn switched_off(&mut self, style: &str) {
        self.note(Text::new(
            format!("ページスタイル「{style}」には、文字があるのに表示しない設定のヘッダーがあるため、表示を付けていません。"),
            format!("The page style \"{style}\" has a header with words that is switched off; it shows no marking."),
        ));
    }

    /// A page style of sheets with no room at all.
    pub fn full(&mut self, style: &str) {
        self.note(Text::new(
            format!("ページスタイル「{style}」は上の余白がなく、セルを動かさずに表示を付けられません。"),
            format!("The page style \"{style}\" has no top margin: it can't show a marking without moving cells."),
        ));
    }

    /// A page style of sheets that are fitted to pages.
    pub fn fitted(&mut self, style: &str) {
        self.note(Text::new(
            format!(
                "ページスタイル「{style}」はページ数に合わせて縮小されるため、印刷の位置がわずかに動くことがあります。"
            ),
            format!("The page style \"{style}\" is fitted to pages: what is printed may move a little."),
        ));
    }

    /// Sheets have no place for words behind their cells.
    pub fn no_watermark(&mut self) {
        self.note(Text::fixed(
            "表計算の文書には透かしを付けられません（ヘッダーの表示だけです）。",
            "Sheets can't have a watermark: their headers show the marking only.",
        ));
    }

    /// A document without pages.
    pub fn empty(&mut self) {
        self.note(Text::fixed("ページがありません。", "There are no pages."));
    }
}
