//! Plain text: it shows all it holds but characters that are not seen, and what follows its end.

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
