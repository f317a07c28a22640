//! From suggestions to labels: a table that was filled in is carried out as decided, and nothing else.

use std::fs;
use std::path::Path;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::{names, sample, text};

/// The table of a folder, with a decision written into the rows whose document ends so.
fn filled(sato: &Officer, share: &Path, table: &Path, decisions: &[(&str, &str)]) -> String {
    sato.labeler(["suggest", share.to_str().unwrap(), "--table", table.to_str().unwrap()]).good();
    let mut text = fs::read_to_string(table).unwrap();
    for (name, decision) in decisions {
        let line = text.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}: {text}")).to_owned();
        let decided = line.replacen("\"\"", &format!("\"{decision}\""), 1);
        text = text.replace(&line, &decided);
    }
    fs::write(table, &text).unwrap();
    text
}

fn apply(sato: &Officer, table: &Path, share: &Path, more: &[&str]) -> Said {
    let mut command = sato.command();
    command.arg("--json").arg("apply").arg(table).arg(share).args(more);
    command.output().unwrap().into()
}

#[test]
fn a_folder_is_suggested_decided_and_protected_with_two_commands() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    text(&share, "名簿.csv", "氏名,個人番号\n佐藤　太郎,123456789018\n".as_bytes());
    text(&share, "案内.txt", "会議の案内です。\n".as_bytes());
    text(&share, "発表.txt", "報道発表資料\n本日、次のとおり公表します。\n".as_bytes());
    let minutes = sample(&share, "docx");
    let table = agency.place("表").join("提案.csv");
    let minutes_name = minutes.file_name().unwrap().to_str().unwrap().to_owned();
    let decisions = [("名簿.csv", "はい"), ("発表.txt", "いいえ"), (minutes_name.as_str(), "yes")];
    let written = filled(&sato, &share, &table, &decisions);
    assert!(
        written.starts_with('\u{feff}') && !written.contains("123456789018") && !written.contains("太郎"),
        "{written}"
    );
    let done = apply(&sato, &table, &share, &[]).good().json();
    assert_eq!((&done["done"], &done["declined"], &done["undecided"]), (&2.into(), &1.into(), &1.into()), "{done:#}");
    let there = names(&share);
    assert!(there.contains(&"名簿.csv.kkz".to_owned()) && there.contains(&"案内.txt".to_owned()), "{there:?}");
    assert_eq!(sato.show(&minutes)["form"], "carrier");
    // A second time there is nothing left of what was judged.
    let again = apply(&sato, &table, &share, &[]).refused(exit::PARTIAL).json();
    assert_eq!(again["done"], 0, "{again:#}");
}

#[test]
fn sure_rows_are_taken_together_only_when_it_is_said() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    text(&share, "【機密性２】計画.txt", "本文です。".as_bytes());
    text(&share, "案内.txt", "会議の案内です。\n".as_bytes());
    let table = agency.place("表").join("提案.csv");
    filled(&sato, &share, &table, &[]);
    assert_eq!(apply(&sato, &table, &share, &[]).good().json()["undecided"], 2);
    let done = apply(&sato, &table, &share, &["--accept-sure", "--label-only"]).good().json();
    assert_eq!((&done["done"], &done["undecided"]), (&1.into(), &1.into()), "{done:#}");
    assert_eq!(sato.show(&share.join("【機密性２】計画.txt"))["label"]["grade"], "C2I1A1");
    assert_eq!(names(&share).len(), 3, "the text stays in clear, its signature beside it");
}

#[test]
fn what_changed_since_or_lies_elsewhere_is_refused_and_the_rest_goes_on() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    let outside = text(&agency.place("ほか"), "外.txt", b"outside");
    let changed = text(&share, "変わる.txt", b"before");
    text(&share, "=cmd|'calc'!A0.txt", b"a name as a formula");
    text(&share, "案内.txt", "会議の案内です。\n".as_bytes());
    let table = agency.place("表").join("提案.csv");
    let decisions = [("変わる.txt", "はい"), ("案内.txt", "はい"), ("=cmd", "はい")];
    let written = filled(&sato, &share, &table, &decisions);
    assert!(written.contains("\"'=cmd") && !written.contains("\"=cmd"), "{written}");
    fs::write(&changed, b"after").unwrap();
    let row = written.lines().find(|line| line.contains("案内.txt")).unwrap();
    let stray = row.replace("案内.txt", "../ほか/外.txt");
    let absolute = row.replace("案内.txt", outside.to_str().unwrap());
    let odd = row.replace("案内.txt", "変わる.txt").replacen("はい", "たぶん", 1);
    fs::write(&table, format!("{written}{stray}\r\n{absolute}\r\n{odd}\r\n")).unwrap();
    let done = apply(&sato, &table, &share, &["--label-only"]).refused(exit::PARTIAL).json();
    assert_eq!((&done["done"], &done["failed"]), (&2.into(), &1.into()), "{done:#}");
    assert_eq!(done["wrong"].as_array().unwrap().len(), 3, "{done:#}");
    assert_eq!((fs::read(&outside).unwrap(), fs::read(&changed).unwrap()), (b"outside".to_vec(), b"after".to_vec()));
    assert_eq!(names(outside.parent().unwrap()), ["外.txt"]);
    assert!(!share.join("変わる.txt.kkzsig").exists());
}

#[test]
fn a_table_that_is_none_is_refused() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    let table = text(&agency.place("表"), "別.csv", b"a,b\n1,2\n");
    apply(&sato, &table, &share, &[]).refused(exit::USAGE);
    sato.labeler(["suggest", share.to_str().unwrap(), share.to_str().unwrap(), "--table", "x.csv"])
        .refused(exit::USAGE);
}
