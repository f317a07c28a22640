//! Files that programs hold open, and programs that end in the middle.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use kakuzuke_tests::agency::{Agency, exit};
use kakuzuke_tests::programs::repository;
use kakuzuke_tests::wine::Machine;

use super::{enrol, sample};

#[test]
fn a_file_in_use_is_refused_and_left_as_it_is() {
    let Some(machine) = Machine::new() else { return };
    let agency = Agency::open();
    let sato = enrol(&agency, &machine);
    let path = sample(&machine.place("文書"), "docx");
    let original = fs::read(&path).unwrap();
    let name = machine.name(&path);
    machine.compile(&repository().join("tests/tests/windows/hold.c"), "hold.exe", &["-municode"]);
    let mut holding = machine.program("hold.exe");
    let mut holder = holding.arg(&name).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut told = BufReader::new(holder.stdout.take().unwrap());
    told.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "held");

    let said = machine.labeler(&sato, ["protect", &name, "--grade", "C2I1A1"]).refused(exit::CONFLICT);
    assert!(said.err.contains("Another program has this file open"), "{}", said.err);
    let mut japanese = machine.program("labeler.exe");
    japanese.args(["--lang", "ja", "protect", &name, "--grade", "C2I1A1"]).env("KAKUZUKE_PROFILE", &sato);
    let said = String::from_utf8_lossy(&japanese.output().unwrap().stderr).into_owned();
    assert!(said.contains("ほかのソフトがこのファイルを開いている"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), original);
    assert_eq!(drafts(&path), Vec::<PathBuf>::new());

    drop(holder.stdin.take());
    let _status = holder.wait().unwrap();
    machine.labeler(&sato, ["protect", &name, "--grade", "C2I1A1"]).good();
    assert_ne!(fs::read(&path).unwrap(), original);
}

#[test]
fn a_program_that_ends_in_the_middle_loses_nothing() {
    let Some(machine) = Machine::new() else { return };
    let agency = Agency::open();
    let sato = enrol(&agency, &machine);
    let folder = machine.place("文書");
    // Long enough to be met in the middle.
    let original: Vec<u8> = (0..24_u32 << 18).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for blocks in [0, 1, 12, 24] {
        let path = folder.join(format!("大きな表{blocks}.bin"));
        let sealed = folder.join(format!("大きな表{blocks}.bin.kkz"));
        fs::write(&path, &original).unwrap();
        let name = machine.name(&path);
        let protect = ["protect", &name, "--grade", "C2I1A1"];
        end_in_the_middle(&machine, &sato, protect, || {
            drafts(&path).iter().any(|draft| written(draft) >= blocks << 20)
        });
        machine.settle();
        // One of the two is there, and whole; or the envelope still under the old name, which the next run finishes.
        if path.exists() && fs::read(&path).unwrap() == original {
            machine.labeler(&sato, protect).good();
        } else if path.exists() {
            machine.labeler(&sato, protect).refused(exit::ALREADY_PROTECTED);
        }
        assert!(!path.exists() && sealed.exists(), "{blocks}");
        let copy = folder.join("写し.bin");
        let out = machine.name(&copy);
        machine.labeler(&sato, ["open", &machine.name(&sealed), "-o", &out, "--force"]).good();
        assert!(fs::read(&copy).unwrap() == original, "{blocks}");
    }
    // What was left lying is swept by whoever comes next.
    let path = sample(&folder, "docx");
    machine.labeler(&sato, ["protect", &machine.name(&path), "--grade", "C2I1A1"]).good();
    assert_eq!(drafts(&path), Vec::<PathBuf>::new());
}

/// Runs `labeler.exe` and kills it as soon as something is so, or it is over.
fn end_in_the_middle(machine: &Machine, profile: &str, args: [&str; 4], is_so: impl Fn() -> bool) {
    let mut command = machine.program("labeler.exe");
    command.args(args).env("KAKUZUKE_PROFILE", profile).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    while child.try_wait().unwrap().is_none() && Instant::now() < until && !is_so() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _already_over = child.kill();
    let _status = child.wait();
}

/// Bytes of a file that lie on the disk: its length was set before.
fn written(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    path.metadata().map_or(0, |found| found.blocks() * 512)
}

fn drafts(beside: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(beside.parent().unwrap()).unwrap().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "draft")).collect()
}
