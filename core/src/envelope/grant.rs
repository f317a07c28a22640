//! Grants: the document key, wrapped under the server's secret and sealed to an authority's key.
//!
//! Two layers, two halves. The outer one opens with the authority's key-encryption key and can be made anew without
//! the document key (re-wrap); the inner one opens with the document's secret, which only the server holds.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;

use super::error::{GrantError, HeadError};
use super::keys::{self, DocumentKey, DocumentSecret, KeyShare, WRAPPED_LEN};
use super::label_section::LabelSection;
use super::mechanism::PayloadSuite;
use crate::cbor;
use crate::crypto::{KemPrivateKey, KemPublicKey, KeySuite, Provider, hpke};
use crate::id::{AuthorityId, DocumentId, KeyId};

/// Shares of one key, at most.
pub const SHARES_MAX: u8 = 16;
/// Grants in one head, at most.
pub const GRANTS_MAX: usize = 64;

/// Which of how many shares of the key; all shares are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Share {
    index: u8,
    count: u8,
}

impl Share {
    /// The whole key as one share.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// Share `index` (from 1) of `count` (at most 16).
    #[must_use]
    pub const fn new(index: u8, count: u8) -> Option<Self> {
        if index == 0 || index > count || count > SHARES_MAX { None } else { Some(Self { index, count }) }
    }

    /// Which one, from 1.
    #[must_use]
    pub const fn index(self) -> u8 {
        self.index
    }

    /// Of how many.
    #[must_use]
    pub const fn count(self) -> u8 {
        self.count
    }
}

/// A key-encryption key that grants are sealed to.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Whose it is.
    pub authority: AuthorityId,
    /// Its id.
    pub key: KeyId,
    /// The public key; it knows its suite.
    pub public: KemPublicKey,
}

/// One grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    authority: AuthorityId,
    key: KeyId,
    suite: KeySuite,
    share: Share,
    enc: Vec<u8>,
    ct: Vec<u8>,
}

/// A grant as it is written: numbers that this version may not know.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    authority: AuthorityId,
    #[n(1)]
    key: KeyId,
    #[n(2)]
    suite: u8,
    #[n(3)]
    share: u8,
    #[n(4)]
    shares: u8,
    #[cbor(n(5), with = "minicbor::bytes")]
    enc: Vec<u8>,
    #[cbor(n(6), with = "minicbor::bytes")]
    ct: Vec<u8>,
}

impl From<&Grant> for Wire {
    fn from(grant: &Grant) -> Self {
        Self {
            authority: grant.authority,
            key: grant.key,
            suite: grant.suite.number(),
            share: grant.share.index,
            shares: grant.share.count,
            enc: grant.enc.clone(),
            ct: grant.ct.clone(),
        }
    }
}

impl TryFrom<Wire> for Grant {
    type Error = HeadError;

    fn try_from(wire: Wire) -> Result<Self, HeadError> {
        let suite = KeySuite::ALL.iter().copied().find(|s| s.number() == wire.suite);
        Ok(Self {
            authority: wire.authority,
            key: wire.key,
            suite: suite.ok_or(HeadError::UnknownKeySuite)?, // [ENV-31]
            share: Share::new(wire.share, wire.shares).ok_or(HeadError::GrantsInconsistent)?, // [ENV-32]
            enc: wire.enc,
            ct: wire.ct,
        })
    }
}

/// A share of the key under the document's secret. Worth nothing without that secret, and never stored.
pub struct WrappedShare {
    bytes: [u8; WRAPPED_LEN],
    authority: AuthorityId,
    document: DocumentId,
    share: Share,
    suite: PayloadSuite,
}

impl WrappedShare {
    /// Wraps a share under the secret of `document` at `authority`.
    fn wrap(
        provider: &dyn Provider,
        place: (AuthorityId, &LabelSection, Share),
        secret: &DocumentSecret,
        key: &KeyShare,
        rng: &mut dyn CryptoRng,
    ) -> Option<Self> {
        let (authority, section, share) = place;
        let mut made = Self {
            bytes: [0; WRAPPED_LEN],
            authority,
            document: section.document(),
            share,
            suite: section.payload_suite(),
        };
        made.bytes = key.wrap(provider, secret, &made.info(), rng)?;
        Some(made)
    }

    /// Opens the inner layer.
    ///
    /// # Errors
    /// [`GrantError::Inner`] if the secret is not this document's at this authority.
    pub fn unwrap_key(&self, provider: &dyn Provider, secret: &DocumentSecret) -> Result<KeyShare, GrantError> {
        KeyShare::unwrap(provider, secret, &self.info(), self.share, &self.bytes).ok_or(GrantError::Inner) // [ENV-35]
    }

    fn info(&self) -> Vec<u8> {
        let mut info = b"kakuzuke/v1/wrap".to_vec();
        info.extend(cbor::encode(&(
            self.document,
            self.authority,
            self.share.index,
            self.share.count,
            self.suite.number(),
        )));
        info
    }
}

