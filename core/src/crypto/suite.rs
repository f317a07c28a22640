//! Key suites: which KEM, hash and signature go together. Numbers are those of the envelope and the protocol.

use serde::{Deserialize, Serialize};

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
}
