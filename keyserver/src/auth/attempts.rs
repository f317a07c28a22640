//! 試行の制限. Wrong enrolment codes from one address are slowed down, so that guessing gets nowhere.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use kakuzuke_core::time::Timestamp;

/// Failures from one address within the period, at most.
const FAILURES: u32 = 5;
/// The period, in seconds.
const PERIOD: i64 = 60;
/// Addresses remembered at most; beyond that everybody waits.
const MOST: usize = 10_000;

/// Failed attempts by address.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<IpAddr, (u32, Timestamp)>>);

impl Attempts {
    /// Whether an address may try now.
    #[must_use]
    pub fn admit(&self, address: IpAddr, now: Timestamp) -> bool {
        let Ok(mut seen) = self.0.lock() else { return false };
        if seen.len() >= MOST {
            seen.retain(|_, (_, since)| now.since(*since) < PERIOD);
        }
        seen.len() < MOST && seen.get(&address).is_none_or(|(n, since)| *n < FAILURES || now.since(*since) >= PERIOD)
    }

    /// Notes a failure.
    pub fn failed(&self, address: IpAddr, now: Timestamp) {
        let Ok(mut seen) = self.0.lock() else { return };
        let slot = seen.entry(address).or_insert((0, now));
        if now.since(slot.1) >= PERIOD {
            *slot = (0, now);
        }
        slot.0 = slot.0.saturating_add(1);
    }
}
