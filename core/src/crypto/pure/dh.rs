//! X25519 by `x25519-dalek`, P-384 by RustCrypto `p384`.

use p384::elliptic_curve::sec1::{FromSec1Point, ToSec1Point};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::crypto::provider::{AgreementError, DhKey, KeyError};
use crate::crypto::secret::{SecretBytes, SecretRef};

pub(super) struct X25519Key {
    secret: StaticSecret,
    public: [u8; 32],
}

impl X25519Key {
    pub(super) fn new(scalar: SecretRef<'_, 32>) -> Self {
        let secret = StaticSecret::from(*scalar.expose());
        let public = PublicKey::from(&secret).to_bytes();
        Self { secret, public }
    }
}

impl DhKey for X25519Key {
    fn public(&self) -> &[u8] {
        &self.public
    }

    fn agree(&self, peer: &[u8]) -> Result<SecretBytes, AgreementError> {
        let peer: [u8; 32] = peer.try_into().map_err(|_| AgreementError)?;
        let shared = self.secret.diffie_hellman(&PublicKey::from(peer));
        if !shared.was_contributory() {
            return Err(AgreementError);
        }
        Ok(SecretBytes::from_fill(32, |out| out.copy_from_slice(shared.as_bytes())))
    }
}

pub(super) struct P384Key {
    secret: p384::SecretKey,
    public: Vec<u8>,
}

impl P384Key {
    pub(super) fn new(scalar: SecretRef<'_, 48>) -> Result<Self, KeyError> {
        let secret = p384::SecretKey::from_bytes(scalar.expose().into()).map_err(|_| KeyError::Malformed)?;
        let public = secret.public_key().to_sec1_point(false).as_bytes().to_vec();
        Ok(Self { secret, public })
    }
}

impl DhKey for P384Key {
    fn public(&self) -> &[u8] {
        &self.public
    }

    fn agree(&self, peer: &[u8]) -> Result<SecretBytes, AgreementError> {
        let peer = p384_point(peer).ok_or(AgreementError)?;
        let shared = p384::ecdh::diffie_hellman(self.secret.to_nonzero_scalar(), peer.as_affine());
        Ok(SecretBytes::from_fill(48, |out| out.copy_from_slice(shared.raw_secret_bytes())))
    }
}

/// An uncompressed point on the curve that is not the neutral one.
fn p384_point(bytes: &[u8]) -> Option<p384::PublicKey> {
    let point = p384::Sec1Point::from_bytes(bytes).ok()?;
    if point.is_compressed() {
        return None;
    }
    p384::PublicKey::from_sec1_point(&point).into_option()
}
