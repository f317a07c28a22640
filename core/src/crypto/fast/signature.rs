//! Signatures by aws-lc.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING,
    ED25519, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use rand_core::CryptoRng;

use crate::crypto::algorithm::{KeyKind, SignatureAlgorithm};
use crate::crypto::provider::{KeyError, Provider as _, SignError, Signer, VerifyError};
use crate::crypto::pure::{self, Pure};
use crate::crypto::secret::SecretBytes;

struct Ed25519Key(Ed25519KeyPair);

impl Signer for Ed25519Key {
    fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn sign(&self, message: &[u8], _rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError> {
        Ok(self.0.try_sign(message).map_err(|_| SignError)?.as_ref().to_vec())
    }
}

struct EcdsaKey(EcdsaKeyPair);

impl Signer for EcdsaKey {
    fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn sign(&self, message: &[u8], _rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SignError> {
        Ok(self.0.sign(&SystemRandom::new(), message).map_err(|_| SignError)?.as_ref().to_vec())
    }
}

pub(super) fn signer(kind: KeyKind, private: &SecretBytes) -> Result<Box<dyn Signer>, KeyError> {
    match kind {
        KeyKind::Ed25519 => {
            let pair = Ed25519KeyPair::from_seed_unchecked(private.expose()).map_err(|_| KeyError::Malformed)?;
            Ok(Box::new(Ed25519Key(pair)))
        }
        KeyKind::P256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, kind, private),
        KeyKind::P384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING, kind, private),
        KeyKind::Rsa => Err(KeyError::Unsupported),
    }
}

/// The library wants the public key beside the private one and checks the pair; the pure provider computes it.
fn ecdsa(
    algorithm: &'static EcdsaSigningAlgorithm,
    kind: KeyKind,
    private: &SecretBytes,
) -> Result<Box<dyn Signer>, KeyError> {
    let computed = Pure.signer(kind, private)?;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, private.expose(), computed.public())
        .map_err(|_| KeyError::Malformed)?;
    Ok(Box::new(EcdsaKey(pair)))
}

pub(super) fn verify(
    algorithm: SignatureAlgorithm,
    public: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    use SignatureAlgorithm as A;
    let refused = match algorithm {
        A::Ed25519 => pure::ed25519_is_weak(public),
        A::Es256 => public.len() != 65,
        A::Es384 => public.len() != 97,
        _ => false,
    };
    if refused {
        return Err(VerifyError);
    }
    let library: &'static dyn VerificationAlgorithm = match algorithm {
        A::Ed25519 => &ED25519,
        A::Es256 => &ECDSA_P256_SHA256_FIXED,
        A::Es384 => &ECDSA_P384_SHA384_FIXED,
        A::Ps256 => &RSA_PSS_2048_8192_SHA256,
        A::Ps384 => &RSA_PSS_2048_8192_SHA384,
        A::Ps512 => &RSA_PSS_2048_8192_SHA512,
        A::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        A::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
        A::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
    };
    UnparsedPublicKey::new(library, public).verify(message, signature).map_err(|_| VerifyError)
}
