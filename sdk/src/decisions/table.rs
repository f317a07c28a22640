//! 提案の表. The suggestions as CSV (RFC 4180) that an officer opens in a spreadsheet, decides in and saves; and the same read
//! back, whatever the spreadsheet made of it: UTF-8 or CP932, commas, semicolons or tabs, columns moved.

use std::fmt::Write as _;
use std::path::Path;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::Digest;

use super::{Decision, place_below};
use crate::error::{Error, Result};
use crate::messages;
use crate::options::Grading;
use crate::reports::Failure;
use crate::suggest::Suggested;

/// Largest table, in bytes.
const LARGEST: u64 = 256 << 20;
/// Most columns of a row.
const COLUMNS: usize = 256;
/// Pieces of evidence named in a row.
const REASONS: usize = 6;
/// What a spreadsheet takes for the beginning of a formula, and the sign that stands before it.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\'', '＝', '＋', '－', '＠'];

/// The columns, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Decision,
    Grade,
    Restrictions,
    Confidence,
    Path,
    Reasons,
    Present,
    Fingerprint,
}

impl Column {
    const ALL: [Self; 8] = [
        Self::Decision,
        Self::Grade,
        Self::Restrictions,
        Self::Confidence,
        Self::Path,
        Self::Reasons,
        Self::Present,
        Self::Fingerprint,
    ];

    const fn name(self) -> Text {
        match self {
            Self::Decision => Text::fixed("決定（はい／いいえ）", "decision (yes/no)"),
            Self::Grade => Text::fixed("格付", "grade"),
            Self::Restrictions => Text::fixed("取扱制限", "restrictions"),
            Self::Confidence => Text::fixed("確からしさ", "confidence"),
            Self::Path => Text::fixed("文書", "document"),
            Self::Reasons => Text::fixed("根拠", "evidence"),
            Self::Present => Text::fixed("現在の格付", "present label"),
            Self::Fingerprint => Text::fixed("照合（変更しないでください）", "check (do not change)"),
        }
    }

    fn named(field: &str) -> Option<Self> {
        let field = field.trim();
        Self::ALL.into_iter().find(|column| column.name().ja == field || column.name().en.eq_ignore_ascii_case(field))
    }
}

/// What an officer has decided of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableRow {
    /// To be done.
    Decided(Decision),
    /// Nothing decided; the suggestion is one that may be taken together with others.
    Sure(Decision),
    /// Nothing decided.
    Undecided,
    /// Decided against.
    Declined,
    /// The row can't be carried out.
    Wrong(Failure),
}

/// 提案の表.
#[derive(Debug)]
pub struct Table;

