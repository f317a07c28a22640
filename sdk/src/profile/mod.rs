//! プロファイル. One officer's enrolment on one device: keys, certificate, pinned root, and what was last seen of the
//! authority. A folder that only its owner can read; every file in it is replaced in one step.

mod authority;
mod folder;
mod keys;
mod seen;

use std::path::{Path, PathBuf};
use std::sync::RwLock;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::crypto::Provider;
use kakuzuke_core::envelope::Signatory;
use kakuzuke_core::id::{AuthorityId, DeviceId, SubjectId};
use kakuzuke_core::protocol::AuthorityDescription;
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{Anchors, authority_id};
use rustls_pki_types::CertificateDer;
use serde::{Deserialize, Serialize};

pub use self::keys::Passphrase;
pub(crate) use authority::{Belief, read_description, verify_description};
pub(crate) use folder::Folder;
pub(crate) use keys::{DeviceKeys, protected_by_user};
pub(crate) use seen::Seen;

use crate::error::{Error, Result};
use crate::messages;
use crate::platform;
use crate::reports::ProfileInfo;

const CARD: &str = "profile.json";
const ROOT: &str = "root.der";
const CERTIFICATE: &str = "device.der";
const DESCRIPTION: &str = "authority.cose";
/// The one version of the folder's form there is.
const VERSION: u32 = 1;

/// The folder profiles lie in unless the caller names one: `KAKUZUKE_PROFILE`, else `kakuzuke/default` in the user's data
/// folder (XDG base directories; `%LOCALAPPDATA%\Kakuzuke\default` on Windows: keys of a device do not roam).
///
/// # Errors
/// When the user has no home.
pub fn default_folder() -> Result<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(folder) = named("KAKUZUKE_PROFILE") {
        return Ok(folder);
    }
    let (data, ours) = platform::data_folder().ok_or_else(|| Error::new(Code::Profile, messages::NO_HOME))?;
    Ok(data.join(ours).join("default"))
}

/// What is written of a profile in words; nothing secret, and nothing trusted that the certificate says better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Card {
    pub(crate) version: u32,
    pub(crate) authority: AuthorityId,
    pub(crate) addresses: Vec<String>,
    pub(crate) subject: SubjectId,
    pub(crate) device: DeviceId,
    pub(crate) device_name: String,
}

impl Card {
    pub(crate) fn new(authority: AuthorityId, address: &str, subject: SubjectId, device: DeviceId, name: &str) -> Self {
        let addresses = vec![address.to_owned()];
        Self { version: VERSION, authority, addresses, subject, device, device_name: name.to_owned() }
    }
}

/// An open profile.
pub(crate) struct Profile {
    folder: Folder,
    card: Card,
    chain: Vec<CertificateDer<'static>>,
    root: CertificateDer<'static>,
    anchors: Anchors,
    keys: DeviceKeys,
    person: Person,
    description: RwLock<AuthorityDescription>,
}

/// Who the certificate says the holder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) unit: Option<String>,
}

impl Profile {
    /// Opens the profile in `folder`: everything in it must fit together.
    pub(crate) fn open(
        provider: &'static dyn Provider,
        folder: &Path,
        passphrase: Option<&Passphrase>,
        now: Timestamp,
    ) -> Result<Self> {
        let folder = Folder::open(folder)?;
        let card: Card = folder.read_json(CARD)?;
        let root = CertificateDer::from(folder.read(ROOT)?);
        let certificate = CertificateDer::from(folder.read(CERTIFICATE)?);
        let broken = |text: Text| Error::new(Code::Profile, text).at(folder.path());
        if card.version != VERSION || authority_id(provider, &root) != card.authority {
            return Err(broken(messages::PROFILE_DAMAGED));
        }
        let anchors = Anchors::new(provider, [&root]).map_err(|e| broken(messages::PROFILE_DAMAGED).caused_by(e))?;
        let keys = DeviceKeys::open(provider, &folder, passphrase)?;
        let chain = vec![certificate];
        let person = holder(provider, &anchors, &chain, &card, &keys, now)
            .map_err(|text| Error::new(Code::CertificateInvalid, text).at(folder.path()))?;
        let belief = Belief { anchors: &anchors, authority: card.authority };
        let description = read_description(provider, &folder.read(DESCRIPTION)?, belief)?;
        let description = RwLock::new(description);
        Ok(Self { folder, card, chain, root, anchors, keys, person, description })
    }

