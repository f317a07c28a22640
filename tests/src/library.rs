//! libkakuzuke as its users get it: installed by cargo-c into a folder, found by pkg-config.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::programs::{have, repository};

/// The installed package.
#[derive(Debug, Clone)]
pub struct Library {
    /// Where it was installed, as `--prefix` names it.
    pub prefix: PathBuf,
}

impl Library {
    /// Builds and installs it; none where cargo-c, a compiler or pkg-config is missing.
    pub fn installed() -> Option<Self> {
        static DONE: OnceLock<Option<Library>> = OnceLock::new();
        let install = || {
            let tools = ["cargo-cinstall", "cargo-cbuild", "cc", "pkg-config"];
            if !tools.iter().all(|tool| have(tool)) {
                return None;
            }
            let target = target().join("capi");
            let prefix = target.join("prefix");
            std::fs::create_dir_all(&target).expect("a folder");
            // Several tests want it at once: the first builds it.
            let lock = std::fs::File::create(target.join("lock")).expect("a lock");
            lock.lock().expect("a lock");
            let cargo = |command: &str| {
                let mut cargo = Command::new(format!("cargo-{command}"));
                cargo.args([command, "--package", "kakuzuke-ffi", "--profile", "dev", "--locked", "--libdir", "lib"]);
                cargo.arg("--target-dir").arg(&target).arg("--prefix").arg(&prefix).current_dir(repository());
                let output = cargo.output().expect("cargo-c runs");
                assert!(output.status.success(), "cargo {command}: {}", String::from_utf8_lossy(&output.stderr));
            };
            cargo("cbuild");
            // What another test may have open is not written over by the same again.
            if !is_installed(&target, &prefix) {
                cargo("cinstall");
            }
            Some(Self { prefix })
        };
        DONE.get_or_init(install).clone()
    }

    /// The folder with the shared library.
    pub fn folder(&self) -> PathBuf {
        self.prefix.join("lib")
    }

    /// What pkg-config says.
    pub fn pkg_config(&self, asked: &str) -> Vec<String> {
        let output = Command::new("pkg-config")
            .args([asked, "kakuzuke"])
            .env("PKG_CONFIG_PATH", self.folder().join("pkgconfig"))
            .output()
            .expect("pkg-config runs");
        assert!(output.status.success(), "pkg-config: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).split_whitespace().map(ToOwned::to_owned).collect()
    }

    /// Compiles a program of one file against it, every warning an error.
    pub fn compile(&self, compiler: &str, options: &[&str], source: &Path, program: &Path) {
        let mut cc = Command::new(compiler);
        cc.args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-g"]).args(options).arg(source).arg("-o").arg(program);
        cc.args(self.pkg_config("--cflags")).args(self.pkg_config("--libs")).arg("-pthread");
        let output = cc.output().expect("the compiler runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A command that finds the shared library.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", self.folder());
        command
    }
}

/// Whether what was built just now is what is installed, with all that comes along.
fn is_installed(target: &Path, prefix: &Path) -> bool {
    let same = |one: &Path, other: &Path| {
        std::fs::read(one).ok().zip(std::fs::read(other).ok()).is_some_and(|(one, other)| one == other)
    };
    let shared = prefix.join("lib/libkakuzuke.so");
    let others = [
        ("include/kakuzuke.h", "include/kakuzuke.h"),
        ("include/kakuzuke.hpp", "include/kakuzuke.hpp"),
        ("man/kakuzuke.3", "share/man/man3/kakuzuke.3"),
    ];
    let others = others.iter().all(|(ours, theirs)| same(&repository().join("ffi").join(ours), &prefix.join(theirs)));
    let built = std::fs::read_dir(target).into_iter().flatten().flatten();
    let built = built.map(|entry| entry.path().join("debug/libkakuzuke.so"));
    others && built.filter(|path| path.is_file()).any(|path| same(&path, &shared))
}

/// Where cargo builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}
