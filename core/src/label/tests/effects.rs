//! What each restriction of the built-in taxonomy does, one by one.

use super::super::{EncryptScope, EnforcedBy, Mode, Name, Verb};
use super::{Taxonomy, draft, label, name, reference, restriction};
use crate::licence::Right;
use crate::time::Timestamp;

const NO: Option<Mode> = Some(Mode::Forbidden);
const ASK: Option<Mode> = Some(Mode::NeedsPermission);

type Touched = &'static [(Right, Option<Mode>)];

/// Restriction, who keeps it, and the rights it touches; all other rights it leaves alone.
const TABLE: &[(&str, EnforcedBy, Touched)] = &[
    ("複製禁止", EnforcedBy::Host, &[(Right::Copy, NO), (Right::Export, NO)]),
    ("複製要許可", EnforcedBy::Host, &[(Right::Copy, ASK), (Right::Export, ASK)]),
    ("配布禁止", EnforcedBy::Server, &[(Right::Provide, NO), (Right::Export, NO)]),
    ("配布要許可", EnforcedBy::Server, &[(Right::Provide, ASK), (Right::Export, ASK)]),
    ("暗号化必須", EnforcedBy::Server, &[(Right::Export, NO)]),
    ("暗号化必須（保存時）", EnforcedBy::Server, &[(Right::Export, NO)]),
    ("暗号化必須（通信時）", EnforcedBy::Server, &[(Right::Export, NO)]),
    ("印刷禁止", EnforcedBy::Host, &[(Right::Print, NO)]),
    ("印刷要許可", EnforcedBy::Host, &[(Right::Print, ASK)]),
    ("転送禁止", EnforcedBy::Server, &[(Right::Provide, NO), (Right::Export, NO)]),
    ("転送要許可", EnforcedBy::Server, &[(Right::Provide, ASK), (Right::Export, ASK)]),
    ("送信禁止", EnforcedBy::Server, &[(Right::Provide, NO), (Right::Export, NO)]),
    ("送信要許可", EnforcedBy::Server, &[(Right::Provide, ASK), (Right::Export, ASK)]),
    ("転記禁止", EnforcedBy::Host, &[(Right::Copy, NO)]),
    ("転記要許可", EnforcedBy::Host, &[(Right::Copy, ASK)]),
    ("再利用禁止", EnforcedBy::Host, &[(Right::Copy, NO)]),
    ("再利用要許可", EnforcedBy::Host, &[(Right::Copy, ASK)]),
    ("総務課限り", EnforcedBy::Server, &[]),
    ("持出禁止", EnforcedBy::Server, &[(Right::Export, NO)]),
    ("持出要許可", EnforcedBy::Server, &[(Right::Export, ASK)]),
    ("庁外持出禁止", EnforcedBy::Server, &[(Right::Export, NO)]),
    ("読後廃棄", EnforcedBy::Server, &[(Right::Export, NO)]),
    ("書換禁止", EnforcedBy::Server, &[(Right::Edit, NO)]),
    ("書換要許可", EnforcedBy::Server, &[(Right::Edit, ASK)]),
    ("削除禁止", EnforcedBy::Server, &[]),
    ("削除要許可", EnforcedBy::Server, &[]),
    ("令和１２年３月３１日まで保存", EnforcedBy::Server, &[]),
    ("事業終了まで保存", EnforcedBy::People, &[]),
    ("保存期間満了後要廃棄", EnforcedBy::Server, &[]),
    ("３日以内復旧", EnforcedBy::Server, &[]),
    ("本庁サーバにおいて保存", EnforcedBy::People, &[]),
    ("会議後回収", EnforcedBy::People, &[(Right::Export, NO), (Right::Provide, NO)]),
];

fn day(year: i64, month: u8, day: u8) -> Timestamp {
    Timestamp::from_japan_date(year, month, day).unwrap()
}

#[test]
fn every_restriction_touches_its_rights_and_no_others() {
    for (printed, keeper, touched) in TABLE {
        let mut draft = draft("C2I2A2", &[printed]);
        draft.retention = super::super::Day::from_ymd(2040, 3, 31);
        let label = draft.finish(Taxonomy::jp_h30()).unwrap();
        assert_eq!(Taxonomy::jp_h30().enforced_by(&restriction(printed)), *keeper, "{printed}");
        for right in Right::ALL {
            let expected = touched.iter().find(|(r, _)| r == right).and_then(|(_, mode)| *mode);
            let found = Taxonomy::jp_h30().restricts(&label, *right, reference());
            assert_eq!(found, expected, "{printed} on {right:?}");
        }
    }
}

#[test]
fn the_table_has_every_row_and_mode() {
    for row in Taxonomy::jp_h30().rows() {
        for mode in &row.modes {
            let there = TABLE.iter().any(|(printed, ..)| {
                restriction(printed).rule().is_some_and(|r| (r.verb(), r.mode()) == (row.verb, *mode))
            });
            assert!(there, "{:?} {mode:?}", row.verb);
        }
        assert!(!row.meaning.ja.is_empty() && !row.meaning.en.is_empty());
    }
    assert_eq!(Taxonomy::jp_h30().rows().count(), Verb::ALL.len());
}

#[test]
fn a_period_runs_from_midnight_to_midnight_in_japan() {
    let label = label("C2I1A1", &["令和8年12月1日から令和8年12月31日まで印刷禁止"]);
    let print = |now| Taxonomy::jp_h30().restricts(&label, Right::Print, now);
    assert_eq!(print(day(2026, 12, 1).plus(-1)), None);
    assert_eq!(print(day(2026, 12, 1)), NO);
    assert_eq!(print(day(2027, 1, 1).plus(-1)), NO);
    assert_eq!(print(day(2027, 1, 1)), None);
}

