//! 画像. What cameras and programs write beside the pixels, and the label in pictures. The pixels' bytes are never touched.

mod burn;
mod gif;
mod jpeg;
mod label;
mod metafile;
mod png;
mod tiff;
mod webp;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Out, SanitiseError};
use crate::limits;
use crate::source::{Source, read_range};
use crate::xmp;

/// A sort of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    Png,
    Jpeg,
    Tiff,
    Webp,
    Gif,
    /// Enhanced metafile ([MS-EMF]), in office documents.
    Metafile,
}

impl Picture {
    /// By the first bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', 13, 10, 26, 10, ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [1, 0, 0, 0, ..] if head.get(40..44) == Some(b" EMF") => Some(Self::Metafile),
            _ => None,
        }
    }
}

pub use burn::burn;
pub(crate) use label::{Image, begins_svg};

const BROKEN: ReadError = ReadError::Damaged("the picture is not well formed");

/// A picture that is a file of its own.
pub(crate) fn clean_source(
    source: &dyn Source,
    picture: Picture,
    ledger: &mut Ledger,
    out: Out<'_>,
) -> Result<(), SanitiseError> {
    let size = source.size().map_err(ReadError::from)?;
    if size > limits::PICTURE {
        return Err(ReadError::Limit("size of a picture").into());
    }
    let bytes = read_range(source, 0..size).map_err(ReadError::from)?;
    let cleaned = clean(&bytes, picture, ledger)?;
    match out {
        Some(out) => out.write_all(&cleaned).map_err(SanitiseError::Write),
        None => Ok(()),
    }
}

/// The picture without what is to go.
pub(crate) fn clean(bytes: &[u8], picture: Picture, ledger: &mut Ledger) -> Result<Vec<u8>, ReadError> {
    match picture {
        Picture::Png => png::clean(bytes, ledger),
        Picture::Jpeg => jpeg::clean(bytes, ledger),
        Picture::Tiff => tiff::clean(bytes, ledger),
        Picture::Webp => webp::clean(bytes, ledger),
        Picture::Gif => gif::clean(bytes, ledger),
        Picture::Metafile => metafile::clean(bytes, ledger),
    }
    .ok_or(BROKEN)
}

fn found(ledger: &mut Ledger, ja: &'static str, en: &'static str) -> bool {
    found_as(ledger, Category::PictureData, ja, en)
}

fn found_as(ledger: &mut Ledger, category: Category, ja: &'static str, en: &'static str) -> bool {
    ledger.found(category, Unit::Whole, &Text::fixed(ja, en))
}

/// An XMP packet: with our label in it, it is the label that is found, and with more than that both are.
fn packet(ledger: &mut Ledger, bytes: &[u8]) -> bool {
    let label = xmp::held_label(bytes);
    let goes = label.is_none() || found_as(ledger, Category::Label, "格付の記録", "the stored label");
    if label == Some(xmp::Beside::Nothing) {
        return goes;
    }
    found(ledger, "XMP情報", "XMP") && goes
}
