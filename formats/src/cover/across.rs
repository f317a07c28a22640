//! Words across a page as a picture: grey, translucent, nothing else (PNG), for documents that show no text behind theirs.

use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Transform};

use super::font::Face;
use super::picture::Pen;

/// Sides of the picture in pixels.
const SIDE: u32 = 640;
/// Pixels a metre: 192 an inch, so that LibreOffice repeats it every 240 points.
const DENSITY: u32 = 7559;
/// How grey, and how much of what lies below is covered where the words are, of 255.
const GREY: u8 = 150;
const COVERS: u32 = 90;

/// A picture of words, and whether the font has all their characters; others are drawn as 〓.
pub(crate) struct Across {
    /// The picture.
    pub png: Vec<u8>,
    /// Whether every character is drawn as itself.
    pub is_whole: bool,
}

/// Draws the words from the lower left to the upper right; `None` when they can't be drawn.
pub(crate) fn across(words: &str) -> Option<Across> {
    let face = Face::new()?;
    let side = SIDE as f32;
    // Turned by 45 degrees, words and their height share the diagonal.
    let em = face.width(words).max(1.0);
    let size = (side * std::f32::consts::SQRT_2 * 0.9 / (em + 1.2)).min(side / 4.0);
    let mut pen = Pen { path: PathBuilder::new(), x: (side - em * size) / 2.0, y: side / 2.0 + size * 0.38 };
    for character in words.chars() {
        face.outline(character, size, &mut pen);
        pen.x += face.advance(character) * size;
    }
    let mut sheet = Pixmap::new(SIDE, SIDE)?;
    let mut paint = Paint::default();
    paint.set_color(Color::BLACK);
    let turned = Transform::from_rotate_at(-45.0, side / 2.0, side / 2.0);
    sheet.fill_path(&pen.path.finish()?, &paint, FillRule::Winding, turned, None);
    let png = encode(&sheet)?;
    Some(Across { png, is_whole: words.chars().all(|c| face.draws(c)) })
}

fn encode(sheet: &Pixmap) -> Option<Vec<u8>> {
    let shade = |alpha: u8| [GREY, (u32::from(alpha) * COVERS / 255) as u8];
    let data: Vec<u8> = sheet.pixels().iter().flat_map(|pixel| shade(pixel.alpha())).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(png::ColorType::GrayscaleAlpha);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let dense = png::PixelDimensions { xppu: DENSITY, yppu: DENSITY, unit: png::Unit::Meter };
    encoder.set_pixel_dims(Some(dense));
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&data).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
