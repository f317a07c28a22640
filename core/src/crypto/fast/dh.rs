//! X25519 and P-384 agreement by aws-lc.

use aws_lc_rs::agreement::{Algorithm, PrivateKey, UnparsedPublicKey, agree};

use crate::crypto::provider::{AgreementError, DhKey};
use crate::crypto::secret::SecretBytes;

pub(super) struct Key {
    algorithm: &'static Algorithm,
    secret: PrivateKey,
    public: Vec<u8>,
}

/// Nothing if the bytes are no private key of this algorithm.
pub(super) fn key(algorithm: &'static Algorithm, scalar: &[u8]) -> Option<Key> {
    let secret = PrivateKey::from_private_key(algorithm, scalar).ok()?;
    let public = secret.compute_public_key().ok()?.as_ref().to_vec();
    Some(Key { algorithm, secret, public })
}

impl DhKey for Key {
    fn public(&self) -> &[u8] {
        &self.public
    }

    fn agree(&self, peer: &[u8]) -> Result<SecretBytes, AgreementError> {
        // The library also takes compressed points and SubjectPublicKeyInfo; the KEMs here know one encoding.
        if peer.len() != self.public.len() {
            return Err(AgreementError);
        }
        let peer = UnparsedPublicKey::new(self.algorithm, peer);
        agree(&self.secret, peer, AgreementError, |shared| {
            Ok(SecretBytes::from_fill(shared.len(), |out| out.copy_from_slice(shared)))
        })
    }
}
