//! PKCS#8 private keys (RFC 5958): an encoding, read and written by the RustCrypto key types for both providers.

use p384::pkcs8::{DecodePrivateKey, EncodePrivateKey, PrivateKeyInfoRef};

use crate::crypto::algorithm::KeyKind;
use crate::crypto::provider::KeyError;
use crate::crypto::secret::SecretBytes;

fn copied(bytes: &[u8]) -> SecretBytes {
    SecretBytes::from_fill(bytes.len(), |out| out.copy_from_slice(bytes))
}

/// The kind and private value of a PKCS#8 document.
pub(in crate::crypto) fn read_pkcs8(document: &[u8]) -> Result<(KeyKind, SecretBytes), KeyError> {
    let info = PrivateKeyInfoRef::try_from(document).map_err(|_| KeyError::Malformed)?;
    if info.algorithm.oid == ed25519_dalek::pkcs8::ALGORITHM_OID {
        let key = ed25519_dalek::SigningKey::from_pkcs8_der(document).map_err(|_| KeyError::Malformed)?;
        return Ok((KeyKind::Ed25519, copied(key.as_bytes())));
    }
    if let Ok(key) = p384::SecretKey::from_pkcs8_der(document) {
        return Ok((KeyKind::P384, copied(&key.to_bytes())));
    }
    let key = p256::SecretKey::from_pkcs8_der(document).map_err(|_| KeyError::Unsupported)?;
    Ok((KeyKind::P256, copied(&key.to_bytes())))
}

/// The PKCS#8 document of a private value.
pub(in crate::crypto) fn write_pkcs8(kind: KeyKind, private: &SecretBytes) -> Result<SecretBytes, KeyError> {
    let bytes = private.expose();
    let document = match kind {
        KeyKind::Ed25519 => return ed25519_document(bytes),
        KeyKind::P256 => p256::SecretKey::from_slice(bytes).map_err(|_| KeyError::Malformed)?.to_pkcs8_der(),
        KeyKind::P384 => p384::SecretKey::from_slice(bytes).map_err(|_| KeyError::Malformed)?.to_pkcs8_der(),
        KeyKind::Rsa => return Err(KeyError::Unsupported),
    };
    Ok(copied(document.map_err(|_| KeyError::Malformed)?.as_bytes()))
}

/// Version 1, without the public key (RFC 8410, section 7): the form every library reads, and of one length.
fn ed25519_document(seed: &[u8]) -> Result<SecretBytes, KeyError> {
    const PREFIX: &[u8; 16] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    let seed: &[u8; 32] = seed.try_into().map_err(|_| KeyError::Malformed)?;
    Ok(SecretBytes::from_fill(PREFIX.len() + seed.len(), |out| {
        for (to, from) in out.iter_mut().zip(PREFIX.iter().chain(seed)) {
            *to = *from;
        }
    }))
}
