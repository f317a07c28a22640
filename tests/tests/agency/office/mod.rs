//! The LibreOffice extension, in a real LibreOffice without a screen, driven through UNO as its users drive it by hand.

mod asked;
mod embedded;
mod new;
mod plaintext;
mod reading;
mod rights;
mod saving;
mod seen;
mod taken;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use kakuzuke_tests::agency::Officer;
use kakuzuke_tests::programs::{bin_dir, have, repository};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Loads what tells UNO and the office apart from a Python without them.
const DRIVES: &str = "import uno, unohelper";

/// An office that ends when asked has ended by then.
const PATIENCE: Duration = Duration::from_secs(6);

/// One LibreOffice with a profile, a home and working files of its own.
struct Office {
    folder: TempDir,
    memory: TempDir,
    environment: Vec<(&'static str, String)>,
    running: Option<Running>,
}

/// The office's process and what drives it.
struct Running {
    office: Child,
    driver: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The Python that speaks UNO: Debian's own, whatever else comes first in the path.
fn python() -> Option<&'static str> {
    let drives = |python: &&str| {
        let tried = Command::new(python).args(["-c", DRIVES]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    let found = ["/usr/bin/python3", "python3"].into_iter().find(drives);
    if found.is_none() {
        assert!(std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(), "python3-uno is missing");
        eprintln!("skipped: no Python drives LibreOffice (python3-uno)");
    }
    found
}

/// libkakuzuke, built.
fn library() -> PathBuf {
    let library = bin_dir().join("libkakuzuke.so");
    if !library.is_file() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--workspace", "--lib", "--bins", "--tests"]).current_dir(repository());
        if bin_dir().ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success(), "the C library builds");
    }
    library
}

impl Office {
    /// An office with the extension installed, for an officer, in a language; not yet started.
    fn install(officer: &Officer, language: &str) -> Option<Self> {
        if !(have("soffice") && have("unopkg") && python().is_some()) {
            return None;
        }
        let memory = tempfile::tempdir_in("/dev/shm").expect("a folder in memory");
        let office = Self { folder: tempfile::tempdir().unwrap(), memory, environment: Vec::new(), running: None };
        for name in ["profile/user", "shared", "home", "tmp"] {
            fs::create_dir_all(office.folder.path().join(name)).unwrap();
        }
        let package = office.folder.path().join("kakuzuke.oxt");
        let mut build = Command::new("python3");
        build.arg(repository().join("ffi/libreoffice/build.py")).arg(&package);
        build.arg("--set").arg(format!("Library={}", library().display()));
        build.arg("--set").arg(format!("Profile={}", officer.profile.display()));
        assert!(build.status().unwrap().success(), "the extension is packed");
        let add = || {
            let mut unopkg = office.command("unopkg");
            unopkg.args(["add", "--force", "--shared"]).args(office.places()).arg(&package).output().unwrap()
        };
        let mut added = add();
        // LibreOffice 7.4's own installer dies now and then (1 time of 30 in a loop), of a registry it has just made itself.
        if added.status.code().is_none_or(|code| code > 128) {
            eprintln!("unopkg died ({}); once more", added.status);
            added = add();
        }
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        office.settings(language);
        Some(office)
    }

    /// The same, started twice as people do who install it: from the second start on the working files go to memory.
    fn open(officer: &Officer, language: &str) -> Option<Self> {
        let mut office = Self::install(officer, language)?;
        office.start(&["--headless", "--norestore"]);
        office.await_memory();
        office.quit();
        office.start(&["--headless", "--norestore"]);
        Some(office)
    }

