//! 信頼の起点. Which signers count: those whose certificate chains to an anchor pinned at enrolment.
//!
//! A key, certificate or host found in a file is a claim. The only maker of a [`Signer`] is [`Anchors::verify`].

mod checked;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::Certificate;
use x509_cert::der::asn1::{ObjectIdentifier, Utf8StringRef};
use x509_cert::der::{Decode, Encode};

use crate::cose::{CoseError, UnverifiedSign1};
use crate::crypto::{Provider, PublicKey, WEBPKI_ALGORITHMS};
use crate::id::{AuthorityId, CertHash, DeviceId, SubjectId};
use crate::time::Timestamp;
use checked::{Checked, Question};

/// A signer was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// No certificate came with the signature.
    #[error("no certificate with the signature")]
    NoCertificate,
    /// A certificate is malformed or says something we do not understand.
    #[error("malformed certificate")]
    MalformedCertificate,
    /// The chain does not lead to a pinned anchor.
    #[error("the certificate does not chain to a known authority")]
    UnknownAuthority,
    /// The certificate is not valid at that time.
    #[error("the certificate is not valid at that time")]
    NotValidAt,
    /// The certificate names neither a person nor a service of ours.
    #[error("the certificate names no subject")]
    NoIdentity,
    /// The signer is not of the kind this signature needs.
    #[error("the signer may not sign this")]
    WrongRole,
    /// The signature itself.
    #[error(transparent)]
    Cose(#[from] CoseError),
}

/// 業務サービス. What a service certificate may sign; it may do only that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Licences, tickets, destruction certificates.
    Licence,
    /// The authority's description and counter-signatures.
    Authority,
    /// Labels by an approved rule.
    Rule,
    /// The TLS server.
    Tls,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Licence, Self::Authority, Self::Rule, Self::Tls];

    /// The last part of its URI.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::Authority => "authority",
            Self::Rule => "rule",
            Self::Tls => "tls",
        }
    }
}

/// Who a certificate speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A person, by one of their devices.
    Person(SubjectId),
    /// A service of the authority.
    Service(Service),
}

const PERSON: &str = "urn:kakuzuke:person:";
const SERVICE: &str = "urn:kakuzuke:service:";

impl Identity {
    /// The subjectAltName URI that says it.
    #[must_use]
    pub fn uri(&self) -> String {
        match self {
            Self::Person(subject) => format!("{PERSON}{subject}"),
            Self::Service(service) => format!("{SERVICE}{}", service.slug()),
        }
    }

    fn parse(uri: &str) -> Option<Self> {
        if let Some(subject) = uri.strip_prefix(PERSON) {
            return subject.parse().ok().map(Self::Person);
        }
        let slug = uri.strip_prefix(SERVICE)?;
        Service::ALL.into_iter().find(|s| s.slug() == slug).map(Self::Service)
    }
}

/// いつの時点で. When a signer's certificate must have been valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// At this very time: now, or the time a verified receipt proves.
    At(Timestamp),
    /// At this time, or, if the signer's certificate has ended since, at its end. For what somebody vouches for
    /// besides, such as the key server that has it registered, and for a reader who is told that it has ended
    /// ([`Signer::ended`]): a document must outlive the certificate of the device that sealed it.
    AtOrBefore(Timestamp),
}

impl From<Timestamp> for AsOf {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl AsOf {
    /// The time to check a chain at, and the end of its leaf if that is before.
    fn resolve(self, leaf: &CertificateDer<'_>) -> Result<(Timestamp, Option<Timestamp>), TrustError> {
        match self {
            Self::At(at) => Ok((at, None)),
            Self::AtOrBefore(at) => {
                let end = end_of(leaf)?;
                Ok(if end < at { (end, Some(end)) } else { (at, None) })
            }
        }
    }
}

/// The last second of a certificate's validity.
///
/// # Errors
/// [`TrustError::MalformedCertificate`].
pub fn end_of(der: &CertificateDer<'_>) -> Result<Timestamp, TrustError> {
    let certificate = Certificate::from_der(der).map_err(|_| TrustError::MalformedCertificate)?;
    let end = certificate.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
    i64::try_from(end).map(Timestamp::from_unix).map_err(|_| TrustError::MalformedCertificate)
}

/// A signer whose certificate chains to an anchor.
#[derive(Debug, Clone)]
pub struct Signer {
    authority: AuthorityId,
    identity: Identity,
    name: String,
    unit: Option<String>,
    key: PublicKey,
    device: DeviceId,
    certificate: CertHash,
    ended: Option<Timestamp>,
}

impl Signer {
    /// When the certificate ended, if it was accepted as of its end. Then only somebody else can say that the
    /// signature was made before.
    #[must_use]
    pub const fn ended(&self) -> Option<Timestamp> {
        self.ended
    }

