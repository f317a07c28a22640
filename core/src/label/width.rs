//! Widths and signs: agencies write the same mark with full- or half-width characters; it is read as one.

use unicode_normalization::UnicodeNormalization;

/// The text in compatibility form (NFKC), white space removed, brackets and dots unified.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).map(unify).collect()
}

const fn unify(c: char) -> char {
    match c {
        '〔' | '［' | '[' => '(',
        '〕' | '］' | ']' => ')',
        '‧' | '·' | '•' | '･' => '・',
        '，' => ',',
        '‐' | '‑' | '−' | '–' => '-',
        other => other,
    }
}

/// ASCII digits as agencies print them, full-width.
pub(super) fn widen_digits(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { widen(c) } else { c }).collect()
}

fn widen(c: char) -> char {
    char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)
}

/// A number of at most nine digits, in ASCII or in Kanji up to 九十九 or positional (二〇二六); 元 is 1.
pub(super) fn number(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if text == "元" {
        return Some(1);
    }
    if text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    kanji_number(text)
}

fn kanji_number(text: &str) -> Option<u32> {
    if text.chars().count() > 4 {
        return None;
    }
    let Some((tens, ones)) = text.split_once('十') else {
        return text.chars().try_fold(0_u32, |sum, c| Some(sum * 10 + kanji_digit(c)?));
    };
    let digit = |part: &str, absent: u32| match part {
        "" => Some(absent),
        one => {
            let mut signs = one.chars();
            let value = kanji_digit(signs.next()?)?;
            signs.next().is_none().then_some(value)
        }
    };
    Some(digit(tens, 1)? * 10 + digit(ones, 0)?)
}

const fn kanji_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}
