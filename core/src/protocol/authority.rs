//! 機関. What a client must know of its authority, signed by it, with a version that never goes back.

use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::crypto::KeySuite;
use crate::id::{AuthorityId, KeyId};
use crate::time::Timestamp;

/// 組織の種別. Decides which rules of the standard bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum OrganisationKind {
    /// 国の行政機関.
    #[n(0)]
    GovernmentAgency,
    /// 独立行政法人.
    #[n(1)]
    IncorporatedAdministrativeAgency,
    /// 別表指定法人 (サイバーセキュリティ基本法に基づく指定法人).
    #[n(2)]
    ListedDesignatedCorporation,
    /// その他の指定法人.
    #[n(3)]
    OtherDesignatedCorporation,
}

/// State of a key-encryption key, after SP 800-57 part 1, 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum KekState {
    /// New grants are made to it.
    #[n(0)]
    Active,
    /// Opens old grants only.
    #[n(1)]
    Deactivated,
}

/// A public key to which grants are sealed.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct KekDescription {
    /// First 16 bytes of SHA-256 over `public`.
    #[n(0)]
    pub key_id: KeyId,
    /// Its suite.
    #[n(1)]
    pub suite: KeySuite,
    /// The HPKE public key, serialised as its KEM says.
    #[n(2)]
    pub public: Bytes,
    /// What it may be used for.
    #[n(3)]
    pub state: KekState,
}

/// The audit log's name and key.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct LogDescription {
    /// Origin line of its checkpoints.
    #[n(0)]
    pub origin: String,
    /// Verifier key in signed-note form (C2SP signed-note).
    #[n(1)]
    pub vkey: String,
}

/// The description (payload of a COSE_Sign1, external_aad "kakuzuke/v1/authority", by the authority's service certificate).
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct AuthorityDescription {
    /// SHA-256 of the root certificate.
    #[n(0)]
    pub authority: AuthorityId,
    /// Grows with every change; clients refuse a lower one than they have seen.
    #[n(1)]
    pub version: u64,
    /// When it was signed.
    #[n(2)]
    pub issued: Timestamp,
    /// After this a client must fetch a new one before protecting.
    #[n(3)]
    pub until: Timestamp,
    /// 機関名.
    #[n(4)]
    pub name_ja: String,
    /// Name in English.
    #[n(5)]
    pub name_en: String,
    /// Kind of organisation.
    #[n(6)]
    pub kind: OrganisationKind,
    /// Keys for grants.
    #[n(7)]
    pub keks: Vec<KekDescription>,
    /// No grant below this suite is registered.
    #[n(8)]
    pub minimum_suite: KeySuite,
    /// Taxonomy in force: id.
    #[n(9)]
    pub taxonomy: String,
    /// Taxonomy in force: version.
    #[n(10)]
    pub taxonomy_version: String,
    /// The audit log.
    #[n(11)]
    pub log: LogDescription,
    /// True while no officer besides the administrator can approve changes; promise 3 of the design is not made then.
    #[n(12)]
    pub single_operator: bool,
}

/// Answer of `GET /v1/authority`: the COSE_Sign1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedAuthority {
    /// COSE_Sign1 over an [`AuthorityDescription`].
    pub description: Bytes,
}
