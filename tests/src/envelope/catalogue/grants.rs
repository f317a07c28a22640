//! Sections 4 and 5: grants and evidence.

use kakuzuke_core::cose::Domain;
use kakuzuke_core::crypto::KeySuite;
use kakuzuke_core::trust::Service;

use super::super::parts::{cut, edit_signed, sign};
use super::super::pki::{Authority, Member, NOW};
use super::super::value::Value;
use super::super::vector::{Operation, hex};
use super::super::world;
use super::sealed::Partners;
use super::{Draft, Made, Sealed, Sealing};

fn int(n: i64) -> Value {
    Value::Int(n)
}

fn all_of_two() -> Sealed {
    let mut sealing = Sealing::new("two shares", KeySuite::Kz1, "C2I2A2", 600);
    sealing.partners = Partners::All;
    sealing.seal()
}

pub(super) fn vectors() -> Vec<Made> {
    let (small, clear, two) = (Sealed::small(), Sealed::clear(), all_of_two());
    let other = Sealing::new("other", KeySuite::Kz1, "C2I2A2", 600).seal();
    let partner = Authority::new("partner 1", KeySuite::Kz1);
    let of_small = |name: &str, clauses: &str, fact: &str, edit: &dyn Fn(&mut Vec<Value>)| {
        small.altered(&format!("grants-{name}"), clauses, fact, |p| p.edit_grants(edit))
    };
    let of_two = |name: &str, clauses: &str, fact: &str, edit: &dyn Fn(&mut Vec<Value>)| {
        two.altered(&format!("grants-{name}"), clauses, fact, |p| p.edit_grants(edit))
    };
    let mut made = vec![
        small
            .altered("grants-no-array", "31", "The grants are a map.", |p| p.grants = vec![0xa0])
            .refused("grants-cbor"),
        small
            .altered(
                "grants-before-signature",
                "10 31",
                "Neither the grants nor the label's signature are good: the head's shape is checked first.",
                |p| {
                    p.grants = vec![0xa0];
                    edit_signed(&mut p.label, |parts| parts[3].bytes()[0] ^= 1);
                },
            )
            .refused("grants-cbor"),
        small
            .altered(
                "grants-after-signature",
                "10 29",
                "Neither the label's signature nor a grant is good: no grant is opened before the label is verified.",
                |p| {
                    edit_signed(&mut p.label, |parts| parts[3].bytes()[0] ^= 1);
                    p.edit_grants(|g| g[0].at(6).bytes()[0] ^= 1);
                },
            )
            .refused("label-signature"),
        small.altered("grants-empty", "31", "The section is empty.", |p| p.grants = Vec::new()).refused("grants-cbor"),
        of_small("key-7", "31", "A grant has a key 7.", &|g| g[0].set(7, int(0))).refused("grants-cbor"),
        of_small("no-ct", "31", "A grant has no key 6.", &|g| g[0].remove(6)).refused("grants-cbor"),
        of_small("suite-4", "31", "The key suite is 4.", &|g| *g[0].at(2) = int(4)).refused("unknown-key-suite"),
        of_small("suite-0", "31", "The key suite is 0.", &|g| *g[0].at(2) = int(0)).refused("unknown-key-suite"),
        of_small("none", "32", "An encrypted payload without grant.", &|g| g.clear()).refused("grants-inconsistent"),
        of_small("share-0", "32", "The share is 0.", &|g| *g[0].at(3) = int(0)).refused("grants-inconsistent"),
        of_small("share-2-of-1", "32", "Share 2 of 1.", &|g| *g[0].at(3) = int(2)).refused("grants-inconsistent"),
        of_small("share-missing", "32", "Share 1 of 2 stands alone.", &|g| *g[0].at(4) = int(2))
            .refused("grants-inconsistent"),
        of_small("seventeen-shares", "32", "There are 17 shares.", &|g| {
            *g = (1..=17).map(|i| with_share(&g[0], i, 17)).collect();
        })
        .refused("grants-inconsistent"),
        of_small("twice", "32", "The same grant stands twice.", &|g| g.push(g[0].clone()))
            .refused("grants-inconsistent"),
        of_two("counts-differ", "32", "Share 1 of 2 and share 2 of 3.", &|g| *g[1].at(4) = int(3))
            .refused("grants-inconsistent"),
        clear
            .altered("grants-for-clear", "32", "A clear payload with a grant.", |p| p.grants = small.parts().grants)
            .refused("grants-inconsistent"),
        sixty_five(&small).refused("grants-inconsistent"),
        small
            .opening("grants-below-minimum", "33", "The grant is of KZ1 where KZ3 is the minimum.", small.bytes.clone())
            .change(|v| v.minimum_suite = Some(3))
            .refused("grant-below-minimum"),
        of_small("enc", "34", "One bit of the encapsulated key is changed.", &|g| g[0].at(5).bytes()[0] ^= 1)
            .refused("grant-outer"),
        of_small("ct", "34", "One bit of the ciphertext is changed.", &|g| g[0].at(6).bytes()[0] ^= 1)
            .refused("grant-outer"),
        of_small("ct-cut", "34", "The ciphertext lacks a byte.", &|g| cut(g[0].at(6).bytes())).refused("grant-outer"),
        of_small("enc-zero", "34", "The encapsulated key is the neutral element.", &|g| g[0].at(5).bytes().fill(0))
            .refused("grant-outer"),
        small
            .altered(
                "grants-of-other-document",
                "34",
                "The grant was made for another document, by the same author at the same authority.",
                |p| {
                    p.grants = other.parts().grants;
                },
            )
            .held(&other.keks[0], "other")
            .refused("grant-outer"),
        of_small("of-other-authority", "34", "The grant names another authority, which holds the same key.", &|g| {
            *g[0].at(0) = Value::Bytes(partner.id.as_bytes().to_vec());
        })
        .change(|v| v.keys[0].authority = hex(partner.id.as_bytes()))
        .refused("grant-outer"),
        of_small("of-other-key-id", "34", "The grant names another key id, for the same key.", &|g| {
            *g[0].at(1) = Value::Bytes(vec![7; 16]);
        })
        .change(|v| v.keys[0].key = hex([7; 16]))
        .refused("grant-outer"),
        of_small("of-other-share", "34", "The one share is written as two.", &|g| {
            *g = (1..=2).map(|i| with_share(&g[0], i, 2)).collect();
        })
        .refused("grant-outer"),
        of_two("shares-swapped", "34", "The two shares have changed places.", &|g| {
            let (first, second) = (g[0].at(6).clone(), g[1].at(6).clone());
            (*g[0].at(6), *g[1].at(6)) = (second, first);
        })
        .refused("grant-outer"),
        small
            .opening("grants-other-secret", "35", "The authority's secret is another document's.", small.bytes.clone())
            .change(|v| v.keys[0].secret = hex(super::secret("other").expose()))
            .refused("grant-inner"),
        two.opening("grants-one-of-two", "39", "Of two shares only one is to be had.", two.bytes.clone())
            .change(|v| drop(v.keys.pop()))
            .refused("grant-shares"),
        two.opening("grants-none-held", "39", "Nobody holds a key.", two.bytes.clone())
            .change(|v| v.keys.clear())
            .refused("grant-shares"),
    ];
    made.push(share_of_other_sealing(&two));
    made
}

