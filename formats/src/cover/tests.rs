#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;

fn sample() -> Cover {
    Cover {
        organization: Text::fixed("総務省", "Ministry of Internal Affairs and Communications"),
        grades: Text::fixed(
            "機密性２情報・完全性２情報・可用性１情報",
            "Confidentiality 2, Integrity 2, Availability 1",
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
