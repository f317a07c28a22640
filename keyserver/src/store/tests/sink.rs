//! Database and second sink set against each other: crashes between the two are repaired, older copies refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::super::StoreError;
use super::{Store, act, assert_sound, config, copy_database, keys, open, sink_lines};

/// A folder with `acts` acts, closed.
fn folder(acts: u64) -> TempDir {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    for number in 0..acts {
        act(&store, number, "first").unwrap();
    }
    drop(store);
    dir
}

fn refusal(dir: &TempDir) -> StoreError {
    match Store::open(&config(dir.path()), keys()) {
        Ok(_) => panic!("the store opens"),
        Err(error) => error,
    }
}

#[test]
fn an_older_database_is_refused() {
    let dir = folder(3);
    let backup = TempDir::new().unwrap();
    copy_database(dir.path(), backup.path());
    let store = open(dir.path());
    act(&store, 1, "revoked").unwrap();
    drop(store);
    copy_database(backup.path(), dir.path());
    assert!(matches!(refusal(&dir), StoreError::Behind { database: 3, second: 4 }));
}

#[test]
fn an_older_database_that_went_on_by_itself_is_refused() {
    let dir = folder(3);
    let elsewhere = TempDir::new().unwrap();
    copy_database(dir.path(), elsewhere.path());
    fs::copy(config(dir.path()).sink, config(elsewhere.path()).sink).unwrap();
    for (place, note) in [(&dir, "revoked"), (&elsewhere, "not revoked")] {
        let store = open(place.path());
        act(&store, 1, note).unwrap();
    }
    copy_database(elsewhere.path(), dir.path());
    assert!(matches!(refusal(&dir), StoreError::Differs(3)));
}

#[test]
fn an_older_database_put_in_place_while_running_stops_every_write() {
    let dir = folder(2);
    let store = open(dir.path());
    act(&store, 7, "before").unwrap();
    let thief = rusqlite::Connection::open(config(dir.path()).database).unwrap();
    thief.execute("delete from entries where idx = 2", []).unwrap();
    assert!(act(&store, 8, "after").is_err());
    assert_eq!(sink_lines(dir.path()).len(), 3);
}

#[test]
fn a_removed_sink_is_made_again_and_counted() {
    let dir = folder(5);
    assert_eq!(open(dir.path()).repaired(), 0);
    fs::remove_file(config(dir.path()).sink).unwrap();
    let store = open(dir.path());
    assert_eq!(store.repaired(), 5);
    assert_eq!(assert_sound(dir.path(), &store), 5);
}

#[test]
fn a_sink_cut_anywhere_is_repaired() {
    let dir = folder(3);
    let whole = fs::read(config(dir.path()).sink).unwrap();
    for length in (0..whole.len()).step_by(37).chain([whole.len() - 1]) {
        fs::write(config(dir.path()).sink, &whole[..length]).unwrap();
        let store = open(dir.path());
        assert_eq!(assert_sound(dir.path(), &store), 3, "cut to {length} bytes");
        drop(store);
        assert_eq!(fs::read(config(dir.path()).sink).unwrap(), whole);
    }
}

#[test]
fn a_sink_of_another_log_is_refused() {
    let (dir, other) = (folder(3), folder(3));
    fs::copy(config(other.path()).sink, config(dir.path()).sink).unwrap();
    assert!(matches!(refusal(&dir), StoreError::Differs(2)));
    fs::write(config(dir.path()).sink, "not a log\n").unwrap();
    assert!(matches!(refusal(&dir), StoreError::Sink(_)));
}

#[test]
fn a_sink_is_for_its_owner() {
    let dir = folder(1);
    let mode = fs::metadata(config(dir.path()).sink).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn the_longest_text_can_be_read_back_and_a_longer_one_is_refused() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    // Backslashes double twice: in the text's JSON, and as a string in the sink's line.
    let longest = "\\".repeat(super::super::tx::LONGEST_TEXT / 2 - 100);
    act(&store, 1, &longest).unwrap();
    let refused = act(&store, 2, &"x".repeat(super::super::tx::LONGEST_TEXT));
    assert!(matches!(refused, Err(StoreError::TooLong)));
    act(&store, 3, &longest).unwrap();
    drop(store);
    assert_eq!(assert_sound(dir.path(), &open(dir.path())), 2);
}

#[test]
fn a_database_of_another_version_is_refused() {
    let dir = folder(1);
    let database = rusqlite::Connection::open(config(dir.path()).database).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    assert!(matches!(refusal(&dir), StoreError::Schema(99)));
}
