//! What the store promises, broken on purpose: wrong rows, older databases, shortened sinks, full disks, kill -9.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::print_stdout, reason = "a child process reports to the test by its output")]

mod concurrency;
mod copy;
mod crash;
mod disk;
mod log;
mod rows;
mod sink;

use std::fs;
use std::path::{Path, PathBuf};

use kakuzuke_core::audit::{EntryKind, EntryText, ExportEntry, Frontier, Leaf, Outcome, leaf_hash};
use kakuzuke_core::crypto::{Secret, default_provider};
use kakuzuke_core::id::{DocumentId, LogHash};
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::{NewEntry, Reader, Row, Store, StoreConfig, StoreError, StoreKeys, Written};
use crate::audit::Entry;
use crate::random::generator;

/// Where a test keeps its store.
fn config(dir: &Path) -> StoreConfig {
    // With a copy where a test has begun one.
    let copy = Some(dir.join("copy.db")).filter(|copy| copy.is_file());
    StoreConfig { database: dir.join("keyserver.db"), sink: dir.join("log.jsonl"), copy }
}

fn keys() -> StoreKeys {
    StoreKeys { mac: Secret::from_fill(|bytes| bytes.fill(7)) }
}

fn open(dir: &Path) -> Store {
    Store::open(&config(dir), keys()).unwrap()
}

fn document(number: u64) -> DocumentId {
    DocumentId::new_v7(number, [3; 10])
}

fn entry(number: u64, note: &str) -> NewEntry {
    let text = EntryText { note: Some(note.to_owned()), count: Some(number), ..EntryText::default() };
    let entry = Entry::new(Timestamp::from_unix(1_800_000_000), EntryKind::ZoneChanged, Outcome::Done);
    entry.document(document(number)).text(text).finish(&mut generator())
}

/// An act: an entry, and a row that rests on it.
fn act(store: &Store, number: u64, note: &str) -> Result<Written<()>, StoreError> {
    let (entry, row) = (entry(number, note), setting(number, note));
    store.write(move |tx| {
        let entry = tx.append(entry)?;
        tx.put(&row, entry)
    })
}

/// A row of a kind that only these tests have.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
struct SettingRow {
    #[n(0)]
    name: String,
    #[n(1)]
    value: String,
}

impl Row for SettingRow {
    const KIND: u8 = 255;
    const NAME: &'static str = "setting";

    fn key(&self) -> Vec<u8> {
        self.name.as_bytes().to_vec()
    }
}

fn setting(number: u64, value: &str) -> SettingRow {
    SettingRow { name: format!("setting-{number}"), value: value.to_owned() }
}

fn value_of(reader: &Reader<'_>, number: u64) -> Result<Option<String>, StoreError> {
    let row = reader.get::<SettingRow>(format!("setting-{number}").as_bytes())?;
    Ok(row.map(|row| row.value.clone()))
}

/// The lines of the sink as they lie on the disk.
fn sink_lines(dir: &Path) -> Vec<ExportEntry> {
    let text = fs::read_to_string(config(dir).sink).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Both places hold the same whole log, every leaf and text belongs to its hash, and the stored nodes give its root.
fn assert_sound(dir: &Path, store: &Store) -> u64 {
    let (head, entries) = store.read(|r| Ok::<_, StoreError>((r.head()?, r.entries(0, u64::MAX)?))).unwrap();
    let lines = sink_lines(dir);
    assert_eq!(head.size, entries.len() as u64);
    assert_eq!(head.size, lines.len() as u64, "database and sink have the same number of entries");
    let provider = default_provider();
    let mut tree = Frontier::new();
    for (entry, line) in entries.into_iter().zip(lines) {
        let leaf = Leaf::decode(&entry.leaf).unwrap();
        assert!(leaf.commitment.opens(provider, &entry.salt.unwrap(), entry.text.as_ref().unwrap()));
        assert_eq!(leaf_hash(provider, &entry.leaf), entry.hash);
        assert_eq!(entry.index, tree.size());
        tree.push(provider, entry.hash, |_, _| {});
        assert_eq!(entry.export(), line);
    }
    assert_eq!(tree.root(provider), head.root);
    head.size
}

/// Root over the first `size` entries, from their leaves alone.
fn root_of(store: &Store, size: u64) -> LogHash {
    let entries = store.read(|r| r.entries(0, size)).unwrap();
    let mut tree = Frontier::new();
    entries.iter().for_each(|entry| tree.push(default_provider(), entry.hash, |_, _| {}));
    tree.root(default_provider())
}

/// Copies database and write-ahead log, as a thief or a backup would.
fn copy_database(from: &Path, to: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let name = |dir: &Path| PathBuf::from(format!("{}{suffix}", config(dir).database.display()));
        let _there_was_none = fs::remove_file(name(to));
        if name(from).exists() {
            fs::copy(name(from), name(to)).unwrap();
        }
    }
}
