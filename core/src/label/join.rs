//! 継承 (3.1.1(3)(b)). What a document takes over from its sources: the 機密性 axis and nothing else, never less than any of them.

use std::collections::BTreeSet;

use super::decided::SecretClass;
use super::document::{Label, LabelDraft, TaxonomyRef};
use super::level::{Axis, Confidentiality};
use super::restriction::Restriction;
use super::set::Restrictions;
use super::taxonomy::Taxonomy;
use super::words::Name;
use crate::id::LabelHash;

/// What is inherited. A join-semilattice: [`Inherited::join`] is commutative, associative and idempotent.
///
/// 完全性, 可用性 and their restrictions are decided anew, and so is the designation as 秘密文書.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inherited {
    /// The highest 機密性 of the sources.
    pub confidentiality: Confidentiality,
    /// 機密性 restrictions of all sources together, in normal form. Audiences all hold, which is their intersection.
    pub restrictions: Restrictions,
    /// Levels of schemes of their own that sources had.
    pub own_levels: BTreeSet<(TaxonomyRef, Name)>,
    /// The highest designation as 秘密文書 among the sources: the decider is asked about it.
    pub secret: Option<SecretClass>,
    /// The sources.
    pub sources: BTreeSet<LabelHash>,
}

impl Inherited {
    /// What one source passes on.
    #[must_use]
    pub fn of(source: &Label, hash: LabelHash) -> Self {
        let own = source.own_level().map(|level| (source.taxonomy().clone(), level.clone()));
        Self {
            confidentiality: source.grades().c,
            restrictions: source.restrictions().of_axis(Axis::Confidentiality),
            own_levels: own.into_iter().collect(),
            secret: source.secret().map(|s| s.class),
            sources: BTreeSet::from([hash]),
        }
    }

    /// What both together pass on.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self {
            confidentiality: self.confidentiality.max(other.confidentiality),
            restrictions: self.restrictions.union(&other.restrictions),
            own_levels: self.own_levels.union(&other.own_levels).cloned().collect(),
            secret: self.secret.max(other.secret),
            sources: self.sources.union(&other.sources).copied().collect(),
        }
    }

    /// What all of several sources pass on; None of none.
    #[must_use]
    pub fn of_all<'a>(sources: impl IntoIterator<Item = (&'a Label, LabelHash)>) -> Option<Self> {
        sources.into_iter().map(|(label, hash)| Self::of(label, hash)).reduce(|all, one| all.join(&one))
    }

    /// A draft that keeps what is inherited: grade raised, restrictions added, sources recorded.
    #[must_use]
    pub fn apply(&self, mut draft: LabelDraft) -> LabelDraft {
        draft.grades.c = draft.grades.c.max(self.confidentiality);
        draft.restrictions = draft.restrictions.union(&self.restrictions);
        let sources: BTreeSet<LabelHash> =
            draft.sources.unwrap_or_default().into_iter().chain(self.sources.iter().copied()).collect();
        draft.sources = (!sources.is_empty()).then(|| sources.into_iter().collect());
        draft
    }

    /// What of it a label does not keep; empty when the label is at least as strict in all of it.
    #[must_use]
    pub fn not_kept_by(&self, label: &Label, taxonomy: &Taxonomy) -> Vec<NotInherited> {
        let mut lost = Vec::new();
        if label.grades().c < self.confidentiality {
            lost.push(NotInherited::Grade { inherited: self.confidentiality, given: label.grades().c });
        }
        let restrictions = self.restrictions.not_kept_by(label.restrictions());
        lost.extend(restrictions.into_iter().cloned().map(NotInherited::Restriction));
        let rank = |printed: &Name| taxonomy.levels(Axis::Confidentiality).position(|l| l.printed == *printed);
        let given = label.own_level().and_then(rank);
        for (scheme, level) in &self.own_levels {
            // Levels of different schemes are never compared; their mapped grade already is.
            let lower = scheme == label.taxonomy() && rank(level) < given;
            if lower {
                lost.push(NotInherited::OwnLevel(level.clone()));
            }
        }
        lost
    }
}

/// Something inherited that a label does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotInherited {
    /// 機密性 is lower than the highest source's.
    Grade {
        /// The highest of the sources.
        inherited: Confidentiality,
        /// The label's.
        given: Confidentiality,
    },
    /// A restriction of a source is missing or weaker.
    Restriction(Restriction),
    /// The level of the scheme of its own is lower.
    OwnLevel(Name),
}
