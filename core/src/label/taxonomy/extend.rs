//! Extensions. An agency may add and tighten; what is weaker than the base is named, row by row, and refused (1.2(1) なお書き).

use super::super::level::{Axis, Confidentiality};
use super::file::File;
use super::{Row, Taxonomy};
use crate::code::Text;

/// A row of an extension that is weaker than the base's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weaker {
    /// The row, such as `restrictions copy`.
    pub row: String,
    /// What is weaker about it.
    pub text: Text,
}

impl Weaker {
    pub(super) fn of(row: impl Into<String>, ja: impl core::fmt::Display, en: impl core::fmt::Display) -> Self {
        let row = row.into();
        let text = Text::new(format!("「{row}」：{ja}。"), format!("{row}: {en}."));
        Self { row, text }
    }
}

/// What can be seen to be weaker in the file itself, before it is put together.
pub(super) fn weaker_rows(base: &Taxonomy, file: &File) -> Vec<Weaker> {
    let mut found = Vec::new();
    for given in &file.restrictions {
        let Some(row) = base.row(given.verb) else { continue };
        let named = format!("restrictions {}", given.verb.slug());
        let word = given.verb.text();
        if given.drop {
            found.push(Weaker::of(
                &named,
                format_args!("取扱制限「{}」を廃止しています", word.ja),
                format_args!("drops the restriction on \"{}\"", word.en),
            ));
            continue;
        }
        if given.axis.is_some_and(|axis| axis != row.axis) {
            let axis = row.axis.text();
            found.push(Weaker::of(
                &named,
                format_args!("「{}」の制限を{}から外しています", word.ja, axis.ja),
                format_args!("takes \"{}\" out of the axis {}", word.en, axis.en),
            ));
        }
        if given.modes.as_ref().is_some_and(|modes| row.modes.iter().any(|m| !modes.contains(m))) {
            found.push(fewer_modes(&named, row, given.modes.as_deref().unwrap_or_default()));
        }
    }
    for level in file.levels.iter() {
        let same = base.levels(level.axis).find(|l| l.printed.as_str() == level.printed);
        if let Some(same) = same.filter(|same| level.maps_to < same.maps_to) {
            found.push(Weaker::of(
                format!("levels {}", level.printed),
                format_args!("統一基準の{}より低い区分に対応付けています", same.maps_to),
                format_args!("is mapped to {}, lower than {} in the base", level.maps_to, same.maps_to),
            ));
        }
    }
    found.extend(unreached_levels(base, file));
    found.extend(file.detectors.iter().filter_map(|row| super::detector::weaker(row, base.detectors())));
    found
}

fn fewer_modes(named: &str, row: &Row, modes: &[super::Mode]) -> Weaker {
    let gone: Vec<Text> = row.modes.iter().filter(|m| !modes.contains(m)).map(|m| m.text()).collect();
    let list = |pick: fn(&Text) -> &str| gone.iter().map(pick).collect::<Vec<_>>().join("・");
    Weaker::of(
        named,
        format_args!("「{}」の「{}」がありません", row.verb.text().ja, list(|t| &t.ja)),
        format_args!("lacks the mode {}", list(|t| &t.en)),
    )
}

/// Levels of the base for which the extension's own levels have nothing.
fn unreached_levels(base: &Taxonomy, file: &File) -> Vec<Weaker> {
    let missing = |axis: Axis| {
        let own: Vec<u8> = file.levels.iter().filter(|l| l.axis == axis).map(|l| l.maps_to).collect();
        base.levels(axis).filter(move |l| !own.is_empty() && !own.contains(&l.maps_to)).map(|l| {
            Weaker::of(
                format!("levels {}", l.printed),
                "この区分に対応する独自の区分がありません",
                "no level of the extension stands for it",
            )
        })
    };
    Axis::ALL.into_iter().flat_map(missing).collect()
}

impl Taxonomy {
    /// What is weaker here than in `base`, once put together.
    pub(super) fn weaker_than(&self, base: &Self) -> Vec<Weaker> {
        let mut found: Vec<Weaker> = base.rows().filter_map(|row| self.weaker_row(row)).collect();
        if self.key_suite < base.key_suite {
            found.push(Weaker::of(
                "key-suite",
                "基の体系より弱い鍵方式です",
                format_args!("suite {} is below {}", self.key_suite.number(), base.key_suite.number()),
            ));
        }
        found.extend(self.marking.weaker_than(&base.marking));
        for axis in Axis::ALL {
            let (mine, theirs) = (self.default_grades.level(axis), base.default_grades.level(axis));
            if mine < theirs {
                found.push(Weaker::of(
                    "defaults grade",
                    format_args!("既定の{}が{theirs}から{mine}に下がっています", axis.text().ja),
                    format_args!("the default {} goes from {theirs} to {mine}", axis.text().en),
                ));
            }
        }
        for level in Confidentiality::ALL {
            for lost in base.default_restrictions(*level).not_kept_by(self.default_restrictions(*level)) {
                found.push(Weaker::of(
                    format!("defaults restrictions {}", level.level()),
                    format_args!("既定の「{lost}」がありません"),
                    format_args!("lacks the default {lost}"),
                ));
            }
        }
        found
    }

    fn weaker_row(&self, base: &Row) -> Option<Weaker> {
        let named = format!("restrictions {}", base.verb.slug());
        let Some(mine) = self.row(base.verb) else {
            return Some(Weaker::of(named, "この取扱制限がありません", "the restriction is missing"));
        };
        if mine.enforced_by < base.enforced_by {
            let (from, to) = (base.enforced_by.text(), mine.enforced_by.text());
            return Some(Weaker::of(
                named,
                format_args!("守る者が「{}」から「{}」に下がっています", from.ja, to.ja),
                format_args!("goes from \"{}\" to \"{}\"", from.en, to.en),
            ));
        }
        if base.modes.iter().any(|mode| !mine.modes.contains(mode)) {
            return Some(fewer_modes(&named, base, &mine.modes));
        }
        base.parameters
            .iter()
            .any(|p| !mine.parameters.contains(p))
            .then(|| Weaker::of(named, "指定できる条件が減っています", "takes fewer parameters"))
    }
}
