//! The cover as a picture (PNG, 8 shades), for covers of office documents.

use skrifa::outline::OutlinePen;
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Rect, Transform};

use super::font::Face;
use super::layout::{Mark, Shade, Shape, colour};

/// Pixels a point: about 122 dots an inch.
pub(crate) const SCALE: f32 = 1.7;

/// Draws the marks of a sheet as a PNG, `scale` pixels a point; `None` when it can't be drawn.
pub(crate) fn draw(face: &Face, shape: Shape, scale: f32, marks: &[Mark]) -> Option<Vec<u8>> {
    let (width, height) = shape.size();
    let mut sheet = Pixmap::new((width * scale) as u32, (height * scale) as u32)?;
    sheet.fill(Color::WHITE);
    for mark in marks {
        match mark {
            Mark::Fill { x, y, width, height, shade } => {
                let thick = (height * scale).max(1.0);
                let area = Rect::from_xywh(x * scale, y * scale, (width * scale).max(1.0), thick)?;
                let mut paint = ink(*shade);
                paint.anti_alias = false;
                sheet.fill_rect(area, &paint, Transform::identity(), None);
            }
            Mark::Words { x, y, size, shade, spacing, text } => {
                let mut pen = Pen { path: PathBuilder::new(), x: x * scale, y: y * scale };
                for character in text.chars() {
                    face.outline(character, size * scale, &mut pen);
                    pen.x += (face.advance(character) * size + spacing) * scale;
                }
                if let Some(path) = pen.path.finish() {
                    sheet.fill_path(&path, &ink(*shade), FillRule::Winding, Transform::identity(), None);
                }
            }
        }
    }
    encode(&sheet)
}

fn ink(shade: Shade) -> Paint<'static> {
    let mut paint = Paint::default();
    // Greys on the sheet; the palette gives them their colour.
    paint.set_color_rgba8(shade, shade, shade, 255);
    paint
}

/// Eight shades, from ink to paper: text stays smooth, and the picture a third smaller.
const LEVELS: [u8; 8] = [0, 36, 73, 109, 146, 182, 229, 255];

/// The level closest to a shade.
fn nearest(shade: Shade) -> u8 {
    let found = (0_u8..).zip(LEVELS).min_by_key(|(_, level)| level.abs_diff(shade));
    found.map_or(7, |(place, _)| place)
}

/// Packs the sheet into 4 bits a pixel.
fn encode(sheet: &Pixmap) -> Option<Vec<u8>> {
    let width = sheet.width() as usize;
    let mut packed = Vec::with_capacity(width.div_ceil(2) * sheet.height() as usize);
    for row in sheet.pixels().chunks(width) {
        for pair in row.chunks(2) {
            let level = |at: usize| pair.get(at).map_or(7, |pixel| nearest(pixel.green()));
            packed.push(level(0) << 4 | level(1));
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, sheet.width(), sheet.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(LEVELS.iter().flat_map(|shade| colour(*shade)).collect::<Vec<u8>>());
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&packed).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// Outlines placed on the sheet, y turned downwards.
pub(crate) struct Pen {
    pub path: PathBuilder,
    pub x: f32,
    pub y: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + cx, self.y - cy, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + ax, self.y - ay, self.x + bx, self.y - by, self.x + x, self.y - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
