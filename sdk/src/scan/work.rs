//! 流れ. One goes through the share, many look, one writes down, in the order of the walk. A file that takes long holds up nobody
//! until as many groups are under way as memory is set apart for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kakuzuke_core::time::Timestamp;

use super::ScanProgress;
use super::eyes::{Eyes, Looked, Next};
use super::record::Scanned;
use super::results::{Known, Results, line_of};
use super::tally::Tally;
use super::walk::{Found, count, walk};
use crate::error::Result;

/// Files of a group, …
const GROUP: usize = 64;
/// … folders they lie in, which are held open, …
const FOLDERS: usize = 8;
/// … and groups under way at once.
const WINDOW: usize = 48;
/// How often it is told how far it is.
const TOLD: Duration = Duration::from_millis(200);

/// What is to be gone through.
pub(super) struct Round<'a> {
    pub(super) eyes: &'a Eyes<'a>,
    pub(super) roots: &'a [PathBuf],
    pub(super) now: Timestamp,
    pub(super) threads: usize,
    /// Files that the last scan found, if there was one.
    pub(super) before: Option<u64>,
    pub(super) progress: &'a (dyn Fn(&ScanProgress) + Sync),
}

struct Group {
    number: u64,
    files: Vec<Next>,
}

struct Done {
    number: u64,
    lines: Vec<u8>,
    seen: Vec<Scanned>,
    unchanged: u64,
}

impl Round<'_> {
    /// Goes through it all and writes it down.
    pub(super) fn run(&self, mut out: Results, known: Option<Known>, tally: &mut Tally) -> Result<()> {
        let total = AtomicU64::new(self.before.unwrap_or(u64::MAX));
        let (over, ignored) = (AtomicBool::new(false), AtomicU64::new(0));
        let outcome = std::thread::scope(|scope| {
            if self.before.is_none() {
                scope.spawn(|| {
                    let counted = count(self.roots, &|| !over.load(Ordering::Relaxed));
                    counted.into_iter().for_each(|files| total.store(files, Ordering::Relaxed));
                });
            }
            let left_out = &ignored;
            let (permits, permitted) = sync_channel(WINDOW);
            for _ in 0..WINDOW {
                let _room_for_all = permits.send(());
            }
            let (groups, work) = sync_channel(self.threads);
            let (done, results) = channel();
            let work = Arc::new(Mutex::new(work));
            scope.spawn(move || left_out.store(self.go_through(known, &permitted, &groups), Ordering::Relaxed));
            for _ in 0..self.threads {
                let (work, done) = (Arc::clone(&work), done.clone());
                scope.spawn(move || self.look(&work, &done));
            }
            drop((work, done));
            let written = self.write_down(&mut out, tally, &results, &permits, &total);
            // Whoever goes through the share or counts stops when nobody writes down any more.
            over.store(true, Ordering::Relaxed);
            drop((permits, results));
            written
        });
        outcome?;
        tally.ignored = ignored.load(Ordering::Relaxed);
        out.finish(tally.files)
    }

    /// The walk, in groups. Gives how much was left out.
    fn go_through(&self, mut known: Option<Known>, permitted: &Receiver<()>, groups: &SyncSender<Group>) -> u64 {
        let mut walk = walk(self.roots);
        for number in 0.. {
            if permitted.recv().is_err() {
                break;
            }
            let files = group(&mut walk, known.as_mut());
            if files.is_empty() || groups.send(Group { number, files }).is_err() {
                break;
            }
        }
        walk.ignored
    }

    fn look(&self, work: &Mutex<Receiver<Group>>, done: &Sender<Done>) {
        loop {
            let group = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Group { number, files }) = group else { break };
            let mut all = Done { number, lines: Vec::new(), seen: Vec::with_capacity(files.len()), unchanged: 0 };
            for next in files {
                let Looked { seen, line, unchanged } = self.eyes.look(next);
                // What can't be put in a line can't come from a file.
                all.lines.extend(line.or_else(|| line_of(&seen).ok()).unwrap_or_default());
                all.unchanged += u64::from(unchanged);
                all.seen.push(seen);
            }
            if done.send(all).is_err() {
                break;
            }
        }
    }

    fn write_down(
        &self,
        out: &mut Results,
        tally: &mut Tally,
        results: &Receiver<Done>,
        permits: &SyncSender<()>,
        total: &AtomicU64,
    ) -> Result<()> {
        let (began, mut told) = (Instant::now(), Instant::now());
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for done in results {
            early.insert(done.number, done);
            while let Some(done) = early.remove(&turn) {
                turn += 1;
                out.put(&done.lines)?;
                done.seen.iter().for_each(|seen| tally.count(self.roots, seen, self.now));
                tally.unchanged += done.unchanged;
                let _no_more_to_come = permits.try_send(());
            }
            if told.elapsed() >= TOLD {
                told = Instant::now();
                self.tell(tally, total, began);
            }
        }
        self.tell(tally, total, began);
        Ok(())
    }

    fn tell(&self, tally: &Tally, total: &AtomicU64, began: Instant) {
        // A share that has grown since is no less than what was found of it.
        let total = Some(total.load(Ordering::Relaxed)).filter(|total| *total != u64::MAX);
        let total = total.map(|total| total.max(tally.files));
        (self.progress)(&ScanProgress { total, finished: tally.files, bytes: tally.bytes, elapsed: began.elapsed() });
    }
}

/// The next files of the walk, with what is known of them.
fn group(walk: &mut impl Iterator<Item = Found>, mut known: Option<&mut Known>) -> Vec<Next> {
    let (mut files, mut folders) = (Vec::new(), 0);
    let mut last = None;
    while files.len() < GROUP && folders < FOLDERS {
        let Some(found) = walk.next() else { break };
        let (path, seat) = match found {
            Found::File { path, seat } => (path, Ok(seat)),
            Found::Unreachable { path, why } => (path, Err(why)),
        };
        let folder = seat.as_ref().ok().map(|seat| Arc::as_ptr(&seat.folder));
        if folder.is_some() && folder != last {
            (last, folders) = (folder, folders + 1);
        }
        let known = match &mut known {
            Some(known) if seat.is_ok() => known.of(&path),
            _ => Vec::new(),
        };
        files.push(Next { path, seat, known });
    }
    files
}
