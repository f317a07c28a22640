//! 行の種類. Everything a decision rests on, and nothing else.

use kakuzuke_core::crypto::KeySuite;
use kakuzuke_core::id::{
    ApprovalId, CertHash, DeviceId, Digest, DocumentId, KeyId, LabelHash, LineageId, PayloadRoot, RequestId, SubjectId,
};
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{ApprovalKind, ApprovalState, Bytes, Verdict};
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::row::{Link, Row};

/// 状態 of a subject, a device, a line of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// Waits for approval.
    #[n(0)]
    Pending,
    /// In force.
    #[n(1)]
    Active,
    /// 失効・利用停止.
    #[n(2)]
    Suspended,
    /// 復号鍵を消去済み, or rejected: for good.
    #[n(3)]
    Ended,
}

/// 役割. What a subject does with the server, besides what the documents say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoleSet {
    /// 職員: protects and reads documents, approves.
    #[n(0)]
    pub officer: bool,
    /// 管理者: enters subjects, devices, settings. Reads no document.
    #[n(1)]
    pub administrator: bool,
    /// 監査者: reads the log.
    #[n(2)]
    pub auditor: bool,
}

impl RoleSet {
    /// The roles named: `officer`, `administrator`, `auditor`. None for an unknown name, or for none at all.
    #[must_use]
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let mut roles = Self { officer: false, administrator: false, auditor: false };
        for name in names {
            match name {
                "officer" => roles.officer = true,
                "administrator" => roles.administrator = true,
                "auditor" => roles.auditor = true,
                _ => return None,
            }
        }
        (roles.officer || roles.administrator || roles.auditor).then_some(roles)
    }
}

/// 主体. A person as the directory knows them.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct SubjectRow {
    /// Id.
    #[n(0)]
    pub id: SubjectId,
    /// 氏名.
    #[n(1)]
    pub name: String,
    /// Roles.
    #[n(2)]
    pub roles: RoleSet,
    /// 所属.
    #[n(3)]
    pub unit: String,
    /// 官職.
    #[n(4)]
    pub posts: Vec<String>,
    /// End of a contract or of an appointment: nothing is released from then on.
    #[n(5)]
    pub until: Option<Timestamp>,
    /// Whether they may act.
    #[n(6)]
    pub standing: Standing,
}

impl Row for SubjectRow {
    const KIND: u8 = 1;
    const NAME: &'static str = "subject";

    fn key(&self) -> Vec<u8> {
        self.id.as_str().as_bytes().to_vec()
    }
}

/// 端末.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct DeviceRow {
    /// Id: SHA-256 of its signing key.
    #[n(0)]
    pub id: DeviceId,
    /// Whose.
    #[n(1)]
    pub subject: SubjectId,
    /// What the officer calls it.
    #[n(2)]
    pub name: String,
    /// Its certificate (DER).
    #[n(3)]
    pub certificate: Bytes,
    /// Suite of its KEM key.
    #[n(4)]
    pub suite: KeySuite,
    /// Its KEM public key.
    #[n(5)]
    pub kem_key: Bytes,
    /// Whether it may act.
    #[n(6)]
    pub standing: Standing,
    /// Its signing key (SubjectPublicKeyInfo, DER).
    #[n(7)]
    pub signing_key: Bytes,
    /// SHA-256 of its certificate.
    #[n(8)]
    pub certificate_hash: CertHash,
    /// Its certificate ends then.
    #[n(9)]
    pub until: Timestamp,
}

impl Row for DeviceRow {
    const KIND: u8 = 2;
    const NAME: &'static str = "device";

    fn key(&self) -> Vec<u8> {
        self.id.as_bytes().to_vec()
    }

    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        vec![(Link::Subject, self.subject.as_str().as_bytes().to_vec())]
    }
}

/// 登録コード, by the hash of its secret. Deleted when used or dead.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct EnrolmentRow {
    /// SHA-256 of the secret part.
    #[n(0)]
    pub code: Digest,
    /// The person, as they will stand in the directory.
    #[n(1)]
    pub subject: SubjectRow,
    /// Dead after this.
    #[n(2)]
    pub until: Timestamp,
}

impl Row for EnrolmentRow {
    const KIND: u8 = 3;
    const NAME: &'static str = "enrolment code";

    fn key(&self) -> Vec<u8> {
        self.code.as_bytes().to_vec()
    }
}

