//! What may change afterwards: label, grants, evidence. The payload is neither read nor written for it.

use kakuzuke_core::crypto::{KeySuite, pure};
use kakuzuke_core::envelope::{
    Belief, Countersignature, HeadError, HeadState, LicenceFacts, Opener, Record, RevisionError, UnverifiedHead,
    UnverifiedLabel, VerifiedHead,
};
use kakuzuke_core::trust::Service;
use kakuzuke_tests::envelope::catalogue::{Sealed, Sealing};
use kakuzuke_tests::envelope::pki::NOW;
use kakuzuke_tests::envelope::reading::content_of;
use kakuzuke_tests::envelope::seeded::Seeded;
use kakuzuke_tests::envelope::world::{self, AT, DocumentSecretName, label};

fn verified(sealed: &Sealed, bytes: &Vec<u8>) -> VerifiedHead {
    world::head(pure(), bytes, &sealed.world.anchors())
}

fn revision(sealed: &Sealed, current: &VerifiedHead, grade: &str) -> UnverifiedLabel {
    let next = current.section().revise(current.label().hash(), label(grade, "sato")).unwrap();
    next.sign(pure(), &sealed.world.signatory(), &mut Seeded::new("revision")).unwrap()
}

/// Opens `bytes` under the licence for `current`.
fn opened(sealed: &Sealed, bytes: &Vec<u8>, current: &UnverifiedLabel) -> (HeadState, Vec<u8>) {
    let anchors = sealed.world.anchors();
    let head = verified(sealed, bytes);
    let key = world::key(pure(), &head, &[(&sealed.world.kek, DocumentSecretName(&sealed.name))]);
    let facts = LicenceFacts { current: current.claims().clone(), label_hash: current.hash(), root: sealed.root, key };
    let opener = Opener::open(pure(), bytes, head, &facts, Belief { anchors: &anchors, at: AT.into() }).unwrap();
    (opener.head_state(), content_of(&opener).unwrap())
}

#[test]
fn a_relabelled_head_is_written_over_the_old_one() {
    for suite in KeySuite::ALL {
        let sealed = Sealing::new("relabel", *suite, "C2I2A2", 40_000).seal();
        let mut bytes = sealed.bytes.clone();
        for (grade, number) in [("C3I2A2", 2), ("C2I2A1", 3), ("C2I1A1", 4)] {
            let head = verified(&sealed, &bytes);
            let next = revision(&sealed, &head, grade);
            let written = head.edit().with_label(head.label(), &next).unwrap().overwrite(head.preamble()).unwrap();
            assert_eq!(written.len(), head.preamble().head_len() as usize);
            bytes[..written.len()].copy_from_slice(&written);
            assert_eq!(verified(&sealed, &bytes).section().revision(), number);
            assert!(opened(&sealed, &bytes, &next) == (HeadState::Current, sealed.content.clone()));
        }
        let last = revision(&sealed, &verified(&sealed, &bytes), "C3I2A2");
        assert!(opened(&sealed, &bytes, &last) == (HeadState::Other, sealed.content.clone()));
        assert_eq!(bytes[sealed.parts().head_len..], sealed.bytes[sealed.parts().head_len..]);
    }
}

#[test]
fn env_27_28_what_does_not_follow_is_not_written() {
    let sealed = Sealed::small();
    let head = verified(&sealed, &sealed.bytes);
    let second = revision(&sealed, &head, "C3I2A2");
    let again = UnverifiedLabel::parse(pure(), &sealed.label).unwrap();
    let skipping = {
        let next = second.claims().revise(second.hash(), label("C2I2A2", "sato")).unwrap();
        next.sign(pure(), &sealed.world.signatory(), &mut Seeded::new("revision")).unwrap()
    };
    let outcome = |next| head.edit().with_label(head.label(), next).err();
    assert_eq!(outcome(&again), Some(RevisionError::Number));
    assert_eq!(outcome(&skipping), Some(RevisionError::Number));
    assert_eq!(outcome(&second), None);
    let other = Sealing::new("other", KeySuite::Kz1, "C2I2A2", 600).seal();
    let of_other = revision(&other, &verified(&other, &other.bytes), "C3I2A2");
    assert_eq!(outcome(&of_other), Some(RevisionError::Previous));
}

#[test]
fn env_28_a_grade_that_asks_for_another_mechanism_needs_a_new_sealing() {
    let sealed = Sealed::chunks_of_integrity_1();
    let section = &sealed.section;
    let revise = |grade| section.revise(sealed.label_hash, label(grade, "sato")).err();
    assert_eq!(revise("C1I1A1"), Some(RevisionError::Mechanism));
    assert_eq!(revise("C2I2A2"), Some(RevisionError::Mechanism));
    assert_eq!(revise("C3I1A2"), None);
    let clear = Sealed::clear();
    assert_eq!(clear.section.revise(clear.label_hash, label("C2I1A1", "sato")).err(), Some(RevisionError::Mechanism));
}

