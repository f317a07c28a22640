//! Documents within documents: what is embedded in a protected one leaves no more than the document itself.

use std::fs;
use std::process::Command;

use kakuzuke_tests::agency::Agency;
use serde_json::json;

use super::Office;
use super::plaintext::{Marks, Watch, in_memory};
use super::seen::Seen;

const WITHIN: &str = "埋込の秘密は九六三";

/// Kind, ending, filter, and where the object lies in the package.
const HOLDERS: [(&str, &str, &str, &str); 2] =
    [("swriter", "odt", "writer8", "Object 1/content.xml"), ("scalc", "ods", "calc8", "Object 1/content.xml")];

#[test]
fn what_is_embedded_reaches_no_disk_when_it_is_opened_shown_and_saved() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "ja") else { return };
    for (kind, ending, filter, part) in HOLDERS {
        let place = agency.place(ending);
        let path = place.join(format!("埋込.{ending}"));
        office.ask("new", json!([kind]));
        office.ask("embed", json!([WITHIN]));
        office.ask("store_to", json!([path, {"FilterName": filter}]));
        office.ask("close", json!([]));
        let object = Command::new("unzip").arg("-p").arg(&path).arg(part).output().unwrap().stdout;
        assert!(object.len() > 400, "{ending}: there is an object in it");
        let marks = Marks::of(WITHIN, WITHIN.repeat(8).as_bytes());
        sato.protect(&path, "C2I2A1", &[]).good();
        let watch = Watch::begin(&office, &place, &marks);
        office.show(&path);
        assert_eq!(office.text("wake"), WITHIN, "{ending}");
        office.ask("write", json!(["次の版"]));
        office.ask("dispatch", json!([".uno:Save"]));
        assert_eq!(office.ask("modified", json!([])), json!(false), "{ending}: {}", office.text("said"));
        office.ask("close", json!([]));
        let seen = watch.end();
        assert!(seen.disk.is_empty(), "{ending}: plaintext on a disk: {:?}", seen.disk);
        let closed = office.memory.path().join("kakuzuke");
        assert!(seen.memory.iter().all(|path| path.starts_with(&closed)), "{ending}: {:?}", seen.memory);
        assert!(in_memory(&office, &marks).is_empty(), "{ending}: {:?}", in_memory(&office, &marks));
        office.show(&path);
        assert_eq!(office.text("wake"), WITHIN, "{ending}: nothing is lost");
        office.ask("close", json!([]));
        assert!(!fs::read(&path).is_ok_and(|bytes| marks.are_in(&bytes)), "{ending}");
    }
}

/// What is embedded is worked on, in its place (0) or in a window of its own (-2): what is off is off there.
#[track_caller]
fn holds(office: &mut Office, verb: i32, may: bool) {
    assert_eq!(office.ask("enter", json!([verb])), json!(true), "{verb}");
    for command in [".uno:Copy", ".uno:Print"] {
        // Nothing is marked in a text that was just entered: then copying is off anyway.
        let there = office.ask("inside", json!([command])) == json!(true);
        assert!(may || !there, "{verb}: {command}");
    }
    for command in ALWAYS {
        assert_ne!(office.ask("inside", json!([command])), json!(true), "{verb}: {command}");
    }
    // A sheet within goes by its tab no more than one outside; a text has none.
    let tabs = office.ask("has_tabs_inside", json!([]));
    assert!(may || tabs != json!(true), "{verb}");
    let args = office.ask("args_inside", json!([]));
    assert_eq!(args["LockContentExtraction"], json!(!may), "{verb}");
    assert_eq!((&args["LockPrint"], &args["LockExport"]), (&json!(!may), &json!(true)), "{verb}");
}

/// Off in what is embedded, whatever the licence says.
const ALWAYS: [&str; 4] = [".uno:SaveAs", ".uno:ExportToPDF", ".uno:SendMail", ".uno:RunMacro"];

#[test]
fn what_is_off_is_off_in_what_is_embedded() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let [free, bound] = ["自由.odt", "制限.odt"].map(|name| agency.place("文書").join(name));
    office.ask("new", json!(["swriter"]));
    office.ask("embed", json!([WITHIN]));
    for path in [&free, &bound] {
        office.ask("store_to", json!([path, {"FilterName": "writer8"}]));
    }
    office.ask("close", json!([]));
    sato.protect(&free, "C2I2A1", &[]).good();
    sato.protect(&bound, "C2I2A1", &["複製禁止", "印刷禁止"]).good();
    // A program that leaves what it entered may hang LibreOffice, in clear too: the window is closed as it is, or is the last.
    office.show(&free);
    holds(&mut office, 0, true);
    office.ask("close", json!([]));
    office.show(&bound);
    holds(&mut office, 0, false);
    office.ask("close", json!([]));
    office.show(&bound);
    holds(&mut office, -2, false);
}

#[test]
fn a_document_closes_while_what_is_embedded_in_it_is_worked_on() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut seen) = Seen::open(&sato, "ja") else { return };
    for (kind, ending, filter, _) in HOLDERS {
        let path = agency.place(ending).join(format!("埋込.{ending}"));
        seen.office.ask("new", json!([kind]));
        seen.office.ask("embed", json!([WITHIN]));
        seen.office.ask("store_to", json!([path, {"FilterName": filter}]));
        seen.office.ask("close", json!([]));
        sato.protect(&path, "C2I2A1", &[]).good();
        seen.office.ask("new", json!(["swriter"]));
        let other = seen.office.text("title");
        seen.office.show(&path);
        assert_eq!(seen.office.ask("enter", json!([0])), json!(true), "{ending}");
        seen.office.ask("dispatch", json!([".uno:CloseDoc"]));
        assert_eq!(seen.office.ask("await_windows", json!([1])), json!(true), "{ending}: the office lives");
        seen.office.ask("use", json!([other]));
        seen.office.ask("close", json!([]));
    }
}
