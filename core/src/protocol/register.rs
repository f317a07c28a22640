//! 台帳の登録. Where documents may go, whose address is whose, which media may carry them: what decisions on leaving rest on.

use serde::{Deserialize, Serialize};

use crate::address::MailAddress;
use crate::id::{AuthorityId, SubjectId};
use crate::time::Timestamp;

/// 送付先の区分.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DestinationKind {
    /// 自機関: the agency's own mail service.
    Own,
    /// 他の機関等, or an organisation under contract.
    Outside,
    /// 約款による外部サービス: never for 要機密情報 (規範16-3).
    Terms,
}

/// 送付先. A mail domain and what may go there (4.1.4(1)(a)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Destination {
    /// The domain, in lower case; its subdomains are others.
    pub domain: String,
    /// Which kind.
    pub kind: DestinationKind,
    /// Whose it is.
    pub organisation: String,
    /// Highest 機密性 that may go there, 1 to 3.
    pub highest: u8,
    /// Whether mail gets there over the internet.
    pub internet: bool,
    /// 見直し: holds until then.
    pub review: Timestamp,
    /// Who decided it, in which post, when: filled in by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<RegisterDecision>,
}

/// Who decided that something stands in a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RegisterDecision {
    /// Who.
    pub by: SubjectId,
    /// In which 官職.
    pub post: String,
    /// When.
    pub at: Timestamp,
}

/// 宛先. Whose address it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Addressee {
    /// The address.
    pub address: MailAddress,
    /// Whose.
    pub subject: SubjectId,
}

/// 外部電磁的記録媒体.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Medium {
    /// 管理番号.
    pub id: String,
    /// What it is: USBメモリ, 外付けHDD …
    pub what: String,
    /// 管理者: who answers for it.
    pub keeper: SubjectId,
    /// Received under contract from this organisation, for transport between the two only (8.1.1(1)(d)(イ)); absent for supplied media.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// 媒体の状態.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MediumState {
    /// In use.
    Active,
    /// 返却.
    Returned,
    /// 紛失.
    Lost,
}

/// A medium as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct MediumRecord {
    /// What was registered.
    pub medium: Medium,
    /// State.
    pub state: MediumState,
    /// Whether it carries the mark by which it is known; documents are written to it only then.
    pub marked: bool,
    /// Take-outs on it that nobody has ticked off.
    pub out: Vec<u64>,
}

/// A change of a register, to be decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RegisterChange {
    /// Enters a destination, or replaces the one of its domain.
    Destination(Destination),
    /// Ends the destination of this domain.
    DestinationEnd(String),
    /// Enters whose an address is, or replaces it.
    Addressee(Addressee),
    /// Ends what is known of an address.
    AddresseeEnd(MailAddress),
    /// Enters a medium.
    Medium(Medium),
}

/// Answer of `GET /v1/registers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Registers {
    /// 送付先.
    pub destinations: Vec<Destination>,
    /// 宛先.
    pub addressees: Vec<Addressee>,
    /// 媒体.
    pub media: Vec<MediumRecord>,
}

/// 媒体の印 (payload of a COSE_Sign1, external_aad "kakuzuke/v1/medium", by the authority's licence service certificate): what lies on
/// a medium so that it is known again.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct MediumMark {
    /// Whose register it stands in.
    #[n(0)]
    pub authority: AuthorityId,
    /// 管理番号.
    #[n(1)]
    pub medium: String,
    /// Drawn for this mark: an earlier one counts no more.
    #[n(2)]
    pub nonce: crate::id::RequestId,
    /// UUID of the file system it was made for, where it has one: a copy of the mark on another is none.
    #[n(3)]
    pub volume: Option<String>,
}

/// Body of `POST /v1/media/{id}/mark`. Answers with the mark, a COSE_Sign1 over a [`MediumMark`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct MarkRequest {
    /// UUID of its file system, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
}

/// Answer of `POST /v1/media/{id}/mark`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkAnswer {
    /// The mark.
    pub mark: super::Bytes,
}

/// Body of `POST /v1/media/{id}/return` and `/lost`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediumRequest {
    /// 理由, 経緯.
    pub reason: String,
}
