//! HPKE: round trips over all pairs of providers, and both directions with the crate `hpke`.

use hpke::aead::AesGcm256;
use hpke::kdf::{HkdfSha256, HkdfSha384};
use hpke::kem::{MlKem1024P384, X25519HkdfSha256, XWing};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};

use super::{SeededRng, providers};
use crate::crypto::hpke::{open, seal};
use crate::crypto::{KemPrivateKey, KemPublicKey, KeySuite, Provider, Secret};

const INFO: &[u8] = b"info";
const AAD: &[u8] = b"aad";
const PLAINTEXT: &[u8] = b"thirty-two bytes of a wrapped K.";

fn private(provider: &dyn Provider, suite: KeySuite) -> KemPrivateKey {
    KemPrivateKey::from_seed(provider, suite, Secret::from_fill(|seed| seed.fill(suite.number()))).unwrap()
}

#[test]
fn every_provider_opens_what_every_provider_sealed() {
    let mut rng = SeededRng::new(1);
    for &suite in KeySuite::ALL {
        for sealer in providers() {
            for opener in providers() {
                let key = private(opener, suite);
                assert_eq!(key.public(), private(sealer, suite).public());
                assert_eq!(key.public().as_bytes().len(), suite.public_len());
                let sealed = seal(sealer, key.public(), INFO, AAD, PLAINTEXT, &mut rng).unwrap();
                assert_eq!(sealed.enc.len(), suite.enc_len());
                let opened = open(opener, &key, &sealed.enc, INFO, AAD, &sealed.ct).unwrap();
                assert_eq!(opened.expose(), PLAINTEXT);
            }
        }
    }
}

fn interop<K: Kem, F: hpke::kdf::Kdf>(suite: KeySuite) {
    for provider in providers() {
        let mut rng = SeededRng::new(2);
        let ours = private(provider, suite);
        let theirs = K::PrivateKey::from_bytes(ours.seed().expose()).unwrap();
        let their_public = K::sk_to_pk(&theirs);
        assert_eq!(their_public.to_bytes().as_slice(), ours.public().as_bytes());

        let (enc, ct) = hpke::single_shot_seal_with_rng::<AesGcm256, F, K>(
            &OpModeS::Base,
            &their_public,
            INFO,
            PLAINTEXT,
            AAD,
            &mut rng,
        )
        .unwrap();
        let opened = open(provider, &ours, &enc.to_bytes(), INFO, AAD, &ct).unwrap();
        assert_eq!(opened.expose(), PLAINTEXT);

        let public = KemPublicKey::new(suite, &their_public.to_bytes()).unwrap();
        let sealed = seal(provider, &public, INFO, AAD, PLAINTEXT, &mut rng).unwrap();
        let enc = K::EncappedKey::from_bytes(&sealed.enc).unwrap();
        let opened =
            hpke::single_shot_open::<AesGcm256, F, K>(&OpModeR::Base, &theirs, &enc, INFO, &sealed.ct, AAD).unwrap();
        assert_eq!(opened, PLAINTEXT);
    }
}

#[test]
fn kz1_agrees_with_the_crate_hpke() {
    interop::<X25519HkdfSha256, HkdfSha256>(KeySuite::Kz1);
}

#[test]
fn kz2_agrees_with_the_crate_hpke() {
    interop::<XWing, HkdfSha256>(KeySuite::Kz2);
}

#[test]
fn kz3_agrees_with_the_crate_hpke() {
    interop::<MlKem1024P384, HkdfSha384>(KeySuite::Kz3);
}

#[test]
fn whatever_was_altered_does_not_open() {
    let mut rng = SeededRng::new(3);
    for provider in providers() {
        for &suite in KeySuite::ALL {
            let key = private(provider, suite);
            let sealed = seal(provider, key.public(), INFO, AAD, PLAINTEXT, &mut rng).unwrap();
            for at in [0, sealed.enc.len() / 2, sealed.enc.len() - 1] {
                let mut enc = sealed.enc.clone();
                enc[at] ^= 1;
                assert!(open(provider, &key, &enc, INFO, AAD, &sealed.ct).is_err());
            }
            let mut ct = sealed.ct.clone();
            ct[0] ^= 1;
            assert!(open(provider, &key, &sealed.enc, INFO, AAD, &ct).is_err());
            assert!(open(provider, &key, &sealed.enc, b"other", AAD, &sealed.ct).is_err());
            assert!(open(provider, &key, &sealed.enc, INFO, b"other", &sealed.ct).is_err());
            assert!(open(provider, &key, &sealed.enc[1..], INFO, AAD, &sealed.ct).is_err());
            assert!(open(provider, &key, &sealed.enc, INFO, AAD, &sealed.ct[..15]).is_err());
        }
    }
}

#[test]
fn public_keys_that_are_none_are_refused() {
    for &suite in KeySuite::ALL {
        let good = private(providers()[0], suite).public().as_bytes().to_vec();
        assert!(KemPublicKey::new(suite, &good[1..]).is_err());
        assert!(KemPublicKey::new(suite, &[good.as_slice(), &[0]].concat()).is_err());
    }
    let mut unreduced = private(providers()[0], KeySuite::Kz2).public().as_bytes().to_vec();
    unreduced[..3].fill(0xff);
    assert!(KemPublicKey::new(KeySuite::Kz2, &unreduced).is_err());
    let mut off_curve = private(providers()[0], KeySuite::Kz3).public().as_bytes().to_vec();
    *off_curve.last_mut().unwrap() ^= 1;
    assert!(KemPublicKey::new(KeySuite::Kz3, &off_curve).is_err());
}

#[test]
fn an_agreement_on_nothing_is_an_error() {
    let zero = KemPublicKey::new(KeySuite::Kz1, &[0; 32]).unwrap();
    for provider in providers() {
        assert!(seal(provider, &zero, INFO, AAD, PLAINTEXT, &mut SeededRng::new(4)).is_err());
        let key = private(provider, KeySuite::Kz1);
        assert!(open(provider, &key, &[0; 32], INFO, AAD, &[0; 48]).is_err());
    }
}

#[test]
fn the_pure_provider_is_reproducible() {
    for &suite in KeySuite::ALL {
        let key = private(providers()[0], suite);
        let make = || seal(providers()[0], key.public(), INFO, AAD, PLAINTEXT, &mut SeededRng::new(5)).unwrap();
        assert_eq!(make(), make());
    }
}

/// RFC 9180, appendix A.1.1: the KEM of KZ1. (The suites of the appendix have other ciphers than ours.)
#[test]
fn the_kem_of_kz1_is_that_of_rfc_9180() {
    let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
    let enc = hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
    let secret = hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
    for provider in providers() {
        let seed = Secret::from_slice(&secret).unwrap();
        let key = KemPrivateKey::from_seed(provider, KeySuite::Kz1, seed).unwrap();
        let public = hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
        assert_eq!(key.public().as_bytes(), public);
        let shared = key.decapsulate(provider, &enc).unwrap();
        let expected = hex("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc");
        assert_eq!(shared.expose().as_slice(), expected);
    }
}