    fn places(&self) -> [String; 2] {
        let folder = self.folder.path().display();
        [
            format!("-env:UserInstallation=file://{folder}/profile"),
            // What is installed for everybody goes to a folder of ours, not to the system's.
            format!("-env:UNO_SHARED_PACKAGES_CACHE=file://{folder}/shared"),
        ]
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("HOME", self.folder.path().join("home")).env("TMPDIR", self.folder.path().join("tmp"));
        command.env("XDG_RUNTIME_DIR", self.memory.path()).env("PYTHONDONTWRITEBYTECODE", "1").env_remove("DISPLAY");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn settings(&self, language: &str) {
        let item = |path: &str, name: &str, value: &str| {
            format!(
                "<item oor:path=\"{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\"><value>{value}</value></prop></item>"
            )
        };
        let head =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">";
        let settings = [
            head.to_owned(),
            item("/org.openoffice.Office.Linguistic/General", "UILocale", language),
            item("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
            item("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
            item("/org.openoffice.Office.Common/Misc", "ShowTipOfTheDay", "false"),
            // On, and as often as it goes: nothing of a protected document may come of it.
            item("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "true"),
            item("/org.openoffice.Office.Recovery/AutoSave", "TimeIntervall", "1"),
            "</oor:items>".to_owned(),
        ];
        fs::write(self.folder.path().join("profile/user/registrymodifications.xcu"), settings.concat()).unwrap();
    }

    fn start(&mut self, arguments: &[&str]) {
        let pipe = format!("kakuzuke{}", self.folder.path().file_name().unwrap().to_string_lossy().replace('.', ""));
        let mut soffice = self.command("soffice");
        soffice.args(self.places()).args(["--nologo", &format!("--accept=pipe,name={pipe};urp")]).args(arguments);
        soffice.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let office = soffice.spawn().expect("soffice runs");
        let mut drive = self.command(python().unwrap());
        drive.arg(repository().join("tests/tests/agency/office/drive.py")).arg(pipe);
        let mut driver = drive.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the driver runs");
        let (asked, answers) = (driver.stdin.take().unwrap(), BufReader::new(driver.stdout.take().unwrap()));
        let mut running = Running { office, driver, asked, answers };
        assert_eq!(running.answer(), Ok(json!("ready")), "the office listens");
        self.running = Some(running);
    }

    /// Asks the office to end, and waits until it has.
    fn quit(&mut self) {
        let _bridge_falls = self.tell("quit", json!([]));
        if let Some(mut running) = self.running.take() {
            drop(running.asked);
            let _status = running.driver.wait();
            // Asked before its start is over, an office forgets and stays: then it is ended by force.
            let until = Instant::now() + PATIENCE;
            while running.office.try_wait().is_ok_and(|ended| ended.is_none()) && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(50));
            }
            end(&mut running.office);
        }
    }

    /// Waits until the office has written down where its working files go from the next start on.
    fn await_memory(&self) {
        let written = self.folder.path().join("profile/user/registrymodifications.xcu");
        let room = format!("{}/kakuzuke", self.memory.path().display());
        let until = Instant::now() + 10 * PATIENCE;
        while !fs::read_to_string(&written).is_ok_and(|settings| settings.contains(&room)) {
            assert!(Instant::now() < until, "the office notes its folder in memory");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks for something that may be refused.
    fn tell(&mut self, command: &str, arguments: Value) -> Result<Value, String> {
        self.running.as_mut().expect("the office runs").tell(command, arguments)
    }

    /// Asks for something that must go well.
    #[track_caller]
    fn ask(&mut self, command: &str, arguments: Value) -> Value {
        self.tell(command, arguments.clone()).unwrap_or_else(|fault| panic!("{command} {arguments}: {fault}"))
    }

    /// A text the office answers with.
    #[track_caller]
    fn text(&mut self, command: &str) -> String {
        self.ask(command, json!([])).as_str().unwrap().to_owned()
    }

    /// Loads a file as a double-click does.
    #[track_caller]
    fn show(&mut self, path: &Path) {
        assert_eq!(self.ask("open", json!([path])), json!(true), "{} is shown", path.display());
    }

    /// Whether a command of the office is there.
    #[track_caller]
    fn enabled(&mut self, command: &str) -> bool {
        self.ask("enabled", json!([command])) == json!(true)
    }
}

impl Running {
    fn tell(&mut self, command: &str, arguments: Value) -> Result<Value, String> {
        self.send(command, arguments)?;
        self.answer()
    }

    /// Asks, and does not wait for the answer: a dialog may come first.
    fn send(&mut self, command: &str, arguments: Value) -> Result<(), String> {
        let mut line = vec![json!(command)];
        line.extend(arguments.as_array().cloned().unwrap_or_default());
        writeln!(self.asked, "{}", Value::Array(line)).map_err(|fault| fault.to_string())
    }

    fn answer(&mut self) -> Result<Value, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|fault| fault.to_string())?;
        let answer: Value = serde_json::from_str(&line).map_err(|fault| format!("{fault}: {line:?}"))?;
        match answer.get("ok") {
            Some(value) => Ok(value.clone()),
            None => Err(answer["fault"].as_str().unwrap_or_default().to_owned()),
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _already_gone = running.driver.kill();
            let _status = running.driver.wait();
            end(&mut running.office);
        }
    }
}

/// Ends an office by force. The group is its own: start script, splash and itself.
fn end(office: &mut Child) {
    let _already_gone = kill_process_group(Pid::from_child(office), Signal::KILL);
    let _status = office.wait();
}