impl Table {
    /// Writes suggestions for documents below a folder as a table; those outside it, or with names that are no text, are
    /// given back.
    #[must_use]
    pub fn write<'s>(folder: &Path, rows: &'s [Suggested], english: bool) -> (String, Vec<&'s Suggested>) {
        let pick = |text: &Text| if english { text.en.to_string() } else { text.ja.to_string() };
        let (mut out, mut left) = (String::from('\u{feff}'), Vec::new());
        put_row(&Column::ALL.map(|column| pick(&column.name())), &mut out);
        for row in rows {
            let Some(path) = row.path.strip_prefix(folder).ok().and_then(Path::to_str) else {
                left.push(row);
                continue;
            };
            let grading = row.grading();
            let reasons: Vec<String> = row.reasons().iter().take(REASONS).map(&pick).collect();
            let fields = Column::ALL.map(|column| match column {
                Column::Decision => String::new(),
                Column::Grade => grading.grade.clone(),
                Column::Restrictions => grading.restrictions.join("・"),
                Column::Confidence => pick(&row.confidence_text()),
                Column::Path => path.to_owned(),
                Column::Reasons => reasons.join(" / "),
                Column::Present => row.present.clone().unwrap_or_default(),
                Column::Fingerprint => format!("sha256:{}", row.fingerprint),
            });
            put_row(&fields, &mut out);
        }
        (out, left)
    }

    /// Reads a table back: one result for each row, in order.
    ///
    /// # Errors
    /// [`Code::Usage`] when it is no such table, [`Code::LimitExceeded`] when it is too large.
    pub fn read(table: &Path, folder: &Path, post: Option<&str>) -> Result<Vec<TableRow>> {
        let length = table.metadata().map_err(|e| Error::io(table, e))?.len();
        if length > LARGEST {
            return Err(Error::of(Code::LimitExceeded).at(table));
        }
        let bytes = std::fs::read(table).map_err(|e| Error::io(table, e))?;
        let root = folder.canonicalize().map_err(|e| Error::io(folder, e))?;
        let text = decoded(&bytes);
        let no_table = || Error::new(Code::Usage, messages::NO_TABLE).at(table);
        let head_end = text.find('\n').unwrap_or(text.len());
        let head = text.get(..head_end).unwrap_or_default();
        let separator = [',', '\t', ';'].into_iter().max_by_key(|sign| head.matches(*sign).count()).unwrap_or(',');
        let mut rows = rows(&text, separator).into_iter();
        let columns: Vec<Option<Column>> = rows.next().ok_or_else(no_table)?.iter().map(|n| Column::named(n)).collect();
        let needed = [Column::Decision, Column::Grade, Column::Path, Column::Fingerprint];
        if needed.iter().any(|column| !columns.contains(&Some(*column))) {
            return Err(no_table());
        }
        let rows = rows.filter(|row| row.iter().any(|field| !field.trim().is_empty()));
        Ok(rows.map(|fields| Row { columns: &columns, fields: &fields }.decided(&root, post)).collect())
    }
}

/// A row as it was read.
struct Row<'t> {
    columns: &'t [Option<Column>],
    fields: &'t [String],
}

impl Row<'_> {
    fn field(&self, column: Column) -> &str {
        let at = self.columns.iter().position(|c| *c == Some(column));
        at.and_then(|at| self.fields.get(at)).map_or("", |field| field.trim())
    }

    fn decided(&self, root: &Path, post: Option<&str>) -> TableRow {
        let word = self.field(Column::Decision).to_lowercase();
        let take = match word.as_str() {
            "はい" | "○" | "〇" | "◯" | "yes" | "y" | "ok" | "1" => true,
            "" => false,
            "いいえ" | "×" | "✕" | "no" | "n" | "0" => return TableRow::Declined,
            _ => return self.wrong(Error::new(Code::Usage, messages::decision_unread(&word))),
        };
        let sure =
            [messages::SURE.ja, messages::SURE.en].iter().any(|w| self.field(Column::Confidence).starts_with(&**w));
        if !take && !sure {
            return TableRow::Undecided;
        }
        match self.decision(root, post) {
            Ok(decision) if take => TableRow::Decided(decision),
            Ok(decision) => TableRow::Sure(decision),
            Err(error) => self.wrong(error),
        }
    }

    fn decision(&self, root: &Path, post: Option<&str>) -> Result<Decision> {
        let path = place_below(root, Path::new(self.field(Column::Path)))?;
        let fingerprint = self.field(Column::Fingerprint).strip_prefix("sha256:").and_then(|hex| hex.parse().ok());
        let fingerprint: Digest = fingerprint.ok_or_else(|| Error::new(Code::Usage, messages::CHECK_CHANGED))?;
        let restrictions = Some(self.field(Column::Restrictions)).filter(|text| !text.is_empty());
        let grading = Grading {
            grade: self.field(Column::Grade).to_owned(),
            restrictions: restrictions.map(ToOwned::to_owned).into_iter().collect(),
            post: post.map(ToOwned::to_owned),
        };
        Ok(Decision { path, fingerprint, grading })
    }

    fn wrong(&self, error: Error) -> TableRow {
        TableRow::Wrong(Failure::new(self.field(Column::Path).into(), &error))
    }
}

fn put_row(fields: &[String], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        let guard = if field.starts_with(FORMULA) { "'" } else { "" };
        let comma = if at == 0 { "" } else { "," };
        let _never_fails = write!(out, "{comma}\"{guard}{}\"", field.replace('"', "\"\""));
    }
    out.push_str("\r\n");
}

