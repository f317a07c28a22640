//! From file to taxonomy. Every row is checked; a file with one bad row is no taxonomy.

use std::collections::BTreeMap;

use super::super::document::TaxonomyRef;
use super::super::grades::Grades;
use super::super::level::{Availability, Axis, Confidentiality, Integrity};
use super::super::print::canonical;
use super::super::restriction::{Restriction, modes_of};
use super::super::verb::{EnforcedBy, Mode};
use super::super::width;
use super::super::words::{Name, Verbatim, Words};
use super::extend::{Weaker, weaker_rows};
use super::file::{File, LevelRow, OwnRow as OwnFileRow, RestrictionRow};
use super::marking::MarkingStyle;
use super::{Edition, Form, Level, Organisation, OwnRow, Row, Taxonomy};
use crate::code::Text;
use crate::crypto;
use crate::crypto::KeySuite;
use crate::id::Digest;
use crate::time::Timestamp;

/// A file that is no taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TaxonomyError {
    /// Not TOML of the expected shape.
    #[error("not a taxonomy file: {0}")]
    Syntax(String),
    /// A row that says nothing meaningful.
    #[error("row {row}: {why}")]
    Row {
        /// Which row.
        row: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An extension of another taxonomy or version; or a base that names a base.
    #[error("the file extends {0}")]
    Base(String),
    /// 基準より弱い. The extension is weaker than its base.
    #[error("the extension is weaker than its base: {}", .0.iter().map(|w| w.row.as_str()).collect::<Vec<_>>().join(", "))]
    Weaker(Vec<Weaker>),
}

impl TaxonomyError {
    /// What happened and what to do, with the rows named.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Syntax(detail) => Text::new(
                format!("格付体系のファイルを読めません。書式を確認してください。（{detail}）"),
                format!("The taxonomy file cannot be read. Check its form. ({detail})"),
            ),
            Self::Row { row, why } => Text::new(
                format!("格付体系の「{row}」の行が正しくありません。（{why}）"),
                format!("The row \"{row}\" of the taxonomy is not valid: {why}."),
            ),
            Self::Base(base) => Text::new(
                format!("このファイルは {base} を拡張するものです。基となる体系と版を確認してください。"),
                format!("This file extends {base}. Check the base taxonomy and its version."),
            ),
            Self::Weaker(rows) => Text::new(
                format!(
                    "基となる体系より弱い定めがあるため受け付けません（統一基準 1.2(1) なお書き）。{}",
                    rows.iter().map(|w| w.text.ja.as_ref()).collect::<Vec<_>>().join(" ")
                ),
                format!(
                    "Refused, because the extension is weaker than its base (1.2(1)). {}",
                    rows.iter().map(|w| w.text.en.as_ref()).collect::<Vec<_>>().join(" ")
                ),
            ),
        }
    }
}

/// A fault of a row.
pub(super) fn fault(row: impl Into<String>, why: &'static str) -> TaxonomyError {
    TaxonomyError::Row { row: row.into(), why }
}

impl Taxonomy {
    /// Reads a base taxonomy.
    ///
    /// # Errors
    /// [`TaxonomyError`] naming the row that is wrong.
    pub fn parse(text: &str) -> Result<Self, TaxonomyError> {
        let file = read(text)?;
        if let Some(base) = &file.base {
            return Err(TaxonomyError::Base(format!("{} {}", base.id, base.version)));
        }
        let digest = Digest::from_bytes(crypto::default_provider().sha256(text.as_bytes()));
        Self::empty(&file, digest)?.filled(&file)
    }

    /// Reads an extension of this taxonomy, and refuses it if anything in it is weaker.
    ///
    /// # Errors
    /// [`TaxonomyError::Weaker`] with every row that is weaker; other [`TaxonomyError`]s as for [`Taxonomy::parse`].
    pub fn extend(&self, extension: &str) -> Result<Self, TaxonomyError> {
        let file = read(extension)?;
        let here = &self.reference;
        let base = file.base.as_ref().ok_or_else(|| fault("base", "an extension names its base"))?;
        if base.id != here.id.as_str() || base.version != here.version.as_str() {
            return Err(TaxonomyError::Base(format!("{} {}", base.id, base.version)));
        }
        let whole = [self.digest.as_bytes().as_slice(), extension.as_bytes()].concat();
        let digest = crypto::default_provider().sha256(&whole);
        let mut taxonomy = self.clone();
        taxonomy.base = Some(self.reference.clone());
        taxonomy.reference = reference(&file)?;
        taxonomy.digest = Digest::from_bytes(digest);
        taxonomy.name = file.name.clone();
        let weaker = weaker_rows(self, &file);
        if !weaker.is_empty() {
            return Err(TaxonomyError::Weaker(weaker));
        }
        let taxonomy = taxonomy.filled(&file)?;
        let weaker = taxonomy.weaker_than(self);
        if weaker.is_empty() { Ok(taxonomy) } else { Err(TaxonomyError::Weaker(weaker)) }
    }