fn with_share(grant: &Value, index: i64, count: i64) -> Value {
    let mut made = grant.clone();
    *made.at(3) = int(index);
    *made.at(4) = int(count);
    made
}

fn sixty_five(small: &Sealed) -> Draft {
    small.altered("grants-sixty-five", "32", "There are 65 grants.", |p| {
        p.edit_grants(|g| {
            let one = g[0].clone();
            *g = (0..65)
                .map(|n| {
                    let mut grant = one.clone();
                    *grant.at(1) = Value::Bytes(vec![n; 16]);
                    grant
                })
                .collect();
        });
    })
}

/// The same document sealed twice under the same secrets: shares of the two sealings make no key.
fn share_of_other_sealing(two: &Sealed) -> Made {
    let mut sealing = Sealing::new("two shares", KeySuite::Kz1, "C2I2A2", 600);
    sealing.partners = Partners::All;
    sealing.seed = "another sealing";
    let mut donor = Value::parse(&sealing.seal().parts().grants);
    let second = donor.items()[1].clone();
    let draft = two.altered(
        "grants-share-of-other-sealing",
        "82",
        "One share is of another sealing of the same document.",
        |p| {
            p.edit_grants(|g| g[1] = second);
        },
    );
    draft.refused("commitment-mismatch")
}

