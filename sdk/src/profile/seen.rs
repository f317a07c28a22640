//! What was last seen of the server: its clock and its log. Neither ever goes back.

use std::sync::Mutex;

use kakuzuke_core::code::Code;
use kakuzuke_core::time::Timestamp;

use super::folder::Folder;
use crate::error::{Error, Result};
use crate::messages;

const CLOCK: &str = "clock";
const CHECKPOINT: &str = "checkpoint";
/// The clock is written when it has moved by this much, so that a batch is not a write for each answer.
const CLOCK_STEP_SECONDS: i64 = 30;
/// Our clock may be behind the server's by this much.
const TOLERANCE_SECONDS: i64 = 300;

/// The newest server time and checkpoint.
pub(crate) struct Seen {
    folder: Folder,
    clock: Mutex<Clock>,
}

#[derive(Clone, Copy)]
struct Clock {
    newest: Timestamp,
    written: Timestamp,
}

impl Seen {
    pub(crate) fn open(folder: &Folder) -> Result<Self> {
        let newest = match folder.find(CLOCK)? {
            None => Timestamp::from_unix(0),
            Some(bytes) => {
                let text = String::from_utf8(bytes).ok();
                let seconds = text
                    .and_then(|t| t.trim().parse().ok())
                    .ok_or_else(|| Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(&folder.file(CLOCK)))?;
                Timestamp::from_unix(seconds)
            }
        };
        Ok(Self { folder: folder.clone(), clock: Mutex::new(Clock { newest, written: newest }) })
    }

    /// The newest server time seen.
    pub(crate) fn newest(&self) -> Timestamp {
        self.clock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).newest
    }

    /// Keeps a server time, if it is newer.
    pub(crate) fn keep_time(&self, server: Timestamp) -> Result<()> {
        let mut clock = self.clock.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        clock.newest = clock.newest.max(server);
        if clock.newest.since(clock.written) >= CLOCK_STEP_SECONDS {
            self.folder.write(CLOCK, clock.newest.unix().to_string().as_bytes())?;
            clock.written = clock.newest;
        }
        Ok(())
    }

    /// Refuses when this device's clock is before the newest server time seen: leases would live longer.
    pub(crate) fn check_not_turned_back(&self, now: Timestamp) -> Result<()> {
        if now.plus(TOLERANCE_SECONDS) < self.newest() {
            return Err(Error::new(Code::ClockSkew, messages::CLOCK_TURNED_BACK));
        }
        Ok(())
    }

    /// The newest checkpoint seen, as it was signed.
    pub(crate) fn checkpoint(&self) -> Result<Option<Vec<u8>>> {
        self.folder.find(CHECKPOINT)
    }

    /// Keeps a checkpoint the caller has found consistent with the one before.
    pub(crate) fn keep_checkpoint(&self, signed: &[u8]) -> Result<()> {
        self.folder.write(CHECKPOINT, signed)
    }
}
