//! Looks for plaintext wherever an office leaves some: its profile, home, temporary folders, memory, and files that are
//! deleted but open; within packages, too.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Office;

/// Between two looks: a look itself takes a few milliseconds.
const PAUSE: Duration = Duration::from_millis(20);

/// Bytes that only the content holds.
#[derive(Clone)]
pub(super) struct Marks(Vec<Vec<u8>>);

impl Marks {
    /// A phrase, as text and as programs hold it in memory, and three pieces of the unprotected file itself.
    pub(super) fn of(phrase: &str, original: &[u8]) -> Self {
        let wide = phrase.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let pieces = [1, 2, 3].map(|n| original.iter().skip(original.len() * n / 4).take(40).copied().collect());
        Self([phrase.as_bytes().to_vec(), wide].into_iter().chain(pieces).collect())
    }

    pub(super) fn are_in(&self, bytes: &[u8]) -> bool {
        self.stand_in(bytes) || (bytes.starts_with(b"PK") && self.are_packed_in(bytes))
    }

    /// Packed up, as office documents are.
    fn are_packed_in(&self, bytes: &[u8]) -> bool {
        let Ok(mut package) = zip::ZipArchive::new(Cursor::new(bytes)) else { return false };
        (0..package.len()).any(|index| {
            let mut part = Vec::new();
            package.by_index(index).is_ok_and(|mut entry| entry.read_to_end(&mut part).is_ok()) && self.stand_in(&part)
        })
    }

    fn stand_in(&self, bytes: &[u8]) -> bool {
        self.0.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == mark))
    }
}

/// Where plaintext was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Files on a disk, deleted ones too.
    pub(super) disk: BTreeSet<PathBuf>,
    /// Files in memory.
    pub(super) memory: BTreeSet<PathBuf>,
    /// Files looked into: that there was something to see.
    pub(super) looked: BTreeSet<PathBuf>,
}

/// Looks again and again until asked.
pub(super) struct Watch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Seen>,
}

impl Watch {
    pub(super) fn begin(office: &Office, documents: &Path, marks: &Marks) -> Self {
        let group = office.running.as_ref().unwrap().office.id();
        let disk = vec![office.folder.path().to_owned(), documents.to_owned()];
        let memory = office.memory.path().to_owned();
        let (stop, marks) = (Arc::new(AtomicBool::new(false)), marks.clone());
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut seen = Seen::default();
            loop {
                let last = stopped.load(Ordering::SeqCst);
                look(&disk, &memory, group, &marks, &mut seen);
                if last {
                    return seen;
                }
                std::thread::sleep(PAUSE);
            }
        });
        Self { stop, thread }
    }

    /// What was seen until now, after one last look.
    pub(super) fn end(self) -> Seen {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

/// What lies in the office's folder in memory now.
pub(super) fn in_memory(office: &Office, marks: &Marks) -> BTreeSet<PathBuf> {
    let mut seen = Seen::default();
    look(&[], office.memory.path(), 0, marks, &mut seen);
    seen.memory
}

fn look(disk: &[PathBuf], memory: &Path, group: u32, marks: &Marks, seen: &mut Seen) {
    disk.iter().for_each(|folder| walk(folder, marks, &mut seen.looked, &mut seen.disk));
    walk(memory, marks, &mut seen.looked, &mut seen.memory);
    for open in held_open(group) {
        let Ok(path) = fs::read_link(&open) else { continue };
        let regular = fs::metadata(&open).is_ok_and(|found| found.is_file());
        if regular && fs::read(&open).is_ok_and(|bytes| marks.are_in(&bytes)) {
            let in_memory = path.starts_with("/dev/shm") || path.starts_with("/memfd:");
            if in_memory { &mut seen.memory } else { &mut seen.disk }.insert(path);
        }
    }
}

fn walk(folder: &Path, marks: &Marks, looked: &mut BTreeSet<PathBuf>, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&path, marks, looked, found),
            Ok(kind) if kind.is_file() => {
                if fs::read(&path).is_ok_and(|bytes| marks.are_in(&bytes)) {
                    found.insert(path.clone());
                }
                looked.insert(path);
            }
            _ => {}
        }
    }
}

/// Descriptors of every process of a group.
fn held_open(group: u32) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path()) {
        let status = fs::read_to_string(process.join("stat")).unwrap_or_default();
        // pid (name) state parent group …
        let fields = status.rsplit(')').next().unwrap_or_default().split_whitespace();
        if group != 0 && fields.clone().nth(2).and_then(|field| field.parse().ok()) == Some(group) {
            let open = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
            found.extend(open.map(|entry| entry.path()));
        }
    }
    found
}
