//! 署名. Signing keys and public keys, over either provider.
//!
//! A public key is its SubjectPublicKeyInfo (RFC 5280), read strictly: one encoding a key. A private key is kept as the
//! algorithm's own secret (an Ed25519 seed, a big-endian scalar) and travels as PKCS#8 where certificates are made.

use core::fmt;

use rand_core::CryptoRng;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::provider::{KeyError, Provider, SignError, Signer, VerifyError};
use super::pure;
use super::secret::SecretBytes;

const ED25519_SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
const P256_SPKI: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
const P384_SPKI: &[u8] =
    b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00";
const RSA_OID: x509_cert::spki::ObjectIdentifier =
    x509_cert::spki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// 公開鍵. A key that can verify signatures: valid, and of a kind and size that is used here.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicKey {
    kind: KeyKind,
    spki: Box<[u8]>,
    key: Box<[u8]>,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] for other algorithms, curves and sizes, [`KeyError::Malformed`] for what is no key.
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, KeyError> {
        for (kind, prefix) in [(KeyKind::Ed25519, ED25519_SPKI), (KeyKind::P256, P256_SPKI), (KeyKind::P384, P384_SPKI)]
        {
            if let Some(key) = spki.strip_prefix(prefix) {
                return Self::checked(kind, spki, key);
            }
        }
        let parsed = SubjectPublicKeyInfoRef::try_from(spki).map_err(|_| KeyError::Malformed)?;
        let parameters_are_null = parsed.algorithm.parameters.is_some_and(|any| any.is_null());
        if parsed.algorithm.oid != RSA_OID || !parameters_are_null {
            return Err(KeyError::Unsupported);
        }
        let key = parsed.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
        Self::checked(KeyKind::Rsa, spki, key)
    }

    fn checked(kind: KeyKind, spki: &[u8], key: &[u8]) -> Result<Self, KeyError> {
        pure::check_public(kind, key)?;
        Ok(Self { kind, spki: spki.into(), key: key.into() })
    }

    /// The public key of a signer, which is one of the kinds with a fixed prefix.
    fn of_signer(kind: KeyKind, key: &[u8]) -> Result<Self, KeyError> {
        let prefix = match kind {
            KeyKind::Ed25519 => ED25519_SPKI,
            KeyKind::P256 => P256_SPKI,
            KeyKind::P384 => P384_SPKI,
            KeyKind::Rsa => return Err(KeyError::Unsupported),
        };
        Ok(Self { kind, spki: [prefix, key].concat().into(), key: key.into() })
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The SubjectPublicKeyInfo, DER.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// Verifies a signature. The algorithm comes from what was signed and must fit the key.
    ///
    /// # Errors
    /// [`VerifyError`] for every cause.
    pub fn verify(
        &self,
        provider: &dyn Provider,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if algorithm.key_kind() != self.kind {
            return Err(VerifyError);
        }
        provider.verify(algorithm, &self.key, message, signature)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.kind, data_encoding::HEXLOWER.encode(&self.spki))
    }
}

/// 署名鍵. A private key of Ed25519, P-256 or P-384, ready to sign.
pub struct SigningKey {
    private: SecretBytes,
    signer: Box<dyn Signer>,
    public: PublicKey,
    algorithm: SignatureAlgorithm,
}

impl SigningKey {
    /// The key with this private value: an Ed25519 seed (32 bytes) or a big-endian scalar (P-256: 32, P-384: 48 bytes).
    ///
    /// # Errors
    /// [`KeyError`] if it is no such value, or the kind only verifies.
    pub fn from_private(provider: &dyn Provider, kind: KeyKind, private: SecretBytes) -> Result<Self, KeyError> {
        let algorithm = kind.signing_algorithm().ok_or(KeyError::Unsupported)?;
        let signer = provider.signer(kind, &private)?;
        let public = PublicKey::of_signer(kind, signer.public())?;
        Ok(Self { private, signer, public, algorithm })
    }

    /// A new key.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] if the kind only verifies, [`KeyError::Malformed`] if the generator is broken.
    pub fn generate(provider: &dyn Provider, kind: KeyKind, rng: &mut dyn CryptoRng) -> Result<Self, KeyError> {
        /// A candidate scalar is refused once in 2³² times (P-256) or 2¹⁹² times (P-384).
        const TRIES: usize = 8;
        let len = kind.private_len().ok_or(KeyError::Unsupported)?;
        (0..TRIES)
            .find_map(|_| {
                let private = SecretBytes::from_fill(len, |out| rng.fill_bytes(out));
                Self::from_private(provider, kind, private).ok()
            })
            .ok_or(KeyError::Malformed)
    }

    /// Reads a PKCS#8 document (RFC 5958, RFC 8410, RFC 5915).
    ///
    /// # Errors
    /// [`KeyError`] if it is none, or holds a key of another kind.
    pub fn from_pkcs8(provider: &dyn Provider, document: &[u8]) -> Result<Self, KeyError> {
        let (kind, private) = pure::read_pkcs8(document)?;
        Self::from_private(provider, kind, private)
    }

    /// Writes a PKCS#8 document, for certificate making.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if the library fails to encode, which no key makes it do.
    pub fn to_pkcs8(&self) -> Result<SecretBytes, KeyError> {
        pure::write_pkcs8(self.public.kind, &self.private)
    }

    /// The private value, to be stored (see [`Self::from_private`]).
    #[must_use]
    pub const fn private(&self) -> &SecretBytes {
        &self.private
    }

    /// The public key.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Signs `message`. ECDSA signatures are r ‖ s of fixed length, as COSE wants them (RFC 9053, section 2.1).
    ///
    /// # Errors
    /// [`SignError`] if the library refuses.
    pub fn sign(&self, message: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError> {
        self.signer.sign(message, rng)
    }
}

impl Signer for SigningKey {
    fn public(&self) -> &[u8] {
        self.signer.public()
    }

    fn sign(&self, message: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError> {
        self.signer.sign(message, rng)
    }
}
