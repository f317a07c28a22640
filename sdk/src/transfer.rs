//! 転送. The speed room: content from one file sealed into another, or opened out of one, by a few threads that each
//! read a block at its place, work on it where it lies, and write it at its place. Memory does not grow with the file.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kakuzuke_core::envelope::{
    BlockBuffer, BlockDigest, BlockSealer, OpenError, Opener, ReadAt, SealError, StreamSealer,
};

/// Threads for one file when the caller names no number: more bring nothing on one disk.
const USUAL_THREADS: usize = 2;
/// Bytes read from a pipe at a time.
const PIECE: usize = 256 * 1024;

/// Content could not be carried over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransferError {
    /// The file content comes from, or the pipe.
    #[error("reading: {0}")]
    Read(io::Error),
    /// The file content goes to, or the pipe.
    #[error("writing: {0}")]
    Write(io::Error),
    /// Sealing.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Opening.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Seals all blocks of `from` into `to`, whose beginning is the envelope's; gives the blocks' digests.
pub(crate) fn seal_blocks(
    sealer: &BlockSealer,
    from: &File,
    to: &File,
    threads: Option<NonZeroUsize>,
) -> Result<Vec<BlockDigest>, TransferError> {
    let digests = Mutex::new(Vec::new());
    each_block(sealer.block_count(), threads, |buffer, index| {
        let Some(block) = sealer.block(index) else { return Err(SealError::Length.into()) };
        let (plain, stored) = (block.plain(), block.stored());
        buffer.begin(block);
        read_pieces(from, plain.start, buffer).map_err(TransferError::Read)?;
        let digest = sealer.seal(buffer)?;
        to.write_all_at(buffer.stored(), stored.start).map_err(TransferError::Write)?;
        if let (Some(digest), Ok(mut digests)) = (digest, digests.lock()) {
            digests.push(digest);
        }
        Ok(())
    })?;
    digests.into_inner().map_err(|_| SealError::Trailer.into())
}

/// Opens all blocks into `to`, at their place.
pub(crate) fn open_blocks<S: ReadAt + Sync>(
    opener: &Opener<S>,
    to: &File,
    threads: Option<NonZeroUsize>,
) -> Result<(), TransferError> {
    each_block(opener.block_count(), threads, |buffer, index| {
        opener.open_block(index, buffer)?;
        write_pieces(to, buffer.block().plain().start, buffer).map_err(TransferError::Write)
    })
}

/// Opens all blocks in order, into a pipe.
pub(crate) fn open_stream<S: ReadAt>(opener: &Opener<S>, to: &mut dyn Write) -> Result<u64, TransferError> {
    let mut buffer = BlockBuffer::new();
    for index in 0..opener.block_count() {
        opener.open_block(index, &mut buffer)?;
        for piece in buffer.pieces() {
            to.write_all(piece).map_err(TransferError::Write)?;
        }
    }
    to.flush().map_err(TransferError::Write)?;
    Ok(opener.len())
}

/// Seals what comes out of a pipe; what is to be written goes to `to`, in order.
pub(crate) fn seal_stream(
    sealer: &mut StreamSealer,
    from: &mut dyn Read,
    to: &mut dyn Write,
) -> Result<u64, TransferError> {
    let mut piece = zeroize::Zeroizing::new(vec![0; PIECE]);
    let mut sealed = Vec::new();
    let mut total = 0;
    loop {
        let n = match from.read(&mut piece) {
            Ok(0) => return Ok(total),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(TransferError::Read(e)),
        };
        sealer.push(piece.get(..n).unwrap_or_default(), &mut sealed)?;
        to.write_all(&sealed).map_err(TransferError::Write)?;
        sealed.clear();
        total += n as u64;
    }
}

/// Runs `work` for every block, on a few threads; the first failure stops all.
fn each_block(
    count: u64,
    threads: Option<NonZeroUsize>,
    work: impl Fn(&mut BlockBuffer, u64) -> Result<(), TransferError> + Sync,
) -> Result<(), TransferError> {
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let worker = || -> Result<(), TransferError> {
        let mut buffer = BlockBuffer::new();
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            work(&mut buffer, index).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
        }
        Ok(())
    };
    let wanted = threads.map_or(USUAL_THREADS, NonZeroUsize::get);
    let threads = usize::try_from(count).unwrap_or(usize::MAX).min(wanted);
    if threads <= 1 {
        return worker();
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut outcome = worker();
        for other in others {
            let theirs = other.join().unwrap_or_else(|_| Err(SealError::Length.into()));
            outcome = outcome.and(theirs);
        }
        outcome
    })
}

/// Fills the buffer's pieces with one vectored read, and more where it came short.
fn read_pieces(from: &File, offset: u64, buffer: &mut BlockBuffer) -> io::Result<()> {
    let mut slices: Vec<IoSliceMut<'_>> = buffer.pieces_mut().map(IoSliceMut::new).collect();
    let mut rest = slices.as_mut_slice();
    let mut at = offset;
    while rest.iter().any(|slice| !slice.is_empty()) {
        match rustix::io::preadv(from, rest, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                at += n as u64;
                IoSliceMut::advance_slices(&mut rest, n);
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

fn write_pieces(to: &File, offset: u64, buffer: &BlockBuffer) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = buffer.pieces().map(IoSlice::new).collect();
    let mut rest = slices.as_mut_slice();
    let mut at = offset;
    while rest.iter().any(|slice| !slice.is_empty()) {
        match rustix::io::pwritev(to, rest, at) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => {
                at += n as u64;
                IoSlice::advance_slices(&mut rest, n);
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}
