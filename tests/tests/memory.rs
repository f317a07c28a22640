//! Sealing and opening a stream take the same memory however long it is.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(unsafe_code, reason = "a counting allocator")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use kakuzuke_core::crypto::{KeySuite, fast};
use kakuzuke_core::envelope::{
    Belief, BlockBuffer, LicenceFacts, Opener, PayloadLength, ReadAt, SealPlan, SealedEnd, UnverifiedHead,
};
use kakuzuke_core::protocol::Durability;
use kakuzuke_tests::envelope::seeded::Seeded;
use kakuzuke_tests::envelope::world::{self, AT, DocumentSecretName, World};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system allocator's; the counters are beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes taken at most during `work`, beyond what was taken before.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let done = work();
    (PEAK.load(Ordering::Relaxed) - before, done)
}

const MIB: usize = 1 << 20;

/// Seals `mebibytes` of zeros; what is sealed goes to `keep`.
fn seal(world: &World, mebibytes: usize, mut keep: impl FnMut(&[u8])) -> (SealPlanFacts, SealedEnd) {
    let ticket = world.ticket("doc", Durability::Replicated);
    let request = world::request(world.standing("doc"), world::label("C2I2A2", "sato"), PayloadLength::Unknown);
    let mut rng = Seeded::new("seal");
    let plan = SealPlan::new(fast(), request, &ticket, &world.signatory(), &mut rng).unwrap();
    let facts = SealPlanFacts { section: plan.section().clone(), label_hash: plan.label_hash() };
    keep(plan.prefix());
    let mut stream = plan.into_stream();
    let piece = vec![0; 64 * 1024];
    let mut out = Vec::new();
    for _ in 0..mebibytes * 16 {
        stream.push(&piece, &mut out).unwrap();
        keep(&out);
        out.clear();
    }
    let end = stream.finish(&world.signatory(), &mut rng, &mut out).unwrap();
    keep(&out);
    (facts, end)
}

struct SealPlanFacts {
    section: kakuzuke_core::envelope::LabelSection,
    label_hash: kakuzuke_core::id::LabelHash,
}

struct File(std::fs::File);

impl ReadAt for File {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, buf, offset)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

/// One test, since the counters are the process's.
#[test]
fn memory_does_not_grow_with_the_document() {
    let world = World::new(KeySuite::Kz1);
    drop(seal(&world, 1, |_| ()));
    let (short, _) = peak(|| seal(&world, 4, |_| ()));
    let (long, _) = peak(|| seal(&world, 256, |_| ()));
    eprintln!("sealing takes {short} bytes for 4 MiB, {long} bytes for 256 MiB");
    // One node of 32 bytes for each MiB, a few times while they are gathered and written.
    assert!(long - short < 252 * 32 * 8, "sealing takes {short} bytes for 4 MiB, {long} for 256 MiB");
    assert!(long < 4 * MIB, "sealing takes {long} bytes");

    let mut peaks = Vec::new();
    for mebibytes in [4, 128] {
        let mut file = tempfile::tempfile().unwrap();
        let (facts, end) = seal(&world, mebibytes, |bytes| io::Write::write_all(&mut file, bytes).unwrap());
        let source = File(file);
        let anchors = world.anchors();
        let head = UnverifiedHead::read(fast(), &source).unwrap().verify(fast(), &anchors, AT).unwrap();
        let key = world::key(fast(), &head, &[(&world.kek, DocumentSecretName("doc"))]);
        let facts = LicenceFacts { current: facts.section, label_hash: facts.label_hash, root: end.root(), key };
        let (taken, ()) = peak(|| {
            let belief = Belief { anchors: &anchors, at: AT.into() };
            let opener = Opener::open(fast(), source, head, &facts, belief).unwrap();
            let mut buffer = BlockBuffer::new();
            for index in 0..opener.block_count() {
                opener.open_block(index, &mut buffer).unwrap();
                assert!(buffer.pieces().all(|piece| piece.iter().all(|b| *b == 0)));
            }
        });
        peaks.push(taken);
    }
    eprintln!("opening takes {} bytes for 4 MiB, {} bytes for 128 MiB", peaks[0], peaks[1]);
    assert!(peaks[1] - peaks[0] < 124 * 32 * 8, "opening takes {peaks:?} bytes");
    assert!(peaks[1] < 4 * MIB, "opening takes {peaks:?} bytes");
}
