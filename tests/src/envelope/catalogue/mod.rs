//! Every vector there is, made anew from seeds.

mod beside;
mod content;
mod fresh;
mod grants;
mod head;
mod label;
mod layout;
mod sealed;
mod trailer;
mod valid;

use kakuzuke_core::label::Axis;
use rustls_pki_types::CertificateDer;

use super::parts::Parts;
use super::pki::{Kek, Member, NOW, secret};
use super::vector::{Accepted, HeldKey, LicenceSays, Made, Operation, Outcome, Vector, hex};
pub use fresh::fresh;
pub use sealed::{Sealed, Sealing};

/// All vectors, in the order of their names.
pub fn all() -> Vec<Made> {
    let groups = [
        valid::vectors(),
        head::vectors(),
        label::vectors(),
        label::signed_vectors(),
        label::revision_vectors(),
        grants::vectors(),
        grants::evidence_vectors(),
        layout::vectors(),
        layout::licence_vectors(),
        content::vectors(),
        content::metadata_vectors(),
        trailer::vectors(),
        beside::vectors(),
    ];
    let mut made: Vec<Made> = groups.into_iter().flatten().collect();
    made.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(made.windows(2).all(|pair| pair[0].name != pair[1].name), "two vectors of one name");
    made
}

/// A vector on its way.
#[derive(Clone)]
pub struct Draft {
    name: String,
    vector: Vector,
    files: Vec<(String, Vec<u8>)>,
    good: Accepted,
}

impl Draft {
    fn new(name: &str, clauses: &str, fact: &str, operation: Operation, bytes: Vec<u8>) -> Self {
        let end = if matches!(operation, Operation::Label | Operation::Revision) { "cose" } else { "kkz" };
        let file = format!("{name}.{end}");
        let vector = Vector {
            fact: fact.to_owned(),
            clauses: clauses.split_whitespace().map(|n| format!("ENV-{n}")).collect(),
            operation,
            file: file.clone(),
            native: None,
            at: NOW,
            anchors: Vec::new(),
            minimum_suite: None,
            current: None,
            keys: Vec::new(),
            licence: None,
            outcome: Outcome::Refused(String::new()),
        };
        Self { name: name.to_owned(), vector, files: vec![(file, bytes)], good: Accepted::default() }
    }

    fn anchor(mut self, name: &str, root: &CertificateDer<'_>) -> Self {
        let file = format!("anchors/{name}.der");
        self.vector.anchors.push(file.clone());
        self.files.push((file, root.to_vec()));
        self
    }

    fn held(mut self, kek: &Kek, secret_name: &str) -> Self {
        self.vector.keys.push(held(kek, secret_name));
        self
    }

    fn change(mut self, edit: impl FnOnce(&mut Vector)) -> Self {
        edit(&mut self.vector);
        self
    }

    fn good(mut self, edit: impl FnOnce(&mut Accepted)) -> Self {
        edit(&mut self.good);
        self
    }

    fn refused(mut self, refusal: &str) -> Made {
        self.vector.outcome = Outcome::Refused(refusal.to_owned());
        self.made()
    }

    fn accepted(mut self) -> Made {
        self.vector.outcome = Outcome::Accepted(Box::new(self.good.clone()));
        self.made()
    }

    fn made(self) -> Made {
        Made { name: self.name, vector: self.vector, files: self.files }
    }
}

fn held(kek: &Kek, secret_name: &str) -> HeldKey {
    HeldKey {
        authority: hex(kek.authority.as_bytes()),
        key: hex(kek.key.as_bytes()),
        suite: kek.private.suite().number(),
        private: hex(kek.private.seed().expose()),
        secret: hex(secret(secret_name).expose()),
    }
}

impl Sealed {
    /// A vector that opens `bytes` with everything that opens this document.
    fn opening(&self, name: &str, clauses: &str, fact: &str, bytes: Vec<u8>) -> Draft {
        let mut draft = Draft::new(name, clauses, fact, Operation::Open, bytes);
        for authority in std::iter::once(&self.world.authority).chain(&self.partners) {
            draft = draft.anchor(&authority.name().replace(' ', "-"), &authority.root);
        }
        let mut good = self.good_label();
        good.name = Some("予算案.txt".to_owned());
        good.media_type = Some("text/plain".to_owned());
        good.title = Some("令和８年度予算案".to_owned());
        good.length = Some(self.content.len() as u64);
        good.content = Some(hex(kakuzuke_core::crypto::pure().sha256(&self.content)));
        good.root = self.root.map(|root| hex(root.as_bytes()));
        if self.encrypted() {
            for kek in &self.keks {
                draft = draft.held(kek, &self.name);
            }
            draft.vector.licence = Some(self.licence());
            good.label_is_current = Some(true);
        }
        draft.good = good;
        draft
    }

    /// A vector with the parts changed.
    fn altered(&self, name: &str, clauses: &str, fact: &str, edit: impl FnOnce(&mut Parts)) -> Draft {
        let mut parts = self.parts();
        edit(&mut parts);
        self.opening(name, clauses, fact, parts.join())
    }

    /// A vector with the bytes changed.
    fn patched(&self, name: &str, clauses: &str, fact: &str, edit: impl FnOnce(&mut Vec<u8>)) -> Draft {
        let mut bytes = self.bytes.clone();
        edit(&mut bytes);
        self.opening(name, clauses, fact, bytes)
    }

    fn licence(&self) -> LicenceSays {
        LicenceSays { label_section: hex(&self.label), root: self.root.map(|root| hex(root.as_bytes())), key: None }
    }

    fn good_label(&self) -> Accepted {
        let grades = self.section.label().grades();
        Accepted {
            document: hex(self.section.document().as_bytes()),
            lineage: hex(self.section.lineage().as_bytes()),
            revision: self.section.revision(),
            label_hash: hex(self.label_hash.as_bytes()),
            grades: [Axis::Confidentiality, Axis::Integrity, Axis::Availability].map(|axis| grades.level(axis)),
            signer: "urn:kakuzuke:person:sato".to_owned(),
            ..Accepted::default()
        }
    }
}

/// Somebody who may read, and would like to write.
fn reader(sealed: &Sealed) -> Member {
    sealed.world.authority.person("suzuki")
}
