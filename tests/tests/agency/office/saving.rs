//! Saving: what was edited is protected again under the same label; what can't be saved stays open, and nothing of it lies anywhere.

use std::fs;
use std::path::Path;

use kakuzuke_tests::agency::{Agency, Officer, Said};
use serde_json::json;

use super::Office;
use super::plaintext::{Marks, Watch, in_memory};
use crate::{names, sample};

const WRITTEN: &str = "追記：避難所の備蓄を二倍にする";

fn save(office: &mut Office) {
    assert_eq!(office.ask("dispatch", json!([".uno:Save"])), json!(true));
}

fn is_modified(office: &mut Office) -> bool {
    office.ask("modified", json!([])) == json!(true)
}

fn verify(officer: &Officer, path: &Path) {
    officer.labeler(["verify", path.to_str().unwrap()]).good();
}

#[test]
fn what_is_saved_is_the_next_version_under_the_same_label() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "ja") else { return };
    for extension in ["docx", "xlsx", "pptx", "odt"] {
        let place = agency.place(extension);
        let path = sample(&place, extension);
        let marks = Marks::of(WRITTEN, &fs::read(&path).unwrap());
        sato.protect(&path, "C2I2A1", &["印刷禁止"]).good();
        let before = sato.show(&path);
        office.show(&path);
        let watch = Watch::begin(&office, &place, &marks);
        office.ask("write", json!([WRITTEN]));
        assert!(is_modified(&mut office), "{extension}");
        save(&mut office);
        assert!(!is_modified(&mut office), "{extension}: {}", office.text("said"));
        office.ask("write", json!([format!("{WRITTEN}。再び")]));
        save(&mut office);
        assert!(!is_modified(&mut office), "{extension}: saved twice: {}", office.text("said"));
        office.ask("close", json!([]));
        let seen = watch.end();
        assert!(seen.disk.is_empty(), "{extension}: plaintext on a disk: {:?}", seen.disk);
        let left = in_memory(&office, &marks);
        assert!(left.is_empty(), "{extension}: plaintext left in memory: {left:?}");
        let after = sato.show(&path);
        assert_eq!(after["label"]["lineage"], before["label"]["lineage"], "{extension}: the same line");
        assert_eq!(after["label"]["restrictions"], before["label"]["restrictions"], "{extension}: the same label");
        assert_ne!(after["label"]["document"], before["label"]["document"], "{extension}: a version of its own");
        verify(&sato, &path);
        assert_eq!(names(&place).len(), 1, "{:?}", names(&place));
        office.show(&path);
        assert!(office.text("text").contains("。再び"), "{extension}: {}", office.text("text"));
        office.ask("close", json!([]));
    }
}

#[test]
fn without_the_right_to_edit_saving_says_why() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    sato.protect(&path, "C2I2A1", &["書換禁止"]).good();
    let before = fs::read(&path).unwrap();
    office.show(&path);
    assert_eq!(office.ask("readonly", json!([])), json!(true));
    assert!(!office.enabled(".uno:Save") && !office.enabled(".uno:EditDoc"));
    save(&mut office);
    assert!(office.text("said").contains("編集・保存はできません"), "{}", office.text("said"));
    assert!(fs::read(&path).unwrap() == before, "the file is as it was");
}

#[test]
fn another_version_or_a_server_away_loses_nothing() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut office) = Office::open(&sato, "en-US") else { return };
    let place = agency.place("文書");
    let path = sample(&place, "odt");
    let marks = Marks::of(WRITTEN, &fs::read(&path).unwrap());
    sato.protect(&path, "C2I2A1", &[]).good();
    office.show(&path);
    office.ask("write", json!([WRITTEN]));
    let before = fs::read(&path).unwrap();
    agency.kill();
    let watch = Watch::begin(&office, &place, &marks);
    save(&mut office);
    let seen = watch.end();
    assert!(seen.disk.is_empty(), "plaintext on a disk: {:?}", seen.disk);
    assert!(is_modified(&mut office), "still to be saved");
    assert!(office.text("said").contains("Not saved"), "{}", office.text("said"));
    assert!(office.text("text").contains(WRITTEN), "nothing is lost");
    assert!(fs::read(&path).unwrap() == before, "the file is as it was");
    agency.start();
    // Meanwhile somebody else saved another version.
    let mut other = sato.command();
    other.arg("edit").arg(&path).args(["--", "sh", "-c", "printf 他の版 > \"$0\""]);
    Said::from(other.output().unwrap()).good();
    let theirs = fs::read(&path).unwrap();
    save(&mut office);
    assert!(is_modified(&mut office) && office.text("text").contains(WRITTEN), "nothing is lost");
    assert!(office.text("said").contains("Not saved"), "{}", office.text("said"));
    assert!(fs::read(&path).unwrap() == theirs, "another's version is never overwritten");
}
