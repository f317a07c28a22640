//! 端末. A program on a terminal of its own: what it draws is read, keys are typed into it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Command};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A terminal of 120 columns and 30 lines with a program on it.
pub struct Terminal {
    child: Child,
    keys: File,
    /// What was drawn since the last key.
    drawn: Vec<u8>,
}

impl Terminal {
    /// Starts a command on a terminal.
    pub fn start(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal that can be opened");
        let size = Winsize { ws_row: 30, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).expect("a size");
        let name = ptsname(&master, Vec::new()).expect("a name");
        let slave = || {
            let path = std::ffi::OsStr::from_bytes(name.to_bytes());
            OpenOptions::new().read(true).write(true).open(path).expect("the other end")
        };
        let child = command.stdin(slave()).stdout(slave()).stderr(slave()).env("TERM", "xterm-256color").spawn();
        // The command keeps its own ends open as long as it lives here.
        drop(command);
        Self { child: child.expect("it runs"), keys: File::from(master), drawn: Vec::new() }
    }

    /// Reads until something is drawn.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        while !self.screen().contains(text) {
            assert!(self.read() > 0, "it ended before it showed {text:?}:\n{}", self.screen());
        }
        self
    }

    /// Types; what was drawn before counts no more.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.drawn.clear();
        self.keys.write_all(keys.as_bytes()).expect("somebody reads");
        self
    }

    /// What was drawn since the last key.
    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&self.drawn).into_owned()
    }

    /// Waits for its end: exit code, and the rest of what it wrote.
    pub fn end(mut self) -> (i32, String) {
        while self.read() > 0 {}
        let status = self.child.wait().expect("it ends");
        (status.code().unwrap_or(-1), self.screen())
    }

    fn read(&mut self) -> usize {
        let mut piece = [0; 4096];
        // Linux answers EIO once the program's end is closed.
        let read = self.keys.read(&mut piece).unwrap_or(0);
        self.drawn.extend_from_slice(&piece[..read]);
        read
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}
