//! 継承 (3.1.1(3)(b)). The laws of the join, and that nothing is lowered by it.

use proptest::prelude::*;

use super::super::{Axis, Inherited, Label, Mode, NotInherited, Restrictions};
use super::generate::{any_restrictions, labels};
use super::{Taxonomy, draft, label, reference, restrictions};
use crate::id::LabelHash;
use crate::licence::Right;
use crate::time::Timestamp;

fn of(label: &Label, number: u8) -> Inherited {
    Inherited::of(label, LabelHash::from_bytes([number; 32]))
}

/// Left out is the weakest.
fn strictness(mode: Option<Mode>) -> u8 {
    match mode {
        Some(Mode::Forbidden) => 2,
        Some(_) => 1,
        None => 0,
    }
}

proptest! {
    #[test]
    fn the_order_of_sources_does_not_matter(a in labels(), b in labels()) {
        let (a, b) = (of(&a, 1), of(&b, 2));
        prop_assert_eq!(a.join(&b), b.join(&a));
    }

    #[test]
    fn the_grouping_of_sources_does_not_matter(a in labels(), b in labels(), c in labels()) {
        let (a, b, c) = (of(&a, 1), of(&b, 2), of(&c, 3));
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
    }

    #[test]
    fn the_same_source_twice_is_once(a in labels()) {
        let a = of(&a, 1);
        prop_assert_eq!(a.join(&a), a);
    }

    #[test]
    fn no_source_is_lowered(a in labels(), b in labels(), seconds in 600_000_000_i64..3_000_000_000) {
        let now = Timestamp::from_unix(seconds);
        let inherited = of(&a, 1).join(&of(&b, 2));
        let mut bare = draft("C1I1A1", &[]);
        bare.retention = a.retention();
        let joined = inherited.apply(bare).finish(Taxonomy::jp_h30()).unwrap();
        prop_assert_eq!(joined.grades().c, a.grades().c.max(b.grades().c));
        prop_assert!(inherited.not_kept_by(&joined, Taxonomy::jp_h30()).is_empty());
        for source in [&a, &b] {
            let passed_on = source.restrictions().of_axis(Axis::Confidentiality);
            prop_assert!(joined.restrictions().covers(&passed_on));
            let mut alone = draft(&source.code(), &[]);
            alone.restrictions = passed_on;
            let alone = alone.finish(Taxonomy::jp_h30()).unwrap();
            for right in Right::ALL {
                let ask = |label| strictness(Taxonomy::jp_h30().restricts(label, *right, now));
                prop_assert!(ask(&joined) >= ask(&alone), "{:?} became weaker", right);
            }
            for audience in alone.audiences(now) {
                // A narrower one may stand in its place.
                let kept = joined.audiences(now).iter().any(|held| held.iter().all(|name| audience.contains(name)));
                prop_assert!(kept);
            }
            if let Some(openings) = alone.openings(now) {
                prop_assert!(joined.openings(now).unwrap() <= openings);
            }
            prop_assert!(!joined.publishable(now) || alone.publishable(now));
        }
    }

    #[test]
    fn the_normal_form_is_one(a in any_restrictions(), b in any_restrictions()) {
        let again: Restrictions = a.iter().cloned().collect();
        prop_assert_eq!(&again, &a);
        let backwards: Restrictions = a.iter().rev().cloned().collect();
        prop_assert_eq!(&backwards, &a);
        prop_assert!(a.union(&b).covers(&a));
        prop_assert_eq!(a.covers(&b) && b.covers(&a), a == b);
    }
}

#[test]
fn integrity_and_availability_are_decided_anew() {
    let source = label("C3I2A2", &["複製禁止", "書換禁止", "３日以内復旧"]);
    let inherited = of(&source, 1);
    assert_eq!(inherited.restrictions, restrictions(&["複製禁止"]));
    let joined = inherited.apply(draft("C1I1A1", &[])).finish(Taxonomy::jp_h30()).unwrap();
    assert_eq!(joined.code(), "C3I1A1");
    assert_eq!(joined.sources(), [LabelHash::from_bytes([1; 32])]);
}

#[test]
fn audiences_of_all_sources_hold_together() {
    let a = label("C2I1A1", &["総務課及び会計課限り"]);
    let b = label("C2I1A1", &["会計課及び人事課限り"]);
    let both = of(&a, 1).join(&of(&b, 2)).apply(draft("C2I1A1", &[])).finish(Taxonomy::jp_h30()).unwrap();
    assert_eq!(both.audiences(reference()).len(), 2);
}

#[test]
fn what_is_not_kept_is_named() {
    let inherited = of(&label("C3I1A1", &["複製禁止", "印刷要許可"]), 1);
    let weaker = label("C2I1A1", &["複製要許可", "印刷禁止"]);
    let lost = inherited.not_kept_by(&weaker, Taxonomy::jp_h30());
    assert!(
        matches!(lost.as_slice(), [NotInherited::Grade { .. }, NotInherited::Restriction(r)] if r.to_string() == "複製禁止")
    );
}
