#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;

fn sample() -> Cover {
    Cover {
        organization: Text::fixed("総務省", "Ministry of Internal Affairs and Communications"),
        grades: Text::fixed(
            "機密性３情報・完全性２情報・可用性１情報",
            "C3I2A1: Confidentiality 3, Integrity 2, Availability 1",
        ),
        restrictions: vec![
            Text::fixed("複製禁止", "No copying"),
            Text::fixed("行政管理局企画調整課限り", "Planning and Coordination Division only"),
            Text::fixed("令和９年３月３１日まで再配布禁止", "No redistribution until 31 March 2027"),
        ],
        decider: Text::fixed("行政管理局企画調整課長", "Director, Planning and Coordination Division"),
        handling: vec![
            Text::fixed(
                "要管理対策区域の外に持ち出すときは、課室情報セキュリティ責任者の許可を得てください。",
                "Taking it outside the controlled area needs the permission of the section's information security officer.",
            ),
            Text::fixed("印刷物は会議後に回収し、細断してください。", "Collect and shred printouts after the meeting."),
        ],
        opening: Vec::new(),
        kind: Kind::Docx,
    }
}

#[test]
fn pictures_stay_small() {
    for shape in [Shape::Portrait, Shape::Slide] {
        let picture = sample().picture(shape).unwrap();
        if let Some(folder) = std::env::var_os("KAKUZUKE_COVER_OUT") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{shape:?}.png")), &picture).unwrap();
        }
        assert!(picture.len() < 60_000, "{shape:?}: {} bytes", picture.len());
    }
    let page = sample().page().unwrap();
    if let Some(folder) = std::env::var_os("KAKUZUKE_COVER_OUT") {
        std::fs::write(std::path::Path::new(&folder).join("page.pdf"), &page).unwrap();
    }
    assert!(page.len() < 60_000, "{} bytes", page.len());
}

#[test]
fn very_much_text_is_refused_not_cut() {
    let mut cover = sample();
    cover.handling = vec![Text::new("あ".repeat(400), "b ".repeat(200)); 24];
    assert!(matches!(cover.page(), Err(WrapError::Cover(_))));
    cover.handling.truncate(3);
    assert!(cover.page().is_ok());
    cover.decider = Text::fixed("一\n二", "");
    assert!(cover.page().is_err());
}

/// Words of a page, from the pictures' side: which characters are drawn.
fn drawn(cover: &Cover) -> String {
    let face = font::Face::new().unwrap();
    let marks = layout::lay_out(&face, cover, Shape::Portrait).unwrap();
    let words = marks.into_iter().filter_map(|mark| match mark {
        layout::Mark::Words { text, .. } => Some(text),
        layout::Mark::Fill { .. } => None,
    });
    words.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_character_without_a_glyph_is_said_so() {
    let note = words::MISSING.ja.to_string();
    assert!(!drawn(&sample()).contains(&note));
    let mut cover = sample();
    // Not in the font; and the same with a sign that only chooses a form (IVS).
    cover.decider = Text::fixed("𠮷田課長 \u{1F600}", "Yoshida");
    assert!(drawn(&cover).contains(&note));
    cover.decider = Text::fixed("葛\u{E0100}城課長", "Katsuragi");
    assert!(!drawn(&cover).contains(&note));
}

#[test]
fn every_word_stands_on_the_page_whatever_the_grades_are() {
    for (ja, en) in [
        ("機密性１情報", "Confidentiality 1"),
        ("機密性３情報・完全性２情報・可用性２情報", "C3I2A2: one, two"),
        ("極めて長い名称の格付を定めた機関が用いる特別な機密性の区分に属する情報第四種", "Long"),
        ("", ""),
    ] {
        let mut cover = sample();
        cover.grades = Text::fixed(ja, en);
        let page = drawn(&cover).replace('\n', "");
        assert!(ja.split('・').all(|term| page.contains(term)), "{page}");
        assert!(cover.restrictions.iter().all(|r| page.contains(r.ja.as_ref())), "{page}");
    }
}
