//! A share: every file is looked at once, what is wrong is said, nothing outside is touched, and the next time only what has changed
//! is read.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_tests::agency::{Agency, Officer, Said};
use kakuzuke_tests::programs::have;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;

use super::{sample, text};

/// A share with something of every sort.
fn share(agency: &Agency, sato: &Officer) -> PathBuf {
    let share = agency.place("共有");
    fs::create_dir_all(share.join("総務課/2026")).unwrap();
    fs::create_dir_all(share.join("機密")).unwrap();
    sato.protect(&sample(&share.join("総務課"), "docx"), "C2I1A1", &["複製禁止"]).good();
    sato.protect(&sample(&share.join("総務課"), "odt"), "C1I1A1", &[]).good();
    sato.protect(&sample(&share.join("総務課"), "pdf"), "C3I1A1", &[]).good();
    sato.protect(&sample(&share.join("機密"), "xlsx"), "C3I1A1", &[]).good();
    text(&share.join("総務課/2026"), "未格付.txt", b"plain");
    text(&share.join("総務課/2026"), "<script>alert(1).txt", b"plain");
    fs::write(share.join(OsStr::from_bytes(b"\x8a\x69\x95\x74.txt")), b"Shift_JIS").unwrap();
    text(&share, "~$開いている.docx", b"lock");
    text(&share, "空.txt", b"");
    share
}

fn scan(officer: &Officer, share: &Path, rest: &[&str]) -> Value {
    let mut command = officer.command();
    command.arg("scan").arg(share).arg("--json").args(rest);
    Said::from(command.output().unwrap()).good().json()
}

#[test]
fn a_share_is_told_what_is_graded_what_is_not_and_what_lies_wrong() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency, &sato);
    let secrets = share.join("機密");
    let tally = scan(&sato, &share, &["--secrets", secrets.to_str().unwrap()]);
    assert_eq!(tally["files"], 8, "{tally:#}");
    assert_eq!(tally["states"]["protected"], 3);
    assert_eq!(tally["states"]["labelled"], 1);
    assert_eq!(tally["states"]["unlabelled"], 4);
    assert_eq!(tally["grades"]["C3I1A1"], 2);
    let named = |doubt: &str| tally["doubts"][doubt]["named"].as_array().cloned().unwrap_or_default();
    assert_eq!(named("misplaced").len(), 1, "{tally:#}");
    assert!(named("misplaced")[0]["path"].as_str().unwrap().contains("総務課"));
    // What is empty needs no grade.
    assert_eq!(named("unlabelled").len(), 3);
    assert_eq!(tally["folders"][share.join("総務課/2026").to_str().unwrap()]["unlabelled"], 2);
}

#[test]
fn a_damaged_document_is_told_from_a_cover_that_lost_its_envelope() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    let away = agency.place("別");
    for kind in ["docx", "odt", "pdf"] {
        let whole = fs::read(sample(&away, kind)).unwrap();
        fs::write(share.join(format!("途中まで.{kind}")), &whole[..whole.len() * 2 / 3]).unwrap();
    }
    let path = sample(&away, "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    super::watch::without_envelope(&path, &share.join("表紙.docx"));
    let tally = scan(&sato, &share, &[]);
    assert_eq!(tally["states"]["unread"], 3, "{tally:#}");
    assert_eq!(tally["states"]["lost-envelope"], 1, "{tally:#}");
    // So says `show`, in words: what is damaged, and what is only a cover.
    let said = |name: &str| Said::from(sato.command().arg("show").arg(share.join(name)).output().unwrap());
    let damaged = said("途中まで.pdf").refused(20).err;
    assert!(damaged.contains("is damaged or was altered"), "{damaged}");
    let lost = said("表紙.docx").err;
    assert!(lost.contains("Only the cover is left"), "{lost}");
}

