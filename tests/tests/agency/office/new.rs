//! New documents: graded and protected from the menu before they are anywhere, and what lies in clear is replaced.

use std::fs;
use std::path::Path;

use kakuzuke_tests::agency::Agency;
use serde_json::{Value, json};

use super::Office;
use super::plaintext::{Marks, Watch, in_memory};
use crate::{names, sample};

const WRITTEN: &str = "備蓄倉庫の鍵番号は四七一二";

fn protect(office: &mut Office, given: &Value) {
    assert_eq!(office.ask("dispatch", json!(["jp.kakuzuke.office:protect", given])), json!(true));
}

fn choice(path: &Path) -> Value {
    json!({"Grade": "C2I2A1", "Restrictions": "印刷禁止", "Post": "係長", "Path": path})
}

/// Bytes that stand in no file: only the phrase is looked for.
fn marks() -> Marks {
    Marks::of(WRITTEN, WRITTEN.repeat(8).as_bytes())
}

#[test]
fn a_new_document_is_protected_before_it_is_anywhere_and_goes_on_under_its_label() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "ja") else { return };
    for (kind, ending) in [("swriter", "docx"), ("scalc", "xlsx"), ("simpress", "pptx"), ("swriter", "odt")] {
        let place = agency.place(ending);
        let path = place.join(format!("新規.{ending}"));
        let watch = Watch::begin(&office, &place, &marks());
        office.ask("new", json!([kind]));
        office.ask("write", json!([WRITTEN]));
        protect(&mut office, &choice(&path));
        assert_eq!(office.ask("await_protected", json!([])), json!(true), "{ending}: {}", office.text("said"));
        assert_eq!(office.ask("await_windows", json!([1])), json!(true), "one window: {}", office.text("titles"));
        assert!(office.text("text").contains(WRITTEN), "{ending}: {}", office.text("text"));
        let said = office.text("said");
        assert!(
            said.contains("機密性２情報") && said.contains("印刷禁止") && said.contains("係長"),
            "{ending}: {said}"
        );
        office.ask("write", json!([format!("{WRITTEN}。続き")]));
        office.ask("dispatch", json!([".uno:Save"]));
        assert_eq!(office.ask("modified", json!([])), json!(false), "{ending}: {}", office.text("said"));
        office.ask("close", json!([]));
        let seen = watch.end();
        assert!(seen.disk.is_empty(), "{ending}: plaintext on a disk: {:?}", seen.disk);
        assert!(seen.looked.contains(&path), "the watch looks where documents lie");
        assert!(in_memory(&office, &marks()).is_empty(), "{ending}: {:?}", in_memory(&office, &marks()));
        assert_eq!(names(&place), [format!("新規.{ending}")]);
        sato.labeler(["verify", path.to_str().unwrap()]).good();
        assert_eq!(sato.show(&path)["label"]["restrictions"], json!(["印刷禁止"]), "{ending}");
        office.show(&path);
        assert!(office.text("text").contains("。続き"), "{ending}");
        office.ask("close", json!([]));
    }
}

#[test]
fn a_document_saved_in_clear_is_replaced_with_what_is_on_the_screen_or_nothing_is_harmed() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "en-US") else { return };
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    let clear = fs::read(&path).unwrap();
    let marks = Marks::of("１　要求の概要", &clear);
    office.show(&path);
    office.ask("write", json!([WRITTEN]));
    agency.kill();
    protect(&mut office, &choice(&path));
    assert!(office.text("said").contains("Not protected"), "{}", office.text("said"));
    assert!(fs::read(&path).unwrap() == clear, "the file is as it was");
    assert_eq!(office.ask("modified", json!([])), json!(true), "still to be saved");
    agency.start();
    // What is being saved would come to its place after the envelope, in clear.
    office.ask("announce", json!(["OnSave"]));
    protect(&mut office, &choice(&path));
    assert!(office.text("said").contains("being saved just now"), "{}", office.text("said"));
    assert!(fs::read(&path).unwrap() == clear, "the file is as it was");
    office.ask("announce", json!(["OnSaveDone"]));
    protect(&mut office, &choice(&path));
    assert_eq!(office.ask("await_protected", json!([])), json!(true), "{}", office.text("said"));
    assert_eq!(office.ask("await_windows", json!([1])), json!(true), "{}", office.ask("titles", json!([])));
    let text = office.text("text");
    assert!(text.contains("１　要求の概要") && text.contains(WRITTEN), "{text}");
    let content = fs::read(&path).unwrap();
    assert!(!marks.are_in(&content), "no plaintext in the file");
    assert_eq!(names(&place).len(), 1, "{:?}", names(&place));
    // It was protected already.
    protect(&mut office, &choice(&path));
    assert!(office.text("said").contains("It is protected already"), "{}", office.text("said"));
}

#[test]
fn what_can_t_be_protected_says_so_and_nobody_is_asked_without_a_screen() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "en-US") else { return };
    let place = agency.place("文書");
    let taken = crate::text(&place, "ある.docx", b"another's");
    office.ask("new", json!(["swriter"]));
    office.ask("write", json!([WRITTEN]));
    for (given, why) in [
        (json!({}), "no screen to ask on"),
        (json!({"Grade": "C9", "Path": place.join("新規.docx")}), "Not protected"),
        (json!({"Grade": "C2I1A1", "Path": place.join("新規.exe")}), "under this ending"),
        (json!({"Grade": "C2I1A1", "Path": taken}), "Not protected"),
    ] {
        protect(&mut office, &given);
        assert!(office.text("said").contains(why), "{given}: {}", office.text("said"));
        assert!(office.text("text").contains(WRITTEN) && office.ask("modified", json!([])) == json!(true), "{given}");
    }
    assert_eq!(fs::read(&taken).unwrap(), b"another's");
    assert_eq!(names(&place), ["ある.docx"]);
}

#[test]
fn the_label_is_told_in_clear_and_under_protection_and_a_right_is_applied_for() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I2A1", &["印刷禁止", "複製禁止"]).good();
    let told = |office: &mut Office| {
        office.ask("dispatch", json!(["jp.kakuzuke.office:label"]));
        office.text("said")
    };
    office.show(&path);
    let said = told(&mut office);
    for what in ["機密性２情報", "佐藤", "できる操作: 編集・保存", "許諾の期限", "署名が内容に及んでいます"]
    {
        assert!(said.contains(what), "{what}: {said}");
    }
    office.ask("dispatch", json!(["jp.kakuzuke.office:request", {"Right": "copy", "Reason": "引用のため"}]));
    assert!(office.text("said").contains("申請しました"), "{}", office.text("said"));
    let requests = sato.labeler(["requests", "--json"]).good().out;
    assert!(requests.contains("引用のため") && requests.contains("copy"), "{requests}");
    office.ask("close", json!([]));

    let clear = sample(&agency.place("平文"), "docx");
    office.show(&clear);
    assert!(told(&mut office).contains("格付がありません"), "{}", office.text("said"));
    office.ask("close", json!([]));
    sato.protect(&clear, "C1I1A1", &[]).good();
    office.show(&clear);
    let said = told(&mut office);
    for what in ["機密性１情報", "格付の署名は正しい", "平文です"] {
        assert!(said.contains(what), "{what}: {said}");
    }
}
