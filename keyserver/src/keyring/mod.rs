//! 鍵束. Every secret of the server, in one file sealed under a passphrase; the database holds none of them.
//!
//! The file is small, replaced in one step, and readable by its owner alone. Whoever has the database without it has
//! sealed secrets and codes they can't make.

mod file;
mod passphrase;
#[cfg(test)]
mod tests;

use std::path::Path;

use kakuzuke_core::cbor;
use kakuzuke_core::crypto::{KemPrivateKey, KeyKind, KeySuite, Provider, Secret, SecretBytes, SigningKey, role};
use kakuzuke_core::envelope::DocumentSecret;
use kakuzuke_core::id::{DocumentId, KeyId, LineageId};
use kakuzuke_core::protocol::Bytes;
use kakuzuke_core::trust::Service;
use rand_core::CryptoRng;
use rustls_pki_types::CertificateDer;

pub use passphrase::Passphrase;

use self::file::Content;

/// Name of the file in the server's folder.
pub const FILE: &str = "keyring";

/// The keyring could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The file.
    #[error("keyring: {0}")]
    Io(#[from] std::io::Error),
    /// Wrong passphrase, or the file was altered.
    #[error("keyring: the passphrase is wrong or the file was altered")]
    Sealed,
    /// The content is not one of a keyring.
    #[error("keyring: malformed")]
    Malformed,
    /// A key could not be made or read.
    #[error("keyring: {0}")]
    Key(&'static str),
}

/// Whose key and certificate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityName {
    /// The certificate authority's root.
    Root,
    /// One of the services.
    Service(Service),
}

impl IdentityName {
    const fn slug(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Service(service) => service.slug(),
        }
    }
}

/// A key with its certificate.
pub struct StoredIdentity {
    pkcs8: SecretBytes,
    certificate: CertificateDer<'static>,
}

impl StoredIdentity {
    /// The private key, PKCS#8.
    #[must_use]
    pub const fn pkcs8(&self) -> &SecretBytes {
        &self.pkcs8
    }

    /// Its certificate.
    #[must_use]
    pub const fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }
}

/// A key-encryption key: grants are sealed to it.
pub struct Kek {
    id: KeyId,
    private: KemPrivateKey,
}

impl Kek {
    fn new(provider: &dyn Provider, private: KemPrivateKey) -> Option<Self> {
        let hash = provider.sha256(private.public().as_bytes());
        let id = KeyId::try_from(hash.get(..KeyId::LEN)?).ok()?;
        Some(Self { id, private })
    }

    /// Its id: first 16 bytes of SHA-256 over the public key.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The key.
    #[must_use]
    pub const fn private(&self) -> &KemPrivateKey {
        &self.private
    }
}

/// The opened keyring.
pub struct Keyring {
    provider: &'static dyn Provider,
    epoch: Secret<32, role::StorageKey>,
    mac: Secret<32, role::StorageKey>,
    log: SigningKey,
    keks: Vec<Kek>,
    identities: Vec<(String, StoredIdentity)>,
}

