//! 文字コード. Which encoding a text is in: UTF-8, UTF-16, Shift_JIS (CP932), EUC-JP or ISO-2022-JP, with or without saying so.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A text out of its encoding.
pub(crate) struct Decoded {
    pub text: String,
    /// Whether some bytes stand for no character in the encoding.
    pub is_damaged: bool,
    encoding: &'static Encoding,
    has_mark: bool,
}

impl Decoded {
    /// Another text in the encoding, with the mark, that this one had; `None` when it has no way to write it.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let mark: &[u8] = match self.encoding {
            _ if !self.has_mark => b"",
            e if e == UTF_16LE => b"\xFF\xFE",
            e if e == UTF_16BE => b"\xFE\xFF",
            _ => b"\xEF\xBB\xBF",
        };
        let body: Vec<u8> = match self.encoding {
            e if e == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            e if e == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            e => {
                let (bytes, _, is_lossy) = e.encode(text);
                (!is_lossy).then(|| bytes.into_owned())?
            }
        };
        Some([mark, &body].concat())
    }
}

/// How much of a text is looked at to tell its encoding.
const SAMPLE: usize = 64 << 10;

/// Decodes bytes that may be a text; `None` when they are none. `declared` is what the text says of itself.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Option<Decoded> {
    let encoding = encoding_of(bytes, declared)?;
    let (text, is_damaged) = encoding.decode_with_bom_removal(bytes);
    let has_mark = Encoding::for_bom(bytes).is_some();
    Some(Decoded { text: text.into_owned(), is_damaged, encoding, has_mark })
}

/// The encoding of bytes that may be a text; `None` when they are none. `declared` is what the text says of itself.
pub(crate) fn encoding_of(bytes: &[u8], declared: Option<&str>) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    if sample.contains(&0) {
        return wide(sample);
    }
    if is_binary(sample) {
        return None;
    }
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0x1B) {
        return Some(UTF_8);
    }
    let own = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = own.filter(|e| !e.decode_without_bom_handling(bytes).1) {
        return Some(encoding);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    Some(detector.guess(Some(b"jp"), Utf8Detection::Allow))
}

/// Whether the start of a file is that of a text.
pub(crate) fn is_written(head: &[u8]) -> bool {
    !head.is_empty()
        && (Encoding::for_bom(head).is_some()
            || if head.contains(&0) { wide(head).is_some() } else { !is_binary(head) })
}

/// Decodes bytes of a name or field without a mark of its encoding.
pub(crate) fn decode_name(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .map_or_else(|_| encoding_rs::SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned(), str::to_owned)
}

/// UTF-16 without a mark: what is mostly characters of Japanese text in one order of bytes.
fn wide(sample: &[u8]) -> Option<&'static Encoding> {
    let share = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = sample.as_chunks().0.iter().map(|pair| read(*pair)).collect();
        let fitting = units.iter().filter(|unit| is_usual(**unit)).count();
        fitting as f64 / units.len().max(1) as f64
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    let (best, encoding) = if little > big { (little, UTF_16LE) } else { (big, UTF_16BE) };
    (best > 0.95).then_some(encoding)
}

/// Blanks, ASCII, kana, kanji, and full- and half-width forms.
fn is_usual(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0x2010..=0x2026 | 0x2460..=0x2473 | 0x3000..=0x30FF
        | 0x4E00..=0x9FFF | 0xFF01..=0xFF9F)
}

/// Whether bytes hold more control characters than a text does.
fn is_binary(sample: &[u8]) -> bool {
    let controls = sample.iter().filter(|b| matches!(**b, 0x00..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)).count();
    controls * 200 > sample.len()
}

/// Bytes of a Windows code page; an unknown one is tried as Japanese.
pub(crate) fn paged(bytes: &[u8], page: u16) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    let encoding = match page {
        65001 => encoding_rs::UTF_8,
        1252 | 1250 | 1254 | 10000 if bytes.is_ascii() => encoding_rs::WINDOWS_1252,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 | 10000 => encoding_rs::WINDOWS_1252,
        1253 => encoding_rs::WINDOWS_1253,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        50220..=50222 => encoding_rs::ISO_2022_JP,
        51932 | 20932 => encoding_rs::EUC_JP,
        _ => return decode_name(bytes),
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}
