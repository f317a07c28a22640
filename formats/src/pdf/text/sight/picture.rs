//! Pictures (ISO 32000-2, 8.9) as far as it matters what is seen through them: masks, and colours where they lie plainly.

use std::rc::Rc;

use hayro_syntax::object::{Array, Object, Stream};
use hayro_syntax::page::Resources;

use super::super::bombs::Streams;
use super::super::page::numbers;
use super::canvas::Work;
use super::colour::{self, Space};
use crate::hidden::Rgb;
use crate::limits;

/// Samples of a picture, or of a mask.
struct Samples {
    width: usize,
    height: usize,
    bits: usize,
    parts: usize,
    data: Vec<u8>,
    /// What the least and the greatest sample mean, part by part.
    decode: Vec<f64>,
}

/// What is seen of a picture.
pub(in crate::pdf::text) struct Picture {
    colours: Option<(Samples, Space)>,
    mask: Mask,
    /// It has no colours of its own, but lets the paint through.
    pub is_stencil: bool,
}

enum Mask {
    /// All of it is painted.
    None,
    /// Where the samples are not less than this.
    From(Samples, f64),
    /// But not where samples are in these ranges.
    But(Vec<f64>),
    /// It is not known where.
    Unknown,
}

impl Samples {
    fn of(stream: &Stream<'_>, parts: usize, is_table: bool, work: &Work) -> Option<Self> {
        let dict = stream.dict();
        let either = |long: &str, short: &str| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short));
        let is_stencil = is_stencil(stream);
        let bits = if is_stencil { 1 } else { either("BitsPerComponent", "BPC")? as usize };
        let (width, height) = (either("Width", "W")? as usize, either("Height", "H")? as usize);
        let size = width.checked_mul(parts)?.checked_mul(bits)?.div_ceil(8).checked_mul(height)?;
        if !matches!(bits, 1 | 2 | 4 | 8) || size == 0 || size > limits::PDF_SEEN_PICTURE {
            return None;
        }
        let data = Streams::Measured.decode(stream).ok()?.into_owned();
        work.spend(data.len() as u64);
        let given = dict.get::<Array<'_>>("Decode").or_else(|| dict.get::<Array<'_>>("D"));
        let given = given.map(|list| numbers(&list.iter::<Object<'_>>().take(16).collect::<Vec<_>>()));
        let most = if is_table { f64::from((1_u32 << bits) - 1) } else { 1.0 };
        let usual = || [0.0, most].repeat(parts);
        let decode = given.filter(|given| given.len() == parts * 2).unwrap_or_else(usual);
        (data.len() >= size).then_some(Self { width, height, bits, parts, data, decode })
    }

    /// The samples at a place from (0, 0) to (1, 1), from the lower left.
    fn raw(&self, (x, y): (f64, f64)) -> Vec<u32> {
        let at = |part: f64, size: usize| ((part * size as f64) as usize).min(size.saturating_sub(1));
        let (column, row) = (at(x, self.width), at(1.0 - y, self.height));
        let line = (self.width * self.parts * self.bits).div_ceil(8);
        let sample = |part: usize| {
            let bit = (column * self.parts + part) * self.bits;
            let byte = self.data.get(row * line + bit / 8).copied().unwrap_or(0);
            u32::from(byte) >> (8 - self.bits - bit % 8) & ((1 << self.bits) - 1)
        };
        (0..self.parts).map(sample).collect()
    }

    fn values(&self, at: (f64, f64)) -> Vec<f64> {
        let most = f64::from((1_u32 << self.bits) - 1);
        let raw = self.raw(at);
        let ranges = self.decode.chunks_exact(2);
        let value = |(raw, range): (u32, &[f64])| match range {
            [low, high] => low + f64::from(raw) / most * (high - low),
            _ => 0.0,
        };
        raw.into_iter().zip(ranges).map(value).collect()
    }
}

fn is_stencil(stream: &Stream<'_>) -> bool {
    ["ImageMask", "IM"].iter().any(|key| stream.dict().get::<bool>(*key) == Some(true))
}

impl Picture {
    pub fn of(stream: &Stream<'_>, resources: &Resources<'_>, work: &Work) -> Rc<Self> {
        if is_stencil(stream) {
            // A sample of 0 paints.
            let samples = Samples::of(stream, 1, false, work);
            let painted = |mut samples: Samples| {
                samples.decode.reverse();
                Mask::From(samples, 0.5)
            };
            let mask = samples.map_or(Mask::Unknown, painted);
            return Rc::new(Self { colours: None, mask, is_stencil: true });
        }
        let space = colour::of_picture(stream, resources);
        let is_table = matches!(space, Space::Table(_));
        let samples = space.size().and_then(|parts| Samples::of(stream, parts, is_table, work));
        let mask = Self::mask(stream, samples.is_some(), work);
        Rc::new(Self { colours: samples.map(|samples| (samples, space)), mask, is_stencil: false })
    }

    fn mask(stream: &Stream<'_>, is_plain: bool, work: &Work) -> Mask {
        let dict = stream.dict();
        if let Some(soft) = dict.get::<Stream<'_>>("SMask") {
            return Samples::of(&soft, 1, false, work).map_or(Mask::Unknown, |samples| Mask::From(samples, 0.95));
        }
        match dict.get::<Object<'_>>("Mask") {
            Some(Object::Stream(mask)) => Samples::of(&mask, 1, false, work).map_or(Mask::Unknown, |mut samples| {
                samples.decode.reverse();
                Mask::From(samples, 0.5)
            }),
            Some(Object::Array(_)) if !is_plain => Mask::Unknown,
            Some(Object::Array(ranges)) => {
                Mask::But(numbers(&ranges.iter::<Object<'_>>().take(64).collect::<Vec<_>>()))
            }
            _ if dict.get::<u32>("SMaskInData").is_some_and(|kind| kind > 0) => Mask::Unknown,
            _ => Mask::None,
        }
    }

    /// Whether it paints everywhere, in colours that are not known.
    pub fn is_plain(&self) -> bool {
        matches!(self.mask, Mask::None) && self.colours.is_none()
    }

    /// Whether it paints at a place from (0, 0) to (1, 1); `None` where that is not known.
    pub fn paints(&self, at: (f64, f64)) -> Option<bool> {
        match &self.mask {
            Mask::None => Some(true),
            Mask::From(samples, least) => Some(samples.values(at).first().is_some_and(|value| value >= least)),
            Mask::But(ranges) => {
                let raw = self.colours.as_ref()?.0.raw(at);
                let is_in = |(raw, range): (&u32, &[f64])| match range {
                    [low, high] => (*low..=*high).contains(&f64::from(*raw)),
                    _ => false,
                };
                Some(!raw.iter().zip(ranges.chunks_exact(2)).all(is_in))
            }
            Mask::Unknown => None,
        }
    }

    pub fn colour(&self, at: (f64, f64)) -> Option<Rgb> {
        let (samples, space) = self.colours.as_ref()?;
        space.colour(&samples.values(at))
    }
}
