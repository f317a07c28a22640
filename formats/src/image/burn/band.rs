//! The band with the line, and the watermark, drawn with the compiled-in font.

use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

use crate::cover::{Face, Pen, break_whole, is_invisible};
use crate::marking::{MarkError, Marking};

use super::raster::{Raster, Sample, Samples};
use super::{LARGE, NOT_WRITTEN};

/// From one line to the next, in em.
const PITCH: f32 = 1.3;
/// Smallest em in pixels that can be read.
const SMALLEST: f32 = 9.0;
/// How much of the watermark is seen.
const SEEN: f32 = 0.3;
/// Rows of a picture under the watermark that are drawn at once.
const ROWS: u32 = 256;

/// A band of grey: width, height, a shade for every pixel.
pub(super) struct Band {
    pub height: u32,
    pub shades: Vec<u8>,
}

/// The band for a picture of this size.
pub(super) fn draw(face: &Face, line: &str, width: u32, height: u32) -> Result<Band, MarkError> {
    const NARROW: MarkError = MarkError::Refused("the picture is too small for a line that can be read");
    let (wide, short) = (width as f32, width.min(height) as f32);
    let usual = (short * 10.5 / 595.0).clamp(14.0, 600.0);
    let room = wide - usual;
    let whole = face.width(line).max(0.5);
    let (lines, size) = if whole * usual * 0.7 <= room {
        (vec![line.to_owned()], usual.min(room / whole))
    } else {
        let lines = break_whole(face, line, room / usual);
        let longest = lines.iter().map(|line| face.width(line)).fold(0.5, f32::max);
        (lines, usual.min(room / longest))
    };
    let band = (lines.len() as f32 * PITCH * size + size * 0.6).ceil();
    if size < SMALLEST || band > 3.0 * height as f32 + 200.0 {
        return Err(NARROW);
    }
    super::pixels(width, band as u32)?;
    let mut sheet = Pixmap::new(width, band as u32).ok_or(LARGE)?;
    sheet.fill(Color::WHITE);
    for (row, line) in (0_u8..).zip(&lines) {
        let x = wide - size * 0.5 - face.width(line) * size;
        if let Some(path) = outline(face, line, size, x, size * (0.3 + 0.98) + f32::from(row) * PITCH * size) {
            sheet.fill_path(&path, &Paint::default(), FillRule::Winding, Transform::identity(), None);
        }
    }
    Ok(Band { height: band as u32, shades: sheet.pixels().iter().map(|pixel| pixel.green()).collect() })
}

fn outline(face: &Face, line: &str, size: f32, x: f32, y: f32) -> Option<Path> {
    let mut pen = Pen { path: PathBuilder::new(), x, y };
    for character in line.chars().filter(|c| !is_invisible(*c)) {
        face.outline(character, size, &mut pen);
        pen.x += face.advance(character) * size;
    }
    pen.path.finish()
}

/// The watermark of a picture, along its diagonal.
pub(super) struct Watermark {
    paths: Vec<Path>,
    turn: Transform,
    width: u32,
}

impl Watermark {
    pub fn new(face: &Face, words: &str, width: u32, height: u32) -> Self {
        let (wide, high) = (width as f32, height as f32);
        let whole = face.width(words);
        let columns = if whole > 24.0 { (whole * 12.0).sqrt().max(24.0) } else { whole + 1.0 };
        let lines = break_whole(face, words, columns);
        let long = lines.iter().map(|line| face.width(line)).fold(0.5, f32::max);
        let tall = lines.len() as f32 * PITCH;
        let angle = high.atan2(wide);
        let (sine, cosine) = angle.sin_cos();
        let size = (0.85 * wide / (long * cosine + tall * sine))
            .min(0.85 * high / (long * sine + tall * cosine))
            .min(0.17 * wide.min(high));
        let paths = (0_u8..)
            .zip(&lines)
            .filter_map(|(row, line)| {
                let y = (f32::from(row) * PITCH + 0.98 - tall / 2.0) * size;
                outline(face, line, size, -face.width(line) * size / 2.0, y)
            })
            .collect();
        let turn = Transform::from_row(cosine, -sine, sine, cosine, wide / 2.0, high / 2.0);
        Self { paths, turn, width }
    }

    /// How much of the watermark is on each pixel of some rows: 0 to 255.
    pub fn rows(&self, from: u32, count: u32) -> Result<Vec<u8>, MarkError> {
        let mut sheet = Pixmap::new(self.width, count).ok_or(LARGE)?;
        let turn = self.turn.post_translate(0.0, -(from as f32));
        for path in &self.paths {
            sheet.fill_path(path, &Paint::default(), FillRule::Winding, turn, None);
        }
        Ok(sheet.pixels().iter().map(|pixel| pixel.alpha()).collect())
    }
}

/// The picture with the marking.
pub(super) fn stamp(raster: Raster, face: &Face, marking: &Marking) -> Result<Raster, MarkError> {
    let Raster { width, height, channels, samples } = raster;
    let band = draw(face, marking.line(), width, height)?;
    let tall = height.checked_add(band.height).ok_or(LARGE)?;
    super::pixels(width, tall)?;
    let watermark = marking.watermark().map(|words| Watermark::new(face, words, width, height));
    let samples = match samples {
        Samples::Narrow(samples) => Samples::Narrow(put(samples, channels, &band, watermark.as_ref(), height)?),
        Samples::Wide(samples) => Samples::Wide(put(samples, channels, &band, watermark.as_ref(), height)?),
    };
    Raster::new(width, tall, channels, samples)
}

fn put<T: Sample>(
    mut samples: Vec<T>,
    channels: usize,
    band: &Band,
    watermark: Option<&Watermark>,
    height: u32,
) -> Result<Vec<T>, MarkError> {
    if let Some(watermark) = watermark {
        let step = channels * watermark.width as usize * ROWS as usize;
        for (piece, from) in samples.chunks_mut(step).zip((0..height).step_by(ROWS as usize)) {
            let seen = watermark.rows(from, ROWS.min(height - from))?;
            for (pixel, seen) in piece.chunks_mut(channels).zip(seen) {
                mix(pixel, f32::from(seen) / 255.0 * SEEN);
            }
        }
    }
    let colours = channels - (1 - channels % 2);
    let mut whole = Vec::with_capacity(samples.len() + band.shades.len() * channels);
    for shade in &band.shades {
        let value = T::of(f32::from(*shade) / 255.0);
        whole.extend((0..channels).map(|channel| if channel < colours { value } else { T::of(1.0) }));
    }
    whole.append(&mut samples);
    Ok(whole)
}

/// A pixel with so much middle grey over it.
pub(super) fn mix<T: Sample>(pixel: &mut [T], grey: f32) {
    if grey <= 0.0 {
        return;
    }
    let has_alpha = pixel.len().is_multiple_of(2);
    let Some((last, rest)) = pixel.split_last_mut().filter(|_| has_alpha) else {
        pixel.iter_mut().for_each(|sample| *sample = T::of(sample.get() * (1.0 - grey) + 0.5 * grey));
        return;
    };
    let before = last.get();
    let after = before + (1.0 - before) * grey;
    for sample in rest {
        *sample = T::of((sample.get() * before * (1.0 - grey) + 0.5 * grey) / after);
    }
    *last = T::of(after);
}

/// Why a picture could not be written, whatever the encoder says.
pub(super) fn unwritten<E>(_: E) -> MarkError {
    NOT_WRITTEN
}
