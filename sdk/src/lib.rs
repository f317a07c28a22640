//! 格付 sdk: the library people add. Protect, open, relabel, verify, against their key server.
//!
//! Floor 2 of the house: one of the only two that touch disk, socket and clock. The story "document → format →
//! envelope → key server" is told once, top to bottom, in `protect.rs` and `open.rs`.

mod clock;
mod error;
mod files;
mod labels;
mod messages;
mod options;
mod random;
mod reports;

pub use clock::{Clock, SystemClock};
pub use error::{Error, Result};
pub use labels::{DeciderView, LabelView};
pub use options::{
    Application, Batch, Contact, Editing, Grading, Inheritance, Opening, Overwrite, Protection, Revocation, Trailer,
};
pub use reports::{
    Changed, ContentState, Coverage, Destroyed, EditEvent, Edited, Enrolled, Failure, Finding, Form, Health,
    LeaseInfo, LogReport, Outcome, PendingReport, ProfileInfo, Progress, Protected, ReceiptView, RegistrationState,
    Relabelled, Shown, SignatureState, SignerView, Summary, TicketStock, Verification,
};
