//! Plain text: it shows all it holds but characters that are not seen, remarks of Markdown, and what follows its end.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Category, Ledger, characters};

/// The text, and the zeros at its end with what lies between them.
pub(super) fn split_tail(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    // The last character of UTF-16 may end in one.
    let is_wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || bytes.get(1) == Some(&0);
    if is_wide || end == 0 { (bytes, &[]) } else { bytes.split_at(end) }
}

/// What stays of the zeros at the end.
pub(super) fn tail<'b>(behind: &'b [u8], ledger: &mut Ledger) -> &'b [u8] {
    let what = Text::fixed("末尾の空のデータ", "empty data at the end");
    if behind.is_empty() || ledger.found(Category::Leftovers, Unit::Whole, &what) { &[] } else { behind }
}

/// The text without what is not seen in it.
pub(super) fn clean(text: &str, ledger: &mut Ledger) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
        if line.is_ascii() && !line.bytes().any(|b| b.is_ascii_control() && !b.is_ascii_whitespace()) {
            out.push_str(line);
            continue;
        }
        out.push_str(&characters::sift(line, &mut |unseen| {
            let (ja, en) = unseen.name();
            ledger.found(Category::HiddenText, Unit::Line(number), &Text::fixed(ja, en))
        }));
    }
    out
}

/// Markdown: also without remarks, which are shown nowhere.
pub(super) fn clean_markdown(text: &str, ledger: &mut Ledger) -> String {
    let (mut out, mut is_code, mut in_remark) = (String::with_capacity(text.len()), false, false);
    for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
        let begin = line.trim_start();
        if !in_remark && (begin.starts_with("```") || begin.starts_with("~~~")) {
            is_code = !is_code;
        }
        if is_code || line.starts_with("    ") && !in_remark {
            out.push_str(line);
            continue;
        }
        let is_label = begin.starts_with("[//]: #") || begin.starts_with("[comment]: #");
        out.push_str(&remarks(line, is_label, &mut in_remark, &mut || {
            let what = Text::fixed("コメント", "comments");
            ledger.found(Category::Comments, Unit::Line(number), &what)
        }));
    }
    clean(&out, ledger)
}

/// A line without its remarks; `in_remark` says whether one goes on from the line before, and to the next.
fn remarks(line: &str, is_label: bool, in_remark: &mut bool, goes: &mut dyn FnMut() -> bool) -> String {
    if is_label && !*in_remark {
        return if goes() { String::new() } else { line.to_owned() };
    }
    let (mut out, mut rest) = (String::new(), line);
    loop {
        if *in_remark {
            let Some(end) = rest.find("-->") else {
                if !goes() {
                    out.push_str(rest);
                }
                return out;
            };
            let (remark, after) = rest.split_at(end + 3);
            if !goes() {
                out.push_str(remark);
            }
            (*in_remark, rest) = (false, after);
        }
        // Between single back quotes it is code.
        let start = rest.find("<!--").filter(|at| rest.get(..*at).is_some_and(|b| b.matches('`').count() % 2 == 0));
        let Some(start) = start else {
            out.push_str(rest);
            return out;
        };
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        (*in_remark, rest) = (true, after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hidden::Wanted;

    #[test]
    fn remarks_of_markdown_go_and_code_stays() {
        let text = "# 題\n<!-- a\nb --> c\n`<!-- d -->`\n```\n<!-- e -->\n```\n[//]: # (f)\n終わり\n";
        let cleaned = clean_markdown(text, &mut Ledger::new(Wanted::usual()));
        assert_eq!(cleaned, "# 題\n c\n`<!-- d -->`\n```\n<!-- e -->\n```\n終わり\n");
        assert_eq!(clean_markdown(text, &mut Ledger::new(Wanted::nothing())), text);
    }
}
