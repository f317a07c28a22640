//! 機関. Everything a request needs, put together once at start.

use std::path::Path;
use std::sync::Arc;

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::cbor;
use kakuzuke_core::cose::{self, Domain};
use kakuzuke_core::crypto::{Provider, SigningKey, default_provider};
use kakuzuke_core::id::AuthorityId;
use kakuzuke_core::label::Taxonomy;
use kakuzuke_core::protocol::{AuthorityDescription, Bytes, KekDescription, KekState, LogDescription};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{Anchors, Service, authority_id};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::audit::{Auditor, AuditorError, Entry};
use crate::auth::{Attempts, Refusals, Repeats};
use crate::ca::{CaError, CertificateAuthority};
use crate::config::{Config, ConfigError};
use crate::decide::{Engine, EngineError};
use crate::directory;
use crate::keyring::{IdentityName, Keyring, KeyringError, Passphrase};
use crate::random::generator;
use crate::reconcile::reconcile;
use crate::recovery;
use crate::renewal;
use crate::store::{Reader, Store, StoreConfig, StoreError};

/// The database, in the server's folder and in its copy.
pub const DATABASE: &str = "keyserver.db";
/// The second sink of the log, unless the configuration names another.
pub const SINK: &str = "log.jsonl";
/// The master passphrase, unless the configuration names another file.
pub const PASSPHRASE: &str = "master.pass";

/// How long a description of the authority may be relied on: 7 days.
const DESCRIPTION_SECONDS: i64 = 7 * 86_400;

/// The server could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Its passphrase.
    #[error("passphrase: {0}")]
    Passphrase(std::io::Error),
    /// Its keys.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Its store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its log.
    #[error(transparent)]
    Auditor(#[from] AuditorError),
    /// Its policies.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Its certificate authority.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The taxonomy named in the configuration is not known.
    #[error("no taxonomy {0}")]
    Taxonomy(String),
    /// A row is older than the log says.
    #[error(
        "log entry {0} was undone in the database: an older row was put back. Restore the newest database or its copy \
         / 監査ログ {0} の変更がデータベースで元に戻されています。最新のデータベース又は写しを復元してください"
    )]
    RolledBack(u64),
    /// Its copy.
    #[error("the copy in {0}: {1}")]
    Copy(std::path::PathBuf, std::io::Error),
    /// A key or certificate of its own does not read.
    #[error("a key or certificate of the authority does not read")]
    Identity,
}

/// The clock of a server; tests set their own.
pub type ServerClock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A key that signs as one of the services.
pub struct ServiceSigner {
    key: SigningKey,
    certificate: CertificateDer<'static>,
}

impl ServiceSigner {
    fn of(provider: &dyn Provider, keyring: &Keyring, service: Service) -> Result<Self, AppError> {
        let identity = keyring.identity(IdentityName::Service(service))?;
        let key = SigningKey::from_pkcs8(provider, identity.pkcs8().expose()).map_err(|_| AppError::Identity)?;
        Ok(Self { key, certificate: identity.certificate().clone() })
    }

    /// Signs deterministic CBOR of `content` for `domain`.
    ///
    /// # Errors
    /// When the key cannot sign, which no content makes it do.
    pub fn sign<T: minicbor::Encode<()>>(&self, domain: Domain, content: &T) -> Result<Bytes, AppError> {
        let chain = std::slice::from_ref(&self.certificate);
        let signed = cose::sign(&self.key, domain, chain, &cbor::encode(content), &mut generator());
        signed.map(Bytes).map_err(|_| AppError::Identity)
    }
}

/// The running authority.
pub struct App {
    /// Its configuration.
    pub config: Config,
    /// Its keys.
    pub keyring: Arc<Keyring>,
    /// Its rows and its log.
    pub store: Store,
    /// Its policies.
    pub engine: Engine,
    /// Its proofs.
    pub auditor: Auditor,
    /// Its taxonomy.
    pub taxonomy: &'static Taxonomy,
    /// Its root certificate.
    pub root: CertificateDer<'static>,
    /// Its id.
    pub authority: AuthorityId,
    /// Its root as an anchor.
    pub anchors: Anchors,
    /// Issues certificates.
    pub ca: CertificateAuthority,
    /// Signs licences, tickets, destruction certificates.
    pub licences: ServiceSigner,
    /// Signs the description.
    pub descriptions: ServiceSigner,
    /// Requests seen lately.
    pub repeats: Repeats,
    /// Enrolments that failed lately.
    pub attempts: Attempts,
    /// Requests refused before anybody was identified.
    pub refusals: Refusals,
    /// Cryptography.
    pub provider: &'static dyn Provider,
    clock: ServerClock,
}

impl App {
    /// Opens the authority in a server's folder and records that it started.
    ///
    /// # Errors
    /// [`AppError`] naming what is missing or does not fit.
    pub fn open(dir: &Path, clock: ServerClock) -> Result<Self, AppError> {
        let config = Config::read(dir)?;
        let passphrase = Self::passphrase(dir, &config)?;
        let mut keyring = Keyring::open(default_provider(), dir, &passphrase)?;
        let renewed = renewal::renew_services(dir, &config, (&mut keyring, &passphrase), clock())?;
        let app = Self::assemble(dir, config, keyring, clock)?;
        app.store.read(reconcile)?;
        if renewed {
            renewal::record(&app, "service certificates")?;
        }
        if let Some(copy) = &app.config.copy
            && let Err(error) = recovery::place_keys(dir, copy)
        {
            tell(&format!("the copy in {} can't be written: {error}", copy.display()));
        }
        let mut entry = Entry::new(app.now(), EntryKind::ServerStarted, Outcome::Done);
        if app.store.repaired() > 0 {
            entry.text.note = Some(format!("{} entries were missing from the second sink", app.store.repaired()));
        }
        let entry = entry.finish(&mut generator());
        app.store.write(move |tx| tx.append(entry).map(drop))?;
        Ok(app)
    }