/// The text of a table: UTF-8, else what spreadsheets on Japanese systems write.
fn decoded(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map(ToOwned::to_owned);
    let text = text.unwrap_or_else(|_| encoding_rs::SHIFT_JIS.decode(bytes).0.into_owned());
    text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text)
}

/// The fields of each row; a quote inside quotes is written twice.
fn rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '\r' if !quoted && signs.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(unguarded(std::mem::take(&mut field)));
                rows.push(std::mem::take(&mut row));
            }
            sign if !quoted && sign == separator && row.len() < COLUMNS => {
                row.push(unguarded(std::mem::take(&mut field)));
            }
            sign => field.push(sign),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(unguarded(field));
        rows.push(row);
    }
    rows
}

/// A field without the sign that kept it from being a formula.
fn unguarded(field: String) -> String {
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest.to_owned(),
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fields in prop::collection::vec("[-=+@'\"\\\\,;\t\r\n a-zあ-ん＝]{0,12}", 1..6)) {
            let mut out = String::new();
            put_row(&fields, &mut out);
            prop_assert_eq!(rows(&out, ','), vec![fields]);
        }

        #[test]
        fn anything_is_read_without_harm(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _rows = rows(&text, ',');
            let _rows = rows(&decoded(&bytes), ';');
        }

        #[test]
        fn no_field_is_a_formula(field in "[-=+@'＝\t]{1,3}.{0,10}") {
            let mut out = String::new();
            put_row(&[field], &mut out);
            prop_assert!(out.starts_with("\"'"));
        }
    }

    fn read(table: &str, folder: &Path) -> Vec<TableRow> {
        let path = folder.join("表.csv");
        std::fs::write(&path, table).unwrap();
        Table::read(&path, folder, None).unwrap()
    }

    #[test]
    fn what_a_spreadsheet_makes_of_it_is_read_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let check = "0".repeat(64);
        let head = "照合（変更しないでください）;文書;格付;決定（はい／いいえ）;取扱制限;ほか";
        let rows = read(&format!("{head}\nsha256:{check};案.docx;C2I1A1;○;複製禁止・総務課限り;x\n;;;;;\n"), &root);
        let [TableRow::Decided(decision)] = rows.as_slice() else { unreachable!("{rows:?}") };
        assert_eq!((&decision.path, decision.grading.grade.as_str()), (&root.join("案.docx"), "C2I1A1"));
        assert_eq!(decision.grading.restrictions, ["複製禁止・総務課限り"]);
        // As Excel on a Japanese system saves "CSV".
        let text = format!(
            "決定（はい／いいえ）,文書,格付,照合（変更しないでください）\r\nはい,表.txt,C3I1A1,sha256:{check}\r\n"
        );
        std::fs::write(root.join("cp932.csv"), encoding_rs::SHIFT_JIS.encode(&text).0).unwrap();
        let rows = Table::read(&root.join("cp932.csv"), &root, Some("総務課長")).unwrap();
        assert!(matches!(&rows[0], TableRow::Decided(d) if d.path == root.join("表.txt") && d.grading.post.is_some()));
    }

    #[test]
    fn a_row_that_leads_out_of_the_folder_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("共有")).unwrap();
        std::os::unix::fs::symlink(&root, root.join("共有/外")).unwrap();
        let check = "0".repeat(64);
        for path in ["../a.txt", "/etc/passwd", "a/../../b", "外/a.txt", "./a.txt", ""] {
            let table =
                format!("decision (yes/no),document,grade,check (do not change)\nyes,{path},C2I1A1,sha256:{check}\n");
            let rows = read(&table, &root.join("共有"));
            assert!(matches!(rows.as_slice(), [TableRow::Wrong(_)]), "{path}: {rows:?}");
        }
        let rows =
            read("decision (yes/no),document,grade,check (do not change)\nperhaps,a,C2I1A1,x\nyes,a,C2I1A1,x\n", &root);
        assert!(matches!(rows.as_slice(), [TableRow::Wrong(_), TableRow::Wrong(_)]), "{rows:?}");
        assert!(Table::read(&root.join("共有"), &root, None).is_err());
    }
}