impl Grant {
    /// Makes a grant of one share of the key of the document that `section` labels.
    ///
    /// # Errors
    /// [`GrantError::PublicKey`] if the recipient's key is not one of its suite.
    pub fn make(
        provider: &dyn Provider,
        recipient: &Recipient,
        section: &LabelSection,
        secret: &DocumentSecret,
        key: &KeyShare,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, GrantError> {
        let place = (recipient.authority, section, key.share());
        let wrapped = WrappedShare::wrap(provider, place, secret, key, rng).ok_or(GrantError::Inner)?;
        Self::seal(provider, recipient, &wrapped, rng)
    }

    fn seal(
        provider: &dyn Provider,
        recipient: &Recipient,
        wrapped: &WrappedShare,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, GrantError> {
        let mut made = Self {
            authority: recipient.authority,
            key: recipient.key,
            suite: recipient.public.suite(),
            share: wrapped.share,
            enc: Vec::new(),
            ct: Vec::new(),
        };
        let info = made.info(wrapped.document);
        let sealed = hpke::seal(provider, &recipient.public, &info, &[], &wrapped.bytes, rng);
        let sealed = sealed.map_err(|_| GrantError::PublicKey)?;
        (made.enc, made.ct) = (sealed.enc, sealed.ct);
        Ok(made)
    }

    /// Opens the outer layer, at the authority.
    ///
    /// # Errors
    /// [`GrantError::NotForThisKey`] if the grant names another suite; [`GrantError::Outer`] if it was altered, or
    /// made for another document, authority, share or key.
    pub fn open_outer(
        &self,
        provider: &dyn Provider,
        private: &KemPrivateKey,
        section: &LabelSection,
    ) -> Result<WrappedShare, GrantError> {
        if private.suite() != self.suite {
            return Err(GrantError::NotForThisKey);
        }
        let info = self.info(section.document());
        let plain = hpke::open(provider, private, &self.enc, &info, &[], &self.ct).map_err(|_| GrantError::Outer)?; // [ENV-34]
        Ok(WrappedShare {
            bytes: plain.expose().try_into().map_err(|_| GrantError::Outer)?,
            authority: self.authority,
            document: section.document(),
            share: self.share,
            suite: section.payload_suite(),
        })
    }

    /// Makes the outer layer anew for another key of the same authority. Neither the document key nor the secret is
    /// needed; label, payload and trailer stay as they are.
    ///
    /// # Errors
    /// [`GrantError::NotForThisKey`] for another authority's key; otherwise as [`Self::open_outer`] and [`Self::make`].
    pub fn rewrap(
        &self,
        provider: &dyn Provider,
        private: &KemPrivateKey,
        section: &LabelSection,
        to: &Recipient,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, GrantError> {
        if to.authority != self.authority {
            return Err(GrantError::NotForThisKey); // [ENV-36]
        }
        let wrapped = self.open_outer(provider, private, section)?;
        Self::seal(provider, to, &wrapped, rng)
    }

    fn info(&self, document: DocumentId) -> Vec<u8> {
        cbor::encode(&(
            "kakuzuke/v1/grant",
            self.authority,
            self.key,
            self.suite.number(),
            document,
            self.share.index,
            self.share.count,
        ))
    }

    /// The authority that can open it.
    #[must_use]
    pub const fn authority(&self) -> AuthorityId {
        self.authority
    }

    /// The key it is sealed to.
    #[must_use]
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// Its suite.
    #[must_use]
    pub const fn suite(&self) -> KeySuite {
        self.suite
    }

    /// Which share of the key it gives.
    #[must_use]
    pub const fn share(&self) -> Share {
        self.share
    }
}

/// Refuses grants below the accepted minimum.
///
/// # Errors
/// [`GrantError::BelowMinimum`] if one is.
pub fn require_minimum(grants: &[Grant], minimum: KeySuite) -> Result<(), GrantError> {
    if grants.iter().all(|g| g.suite >= minimum) { Ok(()) } else { Err(GrantError::BelowMinimum) } // [ENV-33]
}

pub(super) fn encode(grants: &[Grant]) -> Vec<u8> {
    cbor::encode(&grants.iter().map(Wire::from).collect::<Vec<_>>())
}

pub(super) fn parse(bytes: &[u8], section: &LabelSection) -> Result<Vec<Grant>, HeadError> {
    let wires: Vec<Wire> = cbor::decode_strict(bytes).map_err(|_| HeadError::GrantsCbor)?; // [ENV-31]
    let grants = wires.into_iter().map(Grant::try_from).collect::<Result<Vec<_>, _>>()?;
    check(&grants, section)?;
    Ok(grants)
}

/// A clear payload has no grants; an encrypted one has grants of one set of shares, every share at least once, no
/// two for the same key.
fn check(grants: &[Grant], section: &LabelSection) -> Result<(), HeadError> {
    let inconsistent = Err(HeadError::GrantsInconsistent); // [ENV-32]
    let Some(first) = grants.first() else {
        return match section.payload_suite() {
            PayloadSuite::Clear => Ok(()),
            PayloadSuite::Cobblestone256 => inconsistent,
        };
    };
    if section.payload_suite() == PayloadSuite::Clear || grants.len() > GRANTS_MAX {
        return inconsistent;
    }
    let count = first.share.count;
    if grants.iter().any(|g| g.share.count != count) {
        return inconsistent;
    }
    if !(1..=count).all(|index| grants.iter().any(|g| g.share.index == index)) {
        return inconsistent;
    }
    let mut names: Vec<_> = grants.iter().map(|g| (g.share, g.authority, g.key)).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() == grants.len() { Ok(()) } else { inconsistent }
}

/// The document key from one share each.
///
/// # Errors
/// [`GrantError::Shares`] unless they are all shares of one set, each once.
pub fn combine(shares: &[KeyShare]) -> Result<DocumentKey, GrantError> {
    keys::combine(shares).ok_or(GrantError::Shares) // [ENV-39]
}
