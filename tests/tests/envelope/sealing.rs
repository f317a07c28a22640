//! Sealing: every suite, grade, size and provider; streams and blocks give the same bytes; what a sealer refuses.

use kakuzuke_core::crypto::{KeySuite, Provider, fast, pure};
use kakuzuke_core::envelope::{
    BlockBuffer, DetachedSealer, Metadata, MetadataError, Opener, PayloadLength, SealError, SealPlan, Signatory,
    TicketEntry, TicketParts, TrailerError, TrailerKind, UnverifiedCore, UnverifiedHead,
};
use kakuzuke_core::protocol::Durability;
use kakuzuke_tests::envelope::catalogue::{Sealed, Sealing};
use kakuzuke_tests::envelope::pki::{Authority, secret};
use kakuzuke_tests::envelope::seeded::Seeded;
use kakuzuke_tests::envelope::value::Value;
use kakuzuke_tests::envelope::world::{self, DocumentSecretName, Envelope, World};
use proptest::prelude::*;

const SIZES: &[usize] = &[0, 1, 16_383, 16_384, 16_385, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2_500_000];
const GRADES: &[&str] = &["C1I1A1", "C1I2A2", "C2I1A1", "C2I2A2", "C3I1A2", "C3I2A2"];

fn ticket(world: &World, grade: &str) -> TicketParts {
    if grade.starts_with("C1") { TicketParts::clear() } else { world.ticket("doc", Durability::Replicated) }
}

fn plan(provider: &'static dyn Provider, world: &World, grade: &str, length: PayloadLength) -> (SealPlan, Seeded) {
    let request = world::request(world.standing("doc"), world::label(grade, "sato"), length);
    let mut rng = Seeded::new("seal");
    let plan = SealPlan::new(provider, request, &ticket(world, grade), &world.signatory(), &mut rng).unwrap();
    (plan, rng)
}

fn seal(provider: &'static dyn Provider, world: &World, grade: &str, content: &[u8], stream: bool) -> Envelope {
    let (plan, mut rng) = plan(provider, world, grade, PayloadLength::Known(content.len() as u64));
    if stream {
        world::seal_stream(plan, &world.signatory(), content, &mut rng)
    } else {
        world::seal_blocks(plan, &world.signatory(), content, &mut rng)
    }
}

fn opens_to(provider: &'static dyn Provider, world: &World, envelope: &Envelope, content: &[u8]) {
    let anchors = world.anchors();
    let head = world::head(provider, &envelope.bytes, &anchors);
    let opener = if head.grants().is_empty() {
        Opener::open_clear(provider, &envelope.bytes, head, world::belief(&anchors)).unwrap()
    } else {
        let key = world::key(provider, &head, &[(&world.kek, DocumentSecretName("doc"))]);
        let facts = world::facts(envelope, key);
        Opener::open(provider, &envelope.bytes, head, &facts, world::belief(&anchors)).unwrap()
    };
    assert_eq!(opener.len(), content.len() as u64);
    assert!(world::read_all(&opener) == content);
    assert_eq!(opener.metadata().name(), "予算案.txt");
    assert_eq!(opener.metadata().title(), Some("令和８年度予算案"));
}

#[test]
fn what_is_sealed_opens_in_every_suite_grade_and_size_with_both_providers() {
    for suite in KeySuite::ALL {
        let world = World::new(*suite);
        for grade in GRADES {
            for size in SIZES {
                let content = world::content(*size);
                for (sealer, opener) in [(pure(), fast()), (fast(), pure())] {
                    let envelope = seal(sealer, &world, grade, &content, size % 2 == 0);
                    opens_to(opener, &world, &envelope, &content);
                }
            }
        }
    }
}

