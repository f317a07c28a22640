//! What the licence does not permit is off, by menu, key and clipboard, and says why; what was refused can be applied for.

use kakuzuke_tests::agency::Agency;
use serde_json::json;

use super::Office;
use crate::sample;

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
