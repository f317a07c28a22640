//! 容量不足. A full disk refuses, keeps what it acknowledged, and gives way when there is room again; and what is left
//! on the disk of what was erased.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tempfile::TempDir;

use super::super::reader::Pool;
use super::super::writer::Writer;
use super::super::{Store, StoreError, mac, schema, sink};
use super::crash::{Child, assert_kept};
use super::{SettingRow, act, assert_sound, config, entry, keys, open};

#[test]
fn with_files_that_cannot_grow_nothing_is_half_done() {
    if !std::path::Path::new("/bin/sh").exists() {
        println!("skipped: no /bin/sh to limit a process with");
        return;
    }
    let (mut refused, mut through) = (0, 0);
    // Blocks of 512 bytes: from too little for the tables to enough for everything.
    for blocks in (8..400).step_by(8) {
        let dir = TempDir::new().unwrap();
        let mut shell = Command::new("/bin/sh");
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        shell.arg("-c").arg(limited).arg(std::env::current_exe().unwrap());
        let told = Child::under(shell, dir.path()).spawn().finish();
        refused += told.refused.len();
        through += usize::from(told.came_through && told.refused.is_empty());
        assert_kept(dir.path(), &told);
    }
    assert!(refused > 0, "no limit was ever hit in the middle");
    assert!(through > 0, "no limit was ever enough");
}

/// A store whose database may not have more pages.
fn with_pages(dir: &TempDir, pages: u32) -> Store {
    let paths = config(dir.path());
    let mac = Arc::new(mac::RowMac::new(keys()));
    let connection = schema::open(&paths.database).unwrap();
    connection.pragma_update(None, "max_page_count", pages).unwrap();
    let sink = sink::Sink::open(&paths.sink, &connection).unwrap();
    let durable = Arc::new(AtomicU64::new(sink.next()));
    let pool = Arc::new(Pool::new(paths.database, Arc::clone(&mac), Arc::clone(&durable)));
    let in_step = Arc::default();
    let copy = crate::store::copy::Copy::open(&config(dir.path()).database, None, Arc::clone(&in_step)).unwrap();
    Store { pool, writer: Arc::new(Writer::start(connection, (sink, copy), mac, durable)), repaired: 0, in_step }
}

#[test]
fn a_full_database_refuses_and_the_store_goes_on() {
    let dir = TempDir::new().unwrap();
    let store = with_pages(&dir, 40);
    let mut done = 0;
    while act(&store, done, &"n".repeat(3_000)).is_ok() {
        done += 1;
    }
    assert!(done > 2);
    for number in 500..510 {
        assert!(act(&store, number, &"n".repeat(3_000)).is_err());
    }
    assert!(store.is_ready(), "whoever makes room need not start the server again");
    assert_eq!(assert_sound(dir.path(), &store), done);
    drop(store);
    let store = open(dir.path());
    act(&store, 999, &"n".repeat(3_000)).unwrap();
    assert_eq!(assert_sound(dir.path(), &store), done + 1);
}

#[test]
fn a_job_that_ignores_a_full_database_writes_nothing_on_its_own() {
    let dir = TempDir::new().unwrap();
    let store = with_pages(&dir, 40);
    let entries: Vec<_> = (0..200).map(|number| entry(number, &"n".repeat(3_000))).collect();
    let outcome = store.write(move |tx| -> Result<u32, StoreError> {
        Ok(entries.into_iter().filter_map(|entry| tx.append(entry).ok()).map(|_| 1).sum())
    });
    assert!(outcome.is_err());
    assert_eq!(assert_sound(dir.path(), &store), 0);
}

/// Whether some file of the database holds these bytes.
fn is_on_disk(dir: &TempDir, bytes: &[u8]) -> bool {
    let files = fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().path());
    let mut databases = files.filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("keyserver.db"));
    databases.any(|file| fs::read(file).unwrap().windows(bytes.len()).any(|part| part == bytes))
}

#[test]
fn what_is_scrubbed_is_gone_from_the_databases_files() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let secret = "the-sealed-secret-of-a-document-to-be-destroyed";
    let put = |name: &str, value: &str| {
        let (made, row) = (entry(1, "put"), SettingRow { name: name.to_owned(), value: value.to_owned() });
        store.write(move |tx| {
            let made = tx.append(made)?;
            tx.put(&row, made)
        })
    };
    for number in 0..300 {
        put(&format!("row-{number}"), "another row around it").unwrap();
    }
    put("row-150-secret", secret).unwrap();
    assert!(is_on_disk(&dir, secret.as_bytes()), "the test looks in the right place");
    let (made, row) = (entry(2, "erased"), SettingRow { name: "row-150-secret".into(), value: String::new() });
    store
        .write(move |tx| {
            tx.scrub();
            let made = tx.append(made)?;
            tx.put(&row, made)
        })
        .unwrap();
    assert!(!is_on_disk(&dir, secret.as_bytes()));
}

#[test]
fn what_could_not_be_scrubbed_for_a_reader_is_scrubbed_later() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    act(&store, 1, "a-sealed-secret-with-a-name").unwrap();
    let erase = || {
        let made = entry(2, "erased");
        store.write(move |tx| {
            tx.scrub();
            tx.append(made)?;
            tx.delete::<SettingRow>(b"setting-1")
        })
    };
    store
        .read(|r| {
            r.head()?;
            erase()
        })
        .unwrap();
    act(&store, 3, "the next").unwrap();
    // The entry's own text names it too; only rows are looked for.
    let row = kakuzuke_core::cbor::encode(&super::setting(1, "a-sealed-secret-with-a-name"));
    assert!(!is_on_disk(&dir, &row));
}
