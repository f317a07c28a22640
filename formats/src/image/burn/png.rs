//! PNG: written without loss; palettes become RGB.

use std::borrow::Cow;
use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Info, Limits, Transformations};

use super::band::{stamp, unwritten};
use super::raster::{Raster, Samples};
use super::{BROKEN, Burnt, fitting, orientation, pixels};
use crate::cover::Face;
use crate::marking::{MarkError, Marking};

pub(super) fn burn(bytes: &[u8], face: &Face, marking: &Marking) -> Result<Burnt, MarkError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: 64 << 20 });
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|_| BROKEN)?;
    let given = reader.info();
    pixels(given.width, given.height)?;
    if given.animation_control.is_some() {
        return Err(MarkError::Refused("an animated PNG can't be written again"));
    }
    let mut info = Info::with_size(given.width, given.height);
    info.pixel_dims = given.pixel_dims;
    (info.srgb, info.gama_chunk, info.chrm_chunk) = (given.srgb, given.gama_chunk, given.chrm_chunk);
    let profile = given.icc_profile.as_ref().map(|profile| profile.to_vec());
    let side = given.exif_metadata.as_ref().map_or(1, |exif| orientation(exif));
    let raster = raster(&mut reader)?.upright(side);
    let raster = stamp(raster, face, marking)?;
    (info.width, info.height) = (raster.width, raster.height);
    info.icc_profile = fitting(profile, &raster).map(Cow::Owned);
    if side >= 5 {
        info.pixel_dims = info.pixel_dims.map(|mut dims| {
            std::mem::swap(&mut dims.xppu, &mut dims.yppu);
            dims
        });
    }
    info.color_type = match raster.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    };
    let samples = match raster.samples {
        Samples::Narrow(samples) => samples,
        Samples::Wide(samples) => {
            info.bit_depth = BitDepth::Sixteen;
            samples.into_iter().flat_map(u16::to_be_bytes).collect()
        }
    };
    let mut out = Vec::new();
    let mut writer = Encoder::with_info(&mut out, info).and_then(Encoder::write_header).map_err(unwritten)?;
    writer.write_image_data(&samples).map_err(unwritten)?;
    writer.finish().map_err(unwritten)?;
    Ok(Burnt::one(out))
}

fn raster(reader: &mut png::Reader<Cursor<&[u8]>>) -> Result<Raster, MarkError> {
    let mut buffer = vec![0; reader.output_buffer_size().ok_or(BROKEN)?];
    let found = reader.next_frame(&mut buffer).map_err(|_| BROKEN)?;
    buffer.truncate(found.buffer_size());
    let samples = match found.bit_depth {
        BitDepth::Eight => Samples::Narrow(buffer),
        BitDepth::Sixteen => {
            let (pairs, _) = buffer.as_chunks::<2>();
            Samples::Wide(pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
        }
        _ => return Err(BROKEN),
    };
    Raster::new(found.width, found.height, found.color_type.samples(), samples)
}
