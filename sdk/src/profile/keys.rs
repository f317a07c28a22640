//! The device's keys at rest: signing key, KEM seed and the key of the profile's own stores, sealed under a passphrase.
//!
//! Without a passphrase of the user's a random one lies beside them in a file only the owner can read (on Windows sealed for the
//! user's account as well); `doctor` says so.

use argon2::{Algorithm, Argon2, Params, Version};
use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::crypto::{
    AeadKey, KemPrivateKey, KeyKind, KeySuite, Provider, Secret, SecretBytes, SigningKey, role,
};
use minicbor::{Decode, Encode};
use zeroize::{Zeroize, Zeroizing};

use super::folder::Folder;
use crate::error::{Error, Result};
use crate::messages;
use crate::platform::{keep_secret, kept_secret};
use crate::random;

const KEYS: &str = "keys.sealed";
const KEPT_PASSPHRASE: &str = "keys.pass";
const KEYS_AAD: &[u8] = b"kakuzuke/v1/profile-keys";
/// Argon2id for what a person can remember: 64 MiB, three passes (RFC 9106, second recommended option).
const COST_PERSON: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
/// For 256 random bits nothing is gained by making guesses slow.
const COST_RANDOM: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
/// More than this is not what we wrote, and would only keep the machine busy.
const MEMORY_MAX_KIB: u32 = 1 << 20;

/// パスフレーズ. Protects a profile's keys; erased when dropped.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes it over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(crate) fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Cost {
    #[n(0)]
    memory_kib: u32,
    #[n(1)]
    passes: u32,
    #[n(2)]
    lanes: u32,
}

/// `keys.sealed`.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
struct Sealed {
    #[n(0)]
    cost: Cost,
    #[cbor(n(1), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(2), with = "minicbor::bytes")]
    nonce: [u8; 12],
    #[cbor(n(3), with = "minicbor::bytes")]
    ciphertext: Vec<u8>,
    #[cbor(n(4), with = "minicbor::bytes")]
    tag: [u8; 16],
}

/// What is sealed. Erased when dropped.
#[derive(Encode, Decode, Zeroize)]
#[zeroize(drop)]
#[cbor(map)]
struct Contents {
    #[cbor(n(0), with = "minicbor::bytes")]
    signing_pkcs8: Vec<u8>,
    #[n(1)]
    #[zeroize(skip)]
    kem_suite: KeySuite,
    #[cbor(n(2), with = "minicbor::bytes")]
    kem_seed: [u8; 32],
    #[cbor(n(3), with = "minicbor::bytes")]
    storage: [u8; 32],
}

/// The device's keys, ready for use.
pub(crate) struct DeviceKeys {
    signing: SigningKey,
    kem: KemPrivateKey,
    storage: Secret<32, role::StorageKey>,
}

impl DeviceKeys {
    /// New keys of a suite.
    pub(crate) fn generate(provider: &dyn Provider, suite: KeySuite) -> Result<Self> {
        let broken = |e| Error::of(Code::Internal).caused_by(e);
        let mut rng = random::generator();
        let kind = match suite {
            KeySuite::Kz1 | KeySuite::Kz2 => KeyKind::Ed25519,
            KeySuite::Kz3 => KeyKind::P384,
        };
        Ok(Self {
            signing: SigningKey::generate(provider, kind, &mut rng).map_err(broken)?,
            kem: KemPrivateKey::generate(provider, suite, &mut rng).map_err(broken)?,
            storage: Secret::generate(&mut rng),
        })
    }

    /// Opens the keys in a profile.
    pub(crate) fn open(provider: &dyn Provider, folder: &Folder, passphrase: Option<&Passphrase>) -> Result<Self> {
        let damaged = || Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(folder.path());
        let kept;
        let passphrase = match passphrase {
            Some(given) => given,
            None => {
                kept = kept_passphrase(folder)?;
                &kept
            }
        };
        let sealed: Sealed = cbor::decode_strict(&folder.read(KEYS)?).map_err(|e| damaged().caused_by(e))?;
        let key = wrapping_key(provider, passphrase, sealed.cost, &sealed.salt).ok_or_else(damaged)?;
        let mut plain = Zeroizing::new(sealed.ciphertext);
        key.open(&sealed.nonce, KEYS_AAD, &mut plain, &sealed.tag)
            .map_err(|_| Error::new(Code::Profile, messages::WRONG_PASSPHRASE).at(folder.path()))?;
        let contents: Contents = cbor::decode_strict(&plain).map_err(|e| damaged().caused_by(e))?;
        let seed = Secret::from_slice(&contents.kem_seed).ok_or_else(damaged)?;
        Ok(Self {
            signing: SigningKey::from_pkcs8(provider, &contents.signing_pkcs8).map_err(|e| damaged().caused_by(e))?,
            kem: KemPrivateKey::from_seed(provider, contents.kem_suite, seed).map_err(|e| damaged().caused_by(e))?,
            storage: Secret::from_slice(&contents.storage).ok_or_else(damaged)?,
        })
    }

