//! The first contact: the enrolment code names 128 bits of the hash of the authority's root, the server shows the root
//! in its handshake. Nothing is sent to a server that can't.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kakuzuke_core::code::Code;
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::protocol::EnrolmentCode;
use kakuzuke_core::trust::authority_id;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls13_signature};
use rustls::{CertificateError, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::tls;
use crate::error::{Error, Result};
use crate::messages;

const PATIENCE: Duration = Duration::from_secs(10);

/// Takes a server whose chain contains the root that the code names, and leads to it.
struct NamedByCode {
    code: EnrolmentCode,
    crypto: Arc<CryptoProvider>,
    found: Mutex<Option<CertificateDer<'static>>>,
}

impl std::fmt::Debug for NamedByCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NamedByCode({:?})", self.code)
    }
}

impl ServerCertVerifier for NamedByCode {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let unknown = || rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let named = others.iter().find(|c| self.code.names(&authority_id(default_provider(), c)));
        let root = named.ok_or_else(unknown)?.clone().into_owned();
        let mut roots = RootCertStore::empty();
        roots.add(root.clone())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.crypto));
        let verifier = verifier.build().map_err(|_| unknown())?;
        let accepted = verifier.verify_server_cert(leaf, &[], name, ocsp, now)?;
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(root);
        Ok(accepted)
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        // TLS 1.2 is never spoken.
        Err(rustls::Error::PeerIncompatible(rustls::PeerIncompatible::Tls13RequiredForQuic))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}

/// The root of the authority that the code names, shown by a server that holds a certificate under it.
pub(crate) fn discover_root(code: &EnrolmentCode) -> Result<CertificateDer<'static>> {
    let unreachable = |e: std::io::Error| Error::of(Code::Unreachable).caused_by(e);
    let verifier = Arc::new(NamedByCode { code: code.clone(), crypto: tls::crypto(), found: Mutex::new(None) });
    let config = tls::judged_by(Arc::<NamedByCode>::clone(&verifier))?;
    let (host, _port) = code.address().rsplit_once(':').ok_or_else(|| Error::of(Code::Usage))?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host).map_err(|e| Error::of(Code::Usage).caused_by(e))?;
    let mut tls = ClientConnection::new(config, name).map_err(|e| Error::of(Code::Internal).caused_by(e))?;
    let mut socket = connect(code.address()).map_err(unreachable)?;
    while tls.is_handshaking() {
        if let Err(error) = tls.complete_io(&mut socket) {
            let refused = error.get_ref().is_some_and(|e| e.is::<rustls::Error>());
            return Err(if refused {
                Error::new(Code::SignatureInvalid, messages::SERVER_NOT_NAMED_BY_CODE).caused_by(error)
            } else {
                unreachable(error)
            });
        }
    }
    tls.send_close_notify();
    let _closing_is_courtesy = tls.complete_io(&mut socket);
    let found = verifier.found.lock().unwrap_or_else(PoisonError::into_inner).take();
    found.ok_or_else(|| Error::new(Code::SignatureInvalid, messages::SERVER_NOT_NAMED_BY_CODE))
}

fn connect(address: &str) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(socket) => {
                socket.set_read_timeout(Some(PATIENCE))?;
                socket.set_write_timeout(Some(PATIENCE))?;
                return Ok(socket);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
