//! What the codes of a PDF's fonts stand for, and how far each goes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Words};

use super::bombs::Streams;
use crate::error::ReadError;
use crate::limits;

/// Fonts by the number and generation of their dictionaries; `None` for those that can't be read.
type Faces<'a> = HashMap<(u32, i32), Option<Rc<Face<'a>>>>;

/// The fonts of a document.
pub(super) struct Fonts<'a> {
    /// What is known of the document's streams.
    pub streams: Streams,
    cache: FontCache<'a>,
    fonts: FontResolverFn,
    maps: CMapResolverFn,
    faces: RefCell<Faces<'a>>,
    /// How many may still be read.
    left: Cell<usize>,
    /// Widths that may still be spread out.
    widths: Cell<f64>,
}

/// A font, and the maps that say what its codes stand for where the font itself does not.
pub(super) struct Face<'a> {
    font: Font<'a>,
    collection: Option<Collection>,
    /// Its signs are no characters: bullets, boxes.
    pub is_symbol: bool,
    /// Its letters are drawn by instructions of their own (type 3).
    pub is_procedural: bool,
    /// Codes whose sign is but a box, and that box.
    blocks: RefCell<HashMap<u32, Option<Block>>>,
}

/// The corners of a box, in thousandths of the font's size.
pub(super) type Block = ((f64, f64), (f64, f64));

/// A character collection such as Adobe-Japan1: codes to its numbers, those to Unicode.
struct Collection {
    /// `None`: codes are the numbers.
    codes: Option<CMap>,
    unicode: CMap,
}

/// One character as it is shown.
pub(super) struct Shown {
    /// What it stands for.
    pub words: Option<String>,
    /// How far it goes, in thousandths of the font's size: right, and up.
    pub advance: (f64, f64),
    /// Whether it is the one byte that word spacing is for.
    pub is_blank: bool,
    pub code: u32,
}

impl<'a> Fonts<'a> {
    pub fn new(streams: Streams) -> Self {
        let fonts: FontResolverFn = Arc::new(|query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
        });
        let faces = RefCell::new(HashMap::new());
        Self {
            streams,
            cache: FontCache::new(),
            fonts,
            maps: Arc::new(hayro_cmap::load_embedded),
            faces,
            left: Cell::new(limits::PDF_NODES),
            widths: Cell::new(limits::PDF_WIDTHS),
        }
    }

    /// The font of a dictionary.
    pub fn face(&self, dict: &Dict<'a>) -> Option<Rc<Face<'a>>> {
        let key = dict.obj_id().map(|id| (id.obj_number, id.gen_number));
        if let Some(face) = key.and_then(|key| self.faces.borrow().get(&key).cloned()) {
            return face;
        }
        // Fonts written where they are used are read at each use.
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        let face = if left == 0 { None } else { self.load(dict).map(Rc::new) };
        if let Some(key) = key {
            self.faces.borrow_mut().insert(key, face.clone());
        }
        face
    }

    fn load(&self, dict: &Dict<'a>) -> Option<Face<'a>> {
        self.check(dict).ok()?;
        let font = self.cache.font(dict, &self.fonts, &self.maps)?;
        let name = dict.get::<Name<'_>>("BaseFont").map(|n| n.as_str().to_ascii_lowercase()).unwrap_or_default();
        let is_symbol = ["symbol", "dingbats", "webdings"].iter().any(|word| name.contains(word));
        let is_procedural = dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "Type3");
        Some(Face { font, collection: self.collection(dict), is_symbol, is_procedural, blocks: RefCell::default() })
    }

    /// Refuses a font of which a stream would inflate to too much.
    fn check(&self, dict: &Dict<'a>) -> Result<(), ReadError> {
        let below = dict.get::<Array<'_>>("DescendantFonts").and_then(|list| list.iter::<Dict<'_>>().next());
        for font in [Some(dict.clone()), below].into_iter().flatten() {
            let of = font.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
            let own = ["ToUnicode", "Encoding", "CIDToGIDMap"].iter().filter_map(|key| font.get::<Stream<'_>>(*key));
            let program = ["FontFile", "FontFile2", "FontFile3"].iter().filter_map(|key| of.get::<Stream<'_>>(*key));
            for stream in own.chain(program) {
                self.streams.check(&stream)?;
            }
            self.check_widths(&font, "W", 3)?;
            self.check_widths(&font, "W2", 5)?;
        }
        Ok(())
    }

    /// Refuses widths for more characters than there are (ISO 32000-2, 9.7.4.3): `first last …` in `size` numbers is
    /// spread out over all of them.
    fn check_widths(&self, font: &Dict<'a>, key: &str, size: usize) -> Result<(), ReadError> {
        const WIDTHS: ReadError = ReadError::Limit("widths of a font of the PDF");
        let mut numbers = Vec::new();
        let widths = font.get::<Array<'_>>(key);
        for object in widths.iter().flat_map(|widths| widths.iter::<Object<'_>>()) {
            match object {
                Object::Number(number) => numbers.push(number.as_f64()),
                _ => numbers.clear(),
            }
            if let [first, last, ..] = numbers[..]
                && numbers.len() == size
            {
                let many = (last - first).max(0.0);
                let left = self.widths.get() - many;
                if many > 65_535.0 || left < 0.0 {
                    return Err(WIDTHS);
                }
                self.widths.set(left);
                numbers.clear();
            }
        }
        Ok(())
    }

    /// The collection of a composite font that has no map of its own.
    fn collection(&self, dict: &Dict<'a>) -> Option<Collection> {
        if dict.contains_key("ToUnicode") {
            return None;
        }
        let below = dict.get::<Array<'_>>("DescendantFonts")?.iter::<Dict<'_>>().next()?;
        let info = below.get::<Dict<'_>>("CIDSystemInfo")?;
        let (registry, ordering) = (info.get::<Words<'_>>("Registry")?, info.get::<Words<'_>>("Ordering")?);
        let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
        let unicode = self.named(family.ucs2_cmap()?)?;
        let codes = match dict.get::<Name<'_>>("Encoding") {
            Some(name) if matches!(name.as_str(), "Identity-H" | "Identity-V") => None,
            Some(name) => Some(self.named(CMapName::from_bytes(name.as_str().as_bytes()))?),
            None => {
                let own = dict.get::<Stream<'_>>("Encoding")?.decoded_data().ok()?.into_owned();
                let maps = self.maps.clone();
                Some(CMap::parse(&own, move |name| maps(name))?)
            }
        };
        Some(Collection { codes, unicode })
    }

    fn named(&self, name: CMapName<'_>) -> Option<CMap> {
        let maps = self.maps.clone();
        CMap::parse((self.maps)(name)?, move |name| maps(name))
    }
}