    /// Writes the keys, under `passphrase` or under a random one that is kept beside them.
    pub(crate) fn store(
        &self,
        provider: &dyn Provider,
        folder: &Folder,
        passphrase: Option<&Passphrase>,
    ) -> Result<()> {
        let broken = || Error::of(Code::Internal);
        let kept;
        let (passphrase, cost) = match passphrase {
            Some(given) => {
                folder.remove(KEPT_PASSPHRASE)?;
                (given, COST_PERSON)
            }
            None => {
                let text = data_encoding::BASE32_NOPAD.encode(&random::bytes::<32>()?);
                let bytes = keep_secret(text.as_bytes()).map_err(|e| Error::io(&folder.file(KEPT_PASSPHRASE), e))?;
                folder.write(KEPT_PASSPHRASE, &bytes)?;
                kept = Passphrase::new(text);
                (&kept, COST_RANDOM)
            }
        };
        let pkcs8 = self.signing.to_pkcs8().map_err(|e| broken().caused_by(e))?;
        let contents = Contents {
            signing_pkcs8: pkcs8.expose().to_vec(),
            kem_suite: self.kem.suite(),
            kem_seed: *self.kem.seed().expose(),
            storage: *self.storage.expose(),
        };
        let mut bytes = cbor::encode_secret(&contents);
        let (salt, nonce) = (random::bytes::<16>()?, random::bytes::<12>()?);
        let key = wrapping_key(provider, passphrase, cost, &salt).ok_or_else(broken)?;
        let tag = key.seal(&nonce, KEYS_AAD, &mut bytes).map_err(|e| broken().caused_by(e))?;
        let sealed = Sealed { cost, salt, nonce, ciphertext: bytes.to_vec(), tag };
        folder.write(KEYS, &cbor::encode(&sealed))
    }

    /// The signing key.
    pub(crate) const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The key that tickets and licences are sealed to.
    pub(crate) const fn kem(&self) -> &KemPrivateKey {
        &self.kem
    }

    /// The signing key as TLS wants it.
    pub(crate) fn signing_pkcs8(&self) -> Result<SecretBytes> {
        self.signing.to_pkcs8().map_err(|e| Error::of(Code::Internal).caused_by(e))
    }

    /// The key of the profile's own stores.
    pub(crate) fn storage(&self, provider: &dyn Provider) -> Box<dyn AeadKey> {
        provider.aes_256_gcm(self.storage.lend())
    }
}

/// Whether the keys lie under a passphrase that only the user knows.
pub(crate) fn protected_by_user(folder: &Folder) -> bool {
    !folder.file(KEPT_PASSPHRASE).exists()
}

fn kept_passphrase(folder: &Folder) -> Result<Passphrase> {
    let bytes = folder
        .find(KEPT_PASSPHRASE)?
        .ok_or_else(|| Error::new(Code::Profile, messages::PASSPHRASE_NEEDED).at(folder.path()))?;
    let foreign =
        |e: std::io::Error| Error::new(Code::Profile, messages::PROFILE_OF_ANOTHER).at(folder.path()).caused_by(e);
    let text = String::from_utf8(kept_secret(bytes).map_err(foreign)?)
        .map_err(|_| Error::new(Code::Profile, messages::PROFILE_DAMAGED).at(&folder.file(KEPT_PASSPHRASE)))?;
    Ok(Passphrase::new(text))
}

fn wrapping_key(
    provider: &dyn Provider,
    passphrase: &Passphrase,
    cost: Cost,
    salt: &[u8; 16],
) -> Option<Box<dyn AeadKey>> {
    if cost.memory_kib > MEMORY_MAX_KIB || cost.passes > 64 || cost.lanes > 64 {
        return None;
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let key = Secret::<32, role::StorageKey>::try_from_fill(|out| {
        argon.hash_password_into(passphrase.expose(), salt, out.as_mut_slice())
    });
    Some(provider.aes_256_gcm(key.ok()?.lend()))
}
