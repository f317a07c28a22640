//! A share looked into: what the content asks for against what the label says, hostile files among others, names that attack the
//! report, kill -9 in the middle, and the report in a real browser.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kakuzuke_tests::agency::{Agency, Officer, Said};
use kakuzuke_tests::programs::{bin_dir, corpus, have, program, repository};
use notify::event::{AccessKind, EventKind};
use notify::{RecursiveMode, Watcher};
use serde_json::Value;
use tempfile::TempDir;

use super::{sample, text};

const LIST: &str = "氏名,個人番号\n佐藤　太郎,123456789018\n";

/// A command without a profile: a scan needs none.
fn labeler(home: &Path) -> Command {
    let mut command = program("labeler");
    command.env("KAKUZUKE_PROFILE", home.join("profile")).env("LC_ALL", "C.UTF-8").env_remove("LANG");
    command
}

fn scan(mut command: Command, share: &Path, rest: &[&str]) -> Value {
    command.arg("scan").arg(share).arg("--json").args(rest);
    Said::from(command.output().unwrap()).good().json()
}

fn named(tally: &Value, doubt: &str) -> Vec<String> {
    let named = tally["doubts"][doubt]["named"].as_array().cloned().unwrap_or_default();
    named.iter().map(|one| one["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
}

fn label(officer: &Officer, path: &Path, grade: &str) {
    officer.labeler(["label", path.to_str().unwrap(), "--grade", grade]).good();
}

#[test]
fn labels_are_held_against_the_content() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    label(&sato, &text(&share, "低い.csv", LIST.as_bytes()), "C1I1A1");
    label(&sato, &text(&share, "足りる.csv", LIST.as_bytes()), "C2I1A1");
    label(&sato, &text(&share, "【機密性２】違う.txt", "案内".as_bytes()), "C1I1A1");
    sato.protect(&text(&share, "【機密性１】封.csv", LIST.as_bytes()), "C2I1A1", &[]).good();
    text(&share, "名簿.csv", LIST.as_bytes());
    text(&share, "案内.txt", "会議の案内です。".as_bytes());
    text(&share, "対象外.txt", "【特定秘密】\n本文\n".as_bytes());
    let tally = scan(sato.command(), &share, &[]);
    assert_eq!(named(&tally, "too-low"), ["低い.csv"], "{tally:#}");
    assert_eq!(named(&tally, "exposed"), ["名簿.csv"]);
    assert_eq!(named(&tally, "out-of-scope"), ["対象外.txt"]);
    assert_eq!(named(&tally, "marking-differs"), ["【機密性２】違う.txt", "【機密性１】封.csv.kkz"]);
    assert_eq!(tally["doubts"]["unlabelled"]["files"], 3);
    let first = &tally["doubts"]["exposed"]["named"][0];
    assert_eq!((&first["suggested"], &first["found"][0][1]), (&"C2I1A1".into(), &1.into()), "{first:#}");
    // What it found stays where it is.
    assert!(!tally.to_string().contains("123456789018") && !tally.to_string().contains("太郎"));
    // Labels only: the content is not read, and what rests on it is not said.
    let tally = scan(sato.command(), &share, &["--labels-only"]);
    assert_eq!((tally["doubts"].get("too-low"), tally["doubts"].get("exposed")), (None, None), "{tally:#}");
    assert_eq!((&tally["doubts"]["unlabelled"]["files"], &tally["is-judged"]), (&3.into(), &false.into()));
}

#[test]
fn a_label_put_beside_a_file_is_seen_the_next_time() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("共有");
    let path = text(&share, "a.csv", LIST.as_bytes());
    assert_eq!(scan(sato.command(), &share, &[])["states"]["unlabelled"], 1);
    label(&sato, &path, "C2I1A1");
    let tally = scan(sato.command(), &share, &[]);
    assert_eq!((&tally["states"]["labelled"], &tally["unchanged"]), (&1.into(), &0.into()), "{tally:#}");
    assert!(share.join("a.csv.kkzsig").exists() && named(&tally, "changed-since").is_empty());
    // Written to since, and written to with the same: only the first is told.
    text(&share, "a.csv", format!("{LIST}追記").as_bytes());
    assert_eq!(named(&scan(sato.command(), &share, &[]), "changed-since"), ["a.csv"]);
    text(&share, "a.csv", LIST.as_bytes());
    assert!(named(&scan(sato.command(), &share, &[]), "changed-since").is_empty());
}

