//! Protecting: a label and a ticket go in, an envelope comes out. The grade decides the mechanism.
//!
//! A [`SealPlan`] has decided everything but the content. It becomes a [`StreamSealer`] (no seek, one block of memory,
//! length unknown if need be) or a [`BlockSealer`] (known length; blocks in any order on any number of threads).

use core::sync::atomic::{AtomicU64, Ordering};

use rand_core::CryptoRng;

use super::block::{Block, BlockBuffer};
use super::content::{self, Content, Leaves};
use super::error::SealError;
use super::grant::Grant;
use super::head::{FreshHead, HeadDraft};
use super::keys;
use super::label_section::{LabelSection, Standing, UnverifiedLabel};
use super::layout::{self, TRAILER_PAYLOAD_MAX};
use super::mechanism::{PayloadSuite, TrailerKind};
use super::metadata::Metadata;
use super::signed::Signatory;
use super::ticket::TicketParts;
use super::trailer::{TrailerBuilder, UnverifiedCore};
use super::tree::{self, BlockDigest};
use crate::crypto::Provider;
use crate::id::{Digest, LabelHash, PayloadRoot};
use crate::label::Label;

/// Payloads up to this many bytes get a trailer whether or not the grade demands one.
pub const TRAILER_ALWAYS_MAX: u64 = 256 << 20;

/// How much will be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadLength {
    /// So many bytes.
    Known(u64),
    /// So many bytes, and the author's signature is to cover them whatever the grade and the size.
    Signed(u64),
    /// Nobody knows yet (a pipe).
    Unknown,
}

/// What is to be sealed.
#[derive(Debug, Clone)]
pub struct SealRequest {
    /// Where the document stands.
    pub standing: Standing,
    /// 格付・取扱制限. Decides the mechanism.
    pub label: Label,
    /// What the document is called.
    pub metadata: Metadata,
    /// How long it is.
    pub length: PayloadLength,
}

impl SealRequest {
    fn trailer_kind(&self) -> TrailerKind {
        let demanded = self.label.mechanism().demands_trailer() || self.label.mechanism().leaves_clear();
        match self.length {
            PayloadLength::Known(n) if n > TRAILER_ALWAYS_MAX && !demanded => TrailerKind::None,
            PayloadLength::Known(_) | PayloadLength::Signed(_) | PayloadLength::Unknown => TrailerKind::Tree,
        }
    }
}

/// An envelope whose head and metadata are made and whose content is to come.
pub struct SealPlan {
    provider: &'static dyn Provider,
    content: Content,
    prefix: Vec<u8>,
    head: FreshHead,
    payload_start: u64,
    label: UnverifiedLabel,
    metadata: Digest,
    length: PayloadLength,
}

impl SealPlan {
    /// Decides mechanism, keys and head.
    ///
    /// # Errors
    /// [`SealError`] if the ticket is not enough for the grade, the content is too long, or the head can't be made.
    pub fn new(
        provider: &'static dyn Provider,
        request: SealRequest,
        ticket: &TicketParts,
        author: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, SealError> {
        let kind = request.trailer_kind();
        if let PayloadLength::Known(n) | PayloadLength::Signed(n) = request.length {
            let limit = if kind == TrailerKind::Tree { TRAILER_PAYLOAD_MAX } else { content::PAYLOAD_MAX };
            if n > limit {
                return Err(SealError::TooLong); // [ENV-46]
            }
        }
        ticket.suffice(&request.label, request.standing.origin)?;
        let section = LabelSection::first(&request.standing, request.label, author.thumbprint(), kind);
        let label = section.sign(provider, author, rng).map_err(|_| SealError::Head)?;
        let sealed = match label.claims().payload_suite() {
            PayloadSuite::Clear => Sealed::clear(&request.metadata),
            PayloadSuite::Cobblestone256 => {
                Sealed::encrypted(provider, label.claims(), &request.metadata, ticket, rng)?
            }
        };
        let metadata_len = u32::try_from(sealed.metadata.len()).map_err(|_| SealError::Head)?;
        let draft = HeadDraft::new(label.as_bytes().to_vec(), sealed.grants, metadata_len);
        let head = FreshHead::new(draft).map_err(|_| SealError::Head)?;
        let mut prefix = head.as_bytes().to_vec();
        prefix.extend_from_slice(&sealed.metadata);
        let payload_start = prefix.len() as u64;
        prefix.extend(sealed.content.opening().iter().flat_map(|o| o.to_bytes()));
        Ok(Self {
            provider,
            content: sealed.content,
            prefix,
            head,
            payload_start,
            label,
            metadata: Digest::from_bytes(provider.sha256(&sealed.metadata)),
            length: request.length,
        })
    }

    /// What to write first: head, metadata, and the payload's salt and commitment.
    #[must_use]
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// The head alone, as the key server gets it for registration.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.head.as_bytes()
    }

