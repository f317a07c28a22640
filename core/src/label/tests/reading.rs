//! Reading what was printed, and what agencies write otherwise.

use proptest::prelude::*;

use super::super::{
    Axis, FileNameMark, GradeLine, GradeLineError, Restriction, RestrictionError, SecretClass, header_line,
};
use super::generate::{any_grades, any_restrictions, rules};
use super::{Taxonomy, draft, grades, label, reference, restriction, restrictions};

fn line(text: &str) -> Result<GradeLine, GradeLineError> {
    GradeLine::parse(text, Taxonomy::jp_h30(), reference())
}

proptest! {
    #[test]
    fn a_rule_reads_as_printed(rule in rules()) {
        let printed = rule.to_string();
        let read = Restriction::parse(&printed, Taxonomy::jp_h30(), reference()).unwrap();
        prop_assert_eq!(read, Restriction::Known(rule), "{}", printed);
    }

    #[test]
    fn a_header_line_reads_as_printed(grades in any_grades(), restrictions in any_restrictions()) {
        let printed = header_line(grades, &restrictions);
        let read = line(&printed).unwrap();
        prop_assert_eq!(read.grades(), Some(grades));
        prop_assert_eq!(read.restrictions, restrictions, "{}", printed);
    }

    #[test]
    fn the_width_does_not_matter(grades in any_grades(), restrictions in any_restrictions()) {
        let narrow: String = header_line(grades, &restrictions)
            .chars()
            .map(|c| if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xFEE0).unwrap() } else { c })
            .collect();
        let read = line(&narrow).unwrap();
        prop_assert_eq!((read.grades(), read.restrictions), (Some(grades), restrictions));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = line(&text);
        let _ = FileNameMark::read(&text, Taxonomy::jp_local());
    }

    #[test]
    fn a_label_reads_as_written_in_cbor(grades in any_grades(), restrictions in any_restrictions()) {
        let mut draft = draft(&grades.code(), &[]);
        draft.restrictions = restrictions;
        draft.retention = super::super::Day::from_ymd(2040, 3, 31);
        let label = draft.finish(Taxonomy::jp_h30()).unwrap();
        let bytes = crate::cbor::encode(&label);
        prop_assert_eq!(crate::cbor::decode_strict::<super::super::Label>(&bytes).unwrap(), label);
    }
}

#[test]
fn every_grade_has_its_code() {
    for all in super::super::Grades::all() {
        assert_eq!(grades(&all.code()), all);
    }
    assert_eq!(super::super::Grades::all().count(), 12);
    for wrong in ["", "C2", "C2I2", "C4I1A1", "C0I1A1", "C2I3A1", "C2C2I1A1", "C2I2A1X", "2I2A1"] {
        assert!(wrong.parse::<super::super::Grades>().is_err(), "{wrong}");
    }
}

#[test]
fn marks_in_front_of_a_file_name_are_read() {
    for (file, axis, level, rest) in [
        ("【機密性２】予算案.docx", Axis::Confidentiality, 2, "予算案.docx"),
        ("【機密性3情報】予算案.docx", Axis::Confidentiality, 3, "予算案.docx"),
        ("【機２】予算案.docx", Axis::Confidentiality, 2, "予算案.docx"),
        ("（機密性2）予算案.docx", Axis::Confidentiality, 2, "予算案.docx"),
        ("(機密性２情報)_予算案.docx", Axis::Confidentiality, 2, "予算案.docx"),
        ("C3I2A1_予算案.docx", Axis::Integrity, 2, "予算案.docx"),
        ("【C2I2A1】予算案.docx", Axis::Integrity, 2, "予算案.docx"),
        ("【Ｃ２Ｉ１Ａ２】予算案.docx", Axis::Availability, 2, "予算案.docx"),
    ] {
        let mark = FileNameMark::read(file, Taxonomy::jp_h30()).unwrap_or_else(|| panic!("{file}"));
        let found = match axis {
            Axis::Confidentiality => mark.line.confidentiality.map(|c| c.level()),
            Axis::Integrity => mark.line.integrity.map(|i| i.level()),
            Axis::Availability => mark.line.availability.map(|a| a.level()),
        };
        assert_eq!((found, mark.rest), (Some(level), rest), "{file}");
    }
    for file in ["予算案.docx", "【至急】予算案.docx", "【機密性５】予算案.docx", "令和8年 予算案.docx", "C2_報告.docx"]
    {
        assert!(FileNameMark::read(file, Taxonomy::jp_h30()).is_none(), "{file}");
    }
    let local = FileNameMark::read("【自治体機密性３Ａ】名簿.xlsx", Taxonomy::jp_local()).unwrap();
    assert_eq!(local.line.own_level.unwrap().as_str(), "自治体機密性３Ａ");
}

