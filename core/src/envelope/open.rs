//! Opening: a verified head, the licence's facts and a source that can be read anywhere.
//!
//! Nothing is reported before commitment, final chunk and trailer hold; nothing of a chunk leaves before its tag, and
//! its place in the signed tree, hold.

use super::block::{Block, BlockBuffer};
use super::content::{self, Content};
use super::error::{OpenError, PayloadError, TrailerError};
use super::head::VerifiedHead;
use super::keys::DocumentKey;
use super::label_section::LabelSection;
use super::layout::{FOOTER_LEN, Layout, OPENING_LEN};
use super::mechanism::{Binding, PayloadSuite, TrailerKind};
use super::metadata::Metadata;
use super::trailer::{Expected, Opening, Trailer, VerifiedCore, VerifiedTrailer};
use super::tree;
use super::window::Window;
use crate::crypto::Provider;
use crate::id::{Digest, LabelHash, PayloadRoot};
use crate::trust::{Anchors, AsOf};

/// Something that can be read at any position.
#[expect(clippy::len_without_is_empty, reason = "nobody asks whether a file is empty without asking how long it is")]
pub trait ReadAt {
    /// Fills `buf` from position `offset`, in bytes.
    ///
    /// # Errors
    /// If there is less, or it can't be read.
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()>;

    /// Length in bytes.
    ///
    /// # Errors
    /// If it can't be told.
    fn len(&self) -> std::io::Result<u64>;
}

impl ReadAt for [u8] {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        let there = usize::try_from(offset).ok().and_then(|start| self.get(start..start.checked_add(buf.len())?));
        buf.copy_from_slice(there.ok_or(std::io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn len(&self) -> std::io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl ReadAt for Vec<u8> {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.as_slice().read_exact_at(offset, buf)
    }

    fn len(&self) -> std::io::Result<u64> {
        ReadAt::len(self.as_slice())
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }

    fn len(&self) -> std::io::Result<u64> {
        (**self).len()
    }
}

impl<T: ReadAt + ?Sized> ReadAt for std::sync::Arc<T> {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }

    fn len(&self) -> std::io::Result<u64> {
        (**self).len()
    }
}

/// What a licence says about the document to open.
pub struct LicenceFacts {
    /// The label section that is current at the server, as the licence carries it.
    pub current: LabelSection,
    /// Its hash.
    pub label_hash: LabelHash,
    /// The payload's root, where the document has a trailer.
    pub root: Option<PayloadRoot>,
    /// The document key.
    pub key: DocumentKey,
}

/// How the head in the file stands to the licence's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadState {
    /// The same revision.
    Current,
    /// Another one; the licence's is the one that counts.
    Other,
}

/// Whom to believe, and when.
#[derive(Debug, Clone, Copy)]
pub struct Belief<'a> {
    /// The pinned roots.
    pub anchors: &'a Anchors,
    /// The time as of which certificates have to be valid.
    pub at: AsOf,
}

/// An open envelope. Shared by threads: reading takes `&self`.
pub struct Opener<S> {
    provider: &'static dyn Provider,
    source: S,
    layout: Layout,
    head: VerifiedHead,
    state: HeadState,
    metadata: Metadata,
    content: Content,
    trailer: Option<VerifiedTrailer>,
    window: Window,
}

impl<S: ReadAt> Opener<S> {
    /// Opens an encrypted envelope with a licence's key.
    ///
    /// # Errors
    /// [`OpenError`]; nothing of the content is known to the caller then.
    pub fn open(
        provider: &'static dyn Provider,
        source: S,
        head: VerifiedHead,
        facts: &LicenceFacts,
        belief: Belief<'_>,
    ) -> Result<Self, OpenError> {
        let section = head.section();
        if section.payload_suite() != PayloadSuite::Cobblestone256 {
            return Err(PayloadError::Licence.into()); // [ENV-80]
        }
        let state = compare(&head, facts)?;
        let layout = derive(&source, &head)?;
        let stored = read_range(&source, layout.metadata())?;
        let mut opening = [0u8; OPENING_LEN as usize];
        source.read_exact_at(layout.payload().start, &mut opening)?;
        let opening = Opening::from_bytes(&opening).ok_or(PayloadError::Commitment)?;
        let content = Content::open(provider, &facts.key, section, opening)?; // [ENV-82]
        let plain = content::open_metadata(provider, &facts.key, section, &stored)?;
        let metadata = Metadata::parse(plain.expose())?;
        let found = Found { layout, metadata: &stored, opening: Some(opening) };
        let trailer = found.trailer(provider, &source, section, belief)?;
        if trailer.as_ref().map(|t| t.core().core().root()) != facts.root {
            return Err(PayloadError::RootMismatch.into()); // [ENV-81]
        }
        let window = Window::new();
        let opened = Self { provider, source, layout, head, state, metadata, content, trailer, window };
        opened.check_final_chunk()?; // [ENV-83]
        Ok(opened)
    }

