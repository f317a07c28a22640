//! 利用者の席. One officer on one device, ready to work: the profile, the clock, the way to the key server.

use std::path::Path;
use std::sync::Arc;

use kakuzuke_core::code::Code;
use kakuzuke_core::crypto::{Provider, default_provider};
use kakuzuke_core::label::Taxonomy;
use kakuzuke_core::protocol::{SignedAuthority, paths};
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::CoverCache;

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::messages;
use crate::profile::{Passphrase, Profile, Seen};
use crate::reports::ProfileInfo;
use crate::transport::{Caller, Method, Server};

/// How a session is opened.
#[derive(Clone)]
pub struct SessionOptions {
    /// The clock; the machine's unless a test says otherwise.
    pub clock: Arc<dyn Clock>,
    /// The passphrase of the profile, where it has one; `KAKUZUKE_PASSPHRASE` if none is given.
    pub passphrase: Option<Arc<Passphrase>>,
    /// The proxy calls to the key server go through, `http://host:port`; none unless it is named here.
    pub proxy: Option<String>,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), passphrase: None, proxy: None }
    }
}

impl SessionOptions {
    pub(crate) fn passphrase(&self) -> Option<Arc<Passphrase>> {
        let named = || std::env::var("KAKUZUKE_PASSPHRASE").ok().filter(|text| !text.is_empty());
        self.passphrase.clone().or_else(|| named().map(|text| Arc::new(Passphrase::new(text))))
    }
}

/// 利用者の席. May be used from many threads at once; cheap to clone.
#[derive(Clone)]
pub struct Session(pub(crate) Arc<Desk>);

/// What lies on it.
pub(crate) struct Desk {
    pub(crate) provider: &'static dyn Provider,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) profile: Profile,
    pub(crate) seen: Seen,
    pub(crate) server: Server,
    pub(crate) taxonomy: &'static Taxonomy,
    pub(crate) covers: CoverCache,
    pub(crate) info: ProfileInfo,
}

impl Session {
    /// Opens the profile in a folder.
    ///
    /// # Errors
    /// [`Code::Profile`] when there is none or it is damaged, [`Code::CertificateInvalid`] when its certificate has
    /// ended.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_with(folder, &SessionOptions::default())
    }

    /// The same with a clock or passphrase of the caller's.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(folder: &Path, options: &SessionOptions) -> Result<Self> {
        if !crate::profile::exists(folder) {
            return Err(Error::new(Code::Profile, messages::NO_PROFILE).at(folder));
        }
        let provider = default_provider();
        let clock = Arc::clone(&options.clock);
        let profile = Profile::open(provider, folder, options.passphrase().as_deref(), clock.now())?;
        let taxonomy = profile.description().taxonomy;
        let taxonomy = Taxonomy::built_in(&taxonomy)
            .ok_or_else(|| Error::new(Code::Profile, messages::unknown_taxonomy(&taxonomy)).at(folder))?;
        let seen = Seen::open(profile.folder())?;
        let server = Server::enrolled(&profile, options.proxy.as_deref())?;
        let info = profile.info();
        let covers = CoverCache::new();
        Ok(Self(Arc::new(Desk { provider, clock, profile, seen, server, taxonomy, covers, info })))
    }

    /// Who works here, and for whom.
    #[must_use]
    pub fn profile(&self) -> &ProfileInfo {
        &self.0.info
    }
}

impl Desk {
    /// This device's clock, which must not have been turned back.
    pub(crate) fn now(&self) -> Result<Timestamp> {
        let now = self.clock.now();
        self.seen.check_not_turned_back(now)?;
        Ok(now)
    }

    /// Who calls the server, and when. The server judges the clock.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller { provider: self.provider, profile: &self.profile, now: self.clock.now() }
    }

    /// Fetches the authority's description when the one at hand has ended.
    pub(crate) fn refresh_description(&self) -> Result<()> {
        if self.profile.description().until > self.clock.now() {
            return Ok(());
        }
        self.renew_description()
    }

    /// Fetches the authority's description, whatever is at hand.
    pub(crate) fn renew_description(&self) -> Result<()> {
        let answer: SignedAuthority = self.server.ask(Method::Get, paths::AUTHORITY, None)?;
        self.profile.keep_description(self.provider, answer.description.as_slice(), self.clock.now())
    }
}
