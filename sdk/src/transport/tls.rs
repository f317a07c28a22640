//! TLS 1.3 only, hybrid post-quantum key exchange preferred, and one root: the authority's.

use std::sync::Arc;

use kakuzuke_core::code::Code;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::{Error, Result};
use crate::messages;

/// A client certificate with its key.
pub(crate) struct DeviceIdentity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

pub(super) fn crypto() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// A client that believes `root` only.
pub(super) fn pinned(root: &CertificateDer<'static>, device: Option<DeviceIdentity>) -> Result<Arc<ClientConfig>> {
    let broken = |e: rustls::Error| Error::new(Code::Profile, messages::PROFILE_DAMAGED).caused_by(e);
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).map_err(broken)?;
    let builder = ClientConfig::builder_with_provider(crypto())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(broken)?
        .with_root_certificates(roots);
    let config = match device {
        Some(device) => builder.with_client_auth_cert(device.chain, device.key).map_err(broken)?,
        None => builder.with_no_client_auth(),
    };
    Ok(Arc::new(config))
}

/// A client whose server is judged by `verifier`.
pub(super) fn judged_by(verifier: Arc<dyn ServerCertVerifier>) -> Result<Arc<ClientConfig>> {
    let builder = ClientConfig::builder_with_provider(crypto())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| Error::of(Code::Internal).caused_by(e))?;
    // "Dangerous" is rustls' word for a verifier of one's own; this one demands the root the enrolment code names.
    Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
}
