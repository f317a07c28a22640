//! The signed request: method, path, body, authority, request id and time under the device's key.

use std::net::SocketAddr;

use data_encoding::BASE64URL_NOPAD;
use kakuzuke_core::audit::{CertificateStatus, CrlReference, EntryKind, EntryText, Outcome};
use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::crypto::PublicKey;
use kakuzuke_core::id::{Digest, RequestId};
use kakuzuke_core::protocol::RequestClaims;
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::audit::Entry;
use crate::serve::Peer;
use crate::store::{DeviceRow, Reader, Standing, StoreError, SubjectRow, Verified};
use crate::zones;

/// A request's clock may differ from the server's by this much, either way.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 300;
/// A signed request longer than this is none (characters).
const LONGEST: usize = 16 * 1024;

/// A caller was not identified.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No client certificate, no signature, or not of the expected form.
    #[error("no signed request")]
    Missing,
    /// Signature, certificate and request do not agree.
    #[error("the request's signature does not hold")]
    Mismatch,
    /// The device is not known.
    #[error("unknown device")]
    UnknownDevice,
    /// Device or subject wait for approval.
    #[error("waiting for approval")]
    Pending,
    /// The device or its certificate is not good any more.
    #[error("the device is not active")]
    InactiveDevice,
    /// The subject is not active.
    #[error("the subject is not active")]
    InactiveSubject,
    /// The request's time is too far from ours.
    #[error("clocks differ")]
    ClockSkew,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AuthError {
    /// The outward code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Missing | Self::Mismatch | Self::UnknownDevice => Code::Unauthenticated,
            Self::Pending => Code::ApprovalPending,
            Self::InactiveDevice | Self::InactiveSubject => Code::CertificateInvalid,
            Self::ClockSkew => Code::ClockSkew,
            Self::Store(_) => Code::Unready,
        }
    }
}

/// A request as it came in.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path with query.
    pub path: &'a str,
    /// Body.
    pub body: &'a [u8],
    /// Value of the request header.
    pub signature: Option<&'a str>,
    /// The other end.
    pub peer: &'a Peer,
}

/// 主体と端末. Who asks, identified. Made here alone.
#[derive(Debug, Clone)]
pub struct Principal {
    subject: Verified<SubjectRow>,
    device: Verified<DeviceRow>,
    request: RequestId,
    address: SocketAddr,
    inside: bool,
    state: u64,
}

impl Principal {
    /// The person.
    #[must_use]
    pub const fn subject(&self) -> &Verified<SubjectRow> {
        &self.subject
    }

    /// The device.
    #[must_use]
    pub const fn device(&self) -> &Verified<DeviceRow> {
        &self.device
    }

    /// The request: the reference number people are given.
    #[must_use]
    pub const fn request(&self) -> RequestId {
        self.request
    }

    /// Whether the request comes from inside the 要管理対策区域.
    #[must_use]
    pub const fn inside(&self) -> bool {
        self.inside
    }

    /// An entry of an act of theirs; the text says who, from where, in which request.
    #[must_use]
    pub fn entry(&self, now: Timestamp, kind: EntryKind, outcome: Outcome) -> Entry {
        let zone = if self.inside { "inside" } else { "outside" };
        let text = EntryText {
            who: Some(self.subject.id.clone()),
            device: Some(self.device.id),
            from: Some(format!("{} {zone}", self.address.ip())),
            request: Some(self.request),
            ..EntryText::default()
        };
        let state = CrlReference { number: self.state, status: CertificateStatus::Good };
        Entry::new(now, kind, outcome).certificate(self.device.certificate_hash, state).text(text)
    }
}

/// Identifies who sent a request: the first of the five verbs.
///
/// # Errors
/// [`AuthError`]; then nothing else of the request is looked at.
pub fn identify(app: &App, reader: &Reader<'_>, incoming: &Incoming<'_>) -> Result<Principal, AuthError> {
    let header = incoming.signature.filter(|text| text.len() <= LONGEST).ok_or(AuthError::Missing)?;
    let bytes = BASE64URL_NOPAD.decode(header.as_bytes()).map_err(|_| AuthError::Missing)?;
    let signed = UnverifiedSign1::parse(&bytes, Domain::REQUEST).map_err(|_| AuthError::Missing)?;
    let claimed: RequestClaims = cbor::decode_strict(signed.unverified_payload()).map_err(|_| AuthError::Missing)?;
    let device = reader.get::<DeviceRow>(claimed.device.as_bytes())?.ok_or(AuthError::UnknownDevice)?;
    let key = PublicKey::from_spki_der(device.signing_key.as_slice()).map_err(|_| AuthError::UnknownDevice)?;
    let payload = signed.verify_with_key(app.provider, &key).map_err(|_| AuthError::Mismatch)?;
    let claims: RequestClaims = cbor::decode_strict(payload).map_err(|_| AuthError::Mismatch)?;
    // The connection must be the device's own: possession of its key was proved in the handshake.
    let same_device = incoming.peer.certificate.as_ref().is_some_and(|c| c.as_ref() == device.certificate.as_slice());
    let body = Digest::from_bytes(app.provider.sha256(incoming.body));
    let same_request = claims.method == incoming.method && claims.path == incoming.path && claims.body == body;
    if !(same_device && same_request && claims.authority == app.authority) {
        return Err(AuthError::Mismatch);
    }
    let now = app.now();
    if now.since(claims.time).abs() > CLOCK_TOLERANCE_SECONDS {
        return Err(AuthError::ClockSkew);
    }
    let content = Digest::from_bytes(app.provider.sha256(payload));
    if !app.repeats.admit(device.id, claims.request, content, now) {
        return Err(AuthError::Mismatch);
    }
    let subject = active(app, reader, &device)?;
    Ok(Principal {
        subject,
        device,
        request: claims.request,
        address: incoming.peer.address,
        inside: zones::is_inside(reader, incoming.peer.address.ip())?,
        state: reader.size(),
    })
}

/// The device's subject, if both may act now.
fn active(app: &App, reader: &Reader<'_>, device: &DeviceRow) -> Result<Verified<SubjectRow>, AuthError> {
    match device.standing {
        Standing::Active if app.now() < device.until => {}
        Standing::Pending => return Err(AuthError::Pending),
        _ => return Err(AuthError::InactiveDevice),
    }
    let key = device.subject.as_str().as_bytes();
    let subject = reader.get::<SubjectRow>(key)?.ok_or(AuthError::InactiveSubject)?;
    match subject.standing {
        Standing::Active => Ok(subject),
        Standing::Pending => Err(AuthError::Pending),
        _ => Err(AuthError::InactiveSubject),
    }
}
