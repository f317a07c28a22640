//! 封筒. The protected file: sealing, opening, and everything between, without touching a disk.
//!
//! `docs/envelope.md` is the specification; `[ENV-nn]` at a line is the clause it enforces. Data walks through the room
//! this way: head (label, grants, evidence) → layout → metadata → payload → trailer.

mod block;
mod content;
mod detached;
mod error;
mod evidence;
mod grant;
mod head;
mod keys;
mod label_section;
mod layout;
mod mechanism;
mod metadata;
mod open;
mod preamble;
mod seal;
mod signed;
mod ticket;
mod trailer;
mod tree;
mod window;

pub use block::{Block, BlockBuffer};
pub use detached::{DetachedSealer, verify_detached};
pub use error::{
    EvidenceError, GrantError, HeadError, LayoutError, MetadataError, OpenError, PayloadError, RevisionError,
    SealError, TrailerError,
};
pub use evidence::{Countersignature, EvidenceKind, Record};
pub use grant::{Grant, Recipient, Share, WrappedShare, combine, require_minimum};
pub use head::{FreshHead, HeadDraft, UnverifiedHead, VerifiedHead};
pub use keys::{DocumentKey, DocumentSecret, KeyShare};
pub use label_section::{LabelSection, Parent, Standing, UnverifiedLabel, VerifiedLabel};
pub use layout::{FOOTER_LEN, FOOTER_MAGIC, Layout};
pub use mechanism::{Binding, PayloadSuite, TrailerKind};
pub use metadata::Metadata;
pub use open::{Belief, HeadState, LicenceFacts, Opener, ReadAt, read_core, verify_content};
pub use preamble::{HEAD_ALIGN, HEAD_MAX, MAGIC, METADATA_MAX, PREAMBLE_LEN, Preamble, VERSION};
pub use seal::{BlockSealer, PayloadLength, SealPlan, SealRequest, SealedEnd, StreamSealer, TRAILER_ALWAYS_MAX};
pub use signed::{Signatory, Signed};
pub use ticket::{TicketEntry, TicketParts};
pub use trailer::{ImmutableCore, UnverifiedCore, VerifiedCore};
pub use tree::{BLOCK_LEN, BlockDigest, PIECE_LEN};
