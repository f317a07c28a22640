//! フィールド. Codes of Word's fields, which stand in pieces in one run or many (ISO/IEC 29500-1, 17.16).

use std::collections::HashSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, is_path};
use crate::text::{Halt, Node, Tag, walk};

type Judged = (Category, &'static str, &'static str);

/// What the code of a field hides.
pub(super) fn judge(code: &str) -> Option<Judged> {
    const OUTSIDE: [&str; 8] = ["INCLUDETEXT", "INCLUDEPICTURE", "LINK", "DDE", "DDEAUTO", "DATABASE", "IMPORT", "RD"];
    const LINKS: Judged =
        (Category::Links, "フィールドに残った外部への参照", "a field's reference to something outside");
    let mut words = code.split_whitespace();
    let first = words.next().unwrap_or_default().to_ascii_uppercase();
    let is_named = |word: &str| {
        let word = word.trim_matches('"');
        is_path(word) || is_path(&word.replace("\\\\", "\\"))
    };
    match first.as_str() {
        outside if OUTSIDE.contains(&outside) => Some(LINKS),
        "HYPERLINK" if words.any(is_named) => Some(LINKS),
        "ADDIN" | "PRIVATE" => {
            Some((Category::PrivateData, "アドインのデータを持つフィールド", "a field with data of an add-in"))
        }
        "SET" => Some((
            Category::HiddenText,
            "値を置くだけで表示されないフィールド",
            "a field that sets a value and shows nothing",
        )),
        _ => None,
    }
}

/// A field that is open.
#[derive(Default)]
struct Field {
    code: String,
    /// The pieces of its code, by the number of their element.
    pieces: Vec<usize>,
    has_result: bool,
}

/// Reads the fields of a part.
#[derive(Default)]
struct Reading {
    open: Vec<Field>,
    number: usize,
    is_code: bool,
    done: Vec<Field>,
}

/// Notes fields whose codes hide something; the pieces of those that go, by the number of their element.
pub(super) fn codes(part: &str, unit: &Unit, ledger: &mut Ledger) -> Result<HashSet<usize>, ReadError> {
    let mut reading = Reading::default();
    let read = walk(part, &mut |node| {
        match node {
            Node::Start(tag) => reading.start(tag),
            Node::Text(words) if reading.is_code => reading.say(words),
            Node::End("instrText") => reading.is_code = false,
            _ => {}
        }
        Ok(())
    });
    if let Err(Halt::Read(e)) = read {
        return Err(e);
    }
    let mut gone = HashSet::new();
    for field in reading.done.into_iter().chain(reading.open) {
        if let Some((category, ja, en)) = judge(&field.code)
            && ledger.found(category, unit.clone(), &Text::fixed(ja, en))
        {
            gone.extend(field.pieces);
        }
    }
    Ok(gone)
}

impl Reading {
    fn start(&mut self, tag: &Tag<'_>) {
        match (tag.name, tag.get("fldCharType").as_deref()) {
            ("fldChar", Some("begin")) => self.open.push(Field::default()),
            ("fldChar", Some("separate")) => self.open.last_mut().into_iter().for_each(|field| field.has_result = true),
            ("fldChar", Some("end")) => self.done.extend(self.open.pop()),
            ("instrText", _) => {
                self.is_code = true;
                if self.open.last().is_none_or(|field| field.has_result) {
                    // A code outside of any field: nobody shows it.
                    self.done.push(Field { pieces: vec![self.number], ..Field::default() });
                } else if let Some(field) = self.open.last_mut() {
                    field.pieces.push(self.number);
                }
            }
            _ => {}
        }
        self.number += 1;
    }

    fn say(&mut self, words: &str) {
        let field = match self.open.last_mut().filter(|field| !field.has_result) {
            Some(field) => Some(field),
            None => self.done.last_mut(),
        };
        field.into_iter().for_each(|field| field.code.push_str(words));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::hidden::Wanted;

    #[test]
    fn codes_are_told_from_words() {
        let links = |code| judge(code).is_some_and(|(category, ..)| category == Category::Links);
        assert!(links(" INCLUDEPICTURE \"x.png\" \\d") && links(" HYPERLINK \"C:\\\\a\\\\b.docx\" "));
        assert!(judge(" HYPERLINK \"https://example.go.jp\" ").is_none() && judge(" PAGE ").is_none());
    }

    #[test]
    fn a_code_in_pieces_is_one_code() {
        let run = |inner: &str| format!("<w:r>{inner}</w:r>");
        let mark = |kind: &str| run(&format!("<w:fldChar w:fldCharType=\"{kind}\"/>"));
        let code = |words: &str| run(&format!("<w:instrText>{words}</w:instrText>"));
        let inner = [mark("begin"), code("PAGE"), mark("separate"), mark("end")].concat();
        let part = format!(
            "<w:p>{}</w:p>",
            [mark("begin"), code(" INC"), code("LUDE"), inner, code("TEXT a"), mark("separate"), mark("end")].concat()
        );
        let mut ledger = Ledger::new(Wanted::usual());
        let gone = codes(&part, &Unit::Whole, &mut ledger).unwrap();
        assert_eq!(gone.len(), 3);
        assert!(ledger.has(Category::Links));
        assert!(codes(&part, &Unit::Whole, &mut Ledger::new(Wanted::nothing())).unwrap().is_empty());
    }
}
