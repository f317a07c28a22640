//! A client written by hand: enrolled like any other, and free to send whatever it likes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64URL_NOPAD;
use kakuzuke_core::cbor;
use kakuzuke_core::cose::{self, Domain};
use kakuzuke_core::crypto::{KemPrivateKey, KeyKind, KeySuite, SigningKey, default_provider};
use kakuzuke_core::id::{AuthorityId, DeviceId, Digest, RequestId};
use kakuzuke_core::protocol::{
    Bytes, EnrolmentCode, EnrolmentProof, EnrolmentRequest, EnrolmentResponse, REQUEST_HEADER, RequestClaims, paths,
};
use kakuzuke_core::time::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

use crate::agency::Agency;
use crate::envelope::seeded::Seeded;

/// An enrolled device whose requests nobody's software makes.
pub struct Client {
    address: String,
    config: Arc<ClientConfig>,
    key: SigningKey,
    certificate: CertificateDer<'static>,
    authority: AuthorityId,
    device: DeviceId,
    rng: Mutex<Seeded>,
}

/// What the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type, empty when there is none.
    pub media: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of a problem document; none when it is not one of ours.
    pub fn problem(&self) -> Option<String> {
        let problem: kakuzuke_core::protocol::Problem = serde_json::from_slice(&self.body).ok()?;
        let fits = self.media == "application/problem+json" && problem.status == self.status;
        fits.then(|| problem.code.slug().to_owned())
    }
}

impl Client {
    /// Enrols a subject's device with keys of its own; the first officer approves it.
    pub fn enrol(agency: &Agency, subject: &str, rest: &[&str]) -> Self {
        let client = Self::ask_to_enrol(agency, &agency.code(subject, rest), subject);
        agency.first().approve_all();
        client
    }

    /// The same without anybody's approval.
    pub fn ask_to_enrol(agency: &Agency, code: &str, name: &str) -> Self {
        let code: EnrolmentCode = code.trim().parse().expect("a code");
        let mut rng = Seeded::new(&format!("client {name}"));
        let (provider, suite) = (default_provider(), KeySuite::Kz3);
        let key = SigningKey::generate(provider, KeyKind::P384, &mut rng).expect("a key");
        let kem = KemPrivateKey::generate(provider, suite, &mut rng).expect("a key");
        let roots = Arc::new(Anyone::default());
        let config = tls(&roots, None);
        // The root comes in the handshake; this client believes it.
        let _hello = exchange(agency.address(), &config, "GET", "/healthz", None, &[]).expect("the server answers");
        let root = roots.0.lock().expect("a lock").clone().expect("a root");
        let authority = AuthorityId::from_bytes(provider.sha256(&root));
        let proof = EnrolmentProof {
            code: Digest::from_bytes(provider.sha256(code.secret())),
            authority,
            signing_key: Bytes::from(key.public().spki_der()),
            kem_suite: suite,
            kem_key: Bytes::from(kem.public().as_bytes()),
            device_name: name.to_owned(),
        };
        let proof = cose::sign(&key, Domain::ENROLMENT, &[], &cbor::encode(&proof), &mut rng).expect("signed");
        let request = EnrolmentRequest { secret: Bytes::from(code.secret().as_slice()), proof: Bytes(proof) };
        let body = serde_json::to_vec(&request).expect("JSON");
        let reply =
            exchange(agency.address(), &config, "POST", paths::ENROLMENTS, None, &body).expect("the server answers");
        let answer: EnrolmentResponse = serde_json::from_slice(&reply.body)
            .unwrap_or_else(|_| panic!("enrolled: {}", String::from_utf8_lossy(&reply.body)));
        let certificate = CertificateDer::from(answer.certificate.0);
        let pkcs8 = key.to_pkcs8().expect("a key");
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8.expose().to_vec()));
        let config = tls(&roots, Some((certificate.clone(), private)));
        let address = agency.address().to_owned();
        Self { address, config, key, certificate, authority, device: answer.device, rng: Mutex::new(rng) }
    }

    /// The claims an honest client would sign for a request made now.
    pub fn claims(&self, method: &str, path: &str, body: &[u8]) -> RequestClaims {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        RequestClaims {
            method: method.to_owned(),
            path: path.to_owned(),
            body: Digest::from_bytes(default_provider().sha256(body)),
            authority: self.authority,
            request: RequestId::from_bytes(self.rng.lock().expect("a lock").array()),
            time: Timestamp::from_unix(i64::try_from(now).expect("a time")),
            device: self.device,
        }
    }

    /// Sends a request under claims of the caller's.
    pub fn send_as(&self, claims: &RequestClaims, method: &str, path: &str, body: &[u8]) -> Reply {
        let mut rng = self.rng.lock().expect("a lock");
        let chain = std::slice::from_ref(&self.certificate);
        let signed = cose::sign(&self.key, Domain::REQUEST, chain, &cbor::encode(claims), &mut *rng).expect("signed");
        let header = BASE64URL_NOPAD.encode(&signed);
        exchange(&self.address, &self.config, method, path, Some(&header), body)
            .unwrap_or_else(|error| panic!("{error}: {method} {} bytes, body {}", path.len(), body.len()))
    }

    /// Sends a request, signed as it should be.
    pub fn send(&self, method: &str, path: &str, body: &[u8]) -> Reply {
        self.send_as(&self.claims(method, path, body), method, path, body)
    }

    /// Sends a request over this device's connection without a signature.
    pub fn send_unsigned(&self, method: &str, path: &str, body: &[u8]) -> Reply {
        exchange(&self.address, &self.config, method, path, None, body).expect("the server answers")
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        self.send("POST", path, body.to_string().as_bytes())
    }
}

/// One request over a connection of its own.
fn exchange(
    address: &str,
    config: &Arc<ClientConfig>,
    method: &str,
    path: &str,
    signature: Option<&str>,
    body: &[u8],
) -> std::io::Result<Reply> {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let connection = ClientConnection::new(Arc::clone(config), name).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    let signature = signature.map(|value| format!("{REQUEST_HEADER}: {value}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{signature}content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    // A server that has heard enough answers and hangs up.
    let _heard_enough = stream.write_all(body).and_then(|()| stream.flush());
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => return Err(error),
        _ => {}
    }
    read(&answer).ok_or_else(|| std::io::Error::other(format!("no HTTP: {}", String::from_utf8_lossy(&answer))))
}

fn read(answer: &[u8]) -> Option<Reply> {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&answer[..end]).ok()?, answer[end + 4..].to_vec());
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let field = |wanted: &str| {
        let mut fields = head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_owned())
    };
    assert!(field("transfer-encoding").is_none(), "answers are sent whole");
    Some(Reply { status, media: field("content-type").unwrap_or_default(), body })
}

fn tls(roots: &Arc<Anyone>, device: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("TLS");
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::clone(roots) as _);
    Arc::new(match device {
        Some((certificate, key)) => builder.with_client_auth_cert(vec![certificate], key).expect("TLS"),
        None => builder.with_no_client_auth(),
    })
}

/// Believes every server, and keeps the root it shows.
#[derive(Debug, Default)]
struct Anyone(Mutex<Option<Vec<u8>>>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().expect("a lock") = intermediates.last().map(|root| root.to_vec());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.3 only".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
