//! 番号. Runs of digits with their groups, and what they may be: by length, grouping, first digits and check digit.

use crate::label::Scan;

/// Digits that belong together.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    /// 0 to 9 each.
    digits: Vec<u8>,
    /// Lengths of the groups.
    groups: Vec<usize>,
    /// Two letters in front.
    letters: Option<[u8; 2]>,
}

const LONGEST: usize = 19;

/// Every token in the text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !byte(at).is_ascii_digit() {
            at += 1;
            continue;
        }
        let (start, mut digits, mut groups) = (at, Vec::new(), vec![0_usize]);
        loop {
            if byte(at).is_ascii_digit() {
                if digits.len() <= LONGEST {
                    digits.push(byte(at) - b'0');
                }
                if let Some(last) = groups.last_mut() {
                    *last += 1;
                }
                at += 1;
            } else if matches!(byte(at), b'-' | b'(' | b')') && byte(at + 1).is_ascii_digit() && groups.len() < 8 {
                groups.push(0);
                at += 1;
            } else if byte(at) == b')' && byte(at + 1) == b'-' && byte(at + 2).is_ascii_digit() && groups.len() < 8 {
                groups.push(0);
                at += 2;
            } else {
                break;
            }
        }
        let before = if start == 0 { b'\n' } else { byte(start - 1) };
        let letters = letters_before(bytes, start);
        let open = before.is_ascii_alphanumeric() && letters.is_none() && before != b'T'
            || matches!(before, b'-' | b'_' | b'/' | b'#' | b'$' | b'+' | b'\\')
            || matches!(before, b'.' | b',') && start > 1 && byte(start - 2).is_ascii_digit();
        let goes_on = byte(at).is_ascii_alphanumeric()
            || matches!(byte(at), b'-' | b'_' | b'/')
            || matches!(byte(at), b'.' | b',' | b':') && byte(at + 1).is_ascii_digit();
        if !open && !goes_on && digits.len() <= LONGEST && !counts_things(text, at) {
            join(&mut found, Token { start, end: at, digits, groups, letters }, text);
        }
    }
    found
}

/// A price, a number of people, a date: not a number of something.
fn counts_things(text: &str, at: usize) -> bool {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| "円千百万億人件個名年月日時分秒%回枚点台株".contains(c))
}

fn letters_before(bytes: &[u8], start: usize) -> Option<[u8; 2]> {
    let at = |back: usize| start.checked_sub(back).and_then(|at| bytes.get(at)).copied();
    let pair = [at(2)?, at(1)?];
    let free = !at(3).is_some_and(|c| c.is_ascii_alphanumeric() || c == b'-');
    (free && pair.iter().all(u8::is_ascii_uppercase)).then_some(pair)
}

/// 1234 5678 9012: groups of four with a space between are one number.
fn join(found: &mut Vec<Token>, token: Token, text: &str) {
    if let Some(last) = found.last_mut() {
        let apart = text.get(last.end..token.start) == Some(" ");
        let fours = |groups: &[usize]| groups.iter().all(|n| *n == 4);
        let corporate = last.groups.first() == Some(&1) && last.groups.get(1..).is_some_and(fours);
        if apart && token.groups == [4] && (fours(&last.groups) || corporate) && last.digits.len() + 4 <= 16 {
            last.digits.extend(&token.digits);
            last.groups.push(4);
            last.end = token.end;
            return;
        }
    }
    found.push(token);
}

impl Token {
    /// Whether it may be a number of that kind.
    pub(super) fn may_be(&self, scan: Scan) -> bool {
        let varied = self.digits.windows(2).any(|pair| pair.first() != pair.last());
        varied
            && match scan {
                Scan::IndividualNumber => self.is_grouped(&[&[12], &[4, 4, 4]]) && individual(&self.digits),
                Scan::CorporateNumber => self.is_grouped(&[&[13], &[1, 4, 4, 4]]) && corporate(&self.digits),
                Scan::DrivingLicence => self.is_grouped(&[&[12], &[4, 4, 4]]) && licence(&self.digits),
                Scan::Passport => self.groups == [7] && self.letters.is_some(),
                Scan::BankAccount => self.groups == [7] && self.letters.is_none(),
                Scan::CreditCard => {
                    self.is_grouped(&[&[16], &[15], &[14], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]]) && card(&self.digits)
                }
                Scan::Phone => phone(&self.digits, &self.groups),
                _ => false,
            }
            && (scan == Scan::Passport || self.letters.is_none())
    }

    fn is_grouped(&self, forms: &[&[usize]]) -> bool {
        forms.contains(&self.groups.as_slice())
    }

    /// Whether it says by its form that it is no bare run of digits.
    pub(super) fn is_formed(&self) -> bool {
        self.groups.len() > 1
    }

    /// Where it begins, letters in front with it.
    pub(super) fn whole_start(&self) -> usize {
        if self.letters.is_some() { self.start - 2 } else { self.start }
    }

    /// A value to tell different ones by.
    pub(super) fn value(&self) -> String {
        self.digits.iter().map(|d| char::from(b'0' + d)).collect()
    }
}

