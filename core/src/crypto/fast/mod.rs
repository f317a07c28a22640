//! The provider on aws-lc (`aws-lc-rs`). Falls to the pure provider's parts only where aws-lc-rs has no interface:
//! - an ML-KEM key is expanded from its seed by `ml-kem` (aws-lc-rs takes expanded keys only); decapsulation is aws-lc's;
//! - the public key of an ECDSA private key is computed by `p256`/`p384` (aws-lc-rs wants the pair);
//! - SHAKE256 and SHA3-256 inside the hybrid KEMs are RustCrypto's in both providers (a few hundred bytes a call).
//!
//! aws-lc-rs insists on its own randomness for ECDSA and ML-KEM encapsulation; the caller's generator is unused there.

mod aead;
mod dh;
mod hash;
mod kem;
mod signature;

use rand_core::CryptoRng;

use super::algorithm::{HashAlgorithm, KeyKind, MlKemSet, SignatureAlgorithm};
use super::provider::{
    AeadKey, DhKey, Digest, Encapsulated, Hasher, KemKey, KeyError, Provider, Secret64, Signer, VerifyError,
};
use super::pure::Pure;
use super::secret::{SecretBytes, SecretRef};

#[derive(Debug)]
pub(super) struct Fast;

impl Provider for Fast {
    fn name(&self) -> &'static str {
        "fast"
    }

    fn aes_256_gcm(&self, key: SecretRef<'_, 32>) -> Box<dyn AeadKey> {
        match aead::GcmKey::new(key) {
            Some(key) => Box::new(key),
            None => Pure.aes_256_gcm(key),
        }
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
        match dh::key(&aws_lc_rs::agreement::X25519, scalar.expose()) {
            Some(key) => Box::new(key),
            None => Pure.x25519(scalar),
        }
    }

    fn p384(&self, scalar: SecretRef<'_, 48>) -> Result<Box<dyn DhKey>, KeyError> {
        let key = dh::key(&aws_lc_rs::agreement::ECDH_P384, scalar.expose()).ok_or(KeyError::Malformed)?;
        Ok(Box::new(key))
    }

    fn ml_kem(&self, set: MlKemSet, seed: SecretRef<'_, 64>) -> Box<dyn KemKey> {
        match kem::key(set, seed) {
            Some(key) => Box::new(key),
            None => Pure.ml_kem(set, seed),
        }
    }

    fn ml_kem_encapsulate(
        &self,
        set: MlKemSet,
        public: &[u8],
        _rng: &mut dyn CryptoRng,
    ) -> Result<Encapsulated, KeyError> {
        kem::encapsulate(set, public)
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
