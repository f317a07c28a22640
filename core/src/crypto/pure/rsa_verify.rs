//! RSA signatures of external certificates, verified by RustCrypto `rsa` (RFC 8017). No private key operation is called.

use rsa::signature::Verifier;
use rsa::{BoxedUint, RsaPublicKey, pkcs1, pkcs1v15, pss};
use sha2::{Sha256, Sha384, Sha512};

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::provider::{KeyError, VerifyError};

const MIN_BITS: usize = 2048;
const MAX_BITS: usize = 8192;

/// Checks an RSAPublicKey: an odd modulus of 2,048 to 8,192 bits, an odd exponent of 3 to 2³³ − 1.
pub(super) fn check_key(public: &[u8]) -> Result<(), KeyError> {
    key(public).map(|_| ())
}

fn key(public: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let parsed = pkcs1::RsaPublicKeyRef::try_from(public).map_err(|_| KeyError::Malformed)?;
    let n = number(parsed.modulus.as_bytes(), MAX_BITS)?;
    let e = number(parsed.public_exponent.as_bytes(), 64)?;
    RsaPublicKey::new_with_size_limits(n, e, MIN_BITS..=MAX_BITS).map_err(|error| match error {
        rsa::Error::ModulusTooSmall | rsa::Error::ModulusTooLarge => KeyError::Unsupported,
        _ => KeyError::Malformed,
    })
}

/// The number at its own precision, as the library wants it; refused before it is built if it is over `max_bits`.
fn number(bytes: &[u8], max_bits: usize) -> Result<BoxedUint, KeyError> {
    let bits = bytes.len().saturating_mul(8);
    if bits > max_bits {
        return Err(KeyError::Unsupported);
    }
    let bits = u32::try_from(bits).map_err(|_| KeyError::Unsupported)?;
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| KeyError::Malformed)
}

pub(super) fn verify(
    algorithm: SignatureAlgorithm,
    public: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    use SignatureAlgorithm as A;
    let key = key(public).map_err(|_| VerifyError)?;
    match algorithm {
        A::Ps256 => verify_pss(&pss::VerifyingKey::<Sha256>::new(key), message, signature),
        A::Ps384 => verify_pss(&pss::VerifyingKey::<Sha384>::new(key), message, signature),
        A::Ps512 => verify_pss(&pss::VerifyingKey::<Sha512>::new(key), message, signature),
        A::Rs256 => verify_pkcs1(&pkcs1v15::VerifyingKey::<Sha256>::new(key), message, signature),
        A::Rs384 => verify_pkcs1(&pkcs1v15::VerifyingKey::<Sha384>::new(key), message, signature),
        A::Rs512 => verify_pkcs1(&pkcs1v15::VerifyingKey::<Sha512>::new(key), message, signature),
        A::Ed25519 | A::Es256 | A::Es384 => Err(VerifyError),
    }
}

fn verify_pss(key: &impl Verifier<pss::Signature>, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let signature = pss::Signature::from_bytes_with_max_len(signature, MAX_BITS / 8).map_err(|_| VerifyError)?;
    key.verify(message, &signature).map_err(|_| VerifyError)
}

fn verify_pkcs1(key: &impl Verifier<pkcs1v15::Signature>, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let signature = pkcs1v15::Signature::from_bytes_with_max_len(signature, MAX_BITS / 8).map_err(|_| VerifyError)?;
    key.verify(message, &signature).map_err(|_| VerifyError)
}