fn record(kind: i64, bytes: Vec<u8>) -> Value {
    Value::Map(vec![(int(0), int(kind)), (int(1), Value::Bytes(bytes))])
}

pub(super) fn evidence_vectors() -> Vec<Made> {
    let small = Sealed::small();
    let evidence = |name: &str, fact: &str, records: Vec<Value>| {
        small.altered(&format!("evidence-{name}"), "37", fact, |p| {
            p.evidence = Value::Array(records).encode();
        })
    };
    let mut made = vec![
        evidence("kind-3", "A record is of kind 3.", vec![record(3, vec![1])]).refused("evidence-cbor"),
        evidence("kind-0", "A record is of kind 0.", vec![record(0, vec![1])]).refused("evidence-cbor"),
        evidence(
            "key-2",
            "A record has a key 2.",
            vec![{
                let mut long = record(1, vec![1]);
                long.set(2, int(0));
                long
            }],
        )
        .refused("evidence-cbor"),
        evidence("sixty-five", "There are 65 records.", vec![record(1, vec![1]); 65]).refused("evidence-cbor"),
        evidence("sixty-four", "There are 64 records, none of which proves anything.", vec![record(1, vec![1]); 64])
            .accepted(),
        small
            .altered("evidence-empty", "37", "The section is empty.", |p| p.evidence = Vec::new())
            .refused("evidence-cbor"),
    ];
    made.extend(countersignatures(&small));
    made
}

fn countersignatures(small: &Sealed) -> Vec<Made> {
    let authority = &small.world.authority;
    let service = authority.service(Service::Authority);
    let partner = Authority::new("partner 1", KeySuite::Kz1);
    let word = |edit: &dyn Fn(&mut Value)| {
        let mut value = Value::Map(vec![
            (int(0), Value::Bytes(authority.id.as_bytes().to_vec())),
            (int(1), Value::Bytes(small.section.document().as_bytes().to_vec())),
            (int(2), Value::Bytes(small.label_hash.as_bytes().to_vec())),
            (int(3), int(NOW)),
        ]);
        edit(&mut value);
        value.encode()
    };
    let by = |signer: &Member, payload: Vec<u8>| sign(signer, Domain::COUNTERSIGNATURE, &payload);
    let draft = |name: &str, fact: &str, bytes: Vec<u8>| {
        let mut parts = small.parts();
        parts.evidence = Value::Array(vec![record(2, bytes)]).encode();
        Draft::new(&format!("countersignature-{name}"), "38", fact, Operation::Countersignature, parts.join())
            .anchor("agency-1", &authority.root)
            .anchor("partner-1", &partner.root)
            .good(|g| *g = small.good_label())
    };
    let mut broken = by(&service, word(&|_| {}));
    edit_signed(&mut broken, |parts| parts[3].bytes()[0] ^= 1);
    vec![
        draft("good", "The authority vouches for the label again.", by(&service, word(&|_| {}))).accepted(),
        draft("garbage", "The record is no signed object.", vec![1, 2, 3]).refused("evidence-record-cbor"),
        draft(
            "other-document",
            "The record is about another document.",
            by(
                &service,
                word(&|v| {
                    *v.at(1) = Value::Bytes(world::document("other").as_bytes().to_vec());
                }),
            ),
        )
        .refused("evidence-other-document"),
        draft(
            "other-revision",
            "The record is about another revision.",
            by(
                &service,
                word(&|v| {
                    *v.at(2) = Value::Bytes(vec![7; 32]);
                }),
            ),
        )
        .refused("evidence-other-document"),
        draft(
            "by-licence",
            "The service `licence` signed the record.",
            by(&authority.service(Service::Licence), word(&|_| {})),
        )
        .refused("evidence-signer"),
        draft("by-author", "The author signed the record.", by(&small.world.author, word(&|_| {})))
            .refused("evidence-signer"),
        draft(
            "by-partner",
            "Another authority's service signed the record.",
            by(&partner.service(Service::Authority), word(&|_| {})),
        )
        .refused("evidence-signer"),
        draft("signature", "One bit of the signature is changed.", broken).refused("evidence-signature"),
        draft("label-domain", "The signature was made for a label.", sign(&service, Domain::LABEL, &word(&|_| {})))
            .refused("evidence-signature"),
    ]
}
