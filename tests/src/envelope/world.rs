//! Labels, tickets and sealed documents of the small world.

use kakuzuke_core::cbor;
use kakuzuke_core::crypto::{KeySuite, Provider, pure};
use kakuzuke_core::envelope::{
    Belief, BlockBuffer, DocumentKey, LabelSection, LicenceFacts, Metadata, Opener, PayloadLength, SealPlan,
    SealRequest, SealedEnd, Signatory, Standing, TicketEntry, TicketParts, UnverifiedHead, VerifiedHead, combine,
};
use kakuzuke_core::id::{DocumentId, LabelHash, PayloadRoot};
use kakuzuke_core::label::{Decided, Decider, Grades, Label, LabelDraft, TaxonomyRef};
use kakuzuke_core::protocol::Durability;
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Anchors;

use super::pki::{Authority, Kek, Member, NOW, secret};
use super::seeded::Seeded;

/// The time of everything here.
pub const AT: Timestamp = Timestamp::from_unix(NOW);

/// One authority with one key, and one author.
pub struct World {
    /// The authority.
    pub authority: Authority,
    /// Its key.
    pub kek: Kek,
    /// An officer.
    pub author: Member,
    /// The officer's subject id.
    pub subject: String,
}

impl World {
    /// The world of a suite.
    pub fn new(suite: KeySuite) -> Self {
        Self::of(Authority::new(&format!("agency {}", suite.number()), suite))
    }

    /// The world of an authority.
    pub fn of(authority: Authority) -> Self {
        let kek = authority.kek(authority.suite, 1);
        let author = authority.person("sato");
        Self { authority, kek, author, subject: "sato".to_owned() }
    }

    /// Its root, pinned.
    pub fn anchors(&self) -> Anchors {
        Anchors::new(pure(), [&self.authority.root]).expect("an anchor")
    }

    /// Who signs.
    pub fn signatory(&self) -> Signatory<'_> {
        signatory(&self.author)
    }

    /// A ticket for one authority.
    pub fn ticket(&self, name: &str, durability: Durability) -> TicketParts {
        TicketParts::single(self.entry(name, durability))
    }

    /// This authority's entry in a ticket.
    pub fn entry(&self, name: &str, durability: Durability) -> TicketEntry {
        TicketEntry { recipient: self.kek.recipient(), secret: secret(name), durability }
    }

    /// Where a new document of a name stands.
    pub fn standing(&self, name: &str) -> Standing {
        Standing::first(document(name), self.authority.id)
    }
}

/// Who signs with a member's key.
pub fn signatory(member: &Member) -> Signatory<'_> {
    Signatory::new(pure(), &member.key.key, &member.chain)
}

/// The document id of a name.
pub fn document(name: &str) -> DocumentId {
    DocumentId::new_v7(NOW.unsigned_abs() * 1000, Seeded::new(&format!("document {name}")).array())
}

/// A label decided by a person.
pub fn label(grade: &str, subject: &str) -> Label {
    let decider = Decider {
        subject: subject.parse().expect("a subject"),
        name: "佐藤 花子".try_into().expect("a name"),
        post: "総務課長".try_into().expect("a post"),
    };
    label_decided(grade, Decided::ByPerson(decider))
}

/// A label decided in any way.
pub fn label_decided(grade: &str, decided: Decided) -> Label {
    let grades: Grades = grade.parse().expect("a grade");
    let taxonomy = TaxonomyRef { id: "jp-h30".try_into().expect("an id"), version: "1".try_into().expect("a version") };
    let draft = LabelDraft::new(grades, taxonomy, decided, AT);
    cbor::decode_strict(&cbor::encode(&draft)).expect("a label")
}

/// Content that is not all the same.
pub fn content(length: usize) -> Vec<u8> {
    (0..length).map(|i| ((i * 7 + i / 251) % 256) as u8).collect()
}

/// Metadata of a document.
pub fn metadata() -> Metadata {
    Metadata::new("予算案.txt", "text/plain", Some("令和８年度予算案")).expect("metadata")
}

/// A request to seal.
pub fn request(standing: Standing, label: Label, length: PayloadLength) -> SealRequest {
    SealRequest { standing, label, metadata: metadata(), length }
}

/// A sealed document, whole in memory.
pub struct Envelope {
    /// The file.
    pub bytes: Vec<u8>,
    /// How it ended.
    pub end: SealedEnd,
    /// What the label says.
    pub section: LabelSection,
    /// Its hash.
    pub label_hash: LabelHash,
    /// The head alone.
    pub head: Vec<u8>,
}