    /// The authority that vouches for it.
    #[must_use]
    pub const fn authority(&self) -> AuthorityId {
        self.authority
    }

    /// Who it is.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The person, if it is one.
    #[must_use]
    pub const fn person(&self) -> Option<&SubjectId> {
        match &self.identity {
            Identity::Person(subject) => Some(subject),
            Identity::Service(_) => None,
        }
    }

    /// Name in the certificate (commonName).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// 所属 in the certificate (organizationalUnitName).
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Thumbprint of the key: SHA-256 of its SubjectPublicKeyInfo.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// SHA-256 of the certificate.
    #[must_use]
    pub const fn certificate(&self) -> CertHash {
        self.certificate
    }
}

/// The pinned roots of the own authority and of the partners it vouches for.
#[derive(Clone)]
pub struct Anchors {
    roots: Vec<(AuthorityId, TrustAnchor<'static>)>,
    checked: Checked,
}

impl core::fmt::Debug for Anchors {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.roots.iter().map(|(id, _)| id)).finish()
    }
}

impl Anchors {
    /// From root certificates (DER) that the caller has pinned.
    ///
    /// # Errors
    /// When one of them is not a certificate.
    pub fn new<'a>(
        provider: &dyn Provider,
        roots: impl IntoIterator<Item = &'a CertificateDer<'a>>,
    ) -> Result<Self, TrustError> {
        let roots = roots
            .into_iter()
            .map(|der| {
                let anchor = anchor_from_trusted_cert(der).map_err(|_| TrustError::MalformedCertificate)?;
                Ok((authority_id(provider, der), anchor.to_owned()))
            })
            .collect::<Result<_, TrustError>>()?;
        Ok(Self { roots, checked: Checked::default() })
    }

    /// Whether an authority is among the anchors.
    #[must_use]
    pub fn know(&self, authority: &AuthorityId) -> bool {
        self.roots.iter().any(|(id, _)| id == authority)
    }

    /// Checks a chain (leaf first, no root) against the anchors as of `at`.
    ///
    /// # Errors
    /// [`TrustError`] when it does not lead to an anchor, is not valid then, or names nobody.
    pub fn verify_chain(
        &self,
        provider: &dyn Provider,
        chain: &[CertificateDer<'_>],
        at: impl Into<AsOf>,
    ) -> Result<Signer, TrustError> {
        let at = at.into();
        let question = Question::new(provider, chain, at);
        if let Some(signer) = self.checked.find(question) {
            return Ok(signer);
        }
        let signer = self.check_chain(provider, chain, at)?;
        self.checked.keep(question, &signer);
        Ok(signer)
    }

    fn check_chain(
        &self,
        provider: &dyn Provider,
        chain: &[CertificateDer<'_>],
        at: AsOf,
    ) -> Result<Signer, TrustError> {
        let (leaf, intermediates) = chain.split_first().ok_or(TrustError::NoCertificate)?;
        let parsed = EndEntityCert::try_from(leaf).map_err(|_| TrustError::MalformedCertificate)?;
        let (at, ended) = at.resolve(leaf)?;
        let seconds = u64::try_from(at.unix()).map_err(|_| TrustError::NotValidAt)?;
        let time = UnixTime::since_unix_epoch(core::time::Duration::from_secs(seconds));
        let authority = self.authority_of(&parsed, intermediates, time)?;
        let mut uris = parsed.valid_uri_names();
        let identity = uris.next().and_then(Identity::parse).ok_or(TrustError::NoIdentity)?;
        if uris.next().is_some() {
            return Err(TrustError::NoIdentity);
        }
        let spki = parsed.subject_public_key_info();
        let key = PublicKey::from_spki_der(spki.as_ref()).map_err(|_| TrustError::MalformedCertificate)?;
        Ok(Signer {
            authority,
            identity,
            name: name_part(leaf, COMMON_NAME)?.ok_or(TrustError::NoIdentity)?,
            unit: name_part(leaf, ORGANIZATIONAL_UNIT)?,
            device: DeviceId::from_bytes(provider.sha256(spki.as_ref())),
            key,
            certificate: CertHash::from_bytes(provider.sha256(leaf)),
            ended,
        })
    }

    /// Checks a COSE_Sign1 whose x5chain must lead to an anchor; gives the signer and the payload.
    ///
    /// # Errors
    /// [`TrustError`] for the chain, [`CoseError`] inside it for the signature.
    pub fn verify<'s>(
        &self,
        provider: &dyn Provider,
        signed: &'s UnverifiedSign1,
        at: impl Into<AsOf>,
    ) -> Result<(Signer, &'s [u8]), TrustError> {
        let signer = self.verify_chain(provider, signed.chain(), at)?;
        let payload = signed.verify_with_key(provider, signer.key())?;
        Ok((signer, payload))
    }

    /// Like [`Self::verify`], for what only one service of one authority may sign.
    ///
    /// # Errors
    /// [`TrustError::WrongRole`] when it is another signer.
    pub fn verify_service<'s>(
        &self,
        provider: &dyn Provider,
        signed: &'s UnverifiedSign1,
        service: Service,
        at: Timestamp,
    ) -> Result<(Signer, &'s [u8]), TrustError> {
        let (signer, payload) = self.verify(provider, signed, at)?;
        if signer.identity == Identity::Service(service) { Ok((signer, payload)) } else { Err(TrustError::WrongRole) }
    }

    fn authority_of(
        &self,
        leaf: &EndEntityCert<'_>,
        intermediates: &[CertificateDer<'_>],
        time: UnixTime,
    ) -> Result<AuthorityId, TrustError> {
        let mut outcome = TrustError::UnknownAuthority;
        for (id, anchor) in &self.roots {
            let usage = KeyUsage::required_if_present(SIGNING_USAGE);
            match leaf.verify_for_usage(
                WEBPKI_ALGORITHMS,
                std::slice::from_ref(anchor),
                intermediates,
                time,
                usage,
                None,
                None,
            ) {
                Ok(_) => return Ok(*id),
                Err(webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. }) => {
                    outcome = TrustError::NotValidAt;
                }
                Err(_) => {}
            }
        }
        Err(outcome)
    }
}

/// id-kp-documentSigning (RFC 9336), 1.3.6.1.5.5.7.3.36, where a certificate restricts its use at all.
const SIGNING_USAGE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24];

/// The id of the authority whose root certificate this is.
#[must_use]
pub fn authority_id(provider: &dyn Provider, root: &CertificateDer<'_>) -> AuthorityId {
    AuthorityId::from_bytes(provider.sha256(root))
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");

/// The first part of a kind in the certificate's subject, where there is one.
fn name_part(der: &CertificateDer<'_>, kind: ObjectIdentifier) -> Result<Option<String>, TrustError> {
    let certificate = Certificate::from_der(der).map_err(|_| TrustError::MalformedCertificate)?;
    let subject = certificate.tbs_certificate().subject().clone();
    let Some(part) = subject.iter().find(|part| part.oid == kind) else { return Ok(None) };
    let bytes = part.value.to_der().map_err(|_| TrustError::MalformedCertificate)?;
    let text = Utf8StringRef::from_der(&bytes).map_err(|_| TrustError::NoIdentity)?;
    Ok(Some(text.as_str().to_owned()))
}
