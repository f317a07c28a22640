//! Whole folders: one bad file stops nothing, a run that was cut off goes on, programs read the summary.

use std::fs;
use std::os::unix::fs::symlink;

use kakuzuke_formats::MAGIC;
use kakuzuke_tests::agency::{Agency, Said, exit};

use super::{names, sample, text};

#[test]
fn a_folder_is_protected_and_one_bad_file_stops_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let inner = place.join("下の階層");
    fs::create_dir(&inner).unwrap();
    for extension in ["docx", "pdf", "csv"] {
        sample(&inner, extension);
    }
    for n in 0..40 {
        text(&place, &format!("{n:02}.txt"), format!("text {n}").repeat(n + 1).as_bytes());
    }
    symlink("/etc/passwd", place.join("リンク")).unwrap();
    let broken = text(&place, "壊れた.docx", b"PK\x03\x04 this is no document");
    let said: Said =
        sato.command().arg("protect").arg(&place).args(["--grade", "C2I2A1", "--json"]).output().unwrap().into();
    let summary = said.json();
    assert!(summary["done"].as_u64().unwrap() >= 43, "{summary}");
    assert!([0, exit::PARTIAL].contains(&said.code), "{} {}", said.code, said.err);
    assert!(broken.exists() || place.join("壊れた.docx.kkz").exists(), "what can't be wrapped is still there");
    assert!(place.join("リンク").symlink_metadata().unwrap().file_type().is_symlink(), "links are left alone");
    let plain = names(&place).into_iter().filter(|name| name.ends_with(".txt")).count();
    assert_eq!(plain, 0, "nothing is left in clear");
    // The same again finds nothing to do.
    let said: Said =
        sato.command().arg("protect").arg(&place).args(["--grade", "C2I2A1", "--json"]).output().unwrap().into();
    assert_eq!(said.json()["done"], 0);
}

#[test]
fn a_folder_is_exported_whole() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    for n in 0..10 {
        text(&place, &format!("{n}.txt"), format!("text {n}").as_bytes());
    }
    let place_text = place.to_str().unwrap();
    sato.labeler(["protect", place_text, "--grade", "C2I1A1"]).good();
    let out = agency.place("出力");
    sato.labeler(["export", place_text, "--to", out.to_str().unwrap(), "--purpose", "移行"]).good();
    for n in 0..10 {
        let found = super::holds(&out, format!("text {n}").as_bytes());
        assert!(found.is_some(), "{n}");
    }
}

#[test]
fn a_run_killed_half_way_harms_nothing_and_goes_on() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let content = |n: usize| vec![n as u8; 200_000 + n];
    for n in 0..60 {
        text(&place, &format!("{n:02}.bin"), &content(n));
    }
    for milliseconds in ["0.02", "0.05", "0.1", "0.2", "0.4"] {
        let mut command = std::process::Command::new("timeout");
        command.args(["-s", "KILL", milliseconds]).arg(kakuzuke_tests::programs::bin_dir().join("labeler"));
        command.arg("protect").arg(&place).args(["--grade", "C2I2A1"]).env("KAKUZUKE_PROFILE", &sato.profile);
        command.output().unwrap();
        for n in 0..60 {
            let plain = place.join(format!("{n:02}.bin"));
            // Between the two steps of taking its place, the envelope stands under the document's own name.
            let whole = fs::read(&plain).is_ok_and(|b| b == content(n) || b.starts_with(&MAGIC));
            assert!(whole || place.join(format!("{n:02}.bin.kkz")).exists(), "{n} is whole, one way or the other");
        }
    }
    sato.labeler(["protect", place.to_str().unwrap(), "--grade", "C2I2A1"]).good();
    sato.labeler(["sync"]).good();
    assert_eq!(names(&place).len(), 60, "{:?}", names(&place));
    let out = agency.place("o");
    for n in [0, 30, 59] {
        let to = out.join(format!("{n}"));
        sato.open(&place.join(format!("{n:02}.bin.kkz")), &to).good();
        assert!(fs::read(&to).unwrap() == content(n));
    }
}
