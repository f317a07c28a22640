//! AES-256-GCM by RustCrypto `aes-gcm`.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};

use crate::crypto::provider::{AeadError, AeadKey, Nonce, Tag};
use crate::crypto::secret::SecretRef;

pub(super) struct GcmKey(Aes256Gcm);

impl GcmKey {
    pub(super) fn new(key: SecretRef<'_, 32>) -> Self {
        Self(Aes256Gcm::new(key.expose().into()))
    }

    fn seal_inout(&self, nonce: &Nonce, aad: &[u8], buf: InOutBuf<'_, '_, u8>) -> Result<Tag, AeadError> {
        self.0.encrypt_inout_detached(nonce.into(), aad, buf).map(Into::into).map_err(|_| AeadError)
    }

    fn open_inout(&self, nonce: &Nonce, aad: &[u8], buf: InOutBuf<'_, '_, u8>, tag: &Tag) -> Result<(), AeadError> {
        self.0.decrypt_inout_detached(nonce.into(), aad, buf, tag.into()).map_err(|_| AeadError)
    }
}

impl AeadKey for GcmKey {
    fn seal(&self, nonce: &Nonce, aad: &[u8], buf: &mut [u8]) -> Result<Tag, AeadError> {
        self.seal_inout(nonce, aad, buf.into())
    }

    fn open(&self, nonce: &Nonce, aad: &[u8], buf: &mut [u8], tag: &Tag) -> Result<(), AeadError> {
        let opened = self.open_inout(nonce, aad, (&mut *buf).into(), tag);
        if opened.is_err() {
            buf.fill(0);
        }
        opened
    }

    fn seal_to(&self, nonce: &Nonce, aad: &[u8], plaintext: &[u8], out: &mut [u8]) -> Result<Tag, AeadError> {
        let buf = InOutBuf::new(plaintext, out).map_err(|_| AeadError)?;
        self.seal_inout(nonce, aad, buf)
    }

    fn open_to(&self, nonce: &Nonce, aad: &[u8], sealed: &[u8], tag: &Tag, out: &mut [u8]) -> Result<(), AeadError> {
        let opened = match InOutBuf::new(sealed, out) {
            Ok(buf) => self.open_inout(nonce, aad, buf, tag),
            Err(_) => Err(AeadError),
        };
        if opened.is_err() {
            out.fill(0);
        }
        opened
    }
}
