//! What our reader makes of a vector, by every way there is to read.

use std::path::Path;

use kakuzuke_core::crypto::{KemPrivateKey, KeySuite, Provider, Secret};
use kakuzuke_core::envelope::{
    Belief, BlockBuffer, Countersignature, DocumentKey, DocumentSecret, EvidenceKind, HeadState, KeyShare,
    LicenceFacts, OpenError, Opener, PayloadSuite, UnverifiedHead, UnverifiedLabel, VerifiedHead, VerifiedLabel,
    combine, require_minimum, verify_detached,
};
use kakuzuke_core::id::PayloadRoot;
use kakuzuke_core::label::Axis;
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{Anchors, AsOf};

use super::vector::{Accepted, HeldKey, LicenceSays, Operation, Outcome, Vector, hex, unhex};

/// A refusal's name.
pub struct Refused(pub &'static str);

macro_rules! named {
    ($($error:ident),*) => {
        $(impl From<kakuzuke_core::envelope::$error> for Refused {
            fn from(error: kakuzuke_core::envelope::$error) -> Self {
                Self(error.id())
            }
        })*
    };
}

named!(HeadError, GrantError, RevisionError, EvidenceError);

impl From<OpenError> for Refused {
    fn from(error: OpenError) -> Self {
        assert!(!matches!(error, OpenError::Io(_)), "a good source fails: {error}");
        Self(error.id())
    }
}

struct Given<'v> {
    provider: &'static dyn Provider,
    vector: &'v Vector,
    bytes: Vec<u8>,
    anchors: Anchors,
    at: Timestamp,
}

/// Does what a vector asks for.
pub fn read(provider: &'static dyn Provider, folder: &Path, vector: &Vector) -> Outcome {
    let load = |name: &String| std::fs::read(folder.join(name)).expect("a file");
    let roots: Vec<_> = vector.anchors.iter().map(|name| load(name).into()).collect();
    let given = Given {
        provider,
        vector,
        bytes: load(&vector.file),
        anchors: Anchors::new(provider, &roots).expect("anchors"),
        at: Timestamp::from_unix(vector.at),
    };
    let outcome = match vector.operation {
        Operation::Open => given.open(),
        Operation::Detached => given.detached(&load(vector.native.as_ref().expect("a native file"))),
        Operation::Label => given.label().map(|label| describe(&label)),
        Operation::Revision => given.revision(),
        Operation::Countersignature => given.countersignature(),
    };
    outcome.map_or_else(|refused| Outcome::Refused(refused.0.to_owned()), |good| Outcome::Accepted(Box::new(good)))
}

