//! The text of Word 97–2003 documents ([MS-DOC]): pieces of the main stream, in the order of the piece table.

use std::path::Path;

use kakuzuke_core::passage::{Part, Unit};

use super::records::{long, short};
use super::strings::{narrow, wide};
use super::{Compound, locked};
use crate::error::ReadError;
use crate::text::{Halt, Reading};

const BROKEN: ReadError = ReadError::Damaged("a Word 97 document");

/// Reads the document whose main stream is at `path`.
pub(super) fn read(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let main = compound.stream(path, reading)?.unwrap_or_default();
    let flags = short(&main, 10).ok_or(BROKEN)?;
    if flags & 0x0100 != 0 {
        reading.gap(Unit::Whole, Part::Body, locked());
        return Ok(());
    }
    if short(&main, 2).ok_or(BROKEN)? < 0xC1 {
        reading.miss(Unit::Whole, Part::Body, "a Word document older than Word 97");
        return Ok(());
    }
    let table = path.with_file_name(if flags & 0x0200 == 0 { "0Table" } else { "1Table" });
    let table = compound.stream(&table, reading)?.ok_or(BROKEN)?;
    let pieces = pieces(&main, &table).ok_or(BROKEN)?;
    say(&main, &pieces, reading)
}

/// A piece: how many characters, where they lie, whether in one byte each.
struct Piece {
    length: usize,
    start: usize,
    is_narrow: bool,
}

fn pieces(main: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    // Offset and length of the Clx (FibRgFcLcb97, 33rd pair).
    let (start, length) = (long(main, 0x01A2)? as usize, long(main, 0x01A6)? as usize);
    let mut clx = table.get(start..start.checked_add(length)?)?;
    while let Some((1, rest)) = clx.split_first() {
        let length = usize::from(short(rest, 0)?);
        clx = rest.get(2 + length..)?;
    }
    let (2, rest) = clx.split_first()? else { return None };
    let size = long(rest, 0)? as usize;
    let plc = rest.get(4..4_usize.checked_add(size)?)?;
    let count = size.checked_sub(4)? / 12;
    (0..count)
        .map(|i| {
            let (from, to) = (long(plc, i * 4)?, long(plc, i * 4 + 4)?);
            let place = long(plc, (count + 1) * 4 + i * 8 + 2)?;
            let is_narrow = place & 0x4000_0000 != 0;
            let place = (place & 0x3FFF_FFFF) as usize;
            let length = to.checked_sub(from)? as usize;
            Some(Piece { length, start: if is_narrow { place / 2 } else { place }, is_narrow })
        })
        .collect()
}

/// The parts of the text, in the order in which they lie one after the other, with where their lengths stand.
const STORIES: &[(usize, Part)] = &[
    (0x4C, Part::Body),
    (0x50, Part::Footnote),
    (0x54, Part::Header),
    (0x58, Part::Hidden), // macros
    (0x5C, Part::Comment),
    (0x60, Part::Footnote),
    (0x64, Part::Shape),
    (0x68, Part::Header), // boxes in headers
];

fn say(main: &[u8], pieces: &[Piece], reading: &mut Reading<'_>) -> Result<(), Halt> {
    let mut text: Vec<u16> = Vec::new();
    for piece in pieces {
        let bytes = if piece.is_narrow { piece.length } else { piece.length.saturating_mul(2) };
        let end = piece.start.checked_add(bytes).ok_or(BROKEN)?;
        let bytes = main.get(piece.start..end).ok_or(BROKEN)?;
        let words = if piece.is_narrow { narrow(bytes) } else { wide(bytes) };
        reading.charge(words.len() as u64)?;
        text.extend(words.encode_utf16());
    }
    let mut rest = text.as_slice();
    for (place, part) in STORIES {
        let length = long(main, *place).ok_or(BROKEN)? as usize;
        let (story, later) = rest.split_at(length.min(rest.len()));
        rest = later;
        story_say(&String::from_utf16_lossy(story), part, reading)?;
    }
    story_say(&String::from_utf16_lossy(rest), &Part::Body, reading)
}

fn story_say(text: &str, part: &Part, reading: &mut Reading<'_>) -> Result<(), Halt> {
    // 0x07 ends cells, 0x0B lines, 0x0C sections, 0x0D paragraphs.
    for (number, paragraph) in (1..).zip(text.split(['\r', '\u{7}', '\u{C}'])) {
        let (shown, codes) = fields(paragraph);
        let unit = if *part == Part::Body { Unit::Paragraph(number) } else { Unit::Whole };
        reading.say(unit.clone(), part.clone(), &shown)?;
        reading.say(unit, Part::Hidden, &codes)?;
    }
    Ok(())
}

/// What a paragraph shows, and the codes of its fields: between 0x13 and 0x14; the result goes on to 0x15.
fn fields(paragraph: &str) -> (String, String) {
    let (mut shown, mut codes, mut open) = (String::new(), String::new(), Vec::new());
    for character in paragraph.chars() {
        match character {
            '\u{13}' => open.push(true),
            '\u{14}' => {
                if let Some(is_code) = open.last_mut() {
                    *is_code = false;
                }
            }
            '\u{15}' => {
                open.pop();
            }
            '\u{B}' => shown.push('\n'),
            '\u{1E}' => shown.push('-'),
            other if other.is_control() && other != '\t' => {}
            other if open.contains(&true) => codes.push(other),
            other => shown.push(other),
        }
    }
    (shown, codes)
}
