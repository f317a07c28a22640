//! 一太郎. The main text of its documents: `DocumentText`, in the packed kind inside an LHA archive. Headers and frames
//! lie elsewhere in a form that is not published, so that there is always a gap.

use std::io::Read;
use std::path::Path;

use delharc::LhaDecodeReader;
use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Unit};

use super::Compound;
use crate::error::ReadError;
use crate::limits;
use crate::text::{Halt, Reading};

/// Where the archive begins in a packed document.
const ARCHIVE: usize = 38;

/// Reads the main text.
pub(super) fn read(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let bytes = compound.stream(path, reading)?.unwrap_or_default();
    let text = parse(&bytes).ok_or(ReadError::Damaged("the main text of an Ichitaro document"))?;
    // Paragraphs end with line breaks; other controls stand for ruled lines, sizes and the like.
    let paragraphs = text.split(['\n', '\r', '\u{C}']);
    for (number, paragraph) in (1..).zip(paragraphs) {
        let words: String = paragraph.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        reading.say(Unit::Paragraph(number), Part::Body, &words)?;
    }
    reading.gap(Unit::Whole, Part::Header, beside());
    Ok(())
}

fn parse(bytes: &[u8]) -> Option<String> {
    if bytes.get(20..28)? != b"TextV.01" {
        return None;
    }
    let count = u32::from_be_bytes(bytes.get(28..32)?.try_into().ok()?);
    let units = bytes.get(32..)?.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair));
    let units: Vec<u16> = units.take(usize::try_from(count).ok()?).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Reads a packed document.
pub(super) fn read_packed(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let bytes = compound.stream(path, reading)?.unwrap_or_default();
    let archive = bytes.get(ARCHIVE..).ok_or(ReadError::Damaged("a packed Ichitaro document"))?;
    let broken = |_| ReadError::Damaged("a packed Ichitaro document");
    let mut unpacked = Vec::new();
    let decoder = LhaDecodeReader::new(archive).map_err(|_| ReadError::Damaged("a packed Ichitaro document"))?;
    let length = decoder.header().original_size;
    if length > limits::TEXT_PART {
        return Err(ReadError::Limit("length of a packed Ichitaro document").into());
    }
    reading.charge(length)?;
    decoder.take(length).read_to_end(&mut unpacked).map_err(broken)?;
    super::read(&unpacked, reading)
}

fn beside() -> Text {
    Text::fixed(
        "一太郎文書は本文だけを読みました。ヘッダー・フッター・枠などは人が確認してください。",
        "Only the main text of Ichitaro documents is read. Somebody must look at headers, footers and frames.",
    )
}
