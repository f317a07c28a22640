//! 認証局. The built-in certificate authority: its root, the certificates of devices and of the services.
//!
//! The room only makes certificates; who may get one is decided elsewhere (enrolment, `init`).

use kakuzuke_core::crypto::KeySuite;
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{Identity, Service};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber, SignatureAlgorithm, SubjectPublicKeyInfo,
};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// Lifetime of the root: 20 years.
const ROOT_SECONDS: i64 = 20 * 365 * 86_400;
/// Lifetime of a device certificate: 2 years.
pub const DEVICE_SECONDS: i64 = 2 * 365 * 86_400;
/// Lifetime of a service certificate: 5 years.
const SERVICE_SECONDS: i64 = 5 * 365 * 86_400;
/// Certificates start this long before they are made, for clocks that are a little behind.
const BACKDATE_SECONDS: i64 = 3600;

/// id-kp-documentSigning (RFC 9336).
const DOCUMENT_SIGNING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 36];

/// A certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The key or a name cannot stand in a certificate.
    #[error("certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A time outside the range of certificates.
    #[error("time out of range")]
    Time,
}

/// Makes the self-signed root for a key (PKCS#8). `name` is the authority's name.
///
/// # Errors
/// When the key is not one for the suite or the name cannot stand in a certificate.
pub fn make_root(
    suite: KeySuite,
    key: &PrivatePkcs8KeyDer<'_>,
    name: &str,
    serial: [u8; 16],
    now: Timestamp,
) -> Result<CertificateDer<'static>, CaError> {
    let key = key_pair(suite, key)?;
    let mut params = params(name, None, serial, now, ROOT_SECONDS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params.self_signed(&key)?.der().clone())
}

/// The root with its key: issues certificates.
pub struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
}

impl CertificateAuthority {
    /// Takes the root certificate and its key (PKCS#8).
    ///
    /// # Errors
    /// When they do not fit the suite.
    pub fn new(suite: KeySuite, root: &CertificateDer<'_>, key: &PrivatePkcs8KeyDer<'_>) -> Result<Self, CaError> {
        Ok(Self { issuer: Issuer::from_ca_cert_der(root, key_pair(suite, key)?)? })
    }

    /// 端末証明書. A person's device: client authentication and document signing, two years.
    ///
    /// `spki` is the device's SubjectPublicKeyInfo (DER); `name` 氏名, `unit` 所属.
    ///
    /// # Errors
    /// When key or names cannot stand in a certificate.
    pub fn issue_device(
        &self,
        spki: &[u8],
        identity: &Identity,
        name: &str,
        unit: Option<&str>,
        serial: [u8; 16],
        now: Timestamp,
    ) -> Result<CertificateDer<'static>, CaError> {
        let mut params = params(name, unit, serial, now, DEVICE_SECONDS)?;
        params.subject_alt_names = vec![uri(identity)?];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec())];
        self.sign(&params, spki)
    }

    /// A service's certificate: document signing only, or server authentication for [`Service::Tls`]
    /// with `hosts` (DNS names or addresses).
    ///
    /// # Errors
    /// When key or names cannot stand in a certificate.
    pub fn issue_service(
        &self,
        spki: &[u8],
        service: Service,
        hosts: &[String],
        serial: [u8; 16],
        now: Timestamp,
    ) -> Result<CertificateDer<'static>, CaError> {
        let mut params = params(service.slug(), None, serial, now, SERVICE_SECONDS)?;
        params.subject_alt_names = CertificateParams::new(hosts.to_vec())?.subject_alt_names;
        params.subject_alt_names.push(uri(&Identity::Service(service))?);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match service {
            Service::Tls => ExtendedKeyUsagePurpose::ServerAuth,
            _ => ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec()),
        }];
        self.sign(&params, spki)
    }

    fn sign(&self, params: &CertificateParams, spki: &[u8]) -> Result<CertificateDer<'static>, CaError> {
        let key = SubjectPublicKeyInfo::from_der(spki)?;
        Ok(params.clone().signed_by(&key, &self.issuer)?.der().clone())
    }
}

fn key_pair(suite: KeySuite, key: &PrivatePkcs8KeyDer<'_>) -> Result<KeyPair, CaError> {
    Ok(KeyPair::from_pkcs8_der_and_sign_algo(key, algorithm(suite))?)
}

fn algorithm(suite: KeySuite) -> &'static SignatureAlgorithm {
    match suite {
        KeySuite::Kz1 | KeySuite::Kz2 => &rcgen::PKCS_ED25519,
        KeySuite::Kz3 => &rcgen::PKCS_ECDSA_P384_SHA384,
    }
}

fn uri(identity: &Identity) -> Result<SanType, CaError> {
    Ok(SanType::URI(identity.uri().try_into()?))
}

fn params(
    name: &str,
    unit: Option<&str>,
    serial: [u8; 16],
    now: Timestamp,
    seconds: i64,
) -> Result<CertificateParams, CaError> {
    let mut params = CertificateParams::default();
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    if let Some(unit) = unit {
        names.push(DnType::OrganizationalUnitName, unit);
    }
    params.distinguished_name = names;
    params.not_before = moment(now.plus(-BACKDATE_SECONDS))?;
    params.not_after = moment(now.plus(seconds))?;
    let [first, rest @ ..] = serial;
    let mut bytes = vec![first & 0x7f | 0x40];
    bytes.extend_from_slice(&rest);
    params.serial_number = Some(SerialNumber::from_slice(&bytes));
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn moment(at: Timestamp) -> Result<time::OffsetDateTime, CaError> {
    time::OffsetDateTime::from_unix_timestamp(at.unix()).map_err(|_| CaError::Time)
}