    /// The same, to be completed with what the key server answers.
    #[must_use]
    pub const fn fresh_head(&self) -> &FreshHead {
        &self.head
    }

    /// What the label says.
    #[must_use]
    pub const fn section(&self) -> &LabelSection {
        self.label.claims()
    }

    /// The label's hash.
    #[must_use]
    pub const fn label_hash(&self) -> LabelHash {
        self.label.hash()
    }

    /// To be fed in order.
    #[must_use]
    pub fn into_stream(self) -> StreamSealer {
        let trailer = self.builder();
        StreamSealer { plan: self, trailer, buffer: BlockBuffer::new(), filled: 0, done: 0 }
    }

    /// To be fed by blocks, in any order, from any thread.
    ///
    /// # Errors
    /// [`SealError::Length`] if the length is not known.
    pub fn into_blocks(self) -> Result<BlockSealer, SealError> {
        match self.length {
            PayloadLength::Known(length) | PayloadLength::Signed(length) => {
                let count = tree::node_count(layout::piece_count(self.section().payload_suite(), length));
                Ok(BlockSealer { plan: self, length, done: Once::new(count).ok_or(SealError::TooLong)? })
            }
            PayloadLength::Unknown => Err(SealError::Length),
        }
    }

    fn builder(&self) -> Option<TrailerBuilder> {
        match self.section().trailer_kind() {
            TrailerKind::None => None,
            TrailerKind::Tree => {
                Some(TrailerBuilder::new(self.section().clone(), self.metadata, self.content.opening()))
            }
        }
    }

    fn block(&self, length: u64, index: u64) -> Option<Block> {
        Block::locate(self.section().payload_suite(), length, self.payload_start, index)
    }

    /// Seals what is in the buffer; digests it if there is a trailer.
    fn seal(&self, buffer: &mut BlockBuffer) -> Result<Option<BlockDigest>, SealError> {
        let wanted = match self.section().trailer_kind() {
            TrailerKind::None => Leaves::Unwanted,
            TrailerKind::Tree => Leaves::Wanted,
        };
        let leaves = self.content.seal_block(self.provider, buffer, wanted).map_err(|_| SealError::Cipher)?;
        Ok(tree::fold(self.provider, leaves).map(|node| BlockDigest { block: buffer.block().index(), node }))
    }

    fn end(
        &self,
        trailer: Option<TrailerBuilder>,
        length: u64,
        author: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<SealedEnd, SealError> {
        let section_len = layout::section_len(self.section().payload_suite(), length).ok_or(SealError::TooLong)?;
        let offset = self.payload_start.checked_add(section_len).ok_or(SealError::TooLong)?;
        let Some(builder) = trailer else {
            return Ok(SealedEnd { bytes: layout::footer(0).to_vec(), offset, root: None, core: None });
        };
        let made = builder.sign(self.provider, length, author, rng)?;
        let mut bytes = made.bytes;
        bytes.extend_from_slice(&layout::footer(bytes.len() as u64));
        Ok(SealedEnd { bytes, offset, root: Some(made.root), core: Some(made.core) })
    }
}

/// What the suite makes of metadata and keys.
struct Sealed {
    content: Content,
    metadata: Vec<u8>,
    grants: Vec<Grant>,
}

impl Sealed {
    fn clear(metadata: &Metadata) -> Self {
        Self { content: Content::Clear, metadata: metadata.encode(), grants: Vec::new() }
    }

