//! Section 3: the label section and its revisions.

use kakuzuke_core::cose::Domain;
use kakuzuke_core::crypto::pure;
use kakuzuke_core::envelope::UnverifiedLabel;
use kakuzuke_core::trust::Service;

use super::super::parts::{Parts, cut, edit_protected, edit_signed, sign};
use super::super::pki::{Authority, FROM, Member, UNTIL};
use super::super::value::Value;
use super::super::vector::{Operation, hex};
use super::super::world;
use super::{Draft, Made, Sealed, reader};

fn int(n: i64) -> Value {
    Value::Int(n)
}

fn none() -> Value {
    Value::Raw(vec![0xf6])
}

/// What the label section says, written in other ways, always signed by the author.
pub(super) fn vectors() -> Vec<Made> {
    let (small, clear) = (Sealed::small(), Sealed::clear());
    let says = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Value)| {
        let draft = small.altered(&format!("label-{name}"), clauses, fact, |p| {
            p.resign_label(&small.world.author, edit);
        });
        draft.refused(refusal)
    };
    let of_clear = |name: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Value)| {
        let draft = clear.altered(&format!("label-{name}"), "25", fact, |p| {
            p.resign_label(&clear.world.author, edit);
        });
        draft.refused(refusal)
    };
    let hash = || Value::Bytes(vec![7; 32]);
    let parent = |document: Vec<u8>| Value::Array(vec![Value::Bytes(document), hash()]);
    let own = small.section.document().as_bytes().to_vec();
    let other = world::document("other").as_bytes().to_vec();
    let mut made = shapes(&small);
    made.extend([
        says("key-11", "20", "The payload has a key 11.", "label-cbor", &|v| v.set(11, int(0))),
        says("no-author", "20", "The payload has no key 7.", "label-cbor", &|v| v.remove(7)),
        says("null-parent", "20", "The parent is null instead of absent.", "label-cbor", &|v| v.set(2, none())),
        says("keys-out-of-order", "20", "Two keys of the payload have changed places.", "label-cbor", &|v| {
            v.entries().swap(0, 1);
        }),
        says("key-twice", "20", "The payload has key 3 twice.", "label-cbor", &|v| {
            let again = v.entries()[2].clone();
            v.entries().insert(3, again);
        }),
        says("long-number", "20", "The revision is written in two bytes.", "label-cbor", &|v| {
            v.set(3, Value::Raw(vec![0x18, 1]));
        }),
        says("short-author", "20", "The author's thumbprint has 31 bytes.", "label-cbor", &|v| {
            v.set(7, Value::Bytes(vec![7; 31]));
        }),
        says("grade-4", "20", "The confidentiality is 4.", "label-cbor", &|v| *v.at(9).at(0).at(0) = int(4)),
        says("binding-3", "21", "The binding is 3.", "unknown-kind", &|v| v.set(10, int(3))),
        says("suite-2", "21", "The payload suite is 2.", "unknown-payload-suite", &|v| *v.at(6) = int(2)),
        says("kind-2", "21", "The trailer kind is 2.", "unknown-kind", &|v| *v.at(8) = int(2)),
        says(
            "suite-before-kind",
            "21 10",
            "Payload suite and trailer kind are 2: the suite is checked first.",
            "unknown-payload-suite",
            &|v| {
                *v.at(6) = int(2);
                *v.at(8) = int(2);
            },
        ),
        says(
            "binding-before-suite",
            "21 10",
            "The binding is 3 and the payload suite 2: the binding is checked first.",
            "unknown-kind",
            &|v| {
                *v.at(6) = int(2);
                v.set(10, int(3));
            },
        ),
        says("revision-0", "22", "The revision is 0.", "label-inconsistent", &|v| *v.at(3) = int(0)),
        says("first-with-previous", "22", "Revision 1 names a revision before.", "label-inconsistent", &|v| {
            v.set(4, hash())
        }),
        says("second-without-previous", "22", "Revision 2 names no revision before.", "label-inconsistent", &|v| {
            *v.at(3) = int(2)
        }),
        says(
            "lineage-without-parent",
            "23",
            "The lineage is another document's and there is no parent.",
            "label-inconsistent",
            &|v| {
                *v.at(1) = Value::Bytes(other.clone());
            },
        ),
        says(
            "parent-in-own-lineage",
            "23",
            "There is a parent and the lineage begins with the document.",
            "label-inconsistent",
            &|v| {
                v.set(2, parent(other.clone()));
            },
        ),
        says("own-parent", "23", "The document is its own parent.", "label-inconsistent", &|v| {
            *v.at(1) = Value::Bytes(other.clone());
            v.set(2, parent(own.clone()));
        }),
        says("clear-secret", "24", "Confidentiality 2 with a clear payload.", "label-mechanism", &|v| {
            *v.at(6) = int(0)
        }),
        says("no-trailer", "25", "Integrity 2 without trailer.", "label-mechanism", &|v| *v.at(8) = int(0)),
        of_clear("encrypted-public", "Confidentiality 1 with an encrypted payload.", "label-mechanism", &|v| {
            *v.at(6) = int(1)
        }),
        of_clear("clear-no-trailer", "A clear payload without trailer.", "label-mechanism", &|v| *v.at(8) = int(0)),
        of_clear("unbound-with-trailer", "An unbound label with a trailer.", "label-mechanism", &|v| v.set(10, int(1))),
        of_clear("detached-without-trailer", "A detached label without trailer.", "label-mechanism", &|v| {
            v.set(10, int(2));
            *v.at(8) = int(0);
        }),
        says("detached-secret", "25", "A detached label of confidentiality 2.", "label-mechanism", &|v| {
            v.set(10, int(2))
        }),
        of_clear("unbound-in-envelope", "An unbound label in an envelope.", "label-unbound", &|v| {
            v.set(10, int(1));
            *v.at(8) = int(0);
        }),
        of_clear("detached-in-envelope", "A detached label in an envelope.", "label-unbound", &|v| v.set(10, int(2))),
    ]);
    for made in made.iter_mut().filter(|m| m.name.ends_with("in-envelope")) {
        made.vector.clauses = vec!["ENV-30".to_owned()];
    }
    made
}

