//! How large the words of a marking become.

/// The size and place of the line, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    /// Size of the letters.
    pub size: f64,
    /// Width and height of the box around it.
    pub width: f64,
    pub height: f64,
}

/// From the right edge of the page to the line: 10 mm, and from its top: 5 mm, which printers reach.
pub(super) const RIGHT: f64 = 28.35;
pub(super) const TOP: f64 = 14.17;
/// English metric units a point.
pub(super) const EMU: f64 = 12_700.0;

/// Width in em, as the widest of the usual fonts has it: half for what is written half as wide, with something to spare.
pub(super) fn em(words: &str) -> f64 {
    let wide = |c: char| if c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c) { 0.62 } else { 1.0 };
    words.chars().map(wide).sum::<f64>().max(1.0)
}

/// The line on a page of `width` points: on one line as large as `sizes` allows, else on several of the smallest.
pub(super) fn line(words: &str, width: f64, sizes: &[f64]) -> Fit {
    let room = (width - 2.0 * RIGHT).max(72.0);
    let em = em(words);
    let smallest = sizes.last().copied().unwrap_or(9.0);
    let size = sizes.iter().copied().find(|size| em * size * 1.03 <= room).unwrap_or(smallest);
    let long = em * size * 1.03 + size;
    let lines = (long / (room + size)).ceil().max(1.0);
    Fit { size, width: long.min(room) + RIGHT, height: lines * size * 1.4 }
}

/// The watermark on a page of `width` and `height` points, standing at 45 degrees: width and height before it is turned.
pub(super) fn across(words: &str, width: f64, height: f64) -> (f64, f64) {
    let em = em(words);
    // Turned, it takes (long + high) / √2 each way.
    let room = width.min(height).max(72.0) * 0.92 * std::f64::consts::SQRT_2;
    let long = (room * em / (em + 1.0)).min(em * 130.0);
    (long, long / em)
}
