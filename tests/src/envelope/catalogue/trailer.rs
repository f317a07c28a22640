//! Section 8: the trailer.

use kakuzuke_core::cose::Domain;
use kakuzuke_core::crypto::{HashAlgorithm, KeySuite, pure};

use super::super::parts::{Parts, edit_protected, edit_signed, payload, sign};
use super::super::pki::{Authority, Member};
use super::super::value::Value;
use super::content::chunk_by_reader;
use super::{Made, Sealed, Sealing, reader};

fn int(n: i64) -> Value {
    Value::Int(n)
}

/// The one node over at most 64 pieces, as section 8 says it.
fn node_over(payload: &[u8]) -> Vec<u8> {
    let hash = |parts: &[&[u8]]| pure().digest(HashAlgorithm::Sha256, parts).as_ref().to_vec();
    let mut level: Vec<Vec<u8>> = payload[56..].chunks(16_400).map(|piece| hash(&[&[0], piece])).collect();
    while level.len() > 1 {
        level = level.chunks(2).map(|p| if let [l, r] = p { hash(&[&[1], l, r]) } else { p[0].clone() }).collect();
    }
    level.remove(0)
}

pub(super) fn vectors() -> Vec<Made> {
    let (small, clear) = (Sealed::small(), Sealed::clear());
    let other = Sealing::new("other", KeySuite::Kz1, "C2I2A2", 600).seal();
    let stranger = Authority::new("stranger", KeySuite::Kz1);
    let suzuki = reader(&small);
    let edited = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Parts)| {
        small.altered(&format!("trailer-{name}"), clauses, fact, edit).refused(refusal)
    };
    let by = |name: &str, clauses: &str, fact: &str, refusal: &str, member: &Member| {
        edited(name, clauses, fact, refusal, &|p| p.resign_core(member, |_| {}))
    };
    let says = |name: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Value)| {
        let clause = if refusal == "core-cbor" { "60" } else { "63" };
        edited(name, clause, fact, refusal, &|p| p.resign_core(&small.world.author, edit))
    };
    let mut made = vec![
        edited("core-garbage", "60", "The core is no signed object.", "core-cbor", &|p| p.core.fill(0)),
        small
            .patched("trailer-core-length", "60", "The core's length is one too few.", |b| {
                let at = b.len() - 17;
                b[at] -= 1;
            })
            .refused("core-cbor"),
        small
            .patched("trailer-core-length-huge", "60", "The core's length is 2^32 - 1.", |b| {
                let at = b.len() - 20;
                b[at..at + 4].fill(0xff);
            })
            .refused("core-cbor"),
        says("core-key-7", "The core has a key 7.", "core-cbor", &|v| v.set(7, int(0))),
        says("core-no-root", "The core has no root.", "core-cbor", &|v| v.remove(6)),
        edited("core-algorithm", "60", "The algorithm is -8.", "core-algorithm", &|p| {
            edit_protected(&mut p.core, |h| *h.at(1) = int(-8));
        }),
        by("by-stranger", "61", "The core is signed below another root.", "core-chain", &stranger.person("sato")),
        edited("signature", "61", "One bit of the signature is changed.", "core-signature", &|p| {
            edit_signed(&mut p.core, |parts| parts[3].bytes()[0] ^= 1);
        }),
        edited("other-domain", "61", "The signature was made for a label.", "core-signature", &|p| {
            let said = payload(&p.core, Domain::CORE).encode();
            p.core = sign(&small.world.author, Domain::LABEL, &said);
        }),
        edited(
            "payload-changed",
            "61",
            "The core's length is changed and the signature left as it is.",
            "core-signature",
            &|p| {
                let mut said = payload(&p.core, Domain::CORE);
                *said.at(3) = int(601);
                edit_signed(&mut p.core, |parts| parts[2] = Value::Bytes(said.encode()));
            },
        ),
        by("by-reader", "62", "A reader signs the core anew.", "core-author-key", &suzuki),
        by(
            "by-other-device",
            "62",
            "Another device of the author signs the core anew.",
            "core-author-key",
            &small.world.authority.device("sato", 2),
        ),
        edited(
            "of-other-document",
            "63",
            "The trailer is another document's, by the same author.",
            "core-mismatch",
            &|p| {
                let donor = other.parts();
                (p.nodes, p.core) = (donor.nodes, donor.core);
            },
        ),
        says("document", "The core names another document.", "core-mismatch", &|v| {
            *v.at(0) = Value::Bytes(vec![7; 16])
        }),
        says("suite", "The core says that the payload is clear.", "core-mismatch", &|v| *v.at(1) = int(0)),
        says("metadata", "The core names other metadata.", "core-mismatch", &|v| *v.at(2) = Value::Bytes(vec![7; 32])),
        says("length", "The core says that the payload is a byte longer.", "core-mismatch", &|v| *v.at(3) = int(601)),
        says("salt", "The core names another salt.", "core-mismatch", &|v| *v.at(4) = Value::Bytes(vec![7; 24])),
        says("commitment", "The core names another commitment.", "core-mismatch", &|v| {
            *v.at(5) = Value::Bytes(vec![7; 32])
        }),
        says("no-salt", "The core names no salt.", "core-mismatch", &|v| v.remove(4)),
        says("no-commitment", "The core names no commitment.", "core-mismatch", &|v| v.remove(5)),
        clear
            .altered("trailer-clear-with-salt", "63", "The core of a clear payload names salt and commitment.", |p| {
                p.resign_core(&clear.world.author, |v| {
                    v.set(4, Value::Bytes(vec![7; 24]));
                    v.set(5, Value::Bytes(vec![7; 32]));
                });
            })
            .refused("core-mismatch"),
        edited("node", "64", "One bit of a stored node is changed.", "nodes-mismatch", &|p| p.nodes[0] ^= 1),
        says("root", "The author signed another root than the nodes'.", "nodes-mismatch", &|v| {
            *v.at(6) = Value::Bytes(vec![7; 32])
        }),
    ];
    made.last_mut().expect("vectors").vector.clauses = vec!["ENV-64".to_owned()];
    made.extend(by_reader());
    made
}

/// A reader, who holds the key, changes the content as far as a reader can.
fn by_reader() -> Vec<Made> {
    let chunks = Sealed::chunks();
    let suzuki = reader(&chunks);
    let rewrite = |p: &mut Parts| {
        let chunk = chunk_by_reader(&chunks, &p.payload);
        p.payload[56..56 + chunk.len()].copy_from_slice(&chunk);
        p.nodes = node_over(&p.payload);
    };
    vec![
        chunks
            .altered(
                "trailer-reader-nodes",
                "64",
                "A reader has sealed the first chunk anew and changed the node.",
                |p| rewrite(p),
            )
            .refused("nodes-mismatch"),
        chunks
            .altered(
                "trailer-reader-core",
                "62",
                "A reader has sealed the first chunk anew, changed the node and signed the core.",
                |p| {
                    rewrite(p);
                    let root = Value::Bytes(p.nodes.clone());
                    p.resign_core(&suzuki, |v| *v.at(6) = root);
                },
            )
            .refused("core-author-key"),
        chunks
            .altered(
                "trailer-author-other-root",
                "81",
                "The author has sealed the document anew; the licence names the registered content.",
                |p| {
                    rewrite(p);
                    let root = Value::Bytes(p.nodes.clone());
                    p.resign_core(&chunks.world.author, |v| *v.at(6) = root);
                },
            )
            .refused("licence-root"),
    ]
}
