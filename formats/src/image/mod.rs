//! 画像. What cameras and programs write beside the pixels of PNG and JPEG, and the label in these and four further
//! kinds. The pixels' bytes are never touched.

mod burn;
mod jpeg;
mod label;
mod png;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Out, SanitiseError};
use crate::limits;
use crate::source::{Source, read_range};

/// A sort of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    Png,
    Jpeg,
}

impl Picture {
    /// By the first bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', 13, 10, 26, 10, ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            _ => None,
        }
    }
}

pub use burn::burn;
pub(crate) use label::Image;

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
    }
    .ok_or(BROKEN)
}

fn found(ledger: &mut Ledger, ja: &'static str, en: &'static str) -> bool {
    ledger.found(Category::PictureData, Unit::Whole, &Text::fixed(ja, en))
}
