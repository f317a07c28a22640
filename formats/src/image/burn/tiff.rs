//! TIFF: every page, written without loss (deflate); pages of black and white become grey.

use std::io::{Cursor, Seek, Write};

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::encoder::colortype::{ColorType as Colours, Gray8, Gray16, RGB8, RGB16, RGBA8, RGBA16};
use tiff::encoder::{Compression, DeflateLevel, Rational, TiffEncoder, TiffKindStandard, TiffValue};
use tiff::tags::{ResolutionUnit, Tag};

use super::band::{stamp, unwritten};
use super::raster::{Raster, Samples};
use super::{BROKEN, Burnt, LARGE, fitting, pixels};
use crate::cover::Face;
use crate::limits;
use crate::marking::{MarkError, Marking};

const COLOURS: MarkError = MarkError::Refused("the TIFF's colours can't be written again");

pub(super) fn burn(bytes: &[u8], face: &Face, marking: &Marking) -> Result<Burnt, MarkError> {
    let mut bounds = Limits::default();
    bounds.decoding_buffer_size = 900 << 20;
    bounds.intermediate_buffer_size = 256 << 20;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(|_| BROKEN)?.with_limits(bounds);
    let mut out = Cursor::new(Vec::new());
    let mut encoder =
        TiffEncoder::new(&mut out).map_err(unwritten)?.with_compression(Compression::Deflate(DeflateLevel::Balanced));
    let (mut pictures, mut all) = (0_u64, 0_u64);
    loop {
        let (width, height) = decoder.dimensions().map_err(|_| BROKEN)?;
        all += pixels(width, height)? as u64;
        if all > limits::BURNT_PIXELS {
            return Err(LARGE);
        }
        let page = Page::read(&mut decoder)?;
        write(&mut encoder, page, face, marking)?;
        pictures += 1;
        if !decoder.more_images() {
            break;
        }
        decoder.next_image().map_err(|_| BROKEN)?;
    }
    Ok(Burnt { bytes: out.into_inner(), pictures })
}

/// A page, and what is kept of what is said of it.
struct Page {
    raster: Raster,
    profile: Option<Vec<u8>>,
    /// Horizontal, vertical, unit.
    density: Option<(f64, f64, u16)>,
}

impl Page {
    fn read(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Self, MarkError> {
        let (width, height) = decoder.dimensions().map_err(|_| BROKEN)?;
        let colours = decoder.colortype().map_err(|_| BROKEN)?;
        let planes = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).ok().flatten();
        let (channels, is_bits) = match colours {
            ColorType::Gray(1) => (1, true),
            ColorType::Gray(8 | 16) => (1, false),
            ColorType::RGB(8 | 16) => (3, false),
            ColorType::RGBA(8 | 16) => (4, false),
            _ => return Err(COLOURS),
        };
        if planes == Some(2) && channels > 1 {
            return Err(COLOURS);
        }
        let samples = match decoder.read_image().map_err(|_| BROKEN)? {
            DecodingResult::U8(bits) if is_bits => Samples::Narrow(unpacked(&bits, width, height)),
            DecodingResult::U8(samples) => Samples::Narrow(samples),
            DecodingResult::U16(samples) => Samples::Wide(samples),
            _ => return Err(COLOURS),
        };
        let side = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten().unwrap_or(1);
        let mut density = density(decoder);
        if side >= 5 {
            density = density.map(|(x, y, unit)| (y, x, unit));
        }
        let profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
        Ok(Self { raster: Raster::new(width, height, channels, samples)?.upright(side.min(8)), profile, density })
    }
}

fn density(decoder: &mut Decoder<Cursor<&[u8]>>) -> Option<(f64, f64, u16)> {
    let x = decoder.get_tag_f64(Tag::XResolution).ok()?;
    let y = decoder.get_tag_f64(Tag::YResolution).ok()?;
    let unit = decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok().flatten().unwrap_or(2);
    [x, y].iter().all(|n| (0.01..1e6).contains(n)).then_some((x, y, unit))
}

/// One bit a pixel, rows in whole bytes.
fn unpacked(bits: &[u8], width: u32, height: u32) -> Vec<u8> {
    let row = width.div_ceil(8) as usize;
    let mut samples = Vec::with_capacity(width as usize * height as usize);
    for row in bits.chunks(row.max(1)).take(height as usize) {
        let bit = |at: usize| row.get(at / 8).map_or(255, |byte| if byte >> (7 - at % 8) & 1 == 1 { 255 } else { 0 });
        samples.extend((0..width as usize).map(bit));
    }
    samples
}

type Writer<'o> = TiffEncoder<&'o mut Cursor<Vec<u8>>, TiffKindStandard>;

fn write(encoder: &mut Writer<'_>, page: Page, face: &Face, marking: &Marking) -> Result<(), MarkError> {
    let Page { raster, profile, density } = page;
    let raster = stamp(raster, face, marking)?;
    let profile = fitting(profile, &raster);
    match (&raster.samples, raster.channels) {
        (Samples::Narrow(samples), 1) => put::<Gray8, _>(encoder, &raster, samples, profile, density),
        (Samples::Narrow(samples), 3) => put::<RGB8, _>(encoder, &raster, samples, profile, density),
        (Samples::Narrow(samples), 4) => put::<RGBA8, _>(encoder, &raster, samples, profile, density),
        (Samples::Wide(samples), 1) => put::<Gray16, _>(encoder, &raster, samples, profile, density),
        (Samples::Wide(samples), 3) => put::<RGB16, _>(encoder, &raster, samples, profile, density),
        (Samples::Wide(samples), 4) => put::<RGBA16, _>(encoder, &raster, samples, profile, density),
        _ => Err(COLOURS),
    }
}

fn put<C: Colours, W: Write + Seek>(
    encoder: &mut TiffEncoder<W, TiffKindStandard>,
    raster: &Raster,
    samples: &[C::Inner],
    profile: Option<Vec<u8>>,
    density: Option<(f64, f64, u16)>,
) -> Result<(), MarkError>
where
    [C::Inner]: TiffValue,
{
    let mut page = encoder.new_image::<C>(raster.width, raster.height).map_err(unwritten)?;
    if let Some((x, y, unit)) = density {
        let part = |value: f64| Rational { n: (value * 100.0).round() as u32, d: 100 };
        page.x_resolution(part(x));
        page.y_resolution(part(y));
        page.resolution_unit(match unit {
            2 => ResolutionUnit::Inch,
            3 => ResolutionUnit::Centimeter,
            _ => ResolutionUnit::None,
        });
    }
    if let Some(profile) = profile {
        page.encoder().write_tag(Tag::IccProfile, profile.as_slice()).map_err(unwritten)?;
    }
    page.write_data(samples).map_err(unwritten)
}
