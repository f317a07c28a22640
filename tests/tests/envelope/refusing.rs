//! Whatever is done to a file, it opens to the same content or to nothing.

use kakuzuke_core::crypto::{KeySuite, fast, pure};
use kakuzuke_core::envelope::{Countersignature, EvidenceError, Record, UnverifiedHead, combine};
use kakuzuke_tests::envelope::attempt::attempt;
use kakuzuke_tests::envelope::catalogue::{Sealed, Sealing};
use kakuzuke_tests::envelope::parts::Parts;
use kakuzuke_tests::envelope::pki::Authority;
use kakuzuke_tests::envelope::seeded::Seeded;
use kakuzuke_tests::envelope::world::{self, AT, DocumentSecretName};

fn documents() -> Vec<Sealed> {
    vec![
        Sealed::small(),
        Sealed::clear(),
        Sealing::new("kz3", KeySuite::Kz3, "C3I2A2", 600).seal(),
        Sealing::new("integrity 1", KeySuite::Kz1, "C2I1A1", 600).seal().without_trailer(),
    ]
}

#[test]
fn a_change_of_any_byte_is_refused() {
    for sealed in documents() {
        assert!(attempt(fast(), &sealed, &sealed.bytes).as_ref() == Ok(&sealed.content));
        let mut bytes = sealed.bytes.clone();
        for at in 0..bytes.len() {
            let bit = 1 << (at % 8);
            bytes[at] ^= bit;
            assert!(attempt(fast(), &sealed, &bytes).is_err(), "{}: bit {bit} of byte {at} says nothing", sealed.name);
            bytes[at] ^= bit;
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for sealed in documents() {
        for length in 0..sealed.bytes.len() {
            let cut = sealed.bytes[..length].to_vec();
            assert!(attempt(fast(), &sealed, &cut).is_err(), "{} opens with {length} bytes", sealed.name);
        }
    }
}

#[test]
fn a_file_with_something_behind_or_before_it_is_refused() {
    for sealed in documents() {
        let whole = &sealed.bytes;
        for more in [vec![0], vec![0; 16], vec![0xff; 4096], whole[whole.len() - 16..].to_vec(), whole.clone()] {
            assert!(attempt(fast(), &sealed, &[whole.clone(), more.clone()].concat()).is_err());
            let before = [more.clone(), whole.clone()].concat();
            // A file twice in a row begins with a whole head; everything else does not even begin.
            assert!(attempt(fast(), &sealed, &before).is_err());
        }
    }
}

#[test]
fn a_file_with_a_piece_taken_out_or_doubled_is_refused() {
    let sealed = Sealed::chunks();
    let mut rng = Seeded::new("pieces");
    for _ in 0..300 {
        let [a, b, c, d] = rng.array::<4>().map(usize::from);
        let start = (a * 256 + b) % sealed.bytes.len();
        let end = (start + 1 + c * d).min(sealed.bytes.len());
        let mut cut = sealed.bytes.clone();
        cut.drain(start..end);
        assert!(attempt(fast(), &sealed, &cut).is_err(), "without {start}..{end}");
        let mut doubled = sealed.bytes.clone();
        doubled.splice(start..start, sealed.bytes[start..end].to_vec());
        assert!(attempt(fast(), &sealed, &doubled).is_err(), "{start}..{end} twice");
    }
}

/// Parts of `a` and `b`, one bit of `choice` for each.
fn mixture(a: &Parts, b: &Parts, choice: u32) -> Vec<u8> {
    let pick = |bit: u32| if choice >> bit & 1 == 0 { a } else { b };
    Parts {
        head_len: a.head_len,
        label: pick(0).label.clone(),
        grants: pick(1).grants.clone(),
        evidence: a.evidence.clone(),
        metadata: pick(2).metadata.clone(),
        payload: pick(3).payload.clone(),
        nodes: pick(4).nodes.clone(),
        core: pick(4).core.clone(),
    }
    .join()
}

#[test]
fn no_mixture_of_two_documents_opens() {
    let pairs = [
        (Sealed::small(), Sealing::new("other", KeySuite::Kz1, "C2I2A2", 600).seal()),
        (Sealed::clear(), Sealing::new("other clear", KeySuite::Kz1, "C1I1A1", 601).seal()),
    ];
    for (a, b) in pairs {
        let (left, right) = (a.parts(), b.parts());
        for choice in 1..31 {
            let mixed = mixture(&left, &right, choice);
            for sealed in [&a, &b] {
                match attempt(pure(), sealed, &mixed) {
                    Err(_) => {}
                    // Neither grants nor a clear payload's metadata differ here: then it is one of the two documents.
                    Ok(content) => {
                        assert!(mixed == a.bytes && content == a.content || mixed == b.bytes && content == b.content)
                    }
                }
            }
        }
    }
}

#[test]
fn no_mixture_of_two_sealings_of_one_document_opens() {
    let a = Sealed::small();
    let mut again = Sealing::new("small", KeySuite::Kz1, "C2I2A2", 600);
    again.content = world::content(700)[100..].to_vec();
    again.seed = "again";
    let b = again.seal();
    assert_eq!(a.section, b.section);
    let (left, right) = (a.parts(), b.parts());
    for choice in 1..31 {
        let mixed = mixture(&left, &right, choice);
        if mixed != a.bytes && mixed != b.bytes {
            for sealed in [&a, &b] {
                assert!(attempt(pure(), sealed, &mixed).is_err(), "{choice:05b}");
            }
        }
    }
}

#[test]
fn no_mixture_of_two_authorities_opens() {
    let a = Sealed::small();
    let b = {
        let mut sealing = Sealing::new("small", KeySuite::Kz1, "C2I2A2", 600);
        sealing.authority = Some(Authority::new("agency elsewhere", KeySuite::Kz1));
        sealing.seed = "elsewhere";
        sealing.seal()
    };
    assert_eq!(a.section.document(), b.section.document());
    assert_ne!(a.section.origin(), b.section.origin());
    for choice in 1..31 {
        let mixed = mixture(&a.parts(), &b.parts(), choice);
        for sealed in [&a, &b] {
            assert!(attempt(pure(), sealed, &mixed).is_err(), "{choice:05b}");
        }
    }
}

#[test]
fn env_38_a_receipt_is_no_countersignature() {
    let sealed = Sealed::small();
    let anchors = sealed.world.anchors();
    let expected = (sealed.section.document(), sealed.label_hash);
    let record = Record::receipt(vec![1]);
    let outcome = Countersignature::verify(&record, pure(), &anchors, AT, expected);
    assert_eq!(outcome.err(), Some(EvidenceError::Kind));
}

#[test]
fn env_39_shares_of_two_sets_make_no_key() {
    let share = |name: &'static str, count: u8, index: u8| {
        use kakuzuke_core::crypto::Secret;
        use kakuzuke_core::envelope::{KeyShare, Share};
        let bytes = Secret::from_slice(&Seeded::new(name).bytes(32)).unwrap();
        KeyShare::new(Share::new(index, count).unwrap(), bytes)
    };
    assert!(combine(&[]).is_err());
    assert!(combine(&[share("a", 2, 1)]).is_err());
    assert!(combine(&[share("a", 2, 1), share("b", 2, 1)]).is_err());
    assert!(combine(&[share("a", 2, 1), share("b", 3, 2)]).is_err());
    assert!(combine(&[share("a", 2, 1), share("b", 2, 2), share("b", 2, 2)]).is_err());
    assert!(combine(&[share("b", 2, 2), share("a", 2, 1)]).is_ok());
}

#[test]
fn env_36_a_rewrap_stays_with_its_authority() {
    let sealed = Sealed::small();
    let partner = Authority::new("partner 1", KeySuite::Kz1).kek(KeySuite::Kz1, 1);
    let head = UnverifiedHead::read(pure(), &sealed.bytes).unwrap();
    let grant = &head.grants()[0];
    let mut rng = Seeded::new("rewrap");
    let moved = grant.rewrap(pure(), &sealed.keks[0].private, head.claims(), &partner.recipient(), &mut rng);
    assert_eq!(moved.err().map(|e| e.id()), Some("grant-other-key"));
}

#[test]
fn a_grant_of_another_suite_is_not_tried() {
    let sealed = Sealed::small();
    let other = sealed.world.authority.kek(KeySuite::Kz2, 1);
    let head = UnverifiedHead::read(pure(), &sealed.bytes).unwrap();
    let outcome = head.grants()[0].open_outer(pure(), &other.private, head.claims());
    assert_eq!(outcome.err().map(|e| e.id()), Some("grant-other-key"));
}

#[test]
fn a_refused_read_leaves_nothing_behind() {
    use kakuzuke_core::envelope::{Belief, BlockBuffer, LicenceFacts, Opener};
    let sealed = Sealed::chunks_of_integrity_1();
    let mut bytes = sealed.bytes.clone();
    let first = sealed.parts().head_len + sealed.parts().metadata.len() + 56;
    bytes[first + 16_400] ^= 1;
    let anchors = sealed.world.anchors();
    let head = world::head(pure(), &bytes, &anchors);
    let key = world::key(pure(), &head, &[(&sealed.world.kek, DocumentSecretName(&sealed.name))]);
    let facts = LicenceFacts { current: sealed.section.clone(), label_hash: sealed.label_hash, root: sealed.root, key };
    let opener = Opener::open(pure(), &bytes, head, &facts, Belief { anchors: &anchors, at: AT.into() }).unwrap();
    let mut read = vec![0xaa; 100];
    assert!(opener.read_at(16_384, &mut read).is_err());
    assert!(read.iter().all(|b| *b == 0xaa), "nothing of a damaged piece comes out");
    let mut buffer = BlockBuffer::new();
    assert!(opener.open_block(0, &mut buffer).is_err());
    assert_eq!(buffer.pieces().map(<[u8]>::len).sum::<usize>(), 0, "nor of its block");
    assert!(opener.open_block(0, &mut buffer).is_err());
    assert_eq!(opener.read_at(0, &mut read).unwrap(), 100, "other pieces are what they were");
    assert_eq!(read, sealed.content[..100]);
}
