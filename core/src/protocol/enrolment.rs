//! 端末登録. A one-time code, and what device and authority tell each other with it.

use core::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::crypto::KeySuite;
use crate::id::{AuthorityId, DeviceId, Digest, SubjectId};
use crate::time::Timestamp;

/// A text is not an enrolment code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment code")]
pub struct EnrolmentCodeError;

/// 登録コード. Address of the server, 128 bits of the hash of its root, 128 secret bits.
///
/// Printed `kkz1-HOST:PORT-ROOT-SECRET`, the last two in base32 without padding (26 characters each).
/// The client checks the server against the root before it sends the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    address: String,
    root: [u8; 16],
    secret: zeroize::Zeroizing<[u8; 16]>,
}

impl EnrolmentCode {
    /// From its parts. `address` is `host:port`.
    ///
    /// # Errors
    /// When the address is empty, too long (over 260 bytes), or has characters no address has.
    pub fn new(address: &str, authority: &AuthorityId, secret: [u8; 16]) -> Result<Self, EnrolmentCodeError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b".:-[]".contains(&b);
        if address.is_empty() || address.len() > 260 || !address.bytes().all(plain) {
            return Err(EnrolmentCodeError);
        }
        let mut root = [0; 16];
        for (to, from) in root.iter_mut().zip(authority.as_bytes()) {
            *to = *from;
        }
        Ok(Self { address: address.to_owned(), root, secret: zeroize::Zeroizing::new(secret) })
    }

    /// `host:port` of the server.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether the code was made for this authority.
    #[must_use]
    pub fn names(&self, authority: &AuthorityId) -> bool {
        authority.as_bytes().starts_with(&self.root)
    }

    /// The secret part; to be sent only to the server the code names.
    #[must_use]
    pub fn secret(&self) -> &[u8; 16] {
        &self.secret
    }
}

impl fmt::Display for EnrolmentCode {
    /// Prints the whole code with its secret: for the one person it is made for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "kkz1-{}-{}-{}", self.address, BASE32_NOPAD.encode(&self.root), BASE32_NOPAD.encode(&*self.secret))
    }
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolmentCode({})", self.address)
    }
}

impl FromStr for EnrolmentCode {
    type Err = EnrolmentCodeError;

    fn from_str(text: &str) -> Result<Self, EnrolmentCodeError> {
        let rest = text.trim().strip_prefix("kkz1-").ok_or(EnrolmentCodeError)?;
        let (rest, secret) = rest.rsplit_once('-').ok_or(EnrolmentCodeError)?;
        let (address, root) = rest.rsplit_once('-').ok_or(EnrolmentCodeError)?;
        let part = |text: &str| -> Result<[u8; 16], EnrolmentCodeError> {
            let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).map_err(|_| EnrolmentCodeError)?;
            bytes.try_into().map_err(|_| EnrolmentCodeError)
        };
        let mut code = Self::new(address, &AuthorityId::from_bytes([0; 32]), part(secret)?)?;
        code.root = part(root)?;
        Ok(code)
    }
}

/// What the new device's signing key signs (external_aad "kakuzuke/v1/enrolment"): proof that it holds the key.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct EnrolmentProof {
    /// SHA-256 of the code's secret part.
    #[n(0)]
    pub code: Digest,
    /// The authority the code names.
    #[n(1)]
    pub authority: AuthorityId,
    /// SubjectPublicKeyInfo (DER) of the signing key.
    #[n(2)]
    pub signing_key: Bytes,
    /// Suite of the KEM key.
    #[n(3)]
    pub kem_suite: KeySuite,
    /// The KEM public key.
    #[n(4)]
    pub kem_key: Bytes,
    /// What the officer calls the device.
    #[n(5)]
    pub device_name: String,
}

/// Body of `POST /v1/enrolments`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentRequest {
    /// The code's secret part, 16 bytes.
    pub secret: Bytes,
    /// COSE_Sign1 over an [`EnrolmentProof`].
    pub proof: Bytes,
}

/// Answer: the device's certificate and what it needs to know of the authority.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentResponse {
    /// Device certificate (DER), signed by the root.
    pub certificate: Bytes,
    /// Root certificate (DER).
    pub root: Bytes,
    /// The device's id.
    pub device: DeviceId,
    /// Whose device it is.
    pub subject: SubjectId,
    /// COSE_Sign1 over the authority's description.
    pub authority: Bytes,
    /// True when the enrolment still waits for an officer's approval.
    pub pending: bool,
    /// The server's clock.
    pub server_time: Timestamp,
}
