//! 公表物の署名. Signs what is published, so that anybody outside can tell that it is genuine (6.3.1(2)(a)(ウ)): with a
//! certificate of the agency's own, in the forms that common readers verify (CMS, RFC 5652, as ETSI EN 319 122-1 and
//! EN 319 142-1 profile it). Nothing here is used for envelopes or labels.

mod certificate;
mod cms;
mod der;
mod key;

use crate::code::{Code, Text};
use crate::time::Timestamp;

pub use certificate::CertificateFault;
use certificate::Chain;
use key::Key;

/// Bytes of a file of certificates or of a key, at most.
pub const LONGEST_FILE: usize = 1 << 20;

/// Why something can't be signed with a key and its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicationError {
    /// The certificate is not one to sign documents with now.
    #[error("certificate: {0:?}")]
    Certificate(CertificateFault),
    /// The file holds no private key, or one of another kind or size.
    #[error("no private key of a usable kind")]
    Key,
    /// The key is protected, and no passphrase or a wrong one was given.
    #[error("the passphrase is missing or wrong")]
    Passphrase,
    /// The key is not the certificate's.
    #[error("the key does not belong to the certificate")]
    Mismatch,
    /// The library refused.
    #[error("signing failed")]
    Failed,
}

impl PublicationError {
    /// The outward code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Failed => Code::Internal,
            _ => Code::Usage,
        }
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Certificate(fault) => fault.text(),
            Self::Key => Text::fixed(
                "署名鍵を読めません。PKCS#8のPEMで、RSA（2,048ビット以上）、P-256又はP-384の鍵を指定してください。",
                "The signing key can't be read. Give a PKCS#8 PEM file with a key of RSA (2,048 bits or more), P-256 or P-384.",
            ),
            Self::Passphrase => Text::fixed(
                "署名鍵のパスフレーズがないか、誤っています。",
                "The signing key's passphrase is missing or wrong.",
            ),
            Self::Mismatch => Text::fixed(
                "署名鍵が証明書のものではありません。組になる鍵と証明書を指定してください。",
                "The signing key does not belong to the certificate. Give a key and a certificate that are a pair.",
            ),
            Self::Failed => Code::Internal.text(),
        }
    }
}

/// What is signed with.
pub struct PublicationKey {
    key: Key,
    chain: Chain,
}

/// What the signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureForm {
    /// Within a PDF, which says itself when it was signed (PAdES, EN 319 142-1, 6.3).
    Pdf,
    /// Beside a file, signed at this time (CAdES, EN 319 122-1).
    Beside(Timestamp),
}

impl PublicationKey {
    /// Reads certificates (PEM, the signer's first, or one in DER) and a private key (PKCS#8 PEM), and checks that the two
    /// belong together and may sign documents at `now`. Issuers are taken along, not verified: whoever reads the
    /// document decides whom to trust.
    ///
    /// # Errors
    /// [`PublicationError`], one for each cause.
    pub fn read(
        certificates: &[u8],
        key: &[u8],
        passphrase: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<Self, PublicationError> {
        if certificates.len() > LONGEST_FILE || key.len() > LONGEST_FILE {
            return Err(PublicationError::Key);
        }
        let chain = Chain::read(certificates, now).map_err(PublicationError::Certificate)?;
        let key = Key::read(key, passphrase)?;
        if key.public() != chain.public_key() {
            return Err(PublicationError::Mismatch);
        }
        Ok(Self { key, chain })
    }

    /// The signer's name, as the certificate has it.
    #[must_use]
    pub fn signer(&self) -> &str {
        self.chain.name()
    }

    /// When the certificate ends.
    #[must_use]
    pub fn valid_until(&self) -> Timestamp {
        self.chain.until()
    }

    /// Room in bytes that a signature takes, at most.
    #[must_use]
    pub fn room(&self) -> usize {
        self.chain.len() + 4_096
    }

    /// Signs what `read` delivers, piece by piece, until it delivers nothing: a CMS ContentInfo without the content, DER.
    ///
    /// # Errors
    /// What `read` ends with, and [`PublicationError::Failed`] when the library refuses.
    pub fn sign<E: From<PublicationError>>(
        &self,
        form: SignatureForm,
        read: &mut dyn FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<Vec<u8>, E> {
        let mut sum = self.key.sum();
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = read(&mut buffer)?;
            match buffer.get(..length) {
                Some(piece) if length > 0 => sum.update(piece),
                _ => break,
            }
        }
        Ok(cms::sign(&self.key, &self.chain, sum.finish().as_ref(), form)?)
    }
}
