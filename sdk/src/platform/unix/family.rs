//! 一族. A program with all that it starts: they end together. `soffice` is a script that starts a launcher that starts the program.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// A process group, led by the program.
pub(crate) struct Family {
    leader: Child,
    is_over: bool,
}

impl Family {
    /// Starts the program.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        Ok(Self { leader: command.process_group(0).spawn()?, is_over: false })
    }

    /// How the program ended, once it did; what it started ends then too.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        // It keeps its number, and with it the group's, until it is waited for.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(Pid::from_child(&self.leader)), options)? {
            Some(_) => self.end().map(Some),
            None => Ok(None),
        }
    }

    fn end(&mut self) -> io::Result<ExitStatus> {
        if !self.is_over {
            let _already_gone = kill_process_group(Pid::from_child(&self.leader), Signal::KILL);
        }
        self.is_over = true;
        self.leader.wait()
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        let _status = self.end();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io::Read;

    use super::*;

    /// A program that says a line once what it started runs; that says another if it is left alone.
    fn family(then: &str) -> (Family, io::PipeReader) {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("(sleep 30; echo late) & echo; {then}")).stdout(writer);
        let family = Family::start(&mut command).unwrap();
        reader.read_exact(&mut [0]).unwrap();
        (family, reader)
    }

    fn rest(mut reader: io::PipeReader) -> String {
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        rest
    }

    #[test]
    fn what_a_program_started_ends_when_the_program_is_given_up() {
        let (mut family, reader) = family("wait");
        assert!(family.ended().unwrap().is_none());
        drop(family);
        assert_eq!(rest(reader), "");
    }

    #[test]
    fn what_a_program_started_ends_when_the_program_ends() {
        let (mut family, reader) = family("exit 3");
        let status = loop {
            match family.ended().unwrap() {
                Some(status) => break status,
                None => std::thread::yield_now(),
            }
        };
        assert_eq!((status.code(), family.ended().unwrap_or_default().is_none()), (Some(3), true));
        assert_eq!(rest(reader), "");
    }
}
