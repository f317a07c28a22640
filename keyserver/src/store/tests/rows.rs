//! Rows changed outside the server.

use kakuzuke_core::cbor;
use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::super::{Link, StoreError, SubjectRow, TicketRow};
use super::{SettingRow, act, config, document, entry, open, setting, value_of};
use crate::store::Row;

/// A store with settings 1 and 2, and a thief's connection to its database.
fn with_thief() -> (TempDir, super::Store, Connection) {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    act(&store, 1, "deny").unwrap();
    act(&store, 2, "permit").unwrap();
    let thief = Connection::open(config(dir.path()).database).unwrap();
    (dir, store, thief)
}

fn is_altered<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Altered("setting")))
}

#[test]
fn a_row_as_written_is_read_with_its_entry() {
    let (_dir, store, _thief) = with_thief();
    let row = store.read(|r| r.get::<SettingRow>(b"setting-2")).unwrap().unwrap();
    assert_eq!((row.value.as_str(), row.entry()), ("permit", 1));
    assert_eq!(store.read(|r| r.list::<SettingRow>()).unwrap().len(), 2);
}

#[test]
fn an_edited_row_is_refused() {
    let (_dir, store, thief) = with_thief();
    let forged = cbor::encode(&setting(1, "permit"));
    thief.execute("update rows set body = ?1 where key = ?2", params![forged, b"setting-1"]).unwrap();
    assert!(is_altered(&store.read(|r| value_of(r, 1))));
    assert!(is_altered(&store.read(|r| r.list::<SettingRow>())));
    assert_eq!(store.read(|r| value_of(r, 2)).unwrap().unwrap(), "permit");
}

#[test]
fn every_flipped_bit_of_a_row_is_noticed() {
    let (_dir, store, thief) = with_thief();
    for column in ["body", "mac"] {
        let query = format!("select {column} from rows where key = ?1");
        let whole: Vec<u8> = thief.query_row(&query, params![b"setting-1"], |row| row.get(0)).unwrap();
        for at in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[at / 8] ^= 1 << (at % 8);
            let put = format!("update rows set {column} = ?1 where key = ?2");
            thief.execute(&put, params![changed, b"setting-1"]).unwrap();
            assert!(is_altered(&store.read(|r| value_of(r, 1))), "{column}, bit {at}");
        }
        thief.execute(&format!("update rows set {column} = ?1 where key = ?2"), params![whole, b"setting-1"]).unwrap();
    }
    assert_eq!(store.read(|r| value_of(r, 1)).unwrap().unwrap(), "deny");
}

#[test]
fn a_row_that_names_another_entry_is_refused() {
    let (_dir, store, thief) = with_thief();
    thief.execute("update rows set entry = 1 where key = ?1", params![b"setting-1"]).unwrap();
    assert!(is_altered(&store.read(|r| value_of(r, 1))));
}

#[test]
fn swapped_rows_are_refused() {
    let (_dir, store, thief) = with_thief();
    let swap = "update rows set key = case key when ?1 then ?3 when ?2 then ?1 else ?2 end";
    thief.execute(swap, params![b"setting-1", b"setting-2", b"x"]).unwrap();
    thief.execute("update rows set key = ?2 where key = ?1", params![b"x", b"setting-2"]).unwrap();
    assert!(is_altered(&store.read(|r| value_of(r, 1))));
    assert!(is_altered(&store.read(|r| value_of(r, 2))));
}

#[test]
fn a_row_of_another_kind_is_refused() {
    let (_dir, store, thief) = with_thief();
    thief.execute("update rows set kind = ?1 where key = ?2", params![SubjectRow::KIND, b"setting-1"]).unwrap();
    assert!(matches!(store.read(|r| r.get::<SubjectRow>(b"setting-1")), Err(StoreError::Altered("subject"))));
}

#[test]
fn a_row_of_another_server_is_refused() {
    let (dir, store, thief) = with_thief();
    drop((store, thief));
    let other = super::StoreKeys { mac: kakuzuke_core::crypto::Secret::from_fill(|bytes| bytes.fill(8)) };
    let store = super::Store::open(&config(dir.path()), other).unwrap();
    assert!(is_altered(&store.read(|r| value_of(r, 1))));
}

/// What the codes do not show: a row that is gone is as if it had never been, and an older version of a row put back
/// into an otherwise current database was once true. Decisions deny where a row is missing; the log tells the rest.
#[test]
fn a_deleted_row_is_missing_and_an_older_version_is_not_noticed() {
    let (_dir, store, thief) = with_thief();
    let older: (Vec<u8>, u64, Vec<u8>) = thief
        .query_row("select body, entry, mac from rows where key = ?1", params![b"setting-1"], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    act(&store, 1, "newer").unwrap();
    let put = "update rows set body = ?1, entry = ?2, mac = ?3 where key = ?4";
    thief.execute(put, params![older.0, older.1, older.2, b"setting-1"]).unwrap();
    assert_eq!(store.read(|r| value_of(r, 1)).unwrap().unwrap(), "deny");
    thief.execute("delete from rows where key = ?1", params![b"setting-1"]).unwrap();
    assert_eq!(store.read(|r| value_of(r, 1)).unwrap(), None);
}

#[test]
fn links_lead_to_rows_and_follow_them() {
    let (_dir, store, _thief) = with_thief();
    let ticket = |number| TicketRow {
        document: document(number),
        subject: "sato".parse().unwrap(),
        device: kakuzuke_core::id::DeviceId::from_bytes([1; 32]),
        secret: kakuzuke_core::protocol::Bytes(vec![9; 60]),
        kek: kakuzuke_core::id::KeyId::from_bytes([2; 16]),
        seal_until: kakuzuke_core::time::Timestamp::from_unix(1),
    };
    let made = entry(9, "tickets");
    store
        .write(move |tx| {
            let made = tx.append(made)?;
            tx.put(&ticket(1), made)?;
            tx.put(&ticket(2), made)?;
            tx.delete::<TicketRow>(document(1).as_bytes())
        })
        .unwrap();
    let found = store.read(|r| r.find::<TicketRow>(Link::Subject, b"sato")).unwrap();
    assert_eq!(found.iter().map(|row| row.document).collect::<Vec<_>>(), [document(2)]);
}
