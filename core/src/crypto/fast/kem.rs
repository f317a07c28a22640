//! ML-KEM by aws-lc.

use aws_lc_rs::kem::{Algorithm, AlgorithmId, Ciphertext, DecapsulationKey, EncapsulationKey, ML_KEM_768, ML_KEM_1024};

use crate::crypto::algorithm::MlKemSet;
use crate::crypto::provider::{AgreementError, Encapsulated, KemKey, KeyError};
use crate::crypto::pure;
use crate::crypto::secret::role::SharedSecret;
use crate::crypto::secret::{Secret, SecretRef};

pub(super) struct Key {
    secret: DecapsulationKey<AlgorithmId>,
    public: Vec<u8>,
}

fn algorithm(set: MlKemSet) -> &'static Algorithm<AlgorithmId> {
    match set {
        MlKemSet::MlKem768 => &ML_KEM_768,
        MlKemSet::MlKem1024 => &ML_KEM_1024,
    }
}

/// Nothing only if the library can't allocate its key.
pub(super) fn key(set: MlKemSet, seed: SecretRef<'_, 64>) -> Option<Key> {
    let (expanded, public) = pure::expand_ml_kem(set, seed);
    let secret = DecapsulationKey::new(algorithm(set), expanded.expose()).ok()?;
    Some(Key { secret, public })
}

impl KemKey for Key {
    fn public(&self) -> &[u8] {
        &self.public
    }

    fn decapsulate(&self, ciphertext: &[u8]) -> Result<Secret<32, SharedSecret>, AgreementError> {
        let shared = self.secret.decapsulate(Ciphertext::from(ciphertext)).map_err(|_| AgreementError)?;
        Secret::from_slice(shared.as_ref()).ok_or(AgreementError)
    }
}

pub(super) fn encapsulate(set: MlKemSet, public: &[u8]) -> Result<Encapsulated, KeyError> {
    let key = EncapsulationKey::new(algorithm(set), public).map_err(|_| KeyError::Malformed)?;
    let (ciphertext, shared) = key.encapsulate().map_err(|_| KeyError::Malformed)?;
    let secret = Secret::from_slice(shared.as_ref()).ok_or(KeyError::Malformed)?;
    Ok(Encapsulated { ciphertext: ciphertext.as_ref().to_vec(), secret })
}
