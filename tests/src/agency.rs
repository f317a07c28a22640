//! An agency: its key server and its officers.

use std::cell::OnceCell;
use std::io::{BufRead, BufReader};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::programs::program;

/// A key server in a folder of its own, on loopback.
pub struct Agency {
    folder: TempDir,
    address: String,
    server: Option<Child>,
    first: OnceCell<Officer>,
}

/// An officer with a profile on a device of their own.
#[derive(Debug, Clone)]
pub struct Officer {
    /// Profile folder.
    pub profile: PathBuf,
    /// Subject id.
    pub subject: String,
}

/// What a program answered.
#[derive(Debug)]
pub struct Said {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    /// The answer, which must be success.
    #[track_caller]
    pub fn good(self) -> Self {
        assert_eq!(self.code, 0, "expected success\nstdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// The answer, which must be this refusal.
    #[track_caller]
    pub fn refused(self, exit_code: i32) -> Self {
        assert_eq!(self.code, exit_code, "expected exit {exit_code}\nstdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("not JSON ({e}): {}\n{}", self.out, self.err))
    }
}

impl Agency {
    /// Sets up a server and starts it.
    pub fn open() -> Self {
        Self::open_with(&[])
    }

    /// The same with more arguments to `init`.
    pub fn open_with(init: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Reserved by binding and letting go: the server binds it again a moment later.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let mut agency = Self { folder, address: format!("127.0.0.1:{port}"), server: None, first: OnceCell::new() };
        let dir = agency.server_dir();
        let mut command = program("kakuzuke-keyserver");
        command.arg("init").arg(&dir).args(["--listen", &agency.address]).args(init);
        Said::from(command.output().expect("the server's program runs")).good();
        agency.start();
        agency
    }

    /// The server's folder.
    pub fn server_dir(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A folder for documents of this agency.
    pub fn place(&self, name: &str) -> PathBuf {
        let place = self.folder.path().join(name);
        std::fs::create_dir_all(&place).expect("a folder");
        place
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The command that runs the server.
    pub fn run_command(&self) -> Command {
        let mut command = program("kakuzuke-keyserver");
        command.arg("run").arg(self.server_dir()).args(["--listen", &self.address]);
        command
    }

    /// Starts the server and waits until it says that it listens.
    pub fn start(&mut self) {
        let command = self.run_command();
        self.start_with(command);
    }

    /// The first officer, who approves.
    pub fn first(&self) -> &Officer {
        self.first.get().expect("an officer is enrolled")
    }

    /// Starts the server by a command of the caller's.
    pub fn start_with(&mut self, command: Command) {
        assert!(self.try_start_with(command), "the server ended before it listened");
    }

    /// The same for a server that may die on the way; whether it listens.
    pub fn try_start_with(&mut self, mut command: Command) -> bool {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server's program runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let listening = lines.by_ref().map_while(Result::ok).any(|line| line.contains(&self.address));
        std::thread::spawn(move || lines.for_each(drop));
        self.server = Some(child);
        listening
    }

    /// Starts the server at another address, with a relay at its own: what `meanwhile` does is done when an officer's program
    /// calls, before the server hears of it.
    pub fn start_behind(&mut self, mut meanwhile: impl FnMut() + Send + 'static) {
        let relay = TcpListener::bind(&self.address).expect("the agency's address is free");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let behind = format!("127.0.0.1:{port}");
        let own = std::mem::replace(&mut self.address, behind.clone());
        self.start();
        self.address = own;
        std::thread::spawn(move || {
            for call in relay.incoming().map_while(Result::ok) {
                meanwhile();
                let Ok(server) = TcpStream::connect(&behind) else { break };
                for (mut from, mut to) in [(&call, &server), (&server, &call)]
                    .map(|(from, to)| (from.try_clone().expect("a connection"), to.try_clone().expect("a connection")))
                {
                    std::thread::spawn(move || {
                        let _ended = std::io::copy(&mut from, &mut to);
                        let _closed = to.shutdown(Shutdown::Write);
                    });
                }
            }
        });
    }

    /// kill -9.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _already_gone = server.kill();
            let _status = server.wait();
        }
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
            assert!(told.expect("kill runs").success());
            let _status = server.wait();
        }
    }

    /// Makes a one-time code. `rest` are further arguments of `enrol`.
    pub fn code(&self, subject: &str, rest: &[&str]) -> String {
        let mut command = program("kakuzuke-keyserver");
        command.arg("enrol").arg(self.server_dir()).arg(subject).args(rest);
        let said = Said::from(command.output().expect("the server's program runs")).good();
        said.out.lines().last().expect("a code on the last line").to_owned()
    }

    /// Enrols an officer of 総務課 by name.
    pub fn officer(&self, subject: &str, name: &str) -> Officer {
        self.enrol(subject, &["--name", name, "--role", "officer", "--unit", "総務課"])
    }

    /// Enrols a subject with roles, unit and posts as given. The first officer approves the later ones.
    pub fn enrol(&self, subject: &str, rest: &[&str]) -> Officer {
        let code = self.code(subject, rest);
        let officer =
            Officer { profile: self.folder.path().join(format!("profile-{subject}")), subject: subject.to_owned() };
        let said = officer.labeler(["enrol", &code]);
        match said.code {
            0 => {}
            exit::APPROVAL_PENDING => {
                let first = self.first.get().expect("whoever approves is enrolled before");
                first.approve_all();
            }
            _ => {
                said.good();
            }
        }
        if rest.contains(&"officer") {
            let _the_first_stays = self.first.set(officer.clone());
        }
        officer
    }
}

impl Drop for Agency {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Officer {
    /// The officer's command, English messages.
    pub fn command(&self) -> Command {
        let mut command = program("labeler");
        command.env("KAKUZUKE_PROFILE", &self.profile).env("LC_ALL", "C.UTF-8").env_remove("LANG");
        command
    }

    /// Runs it.
    pub fn labeler<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Said {
        self.command().args(args).output().expect("labeler runs").into()
    }

    /// Protects one file in place at a grade, with restrictions.
    pub fn protect(&self, path: &Path, grade: &str, restrictions: &[&str]) -> Said {
        let mut command = self.command();
        command.arg("protect").arg(path).args(["--grade", grade]);
        for restriction in restrictions {
            command.args(["--restrict", restriction]);
        }
        command.output().expect("labeler runs").into()
    }

    /// Changes a file's label.
    pub fn relabel(&self, path: &Path, grade: &str, restrictions: &[&str]) -> Said {
        let mut command = self.command();
        command.arg("relabel").arg(path).args(["--grade", grade, "--reason", "見直し"]);
        for restriction in restrictions {
            command.args(["--restrict", restriction]);
        }
        command.output().expect("labeler runs").into()
    }

    /// Opens a file into another.
    pub fn open(&self, path: &Path, out: &Path) -> Said {
        self.command().arg("open").arg(path).arg("-o").arg(out).output().expect("labeler runs").into()
    }

    /// `show --json`.
    pub fn show(&self, path: &Path) -> serde_json::Value {
        let said: Said = self.command().arg("show").arg(path).arg("--json").output().expect("labeler runs").into();
        said.good().json()
    }

    /// Approves every application that waits.
    pub fn approve_all(&self) {
        let requests = self.labeler(["requests", "--json"]).good().json();
        for request in requests.as_array().expect("a list") {
            if request["state"] == "pending" {
                self.labeler(["approve", &request["number"].to_string()]).good();
            }
        }
    }
}

/// Exit codes of `labeler` (docs: the one list of outward codes).
pub mod exit {
    /// Asked for wrongly, or not gone through with.
    pub const USAGE: i32 = 2;
    /// Denied, with clause and remedy.
    pub const DENIED: i32 = 10;
    /// The uniform answer to who may not know more.
    pub const NOT_AVAILABLE: i32 = 11;
    /// Asked for, not yet decided.
    pub const APPROVAL_PENDING: i32 = 12;
    /// Not identified, or the certificate is revoked.
    pub const NOT_IDENTIFIED: i32 = 13;
    /// The clock is off.
    pub const CLOCK: i32 = 14;
    /// Damaged or altered.
    pub const DAMAGED: i32 = 20;
    /// A signature does not hold.
    pub const SIGNATURE: i32 = 21;
    /// Not one of ours.
    pub const NOT_PROTECTED: i32 = 23;
    /// Protected already.
    pub const ALREADY_PROTECTED: i32 = 24;
    /// Not a label.
    pub const LABEL: i32 = 25;
    /// Changed in between.
    pub const CONFLICT: i32 = 26;
    /// An authority not known here.
    pub const UNKNOWN_AUTHORITY: i32 = 28;
    /// The server can't be reached.
    pub const UNREACHABLE: i32 = 30;
    /// The server can't act now.
    pub const UNREADY: i32 = 31;
    /// No ticket left.
    pub const NO_TICKET: i32 = 32;
    /// No lease.
    pub const NO_LEASE: i32 = 33;
    /// Reading or writing failed.
    pub const IO: i32 = 40;
    /// No space left.
    pub const DISK_FULL: i32 = 41;
    /// Hidden data that nobody answered for.
    pub const HIDDEN_DATA: i32 = 44;
    /// Not a kind of file that can be handled.
    pub const UNSUPPORTED: i32 = 42;
    /// Some of several failed.
    pub const PARTIAL: i32 = 50;
    /// The log does not hold together.
    pub const LOG: i32 = 60;
}
