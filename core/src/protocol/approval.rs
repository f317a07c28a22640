//! 許可. Applications, and what those who may grant them decide.

use serde::{Deserialize, Serialize};

use super::{ClauseNote, RegisterChange, ZoneChange};
use crate::id::{ApprovalId, DocumentId, SubjectId};
use crate::licence::Rights;
use crate::time::Timestamp;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalKind {
    /// 閲覧: to be a reader.
    View,
    /// 複製.
    Copy,
    /// 印刷.
    Print,
    /// 平文での出力.
    Export,
    /// 編集・書換え.
    Edit,
    /// 閲覧制限の範囲外への提供 (3.1.1(5)(b)).
    Provide,
    /// 要管理対策区域外での利用・持出し (3.1.1(4)(b)).
    TakeOut,
    /// 格付・取扱制限の見直し (3.1.1(3)(c)).
    Relabel,
    /// 復号鍵の消去.
    Destroy,
    /// 例外措置 (2.2.2).
    Exception,
    /// 登録内容の変更: a change of the directory, a device or a setting that feeds decisions (6.1.2).
    Directory,
    /// 要管理対策区域の変更 (3.2.1).
    Zone,
    /// 送付先の決定 (4.1.4(1)(a)).
    Destination,
    /// 宛先の登録: whose an address is.
    Addressee,
    /// 媒体の登録 (8.1.1(1)(d)).
    Medium,
}

/// Body of `POST /v1/requests`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalRequest {
    /// What.
    pub kind: ApprovalKind,
    /// For which document, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// Rights asked for, where it is about rights.
    #[serde(default)]
    pub rights: Rights,
    /// 理由.
    pub reason: String,
    /// Until when it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// For a relabel: the label proposed, as a header line; who grants it signs the new revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_label: Option<String>,
    /// For a change of the zones: what they are to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneChange>,
    /// For a change of a register: what it is to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<RegisterChange>,
}

/// 状態.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalState {
    /// 承認待ち.
    Pending,
    /// 許可.
    Approved,
    /// 不許可.
    Rejected,
    /// 期限切れ.
    Expired,
}

/// 許可／不許可.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 許可.
    Approve,
    /// 不許可.
    Reject,
}

/// Body of `POST /v1/requests/{id}/decision`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalDecision {
    /// Which way.
    pub verdict: Verdict,
    /// 理由; demanded for a rejection.
    #[serde(default)]
    pub reason: String,
    /// The 官職 in which the decision is made, where the decider holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// How long a grant holds, where it should end before what was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// One decision on an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionRecord {
    /// By whom.
    pub by: SubjectId,
    /// In which 官職.
    pub post: String,
    /// Which way.
    pub verdict: Verdict,
    /// 理由.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An application as its people see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalRecord {
    /// Its id.
    pub id: ApprovalId,
    /// Short number for people.
    pub number: u64,
    /// 申請者.
    pub applicant: SubjectId,
    /// What was asked.
    pub request: ApprovalRequest,
    /// 件名 of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// In words, for directory changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The clauses it satisfies.
    pub clauses: Vec<ClauseNote>,
    /// 官職 whose decision is still missing.
    pub waiting_for: Vec<String>,
    /// Decisions so far.
    pub decisions: Vec<DecisionRecord>,
    /// State now.
    pub state: ApprovalState,
    /// When it was asked.
    pub asked: Timestamp,
}