/// Seals as a stream, in pieces of an odd size.
pub fn seal_stream(plan: SealPlan, author: &Signatory<'_>, content: &[u8], rng: &mut Seeded) -> Envelope {
    let (section, label_hash, head) = (plan.section().clone(), plan.label_hash(), plan.head().to_vec());
    let mut bytes = plan.prefix().to_vec();
    let mut stream = plan.into_stream();
    for piece in content.chunks(70_001) {
        stream.push(piece, &mut bytes).expect("sealed");
    }
    let end = stream.finish(author, rng, &mut bytes).expect("ended");
    Envelope { bytes, end, section, label_hash, head }
}

/// Seals block by block, last block first.
pub fn seal_blocks(plan: SealPlan, author: &Signatory<'_>, content: &[u8], rng: &mut Seeded) -> Envelope {
    let (section, label_hash, head) = (plan.section().clone(), plan.label_hash(), plan.head().to_vec());
    let mut bytes = plan.prefix().to_vec();
    let sealer = plan.into_blocks().expect("known length");
    bytes.resize(usize::try_from(sealer.payload_end().expect("fits")).expect("fits"), 0);
    let mut buffer = BlockBuffer::new();
    let mut digests = Vec::new();
    for index in (0..sealer.block_count()).rev() {
        let block = sealer.block(index).expect("a block");
        let (plain, stored) = (block.plain(), block.stored());
        buffer.begin(block);
        let mut from = &content[plain.start as usize..plain.end as usize];
        for piece in buffer.pieces_mut() {
            let (now, rest) = from.split_at(piece.len());
            piece.copy_from_slice(now);
            from = rest;
        }
        digests.extend(sealer.seal(&mut buffer).expect("sealed"));
        bytes[stored.start as usize..stored.end as usize].copy_from_slice(buffer.stored());
    }
    let end = sealer.finish(digests, author, rng).expect("ended");
    assert_eq!(bytes.len() as u64, end.offset());
    bytes.extend_from_slice(end.bytes());
    Envelope { bytes, end, section, label_hash, head }
}

/// Reads and verifies a head.
pub fn head(provider: &dyn Provider, bytes: &Vec<u8>, anchors: &Anchors) -> VerifiedHead {
    UnverifiedHead::read(provider, bytes).expect("a head").verify(provider, anchors, AT).expect("verified")
}

/// The document key, by way of the grants: what server and client do together.
pub fn key(provider: &dyn Provider, head: &VerifiedHead, keks: &[(&Kek, DocumentSecretName<'_>)]) -> DocumentKey {
    let mut shares = Vec::new();
    for grant in head.grants() {
        let found = keks.iter().find(|(k, _)| k.key == grant.key() && k.authority == grant.authority());
        let Some((kek, name)) = found else { continue };
        if shares.iter().any(|s: &kakuzuke_core::envelope::KeyShare| s.share() == grant.share()) {
            continue;
        }
        let wrapped = grant.open_outer(provider, &kek.private, head.section()).expect("outer");
        shares.push(wrapped.unwrap_key(provider, &secret(name.0)).expect("inner"));
    }
    combine(&shares).expect("a key")
}

/// The name of a document's secret.
#[derive(Clone, Copy)]
pub struct DocumentSecretName<'a>(pub &'a str);

/// What a licence would say.
pub fn facts(envelope: &Envelope, key: DocumentKey) -> LicenceFacts {
    LicenceFacts { current: envelope.section.clone(), label_hash: envelope.label_hash, root: envelope.end.root(), key }
}

/// What a licence would say of another root.
pub fn facts_with_root(envelope: &Envelope, root: Option<PayloadRoot>, key: DocumentKey) -> LicenceFacts {
    LicenceFacts { root, ..facts(envelope, key) }
}

/// Everything an opener gives, by pieces and by blocks; both must agree.
pub fn read_all<S: kakuzuke_core::envelope::ReadAt>(opener: &Opener<S>) -> Vec<u8> {
    let mut whole = vec![0; opener.len() as usize];
    assert_eq!(opener.read_at(0, &mut whole).expect("read"), whole.len());
    let mut buffer = BlockBuffer::new();
    let mut blocks = Vec::new();
    for index in 0..opener.block_count() {
        opener.open_block(index, &mut buffer).expect("opened");
        buffer.pieces().for_each(|piece| blocks.extend_from_slice(piece));
    }
    assert_eq!(whole, blocks);
    whole
}

/// Whom to believe here.
pub fn belief(anchors: &Anchors) -> Belief<'_> {
    Belief { anchors, at: AT.into() }
}
