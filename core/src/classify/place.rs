//! 住所・氏名・電子メール. What is recognised by the words and signs around it.

use super::stream::{is_han, is_japanese};

/// The end of an address that begins with the place ending at `end`, if one does.
pub(super) fn address_end(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let (mut town, mut number) = (false, false);
    let mut last = None;
    for (count, (at, c)) in rest.char_indices().enumerate() {
        if count > 40 {
            break;
        }
        let digit = c.is_ascii_digit() || town && "一二三四五六七八九十".contains(c);
        match c {
            '市' | '区' | '町' | '村' | '郡' | '条' => town = true,
            _ if digit => {}
            '丁' | '番' if !town || !ends_in_digit(rest, at) => break,
            '丁' | '番' | '号' => {
                number = true;
                last = Some(end + at + c.len_utf8());
            }
            '-' if town && ends_in_digit(rest, at) => number = true,
            '目' | '地' | 'の' | 'ノ' | 'ヶ' | 'ケ' | ' ' => {}
            c if is_japanese(c) && !number => {}
            _ => break,
        }
        if number && c.is_ascii_digit() {
            last = Some(end + at + 1);
        }
    }
    last
}

fn ends_in_digit(rest: &str, at: usize) -> bool {
    let before = rest.get(..at).and_then(|before| before.chars().next_back());
    before.is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

/// What follows a family name.
pub(super) struct NameEnd {
    /// Where the name ends.
    pub(super) end: usize,
    /// Whether a word for a person stands behind it.
    pub(super) addressed: bool,
}

/// Where a name that begins with a family name ends: up to three signs of a given name, then one of `after`.
pub(super) fn name_end(text: &str, start: usize, end: usize, after: &[String]) -> Option<NameEnd> {
    if text.get(..start)?.chars().next_back().is_some_and(is_han) {
        return None;
    }
    let rest = text.get(end..)?;
    let mut given = None;
    for (count, (at, c)) in rest.char_indices().chain([(rest.len(), '\n')]).take(5).enumerate() {
        let tail = rest.get(at..)?;
        if let Some(word) = after.iter().find(|word| tail.starts_with(word.as_str())) {
            let next = tail.get(word.len()..).and_then(|tail| tail.chars().next());
            if !goes_on(word, next) && count <= 3 {
                return Some(NameEnd { end: end + at, addressed: true });
            }
        }
        if !(is_han(c) || matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'))
            || "市区町村県都府道郡駅".contains(c)
        {
            given = (count > 0 && is_edge(c)).then_some(at);
            break;
        }
    }
    Some(NameEnd { end: end + given?, addressed: false })
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_punctuation() || "、。・「」()".contains(c)
}

/// A word of which the honorific is only the beginning: 様式, 氏名, 殿堂.
fn goes_on(word: &str, next: Option<char>) -> bool {
    let next = next.unwrap_or('\n');
    match word {
        "様" => "式子々相態".contains(next),
        "氏" => "名族神".contains(next),
        "殿" => "堂下".contains(next),
        "委員" | "職員" => "会長室課数等".contains(next),
        _ => false,
    }
}

/// An e-mail address around an at sign: its beginning and end.
pub(super) fn email(text: &str, at: usize) -> Option<(usize, usize)> {
    let local = |b: u8| b.is_ascii_alphanumeric() || b"._%+-".contains(&b);
    let domain = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
    let bytes = text.as_bytes();
    let before = bytes.get(..at)?.iter().rev().take(64).take_while(|b| local(**b)).count();
    let after = bytes.get(at + 1..)?.iter().take(253).take_while(|b| domain(**b)).count();
    let host = text.get(at + 1..at + 1 + after)?.trim_end_matches(['.', '-']);
    let mut labels = host.rsplit('.');
    let top = labels.next()?;
    let good = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
    let dotted = labels.next().is_some_and(|label| !label.is_empty()) && !host.contains("..");
    let start = at - before;
    let plain = bytes.get(start).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    (before > 0 && good && dotted && plain).then_some((start, at + 1 + host.len()))
}
