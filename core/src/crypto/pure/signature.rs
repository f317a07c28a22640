//! Ed25519 by `ed25519-dalek`, ECDSA by RustCrypto `p256` and `p384` (RFC 6979), RSA verification by RustCrypto `rsa`.
//! RUSTSEC-2023-0071 is about private key operations of `rsa`; none is called here.

use ed25519_dalek::Signer as _;
use rand_core::CryptoRng;
use rsa::signature::Verifier as _;

use crate::crypto::algorithm::{KeyKind, SignatureAlgorithm};
use crate::crypto::provider::{KeyError, SignError, Signer, VerifyError};
use crate::crypto::secret::SecretBytes;

struct Key<K> {
    key: K,
    public: Vec<u8>,
}

impl Signer for Key<ed25519_dalek::SigningKey> {
    fn public(&self) -> &[u8] {
        &self.public
    }

    fn sign(&self, message: &[u8], _rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError> {
        Ok(self.key.try_sign(message).map_err(|_| SignError)?.to_bytes().to_vec())
    }
}

macro_rules! ecdsa_signer {
    ($curve:ident) => {
        impl Signer for Key<$curve::ecdsa::SigningKey> {
            fn public(&self) -> &[u8] {
                &self.public
            }

            fn sign(&self, message: &[u8], _rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError> {
                let signature: $curve::ecdsa::Signature = self.key.try_sign(message).map_err(|_| SignError)?;
                Ok(signature.to_bytes().to_vec())
            }
        }
    };
}

ecdsa_signer!(p256);
ecdsa_signer!(p384);

pub(super) fn signer(kind: KeyKind, private: &SecretBytes) -> Result<Box<dyn Signer>, KeyError> {
    let bytes = private.expose();
    match kind {
        KeyKind::Ed25519 => {
            let seed = bytes.try_into().map_err(|_| KeyError::Malformed)?;
            let key = ed25519_dalek::SigningKey::from_bytes(seed);
            let public = key.verifying_key().to_bytes().to_vec();
            Ok(Box::new(Key { key, public }))
        }
        KeyKind::P256 => {
            let key = p256::ecdsa::SigningKey::from_slice(exact(bytes, 32)?).map_err(|_| KeyError::Malformed)?;
            let public = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
            Ok(Box::new(Key { key, public }))
        }
        KeyKind::P384 => {
            let key = p384::ecdsa::SigningKey::from_slice(exact(bytes, 48)?).map_err(|_| KeyError::Malformed)?;
            let public = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
            Ok(Box::new(Key { key, public }))
        }
        KeyKind::Rsa => Err(KeyError::Unsupported),
    }
}

fn exact(bytes: &[u8], len: usize) -> Result<&[u8], KeyError> {
    if bytes.len() == len { Ok(bytes) } else { Err(KeyError::Malformed) }
}

/// Checks a public key as it stands inside a SubjectPublicKeyInfo: on the curve, not weak, modulus within 2,048 to 8,192
/// bits. Both providers' keys go through here, so that they refuse the same ones.
pub(in crate::crypto) fn check_public(kind: KeyKind, public: &[u8]) -> Result<(), KeyError> {
    match kind {
        KeyKind::Ed25519 => ed25519_key(public).map(|_| ()).ok_or(KeyError::Malformed),
        KeyKind::P256 => {
            let point = exact(public, 65)?;
            p256::PublicKey::from_sec1_bytes(point).map(|_| ()).map_err(|_| KeyError::Malformed)
        }
        KeyKind::P384 => {
            let point = exact(public, 97)?;
            p384::PublicKey::from_sec1_bytes(point).map(|_| ()).map_err(|_| KeyError::Malformed)
        }
        KeyKind::Rsa => super::rsa_verify::check_key(public),
    }
}

/// Whether 32 bytes are no Ed25519 key anybody should sign with: not a point, or of small order.
pub(in crate::crypto) fn ed25519_is_weak(public: &[u8]) -> bool {
    ed25519_key(public).is_none()
}

fn ed25519_key(public: &[u8]) -> Option<ed25519_dalek::VerifyingKey> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(public.try_into().ok()?).ok()?;
    if key.is_weak() { None } else { Some(key) }
}

pub(super) fn verify(
    algorithm: SignatureAlgorithm,
    public: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    use SignatureAlgorithm as A;
    match algorithm {
        A::Ed25519 => {
            let key = ed25519_key(public).ok_or(VerifyError)?;
            let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| VerifyError)?;
            key.verify(message, &signature).map_err(|_| VerifyError)
        }
        A::Es256 => {
            let point = exact(public, 65).map_err(|_| VerifyError)?;
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| VerifyError)?;
            let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| VerifyError)?;
            key.verify(message, &signature).map_err(|_| VerifyError)
        }
        A::Es384 => {
            let point = exact(public, 97).map_err(|_| VerifyError)?;
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| VerifyError)?;
            let signature = p384::ecdsa::Signature::from_slice(signature).map_err(|_| VerifyError)?;
            key.verify(message, &signature).map_err(|_| VerifyError)
        }
        A::Ps256 | A::Ps384 | A::Ps512 | A::Rs256 | A::Rs384 | A::Rs512 => {
            super::rsa_verify::verify(algorithm, public, message, signature)
        }
    }
}

/// The r ‖ s of a DER signature; nothing if it is not strict DER or out of range.
pub(in crate::crypto) fn ecdsa_from_der(algorithm: SignatureAlgorithm, signature: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        SignatureAlgorithm::Es256 => Some(p256::ecdsa::Signature::from_der(signature).ok()?.to_bytes().to_vec()),
        SignatureAlgorithm::Es384 => Some(p384::ecdsa::Signature::from_der(signature).ok()?.to_bytes().to_vec()),
        _ => None,
    }
}
