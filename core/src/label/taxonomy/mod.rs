//! 格付の体系. The standard fixes the frame, each agency fills it in; so the words, who enforces what and the clauses are data.

mod built_in;
mod check;
mod clause;
mod detector;
mod extend;
mod file;
mod marking;

use std::collections::BTreeMap;

use super::check::LabelError;
use super::document::{Label, LabelDraft, TaxonomyRef};
use super::grades::Grades;
use super::level::{Axis, Confidentiality};
use super::restriction::{Restriction, Rule};
use super::set::Restrictions;
use super::verb::{EnforcedBy, Mode, Verb};
use super::words::{Name, Verbatim};
use crate::code::Text;
use crate::crypto::KeySuite;
use crate::id::Digest;
use crate::licence::Right;
use crate::protocol::OrganisationKind;

pub use check::TaxonomyError;
pub use clause::Edition;
pub use detector::{Detector, Scan};
pub use extend::Weaker;
pub use file::{MarkingForm, Parameter};
pub use marking::MarkingStyle;

/// A level of an axis as a taxonomy has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its axis.
    pub axis: Axis,
    /// As printed, without 情報.
    pub printed: Name,
    /// The level of the standard it stands for.
    pub maps_to: u8,
    /// Its definition.
    pub definition: Text,
}

/// A row of the table of restrictions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub verb: Verb,
    /// Its axis.
    pub axis: Axis,
    /// The modes it can take.
    pub modes: Vec<Mode>,
    /// Who sees to it.
    pub enforced_by: EnforcedBy,
    /// The parameters it can take.
    pub parameters: Vec<Parameter>,
    /// What it means.
    pub meaning: Text,
}

/// An agency's own restriction: kept by people; what it denies the server enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    /// Its id.
    pub id: Name,
    /// Its axis.
    pub axis: Axis,
    /// As printed.
    pub printed: Verbatim,
    /// What it means.
    pub meaning: Text,
    /// Rights it denies.
    pub denies: Vec<Right>,
}

/// 組織の種別 with the criteria that hold for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// The kind.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: Text,
    /// Criteria of disclosure that decide between 機密性2 and 1.
    pub criteria: Text,
}

/// What a printed form stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// A rule's verb and mode.
    Rule(Verb, Mode),
    /// An agency's own row, by its index.
    Own(usize),
}

/// 格付の体系, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    reference: TaxonomyRef,
    base: Option<TaxonomyRef>,
    digest: Digest,
    name: Text,
    key_suite: KeySuite,
    default_grades: Grades,
    defaults: BTreeMap<Confidentiality, Restrictions>,
    /// Highest first within an axis.
    levels: Vec<Level>,
    rows: BTreeMap<Verb, Row>,
    own: Vec<OwnRow>,
    /// By folded text.
    forms: BTreeMap<String, Form>,
    organisations: Vec<Organisation>,
    out_of_scope: Vec<String>,
    ask_about: Vec<String>,
    marking: MarkingStyle,
    editions: Vec<Edition>,
    clauses: Vec<(String, Text)>,
    detectors: Vec<Detector>,
}

impl Taxonomy {
    /// Its id and version, as labels name it.
    #[must_use]
    pub const fn reference(&self) -> &TaxonomyRef {
        &self.reference
    }

    /// The taxonomy it extends.
    #[must_use]
    pub const fn base(&self) -> Option<&TaxonomyRef> {
        self.base.as_ref()
    }

