//! 機関. The authority's signed description: who may have signed it, and what it must say.

use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::crypto::Provider;
use kakuzuke_core::id::AuthorityId;
use kakuzuke_core::protocol::AuthorityDescription;
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{Anchors, Service};

use crate::error::{Error, Result};
use crate::messages;

/// Whose description is believed.
#[derive(Clone, Copy)]
pub(crate) struct Belief<'a> {
    pub(crate) anchors: &'a Anchors,
    pub(crate) authority: AuthorityId,
}

/// A description as it came from the server: signed by the authority's own service, about itself, not yet ended.
pub(crate) fn verify_description(
    provider: &dyn Provider,
    signed: &[u8],
    belief: Belief<'_>,
    now: Timestamp,
) -> Result<AuthorityDescription> {
    let description = check(provider, signed, belief, |_| now)?;
    if description.until < now {
        return Err(Error::new(Code::SignatureInvalid, messages::DESCRIPTION_OLD));
    }
    Ok(description)
}

/// A description as it was kept. It was verified when it came; its certificate may have ended since.
pub(crate) fn read_description(
    provider: &dyn Provider,
    signed: &[u8],
    belief: Belief<'_>,
) -> Result<AuthorityDescription> {
    check(provider, signed, belief, |description| description.issued)
}

fn check(
    provider: &dyn Provider,
    signed: &[u8],
    belief: Belief<'_>,
    at: impl Fn(&AuthorityDescription) -> Timestamp,
) -> Result<AuthorityDescription> {
    let refused = || Error::new(Code::SignatureInvalid, messages::DESCRIPTION_UNSIGNED);
    let parsed = UnverifiedSign1::parse(signed, Domain::AUTHORITY).map_err(|e| refused().caused_by(e))?;
    let claimed: AuthorityDescription =
        cbor::decode_strict(parsed.unverified_payload()).map_err(|e| refused().caused_by(e))?;
    let (signer, _) = belief
        .anchors
        .verify_service(provider, &parsed, Service::Authority, at(&claimed))
        .map_err(|e| refused().caused_by(e))?;
    if signer.authority() != belief.authority || claimed.authority != belief.authority {
        return Err(refused());
    }
    Ok(claimed)
}
