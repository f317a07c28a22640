//! 取扱制限の集まり. Kept in one normal form, so that equal meaning is equal bytes and nothing weaker hides behind a stronger one.

use super::level::Axis;
use super::restriction::{Restriction, Rule, Terms};
use super::verb::{EncryptScope, Mode, Verb};
use crate::time::Timestamp;

/// Most restrictions in one label.
pub const MAX_RESTRICTIONS: usize = 64;

/// Restrictions in normal form: sorted, none covered by another, 保存時 and 通信時 of the same period written as one.
///
/// All of them hold together. Several ○○限り therefore mean their intersection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Restrictions(Vec<Restriction>);

impl Restrictions {
    /// None.
    pub const NONE: Self = Self(Vec::new());

    /// The restrictions in order.
    pub fn iter(&self) -> core::slice::Iter<'_, Restriction> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules among them.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.iter().filter_map(Restriction::rule)
    }

    /// The rules on a verb.
    pub fn on(&self, verb: Verb) -> impl Iterator<Item = &Rule> {
        self.rules().filter(move |rule| rule.verb() == verb)
    }

    /// How strictly a verb is restricted; the strictest where several hold.
    #[must_use]
    pub fn mode(&self, verb: Verb) -> Option<Mode> {
        self.on(verb).map(Rule::mode).min()
    }

    /// Those of one axis.
    #[must_use]
    pub fn of_axis(&self, axis: Axis) -> Self {
        self.iter().filter(|r| r.axis() == axis).cloned().collect()
    }

    /// Those that hold at a point in time.
    #[must_use]
    pub fn effective(&self, now: Timestamp) -> Self {
        self.iter().filter(|r| r.holds_at(now)).cloned().collect()
    }

    /// Both together: what keeps the result keeps each.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).cloned().collect()
    }

    /// Those of `self` that keeping `other` would not keep.
    #[must_use]
    pub fn not_kept_by(&self, other: &Self) -> Vec<&Restriction> {
        let others = split_encryption(other.iter().cloned());
        self.iter()
            .filter(|r| !split_encryption([(*r).clone()]).iter().all(|part| others.iter().any(|o| o.covers(part))))
            .collect()
    }

    /// Whether keeping `self` keeps `other` too.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.not_kept_by(self).is_empty()
    }
}

impl<'a> IntoIterator for &'a Restrictions {
    type Item = &'a Restriction;
    type IntoIter = core::slice::Iter<'a, Restriction>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Restriction> for Restrictions {
    fn from_iter<I: IntoIterator<Item = Restriction>>(restrictions: I) -> Self {
        let mut all = split_encryption(restrictions);
        all.sort();
        all.dedup();
        let kept: Vec<Restriction> =
            all.iter().filter(|r| !all.iter().any(|o| o != *r && o.covers(r))).cloned().collect();
        Self(merge_encryption(kept))
    }
}

/// 暗号化必須 as its two halves, so that halves of different origin can be compared.
fn split_encryption(restrictions: impl IntoIterator<Item = Restriction>) -> Vec<Restriction> {
    restrictions
        .into_iter()
        .flat_map(|r| match r.rule() {
            Some(rule) if rule.terms().scope == Some(EncryptScope::Always) => {
                [EncryptScope::AtRest, EncryptScope::InTransit].map(|scope| with_scope(rule, scope)).to_vec()
            }
            _ => vec![r],
        })
        .collect()
}

/// Halves of the same period as one.
fn merge_encryption(mut restrictions: Vec<Restriction>) -> Vec<Restriction> {
    let halves: Vec<Rule> = restrictions.iter().filter_map(Restriction::rule).cloned().collect();
    for rule in halves.iter().filter(|r| r.terms().scope == Some(EncryptScope::AtRest)) {
        let (rest, transit) = (with_scope(rule, EncryptScope::AtRest), with_scope(rule, EncryptScope::InTransit));
        if restrictions.contains(&transit) {
            restrictions.retain(|r| *r != rest && *r != transit);
            restrictions.push(with_scope(rule, EncryptScope::Always));
        }
    }
    restrictions.sort();
    restrictions
}

fn with_scope(rule: &Rule, scope: EncryptScope) -> Restriction {
    let terms = Terms { scope: Some(scope), ..rule.terms().clone() };
    Restriction::Known(rule.clone().with_terms(terms))
}
