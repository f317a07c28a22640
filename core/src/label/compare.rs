//! 見直しの比較 (3.1.1(3)(c)). What a new label gives up against the current one, so that a lowering is seen as such.

use super::day::Day;
use super::decided::SecretDocument;
use super::document::Label;
use super::level::Axis;
use super::restriction::Restriction;
use super::verb::Verb;
use super::words::Name;
use crate::code::Text;

/// One thing that gets weaker from a label to its next revision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lowering {
    /// A grade goes down.
    Grade {
        /// On which axis.
        axis: Axis,
        /// From.
        from: u8,
        /// To.
        to: u8,
    },
    /// A restriction is dropped or weaker.
    Restriction(Restriction),
    /// 保存期間 ends earlier or is no longer said.
    Retention {
        /// Before.
        from: Day,
        /// After.
        to: Option<Day>,
    },
    /// The designation as 秘密文書 is taken back, lowered or shortened.
    Secret(SecretDocument),
    /// The level of the taxonomy's own scheme changes without the grade going up; whether it is lower the taxonomy says.
    OwnLevel {
        /// Before.
        from: Name,
        /// After.
        to: Option<Name>,
    },
    /// The named readers change; the hash does not show which way.
    Readers,
    /// The label speaks another taxonomy.
    Taxonomy,
}

impl Lowering {
    /// In words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Grade { axis, from, to } => Text::new(
                format!("{}が{from}から{to}になります。", axis.text().ja),
                format!("{} goes from {from} to {to}.", axis.text().en),
            ),
            Self::Restriction(lost) => Text::new(
                format!("取扱制限「{lost}」がなくなるか、緩くなります。"),
                format!("The restriction \"{lost}\" is dropped or weaker."),
            ),
            Self::Retention { from, to } => Text::new(
                to.map_or_else(
                    || format!("保存期間（{}まで）がなくなります。", from.printed()),
                    |to| format!("保存期間が{}までから{}までになります。", from.printed(), to.printed()),
                ),
                to.map_or_else(
                    || format!("Retention until {from} is dropped."),
                    |to| format!("Retention goes from {from} to {to}."),
                ),
            ),
            Self::Secret(_) => Text::fixed(
                "秘密文書の指定が解除、引下げ又は短縮されます。",
                "The designation as a secret document is taken back, lowered or shortened.",
            ),
            Self::OwnLevel { from, to } => Text::new(
                format!("「{from}」が「{}」になります。", to.as_ref().map_or("なし", Name::as_str)),
                format!("{from} becomes {}.", to.as_ref().map_or("nothing", Name::as_str)),
            ),
            Self::Readers => Text::fixed("閲覧制限の範囲が変わります。", "The permitted readers change."),
            Self::Taxonomy => Text::fixed("格付の体系が変わります。", "The taxonomy changes."),
        }
    }
}

/// What gets weaker from `from` to `to`; empty when nothing does.
#[must_use]
pub fn lowerings(from: &Label, to: &Label) -> Vec<Lowering> {
    let mut found = Vec::new();
    for axis in Axis::ALL {
        let (before, after) = (from.grades().level(axis), to.grades().level(axis));
        if after < before {
            found.push(Lowering::Grade { axis, from: before, to: after });
        }
    }
    found.extend(lost_restrictions(from, to).cloned().map(Lowering::Restriction));
    if let Some(before) = from.retention().filter(|before| to.retention().is_none_or(|after| after < *before)) {
        found.push(Lowering::Retention { from: before, to: to.retention() });
    }
    if let Some(before) = from.secret().filter(|before| !keeps_secret(before, to.secret())) {
        found.push(Lowering::Secret(before.clone()));
    }
    if from.taxonomy() != to.taxonomy() {
        found.push(Lowering::Taxonomy);
    }
    if let Some(before) = from.own_level().filter(|b| to.own_level() != Some(*b) && to.grades().c <= from.grades().c) {
        found.push(Lowering::OwnLevel { from: before.clone(), to: to.own_level().cloned() });
    }
    if from.readers_hash().is_some() && from.readers_hash() != to.readers_hash() {
        found.push(Lowering::Readers);
    }
    found
}

/// Whether anything gets weaker from `from` to `to`.
#[must_use]
pub fn is_lowering(from: &Label, to: &Label) -> bool {
    !lowerings(from, to).is_empty()
}

/// 保存期間満了後要廃棄 limits people, it protects nothing: dropping it lowers nothing.
fn lost_restrictions<'a>(from: &'a Label, to: &Label) -> impl Iterator<Item = &'a Restriction> {
    let lost = from.restrictions().not_kept_by(to.restrictions());
    lost.into_iter().filter(|r| r.rule().is_none_or(|rule| rule.verb() != Verb::Discard))
}

fn keeps_secret(before: &SecretDocument, after: Option<&SecretDocument>) -> bool {
    after.is_some_and(|after| after.class >= before.class && after.until >= before.until)
}