    /// Who and whose.
    pub(crate) fn info(&self) -> ProfileInfo {
        let description = self.description();
        ProfileInfo {
            folder: self.folder.path().to_owned(),
            authority: self.card.authority,
            organization: Text::new(description.name_ja, description.name_en),
            addresses: self.card.addresses.clone(),
            subject: self.card.subject.clone(),
            name: self.person.name.clone(),
            unit: self.person.unit.clone(),
            device: self.card.device,
            device_name: self.card.device_name.clone(),
            single_operator: description.single_operator,
        }
    }

    pub(crate) const fn folder(&self) -> &Folder {
        &self.folder
    }

    pub(crate) const fn card(&self) -> &Card {
        &self.card
    }

    pub(crate) const fn keys(&self) -> &DeviceKeys {
        &self.keys
    }

    pub(crate) const fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    pub(crate) const fn root(&self) -> &CertificateDer<'static> {
        &self.root
    }

    pub(crate) fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    pub(crate) const fn authority(&self) -> AuthorityId {
        self.card.authority
    }

    /// The newest description seen.
    pub(crate) fn description(&self) -> AuthorityDescription {
        self.description.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The holder as a signer.
    pub(crate) fn signatory(&self, provider: &dyn Provider) -> Signatory<'_> {
        Signatory::new(provider, self.keys.signing(), &self.chain)
    }

    /// Keeps a newer description. One with a lower version than seen before is refused.
    pub(crate) fn keep_description(&self, provider: &dyn Provider, signed: &[u8], now: Timestamp) -> Result<()> {
        let belief = Belief { anchors: &self.anchors, authority: self.card.authority };
        let new = verify_description(provider, signed, belief, now)?;
        let mut kept = self.description.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if new.version < kept.version {
            return Err(Error::new(Code::SignatureInvalid, messages::DESCRIPTION_OLD));
        }
        if new != *kept {
            self.folder.write(DESCRIPTION, signed)?;
            *kept = new;
        }
        Ok(())
    }
}

/// The certificate must lead to the pinned root, be for this key and for this subject. An expired one is told apart:
/// the profile can still show and verify.
fn holder(
    provider: &dyn Provider,
    anchors: &Anchors,
    chain: &[CertificateDer<'static>],
    card: &Card,
    keys: &DeviceKeys,
    now: Timestamp,
) -> std::result::Result<Person, Text> {
    use kakuzuke_core::trust::TrustError;
    let signer = anchors.verify_chain(provider, chain, now).map_err(|error| match error {
        TrustError::NotValidAt => messages::CERTIFICATE_PERIOD,
        _ => messages::PROFILE_DAMAGED,
    })?;
    let ours = signer.device() == card.device
        && signer.person() == Some(&card.subject)
        && signer.key().spki_der() == keys.signing().public().spki_der();
    if !ours {
        return Err(messages::PROFILE_DAMAGED);
    }
    Ok(Person { name: signer.name().to_owned(), unit: signer.unit().map(ToOwned::to_owned) })
}

/// Writes a new profile. The card comes last: a folder without one is none.
pub(crate) fn found(
    folder: &Folder,
    card: &Card,
    root: &CertificateDer<'_>,
    certificate: &CertificateDer<'_>,
    description: &[u8],
) -> Result<()> {
    folder.write(ROOT, root)?;
    folder.write(CERTIFICATE, certificate)?;
    folder.write(DESCRIPTION, description)?;
    folder.write_json(CARD, card)
}

/// Whether the profile in `folder` opens with a passphrase that only its user knows.
#[must_use]
pub fn needs_passphrase(folder: &Path) -> bool {
    Folder::open(folder).is_ok_and(|opened| exists(folder) && protected_by_user(&opened))
}

/// Whether there is a profile in `folder` already.
pub(crate) fn exists(folder: &Path) -> bool {
    folder.join(CARD).exists()
}
