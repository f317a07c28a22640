//! できること. What each kind can do, said once by its plugin: commands answer with it, and the table in `docs/formats.md` is
//! made from it.

use kakuzuke_core::code::Text;

use crate::format;
use crate::kind::Kind;

/// Something a plugin may be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// 格付の記録: the signed label in the document's own metadata.
    Label,
    /// 本文: text for classification.
    Text,
    /// 表示: the visible marking on every page.
    Mark,
    /// 点検: hidden data are found.
    Inspect,
    /// 除去: hidden data are taken out.
    Sanitise,
    /// 保護: a protected file that is still a file of its kind, with a cover.
    Wrap,
}

impl Ability {
    /// All of them, in the order of the table.
    pub const ALL: &'static [Self] = &[Self::Label, Self::Text, Self::Mark, Self::Inspect, Self::Sanitise, Self::Wrap];

    /// Name for people.
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Label => Text::fixed("格付の記録", "label inside"),
            Self::Text => Text::fixed("本文の読取り", "text"),
            Self::Mark => Text::fixed("表示", "marking"),
            Self::Inspect => Text::fixed("隠れた情報の点検", "inspect"),
            Self::Sanitise => Text::fixed("隠れた情報の除去", "sanitise"),
            Self::Wrap => Text::fixed("表紙付きの保護", "cover"),
        }
    }

    /// Name for programs.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Text => "text",
            Self::Mark => "mark",
            Self::Inspect => "inspect",
            Self::Sanitise => "sanitise",
            Self::Wrap => "wrap",
        }
    }
}

/// Whether a kind can do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Can {
    /// Yes.
    Yes,
    /// Yes, but; the words say what not.
    Partly(Text),
    /// No; the words say why.
    No(Text),
}

/// Whether `kind` can do `ability`, and why not.
#[must_use]
pub fn can(kind: Kind, ability: Ability) -> Can {
    format::of(kind).can(kind, ability)
}
