//! 監査ログ. What proves that an act was recorded, and that a record was not changed afterwards.
//!
//! An append-only tree (RFC 9162) over [`Leaf`]s; its head is a [`Checkpoint`] in the C2SP tlog-checkpoint form. A leaf
//! commits to its [`EntryText`] with a salt, so that the text can be erased and the tree still verifies. The key server
//! writes the log, a client keeps receipts, an auditor verifies the whole of it offline: all three use this room.

mod checkpoint;
mod entry;
mod export;
mod kind;
mod leaf;
mod note;
mod proof;
mod receipt;
mod report;
#[cfg(test)]
mod tests;
mod tree;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, UnverifiedCheckpoint, VerifiedCheckpoint};
pub use entry::EntryText;
pub use export::{ExportEntry, ExportHead, FORMAT as EXPORT_FORMAT};
pub use kind::{CertificateStatus, EntryKind, Outcome};
pub use leaf::{Commitment, CrlReference, Leaf, SALT_LEN, Salt};
pub use note::{NoteError, SignedNote, VerifierKey, VerifierKind};
pub use proof::{ConsistencyProof, InclusionProof, ProofError, prove_consistency, prove_inclusion};
pub use receipt::{Receipt, ReceiptError, VerifiedReceipt};
pub use report::{Finding, LogReport};
pub use tree::{Frontier, NodeId, empty_root, leaf_hash, node_hash};
pub use verify::LogVerification;
