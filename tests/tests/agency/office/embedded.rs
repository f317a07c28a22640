//! Documents within documents: what is embedded in a protected one leaves no more than the document itself.

use std::fs;
use std::process::Command;

use kakuzuke_tests::agency::Agency;
use serde_json::json;

use super::Office;
use super::plaintext::{Marks, Watch, in_memory};

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
