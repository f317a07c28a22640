//! 要管理対策区域. Inside and outside, and whose permission it takes.

use std::fs;
use std::path::{Path, PathBuf};

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::sample;

const SYSTEM: &str = "情報システムセキュリティ責任者";
const SECTION: &str = "課室情報セキュリティ責任者";

/// Everybody is outside: no address here is listed.
fn outside() -> Agency {
    Agency::open_with(&["--zone", "10.9.0.0/16"])
}

fn responsible(agency: &Agency, subject: &str, unit: &str, post: &str) -> Officer {
    agency.enrol(subject, &["--name", subject, "--role", "officer", "--unit", unit, "--post", post])
}

fn open(officer: &Officer, path: &Path, out: &Path) -> Said {
    let mut command = officer.command();
    command.arg("open").arg(path).arg("-o").arg(out).args(["--purpose", "会議"]);
    command.output().unwrap().into()
}

/// The application's number and who it waits for.
fn ask(officer: &Officer, path: &Path) -> (String, Vec<String>) {
    let mut command = officer.command();
    command.args(["request", "--json", "--kind", "take-out", "--reason", "出張"]).arg(path);
    let asked = Said::from(command.output().unwrap()).good().json();
    (asked["number"].to_string(), waiting(&asked))
}

fn waiting(record: &serde_json::Value) -> Vec<String> {
    record["waiting-for"]
        .as_array()
        .or(record["waiting_for"].as_array())
        .unwrap()
        .iter()
        .map(|w| w.as_str().unwrap().to_owned())
        .collect()
}

fn protected(agency: &Agency, officer: &Officer, grade: &str) -> (PathBuf, Vec<u8>) {
    let path = sample(&agency.place("文書"), "docx");
    let original = fs::read(&path).unwrap();
    officer.protect(&path, grade, &[]).good();
    (path, original)
}

#[test]
fn secrets_leave_the_zone_only_when_both_responsible_officers_agree() {
    let agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let system = responsible(&agency, "system", "情報課", SYSTEM);
    let section = responsible(&agency, "section", "総務課", SECTION);
    let other = responsible(&agency, "other", "会計課", SECTION);
    let (path, original) = protected(&agency, &sato, "C3I1A1");
    let out = agency.place("外").join("開いた.docx");

    let said = open(&suzuki, &path, &out).refused(exit::DENIED);
    assert!(said.err.contains("3.1.1(4)(b)") && said.err.contains(SECTION), "{}", said.err);
    let (number, waiting) = ask(&suzuki, &path);
    assert!(waiting.iter().any(|w| w.contains(SYSTEM)) && waiting.iter().any(|w| w.contains(SECTION)), "{waiting:?}");

    // Neither the author and decider, nor another section's officer, nor the applicant.
    for stranger in [&sato, &other, &suzuki] {
        assert_ne!(stranger.labeler(["approve", &number]).code, 0);
    }
    system.labeler(["approve", &number]).good();
    assert_ne!(system.labeler(["approve", &number]).code, 0, "one person does not agree twice");
    open(&suzuki, &path, &out).refused(exit::DENIED);
    section.labeler(["approve", &number]).good();
    open(&suzuki, &path, &out).good();
    assert!(fs::read(&out).unwrap() == original);
}

#[test]
fn one_refusal_ends_an_application() {
    let agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let system = responsible(&agency, "system", "情報課", SYSTEM);
    let section = responsible(&agency, "section", "総務課", SECTION);
    let (path, _) = protected(&agency, &sato, "C3I1A1");
    let (number, _) = ask(&sato, &path);
    section.labeler(["reject", &number, "--reason", "不要"]).good();
    assert_ne!(system.labeler(["approve", &number]).code, 0);
    open(&sato, &path, &agency.place("外").join("x")).refused(exit::DENIED);
}

