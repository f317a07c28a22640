//! Good files: every suite, clear, streamed, several authorities, later revisions.

use kakuzuke_core::crypto::{KeySuite, pure};
use kakuzuke_core::envelope::{Parent, PayloadLength, Record, Standing, UnverifiedLabel};
use kakuzuke_core::id::LabelHash;
use kakuzuke_core::label::{Decided, Decider, RuleDecision};
use kakuzuke_core::trust::Service;

use super::super::pki::{Authority, Kek};
use super::super::seeded::Seeded;
use super::super::value::Value;
use super::super::vector::hex;
use super::super::world;
use super::label::revised;
use super::sealed::Partners;
use super::{Made, Sealed, Sealing};

pub(super) fn vectors() -> Vec<Made> {
    let good = |name: &str, fact: &str, sealed: &Sealed| {
        sealed.opening(&format!("good-{name}"), "", fact, sealed.bytes.clone()).accepted()
    };
    let sized = |name: &'static str, grade: &'static str, length: usize| {
        Sealing::new(name, KeySuite::Kz1, grade, length).seal()
    };
    let with = |name: &'static str, grade: &'static str, edit: &dyn Fn(&mut Sealing)| {
        let mut sealing = Sealing::new(name, KeySuite::Kz1, grade, 600);
        edit(&mut sealing);
        sealing.seal()
    };
    let mut made = vec![
        good("kz1", "KZ1: X25519 and Ed25519.", &Sealed::small()),
        good("kz2", "KZ2: X-Wing and Ed25519.", &Sealing::new("kz2", KeySuite::Kz2, "C2I2A2", 600).seal()),
        good("kz3", "KZ3: MLKEM1024-P384 and ECDSA P-384.", &Sealing::new("kz3", KeySuite::Kz3, "C3I2A2", 600).seal()),
        good("empty", "An encrypted payload of 0 bytes has one chunk.", &sized("empty", "C2I2A2", 0)),
        good("one-chunk-full", "16,384 bytes make a full chunk and an empty one.", &sized("full", "C2I2A2", 16_384)),
        good("three-chunks", "40,000 bytes make three chunks.", &Sealed::chunks()),
        good(
            "streamed",
            "A payload whose length was not known beforehand has a trailer though the integrity is 1.",
            &with("streamed", "C2I1A1", &|s| s.length = |_| PayloadLength::Unknown),
        ),
        good(
            "without-trailer",
            "Integrity 1 without trailer: alterations by other readers can't be detected.",
            &Sealed::chunks_of_integrity_1(),
        ),
        good("clear", "A clear payload.", &Sealed::clear()),
        good(
            "clear-empty",
            "A clear payload of 0 bytes has no piece; its root is that of the empty tree.",
            &sized("clear empty", "C1I1A1", 0),
        ),
        good(
            "clear-two-nodes",
            "A clear payload of 67 pieces has two nodes.",
            &sized("clear nodes", "C1I2A1", 66 * 16_384 + 5),
        ),
        good("any", "Either of two authorities opens.", &with("any", "C2I2A2", &|s| s.partners = Partners::Any)),
        good("all", "Two authorities are needed.", &with("all", "C2I2A2", &|s| s.partners = Partners::All)),
        good("child", "A derivative of another document.", &with("child", "C2I2A2", &|s| s.standing = Some(child()))),
        good(
            "intermediate",
            "The author's certificate hangs from an intermediate one.",
            &with("intermediate", "C2I2A2", &|s| {
                s.author = Some(Authority::new("agency 1", KeySuite::Kz1).person_below_intermediate("sato"));
            }),
        ),
        by_rule(),
        partner_alone(),
    ];
    made.extend(later());
    made
}

fn child() -> Standing {
    let origin = Authority::new("agency 1", KeySuite::Kz1).id;
    let parent = Parent { document: world::document("small"), label_hash: LabelHash::from_bytes([7; 32]) };
    Standing::child(world::document("child"), origin, world::document("small").lineage(), parent)
}

