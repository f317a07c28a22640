//! A second reader, in Python, written from the specification: it finds in every vector, and in files sealed just now,
//! what our reader finds.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_core::crypto::fast;
use kakuzuke_tests::envelope::vector::{self, Outcome, Vector};
use kakuzuke_tests::envelope::{catalogue, reading};
use kakuzuke_tests::programs::repository;

/// A Python that has what the second reader needs (`./test.sh` makes one in target/venv).
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("KAKUZUKE_PYTHON").map(PathBuf::from);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from);
    let places = [named, Some(target.join("venv/bin/python3")), Some(PathBuf::from("python3"))];
    let usable = |python: &PathBuf| {
        let probe = Command::new(python)
            .args(["-c", "from cryptography.hazmat.primitives.hpke import KEM; KEM.MLKEM1024_P384"])
            .output();
        probe.is_ok_and(|output| output.status.success())
    };
    let found = places.into_iter().flatten().find(usable);
    if found.is_none() {
        assert!(
            std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(),
            "no Python with the package of tests/independent/requirements.txt, and KAKUZUKE_REQUIRE_TOOLS is set"
        );
        eprintln!("skipped: no Python with the package of tests/independent/requirements.txt");
    }
    found
}

/// What the second reader finds in the vectors of a folder.
fn read(python: &Path, folder: &Path) -> BTreeMap<String, Outcome> {
    let reader = repository().join("tests/independent/reader.py");
    let output = Command::new(python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(reader)
        .arg(folder)
        .args(vector::names(folder))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let outcome = |line: &str| {
        let (name, json) = line.split_once('\t').unwrap();
        (name.to_owned(), serde_json::from_str(json).unwrap())
    };
    text.lines().map(outcome).collect()
}

#[test]
fn the_second_reader_finds_in_every_vector_what_it_says() {
    let Some(python) = python() else { return };
    let folder = vector::folder();
    let found = read(&python, &folder);
    let mut wrong = Vec::new();
    for name in vector::names(&folder) {
        let wanted = Vector::load(&folder, &name).outcome;
        if found.get(&name) != Some(&wanted) {
            wrong.push(format!("{name}: {:?} instead of {wanted:?}", found.get(&name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_readers_find_the_same_in_files_sealed_just_now() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = BTreeMap::new();
    for made in catalogue::fresh() {
        let json = (format!("{}.json", made.name), made.vector.to_json().into_bytes());
        for (name, bytes) in made.files.iter().chain([&json]) {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        wanted.insert(made.name, (reading::read(fast(), folder.path(), &made.vector), made.vector.outcome));
    }
    let found = read(&python, folder.path());
    for (name, (ours, said)) in wanted {
        assert_eq!(ours, said, "{name}");
        assert_eq!(found.get(&name), Some(&ours), "{name}");
    }
}
