//! Decisions in one table on a terminal: sure ones with one key, others one by one, nothing by itself.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use kakuzuke_tests::agency::{Agency, Officer, exit};
use kakuzuke_tests::terminal::Terminal;
use serde_json::Value;

use super::{names, text};

const UP: &str = "\u{1b}[A";

fn on_terminal(officer: &Officer, args: &[&str], folder: &Path) -> Terminal {
    let mut command = officer.command();
    command.args(["--lang", "en"]).args(args).arg(folder);
    Terminal::start(command)
}

fn share(agency: &Agency) -> std::path::PathBuf {
    let share = agency.place("共有");
    text(&share, "【機密性２】計画.txt", "本文です。".as_bytes());
    text(&share, "名簿.csv", "氏名,個人番号\n佐藤　太郎,123456789018\n".as_bytes());
    text(&share, "案内.txt", "会議の案内です。\n".as_bytes());
    share
}

#[test]
fn one_key_takes_all_that_is_sure() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency);
    let mut terminal = on_terminal(&sato, &["confirm", "--unlabelled", "--label-only"], &share);
    terminal.wait_for("Suggested labels: 3, taken 0").press("a").wait_for("taken 2").press("\r").wait_for("Label 2");
    terminal.press("y");
    let (code, said) = terminal.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(sato.show(&share.join("名簿.csv"))["label"]["grade"], "C2I1A1");
    assert!(!share.join("案内.txt.kkzsig").exists(), "what is only the default was not taken");
    // The same again asks about the one that is left.
    let mut terminal = on_terminal(&sato, &["confirm", "--unlabelled"], &share);
    terminal.wait_for("Suggested labels: 1").press("q");
    assert_eq!(terminal.end().0, exit::USAGE);
}

#[test]
fn a_row_is_taken_left_out_or_written_anew_and_leaving_changes_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency);
    let before = names(&share);
    for leave in ["q", "\u{1b}", "\u{3}", "a\rn q"] {
        let mut terminal = on_terminal(&sato, &["confirm", "--unlabelled"], &share);
        terminal.wait_for("ENTER").press(leave);
        assert_eq!(terminal.end().0, exit::USAGE, "{leave:?}");
        assert_eq!(names(&share), before, "{leave:?}");
    }
    let mut terminal = on_terminal(&sato, &["confirm", "--unlabelled", "--label-only"], &share);
    // The last row, a default, is written anew: its text is taken out by Ctrl-U first.
    terminal.wait_for("taken 0").press("G").wait_for("meant for the public").press("e").wait_for("type grade");
    terminal.press("\u{15}C1I1A1 複製禁止\r").wait_for("taken 1");
    terminal.press(&format!("{UP}x")).wait_for("declined 1").press("\r").wait_for("Label 1").press("y");
    let (code, said) = terminal.end();
    assert_eq!(code, 0, "{said}");
    let shown = sato.show(&share.join("案内.txt"));
    assert_eq!((&shown["label"]["grade"], &shown["label"]["restrictions"][0]), (&"C1I1A1".into(), &"複製禁止".into()));
    assert_eq!(names(&share).len(), 4);
}

#[test]
fn protecting_without_a_grade_asks_in_the_same_table() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = share(&agency);
    let mut terminal = on_terminal(&sato, &["protect", "--restrict", "転送禁止"], &share);
    terminal.wait_for("Suggested labels: 3").press("d").wait_for("taken").press("a").wait_for("taken 3").press("\ry");
    let (code, said) = terminal.end();
    assert_eq!(code, 0, "{said}");
    assert!(names(&share).iter().all(|name| name.ends_with(".kkz")), "{:?}", names(&share));
    let shown = sato.show(&share.join("案内.txt.kkz"));
    assert!(shown["label"]["restrictions"].as_array().unwrap().contains(&"転送禁止".into()), "{shown:#}");
    // Without a terminal nothing is asked and nothing done.
    sato.labeler(["confirm", share.to_str().unwrap()]).refused(exit::USAGE);
}

#[test]
fn what_is_saved_in_a_folder_to_be_decided_waits_once_for_all_watchers() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let share = agency.place("共有");
    let rules = text(&agency.place("規程"), "rules.toml", b"[[folder]]\ngrade = \"suggest\"\n");
    let watch = |officer: &Officer| {
        let mut command = officer.command();
        command.arg("--json").arg("watch").arg(&share).arg("--rules").arg(&rules).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        (child, out)
    };
    let next = |out: &mut BufReader<std::process::ChildStdout>| -> Value {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    };
    let (mut first, mut out) = watch(&sato);
    assert_eq!(next(&mut out)["event"], "watching");
    text(&share, "【機密性２】計画.txt", "本文です。".as_bytes());
    let event = next(&mut out);
    assert_eq!((&event["event"], &event["suggested"]["grade"]), (&"waits".into(), &"C2I1A1".into()), "{event}");
    first.kill().and_then(|()| first.wait()).unwrap();
    // Another watcher finds it in the list, tells only of what is new, and a save renews the entry.
    let (mut second, mut out) = watch(&suzuki);
    assert_eq!(next(&mut out)["event"], "watching");
    text(&share, "案内.txt", "会議の案内です。\n".as_bytes());
    let event = next(&mut out);
    assert!(event["suggested"]["path"].as_str().unwrap().ends_with("案内.txt"), "{event}");
    second.kill().and_then(|()| second.wait()).unwrap();
    assert_eq!(fs::read_dir(share.join(".kakuzuke")).unwrap().count(), 2);
    assert!(names(&share).iter().all(|name| !name.ends_with(".kkzsig")), "nothing is decided by itself");
    let mut terminal = on_terminal(&sato, &["confirm", "--label-only"], &share);
    terminal.wait_for("Suggested labels: 2").press("a").wait_for("taken 1").press("\ry");
    let (code, said) = terminal.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(fs::read_dir(share.join(".kakuzuke")).unwrap().count(), 1, "what is decided waits no more");
    assert_eq!(sato.show(&share.join("【機密性２】計画.txt"))["label"]["grade"], "C2I1A1");
}
