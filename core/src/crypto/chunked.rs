//! 分割暗号化. C2SP chunked-encryption (c2sp.org/chunked-encryption) with AES-256-GCM and HKDF-Expand-SHA-512:
//! Cobblestone-256. Payload and metadata are messages of it.
//!
//! `salt(24) ‖ commitment(32) ‖ chunks`; 16 KiB of plaintext a chunk and a tag of 16 bytes behind each; the last chunk is
//! always shorter, possibly empty. Sans-IO: the caller brings *runs* of consecutive chunks, from as many threads as it
//! likes, and decides what is read and written when.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;

use super::algorithm::HashAlgorithm;
use super::kdf;
use super::provider::{AeadKey, KeyError, Nonce, Provider, TAG_LEN, Tag};
use super::secret::role::{DocumentKey, MetadataKey, PayloadKey};
use super::secret::{Role, Secret, SecretBytes};

/// Plaintext of a full chunk in bytes.
pub const CHUNK_LEN: usize = 16_384;

/// A full chunk with its tag in bytes.
pub const SEALED_CHUNK_LEN: usize = CHUNK_LEN + TAG_LEN;

/// Salt and commitment in bytes.
pub const HEADER_LEN: usize = SALT_LEN + COMMITMENT_LEN;

/// Chunks are numbered below this (2³⁸: messages of less than 4 PiB).
pub const MAX_CHUNKS: u64 = 1 << 38;

const SALT_LEN: usize = 24;
const COMMITMENT_LEN: usize = 32;

/// Roles whose keys are input keys of a message.
pub trait InputKey: Role {}

impl InputKey for PayloadKey {}
impl InputKey for MetadataKey {}
impl InputKey for DocumentKey {}

/// 塩. Drawn anew for each message; stands first in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Salt([u8; SALT_LEN]);

impl Salt {
    /// Length in bytes.
    pub const LEN: usize = SALT_LEN;

    /// A fresh salt.
    #[must_use]
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut salt = [0; SALT_LEN];
        rng.fill_bytes(&mut salt);
        Self(salt)
    }

    /// The salt read from a message.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SALT_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_LEN] {
        &self.0
    }
}

/// 鍵のコミットメント. Binds the message to one key, salt and context; stands second in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment([u8; COMMITMENT_LEN]);

impl Commitment {
    /// Length in bytes.
    pub const LEN: usize = COMMITMENT_LEN;

    /// The commitment read from a message.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; COMMITMENT_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; COMMITMENT_LEN] {
        &self.0
    }
}

/// Whether a run ends its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Full chunks only; more follow.
    Inner,
    /// Full chunks and then the one short chunk, possibly empty, that ends the message.
    Last,
}

/// A run could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// The lengths given are not those of a run, or the output has not the length that belongs to the input.
    #[error("the length is not one a run of chunks has")]
    Length,
    /// Chunk numbers would reach 2³⁸.
    #[error("more chunks than a message may have")]
    TooManyChunks,
    /// The commitment is not that of this key, salt and context: another key, or another document.
    #[error("the commitment is not that of this key and context")]
    Commitment,
    /// A chunk is not what was sealed at its place.
    #[error("a chunk is not authentic")]
    NotAuthentic,
}

impl From<KeyError> for ChunkError {
    fn from(_: KeyError) -> Self {
        Self::NotAuthentic
    }
}

/// Length of the chunks (without salt and commitment) of a message of `plain_len` bytes; nothing if it is over the limit.
#[must_use]
pub const fn sealed_len(plain_len: u64) -> Option<u64> {
    let chunks = plain_len / CHUNK_LEN as u64 + 1;
    if chunks > MAX_CHUNKS { None } else { Some(plain_len + chunks * TAG_LEN as u64) }
}

/// Length of the message whose chunks (without salt and commitment) are `sealed_len` bytes; nothing if no message has
/// chunks of that length: the last chunk would be full, or shorter than its tag.
#[must_use]
pub const fn plain_len(sealed_len: u64) -> Option<u64> {
    let full = sealed_len / SEALED_CHUNK_LEN as u64;
    let rest = sealed_len % SEALED_CHUNK_LEN as u64;
    if rest < TAG_LEN as u64 || full >= MAX_CHUNKS {
        return None;
    }
    Some(sealed_len - (full + 1) * TAG_LEN as u64)
}

/// The key of one message, ready for any of its chunks from any thread.
pub struct ChunkedKey {
    aead: Box<dyn AeadKey>,
    base_nonce: Nonce,
    salt: Salt,
    commitment: Commitment,
}

