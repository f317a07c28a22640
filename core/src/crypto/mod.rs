//! 暗号. The only room that names an algorithm.
//!
//! Three layers: secrets and the seam ([`secret`], [`Provider`]); two providers behind it (`pure`, `fast`); and what the
//! house uses, written once over the seam: HPKE with its three key suites ([`hpke`]), signatures ([`sign`]), chunked
//! encryption ([`chunked`]), key derivation ([`kdf`]).

mod algorithm;
pub mod chunked;
mod fast;
pub mod hpke;
pub mod kdf;
mod kem;
mod provider;
pub mod publication;
mod pure;
pub mod secret;
pub mod sign;
mod suite;
#[cfg(test)]
mod tests;
mod webpki;

pub use algorithm::{HashAlgorithm, KeyKind, MlKemSet, SignatureAlgorithm};
pub use kem::{KemPrivateKey, KemPublicKey};
pub use provider::{
    AeadError, AeadKey, AgreementError, DhKey, Digest, Encapsulated, Hasher, KemKey, KeyError, Nonce, Provider,
    Secret64, SignError, Signer, TAG_LEN, Tag, VerifyError, default_provider, fast, pure,
};
pub use secret::{Role, Secret, SecretBytes, SecretRef, role};
pub use sign::{PublicKey, SigningKey};
pub use suite::KeySuite;
pub use webpki::WEBPKI_ALGORITHMS;
