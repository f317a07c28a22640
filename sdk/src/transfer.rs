//! 転送. The speed room: content from one file sealed into another, or opened out of one, by a few threads that each
//! read a block at its place, work on it where it lies, and write it at its place. Memory does not grow with the file.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use kakuzuke_core::envelope::{
    BlockBuffer, BlockDigest, BlockSealer, OpenError, Opener, ReadAt, SealError, StreamSealer,
};

use crate::cancel::{self, Running};
use crate::input::Reading;
use crate::platform::{Positional, read_vectored_at, write_vectored_at};

/// Threads for one file when the caller names no number: more bring nothing on one disk.
const USUAL_THREADS: usize = 2;
/// Blocks (of 1 MiB) written between two requests to put on the disk what has been written so far.
const WRITE_BACK: u64 = 64;
/// Blocks opened ahead of the one being written to a pipe.
const AHEAD: usize = 3;
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
    from: Reading<'_>,
    to: &File,
    threads: Option<NonZeroUsize>,
) -> Result<Vec<BlockDigest>, TransferError> {
    let digests = Mutex::new(Vec::new());
    each_block(sealer.block_count(), to, threads, |buffer, index| {
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
    each_block(opener.block_count(), to, threads, |buffer, index| {
        opener.open_block(index, buffer)?;
        write_pieces(to, buffer.block().plain().start, buffer).map_err(TransferError::Write)
    })
}

/// Opens all blocks in order, into a pipe: one thread reads and opens, this one writes.
pub(crate) fn open_stream<S: ReadAt + Sync>(opener: &Opener<S>, to: &mut dyn Write) -> Result<u64, TransferError> {
    let (full, opened) = sync_channel(AHEAD);
    let (empty, used) = sync_channel(AHEAD);
    for _ in 0..AHEAD {
        let _there_is_room = empty.try_send(BlockBuffer::new());
    }
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || open_ahead(opener, used, full));
        let written = write_in_order(opened, empty, to).map_err(TransferError::Write);
        written.and(reader.join().unwrap_or_else(|_| Err(SealError::Length.into())))
    })?;
    to.flush().map_err(TransferError::Write)?;
    Ok(opener.len())
}

/// Opens block after block into buffers that come back; ends when nobody wants them any more.
fn open_ahead<S: ReadAt>(
    opener: &Opener<S>,
    used: Receiver<BlockBuffer>,
    full: SyncSender<BlockBuffer>,
) -> Result<(), TransferError> {
    for (index, mut buffer) in (0..opener.block_count()).zip(used) {
        opener.open_block(index, &mut buffer)?;
        if full.send(buffer).is_err() {
            break;
        }
    }
    Ok(())
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

/// Runs `work` for every block, on a few threads; the first failure stops all. One more thread brings `to` to the disk
/// meanwhile: whoever makes the file durable afterwards waits for its end only.
fn each_block(
    count: u64,
    to: &File,
    threads: Option<NonZeroUsize>,
    work: impl Fn(&mut BlockBuffer, u64) -> Result<(), TransferError> + Sync,
) -> Result<(), TransferError> {
    let wanted = threads.map_or(USUAL_THREADS, NonZeroUsize::get);
    let threads = usize::try_from(count).unwrap_or(usize::MAX).min(wanted);
    let running = cancel::running();
    let blocks = Blocks { count, next: AtomicU64::new(0), stop: AtomicBool::new(false), running, work };
    if count <= WRITE_BACK && threads <= 1 {
        return blocks.run(None);
    }
    std::thread::scope(|scope| {
        let (behind, asked) = if count > WRITE_BACK { Some(sync_channel(1)).unzip() } else { (None, None) };
        let writer = asked.map(|asked| scope.spawn(move || write_back(to, asked)));
        let spawn = |_| {
            let (blocks, behind) = (&blocks, behind.clone());
            scope.spawn(move || blocks.run(behind))
        };
        let others: Vec<_> = (1..threads).map(spawn).collect();
        let mut outcome = blocks.run(behind);
        for other in others {
            outcome = outcome.and(other.join().unwrap_or_else(|_| Err(SealError::Length.into())));
        }
        // What the disk refused is told once, here: asking again afterwards would find nothing wrong.
        let written = writer.map_or(Ok(()), |w| w.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())));
        outcome.and(written.map_err(TransferError::Write))
    })
}

/// The blocks of one file, taken one after the other by several threads.
struct Blocks<W> {
    count: u64,
    next: AtomicU64,
    stop: AtomicBool,
    running: Option<Running>,
    work: W,
}

impl<W: Fn(&mut BlockBuffer, u64) -> Result<(), TransferError> + Sync> Blocks<W> {
    fn run(&self, behind: Option<SyncSender<()>>) -> Result<(), TransferError> {
        let mut buffer = BlockBuffer::new();
        while !self.stop.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= self.count {
                break;
            }
            let asked = self.running.as_ref().map_or(Ok(()), Running::check).map_err(TransferError::Read);
            asked
                .and_then(|()| (self.work)(&mut buffer, index))
                .inspect_err(|_| self.stop.store(true, Ordering::Relaxed))?;
            if let Some(behind) = behind.as_ref().filter(|_| index % WRITE_BACK == WRITE_BACK - 1) {
                // Full: it is asked for already.
                let _asked = behind.try_send(());
            }
        }
        Ok(())
    }
}

/// Puts on the disk what has been written, each time it is asked to.
fn write_back(file: &File, asked: Receiver<()>) -> io::Result<()> {
    asked.into_iter().try_for_each(|()| file.sync_data())
}

/// Fills the buffer's pieces.
fn read_pieces(from: Reading<'_>, offset: u64, buffer: &mut BlockBuffer) -> io::Result<()> {
    match from {
        Reading::File(file) => read_vectored(file, offset, buffer),
        Reading::Given(source) => {
            let mut at = offset;
            for piece in buffer.pieces_mut() {
                source.read_exact_at(at, piece)?;
                at += piece.len() as u64;
            }
            Ok(())
        }
    }
}

/// The same with one vectored read, and more where it came short.
fn read_vectored(from: &File, offset: u64, buffer: &mut BlockBuffer) -> io::Result<()> {
    let mut slices: Vec<IoSliceMut<'_>> = buffer.pieces_mut().map(IoSliceMut::new).collect();
    let mut rest = slices.as_mut_slice();
    let mut at = offset;
    while rest.iter().any(|slice| !slice.is_empty()) {
        match read_vectored_at(from, rest, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                at += n as u64;
                IoSliceMut::advance_slices(&mut rest, n);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Writes buffers as they come and gives them back. When it returns, whoever fills them finds nobody there.
fn write_in_order(opened: Receiver<BlockBuffer>, empty: SyncSender<BlockBuffer>, to: &mut dyn Write) -> io::Result<()> {
    for buffer in opened {
        let mut slices: Vec<IoSlice<'_>> = buffer.pieces().map(IoSlice::new).collect();
        let mut rest = slices.as_mut_slice();
        IoSlice::advance_slices(&mut rest, 0);
        while !rest.is_empty() {
            match to.write_vectored(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => IoSlice::advance_slices(&mut rest, n),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        // Nobody fills it again after the last block.
        let _back = empty.send(buffer);
    }
    Ok(())
}

fn write_pieces(to: &File, offset: u64, buffer: &BlockBuffer) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = buffer.pieces().map(IoSlice::new).collect();
    let mut rest = slices.as_mut_slice();
    let mut at = offset;
    while rest.iter().any(|slice| !slice.is_empty()) {
        match write_vectored_at(to, rest, at) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => {
                at += n as u64;
                IoSlice::advance_slices(&mut rest, n);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
