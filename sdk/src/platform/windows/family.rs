//! 一族. A program with all that it starts: they end together. `soffice.exe` starts the program that does the work.

use std::io;
use std::os::windows::io::AsHandle;
use std::process::{Child, Command, ExitStatus};

use kakuzuke_windows::job::Job;

/// A job, and the program it was made for.
pub(crate) struct Family {
    leader: Child,
    /// Ends whatever is in it when dropped.
    job: Option<Job>,
}

impl Family {
    /// Starts the program.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        let job = Job::new()?;
        let mut leader = command.spawn()?;
        if let Err(error) = job.take(leader.as_handle()) {
            let _already_gone = leader.kill();
            let _status = leader.wait();
            return Err(error);
        }
        Ok(Self { leader, job: Some(job) })
    }

    /// How the program ended, once it did; what it started ends then too.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        let status = self.leader.try_wait()?;
        if status.is_some() {
            self.job = None;
        }
        Ok(status)
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        self.job = None;
        let _status = self.leader.wait();
    }
}
