//! 編集: a program on a working copy. Each save comes back protected, nothing stays in clear, nothing saved is lost.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};
use kakuzuke_tests::programs::have;

use super::{holds, names, sample, text};

/// What the shell of the program does with each line it is sent; `$copy` is the working copy. It answers each line, and
/// its end is the end of what it answers.
const PROGRAM: &str = r#"#!/bin/sh
copy="$1"
exec 3< "$PIPES/orders" 4> "$PIPES/answers"
echo "$copy" >&4
while read -r order <&3; do eval "$order"; echo done >&4; done
"#;

/// `labeler edit` with a program that does what it is told.
struct Edit {
    labeler: Child,
    said: BufReader<ChildStderr>,
    orders: Option<File>,
    answers: BufReader<File>,
    copy: PathBuf,
}

impl Edit {
    fn start(agency: &Agency, officer: &Officer, path: &Path) -> Self {
        let pipes = agency.place(&format!("pipes-{}", path.file_name().unwrap().to_string_lossy()));
        let program = text(&pipes, "program.sh", PROGRAM.as_bytes());
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        for pipe in ["orders", "answers"] {
            let _of_an_earlier_edit = fs::remove_file(pipes.join(pipe));
            assert!(Command::new("mkfifo").arg(pipes.join(pipe)).status().unwrap().success());
        }
        let mut command = officer.command();
        command.arg("edit").arg(path).env("KAKUZUKE_EDITOR", &program).env("PIPES", &pipes);
        let mut labeler = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(labeler.stderr.take().unwrap());
        wait_for(&mut said, "Working copy");
        let orders = OpenOptions::new().write(true).open(pipes.join("orders")).unwrap();
        let mut answers = BufReader::new(File::open(pipes.join("answers")).unwrap());
        let mut copy = String::new();
        answers.read_line(&mut copy).unwrap();
        Self { labeler, said, orders: Some(orders), answers, copy: PathBuf::from(copy.trim_end()) }
    }

    /// Has the program do something, and waits until it is done.
    fn order(&mut self, order: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        let mut done = String::new();
        self.answers.read_line(&mut done).unwrap();
        assert_eq!(done, "done\n", "{order}");
    }

    fn wait_for(&mut self, what: &str) -> String {
        wait_for(&mut self.said, what)
    }

    /// The program ends.
    fn end_program(&mut self) {
        self.orders = None;
        let mut rest = String::new();
        while self.answers.read_line(&mut rest).unwrap() > 0 {}
    }

    fn close(mut self) -> Said {
        self.end_program();
        let mut err = String::new();
        std::io::Read::read_to_string(&mut self.said, &mut err).unwrap();
        let said = Said::from(self.labeler.wait_with_output().unwrap());
        Said { err, ..said }
    }

    /// kill -9 of labeler; the program goes on.
    fn kill(&mut self) {
        self.labeler.kill().unwrap();
        self.labeler.wait().unwrap();
    }
}

fn wait_for(said: &mut BufReader<ChildStderr>, what: &str) -> String {
    let mut all = String::new();
    while said.read_line(&mut all).unwrap() > 0 {
        if all.contains(what) {
            return all;
        }
    }
    panic!("labeler ended without saying {what:?}: {all}");
}

fn content(officer: &Officer, path: &Path) -> Vec<u8> {
    let said = officer.command().args(["open", "-o", "-"]).arg(path).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    said.stdout
}

struct Office {
    agency: Agency,
    sato: Officer,
    place: PathBuf,
    path: PathBuf,
}

const FIRST: &[u8] = "最初の内容です。".as_bytes();

/// A protected text of Sato's.
fn office() -> Office {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = text(&place, "案.txt", FIRST);
    sato.protect(&path, "C2I1A1", &["複製禁止"]).good();
    let path = place.join("案.txt.kkz");
    Office { agency, sato, place, path }
}

