//! 名簿. Names in a column that says that they are: in a sheet by its cells, in a text by what stands between separators. A family
//! name need not be known for that.

use std::collections::BTreeSet;

use super::rules::fold;
use super::stream::{is_han, is_japanese};
use crate::passage::{Passage, Unit};

/// Most columns that are remembered.
const COLUMNS: usize = 1_024;
/// Most fields of a line that are looked at.
const FIELDS: usize = 256;
/// Longest field that may be a name, in bytes: eight letters, and spaces between.
const LONGEST: usize = 64;
/// What stands in such a column and is no name.
const NO_NAMES: [&str; 12] =
    ["未定", "同上", "なし", "該当なし", "空席", "欠員", "合計", "計", "記入例", "非公開", "調整中", "不明"];

/// Follows the columns of one document.
#[derive(Debug, Default)]
pub(super) struct Roster {
    within: Vec<String>,
    /// Of a text: what separates its fields, and which field is the name.
    field: Option<(char, usize)>,
    /// Of sheets: sheet and letters of the column.
    cells: BTreeSet<(String, String)>,
}

impl Roster {
    /// The name in a passage, if it stands in a column of names; `headings` folded.
    pub(super) fn read<'p>(&mut self, passage: &'p Passage, headings: &[String]) -> Option<&'p str> {
        if self.within != passage.spot.within {
            *self = Self { within: passage.spot.within.clone(), ..Self::default() };
        }
        match &passage.spot.unit {
            Unit::Line(_) => self.line(&passage.text, headings),
            Unit::Cell { sheet, cell } => self.cell(&passage.text, (sheet, cell), headings),
            _ => None,
        }
    }

    fn line<'p>(&mut self, text: &'p str, headings: &[String]) -> Option<&'p str> {
        if let Some((separator, at)) = self.field
            && let Some(field) = text.split(separator).take(FIELDS).nth(at).map(plain)
        {
            return Some(field).filter(|field| is_name(field));
        }
        // A line of another form ends the table; it may begin another.
        self.field = [',', '\t', '，', ';'].into_iter().find_map(|separator| {
            let fields = || text.split(separator).take(FIELDS);
            let heading = |field: &str| field.len() <= LONGEST && headings.contains(&fold(plain(field)));
            fields().nth(1)?;
            fields().position(heading).map(|at| (separator, at))
        });
        None
    }

    fn cell<'p>(&mut self, text: &'p str, place: (&String, &String), headings: &[String]) -> Option<&'p str> {
        let text = plain(text);
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let letters: String = place.1.chars().take_while(char::is_ascii_alphabetic).collect();
        let column = (place.0.clone(), letters);
        if headings.contains(&fold(text)) {
            if self.cells.len() < COLUMNS {
                self.cells.insert(column);
            }
            return None;
        }
        (self.cells.contains(&column) && is_name(text)).then_some(text)
    }
}

/// A field without what stands around it.
fn plain(field: &str) -> &str {
    field.trim_matches(|c: char| c == '"' || c.is_whitespace())
}

/// Two to eight Japanese letters, spaces aside; not a word that says that there is no name.
fn is_name(field: &str) -> bool {
    if field.len() > LONGEST {
        return false;
    }
    let letters: Vec<char> = field.chars().filter(|c| !c.is_whitespace()).collect();
    let kanji = letters.iter().any(|c| is_han(*c)) || letters.iter().all(|c| ('\u{30a1}'..='\u{30fc}').contains(c));
    let japanese = letters.iter().all(|c| is_japanese(*c));
    let text: String = letters.iter().collect();
    (2..=8).contains(&letters.len()) && kanji && japanese && !NO_NAMES.contains(&text.as_str())
}
