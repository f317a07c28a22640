//! 申請・決定.

use kakuzuke_core::id::{ApprovalId, DeviceId, DocumentId, LineageId, SubjectId};
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{ApprovalKind, ApprovalState, Verdict};
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::super::row::{Link, Row};
use super::{RegisterRow, SubjectRow, ZoneRow};

/// 許可する者. Whose agreement an application needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum PostKind {
    /// 決定者 of the document, or their successor.
    #[n(0)]
    Decider,
    /// 課室情報セキュリティ責任者 of the applicant's 課室.
    #[n(1)]
    Section,
    /// 情報システムセキュリティ責任者.
    #[n(2)]
    System,
    /// An officer who is no administrator.
    #[n(3)]
    Officer,
    /// 統括情報セキュリティ責任者 or 区域情報セキュリティ責任者.
    #[n(4)]
    Zone,
    /// 統括情報セキュリティ責任者 or 情報システムセキュリティ責任者.
    #[n(5)]
    Destination,
}

impl PostKind {
    /// As policies and people name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decider => "決定者",
            Self::Section => "課室情報セキュリティ責任者",
            Self::System => "情報システムセキュリティ責任者",
            Self::Officer => "管理者でない職員",
            Self::Zone => "統括情報セキュリティ責任者又は区域情報セキュリティ責任者",
            Self::Destination => "統括情報セキュリティ責任者又は情報システムセキュリティ責任者",
        }
    }
}

/// One of those who have to agree.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Post {
    /// Who.
    #[n(0)]
    pub kind: PostKind,
    /// In words, for people.
    #[n(1)]
    pub text: String,
}

/// One decision on an application.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Decision {
    /// By whom.
    #[n(0)]
    pub by: SubjectId,
    /// In which 官職, for people.
    #[n(1)]
    pub post: String,
    /// Yes or no.
    #[n(2)]
    pub approved: bool,
    /// 理由.
    #[n(3)]
    pub reason: String,
    /// When.
    #[n(4)]
    pub at: Timestamp,
    /// For which of those who have to agree it counts.
    #[n(5)]
    pub posts: Vec<PostKind>,
}

impl Decision {
    /// Which way.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if self.approved { Verdict::Approve } else { Verdict::Reject }
    }
}

/// A change of what feeds decisions, that waits for its approval.
#[derive(Debug, Clone, Default, Encode, Decode)]
#[cbor(map)]
pub struct Change {
    /// The person as they are to be entered, unless they are in the directory already.
    #[n(0)]
    pub subject: Option<SubjectRow>,
    /// The device that is to become active.
    #[n(1)]
    pub device: Option<DeviceId>,
    /// In words.
    #[n(2)]
    pub summary: String,
    /// The zone as it is to be.
    #[n(3)]
    pub zone: Option<ZoneRow>,
    /// What a register is to hold.
    #[n(4)]
    pub register: Option<RegisterRow>,
}

/// 申請.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct ApprovalRow {
    /// Number people speak of it by.
    #[n(0)]
    pub number: u64,
    /// Id.
    #[n(1)]
    pub id: ApprovalId,
    /// 申請者.
    #[n(2)]
    pub applicant: SubjectId,
    /// What, as a stable name.
    #[n(3)]
    pub kind: String,
    /// For which document.
    #[n(4)]
    pub document: Option<DocumentId>,
    /// And its line.
    #[n(5)]
    pub lineage: Option<LineageId>,
    /// Rights asked for.
    #[n(6)]
    pub rights: Rights,
    /// 理由.
    #[n(7)]
    pub reason: String,
    /// Holds until then.
    #[n(8)]
    pub until: Timestamp,
    /// For a 見直し: the label proposed.
    #[n(9)]
    pub proposed: Option<String>,
    /// For a directory change.
    #[n(10)]
    pub change: Option<Change>,
    /// 許可する者. Each of them has to agree.
    #[n(11)]
    pub posts: Vec<Post>,
    /// Decisions so far. One 不許可 ends it; 許可 once every post has given its own.
    #[n(12)]
    pub decisions: Vec<Decision>,
    /// When it was asked.
    #[n(13)]
    pub asked: Timestamp,
}

impl ApprovalRow {
    /// What is asked for. None for a name this version does not know: it then grants nothing.
    #[must_use]
    pub fn approval_kind(&self) -> Option<ApprovalKind> {
        serde_json::from_value(serde_json::Value::String(self.kind.clone())).ok()
    }

    /// Those who have not decided yet.
    pub fn awaits(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(|post| self.decisions.iter().all(|decision| !decision.posts.contains(&post.kind)))
    }

    /// Its state at a time.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> ApprovalState {
        if self.decisions.iter().any(|decision| !decision.approved) {
            ApprovalState::Rejected
        } else if now >= self.until {
            ApprovalState::Expired
        } else if self.awaits().next().is_some() {
            ApprovalState::Pending
        } else {
            ApprovalState::Approved
        }
    }

    /// The key of a number.
    #[must_use]
    pub fn key_of(number: u64) -> Vec<u8> {
        number.to_be_bytes().to_vec()
    }
}

impl Row for ApprovalRow {
    const KIND: u8 = 7;
    const NAME: &'static str = "approval";

    fn key(&self) -> Vec<u8> {
        Self::key_of(self.number)
    }

    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        let mut links = vec![(Link::Subject, self.applicant.as_str().as_bytes().to_vec())];
        links.extend(self.lineage.map(|lineage| (Link::Lineage, lineage.as_bytes().to_vec())));
        let rejected = self.decisions.iter().any(|decision| !decision.approved);
        if !rejected && self.awaits().next().is_some() {
            links.push((Link::Open, Vec::new()));
        }
        links
    }
}
