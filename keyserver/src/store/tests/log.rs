//! The tree as it is stored: proofs between any two sizes, and what a view may show of it.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use kakuzuke_core::crypto::default_provider;
use tempfile::TempDir;

use super::super::reader::Pool;
use super::super::{StoreError, mac};
use super::{act, config, keys, open, root_of};

#[test]
fn every_entry_and_every_growth_can_be_proved() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let provider = default_provider();
    (0..20).for_each(|number| drop(act(&store, number, "x").unwrap()));
    let roots: Vec<_> = (0..=20).map(|size| root_of(&store, size)).collect();
    let entries = store.read(|r| r.entries(0, 20)).unwrap();
    for size in 0..=20_u64 {
        for index in 0..size {
            let proof = store.read(|r| r.inclusion(index, size)).unwrap().unwrap();
            proof.verify(provider, &entries[index as usize].hash, &roots[size as usize]).unwrap();
        }
        for old in 0..=size {
            let proof = store.read(|r| r.consistency(old, size)).unwrap().unwrap();
            proof.verify(provider, &roots[old as usize], &roots[size as usize]).unwrap();
        }
    }
    assert!(store.read(|r| r.inclusion(20, 20)).unwrap().is_none());
}

#[test]
fn a_view_shows_no_entry_that_is_in_one_place_only() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    (0..5).for_each(|number| drop(act(&store, number, "x").unwrap()));
    // As between a commit and its sync: the database has five entries, the sink three.
    let pool = Pool::new(config(dir.path()).database, Arc::new(mac::RowMac::new(keys())), Arc::new(AtomicU64::new(3)));
    let (head, seen) = pool.read(|r| Ok::<_, StoreError>((r.head()?, r.entries(0, 10)?))).unwrap();
    assert_eq!((head.size, seen.len()), (3, 3));
    assert_eq!(head.root, root_of(&store, 3));
}

#[test]
fn an_altered_log_is_refused() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    (0..5).for_each(|number| drop(act(&store, number, "x").unwrap()));
    let thief = rusqlite::Connection::open(config(dir.path()).database).unwrap();
    thief.execute("delete from nodes", []).unwrap();
    assert!(matches!(store.read(|r| r.head()), Err(StoreError::Altered("log"))));
    assert!(act(&store, 6, "x").is_err());
}
