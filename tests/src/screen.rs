//! A screen that nobody sees, keys and mouse on it, and pictures of it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long something may take to be seen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A screen (Xvfb) with a home folder for the programs on it; they end with it.
pub struct Screen {
    server: Child,
    programs: Vec<Child>,
    display: String,
    home: PathBuf,
}

impl Screen {
    /// Lights it, upright or lying, as many dots wide and high.
    pub fn open(home: PathBuf, (width, height): (u32, u32)) -> Self {
        let mut server = Command::new("Xvfb");
        let size = format!("{width}x{height}x24");
        server.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"]);
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb runs");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("its number");
        Self { server, programs: Vec::new(), display: format!(":{}", number.trim()), home }
    }

    /// Its name, as DISPLAY has it.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The home folder of the programs on it.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// A program for it.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display).env("LC_ALL", "C.UTF-8").env("HOME", &self.home);
        command.env("XDG_RUNTIME_DIR", &self.home).env("TMPDIR", &self.home).env_remove("DBUS_SESSION_BUS_ADDRESS");
        for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env_remove(folder);
        }
        command
    }

    /// Starts a program on it.
    pub fn start(&mut self, mut command: Command) {
        self.programs.push(command.spawn().expect("the program runs"));
    }

    /// Keys and mouse, as `xdotool` takes them.
    pub fn keys(&self, args: &[&str]) {
        assert!(self.try_keys(args), "{args:?}");
    }

    fn try_keys(&self, args: &[&str]) -> bool {
        self.command("xdotool").args(args).status().expect("xdotool runs").success()
    }

    /// What stands on it, for whoever reads why a test failed: the names of the windows, and where the keys go.
    fn windows(&self) -> String {
        let told = |args: &[&str]| {
            let output = self.command("xdotool").args(args).output().expect("xdotool runs");
            String::from_utf8_lossy(&output.stdout).trim().replace('\n', ", ")
        };
        let seen = told(&["search", "--onlyvisible", "--name", ".", "getwindowname", "%@"]);
        format!("{seen}; the keys go to {}", told(&["getwindowfocus", "getwindowname"]))
    }

    /// Looks at it until it is as it should be. The picture stays in the home folder.
    pub fn until(&self, name: &str, good: impl Fn(&[u8]) -> bool) {
        self.insist(&[], name, good);
    }

    /// The same, pressing keys again until it is so: without a window manager a key may come before its window listens, and a window
    /// be painted before it has its name.
    pub fn insist(&self, keys: &[&[&str]], name: &str, good: impl Fn(&[u8]) -> bool) {
        let picture = self.home.join(name);
        let late = Instant::now() + PATIENCE;
        loop {
            let _all_there = keys.iter().all(|keys| self.try_keys(keys));
            for _look in 0..30 {
                let mut take = self.command("import");
                let taken = take.args(["-window", "root"]).arg(&picture).status().expect("import runs");
                if taken.success() && good(&dots(&picture)) {
                    return;
                }
                assert!(Instant::now() < late, "never seen: {}; there is {}", picture.display(), self.windows());
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in self.programs.iter_mut().chain([&mut self.server]) {
            let _gone = child.kill();
            let _status = child.wait();
        }
    }
}

/// The dots of a picture, grey.
pub fn dots(path: &Path) -> Vec<u8> {
    let mut convert = Command::new("convert");
    let output =
        convert.arg(path).args(["-colorspace", "Gray", "-depth", "8", "gray:-"]).output().expect("convert runs");
    assert!(output.status.success() && !output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