#[test]
fn the_printed_forms_of_a_label() {
    let label = label("C2I2A1", &["総務課限り", "12月31日まで複製禁止"]);
    assert_eq!(
        label.header_line(),
        "機密性２情報・完全性２情報・可用性１情報　令和８年１２月３１日まで複製禁止・総務課限り"
    );
    assert_eq!(label.file_name_prefix(), "【機密性２】");
    // Paper has no 完全性 and no 可用性.
    assert_eq!(label.paper_marking(), "機密性２情報　令和８年１２月３１日まで複製禁止・総務課限り");
}

#[test]
fn parameters_have_their_types() {
    let rule = |text: &str| restriction(text).rule().unwrap().terms().clone();
    assert_eq!(rule("令和9年3月末まで印刷禁止").until.unwrap().to_string(), "2027-03-31");
    assert_eq!(rule("4月1日から持出禁止").from.unwrap().to_string(), "2027-04-01");
    assert_eq!(rule("読後廃棄（３回）").count.unwrap().get(), 3);
    assert_eq!(rule("７２時間以内復旧").within.unwrap().get(), 3 * 86_400);
    assert_eq!(rule("庁外持出禁止").zone.unwrap().as_str(), "庁");
    assert_eq!(rule("本庁サーバにおいて保存").place.unwrap().as_str(), "本庁サーバ");
    assert_eq!(rule("事業終了まで保存").event.unwrap().as_str(), "事業終了");
    let people: Vec<String> = rule("総務課、会計課及び人事課限り").audience.iter().map(ToString::to_string).collect();
    assert_eq!(people, ["人事課", "会計課", "総務課"]);
    assert_eq!(rule("保存時・通信時暗号化必須"), rule("暗号化必須"));
}

#[test]
fn what_is_known_and_cannot_be_read_is_refused() {
    for text in [
        "2月30日まで複製禁止",
        "当分の間まで複製禁止",
        "１３月１日から印刷禁止",
        "限り",
        "本日限り",
        "以内復旧",
        "数日以内復旧",
        "５年保存",
        "読後廃棄（数回）",
        "暗号化必須（夜間）",
        "令和9年3月31日から令和8年3月31日まで複製禁止",
    ] {
        let read = Restriction::parse(text, Taxonomy::jp_h30(), reference());
        assert!(read.is_err(), "{text}: {read:?}");
    }
    let two = Restriction::parse("会議後回収・机上放置厳禁", Taxonomy::jp_h30(), reference());
    assert!(matches!(two, Err(RestrictionError::Several(_))), "{two:?}");
}

#[test]
fn a_list_in_brackets_is_a_list() {
    for text in [
        "機密性２情報（複製禁止・総務課限り）",
        "機密性２（複製禁止）（総務課限り）",
        "【機密性２】（総務課限り、複製禁止）",
        "機密性２情報「複製禁止・総務課限り」",
        "格付：機密性２　取扱制限：（複製禁止・総務課限り）",
    ] {
        let read = line(text).unwrap();
        assert_eq!(read.confidentiality.map(|c| c.level()), Some(2), "{text}");
        assert_eq!(read.restrictions, restrictions(&["複製禁止", "総務課限り"]), "{text}");
    }
    let counted = line("機密性２情報（総務課限り・読後廃棄（３回））").unwrap();
    assert_eq!(counted.restrictions, restrictions(&["総務課限り", "読後廃棄（3回）"]));
}