impl Face<'_> {
    pub fn is_horizontal(&self) -> bool {
        self.font.is_horizontal()
    }

    /// The characters of a string.
    pub fn show(&self, bytes: &[u8]) -> Vec<Shown> {
        let (mut shown, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let (code, length) = self.font.read_code(bytes, at);
            at += length.max(1);
            let advance = self.font.code_advance(code);
            let words = self.words(code, length);
            shown.push(Shown { words, advance: (advance.x, advance.y), is_blank: code == 32 && length == 1, code });
        }
        shown
    }

    /// The box that the sign of a code is, if it is one: such signs cover what lies below.
    pub fn block(&self, code: u32) -> Option<Block> {
        let known = self.blocks.borrow().get(&code).copied();
        known.unwrap_or_else(|| {
            let block = match self.font.glyph(self.font.map_code(code), code) {
                FontGlyph::Outline(glyph) => {
                    let outline = glyph.outline();
                    let area = outline.control_box();
                    // Four corners, and the way back to the first.
                    (5..=6).contains(&outline.elements().len()).then_some(((area.x0, area.y0), (area.x1, area.y1)))
                }
                FontGlyph::Type3(_) => None,
            };
            self.blocks.borrow_mut().insert(code, block);
            block
        })
    }

    fn words(&self, code: u32, length: usize) -> Option<String> {
        let glyph = self.font.glyph(self.font.map_code(code), code);
        let own = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let words = own.or_else(|| {
            let collection = self.collection.as_ref()?;
            let number = match &collection.codes {
                Some(codes) => codes.lookup_cid_code(code, u8::try_from(length).ok()?)?,
                None => code,
            };
            collection.unicode.lookup_bf_string(number)
        })?;
        let words = match words {
            BfString::Char(character) => character.to_string(),
            BfString::String(words) => words,
        };
        // Places for private use and controls say nothing about what is seen.
        let is_told =
            |c: char| !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{0}'..='\u{8}' | '\u{E}'..='\u{1F}');
        words.chars().all(is_told).then_some(words)
    }
}