#[test]
fn folders_that_are_declared_count_by_themselves() {
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("共有");
    fs::create_dir_all(share.join("規程/中")).unwrap();
    text(&share.join("規程/中"), "案内.txt", "会議の案内".as_bytes());
    text(&share.join("規程"), "名簿.csv", LIST.as_bytes());
    text(&share, "外.txt", "会議の案内".as_bytes());
    let rules = |grade: &str| {
        let text = format!("[[folder]]\npath = \"規程\"\ngrade = \"{grade}\"\nmode = \"declare\"\n");
        fs::write(home.path().join("rules.toml"), text).unwrap();
        home.path().join("rules.toml").to_str().unwrap().to_owned()
    };
    let tally = scan(labeler(home.path()), &share, &["--rules", &rules("C1I1A1")]);
    assert_eq!((&tally["states"]["declared"], &tally["states"]["unlabelled"]), (&2.into(), &1.into()), "{tally:#}");
    assert_eq!(
        (named(&tally, "unlabelled"), named(&tally, "too-low")),
        (vec!["外.txt".to_owned()], vec!["名簿.csv".to_owned()])
    );
    // Another rule, the same files: nothing is read again, everything judged anew.
    let tally = scan(labeler(home.path()), &share, &["--rules", &rules("C2I1A1")]);
    assert_eq!((&tally["unchanged"], named(&tally, "too-low").len()), (&3.into(), 0), "{tally:#}");
    let tally = scan(labeler(home.path()), &share, &[]);
    assert_eq!((&tally["states"]["unlabelled"], named(&tally, "exposed")), (&3.into(), vec!["名簿.csv".to_owned()]));
}

#[test]
fn a_hostile_file_is_a_result_and_the_rest_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("共有");
    fs::create_dir(&share).unwrap();
    bomb(&share.join("爆弾.zip"), 64 << 20);
    bomb(&share.join("爆弾.docx"), 64 << 20);
    nested(&share.join("入れ子.zip"), 40);
    text(&share, "笑い.xml", laughs().as_bytes());
    text(&share, "輪.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 9>>endobj\ntrailer<</Root 1 0 R/Size 3/Prev 0>>startxref\n0\n%%EOF");
    text(&share, "偽物.docx", b"MZ\x90\0\x03 not a document");
    text(&share, "長い.json", format!("{{\"a\":\"{}\"}}", "あ".repeat(3_000_000)).as_bytes());
    text(&share, "切れた.xlsx", b"PK\x03\x04\x14\0\0\0\x08\0");
    let locked = text(&share, "鍵.txt", b"secret");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    text(&share, "名簿.csv", LIST.as_bytes());
    // In a few hundred megabytes, whatever the files say of themselves.
    let script = "ulimit -v 4000000; exec \"$0\" scan \"$1\" --json --jobs 2";
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(bin_dir().join("labeler")).arg(&share);
    command.env("KAKUZUKE_PROFILE", home.path().join("profile"));
    let tally = Said::from(command.output().unwrap()).good().json();
    assert_eq!(tally["files"], 10, "{tally:#}");
    assert_eq!(named(&tally, "exposed"), ["名簿.csv"]);
    assert!(tally["unjudged"].as_u64().unwrap() >= 5, "{tally:#}");
    let results = fs::read_to_string(tally["results"].as_str().unwrap()).unwrap();
    let line = |name: &str| {
        let line = results.lines().find(|line| line.contains(&format!("/{name}\""))).unwrap();
        serde_json::from_str::<Value>(line).unwrap()
    };
    for name in ["爆弾.zip", "入れ子.zip", "切れた.xlsx", "偽物.docx"] {
        let seen = line(name);
        assert!(seen["why"]["ja"].as_str().is_some_and(|why| !why.is_empty()), "{seen:#}");
    }
    if rustix::process::geteuid().is_root() {
        return;
    }
    assert_eq!((&line("鍵.txt")["state"], named(&tally, "unread")), (&"unread".into(), vec!["鍵.txt".to_owned()]));
}

/// An archive with an entry of so many zeros, as a document has it.
fn bomb(path: &Path, zeros: usize) {
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    archive.start_file("[Content_Types].xml", options).unwrap();
    archive.write_all(types.as_bytes()).unwrap();
    archive.start_file("word/document.xml", options).unwrap();
    let piece = vec![0; 1 << 20];
    (0..zeros >> 20).for_each(|_| archive.write_all(&piece).unwrap());
    archive.finish().unwrap();
}

