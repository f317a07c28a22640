//! Suggestions: from real documents, with reasons, without saying what they are about; and never instead of a decision.

use std::fs;

use kakuzuke_tests::agency::{Agency, Said};

use super::{sample, text};

#[test]
fn a_folder_is_told_what_its_documents_ask_for() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    text(&folder, "【機密性３】計画.txt", "本文です。".as_bytes());
    text(&folder, "名簿.csv", "氏名,個人番号\n佐藤　太郎,123456789018\n".as_bytes());
    text(&folder, "発表.txt", "報道発表資料\n本日、次のとおり公表します。\n".as_bytes());
    text(&folder, "案内.txt", "会議の案内です。\n".as_bytes());
    text(&folder, "壊れた.pdf", b"%PDF-1.7\nnothing of a PDF");
    sample(&folder, "docx");
    let before: Vec<_> = super::names(&folder);
    let said = sato.labeler(["suggest", folder.to_str().unwrap(), "--json"]).good();
    assert!(!said.out.contains("123456789018") && !said.out.contains("太郎"), "{}", said.out);
    let json = said.json();
    let of = |name: &str| {
        let items = json["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["done"]["path"].as_str().is_some_and(|p| p.ends_with(name)));
        item.unwrap_or_else(|| panic!("{name}: {json:#}"))["done"].clone()
    };
    assert_eq!(of("計画.txt")["grade"], "C3I1A1");
    assert_eq!(of("発表.txt")["grade"], "C1I1A1");
    assert_eq!(of("案内.txt")["grade"], "C2I1A1");
    assert_eq!(of("案内.txt")["is_founded"], false);
    let list = of("名簿.csv");
    assert_eq!((&list["grade"], &list["is_sure"]), (&"C2I1A1".into(), &true.into()));
    assert_eq!(list["found"][0]["detector"], "individual-number");
    assert_eq!(of("壊れた.pdf")["is_whole"], false, "what cannot be read is not called harmless");
    assert_eq!(super::names(&folder), before, "nothing is changed");
    // For people, in both languages, and without a profile.
    let mut command = sato.command();
    command.args(["--lang", "ja", "--profile", "/nowhere", "suggest"]).arg(folder.join("名簿.csv"));
    let said = Said::from(command.output().unwrap()).good();
    assert!(said.out.contains("個人番号") && said.out.contains("下げない理由"), "{}", said.out);
}

#[test]
fn a_script_that_says_no_grade_is_told_so_and_nothing_is_done() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = text(&agency.place("共有"), "発表.txt", "報道発表資料\n".as_bytes());
    for command in ["protect", "label"] {
        sato.labeler([command, path.to_str().unwrap()]).refused(2);
    }
    assert_eq!(fs::read(&path).unwrap(), "報道発表資料\n".as_bytes());
}

#[test]
fn what_is_sealed_is_passed_over_in_a_folder() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    sato.protect(&sample(&folder, "docx"), "C2I1A1", &[]).good();
    let json = sato.labeler(["suggest", folder.to_str().unwrap(), "--json"]).good().json();
    assert_eq!((&json["done"], &json["skipped"]), (&0.into(), &1.into()), "{json:#}");
}
