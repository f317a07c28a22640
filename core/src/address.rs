//! 宛先. A mail address that is one and nothing more: what looks like another, or begins another header, is none.
//!
//! Kept in lower case, so that one mailbox has one name in every register. Letters outside ASCII are refused in both
//! parts: `аgency.example` with a Cyrillic а is not agency.example, and a domain in other scripts has its A-label (RFC 5890).

use core::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::code::Text;

/// Longest address, in bytes (RFC 5321 4.5.3.1.3, without the brackets).
const LONGEST: usize = 254;
/// Longest part before the `@`, in bytes (RFC 5321 4.5.3.1.1).
const LOCAL: usize = 64;
/// Longest label of a domain, in bytes (RFC 1035 2.3.4).
const LABEL: usize = 63;

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Letters outside ASCII: it may look like an address it is not.
    #[error("letters outside ASCII in a mail address")]
    NotAscii,
    /// Not `local@domain` (RFC 5321 Mailbox with a dot-string), or too long.
    #[error("not a mail address")]
    Malformed,
}

impl AddressError {
    /// For people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::NotAscii => Text::fixed(
                "宛先に全角など ASCII 以外の文字があります。別の宛先に見せかけたものかもしれません。確かめて、ASCII で書いてください（日本語ドメインは xn-- の形）。",
                "The address has letters outside ASCII and may only look like another. Check it and write it in ASCII (xn-- for other scripts).",
            ),
            Self::Malformed => Text::fixed("宛先のメールアドレスではありません。", "Not a mail address."),
        }
    }
}

/// メールアドレス, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress(String);

impl MailAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A domain as registers keep it: lower case, at least two labels. None when it is no such name.
#[must_use]
pub fn domain(text: &str) -> Option<String> {
    let name = text.trim().to_ascii_lowercase();
    let fits = |label: &str| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty()
            && label.len() <= LABEL
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // An address of the network in the place of a name has a number at its end.
    let named = name.rsplit_once('.').is_some_and(|(_, last)| last.bytes().any(|b| b.is_ascii_lowercase()));
    (name.len() <= LONGEST && named && name.split('.').all(fits)).then_some(name)
}

impl FromStr for MailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if !text.is_ascii() {
            return Err(AddressError::NotAscii);
        }
        let (local, host) = text.split_once('@').ok_or(AddressError::Malformed)?;
        let host = domain(host).ok_or(AddressError::Malformed)?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
        let atoms = local.split('.').all(|atom| !atom.is_empty());
        if local.len() > LOCAL || !atoms || !local.bytes().all(plain) || text.len() > LONGEST {
            return Err(AddressError::Malformed);
        }
        Ok(Self(format!("{}@{host}", local.to_ascii_lowercase())))
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for MailAddress {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MailAddress {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_one_and_nothing_more() {
        let read = |text: &str| text.parse::<MailAddress>();
        assert_eq!(read(" Sato@Agency.Example ").unwrap().as_str(), "sato@agency.example");
        assert_eq!(read("a.b+c@xn--eckwd4c7c.example").unwrap().domain(), "xn--eckwd4c7c.example");
        for wrong in [
            "",
            "sato",
            "a@b",
            "a@b.c,d@e.f",
            "a@b.c\r\nBcc: d@e.f",
            "佐藤 a@b.c",
            "<a@b.c>",
            "a@@b.c",
            ".a@b.c",
            "a..b@c.d",
            "a@-b.c",
            "a@b-.c",
            "a@b..c",
            "a@192.0.2.1",
            "a@[192.0.2.1]",
            "\"a b\"@c.d",
            "a b@c.d",
            "a@b.c\0",
            "a@b.c>",
            "a@b.c;d",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_only_looks_like_an_address_is_told_apart() {
        for look in ["ito@аgency.example", "itо@agency.example", "ito@agency。example", "ｉto@agency.example"] {
            assert_eq!(look.parse::<MailAddress>(), Err(AddressError::NotAscii), "{look}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_stays_one_address(text in any::<String>()) {
            if let Ok(address) = text.parse::<MailAddress>() {
                prop_assert_eq!(address.as_str().matches('@').count(), 1);
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic() && !b",;:<>()[]\"\\".contains(&b)));
                prop_assert_eq!(address.as_str().parse::<MailAddress>().unwrap(), address);
            }
        }
    }
}
