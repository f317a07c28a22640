//! 表示の様式. Which grades the line on every page shows, how they are written, and which words stand across the page.

use std::collections::BTreeMap;

use super::super::level::{Axis, Confidentiality};
use super::TaxonomyError;
use super::check::fault;
use super::extend::Weaker;
use super::file::{MarkingForm, MarkingRow};

/// Longest watermark as the file has it, in characters.
const WATERMARK: usize = 60;
/// Stands for the grade of 機密性 in a watermark.
const GRADE: &str = "{格付}";

/// 表示の様式.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkingStyle {
    axes: Vec<Axis>,
    form: MarkingForm,
    watermarks: BTreeMap<Confidentiality, String>,
}

impl Default for MarkingStyle {
    /// All grades as agencies write them, no watermark.
    fn default() -> Self {
        Self { axes: Axis::ALL.to_vec(), form: MarkingForm::Information, watermarks: BTreeMap::new() }
    }
}

impl MarkingStyle {
    /// The grades on the line, in their order. 機密性 is always one of them.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// A grade as it stands on the line: `機密性２` as printed becomes `機密性２情報`.
    #[must_use]
    pub fn grade(&self, printed: &str) -> String {
        match self.form {
            MarkingForm::Information => format!("{printed}情報"),
            MarkingForm::Level => printed.to_owned(),
        }
    }

    /// The words across the page for a level of 機密性, printed as given.
    #[must_use]
    pub fn watermark(&self, level: Confidentiality, printed: &str) -> Option<String> {
        self.watermarks.get(&level).map(|words| words.replace(GRADE, &self.grade(printed)))
    }

    /// Takes over what a file says.
    pub(super) fn change(&mut self, row: &MarkingRow) -> Result<(), TaxonomyError> {
        if let Some(axes) = &row.axes {
            let twice = axes.iter().enumerate().any(|(at, axis)| axes.iter().skip(at + 1).any(|other| other == axis));
            if twice || !axes.contains(&Axis::Confidentiality) {
                return Err(fault("marking axes", "an axis stands there twice, or confidentiality is not there"));
            }
            self.axes.clone_from(axes);
        }
        self.form = row.form.unwrap_or(self.form);
        for (level, words) in &row.watermarks {
            let named = || format!("marking watermarks {level}");
            let number = level.parse().ok().and_then(Confidentiality::from_level);
            let number = number.ok_or_else(|| fault(named(), "no such level"))?;
            if words.chars().count() > WATERMARK || words.chars().any(char::is_control) {
                return Err(fault(named(), "too long, or no text"));
            }
            match words.trim() {
                "" => self.watermarks.remove(&number),
                words => self.watermarks.insert(number, words.to_owned()),
            };
        }
        Ok(())
    }

    /// What is shown less than `base` shows.
    pub(super) fn weaker_than(&self, base: &Self) -> Vec<Weaker> {
        let axes = base.axes.iter().filter(|axis| !self.axes.contains(axis)).map(|axis| {
            let axis = axis.text();
            let (ja, en) = (format!("{}の格付を表示していません", axis.ja), format!("does not show {}", axis.en));
            Weaker::of("marking axes", ja, en)
        });
        let gone = base.watermarks.keys().filter(|level| !self.watermarks.contains_key(level));
        let watermarks = gone.map(|level| {
            let named = format!("marking watermarks {}", level.level());
            Weaker::of(named, "ページにわたる文字を表示していません", "has no watermark")
        });
        axes.chain(watermarks).collect()
    }
}
