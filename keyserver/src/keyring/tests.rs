//! The keyring's file and what is sealed under its keys.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use kakuzuke_core::crypto::{KeySuite, Secret, SecretBytes, Signer, default_provider};
use kakuzuke_core::envelope::DocumentSecret;
use kakuzuke_core::id::{DocumentId, KeyId, LineageId};
use kakuzuke_core::trust::Service;
use rustls_pki_types::CertificateDer;
use tempfile::TempDir;

use super::{FILE, IdentityName, Keyring, KeyringError, Passphrase};
use crate::random::generator;

fn made() -> Keyring {
    Keyring::create(default_provider(), KeySuite::Kz1, &mut generator()).unwrap()
}

/// A folder with a passphrase and a keyring that holds one identity.
fn folder() -> (TempDir, Keyring, Passphrase) {
    let dir = TempDir::new().unwrap();
    let passphrase = Passphrase::generate(&dir.path().join("master.pass"), &mut generator()).unwrap();
    let mut keyring = made();
    let certificate = CertificateDer::from(vec![1, 2, 3]);
    keyring.put_identity(IdentityName::Service(Service::Licence), SecretBytes::new(vec![4, 5]), certificate);
    keyring.save(dir.path(), &passphrase, &mut generator()).unwrap();
    (dir, keyring, passphrase)
}

fn open(dir: &TempDir, passphrase: &Passphrase) -> Result<Keyring, KeyringError> {
    Keyring::open(default_provider(), dir.path(), passphrase)
}

const DOCUMENT: DocumentId = DocumentId::new_v7(1, [1; 10]);
const OTHER: DocumentId = DocumentId::new_v7(2, [1; 10]);

fn secret() -> DocumentSecret {
    Secret::from_fill(|bytes| bytes.fill(42))
}

#[test]
fn what_was_saved_is_opened() {
    let (dir, keyring, _) = folder();
    let read = Passphrase::from_file(&dir.path().join("master.pass")).unwrap();
    let opened = open(&dir, &read).unwrap();
    assert_eq!(Signer::public(opened.log_signer()), Signer::public(keyring.log_signer()));
    assert_eq!(opened.active_kek().unwrap().id(), keyring.active_kek().unwrap().id());
    assert!(opened.kek(keyring.active_kek().unwrap().id()).is_some());
    assert!(opened.kek(KeyId::from_bytes([0; 16])).is_none());
    let identity = opened.identity(IdentityName::Service(Service::Licence)).unwrap();
    assert_eq!((identity.pkcs8().expose(), identity.certificate().as_ref()), (&[4, 5][..], &[1, 2, 3][..]));
    assert!(opened.identity(IdentityName::Root).is_err());
    assert_eq!(opened.store_keys().mac.expose(), keyring.store_keys().mac.expose());
    let sealed = keyring.seal_secret(&DOCUMENT, &secret(), &mut generator()).unwrap();
    assert_eq!(opened.open_secret(&DOCUMENT, &sealed).unwrap().expose(), secret().expose());
}

#[test]
fn another_passphrase_opens_nothing() {
    let (dir, ..) = folder();
    let other = Passphrase::generate(&dir.path().join("other.pass"), &mut generator()).unwrap();
    assert!(matches!(open(&dir, &other), Err(KeyringError::Sealed)));
}

#[test]
fn a_changed_file_opens_nothing() {
    let (dir, _, passphrase) = folder();
    let path = dir.path().join(FILE);
    let whole = fs::read(&path).unwrap();
    // Magic, salt, nonce, body, tag.
    for at in [0, 7, 8, 23, 24, 35, 36, whole.len() / 2, whole.len() - 16, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();
        assert!(matches!(open(&dir, &passphrase), Err(KeyringError::Sealed | KeyringError::Malformed)), "byte {at}");
    }
    for length in [0, 8, 40, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(matches!(open(&dir, &passphrase), Err(KeyringError::Sealed | KeyringError::Malformed)));
    }
    fs::write(&path, vec![0; 2 << 20]).unwrap();
    assert!(matches!(open(&dir, &passphrase), Err(KeyringError::Malformed)));
    fs::remove_file(&path).unwrap();
    assert!(matches!(open(&dir, &passphrase), Err(KeyringError::Io(_))));
}

#[test]
fn the_file_is_for_its_owner_and_holds_nothing_in_clear() {
    let (dir, keyring, passphrase) = folder();
    for file in [FILE, "master.pass"] {
        assert_eq!(fs::metadata(dir.path().join(file)).unwrap().permissions().mode() & 0o077, 0, "{file}");
    }
    let bytes = fs::read(dir.path().join(FILE)).unwrap();
    let seed = keyring.active_kek().unwrap().private().seed();
    for secret in [&seed.expose()[..], keyring.store_keys().mac.expose(), Signer::public(keyring.log_signer())] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret));
    }
    // Saved again: nothing is left beside it, and salt and nonce are new.
    keyring.save(dir.path(), &passphrase, &mut generator()).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    assert_ne!(fs::read(dir.path().join(FILE)).unwrap()[8..36], bytes[8..36]);
}

#[test]
fn an_empty_passphrase_is_none_and_an_existing_one_is_not_replaced() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("pass");
    fs::write(&path, " \n").unwrap();
    assert!(Passphrase::from_file(&path).is_err());
    assert!(Passphrase::generate(&path, &mut generator()).is_err());
}

#[test]
fn a_secret_is_opened_for_its_document_only() {
    let (keyring, other) = (made(), made());
    let sealed = keyring.seal_secret(&DOCUMENT, &secret(), &mut generator()).unwrap();
    assert_eq!(keyring.open_secret(&DOCUMENT, &sealed).unwrap().expose(), secret().expose());
    assert!(matches!(keyring.open_secret(&OTHER, &sealed), Err(KeyringError::Sealed)));
    assert!(matches!(other.open_secret(&DOCUMENT, &sealed), Err(KeyringError::Sealed)));
    for at in 0..sealed.0.len() {
        let mut changed = sealed.clone();
        changed.0[at] ^= 1;
        assert!(keyring.open_secret(&DOCUMENT, &changed).is_err(), "byte {at}");
    }
    for length in [0, 12, 27, sealed.0.len() - 1] {
        let cut = kakuzuke_core::protocol::Bytes(sealed.0[..length].to_vec());
        assert!(keyring.open_secret(&DOCUMENT, &cut).is_err());
    }
}

#[test]
fn a_title_is_no_secret_and_a_secret_no_title() {
    let keyring = made();
    let lineage = DOCUMENT.lineage();
    let title = keyring.seal_title(&lineage, "令和八年度 採用計画", &mut generator()).unwrap();
    assert_eq!(keyring.open_title(&lineage, &title).unwrap(), "令和八年度 採用計画");
    assert!(keyring.open_title(&OTHER.lineage(), &title).is_err());
    assert!(keyring.open_secret(&DOCUMENT, &title).is_err());
    let sealed = keyring.seal_secret(&DOCUMENT, &secret(), &mut generator()).unwrap();
    assert!(keyring.open_title(&LineageId::from_bytes(*DOCUMENT.as_bytes()), &sealed).is_err());
}