impl ChunkedKey {
    /// Derives the key of the message with this salt and context.
    ///
    /// # Errors
    /// [`KeyError`] if the library fails to derive, which no input makes it do.
    pub fn new<R: InputKey>(
        provider: &dyn Provider,
        key: &Secret<32, R>,
        salt: Salt,
        context: &[u8],
    ) -> Result<Self, KeyError> {
        const LABEL: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";
        let info = [LABEL, &salt.0, context];
        let derived: Secret<76, R> = kdf::expand(provider, HashAlgorithm::Sha512, key.lend(), &info)?;
        let (key, rest) = derived.expose().split_first_chunk::<32>().ok_or(KeyError::Malformed)?;
        let (base_nonce, commitment) = rest.split_first_chunk::<12>().ok_or(KeyError::Malformed)?;
        let key: Secret<32, R> = Secret::from_slice(key).ok_or(KeyError::Malformed)?;
        Ok(Self {
            aead: provider.aes_256_gcm(key.lend()),
            base_nonce: *base_nonce,
            salt,
            commitment: Commitment(commitment.try_into().map_err(|_| KeyError::Malformed)?),
        })
    }

    /// As [`Self::new`], for opening: the commitment is checked before there is a key.
    ///
    /// # Errors
    /// [`ChunkError::Commitment`] if it is not that of this key, salt and context.
    pub fn verified<R: InputKey>(
        provider: &dyn Provider,
        key: &Secret<32, R>,
        salt: Salt,
        commitment: Commitment,
        context: &[u8],
    ) -> Result<Self, ChunkError> {
        let derived = Self::new(provider, key, salt, context)?;
        derived.verify_commitment(commitment)?;
        Ok(derived)
    }

    /// The salt, to stand first in the message.
    #[must_use]
    pub const fn salt(&self) -> Salt {
        self.salt
    }

    /// The commitment, to stand second in the message.
    #[must_use]
    pub const fn commitment(&self) -> Commitment {
        self.commitment
    }

    /// Compares in constant time.
    ///
    /// # Errors
    /// [`ChunkError::Commitment`] if they differ.
    pub fn verify_commitment(&self, commitment: Commitment) -> Result<(), ChunkError> {
        if self.commitment.0.ct_eq(&commitment.0).into() { Ok(()) } else { Err(ChunkError::Commitment) }
    }

    /// Seals a run that starts with chunk `first`, writing chunk ‖ tag one after the other into `out`.
    ///
    /// # Errors
    /// [`ChunkError::Length`] or [`ChunkError::TooManyChunks`]; nothing was sealed then.
    pub fn seal_run(&self, first: u64, plaintext: &[u8], out: &mut [u8], run: Run) -> Result<(), ChunkError> {
        self.seal_run_each(first, plaintext, out, run, |_, _| ())
    }

