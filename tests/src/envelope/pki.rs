//! Authorities and people whose keys and certificates are the same every time.

use std::sync::Mutex;

use kakuzuke_core::crypto::{KemPrivateKey, KeyKind, KeySuite, SigningKey, pure};
use kakuzuke_core::envelope::{DocumentSecret, Recipient};
use kakuzuke_core::id::{AuthorityId, KeyId};
use kakuzuke_core::trust::{Identity, Service, authority_id};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer, KeyUsagePurpose,
    PublicKeyData, SanType, SerialNumber, SignatureAlgorithm,
};
use rustls_pki_types::CertificateDer;

use super::seeded::Seeded;

/// When certificates begin: 2026-01-01.
pub const FROM: i64 = 1_767_225_600;
/// When they end: 2036-01-01.
pub const UNTIL: i64 = 2_082_758_400;
/// The time of the vectors: 2026-11-01.
pub const NOW: i64 = 1_793_491_200;

/// A signing key that rcgen can use, with randomness of its own.
pub struct Key {
    /// The key.
    pub key: SigningKey,
    rng: Mutex<Seeded>,
}

impl Key {
    fn new(suite: KeySuite, name: &str) -> Self {
        let mut rng = Seeded::new(name);
        let key = SigningKey::generate(pure(), suite.signing_kind(), &mut rng).expect("a key");
        Self { key, rng: Mutex::new(rng) }
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        let spki = self.key.public().spki_der();
        let length = if self.key.public().kind() == KeyKind::P384 { 97 } else { 32 };
        &spki[spki.len() - length..]
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self.key.public().kind() {
            KeyKind::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            _ => &rcgen::PKCS_ED25519,
        }
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let raw = self
            .key
            .sign(message, &mut *self.rng.lock().expect("no panic"))
            .map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(if self.key.public().kind() == KeyKind::P384 { der_signature(&raw) } else { raw })
    }
}

fn der_signature(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    let body: Vec<u8> = [r, s].iter().flat_map(|n| der_integer(n)).collect();
    [vec![0x30, u8::try_from(body.len()).expect("short")], body].concat()
}

fn der_integer(n: &[u8]) -> Vec<u8> {
    let trimmed: Vec<u8> = n.iter().copied().skip_while(|b| *b == 0).collect();
    let sign = if trimmed.first().is_none_or(|b| *b >= 0x80) { vec![0] } else { vec![] };
    let value = [sign, trimmed].concat();
    [vec![0x02, u8::try_from(value.len()).expect("short")], value].concat()
}

/// An authority: root, key-encryption keys, services.
pub struct Authority {
    name: String,
    /// Its suite.
    pub suite: KeySuite,
    /// Root certificate.
    pub root: CertificateDer<'static>,
    /// SHA-256 of the root.
    pub id: AuthorityId,
    issuer: Issuer<'static, Key>,
}

/// Somebody with a key and a chain.
pub struct Member {
    /// The key.
    pub key: Key,
    /// Leaf first, no root.
    pub chain: Vec<CertificateDer<'static>>,
}

impl Member {
    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub fn thumbprint(&self) -> Vec<u8> {
        pure().sha256(self.key.key.public().spki_der()).to_vec()
    }
}

