//! The programs under test and the tools beside them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The folder that holds `labeler` and `kakuzuke-keyserver`, built once.
pub fn bin_dir() -> &'static PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        if let Some(dir) = std::env::var_os("KAKUZUKE_BIN_DIR") {
            return dir.into();
        }
        let test = std::env::current_exe().expect("a test has a path");
        let profile = test.ancestors().nth(2).expect("target/<profile>/deps/<test>").to_owned();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "build",
            "--quiet",
            "-p",
            "labeler",
            "-p",
            "kakuzuke-keyserver",
            "--bins",
            "--features",
            "kakuzuke-keyserver/crash-points",
        ]);
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        let built = cargo.current_dir(repository()).status().expect("cargo runs");
        assert!(built.success(), "the programs under test do not build");
        profile
    })
}

/// The repository's root.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_owned()
}

/// A command for one of our programs.
pub fn program(name: &str) -> Command {
    Command::new(bin_dir().join(name))
}

/// Whether an outside tool is there. Says so when it is not, and fails where tools are required.
pub fn have(tool: &str) -> bool {
    let found =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(tool).is_file()));
    if !found {
        assert!(
            std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(),
            "{tool} is missing and KAKUZUKE_REQUIRE_TOOLS is set"
        );
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

/// The library that shows a program another clock, if it is there; says so and fails as [`have`].
pub fn clock_library() -> Option<PathBuf> {
    let places = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = places.map(|place| place.path().join("faketime/libfaketime.so.1")).find(|path| path.is_file());
    if found.is_none() {
        assert!(
            std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(),
            "libfaketime is missing and KAKUZUKE_REQUIRE_TOOLS is set"
        );
        eprintln!("skipped: libfaketime is not installed");
    }
    found
}

/// The corpus of real documents, when it is there.
pub fn corpus() -> Option<PathBuf> {
    let place =
        std::env::var_os("KAKUZUKE_CORPUS").map_or_else(|| repository().join("../shared/corpus"), PathBuf::from);
    if place.is_dir() {
        Some(place)
    } else {
        eprintln!("skipped: no corpus at {}", place.display());
        None
    }
}
