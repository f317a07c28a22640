//! 文書. Registration, licences, and the changes of state a document goes through.

use serde::{Deserialize, Serialize};

use super::{Bytes, Problem};
use crate::id::{AuthorityId, DocumentId, LabelHash, LineageId, LogHash, RequestId, SubjectId};
use crate::licence::Rights;
use crate::time::Timestamp;

/// 閲覧制限の範囲. Who may read besides author and decider; held by the server, never in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Readers {
    /// Named persons.
    #[serde(default)]
    pub subjects: Vec<SubjectId>,
    /// Units (課, 部局) whose members with the duty may read.
    #[serde(default)]
    pub units: Vec<String>,
}

/// One sealed document to register.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// The envelope's whole head. Its grants are looked at and never stored.
    pub head: Bytes,
    /// The trailer's COSE_Sign1 over the immutable core, where the trailer kind asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core: Option<Bytes>,
    /// 件名; shown only to those who decide on, hold or audit the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who may read. Absent: the author's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readers: Option<Readers>,
    /// The signed label under which the content lay in clear before, where somebody else decided it: they stay the decider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labelled_before: Option<Bytes>,
}

/// Body of `POST /v1/documents`: at most 256 items.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationRequest {
    /// The documents.
    pub items: Vec<Registration>,
}

/// What a batch answers for each item, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Answer<T> {
    /// Done.
    Ok(T),
    /// Not done.
    Err(Box<Problem>),
}

/// A registered document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationReceipt {
    /// Which one.
    pub document: DocumentId,
    /// The revision registered.
    pub label_hash: LabelHash,
    /// Audit receipt (deterministic CBOR of `audit::Receipt`), to be kept in the envelope's evidence.
    pub receipt: Bytes,
}

/// One document to open.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LicenceItem {
    /// The envelope's whole head.
    pub head: Bytes,
    /// The trailer's COSE_Sign1, so that an unregistered document can be registered on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core: Option<Bytes>,
    /// Rights wanted; view is always among them.
    pub wanted: Rights,
    /// Seconds of offline use asked for; 0 for none.
    #[serde(default)]
    pub offline_seconds: u32,
    /// Random; the licence's key is bound to it. The same id again within 10 minutes of the last time is the same opening (renewal).
    pub request: RequestId,
}

/// Body of `POST /v1/licences`: at most 256 items. Answers `Vec<Answer<Bytes>>`, each a COSE_Sign1 over a `licence::Licence`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LicenceRequest {
    /// The documents.
    pub items: Vec<LicenceItem>,
    /// 利用目的, as the officer states it (3.1.1(2)).
    #[serde(default)]
    pub purpose: String,
}

/// Body of `POST /v1/documents/{id}/relabel`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelabelRequest {
    /// The new label section (COSE_Sign1), next revision of the current one.
    pub label_section: Bytes,
    /// 見直しの理由.
    pub reason: String,
}

/// What a revocation covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RevokeScope {
    /// 利用停止: nobody opens any version of the document.
    Document,
    /// 閲覧権限の取消し: one reader.
    Reader(SubjectId),
    /// 利用停止の解除.
    Resume,
}

/// Body of `POST /v1/documents/{id}/revoke` (and, without scope, of subject and device revocation).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokeRequest {
    /// What it covers; absent for subjects and devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<RevokeScope>,
    /// 理由.
    pub reason: String,
}

/// Body of `POST /v1/documents/{id}/destroy`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DestroyRequest {
    /// 理由.
    pub reason: String,
}

/// Answer to relabel, revoke and destroy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateChange {
    /// Audit receipt.
    pub receipt: Bytes,
    /// Online copies stop at the latest then.
    pub online_until: Timestamp,
    /// Outstanding offline leases end at the latest then; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_until: Option<Timestamp>,
    /// What was found besides: open leases, unspent tickets, other children.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<DocumentFinding>,
    /// 鍵消去証明書 (COSE_Sign1 over a [`DestructionCertificate`]) after a destruction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Bytes>,
}

/// Something a person should know after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentFinding {
    /// In words.
    pub text: crate::code::Text,
}

/// 鍵消去証明書 (payload of a COSE_Sign1, external_aad "kakuzuke/v1/destruction").
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DestructionCertificate {
    /// Who certifies.
    #[n(0)]
    pub authority: AuthorityId,
    /// The lineage whose secrets were erased.
    #[n(1)]
    pub lineage: LineageId,
    /// The versions.
    #[n(2)]
    pub documents: Vec<DocumentId>,
    /// Keys are refused from here on.
    #[n(3)]
    pub refused_from: Timestamp,
    /// The last offline lease ends then.
    #[n(4)]
    pub last_lease_ends: Option<Timestamp>,
    /// Remnants of the sealed secret are unrecoverable from then (storage epoch destroyed); absent while the epoch lives.
    #[n(5)]
    pub unrecoverable_from: Option<Timestamp>,
    /// What it does not reach: 出力済みの平文, 印刷物, 平文ペイロード, 改造されたクライアント …
    #[n(6)]
    pub not_reached: Vec<String>,
    /// Index of the log entry.
    #[n(7)]
    pub log_index: u64,
    /// Leaf hash of the log entry.
    #[n(8)]
    pub log_leaf: LogHash,
    /// Who decided.
    #[n(9)]
    pub decided_by: SubjectId,
    /// 理由.
    #[n(10)]
    pub reason: String,
}

/// A document as its people see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentSummary {
    /// Its id.
    pub document: DocumentId,
    /// Its lineage.
    pub lineage: LineageId,
    /// 件名, if it was given and not blanked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Current label revision.
    pub revision: u32,
    /// Its label section.
    pub label_section: Bytes,
    /// `active`, `suspended` or `destroyed`.
    pub state: String,
    /// When it was registered.
    pub registered: Timestamp,
    /// Its author.
    pub author: SubjectId,
    /// Who may read besides author and decider (shown to these only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readers: Option<Readers>,
}
