//! The file as it is written. Nothing here is believed: `check` makes a taxonomy of it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::level::Axis;
use super::super::verb::{EnforcedBy, Mode, Verb};
use crate::code::Text;
use crate::crypto::KeySuite;
use crate::licence::Right;
use crate::protocol::OrganisationKind;

/// A taxonomy file (TOML). An extension says only what it adds or changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub id: String,
    pub version: String,
    pub base: Option<Base>,
    pub name: Text,
    pub key_suite: Option<KeySuite>,
    pub defaults: Option<Defaults>,
    #[serde(default)]
    pub levels: Vec<LevelRow>,
    #[serde(default)]
    pub restrictions: Vec<RestrictionRow>,
    #[serde(default)]
    pub own: Vec<OwnRow>,
    #[serde(default)]
    pub organisations: Vec<OrganisationRow>,
    pub markings: Option<Markings>,
    pub marking: Option<MarkingRow>,
    #[serde(default)]
    pub editions: Vec<EditionRow>,
    #[serde(default)]
    pub clauses: Vec<ClauseRow>,
    #[serde(default)]
    pub detectors: Vec<super::detector::DetectorRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Base {
    pub id: String,
    pub version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    pub grade: Option<String>,
    /// By 機密性 level: restrictions proposed for it.
    #[serde(default)]
    pub restrictions: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LevelRow {
    pub axis: Axis,
    /// As printed, without 情報: `機密性３`.
    pub printed: String,
    /// Level of the standard it stands for.
    pub maps_to: u8,
    pub definition: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RestrictionRow {
    pub verb: Verb,
    #[serde(default)]
    pub drop: bool,
    pub axis: Option<Axis>,
    pub modes: Option<Vec<Mode>>,
    pub enforced_by: Option<EnforcedBy>,
    pub parameters: Option<Vec<Parameter>>,
    pub meaning: Option<Text>,
    /// By mode: the printed form first, then its aliases.
    #[serde(default)]
    pub forms: BTreeMap<String, Vec<String>>,
}

/// A parameter a restriction can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parameter {
    /// ○月○日から.
    From,
    /// ○月○日まで.
    Until,
    /// ○○限り.
    Audience,
    /// ○回.
    Count,
    /// ○○外.
    Zone,
    /// ○○において.
    Place,
    /// ○○以内.
    Within,
    /// 保存時・通信時.
    Scope,
    /// ○○まで, where ○○ is no date.
    Event,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct OwnRow {
    pub id: String,
    pub axis: Axis,
    /// The printed form first, then its aliases.
    pub forms: Vec<String>,
    pub meaning: Text,
    /// Rights it denies while it holds.
    #[serde(default)]
    pub denies: Vec<String>,
}

impl OwnRow {
    pub(super) fn rights(&self) -> Option<Vec<Right>> {
        self.denies.iter().map(|slug| Right::from_slug(slug)).collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct OrganisationRow {
    pub kind: OrganisationKind,
    pub name: Text,
    pub criteria: Text,
}

/// How grades are marked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Markings {
    /// Words of other regimes: a document bearing one is refused.
    #[serde(default)]
    pub out_of_scope: Vec<String>,
    /// Words that are asked about before anything is done.
    #[serde(default)]
    pub ask_about: Vec<String>,
}

/// 表示. What every page shows of a label.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct MarkingRow {
    /// Grades on the line.
    pub axes: Option<Vec<Axis>>,
    /// How a grade is written on it.
    pub form: Option<MarkingForm>,
    /// By level of 機密性: words across the page; `{格付}` is the grade of 機密性 as it stands on the line.
    #[serde(default)]
    pub watermarks: BTreeMap<String, String>,
}

/// How a grade is written on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkingForm {
    /// 機密性２情報.
    Information,
    /// 機密性２.
    Level,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct EditionRow {
    pub id: String,
    pub name: Text,
    /// Pairs of section numbers: there, where clauses of the section went.
    #[serde(default)]
    pub renumber: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseRow {
    pub id: String,
    pub ja: String,
    pub en: String,
}