    /// The same without a record, for commands that run beside the server.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_quietly(dir: &Path, clock: ServerClock) -> Result<Self, AppError> {
        let config = Config::read(dir)?;
        let passphrase = Self::passphrase(dir, &config)?;
        let keyring = Keyring::open(default_provider(), dir, &passphrase)?;
        Self::assemble(dir, config, keyring, clock)
    }

    /// The master passphrase of a server's folder.
    ///
    /// # Errors
    /// When its file can't be read.
    pub fn passphrase(dir: &Path, config: &Config) -> Result<Passphrase, AppError> {
        let file = config.passphrase_file.clone().unwrap_or_else(|| dir.join(PASSPHRASE));
        Passphrase::from_file(&file).map_err(AppError::Passphrase)
    }

    fn assemble(dir: &Path, config: Config, keyring: Keyring, clock: ServerClock) -> Result<Self, AppError> {
        let (provider, keyring) = (default_provider(), Arc::new(keyring));
        let root = keyring.identity(IdentityName::Root)?;
        let (root, root_key) = (root.certificate().clone(), root.pkcs8());
        let ca = CertificateAuthority::new(config.suite, &root, &PrivatePkcs8KeyDer::from(root_key.expose()))?;
        let anchors = Anchors::new(provider, [&root]).map_err(|_| AppError::Identity)?;
        let authority = authority_id(provider, &root);
        let taxonomy =
            Taxonomy::built_in(&config.taxonomy).ok_or_else(|| AppError::Taxonomy(config.taxonomy.clone()))?;
        let store = Store::open(&store_config(dir, &config), keyring.store_keys())?;
        let auditor = Auditor::new(store.clone(), Arc::clone(&keyring), &origin(&authority))?;
        Ok(Self {
            engine: Engine::built_in()?,
            licences: ServiceSigner::of(provider, &keyring, Service::Licence)?,
            descriptions: ServiceSigner::of(provider, &keyring, Service::Authority)?,
            repeats: Repeats::default(),
            attempts: Attempts::default(),
            refusals: Refusals::default(),
            config,
            keyring,
            store,
            auditor,
            taxonomy,
            root,
            authority,
            anchors,
            ca,
            provider,
            clock,
        })
    }

    /// The server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Puts the refusals counted since the last time into the log, one entry for each source.
    ///
    /// # Errors
    /// When they can't be written; they are lost then.
    pub fn record_refusals(&self) -> Result<(), AppError> {
        let now = self.now();
        let taken = self.refusals.take();
        if taken.is_empty() {
            return Ok(());
        }
        let entries: Vec<_> = taken.into_iter().map(|(source, count)| refused(source, count, now)).collect();
        self.store.write(move |tx| entries.into_iter().try_for_each(|entry| tx.append(entry).map(drop)))?;
        Ok(())
    }

    /// The signed description of the authority. Its version is the size of the log: it grows with every change.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn description(&self, reader: &Reader<'_>) -> Result<Bytes, AppError> {
        let now = self.now();
        let keks = self.keyring.keks();
        let last = keks.len().saturating_sub(1);
        let keks = keks.iter().enumerate().map(|(place, kek)| KekDescription {
            key_id: kek.id(),
            suite: kek.private().suite(),
            public: Bytes::from(kek.private().public().as_bytes()),
            state: if place == last { KekState::Active } else { KekState::Deactivated },
        });
        let description = AuthorityDescription {
            authority: self.authority,
            version: reader.head()?.size,
            issued: now,
            until: now.plus(DESCRIPTION_SECONDS),
            name_ja: self.config.name_ja.clone(),
            name_en: self.config.name_en.clone(),
            kind: self.config.organisation,
            keks: keks.collect(),
            minimum_suite: self.config.suite,
            taxonomy: self.taxonomy.reference().id.to_string(),
            taxonomy_version: self.taxonomy.reference().version.to_string(),
            log: LogDescription { origin: self.auditor.key().name().to_owned(), vkey: self.auditor.key().to_string() },
            single_operator: directory::is_single_operator(reader)?,
        };
        self.descriptions.sign(Domain::AUTHORITY, &description)
    }
}

/// Where the store of a server's folder lies.
#[must_use]
pub fn store_config(dir: &Path, config: &Config) -> StoreConfig {
    let sink = config.sink.clone().unwrap_or_else(|| dir.join(SINK));
    let copy = config.copy.as_ref().map(|copy| copy.join(DATABASE));
    StoreConfig { database: dir.join(DATABASE), sink, copy }
}

fn refused(source: Option<std::net::IpAddr>, count: u64, now: Timestamp) -> crate::store::NewEntry {
    let mut entry = Entry::new(now, EntryKind::Refused, Outcome::Denied);
    entry.text.from = Some(source.map_or_else(|| "others".to_owned(), |source| source.to_string()));
    entry.text.count = Some(count);
    entry.finish(&mut generator())
}

/// Says something to the operator.
fn tell(what: &str) {
    use std::io::Write;
    let _no_terminal = writeln!(std::io::stderr(), "{what}");
}

/// Name of the log: of the authority it belongs to.
fn origin(authority: &AuthorityId) -> String {
    format!("kakuzuke.log/{authority}")
}