impl Keyring {
    /// Makes a new one with fresh keys: storage, codes, log, and one key-encryption key of the suite. Not yet on disk.
    ///
    /// # Errors
    /// [`KeyringError::Key`] when a key can't be made.
    pub fn create(
        provider: &'static dyn Provider,
        suite: KeySuite,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, KeyringError> {
        let log = SigningKey::generate(provider, KeyKind::Ed25519, rng).map_err(|_| KeyringError::Key("log key"))?;
        let kek = KemPrivateKey::generate(provider, suite, rng).ok().and_then(|key| Kek::new(provider, key));
        Ok(Self {
            provider,
            epoch: Secret::generate(rng),
            mac: Secret::generate(rng),
            log,
            keks: vec![kek.ok_or(KeyringError::Key("key-encryption key"))?],
            identities: Vec::new(),
        })
    }

    /// Opens the keyring in the server's folder.
    ///
    /// # Errors
    /// [`KeyringError::Sealed`] when the passphrase is not the one.
    pub fn open(provider: &'static dyn Provider, dir: &Path, passphrase: &Passphrase) -> Result<Self, KeyringError> {
        let content = file::read(provider, &dir.join(FILE), passphrase)?;
        let secret = |bytes: &[u8]| Secret::from_slice(bytes).ok_or(KeyringError::Malformed);
        let log = SigningKey::from_pkcs8(provider, &content.log.0).map_err(|_| KeyringError::Malformed)?;
        let mut keks = Vec::new();
        for (suite, seed) in &content.keks {
            let seed = Secret::from_slice(&seed.0).ok_or(KeyringError::Malformed)?;
            let private = KemPrivateKey::from_seed(provider, *suite, seed).map_err(|_| KeyringError::Malformed)?;
            keks.push(Kek::new(provider, private).ok_or(KeyringError::Malformed)?);
        }
        let identities = content
            .identities
            .iter()
            .map(|(name, pkcs8, certificate)| {
                let pkcs8 = SecretBytes::new(pkcs8.0.clone());
                (name.clone(), StoredIdentity { pkcs8, certificate: CertificateDer::from(certificate.0.clone()) })
            })
            .collect();
        let (epoch, mac) = (secret(&content.epoch.0)?, secret(&content.mac.0)?);
        Ok(Self { provider, epoch, mac, log, keks, identities })
    }

    /// Writes it into the server's folder, in one step.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn save(&self, dir: &Path, passphrase: &Passphrase, rng: &mut dyn CryptoRng) -> Result<(), KeyringError> {
        let content = Content {
            epoch: Bytes(self.epoch.expose().to_vec()),
            mac: Bytes(self.mac.expose().to_vec()),
            log: Bytes(self.log.to_pkcs8().map_err(|_| KeyringError::Key("log key"))?.expose().to_vec()),
            keks: self.keks.iter().map(|k| (k.private.suite(), Bytes(k.private.seed().expose().to_vec()))).collect(),
            identities: self
                .identities
                .iter()
                .map(|(name, id)| (name.clone(), Bytes(id.pkcs8.expose().to_vec()), Bytes(id.certificate.to_vec())))
                .collect(),
        };
        file::write(self.provider, &dir.join(FILE), passphrase, &content, rng)
    }

    /// Keeps a key with its certificate, in place of the one of that name.
    pub fn put_identity(&mut self, name: IdentityName, pkcs8: SecretBytes, certificate: CertificateDer<'static>) {
        self.identities.retain(|(known, _)| known != name.slug());
        self.identities.push((name.slug().to_owned(), StoredIdentity { pkcs8, certificate }));
    }

    /// The key and certificate of a name.
    ///
    /// # Errors
    /// [`KeyringError::Key`] when there is none.
    pub fn identity(&self, name: IdentityName) -> Result<&StoredIdentity, KeyringError> {
        let found = self.identities.iter().find(|(known, _)| known == name.slug());
        found.map(|(_, identity)| identity).ok_or(KeyringError::Key("no such identity"))
    }

    /// Adds a key-encryption key that new grants are made to; gives its id. Not yet on disk.
    ///
    /// # Errors
    /// [`KeyringError::Key`] when it can't be made.
    pub fn add_kek(&mut self, suite: KeySuite, rng: &mut dyn CryptoRng) -> Result<KeyId, KeyringError> {
        let key = KemPrivateKey::generate(self.provider, suite, rng).ok();
        let kek = key.and_then(|key| Kek::new(self.provider, key)).ok_or(KeyringError::Key("key-encryption key"))?;
        let id = kek.id();
        self.keks.push(kek);
        Ok(id)
    }

    /// The key-encryption keys, oldest first; new grants are made to the last.
    #[must_use]
    pub fn keks(&self) -> &[Kek] {
        &self.keks
    }

    /// The one new grants are made to.
    ///
    /// # Errors
    /// [`KeyringError::Key`] when there is none, which no keyring of ours has.
    pub fn active_kek(&self) -> Result<&Kek, KeyringError> {
        self.keks.last().ok_or(KeyringError::Key("no key-encryption key"))
    }

