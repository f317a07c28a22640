//! 格付 sdk: the library people add. Protect, open, relabel, verify, against their key server.
//!
//! Floor 2 of the house: one of the only two that touch disk, socket and clock. The story "document → format →
//! envelope → key server" is told once, top to bottom, in `protect.rs` and `open.rs`.

mod audit;
mod batch;
mod cancel;
mod change;
mod clear;
mod clock;
mod cover;
mod decisions;
mod derive;
mod doctor;
mod edit;
mod enrol;
mod error;
mod files;
mod grading;
mod hints;
mod input;
mod inspect;
mod labels;
mod leaving;
mod licence;
mod look;
mod marking;
mod memory;
mod messages;
mod open;
mod options;
mod place;
mod platform;
mod profile;
mod protect;
mod publish;
mod random;
mod registration;
mod reports;
mod reseal;
mod save;
mod scan;
mod session;
mod signing;
mod slice;
mod suggest;
mod terms;
mod tickets;
mod transfer;
mod transport;
mod watch;
mod why;
mod work;

pub use kakuzuke_core::address::{AddressError, MailAddress};
pub use kakuzuke_core::classify::{Finding as Evidence, Seen, Suggestion};
pub use kakuzuke_core::code;
pub use kakuzuke_core::id::{DeviceId, DocumentId, SubjectId};
pub use kakuzuke_core::label::{Mapping, Scheme};
pub use kakuzuke_core::licence::{Obligations, Right, Rights};
pub use kakuzuke_core::protocol::{
    Addressee, ApprovalDecision, ApprovalKind, ApprovalRecord, ApprovalState, ClauseNote, CopyState, Departure,
    Destination, DestinationKind, DocumentSummary, EnrolmentCode, Medium, MediumRecord, MediumState, Readers,
    RecallReport, RegisterChange, Registers, Remedy, Route, Settlement, Verdict, Zone, ZoneChange,
};
pub use kakuzuke_core::time::Timestamp;

pub use audit::verify_log_file;
pub use cancel::Cancel;
pub use clock::{Clock, SystemClock};
pub use cover::thumbnail;
pub use decisions::{Decision, Table, TableRow};
pub use derive::{Excerpt, Origin};
pub use doctor::doctor;
pub use enrol::enrol;
pub use error::{Error, Result};
pub use files::write_whole;
pub use hints::{Hints, InsideLabel, OtherLabel, hints, mapping};
pub use input::{Given, Input};
pub use inspect::{Hidden, HiddenCount, Inspected, inspect};
pub use kakuzuke_formats::{Ability, Can, Category, Kind, Signatures, Source, can};
pub use labels::{DeciderView, LabelView};
pub use leaving::{
    Acceptance, AcceptedIn, AcceptedOf, Attached, Carrying, Print, PrintedFile, Recall, RecallFrom, Recalled,
    ReportForm, Sending, Sent, TakenOut, recall_report,
};
pub use look::{show, show_input};
pub use marking::{MarkState, Remarked};
pub use open::Document;
pub use options::{
    Application, Batch, Contact, Editing, Grading, Inheritance, Marks, Method, Opening, Overwrite, Pictures,
    Protection, Revocation, Show, Trailer,
};
pub use profile::{Passphrase, default_folder, needs_passphrase};
pub use publish::{Accepted, Exported, Exporting, Published, Publishing};
pub use reports::{
    Changed, ContentState, Coverage, Destroyed, EditEvent, Edited, Enrolled, Failure, Finding, Form, Health, LeaseInfo,
    LogReport, Outcome, PendingReport, ProfileInfo, Progress, Protected, ReceiptView, RegistrationState, Relabelled,
    Rescue, SavedEdit, Shown, SignatureState, SignerView, Summary, TicketStock, Verification,
};
pub use scan::{
    Depth, Doubt, Doubted, Named, ScanInside, ScanLabel, ScanProgress, ScanState, ScanSuggestion, Scanned, Scanning,
    Share, Tally, scan, scan_place, scanned,
};
pub use session::{Session, SessionOptions};
pub use signing::{Changes, SignedBy, Signing};
pub use suggest::{Suggested, suggest, suggest_input, suggest_mapped};
pub use watch::{FolderRules, WatchEvent, Watching};