fn nested(path: &Path, depth: usize) {
    let mut inner = b"text".to_vec();
    for level in 0..depth {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(format!("{level}.zip"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&inner).unwrap();
        inner = archive.finish().unwrap().into_inner();
    }
    fs::write(path, inner).unwrap();
}

fn laughs() -> String {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a0 \"笑\">".to_owned();
    for n in 1..12 {
        text += &format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    }
    text + "]><a>&a11;</a>"
}

#[test]
fn a_file_that_takes_too_long_is_judged_by_what_was_read() {
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("共有");
    fs::create_dir(&share).unwrap();
    text(&share, "名簿.csv", LIST.as_bytes());
    let tally = scan(labeler(home.path()), &share, &["--patience", "0"]);
    assert_eq!((&tally["files"], &tally["unjudged"]), (&1.into(), &1.into()), "{tally:#}");
    let why = &tally["doubts"]["unlabelled"]["named"][0]["why"]["en"];
    assert!(why.as_str().is_some_and(|why| why.contains("too long")), "{why}");
}

/// Many documents, without as many bytes: second names of one.
fn many(share: &Path, count: usize) {
    let first = sample(share, "docx");
    for number in 1..count {
        let folder = share.join(format!("{:03}", number / 100));
        fs::create_dir_all(&folder).unwrap();
        fs::hard_link(&first, folder.join(format!("{number}.docx"))).unwrap();
    }
}

#[test]
fn a_scan_that_is_killed_goes_on_where_it_was() {
    let home = tempfile::tempdir().unwrap();
    let (share, results) = (home.path().join("共有"), home.path().join("結果.jsonl"));
    fs::create_dir(&share).unwrap();
    many(&share, 3_000);
    let mut command = labeler(home.path());
    command.arg("scan").arg(&share).arg("--results").arg(&results).args(["--jobs", "1"]);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let partial = home.path().join("結果.jsonl.partial");
    while partial.metadata().map_or(0, |found| found.len()) < 100_000 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!results.exists(), "what is not whole is not there");
    let keep = ["--results", results.to_str().unwrap()];
    let tally = scan(labeler(home.path()), &share, &keep);
    let unchanged = tally["unchanged"].as_u64().unwrap();
    assert!((100..3_000).contains(&unchanged) && tally["files"] == 3_000, "{unchanged}");
    assert_eq!(scan(labeler(home.path()), &share, &keep)["unchanged"], 3_000);
}

#[test]
fn what_has_not_changed_is_not_even_opened() {
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("共有");
    fs::create_dir(&share).unwrap();
    let paths: Vec<PathBuf> = (0..20).map(|n| text(&share, &format!("{n}.txt"), b"text")).collect();
    scan(labeler(home.path()), &share, &[]);
    fs::write(&paths[7], b"changed").unwrap();
    let (sender, events) = std::sync::mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender).unwrap();
    watcher.watch(&share, RecursiveMode::NonRecursive).unwrap();
    scan(labeler(home.path()), &share, &[]);
    // The last thing that is told.
    let end = text(&share, "終わり", b"");
    let mut opened: Vec<PathBuf> = Vec::new();
    for event in events {
        let event = event.unwrap();
        if event.paths.contains(&end) {
            break;
        }
        if matches!(event.kind, EventKind::Access(AccessKind::Open(_))) {
            opened.extend(event.paths.into_iter().filter(|path| path.is_file()));
        }
    }
    opened.dedup();
    assert_eq!(opened, [paths[7].clone()]);
}

#[test]
fn the_corpus_is_gone_through_in_bounded_memory() {
    let Some(corpus) = corpus() else { return };
    let home = tempfile::tempdir().unwrap();
    let script = "ulimit -v 4000000; exec \"$0\" scan \"$1\" --json --jobs 2";
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(bin_dir().join("labeler")).arg(&corpus);
    command.env("KAKUZUKE_PROFILE", home.path().join("profile"));
    let tally = Said::from(command.output().unwrap()).good().json();
    let results = fs::read_to_string(tally["results"].as_str().unwrap()).unwrap();
    assert_eq!(results.lines().count() as u64, tally["files"].as_u64().unwrap() + 2, "each has its line");
    assert!(!results.contains("\"why\":{\"ja\":\"内部"), "no fault of ours: {results}");
    eprintln!(
        "{} files, {} could not be judged whole, {} not read",
        tally["files"], tally["unjudged"], tally["states"]["unread"]
    );
}

/// A share whose names attack whoever shows them.
fn hostile_names(share: &Path) {
    fs::create_dir_all(share).unwrap();
    for name in [
        "</script><script>alert(1)",
        "\"><img src=x onerror=alert(1)>.csv",
        "=cmd|'!A1.csv",
        "a\u{202e}fdp.csv",
        "改\n行.csv",
    ] {
        let name = name.replace('/', "\u{2215}");
        fs::write(share.join(name), LIST).unwrap();
    }
    fs::write(share.join(OsStr::from_bytes(b"\x8a\x69\x95\x74.csv")), LIST).unwrap();
    // A path longer than the system takes at once.
    let mut folder = share.to_owned();
    let long = "長い名前の".repeat(16);
    for _ in 0..12 {
        folder = folder.join(&long);
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("深い.csv"), LIST).unwrap();
}

