//! 書体. The used part of the compiled-in font, once in a document, with what every code stands for (ISO 32000-2, 9.7 and
//! 9.10.3): the marking's words can be searched and copied, also the characters that the font lacks.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use subsetter::GlyphRemapper;

use crate::cover::{BYTES, Face, is_invisible};
use crate::error::LabelError;
use crate::marking::MarkError;
use crate::pdf::object::{Dict, Object, Reference};
use crate::pdf::update::Update;

use super::ours::KEY;

const NOT_DRAWN: MarkError = MarkError::Refused("the compiled-in font can't be used");

/// The font of one marking: a code for every character in it, with what follows it and shows nothing by itself.
pub(super) struct Typeface {
    pub face: Face,
    codes: BTreeMap<String, u16>,
}

/// The characters of a text, each with the selectors that follow it.
fn clusters(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for character in text.chars() {
        match found.last_mut().filter(|_| is_invisible(character)) {
            Some(last) => last.push(character),
            None if is_invisible(character) => {}
            None => found.push(character.to_string()),
        }
    }
    found
}

fn first(cluster: &str) -> char {
    cluster.chars().next().unwrap_or(' ')
}

impl Typeface {
    /// The font for these texts.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Self, MarkError> {
        let face = Face::new().ok_or(NOT_DRAWN)?;
        let mut codes = BTreeMap::new();
        for cluster in texts.flat_map(clusters) {
            let next = codes.len() as u16 + 1;
            codes.entry(cluster).or_insert(next);
        }
        Ok(Self { face, codes })
    }

    /// Characters that are drawn as 〓.
    pub fn lacking(&self) -> String {
        self.codes.keys().map(|cluster| first(cluster)).filter(|c| !self.face.draws(*c)).collect()
    }

    /// A text in codes of two bytes, as hexadecimal digits.
    pub fn encoded(&self, text: &str) -> String {
        clusters(text).iter().filter_map(|cluster| self.codes.get(cluster)).map(|code| format!("{code:04X}")).collect()
    }

    /// The codes in their order, with their characters.
    fn in_order(&self) -> Vec<(u16, &str)> {
        let mut codes: Vec<(u16, &str)> = self.codes.iter().map(|(cluster, code)| (*code, cluster.as_str())).collect();
        codes.sort_unstable();
        codes
    }

    /// Writes the font's objects; `is_first_part` says that the document keeps to PDF/A-1, which wants a list of codes.
    pub fn write(&self, update: &mut Update<'_>, tag: &Object, is_first_part: bool) -> Result<Reference, MarkError> {
        let mut glyphs = GlyphRemapper::new();
        let mut map = vec![0_u8, 0];
        for (_, cluster) in self.in_order() {
            let glyph = u16::try_from(self.face.glyph(first(cluster)).to_u32()).map_err(|_| NOT_DRAWN)?;
            map.extend(glyphs.remap(glyph).to_be_bytes());
        }
        let program = subsetter::subset(BYTES, 0, &glyphs).map_err(|_| NOT_DRAWN)?;
        let length = program.len() as u64;
        let mut stream = |dict: Dict, data: &[u8]| deflated(update, dict.with(KEY, tag.clone()), data);
        let program = stream(Dict::default().with("Length1", Object::number(length)), &program)?;
        let to_glyphs = stream(Dict::default(), &map)?;
        let to_unicode = stream(Dict::default(), self.to_unicode().as_bytes())?;
        let set = if is_first_part { Some(stream(Dict::default(), &self.set())?) } else { None };
        let mut descriptor = self.descriptor().with("FontFile2", program).with(KEY, tag.clone());
        if let Some(set) = set {
            descriptor = descriptor.with("CIDSet", set);
        }
        let descriptor = update.add(&descriptor.into(), None)?;
        let descendant = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("CIDFontType2"))
            .with("BaseFont", Object::name(&self.name()))
            .with("CIDSystemInfo", system("Identity"))
            .with("FontDescriptor", descriptor)
            .with("CIDToGIDMap", to_glyphs)
            .with("DW", Object::number(1000))
            .with("W", self.widths())
            .with(KEY, tag.clone());
        let descendant = update.add(&descendant.into(), None)?;
        let font = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type0"))
            .with("BaseFont", Object::name(&self.name()))
            .with("Encoding", Object::name("Identity-H"))
            .with("DescendantFonts", Object::Array(vec![descendant.into()]))
            .with("ToUnicode", to_unicode)
            .with(KEY, tag.clone());
        Ok(update.add(&font.into(), None)?)
    }

    /// Six letters that differ from subset to subset (9.9.2), and the font's name.
    fn name(&self) -> String {
        let mut sum = 0xCBF2_9CE4_8422_2325_u64;
        for byte in self.codes.keys().flat_map(|cluster| cluster.bytes()) {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        let mut letters = String::new();
        for _ in 0..6 {
            letters.push(char::from(b'A' + (sum % 26) as u8));
            sum /= 26;
        }
        format!("{letters}+BIZUDPGothic")
    }

    fn widths(&self) -> Object {
        let widths = self.in_order().into_iter().map(|(_, cluster)| {
            let width = f64::from(self.face.advance(first(cluster))) * 1000.0;
            Object::number(width.round().max(0.0) as u64)
        });
        Object::Array(vec![Object::number(1), Object::Array(widths.collect())])
    }

    /// One bit for every code, and one for 0.
    fn set(&self) -> Vec<u8> {
        let count = self.codes.len() + 1;
        (0..count.div_ceil(8))
            .map(|byte| (0..8).map(|bit| u8::from(byte * 8 + bit < count) << (7 - bit)).sum())
            .collect()
    }

    fn descriptor(&self) -> Dict {
        let metrics = FontRef::new(BYTES).map(|font| font.metrics(Size::new(1000.0), LocationRef::default())).ok();
        let of = |pick: fn(&skrifa::metrics::Metrics) -> f32, usual: f32| {
            number(metrics.as_ref().map_or(usual, pick).into())
        };
        let corners = metrics
            .as_ref()
            .and_then(|m| m.bounds)
            .map_or([0.0, -120.0, 1000.0, 880.0], |b| [b.x_min, b.y_min, b.x_max, b.y_max]);
        Dict::default()
            .with("Type", Object::name("FontDescriptor"))
            .with("FontName", Object::name(&self.name()))
            .with("Flags", Object::number(4))
            .with("FontBBox", Object::Array(corners.map(|n| number(n.into())).to_vec()))
            .with("ItalicAngle", Object::number(0))
            .with("Ascent", of(|m| m.ascent, 880.0))
            .with("Descent", of(|m| m.descent, -120.0))
            .with("CapHeight", of(|m| m.cap_height.unwrap_or(740.0), 740.0))
            .with("StemV", Object::number(80))
    }

    fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering \
             (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> \
             <FFFF>\nendcodespacerange\n",
        );
        for run in self.in_order().chunks(100) {
            map.push_str(&format!("{} beginbfchar\n", run.len()));
            for (code, cluster) in run {
                let units: String = cluster.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
                map.push_str(&format!("<{code:04X}> <{units}>\n"));
            }
            map.push_str("endbfchar\n");
        }
        map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    }
}

fn system(ordering: &str) -> Dict {
    Dict::default()
        .with("Registry", Object::words("Adobe"))
        .with("Ordering", Object::words(ordering))
        .with("Supplement", Object::number(0))
}

/// A number to six places.
pub(super) fn number(value: f64) -> Object {
    let digits = format!("{value:.6}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    Object::Number(if digits == "-0" { "0" } else { digits }.to_owned())
}

/// Writes a new stream, deflated.
pub(super) fn deflated(update: &mut Update<'_>, dict: Dict, data: &[u8]) -> Result<Reference, LabelError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(data).and_then(|()| encoder.finish()).map_err(LabelError::Write)?;
    let dict = dict.with("Filter", Object::name("FlateDecode")).with("Length", Object::number(packed.len() as u64));
    update.add(&dict.into(), Some(&packed))
}
