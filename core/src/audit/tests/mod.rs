//! The log against the documents it follows, and against whoever changes, cuts or forks it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod export;
mod note;
mod tree;

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

use super::{
    Checkpoint, Commitment, EntryKind, EntryText, ExportEntry, ExportHead, Frontier, Leaf, NodeId, Outcome, Receipt,
    Salt, VerifierKey, VerifierKind, prove_inclusion,
};
use crate::crypto::{KeyKind, Signer, SigningKey, default_provider};
use crate::id::{DocumentId, LogHash};
use crate::protocol::Bytes;
use crate::time::Timestamp;

/// Counts upwards: the same tests every time.
struct Counting(u64);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|n| n as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().for_each(|byte| *byte = (self.try_next_u64().unwrap_or_default() >> 56) as u8);
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

const ORIGIN: &str = "log.example/test";

/// A log in memory.
struct Log {
    signer: SigningKey,
    key: VerifierKey,
    tree: Frontier,
    nodes: Vec<(NodeId, LogHash)>,
    entries: Vec<ExportEntry>,
}

impl Log {
    fn of(size: u64, seed: u64) -> Self {
        let mut rng = Counting(seed);
        let signer = SigningKey::generate(default_provider(), KeyKind::Ed25519, &mut rng).unwrap();
        let public = Signer::public(&signer).to_vec();
        let key = VerifierKey::new(default_provider(), ORIGIN, VerifierKind::Log, &public).unwrap();
        let mut log = Self { signer, key, tree: Frontier::new(), nodes: Vec::new(), entries: Vec::new() };
        (0..size).for_each(|number| log.append(number, "x"));
        log
    }

    fn append(&mut self, number: u64, note: &str) {
        let text = EntryText { note: Some(note.to_owned()), ..EntryText::default() }.to_json();
        let salt = Salt::generate(&mut Counting(number));
        let (kind, outcome) = if number % 3 == 2 {
            (EntryKind::ReleaseDenied, Outcome::Denied)
        } else {
            (EntryKind::Released, Outcome::Done)
        };
        let leaf = Leaf {
            time: Timestamp::from_unix(1_800_000_000 + number as i64),
            kind,
            document: Some(DocumentId::new_v7(number, [1; 10])),
            label: None,
            root: None,
            certificate: None,
            outcome,
            commitment: Commitment::to(default_provider(), &salt, &text),
            crl: None,
        };
        let hash = leaf.hash(default_provider());
        let index = self.tree.size();
        let nodes = &mut self.nodes;
        self.tree.push(default_provider(), hash, |id, hash| nodes.push((id, hash)));
        let leaf = Some(Bytes(leaf.encode()));
        self.entries.push(ExportEntry { index, hash, leaf, salt: Some(salt), text: Some(text) });
    }

    fn node(&self, id: NodeId) -> LogHash {
        let (found, hash) = self.nodes[usize::try_from(id.position()).unwrap()];
        assert_eq!(found, id, "nodes lie at their position");
        hash
    }

    fn root(&self) -> LogHash {
        self.tree.root(default_provider())
    }

    fn checkpoint(&self) -> String {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: self.tree.size(), root: self.root() };
        checkpoint.sign(default_provider(), &self.key, &self.signer, &mut Counting(1)).unwrap()
    }

    fn receipt(&self, index: u64) -> Receipt {
        let proof =
            prove_inclusion(default_provider(), index, self.tree.size(), |id| Ok::<_, Infallible>(self.node(id)));
        let leaf = self.entries[usize::try_from(index).unwrap()].leaf.clone().unwrap().0;
        Receipt { leaf, proof: proof.unwrap().unwrap(), checkpoint: self.checkpoint() }
    }

    /// The export, line by line.
    fn lines(&self) -> Vec<String> {
        let head = ExportHead { format: super::EXPORT_FORMAT.to_owned(), checkpoint: self.checkpoint() };
        let entries = self.entries.iter().map(|entry| serde_json::to_string(entry).unwrap());
        std::iter::once(serde_json::to_string(&head).unwrap()).chain(entries).collect()
    }
}