    /// Opens an envelope whose payload is in clear (機密性1情報). No licence is needed; the author's signature is.
    ///
    /// # Errors
    /// [`OpenError`]; [`PayloadError::Licence`] if the payload is encrypted.
    pub fn open_clear(
        provider: &'static dyn Provider,
        source: S,
        head: VerifiedHead,
        belief: Belief<'_>,
    ) -> Result<Self, OpenError> {
        let section = head.section();
        if section.payload_suite() != PayloadSuite::Clear {
            return Err(PayloadError::Licence.into()); // [ENV-80]
        }
        let layout = derive(&source, &head)?;
        let stored = read_range(&source, layout.metadata())?;
        let metadata = Metadata::parse(&stored)?;
        let found = Found { layout, metadata: &stored, opening: None };
        let trailer = found.trailer(provider, &source, section, belief)?;
        Ok(Self {
            provider,
            source,
            layout,
            head,
            state: HeadState::Current,
            metadata,
            content: Content::Clear,
            trailer,
            window: Window::new(),
        })
    }

    /// Bytes of plaintext.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.layout.payload_len()
    }

    /// Whether there is no plaintext at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the document is called.
    #[must_use]
    pub const fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The head in the file. The licence's label is the one that counts.
    #[must_use]
    pub const fn head(&self) -> &VerifiedHead {
        &self.head
    }

    /// How that head stands to the licence.
    #[must_use]
    pub const fn head_state(&self) -> HeadState {
        self.state
    }

    /// The author's signature over the content; `None` means 改ざん検知なし.
    #[must_use]
    pub fn core(&self) -> Option<&VerifiedCore> {
        self.trailer.as_ref().map(VerifiedTrailer::core)
    }

    /// Number of blocks.
    #[must_use]
    pub const fn block_count(&self) -> u64 {
        tree::node_count(self.layout.piece_count())
    }

    /// Where block `index` lies; `None` past the end.
    #[must_use]
    pub fn block(&self, index: u64) -> Option<Block> {
        Block::locate(self.content.suite(), self.layout.payload_len(), self.layout.payload().start, index)
    }

    /// Reads and opens block `index` into `buffer`; its plaintext is then in [`BlockBuffer::pieces`].
    ///
    /// # Errors
    /// [`OpenError`]; the buffer is empty then.
    pub fn open_block(&self, index: u64, buffer: &mut BlockBuffer) -> Result<(), OpenError> {
        let block = self.block(index).ok_or(PayloadError::Range)?;
        self.source.read_exact_at(block.stored().start, buffer.begin_stored(block))?;
        let outcome = self.check_block(index, buffer).and_then(|()| self.content.open_block(buffer));
        match outcome {
            Ok(()) => {
                buffer.set_opened();
                Ok(())
            }
            Err(error) => {
                buffer.wipe();
                Err(error.into())
            }
        }
    }

    fn check_block(&self, index: u64, buffer: &BlockBuffer) -> Result<(), PayloadError> {
        let Some(trailer) = &self.trailer else { return Ok(()) };
        let node = tree::fold(self.provider, tree::leaves(self.provider, buffer.each_stored()));
        if node.as_ref() == trailer.node(index) { Ok(()) } else { Err(PayloadError::NotSigned) } // [ENV-65]
    }

    /// Reads plaintext from `offset` on into `buf`; gives the number of bytes, less than asked only at the end.
    ///
    /// # Errors
    /// [`OpenError`]; `buf` then holds nothing of a piece that does not verify.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize, OpenError> {
        let mut done = 0usize;
        while let Some(rest) = buf.get_mut(done..).filter(|r| !r.is_empty()) {
            let position = offset.saturating_add(done as u64);
            if position >= self.len() {
                break;
            }
            let taken = self.read_piece(position, rest)?;
            done += taken;
        }
        Ok(done)
    }

    /// Copies what the piece at `position` holds from there on.
    fn read_piece(&self, position: u64, out: &mut [u8]) -> Result<usize, OpenError> {
        let index = position / tree::PIECE_LEN;
        let skip = usize::try_from(position % tree::PIECE_LEN).map_err(|_| PayloadError::Range)?;
        let range = self.layout.piece(index).ok_or(PayloadError::Range)?;
        let mut piece = zeroize::Zeroizing::new(read_range(&self.source, range)?);
        self.check_piece(index, &piece)?;
        let plain = self.content.open_piece(index, &mut piece)?;
        let wanted = plain.get(skip..).unwrap_or_default();
        let taken = wanted.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..taken), wanted.get(..taken)) {
            to.copy_from_slice(from);
        }
        if taken == 0 { Err(PayloadError::Range.into()) } else { Ok(taken) }
    }

    /// Checks a stored piece against the tree; the first touch of a block reads all of it.
    fn check_piece(&self, index: u64, piece: &[u8]) -> Result<(), OpenError> {
        let Some(trailer) = &self.trailer else { return Ok(()) };
        let (block, place) = (index / tree::BLOCK_LEAVES, index % tree::BLOCK_LEAVES);
        let leaf = tree::leaf(self.provider, piece);
        let known = match self.window.leaf(block, place) {
            Some(known) => known,
            None => {
                let range = self.layout.pieces(block * tree::BLOCK_LEAVES, tree::BLOCK_LEAVES);
                let stored = read_range(&self.source, range.ok_or(PayloadError::Range)?)?;
                let stride = usize::try_from(self.content.suite().stride()).map_err(|_| PayloadError::Range)?;
                let leaves = tree::leaves(self.provider, stored.chunks(stride));
                if tree::fold(self.provider, leaves.clone()).as_ref() != trailer.node(block) {
                    return Err(PayloadError::NotSigned.into()); // [ENV-65]
                }
                self.window.keep(block, leaves, place).ok_or(PayloadError::NotSigned)?
            }
        };
        if leaf == known { Ok(()) } else { Err(PayloadError::NotSigned.into()) } // [ENV-65]
    }

    /// The last chunk is the only one that tells the length.
    fn check_final_chunk(&self) -> Result<(), OpenError> {
        let index = self.layout.piece_count().checked_sub(1).ok_or(PayloadError::Chunk)?;
        let range = self.layout.piece(index).ok_or(PayloadError::Chunk)?;
        let mut piece = zeroize::Zeroizing::new(read_range(&self.source, range)?);
        self.content.open_piece(index, &mut piece)?;
        Ok(())
    }
}