#[test]
fn a_later_revision_may_be_signed_by_whoever_decided_it() {
    let sealed = Sealed::small();
    let head = verified(&sealed, &sealed.bytes);
    let suzuki = sealed.world.authority.person("suzuki");
    let next = head.section().revise(head.label().hash(), label("C3I2A2", "suzuki")).unwrap();
    let next = next.sign(pure(), &world::signatory(&suzuki), &mut Seeded::new("revision")).unwrap();
    let anchors = sealed.world.anchors();
    assert!(next.clone().verify(pure(), &anchors, AT).is_ok());
    assert_eq!(next.claims().author(), sealed.section.author());
    let first = sealed.section.clone().sign(pure(), &world::signatory(&suzuki), &mut Seeded::new("revision"));
    assert_eq!(first.err(), Some(HeadError::AuthorKey));
}

#[test]
fn a_relabel_leaves_evidence_about_the_old_label_behind() {
    let sealed = Sealed::small();
    let head = verified(&sealed, &sealed.bytes);
    let noted = head.edit().with_record(Record::receipt(vec![1; 100])).overwrite(head.preamble()).unwrap();
    let noted = UnverifiedHead::parse(pure(), &noted).unwrap();
    assert_eq!(noted.evidence().len(), 1);
    let noted = noted.verify(pure(), &sealed.world.anchors(), AT).unwrap();
    let next = revision(&sealed, &noted, "C3I2A2");
    let written = noted.edit().with_label(noted.label(), &next).unwrap().overwrite(noted.preamble()).unwrap();
    assert_eq!(UnverifiedHead::parse(pure(), &written).unwrap().evidence().len(), 0);
}

#[test]
fn a_head_that_does_not_fit_is_written_longer() {
    let sealed = Sealed::small();
    let head = verified(&sealed, &sealed.bytes);
    let draft = head.edit().with_record(Record::receipt(vec![1; 5000]));
    assert_eq!(draft.overwrite(head.preamble()).err(), Some(HeadError::NoRoom));
    let longer = draft.rewrite().unwrap();
    assert_eq!(longer.len(), 2 * 4096);
    let bytes = [longer, sealed.bytes[4096..].to_vec()].concat();
    let current = UnverifiedLabel::parse(pure(), &sealed.label).unwrap();
    assert!(opened(&sealed, &bytes, &current) == (HeadState::Current, sealed.content.clone()));
    let much = head.edit().with_record(Record::receipt(vec![1; 1 << 20]));
    assert_eq!(much.rewrite().err(), Some(HeadError::HeadLength));
}

#[test]
fn grants_are_wrapped_anew_from_every_suite_to_every_suite() {
    for from in KeySuite::ALL {
        let sealed = Sealing::new("rewrap", *from, "C2I2A2", 600).seal();
        for to in KeySuite::ALL {
            let head = verified(&sealed, &sealed.bytes);
            let kek = sealed.world.authority.kek(*to, 9);
            let mut rng = Seeded::new("rewrap");
            let rewrap = |grant: &kakuzuke_core::envelope::Grant, rng: &mut Seeded| {
                grant.rewrap(pure(), &sealed.world.kek.private, head.section(), &kek.recipient(), rng).unwrap()
            };
            let grants = head.grants().iter().map(|grant| rewrap(grant, &mut rng)).collect();
            let written = head.edit().with_grants(grants).rewrite().unwrap();
            let bytes = [written, sealed.bytes[sealed.parts().head_len..].to_vec()].concat();
            let head = verified(&sealed, &bytes);
            assert_eq!(head.label().hash(), sealed.label_hash, "the label is the same to the byte");
            let key = world::key(pure(), &head, &[(&kek, DocumentSecretName(&sealed.name))]);
            assert_eq!(key.expose().as_slice(), sealed.key);
        }
    }
}

#[test]
fn a_countersignature_is_made_and_found_good() {
    let sealed = Sealing::new("vouched", KeySuite::Kz3, "C2I2A2", 600).seal();
    let service = sealed.world.authority.service(Service::Authority);
    let word = Countersignature {
        authority: sealed.world.authority.id,
        document: sealed.section.document(),
        label_hash: sealed.label_hash,
        signed_at: kakuzuke_core::time::Timestamp::from_unix(NOW),
    };
    let signed = word.clone().sign(&world::signatory(&service), &mut Seeded::new("vouch")).unwrap();
    let record = Record::countersignature(&signed);
    let expected = (sealed.section.document(), sealed.label_hash);
    let (said, signer) = Countersignature::verify(&record, pure(), &sealed.world.anchors(), AT, expected).unwrap();
    assert_eq!(said, word);
    assert_eq!(signer.authority(), sealed.world.authority.id);
}

#[test]
fn env_04_07_a_head_alone_is_exactly_as_long_as_it_says() {
    let head = Sealed::small().bytes[..4096].to_vec();
    let outcome = |bytes: &[u8]| UnverifiedHead::parse(pure(), bytes).err();
    assert_eq!(outcome(&head), None);
    assert_eq!(outcome(&head[..4095]), Some(HeadError::Truncated));
    assert_eq!(outcome(&[head.as_slice(), &[0]].concat()), Some(HeadError::HeadLength));
}