fn nothing_in_clear(office: &Office, needle: &str) {
    assert_eq!(holds(&office.sato.profile, needle.as_bytes()), None, "in the profile");
    assert_eq!(holds(&office.place, needle.as_bytes()), None, "beside the document");
    assert_eq!(names(&office.sato.profile.join("work")), Vec::<String>::new(), "no working copy is left");
}

#[test]
fn every_save_is_protected_and_the_copy_is_private_and_gone_afterwards() {
    let office = office();
    let before = office.sato.show(&office.path);
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    assert_eq!(fs::read(&edit.copy).unwrap(), FIRST, "the copy is the document");
    assert_eq!(edit.copy.file_name().unwrap(), "案.txt", "under its own name, so that the right program opens it");
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&edit.copy), 0o600);
    for folder in edit.copy.ancestors().skip(1).take_while(|folder| folder.starts_with(&office.sato.profile)) {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    // In place, as simple editors write.
    edit.order("printf 第二 > \"$copy\"");
    edit.wait_for("Saved and protected");
    assert_eq!(content(&office.sato, &office.path), "第二".as_bytes());
    // Another file put under the name, as office suites do; with the lock they lay beside it.
    edit.order("echo x > \"${copy%/*}/.~lock.案.txt#\"; printf 第三 > \"$copy.tmp\"; mv \"$copy.tmp\" \"$copy\"");
    edit.wait_for("Saved and protected");
    assert_eq!(content(&office.sato, &office.path), "第三".as_bytes());
    // Saved at the very end, with no time to be seen.
    edit.order("printf 第四の内容 > \"$copy\"; rm \"${copy%/*}/.~lock.案.txt#\"");
    let said = edit.close().good();
    assert!(said.err.contains("The working copy is gone"), "{}", said.err);
    assert_eq!(content(&office.sato, &office.path), "第四の内容".as_bytes());
    nothing_in_clear(&office, "第四の内容");
    assert_eq!(names(&office.place), ["案.txt.kkz"]);
    let after = office.sato.show(&office.path);
    assert_eq!(after["label"]["lineage"], before["label"]["lineage"], "the same line");
    assert_eq!(after["label"]["restrictions"], before["label"]["restrictions"], "the same label");
    assert_ne!(after["label"]["document"], before["label"]["document"], "a version of its own");
    office.sato.labeler(["verify", office.path.to_str().unwrap()]).good();
}

#[test]
fn it_says_that_print_and_copy_are_not_enforced() {
    let office = office();
    let mut command = office.sato.command();
    command.arg("edit").arg(&office.path).args(["--", "true"]);
    let said: Said = command.output().unwrap().into();
    let said = said.good();
    assert!(said.err.contains("printing and copying are not enforced"), "{}", said.err);
    assert!(said.out.contains("0 versions saved"), "nothing was saved, no version was made: {}", said.out);
    let mut command = office.sato.command();
    command.arg("edit").arg(&office.path).args(["--lang", "ja", "--", "true"]);
    let said: Said = command.output().unwrap().into();
    assert!(said.err.contains("印刷と複製を止められません"), "{}", said.err);
}

#[test]
fn without_the_right_to_edit_no_copy_is_made() {
    let office = office();
    let suzuki = office.agency.officer("suzuki", "鈴木");
    office.sato.relabel(&office.path, "C2I1A1", &["書換禁止"]).good();
    let mark = office.place.join("started");
    let mut command = suzuki.command();
    command.arg("edit").arg(&office.path).arg("--").arg("touch").arg(&mark);
    let said: Said = command.output().unwrap().into();
    said.refused(exit::DENIED);
    assert!(!mark.exists(), "no program was started");
    assert_eq!(holds(&suzuki.profile, FIRST), None);
}

#[test]
fn a_program_that_does_not_exist_leaves_nothing() {
    let office = office();
    let mut command = office.sato.command();
    command.arg("edit").arg(&office.path).args(["--", "/no/such/program"]);
    let said: Said = command.output().unwrap().into();
    let said = said.refused(exit::IO);
    assert!(said.err.contains("Name one after --"), "{}", said.err);
    nothing_in_clear(&office, "最初の内容です。");
}