#[test]
fn what_must_last_leaves_the_zone_by_permission_of_the_section() {
    let agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let section = responsible(&agency, "section", "総務課", SECTION);
    let (path, original) = protected(&agency, &sato, "C2I2A1");
    let out = agency.place("外").join("開いた.docx");
    let said = open(&sato, &path, &out).refused(exit::DENIED);
    assert!(said.err.contains("8.1.1(3)(h)(ア)"), "{}", said.err);
    let (number, waiting) = ask(&sato, &path);
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    section.labeler(["approve", &number]).good();
    open(&sato, &path, &out).good();
    assert!(fs::read(&out).unwrap() == original);
}

#[test]
fn the_zones_change_only_by_those_they_belong_to() {
    let agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let head = responsible(&agency, "head", "総務課", "統括情報セキュリティ責任者");
    let section = responsible(&agency, "section", "総務課", SECTION);
    let (path, original) = protected(&agency, &sato, "C2I2A1");
    let out = agency.place("外").join("開いた.docx");
    open(&sato, &path, &out).refused(exit::DENIED);

    let ask = |officer: &Officer, except: &[&str]| {
        let mut args = vec![
            "zone",
            "set",
            "本庁舎",
            "--network",
            "127.0.0.0/8",
            "--place",
            "本庁舎3階",
            "--reason",
            "移転",
            "--json",
        ];
        args.extend_from_slice(except);
        officer.labeler(args).good().json()["number"].to_string()
    };
    let number = ask(&sato, &[]);
    for stranger in [&sato, &section] {
        assert_ne!(stranger.labeler(["approve", &number]).code, 0);
    }
    open(&sato, &path, &out).refused(exit::DENIED);
    head.labeler(["approve", &number]).good();
    open(&sato, &path, &out).good();
    assert!(fs::read(&out).unwrap() == original);
    assert!(sato.labeler(["zone", "list"]).good().out.contains("本庁舎"));

    // The one who decides does not decide on their own.
    let own = ask(&head, &["--except", "127.0.0.1/32"]);
    assert_ne!(head.labeler(["approve", &own]).code, 0);
    // What is excepted is outside again.
    let number = ask(&sato, &["--except", "127.0.0.1/32"]);
    head.labeler(["approve", &number]).good();
    open(&sato, &path, &agency.place("外").join("y")).refused(exit::DENIED);
    // What can't be read is refused at once.
    let bad = ["zone", "set", "x", "--network", "nonsense", "--place", "x", "--reason", "x"];
    assert_ne!(sato.labeler(bad).code, 0);
    let number =
        sato.labeler(["zone", "remove", "本庁舎", "--reason", "廃止", "--json"]).good().json()["number"].to_string();
    head.labeler(["approve", &number]).good();
    assert!(!sato.labeler(["zone", "list"]).good().out.contains("本庁舎"));
}

#[test]
fn an_edited_configuration_moves_no_zone() {
    let mut agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let (path, _) = protected(&agency, &sato, "C2I2A1");
    agency.kill();
    // A zone in the configuration is refused: it is not the operator's to say.
    let config = agency.server_dir().join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("zone = [\"127.0.0.0/8\"]\n{text}")).unwrap();
    let command = agency.run_command();
    assert!(!agency.try_start_with(command));
    fs::write(&config, text).unwrap();
    agency.start();
    open(&sato, &path, &agency.place("外").join("x")).refused(exit::DENIED);
}

#[test]
fn what_is_neither_opens_outside() {
    let agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let (path, _) = protected(&agency, &sato, "C2I1A1");
    open(&sato, &path, &agency.place("外").join("開いた.docx")).good();
}

#[test]
fn what_becomes_a_secret_leaves_the_zone_by_a_new_permission_only() {
    let agency = outside();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let section = responsible(&agency, "section", "総務課", SECTION);
    let (path, _) = protected(&agency, &sato, "C2I2A1");
    let (number, _) = ask(&suzuki, &path);
    section.labeler(["approve", &number]).good();
    let out = agency.place("外");
    open(&suzuki, &path, &out.join("1")).good();
    sato.labeler(["relabel", path.to_str().unwrap(), "--grade", "C3I2A1", "--reason", "追記"]).good();
    let said = open(&suzuki, &path, &out.join("2")).refused(exit::DENIED);
    assert!(said.err.contains(SYSTEM), "{}", said.err);
}