/// チケット not yet spent.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct TicketRow {
    /// The document it is for.
    #[n(0)]
    pub document: DocumentId,
    /// Who may use it.
    #[n(1)]
    pub subject: SubjectId,
    /// On which device.
    #[n(2)]
    pub device: DeviceId,
    /// S, sealed by the keyring.
    #[n(3)]
    pub secret: Bytes,
    /// The key its grants are sealed to.
    #[n(4)]
    pub kek: KeyId,
    /// Sealing is forbidden after this.
    #[n(5)]
    pub seal_until: Timestamp,
}

impl Row for TicketRow {
    const KIND: u8 = 4;
    const NAME: &'static str = "ticket";

    fn key(&self) -> Vec<u8> {
        self.document.as_bytes().to_vec()
    }

    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        vec![(Link::Subject, self.subject.as_str().as_bytes().to_vec())]
    }
}

/// 開封 of one reader of a document whose openings are counted (読後廃棄).
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Opening {
    /// The reader.
    #[n(0)]
    pub subject: SubjectId,
    /// How often.
    #[n(1)]
    pub count: u32,
    /// The last request that counted, from which device and when: the same again counts no second time.
    #[n(2)]
    pub last: RequestId,
    /// Its device.
    #[n(3)]
    pub device: DeviceId,
    /// When.
    #[n(4)]
    pub at: Timestamp,
}

/// 文書. One sealed version.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct DocumentRow {
    /// Id.
    #[n(0)]
    pub document: DocumentId,
    /// Its line.
    #[n(1)]
    pub lineage: LineageId,
    /// Who sealed it.
    #[n(2)]
    pub author: SubjectId,
    /// The current label section (COSE_Sign1).
    #[n(3)]
    pub label_section: Bytes,
    /// Its hash.
    #[n(4)]
    pub label_hash: LabelHash,
    /// Root of the payload, where it has a trailer.
    #[n(5)]
    pub root: Option<PayloadRoot>,
    /// S, sealed by the keyring; absent for a payload in clear, and after its erasure.
    #[n(6)]
    pub secret: Option<Bytes>,
    /// When it was registered.
    #[n(7)]
    pub registered: Timestamp,
    /// Openings that count.
    #[n(8)]
    pub openings: Vec<Opening>,
    /// Who decided the current label.
    #[n(9)]
    pub decider: SubjectId,
    /// SHA-256 of each earlier label section, oldest first: files carry them until they are written anew.
    #[n(10)]
    pub earlier: Vec<Digest>,
}

impl Row for DocumentRow {
    const KIND: u8 = 5;
    const NAME: &'static str = "document";

    fn key(&self) -> Vec<u8> {
        self.document.as_bytes().to_vec()
    }
}

/// A line of documents: what holds for all its versions.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct LineageRow {
    /// Id.
    #[n(0)]
    pub lineage: LineageId,
    /// Its versions, oldest first.
    #[n(1)]
    pub documents: Vec<DocumentId>,
    /// Whether it may be opened.
    #[n(2)]
    pub standing: Standing,
    /// Who sealed the first version.
    #[n(3)]
    pub author: SubjectId,
    /// Named readers.
    #[n(4)]
    pub readers: Vec<SubjectId>,
    /// Units whose members may read.
    #[n(5)]
    pub units: Vec<String>,
    /// Readers whose right was revoked; wins over everything that gives one.
    #[n(6)]
    pub revoked: Vec<SubjectId>,
    /// 件名, sealed by the keyring.
    #[n(7)]
    pub title: Option<Bytes>,
    /// The last offline lease given out ends then.
    #[n(8)]
    pub last_lease: Option<Timestamp>,
}

impl Row for LineageRow {
    const KIND: u8 = 6;
    const NAME: &'static str = "lineage";

    fn key(&self) -> Vec<u8> {
        self.lineage.as_bytes().to_vec()
    }
}

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

/// A change of the directory that waits for its approval.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Change {
    /// The subject that is to become active, if it is not.
    #[n(0)]
    pub subject: SubjectId,
    /// The device that is to become active.
    #[n(1)]
    pub device: DeviceId,
    /// In words.
    #[n(2)]
    pub summary: String,
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

/// One setting that feeds decisions.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct SettingRow {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Its value.
    #[n(1)]
    pub value: String,
}

impl Row for SettingRow {
    const KIND: u8 = 8;
    const NAME: &'static str = "setting";

    fn key(&self) -> Vec<u8> {
        self.name.as_bytes().to_vec()
    }
}
