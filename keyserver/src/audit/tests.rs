//! What the auditor hands out, verified as its receivers verify it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;

use kakuzuke_core::audit::{
    EntryKind, EntryText, LogReport, LogVerification, Outcome, Receipt, UnverifiedCheckpoint, VerifiedCheckpoint,
};
use kakuzuke_core::crypto::{KeySuite, default_provider};
use kakuzuke_core::time::Timestamp;
use tempfile::TempDir;

use super::{Auditor, AuditorError, Detail, Entry};
use crate::keyring::Keyring;
use crate::random::generator;
use crate::store::{Recorded, Store, StoreConfig};

struct Place {
    _dir: TempDir,
    store: Store,
    auditor: Auditor,
}

fn place(entries: u64) -> Place {
    let dir = TempDir::new().unwrap();
    let keyring = Arc::new(Keyring::create(default_provider(), KeySuite::Kz1, &mut generator()).unwrap());
    let config = StoreConfig { database: dir.path().join("db"), sink: dir.path().join("sink"), copy: None };
    let store = Store::open(&config, keyring.store_keys()).unwrap();
    let auditor = Auditor::new(store.clone(), keyring, "log.example/test").unwrap();
    let place = Place { _dir: dir, store, auditor };
    for number in 0..entries {
        record(&place, number);
    }
    place
}

fn record(place: &Place, number: u64) -> Recorded {
    let text = EntryText { count: Some(number), reason: Some("理由".into()), ..EntryText::default() };
    let now = Timestamp::from_unix(1_800_000_000);
    let entry = Entry::new(now, EntryKind::Released, Outcome::Done).text(text).finish(&mut generator());
    place.store.write(move |tx| tx.append(entry).map(drop)).unwrap().recorded.pop().unwrap()
}

fn checkpoint(place: &Place) -> VerifiedCheckpoint {
    let note = place.auditor.checkpoint().unwrap();
    UnverifiedCheckpoint::parse(&note).unwrap().verify(default_provider(), place.auditor.key()).unwrap()
}

fn verify(place: &Place, export: &str, known: &[VerifiedCheckpoint]) -> LogReport {
    let mut verification = LogVerification::new(default_provider(), place.auditor.key().clone());
    for checkpoint in known {
        verification = verification.known(checkpoint);
    }
    export.lines().for_each(|line| verification.line(line));
    verification.finish()
}

#[test]
fn the_export_verifies_and_continues_every_checkpoint_given_out() {
    let place = place(0);
    let mut known = vec![checkpoint(&place)];
    for number in 0..7 {
        record(&place, number);
        known.push(checkpoint(&place));
    }
    let report = verify(&place, &place.auditor.export(0, u64::MAX, Detail::Full).unwrap(), &known);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.entries, report.released, report.withheld), (7, 7, 0));
    let hashes = place.auditor.export(0, u64::MAX, Detail::Hashes).unwrap();
    assert!(!hashes.contains("理由"));
    let report = verify(&place, &hashes, &known);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.withheld, 7);
}

#[test]
fn a_receipt_outlives_its_log() {
    let place = place(3);
    let recorded = record(&place, 3);
    let receipt = place.auditor.receipt(&recorded).unwrap().encode();
    record(&place, 4);
    let verified = Receipt::decode(&receipt).unwrap().verify(default_provider(), place.auditor.key()).unwrap();
    assert_eq!((verified.index(), *verified.leaf_hash()), (recorded.index(), recorded.leaf_hash()));
    assert_eq!(verified.leaf().kind, EntryKind::Released);
    assert!(matches!(place.auditor.receipts(&[5]), Err(AuditorError::NoSuch)));
}

#[test]
fn proofs_lead_from_checkpoint_to_checkpoint() {
    let place = place(0);
    let mut known = Vec::new();
    for number in 0..9 {
        record(&place, number);
        known.push(checkpoint(&place));
    }
    for old in &known {
        for new in &known {
            let proof = place.auditor.consistency(old.size(), new.size());
            if old.size() <= new.size() {
                proof.unwrap().verify(default_provider(), old.root(), new.root()).unwrap();
            } else {
                assert!(matches!(proof, Err(AuditorError::NoSuch)));
            }
        }
    }
    assert!(matches!(place.auditor.consistency(1, 10), Err(AuditorError::NoSuch)));
    assert!(matches!(place.auditor.inclusion(9, 9), Err(AuditorError::NoSuch)));
    assert!(matches!(place.auditor.inclusion(0, 10), Err(AuditorError::NoSuch)));
}

#[test]
fn a_page_of_the_export_is_that_page() {
    let place = place(5);
    let page = place.auditor.export(1, 2, Detail::Full).unwrap();
    assert_eq!(page.lines().count(), 3);
    assert!(page.contains(r#""index":1"#) && page.contains(r#""index":2"#) && !page.contains(r#""index":3"#));
    assert_eq!(place.auditor.export(9, 5, Detail::Full).unwrap().lines().count(), 1);
}
