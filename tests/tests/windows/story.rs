//! From enrolment to the denial: `labeler.exe`, and a C program with `kakuzuke.dll`.

use std::fs;

use kakuzuke_tests::agency::{Agency, Officer, exit};
use kakuzuke_tests::wine::Machine;

use super::{enrol, sample};

#[test]
fn officers_at_windows_protect_open_and_are_denied_with_the_clause() {
    let Some(machine) = Machine::new() else { return };
    let agency = Agency::open();
    let first = agency.officer("suzuki", "鈴木");
    let sato = enrol_approved(&agency, &machine, &first, ("sato", "佐藤", "総務課"));
    let tanaka = enrol_approved(&agency, &machine, &first, ("tanaka", "田中", "会計課"));
    let folder = machine.place("文書");
    let path = sample(&folder, "pdf");
    let original = fs::read(&path).unwrap();
    let name = machine.name(&path);

    let protect = ["protect", &name, "--grade", "C2I2A1", "--restrict", "印刷禁止", "--restrict", "総務課限り"];
    machine.labeler(&sato, protect).good();
    assert_ne!(fs::read(&path).unwrap(), original);
    let shown = machine.labeler(&sato, ["show", "--json", &name]).good().json();
    assert!(shown.to_string().contains("C2I2A1") && shown.to_string().contains("印刷禁止"), "{shown}");
    machine.labeler(&sato, ["verify", &name]).good();
    // The same file, on the agency's other systems.
    assert_eq!(first.show(&path)["label"]["grade"], "C2I2A1");

    machine.compile_program("examples/show.c", "show.exe");
    let read =
        |profile: &str, rest: &[&str]| machine.program("show.exe").arg(profile).arg(&name).args(rest).output().unwrap();
    let all = read(&sato, &[]);
    let told = String::from_utf8_lossy(&all.stderr).into_owned();
    assert!(all.status.success() && told.contains("grade: C2I2A1"), "{told}");
    assert!(all.stdout == original, "the whole content");
    for (offset, length) in [(0, 1), (70_000, 5_000), (131_071, 3), (original.len() - 10, 100)] {
        let part = read(&sato, &[&offset.to_string(), &length.to_string()]);
        let end = original.len().min(offset + length);
        let said = String::from_utf8_lossy(&part.stderr);
        assert!(part.status.success() && part.stdout == original[offset..end], "{offset}: {said}");
    }

    let denied = machine.labeler(&tanaka, ["open", &name, "-o", r"C:\文書\写し.pdf"]).refused(exit::DENIED);
    assert!(denied.err.contains("clause:") && denied.err.contains("remedy:"), "{}", denied.err);
    assert!(!folder.join("写し.pdf").exists());
    let denied = read(&tanaka, &[]);
    let told = String::from_utf8_lossy(&denied.stderr).into_owned();
    assert!(!denied.status.success() && denied.stdout.is_empty() && told.contains("根拠"), "{told}");
}

fn enrol_approved(agency: &Agency, machine: &Machine, first: &Officer, who: (&str, &str, &str)) -> String {
    let (subject, name, unit) = who;
    let profile = format!(r"C:\users\{subject}\格付");
    machine.place(&format!("users/{subject}"));
    let code = agency.code(subject, &["--name", name, "--role", "officer", "--unit", unit]);
    machine.labeler(&profile, ["enrol", &code]).refused(exit::APPROVAL_PENDING);
    first.approve_all();
    profile
}

#[test]
fn long_and_japanese_names_pipes_scans_and_labels_in_clear() {
    let Some(machine) = Machine::new() else { return };
    let agency = Agency::open();
    let sato = enrol(&agency, &machine);
    // Sealed for this account by the system (DPAPI), not as it is.
    let kept = fs::read(machine.disk().join("users/sato/格付/keys.pass")).unwrap();
    assert!(!kept.is_ascii(), "the passphrase lies there as it is");

    // Longer than the 260 letters of old.
    let part = "課の長い名前のフォルダその中にまたフォルダがある場所";
    let deep = (0..9).fold("共有".to_owned(), |deep, n| format!("{deep}/{n}{part}"));
    let folder = machine.place(&deep);
    let path = sample(&folder, "docx");
    let original = fs::read(&path).unwrap();
    let name = machine.name(&path);
    assert!(name.chars().count() > 260, "{}", name.chars().count());
    machine.labeler(&sato, ["protect", &name, "--grade", "C2I1A1"]).good();
    assert_ne!(fs::read(&path).unwrap(), original);
    let mut open = machine.program("labeler.exe");
    let out = open.args(["open", &name, "-o", "-"]).env("KAKUZUKE_PROFILE", &sato).output().unwrap();
    assert!(out.status.success() && out.stdout == original, "{}", String::from_utf8_lossy(&out.stderr));

    // A file without a cover gets another name.
    let memo = folder.join("覚え書き『案』～①.bin");
    fs::write(&memo, b"memo").unwrap();
    machine.labeler(&sato, ["protect", &machine.name(&memo), "--grade", "C2I1A1"]).good();
    assert!(!memo.exists() && folder.join("覚え書き『案』～①.bin.kkz").exists());
    machine.labeler(&sato, ["protect", &name, "--grade", "C2I1A1"]).refused(exit::ALREADY_PROTECTED);

    // In clear, with its label in it; all of it found again, and from what is known.
    let clear = sample(&machine.place("共有"), "xlsx");
    machine.labeler(&sato, ["label", &machine.name(&clear), "--grade", "C1I1A1"]).good();
    let said = machine.labeler(&sato, ["scan", r"C:\共有", "--json"]).good().json();
    assert_eq!(said["states"]["protected"], 2, "{said}");
    assert_eq!(said["states"]["labelled"], 1, "{said}");
    machine.labeler(&sato, ["scan", r"C:\共有"]).good();
    let relabel = ["relabel", &name, "--grade", "C2I1A1", "--restrict", "複製禁止", "--reason", "見直し"];
    machine.labeler(&sato, relabel).good();
    let shown = machine.labeler(&sato, ["show", "--json", &name]).good().out;
    assert!(shown.contains("複製禁止"), "{shown}");
}

#[test]
fn every_function_of_the_library_does_what_the_header_says() {
    let Some(machine) = Machine::new() else { return };
    let agency = Agency::open();
    let first = agency.officer("suzuki", "鈴木");
    // A reader, who may not do all that the decider may.
    let sato = enrol_approved(&agency, &machine, &first, ("sato", "佐藤", "総務課"));
    let folder = machine.place("all");
    let take = |extension: &str, name: &str| fs::rename(sample(&folder, extension), folder.join(name)).unwrap();
    take("pdf", "original.pdf");
    take("docx", "open.docx");
    fs::write(folder.join("plain.txt"), "会議の案内\n".repeat(500)).unwrap();
    let sealed = folder.join("sealed.pdf");
    fs::copy(folder.join("original.pdf"), &sealed).unwrap();
    first.protect(&sealed, "C2I2A1", &["印刷禁止"]).good();
    let mut bytes = fs::read(&sealed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.join("damaged.pdf"), bytes).unwrap();
    machine.compile_program("tests/c/interface.c", "interface.exe");
    let output = machine.program("interface.exe").args([&sato, r"C:\all"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && output.stdout.ends_with(b"all of it\n"), "{}: {told}", output.status);
}
