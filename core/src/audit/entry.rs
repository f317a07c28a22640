//! The text of an entry: everything about persons and reasons that must be erasable. The leaf only commits to it.

use serde::{Deserialize, Serialize};

use crate::id::{ApprovalId, DeviceId, RequestId, SubjectId};
use crate::licence::Rights;
use crate::time::Timestamp;

/// Text of an entry, kept as JSON beside its leaf. What does not apply is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryText {
    /// 主体. Who acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<SubjectId>,
    /// 端末. From which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// From which network address, and how it counted (`192.0.2.7 inside`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// In which request; the reference number people are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Rights wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Rights>,
    /// Rights given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<Rights>,
    /// Which code a refusal carried, or what was decided, as a stable name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// Policies the decision rests on, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// Clauses of the standard, as printed (`3.1.1(4)(b)`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
    /// 許可 the decision used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<ApprovalId>,
    /// 利用目的.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// 理由.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// 件名.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The subject acted upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<SubjectId>,
    /// The device acted upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_device: Option<DeviceId>,
    /// 台帳番号, of what left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<u64>,
    /// 宛先, 配付先.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// 媒体の管理番号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// 官職 in which the act was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Until when: end of a lease, of a grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Anything else worth keeping, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl EntryText {
    /// The JSON that the leaf commits to.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists under string keys: there is nothing in it that JSON cannot hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the JSON of a text.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}
