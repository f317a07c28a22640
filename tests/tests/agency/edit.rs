//! Editing: a working copy nobody else can enter, a version for each save, nothing left behind and nothing lost.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::{holds, sample, text};

/// A program people use: a script that gets the working copy as its argument.
fn program(folder: &Path, name: &str, body: &str) -> PathBuf {
    let path = text(folder, name, format!("#!/bin/sh\nset -e\n{body}\n").as_bytes());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn edit(officer: &Officer, path: &Path, program: &Path) -> Command {
    let mut command = officer.command();
    command.arg("edit").arg(path).args(["--purpose", "起案", "--"]).arg(program);
    command
}

/// A pipe by name, for the test and the program to wait for each other.
fn pipe(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// An edit whose program says that it runs, and goes on when it is told.
struct Waiting {
    child: Child,
    go: PathBuf,
    copy: PathBuf,
}

impl Waiting {
    fn start(officer: &Officer, folder: &Path, path: &Path, then: &str) -> Self {
        let (ready, go) = (pipe(folder, "ready"), pipe(folder, "go"));
        let body = format!("echo \"$1\" > '{}'\nread x < '{}'\n{then}", ready.display(), go.display());
        let program = program(folder, "waiting", &body);
        let mut command = edit(officer, path, &program);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut copy = String::new();
        BufReader::new(File::open(ready).unwrap()).read_line(&mut copy).unwrap();
        Self { child, go, copy: PathBuf::from(copy.trim_end()) }
    }

    fn go_on(&self) {
        File::options().write(true).open(&self.go).unwrap().write_all(b"x\n").unwrap();
    }

    fn finish(self) -> Said {
        self.child.wait_with_output().unwrap().into()
    }
}

struct Desk {
    agency: Agency,
    sato: Officer,
    place: PathBuf,
    path: PathBuf,
}

const SECRET: &[u8] = b"the first text, before anybody edits it";

fn desk() -> Desk {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let plain = text(&place, "案.txt", SECRET);
    sato.protect(&plain, "C2I2A1", &[]).good();
    let path = place.join("案.txt.kkz");
    Desk { agency, sato, place, path }
}

impl Desk {
    fn content(&self) -> Vec<u8> {
        let out = self.agency.place("開いたもの").join("content");
        let _earlier = fs::remove_file(&out);
        self.sato.open(&self.path, &out).good();
        fs::read(&out).unwrap()
    }

    fn nothing_is_left(&self, of: &[u8]) {
        assert_eq!(holds(&self.sato.profile, of), None, "a working copy was left");
        assert_eq!(holds(&self.place, of), None, "plaintext beside the document");
    }
}

#[test]
fn each_save_becomes_a_version_and_the_copy_is_private_and_gone_afterwards() {
    let d = desk();
    let lineage = d.sato.show(&d.path)["label"]["lineage"].clone();
    let modes = d.agency.place("o").join("modes");
    let body = format!(
        "stat -c %a \"$(dirname \"$1\")\" \"$(dirname \"$(dirname \"$1\")\")\" \"$1\" > '{}'\nprintf 'the second text' > \"$1\"",
        modes.display()
    );
    let said: Said =
        edit(&d.sato, &d.path, &program(&d.agency.place("programs"), "editor", &body)).output().unwrap().into();
    let said = said.good();
    assert!(said.err.contains("printing and copying are not enforced"), "{}", said.err);
    assert_eq!(fs::read_to_string(modes).unwrap(), "700\n700\n600\n");
    assert_eq!(d.content(), b"the second text");
    let shown = d.sato.show(&d.path);
    assert_eq!(shown["label"]["lineage"], lineage);
    assert_eq!(shown["label"]["grade"], "C2I2A1");
    d.nothing_is_left(b"the second text");
    d.nothing_is_left(SECRET);
}

#[test]
fn a_save_by_renaming_counts_and_one_without_a_change_makes_no_version() {
    let d = desk();
    let before = fs::read(&d.path).unwrap();
    edit(&d.sato, &d.path, &program(&d.agency.place("programs"), "reader", "cat \"$1\" > /dev/null")).output().unwrap();
    assert!(fs::read(&d.path).unwrap() == before);
    let editor =
        program(&d.agency.place("programs"), "editor", "printf 'renamed text' > \"$1.new\"\nmv \"$1.new\" \"$1\"");
    Said::from(edit(&d.sato, &d.path, &editor).output().unwrap()).good();
    assert_eq!(d.content(), b"renamed text");
    d.nothing_is_left(b"renamed text");
}

#[test]
fn after_a_crash_the_copy_is_removed_and_a_program_that_still_works_on_it_keeps_it() {
    let d = desk();
    let mut waiting = Waiting::start(&d.sato, &d.place, &d.path, "true");
    assert!(waiting.copy.is_file());
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    // The program is still there, with the copy as its argument.
    d.sato.labeler(["doctor"]);
    assert!(waiting.copy.is_file(), "taken away from under the program");
    waiting.go_on();
    wait_until_unused(&waiting.copy);
    d.sato.labeler(["doctor"]);
    assert!(!waiting.copy.exists(), "left after a crash");
    d.nothing_is_left(SECRET);
    assert_eq!(d.content(), SECRET);
}

#[test]
fn what_was_saved_after_a_crash_is_not_thrown_away() {
    let d = desk();
    let mut waiting = Waiting::start(&d.sato, &d.place, &d.path, "printf 'saved too late' > \"$1\"");
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    waiting.go_on();
    wait_until_unused(&waiting.copy);
    let said = d.sato.labeler(["doctor"]);
    assert_eq!(fs::read(&waiting.copy).unwrap(), b"saved too late");
    let folder = waiting.copy.parent().unwrap().parent().unwrap().to_string_lossy().into_owned();
    assert!(said.out.contains(&folder) || said.err.contains(&folder), "{} {}", said.out, said.err);
}

#[test]
fn another_s_version_is_never_overwritten() {
    let d = desk();
    let waiting = Waiting::start(&d.sato, &d.place, &d.path, "printf 'from the slow one' > \"$1\"");
    let fast = program(&d.agency.place("programs"), "fast", "printf 'from the fast one' > \"$1\"");
    Said::from(edit(&d.sato, &d.path, &fast).output().unwrap()).good();
    waiting.go_on();
    let copy = waiting.copy.clone();
    let said = waiting.finish().refused(exit::CONFLICT);
    assert_eq!(d.content(), b"from the fast one");
    assert_eq!(fs::read(copy).unwrap(), b"from the slow one", "{}", said.err);
}

#[test]
fn who_may_not_edit_gets_no_copy() {
    let d = desk();
    let suzuki = d.agency.officer("suzuki", "鈴木");
    let path = sample(&d.place, "docx");
    d.sato.protect(&path, "C2I1A1", &["書換禁止"]).good();
    let marker = d.place.join("started");
    let touch = program(&d.agency.place("programs"), "touch", &format!("touch '{}'", marker.display()));
    Said::from(edit(&suzuki, &path, &touch).output().unwrap()).refused(exit::DENIED);
    assert!(!marker.exists());
}

/// Waits for the program to end: its process holds the copy's name among its arguments.
fn wait_until_unused(copy: &Path) {
    let named = || {
        fs::read_dir("/proc").unwrap().flatten().any(|process| {
            let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
            let name = copy.as_os_str().as_encoded_bytes();
            line.windows(name.len()).any(|part| part == name)
        })
    };
    while named() {
        std::thread::yield_now();
    }
}
