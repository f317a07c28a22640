//! 待ち行列. Files to be looked at, and when.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kakuzuke_core::code::Code;

use crate::scan::{Found, walk};

/// Files that wait at most; the others are found in the next round.
const WAITING: usize = 100_000;
/// How long it waits at first when nothing can be done anywhere, …
const SOON: Duration = Duration::from_secs(5);
/// … and at most: each time twice as long as before.
const LATE: Duration = Duration::from_secs(300);

/// Files to be looked at, and when.
#[derive(Default)]
pub(super) struct Waiting(BTreeMap<PathBuf, Instant>);

impl Waiting {
    pub(super) fn put(&mut self, path: PathBuf, when: Instant) {
        if self.0.len() < WAITING || self.0.contains_key(&path) {
            self.0.insert(path, when);
        }
    }

    /// Everything there is.
    pub(super) fn round(&mut self, root: &Path) {
        for found in walk(&[root.to_owned()]) {
            if let Found::File { path, .. } = found {
                self.0.entry(path).or_insert_with(Instant::now);
            }
            if self.0.len() >= WAITING {
                break;
            }
        }
    }

    /// It is looked at now.
    pub(super) fn take(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Those whose time has come, taken out.
    pub(super) fn due(&mut self) -> Vec<PathBuf> {
        let now = Instant::now();
        let due: Vec<PathBuf> = self.0.iter().filter(|(_, when)| **when <= now).map(|(path, _)| path.clone()).collect();
        self.0.retain(|_, when| *when > now);
        due
    }
}

/// 支障. What keeps the work from going on, whatever file it is: the server is away, the disk is full. It is told once, and tried
/// again after a while, longer each time; nothing that waits is lost.
#[derive(Default)]
pub(super) struct Hindrance(Option<Held>);

struct Held {
    code: Code,
    until: Instant,
    step: Duration,
}

impl Hindrance {
    /// Whether an error hinders every other file, too.
    pub(super) const fn is(code: Code) -> bool {
        matches!(code, Code::Unreachable | Code::Unready | Code::DiskFull)
    }

    /// When to come again, if there is no use in trying now. What needs no server does not wait for it.
    pub(super) fn holds(&self, needs_server: bool) -> Option<Instant> {
        let held = self.0.as_ref().filter(|held| held.until > Instant::now())?;
        (needs_server || held.code == Code::DiskFull).then_some(held.until)
    }

    /// It could not go on. Gives when to try again, and whether that is news.
    pub(super) fn meet(&mut self, code: Code) -> (Instant, bool) {
        let before = self.0.as_ref().filter(|held| held.code == code).map(|held| held.step);
        let step = before.map_or(SOON, |step| step.saturating_mul(2).min(LATE));
        let until = Instant::now() + step;
        self.0 = Some(Held { code, until, step });
        (until, before.is_none())
    }

    /// It goes on again. Whether that is news.
    pub(super) fn pass(&mut self, needed_server: bool) -> bool {
        let over = self.0.take_if(|held| needed_server || held.code == Code::DiskFull);
        over.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hinders_is_told_once_and_holds_only_what_it_concerns() {
        let mut hindrance = Hindrance::default();
        assert!(hindrance.holds(true).is_none());
        let (first, news) = hindrance.meet(Code::Unreachable);
        assert!(news && hindrance.holds(true).is_some() && hindrance.holds(false).is_none());
        let (second, news) = hindrance.meet(Code::Unreachable);
        assert!(!news && second > first);
        assert!(!hindrance.pass(false), "what needs no server says nothing of it");
        assert!(hindrance.pass(true) && !hindrance.pass(true) && hindrance.holds(true).is_none());
        hindrance.meet(Code::DiskFull);
        assert!(hindrance.holds(false).is_some() && hindrance.pass(false));
    }
}