#[test]
fn what_is_not_known_reads_as_printed_whatever_stands_around_it() {
    for text in [
        "「（会議後回収",
        "会議後回収）・机上放置厳禁",
        "⑴会議後回収・机上放置厳禁",
        "会議後回収⑴）",
        "（（会議後回収（甲・乙））・丙",
    ] {
        let read = line(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let printed = header_line(grades("C2I1A1"), &read.restrictions);
        assert_eq!(line(&printed).unwrap().restrictions, read.restrictions, "{text}: {printed}");
    }
    for text in ["会議後）回収", "会議後（回収", "会議後回収（甲・乙"] {
        let read = Restriction::parse(text, Taxonomy::jp_h30(), reference());
        assert!(matches!(read, Err(RestrictionError::Brackets(_))), "{text}: {read:?}");
    }
}

#[test]
fn what_is_not_known_is_kept_as_written() {
    let unknown = restriction("会議後回収");
    assert!(matches!(&unknown, Restriction::Unknown(text) if text.as_str() == "会議後回収"));
    let own = Restriction::parse("会議終了後回収", Taxonomy::jp_local(), reference()).unwrap();
    assert!(matches!(&own, Restriction::Agency(own) if own.printed.as_str() == "会議後回収"));
}

#[test]
fn other_regimes_are_refused_and_secrets_asked_about() {
    for text in ["特定秘密", "機密性３情報　特定秘密（〇〇）", "重要経済安保情報", "特別防衛秘密"]
    {
        assert!(matches!(line(text), Err(GradeLineError::OutOfScope(_))), "{text}");
    }
    assert_eq!(line("極秘").unwrap().secret_mark, Some(SecretClass::TopSecret));
    assert_eq!(line("機密性３情報・秘").unwrap().secret_mark, Some(SecretClass::Secret));
    assert_eq!(line("秘・極秘").unwrap().secret_mark, Some(SecretClass::TopSecret));
}

#[test]
fn contradictions_and_unknown_levels_are_refused() {
    assert_eq!(line("機密性２情報・機密性３情報"), Err(GradeLineError::Contradiction(Axis::Confidentiality)));
    for text in ["機密性４情報", "完全性３情報", "可用性０情報", "機密性３Ａ情報", "機密性十情報"]
    {
        assert!(matches!(line(text), Err(GradeLineError::NoSuchLevel(_))), "{text}: {:?}", line(text));
    }
    assert_eq!(line(&"あ".repeat(4_001)), Err(GradeLineError::TooLong));
    assert_eq!(line("機密性２情報").unwrap().missing(), [Axis::Integrity, Axis::Availability]);
    assert_eq!(line("").unwrap(), GradeLine::default());
}

#[test]
fn both_spellings_are_one() {
    for (a, b) in [
        ("配布禁止", "配付禁止"),
        ("複製禁止", "コピー不可"),
        ("持出禁止", "持ち出し禁止"),
        ("暗号化必須", "要暗号化"),
        ("総務課限り", "総務課に限る"),
        ("複製要許可", "無断複製禁止"),
    ] {
        assert_eq!(restriction(a), restriction(b));
    }
    assert_eq!(restrictions(&["複製禁止", "複製要許可", "複写禁止"]).len(), 1, "the weaker hides behind the stronger");
}

#[test]
fn the_longest_audience_reads_as_printed() {
    let units = ["総務", "会計", "人事", "企画", "情報", "国際", "統計", "法規"];
    let names = units.iter().flat_map(|a| units.iter().map(move |b| format!("{a}政策局{b}施策調整課")));
    let text = format!("{}限り", names.collect::<Vec<_>>().join("、"));
    let restriction = restriction(&text);
    assert_eq!(restriction.rule().unwrap().terms().audience.len(), 64);
    let read = line(&header_line(grades("C2I1A1"), &[restriction.clone()].into_iter().collect())).unwrap();
    assert_eq!(read.restrictions.iter().collect::<Vec<_>>(), [&restriction]);
    // What is kept as written has to fit on a cover.
    assert!(Restriction::parse(&"厳".repeat(121), Taxonomy::jp_h30(), reference()).is_err());
    assert!(Restriction::parse("複製\u{202e}禁止", Taxonomy::jp_h30(), reference()).is_err());
}
