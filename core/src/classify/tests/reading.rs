//! Single facts: what is read, where it stands, what follows from it, what is covered.

use super::*;
use crate::label::{Taxonomy, TaxonomyError};

#[test]
fn markings_of_people_are_proposed() {
    for (part, text, grade) in [
        (Part::Body, "機密性３情報・完全性２情報・可用性１情報　複製禁止", "C3I2A1"),
        (Part::Header, "【機密性2】", "C2I1A1"),
        (Part::FileName, "【C2I2A1】予算案.docx", "C2I2A1"),
        (Part::FileName, "予算案_C3I2A2_最終.docx", "C3I2A2"),
        (Part::Header, "極　秘", "C3I1A1"),
        (Part::Body, "機密性１情報", "C1I1A1"),
        (Part::Body, "部　外　秘", "C2I1A1"),
        (Part::FileName, "【厳秘】人事.docx", "C3I1A1"),
    ] {
        let suggestion = judge(&[passage(Unit::Whole, part, text)]);
        assert_eq!(suggestion.grade.code(), grade, "{text}: {suggestion:#?}");
        assert!(suggestion.is_founded || grade == "C2I1A1", "{text}");
    }
    let suggestion = judge(&body("機密性２情報　複製禁止・総務課限り\n本文です。"));
    assert_eq!(suggestion.restrictions_printed().len(), 2, "{suggestion:#?}");
}

#[test]
fn prose_on_markings_is_no_marking() {
    let text = (0..20).map(|n| format!("第{n}条　総則について定める。\n")).collect::<String>()
        + "機密性３情報とは、秘密文書に相当する機密性を要する情報をいう。\n極秘とは秘密の程度をいう。\n特定秘密の保護に関する法律\n秘密保持の義務を負う。\n";
    let suggestion = judge(&body(&text));
    assert_eq!(suggestion.grade.code(), "C2I1A1", "{suggestion:#?}");
    assert!(suggestion.markings.is_empty() && suggestion.out_of_scope.is_empty());
    assert_eq!(judge(&[passage(Unit::Page(1), Part::Header, "特定秘密")]).out_of_scope, ["特定秘密"]);
}

#[test]
fn what_was_found_is_placed_as_written_and_covered() {
    let text = "申請者の　個 人 番 号は\u{3000}１２３４　５６７８　９０１８です。";
    let suggestion = judge(&body(text));
    let seen = suggestion.found.iter().find(|seen| seen.detector == "individual-number").expect("found");
    let finding = &seen.evidence[0];
    assert_eq!(text.chars().nth(finding.offset), Some('１'), "{finding:?}");
    assert_eq!(finding.confidence, 85);
    assert!(
        !finding.snippet.chars().any(|c| c.is_ascii_digit()) && finding.snippet.contains("個人番号"),
        "{finding:?}"
    );
    let json = serde_json::to_string(&suggestion).unwrap();
    assert!(!json.contains("123456789018") && !json.contains("9018"));
}

#[test]
fn a_word_at_the_head_of_a_column_holds_for_the_column() {
    let cell = |cell: &str, text: &str| {
        passage(Unit::Cell { sheet: "名簿".to_owned(), cell: cell.to_owned() }, Part::Body, text)
    };
    let mut cells = vec![cell("A1", "番号"), cell("B1", "個人番号")];
    for row in 2..2_000 {
        cells.push(cell(&format!("A{row}"), "かなり長い説明の文をここに置いておく"));
        cells.push(cell(&format!("B{row}"), "123456789018"));
    }
    assert_eq!(of(&judge(&cells), "individual-number"), (1_998, 85));
}

#[test]
fn nothing_found_in_what_could_not_be_read_says_nothing() {
    let gap = || vec![(Spot::default(), Text::fixed("暗号化されています", "encrypted"))];
    let public = body("報道発表資料\n本日、次のとおり公表します。");
    assert_eq!(judge(&public).grade.code(), "C1I1A1");
    let unread = judge_with(Taxonomy::jp_h30(), &public, gap());
    assert_eq!((unread.grade.code().as_str(), unread.is_whole, unread.is_sure), ("C2I1A1", false, false));
    assert!(unread.why_not_lower[0].ja.contains("判断できません"));
}

#[test]
fn content_asks_for_more_than_its_marking() {
    let suggestion = judge(&body("機密性１情報\n個人番号　1234-5678-9018"));
    assert_eq!(suggestion.grade.code(), "C2I1A1");
    assert!(!suggestion.is_sure && suggestion.why_not_lower.iter().any(|why| why.ja.contains("より高い格付")));
}

#[test]
fn a_giant_of_a_document_is_judged_in_the_same_memory() {
    let mut text = "これは本文です。".repeat(40_000);
    text.push_str("個人番号は123456789018です。");
    let suggestion = judge(&[passage(Unit::Line(1), Part::Body, &text)]);
    assert_eq!(of(&suggestion, "individual-number"), (1, 85));
    let many = (0..3_000).map(|_| "個人番号 123456789018\n").collect::<String>();
    let seen = judge(&body(&many)).found.remove(0);
    assert_eq!((seen.total, seen.evidence.len(), seen.different), (3_000, super::super::MAX_EVIDENCE, 1));
}

const HEAD: &str = "id = \"jp-some\"\nversion = \"1\"\nbase = { id = \"jp-h30\", version = \"1\" }\nname = { ja = \"某省\", en = \"Some\" }\n";

#[test]
fn an_agency_adds_words_and_takes_none_away() {
    let own = "[[detectors]]\nid = \"own-projects\"\nname = { ja = \"計画名\", en = \"projects\" }\nwords = [\"青空計画\"]\nsure = 90\nalone = 90\nconfidentiality = 3\nreason = { ja = \"未公表の計画です。\", en = \"Not announced.\" }\n";
    let agency = Taxonomy::jp_h30().extend(&format!("{HEAD}{own}")).unwrap();
    let suggestion = judge_with(&agency, &body("青 空 計 画の進め方について"), Vec::new());
    assert_eq!(suggestion.grade.code(), "C3I1A1", "{suggestion:#?}");
    let more = "[[detectors]]\nid = \"marking-internal\"\nwords = [\"所内限定\"]\n";
    let agency = Taxonomy::jp_h30().extend(&format!("{HEAD}{more}")).unwrap();
    assert_eq!(of(&judge_with(&agency, &body("【所内限定】"), Vec::new()), "marking-internal").0, 1);
    for weaker in [
        "[[detectors]]\nid = \"phone\"\nleast = 500\n",
        "[[detectors]]\nid = \"individual-number\"\nsure = 10\n",
        "[[detectors]]\nid = \"individual-number\"\nconfidentiality = 1\n",
        "[[detectors]]\nid = \"public\"\nwords = [\"資料\"]\n",
        "[[detectors]]\nid = \"mine\"\nis-public = true\nwords = [\"資料\"]\nname = { ja = \"a\", en = \"a\" }\nreason = { ja = \"a\", en = \"a\" }\n",
    ] {
        let refused = Taxonomy::jp_h30().extend(&format!("{HEAD}{weaker}"));
        assert!(matches!(refused, Err(TaxonomyError::Weaker(_))), "{weaker}");
    }
}
