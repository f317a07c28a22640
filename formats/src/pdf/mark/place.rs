//! 置き場所. Where a marking stands on a page as it is seen: cropped, turned, of whatever size.

use crate::cover::{Face, break_whole};
use crate::pdf::pages::Page;

/// How a page is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    seen: [f64; 4],
    turned: u8,
    unit: f64,
}

/// A matrix as the specification writes it (ISO 32000-2, 8.3.4).
pub(super) type Matrix = [f64; 6];

/// Points of an em of the header line on A4.
const SIZE: f64 = 10.5;
/// The shorter side of A4 in points.
const SHORT: f64 = 595.0;
/// From one line to the next, in em.
pub(super) const PITCH: f64 = 1.3;
/// Part of its size to which the line is shrunk before it is broken.
const SHRUNK: f64 = 0.7;
/// Part of the page's height that broken lines may take.
const HIGHEST: f64 = 0.25;

/// Words as they stand on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub lines: Vec<String>,
    /// From the words' own space, an em of 1, to the page.
    pub matrix: Matrix,
}

impl Place {
    pub fn of(page: &Page) -> Self {
        Self { seen: page.seen, turned: page.turned, unit: page.unit }
    }

    /// The same for pages that are seen the same way.
    pub fn key(&self) -> String {
        let [left, bottom, right, top] = self.seen;
        format!("{left:.3} {bottom:.3} {right:.3} {top:.3} {} {:.5}", self.turned, self.unit)
    }

    /// Width and height in points, as seen.
    fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.seen;
        let (width, height) = ((right - left) * self.unit, (top - bottom) * self.unit);
        if self.turned.is_multiple_of(2) { (width, height) } else { (height, width) }
    }

    /// From points, counted from the lower left corner as seen, to user space.
    fn to_user(self) -> Matrix {
        let [left, bottom, right, top] = self.seen;
        let one = 1.0 / self.unit;
        match self.turned {
            0 => [one, 0.0, 0.0, one, left, bottom],
            1 => [0.0, one, -one, 0.0, right, bottom],
            2 => [-one, 0.0, 0.0, -one, right, top],
            _ => [0.0, -one, one, 0.0, left, top],
        }
    }

    /// The header line at the top right; its own space has its origin at the upper right corner of the words.
    pub fn line(&self, face: &Face, words: &str) -> Words {
        let (width, height) = self.size();
        let ratio = width.min(height) / SHORT;
        // A card's line is smaller than a page's, but not as much as the card is.
        let size = (SIZE * if ratio < 1.0 { ratio.sqrt() } else { ratio }).min(height / 10.0);
        let (right, above) = (width.min(height) * 0.034, width.min(height) * 0.0235);
        let (lines, size) = fit(face, words, size, width - 2.0 * right, height * HIGHEST);
        let own = [size, 0.0, 0.0, size, width - right, height - above];
        Words { lines, matrix: then(own, self.to_user()) }
    }

    /// The watermark along the diagonal; its own space has its origin in the middle of the words.
    pub fn watermark(&self, face: &Face, words: &str) -> Words {
        let (width, height) = self.size();
        let whole = f64::from(face.width(words));
        let columns = if whole > 24.0 { (whole * 12.0).sqrt().max(24.0) } else { whole + 1.0 };
        let lines = break_whole(face, words, columns as f32);
        let long = longest(face, &lines).max(0.5);
        let high = lines.len() as f64 * PITCH;
        let angle = height.atan2(width);
        let (sine, cosine) = angle.sin_cos();
        let size = (0.85 * width / (long * cosine + high * sine))
            .min(0.85 * height / (long * sine + high * cosine))
            .min(0.17 * width.min(height));
        let own = [size * cosine, size * sine, -size * sine, size * cosine, width / 2.0, height / 2.0];
        Words { lines, matrix: then(own, self.to_user()) }
    }
}

/// Lines and the size of an em, at most `size`: as they are, shrunk, broken, at last shrunk until they fit.
fn fit(face: &Face, words: &str, size: f64, width: f64, height: f64) -> (Vec<String>, f64) {
    let whole = f64::from(face.width(words)).max(0.5);
    if whole * size * SHRUNK <= width {
        return (vec![words.to_owned()], size.min(width / whole));
    }
    // Steps of a quarter: pages of about the same width break the line at the same places.
    let mut columns = 1.25_f64.powf((width / size).max(2.0).log(1.25).ceil());
    while columns < whole {
        let lines = break_whole(face, words, columns as f32);
        let size = size.min(width / longest(face, &lines).max(0.5));
        if lines.len() as f64 * PITCH * size <= height {
            return (lines, size);
        }
        columns *= 1.25;
    }
    (vec![words.to_owned()], size.min(width / whole))
}

/// Width of the longest line in em.
pub(super) fn longest(face: &Face, lines: &[String]) -> f64 {
    lines.iter().map(|line| f64::from(face.width(line))).fold(0.0, f64::max)
}

/// First `a`, then `b`.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}
