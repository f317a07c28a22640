//! Printing restrictions in the one form agencies expect: full-width digits, dates with era.

use core::fmt;

use super::restriction::{Restriction, Rule};
use super::set::Restrictions;
use super::verb::{EncryptScope, Mode, Verb};
use super::width::widen_digits;
use super::words::Name;

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.terms();
        if let Some(from) = t.from {
            write!(f, "{}から", from.printed())?;
        }
        if let Some(until) = t.until {
            write!(f, "{}まで", until.printed())?;
        }
        match self.verb() {
            Verb::Audience => write!(f, "{}限り", join_names(&t.audience)),
            Verb::Encrypt => f.write_str(match t.scope {
                Some(EncryptScope::AtRest) => "暗号化必須（保存時）",
                Some(EncryptScope::InTransit) => "暗号化必須（通信時）",
                Some(EncryptScope::Always) | None => "暗号化必須",
            }),
            Verb::ReadOnce => match t.count.map_or(1, u32::from) {
                1 => f.write_str("読後廃棄"),
                n => write!(f, "読後廃棄（{}回）", widen_digits(&n.to_string())),
            },
            Verb::Retain => match &t.event {
                Some(event) => write!(f, "{event}まで保存"),
                None => f.write_str("保存"),
            },
            Verb::Discard => f.write_str("保存期間満了後要廃棄"),
            Verb::Recover => write!(f, "{}以内復旧", duration(t.within.map_or(0, u32::from))),
            Verb::KeepAt => write!(f, "{}において保存", t.place.as_ref().map_or("", Name::as_str)),
            verb => {
                if let Some(zone) = &t.zone {
                    write!(f, "{zone}外")?;
                }
                f.write_str(&plain(verb, self.mode()))
            }
        }
    }
}

/// Verb and mode without parameters.
fn plain(verb: Verb, mode: Mode) -> String {
    format!("{}{}", verb.text().ja, mode.text().ja)
}

/// The form that stands first among those of a verb and mode; of a verb with a parameter in front, what follows it.
pub(super) fn canonical(verb: Verb, mode: Mode) -> String {
    match verb {
        Verb::Audience | Verb::ReadOnce | Verb::Retain | Verb::Discard | Verb::KeepAt => verb.text().ja.into_owned(),
        Verb::Recover => format!("以内{}", verb.text().ja),
        _ => plain(verb, mode),
    }
}

/// 総務課、会計課及び人事課.
fn join_names(names: &[Name]) -> String {
    match names {
        [] => String::new(),
        [one] => one.to_string(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(Name::as_str).collect();
            format!("{}及び{last}", most.join("、"))
        }
    }
}

/// Units of time from the largest; a duration is printed in the largest that leaves no remainder.
pub(super) const UNITS: [(&str, u32); 4] = [("日", 86_400), ("時間", 3_600), ("分", 60), ("秒", 1)];

fn duration(seconds: u32) -> String {
    let unit = UNITS.iter().find(|(_, size)| seconds.is_multiple_of(*size));
    unit.map_or_else(String::new, |(name, size)| widen_digits(&format!("{}{name}", seconds / size)))
}

impl fmt::Display for Restriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(rule) => rule.fmt(f),
            Self::Agency(own) => own.printed.fmt(f),
            Self::Unknown(printed) => printed.fmt(f),
        }
    }
}

impl fmt::Display for Restrictions {
    /// Joined by middle dots, as in a header line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, restriction) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("・")?;
            }
            restriction.fmt(f)?;
        }
        Ok(())
    }
}
