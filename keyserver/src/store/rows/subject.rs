//! 主体・端末・登録コード.

use kakuzuke_core::crypto::KeySuite;
use kakuzuke_core::id::{CertHash, DeviceId, Digest, SubjectId};
use kakuzuke_core::protocol::Bytes;
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::super::row::{Link, Row};

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
    /// 提供先: opens what was provided to them, and nothing else. Absent: no.
    #[n(3)]
    pub recipient: Option<bool>,
}

impl RoleSet {
    /// Whether they are one to whom documents are provided.
    #[must_use]
    pub fn is_recipient(&self) -> bool {
        self.recipient == Some(true)
    }

    /// The roles named: `officer`, `administrator`, `auditor`, `recipient`. None for an unknown name, for none at all, and
    /// for a recipient who is anything else: outsiders are outsiders.
    #[must_use]
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let mut roles = Self { officer: false, administrator: false, auditor: false, recipient: None };
        for name in names {
            match name {
                "officer" => roles.officer = true,
                "administrator" => roles.administrator = true,
                "auditor" => roles.auditor = true,
                "recipient" => roles.recipient = Some(true),
                _ => return None,
            }
        }
        let inside = roles.officer || roles.administrator || roles.auditor;
        (inside != roles.is_recipient()).then_some(roles)
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