#[test]
fn after_kill_9_the_next_start_protects_what_was_saved_and_removes_the_copy() {
    let office = office();
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    edit.kill();
    edit.order("printf 落ちた後の保存 > \"$copy\"");
    // The program still works on it: nobody takes the copy away from it.
    office.sato.labeler(["doctor"]);
    assert_eq!(fs::read(&edit.copy).unwrap(), "落ちた後の保存".as_bytes());
    edit.end_program();
    // Whatever the officer comes for next.
    let said = office.sato.command().arg("show").arg(&office.path).output().unwrap();
    let said = Said::from(said).good();
    assert!(said.err.contains("had ended badly"), "{}", said.err);
    assert_eq!(content(&office.sato, &office.path), "落ちた後の保存".as_bytes());
    nothing_in_clear(&office, "落ちた後の保存");
    assert_eq!(names(&office.place), ["案.txt.kkz"]);
}

#[test]
fn after_kill_9_doctor_removes_a_copy_in_which_nothing_was_saved() {
    let office = office();
    let before = office.sato.show(&office.path);
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    edit.kill();
    edit.end_program();
    assert!(edit.copy.exists());
    let said = office.sato.labeler(["doctor"]).good();
    assert!(said.out.contains("ended badly"), "{}", said.out);
    nothing_in_clear(&office, "最初の内容です。");
    assert_eq!(office.sato.show(&office.path)["label"], before["label"], "no version was made");
}

#[test]
fn after_kill_9_without_the_server_the_save_is_protected_beside_the_document() {
    let mut office = office();
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    edit.order("printf 停電前の保存 > \"$copy\"");
    edit.kill();
    edit.end_program();
    office.agency.kill();
    office.sato.labeler(["doctor"]);
    nothing_in_clear(&office, "停電前の保存");
    let beside = office.place.join("案（編集分）.txt.kkz");
    assert!(beside.exists(), "{:?}", names(&office.place));
    office.agency.start();
    office.sato.labeler(["sync"]).good();
    assert_eq!(content(&office.sato, &beside), "停電前の保存".as_bytes());
    assert_eq!(content(&office.sato, &office.path), FIRST, "the document is what it was");
}

#[test]
fn another_version_is_never_overwritten() {
    let office = office();
    let mut first = Edit::start(&office.agency, &office.sato, &office.path);
    let mut command = office.sato.command();
    command.arg("edit").arg(&office.path).args(["--", "sh", "-c", "printf 先に保存 > \"$0\""]);
    Said::from(command.output().unwrap()).good();
    first.order("printf 後から保存 > \"$copy\"");
    first.wait_for("is not overwritten");
    let said = first.close().refused(exit::CONFLICT);
    assert!(said.out.contains("案（編集分）.txt.kkz"), "{}", said.out);
    assert_eq!(content(&office.sato, &office.path), "先に保存".as_bytes());
    let beside = office.place.join("案（編集分）.txt.kkz");
    assert_eq!(content(&office.sato, &beside), "後から保存".as_bytes());
    assert_eq!(office.sato.show(&beside)["label"]["restrictions"][0], "複製禁止");
    nothing_in_clear(&office, "後から保存");
}

#[test]
fn what_is_saved_after_a_review_stands_under_the_new_label() {
    let office = office();
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    office.sato.relabel(&office.path, "C2I1A1", &["印刷禁止"]).good();
    edit.order("printf 'changed' > \"$copy\"");
    let said = edit.close().good();
    assert!(said.err.contains("Saved and protected"), "{}", said.err);
    assert_eq!(office.sato.show(&office.path)["label"]["restrictions"][0], "印刷禁止");
    assert_eq!(content(&office.sato, &office.path), b"changed");
}

