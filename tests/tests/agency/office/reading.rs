//! Opening: what is behind a cover appears as if it were no cover, and stays in memory.

use std::fs;

use kakuzuke_tests::agency::Agency;
use serde_json::json;

use super::Office;
use super::plaintext::{Marks, Watch, in_memory};
use crate::sample;

/// Kind, what the office takes it for, and words that stand in the content only.
const KINDS: [(&str, &str, &str); 6] = [
    ("docx", "text.TextDocument", "１　要求の概要"),
    ("xlsx", "sheet.SpreadsheetDocument", "地域基盤庁　会計課"),
    ("pptx", "presentation.PresentationDocument", "地域基盤庁　情報システム室"),
    ("odt", "text.TextDocument", "危機管理室長決定"),
    ("pdf", "drawing.DrawingDocument", "入札公告前につき取扱注意"),
    ("csv", "sheet.SpreadsheetDocument", "K10021"),
];

#[test]
fn every_kind_opens_by_a_double_click_and_nothing_of_it_reaches_a_disk() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let place = agency.place("文書");
    for (extension, kind, phrase) in KINDS {
        let mut path = sample(&place, extension);
        let marks = Marks::of(phrase, &fs::read(&path).unwrap());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        sato.protect(&path, "C2I2A1", &["印刷禁止"]).good();
        if extension == "csv" {
            path = place.join(format!("{name}.kkz"));
        }
        let watch = Watch::begin(&office, &place, &marks);
        office.show(&path);
        assert_eq!(office.text("kind"), kind, "{extension}");
        assert!(office.text("text").contains(phrase), "{extension}: {}", office.text("text"));
        assert_eq!(office.text("title"), name);
        assert_eq!(office.ask("modified", json!([])), json!(false), "{extension}");
        let said = office.text("said");
        assert!(said.contains("機密性２情報") && said.contains("印刷禁止"), "{extension}: {said}");
        let seen = watch.end();
        assert!(seen.disk.is_empty(), "{extension}: plaintext on a disk: {:?}", seen.disk);
        assert!(seen.looked.contains(&path), "the watch looks where documents lie");
        // The office's working files lie in its closed folder in memory, nowhere else, and are gone with the document.
        let closed = office.memory.path().join("kakuzuke");
        assert!(seen.memory.iter().all(|path| path.starts_with(&closed)), "{extension}: {:?}", seen.memory);
        office.ask("close", json!([]));
        assert!(in_memory(&office, &marks).is_empty(), "{extension}: {:?}", in_memory(&office, &marks));
        assert!(!place.join(format!(".~lock.{name}#")).exists());
    }
    let history = fs::read_to_string(office.folder.path().join("profile/user/registrymodifications.xcu")).unwrap();
    office.quit();
    assert!(!history.contains("HistoryItem") && !history.contains("Thumbnail"), "nothing among the recent documents");
}

#[test]
fn a_refused_opening_shows_the_cover_the_clause_and_what_would_help() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let Some(mut office) = Office::open(&tanaka, "en-US") else { return };
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    sato.protect(&path, "C2I2A1", &["印刷禁止"]).good();
    office.show(&path);
    let text = office.text("text");
    assert!(text.contains("保護された文書") && !text.contains("１　要求の概要"), "{text}");
    let said = office.text("said");
    assert!(said.contains("You are not among those who may.") && said.contains("3.1.1(2)"), "{said}");
    assert!(said.contains("Apply for permission"), "{said}");
    assert!(office.text("title").starts_with("Not opened: "));
    assert_eq!(office.ask("readonly", json!([])), json!(true), "a cover is not worked on");
}

#[test]
fn nothing_is_opened_before_the_working_files_go_to_memory() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::install(&sato, "en-US") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I2A1", &[]).good();
    office.start(&["--headless", "--norestore"]);
    office.show(&path);
    assert!(!office.text("text").contains("１　要求の概要"));
    assert!(office.text("said").contains("Quit LibreOffice once"), "{}", office.text("said"));
    office.await_memory();
    office.quit();
    office.start(&["--headless", "--norestore"]);
    office.show(&path);
    assert!(office.text("text").contains("１　要求の概要"));
}

#[test]
fn other_documents_open_as_before() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "ja") else { return };
    let place = agency.place("文書");
    for (extension, kind, phrase) in KINDS.into_iter().take(5) {
        let path = sample(&place, extension);
        office.show(&path);
        assert_eq!(office.text("kind"), kind);
        assert!(office.text("text").contains(phrase), "{extension}");
        assert_eq!(office.text("said"), "", "no bar of ours above an ordinary document");
        assert!(office.enabled(".uno:SaveAs") && office.enabled(".uno:Print"), "{extension}");
        office.ask("close", json!([]));
    }
    // A file that only pretends is an ordinary file that does not open, not a fault of ours.
    let pretender = crate::text(&place, "偽.kkz", b"\x89KKZ\r\n\x1a\nnothing");
    office.show(&pretender);
    assert!(office.text("title").contains("偽.kkz"));
}
