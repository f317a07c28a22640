//! 更新. Keys and certificates of the server that do not last: service certificates before they end, the key-encryption
//! key when the operator says so (6.1.5(1)(b)(エ)).

use std::path::Path;

use kakuzuke_core::audit::{EntryKind, EntryText, Outcome};
use kakuzuke_core::crypto::{Provider, SecretBytes, SigningKey, default_provider};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{Service, end_of};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::app::{App, AppError, ServerClock};
use crate::audit::Entry;
use crate::ca::CertificateAuthority;
use crate::config::Config;
use crate::keyring::{IdentityName, Keyring, Passphrase};
use crate::random::{bytes, generator};
use crate::recovery;

/// A service's certificate is renewed when it has less than this to go: half a year.
const BEFORE_SECONDS: i64 = 183 * 86_400;

/// Gives every service whose certificate ends soon a new one for the same key. Whether there was any.
///
/// # Errors
/// [`AppError`] when one can't be made, or the keyring can't be written.
pub fn renew_services(
    dir: &Path,
    config: &Config,
    (keyring, passphrase): (&mut Keyring, &Passphrase),
    now: Timestamp,
) -> Result<bool, AppError> {
    let provider = default_provider();
    let root = keyring.identity(IdentityName::Root)?;
    let ca =
        CertificateAuthority::new(config.suite, root.certificate(), &PrivatePkcs8KeyDer::from(root.pkcs8().expose()))?;
    let mut renewed = false;
    for service in Service::ALL {
        let identity = keyring.identity(IdentityName::Service(service))?;
        let end = end_of(identity.certificate()).map_err(|_| AppError::Identity)?;
        if end.since(now) >= BEFORE_SECONDS {
            continue;
        }
        let key = SecretBytes::new(identity.pkcs8().expose().to_vec());
        let certificate = certify(provider, &ca, config, service, key.expose(), now)?;
        keyring.put_identity(IdentityName::Service(service), key, certificate);
        renewed = true;
    }
    if renewed {
        keyring.save(dir, passphrase, &mut generator())?;
    }
    Ok(renewed)
}

fn certify(
    provider: &'static dyn Provider,
    ca: &CertificateAuthority,
    config: &Config,
    service: Service,
    key: &[u8],
    now: Timestamp,
) -> Result<CertificateDer<'static>, AppError> {
    let key = SigningKey::from_pkcs8(provider, key).map_err(|_| AppError::Identity)?;
    let hosts = if service == Service::Tls { config.hosts() } else { Vec::new() };
    Ok(ca.issue_service(key.public().spki_der(), service, &hosts, bytes(), now)?)
}

/// Records that something was renewed.
///
/// # Errors
/// When the entry can't be written.
pub fn record(app: &App, what: &str) -> Result<(), AppError> {
    let text = EntryText { note: Some(what.to_owned()), ..EntryText::default() };
    let entry = Entry::new(app.now(), EntryKind::KeyRotated, Outcome::Done).text(text).finish(&mut generator());
    app.store.write(move |tx| tx.append(entry).map(drop))?;
    Ok(())
}

/// 鍵暗号化鍵の更新. A new key-encryption key for documents to come; what is sealed to the older ones still opens. The
/// running server uses it from its next start on.
///
/// # Errors
/// [`AppError`] when it can't be made or written.
pub fn rotate(dir: &Path, clock: ServerClock) -> Result<(), AppError> {
    let config = Config::read(dir)?;
    let passphrase = App::passphrase(dir, &config)?;
    let mut keyring = Keyring::open(default_provider(), dir, &passphrase)?;
    let id = keyring.add_kek(config.suite, &mut generator())?;
    keyring.save(dir, &passphrase, &mut generator())?;
    if let Some(copy) = &config.copy {
        recovery::place_keys(dir, copy).map_err(|error| AppError::Copy(copy.clone(), error))?;
    }
    record(&App::open_quietly(dir, clock)?, &format!("key-encryption key {id}"))
}