    fn encrypted(
        provider: &'static dyn Provider,
        section: &LabelSection,
        metadata: &Metadata,
        ticket: &TicketParts,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, SealError> {
        let (key, shares) = keys::generate(ticket.share_count(), rng).ok_or(SealError::Recipients)?;
        let grants = ticket.grants(provider, section, &shares, rng)?;
        let content = Content::seal(provider, &key, section, rng).ok_or(SealError::Cipher)?;
        let metadata = content::seal_metadata(provider, &key, section, &metadata.encode(), rng);
        let metadata = metadata.ok_or(SealError::Cipher)?;
        Ok(Self { content, metadata, grants })
    }
}

/// The end of an envelope.
#[derive(Debug, Clone)]
pub struct SealedEnd {
    bytes: Vec<u8>,
    offset: u64,
    root: Option<PayloadRoot>,
    core: Option<UnverifiedCore>,
}

impl SealedEnd {
    /// Trailer and footer.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where they belong, in bytes from the beginning of the file.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The payload's root, if there is a trailer.
    #[must_use]
    pub const fn root(&self) -> Option<PayloadRoot> {
        self.root
    }

    /// The signed core, as the key server gets it for registration.
    #[must_use]
    pub fn core(&self) -> Option<&[u8]> {
        self.core.as_ref().map(UnverifiedCore::as_bytes)
    }
}

/// Seals a stream in order.
pub struct StreamSealer {
    plan: SealPlan,
    trailer: Option<TrailerBuilder>,
    buffer: BlockBuffer,
    filled: u64,
    done: u64,
}

impl StreamSealer {
    /// Takes content; appends to `out` what is to be written after [`SealPlan::prefix`] and everything before it.
    ///
    /// # Errors
    /// [`SealError::Length`] if more comes than was announced, [`SealError::TooLong`] over 1 TiB.
    pub fn push(&mut self, mut data: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        while !data.is_empty() {
            let index = self.done;
            let whole = self.plan.block(u64::MAX >> 1, index).ok_or(SealError::TooLong)?;
            if self.filled == 0 {
                self.buffer.begin(whole);
            }
            let taken = self.buffer.fill(self.filled, data);
            data = data.get(taken..).unwrap_or_default();
            self.filled += taken as u64;
            self.check_length()?;
            if self.filled == tree::BLOCK_LEN {
                self.flush(out)?;
            }
        }
        Ok(())
    }

    fn check_length(&self) -> Result<(), SealError> {
        let so_far = self.len();
        match self.plan.length {
            PayloadLength::Known(announced) | PayloadLength::Signed(announced) if so_far > announced => {
                Err(SealError::Length)
            }
            PayloadLength::Unknown if so_far > TRAILER_PAYLOAD_MAX => Err(SealError::TooLong), // [ENV-46]
            PayloadLength::Known(_) | PayloadLength::Signed(_) | PayloadLength::Unknown => Ok(()),
        }
    }

    const fn len(&self) -> u64 {
        self.done * tree::BLOCK_LEN + self.filled
    }

    fn flush(&mut self, out: &mut Vec<u8>) -> Result<(), SealError> {
        let digest = self.plan.seal(&mut self.buffer)?;
        if let (Some(trailer), Some(digest)) = (&mut self.trailer, digest) {
            trailer.add(digest).map_err(|_| SealError::Trailer)?;
        }
        out.extend_from_slice(self.buffer.stored());
        self.done += 1;
        self.filled = 0;
        Ok(())
    }

