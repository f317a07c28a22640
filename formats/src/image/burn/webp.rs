//! WebP: written without loss, whatever it was.

use std::io::Cursor;

use image_webp::{ColorType, WebPDecoder, WebPEncoder};

use super::band::{stamp, unwritten};
use super::raster::{Raster, Samples};
use super::{BROKEN, Burnt, fitting, orientation, pixels};
use crate::cover::Face;
use crate::marking::{MarkError, Marking};

/// Longest side that the format holds (RFC 9649, 3.4).
const LONGEST: u32 = 16_384;

pub(super) fn burn(bytes: &[u8], face: &Face, marking: &Marking) -> Result<Burnt, MarkError> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    if decoder.is_animated() {
        return Err(MarkError::Refused("an animated WebP can't be written again"));
    }
    let (width, height) = decoder.dimensions();
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut samples = vec![0; pixels(width, height)? * channels];
    decoder.read_image(&mut samples).map_err(|_| BROKEN)?;
    let profile = decoder.icc_profile().ok().flatten();
    let side = decoder.exif_metadata().ok().flatten().map_or(1, |exif| orientation(&exif));
    let raster = Raster::new(width, height, channels, Samples::Narrow(samples))?.upright(side);
    let raster = stamp(raster, face, marking)?;
    if raster.width > LONGEST || raster.height > LONGEST {
        return Err(MarkError::Refused("the picture would be too long for its format"));
    }
    let mut out = Vec::new();
    let mut encoder = WebPEncoder::new(&mut out);
    if let Some(profile) = fitting(profile, &raster) {
        encoder.set_icc_profile(profile);
    }
    let Samples::Narrow(samples) = raster.samples else { return Err(BROKEN) };
    let colours = if channels == 4 { ColorType::Rgba8 } else { ColorType::Rgb8 };
    encoder.encode(&samples, raster.width, raster.height, colours).map_err(unwritten)?;
    Ok(Burnt::one(out))
}
