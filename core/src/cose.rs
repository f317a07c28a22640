//! COSE_Sign1 (RFC 9052 4.2), as much of it as the house uses: one signer, everything protected, payload inside.
//!
//! Each use has a domain of its own in external_aad, so that a signature made for one purpose is none for another.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use rustls_pki_types::CertificateDer;

use crate::crypto::{Provider, PublicKey, SignatureAlgorithm, SigningKey};

/// What a signature is for: the external_aad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Domain(&'static str);

impl Domain {
    /// A label section.
    pub const LABEL: Self = Self("kakuzuke/v1/label");
    /// An immutable core (trailer).
    pub const CORE: Self = Self("kakuzuke/v1/core");
    /// A counter-signature of an authority over a label hash.
    pub const COUNTERSIGNATURE: Self = Self("kakuzuke/v1/countersignature");
    /// A device's request.
    pub const REQUEST: Self = Self("kakuzuke/v1/request");
    /// A device's proof at enrolment.
    pub const ENROLMENT: Self = Self("kakuzuke/v1/enrolment");
    /// An authority's description.
    pub const AUTHORITY: Self = Self("kakuzuke/v1/authority");
    /// A ticket's statement.
    pub const TICKET: Self = Self("kakuzuke/v1/ticket");
    /// A licence.
    pub const LICENCE: Self = Self("kakuzuke/v1/licence");
    /// 媒体の印.
    pub const MEDIUM: Self = Self("kakuzuke/v1/medium");
    /// 鍵消去証明書.
    pub const DESTRUCTION: Self = Self("kakuzuke/v1/destruction");

    /// The text that is signed with everything of this domain.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A COSE_Sign1 was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    /// Not a COSE_Sign1 of the expected shape in deterministic CBOR.
    #[error("malformed COSE_Sign1")]
    Malformed,
    /// An algorithm this house does not use.
    #[error("unknown signature algorithm")]
    UnknownAlgorithm,
    /// More certificates, or larger ones, than a chain of ours has.
    #[error("certificate chain too long")]
    ChainTooLong,
    /// The signature does not hold.
    #[error("signature does not verify")]
    BadSignature,
    /// The key could not sign.
    #[error("signing failed")]
    SigningFailed,
}

const HEADER_ALG: i64 = 1;
const HEADER_X5CHAIN: i64 = 33;
const MAX_CHAIN: usize = 4;
const MAX_CERTIFICATE: usize = 8 * 1024;

/// A parsed COSE_Sign1 whose signature nobody has checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedSign1 {
    domain: Domain,
    protected: Vec<u8>,
    algorithm: SignatureAlgorithm,
    chain: Vec<CertificateDer<'static>>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl UnverifiedSign1 {
    /// Reads a COSE_Sign1 as one of `domain`.
    ///
    /// # Errors
    /// When the bytes are not exactly one deterministic COSE_Sign1 with headers alg and, optionally, x5chain.
    pub fn parse(bytes: &[u8], domain: Domain) -> Result<Self, CoseError> {
        let mut d = Decoder::new(bytes);
        let parsed = (|| {
            (d.array()? == Some(4)).then_some(()).ok_or_else(shape)?;
            let protected = d.bytes()?.to_vec();
            (d.map()? == Some(0)).then_some(()).ok_or_else(shape)?;
            let payload = d.bytes()?.to_vec();
            let signature = d.bytes()?.to_vec();
            Ok::<_, minicbor::decode::Error>((protected, payload, signature))
        })();
        let (protected, payload, signature) = parsed.map_err(|_| CoseError::Malformed)?;
        let (algorithm, chain) = parse_protected(&protected)?;
        let parsed = Self { domain, protected, algorithm, chain, payload, signature };
        if parsed.encode() == bytes { Ok(parsed) } else { Err(CoseError::Malformed) }
    }

    /// The one encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(|e| {
            e.array(4)?.bytes(&self.protected)?.map(0)?.bytes(&self.payload)?.bytes(&self.signature)?;
            Ok(())
        })
    }

    /// The bytes that are signed (RFC 9052 4.4): deterministic CBOR of
    /// `["Signature1", protected, external_aad, payload]`.
    #[must_use]
    pub fn sig_structure(&self) -> Vec<u8> {
        sig_structure(self.domain, &self.protected, &self.payload)
    }

    /// The payload, which is only a claim until the signature is checked.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signer's chain as claimed: leaf first, without the root. Empty when the verifier is to know the key.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The algorithm as claimed.
    #[must_use]
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Checks the signature under a key the caller trusts, and gives the payload.
    ///
    /// # Errors
    /// [`CoseError::BadSignature`], also when the key is not one for the algorithm.
    pub fn verify_with_key(&self, provider: &dyn Provider, key: &PublicKey) -> Result<&[u8], CoseError> {
        key.verify(provider, self.algorithm, &self.sig_structure(), &self.signature)
            .map_err(|_| CoseError::BadSignature)?;
        Ok(&self.payload)
    }
}

