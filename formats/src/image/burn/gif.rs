//! GIF: pixels stay indices, so that the picture keeps its colours; the band is part of the first picture, and the watermark
//! takes the nearest colours there are.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Cursor;
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Decoder, DisposalMethod, Encoder, Frame, MemoryLimit};

use super::band::{Band, Watermark, draw, mix, unwritten};
use super::{BROKEN, Burnt, LARGE, pixels};
use crate::cover::Face;
use crate::limits;
use crate::marking::{MarkError, Marking};

/// Shades added to a palette for the letters of the band.
const SHADES: [u8; 8] = [0, 36, 73, 109, 146, 182, 219, 255];

pub(super) fn burn(bytes: &[u8], face: &Face, marking: &Marking) -> Result<Burnt, MarkError> {
    let mut decoder = open(bytes)?;
    let (width, height) = (decoder.width(), decoder.height());
    let band = draw(face, marking.line(), width.into(), height.into())?;
    let tall = u16::try_from(u32::from(height) + band.height)
        .map_err(|_| MarkError::Refused("the picture would be too long for its format"))?;
    pixels(width.into(), tall.into())?;
    let cover = marking.watermark().map(|words| Watermark::new(face, words, width.into(), height.into()));
    let cover = cover.map(|watermark| watermark.rows(0, height.into())).transpose()?;
    let canvas = Canvas { width, height, tall, band, cover, usual: decoder.global_palette().map(<[u8]>::to_vec) };
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, tall, &[]).map_err(unwritten)?;
    if is_animated(bytes)? {
        encoder.set_repeat(decoder.repeat()).map_err(unwritten)?;
    }
    let (mut pictures, mut all) = (0_u64, 0_u64);
    while let Some(frame) = decoder.read_next_frame().map_err(|_| BROKEN)? {
        all += u64::from(frame.width) * u64::from(frame.height);
        if all > limits::BURNT_PIXELS {
            return Err(LARGE);
        }
        encoder.write_frame(&canvas.stamped(frame, pictures == 0)?).map_err(unwritten)?;
        pictures += 1;
    }
    drop(encoder);
    if pictures == 0 { Err(BROKEN) } else { Ok(Burnt { bytes: out, pictures }) }
}

fn open(bytes: &[u8]) -> Result<Decoder<Cursor<&[u8]>>, MarkError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(NonZeroU64::new(limits::BURNT_PIXELS).ok_or(BROKEN)?));
    options.read_info(Cursor::new(bytes)).map_err(|_| BROKEN)
}

/// Whether there is a second picture.
fn is_animated(bytes: &[u8]) -> Result<bool, MarkError> {
    let mut decoder = open(bytes)?;
    let first = decoder.next_frame_info().map_err(|_| BROKEN)?.is_some();
    Ok(first && decoder.next_frame_info().map_err(|_| BROKEN)?.is_some())
}

/// What every picture of a file is put on.
struct Canvas {
    width: u16,
    height: u16,
    tall: u16,
    band: Band,
    /// How much of the watermark is on each pixel.
    cover: Option<Vec<u8>>,
    usual: Option<Vec<u8>>,
}

