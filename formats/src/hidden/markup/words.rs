//! Words between tags: whether they are seen.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::sight::Seen;
use super::{File, Sort, drawing};
use crate::hidden::{Category, characters};

/// Elements whose words are no part of the page.
const NOT_OF_THE_PAGE: &[&str] = &["head", "title", "style", "script", "desc", "metadata"];
/// Elements that show something else where they can, and their words only where they can't.
const INSTEAD: &[&str] = &["canvas", "audio", "video", "iframe", "object"];
/// Signs for readers that can't set words above others: longer ones are words.
const SIGNS: usize = 2;

impl File<'_> {
    pub(super) fn push_words(&mut self, raw: &str) {
        if self.sort != Sort::Xml && self.is_said(raw) && !self.is_seen(raw) {
            return;
        }
        if raw.is_ascii() && !raw.bytes().any(|b| b.is_ascii_control() && !b.is_ascii_whitespace()) {
            return self.out.push_str(raw);
        }
        let (ledger, line) = (&mut *self.ledger, self.line);
        let sifted = characters::sift(raw, &mut |unseen| {
            let (ja, en) = unseen.name();
            ledger.found(Category::HiddenText, Unit::Line(line), &Text::fixed(ja, en))
        });
        self.out.push_str(&sifted);
    }

    /// Whether these are words of the page at all.
    fn is_said(&self, raw: &str) -> bool {
        let is_silent = self.open.last().is_none_or(|open| open.is_silent);
        let within =
            |names: &[&str]| self.elements.last().is_some_and(|element| names.contains(&element.name.as_str()));
        !is_silent && !within(NOT_OF_THE_PAGE) && !is_blank(raw)
    }

    /// Whether words stay; those that are not seen are told.
    fn is_seen(&mut self, raw: &str) -> bool {
        let Some(open) = self.open.last() else { return true };
        let (seen, is_drawing) = (open.sight.of_words(), open.sight.is_drawing);
        let names = || self.elements.iter().rev().map(|element| element.name.as_str());
        let is_drawn = !is_drawing || drawing::draws_words(names());
        let is_instead = names().any(|name| INSTEAD.contains(&name));
        let is_sign = names().next() == Some("rp") && raw.trim().chars().count() > SIGNS;
        if !is_drawn {
            return !self.found(Category::HiddenText, "図に描かれない文字", "words that a drawing does not draw");
        }
        if is_instead || is_sign {
            self.kept(
                Category::Unseen,
                "代わりに置かれ、表示されない文字",
                "words in place of something, which are not shown",
            );
            return true;
        }
        match seen {
            Seen::Yes => true,
            Seen::Sizeless => !self.found(Category::HiddenText, "大きさのない文字", "letters without a size"),
            Seen::No => {
                let (ja, en) = (
                    "地と同じ色・極小・画面の外の文字",
                    "letters in the colour of their ground, tiny, or beside the page",
                );
                self.kept(Category::Unseen, ja, en);
                true
            }
        }
    }
}

/// Whether there is nothing to see in words anyway.
fn is_blank(raw: &str) -> bool {
    let mut rest = raw.trim_start();
    loop {
        let after = ["&nbsp;", "&#160;", "&#xa0;", "&#xA0;"].iter().find_map(|blank| rest.strip_prefix(blank));
        match after {
            Some(after) => rest = after.trim_start(),
            None => return rest.is_empty(),
        }
    }
}