/// Objects that are no label section at all.
fn shapes(small: &Sealed) -> Vec<Made> {
    let shape = |name: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        small.altered(&format!("label-{name}"), "20", fact, |p| edit(&mut p.label)).refused(refusal)
    };
    let certificates = |count: usize| {
        let leaf = Value::Bytes(small.world.author.chain[0].to_vec());
        move |label: &mut Vec<u8>| {
            edit_protected(label, |h| *h.at(33) = Value::Array(vec![leaf.clone(); count]));
        }
    };
    vec![
        shape("stripped", "The label section is empty.", "label-cbor", &|l| l.clear()),
        shape("cut", "The label section lacks its last byte.", "label-cbor", &|l| cut(l)),
        shape("longer", "A byte follows the label section.", "label-cbor", &|l| l.push(0)),
        shape("tagged", "The COSE_Sign1 has its tag.", "label-cbor", &|l| l.insert(0, 0xd2)),
        shape("indefinite", "The COSE_Sign1 is an array of indefinite length.", "label-cbor", &|l| {
            l[0] = 0x9f;
            l.push(0xff);
        }),
        shape("unprotected", "The unprotected header holds something.", "label-cbor", &|l| {
            edit_signed(l, |parts| parts[1] = Value::Map(vec![(int(4), Value::Bytes(vec![1]))]));
        }),
        shape("header-key", "The protected header has a key 4.", "label-cbor", &|l| {
            edit_protected(l, |h| h.set(4, Value::Bytes(vec![1])));
        }),
        shape("chain-of-one-array", "One certificate stands in an array.", "label-cbor", &certificates(1)),
        shape("chain-of-five", "There are five certificates.", "label-cbor", &certificates(5)),
        shape("certificate-long", "A certificate has 8,193 bytes.", "label-cbor", &|l| {
            edit_protected(l, |h| *h.at(33) = Value::Bytes(vec![0x30; 8193]));
        }),
        shape("payload-detached", "The COSE_Sign1 has no payload.", "label-cbor", &|l| {
            edit_signed(l, |parts| parts[2] = none());
        }),
        shape("algorithm", "The algorithm is -8, EdDSA, which does not name one curve.", "label-algorithm", &|l| {
            edit_protected(l, |h| *h.at(1) = int(-8));
        }),
    ]
}