    fn empty(file: &File, digest: Digest) -> Result<Self, TaxonomyError> {
        Ok(Self {
            reference: reference(file)?,
            base: None,
            digest,
            name: file.name.clone(),
            key_suite: file.key_suite.unwrap_or(KeySuite::Kz2),
            default_grades: Grades::new(Confidentiality::Two, Integrity::One, Availability::One),
            defaults: BTreeMap::new(),
            levels: Vec::new(),
            rows: BTreeMap::new(),
            own: Vec::new(),
            forms: BTreeMap::new(),
            organisations: Vec::new(),
            out_of_scope: Vec::new(),
            ask_about: Vec::new(),
            marking: MarkingStyle::default(),
            editions: Vec::new(),
            clauses: Vec::new(),
            detectors: Vec::new(),
        })
    }

    /// This taxonomy with what a file adds or changes.
    fn filled(mut self, file: &File) -> Result<Self, TaxonomyError> {
        self.key_suite = file.key_suite.unwrap_or(self.key_suite);
        self.add_levels(&file.levels)?;
        for row in &file.restrictions {
            self.add_row(row)?;
        }
        for row in &file.own {
            self.add_own(row)?;
        }
        for row in &file.organisations {
            self.organisations.retain(|o| o.kind != row.kind);
            let (name, criteria) = (row.name.clone(), row.criteria.clone());
            self.organisations.push(Organisation { kind: row.kind, name, criteria });
        }
        if let Some(markings) = &file.markings {
            self.out_of_scope.extend(markings.out_of_scope.iter().map(|w| width::fold(w)));
            self.ask_about.extend(markings.ask_about.iter().map(|w| width::fold(w)));
        }
        if let Some(row) = &file.marking {
            self.marking.change(row)?;
        }
        for row in &file.editions {
            let (id, name, renumber) = (row.id.clone(), row.name.clone(), row.renumber.clone());
            self.editions.push(Edition { id, name, renumber });
        }
        for row in &file.clauses {
            if row.ja.trim().is_empty() || row.en.trim().is_empty() || self.clause(&row.id).is_some() {
                return Err(fault(format!("clauses {}", row.id), "empty, or there twice"));
            }
            self.clauses.push((row.id.clone(), Text::new(row.ja.clone(), row.en.clone())));
        }
        for row in &file.detectors {
            super::detector::add(&mut self.detectors, row)?;
        }
        self.add_defaults(file)?;
        Ok(self)
    }

    fn add_levels(&mut self, rows: &[LevelRow]) -> Result<(), TaxonomyError> {
        for axis in Axis::ALL {
            let named = || format!("levels {}", axis.text().ja);
            let mut levels = Vec::new();
            for row in rows.iter().filter(|row| row.axis == axis) {
                let printed = Name::new(&row.printed).map_err(|_| fault(named(), "the printed form is no name"))?;
                levels.push(Level { axis, printed, maps_to: row.maps_to, definition: row.definition.clone() });
            }
            if levels.is_empty() {
                if self.levels(axis).next().is_none() {
                    return Err(fault(named(), "the axis has no levels"));
                }
                continue;
            }
            if !levels.is_sorted_by(|a, b| a.maps_to >= b.maps_to) {
                return Err(fault(named(), "levels are written highest first"));
            }
            let top = top_level(axis);
            if (1..=top).any(|n| levels.iter().all(|l| l.maps_to != n)) || levels.iter().any(|l| l.maps_to > top) {
                return Err(fault(named(), "the levels do not stand for every level of the standard"));
            }
            self.levels.retain(|level| level.axis != axis);
            self.levels.extend(levels);
        }
        Ok(())
    }