/// Signs `payload` for `domain`; gives the whole COSE_Sign1. `chain` is leaf first, without the root.
///
/// # Errors
/// When the key cannot sign, or the chain is longer than a reader would take.
pub fn sign(
    key: &SigningKey,
    domain: Domain,
    chain: &[CertificateDer<'_>],
    payload: &[u8],
    rng: &mut dyn rand_core::CryptoRng,
) -> Result<Vec<u8>, CoseError> {
    if chain.len() > MAX_CHAIN || chain.iter().any(|c| c.len() > MAX_CERTIFICATE) {
        return Err(CoseError::ChainTooLong);
    }
    let algorithm = key.algorithm();
    let protected = write_protected(algorithm, chain);
    let signature = key.sign(&sig_structure(domain, &protected, payload), rng).map_err(|_| CoseError::SigningFailed)?;
    let signed =
        UnverifiedSign1 { domain, protected, algorithm, chain: Vec::new(), payload: payload.to_vec(), signature };
    Ok(signed.encode())
}

fn sig_structure(domain: Domain, protected: &[u8], payload: &[u8]) -> Vec<u8> {
    write(|e| {
        e.array(4)?.str("Signature1")?.bytes(protected)?.bytes(domain.0.as_bytes())?.bytes(payload)?;
        Ok(())
    })
}

fn write_protected(algorithm: SignatureAlgorithm, chain: &[CertificateDer<'_>]) -> Vec<u8> {
    write(|e| {
        e.map(if chain.is_empty() { 1 } else { 2 })?.i64(HEADER_ALG)?.i64(algorithm.cose_id())?;
        match chain {
            [] => {}
            [leaf] => {
                e.i64(HEADER_X5CHAIN)?.bytes(leaf)?;
            }
            several => {
                e.i64(HEADER_X5CHAIN)?.array(several.len() as u64)?;
                for certificate in several {
                    e.bytes(certificate)?;
                }
            }
        }
        Ok(())
    })
}

fn parse_protected(bytes: &[u8]) -> Result<(SignatureAlgorithm, Vec<CertificateDer<'static>>), CoseError> {
    let mut d = Decoder::new(bytes);
    let entries = d.map().ok().flatten().ok_or(CoseError::Malformed)?;
    if !(1..=2).contains(&entries) || d.i64().ok() != Some(HEADER_ALG) {
        return Err(CoseError::Malformed);
    }
    let id = d.i64().map_err(|_| CoseError::Malformed)?;
    let algorithm = SignatureAlgorithm::from_cose_id(id).ok_or(CoseError::UnknownAlgorithm)?;
    let mut chain = Vec::new();
    if entries == 2 {
        if d.i64().ok() != Some(HEADER_X5CHAIN) {
            return Err(CoseError::Malformed);
        }
        chain = parse_chain(&mut d)?;
    }
    if d.position() == bytes.len() && write_protected(algorithm, &chain) == bytes {
        Ok((algorithm, chain))
    } else {
        Err(CoseError::Malformed)
    }
}

fn parse_chain(d: &mut Decoder<'_>) -> Result<Vec<CertificateDer<'static>>, CoseError> {
    let count = match d.datatype().map_err(|_| CoseError::Malformed)? {
        Type::Bytes => 1,
        Type::Array => match d.array().ok().flatten() {
            Some(n) if n >= 2 => n,
            _ => return Err(CoseError::Malformed),
        },
        _ => return Err(CoseError::Malformed),
    };
    if count > MAX_CHAIN as u64 {
        return Err(CoseError::ChainTooLong);
    }
    (0..count)
        .map(|_| {
            let bytes = d.bytes().map_err(|_| CoseError::Malformed)?;
            if bytes.len() > MAX_CERTIFICATE { Err(CoseError::ChainTooLong) } else { Ok(bytes.to_vec().into()) }
        })
        .collect()
}

fn shape() -> minicbor::decode::Error {
    minicbor::decode::Error::message("shape")
}

fn write(
    f: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<core::convert::Infallible>>,
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out);
    // Writing into a Vec is infallible, as the error type says.
    let _infallible = f(&mut encoder);
    out
}
