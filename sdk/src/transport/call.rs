//! One request and its answer: signed, sent, sent again under the same id when the connection broke, and what the server
//! says in return told apart into an answer, a problem, and nonsense.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{self, Domain};
use kakuzuke_core::crypto::Provider;
use kakuzuke_core::id::{AuthorityId, DeviceId, Digest, RequestId};
use kakuzuke_core::protocol::{Problem, REQUEST_HEADER, RequestClaims};
use kakuzuke_core::time::Timestamp;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, TcpConnector};
use ureq::{Agent, Proxy, ProxyProtocol};

use super::connector::TlsConnector;
use super::patience::PatientConnector;
use super::tls::{self, DeviceIdentity};
use crate::cancel;
use crate::error::{Error, Result};
use crate::messages;
use crate::profile::Profile;
use crate::random;

/// Answers longer than this are refused, in bytes.
const ANSWER_MAX: u64 = 64 << 20;
/// A request is sent this many times at most.
const ATTEMPTS: usize = 3;
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE_CALL: Duration = Duration::from_secs(120);

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
}

impl Method {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The servers of one authority, under its root.
pub(crate) struct Server {
    agent: Agent,
    addresses: Vec<String>,
}

/// Who calls: the device that signs, and when.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) provider: &'static dyn Provider,
    pub(crate) profile: &'a Profile,
    pub(crate) now: Timestamp,
}

impl Server {
    /// For the two requests that need no enrolment.
    pub(crate) fn anonymous(address: &str, root: &CertificateDer<'static>) -> Result<Self> {
        Self::with(vec![address.to_owned()], root, None, None)
    }