/// The signature and the signer.
pub(super) fn signed_vectors() -> Vec<Made> {
    let small = Sealed::small();
    let authority = &small.world.authority;
    let edited = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Parts)| {
        small.altered(&format!("label-{name}"), clauses, fact, edit).refused(refusal)
    };
    let by = |name: &str, clauses: &str, fact: &str, refusal: &str, member: &Member| {
        edited(name, clauses, fact, refusal, &|p| {
            p.resign_label(member, |v| *v.at(7) = Value::Bytes(member.thumbprint()));
        })
    };
    let opening = |name: &str, clauses: &str, fact: &str| {
        small.opening(&format!("label-{name}"), clauses, fact, small.bytes.clone())
    };
    let stranger = Authority::new("stranger", small.world.authority.suite);
    vec![
        opening("unknown-root", "29", "The signer's root is not pinned.")
            .change(|v| v.anchors.clear())
            .anchor("stranger", &stranger.root)
            .refused("label-chain"),
        opening("not-yet", "29", "The certificate is not valid yet.")
            .change(|v| v.at = FROM - 1)
            .refused("label-chain"),
        opening("first-second", "29", "The certificate is valid since this second.").change(|v| v.at = FROM).accepted(),
        opening("last-second", "29", "The certificate is valid until this second.").change(|v| v.at = UNTIL).accepted(),
        opening("expired", "29", "The certificate is not valid any more.")
            .change(|v| v.at = UNTIL + 1)
            .refused("label-chain"),
        edited("no-chain", "29", "No certificate comes with the signature.", "label-chain", &|p| {
            edit_protected(&mut p.label, |h| h.remove(33));
        }),
        edited("certificate-garbage", "29", "The certificate is none.", "label-chain", &|p| {
            edit_protected(&mut p.label, |h| *h.at(33) = Value::Bytes(vec![0x30; 100]));
        }),
        by("for-tls", "29", "The certificate is for TLS servers only.", "label-chain", &authority.for_tls("sato")),
        by("nobody", "29", "The certificate names nobody.", "label-chain", &authority.naming(&[])),
        by(
            "two-names",
            "29",
            "The certificate names two persons.",
            "label-chain",
            &authority.naming(&["urn:kakuzuke:person:sato", "urn:kakuzuke:person:suzuki"]),
        ),
        by(
            "other-name",
            "29",
            "The certificate names a web site.",
            "label-chain",
            &authority.naming(&["https://example.jp/"]),
        ),
        by(
            "below-person",
            "29",
            "The certificate was issued with a person's.",
            "label-chain",
            &authority.issued_by_person("sato"),
        ),
        by("self-signed", "29", "The certificate signs itself.", "label-chain", &authority.self_signed("sato")),
        edited("signature", "29", "One bit of the signature is changed.", "label-signature", &|p| {
            edit_signed(&mut p.label, |parts| parts[3].bytes()[0] ^= 1);
        }),
        edited(
            "forged",
            "29",
            "The grade is lowered from 2 to 1 in availability and the signature left as it is.",
            "label-signature",
            &|p| {
                let mut value = p.label_payload();
                *value.at(9).at(0).at(2) = int(1);
                edit_signed(&mut p.label, |parts| parts[2] = Value::Bytes(value.encode()));
            },
        ),
        edited("other-domain", "29", "The signature was made for a core.", "label-signature", &|p| {
            p.label = sign(&small.world.author, Domain::CORE, &p.label_payload().encode());
        }),
        by("by-reader", "19", "Another person signs what 佐藤 decided.", "label-signer", &reader(&small)),
        by(
            "by-service",
            "19",
            "The service `rule` signs what a person decided.",
            "label-signer",
            &authority.service(Service::Rule),
        ),
        edited("rule-by-person", "19", "A person signs what a rule decided.", "label-signer", &|p| {
            p.resign_label(&small.world.author, |v| *v.at(9).at(3) = decided_by_rule());
        }),
        edited("rule-by-licence", "19", "The service `licence` signs what a rule decided.", "label-signer", &|p| {
            let service = authority.service(Service::Licence);
            p.resign_label(&service, |v| {
                *v.at(7) = Value::Bytes(service.thumbprint());
                *v.at(9).at(3) = decided_by_rule();
            });
        }),
        edited(
            "other-device",
            "26",
            "Revision 1 is signed by another device of the author.",
            "label-author-key",
            &|p| {
                p.resign_label(&authority.device("sato", 2), |_| {});
            },
        ),
        edited("other-origin", "26", "The signer's authority is not the origin.", "label-author-key", &|p| {
            p.resign_label(&small.world.author, |v| *v.at(5) = Value::Bytes(stranger.id.as_bytes().to_vec()));
        }),
    ]
}