/// The licence must be for this document and for this sealing of it.
fn compare(head: &VerifiedHead, facts: &LicenceFacts) -> Result<HeadState, PayloadError> {
    let (found, current) = (head.section(), &facts.current);
    if found.document() != current.document() || found.origin() != current.origin() {
        return Err(PayloadError::OtherDocument); // [ENV-80]
    }
    let same_sealing = found.author() == current.author()
        && found.payload_suite() == current.payload_suite()
        && found.trailer_kind() == current.trailer_kind()
        && found.lineage() == current.lineage()
        && found.parent() == current.parent();
    if !same_sealing {
        return Err(PayloadError::OtherSealing); // [ENV-80]
    }
    Ok(if head.label().hash() == facts.label_hash { HeadState::Current } else { HeadState::Other })
}

fn derive(source: &impl ReadAt, head: &VerifiedHead) -> Result<Layout, OpenError> {
    let section = head.section();
    if section.binding() == Some(Binding::Detached) {
        return Err(super::error::HeadError::LabelUnbound.into()); // [ENV-30]
    }
    let total = source.len()?;
    let footer = read_footer(source, total)?;
    Ok(Layout::derive(head.preamble(), section.payload_suite(), section.trailer_kind(), total, &footer)?)
}

pub(super) fn read_footer(source: &impl ReadAt, total: u64) -> Result<[u8; 16], OpenError> {
    let mut footer = [0u8; FOOTER_LEN as usize];
    let at = total.checked_sub(FOOTER_LEN).ok_or(super::error::LayoutError::Overrun)?;
    source.read_exact_at(at, &mut footer)?;
    Ok(footer)
}

