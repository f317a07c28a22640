//! 設定. What an operator may set, read once at start; everything that feeds a decision lives in the store instead,
//! behind approval.
//!
//! Each key says whether it is trusted and what losing it costs.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kakuzuke_core::crypto::KeySuite;
use kakuzuke_core::protocol::OrganisationKind;
use serde::{Deserialize, Serialize};

/// Name of the file in the server's folder.
pub const FILE: &str = "config.toml";

/// The configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// 機関名. Shown to people; trusted for nothing. Loss: covers carry another name.
    pub name_ja: String,
    /// Name in English. As above.
    pub name_en: String,
    /// 組織の種別. Trusted: selects the rules that bind. Loss: rules of another kind of organisation apply.
    pub organisation: OrganisationKind,
    /// Id of the taxonomy in force. Trusted: gives restrictions their meaning.
    pub taxonomy: String,
    /// Suite of new keys and lowest suite registered. Trusted. Loss: weaker grants would be accepted.
    pub suite: KeySuite,
    /// Where to listen. Not trusted. Loss: clients find nobody.
    pub listen: SocketAddr,
    /// Addresses clients reach the server by (`host:port`); the TLS certificate names these hosts. Not trusted.
    pub addresses: Vec<String>,
    /// Lifetime of an online licence in seconds, 30 to 3,600. Trusted: bounds how long a revocation takes to reach open documents.
    pub licence_seconds: u32,
    /// Longest offline lease in seconds; 0 forbids leases. Trusted.
    pub lease_seconds: u32,
    /// File that holds the master passphrase; absent: `master.pass` in the server's folder. Secret.
    /// Loss: nothing opens any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase_file: Option<PathBuf>,
    /// The second sink of the audit log. Trusted; best on another disk. Loss: start-up can't tell a restored
    /// database from a current one, and refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink: Option<PathBuf>,
    /// 写し. Folder of a second database, on another disk: what 可用性２情報 needs. Holds no passphrase. Loss: the server
    /// goes on without it and issues no tickets for 可用性２ until it is back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<PathBuf>,
}

/// The configuration could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its content.
    #[error("{path}: {message}")]
    Invalid {
        /// Which.
        path: PathBuf,
        /// Why, with the line.
        message: String,
    },
}

impl Config {
    /// The embedded default: loopback, jp-h30, listed algorithms only.
    #[must_use]
    pub fn embedded(listen: SocketAddr) -> Self {
        Self {
            name_ja: "○○庁".into(),
            name_en: "Agency".into(),
            organisation: OrganisationKind::GovernmentAgency,
            taxonomy: "jp-h30".into(),
            suite: KeySuite::Kz3,
            listen,
            addresses: vec![listen.to_string()],
            licence_seconds: 300,
            lease_seconds: 7 * 86_400,
            passphrase_file: None,
            sink: None,
            copy: None,
        }
    }

    /// Reads and checks `dir/config.toml`.
    ///
    /// # Errors
    /// When it can't be read or a key is missing, unknown or out of range.
    pub fn read(dir: &Path) -> Result<Self, ConfigError> {
        let path = dir.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Io { path: path.clone(), source })?;
        let config: Self =
            toml::from_str(&text).map_err(|e| ConfigError::Invalid { path: path.clone(), message: e.to_string() })?;
        match config.fault() {
            Some(message) => Err(ConfigError::Invalid { path, message: message.into() }),
            None => Ok(config),
        }
    }

    /// The file's text.
    ///
    /// # Errors
    /// When a value has no TOML form.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        toml::to_string_pretty(self).map_err(|e| ConfigError::Invalid { path: FILE.into(), message: e.to_string() })
    }

    /// The host parts of the addresses clients use.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let host = |address: &String| {
            let host = address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host);
            host.trim_start_matches('[').trim_end_matches(']').to_owned()
        };
        let mut hosts: Vec<String> = self.addresses.iter().map(host).collect();
        hosts.dedup();
        hosts
    }

    fn fault(&self) -> Option<&'static str> {
        if !(30..=3600).contains(&self.licence_seconds) {
            return Some("licence_seconds must be 30 to 3600");
        }
        if self.addresses.is_empty() {
            return Some("addresses: at least one host:port");
        }
        None
    }
}