    fn add_row(&mut self, given: &RestrictionRow) -> Result<(), TaxonomyError> {
        let verb = given.verb;
        let named = || format!("restrictions {}", verb.slug());
        let before = self.rows.get(&verb).cloned();
        let before = before.as_ref();
        let row = Row {
            verb,
            axis: given.axis.or(before.map(|b| b.axis)).unwrap_or(verb.axis()),
            modes: given.modes.clone().or(before.map(|b| b.modes.clone())).unwrap_or_default(),
            enforced_by: given.enforced_by.or(before.map(|b| b.enforced_by)).unwrap_or(EnforcedBy::People),
            parameters: given.parameters.clone().or(before.map(|b| b.parameters.clone())).unwrap_or_default(),
            meaning: given
                .meaning
                .clone()
                .or(before.map(|b| b.meaning.clone()))
                .ok_or_else(|| fault(named(), "says no meaning"))?,
        };
        if given.drop || row.modes.is_empty() || row.modes.iter().any(|mode| !modes_of(verb).contains(mode)) {
            return Err(fault(named(), "a mode that does not go with it, or none"));
        }
        if row.axis != verb.axis() {
            return Err(fault(named(), "belongs to another axis"));
        }
        for mode in &row.modes {
            self.add_form(&canonical(verb, *mode), Form::Rule(verb, *mode))?;
        }
        for (slug, forms) in &given.forms {
            let mode =
                mode_of(slug).filter(|m| row.modes.contains(m)).ok_or_else(|| fault(named(), "forms of no mode"))?;
            if before.is_none() && forms.first().is_some_and(|f| *f != canonical(verb, mode)) {
                return Err(fault(named(), "the first form is not the one that is printed"));
            }
            for form in forms {
                self.add_form(form, Form::Rule(verb, mode))?;
            }
        }
        self.rows.insert(verb, row);
        Ok(())
    }

    fn add_own(&mut self, given: &OwnFileRow) -> Result<(), TaxonomyError> {
        let named = || format!("own {}", given.id);
        let printed = given.forms.first().ok_or_else(|| fault(named(), "has no printed form"))?;
        let row = OwnRow {
            id: Name::new(&given.id).map_err(|_| fault(named(), "the id is no name"))?,
            axis: given.axis,
            printed: Verbatim::new(printed).map_err(|_| fault(named(), "the printed form is no text"))?,
            meaning: given.meaning.clone(),
            denies: given.rights().ok_or_else(|| fault(named(), "denies an unknown right"))?,
        };
        if self.own.iter().any(|other| other.id == row.id) {
            return Err(fault(named(), "there twice"));
        }
        for form in &given.forms {
            self.add_form(form, Form::Own(self.own.len()))?;
        }
        self.own.push(row);
        Ok(())
    }

    fn add_form(&mut self, text: &str, form: Form) -> Result<(), TaxonomyError> {
        let folded = width::fold(text);
        if folded.is_empty() {
            return Err(fault("forms", "an empty form"));
        }
        match self.forms.insert(folded, form.clone()) {
            Some(other) if other != form => Err(fault(format!("forms {text}"), "stands for two things")),
            _ => Ok(()),
        }
    }

    fn add_defaults(&mut self, file: &File) -> Result<(), TaxonomyError> {
        let Some(defaults) = &file.defaults else { return Ok(()) };
        if let Some(code) = &defaults.grade {
            self.default_grades = code.parse().map_err(|_| fault("defaults grade", "not of the form C2I1A1"))?;
        }
        for (level, printed) in &defaults.restrictions {
            let named = || format!("defaults restrictions {level}");
            let number = level.parse().ok().and_then(Confidentiality::from_level);
            let number = number.ok_or_else(|| fault(named(), "no such level"))?;
            let restrictions = printed
                .iter()
                .map(|text| match Restriction::parse(text, self, Timestamp::from_unix(0)) {
                    Ok(Restriction::Unknown(_)) | Err(_) => {
                        Err(fault(named(), "a restriction the file does not define"))
                    }
                    Ok(known) => Ok(known),
                })
                .collect::<Result<_, _>>()?;
            self.defaults.insert(number, restrictions);
        }
        Ok(())
    }
}

fn read(text: &str) -> Result<File, TaxonomyError> {
    toml::from_str(text).map_err(|e| TaxonomyError::Syntax(e.message().to_owned()))
}

fn reference(file: &File) -> Result<TaxonomyRef, TaxonomyError> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b));
    if !plain(&file.id) || !plain(&file.version) {
        return Err(fault("id", "id and version are of a-z 0-9 - . _"));
    }
    Ok(TaxonomyRef {
        id: Words::new(&file.id).map_err(|_| fault("id", "no id"))?,
        version: Words::new(&file.version).map_err(|_| fault("version", "no version"))?,
    })
}

fn mode_of(slug: &str) -> Option<Mode> {
    match slug {
        "forbidden" => Some(Mode::Forbidden),
        "needs-permission" => Some(Mode::NeedsPermission),
        "required" => Some(Mode::Required),
        _ => None,
    }
}

/// The highest level of an axis of the standard.
const fn top_level(axis: Axis) -> u8 {
    match axis {
        Axis::Confidentiality => 3,
        Axis::Integrity | Axis::Availability => 2,
    }
}
