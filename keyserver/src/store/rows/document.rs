//! チケット・文書・系列.

use kakuzuke_core::id::{DeviceId, Digest, DocumentId, KeyId, LabelHash, LineageId, PayloadRoot, RequestId, SubjectId};
use kakuzuke_core::protocol::Bytes;
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::super::row::{Link, Row};
use super::Standing;

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
    /// 決定者: whose the label is. Whoever changes it with a permission, or makes it stricter as its author, signs the
    /// new label and does not become this.
    #[n(9)]
    pub decider: SubjectId,
    /// SHA-256 of each earlier label section, oldest first: files carry them until they are written anew.
    #[n(10)]
    pub earlier: Vec<Digest>,
    /// The decider's 官職, in the decider's own words.
    #[n(11)]
    pub decider_post: String,
}

impl Row for DocumentRow {
    const KIND: u8 = 5;
    const NAME: &'static str = "document";

    fn key(&self) -> Vec<u8> {
        self.document.as_bytes().to_vec()
    }

    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        vec![(Link::Subject, self.decider.as_str().as_bytes().to_vec())]
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
    /// Somebody presented it before its author registered it: who may read is not said yet, so nobody else does.
    #[n(9)]
    pub unsaid: bool,
}

impl Row for LineageRow {
    const KIND: u8 = 6;
    const NAME: &'static str = "lineage";

    fn key(&self) -> Vec<u8> {
        self.lineage.as_bytes().to_vec()
    }

    /// By those who are shown it in a list: nobody else's list leads here.
    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        let mut subjects: Vec<&SubjectId> = self.readers.iter().chain([&self.author]).collect();
        subjects.sort();
        subjects.dedup();
        let mut units: Vec<&String> = self.units.iter().collect();
        units.sort();
        units.dedup();
        let subjects = subjects.into_iter().map(|subject| (Link::Subject, subject.as_str().as_bytes().to_vec()));
        subjects.chain(units.into_iter().map(|unit| (Link::Unit, unit.as_bytes().to_vec()))).collect()
    }
}
