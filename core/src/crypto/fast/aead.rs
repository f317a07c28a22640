//! AES-256-GCM by aws-lc.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce as AwsNonce, UnboundKey};

use crate::crypto::provider::{AeadError, AeadKey, Nonce, TAG_LEN, Tag};
use crate::crypto::secret::SecretRef;

pub(super) struct GcmKey(LessSafeKey);

impl GcmKey {
    /// Nothing only if the library can't allocate its context.
    pub(super) fn new(key: SecretRef<'_, 32>) -> Option<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key.expose()).ok()?;
        Some(Self(LessSafeKey::new(key)))
    }
}

fn with(nonce: &Nonce) -> AwsNonce {
    AwsNonce::assume_unique_for_key(*nonce)
}

impl AeadKey for GcmKey {
    fn seal(&self, nonce: &Nonce, aad: &[u8], buf: &mut [u8]) -> Result<Tag, AeadError> {
        let mut tag = [0; TAG_LEN];
        self.0.seal_in_place_scatter(with(nonce), Aad::from(aad), buf, &[], &mut tag).map_err(|_| AeadError)?;
        Ok(tag)
    }

    fn open(&self, nonce: &Nonce, aad: &[u8], buf: &mut [u8], tag: &Tag) -> Result<(), AeadError> {
        let opened = self.0.open_in_place_separate_tag(with(nonce), Aad::from(aad), tag, buf).map(|_| ());
        opened.map_err(|_| {
            buf.fill(0);
            AeadError
        })
    }

    fn seal_to(&self, nonce: &Nonce, aad: &[u8], plaintext: &[u8], out: &mut [u8]) -> Result<Tag, AeadError> {
        if plaintext.len() != out.len() {
            return Err(AeadError);
        }
        let mut tag = [0; TAG_LEN];
        self.0
            .seal_out_of_place_scatter(with(nonce), Aad::from(aad), plaintext, out, &[], &mut tag)
            .map_err(|_| AeadError)?;
        Ok(tag)
    }

    fn open_to(&self, nonce: &Nonce, aad: &[u8], sealed: &[u8], tag: &Tag, out: &mut [u8]) -> Result<(), AeadError> {
        let opened = if sealed.len() == out.len() {
            self.0.open_separate_gather(with(nonce), Aad::from(aad), sealed, tag, out).map_err(|_| AeadError)
        } else {
            Err(AeadError)
        };
        if opened.is_err() {
            out.fill(0);
        }
        opened
    }
}
