//! 持ち出される文書. Sending, taking out, printing, and calling back: asked before anything leaves, kept in one ledger.

use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::address::MailAddress;
use crate::code::Text;
use crate::id::{DeviceId, DocumentId, LineageId, RequestId, SubjectId};
use crate::licence::Rights;
use crate::time::Timestamp;

/// One document that is to leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Leaving {
    /// The envelope's whole head; absent for 機密性1情報, which leaves in clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Bytes>,
    /// The signed label (COSE_Sign1) the document carries, or carried before it was sealed on the way: whoever decided
    /// that one is asked about it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Bytes>,
    /// What is hidden in it and goes along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedHidden>,
}

/// 認めた隠れた情報. Hidden data of one kind that go along with a document, and why (3.1.1(5)(d)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[cbor(map)]
pub struct AcceptedHidden {
    /// The category's name for command lines, such as `comments`.
    #[n(0)]
    pub category: String,
    /// Its name in Japanese.
    #[n(1)]
    pub name: String,
    /// How often it was found.
    #[n(2)]
    pub count: u64,
    /// The reason given.
    #[n(3)]
    pub reason: String,
}

/// Body of `POST /v1/departures/send`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct SendRequest {
    /// The documents.
    pub items: Vec<Leaving>,
    /// To whom.
    pub to: Vec<MailAddress>,
    /// 利用目的.
    pub purpose: String,
    /// The addressees may open it until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Random: the same again is the same sending.
    pub request: RequestId,
}

/// Body of `POST /v1/departures/take-out`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TakeOutRequest {
    /// The documents.
    pub items: Vec<Leaving>,
    /// 媒体の管理番号.
    pub medium: String,
    /// The mark found on it.
    pub mark: Bytes,
    /// The organisation it is carried to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// 利用目的.
    pub purpose: String,
    /// To be back by then.
    pub until: Timestamp,
    /// Random: the same again is the same taking out.
    pub request: RequestId,
}

/// Body of `POST /v1/departures/print`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PrintRequest {
    /// The document.
    pub item: Leaving,
    /// For whom each copy is; one for each.
    pub holders: Vec<String>,
    /// 利用目的.
    pub purpose: String,
    /// Random: the same again is the same printing.
    pub request: RequestId,
}

/// How documents leave.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Route {
    /// 送信.
    #[n(0)]
    Mail,
    /// 持出し.
    #[n(1)]
    Medium,
    /// 印刷.
    #[n(2)]
    Paper,
}

/// Query of `GET /v1/departures`: the newest entries come first, at most 1,000 in one answer. Where an answer is empty, there are
/// no more; otherwise the next page lies before the last number of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct WantedDepartures {
    /// Only entries of a lower number.
    pub before: Option<u64>,
    /// Only those of which something is still out: media, prints.
    pub out: bool,
    /// So many at most.
    pub count: Option<u16>,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Departure {
    /// 台帳番号.
    pub number: u64,
    /// How.
    pub route: Route,
    /// Who.
    pub by: SubjectId,
    /// When it was permitted.
    pub at: Timestamp,
    /// 利用目的.
    pub purpose: String,
    /// The documents.
    pub documents: Vec<DepartedDocument>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Recipient>,
    /// On which medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Numbered prints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<PrintedCopy>,
    /// When what was taken out was back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Timestamp>,
    /// Whether it is out longer than was said.
    pub overdue: bool,
}

/// A document that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DepartedDocument {
    /// Its id.
    pub document: DocumentId,
    /// Its lineage.
    pub lineage: LineageId,
    /// 格付・取扱制限 then, as printed.
    pub header: String,
    /// Whether it left in clear.
    pub clear: bool,
    /// 件名, for those who may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Index of the entry in the log.
    pub entry: u64,
    /// What was hidden in it and went along, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedHidden>,
}

/// An addressee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Recipient {
    /// The address.
    pub address: MailAddress,
    /// Whose it is; absent where only 機密性1情報 went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// When the right to open it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Timestamp>,
}

/// 印刷物の状態.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum CopyState {
    /// With its holder.
    #[n(0)]
    Out,
    /// 回収.
    #[n(1)]
    Collected,
    /// 細断.
    #[n(2)]
    Shredded,
}

/// 第○号. One print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PrintedCopy {
    /// Its number, from 1.
    pub number: u16,
    /// For whom.
    pub holder: String,
    /// State.
    pub state: CopyState,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// Body of `POST /v1/departures/{number}/settle`: what was out is back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// The medium is back and nothing of it is left there.
    Returned,
    /// Prints of these numbers were collected.
    Collected(Vec<u16>),
    /// Prints of these numbers were shredded (3.1.1(7)(c)).
    Shredded(Vec<u16>),
}

/// What is called back: everything that all of these name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RecallScope {
    /// 台帳番号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// A document, in all of its versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// An addressee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<MailAddress>,
    /// A medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
}

/// Body of `POST /v1/recalls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RecallRequest {
    /// What.
    pub scope: RecallScope,
    /// 利用停止 of the documents besides: nobody opens them.
    #[serde(default)]
    pub suspend: bool,
    /// 理由, 経緯.
    pub reason: String,
}

/// What calling back came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RecallReport {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Index of the entry in the log; absent when everything had been called back before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// What had left, as it stands now.
    pub departures: Vec<Departure>,
    /// Departures that were meant too, and are others' to call back: they stand as they are.
    #[serde(default)]
    pub passed_over: u64,
    /// Keys given to those it went to since it left, oldest first.
    pub openings: Vec<Opened>,
    /// More of them, which are not listed here; the log has them.
    #[serde(default)]
    pub more_openings: u64,
    /// Documents suspended, for everybody.
    pub suspended: Vec<DocumentId>,
    /// Copies opened online close at the latest then.
    pub online_until: Timestamp,
    /// What it does not reach.
    pub not_reached: Vec<Text>,
}

/// A key that was given to somebody it went to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Opened {
    /// Which document.
    pub document: DocumentId,
    /// To whom.
    pub subject: SubjectId,
    /// On which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When.
    pub at: Timestamp,
    /// With which rights; with `export` it may lie somewhere in clear.
    pub rights: Rights,
    /// It opens offline until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_until: Option<Timestamp>,
    /// Index of the entry in the log.
    pub entry: u64,
}