fn by_rule() -> Made {
    let decider = Decider {
        subject: "sato".parse().expect("a subject"),
        name: "佐藤 花子".try_into().expect("a name"),
        post: "総務課長".try_into().expect("a post"),
    };
    let rule = RuleDecision {
        rule: "予算資料".try_into().expect("a rule"),
        version: "3".try_into().expect("a version"),
        approved_by: decider,
    };
    let mut sealing = Sealing::new("by rule", KeySuite::Kz1, "C2I2A2", 600);
    sealing.label = Some(world::label_decided("C2I2A2", Decided::ByRule(rule)));
    sealing.author = Some(Authority::new("agency 1", KeySuite::Kz1).service(Service::Rule));
    let sealed = sealing.seal();
    sealed
        .opening(
            "good-by-rule",
            "19",
            "A rule decided, and the service that applies rules signed.",
            sealed.bytes.clone(),
        )
        .good(|g| g.signer = "urn:kakuzuke:service:rule".to_owned())
        .accepted()
}

/// Of two alternatives the second alone is at hand.
fn partner_alone() -> Made {
    let mut sealing = Sealing::new("any", KeySuite::Kz1, "C2I2A2", 600);
    sealing.partners = Partners::Any;
    let sealed = sealing.seal();
    sealed
        .opening("good-any-by-partner", "32", "Either of two authorities opens; the second does.", sealed.bytes.clone())
        .change(|v| drop(v.keys.remove(0)))
        .accepted()
}

/// What became of a document later.
fn later() -> Vec<Made> {
    let small = Sealed::small();
    let second = revised(&small, &small.world.author, |_| {});
    let second_hash = hex(UnverifiedLabel::parse(pure(), &second).expect("a label").hash().as_bytes());
    let relabelled = small
        .altered("good-revision-2", "80", "The head carries revision 2, as the licence does.", |p| {
            p.label = second.clone()
        })
        .change(|v| v.licence.as_mut().expect("a licence").label_section = hex(&second))
        .good(|g| {
            (g.revision, g.label_hash, g.grades[2]) = (2, second_hash, 1);
        })
        .accepted();
    let older = small
        .opening(
            "good-older-head",
            "80",
            "The head carries revision 1 and the licence revision 2: the licence's label applies.",
            small.bytes.clone(),
        )
        .change(|v| v.licence.as_mut().expect("a licence").label_section = hex(&second))
        .good(|g| g.label_is_current = Some(false))
        .accepted();
    vec![relabelled, older, rewrapped(&small), with_receipt(&small)]
}

/// Wrapped anew for a key of KZ3; nothing but the grants differs.
fn rewrapped(small: &Sealed) -> Made {
    let kek: Kek = small.world.authority.kek(KeySuite::Kz3, 2);
    let anchors = small.world.anchors();
    let head = world::head(pure(), &small.bytes, &anchors);
    let mut rng = Seeded::new("rewrap");
    let old = &head.grants()[0];
    let grant =
        old.rewrap(pure(), &small.keks[0].private, head.section(), &kek.recipient(), &mut rng).expect("wrapped");
    let bytes = head.edit().with_grants(vec![grant]).rewrite().expect("a head");
    let moved = [bytes, small.bytes[4096..].to_vec()].concat();
    small
        .opening("good-rewrapped", "33 36", "The grant was wrapped anew for a key of KZ3, the minimum.", moved)
        .held(&kek, &small.name)
        .change(|v| {
            v.keys.remove(0);
            v.minimum_suite = Some(3);
        })
        .accepted()
}

fn with_receipt(small: &Sealed) -> Made {
    let anchors = small.world.anchors();
    let head = world::head(pure(), &small.bytes, &anchors);
    let receipt = Record::receipt(Value::Text("no receipt at all".to_owned()).encode());
    let bytes = head.edit().with_record(receipt).overwrite(head.preamble()).expect("room");
    small
        .patched(
            "good-receipt",
            "38",
            "The evidence holds a receipt that proves nothing; opening does not depend on it.",
            |b| {
                b[..bytes.len()].copy_from_slice(&bytes);
            },
        )
        .accepted()
}