/// 番号法施行令８条・総務省令: weights 2 to 7 from the lowest digit, remainders 0 and 1 give 0.
fn individual(digits: &[u8]) -> bool {
    let Some((check, rest)) = digits.split_last() else { return false };
    let sum: u32 = rest.iter().rev().zip([2, 3, 4, 5, 6, 7].into_iter().cycle()).map(|(d, w)| u32::from(*d) * w).sum();
    let expected = match sum % 11 {
        0 | 1 => 0,
        remainder => 11 - remainder,
    };
    u32::from(*check) == expected
}

/// 法人番号の指定等に関する省令: the first digit; weights 1 and 2 from the lowest.
fn corporate(digits: &[u8]) -> bool {
    let Some((check, rest)) = digits.split_first() else { return false };
    let sum: u32 = rest.iter().rev().zip([1, 2].into_iter().cycle()).map(|(d, w)| u32::from(*d) * w).sum();
    u32::from(*check) == 9 - sum % 9
}

/// 運転免許証: a commission's number in front, the eleventh digit checks the ten before; remainder 0 gives 1, 1 gives 0.
fn licence(digits: &[u8]) -> bool {
    let (Some([a, b]), Some(front), Some(check)) = (digits.first_chunk(), digits.get(..10), digits.get(10)) else {
        return false;
    };
    let commission = [10..=14, 20..=24, 30..=31, 40..=40, 41..=46, 50..=55, 60..=65, 70..=74, 80..=84, 90..=97];
    if !commission.iter().any(|range| range.contains(&(a * 10 + b))) {
        return false;
    }
    let sum: u32 = front.iter().zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(d, w)| u32::from(*d) * w).sum();
    let expected = match sum % 11 {
        0 => 1,
        1 => 0,
        remainder => 11 - remainder,
    };
    u32::from(*check) == expected
}

/// ISO/IEC 7812: the issuer's first digits and Luhn's check digit.
fn card(digits: &[u8]) -> bool {
    let head = digits.iter().take(4).fold(0_u32, |sum, d| sum * 10 + u32::from(*d));
    let known = match digits.len() {
        16 => matches!(head, 4000..=4999 | 5100..=5599 | 2221..=2720 | 3528..=3589 | 6011 | 6440..=6599),
        15 => matches!(head, 3400..=3499 | 3700..=3799),
        14 => matches!(head, 3000..=3059 | 3600..=3699 | 3800..=3999),
        _ => false,
    };
    let doubled = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, d)| if place % 2 == 1 { doubled(u32::from(*d)) } else { u32::from(*d) })
        .sum();
    known && sum.is_multiple_of(10)
}

/// 電気通信番号計画: 0 in front, ten digits, or eleven with 050, 070, 080, 090; in groups that numbers are written in.
fn phone(digits: &[u8], groups: &[usize]) -> bool {
    let head = |n: usize| digits.iter().take(n).fold(0_u32, |sum, d| sum * 10 + u32::from(*d));
    if digits.first() != Some(&0) || digits.get(1) == Some(&0) {
        return false;
    }
    let mobile = matches!(head(3), 50 | 70 | 80 | 90);
    match (digits.len(), groups) {
        (11, [11] | [3, 4, 4] | [3, 8]) => mobile,
        (11, [4, 3, 4]) => head(4) == 800,
        (10, [4, 3, 3]) => matches!(head(4), 120 | 570 | 990),
        (10, [2, 4, 4] | [3, 3, 4] | [4, 2, 4] | [5, 1, 4]) => !mobile && head(4) != 120,
        _ => false,
    }
}
