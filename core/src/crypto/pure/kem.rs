//! ML-KEM (FIPS 203) by RustCrypto `ml-kem`.

use ml_kem::kem::{Decapsulate, Kem};
use ml_kem::{DecapsulationKey, Encapsulate, KeyExport, MlKem768, MlKem1024};
use rand_core::CryptoRng;
use zeroize::Zeroize;

use crate::crypto::algorithm::MlKemSet;
use crate::crypto::provider::{AgreementError, Encapsulated, KemKey, KeyError};
use crate::crypto::secret::role::SharedSecret;
use crate::crypto::secret::{Secret, SecretBytes, SecretRef};

macro_rules! kem_key {
    ($name:ident, $set:ty) => {
        struct $name {
            secret: DecapsulationKey<$set>,
            public: Vec<u8>,
        }

        impl $name {
            fn new(seed: SecretRef<'_, 64>) -> Self {
                let mut bytes: ml_kem::Seed = (*seed.expose()).into();
                let secret = DecapsulationKey::<$set>::from_seed(bytes);
                bytes.zeroize();
                let public = secret.encapsulation_key().to_bytes().to_vec();
                Self { secret, public }
            }

            #[expect(deprecated, reason = "aws-lc-rs takes the expanded form only")]
            fn expand(self) -> (SecretBytes, Vec<u8>) {
                use ml_kem::ExpandedKeyEncoding as _;
                let mut expanded = self.secret.to_expanded_bytes();
                let bytes = SecretBytes::from_fill(expanded.len(), |out| out.copy_from_slice(&expanded));
                expanded.zeroize();
                (bytes, self.public)
            }
        }

        impl KemKey for $name {
            fn public(&self) -> &[u8] {
                &self.public
            }

            fn decapsulate(&self, ciphertext: &[u8]) -> Result<Secret<32, SharedSecret>, AgreementError> {
                let ciphertext = ml_kem::Ciphertext::<$set>::try_from(ciphertext).map_err(|_| AgreementError)?;
                let mut shared = self.secret.decapsulate(&ciphertext);
                let secret = Secret::from_fill(|out: &mut [u8; 32]| out.copy_from_slice(&shared));
                shared.zeroize();
                Ok(secret)
            }
        }
    };
}

kem_key!(Key768, MlKem768);
kem_key!(Key1024, MlKem1024);

pub(super) fn key(set: MlKemSet, seed: SecretRef<'_, 64>) -> Box<dyn KemKey> {
    match set {
        MlKemSet::MlKem768 => Box::new(Key768::new(seed)),
        MlKemSet::MlKem1024 => Box::new(Key1024::new(seed)),
    }
}

pub(super) fn encapsulate(set: MlKemSet, public: &[u8], rng: &mut dyn CryptoRng) -> Result<Encapsulated, KeyError> {
    match set {
        MlKemSet::MlKem768 => encapsulate_with::<MlKem768>(public, rng),
        MlKemSet::MlKem1024 => encapsulate_with::<MlKem1024>(public, rng),
    }
}

fn encapsulate_with<K>(public: &[u8], rng: &mut dyn CryptoRng) -> Result<Encapsulated, KeyError>
where
    K: Kem,
    K::EncapsulationKey: Encapsulate<Kem = K>,
{
    let bytes = ml_kem::kem::Key::<K::EncapsulationKey>::try_from(public).map_err(|_| KeyError::Malformed)?;
    let key = <K::EncapsulationKey as ml_kem::TryKeyInit>::new(&bytes).map_err(|_| KeyError::Malformed)?;
    let (ciphertext, mut shared) = key.encapsulate_with_rng(rng);
    let secret = Secret::from_fill(|out: &mut [u8; 32]| out.copy_from_slice(&shared));
    shared.zeroize();
    Ok(Encapsulated { ciphertext: ciphertext.to_vec(), secret })
}

/// The expanded form of FIPS 203 with its encapsulation key: what aws-lc takes in place of a seed.
pub(in crate::crypto) fn expand_ml_kem(set: MlKemSet, seed: SecretRef<'_, 64>) -> (SecretBytes, Vec<u8>) {
    match set {
        MlKemSet::MlKem768 => Key768::new(seed).expand(),
        MlKemSet::MlKem1024 => Key1024::new(seed).expand(),
    }
}
