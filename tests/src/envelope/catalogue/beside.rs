//! Section 9: labels and signatures beside native files.

use kakuzuke_core::crypto::pure;
use kakuzuke_core::envelope::{DetachedSealer, LabelSection, UnverifiedHead, UnverifiedLabel};

use super::super::parts::{Parts, cut, edit_signed};
use super::super::seeded::Seeded;
use super::super::value::Value;
use super::super::vector::{Accepted, Operation, hex};
use super::super::world;
use super::{Draft, Made, Sealed};
use kakuzuke_core::crypto::KeySuite;

pub(super) fn vectors() -> Vec<Made> {
    let mut made = detached();
    made.extend(unbound());
    made
}

fn good(section: &LabelSection, label_hash: &[u8], grades: [u8; 3]) -> Accepted {
    Accepted {
        document: hex(section.document().as_bytes()),
        lineage: hex(section.lineage().as_bytes()),
        revision: 1,
        label_hash: hex(label_hash),
        grades,
        signer: "urn:kakuzuke:person:sato".to_owned(),
        ..Accepted::default()
    }
}

/// An unbound label of a grade, as a file carries it.
fn unbound_of(world: &world::World, grade: &str) -> (LabelSection, UnverifiedLabel) {
    let author = world.signatory();
    let standing = world.standing("unbound");
    let section = LabelSection::unbound(&standing, world::label(grade, "sato"), author.thumbprint());
    let section = section.expect("a section");
    let signed = section.clone().sign(pure(), &author, &mut Seeded::new("unbound")).expect("signed");
    (section, signed)
}

fn unbound() -> Vec<Made> {
    let world = world::World::new(KeySuite::Kz1);
    let (one, two) = (unbound_of(&world, "C1I1A1"), unbound_of(&world, "C2I1A1"));
    let of = |(section, signed): &(LabelSection, UnverifiedLabel),
              grades,
              name: &str,
              clauses: &str,
              fact: &str,
              edit: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = signed.as_bytes().to_vec();
        edit(&mut bytes);
        Draft::new(&format!("unbound-{name}"), clauses, fact, Operation::Label, bytes)
            .anchor("agency-1", &world.authority.root)
            .good(|g| *g = good(section, signed.hash().as_bytes(), grades))
    };
    let draft = |name: &str, clauses: &str, fact: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        of(&one, [1, 1, 1], name, clauses, fact, edit)
    };
    let graded = |bytes: &mut Vec<u8>, axis: i64, level: i64| {
        let mut parts = Parts { label: bytes.clone(), ..Sealed::clear().parts() };
        parts.resign_label(&world.author, |v| *v.at(9).at(0).at(axis) = Value::Int(level));
        *bytes = parts.label;
    };
    vec![
        draft("good", "20 29", "A label of 機密性1・完全性1 stands in the native file's own metadata.", &|_| {})
            .accepted(),
        draft("signature", "29", "One bit of an unbound label's signature is changed.", &|b| {
            edit_signed(b, |parts| parts[3].bytes()[0] ^= 1);
        })
        .refused("label-signature"),
        draft("integrity-2", "25", "An unbound label of integrity 2.", &|b| graded(b, 1, 2)).refused("label-mechanism"),
        of(&two, [2, 1, 1], "confidentiality-2", "24", "A document of 機密性2 is labelled only.", &|_| {}).accepted(),
        draft("confidentiality-3", "24", "An unbound label of confidentiality 3.", &|b| graded(b, 0, 3))
            .refused("label-mechanism"),
    ]
}

struct Beside {
    world: world::World,
    native: Vec<u8>,
    file: Vec<u8>,
}

impl Beside {
    fn new(length: usize) -> Self {
        let world = world::World::new(KeySuite::Kz1);
        let native = world::content(length);
        let mut rng = Seeded::new("detached");
        let author = world.signatory();
        let (standing, label) = (world.standing("detached"), world::label("C1I2A1", "sato"));
        let mut sealer = DetachedSealer::new(pure(), &standing, label, &author, &mut rng).expect("a sealer");
        native.chunks(10_007).for_each(|piece| sealer.push(piece).expect("taken"));
        let file = sealer.finish(&author, &mut rng).expect("signed");
        Self { world, native, file }
    }

    fn draft(&self, name: &str, clauses: &str, fact: &str, edit: impl FnOnce(&mut Vec<u8>, &mut Vec<u8>)) -> Draft {
        let (mut file, mut native) = (self.file.clone(), self.native.clone());
        edit(&mut file, &mut native);
        let name = format!("detached-{name}");
        let head = UnverifiedHead::read(pure(), &self.file).expect("a head");
        let root = super::super::parts::payload(&Parts::split(&self.file).core, kakuzuke_core::cose::Domain::CORE)
            .at(6)
            .bytes()
            .clone();
        let mut draft = Draft::new(&name, clauses, fact, Operation::Detached, file)
            .anchor("agency-1", &self.world.authority.root)
            .good(|g| {
                *g = good(head.claims(), head.label().hash().as_bytes(), [1, 2, 1]);
                g.length = Some(self.native.len() as u64);
                g.content = Some(hex(pure().sha256(&self.native)));
                g.root = Some(hex(root));
            });
        draft.vector.native = Some(format!("{name}.native"));
        draft.files.push((format!("{name}.native"), native));
        draft
    }
}

fn detached() -> Vec<Made> {
    let beside = Beside::new(40_000);
    vec![
        beside.draft("good", "90", "A native file with its signature beside it.", |_, _| {}).accepted(),
        Beside::new(0).draft("empty", "90", "An empty native file with its signature beside it.", |_, _| {}).accepted(),
        beside
            .draft("altered", "90", "One bit of the native file is changed.", |_, n| n[39_999] ^= 1)
            .refused("piece-not-signed"),
        beside.draft("longer", "63 90", "A byte follows the native file.", |_, n| n.push(0)).refused("core-mismatch"),
        beside.draft("cut", "63 90", "The native file lacks a byte.", |_, n| cut(n)).refused("core-mismatch"),
        beside
            .draft("empty-native", "63 90", "The native file is empty: its tree would have no node.", |_, n| n.clear())
            .refused("core-cbor"),
        beside
            .draft("with-payload", "90", "There is a byte between head and trailer.", |f, _| {
                f.insert(8192.min(head_len(f)), 0)
            })
            .refused("layout-overrun"),
        beside
            .draft("no-trailer", "41", "The signature file is a head and a footer.", |f, _| {
                f.truncate(head_len(f));
                f.extend(b"KKZ1FOOT\0\0\0\0\0\0\0\0");
            })
            .refused("trailer-missing"),
        beside
            .draft("of-envelope", "30", "An envelope is taken for a signature file.", |f, _| *f = Sealed::clear().bytes)
            .refused("label-unbound"),
    ]
}

fn head_len(file: &[u8]) -> usize {
    u32::from_be_bytes([file[12], file[13], file[14], file[15]]) as usize
}