#[test]
fn links_pipes_and_what_is_to_be_ignored_are_left_alone() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    let outside = agency.place("外");
    text(&outside, "外.txt", b"outside");
    symlink(&outside, share.join("外へ")).unwrap();
    symlink(&share, share.join("輪")).unwrap();
    symlink(outside.join("外.txt"), share.join("外.txt")).unwrap();
    mknodat(CWD, share.join("管"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    fs::create_dir(share.join("作業")).unwrap();
    text(&share.join("作業"), "a.tmp", b"a");
    text(&share, "b.txt", b"b");
    text(&share, ".kakuzukeignore", "*.tmp\n".as_bytes());
    let tally = scan(&sato, &share, &[]);
    assert_eq!(tally["files"], 1, "{tally:#}");
    assert_eq!(scan(&sato, &share.join("b.txt"), &[])["files"], 1, "a file by itself");
}

#[test]
fn only_what_has_changed_is_read_again() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency, &sato);
    let results = agency.place("結果").join("結果.jsonl");
    let keep = ["--results", results.to_str().unwrap()];
    assert_eq!(scan(&sato, &share, &keep)["unchanged"], 0);
    let first = fs::read(&results).unwrap();
    let second = scan(&sato, &share, &keep);
    assert_eq!((&second["unchanged"], &second["files"]), (&8.into(), &8.into()));
    assert!(fs::read(&results).unwrap() == first, "the same share, the same results");
    let path = share.join("総務課/2026/未格付.txt");
    fs::write(&path, b"other").unwrap();
    text(&share, "新しい.txt", b"new");
    fs::remove_file(share.join("空.txt")).unwrap();
    let third = scan(&sato, &share, &keep);
    assert_eq!((&third["unchanged"], &third["files"]), (&6.into(), &8.into()));
    assert_eq!(scan(&sato, &share, &["--again", keep[0], keep[1]])["unchanged"], 0);
    // Other roots are another scan.
    assert_eq!(scan(&sato, &share.join("総務課"), &keep)["unchanged"], 0);
}

#[test]
fn a_scan_that_was_cut_off_goes_on() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency, &sato);
    let results = agency.place("結果").join("結果.jsonl");
    let keep = ["--results", results.to_str().unwrap()];
    scan(&sato, &share, &keep);
    // As kill -9 leaves it: no results, and a part of them that ends within a line.
    let whole = fs::read(&results).unwrap();
    let lines: Vec<usize> = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at).collect();
    fs::write(results.with_file_name("結果.jsonl.partial"), &whole[..lines[4] + 20]).unwrap();
    fs::remove_file(&results).unwrap();
    assert_eq!(scan(&sato, &share, &keep)["unchanged"], 4);
    assert_eq!(fs::read_dir(results.parent().unwrap()).unwrap().count(), 1, "nothing is left beside the results");
    // Nonsense in place of results is no harm.
    fs::write(&results, b"\xff\xfe nonsense\n{}\n").unwrap();
    assert_eq!(scan(&sato, &share, &keep)["unchanged"], 0);
}

#[test]
fn the_report_is_one_page_that_fetches_nothing_and_runs_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency, &sato);
    let (html, csv) = (agency.place("報告").join("報告.html"), agency.place("報告").join("一覧.csv"));
    let mut command = sato.command();
    command.arg("--lang").arg("ja").arg("scan").arg(&share);
    command.arg("--html").arg(&html).arg("--csv").arg(&csv);
    Said::from(command.output().unwrap()).good();
    let list = fs::read_to_string(&csv).unwrap();
    assert!(list.starts_with("\u{feff}\"ファイル\"") && list.lines().count() == 9, "{list}");
    let page = fs::read_to_string(&html).unwrap();
    assert!(!page.contains("<script>") && !page.contains("src=") && !page.contains("href="));
    if !have("chromium") {
        return;
    }
    // What a browser makes of it.
    let home = agency.place("chromium");
    let mut browser = Command::new("chromium");
    browser.env("HOME", &home).args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
    browser.arg(format!("--user-data-dir={}", home.display())).arg(format!("file://{}", html.display()));
    let output = browser.output().unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    assert!(dom.contains("格付の状況") && dom.contains("<svg") && dom.contains("機密性３ <b>2</b>"), "{dom}");
    assert!(dom.contains("&lt;script&gt;alert(1).txt") && !dom.contains("<script"));
}
