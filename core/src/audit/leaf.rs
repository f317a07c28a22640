//! The leaf: what the tree holds of an entry for good. Names no person; the text beside it does.

use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use subtle::ConstantTimeEq;

use super::kind::{CertificateStatus, EntryKind, Outcome};
use super::tree::leaf_hash;
use crate::cbor::{CborError, decode_strict, encode};
use crate::crypto::{HashAlgorithm, Provider};
use crate::id::{CertHash, Digest, DocumentId, LabelHash, LogHash, PayloadRoot};
use crate::time::Timestamp;

/// Length of a [`Salt`] in bytes.
pub const SALT_LEN: usize = 32;

/// A leaf longer than this is none (bytes).
const MAX_LEAF: usize = 1024;

/// Random bytes that keep a text from being guessed from its commitment; erased with the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Salt([u8; SALT_LEN]);

impl Salt {
    /// A new one.
    #[must_use]
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; SALT_LEN];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// From kept bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SALT_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_LEN] {
        &self.0
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&data_encoding::BASE64URL_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).map_err(de::Error::custom)?;
        bytes.try_into().map(Self).map_err(|_| de::Error::custom("a salt has 32 bytes"))
    }
}

/// Commitment to a text: SHA-256 of its salt and its JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Commitment(#[n(0)] Digest);

impl Commitment {
    /// To `text` under `salt`.
    #[must_use]
    pub fn to(provider: &dyn Provider, salt: &Salt, text: &str) -> Self {
        let digest = provider.digest(HashAlgorithm::Sha256, &[&salt.0, text.as_bytes()]);
        Self(Digest::try_from(digest.as_ref()).unwrap_or(Digest::from_bytes([0; 32])))
    }

    /// Whether it is the commitment to `text` under `salt`.
    #[must_use]
    pub fn opens(&self, provider: &dyn Provider, salt: &Salt, text: &str) -> bool {
        Self::to(provider, salt, text).0.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// Which certificate revocation list was looked at, and what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct CrlReference {
    /// Number of the list (RFC 5280 5.2.3); for the built-in authority, the size of the log when its state was read.
    #[n(0)]
    pub number: u64,
    /// What it said.
    #[n(1)]
    pub status: CertificateStatus,
}

/// A leaf (deterministic CBOR map).
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Leaf {
    /// When.
    #[n(0)]
    pub time: Timestamp,
    /// What.
    #[n(1)]
    pub kind: EntryKind,
    /// About which document.
    #[n(2)]
    pub document: Option<DocumentId>,
    /// Label revision concerned.
    #[n(3)]
    pub label: Option<LabelHash>,
    /// Root of the payload.
    #[n(4)]
    pub root: Option<PayloadRoot>,
    /// Certificate of who acted.
    #[n(5)]
    pub certificate: Option<CertHash>,
    /// How it ended.
    #[n(6)]
    pub outcome: Outcome,
    /// Commitment to the text.
    #[n(7)]
    pub commitment: Commitment,
    /// State of the certificate.
    #[n(8)]
    pub crl: Option<CrlReference>,
}

impl Leaf {
    /// Its bytes, as hashed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a leaf.
    ///
    /// # Errors
    /// When the bytes are not the one encoding of a leaf.
    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        if bytes.len() > MAX_LEAF { Err(CborError::Malformed) } else { decode_strict(bytes) }
    }

    /// Its hash in the tree.
    #[must_use]
    pub fn hash(&self, provider: &dyn Provider) -> LogHash {
        leaf_hash(provider, &self.encode())
    }
}
