//! The provider in Rust alone: what a stranger can read to the bottom, and what makes vectors reproducible. ECDSA is by
//! RFC 6979, encapsulation takes its randomness from the caller's generator; nothing here asks the system for any.

mod aead;
mod dh;
mod hash;
mod kem;
mod pkcs8;
mod rsa_verify;
mod sha3;
mod signature;

pub(super) use kem::expand_ml_kem;
pub(super) use pkcs8::{read_pkcs8, write_pkcs8};
pub(super) use sha3::{sha3_256, shake256};
pub(super) use signature::{check_public, ecdsa_from_der, ed25519_is_weak};

use rand_core::CryptoRng;

use super::algorithm::{HashAlgorithm, KeyKind, MlKemSet, SignatureAlgorithm};
use super::provider::{
    AeadKey, DhKey, Digest, Encapsulated, Hasher, KemKey, KeyError, Provider, Secret64, Signer, VerifyError,
};
use super::secret::{SecretBytes, SecretRef};

#[derive(Debug)]
pub(super) struct Pure;

impl Provider for Pure {
    fn name(&self) -> &'static str {
        "pure"
    }

    fn aes_256_gcm(&self, key: SecretRef<'_, 32>) -> Box<dyn AeadKey> {
        Box::new(aead::GcmKey::new(key))
    }

    fn hasher(&self, algorithm: HashAlgorithm) -> Box<dyn Hasher> {
        hash::hasher(algorithm)
    }

    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Digest {
        hash::digest(algorithm, parts)
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        hash::sha256(data)
    }

    fn hmac(&self, algorithm: HashAlgorithm, key: &[u8], parts: &[&[u8]]) -> Secret64 {
        hash::hmac(algorithm, key, parts)
    }

    fn hkdf_expand(
        &self,
        algorithm: HashAlgorithm,
        prk: &[u8],
        info: &[&[u8]],
        out: &mut [u8],
    ) -> Result<(), KeyError> {
        hash::hkdf_expand(algorithm, prk, info, out)
    }

    fn x25519(&self, scalar: SecretRef<'_, 32>) -> Box<dyn DhKey> {
        Box::new(dh::X25519Key::new(scalar))
    }

    fn p384(&self, scalar: SecretRef<'_, 48>) -> Result<Box<dyn DhKey>, KeyError> {
        Ok(Box::new(dh::P384Key::new(scalar)?))
    }

    fn ml_kem(&self, set: MlKemSet, seed: SecretRef<'_, 64>) -> Box<dyn KemKey> {
        kem::key(set, seed)
    }

    fn ml_kem_encapsulate(
        &self,
        set: MlKemSet,
        public: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Encapsulated, KeyError> {
        kem::encapsulate(set, public, rng)
    }

    fn signer(&self, kind: KeyKind, private: &SecretBytes) -> Result<Box<dyn Signer>, KeyError> {
        signature::signer(kind, private)
    }

    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        public: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        signature::verify(algorithm, public, message, signature)
    }
}