    /// SHA-256 of the file; of an extension, over the base's digest followed by the file.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &Text {
        &self.name
    }

    /// The key suite for grants of documents under it, unless a profile says a stronger one.
    #[must_use]
    pub const fn key_suite(&self) -> KeySuite {
        self.key_suite
    }

    /// The grades proposed where nothing else is known.
    #[must_use]
    pub const fn default_grades(&self) -> Grades {
        self.default_grades
    }

    /// The restrictions proposed for a level of 機密性.
    #[must_use]
    pub fn default_restrictions(&self, level: Confidentiality) -> &Restrictions {
        self.defaults.get(&level).unwrap_or(const { &Restrictions::NONE })
    }

    /// The levels of an axis, highest first.
    pub fn levels(&self, axis: Axis) -> impl Iterator<Item = &Level> {
        self.levels.iter().filter(move |level| level.axis == axis)
    }

    /// The table of restrictions.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    /// The row of a verb.
    #[must_use]
    pub fn row(&self, verb: Verb) -> Option<&Row> {
        self.rows.get(&verb)
    }

    /// The agency's own restrictions.
    #[must_use]
    pub fn own_rows(&self) -> &[OwnRow] {
        &self.own
    }

    /// The own row of an agency's restriction.
    #[must_use]
    pub fn own_row(&self, id: &Name) -> Option<&OwnRow> {
        self.own.iter().find(|row| row.id == *id)
    }

    /// Who sees to it that a restriction is kept; what the taxonomy does not know, people.
    #[must_use]
    pub fn enforced_by(&self, restriction: &Restriction) -> EnforcedBy {
        match restriction.rule() {
            // An event is no date: only people can tell when it has come.
            Some(rule) if rule.terms().event.is_some() => EnforcedBy::People,
            Some(rule) => self.row(rule.verb()).map_or(EnforcedBy::People, |row| row.enforced_by),
            None => EnforcedBy::People,
        }
    }

    /// What a restriction means, in words.
    #[must_use]
    pub fn meaning(&self, restriction: &Restriction) -> Text {
        let known = match restriction {
            Restriction::Known(rule) => self.row(rule.verb()).map(|row| row.meaning.clone()),
            Restriction::Agency(own) => self.own_row(&own.id).map(|row| row.meaning.clone()),
            Restriction::Unknown(_) => None,
        };
        known.unwrap_or(const {
            Text::fixed(
                "体系にない取扱制限です。記載のとおりに職員等が守ります。対応が定められるまで、出力・提供・公表はできません。",
                "Not in the taxonomy: kept by people as written; export, provision and publication are refused until it is mapped.",
            )
        })
    }

    /// The kinds of organisation and their criteria.
    #[must_use]
    pub fn organisation(&self, kind: OrganisationKind) -> Option<&Organisation> {
        self.organisations.iter().find(|o| o.kind == kind)
    }

    /// Words of other regimes (特定秘密 …): a document bearing one is refused.
    #[must_use]
    pub fn out_of_scope(&self) -> &[String] {
        &self.out_of_scope
    }

    /// What is looked for in documents to propose a label, in the order of the file.
    #[must_use]
    pub fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    /// Words to ask about before anything is done (極秘 …).
    #[must_use]
    pub fn ask_about(&self) -> &[String] {
        &self.ask_about
    }

    /// What every page shows of a label.
    #[must_use]
    pub const fn marking(&self) -> &MarkingStyle {
        &self.marking
    }

    pub(super) fn form(&self, folded: &str) -> Option<&Form> {
        self.forms.get(folded)
    }

    /// The folded forms of a verb, longest first.
    pub(super) fn forms_of(&self, verb: Verb) -> Vec<(&str, Mode)> {
        let mut forms: Vec<(&str, Mode)> = self
            .forms
            .iter()
            .filter_map(|(text, form)| match form {
                Form::Rule(v, mode) if *v == verb => Some((text.as_str(), *mode)),
                _ => None,
            })
            .collect();
        forms.sort_by_key(|(text, _)| core::cmp::Reverse(text.len()));
        forms
    }

    /// Every folded form of a rule.
    pub(super) fn rule_forms(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().filter(|(_, form)| matches!(form, Form::Rule(..))).map(|(text, _)| text.as_str())
    }

    /// Checks a label, made here or received, against this taxonomy.
    ///
    /// # Errors
    /// [`LabelError`] when it speaks another taxonomy or says what this one does not have.
    pub fn check(&self, label: &Label) -> Result<(), LabelError> {
        self.check_draft(&label.0)
    }

    pub(super) fn check_draft(&self, draft: &LabelDraft) -> Result<(), LabelError> {
        if draft.taxonomy != self.reference {
            let known = format!("{} {}", self.reference.id, self.reference.version);
            return Err(LabelError::Taxonomy(known));
        }
        if let Some(foreign) = draft.restrictions.iter().find(|r| !self.has(r)) {
            return Err(LabelError::NotInTaxonomy(foreign.to_string()));
        }
        let number = draft.grades.c.level();
        let fits = match &draft.own_level {
            Some(own) => self.levels(Axis::Confidentiality).any(|l| l.printed == *own && l.maps_to == number),
            None => self.levels(Axis::Confidentiality).filter(|l| l.maps_to == number).count() == 1,
        };
        if fits { Ok(()) } else { Err(LabelError::OwnLevel) }
    }

    /// Whether a restriction is as the taxonomy has it; unknown ones stand outside and are allowed to be written.
    fn has(&self, restriction: &Restriction) -> bool {
        match restriction {
            Restriction::Known(rule) => self.row(rule.verb()).is_some_and(|row| {
                row.modes.contains(&rule.mode()) && parameters_of(rule).all(|p| row.parameters.contains(&p))
            }),
            Restriction::Agency(own) => {
                self.own_row(&own.id).is_some_and(|row| row.axis == own.axis && row.printed == own.printed)
            }
            Restriction::Unknown(_) => true,
        }
    }
}

/// The parameters a rule uses.
fn parameters_of(rule: &Rule) -> impl Iterator<Item = Parameter> {
    let t = rule.terms();
    [
        (t.from.is_some(), Parameter::From),
        (t.until.is_some(), Parameter::Until),
        (!t.audience.is_empty(), Parameter::Audience),
        (t.count.is_some(), Parameter::Count),
        (t.zone.is_some(), Parameter::Zone),
        (t.place.is_some(), Parameter::Place),
        (t.within.is_some(), Parameter::Within),
        (t.scope.is_some(), Parameter::Scope),
        (t.event.is_some(), Parameter::Event),
    ]
    .into_iter()
    .filter_map(|(used, parameter)| used.then_some(parameter))
}

impl LabelDraft {
    /// Makes a label of a draft.
    ///
    /// # Errors
    /// [`LabelError`] when it is no label of this taxonomy.
    pub fn finish(self, taxonomy: &Taxonomy) -> Result<Label, LabelError> {
        self.check_structure()?;
        taxonomy.check_draft(&self)?;
        Ok(Label(self))
    }
}
