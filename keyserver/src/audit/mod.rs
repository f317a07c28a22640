//! 監査. Composes entries, and shows that they stand in the log: checkpoints, receipts, proofs, exports.

mod auditor;
mod entry;
#[cfg(test)]
mod tests;

pub use auditor::{Auditor, AuditorError, Detail};
pub use entry::Entry;
