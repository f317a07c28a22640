//! The wrapper opens in other people's programs and gives the envelope back bit for bit; nothing else is taken for one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use kakuzuke_core::code::Text;
use proptest::prelude::*;

use crate::{Cover, Kind, MAGIC, Place, State, carrier, detect, locate};

fn cover() -> Cover {
    let text = |ja: &'static str, en: &'static str| Text::fixed(ja, en);
    Cover {
        organization: text("見本庁", "Sample Agency"),
        grades: text("機密性２情報・完全性２情報・可用性１情報", "C2I2A1"),
        restrictions: vec![text("複製禁止", "no copying")],
        decider: text("総務課長", "Director, General Affairs"),
        handling: Vec::new(),
        opening: Vec::new(),
        kind: Kind::Pdf,
    }
}

fn envelope(length: usize) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend((MAGIC.len()..length).map(|i| (i * 31 % 251) as u8));
    bytes
}

fn wrapped(envelope: &[u8]) -> Vec<u8> {
    let made = carrier(Kind::Pdf, &cover(), envelope.len() as u64).unwrap();
    let mut out = Cursor::new(Vec::new());
    made.write(&mut &envelope[..], &mut out).unwrap();
    out.into_inner()
}

fn have(tool: &str) -> bool {
    let found =
        Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().is_ok_and(|o| o.status.success());
    if !found {
        assert!(std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(), "{tool} is missing");
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

fn run(tool: &str, args: &[&str], file: &Path) -> (bool, String) {
    let said = Command::new(tool).args(args).arg(file).output().unwrap();
    (said.status.success(), String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned())
}

#[test]
fn what_is_wrapped_comes_out_bit_for_bit() {
    for length in [8, 9, 4096, 8192, 100_000] {
        let envelope = envelope(length);
        let file = wrapped(&envelope);
        let Some(Place::Range(range)) = locate(&file).unwrap() else { panic!("{length}: not found") };
        assert!(file[range.start as usize..range.end as usize] == envelope[..]);
        assert!(matches!(detect(&file, None).unwrap().state, State::Protected(_)));
    }
}

#[test]
fn other_programs_open_it_and_show_the_cover() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("保護.pdf");
    std::fs::write(&path, wrapped(&envelope(50_000))).unwrap();
    if have("qpdf") {
        let (good, said) = run("qpdf", &["--check"], &path);
        assert!(good && !said.contains("WARNING"), "{said}");
    }
    if have("pdftotext") {
        let said = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(text.contains("機密性２情報") && text.contains("複製禁止") && text.contains("見本庁"), "{text}");
    }
    if have("pdfdetach") {
        let (good, said) = run("pdfdetach", &["-list"], &path);
        assert!(good && said.contains("kakuzuke-envelope.kkz"), "{said}");
    }
}

#[test]
fn a_cover_that_lost_its_envelope_is_told_apart() {
    let mut file = wrapped(&envelope(3000));
    let magic = file.windows(MAGIC.len()).position(|window| window == MAGIC).unwrap();
    file[magic] ^= 1;
    assert!(locate(&file).unwrap().is_none());
    assert!(matches!(detect(&file, None).unwrap().state, State::Damaged(_)));
}

#[test]
fn ordinary_documents_are_not_taken_for_one() {
    let plain = cover().page().unwrap();
    assert!(matches!(detect(&plain, None).unwrap(), crate::Detection { kind: Kind::Pdf, state: State::Open }));
    assert!(matches!(detect(&b"%PDF-1.7\n".to_vec(), None).unwrap().state, State::Open));
}

#[test]
fn changed_bytes_are_never_a_panic() {
    let whole = wrapped(&envelope(64));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let changes = (0_usize..4000, any::<u8>(), 0_usize..4000);
    let outcome = runner.run(&changes, |(at, value, cut)| {
        let mut file = whole.clone();
        let place = file.len() - 1 - at.min(file.len() - 1);
        file[place] = value;
        file.truncate(file.len() - cut.min(file.len()));
        let _either = detect(&file, None).map(|found| found.state);
        let _or = locate(&file);
        Ok(())
    });
    outcome.unwrap();
}
