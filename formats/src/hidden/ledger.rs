//! What was found, as it is found.

use std::collections::{BTreeMap, BTreeSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Spot, Unit};

use super::{Category, Fate};
use crate::limits;

/// 見つかったもの. Hidden data of one sort at one spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What sort of data.
    pub category: Category,
    /// Where.
    pub spot: Spot,
    /// What it is, in short. Never the data itself.
    pub what: Text,
    /// How often at this spot.
    pub count: u64,
    /// Whether it was taken out of the result.
    pub is_removed: bool,
}

/// What a document holds beside what is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order in which they lie, at most [`limits::FINDINGS`].
    pub findings: Vec<Finding>,
    /// Findings beyond those.
    pub more: u64,
}

impl Report {
    /// How often each category was found.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Category, u64> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            let count: &mut u64 = counts.entry(finding.category).or_default();
            *count = count.saturating_add(finding.count);
        }
        counts
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }
}

/// 除去するもの. Which categories are taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted(BTreeSet<Category>);

impl Wanted {
    /// Takes out nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Takes out everything that can go without changing how the pages look.
    #[must_use]
    pub fn usual() -> Self {
        Self(Category::ALL.iter().copied().filter(|c| c.fate() == Fate::Removed).collect())
    }

    /// With a category besides. Of those that are only reported nothing comes.
    #[must_use]
    pub fn with(mut self, category: Category) -> Self {
        if category.fate() != Fate::Reported {
            self.0.insert(category);
        }
        self
    }

    /// Without a category.
    #[must_use]
    pub fn without(mut self, category: Category) -> Self {
        self.0.remove(&category);
        self
    }

    /// Whether a category is taken out.
    #[must_use]
    pub fn removes(&self, category: Category) -> bool {
        self.0.contains(&category)
    }
}

/// Collects findings during one walk, and says what is to go.
pub(crate) struct Ledger {
    wanted: Wanted,
    report: Report,
    places: BTreeMap<(Category, String), usize>,
    within: Vec<String>,
}

impl Ledger {
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, report: Report::default(), places: BTreeMap::new(), within: Vec::new() }
    }

    /// Notes a finding; the answer is whether to take it out.
    pub fn found(&mut self, category: Category, unit: Unit, what: &Text) -> bool {
        let is_removed = self.wanted.removes(category) && category.fate() != Fate::Reported;
        self.note(category, unit, what, is_removed);
        is_removed
    }

    /// Notes what can't be taken out here, whatever is wanted.
    pub fn kept(&mut self, category: Category, unit: Unit, what: &Text) {
        self.note(category, unit, what, false);
    }

    fn note(&mut self, category: Category, unit: Unit, what: &Text, is_removed: bool) {
        let spot = Spot { within: self.within.clone(), unit, part: kakuzuke_core::passage::Part::Hidden };
        let key = (category, format!("{} {} {is_removed}", spot.name().en, what.en));
        if let Some(known) = self.places.get(&key).and_then(|place| self.report.findings.get_mut(*place)) {
            known.count = known.count.saturating_add(1);
        } else if self.report.findings.len() < limits::FINDINGS {
            self.places.insert(key, self.report.findings.len());
            self.report.findings.push(Finding { category, spot, what: what.clone(), count: 1, is_removed });
        } else {
            self.report.more = self.report.more.saturating_add(1);
        }
    }

    /// Whether a category is to go.
    pub fn removes(&self, category: Category) -> bool {
        self.wanted.removes(category)
    }

    pub fn not_inspected(&mut self, why: Text) {
        self.kept(Category::NotInspected, Unit::Whole, &why);
    }

    /// Findings from now on lie in the part `name`.
    pub fn enter(&mut self, name: &str) {
        self.within.push(name.to_owned());
    }

    pub fn leave(&mut self) {
        self.within.pop();
    }

    pub fn finish(self) -> Report {
        self.report
    }
}
