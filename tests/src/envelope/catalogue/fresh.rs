//! Files that are not kept: sealed anew every time, in many sizes, by the fast provider.

use kakuzuke_core::crypto::{KeySuite, fast};
use kakuzuke_core::envelope::PayloadLength;

use super::sealed::Partners;
use super::{Made, Sealing};

/// Every suite, grade, size and way of granting.
pub fn fresh() -> Vec<Made> {
    let sizes = [0usize, 1, 16_383, 16_384, 16_385, 100_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1];
    let mut made = Vec::new();
    for suite in KeySuite::ALL {
        for grade in ["C1I1A1", "C1I2A2", "C2I1A2", "C3I2A1"] {
            for (place, size) in sizes.into_iter().enumerate() {
                let mut sealing = Sealing::new("fresh", *suite, grade, size);
                sealing.provider = fast();
                sealing.partners = [Partners::None, Partners::Any, Partners::All][place % 3];
                if place % 2 == 1 {
                    sealing.length = |_| PayloadLength::Unknown;
                }
                let sealed = sealing.seal();
                let name = format!("fresh-{}-{grade}-{size}", suite.number());
                made.push(sealed.opening(&name, "", "Sealed just now.", sealed.bytes.clone()).accepted());
            }
        }
    }
    made
}
