//! 見直し (3.1.1(3)(c)): what a next revision gives up, and what no label may say.

use super::super::{Axis, Day, LabelDraft, LabelError, Lowering, SecretClass, SecretDocument, is_lowering, lowerings};
use super::{Label, Taxonomy, draft, label, name, reference};

fn finish(draft: LabelDraft) -> Result<Label, LabelError> {
    draft.finish(Taxonomy::jp_h30())
}

fn day(year: i64) -> Day {
    Day::from_ymd(year, 11, 23).unwrap()
}

fn secret(class: SecretClass, years: i64) -> SecretDocument {
    let on = day(2026);
    SecretDocument { class, designated_by: name("大臣"), designated_on: on, until: on.plus_years(years).unwrap() }
}

#[test]
fn a_lowering_is_seen_on_every_axis() {
    let before = label("C3I2A2", &["複製禁止", "書換禁止"]);
    assert!(!is_lowering(&before, &before));
    assert!(!is_lowering(&label("C2I1A1", &["複製要許可"]), &label("C3I2A2", &["複製禁止", "印刷禁止"])));
    for (code, axis) in [("C2I2A2", Axis::Confidentiality), ("C3I1A2", Axis::Integrity), ("C3I2A1", Axis::Availability)]
    {
        let found = lowerings(&before, &label(code, &["複製禁止", "書換禁止"]));
        assert!(matches!(found.as_slice(), [Lowering::Grade { axis: a, .. }] if *a == axis), "{found:?}");
        assert!(!found[0].text().ja.is_empty());
    }
    let found = lowerings(&before, &label("C3I2A2", &["複製要許可", "書換禁止"]));
    assert!(matches!(found.as_slice(), [Lowering::Restriction(r)] if r.to_string() == "複製禁止"));
}

#[test]
fn retention_and_designation_count_too() {
    let mut long = draft("C3I2A1", &[]);
    long.retention = Some(day(2040));
    long.secret = Some(secret(SecretClass::TopSecret, 5));
    let mut short = long.clone();
    short.retention = Some(day(2030));
    short.secret = Some(secret(SecretClass::Secret, 5));
    let (long, short) = (finish(long).unwrap(), finish(short).unwrap());
    assert_eq!(lowerings(&long, &short).len(), 2);
    assert!(!is_lowering(&short, &long));
}

#[test]
fn what_no_label_may_say() {
    let refused = |change: fn(&mut LabelDraft)| {
        let mut draft = draft("C3I2A1", &[]);
        change(&mut draft);
        finish(draft).unwrap_err()
    };
    assert_eq!(refused(|d| d.valid_until = Some(reference())), LabelError::Validity);
    assert_eq!(refused(|d| d.secret = Some(secret(SecretClass::TopSecret, 6))), LabelError::Secret);
    assert_eq!(refused(|d| d.own_level = Some(name("自治体機密性３Ａ"))), LabelError::OwnLevel);
    assert_eq!(refused(|d| d.restrictions = super::restrictions(&["保存期間満了後要廃棄"])), LabelError::Retention);
    assert_eq!(refused(|d| d.sources = Some(Vec::new())), LabelError::Sources);
    assert!(matches!(refused(|d| d.taxonomy = Taxonomy::jp_local().reference().clone()), LabelError::Taxonomy(_)));
    // 秘密文書 needs 機密性3.
    let mut low = draft("C2I1A1", &[]);
    low.secret = Some(secret(SecretClass::Secret, 1));
    assert_eq!(finish(low).unwrap_err(), LabelError::Secret);
    let mut allowed = draft("C3I1A1", &[]);
    allowed.secret = Some(secret(SecretClass::TopSecret, 5));
    assert!(finish(allowed).is_ok());
}

#[test]
fn a_label_asks_for_review_when_its_day_has_come() {
    let mut draft = draft("C2I1A1", &[]);
    draft.valid_until = Some(day(2027).start());
    let label = finish(draft).unwrap();
    assert!(!label.asks_for_review(reference()) && label.asks_for_review(day(2027).start()));
}
