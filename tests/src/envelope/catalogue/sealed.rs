//! Good documents, from which the others are made.

use kakuzuke_core::crypto::{KeySuite, Provider, pure};
use kakuzuke_core::envelope::{
    LabelSection, PayloadLength, SealPlan, SealRequest, Standing, TicketEntry, TicketParts, UnverifiedLabel,
};
use kakuzuke_core::id::{LabelHash, PayloadRoot};
use kakuzuke_core::label::Label;
use kakuzuke_core::protocol::Durability;

use super::super::parts::Parts;
use super::super::pki::{Authority, Kek, Member, secret};
use super::super::seeded::Seeded;
use super::super::value::Value;
use super::super::world::{self, DocumentSecretName, World};

/// How a document is sealed.
pub struct Sealing {
    /// Name; ids and secrets follow from it.
    pub name: &'static str,
    /// Key suite.
    pub suite: KeySuite,
    /// Grade.
    pub grade: &'static str,
    /// Content.
    pub content: Vec<u8>,
    /// Whether the length is told beforehand.
    pub length: fn(u64) -> PayloadLength,
    /// How other authorities take part.
    pub partners: Partners,
    /// The label, if it is none by 佐藤.
    pub label: Option<Label>,
    /// Who seals, if it is not 佐藤.
    pub author: Option<Member>,
    /// Where the document stands, if it starts a lineage of its own.
    pub standing: Option<Standing>,
    /// The authority, if it is not the one of the suite.
    pub authority: Option<Authority>,
    /// What makes one sealing of a document differ from another.
    pub seed: &'static str,
    /// Who does the cryptography.
    pub provider: &'static dyn Provider,
}

/// How other authorities take part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Partners {
    /// Not at all.
    None,
    /// Either opens.
    Any,
    /// Both are needed.
    All,
}

impl Sealing {
    /// A short 機密性2・完全性2 document.
    pub fn new(name: &'static str, suite: KeySuite, grade: &'static str, length: usize) -> Self {
        Self {
            name,
            suite,
            grade,
            content: world::content(length),
            length: PayloadLength::Known,
            partners: Partners::None,
            label: None,
            author: None,
            standing: None,
            authority: None,
            seed: "seal",
            provider: pure(),
        }
    }

    /// Seals.
    pub fn seal(self) -> Sealed {
        let mut world = self.authority.map_or_else(|| World::new(self.suite), World::of);
        if let Some(author) = self.author {
            world.author = author;
        }
        let label = self.label.unwrap_or_else(|| world::label(self.grade, &world.subject));
        let mut keks = vec![world.authority.kek(self.suite, 1)];
        let mut partners = Vec::new();
        if self.partners != Partners::None {
            let partner = Authority::new(&format!("partner {}", self.suite.number()), self.suite);
            keks.push(partner.kek(self.suite, 1));
            partners.push(partner);
        }
        let ticket = ticket(&keks, self.name, self.partners, label.mechanism().leaves_clear());
        let standing = self.standing.unwrap_or_else(|| world.standing(self.name));
        let length = (self.length)(self.content.len() as u64);
        let request = SealRequest { standing, label, metadata: world::metadata(), length };
        let mut rng = Seeded::new(&format!("{} {}", self.seed, self.name));
        let plan = SealPlan::new(self.provider, request, &ticket, &world.signatory(), &mut rng).expect("a plan");
        let envelope = world::seal_stream(plan, &world.signatory(), &self.content, &mut rng);
        let key = (!keks.is_empty() && envelope.section.payload_suite().number() == 1).then(|| {
            let anchors = world.anchors();
            let head = world::head(pure(), &envelope.bytes, &anchors);
            let held: Vec<_> = keks.iter().map(|kek| (kek, DocumentSecretName(self.name))).collect();
            world::key(pure(), &head, &held).expose().to_vec()
        });
        Sealed {
            label: Parts::split(&envelope.bytes).label,
            root: envelope.end.root(),
            bytes: envelope.bytes,
            section: envelope.section,
            label_hash: envelope.label_hash,
            name: self.name.to_owned(),
            content: self.content,
            world,
            keks,
            partners,
            key: key.unwrap_or_default(),
        }
    }
}

fn ticket(keks: &[Kek], name: &str, partners: Partners, clear: bool) -> TicketParts {
    if clear {
        return TicketParts::clear();
    }
    let entries = keks.iter().map(|kek| TicketEntry {
        recipient: kek.recipient(),
        secret: secret(name),
        durability: Durability::Replicated,
    });
    match partners {
        Partners::None | Partners::Any => TicketParts::any(entries.collect()).expect("a ticket"),
        Partners::All => TicketParts::all(entries.map(|e| vec![e]).collect()).expect("a ticket"),
    }
}

/// A good document.
pub struct Sealed {
    /// Whose.
    pub world: World,
    /// Keys that open it.
    pub keks: Vec<Kek>,
    /// Other authorities.
    pub partners: Vec<Authority>,
    /// Name.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What it holds.
    pub content: Vec<u8>,
    /// The label section.
    pub label: Vec<u8>,
    /// What it says.
    pub section: LabelSection,
    /// Its hash.
    pub label_hash: LabelHash,
    /// The root.
    pub root: Option<PayloadRoot>,
    /// K; empty for a clear one.
    pub key: Vec<u8>,
}

impl Sealed {
    /// 600 bytes, 機密性2・完全性2.
    pub fn small() -> Self {
        Sealing::new("small", KeySuite::Kz1, "C2I2A2", 600).seal()
    }

    /// Three chunks, 機密性2・完全性2.
    pub fn chunks() -> Self {
        Sealing::new("chunks", KeySuite::Kz1, "C2I2A2", 40_000).seal()
    }

    /// Three chunks, 機密性2・完全性1, without trailer.
    pub fn chunks_of_integrity_1() -> Self {
        Sealing::new("chunks", KeySuite::Kz1, "C2I1A2", 40_000).seal().without_trailer()
    }

    /// 600 bytes, 機密性1.
    pub fn clear() -> Self {
        Sealing::new("clear", KeySuite::Kz1, "C1I1A1", 600).seal()
    }

    /// As large documents of 完全性1 are: without trailer.
    pub fn without_trailer(self) -> Self {
        let mut parts = self.parts();
        parts.resign_label(&self.world.author, |label| *label.at(8) = Value::Int(0));
        (parts.nodes, parts.core) = (Vec::new(), Vec::new());
        let label = UnverifiedLabel::parse(pure(), &parts.label).expect("a label");
        Self {
            bytes: parts.join(),
            section: label.claims().clone(),
            label_hash: label.hash(),
            label: parts.label,
            root: None,
            ..self
        }
    }

    /// Its parts.
    pub fn parts(&self) -> Parts {
        Parts::split(&self.bytes)
    }

    /// Whether it needs a key.
    pub fn encrypted(&self) -> bool {
        !self.key.is_empty()
    }
}
