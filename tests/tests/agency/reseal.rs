//! A label that asks for another protection: the document is sealed anew, in one step, and nothing of it is lost.

use std::fs;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::{holds, names, sample, text};

fn relabel(officer: &Officer, path: &std::path::Path, grade: &str) -> Said {
    let mut command = officer.command();
    command.arg("relabel").arg(path).args(["--grade", grade, "--reason", "公表のため", "--json"]);
    command.output().unwrap().into()
}

#[test]
fn what_becomes_public_leaves_the_envelope_and_its_copies_open_no_more() {
    let agency = Agency::open();
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let place = agency.place("文書");
    let content = "公表する内容".repeat(50);
    let plain = text(&place, "案.csv", content.as_bytes());
    sato.protect(&plain, "C2I1A1", &[]).good();
    let (path, copy) = (place.join("案.csv.kkz"), place.join("写し.csv.kkz"));
    fs::copy(&path, &copy).unwrap();
    let out = agency.place("o");
    suzuki.open(&copy, &out.join("1")).good();

    // A reader may not; a name that is taken is left alone.
    assert_ne!(relabel(&suzuki, &path, "C1I1A1").code, 0);
    fs::write(&plain, "another file").unwrap();
    relabel(&sato, &path, "C1I1A1").refused(exit::CONFLICT);
    assert_eq!(fs::read_to_string(&plain).unwrap(), "another file");
    fs::remove_file(&plain).unwrap();
    suzuki.open(&copy, &out.join("2")).good();

    let done = relabel(&sato, &path, "C1I1A1").good().json();
    assert_eq!(done["resealed"], true);
    assert!(!path.exists() && fs::read_to_string(&plain).unwrap() == content);
    assert_eq!(sato.show(&plain)["label"]["grade"], "C1I1A1");
    sato.labeler(["verify", plain.to_str().unwrap()]).good();
    suzuki.open(&copy, &out.join("3")).refused(exit::DENIED);
    assert_eq!(holds(&sato.profile, content.as_bytes()), None, "a working copy was left");
}

#[test]
fn a_document_with_a_cover_keeps_its_name_both_ways() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    sato.protect(&path, "C1I1A1", &[]).good();
    let in_clear = fs::read(&path).unwrap();
    let before = names(&place);

    relabel(&sato, &path, "C2I2A1").good();
    assert_eq!(names(&place), before);
    assert_eq!(sato.show(&path)["label"]["grade"], "C2I2A1");
    let out = agency.place("o").join("opened.docx");
    sato.open(&path, &out).good();
    assert!(fs::read(&out).unwrap() == in_clear);

    relabel(&sato, &path, "C1I1A1").good();
    assert_eq!(names(&place), before);
    let shown = sato.show(&path);
    assert_eq!((shown["label"]["grade"].as_str(), shown["signature"].as_str()), (Some("C1I1A1"), Some("valid")));
}

#[test]
fn a_large_document_gets_its_signature_when_the_grade_asks_for_it() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    // Above 256 MiB only the grade asks for the author's signature over the content.
    let plain = place.join("大.bin");
    let file = fs::File::create(&plain).unwrap();
    file.set_len(257 << 20).unwrap();
    drop(file);
    sato.protect(&plain, "C2I1A1", &[]).good();
    let path = place.join("大.bin.kkz");
    assert_eq!(sato.show(&path)["coverage"], "label-only");
    let lineage = sato.show(&path)["label"]["lineage"].clone();
    let done = relabel(&sato, &path, "C2I2A1").good().json();
    assert_eq!(done["resealed"], true);
    let shown = sato.show(&path);
    assert_eq!((&shown["coverage"], &shown["label"]["lineage"]), (&"label-and-content".into(), &lineage));
    sato.labeler(["verify", path.to_str().unwrap()]).good();
    let out = agency.place("o").join("opened");
    sato.open(&path, &out).good();
    assert_eq!(fs::metadata(&out).unwrap().len(), 257 << 20);
}
