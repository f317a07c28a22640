//! The log: every act is in it, and it can be verified.

use kakuzuke_tests::agency::{Agency, exit};

use super::{sample, text};

#[test]
fn every_release_and_every_denial_is_an_entry() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let size = |who: &kakuzuke_tests::agency::Officer| {
        who.labeler(["audit", "verify", "--json"]).good().json()["size"].as_u64().unwrap()
    };
    let out = agency.place("o");
    let before = size(&sato);
    sato.open(&path, &out.join("1.docx")).good();
    let released = size(&sato);
    assert!(released > before, "a release adds an entry");
    assert_ne!(tanaka.open(&path, &out.join("2.docx")).code, 0);
    assert!(size(&sato) > released, "a denial adds an entry");
}

#[test]
fn a_log_that_went_back_is_noticed() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    sato.labeler(["audit", "verify"]).good();
    agency.kill();
    // A copy of everything, as a backup would be.
    let backup = agency.place("backup");
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let status = std::process::Command::new("cp").arg("-aT").arg(from).arg(to).status().unwrap();
        assert!(status.success());
    };
    copy(&agency.server_dir(), &backup);
    agency.start();
    let path = text(&place, "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &[]).good();
    sato.labeler(["audit", "verify"]).good();
    agency.kill();
    copy(&backup, &agency.server_dir());
    let mut server = agency.run_command().stdout(std::process::Stdio::null()).spawn().unwrap();
    let said = sato.labeler(["audit", "verify"]);
    let _gone = server.kill();
    let _status = server.wait();
    assert!([exit::LOG, exit::UNREADY, exit::UNREACHABLE].contains(&said.code), "{} {}", said.code, said.err);
}

#[test]
fn whoever_knocks_without_being_known_is_counted() {
    let mut agency = Agency::open();
    agency.officer("sato", "佐藤");
    // A code that has been used, three times more.
    let code = agency.code("suzuki", &["--name", "鈴木", "--role", "officer", "--unit", "総務課"]);
    let enrol = |name: &str| {
        let profile = agency.place("profiles").join(name);
        kakuzuke_tests::agency::Officer { profile, subject: "suzuki".to_owned() }.labeler(["enrol", &code])
    };
    enrol("first").refused(exit::APPROVAL_PENDING);
    for name in ["second", "third", "fourth"] {
        enrol(name).refused(exit::NOT_IDENTIFIED);
    }
    agency.stop();
    let log = std::fs::read_to_string(agency.server_dir().join("log.jsonl")).unwrap();
    let counted: u64 = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter_map(|entry| serde_json::from_str::<serde_json::Value>(entry["text"].as_str()?).ok())
        .filter(|text| text["from"] == "127.0.0.1")
        .filter_map(|text| text["count"].as_u64())
        .sum();
    assert_eq!(counted, 3, "{log}");
}

#[test]
fn an_exported_log_is_verified_without_the_server_and_says_more_to_auditors() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let auditor = agency.enrol("auditor", &["--name", "監査", "--role", "auditor", "--unit", "監査室"]);
    let place = agency.place("記録");
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    sato.labeler(["revoke", path.to_str().unwrap(), "--reason", "誤送信のため"]).good();
    let (full, hashes) = (place.join("full.jsonl"), place.join("hashes.jsonl"));
    auditor.labeler(["audit", "export", "-o", full.to_str().unwrap()]).good();
    sato.labeler(["audit", "export", "-o", hashes.to_str().unwrap()]).good();
    auditor.labeler(["audit", "export", "-o", full.to_str().unwrap()]).refused(exit::CONFLICT);
    agency.stop();
    let (told, withheld) = (std::fs::read_to_string(&full).unwrap(), std::fs::read_to_string(&hashes).unwrap());
    assert!(told.contains("誤送信のため") && !withheld.contains("誤送信のため"));
    for file in [&full, &hashes] {
        auditor.labeler(["audit", "verify", file.to_str().unwrap()]).good();
    }
    // One text changed, one entry taken out.
    let changed = text(&place, "changed.jsonl", told.replace("誤送信のため", "予定のとおり").as_bytes());
    let short: Vec<&str> = told.lines().enumerate().filter(|(place, _)| *place != 3).map(|(_, line)| line).collect();
    let short = text(&place, "short.jsonl", (short.join("\n") + "\n").as_bytes());
    for file in [changed, short] {
        auditor.labeler(["audit", "verify", file.to_str().unwrap()]).refused(exit::LOG);
    }
}
