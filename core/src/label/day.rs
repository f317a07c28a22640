//! 日付. Restrictions run by calendar days in Japan, so a day is a type of its own; it prints and reads as offices write it.

use core::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::width;
use crate::time::Timestamp;

/// A text that is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date")]
pub struct DayError;

/// A calendar day in Japan (UTC+9): CBOR the number of days since 1970-01-01, JSON `2026-12-31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode)]
#[cbor(transparent)]
pub struct Day(#[n(0)] i32);

const DAY_SECONDS: i64 = 86_400;
const JAPAN: i64 = 9 * 3600;
/// 1900-01-01 to 9999-12-31.
const RANGE: core::ops::RangeInclusive<i32> = -25_567..=2_932_896;

impl Day {
    /// A date of the Gregorian calendar, if there is such a date (years 1900 to 9999).
    #[must_use]
    pub fn from_ymd(year: i64, month: u8, day: u8) -> Option<Self> {
        let start = Timestamp::from_japan_date(year, month, day)?;
        (year >= 1900).then(|| Self::at(start))
    }

    /// The day it is in Japan at a point in time (held within years 1900 to 9999).
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        let days = now.unix().saturating_add(JAPAN).div_euclid(DAY_SECONDS);
        let days = days.clamp(i64::from(*RANGE.start()), i64::from(*RANGE.end()));
        Self(i32::try_from(days).unwrap_or(0))
    }

    /// Its first second.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::from_unix(self.0 as i64 * DAY_SECONDS - JAPAN)
    }

    /// The first second after it.
    #[must_use]
    pub const fn end(self) -> Timestamp {
        self.start().plus(DAY_SECONDS)
    }

    /// Year, month, day.
    #[must_use]
    pub const fn ymd(self) -> (i64, u8, u8) {
        let (y, m, d, ..) = self.start().japan();
        (y, m, d)
    }

    /// The same date `years` later (28 February where there is no 29th).
    #[must_use]
    pub fn plus_years(self, years: i64) -> Option<Self> {
        let (y, m, d) = self.ymd();
        Self::from_ymd(y + years, m, d).or_else(|| Self::from_ymd(y + years, m, d.saturating_sub(1)))
    }

    /// As offices print it: `令和８年１２月３１日`.
    #[must_use]
    pub fn printed(self) -> String {
        let (y, m, d) = self.ymd();
        let (era, first) = ERAS.iter().find(|(_, _, from)| (y, m, d) >= *from).map_or(("", 1), |(n, f, _)| (*n, *f));
        let year = match y - first + 1 {
            1 => "元".to_owned(),
            n => n.to_string(),
        };
        width::widen_digits(&format!("{era}{year}年{m}月{d}日"))
    }

    /// Reads a date in folded text: `令和8年12月31日`, `R8.12.31`, `2026年12月31日`, `2026/12/31`, `2026-12-31`,
    /// `令和12年度末`, `令和8年12月末(日)`, `令和8年末`; without a year (`12月31日`, `12/31`, `年度末`) the next such
    /// date on or after `reference`.
    ///
    /// # Errors
    /// [`DayError`] when it is none of these or there is no such date.
    pub fn parse(text: &str, reference: Self) -> Result<Self, DayError> {
        let folded = width::fold(text);
        let (year, rest) = split_year(&folded)?;
        match year {
            Some(year) => in_year(year, rest).ok_or(DayError),
            None => {
                let (this, ..) = reference.ymd();
                // 29 February may be up to eight years away.
                (this - 1..=this + 8).filter_map(|y| in_year(y, rest)).find(|d| *d >= reference).ok_or(DayError)
            }
        }
    }
}

/// Eras with their first year and first day, newest first.
const ERAS: [(&str, i64, (i64, u8, u8)); 5] = [
    ("令和", 2019, (2019, 5, 1)),
    ("平成", 1989, (1989, 1, 8)),
    ("昭和", 1926, (1926, 12, 25)),
    ("大正", 1912, (1912, 7, 30)),
    ("明治", 1868, (1868, 10, 23)),
];

/// The year in front, if there is one, and what follows it.
fn split_year(text: &str) -> Result<(Option<i64>, &str), DayError> {
    let letters = [("R", 2019), ("H", 1989), ("S", 1926), ("r", 2019), ("h", 1989), ("s", 1926)];
    let era = ERAS
        .iter()
        .map(|(name, first, _)| (*name, *first))
        .chain(letters)
        .find_map(|(name, first)| text.strip_prefix(name).map(|rest| (first, rest)));
    let (first, rest) = era.unwrap_or((1, text.strip_prefix("西暦").unwrap_or(text)));
    let signs: &[char] = &['年', '.', '/', '-'];
    let Some((number, after)) = rest.split_once(signs) else {
        return if era.is_some() { Err(DayError) } else { Ok((None, rest)) };
    };
    let written_out = rest.get(number.len()..).is_some_and(|r| r.starts_with('年'));
    // `12/31` has one sign only and no era: month and day.
    if era.is_none() && !written_out && !after.contains(signs) {
        return Ok((None, rest));
    }
    if era.is_none() && number.is_empty() {
        return Ok((None, rest));
    }
    let number = i64::from(width::number(number).ok_or(DayError)?);
    if number == 0 || (era.is_none() && number < 1000) {
        return Err(DayError);
    }
    Ok((Some(first + number - 1), after))
}

/// The day of a year that `rest` names, without the year.
fn in_year(year: i64, rest: &str) -> Option<Day> {
    match rest {
        "末" | "年末" | "末日" => return Day::from_ymd(year, 12, 31),
        "度末" | "年度末" | "度末日" => return Day::from_ymd(year + 1, 3, 31),
        _ => {}
    }
    let small = |text: &str| width::number(text).and_then(|n| u8::try_from(n).ok());
    if let Some(month) = rest.strip_suffix("月末").or_else(|| rest.strip_suffix("月末日")) {
        let month = small(month)?;
        return (28..=31).rev().find_map(|d| Day::from_ymd(year, month, d));
    }
    let signs: &[char] = &['月', '.', '/', '-'];
    let (month, day) = rest.split_once(signs)?;
    Day::from_ymd(year, small(month)?, small(day.strip_suffix('日').unwrap_or(day))?)
}

impl fmt::Display for Day {
    /// ISO 8601, `2026-12-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Day({self})")
    }
}

impl FromStr for Day {
    type Err = DayError;

    /// Reads ISO 8601 only.
    fn from_str(text: &str) -> Result<Self, DayError> {
        let mut parts = text.splitn(3, '-');
        let mut next = |len: usize| {
            parts.next().filter(|p| p.len() == len && p.bytes().all(|b| b.is_ascii_digit())).ok_or(DayError)
        };
        let (y, m, d) = (next(4)?, next(2)?, next(2)?);
        let (y, m, d) =
            (y.parse().map_err(|_| DayError)?, m.parse().map_err(|_| DayError)?, d.parse().map_err(|_| DayError)?);
        Self::from_ymd(y, m, d).ok_or(DayError)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Day {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let days = d.i32()?;
        if RANGE.contains(&days) { Ok(Self(days)) } else { Err(minicbor::decode::Error::message("day out of range")) }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}
