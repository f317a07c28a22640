//! Error answers (RFC 9457 problem documents) that say what happened, on which clause, and what would change it.

use serde::{Deserialize, Serialize};

use crate::code::{Code, Text};
use crate::time::Timestamp;

/// A clause of the standard that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClauseNote {
    /// The clause as printed, such as `3.1.1(5)(a)`.
    pub id: String,
    /// What it asks, in short.
    pub text: Text,
}

/// What would change a denial, and whose it is to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remedy {
    /// The kind of 許可 to ask for, when there is one (`labeler request --kind`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub approval: Option<super::ApprovalKind>,
    /// The 官職 that give it.
    #[serde(default)]
    pub posts: Vec<String>,
    /// In words.
    pub text: Text,
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:kakuzuke:problem:` and the code's slug.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code.
    pub code: Code,
    /// HTTP status.
    pub status: u16,
    /// What happened, in English (RFC 9457 `title`).
    pub title: String,
    /// What happened and what to do.
    pub detail: Text,
    /// The clauses it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<ClauseNote>,
    /// What would change it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<Remedy>,
    /// Reference number to give when asking (the request id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The server's clock, so that a client can say by how much its own is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
}

impl Problem {
    /// The general problem of a code.
    #[must_use]
    pub fn of(code: Code) -> Self {
        let text = code.text();
        Self {
            kind: format!("urn:kakuzuke:problem:{}", code.slug()),
            code,
            status: code.http_status(),
            title: text.en.clone().into_owned(),
            detail: text,
            clauses: Vec::new(),
            remedies: Vec::new(),
            reference: None,
            server_time: None,
        }
    }

    /// The same with particulars instead of the general words.
    #[must_use]
    pub fn with_detail(mut self, detail: Text) -> Self {
        self.detail = detail;
        self
    }
}
