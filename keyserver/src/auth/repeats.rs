//! 再送. One request id stands for one request: the same id over something else is refused.

use std::collections::HashMap;
use std::sync::Mutex;

use kakuzuke_core::id::{DeviceId, Digest, RequestId};
use kakuzuke_core::time::Timestamp;

use super::request::CLOCK_TOLERANCE_SECONDS;

/// Requests remembered at most. The oldest go first; they are outside the clock's tolerance long before.
const MOST: usize = 100_000;

/// Requests seen within the clock's tolerance.
#[derive(Default)]
pub struct Repeats(Mutex<HashMap<(DeviceId, RequestId), (Digest, Timestamp)>>);

impl Repeats {
    /// Notes a request; whether it is new, or the very same as before.
    pub(super) fn admit(&self, device: DeviceId, request: RequestId, content: Digest, now: Timestamp) -> bool {
        let Ok(mut seen) = self.0.lock() else { return false };
        if seen.len() >= MOST {
            seen.retain(|_, (_, at)| now.since(*at) <= 2 * CLOCK_TOLERANCE_SECONDS);
        }
        seen.len() < MOST && seen.entry((device, request)).or_insert((content, now)).0 == content
    }
}
