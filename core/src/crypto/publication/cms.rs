//! CMS SignedData (RFC 5652) with the attributes of the baseline (EN 319 122-1, 5; EN 319 142-1, 6.3): what was signed, with
//! which certificate; and when, where the document does not say it itself.

use super::certificate::Chain;
use super::der::{GENERALIZED_TIME, INTEGER, NULL, OCTETS, SEQUENCE, SET, UTC_TIME, object, row, set, value};
use super::key::{Key, Scheme};
use super::{PublicationError, SignatureForm};
use crate::time::Timestamp;

/// Object identifiers, as their content.
const DATA: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01";
const SIGNED_DATA: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
const CONTENT_TYPE: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03";
const MESSAGE_DIGEST: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04";
const SIGNING_TIME: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05";
const SIGNING_CERTIFICATE_V2: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x2F";
const SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
const SHA384: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
const RSA_SHA256: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B";
const ECDSA_SHA256: &[u8] = b"\x2A\x86\x48\xCE\x3D\x04\x03\x02";
const ECDSA_SHA384: &[u8] = b"\x2A\x86\x48\xCE\x3D\x04\x03\x03";

/// Implicit tags of certificates and of signed attributes.
const CERTIFICATES: u8 = 0xA0;
const SIGNED: u8 = 0xA0;
/// Explicit tag of the content.
const CONTENT: u8 = 0xA0;

/// The digest algorithm, and the signature's.
fn algorithms(scheme: Scheme) -> (Vec<u8>, Vec<u8>) {
    let plain = |name: &[u8]| row(SEQUENCE, &[&object(name)]);
    match scheme {
        Scheme::RsaSha256 => (plain(SHA256), row(SEQUENCE, &[&object(RSA_SHA256), &value(NULL, &[])])),
        Scheme::EcdsaSha256 => (plain(SHA256), plain(ECDSA_SHA256)),
        Scheme::EcdsaSha384 => (plain(SHA384), plain(ECDSA_SHA384)),
    }
}

fn attribute(name: &[u8], content: &[u8]) -> Vec<u8> {
    row(SEQUENCE, &[&object(name), &value(SET, content)])
}

/// Which certificate signed (RFC 5035): its sum with SHA-256, which need not be named, or with the signature's.
fn certificate_id(key: &Key, chain: &Chain) -> Vec<u8> {
    let sum = value(OCTETS, key.sum_of(chain.signer()).as_ref());
    let id = match key.scheme() {
        Scheme::EcdsaSha384 => row(SEQUENCE, &[&algorithms(Scheme::EcdsaSha384).0, &sum]),
        Scheme::RsaSha256 | Scheme::EcdsaSha256 => row(SEQUENCE, &[&sum]),
    };
    row(SEQUENCE, &[&row(SEQUENCE, &[&id])])
}

/// The whole signature over content with this digest.
pub(super) fn sign(key: &Key, chain: &Chain, digest: &[u8], form: SignatureForm) -> Result<Vec<u8>, PublicationError> {
    let (digest_algorithm, signature_algorithm) = algorithms(key.scheme());
    let mut attributes = vec![
        attribute(CONTENT_TYPE, &object(DATA)),
        attribute(MESSAGE_DIGEST, &value(OCTETS, digest)),
        attribute(SIGNING_CERTIFICATE_V2, &certificate_id(key, chain)),
    ];
    if let SignatureForm::Beside(now) = form {
        attributes.push(attribute(SIGNING_TIME, &time(now)));
    }
    // Signed is the set under its own tag, written is the one with the field's (RFC 5652, 5.4).
    let signed = set(SET, attributes.clone());
    let signature = key.sign(&signed)?;
    let version = value(INTEGER, &[1]);
    let signer = row(
        SEQUENCE,
        &[
            &version,
            &row(SEQUENCE, &[chain.issuer(), chain.serial()]),
            &digest_algorithm,
            &set(SIGNED, attributes),
            &signature_algorithm,
            &value(OCTETS, &signature),
        ],
    );
    let data = row(
        SEQUENCE,
        &[
            &version,
            &row(SET, &[&digest_algorithm]),
            &row(SEQUENCE, &[&object(DATA)]),
            &set(CERTIFICATES, chain.all().to_vec()),
            &row(SET, &[&signer]),
        ],
    );
    Ok(row(SEQUENCE, &[&object(SIGNED_DATA), &value(CONTENT, &data)]))
}

/// A time (RFC 5652, 11.3): of two digits a year up to 2049.
fn time(now: Timestamp) -> Vec<u8> {
    // Nine hours back from Japan's calendar is the world's.
    let (year, month, day, hour, minute, second) = now.plus(-9 * 3_600).japan();
    let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    match year {
        1950..=2049 => value(UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes()),
        _ => value(GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes()),
    }
}
