//! 格付. The three levels of one piece of information, what the standard calls it for that, and the mechanism that follows.

use core::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::level::{Availability, Axis, Confidentiality, Integrity};
use super::width;
use crate::code::Text;

/// 格付: 機密性, 完全性, 可用性 (統一基準 1.2(1)).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Grades {
    /// 機密性.
    #[n(0)]
    #[serde(rename = "confidentiality")]
    pub c: Confidentiality,
    /// 完全性.
    #[n(1)]
    #[serde(rename = "integrity")]
    pub i: Integrity,
    /// 可用性.
    #[n(2)]
    #[serde(rename = "availability")]
    pub a: Availability,
}

/// A code that is not of the form `C3I2A1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a grade code of the form C3I2A1")]
pub struct GradeCodeError;

impl GradeCodeError {
    /// What happened and what to do.
    #[must_use]
    pub const fn text(self) -> Text {
        Text::fixed(
            "格付の指定を読めません。C3I2A1（機密性3・完全性2・可用性1）の形で指定してください。",
            "The grade cannot be read. Write it as C3I2A1 (confidentiality 3, integrity 2, availability 1).",
        )
    }
}

impl Grades {
    /// The three levels together.
    #[must_use]
    pub const fn new(c: Confidentiality, i: Integrity, a: Availability) -> Self {
        Self { c, i, a }
    }

    /// Every combination, lowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        Confidentiality::ALL
            .iter()
            .flat_map(|c| Integrity::ALL.iter().flat_map(|i| Availability::ALL.iter().map(|a| Self::new(*c, *i, *a))))
    }

    /// The level on an axis, as a number.
    #[must_use]
    pub const fn level(self, axis: Axis) -> u8 {
        match axis {
            Axis::Confidentiality => self.c.level(),
            Axis::Integrity => self.i.level(),
            Axis::Availability => self.a.level(),
        }
    }

    /// 要機密情報: 機密性2 or 3.
    #[must_use]
    pub const fn requires_confidentiality(self) -> bool {
        !matches!(self.c, Confidentiality::One)
    }

    /// 要保全情報: 完全性2.
    #[must_use]
    pub const fn requires_integrity(self) -> bool {
        matches!(self.i, Integrity::Two)
    }

    /// 要安定情報: 可用性2.
    #[must_use]
    pub const fn requires_availability(self) -> bool {
        matches!(self.a, Availability::Two)
    }

    /// 要保護情報: any of 要機密情報, 要保全情報, 要安定情報.
    #[must_use]
    pub const fn requires_protection(self) -> bool {
        self.requires_confidentiality() || self.requires_integrity() || self.requires_availability()
    }

    /// What the standard calls information of this grade: 要機密情報, 要保全情報, 要安定情報, 要保護情報.
    #[must_use]
    pub fn terms(self) -> Vec<Text> {
        [
            (self.requires_confidentiality(), Text::fixed("要機密情報", "information requiring confidentiality")),
            (self.requires_integrity(), Text::fixed("要保全情報", "information requiring integrity")),
            (self.requires_availability(), Text::fixed("要安定情報", "information requiring availability")),
            (self.requires_protection(), Text::fixed("要保護情報", "information requiring protection")),
        ]
        .into_iter()
        .filter_map(|(holds, term)| holds.then_some(term))
        .collect()
    }

    /// The mechanism that follows from the grade; nobody chooses it by hand.
    #[must_use]
    pub const fn mechanism(self) -> Mechanism {
        Mechanism(self)
    }

    /// The code form, `C2I2A1`.
    #[must_use]
    pub fn code(self) -> String {
        format!("C{}I{}A{}", self.c.level(), self.i.level(), self.a.level())
    }

    /// The grades as agencies print them: `機密性２情報・完全性２情報・可用性１情報`.
    #[must_use]
    pub fn printed(self) -> String {
        format!("{}情報・{}情報・{}情報", self.c.text().ja, self.i.text().ja, self.a.text().ja)
    }

    /// The prefix of a file name, `【機密性２】`.
    #[must_use]
    pub fn file_name_prefix(self) -> String {
        format!("【{}】", self.c.text().ja)
    }
}

impl fmt::Display for Grades {
    /// The code form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

impl FromStr for Grades {
    type Err = GradeCodeError;

    /// Reads the code form: the letters C, I, A in either case and any order, each once, in either width.
    fn from_str(text: &str) -> Result<Self, GradeCodeError> {
        let folded = width::fold(text).to_ascii_uppercase();
        let (mut c, mut i, mut a) = (None, None, None);
        let mut signs = folded.chars().filter(|s| !matches!(s, '-' | '/' | '・' | ' '));
        while let Some(letter) = signs.next() {
            let number = signs.next().and_then(|d| d.to_digit(10)).ok_or(GradeCodeError)?;
            let number = u8::try_from(number).map_err(|_| GradeCodeError)?;
            match letter {
                'C' if c.is_none() => c = Some(Confidentiality::try_from(number).map_err(|_| GradeCodeError)?),
                'I' if i.is_none() => i = Some(Integrity::try_from(number).map_err(|_| GradeCodeError)?),
                'A' if a.is_none() => a = Some(Availability::try_from(number).map_err(|_| GradeCodeError)?),
                _ => return Err(GradeCodeError),
            }
        }
        match (c, i, a) {
            (Some(c), Some(i), Some(a)) => Ok(Self { c, i, a }),
            _ => Err(GradeCodeError),
        }
    }
}

/// 格付が定める措置. What the envelope does for a grade (6.1.5(1)(a), 7.1.2(1)(b)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mechanism(Grades);

impl Mechanism {
    /// 要機密情報: the payload is encrypted and the key released only by the key server (6.1.5(1)(a)(ア)).
    #[must_use]
    pub const fn encrypts(self) -> bool {
        self.0.requires_confidentiality()
    }

    /// 要保全情報: the payload is signed by its author (6.1.5(1)(a)(イ)).
    #[must_use]
    pub const fn signs(self) -> bool {
        self.0.requires_integrity()
    }

    /// A trailer (digest tree and signed core) is demanded: 要保全情報, and every clear payload that needs protection at all.
    #[must_use]
    pub const fn demands_trailer(self) -> bool {
        self.signs()
    }

    /// 要安定情報: only with a ticket whose secret is durable, or grants of two authorities (7.1.2(1)(b)).
    #[must_use]
    pub const fn demands_durable_ticket(self) -> bool {
        self.0.requires_availability()
    }

    /// 機密性1: the payload is in clear.
    #[must_use]
    pub const fn leaves_clear(self) -> bool {
        !self.encrypts()
    }

    /// Whether going from `self` to `to` keeps payload and trailer as they are, or needs a re-seal.
    #[must_use]
    pub const fn needs_reseal(self, to: Self) -> bool {
        self.encrypts() != to.encrypts() || (to.signs() && !self.signs())
    }
}