    /// The one of an id.
    #[must_use]
    pub fn kek(&self, id: KeyId) -> Option<&Kek> {
        self.keks.iter().find(|kek| kek.id == id)
    }

    /// The log's signing key.
    #[must_use]
    pub const fn log_signer(&self) -> &SigningKey {
        &self.log
    }

    /// What the store needs.
    #[must_use]
    pub fn store_keys(&self) -> crate::store::StoreKeys {
        crate::store::StoreKeys { mac: Secret::from_fill(|to| to.copy_from_slice(self.mac.expose())) }
    }

    /// Seals a document's secret for the database. It can be opened under the same document id only.
    ///
    /// # Errors
    /// [`KeyringError::Key`] when it can't be sealed, which no input makes it do.
    pub fn seal_secret(
        &self,
        document: &DocumentId,
        secret: &DocumentSecret,
        rng: &mut dyn CryptoRng,
    ) -> Result<Bytes, KeyringError> {
        self.seal(&cbor::encode(&("kakuzuke/v1/stored-secret", document)), secret.expose(), rng)
    }

    /// Opens a sealed secret.
    ///
    /// # Errors
    /// [`KeyringError::Sealed`] when it was altered, or sealed for another document or by another keyring.
    pub fn open_secret(&self, document: &DocumentId, sealed: &Bytes) -> Result<DocumentSecret, KeyringError> {
        let bytes = self.open_sealed(&cbor::encode(&("kakuzuke/v1/stored-secret", document)), sealed)?;
        Secret::from_slice(bytes.expose()).ok_or(KeyringError::Malformed)
    }

    /// Seals a 件名 for the database.
    ///
    /// # Errors
    /// As [`Self::seal_secret`].
    pub fn seal_title(&self, lineage: &LineageId, title: &str, rng: &mut dyn CryptoRng) -> Result<Bytes, KeyringError> {
        self.seal(&cbor::encode(&("kakuzuke/v1/stored-title", lineage)), title.as_bytes(), rng)
    }

    /// Opens a sealed 件名.
    ///
    /// # Errors
    /// As [`Self::open_secret`].
    pub fn open_title(&self, lineage: &LineageId, sealed: &Bytes) -> Result<String, KeyringError> {
        let bytes = self.open_sealed(&cbor::encode(&("kakuzuke/v1/stored-title", lineage)), sealed)?;
        String::from_utf8(bytes.expose().to_vec()).map_err(|_| KeyringError::Malformed)
    }

    /// nonce ‖ ciphertext ‖ tag, AES-256-GCM under the storage key.
    fn seal(&self, aad: &[u8], plain: &[u8], rng: &mut dyn CryptoRng) -> Result<Bytes, KeyringError> {
        let mut nonce = [0; 12];
        rng.fill_bytes(&mut nonce);
        let mut body = plain.to_vec();
        let tag = self.provider.aes_256_gcm(self.epoch.lend()).seal(&nonce, aad, &mut body);
        let tag = tag.map_err(|_| KeyringError::Key("sealing"))?;
        Ok(Bytes([&nonce[..], &body, &tag].concat()))
    }

    fn open_sealed(&self, aad: &[u8], sealed: &Bytes) -> Result<SecretBytes, KeyringError> {
        let parts =
            sealed.0.split_first_chunk::<12>().and_then(|(nonce, rest)| Some((nonce, rest.split_last_chunk::<16>()?)));
        let (nonce, (body, tag)) = parts.ok_or(KeyringError::Sealed)?;
        let mut opened = Err(KeyringError::Sealed);
        let plain = SecretBytes::from_fill(body.len(), |out| {
            let key = self.provider.aes_256_gcm(self.epoch.lend());
            opened = key.open_to(nonce, aad, body, tag, out).map_err(|_| KeyringError::Sealed);
        });
        opened.map(|()| plain)
    }
}
