//! 区域.

use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::super::row::Row;
use super::Standing;

/// 要管理対策区域, as the network sees it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ZoneRow {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Networks inside, `address/prefix`.
    #[n(1)]
    pub networks: Vec<String>,
    /// Parts of them that are outside all the same: remote access, virtual desktops.
    #[n(2)]
    pub except: Vec<String>,
    /// 物理的な区域.
    #[n(3)]
    pub place: String,
    /// To be reviewed by then.
    #[n(4)]
    pub review: Timestamp,
    /// In force, or ended.
    #[n(5)]
    pub standing: Standing,
}

impl Row for ZoneRow {
    const KIND: u8 = 9;
    const NAME: &'static str = "zone";

    fn key(&self) -> Vec<u8> {
        self.name.as_bytes().to_vec()
    }
}
