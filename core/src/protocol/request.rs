//! 署名付き要求. Every request that can release a key or change state is signed by the device, so that
//! neither a proxy nor a stolen session token can make or alter one.

use crate::id::{AuthorityId, DeviceId, Digest, RequestId};
use crate::time::Timestamp;

/// HTTP header that carries the base64url COSE_Sign1 over the [`RequestClaims`].
pub const REQUEST_HEADER: &str = "kakuzuke-request";

/// What the device signs (external_aad "kakuzuke/v1/request").
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct RequestClaims {
    /// HTTP method in capitals.
    #[n(0)]
    pub method: String,
    /// Path with query, as sent.
    #[n(1)]
    pub path: String,
    /// SHA-256 of the body; of the empty string when there is none.
    #[n(2)]
    pub body: Digest,
    /// The authority this is meant for.
    #[n(3)]
    pub authority: AuthorityId,
    /// Random; the same id again is the same request.
    #[n(4)]
    pub request: RequestId,
    /// The device's clock.
    #[n(5)]
    pub time: Timestamp,
    /// Who signs.
    #[n(6)]
    pub device: DeviceId,
}

/// The header's content before any check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest(pub Vec<u8>);
