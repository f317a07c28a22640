//! 権利. The seven things a licence can permit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code::Text;

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $slug:literal, $ja:literal;)*) => {
        /// One right.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Right { $($(#[$doc])* $name,)* }

        impl Right {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            const fn bit(self) -> u16 { match self { $(Self::$name => 1 << $bit,)* } }

            /// Stable name, as in JSON and on the command line.
            #[must_use]
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }

            /// In words.
            #[must_use]
            pub const fn text(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $slug),)* } }

            /// The right of a stable name.
            #[must_use]
            pub fn from_slug(slug: &str) -> Option<Self> { match slug { $($slug => Some(Self::$name),)* _ => None } }
        }
    };
}

rights! {
    /// 閲覧. The only one that cryptography enforces.
    View = 0, "view", "閲覧";
    /// 印刷.
    Print = 1, "print", "印刷";
    /// 複製 (clipboard, save-as inside protection).
    Copy = 2, "copy", "複製";
    /// 編集.
    Edit = 3, "edit", "編集";
    /// 平文での出力.
    Export = 4, "export", "平文での出力";
    /// 提供: to give it to new readers.
    Provide = 5, "provide", "提供";
    /// 格付・取扱制限の見直し.
    Relabel = 6, "relabel", "格付・取扱制限の見直し";
}

/// A set of rights. CBOR: unsigned integer, one bit a right; JSON: array of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u16);

impl Rights {
    /// No right.
    pub const NONE: Self = Self(0);
    /// View alone.
    pub const VIEW: Self = Self(1);

    /// This set and one more.
    #[must_use]
    pub const fn with(self, right: Right) -> Self {
        Self(self.0 | right.bit())
    }

    /// Whether it holds a right.
    #[must_use]
    pub const fn allows(self, right: Right) -> bool {
        self.0 & right.bit() != 0
    }

    /// What both hold.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The rights held, in order.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.iter().copied().filter(move |r| self.allows(*r))
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        rights.into_iter().fold(Self::NONE, Self::with)
    }
}

impl<C> minicbor::Encode<C> for Rights {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.0)?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Rights {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bits = d.u16()?;
        let known = Right::ALL.iter().fold(0, |all, r| all | r.bit());
        if bits & !known == 0 { Ok(Self(bits)) } else { Err(minicbor::decode::Error::message("unknown right")) }
    }
}

impl Serialize for Rights {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter().map(Right::slug))
    }
}

impl<'de> Deserialize<'de> for Rights {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let names = Vec::<std::borrow::Cow<'de, str>>::deserialize(d)?;
        names
            .iter()
            .map(|n| Right::from_slug(n).ok_or_else(|| serde::de::Error::custom("unknown right")))
            .collect::<Result<Self, _>>()
    }
}