fn decided_by_rule() -> Value {
    let decider = Value::Map(vec![
        (int(0), Value::Text("sato".to_owned())),
        (int(1), Value::Text("佐藤 花子".to_owned())),
        (int(2), Value::Text("総務課長".to_owned())),
    ]);
    let name = |text: &str| Value::Text(text.to_owned());
    let rule = Value::Map(vec![(int(0), name("予算資料")), (int(1), name("3")), (int(2), decider)]);
    Value::Array(vec![int(1), Value::Array(vec![rule])])
}

/// A later revision of a label section.
pub(super) fn revised(sealed: &Sealed, signer: &Member, edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut parts = sealed.parts();
    let hash = sealed.label_hash.as_bytes().to_vec();
    parts.resign_label(signer, |v| {
        *v.at(3) = int(2);
        v.set(4, Value::Bytes(hash));
        *v.at(9).at(0).at(2) = int(1);
        edit(v);
    });
    parts.label
}

/// Whether one label section follows another.
pub(super) fn revision_vectors() -> Vec<Made> {
    let small = Sealed::small();
    let author = &small.world.author;
    let draft = |name: &str, clauses: &str, fact: &str, section: Vec<u8>| {
        let mut good = small.good_label();
        if let Ok(label) = UnverifiedLabel::parse(pure(), &section) {
            good.label_hash = hex(label.hash().as_bytes());
            good.revision = label.claims().revision();
            good.grades[2] = 1;
        }
        Draft::new(&format!("revision-{name}"), clauses, fact, Operation::Revision, section)
            .anchor("agency-1", &small.world.authority.root)
            .change(|v| v.current = Some(hex(&small.label)))
            .good(|g| *g = good)
    };
    let fixed = |name: &str, fact: &str, edit: &dyn Fn(&mut Value)| {
        draft(name, "28", fact, revised(&small, author, edit)).refused("revision-fixed")
    };
    vec![
        draft("follows", "27 28", "Revision 2 changes the grade and nothing else.", revised(&small, author, |_| {}))
            .accepted(),
        draft("same", "27", "The same revision again.", small.label.clone()).refused("revision-number"),
        draft("skips", "27", "Revision 3 after revision 1.", revised(&small, author, |v| *v.at(3) = int(3)))
            .refused("revision-number"),
        draft(
            "older",
            "27",
            "Revision 1, which was less strict, is put back in place of revision 2.",
            small.label.clone(),
        )
        .change(|v| v.current = Some(hex(revised(&small, author, |_| {}))))
        .refused("revision-number"),
        draft(
            "other-previous",
            "27",
            "Revision 2 names another revision 1.",
            revised(&small, author, |v| {
                *v.at(4) = Value::Bytes(vec![7; 32]);
            }),
        )
        .refused("revision-previous"),
        fixed("author", "Revision 2 names another author.", &|v| *v.at(7) = Value::Bytes(vec![7; 32])),
        fixed("origin", "Revision 2 names another origin.", &|v| *v.at(5) = Value::Bytes(vec![7; 32])),
        fixed("document", "Revision 2 names another document, which begins a lineage of its own.", &|v| {
            let other = world::document("other").as_bytes().to_vec();
            *v.at(0) = Value::Bytes(other.clone());
            *v.at(1) = Value::Bytes(other);
        }),
        fixed("suite", "Revision 2 lowers the confidentiality to 1 and says that the payload is clear.", &|v| {
            *v.at(9).at(0).at(0) = int(1);
            *v.at(6) = int(0);
        }),
        fixed("kind", "Revision 2 lowers the integrity to 1 and says that there is no trailer.", &|v| {
            *v.at(9).at(0).at(1) = int(1);
            *v.at(8) = int(0);
        }),
    ]
}
