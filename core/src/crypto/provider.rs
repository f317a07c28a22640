//! The seam between what is computed and by whom. Two providers stand behind it: [`pure`] (Rust only, reproducible from a
//! seeded generator) and [`fast`] (aws-lc). All above this file is written once and runs over either.

use core::fmt::Debug;

use rand_core::CryptoRng;

use super::algorithm::{HashAlgorithm, KeyKind, MlKemSet, SignatureAlgorithm};
use super::fast::Fast;
use super::pure::Pure;
use super::secret::role::SharedSecret;
use super::secret::{Secret, SecretBytes, SecretRef};

/// Nonce of AES-256-GCM.
pub type Nonce = [u8; 12];

/// Tag of AES-256-GCM.
pub type Tag = [u8; 16];

/// Length of [`Tag`] in bytes.
pub const TAG_LEN: usize = 16;

/// The ciphertext, its associated data or its nonce is not what was sealed under this key. Says nothing more on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext is not authentic")]
pub struct AeadError;

/// A key that is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the encoding of a key: wrong length, a point off the curve, a scalar out of range, a weak point.
    #[error("malformed key")]
    Malformed,
    /// A key of a kind or size that is not used here.
    #[error("key of an unsupported kind or size")]
    Unsupported,
}

/// A key agreement or decapsulation that gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key agreement failed")]
pub struct AgreementError;

/// A signature could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("signing failed")]
pub struct SignError;

/// The signature is not one of this key over this message. Says nothing more on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct VerifyError;

/// A hash in the making.
pub trait Hasher: Send {
    /// Takes more of the message.
    fn update(&mut self, data: &[u8]);
    /// Ends the message.
    fn finish(self: Box<Self>) -> Digest;
}

/// A hash value of 32, 48 or 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    bytes: [u8; 64],
    algorithm: HashAlgorithm,
}

impl Digest {
    pub(super) fn new(algorithm: HashAlgorithm, value: &[u8]) -> Self {
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(value) {
            *to = *from;
        }
        Self { bytes, algorithm }
    }

    /// Which hash it is.
    #[must_use]
    pub const fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.output_len()).unwrap_or(&self.bytes)
    }
}

/// AES-256-GCM with its key schedule done, for many messages, from many threads.
pub trait AeadKey: Send + Sync {
    /// Seals `buf` in place.
    ///
    /// # Errors
    /// [`AeadError`] if `buf` is longer than GCM allows (2³⁶ − 32 bytes).
    fn seal(&self, nonce: &Nonce, aad: &[u8], buf: &mut [u8]) -> Result<Tag, AeadError>;

    /// Opens `buf` in place. On error `buf` is zeroed.
    ///
    /// # Errors
    /// [`AeadError`] if the tag does not verify.
    fn open(&self, nonce: &Nonce, aad: &[u8], buf: &mut [u8], tag: &Tag) -> Result<(), AeadError>;

    /// Seals `plaintext` into `out`, which must be as long.
    ///
    /// # Errors
    /// [`AeadError`] if the lengths differ or are more than GCM allows.
    fn seal_to(&self, nonce: &Nonce, aad: &[u8], plaintext: &[u8], out: &mut [u8]) -> Result<Tag, AeadError>;

    /// Opens `sealed` into `out`, which must be as long. On error `out` is zeroed.
    ///
    /// # Errors
    /// [`AeadError`] if the lengths differ or the tag does not verify.
    fn open_to(&self, nonce: &Nonce, aad: &[u8], sealed: &[u8], tag: &Tag, out: &mut [u8]) -> Result<(), AeadError>;
}

/// A Diffie-Hellman private key, parsed.
pub trait DhKey: Send + Sync {
    /// Its public key: 32 bytes (X25519) or an uncompressed point (P-384, 97 bytes).
    fn public(&self) -> &[u8];

    /// Agreement with `peer`: the u-coordinate (32 bytes) or the x-coordinate (48 bytes).
    ///
    /// # Errors
    /// [`AgreementError`] if `peer` is no valid point, or the result is the all-zero one (RFC 7748, section 6.1).
    fn agree(&self, peer: &[u8]) -> Result<SecretBytes, AgreementError>;
}

/// An ML-KEM decapsulation key, expanded.
pub trait KemKey: Send + Sync {
    /// The encapsulation key (1,184 or 1,568 bytes).
    fn public(&self) -> &[u8];

    /// Decapsulates. A ciphertext that was altered gives another secret, not an error (implicit rejection).
    ///
    /// # Errors
    /// [`AgreementError`] if the length is wrong.
    fn decapsulate(&self, ciphertext: &[u8]) -> Result<Secret<32, SharedSecret>, AgreementError>;
}

