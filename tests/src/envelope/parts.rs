//! An envelope taken apart by the specification's offsets, so that it can be put together wrongly.

use kakuzuke_core::cose::{self, Domain, UnverifiedSign1};

use super::pki::Member;
use super::seeded::Seeded;
use super::value::Value;

/// The parts of an envelope; lengths follow from them when it is written.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Bytes of the head; more are taken where the sections need them.
    pub head_len: usize,
    /// COSE_Sign1.
    pub label: Vec<u8>,
    /// CBOR.
    pub grants: Vec<u8>,
    /// CBOR.
    pub evidence: Vec<u8>,
    /// As stored.
    pub metadata: Vec<u8>,
    /// Salt, commitment, chunks; or clear bytes.
    pub payload: Vec<u8>,
    /// Nodes of the tree.
    pub nodes: Vec<u8>,
    /// COSE_Sign1; empty where there is no trailer.
    pub core: Vec<u8>,
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b))
}

impl Parts {
    /// Takes a good envelope apart.
    pub fn split(bytes: &[u8]) -> Self {
        let field = |at: usize| number(&bytes[at..at + 4]);
        let (head_len, label, grants, evidence, metadata) = (field(12), field(16), field(20), field(24), field(28));
        let mut rest = &bytes[32..];
        let mut take = |n: usize| {
            let (now, later) = rest.split_at(n);
            rest = later;
            now.to_vec()
        };
        let (label, grants, evidence) = (take(label), take(grants), take(evidence));
        take(head_len - 32 - label.len() - grants.len() - evidence.len());
        let metadata = take(metadata);
        let end = bytes.len() - 16;
        let trailer_len = number(&bytes[end + 8..]);
        let payload = bytes[head_len + metadata.len()..end - trailer_len].to_vec();
        let trailer = &bytes[end - trailer_len..end];
        let (mut nodes, mut core) = (Vec::new(), Vec::new());
        if let Some(length_at) = trailer.len().checked_sub(4) {
            let core_at = length_at - number(&trailer[length_at..]);
            nodes = trailer[..core_at].to_vec();
            core = trailer[core_at..length_at].to_vec();
        }
        Self { head_len, label, grants, evidence, metadata, payload, nodes, core }
    }

    /// Puts it together.
    pub fn join(&self) -> Vec<u8> {
        let mut out = b"\x89KKZ\r\n\x1a\n\x00\x01\x00\x00".to_vec();
        let used = 32 + self.label.len() + self.grants.len() + self.evidence.len();
        let head_len = self.head_len.max(used.next_multiple_of(4096));
        let lengths = [head_len, self.label.len(), self.grants.len(), self.evidence.len(), self.metadata.len()];
        for length in lengths {
            out.extend_from_slice(&(length as u32).to_be_bytes());
        }
        for part in [&self.label, &self.grants, &self.evidence] {
            out.extend_from_slice(part);
        }
        out.resize(head_len, 0);
        out.extend_from_slice(&self.metadata);
        out.extend_from_slice(&self.payload);
        let mut trailer = self.nodes.clone();
        if !self.core.is_empty() {
            trailer.extend_from_slice(&self.core);
            trailer.extend_from_slice(&(self.core.len() as u32).to_be_bytes());
        }
        out.extend_from_slice(&trailer);
        out.extend_from_slice(b"KKZ1FOOT");
        out.extend_from_slice(&(trailer.len() as u64).to_be_bytes());
        out
    }

    /// What the label section says.
    pub fn label_payload(&self) -> Value {
        payload(&self.label, Domain::LABEL)
    }

    /// Changes what the label section says and lets `signer` sign it.
    pub fn resign_label(&mut self, signer: &Member, edit: impl FnOnce(&mut Value)) {
        let mut value = self.label_payload();
        edit(&mut value);
        self.label = sign(signer, Domain::LABEL, &value.encode());
    }

    /// Changes what the core says and lets `signer` sign it.
    pub fn resign_core(&mut self, signer: &Member, edit: impl FnOnce(&mut Value)) {
        let mut value = payload(&self.core, Domain::CORE);
        edit(&mut value);
        self.core = sign(signer, Domain::CORE, &value.encode());
    }

    /// Changes the grants.
    pub fn edit_grants(&mut self, edit: impl FnOnce(&mut Vec<Value>)) {
        let mut value = Value::parse(&self.grants);
        edit(value.items());
        self.grants = value.encode();
    }
}

/// Takes the last byte away.
pub fn cut(bytes: &mut Vec<u8>) {
    bytes.truncate(bytes.len() - 1);
}

/// What a signed object says.
pub fn payload(signed: &[u8], domain: Domain) -> Value {
    Value::parse(UnverifiedSign1::parse(signed, domain).expect("a COSE_Sign1").unverified_payload())
}

/// Signs whatever it is given.
pub fn sign(signer: &Member, domain: Domain, payload: &[u8]) -> Vec<u8> {
    let mut rng = Seeded::new("sign");
    cose::sign(&signer.key.key, domain, &signer.chain, payload, &mut rng).expect("signed")
}

/// Changes the protected header of a signed object, its payload or its signature, without signing again.
pub fn edit_signed(signed: &mut Vec<u8>, edit: impl FnOnce(&mut Vec<Value>)) {
    let mut value = Value::parse(signed);
    edit(value.items());
    *signed = value.encode();
}

/// Changes the protected header of a signed object without signing again.
pub fn edit_protected(signed: &mut Vec<u8>, edit: impl FnOnce(&mut Value)) {
    edit_signed(signed, |parts| {
        let mut header = Value::parse(parts[0].bytes());
        edit(&mut header);
        parts[0] = Value::Bytes(header.encode());
    });
}