impl Canvas {
    /// A picture moved below the band; the first one has the band in it.
    fn stamped(&self, frame: &Frame<'_>, is_first: bool) -> Result<Frame<'static>, MarkError> {
        let mut palette = frame.palette.clone().or_else(|| self.usual.clone()).ok_or(BROKEN)?;
        let given = palette.len() / 3;
        let mut transparent = frame.transparent.filter(|index| usize::from(*index) < given.max(1));
        let is_whole = frame.left == 0 && frame.top == 0 && (frame.width, frame.height) == (self.width, self.height);
        if is_first && !is_whole && transparent.is_none() {
            transparent = Some(u8::try_from(given).map_err(|_| FULL)?);
            palette.extend([0; 3]);
        }
        if is_first && matches!(frame.dispose, DisposalMethod::Background | DisposalMethod::Previous) {
            return self.alone(frame);
        }
        // As many shades as there is room for; the nearest of what is there does for the others.
        let room = 256_usize.saturating_sub(palette.len() / 3).min(SHADES.len());
        palette.extend(SHADES.iter().rev().take(room).flat_map(|shade| [*shade; 3]));
        let mut colours = Colours { palette: &palette, transparent, known: HashMap::new() };
        let mut buffer = frame.buffer.to_vec();
        self.water(frame, &mut buffer, &mut colours);
        let mut done = frame_like(frame);
        if is_first {
            buffer = self.whole(frame, &buffer, &mut colours);
            (done.left, done.top, done.width, done.height) = (0, 0, self.width, self.tall);
        } else {
            done.top = frame.top.checked_add(self.tall - self.height).ok_or(BROKEN)?;
        }
        (done.transparent, done.buffer, done.palette) = (transparent, Cow::Owned(buffer), Some(palette));
        Ok(done)
    }

    /// The first picture clears what it drew: the band would go with it, unless there is only this one.
    fn alone(&self, frame: &Frame<'_>) -> Result<Frame<'static>, MarkError> {
        let kept = Frame { dispose: DisposalMethod::Keep, ..frame.clone() };
        if frame.delay == 0 { self.stamped(&kept, true) } else { Err(CLEARS) }
    }

    /// The first picture on the whole canvas, below the band.
    fn whole(&self, frame: &Frame<'_>, buffer: &[u8], colours: &mut Colours<'_>) -> Vec<u8> {
        let mut whole: Vec<u8> = self.band.shades.iter().map(|shade| colours.nearest([*shade; 3])).collect();
        let (left, top, width) = (usize::from(frame.left), usize::from(frame.top), usize::from(frame.width));
        for y in 0..usize::from(self.height) {
            let row = y.checked_sub(top).filter(|row| *row < usize::from(frame.height));
            for x in 0..usize::from(self.width) {
                let at = x.checked_sub(left).filter(|x| *x < width).zip(row).map(|(x, row)| row * width + x);
                let index = at.and_then(|at| buffer.get(at).copied());
                whole.push(index.or(colours.transparent).unwrap_or(0));
            }
        }
        whole
    }

    /// Puts the watermark on a picture's pixels.
    fn water(&self, frame: &Frame<'_>, buffer: &mut [u8], colours: &mut Colours<'_>) {
        let Some(cover) = &self.cover else { return };
        let width = usize::from(frame.width).max(1);
        for (at, index) in buffer.iter_mut().enumerate() {
            let (x, y) = (usize::from(frame.left) + at % width, usize::from(frame.top) + at / width);
            let seen = if x < usize::from(self.width) { cover.get(y * usize::from(self.width) + x) } else { None };
            let Some(seen) = seen.copied().filter(|seen| *seen > 0 && Some(*index) != colours.transparent) else {
                continue;
            };
            let Some(mut colour) = colours.of(*index) else { continue };
            mix(&mut colour, f32::from(seen) / 255.0 * 0.4);
            *index = colours.nearest(colour);
        }
    }
}

const FULL: MarkError = MarkError::Refused("the GIF's palette has no room for the marking");
const CLEARS: MarkError = MarkError::Refused("the pictures of this animated GIF clear one another");

fn frame_like(frame: &Frame<'_>) -> Frame<'static> {
    Frame {
        delay: frame.delay,
        dispose: frame.dispose,
        needs_user_input: frame.needs_user_input,
        top: frame.top,
        left: frame.left,
        width: frame.width,
        height: frame.height,
        ..Frame::default()
    }
}

/// The colours of one picture.
struct Colours<'p> {
    palette: &'p [u8],
    transparent: Option<u8>,
    known: HashMap<[u8; 3], u8>,
}

impl Colours<'_> {
    fn of(&self, index: u8) -> Option<[u8; 3]> {
        self.palette.as_chunks::<3>().0.get(usize::from(index)).copied()
    }

    /// The index of the colour closest to one.
    fn nearest(&mut self, colour: [u8; 3]) -> u8 {
        if let Some(known) = self.known.get(&colour) {
            return *known;
        }
        let far =
            |other: &[u8; 3]| -> u32 { colour.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum() };
        let colours = (0_u8..=255).zip(self.palette.as_chunks::<3>().0);
        let usable = colours.filter(|(index, _)| Some(*index) != self.transparent);
        let found = usable.min_by_key(|(_, other)| far(other)).map_or(0, |(index, _)| index);
        self.known.insert(colour, found);
        found
    }
}