/// What an encapsulation gives.
pub struct Encapsulated {
    /// The ciphertext for the holder of the private key.
    pub ciphertext: Vec<u8>,
    /// The secret both sides have.
    pub secret: Secret<32, SharedSecret>,
}

/// A signing key, parsed.
pub trait Signer: Send + Sync {
    /// The public key as it stands inside a SubjectPublicKeyInfo: 32 bytes, or an uncompressed point.
    fn public(&self) -> &[u8];

    /// Signs `message`. ECDSA signatures are r ‖ s of fixed length (RFC 9053, section 2.1).
    ///
    /// # Errors
    /// [`SignError`] if the library refuses.
    fn sign(&self, message: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError>;
}

/// The primitives. Keys come as [`SecretRef`]; randomness is a parameter, which [`fast`] may leave unused where its
/// library insists on its own.
pub trait Provider: Send + Sync + Debug {
    /// Name for reports: `pure` or `fast`.
    fn name(&self) -> &'static str;

    /// AES-256-GCM under `key`.
    fn aes_256_gcm(&self, key: SecretRef<'_, 32>) -> Box<dyn AeadKey>;

    /// A hash to be fed piece by piece.
    fn hasher(&self, algorithm: HashAlgorithm) -> Box<dyn Hasher>;

    /// The hash of `parts` one after the other.
    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Digest;

    /// SHA-256 of `data`: the hash of trees and ids, where a call is all there is time for.
    fn sha256(&self, data: &[u8]) -> [u8; 32];

    /// HMAC (RFC 2104) over `parts` one after the other.
    fn hmac(&self, algorithm: HashAlgorithm, key: &[u8], parts: &[&[u8]]) -> Secret64;

    /// HKDF-Expand (RFC 5869, section 2.3) into `out`.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] if `out` is longer than 255 hashes.
    fn hkdf_expand(&self, algorithm: HashAlgorithm, prk: &[u8], info: &[&[u8]], out: &mut [u8])
    -> Result<(), KeyError>;

    /// An X25519 private key (RFC 7748): any 32 bytes.
    fn x25519(&self, scalar: SecretRef<'_, 32>) -> Box<dyn DhKey>;

    /// A P-384 private key: a big-endian scalar.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if it is zero or not below the order.
    fn p384(&self, scalar: SecretRef<'_, 48>) -> Result<Box<dyn DhKey>, KeyError>;

    /// The ML-KEM key of the seed d ‖ z (FIPS 203, KeyGen_internal).
    fn ml_kem(&self, set: MlKemSet, seed: SecretRef<'_, 64>) -> Box<dyn KemKey>;

    /// Encapsulates to `public`.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if `public` fails the encapsulation key check of FIPS 203, section 7.2.
    fn ml_kem_encapsulate(
        &self,
        set: MlKemSet,
        public: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Encapsulated, KeyError>;

    /// A signing key: an Ed25519 seed or a big-endian scalar.
    ///
    /// # Errors
    /// [`KeyError`] if the bytes are no key of this kind, or the kind is one that only verifies.
    fn signer(&self, kind: KeyKind, private: &SecretBytes) -> Result<Box<dyn Signer>, KeyError>;

    /// Verifies `signature` over `message` by `public`, the key as it stands inside a SubjectPublicKeyInfo (for RSA: an
    /// RSAPublicKey). ECDSA signatures are r ‖ s.
    ///
    /// # Errors
    /// [`VerifyError`] for whatever is not a good signature by a good key: all else is the same answer.
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        public: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError>;
}

/// Output of HMAC: up to 64 bytes that are to be treated as a key.
pub struct Secret64 {
    bytes: Secret<64, super::secret::role::Derived>,
    len: usize,
}

impl Secret64 {
    pub(super) fn new(value: &[u8]) -> Self {
        let bytes = Secret::from_fill(|to: &mut [u8; 64]| {
            for (to, from) in to.iter_mut().zip(value) {
                *to = *from;
            }
        });
        Self { bytes, len: value.len().min(64) }
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.bytes.expose().get(..self.len).unwrap_or_default()
    }
}

/// Pure Rust; reproducible from a seeded generator.
#[must_use]
pub fn pure() -> &'static dyn Provider {
    &Pure
}

/// aws-lc, where it has an interface.
#[must_use]
pub fn fast() -> &'static dyn Provider {
    &Fast
}

/// The provider everybody uses unless a test says otherwise: [`fast`].
#[must_use]
pub fn default_provider() -> &'static dyn Provider {
    fast()
}