/// Reads a range the layout has checked against the source's length.
pub(super) fn read_range(source: &impl ReadAt, range: core::ops::Range<u64>) -> Result<Vec<u8>, OpenError> {
    let length = usize::try_from(range.end - range.start).map_err(|_| PayloadError::Range)?;
    let mut bytes = vec![0u8; length];
    source.read_exact_at(range.start, &mut bytes)?;
    Ok(bytes)
}

/// What was found outside the head, to be compared with the signed core.
pub(super) struct Found<'a> {
    pub(super) layout: Layout,
    pub(super) metadata: &'a [u8],
    pub(super) opening: Option<Opening>,
}

impl Found<'_> {
    /// Reads and verifies the trailer, where the label says there is one.
    pub(super) fn trailer(
        &self,
        provider: &dyn Provider,
        source: &impl ReadAt,
        section: &LabelSection,
        belief: Belief<'_>,
    ) -> Result<Option<VerifiedTrailer>, OpenError> {
        if section.trailer_kind() == TrailerKind::None {
            return Ok(None);
        }
        let bytes = read_range(source, self.layout.trailer())?;
        let payload_len = self.layout.payload_len();
        let trailer = Trailer::parse(&bytes, section.payload_suite(), payload_len)?;
        let expected = Expected {
            metadata: Digest::from_bytes(provider.sha256(self.metadata)),
            payload_len,
            opening: self.opening,
        };
        Ok(Some(trailer.verify(provider, (belief.anchors, belief.at), section, &expected)?))
    }
}

/// Verifies every stored byte against the author's signature; no key is needed. None where the signature does not cover
/// the content (改ざん検知なし).
///
/// # Errors
/// [`OpenError`] if the content is not as its author signed it.
pub fn verify_content(
    provider: &dyn Provider,
    source: &impl ReadAt,
    head: &VerifiedHead,
    belief: Belief<'_>,
) -> Result<Option<VerifiedCore>, OpenError> {
    let section = head.section();
    let layout = derive(source, head)?;
    let stored = read_range(source, layout.metadata())?;
    let opening = match section.payload_suite() {
        PayloadSuite::Clear => None,
        PayloadSuite::Cobblestone256 => {
            let mut bytes = [0u8; OPENING_LEN as usize];
            source.read_exact_at(layout.payload().start, &mut bytes)?;
            Some(Opening::from_bytes(&bytes).ok_or(PayloadError::Commitment)?)
        }
    };
    let (start, length) = (layout.payload().start, layout.payload_len());
    let found = Found { layout, metadata: &stored, opening };
    let Some(trailer) = found.trailer(provider, source, section, belief)? else { return Ok(None) };
    let mut buffer = BlockBuffer::new();
    let mut index = 0;
    while let Some(block) = Block::locate(section.payload_suite(), length, start, index) {
        source.read_exact_at(block.stored().start, buffer.begin_stored(block))?;
        let node = tree::fold(provider, tree::leaves(provider, buffer.each_stored()));
        if node.as_ref() != trailer.node(index) {
            return Err(PayloadError::NotSigned.into()); // [ENV-65]
        }
        index += 1;
    }
    Ok(Some(trailer.core().clone()))
}

/// Reads only the signed core, for registering a head found without its server knowing it.
///
/// # Errors
/// [`OpenError`] if the layout or the core is malformed.
pub fn read_core(source: &impl ReadAt, head: &VerifiedHead) -> Result<Option<Vec<u8>>, OpenError> {
    if head.section().trailer_kind() == TrailerKind::None {
        return Ok(None);
    }
    let layout = derive(source, head)?;
    let trailer = layout.trailer();
    let end = trailer.end.checked_sub(4).ok_or(TrailerError::CoreCbor)?;
    let mut length = [0u8; 4];
    source.read_exact_at(end, &mut length)?;
    let start = end.checked_sub(u64::from(u32::from_be_bytes(length))).filter(|s| *s >= trailer.start);
    Ok(Some(read_range(source, start.ok_or(TrailerError::CoreCbor)?..end)?))
}
