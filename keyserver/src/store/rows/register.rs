//! 送付先・宛先・媒体. What decisions on leaving rest on.

use kakuzuke_core::id::{RequestId, SubjectId};
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::super::row::{Link, Row};
use super::Standing;

/// 送付先の区分, as kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum DestinationClass {
    /// 自機関.
    #[n(0)]
    Own,
    /// 機関の外.
    #[n(1)]
    Outside,
    /// 約款による外部サービス.
    #[n(2)]
    Terms,
}

/// Who decided that a row stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Decided {
    /// Who.
    #[n(0)]
    pub by: SubjectId,
    /// In which 官職.
    #[n(1)]
    pub post: String,
    /// When.
    #[n(2)]
    pub at: Timestamp,
}

/// 送付先.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DestinationRow {
    /// The mail domain, in lower case.
    #[n(0)]
    pub domain: String,
    /// Which kind.
    #[n(1)]
    pub class: DestinationClass,
    /// Whose.
    #[n(2)]
    pub organisation: String,
    /// Highest 機密性 that may go there.
    #[n(3)]
    pub highest: u8,
    /// Whether over the internet.
    #[n(4)]
    pub internet: bool,
    /// Holds until then.
    #[n(5)]
    pub review: Timestamp,
    /// In force, or ended.
    #[n(6)]
    pub standing: Standing,
    /// Who decided; absent while it waits.
    #[n(7)]
    pub decided: Option<Decided>,
}

impl Row for DestinationRow {
    const KIND: u8 = 10;
    const NAME: &'static str = "destination";

    fn key(&self) -> Vec<u8> {
        self.domain.as_bytes().to_vec()
    }
}

/// 宛先. Whose an address is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AddresseeRow {
    /// The address, in lower case.
    #[n(0)]
    pub address: String,
    /// Whose.
    #[n(1)]
    pub subject: SubjectId,
    /// In force, or ended.
    #[n(2)]
    pub standing: Standing,
}

impl Row for AddresseeRow {
    const KIND: u8 = 11;
    const NAME: &'static str = "addressee";

    fn key(&self) -> Vec<u8> {
        self.address.as_bytes().to_vec()
    }

    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        vec![(Link::Subject, self.subject.as_str().as_bytes().to_vec())]
    }
}

/// 外部電磁的記録媒体.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MediumRow {
    /// 管理番号.
    #[n(0)]
    pub id: String,
    /// What it is.
    #[n(1)]
    pub what: String,
    /// 管理者.
    #[n(2)]
    pub keeper: SubjectId,
    /// Received under contract from them; absent for supplied media.
    #[n(3)]
    pub organisation: Option<String>,
    /// In use; 紛失 is [`Standing::Suspended`], 返却 is [`Standing::Ended`].
    #[n(4)]
    pub standing: Standing,
    /// The nonce of the mark that counts; absent until it is marked.
    #[n(5)]
    pub nonce: Option<RequestId>,
    /// UUID of the file system the mark was made for.
    #[n(6)]
    pub volume: Option<String>,
}

impl Row for MediumRow {
    const KIND: u8 = 12;
    const NAME: &'static str = "medium";

    fn key(&self) -> Vec<u8> {
        self.id.as_bytes().to_vec()
    }
}

/// What a change of a register puts in place.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RegisterRow {
    /// 送付先.
    #[n(0)]
    Destination(#[n(0)] DestinationRow),
    /// 宛先.
    #[n(1)]
    Addressee(#[n(0)] AddresseeRow),
    /// 媒体.
    #[n(2)]
    Medium(#[n(0)] MediumRow),
}
