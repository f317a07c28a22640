//! 可用性２. What needs a second copy gets one, and a lost server is made of it again.

use std::fs;
use std::path::Path;

use kakuzuke_tests::agency::{Agency, Said, exit};
use kakuzuke_tests::programs::program;

use super::sample;

fn restore(copy: &Path, dir: &Path, passphrase: &Path, log: Option<&Path>) -> Said {
    let mut command = program("kakuzuke-keyserver");
    command.arg("restore").arg(copy).arg(dir).arg("--passphrase-file").arg(passphrase);
    if let Some(log) = log {
        command.arg("--log").arg(log);
    }
    command.output().unwrap().into()
}

fn clone(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn without_a_copy_availability_2_is_refused_with_its_clause() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = sample(&agency.place("文書"), "docx");
    let original = fs::read(&path).unwrap();
    let said = sato.protect(&path, "C2I2A2", &[]);
    assert!(said.code != 0 && said.err.contains("7.1.2(1)(b)"), "{} {}", said.code, said.err);
    assert!(fs::read(&path).unwrap() == original);
}

#[test]
fn a_lost_server_is_made_of_its_copy_again_and_forgets_nothing() {
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    let mut agency = Agency::open_with(&["--copy", copy.to_str().unwrap()]);
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let place = agency.place("文書");
    let (kept, refused) = (sample(&place, "docx"), sample(&place, "odt"));
    let original = fs::read(&kept).unwrap();
    sato.protect(&kept, "C2I2A2", &[]).good();
    sato.protect(&refused, "C2I2A2", &[]).good();
    sato.labeler(["revoke", refused.to_str().unwrap(), "--reason", "誤り"]).good();
    sato.labeler(["audit", "verify"]).good();

    // The disk of the server is gone; the passphrase was kept apart.
    agency.kill();
    let dir = agency.server_dir();
    let passphrase = elsewhere.path().join("passphrase");
    fs::copy(dir.join("master.pass"), &passphrase).unwrap();
    assert!(super::holds(&copy, &fs::read(&passphrase).unwrap()).is_none(), "the passphrase lies in the copy");
    fs::remove_dir_all(&dir).unwrap();
    restore(&copy, &dir, &passphrase, None).good();
    // Never over another server.
    assert!(restore(&copy, &dir, &passphrase, None).code != 0);
    agency.start();
    let out = place.join("開いた.docx");
    suzuki.open(&kept, &out).good();
    assert!(fs::read(&out).unwrap() == original);
    suzuki.open(&refused, &place.join("x.odt")).refused(exit::DENIED);
    // The log grew out of what everybody had seen.
    sato.labeler(["audit", "verify"]).good();
}

#[test]
fn a_copy_that_lacks_what_was_logged_is_not_restored() {
    let elsewhere = tempfile::tempdir().unwrap();
    let (copy, older) = (elsewhere.path().join("copy"), elsewhere.path().join("older"));
    let mut agency = Agency::open_with(&["--copy", copy.to_str().unwrap()]);
    let sato = agency.officer("sato", "佐藤");
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I2A2", &[]).good();
    agency.kill();
    clone(&copy, &older);
    agency.start();
    sato.labeler(["revoke", path.to_str().unwrap(), "--reason", "誤り"]).good();
    agency.kill();
    let dir = agency.server_dir();
    let (log, passphrase) = (dir.join("log.jsonl"), dir.join("master.pass"));
    let said = restore(&older, &elsewhere.path().join("new"), &passphrase, Some(&log));
    assert!(said.code != 0 && said.err.contains("older database"), "{} {}", said.code, said.err);
    restore(&copy, &elsewhere.path().join("newer"), &passphrase, Some(&log)).good();
    // A wrong passphrase opens nothing.
    fs::write(elsewhere.path().join("wrong"), "wrong").unwrap();
    assert!(restore(&copy, &elsewhere.path().join("other"), &elsewhere.path().join("wrong"), None).code != 0);
}

#[test]
fn while_the_copy_is_away_everything_but_availability_2_goes_on() {
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    let mut agency = Agency::open_with(&["--copy", copy.to_str().unwrap()]);
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let (first, second) = (sample(&place, "docx"), sample(&place, "odt"));
    agency.kill();
    fs::rename(&copy, elsewhere.path().join("away")).unwrap();
    agency.start();
    assert!(sato.protect(&first, "C2I2A2", &[]).err.contains("7.1.2(1)(b)"));
    sato.protect(&second, "C2I2A1", &[]).good();
    assert!(!copy.exists(), "a copy was made where its disk is not");
    // Tickets fetched now are not good enough for it offline, either; they stay for what they are good for.
    sato.labeler(["sync"]).good();
    let offline = |path: &Path, grade: &str| -> Said {
        sato.command().arg("protect").arg(path).args(["--offline", "--grade", grade]).output().unwrap().into()
    };
    let said = offline(&first, "C2I2A2").refused(exit::NO_TICKET);
    assert!(said.err.contains("7.1.2(1)(b)"), "{}", said.err);
    offline(&sample(&place, "xlsx"), "C2I2A1").good();
    fs::rename(elsewhere.path().join("away"), &copy).unwrap();
    agency.kill();
    agency.start();
    sato.protect(&first, "C2I2A2", &[]).good();
}