#[test]
fn audiences_bound_the_readers() {
    let bounded = label("C2I1A1", &["12月31日まで総務課及び会計課限り"]);
    let names: Vec<Vec<Name>> = vec![vec![name("会計課"), name("総務課")]];
    assert_eq!(bounded.audiences(reference()), names);
    assert!(bounded.readers_bounded(reference()));
    assert!(!bounded.readers_bounded(day(2027, 1, 1)));
    assert!(!label("C2I1A1", &["複製禁止"]).readers_bounded(reference()));
}

#[test]
fn openings_are_the_fewest() {
    assert_eq!(label("C3I1A1", &["読後廃棄"]).openings(reference()).unwrap().get(), 1);
    assert_eq!(
        label("C3I1A1", &["読後廃棄（５回）", "12月1日まで読後廃棄（２回）"]).openings(reference()).unwrap().get(),
        2
    );
    assert_eq!(label("C3I1A1", &[]).openings(reference()), None);
}

#[test]
fn zones_are_named_or_the_controlled_one() {
    let plain = label("C3I1A1", &["持出禁止"]);
    assert!(plain.taken_out_forbidden(reference()));
    assert_eq!(plain.zones_not_left(reference()), [(None, Mode::Forbidden)]);
    let named = label("C3I1A1", &["県庁外持出要許可"]);
    assert!(!named.taken_out_forbidden(reference()));
    assert_eq!(named.zones_not_left(reference()), [(Some(name("県庁")), Mode::NeedsPermission)]);
    assert!(label("C3I1A1", &["要管理対策区域外への持出禁止"]).taken_out_forbidden(reference()));
}

#[test]
fn encryption_is_asked_for_each_use() {
    let rest = label("C2I1A1", &["暗号化必須（保存時）"]);
    assert!(rest.encryption_required(EncryptScope::AtRest, reference()));
    assert!(!rest.encryption_required(EncryptScope::InTransit, reference()));
    assert!(rest.encryption_required(EncryptScope::Always, reference()));
    let both = label("C2I1A1", &["暗号化必須（保存時）", "暗号化必須（通信時）"]);
    assert_eq!(both.restrictions().to_string(), "暗号化必須");
    assert!(both.encryption_required(EncryptScope::InTransit, reference()));
}

#[test]
fn keys_are_kept_until_retention_is_over() {
    let kept = label("C2I2A1", &["令和12年3月31日まで保存", "保存期間満了後要廃棄"]);
    assert_eq!(kept.retained_until(), Some(day(2030, 4, 1)));
    assert!(!kept.retention_is_over(day(2030, 4, 1).plus(-1)) && !kept.discard_is_due(day(2030, 4, 1).plus(-1)));
    assert!(kept.retention_is_over(day(2030, 4, 1)) && kept.discard_is_due(day(2030, 4, 1)));
    let event = label("C2I2A1", &["事業終了まで保存"]);
    assert!(event.retained_by_event() && !event.retention_is_over(day(2090, 1, 1)));
    let free = label("C2I2A1", &[]);
    assert!(free.retention_is_over(reference()) && !free.discard_is_due(reference()));
}

#[test]
fn recovery_is_the_shortest_and_availability_demands_tickets() {
    let label = label("C1I1A2", &["３日以内復旧", "１２時間以内復旧"]);
    assert_eq!(label.recover_within().unwrap().get(), 12 * 3600);
    assert!(label.needs_durable_ticket() && !label.needs_trailer());
}

#[test]
fn grades_choose_the_mechanism() {
    for (code, encrypts, signs, durable) in [
        ("C1I1A1", false, false, false),
        ("C1I2A1", false, true, false),
        ("C2I1A1", true, false, false),
        ("C3I2A2", true, true, true),
    ] {
        let m = label(code, &[]).mechanism();
        assert_eq!((m.encrypts(), m.signs(), m.demands_durable_ticket()), (encrypts, signs, durable), "{code}");
        assert_eq!(m.leaves_clear(), !encrypts);
    }
    let of = |code: &str| super::grades(code).mechanism();
    assert!(of("C2I1A1").needs_reseal(of("C1I1A1")) && of("C2I1A1").needs_reseal(of("C2I2A1")));
    assert!(!of("C2I2A1").needs_reseal(of("C3I1A2")));
}

#[test]
fn only_confidentiality_one_without_bounds_is_published() {
    assert!(label("C1I2A2", &["書換禁止"]).publishable(reference()));
    for (code, texts) in [
        ("C2I1A1", &[][..]),
        ("C3I1A1", &[][..]),
        ("C1I1A1", &["複製禁止"][..]),
        ("C1I1A1", &["総務課限り"][..]),
        ("C1I1A1", &["会議後回収"][..]),
    ] {
        assert!(!label(code, texts).publishable(reference()), "{code} {texts:?}");
    }
    assert!(label("C2I1A1", &["会議後回収"]).blocks_export_unknown());
}

#[test]
fn an_agencys_own_words_deny_what_their_row_says() {
    let local = Taxonomy::jp_local();
    let own = super::super::Restriction::parse("番号管理", local, reference()).unwrap();
    let mut draft = draft("C2I1A1", &[]);
    draft.taxonomy = local.reference().clone();
    draft.own_level = Some(name("自治体機密性２"));
    draft.restrictions = [own].into_iter().collect();
    let label = draft.finish(local).unwrap();
    assert!(Right::ALL.iter().all(|right| local.restricts(&label, *right, reference()).is_none()));
    assert_eq!(label.header_line(), "自治体機密性２情報・完全性１情報・可用性１情報　通し番号管理");
    // Another agency, which does not have the row, lets nothing out.
    assert_eq!(Taxonomy::jp_h30().restricts(&label, Right::Export, reference()), NO);
}
