//! Notes, keys, checkpoints and receipts: the published example, and everything that is not quite one.

use super::super::{
    Checkpoint, CheckpointError, NoteError, Receipt, ReceiptError, SignedNote, UnverifiedCheckpoint, VerifierKey,
    VerifierKind,
};
use super::{Counting, Log, ORIGIN};
use crate::crypto::{KeyKind, Signer, SigningKey, default_provider};
use crate::time::Timestamp;

/// Key and note that document the format (golang.org/x/mod/sumdb/note).
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn the_published_note_verifies() {
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!((key.to_string().as_str(), key.name(), key.kind()), (KEY, "PeterNeumann", VerifierKind::Log));
    let note = SignedNote::parse(NOTE).unwrap();
    let signature = note.signatures_of(&key).next().unwrap();
    key.verify(default_provider(), note.text().as_bytes(), signature).unwrap();
    let other = note.text().replace("don't", "do");
    assert_eq!(key.verify(default_provider(), other.as_bytes(), signature), Err(NoteError::BadSignature));
    assert_eq!(note.to_string(), NOTE);
}

#[test]
fn a_key_whose_id_is_not_its_own_is_refused() {
    for wrong in [
        KEY.replace("c74f20a3", "c74f20a4"),
        KEY.replace("PeterNeumann", "PeterNewman"),
        KEY.replace("+ARpc", "+AxpC"),
        KEY.replace("+c74f20a3", ""),
        KEY.trim_end_matches("W").to_owned(),
        format!("+{KEY}"),
        String::new(),
    ] {
        assert_eq!(wrong.parse::<VerifierKey>(), Err(NoteError::MalformedKey), "{wrong}");
    }
}

#[test]
fn what_is_not_quite_a_note_is_refused() {
    for wrong in [
        NOTE.trim_end().to_owned(),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace('\u{2014}', "-"),
        NOTE.replace("x08g", "x0!g"),
        NOTE.replace("If", "\u{1}If"),
        NOTE.replace('\n', "\r\n"),
        format!("{NOTE}trailing"),
        format!("{}{NOTE}", "x".repeat(70_000)),
        String::new(),
        "\n\n".to_owned(),
    ] {
        assert_eq!(SignedNote::parse(&wrong), Err(NoteError::Malformed), "{wrong:.60}");
    }
}

#[test]
fn a_checkpoint_is_what_its_log_signed() {
    let log = Log::of(5, 1);
    let note = log.checkpoint();
    let verified = UnverifiedCheckpoint::parse(&note).unwrap().verify(default_provider(), &log.key).unwrap();
    assert_eq!((verified.origin(), verified.size(), *verified.root()), (ORIGIN, 5, log.root()));
    assert_eq!(verified.to_note(), note);
    assert!(note.starts_with("log.example/test\n5\n"));
}

#[test]
fn a_changed_checkpoint_is_refused() {
    let (log, other) = (Log::of(5, 1), Log::of(5, 2));
    let verify = |note: &str| UnverifiedCheckpoint::parse(note)?.verify(default_provider(), &log.key);
    let note = log.checkpoint();
    assert_eq!(verify(&note.replace("\n5\n", "\n6\n")), Err(NoteError::BadSignature.into()));
    assert_eq!(verify(&note.replace("\n5\n", "\n05\n")), Err(CheckpointError::Malformed));
    assert_eq!(verify(&note.replacen(ORIGIN, "log.example/other", 1)), Err(CheckpointError::OtherLog));
    assert_eq!(verify(&other.checkpoint()), Err(NoteError::NotSigned.into()));
    let renamed =
        VerifierKey::new(default_provider(), "other", VerifierKind::Log, Signer::public(&log.signer)).unwrap();
    let refused = UnverifiedCheckpoint::parse(&note).unwrap().verify(default_provider(), &renamed);
    assert_eq!(refused, Err(CheckpointError::OtherLog));
}

#[test]
fn only_the_logs_key_signs_its_checkpoint() {
    let (log, other) = (Log::of(1, 1), Log::of(1, 2));
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 1, root: log.root() };
    let by_another = checkpoint.sign(default_provider(), &log.key, &other.signer, &mut Counting(1));
    assert_eq!(by_another, Err(NoteError::BadSignature.into()));
    let elsewhere = Checkpoint { origin: "log.example/other".to_owned(), ..checkpoint };
    let misnamed = elsewhere.sign(default_provider(), &log.key, &log.signer, &mut Counting(1));
    assert_eq!(misnamed, Err(CheckpointError::OtherLog));
}

#[test]
fn a_witness_signs_size_root_and_its_time() {
    let log = Log::of(5, 1);
    let provider = default_provider();
    let signer = SigningKey::generate(provider, KeyKind::Ed25519, &mut Counting(9)).unwrap();
    let witness =
        VerifierKey::new(provider, "witness.example", VerifierKind::Witness, Signer::public(&signer)).unwrap();
    let mut checkpoint = UnverifiedCheckpoint::parse(&log.checkpoint()).unwrap().verify(provider, &log.key).unwrap();
    assert_eq!(checkpoint.cosigned_by(provider, &witness), Ok(None));
    let at = Timestamp::from_unix(1_800_000_123);
    checkpoint.cosign(provider, &witness, &signer, at, &mut Counting(2)).unwrap();
    let kept = checkpoint.to_note();
    let read = UnverifiedCheckpoint::parse(&kept).unwrap().verify(provider, &log.key).unwrap();
    assert_eq!(read.cosigned_by(provider, &witness), Ok(Some(at)));
    assert!(read.cosigned_by(provider, &log.key).is_err(), "a log is no witness");
    assert!(checkpoint.cosign(provider, &log.key, &log.signer, at, &mut Counting(2)).is_err());
}

#[test]
fn a_receipt_shows_its_entry_and_no_other() {
    let log = Log::of(11, 1);
    let provider = default_provider();
    for index in 0..11 {
        let receipt = Receipt::decode(&log.receipt(index).encode()).unwrap();
        let verified = receipt.verify(provider, &log.key).unwrap();
        assert_eq!((verified.index(), verified.checkpoint().size()), (index, 11));
        assert_eq!(*verified.leaf_hash(), log.entries[index as usize].hash);
        let other = Receipt { leaf: log.receipt((index + 1) % 11).leaf, ..receipt.clone() };
        assert!(matches!(other.verify(provider, &log.key), Err(ReceiptError::Proof(_))));
        let elsewhere = Receipt { proof: log.receipt((index + 1) % 11).proof, ..receipt.clone() };
        assert!(matches!(elsewhere.verify(provider, &log.key), Err(ReceiptError::Proof(_))));
    }
    let older = Receipt { checkpoint: Log::of(7, 1).checkpoint(), ..log.receipt(3) };
    assert_eq!(older.verify(provider, &log.key), Err(ReceiptError::OtherSize));
    assert!(log.receipt(3).verify(provider, &Log::of(11, 2).key).is_err());
}

#[test]
fn every_changed_byte_of_a_receipt_is_noticed() {
    let log = Log::of(6, 1);
    let bytes = log.receipt(4).encode();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let accepted = Receipt::decode(&changed).is_ok_and(|r| r.verify(default_provider(), &log.key).is_ok());
        assert!(!accepted, "byte {at}");
    }
    assert!(Receipt::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
    assert!(Receipt::decode(&vec![0; 100_000]).is_err());
}
