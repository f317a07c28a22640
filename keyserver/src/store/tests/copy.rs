//! The copy: the same as the database after every act, done without while it is away, never older than what it follows.

use std::fs;
use std::path::Path;

use kakuzuke_core::protocol::Durability;
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::{Store, StoreConfig, StoreError, begin_copy};
use super::{SettingRow, act, config, copy_database, keys, open, value_of};

const TABLES: [&str; 5] = [
    "select * from rows order by kind, key",
    "select * from links order by kind, link, value, key",
    "select * from entries order by idx",
    "select * from nodes order by position",
    "select * from counters order by name",
];

fn content(database: &Path) -> Vec<String> {
    let database = Connection::open(database).unwrap();
    let mut all = Vec::new();
    for table in TABLES {
        let mut statement = database.prepare(table).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            all.push(format!("{:?}", (0..columns).map(|i| row.get_ref_unwrap(i)).collect::<Vec<_>>()));
        }
    }
    all
}

/// Database and copy hold the same.
pub(super) fn assert_same(dir: &Path) {
    let paths = config(dir);
    assert_eq!(content(&paths.database), content(&paths.copy.unwrap()));
}

fn folder() -> TempDir {
    let dir = TempDir::new().unwrap();
    begin_copy(&dir.path().join("copy.db")).unwrap();
    dir
}

fn delete(store: &Store, number: u64) {
    let entry = super::entry(number, "deleted");
    let key = format!("setting-{number}");
    let done = store.write(move |tx| -> Result<(), StoreError> {
        tx.append(entry)?;
        tx.delete::<SettingRow>(key.as_bytes())?;
        tx.next_number("numbers").map(drop)
    });
    done.unwrap();
}

#[test]
fn it_holds_the_same_after_every_act() {
    let dir = folder();
    let store = open(dir.path());
    for number in 0..5 {
        assert_eq!(act(&store, number % 3, "note").unwrap().durability, Durability::Replicated);
        assert_same(dir.path());
    }
    delete(&store, 1);
    assert_same(dir.path());
    assert!(store.is_copied());
}

#[test]
fn one_begun_later_is_filled() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    assert_eq!(act(&store, 1, "before").unwrap().durability, Durability::Local);
    delete(&store, 1);
    act(&store, 2, "before").unwrap();
    drop(store);
    begin_copy(&dir.path().join("copy.db")).unwrap();
    let store = open(dir.path());
    assert_same(dir.path());
    assert_eq!(act(&store, 3, "after").unwrap().durability, Durability::Replicated);
}

#[test]
fn while_it_is_away_the_store_goes_on_and_says_so_and_afterwards_it_is_filled() {
    let dir = folder();
    let (copy, away) = (dir.path().join("copy.db"), dir.path().join("away.db"));
    let with = StoreConfig { copy: Some(copy.clone()), ..config(dir.path()) };
    let store = Store::open(&with, keys()).unwrap();
    act(&store, 1, "there").unwrap();
    drop(store);
    fs::rename(&copy, &away).unwrap();
    let store = Store::open(&with, keys()).unwrap();
    assert!(!store.is_copied());
    assert_eq!(act(&store, 2, "away").unwrap().durability, Durability::Local);
    delete(&store, 1);
    // Nothing is made where it should be: the disk may only not be mounted.
    assert!(!copy.exists());
    fs::rename(&away, &copy).unwrap();
    assert_eq!(act(&store, 3, "back").unwrap().durability, Durability::Replicated);
    assert!(store.is_copied());
    assert_same(dir.path());
}

#[test]
fn an_older_database_is_refused_by_its_copy_too() {
    let dir = folder();
    let store = open(dir.path());
    act(&store, 1, "first").unwrap();
    drop(store);
    let older = TempDir::new().unwrap();
    copy_database(dir.path(), older.path());
    let store = open(dir.path());
    act(&store, 1, "revoked").unwrap();
    drop(store);
    copy_database(older.path(), dir.path());
    // Without the sink, which would notice it as well.
    fs::remove_file(config(dir.path()).sink).unwrap();
    let refused = Store::open(&config(dir.path()), keys()).err().unwrap();
    assert!(matches!(refused, StoreError::Behind { database: 1, second: 2 }), "{refused}");
}

#[test]
fn a_store_is_made_of_it_again() {
    let dir = folder();
    let store = open(dir.path());
    act(&store, 1, "kept").unwrap();
    drop(store);
    let new = TempDir::new().unwrap();
    super::super::carry(&dir.path().join("copy.db"), &config(new.path()).database).unwrap();
    let store = open(new.path());
    assert_eq!(store.read(|r| value_of(r, 1)).unwrap(), Some("kept".to_owned()));
    super::assert_sound(new.path(), &store);
}
