//! 一覧. Every file of a scan as CSV (RFC 4180), as spreadsheets in Japan read it: UTF-8 with a mark at the beginning.

use std::io::{self, Write};

use kakuzuke::Scanned;

use crate::output::Locale;

const HEAD: [(&str, &str); 8] = [
    ("ファイル", "file"),
    ("格付", "grade"),
    ("取扱制限", "restrictions"),
    ("決定者", "decided by"),
    ("指摘", "doubts"),
    ("種類", "kind"),
    ("バイト", "bytes"),
    ("更新日", "written"),
];

/// Writes the list.
///
/// # Errors
/// When it can't be written.
pub fn list(files: impl Iterator<Item = Scanned>, locale: Locale, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let head: Vec<String> = HEAD.iter().map(|(ja, en)| locale.pick(ja, en).to_owned()).collect();
    row(&head, out)?;
    for seen in files {
        let label = seen.label.as_ref();
        let doubts: Vec<String> = seen.doubts.iter().map(|doubt| locale.of(&doubt.name()).to_owned()).collect();
        let fields = [
            seen.path().display().to_string(),
            label.map(|label| label.grade.clone()).unwrap_or_default(),
            label.map(|label| label.restrictions.join("・")).unwrap_or_default(),
            label.map(|label| label.decided_by.clone()).unwrap_or_default(),
            doubts.join("・"),
            seen.kind.clone(),
            seen.bytes.to_string(),
            seen.modified.japan_text(),
        ];
        row(&fields, out)?;
    }
    Ok(())
}

fn row(fields: &[String], out: &mut dyn Write) -> io::Result<()> {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    write!(out, "{}\r\n", fields.join(","))
}

/// A field in quotes. What a spreadsheet would take for a formula gets an apostrophe: names come from anybody.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_none() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(quoted("資料,1"), "\"資料,1\"");
    }
}
