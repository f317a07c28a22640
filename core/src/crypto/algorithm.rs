//! The names of algorithms, apart from whoever computes them.

/// A hash function of the SHA-2 family (FIPS 180-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Output length in bytes.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// Parameter set of ML-KEM (FIPS 203).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MlKemSet {
    /// ML-KEM-768.
    MlKem768,
    /// ML-KEM-1024.
    MlKem1024,
}

impl MlKemSet {
    /// Length of the encapsulation key in bytes.
    #[must_use]
    pub const fn public_len(self) -> usize {
        match self {
            Self::MlKem768 => 1184,
            Self::MlKem1024 => 1568,
        }
    }

    /// Length of the ciphertext in bytes.
    #[must_use]
    pub const fn ciphertext_len(self) -> usize {
        match self {
            Self::MlKem768 => 1088,
            Self::MlKem1024 => 1568,
        }
    }
}

/// What a public key is for signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA of 2,048 to 8,192 bits; verified only, never made here.
    Rsa,
}

impl KeyKind {
    /// Length of the private key in bytes; nothing for a kind that only verifies.
    #[must_use]
    pub const fn private_len(self) -> Option<usize> {
        match self {
            Self::Ed25519 | Self::P256 => Some(32),
            Self::P384 => Some(48),
            Self::Rsa => None,
        }
    }

    /// The algorithm such a key signs with; nothing for a kind that only verifies.
    #[must_use]
    pub const fn signing_algorithm(self) -> Option<SignatureAlgorithm> {
        match self {
            Self::Ed25519 => Some(SignatureAlgorithm::Ed25519),
            Self::P256 => Some(SignatureAlgorithm::Es256),
            Self::P384 => Some(SignatureAlgorithm::Es384),
            Self::Rsa => None,
        }
    }
}

/// A signature algorithm with its COSE number. Ed25519 carries the fully specified −19 (RFC 9864), not the polymorphic
/// −8, so that a number names one algorithm; likewise ES256 and ES384 here stand only for P-256 and P-384.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignatureAlgorithm {
    /// Ed25519 (RFC 8032, RFC 9864).
    Ed25519,
    /// ECDSA P-256 with SHA-256 (RFC 9053).
    Es256,
    /// ECDSA P-384 with SHA-384 (RFC 9053).
    Es384,
    /// RSASSA-PSS with SHA-256, salt as long as the hash (RFC 8230).
    Ps256,
    /// RSASSA-PSS with SHA-384, salt as long as the hash (RFC 8230).
    Ps384,
    /// RSASSA-PSS with SHA-512, salt as long as the hash (RFC 8230).
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8812).
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384 (RFC 8812).
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 8812).
    Rs512,
}

impl SignatureAlgorithm {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Ed25519,
        Self::Es256,
        Self::Es384,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
    ];

    /// The number in the IANA registry "COSE Algorithms".
    #[must_use]
    pub const fn cose_id(self) -> i64 {
        match self {
            Self::Ed25519 => -19,
            Self::Es256 => -7,
            Self::Es384 => -35,
            Self::Ps256 => -37,
            Self::Ps384 => -38,
            Self::Ps512 => -39,
            Self::Rs256 => -257,
            Self::Rs384 => -258,
            Self::Rs512 => -259,
        }
    }

    /// The algorithm of a COSE number; nothing for a number that is not used here.
    #[must_use]
    pub fn from_cose_id(id: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.cose_id() == id)
    }

    /// The kind of key it needs.
    #[must_use]
    pub const fn key_kind(self) -> KeyKind {
        match self {
            Self::Ed25519 => KeyKind::Ed25519,
            Self::Es256 => KeyKind::P256,
            Self::Es384 => KeyKind::P384,
            _ => KeyKind::Rsa,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SignatureAlgorithm;

    #[test]
    fn cose_numbers_lead_back() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(SignatureAlgorithm::from_cose_id(algorithm.cose_id()), Some(*algorithm));
        }
        assert_eq!(SignatureAlgorithm::from_cose_id(-8), None);
    }
}
