//! Random access: every read gives what a plain file would, and reads no more than it needs.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use kakuzuke_core::crypto::{KeySuite, fast};
use kakuzuke_core::envelope::{
    Belief, LayoutError, LicenceFacts, OpenError, Opener, ReadAt, UnverifiedHead, VerifiedHead,
};
use kakuzuke_core::trust::Anchors;
use kakuzuke_tests::envelope::catalogue::{Sealed, Sealing};
use kakuzuke_tests::envelope::world::{self, AT, DocumentSecretName};
use proptest::prelude::*;

const LENGTH: usize = 3 * (1 << 20) + 777;

/// A source that counts what is read.
struct Counted {
    bytes: Vec<u8>,
    read: AtomicU64,
}

impl ReadAt for Counted {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.read.fetch_add(buf.len() as u64, Ordering::Relaxed);
        self.bytes.read_exact_at(offset, buf)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
}

fn head(source: &impl ReadAt, anchors: &Anchors) -> VerifiedHead {
    UnverifiedHead::read(fast(), source).unwrap().verify(fast(), anchors, AT).unwrap()
}

fn open(sealed: &Sealed) -> Opener<Arc<Counted>> {
    open_counted(sealed, &Arc::new(Counted { bytes: sealed.bytes.clone(), read: AtomicU64::new(0) }))
}

fn open_counted(sealed: &Sealed, source: &Arc<Counted>) -> Opener<Arc<Counted>> {
    let source = Arc::clone(source);
    let anchors = sealed.world.anchors();
    let head = head(&source, &anchors);
    let belief = Belief { anchors: &anchors, at: AT.into() };
    if !sealed.encrypted() {
        return Opener::open_clear(fast(), source, head, belief).unwrap();
    }
    let key = world::key(fast(), &head, &[(&sealed.world.kek, DocumentSecretName(&sealed.name))]);
    let facts = LicenceFacts { current: sealed.section.clone(), label_hash: sealed.label_hash, root: sealed.root, key };
    Opener::open(fast(), source, head, &facts, belief).unwrap()
}

fn documents() -> Vec<Sealed> {
    let seal = |grade| Sealing::new("access", KeySuite::Kz1, grade, LENGTH).seal();
    vec![seal("C2I2A1"), seal("C1I2A1"), seal("C2I1A1").without_trailer()]
}

#[test]
fn reads_at_random_give_what_a_plain_file_would() {
    for sealed in documents() {
        let opener = open(&sealed);
        let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
        let place = (0..LENGTH as u64 + 20_000, 0usize..100_000);
        proptest!(config, |((offset, length) in place)| {
            let mut buffer = vec![0; length];
            let read = opener.read_at(offset, &mut buffer).unwrap();
            let start = LENGTH.min(offset as usize);
            let wanted = &sealed.content[start..LENGTH.min(start + length)];
            prop_assert!(&buffer[..read] == wanted);
        });
    }
}

#[test]
fn reads_at_every_edge_give_what_a_plain_file_would() {
    for sealed in documents() {
        let opener = open(&sealed);
        let edges = [0, 16_384, 32_768, 1 << 20, 2 << 20, 3 << 20, LENGTH];
        for edge in edges.into_iter().flat_map(|e: usize| e.saturating_sub(2)..e + 3) {
            for length in [0, 1, 2, 3, 16_384, 16_385] {
                let mut buffer = vec![0; length];
                let read = opener.read_at(edge as u64, &mut buffer).unwrap();
                let start = edge.min(LENGTH);
                assert!(buffer[..read] == sealed.content[start..LENGTH.min(start + length)], "{edge} {length}");
            }
        }
        assert_eq!(opener.read_at(u64::MAX, &mut [0; 8]).unwrap(), 0);
    }
}

#[test]
fn threads_share_an_opener() {
    for sealed in documents() {
        let opener = open(&sealed);
        std::thread::scope(|scope| {
            for thread in 0..4usize {
                let (opener, content) = (&opener, &sealed.content);
                scope.spawn(move || {
                    for step in 0..200 {
                        let start = (thread * 131 + step * 48_611) % LENGTH;
                        let mut buffer = [0; 5000];
                        let read = opener.read_at(start as u64, &mut buffer).unwrap();
                        assert!(buffer[..read] == content[start..LENGTH.min(start + 5000)]);
                    }
                });
            }
        });
    }
}

