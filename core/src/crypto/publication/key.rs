//! The private key, by aws-lc: PKCS#8 (RFC 5958), also under a passphrase (PBES2, RFC 8018).

use aws_lc_rs::cipher::{AES_128, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::digest::{Context, Digest, SHA256, SHA384, digest};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use core::num::NonZeroU32;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Reader as _, SliceReader, Tag, Tagged as _};
use zeroize::Zeroizing;

use super::PublicationError;
use super::certificate::blocks;

/// Rounds of a passphrase's derivation, at most: a file must not hold the machine up.
const ROUNDS: u32 = 2_000_000;

/// How it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    RsaSha256,
    EcdsaSha256,
    EcdsaSha384,
}

pub(super) enum Key {
    Rsa(rsa::KeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

/// A sum being taken.
pub(super) struct Sum(Context);

impl Sum {
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

impl Key {
    pub fn read(file: &[u8], passphrase: Option<&[u8]>) -> Result<Self, PublicationError> {
        let document = match (blocks(file, "PRIVATE KEY").pop(), blocks(file, "ENCRYPTED PRIVATE KEY").pop()) {
            (Some(plain), None) => Zeroizing::new(plain),
            (None, Some(sealed)) => {
                let passphrase = passphrase.ok_or(PublicationError::Passphrase)?;
                unseal(&sealed, passphrase)?
            }
            _ => return Err(PublicationError::Key),
        };
        if let Ok(pair) = rsa::KeyPair::from_pkcs8(&document) {
            // Below, its signatures are not trusted any more (CRYPTREC).
            return if pair.public_modulus_len() >= 256 { Ok(Self::Rsa(pair)) } else { Err(PublicationError::Key) };
        }
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &document) {
            return Ok(Self::P256(pair));
        }
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, &document);
        pair.map(Self::P384).map_err(|_| PublicationError::Key)
    }

    /// The public key, as the bits of a SubjectPublicKeyInfo.
    pub fn public(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref(),
            Self::P256(pair) | Self::P384(pair) => pair.public_key().as_ref(),
        }
    }

    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Rsa(_) => Scheme::RsaSha256,
            Self::P256(_) => Scheme::EcdsaSha256,
            Self::P384(_) => Scheme::EcdsaSha384,
        }
    }

    /// A sum of the kind it signs.
    pub fn sum(&self) -> Sum {
        Sum(Context::new(match self.scheme() {
            Scheme::RsaSha256 | Scheme::EcdsaSha256 => &SHA256,
            Scheme::EcdsaSha384 => &SHA384,
        }))
    }

    pub fn sum_of(&self, bytes: &[u8]) -> Digest {
        match self.scheme() {
            Scheme::RsaSha256 | Scheme::EcdsaSha256 => digest(&SHA256, bytes),
            Scheme::EcdsaSha384 => digest(&SHA384, bytes),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, PublicationError> {
        let rng = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature);
                signed.map(|()| signature).map_err(|_| PublicationError::Failed)
            }
            Self::P256(pair) | Self::P384(pair) => {
                let signed = pair.sign(&rng, message).map_err(|_| PublicationError::Failed)?;
                Ok(signed.as_ref().to_vec())
            }
        }
    }
}

/// Object identifiers of the ways a passphrase protects a key, as their content.
const PBES2: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D";
const PBKDF2: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0C";
const HMAC_SHA256: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x02\x09";
const HMAC_SHA384: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x02\x0A";
const HMAC_SHA512: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x02\x0B";
const AES128_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
const AES256_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2A";

/// A value of a DER document: its tag, and its content.
type Value<'d> = (Tag, &'d [u8]);

/// The values in a row.
fn values(document: &[u8]) -> Result<Vec<Value<'_>>, PublicationError> {
    const BAD: PublicationError = PublicationError::Key;
    let mut reader = SliceReader::new(document).map_err(|_| BAD)?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        let value: AnyRef<'_> = reader.decode().map_err(|_| BAD)?;
        found.push((value.tag(), value.value()));
    }
    Ok(found)
}

/// The values in the sequence at `place`.
fn inside<'d>(row: &[Value<'d>], place: usize) -> Result<Vec<Value<'d>>, PublicationError> {
    match row.get(place) {
        Some((Tag::Sequence, content)) => values(content),
        _ => Err(PublicationError::Key),
    }
}

fn content<'d>(row: &[Value<'d>], place: usize) -> Result<&'d [u8], PublicationError> {
    row.get(place).map(|(_, content)| *content).ok_or(PublicationError::Key)
}

fn unseal(document: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, PublicationError> {
    let whole = inside(&values(document)?, 0)?;
    let way = inside(&whole, 0)?;
    if content(&way, 0)? != PBES2 {
        return Err(PublicationError::Key);
    }
    let parameters = inside(&way, 1)?;
    let (derivation, cipher) = (inside(&parameters, 0)?, inside(&parameters, 1)?);
    if content(&derivation, 0)? != PBKDF2 {
        return Err(PublicationError::Key);
    }
    let (algorithm, length) = match content(&cipher, 0)? {
        AES128_CBC => (&AES_128, 16),
        AES256_CBC => (&AES_256, 32),
        _ => return Err(PublicationError::Key),
    };
    let mut key = Zeroizing::new(vec![0; length]);
    derive(&inside(&derivation, 1)?, passphrase, &mut key)?;
    let start: &[u8; 16] = content(&cipher, 1)?.try_into().map_err(|_| PublicationError::Key)?;
    let key = UnboundCipherKey::new(algorithm, &key).map_err(|_| PublicationError::Failed)?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(|_| PublicationError::Failed)?;
    let mut sealed = Zeroizing::new(content(&whole, 1)?.to_vec());
    let opened = key.decrypt(&mut sealed, DecryptionContext::Iv128(FixedLength::from(start)));
    Ok(Zeroizing::new(opened.map_err(|_| PublicationError::Passphrase)?.to_vec()))
}

/// PBKDF2 (RFC 8018, A.2): salt, rounds, perhaps a length, and the function where it is not the old one.
fn derive(parameters: &[Value<'_>], passphrase: &[u8], key: &mut [u8]) -> Result<(), PublicationError> {
    let salt = content(parameters, 0)?;
    let rounds = content(parameters, 1)?.iter().try_fold(0_u32, |n, b| n.checked_mul(256)?.checked_add(u32::from(*b)));
    let rounds = rounds.filter(|rounds| *rounds <= ROUNDS).and_then(NonZeroU32::new).ok_or(PublicationError::Key)?;
    let function = parameters.iter().skip(2).find(|(tag, _)| *tag == Tag::Sequence);
    let function = function.map(|(_, content)| values(content)).transpose()?;
    let algorithm = match function.as_deref().map(|row| content(row, 0)).transpose()? {
        None => pbkdf2::PBKDF2_HMAC_SHA1,
        Some(HMAC_SHA256) => pbkdf2::PBKDF2_HMAC_SHA256,
        Some(HMAC_SHA384) => pbkdf2::PBKDF2_HMAC_SHA384,
        Some(HMAC_SHA512) => pbkdf2::PBKDF2_HMAC_SHA512,
        Some(_) => return Err(PublicationError::Key),
    };
    pbkdf2::derive(algorithm, rounds, salt, passphrase, key);
    Ok(())
}
