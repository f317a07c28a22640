//! Labels at random, of everything a label can say.

use core::num::NonZeroU32;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::restriction::modes_of;
use super::super::{
    Availability, Confidentiality, Day, EncryptScope, Integrity, Name, Restriction, Restrictions, Rule, Terms, Verb,
    Verbatim,
};
use super::{Grades, Label, Taxonomy, draft, name};

const UNITS: [&str; 6] = ["総務課", "会計課", "人事課", "企画官", "検討会委員", "情報化推進室長"];
const ZONES: [&str; 3] = ["庁舎", "執務室", "県庁"];
const PLACES: [&str; 3] = ["本庁サーバ", "第２データセンタ", "保管庫"];
const EVENTS: [&str; 3] = ["事業終了", "検査完了", "訴訟終結"];
/// What no taxonomy knows.
const UNKNOWN: [&str; 3] = ["会議後回収", "机上放置厳禁", "番号を控えること"];

fn days() -> impl Strategy<Value = Day> {
    (1990_i64..2060, 1_u8..=12, 1_u8..=28).prop_map(|(y, m, d)| Day::from_ymd(y, m, d).unwrap())
}

fn period() -> impl Strategy<Value = (Option<Day>, Option<Day>)> {
    (option::of(days()), option::of(days())).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
        other => other,
    })
}

fn one_of(names: &'static [&'static str]) -> impl Strategy<Value = Name> {
    select(names).prop_map(|text| {
        // A label holds names in folded form.
        name(&super::super::width::fold(text))
    })
}

fn number(most: u32) -> impl Strategy<Value = NonZeroU32> {
    (1..=most).prop_map(|n| NonZeroU32::new(n).unwrap())
}

fn terms(verb: Verb) -> BoxedStrategy<Terms> {
    let timed = |terms: BoxedStrategy<Terms>| {
        (period(), terms).prop_map(|((from, until), terms)| Terms { from, until, ..terms }).boxed()
    };
    let none = || Just(Terms::default()).boxed();
    match verb {
        Verb::Audience => timed(
            proptest::collection::vec(one_of(&UNITS), 1..4)
                .prop_map(|audience| Terms { audience, ..Terms::default() })
                .boxed(),
        ),
        Verb::ReadOnce => timed(number(99).prop_map(|count| Terms { count: Some(count), ..Terms::default() }).boxed()),
        Verb::Encrypt => timed(
            select(&[EncryptScope::Always, EncryptScope::AtRest, EncryptScope::InTransit])
                .prop_map(|scope| Terms { scope: Some(scope), ..Terms::default() })
                .boxed(),
        ),
        Verb::TakeOut => timed(option::of(one_of(&ZONES)).prop_map(|zone| Terms { zone, ..Terms::default() }).boxed()),
        Verb::Retain => prop_oneof![
            days().prop_map(|until| Terms { until: Some(until), ..Terms::default() }),
            one_of(&EVENTS).prop_map(|event| Terms { event: Some(event), ..Terms::default() }),
        ]
        .boxed(),
        Verb::Recover => number(10_000_000).prop_map(|w| Terms { within: Some(w), ..Terms::default() }).boxed(),
        Verb::KeepAt => one_of(&PLACES).prop_map(|place| Terms { place: Some(place), ..Terms::default() }).boxed(),
        Verb::Discard => none(),
        _ => timed(none()),
    }
}

pub(super) fn rules() -> impl Strategy<Value = Rule> {
    select(Verb::ALL).prop_flat_map(|verb| {
        (select(modes_of(verb)), terms(verb)).prop_map(move |(mode, terms)| Rule::new(verb, mode, terms).unwrap())
    })
}

pub(super) fn any_restriction() -> impl Strategy<Value = Restriction> {
    prop_oneof![
        9 => rules().prop_map(Restriction::Known),
        1 => select(&UNKNOWN).prop_map(|text| Restriction::Unknown(Verbatim::new(text).unwrap())),
    ]
}

pub(super) fn any_restrictions() -> impl Strategy<Value = Restrictions> {
    proptest::collection::vec(any_restriction(), 0..8).prop_map(|all| all.into_iter().collect())
}

pub(super) fn any_grades() -> impl Strategy<Value = Grades> {
    (select(Confidentiality::ALL), select(Integrity::ALL), select(Availability::ALL))
        .prop_map(|(c, i, a)| Grades::new(c, i, a))
}

pub(super) fn labels() -> impl Strategy<Value = Label> {
    (any_grades(), any_restrictions()).prop_map(|(grades, restrictions)| {
        let mut draft = draft(&grades.code(), &[]);
        draft.restrictions = restrictions;
        draft.retention = Day::from_ymd(2040, 3, 31);
        draft.finish(Taxonomy::jp_h30()).unwrap()
    })
}
