//! 中止. A call that takes long can be given up from another thread. It ends at the next block of content, the next read of what
//! is handed over, or within moments while a server keeps it waiting; what it was working on is as it was before. From where the
//! key server is told of a document until that lies in its place, nothing is given up.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kakuzuke_core::code::Code;

use crate::error::{Error, Result};

thread_local! {
    /// What may give up the call that runs on this thread.
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// 中止. Asked for by any thread, at any time; it stays asked for.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

/// A call that can be given up, and whether it was.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    asked: Arc<AtomicBool>,
    given_up: Arc<AtomicBool>,
}

/// Why reading or waiting ended.
#[derive(Debug, thiserror::Error)]
#[error("given up")]
struct GivenUp;

impl Cancel {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asked for once `flag` is set, as by a signal.
    #[must_use]
    pub const fn by(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }

    /// Asks for it.
    pub fn trigger(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Runs a call on this thread that ends when it is asked for.
    ///
    /// # Errors
    /// [`Code::Cancelled`] when it was given up; otherwise as the call.
    pub fn during<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        let running = Running { asked: Arc::clone(&self.0), given_up: Arc::default() };
        let given_up = Arc::clone(&running.given_up);
        let _before = Before::put(Some(running));
        let outcome = check().map_err(|e| Error::of(Code::Cancelled).caused_by(e)).and_then(|()| call());
        match outcome {
            Err(error) if given_up.load(Ordering::Relaxed) => Err(Error::of(Code::Cancelled).caused_by(error)),
            outcome => outcome,
        }
    }
}

impl Running {
    /// Ends the call if that was asked for.
    pub(crate) fn check(&self) -> io::Result<()> {
        if !self.asked.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.given_up.store(true, Ordering::Relaxed);
        Err(io::Error::other(GivenUp))
    }
}

/// What may give up the call on this thread; for the threads that work for it.
pub(crate) fn running() -> Option<Running> {
    RUNNING.with_borrow(Clone::clone)
}

/// Ends the call on this thread if that was asked for.
pub(crate) fn check() -> io::Result<()> {
    RUNNING.with_borrow(|running| running.as_ref().map_or(Ok(()), Running::check))
}

/// Runs what must not be left half done.
pub(crate) fn to_the_end<T>(work: impl FnOnce() -> T) -> T {
    let _before = Before::put(None);
    work()
}

/// Puts back what was there before, also when the call panics.
struct Before(Option<Running>);

impl Before {
    fn put(running: Option<Running>) -> Self {
        Self(RUNNING.replace(running))
    }
}

impl Drop for Before {
    fn drop(&mut self) {
        RUNNING.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_call_is_given_up_once_it_is_asked_for_and_not_on_its_way_to_the_end() {
        let cancel = Cancel::new();
        let kept = || {
            check().unwrap();
            Ok(())
        };
        cancel.during(kept).unwrap();
        let outcome = cancel.during(|| {
            cancel.trigger();
            to_the_end(|| check().unwrap());
            check().map_err(|e| Error::of(Code::Io).caused_by(e))
        });
        assert_eq!(outcome.unwrap_err().code(), Code::Cancelled);
        check().unwrap();
        assert_eq!(cancel.during(|| Ok(())).unwrap_err().code(), Code::Cancelled, "it stays asked for");
    }

    #[test]
    fn another_failure_is_told_as_it_is() {
        let cancel = Cancel::new();
        let outcome: Result<()> = cancel.during(|| {
            cancel.trigger();
            Err(Error::of(Code::Denied))
        });
        assert_eq!(outcome.unwrap_err().code(), Code::Denied);
    }
}
