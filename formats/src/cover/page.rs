//! The cover as a PDF page (krilla), with real text and the font's used part embedded.

use krilla::color::rgb;
use krilla::configure::{ConfigurationBuilder, PdfVersion};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::font::{self, Face};
use super::layout::{Mark, Shade, Shape, colour};
use super::words;

/// Draws the marks of a sheet as a PDF 2.0 of one page; `None` when it can't be drawn.
pub(crate) fn draw(face: &Face, shape: Shape, marks: &[Mark]) -> Option<Vec<u8>> {
    let configuration = ConfigurationBuilder::new().with_version(PdfVersion::Pdf20).finish().ok()?;
    let settings = SerializeSettings { configuration, ..Default::default() };
    let mut document = Document::new_with(settings);
    let title = format!("{} {}", words::TITLE.ja, words::TITLE.en);
    document.set_metadata(Metadata::new().title(title).language("ja".to_owned()).creator("Kakuzuke".to_owned()));
    let font = Font::new(font::BYTES.into(), 0)?;
    let (width, height) = shape.size();
    let mut page = document.start_page_with(PageSettings::from_wh(width, height)?);
    let mut surface = page.surface();
    for mark in marks {
        draw_mark(&mut surface, face, &font, mark)?;
    }
    surface.finish();
    page.finish();
    document.finish().ok()
}

fn draw_mark(surface: &mut Surface<'_>, face: &Face, font: &Font, mark: &Mark) -> Option<()> {
    match mark {
        Mark::Fill { x, y, width, height, shade } => {
            surface.set_fill(Some(ink(*shade)));
            let mut path = PathBuilder::new();
            path.push_rect(Rect::from_xywh(*x, *y, *width, *height)?);
            surface.draw_path(&path.finish()?);
        }
        Mark::Words { x, y, size, shade, spacing, text } => {
            surface.set_fill(Some(ink(*shade)));
            let glyphs: Vec<KrillaGlyph> = text
                .char_indices()
                .map(|(at, c)| {
                    let glyph = GlyphId::new(face.glyph(c).to_u32());
                    let advance = face.advance(c) + spacing / size;
                    KrillaGlyph::new(glyph, advance, 0.0, 0.0, 0.0, at..at + c.len_utf8(), None)
                })
                .collect();
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, font.clone(), text, *size, false);
        }
    }
    Some(())
}

fn ink(shade: Shade) -> Fill {
    let [red, green, blue] = colour(shade);
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}
