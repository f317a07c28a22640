//! A folder that is watched: what is saved there is labelled or protected by the folder's rule, once, and not while somebody is at it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use kakuzuke_tests::agency::{Agency, Officer, exit};
use serde_json::Value;

use super::{names, sample, text};

const RULES: &str = "
[[folder]]
grade = \"C2I1A1\"
restrict = [\"複製禁止\"]
mode = \"label\"

[[folder]]
path = \"機密\"
grade = \"C3I1A1\"
mode = \"protect\"
";

/// A watcher, as its own process.
pub struct Watcher {
    pub child: Child,
    out: BufReader<ChildStdout>,
}

impl Watcher {
    pub fn start(officer: &Officer, share: &Path, rules: &Path) -> Self {
        Self::start_with(officer.command(), share, rules, &[])
    }

    pub fn start_with(mut command: Command, share: &Path, rules: &Path, rest: &[&str]) -> Self {
        command.arg("--json").arg("watch").arg(share).arg("--rules").arg(rules).args(rest).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut watcher = Self { child, out };
        assert_eq!(watcher.next()["event"], "watching");
        watcher
    }

    pub fn told(&mut self, event: &str) -> Value {
        let told = self.next();
        assert_eq!(told["event"], event, "{told}");
        told
    }

    /// What it tells next; waits for it.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// The file that was done next, by name.
    pub fn done(&mut self) -> String {
        let event = self.next();
        assert_eq!(event["event"], "done", "{event}");
        PathBuf::from(event["protected"]["path"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned()
    }
}

impl Watcher {
    pub fn end(mut self) {
        self.child.kill().and_then(|()| self.child.wait()).map(drop).unwrap();
    }
}

pub fn place(agency: &Agency) -> (PathBuf, PathBuf) {
    let share = agency.place("共有");
    fs::create_dir_all(share.join("機密")).unwrap();
    (share, text(&agency.place("規程"), "rules.toml", RULES.as_bytes()))
}

#[test]
fn what_is_saved_is_labelled_or_protected_by_the_folder_s_rule() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let there = sample(&share, "docx");
    let mut watcher = Watcher::start(&sato, &share, &rules);
    assert_eq!(watcher.done(), there.file_name().unwrap().to_str().unwrap());
    let shown = sato.show(&there);
    assert_eq!((&shown["form"], &shown["label"]["grade"]), (&"native-label".into(), &"C2I1A1".into()));
    assert_eq!(shown["label"]["restrictions"][0], "複製禁止");
    // Later, in another folder, and in one that was not there.
    let secret = sample(&share.join("機密"), "xlsx");
    watcher.done();
    let shown = sato.show(&secret);
    assert_eq!((&shown["form"], &shown["label"]["grade"]), (&"carrier".into(), &"C3I1A1".into()));
    fs::create_dir_all(share.join("新しい/中")).unwrap();
    let deep = text(&share.join("新しい/中"), "a.txt", b"text");
    assert_eq!(watcher.done(), "a.txt");
    assert_eq!(fs::read(&deep).unwrap(), b"text", "in clear, signed beside");
    assert_eq!(names(deep.parent().unwrap()), ["a.txt", "a.txt.kkzsig"]);
    assert_eq!(sato.show(&deep)["label"]["grade"], "C2I1A1");
    watcher.end();
}

#[test]
fn a_document_that_is_open_waits_and_a_cover_without_its_envelope_is_told() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    let lock = text(&share, ".~lock.開いている.txt#", b"sato");
    text(&share, "開いている.txt", b"not yet");
    text(&share, "閉じた.txt", b"done");
    assert_eq!(watcher.done(), "閉じた.txt");
    assert!(!share.join("開いている.txt.kkzsig").exists());
    fs::remove_file(lock).unwrap();
    assert_eq!(watcher.done(), "開いている.txt");
    let path = sample(&agency.place("別"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let cover = share.join("表紙.docx");
    without_envelope(&path, &cover);
    let event = watcher.next();
    assert_eq!(event["event"], "lost-envelope", "{event}");
    watcher.end();
}

#[test]
fn a_label_that_is_nobody_s_word_is_told_and_does_not_pass_for_one() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let page =
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>案内</title></head><body>本文</body></html>\n";
    let page = text(&agency.place("別"), "案内.html", page.as_bytes());
    sato.labeler(["label", page.to_str().unwrap(), "--grade", "C1I1A1"]).good();
    let written = fs::read_to_string(&page).unwrap();
    let at = written.find("kakuzuke.label\" content=\"").unwrap() + 400;
    let other = if written.as_bytes()[at] == b'A' { "B" } else { "A" };
    let mut watcher = Watcher::start(&sato, &share, &rules);
    fs::write(share.join("機密/案内.html"), format!("{}{other}{}", &written[..at], &written[at + 1..])).unwrap();
    let event = watcher.next();
    assert_eq!(event["event"], "failed", "{event}");
    watcher.end();
}

/// The cover as a program saves it that drops what it does not know.
pub fn without_envelope(protected: &Path, cover: &Path) {
    let mut from = zip::ZipArchive::new(fs::File::open(protected).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(fs::File::create(cover).unwrap());
    for at in 0..from.len() {
        let part = from.by_index_raw(at).unwrap();
        if !part.name().unwrap().contains("embeddings/") {
            to.raw_copy_file(part).unwrap();
        }
    }
    to.finish().unwrap();
}

#[test]
fn two_watchers_on_one_share_do_the_work_once() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let (share, rules) = place(&agency);
    let watchers = [Watcher::start(&sato, &share, &rules), Watcher::start(&suzuki, &share, &rules)];
    for n in 0..20 {
        text(&share.join("機密"), &format!("{n}.bin"), format!("text {n}").as_bytes());
    }
    let (sender, events) = std::sync::mpsc::channel();
    let mut children: Vec<Child> = Vec::new();
    for Watcher { child, mut out } in watchers {
        children.push(child);
        let sender = sender.clone();
        std::thread::spawn(move || {
            let mut line = String::new();
            while out.read_line(&mut line).is_ok_and(|read| read > 0) {
                let event: Value = serde_json::from_str(&line).unwrap();
                line.clear();
                if sender.send(event).is_err() {
                    break;
                }
            }
        });
    }
    let mut done: Vec<String> = Vec::new();
    while done.len() < 20 {
        let event = events.recv().unwrap();
        assert_eq!(event["event"], "done", "{event}");
        done.push(event["protected"]["original"].as_str().unwrap().to_owned());
    }
    children.iter_mut().for_each(|child| child.kill().and_then(|()| child.wait()).map(drop).unwrap());
    done.sort();
    done.dedup();
    assert_eq!(done.len(), 20, "each once");
    assert_eq!(names(&share.join("機密")).len(), 20);
    let all = sato.labeler(["documents", "--json"]).good().out;
    assert_eq!(all.matches("\"document\"").count(), 20, "registered once: {all}");
}

#[test]
fn what_only_labels_leaves_the_document_as_it_was_and_refuses_a_secret() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let share = agency.place("文書");
    let path = sample(&share, "odt");
    sato.labeler(["label", path.to_str().unwrap(), "--grade", "C2I1A1"]).good();
    assert_eq!(sato.show(&path)["form"], "native-label");
    sato.labeler(["verify", path.to_str().unwrap()]).good();
    let before = fs::read(&path).unwrap();
    sato.labeler(["label", path.to_str().unwrap(), "--grade", "C3I1A1"]).refused(exit::UNSUPPORTED);
    assert!(fs::read(&path).unwrap() == before);
    // Somebody else does not lower it, on whatever way.
    let suzuki = agency.officer("suzuki", "鈴木");
    for command in ["label", "protect"] {
        suzuki.labeler([command, path.to_str().unwrap(), "--grade", "C1I1A1"]).refused(exit::DENIED);
    }
    assert!(fs::read(&path).unwrap() == before);
    // What leaves is protected as its grade asks.
    sato.protect(&path, "C2I1A1", &[]).good();
    assert_eq!(sato.show(&path)["form"], "carrier");
}
