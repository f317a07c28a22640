//! The C library, from a C program.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kakuzuke_tests::agency::{Agency, exit};
use kakuzuke_tests::programs::{bin_dir, have, repository};

use super::sample;

/// Builds the library and the example; gives the program and the library's folder.
fn build(folder: &std::path::Path) -> Option<(PathBuf, PathBuf)> {
    if !have("cc") {
        return None;
    }
    let library = bin_dir().clone();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "-p", "kakuzuke-ffi"]).current_dir(repository());
    if library.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success(), "the C library builds");
    let program = folder.join("show");
    let ffi = repository().join("ffi");
    let mut cc = Command::new("cc");
    cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o"]).arg(&program);
    cc.arg(ffi.join("examples/show.c")).arg("-I").arg(ffi.join("include"));
    cc.arg("-L").arg(&library).arg("-lkakuzuke");
    assert!(cc.status().unwrap().success(), "the example compiles without a warning");
    Some((program, library))
}

#[test]
fn a_c_program_opens_a_document_reads_from_its_middle_and_is_told_why_not() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let path = sample(&agency.place("文書"), "pdf");
    let original = fs::read(&path).unwrap();
    sato.protect(&path, "C2I2A1", &["印刷禁止"]).good();
    let Some((program, library)) = build(&agency.place("c")) else { return };
    let run = |profile: &std::path::Path, rest: &[&str]| {
        let mut command = Command::new(&program);
        command.arg(profile).arg(&path).args(rest).env("LD_LIBRARY_PATH", &library);
        command.output().unwrap()
    };
    let said = run(&sato.profile, &[]);
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.status.success(), "{told}");
    assert!(said.stdout == original, "the whole content");
    assert!(told.contains("機密性２情報") && told.contains("印刷禁止") && told.contains("grade: C2I2A1"), "{told}");
    let said = run(&sato.profile, &["70000", "5000"]);
    assert!(said.stdout == original[70_000..75_000], "a part from the middle");
    let said = run(&sato.profile, &["99999999999", "10"]);
    assert!(said.status.success() && said.stdout.is_empty(), "past the end there is nothing");
    let said = run(&tanaka.profile, &[]);
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!([exit::DENIED, exit::NOT_AVAILABLE].contains(&said.status.code().unwrap()), "{told}");
    assert!(said.stdout.is_empty());
    let said = run(&agency.place("c").join("none"), &[]);
    assert!(!said.status.success());
}
