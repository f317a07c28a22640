//! HPKE (RFC 9180), base mode, single shot: how a key is wrapped for an authority or a device.
//!
//! Our own small key schedule over the provider, because the schedule is forty lines and a library would bring its own
//! primitives with it. AEAD is AES-256-GCM (0x0002) in all suites; KEM and KDF are named by [`KeySuite`]. The hybrid KEMs
//! are paired with HKDF after draft-ietf-hpke-pq (its appendix A.5 and A.6), which leaves the KDF to the application.

use rand_core::CryptoRng;

use super::algorithm::HashAlgorithm;
use super::kem;
pub use super::kem::{KemPrivateKey, KemPublicKey};
use super::provider::{KeyError, Nonce, Provider, Secret64, TAG_LEN, Tag};
use super::secret::role::{Derived, SharedSecret};
use super::secret::{Role, Secret, SecretBytes};
use super::suite::KeySuite;

/// What [`seal`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The encapsulated key ([`KeySuite::enc_len`] bytes).
    pub enc: Vec<u8>,
    /// The ciphertext with its tag: 16 bytes longer than the plaintext.
    pub ct: Vec<u8>,
}

/// The plaintext could not be sealed to this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("could not be sealed to this public key")]
pub struct SealError;

/// Nothing was sealed like this to this key. One answer for every cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("was not sealed to this private key, or was altered")]
pub struct OpenError;

/// Seals `plaintext` to `public` (RFC 9180, section 6.1, SealBase).
///
/// # Errors
/// [`SealError`] if the public key is one that agrees on nothing (a point of small order).
pub fn seal(
    provider: &dyn Provider,
    public: &KemPublicKey,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Sealed, SealError> {
    let (enc, shared) = kem::encapsulate(provider, public, rng).map_err(|_| SealError)?;
    let context = Context::new(provider, public.suite(), &shared, info).map_err(|_| SealError)?;
    let mut ct = vec![0; plaintext.len()];
    let key = provider.aes_256_gcm(context.key.lend());
    let tag = key.seal_to(&context.nonce, aad, plaintext, &mut ct).map_err(|_| SealError)?;
    ct.extend_from_slice(&tag);
    Ok(Sealed { enc, ct })
}

/// Opens what [`seal`] sealed (RFC 9180, section 6.1, OpenBase).
///
/// # Errors
/// [`OpenError`] for every cause.
pub fn open(
    provider: &dyn Provider,
    private: &KemPrivateKey,
    enc: &[u8],
    info: &[u8],
    aad: &[u8],
    ct: &[u8],
) -> Result<SecretBytes, OpenError> {
    let (sealed, tag) = ct.split_last_chunk::<TAG_LEN>().ok_or(OpenError)?;
    let tag: &Tag = tag;
    let shared = private.decapsulate(provider, enc).map_err(|_| OpenError)?;
    let context = Context::new(provider, private.suite(), &shared, info).map_err(|_| OpenError)?;
    let key = provider.aes_256_gcm(context.key.lend());
    let mut plaintext = SecretBytes::from_fill(sealed.len(), |_| ());
    key.open_to(&context.nonce, aad, sealed, tag, plaintext.expose_mut()).map_err(|_| OpenError)?;
    Ok(plaintext)
}

/// Key and nonce of the one message.
struct Context {
    key: Secret<32, Derived>,
    nonce: Nonce,
}

impl Context {
    /// KeySchedule of RFC 9180, section 5.1, in base mode: no PSK, and the nonce of sequence number 0.
    fn new(
        provider: &dyn Provider,
        suite: KeySuite,
        shared: &Secret<32, SharedSecret>,
        info: &[u8],
    ) -> Result<Self, KeyError> {
        const MODE_BASE: &[u8] = &[0];
        const AES_256_GCM: u16 = 0x0002;
        let (kdf_id, hash) = suite.kdf();
        let mut suite_id = *b"HPKE------";
        let ids = [suite.kem_id(), kdf_id, AES_256_GCM].map(u16::to_be_bytes);
        for (to, from) in suite_id.iter_mut().skip(4).zip(ids.as_flattened()) {
            *to = *from;
        }
        let labeled = Labeled { provider, hash, suite_id: &suite_id };
        let psk_id_hash = labeled.extract(&[], b"psk_id_hash", &[]);
        let info_hash = labeled.extract(&[], b"info_hash", info);
        let context = &[MODE_BASE, psk_id_hash.expose(), info_hash.expose()];
        let secret = labeled.extract(shared.expose(), b"secret", &[]);
        let key = labeled.expand(secret.expose(), b"key", context)?;
        let nonce: Secret<12, Derived> = labeled.expand(secret.expose(), b"base_nonce", context)?;
        Ok(Self { key, nonce: *nonce.expose() })
    }
}

/// LabeledExtract and LabeledExpand of RFC 9180, section 4.
pub(super) struct Labeled<'a> {
    pub(super) provider: &'a dyn Provider,
    pub(super) hash: HashAlgorithm,
    pub(super) suite_id: &'a [u8],
}

impl Labeled<'_> {
    pub(super) fn extract(&self, salt: &[u8], label: &[u8], ikm: &[u8]) -> Secret64 {
        self.provider.hmac(self.hash, salt, &[b"HPKE-v1", self.suite_id, label, ikm])
    }

    pub(super) fn expand<const N: usize, R: Role>(
        &self,
        prk: &[u8],
        label: &[u8],
        info: &[&[u8]],
    ) -> Result<Secret<N, R>, KeyError> {
        let len = u16::try_from(N).map_err(|_| KeyError::Unsupported)?.to_be_bytes();
        let mut parts: Vec<&[u8]> = vec![&len, b"HPKE-v1", self.suite_id, label];
        parts.extend_from_slice(info);
        Secret::try_from_fill(|out: &mut [u8; N]| self.provider.hkdf_expand(self.hash, prk, &parts, out))
    }
}