#[test]
fn opening_reads_the_ends_and_a_read_reads_a_block_once() {
    let sealed = &documents()[0];
    let source = Arc::new(Counted { bytes: sealed.bytes.clone(), read: AtomicU64::new(0) });
    let opener = open_counted(sealed, &source);
    assert!(source.read.swap(0, Ordering::Relaxed) < 40_000, "opening reads head, trailer and the last chunk");
    let count = |offset| {
        opener.read_at(offset, &mut [0; 10]).unwrap();
        source.read.swap(0, Ordering::Relaxed)
    };
    assert_eq!(count(100), 65 * 16_400, "the first touch of a block hashes all of it");
    assert_eq!(count(900_000), 16_400, "a later touch reads one chunk");
    assert_eq!(count(1 << 20), 65 * 16_400);
    assert_eq!(count(99), 16_400);
}

/// A file as long as it says, of which only the ends were ever written.
struct Sparse {
    prefix: Vec<u8>,
    end: Vec<u8>,
    len: u64,
}

impl ReadAt for Sparse {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end_at = self.len - self.end.len() as u64;
        for (place, byte) in (offset..).zip(buf) {
            *byte = match place.checked_sub(end_at) {
                Some(at) => self.end[at as usize],
                None => self.prefix.get(place as usize).copied().unwrap_or(0),
            };
        }
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.len)
    }
}

#[test]
fn env_46_a_payload_over_1_tib_under_a_trailer_is_refused() {
    let sealed = Sealed::clear();
    let anchors = sealed.world.anchors();
    let parts = sealed.parts();
    let start = (parts.head_len + parts.metadata.len()) as u64;
    let outcome = |payload: u64| {
        let nodes = payload.div_ceil(1 << 20) * 32;
        let trailer = nodes + 500;
        let end = [b"KKZ1FOOT".to_vec(), trailer.to_be_bytes().to_vec()].concat();
        let len = start + payload + trailer + 16;
        let source = Sparse { prefix: sealed.bytes[..start as usize].to_vec(), end, len };
        let head = head(&source, &anchors);
        Opener::open_clear(fast(), source, head, Belief { anchors: &anchors, at: AT.into() }).err().unwrap()
    };
    assert!(matches!(outcome((1 << 40) + 1), OpenError::Layout(LayoutError::TooLong)));
    assert!(matches!(outcome(1 << 40), OpenError::Trailer(_)));
}

#[test]
fn env_66_a_reader_can_tell_that_there_is_no_trailer() {
    let with = documents();
    assert!(open(&with[0]).core().is_some());
    assert!(open(&with[1]).core().is_some());
    assert!(open(&with[2]).core().is_none());
}

/// A source that somebody writes to while it is open.
struct Changing(Mutex<Vec<u8>>);

impl ReadAt for Changing {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.0.lock().unwrap().read_exact_at(offset, buf)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().len() as u64)
    }
}

#[test]
fn env_65_a_piece_changed_after_its_block_was_verified_is_refused() {
    let sealed = Sealing::new("changing", KeySuite::Kz1, "C1I2A1", 100_000).seal();
    let source = Arc::new(Changing(Mutex::new(sealed.bytes.clone())));
    let anchors = sealed.world.anchors();
    let head = head(&source, &anchors);
    let opener =
        Opener::open_clear(fast(), Arc::clone(&source), head, Belief { anchors: &anchors, at: AT.into() }).unwrap();
    let mut buffer = [0; 10];
    opener.read_at(0, &mut buffer).unwrap();
    let parts = sealed.parts();
    source.0.lock().unwrap()[parts.head_len + parts.metadata.len() + 50_000] ^= 1;
    assert_eq!(opener.read_at(50_000, &mut buffer).err().map(|e| e.id()), Some("piece-not-signed"));
    assert!(opener.read_at(90_000, &mut buffer).is_ok());
}
