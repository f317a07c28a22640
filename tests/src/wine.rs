//! A Windows machine: our programs for it under Wine, with a user and a disk of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::agency::Said;
use crate::programs::{have, repository};

const WINE: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver64";
/// The compiler for C programs of Windows.
const COMPILER: &str = "x86_64-w64-mingw32-gcc-posix";
/// Sources of Rust's standard library, which is built along.
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std";

/// A machine with the programs on it; gone when dropped.
pub struct Machine {
    folder: TempDir,
    built: PathBuf,
}

impl Machine {
    /// A new one; none, with a word, where the tools to build and run its programs are missing.
    pub fn new() -> Option<Self> {
        if std::env::var_os("KAKUZUKE_WITHOUT_WINDOWS").is_some() {
            eprintln!("skipped: this distribution does not have what builds the programs for Windows");
            return None;
        }
        if ![COMPILER, "wixl"].into_iter().all(have) || ![WINE, SOURCES].into_iter().all(is_there) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let machine = Self { folder, built: built() };
        machine.wine(Path::new("wineboot")).arg("-i").status().expect("wine runs");
        let bin = machine.place("bin");
        for name in ["labeler.exe", "kakuzuke.dll"] {
            std::fs::copy(machine.built.join(name), bin.join(name)).expect("a program of the build");
        }
        let shim = repository().join("tests/tests/windows/shim.c");
        let shim = machine.compile(&shim, "bcryptprimitives.dll", &["-shared", "-ladvapi32"]);
        // Found there by programs in any folder.
        let system = machine.disk().join("windows/system32/bcryptprimitives.dll");
        std::fs::copy(shim, system).expect("a folder of the system");
        Some(machine)
    }

    /// What the build wrote.
    pub fn built(&self) -> &Path {
        &self.built
    }

    /// The machine's `C:`.
    pub fn disk(&self) -> PathBuf {
        self.folder.path().join("prefix/drive_c")
    }

    /// A folder on it, by its place below `C:`.
    pub fn place(&self, below: &str) -> PathBuf {
        let place = self.disk().join(below);
        std::fs::create_dir_all(&place).expect("a folder");
        place
    }

    /// What a file on its disk is called there.
    pub fn name(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.disk()).expect("on the machine's disk");
        format!("C:\\{}", below.display().to_string().replace('/', "\\"))
    }

    /// Compiles a C program or library for it, into its folder of programs.
    pub fn compile(&self, source: &Path, name: &str, rest: &[&str]) -> PathBuf {
        let out = self.place("bin").join(name);
        let mut cc = Command::new(COMPILER);
        cc.args(["-static", "-O1", "-Wall", "-Wextra", "-Werror", "-D__USE_MINGW_ANSI_STDIO=1", "-o"]);
        cc.arg(&out).arg(source).arg("-I").arg(repository().join("ffi/include")).arg("-L").arg(&self.built).args(rest);
        assert!(cc.status().expect("the compiler runs").success(), "{} compiles", source.display());
        out
    }

    /// Compiles a C program of `ffi/` that uses the library, with its arguments in UTF-8.
    pub fn compile_program(&self, source: &str, name: &str) -> PathBuf {
        let program = format!("-DPROGRAM=\"{}\"", repository().join("ffi").join(source).display());
        let wide = repository().join("tests/tests/windows/wide.c");
        // Its own library is no archive.
        let rest = [&program, "-municode", "-pthread", "-Wl,-Bdynamic", "-lkakuzuke", "-Wl,-Bstatic"];
        self.compile(&wide, name, &rest)
    }

    /// A command of the system, or a program by its place.
    pub fn wine(&self, program: &Path) -> Command {
        let mut command = Command::new(WINE);
        command.arg(program);
        command.env("WINEPREFIX", self.folder.path().join("prefix")).env("WINEDEBUG", "-all");
        // No question whether to fetch other packages.
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").env("LC_ALL", "C.UTF-8").env_remove("DISPLAY");
        command.stdin(Stdio::null());
        command
    }

    /// Waits until every program on it has ended, also one that was killed.
    pub fn settle(&self) {
        let mut wait = Command::new(SERVER);
        wait.arg("-w").env("WINEPREFIX", self.folder.path().join("prefix")).status().expect("wine's server runs");
    }

    /// A key of the registry with all below it, as text; none where it is not there.
    pub fn registry(&self, key: &str) -> Option<String> {
        let file = self.place("bin").join("exported.reg");
        let _none_yet = std::fs::remove_file(&file);
        let mut export = self.wine(Path::new("reg"));
        let status = export.args(["export", key, &self.name(&file), "/y"]).output().expect("wine runs").status;
        let bytes = std::fs::read(&file).ok().filter(|_| status.success())?;
        let letters: Vec<u16> = bytes.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
        Some(String::from_utf16_lossy(&letters))
    }

    /// One of our programs, or one that was compiled.
    pub fn program(&self, name: &str) -> Command {
        self.wine(&self.place("bin").join(name))
    }

    /// `labeler.exe` with messages in English, for an officer by their profile's place on this machine.
    pub fn labeler<'a>(&self, profile: &str, args: impl IntoIterator<Item = &'a str>) -> Said {
        let mut command = self.program("labeler.exe");
        command.args(["--lang", "en"]).args(args).env("KAKUZUKE_PROFILE", profile);
        command.output().expect("wine runs").into()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let mut end = Command::new(SERVER);
        let _ends_by_itself = end.arg("-k").env("WINEPREFIX", self.folder.path().join("prefix")).status();
    }
}

fn is_there(path: &str) -> bool {
    let found = Path::new(path).exists();
    if !found {
        assert!(std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(), "{path} is missing, and tools are required");
        eprintln!("skipped: {path} is not there");
    }
    found
}

/// The programs, built once: by whoever runs all tests, else here; others wait for the one that builds.
fn built() -> PathBuf {
    if let Some(folder) = std::env::var_os("KAKUZUKE_WINDOWS_DIR") {
        return folder.into();
    }
    let folder = repository().join("target/windows");
    std::fs::create_dir_all(&folder).expect("a folder");
    let turn = std::fs::File::create(folder.join("turn")).expect("a lock file");
    turn.lock().expect("a lock");
    let out = folder.join("trial");
    let mut build = Command::new(repository().join("scripts/windows/build.sh"));
    let built = build.arg("--trial").arg(&out).env_remove("RUSTC").stdout(Stdio::null()).status();
    assert!(built.expect("bash runs").success(), "the programs for Windows build");
    out
}
