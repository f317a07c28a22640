//! 接続. TLS 1.3 and HTTP on a listening socket; hands every request on with the peer it came from.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// Connections served at the same time; the next one waits in the listen queue (6.2.3).
const MAX_CONNECTIONS: usize = 2_048;
/// A TLS handshake and a request's head must be there within this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Certificate, key or root do not fit together.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The client verifier refused the root.
    #[error("TLS: {0}")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
    /// The socket.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Where a request came from, as the transport saw it: never from a header.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Network address of the other end.
    pub address: SocketAddr,
    /// The client certificate, whose possession TLS has proved and whose chain leads to the root; none at enrolment.
    pub certificate: Option<CertificateDer<'static>>,
}

/// TLS 1.3 only, hybrid post-quantum key exchange preferred, client certificates of the own root welcome.
///
/// # Errors
/// When the parts do not fit together.
pub fn tls_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    root: CertificateDer<'static>,
) -> Result<Arc<ServerConfig>, ServeError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(root)?;
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .allow_unauthenticated()
        .build()?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Serves until `stop` changes, then lets open connections finish their requests.
///
/// # Errors
/// When the listening socket fails for good.
pub async fn run(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ServeError> {
    let acceptor = TlsAcceptor::from(tls);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = Arc::new(hyper_util::server::graceful::GracefulShutdown::new());
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        // A single failed accept (out of descriptors, a peer gone already) must not end the service.
        let Ok((stream, address)) = accepted else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let acceptor = acceptor.clone();
        let router = router.clone();
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            let _place = place;
            connection(acceptor, stream, address, router, watcher).await;
        });
    }
    if let Some(graceful) = Arc::into_inner(graceful) {
        let _timed_out = tokio::time::timeout(PATIENCE, graceful.shutdown()).await;
    }
    Ok(())
}

async fn connection(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let _nodelay = stream.set_nodelay(true);
    let Ok(Ok(tls)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await else { return };
    let certificate = tls.get_ref().1.peer_certificates().and_then(|c| c.first()).map(|c| c.clone().into_owned());
    let router = router.layer(Extension(Peer { address, certificate }));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let served = builder.serve_connection(TokioIo::new(tls), TowerToHyperService::new(router));
    // The peer hanging up or speaking nonsense ends this connection and nothing else.
    let _ended = watcher.watch(served.into_owned()).await;
}
