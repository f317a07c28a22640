//! Making public: only 機密性1 leaves, and nothing hidden that nobody answered for.

use std::fs;
use std::path::Path;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::{names, sample, text};

fn publish(officer: &Officer, path: &Path, out: &Path, rest: &[&str]) -> Said {
    let mut command = officer.command();
    command.args(["publish", "--json"]).arg(path).arg("-o").arg(out).args(rest);
    Said::from(command.output().unwrap())
}

fn inspect(officer: &Officer, path: &Path) -> Said {
    let mut command = officer.command();
    command.args(["inspect", "--json"]).arg(path);
    Said::from(command.output().unwrap())
}

/// What sorts of hidden data an inspection found.
fn categories(said: &Said) -> Vec<String> {
    let counts = said.json()["counts"].as_array().cloned().unwrap_or_default();
    counts.iter().map(|c| c["category"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_confidentiality_1_is_published() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    let out = place.join("公表用.docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let said = publish(&sato, &path, &out, &[]).refused(exit::DENIED);
    assert_eq!(said.json()["clauses"][0]["id"], "3.1.1(5)(a)", "{}", said.json());
    assert!(!out.exists());
    // Not graded at all, or graded so that it bounds its readers.
    publish(&sato, &sample(&place, "odt"), &out, &[]).refused(exit::NOT_PROTECTED);
    let bounded = sample(&place, "xlsx");
    sato.protect(&bounded, "C1I1A1", &["企画課限り"]);
    publish(&sato, &bounded, &out, &[]);
    assert!(!out.exists());
}

#[test]
fn a_copy_without_hidden_data_is_made_and_the_original_stays() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    for extension in ["docx", "xlsx", "pptx", "odt", "pdf"] {
        let path = sample(&place, extension);
        sato.protect(&path, "C1I1A1", &[]).good();
        let before = fs::read(&path).unwrap();
        let first = inspect(&sato, &path);
        assert!(categories(&first).contains(&"label".to_owned()), "{extension}: the label names its decider");
        let out = place.join(format!("公表用.{extension}"));
        let said = publish(&sato, &path, &out, &["--accept", "form-data=様式の記入例"]).good();
        assert!(fs::read(&path).unwrap() == before, "{extension}");
        assert!(said.json()["found"]["counts"].as_array().unwrap().iter().any(|c| c["category"] == "label"));
        inspect(&sato, &out).good();
        // Once more, and the name is taken.
        publish(&sato, &path, &out, &[]).refused(exit::CONFLICT);
        publish(&sato, &path, &out, &["--force"]).good();
        publish(&sato, &path, &path, &["--force"]).refused(exit::CONFLICT);
        assert!(fs::read(&path).unwrap() == before, "{extension}");
    }
}

#[test]
fn what_can_not_be_looked_into_is_accepted_with_a_reason_or_stays() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = text(&place, "図面.dwg", b"AC1032 \0\x01\x02 drawing");
    sato.protect(&path, "C1I1A1", &[]).good();
    let out = place.join("公表用.dwg");
    let said = publish(&sato, &path, &out, &[]).refused(exit::HIDDEN_DATA);
    assert_eq!(said.json()["clauses"][0]["id"], "3.1.1(5)(d)", "{}", said.json());
    assert!(!out.exists(), "{:?}", names(&place));
    publish(&sato, &path, &out, &["--accept", "not-inspected="]).refused(2);
    // Somebody answers for it: then it goes as it is.
    let said = publish(&sato, &path, &out, &["--accept", "not-inspected=設計担当が確認済み"]).good();
    assert_eq!(said.json()["accepted"][0]["category"], "not-inspected", "{}", said.json());
    assert!(fs::read(&out).unwrap().starts_with(b"AC1032"));
}

#[test]
fn a_folder_is_inspected_as_it_is_written_and_cleaned_when_asked() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let photo = text(&place, "写真.jpg", b"\xFF\xD8\xFF\xFE\0\x09comment\xFF\xD9");
    let page = text(&place, "案内.html", "<!DOCTYPE html><html><!-- 内部メモ --><p>案内</p></html>".as_bytes());
    let drawing = text(&place, "図面.dwg", b"AC1032 \0\x01\x02");
    for path in [&photo, &page, &drawing] {
        sato.protect(path, "C2I1A1", &[]).good();
    }
    let export = |to: &str, rest: &[&str]| {
        let mut command = sato.command();
        command
            .args(["export", "--json", "--purpose", "提供"])
            .arg(&place)
            .arg("--to")
            .arg(agency.place(to))
            .args(rest);
        Said::from(command.output().unwrap())
    };
    let told = |said: &Said, key: &str| -> Vec<String> {
        let items = said.json()["items"].as_array().cloned().unwrap_or_default();
        let counts = items.iter().flat_map(|item| item.to_string().contains(key).then(|| item.to_string()));
        counts.collect()
    };
    // For oneself: as they are, and what is hidden is told.
    let said = export("控え", &[]).good();
    assert_eq!(told(&said, "picture-data").len() + told(&said, "\"comments\"").len(), 2, "{}", said.json());
    let said = Said::from(
        sato.command().args(["export", place.to_str().unwrap(), "--to"]).arg(agency.place("控え２")).output().unwrap(),
    );
    assert!(said.good().out.contains("--clean"));
    // For others: what can't be looked into does not leave without a reason, the rest leaves clean.
    let said = export("提供用", &["--clean"]);
    assert_ne!(said.code, 0);
    let to = agency.place("提供用");
    assert_eq!(names(&to), ["写真.jpg", "案内.html"]);
    inspect(&sato, &to.join("写真.jpg")).good();
    inspect(&sato, &to.join("案内.html")).good();
    export("提供用２", &["--accept", "not-inspected=設計担当が確認済み"]).good();
    assert_eq!(names(&agency.place("提供用２")).len(), 3);
}

#[test]
fn an_inspection_says_by_its_exit_code_whether_anything_was_found() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    inspect(&sato, &text(&place, "公告.txt", b"plain")).good();
    inspect(&sato, &text(&place, "写真.jpg", b"\xFF\xD8\xFF\xFE\0\x09comment\xFF\xD9")).refused(exit::HIDDEN_DATA);
}

#[test]
fn an_export_is_inspected_and_cleaned_when_asked() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = text(&place, "写真.jpg", b"\xFF\xD8\xFF\xFE\0\x09comment\xFF\xD9");
    let whole = fs::read(&path).unwrap();
    sato.protect(&path, "C2I1A1", &[]).good();
    let protected = place.join("写真.jpg.kkz").to_str().unwrap().to_owned();
    let open = |out: &Path, rest: &[&str]| {
        let mut command = sato.command();
        command.args(["open", "--json", &protected, "-o"]).arg(out).args(rest);
        Said::from(command.output().unwrap())
    };
    // As it is, for oneself: what is hidden is told.
    let plain = place.join("控え.jpg");
    let said = open(&plain, &[]).good();
    assert!(fs::read(&plain).unwrap() == whole);
    assert_eq!(said.json()["hidden"][0]["category"], "picture-data", "{}", said.json());
    // For others: removed, or accepted with a reason.
    let clean = place.join("提供用.jpg");
    open(&clean, &["--clean"]).good();
    inspect(&sato, &clean).good();
    let kept = place.join("提供用２.jpg");
    open(&kept, &["--accept", "picture-data=撮影者の記名が要件"]).good();
    assert!(fs::read(&kept).unwrap() == whole);
}
