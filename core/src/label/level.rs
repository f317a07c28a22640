//! 格付の区分. The three axes of 統一基準 1.2(1), each with its own levels: no level of one axis is ever compared with another's.

use serde::{Deserialize, Serialize};

use crate::code::Text;

/// A number that is no level of the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such level")]
pub struct LevelError;

/// 観点. One of the three axes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Axis {
    /// 機密性.
    #[n(0)]
    Confidentiality,
    /// 完全性.
    #[n(1)]
    Integrity,
    /// 可用性.
    #[n(2)]
    Availability,
}

impl Axis {
    /// The three axes in the order in which they are printed.
    pub const ALL: [Self; 3] = [Self::Confidentiality, Self::Integrity, Self::Availability];

    /// Its name.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Confidentiality => Text::fixed("機密性", "confidentiality"),
            Self::Integrity => Text::fixed("完全性", "integrity"),
            Self::Availability => Text::fixed("可用性", "availability"),
        }
    }
}

macro_rules! levels {
    ($(#[$doc:meta])* $name:ident, $ja:literal, $en:literal; $($(#[$level_doc:meta])* $level:ident = $number:literal, $printed:literal;)*) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            minicbor::Encode, minicbor::Decode,
        )]
        #[serde(into = "u8", try_from = "u8")]
        #[cbor(index_only)]
        pub enum $name { $($(#[$level_doc])* #[n($number)] $level,)* }

        impl $name {
            /// Every level, lowest first.
            pub const ALL: &'static [Self] = &[$(Self::$level,)*];

            /// Its number as the standard prints it.
            #[must_use]
            pub const fn level(self) -> u8 { match self { $(Self::$level => $number,)* } }

            /// The level of a number.
            #[must_use]
            pub const fn from_level(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$level),)* _ => None }
            }

            /// Its name as printed, with a full-width digit.
            #[must_use]
            pub const fn text(self) -> Text {
                match self { $(Self::$level => Text::fixed(concat!($ja, $printed), concat!($en, " ", $number)),)* }
            }
        }

        impl From<$name> for u8 {
            fn from(level: $name) -> Self { level.level() }
        }

        impl TryFrom<u8> for $name {
            type Error = LevelError;
            fn try_from(number: u8) -> Result<Self, LevelError> { Self::from_level(number).ok_or(LevelError) }
        }
    };
}

levels! {
    /// 機密性の格付 (1.2(1)). Ordered: 機密性3 is the highest.
    Confidentiality, "機密性", "confidentiality";
    /// 機密性1情報. Fit to be made public.
    One = 1, "１";
    /// 機密性2情報. Likely to hold what may be withheld under the disclosure laws.
    Two = 2, "２";
    /// 機密性3情報. Needs the secrecy of a 秘密文書.
    Three = 3, "３";
}

levels! {
    /// 完全性の格付 (1.2(1)). Not for paper.
    Integrity, "完全性", "integrity";
    /// 完全性1情報.
    One = 1, "１";
    /// 完全性2情報. Alteration, error or damage would hurt rights or work.
    Two = 2, "２";
}

levels! {
    /// 可用性の格付 (1.2(1)). Not for paper.
    Availability, "可用性", "availability";
    /// 可用性1情報.
    One = 1, "１";
    /// 可用性2情報. Loss or unavailability would hurt rights or the steadiness of work.
    Two = 2, "２";
}
