//! The payload's cipher, or none; and the metadata's.

use rand_core::CryptoRng;

use super::block::BlockBuffer;
use super::error::{MetadataError, PayloadError};
use super::keys::{DocumentKey, expand};
use super::label_section::LabelSection;
use super::layout::OPENING_LEN;
use super::mechanism::PayloadSuite;
use super::trailer::Opening;
use super::tree;
use crate::cbor;
use crate::crypto::chunked::{self, ChunkError, ChunkedKey, Commitment, Run, Salt};
use crate::crypto::{Provider, SecretBytes, role};
use crate::id::Digest;

/// The longest encrypted payload without trailer, in bytes: the limit of the construction.
pub(super) const PAYLOAD_MAX: u64 = (chunked::MAX_CHUNKS - 1) * chunked::CHUNK_LEN as u64;

const PAYLOAD: &[u8] = b"kakuzuke/v1/payload";
const METADATA: &[u8] = b"kakuzuke/v1/metadata";

/// How the payload is kept.
pub(super) enum Content {
    Clear,
    Encrypted(Box<ChunkedKey>),
}

impl Content {
    /// A new salt and key for a payload that is going to be sealed.
    pub(super) fn seal(
        provider: &dyn Provider,
        key: &DocumentKey,
        section: &LabelSection,
        rng: &mut dyn CryptoRng,
    ) -> Option<Self> {
        let key = expand::<role::PayloadKey, _>(provider, key, PAYLOAD)?;
        let made = ChunkedKey::new(provider, &key, Salt::generate(rng), &context(PAYLOAD, section));
        Some(Self::Encrypted(Box::new(made.ok()?)))
    }

    /// The key of a payload that was found; only if its commitment is this key's. [ENV-82]
    pub(super) fn open(
        provider: &dyn Provider,
        key: &DocumentKey,
        section: &LabelSection,
        found: Opening,
    ) -> Result<Self, PayloadError> {
        let key = expand::<role::PayloadKey, _>(provider, key, PAYLOAD).ok_or(PayloadError::Commitment)?;
        let context = context(PAYLOAD, section);
        let made = ChunkedKey::verified(provider, &key, found.salt, found.commitment, &context);
        Ok(Self::Encrypted(Box::new(made.map_err(|_| PayloadError::Commitment)?)))
    }

    pub(super) fn opening(&self) -> Option<Opening> {
        match self {
            Self::Clear => None,
            Self::Encrypted(key) => Some(Opening { salt: key.salt(), commitment: key.commitment() }),
        }
    }

    pub(super) const fn suite(&self) -> PayloadSuite {
        match self {
            Self::Clear => PayloadSuite::Clear,
            Self::Encrypted(_) => PayloadSuite::Cobblestone256,
        }
    }

    /// Seals the block in the buffer; gives the leaves over its pieces, taken while they are in the cache.
    pub(super) fn seal_block(
        &self,
        provider: &dyn Provider,
        buffer: &mut BlockBuffer,
        leaves: Leaves,
    ) -> Result<Vec<Digest>, ChunkError> {
        let mut taken = Vec::new();
        match self {
            Self::Clear => {
                if leaves == Leaves::Wanted {
                    taken = tree::leaves(provider, buffer.each_stored());
                }
            }
            Self::Encrypted(key) => {
                let (block, bytes) = buffer.raw_mut();
                key.seal_run_in_place(block.first_piece(), bytes, block.run(), |_, sealed| {
                    if leaves == Leaves::Wanted {
                        taken.push(tree::leaf(provider, sealed));
                    }
                })?;
            }
        }
        buffer.set_sealed();
        Ok(taken)
    }

    /// Opens the block in the buffer; on error nothing of it is there. [ENV-84]
    pub(super) fn open_block(&self, buffer: &mut BlockBuffer) -> Result<(), PayloadError> {
        if let Self::Encrypted(key) = self {
            let (block, bytes) = buffer.raw_mut();
            key.open_run_in_place(block.first_piece(), bytes, block.run()).map_err(|_| PayloadError::Chunk)?;
        }
        Ok(())
    }

    /// Opens one piece in place. [ENV-84]
    pub(super) fn open_piece<'p>(&self, index: u64, piece: &'p mut [u8]) -> Result<&'p [u8], PayloadError> {
        let Self::Encrypted(key) = self else { return Ok(piece) };
        let run = if piece.len() == chunked::SEALED_CHUNK_LEN { Run::Inner } else { Run::Last };
        key.open_run_in_place(index, piece, run).map_err(|_| PayloadError::Chunk)?;
        piece.split_last_chunk::<{ crate::crypto::TAG_LEN }>().map(|(plain, _)| plain).ok_or(PayloadError::Chunk)
    }
}

/// Whether somebody needs the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    Wanted,
    Unwanted,
}

pub(super) fn seal_metadata(
    provider: &dyn Provider,
    key: &DocumentKey,
    section: &LabelSection,
    plain: &[u8],
    rng: &mut dyn CryptoRng,
) -> Option<Vec<u8>> {
    let key = expand::<role::MetadataKey, _>(provider, key, METADATA)?;
    chunked::seal(provider, &key, &context(METADATA, section), plain, rng).ok()
}

pub(super) fn open_metadata(
    provider: &dyn Provider,
    key: &DocumentKey,
    section: &LabelSection,
    stored: &[u8],
) -> Result<SecretBytes, MetadataError> {
    let key = expand::<role::MetadataKey, _>(provider, key, METADATA).ok_or(MetadataError::Damaged)?;
    chunked::open(provider, &key, &context(METADATA, section), stored).map_err(|_| MetadataError::Damaged) // [ENV-52]
}

/// What the keys of a section are bound to besides K.
fn context(purpose: &[u8], section: &LabelSection) -> Vec<u8> {
    let mut context = purpose.to_vec();
    context.extend(cbor::encode(&(section.document(), section.payload_suite().number())));
    context
}

impl Opening {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [self.salt.as_bytes().as_slice(), self.commitment.as_bytes()].concat()
    }

    pub(super) fn from_bytes(bytes: &[u8; OPENING_LEN as usize]) -> Option<Self> {
        let (salt, commitment) = bytes.split_first_chunk()?;
        Some(Self { salt: Salt::from_bytes(*salt), commitment: Commitment::from_bytes(commitment.try_into().ok()?) })
    }
}