fn chromium(home: &TempDir, rest: &[&str], page: &Path) -> (String, String) {
    let mut browser = Command::new("chromium");
    let data = home.path().join("chromium");
    browser.env("HOME", home.path()).args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]);
    browser.args([
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--hide-scrollbars",
    ]);
    browser.arg(format!("--user-data-dir={}", data.display())).args(rest).arg(format!("file://{}", page.display()));
    let output = browser.output().unwrap();
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_report_is_read_by_a_browser_without_a_word_of_complaint() {
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("共有");
    hostile_names(&share);
    let (html, csv) = (home.path().join("報告.html"), home.path().join("一覧.csv"));
    let mut command = labeler(home.path());
    command.args(["--lang", "ja", "scan"]).arg(&share).arg("--html").arg(&html).arg("--csv").arg(&csv);
    Said::from(command.output().unwrap()).good();
    let list = fs::read_to_string(&csv).unwrap();
    assert_eq!(list.lines().count(), 8, "a name with a line break is one line: {list}");
    assert!(!list.contains("\"=") && !list.contains('\u{202e}'), "{list}");
    let page = fs::read_to_string(&html).unwrap();
    for forbidden in ["<script", "<img", "<link", "href=", "src=\"", "@import", "url(", "\u{202e}", "style=\""] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src 'none'") && !page.contains('\0'));
    if !have("chromium") {
        return;
    }
    let (dom, errors) = chromium(&home, &["--dump-dom"], &html);
    assert!(!errors.contains("CONSOLE"), "what it would fetch or run is told on the console: {errors}");
    for there in [
        "格付の状況",
        "まずすること",
        "未格付の要機密情報 <b>7</b>",
        "フォルダ別",
        "更新からの年数別",
        "role=\"rowheader\"",
        "<caption>",
    ] {
        assert!(dom.contains(there), "{there}: {dom}");
    }
    assert!(dom.contains("&lt;img src=x onerror=alert(1)&gt;") && !dom.contains("<img"));
    assert_eq!((dom.matches("<h1").count(), dom.matches("<svg").count() > 4), (1, true));
    // As wide as a telephone, nothing sticks out to the right; printed, it is a few pages.
    let pdf = home.path().join("報告.pdf");
    let print = format!("--print-to-pdf={}", pdf.display());
    let (_, errors) = chromium(&home, &[&print, "--no-pdf-header-footer"], &html);
    assert!(!errors.contains("CONSOLE"), "{errors}");
    if have("pdfinfo") {
        let said = Command::new("pdfinfo").arg(&pdf).output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let pages = said.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse::<u32>().unwrap();
        assert!((1..=4).contains(&pages), "{said}");
    }
}

#[test]
fn the_report_speaks_english_too() {
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("share");
    fs::create_dir(&share).unwrap();
    fs::copy(repository().join("README.md"), share.join("README.md")).unwrap();
    let html = home.path().join("report.html");
    let mut command = labeler(home.path());
    command.args(["--lang", "en", "scan"]).arg(&share).arg("--html").arg(&html);
    Said::from(command.output().unwrap()).good();
    let page = fs::read_to_string(&html).unwrap();
    assert!(page.contains("lang=\"en\"") && page.contains("State of grading"));
    let rest: String = page.chars().filter(|c| matches!(c, '\u{3041}'..='\u{30fa}')).collect();
    assert_eq!(rest, "", "no word of Japanese is left");
}

#[test]
fn a_label_of_another_scheme_is_told_and_held_against_the_mapping() {
    const GUID: &str = "2e8f6f9d-1111-2222-3333-444455556666";
    let home = tempfile::tempdir().unwrap();
    let share = home.path().join("共有");
    fs::create_dir(&share).unwrap();
    let mail = format!(
        "From: a@city.example\r\nTo: b@city.example\r\nSubject: hello\r\nmsip_labels: MSIP_Label_{GUID}_Enabled=true; \
         MSIP_Label_{GUID}_Name=Confidential\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"
    );
    text(&share, "外部.eml", mail.as_bytes());
    let tally = scan(labeler(home.path()), &share, &[]);
    assert_eq!(
        (named(&tally, "foreign"), named(&tally, "exposed")),
        (vec!["外部.eml".to_owned()], vec![]),
        "{tally:#}"
    );
    // Once it is said what it stands for, the same file is seen with other eyes.
    let row = format!("version = 1\n[[label]]\nscheme = \"msip\"\nid = \"{GUID}\"\ngrade = \"機密性３情報\"\n");
    let mapping = text(home.path(), "mapping.toml", row.as_bytes());
    let tally = scan(labeler(home.path()), &share, &["--mapping", mapping.to_str().unwrap()]);
    assert_eq!((&tally["unchanged"], named(&tally, "exposed")), (&0.into(), vec!["外部.eml".to_owned()]), "{tally:#}");
    assert_eq!(tally["doubts"]["exposed"]["named"][0]["suggested"], "C3I1A1");
}