impl Given<'_> {
    fn head(&self) -> Result<VerifiedHead, Refused> {
        Ok(UnverifiedHead::read(self.provider, &self.bytes)?.verify(self.provider, &self.anchors, self.at)?)
    }

    fn label(&self) -> Result<VerifiedLabel, Refused> {
        Ok(UnverifiedLabel::parse(self.provider, &self.bytes)?.verify(self.provider, &self.anchors, self.at)?)
    }

    fn revision(&self) -> Result<Accepted, Refused> {
        let current = unhex(self.vector.current.as_ref().expect("a current label"));
        let current = UnverifiedLabel::parse(self.provider, &current)?;
        let next = self.label()?;
        next.section().follows(current.claims(), current.hash())?;
        Ok(describe(&next))
    }

    fn countersignature(&self) -> Result<Accepted, Refused> {
        let head = self.head()?;
        let expected = (head.section().document(), head.label().hash());
        for record in head.evidence().iter().filter(|r| r.kind() == EvidenceKind::Countersignature) {
            Countersignature::verify(record, self.provider, &self.anchors, self.at, expected)?;
        }
        Ok(describe(head.label()))
    }

    const fn belief(&self) -> Belief<'_> {
        Belief { anchors: &self.anchors, at: AsOf::At(self.at) }
    }

    fn detached(&self, native: &Vec<u8>) -> Result<Accepted, Refused> {
        let head = self.head()?;
        let core = verify_detached(self.provider, &self.bytes, &head, native, self.belief())?;
        Ok(Accepted {
            length: Some(native.len() as u64),
            content: Some(hex(self.provider.sha256(native))),
            root: Some(hex(core.core().root().as_bytes())),
            ..describe(head.label())
        })
    }

    fn open(&self) -> Result<Accepted, Refused> {
        let head = self.head()?;
        if let Some(minimum) = self.vector.minimum_suite {
            require_minimum(head.grants(), KeySuite::from_number(minimum).expect("a suite"))?;
        }
        let opener = match &self.vector.licence {
            None => Opener::open_clear(self.provider, &self.bytes, head, self.belief())?,
            Some(licence) => {
                let facts = self.facts(&head, licence)?;
                Opener::open(self.provider, &self.bytes, head, &facts, self.belief())?
            }
        };
        let content = content_of(&opener)?;
        let metadata = opener.metadata();
        let current = self.vector.licence.as_ref().map(|_| opener.head_state() == HeadState::Current);
        Ok(Accepted {
            label_is_current: current,
            name: Some(metadata.name().to_owned()),
            media_type: Some(metadata.media_type().to_owned()),
            title: metadata.title().map(ToOwned::to_owned),
            length: Some(opener.len()),
            content: Some(hex(self.provider.sha256(&content))),
            root: opener.core().map(|core| hex(core.core().root().as_bytes())),
            ..describe(opener.head().label())
        })
    }

    fn facts(&self, head: &VerifiedHead, licence: &LicenceSays) -> Result<LicenceFacts, Refused> {
        let current = UnverifiedLabel::parse(self.provider, &unhex(&licence.label_section)).expect("a good licence");
        let root = licence.root.as_ref().map(|root| PayloadRoot::try_from(unhex(root).as_slice()).expect("a root"));
        let key = match &licence.key {
            Some(key) => DocumentKey::from_slice(&unhex(key)).expect("a key"),
            None if head.section().payload_suite() == PayloadSuite::Clear => DocumentKey::from_fill(|_| {}),
            None => self.key(head)?,
        };
        Ok(LicenceFacts { current: current.claims().clone(), label_hash: current.hash(), root, key })
    }

    /// What the authorities and the client do together: the first grant of each share whose key is held.
    fn key(&self, head: &VerifiedHead) -> Result<DocumentKey, Refused> {
        let mut shares: Vec<KeyShare> = Vec::new();
        for grant in head.grants() {
            let name = (hex(grant.authority().as_bytes()), hex(grant.key().as_bytes()));
            let held = self.vector.keys.iter().find(|k| (&k.authority, &k.key) == (&name.0, &name.1));
            let taken = shares.iter().any(|s| s.share() == grant.share());
            if let (Some(held), false) = (held, taken) {
                let (private, secret) = secrets(self.provider, held);
                let wrapped = grant.open_outer(self.provider, &private, head.section())?;
                shares.push(wrapped.unwrap_key(self.provider, &secret)?);
            }
        }
        Ok(combine(&shares)?)
    }
}

fn secrets(provider: &dyn Provider, held: &HeldKey) -> (KemPrivateKey, DocumentSecret) {
    let suite = KeySuite::from_number(held.suite).expect("a suite");
    let seed = Secret::from_slice(&unhex(&held.private)).expect("32 bytes");
    let private = KemPrivateKey::from_seed(provider, suite, seed).expect("a key");
    (private, DocumentSecret::from_slice(&unhex(&held.secret)).expect("32 bytes"))
}

fn describe(label: &VerifiedLabel) -> Accepted {
    let section = label.section();
    let grades = section.label().grades();
    Accepted {
        document: hex(section.document().as_bytes()),
        lineage: hex(section.lineage().as_bytes()),
        revision: section.revision(),
        label_hash: hex(label.hash().as_bytes()),
        grades: [Axis::Confidentiality, Axis::Integrity, Axis::Availability].map(|axis| grades.level(axis)),
        signer: label.signer().identity().uri(),
        ..Accepted::default()
    }
}

/// The content, by pieces and by blocks; both have to agree, also about what is refused.
pub fn content_of<S: kakuzuke_core::envelope::ReadAt>(opener: &Opener<S>) -> Result<Vec<u8>, OpenError> {
    let mut pieces = vec![0; usize::try_from(opener.len()).expect("small")];
    let by_pieces = opener.read_at(0, &mut pieces);
    let by_blocks = blocks_of(opener);
    match (by_pieces, by_blocks) {
        (Ok(read), Ok(blocks)) => {
            assert_eq!(read, pieces.len());
            assert!(pieces == blocks, "pieces and blocks differ");
            Ok(pieces)
        }
        (Err(a), Err(b)) => {
            assert_eq!(a.id(), b.id(), "pieces and blocks are refused differently");
            Err(a)
        }
        (a, b) => panic!("pieces {:?}, blocks {:?}", a.map(drop), b.map(drop)),
    }
}

fn blocks_of<S: kakuzuke_core::envelope::ReadAt>(opener: &Opener<S>) -> Result<Vec<u8>, OpenError> {
    let mut buffer = BlockBuffer::new();
    let mut content = Vec::new();
    for index in 0..opener.block_count() {
        opener.open_block(index, &mut buffer)?;
        buffer.pieces().for_each(|piece| content.extend_from_slice(piece));
    }
    Ok(content)
}
