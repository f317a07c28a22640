//! One signed CBOR value: the label section, the immutable core and the counter-signature are all of this shape.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use rustls_pki_types::CertificateDer;

use crate::cbor;
use crate::cose::{self, CoseError, Domain, UnverifiedSign1};
use crate::crypto::{Provider, SigningKey};
use crate::id::DeviceId;
use crate::trust::{Anchors, AsOf, Signer, TrustError};

/// A signed value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignedError {
    #[error("not the expected signed value in deterministic CBOR")]
    Cbor,
    #[error("unknown signature algorithm")]
    UnknownAlgorithm,
    #[error("signer is not trusted: {0}")]
    Chain(TrustError),
    #[error("signature does not verify")]
    Signature,
    #[error("the key cannot sign")]
    Signing,
}

impl From<CoseError> for SignedError {
    fn from(error: CoseError) -> Self {
        match error {
            CoseError::Malformed | CoseError::ChainTooLong => Self::Cbor,
            CoseError::UnknownAlgorithm => Self::UnknownAlgorithm,
            CoseError::BadSignature => Self::Signature,
            CoseError::SigningFailed => Self::Signing,
        }
    }
}

impl From<TrustError> for SignedError {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Cose(cose) => cose.into(),
            other => Self::Chain(other),
        }
    }
}

/// Somebody who can sign: a key and the certificates that speak for it.
#[derive(Clone, Copy)]
pub struct Signatory<'a> {
    key: &'a SigningKey,
    chain: &'a [CertificateDer<'a>],
    thumbprint: DeviceId,
}

impl<'a> Signatory<'a> {
    /// A key with the chain that speaks for it: leaf first, without the root.
    #[must_use]
    pub fn new(provider: &dyn Provider, key: &'a SigningKey, chain: &'a [CertificateDer<'a>]) -> Self {
        let thumbprint = DeviceId::from_bytes(provider.sha256(key.public().spki_der()));
        Self { key, chain, thumbprint }
    }

    /// Thumbprint of the key.
    #[must_use]
    pub const fn thumbprint(&self) -> DeviceId {
        self.thumbprint
    }

    pub(super) fn sign<T: Encode<()>>(
        &self,
        domain: Domain,
        content: T,
        rng: &mut dyn CryptoRng,
    ) -> Result<Signed<T>, SignedError> {
        let bytes = cose::sign(self.key, domain, self.chain, &cbor::encode(&content), rng)?;
        let sign1 = UnverifiedSign1::parse(&bytes, domain)?;
        Ok(Signed { content, sign1, bytes })
    }
}

/// A signed value: what it says, and the bytes it came in. Says nothing about the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    content: T,
    sign1: UnverifiedSign1,
    bytes: Vec<u8>,
}

impl<T> Signed<T> {
    pub(super) fn parse(bytes: &[u8], domain: Domain) -> Result<Self, SignedError>
    where
        T: for<'b> Decode<'b, ()> + Encode<()>,
    {
        let sign1 = UnverifiedSign1::parse(bytes, domain)?;
        let content = cbor::decode_strict(sign1.unverified_payload()).map_err(|_| SignedError::Cbor)?;
        Ok(Self { content, sign1, bytes: bytes.to_vec() })
    }

    pub(super) fn verify(&self, provider: &dyn Provider, anchors: &Anchors, at: AsOf) -> Result<Signer, SignedError> {
        let (signer, _payload) = anchors.verify(provider, &self.sign1, at)?;
        Ok(signer)
    }

    /// SHA-256 of the Sig_structure.
    pub(super) fn hash(&self, provider: &dyn Provider) -> [u8; 32] {
        provider.sha256(&self.sign1.sig_structure())
    }

    /// What it says, whether or not anybody verified it.
    #[must_use]
    pub const fn content(&self) -> &T {
        &self.content
    }

    pub(super) fn into_content(self) -> T {
        self.content
    }

    /// The same signed bytes, read as what they were found to mean.
    pub(super) fn map<U>(self, content: U) -> Signed<U> {
        Signed { content, sign1: self.sign1, bytes: self.bytes }
    }

    /// The COSE_Sign1.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}
