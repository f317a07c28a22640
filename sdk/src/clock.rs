//! 時計. The only place of this floor where the time enters; everything else takes it.

use kakuzuke_core::time::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // Before 1970 counts as 1970: nothing is valid then.
        Timestamp::from_unix(since.ok().and_then(|d| i64::try_from(d.as_secs()).ok()).unwrap_or(0))
    }
}