    /// Seals what is left and signs the trailer; appends everything to `out`.
    ///
    /// # Errors
    /// [`SealError::Length`] if less came than was announced; [`SealError`] if the trailer can't be made.
    pub fn finish(
        mut self,
        author: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
        out: &mut Vec<u8>,
    ) -> Result<SealedEnd, SealError> {
        let length = self.len();
        if matches!(self.plan.length, PayloadLength::Known(announced) | PayloadLength::Signed(announced) if announced != length)
        {
            return Err(SealError::Length);
        }
        if let Some(last) = self.plan.block(length, self.done) {
            self.buffer.shorten(last);
            self.flush(out)?;
        }
        let end = self.plan.end(self.trailer, length, author, rng)?;
        out.extend_from_slice(end.bytes());
        Ok(end)
    }

    /// The plan this stream follows.
    #[must_use]
    pub const fn plan(&self) -> &SealPlan {
        &self.plan
    }
}

/// Seals blocks in any order. Shared by threads; every thread has its own [`BlockBuffer`].
pub struct BlockSealer {
    plan: SealPlan,
    length: u64,
    done: Once,
}

/// Which blocks were sealed, one bit each: key and nonce of a block serve once. [ENV-71]
struct Once(Vec<AtomicU64>);

impl Once {
    fn new(count: u64) -> Option<Self> {
        let words = usize::try_from(count.div_ceil(64)).ok()?;
        Some(Self((0..words).map(|_| AtomicU64::new(0)).collect()))
    }

    /// Takes `index`; false if it was taken or there is no such block.
    fn take(&self, index: u64) -> bool {
        let word = usize::try_from(index / 64).ok().and_then(|at| self.0.get(at));
        let bit = 1u64 << (index % 64);
        word.is_some_and(|w| w.fetch_or(bit, Ordering::Relaxed) & bit == 0)
    }
}

impl BlockSealer {
    /// Number of blocks.
    #[must_use]
    pub const fn block_count(&self) -> u64 {
        tree::node_count(layout::piece_count(self.plan.label.claims().payload_suite(), self.length))
    }

    /// Where block `index` lies, in the plaintext and in the file; `None` past the end.
    #[must_use]
    pub fn block(&self, index: u64) -> Option<Block> {
        self.plan.block(self.length, index)
    }

    /// Seals the block in `buffer` (laid out by [`BlockBuffer::begin`] and filled); it is then to be written from
    /// [`BlockBuffer::stored`]. The digest, if there is one, goes to [`Self::finish`].
    ///
    /// # Errors
    /// [`SealError::Length`] if the buffer holds no block of this payload to seal; [`SealError::Twice`] if this block
    /// was sealed before.
    pub fn seal(&self, buffer: &mut BlockBuffer) -> Result<Option<BlockDigest>, SealError> {
        if !buffer.holds_plaintext() || self.block(buffer.block().index()).as_ref() != Some(buffer.block()) {
            return Err(SealError::Length);
        }
        if !self.done.take(buffer.block().index()) {
            return Err(SealError::Twice);
        }
        self.plan.seal(buffer)
    }

    /// Ends the envelope with the digests of all blocks, in any order.
    ///
    /// # Errors
    /// [`SealError::Trailer`] if a digest is missing or doubled or the trailer can't be signed.
    pub fn finish(
        self,
        digests: impl IntoIterator<Item = BlockDigest>,
        author: &Signatory<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<SealedEnd, SealError> {
        let mut trailer = self.plan.builder();
        for digest in digests {
            match &mut trailer {
                Some(builder) => builder.add(digest).map_err(|_| SealError::Trailer)?,
                None => return Err(SealError::Trailer),
            }
        }
        self.plan.end(trailer, self.length, author, rng)
    }

    /// Bytes of the file up to the end of the payload, for allocating it beforehand.
    #[must_use]
    pub fn payload_end(&self) -> Option<u64> {
        layout::section_len(self.plan.section().payload_suite(), self.length)?.checked_add(self.plan.payload_start)
    }

    /// The plan these blocks follow.
    #[must_use]
    pub const fn plan(&self) -> &SealPlan {
        &self.plan
    }
}
