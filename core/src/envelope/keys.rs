//! 文書鍵 K, its shares, and the wrap under the server's secret S.

use rand_core::CryptoRng;

use super::grant::Share;
use crate::crypto::{HashAlgorithm, Provider, Secret, role};

/// 文書鍵 K. One for each sealing; payload and metadata keys are expanded from it.
pub type DocumentKey = Secret<32, role::DocumentKey>;

/// 文書ごとの秘密 S. Held by the key server; without it no grant gives a key.
pub type DocumentSecret = Secret<32, role::DocumentSecret>;

/// Bytes of a wrapped share: nonce, ciphertext, tag.
pub(super) const WRAPPED_LEN: usize = 12 + 32 + 16;

/// One share of a document key. All shares of a set, XORed, are the key.
pub struct KeyShare {
    share: Share,
    bytes: Secret<32, role::KeyShare>,
}

impl KeyShare {
    /// A share as a licence delivers it.
    #[must_use]
    pub const fn new(share: Share, bytes: Secret<32, role::KeyShare>) -> Self {
        Self { share, bytes }
    }

    /// Which one it is.
    #[must_use]
    pub const fn share(&self) -> Share {
        self.share
    }

    /// The bytes, to be sealed into a licence.
    #[must_use]
    pub const fn secret(&self) -> &Secret<32, role::KeyShare> {
        &self.bytes
    }

    /// AES-256-GCM under HKDF-Expand(SHA-512, S, info), random nonce.
    pub(super) fn wrap(
        &self,
        provider: &dyn Provider,
        secret: &DocumentSecret,
        info: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Option<[u8; WRAPPED_LEN]> {
        let key = expand::<role::WrapKey, _>(provider, secret, info)?;
        let mut out = [0u8; WRAPPED_LEN];
        let (nonce, rest) = out.split_first_chunk_mut::<12>()?;
        let (sealed, tag) = rest.split_at_mut_checked(32)?;
        rng.fill_bytes(nonce);
        let made = provider.aes_256_gcm(key.lend()).seal_to(nonce, &[], self.bytes.expose(), sealed).ok()?;
        tag.copy_from_slice(&made);
        Some(out)
    }

    pub(super) fn unwrap(
        provider: &dyn Provider,
        secret: &DocumentSecret,
        info: &[u8],
        share: Share,
        wrapped: &[u8; WRAPPED_LEN],
    ) -> Option<Self> {
        let key = expand::<role::WrapKey, _>(provider, secret, info)?;
        let (nonce, rest) = wrapped.split_first_chunk::<12>()?;
        let (sealed, tag) = rest.split_first_chunk::<32>()?;
        let tag = tag.try_into().ok()?;
        let cipher = provider.aes_256_gcm(key.lend());
        let bytes = Secret::try_from_fill(|out: &mut [u8; 32]| cipher.open_to(nonce, &[], sealed, &tag, out)).ok()?;
        Some(Self { share, bytes })
    }
}

/// A new key and its `count` shares: all but the last random, the last making up the difference.
pub(super) fn generate(count: u8, rng: &mut dyn CryptoRng) -> Option<(DocumentKey, Vec<KeyShare>)> {
    let key = DocumentKey::generate(rng);
    let mut last = Secret::<32, role::KeyShare>::from_slice(key.expose())?;
    let mut shares = Vec::new();
    for index in 1..count {
        let bytes = Secret::<32, role::KeyShare>::generate(rng);
        last.xor_in(&bytes);
        shares.push(KeyShare { share: Share::new(index, count)?, bytes });
    }
    shares.push(KeyShare { share: Share::new(count, count)?, bytes: last });
    Some((key, shares))
}

/// The key from one share each of a whole set.
pub(super) fn combine(shares: &[KeyShare]) -> Option<DocumentKey> {
    let count = shares.first()?.share.count();
    let mut indexes: Vec<u8> = shares.iter().map(|s| s.share.index()).collect();
    indexes.sort_unstable();
    let whole = indexes.into_iter().eq(1..=count) && shares.iter().all(|s| s.share.count() == count);
    if !whole {
        return None;
    }
    let mut key = DocumentKey::from_fill(|_| {});
    for share in shares {
        key.xor_in(&share.bytes);
    }
    Some(key)
}

/// HKDF-Expand with SHA-512; `None` only if the provider can't.
pub(super) fn expand<To: crate::crypto::Role, From: crate::crypto::Role>(
    provider: &dyn Provider,
    from: &Secret<32, From>,
    info: &[u8],
) -> Option<Secret<32, To>> {
    Secret::try_from_fill(|out: &mut [u8; 32]| provider.hkdf_expand(HashAlgorithm::Sha512, from.expose(), &[info], out))
        .ok()
}