    /// As [`Self::seal_run`]; `each` sees every sealed chunk (number, chunk ‖ tag) while it is still in the cache.
    ///
    /// # Errors
    /// As [`Self::seal_run`].
    pub fn seal_run_each(
        &self,
        first: u64,
        plaintext: &[u8],
        out: &mut [u8],
        run: Run,
        mut each: impl FnMut(u64, &[u8]),
    ) -> Result<(), ChunkError> {
        check_run(first, plaintext.len(), out.len(), run)?;
        let mut plain = plaintext.chunks(CHUNK_LEN);
        for (number, sealed) in (first..).zip(out.chunks_mut(SEALED_CHUNK_LEN)) {
            let (body, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(ChunkError::Length)?;
            let chunk = plain.next().unwrap_or_default();
            *tag = self.aead.seal_to(&self.nonce(number), &[], chunk, body).map_err(|_| ChunkError::Length)?;
            each(number, sealed);
        }
        Ok(())
    }

    /// Seals in place a run laid out as it will be written: each chunk's plaintext followed by room for its tag.
    ///
    /// # Errors
    /// As [`Self::seal_run`]; `buf` has the length of the sealed run.
    pub fn seal_run_in_place(
        &self,
        first: u64,
        buf: &mut [u8],
        run: Run,
        mut each: impl FnMut(u64, &[u8]),
    ) -> Result<(), ChunkError> {
        check_sealed_run(first, buf.len(), run)?;
        for (number, sealed) in (first..).zip(buf.chunks_mut(SEALED_CHUNK_LEN)) {
            let (body, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(ChunkError::Length)?;
            *tag = self.aead.seal(&self.nonce(number), &[], body).map_err(|_| ChunkError::Length)?;
            each(number, sealed);
        }
        Ok(())
    }

    /// Opens a run that starts with chunk `first` into `out`. On error all of `out` is zeroed.
    ///
    /// # Errors
    /// [`ChunkError`]; nothing was opened then.
    pub fn open_run(&self, first: u64, sealed: &[u8], out: &mut [u8], run: Run) -> Result<(), ChunkError> {
        let opened = self.open_chunks(first, sealed, out, run);
        if opened.is_err() {
            out.fill(0);
        }
        opened
    }

    fn open_chunks(&self, first: u64, sealed: &[u8], out: &mut [u8], run: Run) -> Result<(), ChunkError> {
        check_run(first, out.len(), sealed.len(), run)?;
        let mut plain = out.chunks_mut(CHUNK_LEN);
        for (number, sealed) in (first..).zip(sealed.chunks(SEALED_CHUNK_LEN)) {
            let (body, tag) = sealed.split_last_chunk::<TAG_LEN>().ok_or(ChunkError::Length)?;
            let chunk = plain.next().unwrap_or_default();
            let tag: &Tag = tag;
            self.aead.open_to(&self.nonce(number), &[], body, tag, chunk).map_err(|_| ChunkError::NotAuthentic)?;
        }
        Ok(())
    }

    /// Opens in place a run as it was read: each chunk's plaintext stands where its ciphertext stood, and the tags are
    /// zeroed. On error all of `buf` is zeroed.
    ///
    /// # Errors
    /// [`ChunkError`]; nothing was opened then.
    pub fn open_run_in_place(&self, first: u64, buf: &mut [u8], run: Run) -> Result<(), ChunkError> {
        let opened = self.open_chunks_in_place(first, buf, run);
        if opened.is_err() {
            buf.fill(0);
        }
        opened
    }

    fn open_chunks_in_place(&self, first: u64, buf: &mut [u8], run: Run) -> Result<(), ChunkError> {
        check_sealed_run(first, buf.len(), run)?;
        for (number, sealed) in (first..).zip(buf.chunks_mut(SEALED_CHUNK_LEN)) {
            let (body, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(ChunkError::Length)?;
            self.aead.open(&self.nonce(number), &[], body, tag).map_err(|_| ChunkError::NotAuthentic)?;
            tag.fill(0);
        }
        Ok(())
    }

    /// The base nonce XOR the chunk number as a big-endian integer as wide as it.
    fn nonce(&self, number: u64) -> Nonce {
        let mut nonce = self.base_nonce;
        for (byte, part) in nonce.iter_mut().skip(4).zip(number.to_be_bytes()) {
            *byte ^= part;
        }
        nonce
    }
}

/// Checks that `plain` bytes sealed are `sealed` bytes, as a run from chunk `first` on, within the limit of chunks.
fn check_run(first: u64, plain: usize, sealed: usize, run: Run) -> Result<(), ChunkError> {
    check_sealed_run(first, sealed, run)?;
    let chunks = sealed.div_ceil(SEALED_CHUNK_LEN);
    if sealed - chunks * TAG_LEN == plain { Ok(()) } else { Err(ChunkError::Length) }
}

fn check_sealed_run(first: u64, sealed: usize, run: Run) -> Result<(), ChunkError> {
    let rest = sealed % SEALED_CHUNK_LEN;
    let whole = match run {
        Run::Inner => rest == 0,
        Run::Last => rest >= TAG_LEN,
    };
    if !whole {
        return Err(ChunkError::Length);
    }
    let chunks = sealed.div_ceil(SEALED_CHUNK_LEN) as u64;
    match first.checked_add(chunks) {
        Some(end) if end <= MAX_CHUNKS => Ok(()),
        _ => Err(ChunkError::TooManyChunks),
    }
}

/// Seals a small message whole: salt ‖ commitment ‖ chunks.
///
/// # Errors
/// As [`ChunkedKey::seal_run`].
pub fn seal<R: InputKey>(
    provider: &dyn Provider,
    key: &Secret<32, R>,
    context: &[u8],
    plaintext: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, ChunkError> {
    let key = ChunkedKey::new(provider, key, Salt::generate(rng), context)?;
    let mut message = [key.salt.0.as_slice(), &key.commitment.0].concat();
    let body = sealed_len(plaintext.len() as u64).and_then(|len| usize::try_from(len).ok());
    message.resize(HEADER_LEN + body.ok_or(ChunkError::TooManyChunks)?, 0);
    let (_, out) = message.split_at_mut_checked(HEADER_LEN).ok_or(ChunkError::Length)?;
    key.seal_run(0, plaintext, out, Run::Last)?;
    Ok(message)
}

/// Opens a small message whole.
///
/// # Errors
/// [`ChunkError`].
pub fn open<R: InputKey>(
    provider: &dyn Provider,
    key: &Secret<32, R>,
    context: &[u8],
    message: &[u8],
) -> Result<SecretBytes, ChunkError> {
    let (salt, rest) = message.split_first_chunk::<SALT_LEN>().ok_or(ChunkError::Length)?;
    let (commitment, sealed) = rest.split_first_chunk::<COMMITMENT_LEN>().ok_or(ChunkError::Length)?;
    let len = plain_len(sealed.len() as u64).and_then(|len| usize::try_from(len).ok()).ok_or(ChunkError::Length)?;
    let key = ChunkedKey::verified(provider, key, Salt(*salt), Commitment(*commitment), context)?;
    let mut plaintext = SecretBytes::from_fill(len, |_| ());
    key.open_run(0, sealed, plaintext.expose_mut(), Run::Last)?;
    Ok(plaintext)
}
