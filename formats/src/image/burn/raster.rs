//! Pixels, of one to four channels of 8 or 16 bits.

use crate::marking::MarkError;

use super::BROKEN;

/// A decoded picture.
pub(super) struct Raster {
    pub width: u32,
    pub height: u32,
    /// Grey, grey and alpha, RGB, RGB and alpha.
    pub channels: usize,
    pub samples: Samples,
}

/// Its samples, row by row.
pub(super) enum Samples {
    Narrow(Vec<u8>),
    Wide(Vec<u16>),
}

/// One sample.
pub(super) trait Sample: Copy {
    const ALL: f32;
    fn get(self) -> f32;
    fn of(value: f32) -> Self;
}

impl Sample for u8 {
    const ALL: f32 = 255.0;
    fn get(self) -> f32 {
        f32::from(self) / Self::ALL
    }
    fn of(value: f32) -> Self {
        (value * Self::ALL).round() as Self
    }
}

impl Sample for u16 {
    const ALL: f32 = 65_535.0;
    fn get(self) -> f32 {
        f32::from(self) / Self::ALL
    }
    fn of(value: f32) -> Self {
        (value * Self::ALL).round() as Self
    }
}

impl Raster {
    pub fn new(width: u32, height: u32, channels: usize, samples: Samples) -> Result<Self, MarkError> {
        let raster = Self { width, height, channels, samples };
        let length = match &raster.samples {
            Samples::Narrow(samples) => samples.len(),
            Samples::Wide(samples) => samples.len(),
        };
        if length != super::pixels(width, height)? * channels { Err(BROKEN) } else { Ok(raster) }
    }

    /// The picture with the side up that Exif says.
    pub fn upright(self, side: u8) -> Self {
        if side <= 1 {
            return self;
        }
        let (width, height, channels) = (self.width as usize, self.height as usize, self.channels);
        let samples = match &self.samples {
            Samples::Narrow(samples) => Samples::Narrow(turned(samples, width, height, channels, side)),
            Samples::Wide(samples) => Samples::Wide(turned(samples, width, height, channels, side)),
        };
        let (width, height) = if side >= 5 { (self.height, self.width) } else { (self.width, self.height) };
        Self { width, height, channels, samples }
    }
}

fn turned<T: Sample>(samples: &[T], width: usize, height: usize, channels: usize, side: u8) -> Vec<T> {
    let mut out = Vec::with_capacity(samples.len());
    let (wide, high) = if side >= 5 { (height, width) } else { (width, height) };
    for y in 0..high {
        for x in 0..wide {
            let (from_x, from_y) = match side {
                2 => (width - 1 - x, y),
                3 => (width - 1 - x, height - 1 - y),
                4 => (x, height - 1 - y),
                5 => (y, x),
                6 => (y, height - 1 - x),
                7 => (width - 1 - y, height - 1 - x),
                8 => (width - 1 - y, x),
                _ => (x, y),
            };
            let at = (from_y * width + from_x) * channels;
            out.extend_from_slice(samples.get(at..at + channels).unwrap_or_default());
        }
    }
    out
}