#[test]
fn streams_blocks_and_providers_give_the_same_bytes() {
    for suite in KeySuite::ALL {
        let world = World::new(*suite);
        for grade in GRADES {
            for size in SIZES {
                let content = world::content(*size);
                let one = seal(pure(), &world, grade, &content, true).bytes;
                // The fast provider takes the randomness of ML-KEM from the system.
                let same = if *suite == KeySuite::Kz1 { 3 } else { 1 };
                for (provider, stream) in [(pure(), false), (fast(), true), (fast(), false)].into_iter().take(same) {
                    let other = seal(provider, &world, grade, &content, stream).bytes;
                    assert!(one == other, "{suite:?} {grade} {size} {} {stream}", provider.name());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_the_same_however_it_is_cut(size in 0usize..2_200_000, step in 1usize..1_300_000) {
        let world = World::new(KeySuite::Kz1);
        let content = world::content(size);
        let (plan, mut rng) = plan(fast(), &world, "C2I2A2", PayloadLength::Known(size as u64));
        let mut bytes = plan.prefix().to_vec();
        let mut stream = plan.into_stream();
        content.chunks(step).for_each(|piece| stream.push(piece, &mut bytes).unwrap());
        stream.finish(&world.signatory(), &mut rng, &mut bytes).unwrap();
        prop_assert!(bytes == seal(fast(), &world, "C2I2A2", &content, false).bytes);
    }
}

#[test]
fn threads_seal_blocks_in_any_order() {
    let world = World::new(KeySuite::Kz1);
    let content = world::content(9 * (1 << 20) + 77);
    let (plan, mut rng) = plan(fast(), &world, "C2I2A2", PayloadLength::Known(content.len() as u64));
    let mut bytes = plan.prefix().to_vec();
    let sealer = plan.into_blocks().unwrap();
    let work = |first: u64| {
        let mut buffer = BlockBuffer::new();
        let mut done = Vec::new();
        for index in (first..sealer.block_count()).step_by(3) {
            let block = sealer.block(index).unwrap();
            let (plain, start) = (block.plain(), block.stored().start);
            buffer.begin(block);
            let mut from = &content[plain.start as usize..plain.end as usize];
            for piece in buffer.pieces_mut() {
                let (now, rest) = from.split_at(piece.len());
                piece.copy_from_slice(now);
                from = rest;
            }
            let digest = sealer.seal(&mut buffer).unwrap();
            done.push((start, buffer.stored().to_vec(), digest.unwrap()));
        }
        done
    };
    let mut done: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|first| scope.spawn(move || work(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    done.sort_by_key(|(start, ..)| *start);
    done.iter().for_each(|(_, stored, _)| bytes.extend_from_slice(stored));
    let end = sealer.finish(done.iter().map(|(.., digest)| *digest), &world.signatory(), &mut rng).unwrap();
    bytes.extend_from_slice(end.bytes());
    assert!(bytes == seal(pure(), &world, "C2I2A2", &content, true).bytes);
}

#[test]
fn env_09_a_new_head_has_room_for_a_receipt() {
    for suite in KeySuite::ALL {
        let world = World::new(*suite);
        let envelope = seal(pure(), &world, "C2I2A2", b"x", true);
        let anchors = world.anchors();
        let head = world::head(pure(), &envelope.bytes, &anchors);
        let receipt = kakuzuke_core::envelope::Record::receipt(vec![1; 1500]);
        assert!(head.edit().with_record(receipt).overwrite(head.preamble()).is_ok(), "{suite:?}");
    }
}

#[test]
fn env_47_a_trailer_is_left_out_for_long_payloads_of_integrity_1_only() {
    let world = World::new(KeySuite::Kz1);
    let kind = |grade, length| plan(pure(), &world, grade, length).0.section().trailer_kind();
    let limit = 256 << 20;
    assert_eq!(kind("C2I1A1", PayloadLength::Known(limit)), TrailerKind::Tree);
    assert_eq!(kind("C2I1A1", PayloadLength::Known(limit + 1)), TrailerKind::None);
    assert_eq!(kind("C2I1A1", PayloadLength::Unknown), TrailerKind::Tree);
    assert_eq!(kind("C2I2A1", PayloadLength::Known(limit + 1)), TrailerKind::Tree);
    assert_eq!(kind("C1I1A1", PayloadLength::Known(limit + 1)), TrailerKind::Tree);
}

fn refused(world: &World, grade: &str, ticket: &TicketParts, length: PayloadLength) -> Option<SealError> {
    let request = world::request(world.standing("doc"), world::label(grade, "sato"), length);
    SealPlan::new(pure(), request, ticket, &world.signatory(), &mut Seeded::new("seal")).err()
}

#[test]
fn env_46_more_than_a_trailer_covers_is_refused_before_it_begins() {
    let world = World::new(KeySuite::Kz1);
    let ticket = world.ticket("doc", Durability::Replicated);
    let known = |grade, n| refused(&world, grade, &ticket, PayloadLength::Known(n));
    assert_eq!(known("C2I2A1", 1 << 40), None);
    assert_eq!(known("C2I2A1", (1 << 40) + 1), Some(SealError::TooLong));
    assert_eq!(known("C2I1A1", (1 << 40) + 1), None);
    assert_eq!(known("C2I1A1", u64::MAX), Some(SealError::TooLong));
}

#[test]
fn env_70_availability_2_needs_a_durable_secret() {
    let world = World::new(KeySuite::Kz1);
    let partner = Authority::new("partner 1", KeySuite::Kz1).kek(KeySuite::Kz1, 1);
    let theirs = |durability| TicketEntry { recipient: partner.recipient(), secret: secret("doc"), durability };
    let ours = |durability| world.entry("doc", durability);
    let length = PayloadLength::Known(1);
    let outcome = |grade, ticket: TicketParts| refused(&world, grade, &ticket, length);
    let local = Durability::Local;
    assert_eq!(outcome("C2I1A2", TicketParts::single(ours(local))), Some(SealError::Durability));
    assert_eq!(outcome("C2I1A1", TicketParts::single(ours(local))), None);
    assert_eq!(outcome("C2I1A2", TicketParts::single(ours(Durability::InBackup))), None);
    assert_eq!(outcome("C2I1A2", TicketParts::any(vec![ours(local), theirs(local)]).unwrap()), None);
    let all = |mine, other| TicketParts::all(vec![vec![ours(mine)], vec![theirs(other)]]).unwrap();
    assert_eq!(outcome("C2I1A2", all(Durability::Replicated, local)), Some(SealError::Durability));
    assert_eq!(outcome("C2I1A2", all(Durability::Replicated, Durability::InBackup)), None);
}

#[test]
fn env_72_the_grade_alone_decides_the_mechanism() {
    let world = World::new(KeySuite::Kz1);
    let ticket = world.ticket("doc", Durability::Replicated);
    let length = PayloadLength::Known(1);
    assert_eq!(refused(&world, "C2I1A1", &TicketParts::clear(), length), Some(SealError::Recipients));
    assert_eq!(refused(&world, "C1I1A1", &ticket, length), Some(SealError::Recipients));
    let detached = |grade| {
        let (standing, label) = (world.standing("doc"), world::label(grade, "sato"));
        DetachedSealer::new(pure(), &standing, label, &world.signatory(), &mut Seeded::new("seal")).err()
    };
    assert_eq!(detached("C3I2A1"), Some(SealError::Grade));
    // 明示のみ.
    assert_eq!(detached("C2I2A1"), None);
}

#[test]
fn a_ticket_names_the_origin_and_nobody_twice() {
    let world = World::new(KeySuite::Kz1);
    let partner = Authority::new("partner 1", KeySuite::Kz1).kek(KeySuite::Kz1, 1);
    let theirs =
        || TicketEntry { recipient: partner.recipient(), secret: secret("doc"), durability: Durability::Replicated };
    let ours = || world.entry("doc", Durability::Replicated);
    let foreign = TicketParts::single(theirs());
    assert_eq!(refused(&world, "C2I1A1", &foreign, PayloadLength::Known(1)), Some(SealError::Recipients));
    assert_eq!(TicketParts::any(vec![]).err(), Some(SealError::Recipients));
    assert_eq!(TicketParts::any(vec![ours(), ours()]).err(), Some(SealError::Recipients));
    assert_eq!(TicketParts::all(vec![vec![ours()], vec![]]).err(), Some(SealError::Recipients));
    let seventeen = (0..17).map(|_| vec![ours()]).collect();
    assert_eq!(TicketParts::all(seventeen).err(), Some(SealError::Recipients));
}

#[test]
fn env_71_no_block_is_sealed_twice() {
    let world = World::new(KeySuite::Kz1);
    let sealer = plan(pure(), &world, "C2I2A2", PayloadLength::Known(2 << 20)).0.into_blocks().unwrap();
    let mut buffer = BlockBuffer::new();
    for index in [0, 1, 2] {
        buffer.begin(sealer.block(index).unwrap());
        sealer.seal(&mut buffer).unwrap();
        assert_eq!(sealer.seal(&mut buffer).err(), Some(SealError::Length), "what is sealed already");
        buffer.begin(sealer.block(index).unwrap());
        assert_eq!(sealer.seal(&mut buffer).err(), Some(SealError::Twice));
    }
    assert!(sealer.block(3).is_none());
}

#[test]
fn env_71_two_sealings_share_no_key_salt_or_nonce() {
    let world = World::new(KeySuite::Kz1);
    let request = || world::request(world.standing("doc"), world::label("C2I2A2", "sato"), PayloadLength::Known(3));
    let mut rng = Seeded::new("seal");
    let mut one = || {
        let plan = SealPlan::new(pure(), request(), &ticket(&world, "C2"), &world.signatory(), &mut rng).unwrap();
        world::seal_stream(plan, &world.signatory(), b"abc", &mut rng)
    };
    let (first, second) = (one(), one());
    let anchors = world.anchors();
    let key = |envelope: &Envelope| {
        let head = world::head(pure(), &envelope.bytes, &anchors);
        *world::key(pure(), &head, &[(&world.kek, DocumentSecretName("doc"))]).expose()
    };
    assert_ne!(key(&first), key(&second));
    assert_ne!(first.bytes[first.head.len()..][..24], second.bytes[second.head.len()..][..24]);
    assert_ne!(first.end.root(), second.end.root());
}

#[test]
fn env_73_the_content_is_as_long_as_announced() {
    let world = World::new(KeySuite::Kz1);
    let (short, mut rng) = plan(pure(), &world, "C2I2A2", PayloadLength::Known(3));
    let mut stream = short.into_stream();
    let mut out = Vec::new();
    stream.push(b"ab", &mut out).unwrap();
    assert_eq!(stream.finish(&world.signatory(), &mut rng, &mut out).err(), Some(SealError::Length));
    let mut stream = plan(pure(), &world, "C2I2A2", PayloadLength::Known(3)).0.into_stream();
    assert_eq!(stream.push(b"abcd", &mut out).err(), Some(SealError::Length));
    let blocks = plan(pure(), &world, "C2I2A2", PayloadLength::Known(3)).0.into_blocks().unwrap();
    assert_eq!(blocks.finish([], &world.signatory(), &mut rng).err(), Some(SealError::Trailer));
    assert_eq!(plan(pure(), &world, "C2I2A2", PayloadLength::Unknown).0.into_blocks().err(), Some(SealError::Length));
}

#[test]
fn env_62_only_the_author_ends_a_document() {
    let world = World::new(KeySuite::Kz1);
    let other = world.authority.device("sato", 2);
    let (plan, mut rng) = plan(pure(), &world, "C2I2A2", PayloadLength::Known(0));
    let end = plan.into_stream().finish(&world::signatory(&other), &mut rng, &mut Vec::new());
    assert_eq!(end.err(), Some(SealError::Author));
    let (standing, label) = (world.standing("doc"), world::label("C1I2A1", "sato"));
    let detached = DetachedSealer::new(pure(), &standing, label, &world.signatory(), &mut rng).unwrap();
    assert_eq!(detached.finish(&world::signatory(&other), &mut rng).err(), Some(SealError::Author));
}

#[test]
fn env_63_the_server_refuses_a_core_of_another_document() {
    let (small, clear) = (Sealed::small(), Sealed::clear());
    let other = Sealing::new("other", KeySuite::Kz1, "C2I2A2", 600).seal();
    let anchors = small.world.anchors();
    let outcome = |core: &[u8], sealed: &Sealed| {
        let core = UnverifiedCore::parse(core).unwrap();
        core.verify(pure(), &anchors, world::AT, &sealed.section).err()
    };
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut parts = small.parts();
        parts.resign_core(&small.world.author, edit);
        parts.core
    };
    let mismatch = Some(TrailerError::CoreMismatch);
    assert_eq!(outcome(&small.parts().core, &small), None);
    assert_eq!(outcome(&other.parts().core, &small), mismatch);
    assert_eq!(outcome(&edited(&|v| *v.at(1) = Value::Int(0)), &small), mismatch);
    assert_eq!(outcome(&edited(&|v| v.remove(4)), &small), mismatch);
    assert_eq!(outcome(&edited(&|v| v.remove(5)), &small), mismatch);
    let of_clear = {
        let mut parts = clear.parts();
        parts.resign_core(&clear.world.author, |v| v.set(5, Value::Bytes(vec![7; 32])));
        parts.core
    };
    assert_eq!(outcome(&of_clear, &clear), mismatch);
}

#[test]
fn env_51_a_name_is_no_path() {
    for name in ["", ".", "..", "a/b", "a\\b", "a\nb", "a\u{85}b", "/", &"x".repeat(4097)] {
        assert_eq!(Metadata::new(name, "", None).err(), Some(MetadataError::Name), "{name:?}");
    }
    assert_eq!(Metadata::new("a", "b\0", None).err(), Some(MetadataError::Text));
    assert_eq!(Metadata::new("a", "", Some("\u{7f}")).err(), Some(MetadataError::Text));
    assert!(Metadata::new("機密性２情報 予算案（案）.docx", "", Some("…")).is_ok());
}

#[test]
fn the_server_gets_the_head_and_the_core_and_nothing_else() {
    let world = World::new(KeySuite::Kz3);
    let envelope = seal(pure(), &world, "C2I2A2", b"content", true);
    let anchors = world.anchors();
    let head = UnverifiedHead::parse(pure(), &envelope.head).unwrap().verify(pure(), &anchors, world::AT).unwrap();
    let core = UnverifiedCore::parse(envelope.end.core().unwrap()).unwrap();
    let core = core.verify(pure(), &anchors, world::AT, head.section()).unwrap();
    assert_eq!(Some(core.core().root()), envelope.end.root());
}

#[test]
fn a_chain_no_reader_accepts_is_not_signed_with() {
    let world = World::new(KeySuite::Kz1);
    let leaf = &world.author.chain[0];
    let long = [leaf.clone(), vec![0x30; 8193].into()];
    let five = [leaf.clone(), leaf.clone(), leaf.clone(), leaf.clone(), leaf.clone()];
    for chain in [&long[..], &five[..]] {
        let author = Signatory::new(pure(), &world.author.key.key, chain);
        let request = world::request(world.standing("doc"), world::label("C2I2A2", "sato"), PayloadLength::Known(0));
        let plan = SealPlan::new(pure(), request, &ticket(&world, "C2"), &author, &mut Seeded::new("seal"));
        assert_eq!(plan.err(), Some(SealError::Head));
    }
}
