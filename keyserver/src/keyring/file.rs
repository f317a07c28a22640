//! The keyring's file: magic, cost and salt of Argon2id (RFC 9106), nonce, AES-256-GCM over deterministic CBOR.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use kakuzuke_core::cbor;
use kakuzuke_core::crypto::{KeySuite, Provider, Secret, SecretBytes, role};
use kakuzuke_core::protocol::Bytes;
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use zeroize::Zeroize;

use super::{KeyringError, Passphrase};

const MAGIC: &[u8; 8] = b"KKZRING1";
/// RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// A keyring longer than this is none.
const LONGEST: u64 = 1 << 20;
const SALT: usize = 16;
const NONCE: usize = 12;

/// What the file holds.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Content {
    #[n(0)]
    pub epoch: Bytes,
    #[n(1)]
    pub mac: Bytes,
    #[n(2)]
    pub log: Bytes,
    #[n(3)]
    pub keks: Vec<(KeySuite, Bytes)>,
    #[n(4)]
    pub identities: Vec<(String, Bytes, Bytes)>,
}

impl Drop for Content {
    fn drop(&mut self) {
        for secret in [&mut self.epoch, &mut self.mac, &mut self.log] {
            secret.0.zeroize();
        }
        self.keks.iter_mut().for_each(|(_, seed)| seed.0.zeroize());
        self.identities.iter_mut().for_each(|(_, key, _)| key.0.zeroize());
    }
}

fn master(passphrase: &Passphrase, salt: &[u8; SALT]) -> Result<Secret<32, role::MasterKey>, KeyringError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).map_err(|_| KeyringError::Key("argon2"))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Secret::try_from_fill(|out: &mut [u8; 32]| argon.hash_password_into(passphrase.expose(), salt, out))
        .map_err(|_| KeyringError::Key("argon2"))
}

pub(super) fn read(provider: &dyn Provider, path: &Path, passphrase: &Passphrase) -> Result<Content, KeyringError> {
    if fs::metadata(path)?.len() > LONGEST {
        return Err(KeyringError::Malformed);
    }
    let bytes = fs::read(path)?;
    let parts = bytes.strip_prefix(MAGIC).and_then(|rest| {
        let (salt, rest) = rest.split_first_chunk::<SALT>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>()?;
        let (body, tag) = rest.split_last_chunk::<16>()?;
        Some((salt, nonce, body, tag))
    });
    let (salt, nonce, body, tag) = parts.ok_or(KeyringError::Malformed)?;
    let key = master(passphrase, salt)?;
    let mut opened = Err(KeyringError::Sealed);
    let plain = SecretBytes::from_fill(body.len(), |out| {
        let key = provider.aes_256_gcm(key.lend());
        opened = key.open_to(nonce, MAGIC, body, tag, out).map_err(|_| KeyringError::Sealed);
    });
    opened?;
    cbor::decode_strict(plain.expose()).map_err(|_| KeyringError::Malformed)
}

pub(super) fn write(
    provider: &dyn Provider,
    path: &Path,
    passphrase: &Passphrase,
    content: &Content,
    rng: &mut dyn CryptoRng,
) -> Result<(), KeyringError> {
    let (mut salt, mut nonce) = ([0; SALT], [0; NONCE]);
    rng.fill_bytes(&mut salt);
    rng.fill_bytes(&mut nonce);
    let key = master(passphrase, &salt)?;
    // With room for everything from the start: growing would leave copies behind.
    let mut plain = Vec::with_capacity(LONGEST as usize);
    let encoded = minicbor::encode(content, &mut plain);
    let plain = SecretBytes::new(plain);
    encoded.map_err(|_| KeyringError::Key("encoding"))?;
    let mut body = vec![0; plain.len()];
    let tag = provider.aes_256_gcm(key.lend()).seal_to(&nonce, MAGIC, plain.expose(), &mut body);
    let tag = tag.map_err(|_| KeyringError::Key("sealing"))?;
    let draft = path.with_extension("draft");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    for part in [&MAGIC[..], &salt, &nonce, &body, &tag] {
        file.write_all(part)?;
    }
    file.sync_all()?;
    fs::rename(&draft, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
