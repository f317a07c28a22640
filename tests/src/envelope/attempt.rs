//! Everything it takes to open a document, in memory: the authority's part, the licence, every byte read.

use kakuzuke_core::crypto::Provider;
use kakuzuke_core::envelope::{Belief, LicenceFacts, Opener, PayloadSuite, UnverifiedHead, combine};
use kakuzuke_core::trust::Anchors;

use super::catalogue::Sealed;
use super::pki::secret;
use super::reading::{Refused, content_of};
use super::world::AT;

/// The content of `bytes` for somebody who holds what opens `sealed`; or the refusal's name.
///
/// # Errors
/// The refusal's name.
pub fn attempt(provider: &'static dyn Provider, sealed: &Sealed, bytes: &Vec<u8>) -> Result<Vec<u8>, &'static str> {
    open(provider, sealed, bytes).map_err(|refused| refused.0)
}

fn open(provider: &'static dyn Provider, sealed: &Sealed, bytes: &Vec<u8>) -> Result<Vec<u8>, Refused> {
    let roots = std::iter::once(&sealed.world.authority).chain(&sealed.partners).map(|authority| &authority.root);
    let anchors = Anchors::new(provider, roots).expect("anchors");
    let belief = Belief { anchors: &anchors, at: AT.into() };
    let head = UnverifiedHead::read(provider, bytes)?.verify(provider, &anchors, AT)?;
    if head.section().payload_suite() == PayloadSuite::Clear {
        return Ok(content_of(&Opener::open_clear(provider, bytes, head, belief)?)?);
    }
    let mut shares = Vec::new();
    for grant in head.grants() {
        let held = sealed.keks.iter().find(|kek| kek.key == grant.key() && kek.authority == grant.authority());
        if let Some(kek) = held {
            let wrapped = grant.open_outer(provider, &kek.private, head.section())?;
            shares.push(wrapped.unwrap_key(provider, &secret(&sealed.name))?);
        }
    }
    let key = combine(&shares)?;
    let facts = LicenceFacts { current: sealed.section.clone(), label_hash: sealed.label_hash, root: sealed.root, key };
    Ok(content_of(&Opener::open(provider, bytes, head, &facts, belief)?)?)
}
