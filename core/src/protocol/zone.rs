//! 要管理対策区域. What counts as inside, as the network sees it.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// One zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Networks inside, `address/prefix`.
    pub networks: Vec<String>,
    /// Parts of them that are outside all the same: remote access, virtual desktops.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// 物理的な区域: the rooms it stands for.
    pub place: String,
    /// 見直し: to be reviewed by then.
    pub review: Timestamp,
}

/// A change of the table of zones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ZoneChange {
    /// Enters a zone, or replaces the one of its name.
    Set(Zone),
    /// Ends the zone of this name.
    Remove(String),
}
