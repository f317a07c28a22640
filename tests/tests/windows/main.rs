//! Windows: the programs officers there use, against a real key server, under Wine. What Wine can't show is in docs/windows.md.

mod explorer;
mod files;
mod story;

use std::path::{Path, PathBuf};

use kakuzuke_tests::agency::Agency;
use kakuzuke_tests::programs::repository;
use kakuzuke_tests::wine::Machine;

/// The first officer's profile, as the machine calls it, enrolled by `labeler.exe`.
fn enrol(agency: &Agency, machine: &Machine) -> String {
    let profile = r"C:\users\sato\格付".to_owned();
    machine.place("users/sato");
    let code = agency.code("sato", &["--name", "佐藤", "--role", "officer", "--unit", "総務課"]);
    machine.labeler(&profile, ["enrol", &code]).good();
    profile
}

/// A sample document on the machine's disk.
fn sample(folder: &Path, extension: &str) -> PathBuf {
    let samples = std::fs::read_dir(repository().join("samples")).unwrap();
    let mut samples: Vec<PathBuf> = samples.map(|entry| entry.unwrap().path()).collect();
    samples.sort();
    let from = samples.into_iter().find(|path| path.extension().is_some_and(|found| found == extension)).unwrap();
    let to = folder.join(from.file_name().unwrap());
    std::fs::copy(&from, &to).unwrap();
    to
}
