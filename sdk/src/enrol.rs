//! 端末登録. A one-time code becomes a profile: the server is known before it is told anything.

use std::path::Path;

use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{self, Domain};
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::id::{DeviceId, Digest};
use kakuzuke_core::protocol::{
    Bytes, EnrolmentCode, EnrolmentProof, EnrolmentRequest, EnrolmentResponse, SignedAuthority, paths,
};
use kakuzuke_core::trust::{Anchors, authority_id};
use rustls_pki_types::CertificateDer;

use crate::error::{Error, Result};
use crate::messages;
use crate::profile::{self, Belief, Card, DeviceKeys, Folder, verify_description};
use crate::random;
use crate::reports::Enrolled;
use crate::session::{Session, SessionOptions};
use crate::transport::{Method, Server, discover_root};

/// Enrols this device with a one-time code; the profile is made in `folder`, which must not hold one.
///
/// # Errors
/// [`Code::SignatureInvalid`] when the server is not the one the code names: nothing was sent then.
pub fn enrol(code: &EnrolmentCode, folder: &Path, device_name: &str, options: &SessionOptions) -> Result<Enrolled> {
    if profile::exists(folder) {
        return Err(Error::new(Code::Profile, messages::PROFILE_EXISTS).at(folder));
    }
    let provider = default_provider();
    let root = discover_root(code)?;
    let authority = authority_id(provider, &root);
    let server = Server::anonymous(code.address(), &root)?;
    let now = options.clock.now();
    let anchors = Anchors::new(provider, [&root]).map_err(|e| Error::of(Code::SignatureInvalid).caused_by(e))?;
    let belief = Belief { anchors: &anchors, authority };
    let described: SignedAuthority = server.ask(Method::Get, paths::AUTHORITY, None)?;
    let description = verify_description(provider, described.description.as_slice(), belief, now)?;
    let folder = Folder::make(folder)?;
    let keys = DeviceKeys::generate(provider, description.minimum_suite)?;
    // The keys are on the disk before the code is spent: nothing that follows can leave a certificate without its key.
    keys.store(provider, &folder, options.passphrase().as_deref())?;
    let spki = keys.signing().public().spki_der();
    let proof = EnrolmentProof {
        code: Digest::from_bytes(provider.sha256(code.secret())),
        authority,
        signing_key: Bytes::from(spki),
        kem_suite: keys.kem().suite(),
        kem_key: Bytes::from(keys.kem().public().as_bytes()),
        device_name: device_name.to_owned(),
    };
    let signed = cose::sign(keys.signing(), Domain::ENROLMENT, &[], &cbor::encode(&proof), &mut random::generator());
    let proof = signed.map_err(|e| Error::of(Code::Internal).caused_by(e))?;
    let request = EnrolmentRequest { secret: Bytes(code.secret().to_vec()), proof: Bytes(proof) };
    let body = serde_json::to_vec(&request).map_err(|e| Error::of(Code::Internal).caused_by(e))?;
    let answer: EnrolmentResponse = server.ask(Method::Post, paths::ENROLMENTS, Some(&body))?;
    let device = DeviceId::from_bytes(provider.sha256(spki));
    let unexpected = answer.device != device || answer.root.as_slice() != root.as_ref();
    if unexpected {
        return Err(Error::new(Code::SignatureInvalid, messages::SERVER_NOT_NAMED_BY_CODE));
    }
    verify_description(provider, answer.authority.as_slice(), belief, now)?;
    let card = Card::new(authority, code.address(), answer.subject, device, device_name);
    let certificate = CertificateDer::from(answer.certificate.0);
    profile::found(&folder, &card, &root, &certificate, answer.authority.as_slice())?;
    let session = Session::open_with(folder.path(), options)?;
    session.0.seen.keep_time(answer.server_time)?;
    Ok(Enrolled { profile: session.profile().clone(), pending: answer.pending })
}
