//! 一覧. Every file of a scan as CSV (RFC 4180), as spreadsheets in Japan read it: UTF-8 with a mark at the beginning.

use std::io::{self, Write};

use kakuzuke::{ScanState, Scanned};

use super::chart::is_unseen;
use crate::output::Locale;

const HEAD: [(&str, &str); 15] = [
    ("ファイル", "file"),
    ("状態", "state"),
    ("格付", "grade"),
    ("取扱制限", "restrictions"),
    ("決定者", "decided by"),
    ("指摘", "doubts"),
    ("提案", "suggested"),
    ("提案の取扱制限", "restrictions suggested"),
    ("確からしさ（％）", "confidence (%)"),
    ("根拠", "found"),
    ("読めない理由", "not read"),
    ("中の格付済み", "labelled inside"),
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
    row(HEAD.iter().map(|(ja, en)| locale.pick(ja, en).to_owned()), out)?;
    for seen in files {
        let label = seen.label.as_ref();
        let doubts: Vec<String> = seen.doubts.iter().map(|doubt| locale.of(&doubt.name()).to_owned()).collect();
        let asked = seen.suggestion.as_ref().filter(|asked| asked.confidence > 0);
        let found = asked.map_or(&[][..], |asked| asked.found.as_slice());
        let found: Vec<String> = found.iter().map(|(name, count)| format!("{} {count}", locale.of(name))).collect();
        let grade = label.map(|label| label.grade.clone()).or_else(|| seen.declared.clone());
        let fields = [
            seen.path().display().to_string(),
            state(seen.state, locale).to_owned(),
            grade.unwrap_or_default(),
            label.map(|label| label.restrictions.join("・")).unwrap_or_default(),
            label.map(|label| label.decided_by.clone()).unwrap_or_default(),
            doubts.join("・"),
            asked.map(|asked| asked.grade.clone()).unwrap_or_default(),
            asked.map(|asked| asked.restrictions.join("・")).unwrap_or_default(),
            asked.map(|asked| asked.confidence.to_string()).unwrap_or_default(),
            found.join("・"),
            seen.why.as_ref().map(|why| locale.of(why).to_owned()).unwrap_or_default(),
            seen.inside.map(|inside| (inside.labelled + inside.protected).to_string()).unwrap_or_default(),
            seen.kind.clone(),
            seen.bytes.to_string(),
            seen.modified.japan_text(),
        ];
        row(fields, out)?;
    }
    Ok(())
}

/// How a file stands, in words.
pub const fn state(state: ScanState, locale: Locale) -> &'static str {
    match state {
        ScanState::Protected => locale.pick("保護済み", "protected"),
        ScanState::Labelled => locale.pick("明示のみ", "labelled only"),
        ScanState::Declared => locale.pick("規程による明示", "labelled by rule"),
        ScanState::Unlabelled => locale.pick("未格付", "not labelled"),
        ScanState::Locked => locale.pick("パスワード付き", "password-protected"),
        ScanState::LostEnvelope => locale.pick("中身を失った表紙", "cover without envelope"),
        _ => locale.pick("読み取れない", "could not be read"),
    }
}

fn row(fields: impl IntoIterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let fields: Vec<String> = fields.into_iter().map(|field| quoted(&field)).collect();
    write!(out, "{}\r\n", fields.join(","))
}

/// A field in quotes. What a spreadsheet would take for a formula gets an apostrophe, what is not seen a mark: names come from
/// anybody.
fn quoted(field: &str) -> String {
    let formula = field.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let shown: String = field.chars().map(|c| if is_unseen(c) { '\u{fffd}' } else { c }).collect();
    format!("\"{}{}\"", if formula { "'" } else { "" }, shown.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_none() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(quoted("\t=1+1"), "\"'\u{fffd}=1+1\"");
        assert_eq!(quoted("資料,1\n\u{202e}fdp.exe"), "\"資料,1\u{fffd}\u{fffd}fdp.exe\"");
    }
}
