//! Many at once: threads in one transaction, processes beside each other, jobs that fail or die.

use std::collections::BTreeSet;
use std::thread;

use tempfile::TempDir;

use super::super::StoreError;
use super::crash::Child;
use super::{act, assert_sound, entry, open, setting, value_of};

#[test]
fn threads_share_transactions_and_each_has_its_own_entry() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let indexes: Vec<u64> = thread::scope(|scope| {
        let run = |thread: u64| {
            let store = store.clone();
            move || {
                let one = |n| act(&store, thread * 100 + n, "x").unwrap().recorded.pop().unwrap().index();
                (0..25).map(one).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(run(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(indexes.iter().collect::<BTreeSet<_>>().len(), 200);
    assert_eq!(assert_sound(dir.path(), &store), 200);
}

#[test]
fn processes_write_beside_each_other() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let children: Vec<_> = (1..=3).map(|_| Child::scenario(dir.path()).spawn()).collect();
    for number in 1_000..1_020 {
        act(&store, number, "parent").unwrap();
    }
    let told: usize = children.into_iter().map(|child| child.finish().acknowledged.len()).sum();
    act(&store, 2_000, "last").unwrap();
    assert!(assert_sound(dir.path(), &store) >= told as u64 + 21);
}

#[test]
fn a_job_that_fails_leaves_nothing_behind() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    act(&store, 1, "kept").unwrap();
    let (made, row) = (entry(2, "not kept"), setting(1, "not kept"));
    let failed = store.write(move |tx| -> Result<(), StoreError> {
        let made = tx.append(made)?;
        tx.put(&row, made)?;
        tx.next_number("approval")?;
        Err(StoreError::Altered("setting"))
    });
    assert!(matches!(failed, Err(StoreError::Altered("setting"))));
    let number = store.write(|tx| tx.next_number("approval")).unwrap();
    assert_eq!((number.value, number.recorded.len()), (1, 0));
    assert_eq!(store.read(|r| value_of(r, 1)).unwrap().unwrap(), "kept");
    assert_eq!(assert_sound(dir.path(), &store), 1);
}

#[test]
fn a_job_that_dies_stops_the_store_and_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    act(&store, 1, "kept").unwrap();
    let made = entry(2, "not kept");
    let died = store.write(move |tx| -> Result<(), StoreError> {
        tx.append(made)?;
        panic!("a defect in a job");
    });
    assert!(died.is_err());
    assert!(act(&store, 3, "after").is_err());
    assert!(!store.is_ready());
    drop(store);
    let store = open(dir.path());
    assert!(store.is_ready());
    assert_eq!(assert_sound(dir.path(), &store), 1);
}
