//! 機密性1・完全性2. A native file stays as it is; head, trailer and footer lie in a file beside it.

use rand_core::CryptoRng;

use super::block::{Block, BlockBuffer};
use super::error::{HeadError, OpenError, PayloadError, SealError};
use super::head::{HeadDraft, VerifiedHead};
use super::label_section::{LabelSection, Standing};
use super::layout::{self, Layout, TRAILER_PAYLOAD_MAX};
use super::mechanism::{Binding, PayloadSuite};
use super::open::{Belief, Found, ReadAt, read_footer};
use super::signed::Signatory;
use super::trailer::{TrailerBuilder, VerifiedCore};
use super::tree::{self, BLOCK_LEN};
use crate::crypto::Provider;
use crate::id::Digest;
use crate::label::Label;

/// Signs a native file's bytes, fed in order.
pub struct DetachedSealer {
    provider: &'static dyn Provider,
    head: Vec<u8>,
    trailer: TrailerBuilder,
    buffer: BlockBuffer,
    filled: u64,
    done: u64,
}

impl DetachedSealer {
    /// Makes the head.
    ///
    /// # Errors
    /// [`SealError::Grade`] unless the label is 機密性1; [`SealError::Head`] if the head can't be made.
    pub fn new(
        provider: &'static dyn Provider,
        standing: &Standing,
        label: Label,
        author: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, SealError> {
        let section = LabelSection::detached(standing, label, author.thumbprint()).map_err(|_| SealError::Grade)?;
        let label = section.sign(provider, author, rng).map_err(|_| SealError::Head)?;
        let draft = HeadDraft::new(label.as_bytes().to_vec(), Vec::new(), 0);
        let head = draft.rewrite().map_err(|_| SealError::Head)?;
        let no_metadata = Digest::from_bytes(provider.sha256(&[]));
        let trailer = TrailerBuilder::new(label.claims().clone(), no_metadata, None);
        Ok(Self { provider, head, trailer, buffer: BlockBuffer::new(), filled: 0, done: 0 })
    }

    /// The head, as the key server gets it for registration.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Takes the file's bytes.
    ///
    /// # Errors
    /// [`SealError::TooLong`] over 1 TiB.
    pub fn push(&mut self, mut data: &[u8]) -> Result<(), SealError> {
        while !data.is_empty() {
            if self.filled == 0 {
                let whole = Block::locate(PayloadSuite::Clear, TRAILER_PAYLOAD_MAX, 0, self.done);
                self.buffer.begin(whole.ok_or(SealError::TooLong)?); // [ENV-46]
            }
            let taken = self.buffer.fill(self.filled, data);
            data = data.get(taken..).unwrap_or_default();
            self.filled += taken as u64;
            if self.filled == BLOCK_LEN {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SealError> {
        if let Some(digest) = tree::digest(self.provider, self.buffer.block(), self.buffer.each_stored()) {
            self.trailer.add(digest).map_err(|_| SealError::Trailer)?;
        }
        self.done += 1;
        self.filled = 0;
        Ok(())
    }

    /// Signs; gives the file to be put beside the native one.
    ///
    /// # Errors
    /// [`SealError::Author`], [`SealError::Trailer`] if the core can't be signed.
    pub fn finish(mut self, author: &Signatory<'_>, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SealError> {
        let length = self.done * BLOCK_LEN + self.filled;
        if let Some(last) = Block::locate(PayloadSuite::Clear, length, 0, self.done) {
            self.buffer.shorten(last);
            self.flush()?;
        }
        let made = self.trailer.sign(self.provider, length, author, rng)?;
        let mut out = self.head;
        out.extend_from_slice(&made.bytes);
        out.extend_from_slice(&layout::footer(made.bytes.len() as u64));
        Ok(out)
    }
}

/// Verifies every byte of `native` against the signature file `beside` it.
///
/// # Errors
/// [`OpenError`] if the signature file is not one, or the content is not what its author signed.
pub fn verify_detached(
    provider: &dyn Provider,
    beside: &impl ReadAt,
    head: &VerifiedHead,
    native: &impl ReadAt,
    belief: Belief<'_>,
) -> Result<VerifiedCore, OpenError> {
    let section = head.section();
    if section.binding() != Some(Binding::Detached) {
        return Err(HeadError::LabelUnbound.into()); // [ENV-30]
    }
    let total = beside.len()?;
    let native_len = native.len()?;
    let footer = read_footer(beside, total)?;
    let layout = Layout::derive_detached(head.preamble(), total, native_len, &footer)?;
    let found = Found { layout, metadata: &[], opening: None };
    let trailer = found.trailer(provider, beside, section, belief)?.ok_or(PayloadError::NotSigned)?;
    let mut buffer = BlockBuffer::new();
    let mut index = 0;
    while let Some(block) = Block::locate(PayloadSuite::Clear, native_len, 0, index) {
        native.read_exact_at(block.stored().start, buffer.begin_stored(block))?;
        let node = tree::fold(provider, tree::leaves(provider, buffer.each_stored()));
        if node.as_ref() != trailer.node(index) {
            return Err(PayloadError::NotSigned.into()); // [ENV-65]
        }
        index += 1;
    }
    Ok(trailer.core().clone())
}
