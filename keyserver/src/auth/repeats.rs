//! 再送. One request id stands for one request: the same id over something else is refused.

use std::collections::HashMap;
use std::sync::Mutex;

use kakuzuke_core::id::{DeviceId, Digest, RequestId};
use kakuzuke_core::time::Timestamp;

use super::request::CLOCK_TOLERANCE_SECONDS;

/// A request is remembered for this long at least, in seconds, unless there are too many: longer than it is admitted.
const PERIOD: i64 = 2 * CLOCK_TOLERANCE_SECONDS + 1;
/// Requests of one half at most. When there are more, the oldest are forgotten: nobody is refused because others ask
/// much, and an id that is forgotten serves only its own device.
const MOST: usize = 200_000;

/// Requests seen within the clock's tolerance.
#[derive(Default)]
pub struct Repeats(Mutex<Seen>);

type Half = HashMap<(DeviceId, RequestId), Digest>;

/// What came lately, and what came before that: whole halves are forgotten, so that no request waits for it.
#[derive(Default)]
struct Seen {
    newer: Half,
    older: Half,
    since: Option<Timestamp>,
}

impl Repeats {
    /// Notes a request; whether it is new, or the very same as before.
    pub(super) fn admit(&self, device: DeviceId, request: RequestId, content: Digest, now: Timestamp) -> bool {
        let Ok(mut seen) = self.0.lock() else { return false };
        if seen.newer.len() >= MOST || seen.since.is_none_or(|since| now.since(since).abs() >= PERIOD) {
            seen.older = std::mem::take(&mut seen.newer);
            seen.since = Some(now);
        }
        let id = (device, request);
        let known = seen.older.get(&id).copied();
        *seen.newer.entry(id).or_insert(known.unwrap_or(content)) == content
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn request(number: usize) -> RequestId {
        RequestId::from_bytes((number as u128).to_be_bytes())
    }

    #[test]
    fn an_id_stands_for_one_request_as_long_as_it_could_be_admitted() {
        let (repeats, device) = (Repeats::default(), DeviceId::from_bytes([1; 32]));
        let (one, other) = (Digest::from_bytes([1; 32]), Digest::from_bytes([2; 32]));
        let start = Timestamp::from_unix(1_000_000);
        for seconds in [0, 10, PERIOD - 1, PERIOD, 2 * PERIOD - 1] {
            assert!(repeats.admit(device, request(1), one, start.plus(seconds)));
            assert!(!repeats.admit(device, request(1), other, start.plus(seconds)));
            assert!(repeats.admit(DeviceId::from_bytes([2; 32]), request(1), other, start.plus(seconds)));
        }
    }

    #[test]
    fn whoever_asks_much_locks_nobody_out() {
        let (repeats, now) = (Repeats::default(), Timestamp::from_unix(1_000_000));
        let content = Digest::from_bytes([1; 32]);
        for number in 0..2 * MOST + 1 {
            assert!(repeats.admit(DeviceId::from_bytes([1; 32]), request(number), content, now));
        }
        assert!(repeats.admit(DeviceId::from_bytes([2; 32]), request(0), content, now));
        let seen = repeats.0.lock().unwrap();
        assert!(seen.newer.len() <= MOST && seen.older.len() <= MOST);
    }
}
