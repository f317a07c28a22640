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
    /// What those are.
    pub more_of: BTreeMap<Category, u64>,
}

impl Report {
    /// How often each category was found.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Category, u64> {
        let mut counts = self.more_of.clone();
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
    left: Left,
}

/// What the files that lie in a file may still take.
#[derive(Clone, Copy)]
struct Left {
    files: u64,
    bytes: u64,
    depth: usize,
}

impl Ledger {
    pub fn new(wanted: Wanted) -> Self {
        let left = Left { files: limits::TEXT_FILES, bytes: limits::TEXT_INFLATED, depth: limits::TEXT_DEPTH };
        Self { wanted, report: Report::default(), places: BTreeMap::new(), within: Vec::new(), left }
    }

    /// A ledger for a file of `bytes` that lies in the one being walked over; `None` when that would be too much.
    pub fn inner(&mut self, bytes: u64) -> Option<Self> {
        self.left.files = self.left.files.checked_sub(1)?;
        self.left.bytes = self.left.bytes.checked_sub(bytes)?;
        let left = Left { depth: self.left.depth.checked_sub(1)?, ..self.left };
        Some(Self { left, within: self.within.clone(), ..Self::new(self.wanted.clone()) })
    }

    /// Takes over what was found in such a file.
    pub fn absorb(&mut self, inner: Self) {
        (self.left.files, self.left.bytes) = (inner.left.files, inner.left.bytes);
        for (category, count) in inner.report.more_of {
            self.add_more(category, count);
        }
        inner.report.findings.into_iter().for_each(|finding| self.add(finding));
    }

    /// Takes over what was found in such a file, all of which stayed in it.
    pub fn absorb_kept(&mut self, mut inner: Self) {
        inner.report.findings.iter_mut().for_each(|finding| finding.is_removed = false);
        self.absorb(inner);
    }

    /// Whether something of this category was found so far.
    pub fn has(&self, category: Category) -> bool {
        self.report.more_of.contains_key(&category)
            || self.report.findings.iter().any(|finding| finding.category == category)
    }

    /// Whether it is only looked at.
    pub fn only_looks(&self) -> bool {
        self.wanted == Wanted::nothing()
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
        self.add(Finding { category, spot, what: what.clone(), count: 1, is_removed });
    }

    fn add(&mut self, finding: Finding) {
        let key = (finding.category, format!("{} {} {}", finding.spot.name().en, finding.what.en, finding.is_removed));
        if let Some(known) = self.places.get(&key).and_then(|place| self.report.findings.get_mut(*place)) {
            known.count = known.count.saturating_add(finding.count);
        } else if self.report.findings.len() < limits::FINDINGS {
            self.places.insert(key, self.report.findings.len());
            self.report.findings.push(finding);
        } else {
            self.add_more(finding.category, finding.count);
        }
    }

    fn add_more(&mut self, category: Category, count: u64) {
        self.report.more = self.report.more.saturating_add(count);
        let of_it = self.report.more_of.entry(category).or_default();
        *of_it = of_it.saturating_add(count);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_list_is_counted_by_its_category() {
        let mut ledger = Ledger::new(Wanted::nothing());
        for at in 0..limits::FINDINGS as u64 + 100 {
            ledger.kept(
                Category::NotInspected,
                Unit::Line(u32::try_from(at).unwrap_or(0)),
                &Text::fixed("音声", "sound"),
            );
        }
        let mut inner = Ledger::new(Wanted::nothing());
        inner.kept(Category::HiddenSheets, Unit::Whole, &Text::fixed("シート", "a sheet"));
        ledger.absorb(inner);
        assert!(ledger.has(Category::HiddenSheets));
        let report = ledger.finish();
        assert_eq!((report.more, report.counts().get(&Category::HiddenSheets)), (101, Some(&1)));
        assert_eq!(report.counts().get(&Category::NotInspected), Some(&(limits::FINDINGS as u64 + 100)));
    }
}
