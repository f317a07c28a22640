//! 格付の提案. Reads a document's passages and says which label they ask for, with the evidence: never a decision.
//!
//! What is looked for is data (the taxonomy's `detectors`); here is how. Passages go by once, in bounded memory: text is
//! brought into one form (NFKC, spaces between Japanese characters dropped), kept for a window of some thousand characters,
//! and judged when what stands around it is known. Nothing here reads a clock or a disk.

mod classifier;
mod evidence;
mod marking;
mod number;
mod other;
mod place;
mod roster;
mod rules;
mod stream;
mod suggestion;
#[cfg(test)]
mod tests;

pub use classifier::Classifier;
pub use evidence::{Finding, MAX_EVIDENCE, Seen};
pub use rules::{Rules, RulesError};
pub use suggestion::{Marking, Suggestion, Unread};
