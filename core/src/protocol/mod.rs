//! Messages between sdk and key server: JSON bodies whose signed parts are COSE objects.
//!
//! One file for each noun. Nothing here is believed until its own checker has made a verified type of it.

mod approval;
mod authority;
mod bytes;
mod departure;
mod document;
mod enrolment;
mod problem;
mod register;
mod request;
mod ticket;
mod zone;

pub use approval::{
    ApprovalDecision, ApprovalKind, ApprovalRecord, ApprovalRequest, ApprovalState, DecisionRecord, Verdict,
};
pub use authority::{
    AuthorityDescription, KekDescription, KekState, LogDescription, OrganisationKind, SignedAuthority,
};
pub use bytes::Bytes;
pub use departure::{
    AcceptedHidden, CopyState, DepartedDocument, Departure, Leaving, Opened, PrintRequest, PrintedCopy, RecallReport,
    RecallRequest, RecallScope, Recipient, Route, SendRequest, Settlement, TakeOutRequest, WantedDepartures,
};
pub use document::{
    Answer, DestroyRequest, DestructionCertificate, DocumentFinding, DocumentSummary, LicenceItem, LicenceRequest,
    Readers, Registration, RegistrationReceipt, RegistrationRequest, RelabelRequest, RevokeRequest, RevokeScope,
    StateChange,
};
pub use enrolment::{EnrolmentCode, EnrolmentCodeError, EnrolmentProof, EnrolmentRequest, EnrolmentResponse};
pub use problem::{ClauseNote, Problem, Remedy};
pub use register::{
    Addressee, Destination, DestinationKind, MarkAnswer, MarkRequest, Medium, MediumMark, MediumRecord, MediumRequest,
    MediumState, RegisterChange, RegisterDecision, Registers,
};
pub use request::{REQUEST_HEADER, RequestClaims, SignedRequest};
pub use ticket::{Durability, Ticket, TicketBatch, TicketRequest, TicketStatement};
pub use zone::{Zone, ZoneChange};

/// Paths of the interface, written once for both sides.
pub mod paths {
    /// POST: one-time code and public keys; answers with a device certificate.
    pub const ENROLMENTS: &str = "/v1/enrolments";
    /// GET: the signed description of the authority.
    pub const AUTHORITY: &str = "/v1/authority";
    /// POST: tickets for protecting.
    pub const TICKETS: &str = "/v1/tickets";
    /// POST: register sealed documents (batch). GET with `?title=` or `?id=`: documents the caller may know of.
    pub const DOCUMENTS: &str = "/v1/documents";
    /// POST: licences (batch).
    pub const LICENCES: &str = "/v1/licences";
    /// POST `/v1/documents/{id}/relabel`, `/revoke`, `/destroy`: last parts.
    pub const RELABEL: &str = "relabel";
    /// See [`RELABEL`].
    pub const REVOKE: &str = "revoke";
    /// See [`RELABEL`].
    pub const DESTROY: &str = "destroy";
    /// POST: ask for 許可. GET: the caller's own and those waiting for the caller.
    pub const REQUESTS: &str = "/v1/requests";
    /// POST `/v1/requests/{id}/decision`: last part.
    pub const DECISION: &str = "decision";
    /// GET: the zones in force.
    pub const ZONES: &str = "/v1/zones";
    /// GET: destinations, addressees and media in force (officers).
    pub const REGISTERS: &str = "/v1/registers";
    /// POST `/v1/media/{id}/mark`, `/return`, `/lost`.
    pub const MEDIA: &str = "/v1/media";
    /// See [`MEDIA`].
    pub const MARK: &str = "mark";
    /// See [`MEDIA`].
    pub const RETURN: &str = "return";
    /// See [`MEDIA`].
    pub const LOST: &str = "lost";
    /// GET `?before=&out=&count=`: the ledger of what left, as far as it is the caller's to see. POST `/send`, `/take-out`, `/print`, `/{number}/settle`.
    pub const DEPARTURES: &str = "/v1/departures";
    /// See [`DEPARTURES`].
    pub const SEND: &str = "send";
    /// See [`DEPARTURES`].
    pub const TAKE_OUT: &str = "take-out";
    /// See [`DEPARTURES`].
    pub const PRINT: &str = "print";
    /// See [`DEPARTURES`].
    pub const SETTLE: &str = "settle";
    /// POST: call back what was sent by mistake, or lost.
    pub const RECALLS: &str = "/v1/recalls";
    /// POST `/v1/subjects/{id}/revoke`.
    pub const SUBJECTS: &str = "/v1/subjects";
    /// POST `/v1/devices/{id}/revoke`.
    pub const DEVICES: &str = "/v1/devices";
    /// GET: the newest checkpoint (text, C2SP tlog-checkpoint).
    pub const CHECKPOINT: &str = "/v1/audit/checkpoint";
    /// GET `?from=&count=`: entries as JSON Lines (auditors).
    pub const ENTRIES: &str = "/v1/audit/entries";
    /// GET `?index=&size=`: inclusion proof; `?old=&size=`: consistency proof.
    pub const PROOF: &str = "/v1/audit/proof";
}
