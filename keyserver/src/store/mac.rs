//! 改ざん検知. The code that ties a row's content, its key and the entry that made it together.

use kakuzuke_core::cbor;
use kakuzuke_core::crypto::{HashAlgorithm, default_provider};
use kakuzuke_core::protocol::Bytes;
use subtle::ConstantTimeEq;

use super::StoreKeys;

/// HMAC-SHA-256 under a key the database does not hold.
pub(super) struct RowMac {
    keys: StoreKeys,
}

impl RowMac {
    pub(super) const fn new(keys: StoreKeys) -> Self {
        Self { keys }
    }

    pub(super) fn code(&self, kind: u8, key: &[u8], entry: u64, body: &[u8]) -> Vec<u8> {
        let place = cbor::encode(&(kind, Bytes::from(key), entry));
        let length = (place.len() as u64).to_be_bytes();
        let parts: [&[u8]; 3] = [&length, &place, body];
        default_provider().hmac(HashAlgorithm::Sha256, self.keys.mac.expose(), &parts).expose().to_vec()
    }

    pub(super) fn holds(&self, kind: u8, key: &[u8], entry: u64, body: &[u8], code: &[u8]) -> bool {
        self.code(kind, key, entry, body).ct_eq(code).into()
    }
}
