//! The signer's certificate (RFC 5280), and those of its issuers.

use data_encoding::BASE64;
use x509_cert::Certificate;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use crate::code::Text;
use crate::time::Timestamp;

/// Certificates of one file, at most.
const MOST: usize = 16;
/// What a certificate for documents may be for, where it says it: anything, mail, documents (RFC 9336), and what Adobe and
/// Microsoft call documents.
const PURPOSES: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
];

/// Why a certificate is not one to sign documents with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The file holds none.
    Unreadable,
    /// It is not valid yet.
    NotYet,
    /// It is not valid any more.
    Expired,
    /// It is an authority's, or for something else.
    WrongUsage,
}

impl CertificateFault {
    /// What happened and what to do.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Unreadable => Text::fixed(
                "証明書を読めません。PEM（署名者の証明書を先頭に、発行者の証明書を続ける）を指定してください。",
                "The certificate can't be read. Give a PEM file: the signer's certificate first, its issuers' behind it.",
            ),
            Self::NotYet => {
                Text::fixed("証明書の有効期間がまだ始まっていません。", "The certificate is not valid yet.")
            }
            Self::Expired => Text::fixed(
                "証明書の有効期間が過ぎています。新しい証明書で署名してください。",
                "The certificate has expired. Sign with a new one.",
            ),
            Self::WrongUsage => Text::fixed(
                "この証明書は文書への署名に使えません（鍵用途が異なるか、認証局の証明書です）。",
                "The certificate is not for signing documents: its key usage says otherwise, or it is an authority's.",
            ),
        }
    }
}

/// Certificates, the signer's first, as they were read.
pub(super) struct Chain {
    all: Vec<Vec<u8>>,
    public_key: Vec<u8>,
    issuer: Vec<u8>,
    serial: Vec<u8>,
    name: String,
    until: Timestamp,
}

impl Chain {
    pub fn read(file: &[u8], now: Timestamp) -> Result<Self, CertificateFault> {
        const UNREADABLE: CertificateFault = CertificateFault::Unreadable;
        let all = if file.first() == Some(&0x30) { vec![file.to_vec()] } else { blocks(file, "CERTIFICATE") };
        if all.len() > MOST {
            return Err(UNREADABLE);
        }
        for other in all.iter().skip(1) {
            Certificate::from_der(other).map_err(|_| UNREADABLE)?;
        }
        let first = all.first().ok_or(UNREADABLE)?;
        let certificate = Certificate::from_der(first).map_err(|_| UNREADABLE)?;
        let body = certificate.tbs_certificate();
        let time =
            |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).map(Timestamp::from_unix);
        let from = time(body.validity().not_before).map_err(|_| UNREADABLE)?;
        let until = time(body.validity().not_after).map_err(|_| UNREADABLE)?;
        if now < from {
            return Err(CertificateFault::NotYet);
        }
        if now > until {
            return Err(CertificateFault::Expired);
        }
        if !signs(&certificate).ok_or(UNREADABLE)? {
            return Err(CertificateFault::WrongUsage);
        }
        let key = body.subject_public_key_info().subject_public_key.as_bytes().ok_or(UNREADABLE)?.to_vec();
        let (issuer, serial) = (body.issuer().to_der(), body.serial_number().to_der());
        Ok(Self {
            public_key: key,
            issuer: issuer.map_err(|_| UNREADABLE)?,
            serial: serial.map_err(|_| UNREADABLE)?,
            name: body.subject().to_string(),
            until,
            all,
        })
    }

    /// The signer's public key, as the bits of its SubjectPublicKeyInfo.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub const fn until(&self) -> Timestamp {
        self.until
    }

    pub fn all(&self) -> &[Vec<u8>] {
        &self.all
    }

    pub fn signer(&self) -> &[u8] {
        self.all.first().map_or(&[], Vec::as_slice)
    }

    /// The issuer's name and the certificate's number, DER.
    pub fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    pub fn len(&self) -> usize {
        self.all.iter().map(Vec::len).sum()
    }
}

/// Whether a certificate may sign documents; `None` when its extensions can't be read.
fn signs(certificate: &Certificate) -> Option<bool> {
    let body = certificate.tbs_certificate();
    let authority = body.get_extension::<BasicConstraints>().ok()?.is_some_and(|(_, found)| found.ca);
    let usage = body.get_extension::<KeyUsage>().ok()?;
    let may = usage.is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation());
    let purposes = body.get_extension::<ExtendedKeyUsage>().ok()?;
    let fits = purposes.is_none_or(|(_, purposes)| purposes.0.iter().any(|purpose| PURPOSES.contains(purpose)));
    Some(!authority && may && fits)
}

/// The blocks of this name in a PEM file (RFC 7468).
pub(super) fn blocks(file: &[u8], name: &str) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(file);
    let (begin, end) = (format!("-----BEGIN {name}-----"), format!("-----END {name}-----"));
    let (mut found, mut rest) = (Vec::new(), &*text);
    while let Some((inside, after)) = rest.split_once(&begin).and_then(|(_, after)| after.split_once(&end)) {
        let digits: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        match BASE64.decode(digits.as_bytes()) {
            Ok(block) => found.push(block),
            Err(_) => return Vec::new(),
        }
        rest = after;
    }
    found
}