impl Authority {
    /// The authority of a name.
    pub fn new(name: &str, suite: KeySuite) -> Self {
        let key = Key::new(suite, &format!("root {name}"));
        let mut params = params(name, 1);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root = params.self_signed(&key).expect("a root").der().clone();
        let id = authority_id(pure(), &root);
        Self { name: name.to_owned(), suite, root, id, issuer: Issuer::new(params, key) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Somebody whose certificate is for TLS servers only.
    pub fn for_tls(&self, subject: &str) -> Member {
        let mut params = leaf(&[&person_uri(subject)], subject);
        params.custom_extensions = Vec::new();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        self.issue("for tls", &params)
    }

    /// A certificate with these URIs in it.
    pub fn naming(&self, uris: &[&str]) -> Member {
        self.issue(&format!("naming {uris:?}"), &leaf(uris, "nobody"))
    }

    /// A certificate that a person's certificate, which is no authority's, was made to issue.
    pub fn issued_by_person(&self, subject: &str) -> Member {
        let above = self.person("above");
        let issuer = Issuer::new(leaf(&[&person_uri("above")], "above"), above.key);
        let key = Key::new(self.suite, &format!("member {} below person {subject}", self.name));
        let made =
            leaf(&[&person_uri(subject)], subject).signed_by(&key, &issuer).expect("a certificate").der().clone();
        Member { key, chain: vec![made, above.chain[0].clone()] }
    }

    /// A certificate that nobody issued.
    pub fn self_signed(&self, subject: &str) -> Member {
        let key = Key::new(self.suite, &format!("member {} self-signed {subject}", self.name));
        let made = leaf(&[&person_uri(subject)], subject).self_signed(&key).expect("a certificate").der().clone();
        Member { key, chain: vec![made] }
    }

    fn issue(&self, key_name: &str, params: &CertificateParams) -> Member {
        let key = Key::new(self.suite, &format!("member {} {key_name}", self.name));
        let made = params.signed_by(&key, &self.issuer).expect("a certificate").der().clone();
        Member { key, chain: vec![made] }
    }

    /// A person's device.
    pub fn person(&self, subject: &str) -> Member {
        self.member(&Identity::Person(subject.parse().expect("a subject")), subject)
    }

    /// A person's device of a certain number, so that one person can have several.
    pub fn device(&self, subject: &str, number: u8) -> Member {
        self.member(&Identity::Person(subject.parse().expect("a subject")), &format!("{subject} {number}"))
    }

    /// One of its services.
    pub fn service(&self, service: Service) -> Member {
        self.member(&Identity::Service(service), service.slug())
    }

    fn member(&self, identity: &Identity, key_name: &str) -> Member {
        self.issue(key_name, &leaf(&[&identity.uri()], key_name))
    }

    /// A person whose certificate hangs from an intermediate one.
    pub fn person_below_intermediate(&self, subject: &str) -> Member {
        let middle_key = Key::new(self.suite, &format!("intermediate {}", self.name));
        let mut middle = params("intermediate", 3);
        middle.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        middle.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let middle_der = middle.signed_by(&middle_key, &self.issuer).expect("a certificate").der().clone();
        let issuer = Issuer::new(middle, middle_key);
        let key = Key::new(self.suite, &format!("member {} below {subject}", self.name));
        let leaf =
            leaf(&[&person_uri(subject)], subject).signed_by(&key, &issuer).expect("a certificate").der().clone();
        Member { key, chain: vec![leaf, middle_der] }
    }

    /// Key-encryption key `number`, of any suite.
    pub fn kek(&self, suite: KeySuite, number: u8) -> Kek {
        let mut rng = Seeded::new(&format!("kek {} {number}", self.name));
        let private = KemPrivateKey::generate(pure(), suite, &mut rng).expect("a key");
        let hash = pure().sha256(private.public().as_bytes());
        let key = KeyId::try_from(&hash[..16]).expect("16 bytes");
        Kek { authority: self.id, key, private }
    }
}

/// A key-encryption key of an authority.
pub struct Kek {
    /// Whose.
    pub authority: AuthorityId,
    /// Its id.
    pub key: KeyId,
    /// The private key.
    pub private: KemPrivateKey,
}

impl Kek {
    /// What is sealed to.
    pub fn recipient(&self) -> Recipient {
        Recipient { authority: self.authority, key: self.key, public: self.private.public().clone() }
    }
}

/// The secret S of a name.
pub fn secret(name: &str) -> DocumentSecret {
    DocumentSecret::from_slice(&Seeded::new(&format!("secret {name}")).bytes(32)).expect("32 bytes")
}

fn person_uri(subject: &str) -> String {
    Identity::Person(subject.parse().expect("a subject")).uri()
}

fn leaf(uris: &[&str], name: &str) -> CertificateParams {
    let mut params = params(name, 2);
    params.subject_alt_names = uris.iter().map(|uri| SanType::URI((*uri).try_into().expect("ASCII"))).collect();
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.custom_extensions = vec![document_signing()];
    params
}

/// extKeyUsage with id-kp-documentSigning (RFC 9336).
fn document_signing() -> CustomExtension {
    let usage = [0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24];
    CustomExtension::from_oid_content(&[2, 5, 29, 37], usage.to_vec())
}

fn params(name: &str, serial: u8) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    params.distinguished_name = names;
    params.not_before = moment(FROM);
    params.not_after = moment(UNTIL);
    params.serial_number = Some(SerialNumber::from_slice(&[serial]));
    params
}

fn moment(at: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(at).expect("in range")
}
