//! Key suites: which KEM, hash and signature go together. Numbers are those of the envelope and the protocol.

use serde::{Deserialize, Serialize};

use super::algorithm::{HashAlgorithm, KeyKind};

/// A key suite, weakest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum KeySuite {
    /// DHKEM(X25519, HKDF-SHA256), AES-256-GCM, Ed25519. Classical, smallest.
    #[n(1)]
    Kz1,
    /// X-Wing (X25519 + ML-KEM-768), AES-256-GCM, Ed25519.
    #[n(2)]
    Kz2,
    /// MLKEM1024-P384, HKDF-SHA384, AES-256-GCM, ECDSA P-384: listed algorithms only; default of the `jp-*` taxonomies.
    #[n(3)]
    Kz3,
}

impl KeySuite {
    /// All suites, weakest first.
    pub const ALL: &'static [Self] = &[Self::Kz1, Self::Kz2, Self::Kz3];

    /// The number in the envelope.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Kz1 => 1,
            Self::Kz2 => 2,
            Self::Kz3 => 3,
        }
    }

    /// The suite of a number; nothing for a number that is not assigned.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Kz1),
            2 => Some(Self::Kz2),
            3 => Some(Self::Kz3),
            _ => None,
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kz1 => "KZ1",
            Self::Kz2 => "KZ2",
            Self::Kz3 => "KZ3",
        }
    }

    /// What it is made of, for people who ask.
    #[must_use]
    pub const fn composition(self) -> &'static str {
        match self {
            Self::Kz1 => "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, Ed25519",
            Self::Kz2 => "X-Wing (X25519 + ML-KEM-768), HKDF-SHA256, AES-256-GCM, Ed25519",
            Self::Kz3 => "MLKEM1024-P384, HKDF-SHA384, AES-256-GCM, ECDSA P-384",
        }
    }

    /// The kind of signing key that goes with the suite.
    #[must_use]
    pub const fn signing_kind(self) -> KeyKind {
        match self {
            Self::Kz1 | Self::Kz2 => KeyKind::Ed25519,
            Self::Kz3 => KeyKind::P384,
        }
    }

    /// HPKE KEM identifier (RFC 9180, section 7.1; draft-ietf-hpke-pq, section 4).
    #[must_use]
    pub const fn kem_id(self) -> u16 {
        match self {
            Self::Kz1 => 0x0020,
            Self::Kz2 => 0x647a,
            Self::Kz3 => 0x0051,
        }
    }

    /// Length of a public key in bytes (HPKE `Npk`).
    #[must_use]
    pub const fn public_len(self) -> usize {
        match self {
            Self::Kz1 => 32,
            Self::Kz2 => 1184 + 32,
            Self::Kz3 => 1568 + 97,
        }
    }

    /// Length of an encapsulated key in bytes (HPKE `Nenc`).
    #[must_use]
    pub const fn enc_len(self) -> usize {
        match self {
            Self::Kz1 => 32,
            Self::Kz2 => 1088 + 32,
            Self::Kz3 => 1568 + 97,
        }
    }

    /// Hash of HPKE's key schedule (KDF 0x0001 or 0x0002).
    pub(super) const fn kdf(self) -> (u16, HashAlgorithm) {
        match self {
            Self::Kz1 | Self::Kz2 => (0x0001, HashAlgorithm::Sha256),
            Self::Kz3 => (0x0002, HashAlgorithm::Sha384),
        }
    }
}
