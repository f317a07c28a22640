//! 設立. A new authority in an empty folder: keys, root, service certificates, log, the first two codes.

use std::fs;
use std::io;
use std::path::Path;

use kakuzuke_core::audit::{EntryKind, EntryText, Outcome};
use kakuzuke_core::crypto::{KeySuite, Provider, SigningKey, default_provider};
use kakuzuke_core::protocol::EnrolmentCode;
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Service;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::app::{App, AppError, PASSPHRASE, ServerClock, store_config};
use crate::audit::Entry;
use crate::ca::{CertificateAuthority, make_root};
use crate::config::{self, Config, ConfigError};
use crate::directory::{Enrolee, make_code};
use crate::keyring::{IdentityName, Keyring, KeyringError, Passphrase};
use crate::random::{OsRandom, bytes, generator};
use crate::recovery;
use crate::refusal::Refusal;
use crate::store::{Store, StoreError, ZoneRow};
use crate::zones;

/// An authority could not be founded.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// The folder holds something already.
    #[error("{0} is not empty: an authority is never founded over another")]
    NotEmpty(String),
    /// The folder can't be used.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// What was made can't be opened.
    #[error(transparent)]
    App(#[from] AppError),
    /// Its copy can't be begun.
    #[error(transparent)]
    Copy(#[from] recovery::RecoveryError),
    /// A code can't be made.
    #[error("{}", .0.0.detail.en)]
    Refused(Refusal),
}

impl From<KeyringError> for FoundingError {
    fn from(error: KeyringError) -> Self {
        Self::App(error.into())
    }
}

/// The codes of the two people an authority begins with.
pub struct Codes {
    /// 管理者.
    pub administrator: EnrolmentCode,
    /// The first officer, who approves whoever comes after.
    pub officer: EnrolmentCode,
}

/// Founds an authority in `dir`, a new or empty folder; `zone` are the networks inside its 要管理対策区域,
/// `address/prefix`.
///
/// # Errors
/// [`FoundingError`]; a folder that held something is left as it was.
pub fn found(
    dir: &Path,
    config: &Config,
    zone: &[String],
    first: (&Enrolee, &Enrolee),
    clock: ServerClock,
) -> Result<Codes, FoundingError> {
    let at = |path: &Path| path.display().to_string();
    fs::create_dir_all(dir).map_err(|e| FoundingError::Io(at(dir), e))?;
    if fs::read_dir(dir).map_err(|e| FoundingError::Io(at(dir), e))?.next().is_some() {
        return Err(FoundingError::NotEmpty(at(dir)));
    }
    let zone = zones::first(zone, clock()).map_err(FoundingError::Refused)?;
    private(dir).map_err(|e| FoundingError::Io(at(dir), e))?;
    let mut rng = generator();
    let now = clock();
    let pass = dir.join(PASSPHRASE);
    let passphrase = Passphrase::generate(&pass, &mut rng).map_err(|e| FoundingError::Io(at(&pass), e))?;
    let provider = default_provider();
    let mut keyring = Keyring::create(provider, config.suite, &mut rng)?;
    certify(provider, &mut keyring, config, now, &mut rng)?;
    keyring.save(dir, &passphrase, &mut rng)?;
    let path = dir.join(config::FILE);
    let text = config.to_toml().map_err(AppError::from)?;
    fs::write(&path, text).map_err(|e| FoundingError::Io(at(&path), e))?;
    if let Some(copy) = &config.copy {
        recovery::begin_copy(dir, copy)?;
    }
    first_entry(dir, config, &keyring, zone, now)?;
    let app = App::open_quietly(dir, clock)?;
    let address = config.addresses.first().cloned().unwrap_or_else(|| config.listen.to_string());
    let code = |enrolee| make_code(&app, enrolee, &address).map_err(FoundingError::Refused);
    Ok(Codes { administrator: code(first.0)?, officer: code(first.1)? })
}

fn private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

fn first_entry(
    dir: &Path,
    config: &Config,
    keyring: &Keyring,
    zone: ZoneRow,
    now: Timestamp,
) -> Result<(), FoundingError> {
    let store = Store::open(&store_config(dir, config), keyring.store_keys()).map_err(AppError::from)?;
    let text = EntryText { note: Some(config.name_ja.clone()), ..EntryText::default() };
    let entry = Entry::new(now, EntryKind::AuthorityCreated, Outcome::Done).text(text).finish(&mut generator());
    let zones = EntryText { note: Some(zone.networks.join(" ")), ..EntryText::default() };
    let zones = Entry::new(now, EntryKind::ZoneChanged, Outcome::Done).text(zones).finish(&mut generator());
    let written = store.write(move |tx| -> Result<(), StoreError> {
        tx.append(entry)?;
        let zones = tx.append(zones)?;
        tx.put(&zone, zones)
    });
    written.map_err(AppError::from)?;
    Ok(())
}

/// The root and a certificate for each service.
fn certify(
    provider: &'static dyn Provider,
    keyring: &mut Keyring,
    config: &Config,
    now: Timestamp,
    rng: &mut OsRandom,
) -> Result<(), FoundingError> {
    let new_key = |rng: &mut OsRandom| -> Result<SigningKey, FoundingError> {
        let kind = KeySuite::signing_kind(config.suite);
        SigningKey::generate(provider, kind, rng).map_err(|_| KeyringError::Key("signing key").into())
    };
    let encode = |key: &SigningKey| key.to_pkcs8().map_err(|_| KeyringError::Key("signing key"));
    let root_key = encode(&new_key(rng)?)?;
    let root_der = PrivatePkcs8KeyDer::from(root_key.expose());
    let root = make_root(config.suite, &root_der, &config.name_ja, bytes(), now).map_err(AppError::from)?;
    let ca = CertificateAuthority::new(config.suite, &root, &root_der).map_err(AppError::from)?;
    for service in Service::ALL {
        let key = new_key(rng)?;
        let hosts = if service == Service::Tls { config.hosts() } else { Vec::new() };
        let issued = ca.issue_service(key.public().spki_der(), service, &hosts, bytes(), now);
        let certificate: CertificateDer<'static> = issued.map_err(AppError::from)?;
        keyring.put_identity(IdentityName::Service(service), encode(&key)?, certificate);
    }
    keyring.put_identity(IdentityName::Root, root_key, root);
    Ok(())
}

impl From<ConfigError> for FoundingError {
    fn from(error: ConfigError) -> Self {
        Self::App(error.into())
    }
}
