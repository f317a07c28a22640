//! What the licence does not permit is off, by menu, key and clipboard, and says why; what was refused can be applied for.

use kakuzuke_tests::agency::Agency;
use kakuzuke_tests::programs::clock_library;
use serde_json::json;

use super::Office;
use crate::{sample, text};

/// Off whatever the licence says.
const ALWAYS: [&str; 8] = [
    ".uno:SaveAs",
    ".uno:SaveACopy",
    ".uno:ExportTo",
    ".uno:ExportToPDF",
    ".uno:ExportDirectToPDF",
    ".uno:SendMail",
    ".uno:RunMacro",
    "vnd.sun.star.script:a.b?language=Basic&location=user",
];

#[test]
fn what_is_not_permitted_is_off_and_says_why() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let free = sample(&agency.place("自由"), "docx");
    sato.protect(&free, "C2I1A1", &[]).good();
    let bound = sample(&agency.place("制限"), "docx");
    sato.protect(&bound, "C2I1A1", &["複製禁止", "印刷禁止"]).good();

    office.show(&free);
    for command in [".uno:Print", ".uno:PrintDefault", ".uno:Save", ".uno:SelectAll"] {
        assert!(office.enabled(command), "{command} is there");
    }
    ALWAYS.iter().for_each(|command| assert!(!office.enabled(command), "{command} is off"));
    let args = office.ask("args", json!([]));
    assert_eq!((&args["LockPrint"], &args["LockContentExtraction"]), (&json!(false), &json!(false)));
    assert_eq!((&args["LockSave"], &args["LockExport"]), (&json!(true), &json!(true)));
    assert_eq!(args["MacroExecutionMode"], json!(0), "macros never run");
    office.ask("close", json!([]));

    office.show(&bound);
    for command in [".uno:Print", ".uno:PrintDefault", ".uno:Copy", ".uno:Cut"].into_iter().chain(ALWAYS) {
        assert!(!office.enabled(command), "{command} is off");
    }
    let args = office.ask("args", json!([]));
    assert_eq!((&args["LockPrint"], &args["LockContentExtraction"]), (&json!(true), &json!(true)));
    for (command, why) in [(".uno:Print", "印刷禁止"), (".uno:Copy", "複製禁止"), (".uno:SaveAs", "平文になります")]
    {
        office.ask("dispatch", json!([command]));
        let said = office.text("said");
        assert!(said.contains(why), "{command}: {said}");
    }
    office.ask("dispatch", json!(["jp.kakuzuke.office:why"]));
    let said = office.text("said");
    assert!(said.contains("印刷: ") && said.contains("複製（コピー）: "), "{said}");
}

#[test]
fn no_other_document_links_to_one_that_is_open() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let [book, letter] = ["xlsx", "docx"].map(|kind| {
        let path = sample(&agency.place(kind), kind);
        sato.protect(&path, "C2I1A1", &["複製禁止"]).good();
        path
    });
    // The ways themselves work.
    for (kind, link) in [("xlsx", "linked_cell"), ("docx", "linked_section")] {
        office.show(&sample(&agency.place("平文"), kind));
        let address = office.text("url");
        let found = office.ask(link, json!([address]));
        assert!(found[1] == json!(0) || found.as_str().is_some_and(|text| !text.is_empty()), "{kind}: {found}");
        office.ask("close", json!([]));
    }
    // Not by the address that everybody could know, nor by the one that the office itself knows: it writes that one where a person
    // points at a cell, or drags from the navigator.
    office.show(&book);
    let address = office.text("url");
    assert!(address.starts_with("private:stream/") && address.len() > 40, "{address}");
    for address in ["private:stream", &address] {
        let found = office.ask("linked_cell", json!([address]));
        assert_ne!(found[1], json!(0), "a cell of a protected sheet was found: {found}");
    }
    office.show(&letter);
    let address = office.text("url");
    for address in ["private:stream", &address] {
        assert_eq!(office.ask("linked_section", json!([address])), json!(""));
    }
}

#[test]
fn what_nobody_would_see_is_not_loaded_and_leaves_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "ja") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let before = office.ask("components", json!([]));
    let shown = office.tell("open", json!([path, {"Hidden": true}]));
    assert_ne!(shown, Ok(json!(true)));
    assert_eq!(office.ask("components", json!([])), before);
    // As a program that only converts.
    let mut convert = office.command("soffice");
    let out = agency.place("out");
    convert.args(office.places()).args(["--headless", "--convert-to", "txt:Text", "--outdir"]).arg(&out).arg(&path);
    office.quit();
    convert.output().unwrap();
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_document_of_confidentiality_3_opens_for_a_purpose() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C3I1A1", &[]).good();
    office.show(&path);
    assert!(office.text("said").contains("利用目的"), "{}", office.text("said"));
    assert_eq!(office.ask("open", json!([path, {"KakuzukePurpose": "照会への回答"}])), json!(true));
    assert!(office.text("text").contains("１　要求の概要"));
}

#[test]
fn a_licence_that_ended_takes_the_content_off_the_screen_until_there_is_another() {
    let Some(library) = clock_library() else { return };
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "ja") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let clock = text(&agency.place("work"), "clock", b"+0s\n");
    office.quit();
    office.environment.push(("LD_PRELOAD", library.display().to_string()));
    office.environment.push(("FAKETIME_TIMESTAMP_FILE", clock.display().to_string()));
    office.environment.push(("FAKETIME_NO_CACHE", "1".to_owned()));
    office.start(&["--headless", "--norestore"]);
    office.show(&path);
    assert!(office.enabled(".uno:Print") && office.ask("visible", json!([])) == json!(true));
    agency.stop();
    std::fs::write(&clock, "+6h\n").unwrap();
    assert_eq!(office.ask("await_visible", json!([false])), json!(true), "the content is still shown");
    assert!(!office.enabled(".uno:Print"), "printing is off");
    assert_eq!(office.ask("args", json!([]))["LockPrint"], json!(true));
    assert!(office.text("title").starts_with("利用の許可が終わりました: "), "{}", office.text("title"));
    std::fs::write(&clock, "+0s\n").unwrap();
    assert_eq!(office.ask("await_visible", json!([true])), json!(true), "the licence holds again");
    assert!(office.enabled(".uno:Print"));
}

#[test]
fn a_refused_right_is_applied_for_and_the_document_opens_once_it_is_approved() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let Some(mut office) = Office::open(&tanaka, "ja") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    office.show(&path);
    office.ask("dispatch", json!(["jp.kakuzuke.office:request", {"Reason": "照会への回答"}]));
    assert!(office.text("said").contains("申請しました"), "{}", office.text("said"));
    let requests = sato.labeler(["requests"]).good();
    assert!(requests.out.contains("照会への回答"), "{}", requests.out);
    sato.approve_all();
    office.ask("dispatch", json!(["jp.kakuzuke.office:again"]));
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(office.ask("await_title", json!([name])), json!(true), "{:?}", office.ask("titles", json!([])));
    assert!(office.text("text").contains("１　要求の概要"));
}