#[test]
fn what_is_saved_after_a_review_of_another_copy_stands_under_the_new_label() {
    let office = office();
    let other = office.agency.place("控え").join("案.txt.kkz");
    fs::copy(&office.path, &other).unwrap();
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    // The server has it, and the other copy; the file that is edited says nothing of it.
    office.sato.relabel(&other, "C3I2A1", &["複製禁止", "印刷禁止"]).good();
    assert_eq!(office.sato.show(&office.path)["label"]["grade"], "C2I1A1");
    edit.order("printf '版のはずの保存' > \"$copy\"");
    edit.close().good();
    assert_eq!(names(&office.place), ["案.txt.kkz"], "nothing is set aside");
    let label = office.sato.show(&office.path)["label"].clone();
    assert_eq!(label["grade"], "C3I2A1");
    assert!(label["restrictions"].as_array().unwrap().iter().any(|one| one == "印刷禁止"), "{label}");
    nothing_in_clear(&office, "版のはずの保存");
}

#[test]
fn what_is_set_aside_has_no_lower_label_than_the_document_has_by_now() {
    let office = office();
    let mut first = Edit::start(&office.agency, &office.sato, &office.path);
    // Reviewed, and a new version besides: what is saved from the first one can't become a version any more.
    office.sato.relabel(&office.path, "C3I2A1", &["複製禁止", "印刷禁止"]).good();
    let mut command = office.sato.command();
    command.arg("edit").arg(&office.path).args(["--purpose", "見直し", "--", "sh", "-c", "printf 先に保存 > \"$0\""]);
    Said::from(command.output().unwrap()).good();
    first.order("printf 後から保存 > \"$copy\"");
    first.wait_for("is not overwritten");
    first.close().refused(exit::CONFLICT);
    let label = office.sato.show(&office.place.join("案（編集分）.txt.kkz"))["label"].clone();
    assert_eq!(label["grade"], "C3I1A1", "機密性 is handed down, 完全性 is the edited document's");
    let restrictions = label["restrictions"].as_array().unwrap();
    assert!(["複製禁止", "印刷禁止"].iter().all(|one| restrictions.iter().any(|has| has == one)), "{label}");
    nothing_in_clear(&office, "後から保存");
}

#[test]
fn what_is_saved_under_another_name_is_protected_too() {
    let office = office();
    let mut edit = Edit::start(&office.agency, &office.sato, &office.path);
    edit.order("printf 別名の内容 > \"${copy%/*}/別名.txt\"; echo x > \"${copy%/*}/.~lock.別名.txt#\"");
    edit.order("rm \"${copy%/*}/.~lock.別名.txt#\"");
    edit.close().good();
    assert_eq!(content(&office.sato, &office.path), FIRST);
    assert_eq!(content(&office.sato, &office.place.join("別名.txt.kkz")), "別名の内容".as_bytes());
    nothing_in_clear(&office, "別名の内容");
}

#[test]
fn a_real_office_suite_saves_a_new_version() {
    if !have("soffice") {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = sample(&place, "odt");
    let original = fs::read(&path).unwrap();
    sato.protect(&path, "C2I1A1", &[]).good();
    // Opens the copy, writes a new file and puts it under the name.
    let script = "soffice --headless \"-env:UserInstallation=file://$1\" --convert-to odt --outdir \"$1/new\" \"$2\" \
                  && mv \"$1/new/${2##*/}\" \"$2\"";
    let mut command = sato.command();
    command.arg("edit").arg(&path).args(["--", "sh", "-c", script, "sh"]).arg(agency.place("office"));
    Said::from(command.output().unwrap()).good();
    let saved = content(&sato, &path);
    assert!(saved != original && saved.starts_with(b"PK"), "the suite's own writing");
    assert_eq!(sato.show(&path)["form"], "carrier");
    assert_eq!(names(&place).len(), 1, "{:?}", names(&place));
    assert_eq!(names(&sato.profile.join("work")), Vec::<String>::new());
}
