//! 焼き込み. A new picture of the same kind that shows the marking: a band above the picture with the line, and the watermark
//! across. Pixels change, so it is never done unasked; the picture it was made from stays the original.

mod band;
mod gif;
mod jpeg;
mod png;
mod raster;
mod tiff;
mod webp;

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kakuzuke_core::code::Text;

use crate::cover::Face;
use crate::detect::State;
use crate::error::ReadError;
use crate::kind::Kind;
use crate::limits;
use crate::marking::{MarkError, Marked, Marking};
use crate::source::{Source, read_range};

use raster::Raster;

/// Quality of a JPEG that is written, of 100.
const QUALITY: u8 = 92;
const BROKEN: MarkError = MarkError::Read(ReadError::Damaged("the picture can't be decoded"));
const NOT_WRITTEN: MarkError = MarkError::Refused("the picture can't be written");
const LARGE: MarkError = MarkError::Read(ReadError::Limit("pixels of a picture"));

/// Writes a new picture of the same kind with the marking in it to `out`: PNG, JPEG, TIFF, WebP and GIF. The canvas grows by
/// a band at the top, so that nothing of the picture is covered but by the translucent watermark.
///
/// The picture is turned as its Exif says, and keeps its colour profile and density; the label of ours stays in it. Other
/// metadata are left out: a preview, for one, would show the picture unmarked. PNG, TIFF, GIF and WebP are written without
/// loss (a WebP is larger for it), JPEG with quality 92 of 100 and full colour resolution.
///
/// # Errors
/// [`MarkError::Unsupported`] for other kinds; [`MarkError::Refused`] for animated PNG and WebP, colours that can't be
/// written again, and pictures too narrow for a line; [`MarkError::Read`] beyond [`limits::BURNT_PIXELS`].
pub fn burn(
    source: &dyn Source,
    name: Option<&str>,
    marking: &Marking,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    let detection = crate::detect(source, name)?;
    let way = match detection.kind {
        Kind::Png => png::burn,
        Kind::Jpeg => jpeg::burn,
        Kind::Tiff => tiff::burn,
        Kind::Webp => webp::burn,
        Kind::Gif => gif::burn,
        other => return Err(MarkError::Unsupported(other)),
    };
    if !matches!(detection.state, State::Open) {
        return Err(MarkError::Refused("a protected file shows its marking on its cover"));
    }
    let size = source.size().map_err(ReadError::from)?;
    if size > limits::PICTURE {
        return Err(ReadError::Limit("size of a picture").into());
    }
    let bytes = read_range(source, 0..size).map_err(ReadError::from)?;
    let face = Face::new().ok_or(NOT_WRITTEN)?;
    // Decoders of hostile pixels that are not ours.
    let burnt = catch_unwind(AssertUnwindSafe(|| way(&bytes, &face, marking))).unwrap_or(Err(BROKEN))?;
    match crate::read_label(source) {
        Ok(Some(label)) => crate::write_label(&burnt.bytes, &label, out)?,
        _ => out.write_all(&burnt.bytes).map_err(MarkError::Write)?,
    }
    let lacking: String = marking.line().chars().chain(marking.watermark().unwrap_or_default().chars()).collect();
    let lacking: String = lacking.chars().filter(|c| !face.draws(*c)).collect();
    let mut notes = Vec::new();
    if !lacking.is_empty() {
        notes.push(Text::new(
            format!("書体にない文字を〓で表示します：{lacking}"),
            format!("characters the font lacks are drawn as 〓: {lacking}"),
        ));
    }
    Ok(Marked { places: burnt.pictures, notes })
}

/// A picture that was written.
struct Burnt {
    bytes: Vec<u8>,
    /// Pages of a TIFF, pictures of an animation.
    pictures: u64,
}

impl Burnt {
    fn one(bytes: Vec<u8>) -> Self {
        Self { bytes, pictures: 1 }
    }
}

/// How many pixels a picture has, if not too many.
fn pixels(width: u32, height: u32) -> Result<usize, MarkError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(BROKEN);
    }
    if pixels > limits::BURNT_PIXELS {
        return Err(LARGE);
    }
    usize::try_from(pixels).map_err(|_| LARGE)
}

/// A colour profile that fits the channels: those of CMYK pictures do not, once they are RGB.
fn fitting(profile: Option<Vec<u8>>, raster: &Raster) -> Option<Vec<u8>> {
    let space: &[u8] = if raster.channels > 2 { b"RGB " } else { b"GRAY" };
    profile.filter(|profile| profile.get(16..20) == Some(space))
}

/// Which side is up, by Exif (CIPA DC-008, 4.6.5): 1 to 8.
fn orientation(exif: &[u8]) -> u8 {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = tiff.get(at..at.checked_add(length)?)?;
        let push = |n: usize, byte: &u8| n << 8 | usize::from(*byte);
        Some(if tiff.starts_with(b"MM") { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) })
    };
    let found = || {
        let directory = number(4, 4)?;
        let fields = number(directory, 2)?;
        let places = (0..fields).map(|field| directory + 2 + field * 12);
        let field = places.into_iter().find(|at| number(*at, 2) == Some(0x0112))?;
        number(field + 8, 2).and_then(|side| u8::try_from(side).ok())
    };
    found().filter(|side| (1..=8).contains(side)).unwrap_or(1)
}
