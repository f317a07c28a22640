//! Widths and signs: agencies write the same mark with full- or half-width characters; it is read as one.

use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The text in compatibility form (NFKC), white space removed, brackets and dots unified. Folding twice changes nothing.
pub(crate) fn fold(text: &str) -> String {
    let mut folded: String = text.nfkc().filter(|c| !c.is_whitespace()).map(unify).collect();
    // White space may have stood between a sign and the accent that now belongs to it.
    while !is_nfkc(&folded) {
        folded = folded.nfkc().filter(|c| !c.is_whitespace()).map(unify).collect();
    }
    folded
}

/// How deep in brackets one is after a character that was met at `depth`.
pub(super) fn depth_after(c: char, depth: usize) -> usize {
    fold(&c.to_string()).chars().fold(depth, |depth, sign| match sign {
        '(' => depth + 1,
        ')' => depth.saturating_sub(1),
        _ => depth,
    })
}

/// Brackets of folded text that have no partner: opened and not closed, closed and not opened.
fn alone(folded: &str) -> (usize, usize) {
    folded.chars().fold((0, 0), |(open, closed), sign| match sign {
        '(' => (open + 1, closed),
        ')' if open == 0 => (open, closed + 1),
        ')' => (open - 1, closed),
        _ => (open, closed),
    })
}

/// Folded text without the brackets that stand around all of it, and without those at its ends that have no partner.
pub(super) fn bare(folded: &str) -> &str {
    let mut text = folded;
    loop {
        let is_whole = |inner: &&str| alone(inner).1 == 0;
        let around = || text.strip_prefix('(').and_then(|tail| tail.strip_suffix(')')).filter(is_whole);
        let (open, closed) = alone(text);
        let next = match (open, closed) {
            (_, 1..) => text.strip_suffix(')'),
            (1.., 0) => text.strip_prefix('(').filter(is_whole).or_else(around),
            (0, 0) => around(),
        };
        let Some(next) = next else { return text };
        text = next;
    }
}

/// Whether every bracket of folded text that is opened is closed, and none is closed that was not opened.
pub(super) fn is_balanced(folded: &str) -> bool {
    alone(folded) == (0, 0)
}

/// Whether a middle dot stands in folded text outside brackets.
pub(super) fn is_list(folded: &str) -> bool {
    let step = |depth: &mut usize, sign: char| {
        *depth = depth_after(sign, *depth);
        Some(*depth == 0 && sign == '・')
    };
    folded.chars().scan(0, step).any(|found| found)
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
