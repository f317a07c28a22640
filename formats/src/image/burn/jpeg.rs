//! JPEG: decoded and written again, with loss.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::band::{stamp, unwritten};
use super::raster::{Raster, Samples};
use super::{BROKEN, Burnt, QUALITY, fitting, orientation, pixels};
use crate::cover::Face;
use crate::marking::{MarkError, Marking};

pub(super) fn burn(bytes: &[u8], face: &Face, marking: &Marking) -> Result<Burnt, MarkError> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options());
    decoder.decode_headers().map_err(|_| BROKEN)?;
    let info = decoder.info().ok_or(BROKEN)?;
    pixels(info.width.into(), info.height.into())?;
    let is_grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let (channels, space) = if is_grey { (1, ColorSpace::Luma) } else { (3, ColorSpace::RGB) };
    let (profile, side) = (decoder.icc_profile(), decoder.exif().map_or(1, |exif| orientation(exif)));
    decoder.set_options(options().jpeg_set_out_colorspace(space));
    let samples = decoder.decode().map_err(|_| BROKEN)?;
    let raster = Raster::new(info.width.into(), info.height.into(), channels, Samples::Narrow(samples))?;
    let raster = stamp(raster.upright(side), face, marking)?;
    let long = |_| MarkError::Refused("the picture would be too long for its format");
    let (width, height) = (u16::try_from(raster.width).map_err(long)?, u16::try_from(raster.height).map_err(long)?);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    if let Some((x, y, unit)) = density(bytes) {
        encoder.set_density(PixelDensity { density: if side >= 5 { (y, x) } else { (x, y) }, unit });
    }
    if let Some(profile) = fitting(profile, &raster) {
        encoder.add_icc_profile(&profile).map_err(unwritten)?;
    }
    let Samples::Narrow(samples) = raster.samples else { return Err(BROKEN) };
    let colours = if is_grey { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(&samples, width, height, colours).map_err(unwritten)?;
    Ok(Burnt::one(out))
}

fn options() -> DecoderOptions {
    DecoderOptions::default().set_max_width(65_535).set_max_height(65_535)
}

/// Pixels a unit of length, as JFIF says in its first segment.
fn density(bytes: &[u8]) -> Option<(u16, u16, PixelDensityUnit)> {
    let [0xFF, 0xD8, 0xFF, 0xE0, _, _, b'J', b'F', b'I', b'F', 0, _, _, unit, a, b, c, d, ..] = bytes else {
        return None;
    };
    let unit = match unit {
        1 => PixelDensityUnit::Inches,
        2 => PixelDensityUnit::Centimeters,
        _ => PixelDensityUnit::PixelAspectRatio,
    };
    let (x, y) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
    (x > 0 && y > 0).then_some((x, y, unit))
}