    /// With the device's certificate.
    pub(crate) fn enrolled(profile: &Profile, proxy: Option<&str>) -> Result<Self> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(profile.keys().signing_pkcs8()?.expose().to_vec()));
        let device = DeviceIdentity { chain: profile.chain().to_vec(), key };
        Self::with(profile.card().addresses.clone(), profile.root(), Some(device), proxy)
    }

    fn with(
        addresses: Vec<String>,
        root: &CertificateDer<'static>,
        device: Option<DeviceIdentity>,
        proxy: Option<&str>,
    ) -> Result<Self> {
        let proxy = proxy.map(way_through).transpose()?;
        let config = Agent::config_builder()
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            .user_agent(concat!("kakuzuke/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE_CALL))
            .max_idle_connections_per_host(4)
            .build();
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(PatientConnector)
                .chain(TlsConnector(tls::pinned(root, device)?));
        Ok(Self { agent: Agent::with_parts(config, connector, DefaultResolver::default()), addresses })
    }

    /// Asks without a signature.
    pub(crate) fn ask<A: DeserializeOwned>(&self, method: Method, path: &str, body: Option<&[u8]>) -> Result<A> {
        let answer = self.send(method, path, body.unwrap_or_default(), None)?;
        read_answer(&answer)
    }

    /// Posts a body signed by the device.
    pub(crate) fn post<A: DeserializeOwned>(&self, caller: Caller<'_>, path: &str, body: &impl Serialize) -> Result<A> {
        let body = serde_json::to_vec(body).map_err(|e| Error::of(Code::Internal).caused_by(e))?;
        read_answer(&self.signed(caller, Method::Post, path, &body)?)
    }

    /// Gets an answer in JSON.
    pub(crate) fn get<A: DeserializeOwned>(&self, caller: Caller<'_>, path: &str) -> Result<A> {
        read_answer(&self.signed(caller, Method::Get, path, &[])?)
    }

    /// Gets an answer as it is.
    pub(crate) fn get_bytes(&self, caller: Caller<'_>, path: &str) -> Result<Vec<u8>> {
        self.signed(caller, Method::Get, path, &[])
    }

    fn signed(&self, caller: Caller<'_>, method: Method, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        let request = RequestId::from_bytes(random::bytes()?);
        let claims = claims(caller, method, path, body, request);
        let profile = caller.profile;
        let header = cose::sign(
            profile.keys().signing(),
            Domain::REQUEST,
            profile.chain(),
            &cbor::encode(&claims),
            &mut random::generator(),
        );
        let header = header.map_err(|e| Error::of(Code::Internal).caused_by(e))?;
        // The same bytes each time: to the server it is one request, however often it arrives.
        self.send(method, path, body, Some(&BASE64URL_NOPAD.encode(&header)))
            .map_err(|error| explain_clock(error, caller.now))
    }

    /// Sends to the first server that can be reached; tries again when a connection breaks.
    fn send(&self, method: Method, path: &str, body: &[u8], header: Option<&str>) -> Result<Vec<u8>> {
        let mut last = Error::of(Code::Unreachable);
        for attempt in 0..ATTEMPTS {
            for address in &self.addresses {
                cancel::check().map_err(|e| Error::of(Code::Unreachable).caused_by(e))?;
                match self.send_once(address, method, path, body, header) {
                    Ok(answer) => return answer,
                    Err(error) => last = Error::of(Code::Unreachable).caused_by(error),
                }
            }
            // Nobody listens at any address: asking again at once changes nothing.
            if attempt == 0 && refused_connection(&last) {
                break;
            }
        }
        Err(last)
    }

    fn send_once(
        &self,
        address: &str,
        method: Method,
        path: &str,
        body: &[u8],
        header: Option<&str>,
    ) -> std::result::Result<Result<Vec<u8>>, ureq::Error> {
        let uri = format!("https://{address}{path}");
        let mut answer = match method {
            Method::Get => {
                let request = self.agent.get(&uri);
                match header {
                    Some(header) => request.header(REQUEST_HEADER, header),
                    None => request,
                }
                .call()?
            }
            Method::Post => {
                let request = self.agent.post(&uri).content_type("application/json");
                match header {
                    Some(header) => request.header(REQUEST_HEADER, header),
                    None => request,
                }
                .send(body)?
            }
        };
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_vec()?;
        Ok(if (200..300).contains(&status) { Ok(bytes) } else { Err(problem(status, &bytes)) })
    }
}

/// A proxy that passes connections on (CONNECT), `http://host:port`. It sees whom we talk to, and nothing of what is said.
fn way_through(address: &str) -> Result<Proxy> {
    let bad = || Error::new(Code::Usage, messages::bad_proxy(address));
    let named = Proxy::new(address).map_err(|e| bad().caused_by(e))?;
    if named.protocol() != ProxyProtocol::Http {
        return Err(bad());
    }
    let way = Proxy::builder(ProxyProtocol::Http).host(named.host()).port(named.port()).resolve_target(false);
    let way = match (named.username(), named.password()) {
        (Some(name), Some(password)) => way.username(name).password(password),
        _ => way,
    };
    way.build().map_err(|e| bad().caused_by(e))
}

fn claims(caller: Caller<'_>, method: Method, path: &str, body: &[u8], request: RequestId) -> RequestClaims {
    let authority: AuthorityId = caller.profile.authority();
    let device: DeviceId = caller.profile.card().device;
    RequestClaims {
        method: method.as_str().to_owned(),
        path: path.to_owned(),
        body: Digest::from_bytes(caller.provider.sha256(body)),
        authority,
        request,
        time: caller.now,
        device,
    }
}

fn read_answer<A: DeserializeOwned>(bytes: &[u8]) -> Result<A> {
    serde_json::from_slice(bytes).map_err(|e| Error::new(Code::Unready, messages::ANSWER_UNREADABLE).caused_by(e))
}

/// What the server says is wrong; what is no problem document is told by its status.
fn problem(status: u16, bytes: &[u8]) -> Error {
    match serde_json::from_slice::<Problem>(bytes) {
        Ok(problem) => Error::from(problem),
        Err(_) => match status {
            401 => Error::of(Code::Unauthenticated),
            403 => Error::of(Code::Denied),
            404 => Error::of(Code::NotAvailable),
            413 => Error::of(Code::LimitExceeded),
            _ => Error::new(Code::Unready, messages::answer_status(status)),
        },
    }
}

/// Says by how much the clocks differ, where the server told its own.
fn explain_clock(error: Error, now: Timestamp) -> Error {
    match (error.code(), error.server_time()) {
        (Code::ClockSkew, Some(server)) => Error::new(Code::ClockSkew, messages::clock_skew(now.since(server))),
        _ => error,
    }
}

fn refused_connection(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|e| e.downcast_ref::<ureq::Error>());
    matches!(source, Some(ureq::Error::Io(e)) if e.kind() == std::io::ErrorKind::ConnectionRefused)
}
