//! The one font of cover pages, compiled in: a cover must show Japanese where no Japanese font is installed.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::layout::is_invisible;

/// BIZ UDPGothic, reduced; see assets/README.md.
pub(crate) const BYTES: &[u8] = include_bytes!("../../assets/BIZUDPGothic-Regular-subset.ttf");

/// Drawn in place of a character that the font lacks (下駄).
const GETA: char = '〓';

/// The font, ready for measuring and drawing.
pub(crate) struct Face(FontRef<'static>);

impl Face {
    /// Reads the compiled-in font.
    pub fn new() -> Option<Self> {
        FontRef::new(BYTES).ok().map(Self)
    }

    /// The glyph of a character.
    pub fn glyph(&self, character: char) -> GlyphId {
        let map = self.0.charmap();
        map.map(character).or_else(|| map.map(GETA)).unwrap_or_default()
    }

    /// Whether a character is drawn as itself (or shows nothing), not as 〓.
    pub fn draws(&self, character: char) -> bool {
        is_invisible(character) || self.0.charmap().map(character).is_some()
    }

    /// Advance of a character in em; nothing of one that shows nothing.
    pub fn advance(&self, character: char) -> f32 {
        if is_invisible(character) {
            return 0.0;
        }
        self.0.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(self.glyph(character)).unwrap_or(1.0)
    }

    /// Width of a line in em.
    pub fn width(&self, line: &str) -> f32 {
        line.chars().map(|c| self.advance(c)).sum()
    }

    /// Draws a character's outline, `size` units an em, y upwards.
    pub fn outline(&self, character: char, size: f32, pen: &mut impl OutlinePen) {
        if let Some(glyph) = self.0.outline_glyphs().get(self.glyph(character)) {
            // A glyph that can't be drawn stays blank; the font is ours and tested.
            let _ = glyph.draw(DrawSettings::unhinted(Size::new(size), LocationRef::default()), pen);
        }
    }
}
