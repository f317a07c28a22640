//! 年月. Documents outlive certificates, and a wrong clock gives nobody more.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};
use kakuzuke_tests::programs::{clock_library, program};

use super::sample;

/// A program that sees its clock so many days from now.
struct Clock {
    library: PathBuf,
    days: u32,
}

impl Clock {
    fn show(&self, mut command: Command) -> Command {
        command.env("LD_PRELOAD", &self.library).env("FAKETIME", format!("+{}d", self.days));
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
        command
    }

    fn run(&self, officer: &Officer, args: &[&str]) -> Said {
        let mut command = officer.command();
        command.args(args);
        self.show(command).output().unwrap().into()
    }

    /// Enrols an officer of 総務課, whom `approver` approves.
    fn enrol(&self, agency: &Agency, subject: &str, approver: &Officer) -> Officer {
        let mut command = program("kakuzuke-keyserver");
        command.arg("enrol").arg(agency.server_dir()).arg(subject);
        command.args(["--name", subject, "--role", "officer", "--unit", "総務課"]);
        let code = Said::from(self.show(command).output().unwrap()).good();
        let code = code.out.lines().last().unwrap().to_owned();
        let profile = agency.place("profiles").join(subject);
        let officer = Officer { profile, subject: subject.to_owned() };
        self.run(&officer, &["enrol", &code]).refused(exit::APPROVAL_PENDING);
        let list = self.run(approver, &["requests", "--json"]).good().json();
        let number = list.as_array().unwrap().iter().find(|r| r["state"] == "pending").unwrap()["number"].to_string();
        self.run(approver, &["approve", &number]).good();
        officer
    }

    fn restart(&self, agency: &mut Agency) {
        agency.kill();
        agency.start_with(self.show(agency.run_command()));
    }
}

#[test]
fn a_document_outlives_the_certificate_of_whoever_sealed_it() {
    let Some(library) = clock_library() else { return };
    let at = |days| Clock { library: library.clone(), days };
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    let original = fs::read(&path).unwrap();
    sato.protect(&path, "C2I2A1", &[]).good();

    // 600 days on, somebody else joins; 800 days on, the author's certificate (two years) has ended.
    let (later, latest) = (at(600), at(800));
    later.restart(&mut agency);
    let suzuki = later.enrol(&agency, "suzuki", &sato);
    latest.restart(&mut agency);
    let file = path.to_str().unwrap();
    let out = place.join("開いた.docx");
    latest.run(&suzuki, &["open", file, "-o", out.to_str().unwrap()]).good();
    assert!(fs::read(&out).unwrap() == original);
    let shown = latest.run(&suzuki, &["show", file, "--json"]).good().json();
    assert_eq!(shown["signature"], "valid");
    assert!(shown["signer"]["ended"].is_number(), "{shown}");
    latest.run(&suzuki, &["verify", file]).good();
    // The device whose certificate has ended gets nothing.
    latest.run(&sato, &["open", file, "-o", place.join("x").to_str().unwrap()]).refused(exit::NOT_IDENTIFIED);
    assert!(!place.join("x").exists());
}

#[test]
fn the_server_renews_its_own_certificates_before_they_end() {
    let Some(library) = clock_library() else { return };
    let at = |days| Clock { library: library.clone(), days };
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = sample(&agency.place("文書"), "docx");
    let original = fs::read(&path).unwrap();
    sato.protect(&path, "C2I2A1", &[]).good();
    // Service certificates hold for five years. Officers come and go; each is approved by the one before.
    let mut last = sato;
    for days in [600, 1_200, 1_800] {
        at(days).restart(&mut agency);
        last = at(days).enrol(&agency, &format!("officer{days}"), &last);
    }
    let later = at(1_900);
    later.restart(&mut agency);
    let out = agency.place("開いたもの").join("a.docx");
    later.run(&last, &["open", path.to_str().unwrap(), "-o", out.to_str().unwrap()]).good();
    assert!(fs::read(&out).unwrap() == original);
    later.run(&last, &["audit", "verify"]).good();
}

#[test]
fn what_is_sealed_with_an_ended_certificate_is_not_accepted() {
    let Some(library) = clock_library() else { return };
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    sato.labeler(["sync"]).good();
    let path = sample(&place, "odt");
    let original = fs::read(&path).unwrap();
    let latest = Clock { library, days: 800 };
    latest.restart(&mut agency);
    let said = latest.run(&sato, &["protect", path.to_str().unwrap(), "--grade", "C2I2A1"]);
    assert!(said.code != 0, "{} {}", said.out, said.err);
    assert!(fs::read(&path).unwrap() == original);
}
