//! The text of Excel 5–2003 workbooks ([MS-XLS]): cells with their places, headers, comments, shapes.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use kakuzuke_core::passage::{Part, Unit};

use super::records::{Record, Records, long, short};
use super::strings::{narrow, paged, wide};
use super::{Compound, locked};
use crate::error::ReadError;
use crate::limits;
use crate::text::{Halt, Reading, without_codes};

const BROKEN: ReadError = ReadError::Damaged("a record of an older workbook");

/// What all sheets share.
struct Book {
    /// Excel 97 and later: characters are Unicode.
    is_unicode: bool,
    page: u16,
    strings: Vec<String>,
}

/// A sheet: name, where it begins, whether it is hidden.
struct Sheet {
    name: String,
    start: usize,
    is_hidden: bool,
}

/// Reads the workbook whose stream is at `path`.
pub(super) fn read(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let bytes = compound.stream(path, reading)?.unwrap_or_default();
    let mut book = Book { is_unicode: true, page: 932, strings: Vec::new() };
    let (mut sheets, mut table) = (Vec::new(), Vec::new());
    let mut is_table = false;
    for Record { kind, data } in Records::new(&bytes, 0) {
        is_table = kind == 0xFC || is_table && kind == 0x3C;
        match kind {
            0x2F => {
                reading.gap(Unit::Whole, Part::Body, locked());
                return Ok(());
            }
            0x809 => book.is_unicode = short(data, 0).is_none_or(|version| version >= 0x600),
            0x42 => book.page = short(data, 0).unwrap_or(932),
            0x85 => sheets.extend(book.sheet(data)),
            0xFC | 0x3C if is_table => table.push(data),
            0x0A => break,
            _ => {}
        }
    }
    let outcome = Strings { pieces: &table, at: 8 }.read(&mut book.strings);
    if !table.is_empty() && outcome.is_none() {
        reading.miss(Unit::Whole, Part::Body, "strings of an older workbook");
    }
    for sheet in &sheets {
        let unit = Unit::Cell { sheet: sheet.name.clone(), cell: String::new() };
        let part = if sheet.is_hidden { Part::Hidden } else { Part::Body };
        reading.say(unit.clone(), part.clone(), &sheet.name)?;
        let outcome = Grid::new(&book, sheet).read(&bytes, reading);
        reading.bear(unit, part, outcome)?;
    }
    if sheets.is_empty() {
        // Charts and old books have no list of sheets.
        let only = Sheet { name: String::new(), start: 0, is_hidden: false };
        return Grid::new(&book, &only).read(&bytes, reading);
    }
    Ok(())
}

impl Book {
    fn sheet(&self, data: &[u8]) -> Option<Sheet> {
        let start = long(data, 0)? as usize;
        let is_hidden = data.get(4)? & 3 != 0;
        let length = usize::from(*data.get(6)?);
        Some(Sheet { name: self.words(data.get(7..)?, length), start, is_hidden })
    }

    /// A string of `length` characters: with a byte that tells their width, or bytes of the code page.
    fn words(&self, data: &[u8], length: usize) -> String {
        match data.split_first() {
            Some((flags, rest)) if self.is_unicode && flags & 1 != 0 => wide(rest.get(..length * 2).unwrap_or(rest)),
            Some((_, rest)) if self.is_unicode => narrow(rest.get(..length).unwrap_or(rest)),
            _ => paged(data.get(..length).unwrap_or(data), self.page),
        }
    }

    /// A string with its length in two bytes.
    fn long_words(&self, data: &[u8]) -> Option<String> {
        Some(self.words(data.get(2..)?, usize::from(short(data, 0)?)))
    }
}

/// The table of strings, which goes on over several records ([MS-XLS] 2.5.293).
struct Strings<'b> {
    pieces: &'b [&'b [u8]],
    at: usize,
}

impl Strings<'_> {
    fn read(&mut self, strings: &mut Vec<String>) -> Option<()> {
        let count = long(self.pieces.first()?, 4)?;
        for _ in 0..count {
            strings.push(self.string()?);
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.pieces.first()?.len() {
            self.pieces = self.pieces.get(1..)?;
            self.at = 0;
        }
        self.at += 1;
        self.pieces.first()?.get(self.at - 1).copied()
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        let mut left = count;
        while left > 0 {
            let room = self.pieces.first()?.len().saturating_sub(self.at);
            let step = room.min(left);
            self.at += step;
            left -= step;
            if left > 0 {
                self.pieces = self.pieces.get(1..)?;
                self.at = 0;
            }
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let length = usize::from(self.short()?);
        let mut flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.short()?) } else { 0 };
        let more = if flags & 4 != 0 { usize::from(self.short()?) | usize::from(self.short()?) << 16 } else { 0 };
        let mut units = Vec::with_capacity(length);
        while units.len() < length {
            if self.at >= self.pieces.first()?.len() {
                // Characters that go on in the next record tell their width again.
                self.pieces = self.pieces.get(1..)?;
                self.at = 0;
                flags = self.byte()?;
            }
            units.push(if flags & 1 != 0 { self.short()? } else { u16::from(self.byte()?) });
        }
        self.skip(runs * 4 + more)?;
        Some(String::from_utf16_lossy(&units))
    }
}

/// The records of a sheet.
struct Grid<'b> {
    book: &'b Book,
    sheet: &'b Sheet,
    hidden_rows: HashSet<u16>,
    hidden_columns: Vec<(u16, u16)>,
    /// The cell of a formula whose result comes as the next string.
    formula: Option<(u16, u16)>,
    /// Texts of shapes by their numbers, and the cells of those that are comments.
    shapes: Vec<(u16, String)>,
    notes: HashMap<u16, (u16, u16)>,
    shape: u16,
    /// Characters of the shape's text still to come.
    text: usize,
}

impl<'b> Grid<'b> {
    fn new(book: &'b Book, sheet: &'b Sheet) -> Self {
        let (hidden_rows, hidden_columns, notes) = (HashSet::new(), Vec::new(), HashMap::new());
        Self { book, sheet, hidden_rows, hidden_columns, formula: None, shapes: Vec::new(), notes, shape: 0, text: 0 }
    }

    fn read(mut self, bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), Halt> {
        let (mut depth, mut records) = (0_u32, Records::new(bytes, self.sheet.start));
        for record in records.by_ref() {
            match record.kind {
                0x809 => depth += 1,
                0x0A => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                _ => self.take(&record, reading)?,
            }
        }
        // Sheets may begin at the same place.
        reading.charge(records.at.saturating_sub(self.sheet.start) as u64)?;
        let is_cut = depth > 0 && records.is_cut();
        self.say_shapes(reading)?;
        if is_cut { Err(BROKEN.into()) } else { Ok(()) }
    }

    fn take(&mut self, record: &Record<'_>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let data = record.data;
        let place = || Some((short(data, 0)?, short(data, 2)?));
        match record.kind {
            0xFD | 0x204 | 0xD6 | 0x203 | 0x27E | 0xBD | 0x06 | 0x206 | 0x406 => {
                let at = place().ok_or(BROKEN)?;
                self.take_cell(record, at, reading)?;
            }
            0x207 => {
                if let Some(at) = self.formula.take() {
                    self.say(at, &self.book.long_words(data).unwrap_or_default(), reading)?;
                }
            }
            0x208 if short(data, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                self.hidden_rows.extend(short(data, 0));
            }
            0x7D if short(data, 8).is_some_and(|flags| flags & 1 != 0)
                && self.hidden_columns.len() < limits::TEXT_COLUMNS =>
            {
                self.hidden_columns.extend(place());
            }
            0x14 => self.say_margin(data, Part::Header, reading)?,
            0x15 => self.say_margin(data, Part::Footer, reading)?,
            0x5D => self.shape = short(data, 6).unwrap_or(0),
            0x1B6 => self.text = usize::from(short(data, 10).unwrap_or(0)),
            0x3C if self.text > 0 => {
                let words = self.book.words(data, self.text);
                self.text = self.text.saturating_sub(words.encode_utf16().count().max(1));
                match self.shapes.last_mut().filter(|(shape, _)| *shape == self.shape) {
                    Some((_, said)) => said.push_str(&words),
                    None => self.shapes.push((self.shape, words)),
                }
            }
            0x1C => {
                if let (Some(at), Some(shape)) = (place(), short(data, 6)) {
                    self.notes.insert(shape, at);
                }
            }
            0x100D => {
                let length = usize::from(data.get(2).copied().unwrap_or(0));
                let words = self.book.words(data.get(3..).unwrap_or_default(), length);
                reading.say(self.unit(None), self.part(Part::Shape), &words)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn take_cell(&mut self, record: &Record<'_>, at: (u16, u16), reading: &mut Reading<'_>) -> Result<(), Halt> {
        let data = record.data;
        match record.kind {
            0xFD => {
                let words = long(data, 6).and_then(|place| self.book.strings.get(place as usize));
                self.say(at, words.map(String::as_str).ok_or(BROKEN)?, reading)
            }
            0x204 | 0xD6 => {
                let words = self.book.long_words(data.get(6..).unwrap_or_default()).ok_or(BROKEN)?;
                self.say(at, &words, reading)
            }
            0x203 => self.say(at, &float(data, 6).ok_or(BROKEN)?.to_string(), reading),
            0x27E => self.say(at, &packed(data, 6).ok_or(BROKEN)?.to_string(), reading),
            0xBD => {
                for (column, place) in (at.1..).zip((4..data.len().saturating_sub(7)).step_by(6)) {
                    let number = packed(data, place + 2).ok_or(BROKEN)?;
                    self.say((at.0, column), &number.to_string(), reading)?;
                }
                Ok(())
            }
            _ => {
                let is_number = short(data, 12) != Some(0xFFFF);
                self.formula = (!is_number && data.get(6) == Some(&0)).then_some(at);
                match float(data, 6).filter(|_| is_number) {
                    Some(number) => self.say(at, &number.to_string(), reading),
                    None => Ok(()),
                }
            }
        }
    }

    fn unit(&self, at: Option<(u16, u16)>) -> Unit {
        let cell = at.map(|(row, column)| format!("{}{}", letters(column), u32::from(row) + 1)).unwrap_or_default();
        Unit::Cell { sheet: self.sheet.name.clone(), cell }
    }

    fn part(&self, part: Part) -> Part {
        if self.sheet.is_hidden { Part::Hidden } else { part }
    }

    fn say(&self, at: (u16, u16), words: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let is_hidden = self.hidden_rows.contains(&at.0)
            || self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&at.1));
        let part = self.part(if is_hidden { Part::Hidden } else { Part::Body });
        reading.say(self.unit(Some(at)), part, words)
    }

    fn say_margin(&self, data: &[u8], part: Part, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let words = if self.book.is_unicode {
            self.book.long_words(data).unwrap_or_default()
        } else {
            let length = usize::from(data.first().copied().unwrap_or(0));
            self.book.words(data.get(1..).unwrap_or_default(), length)
        };
        reading.say(self.unit(None), part, &without_codes(&words))
    }

    fn say_shapes(self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        for (shape, words) in &self.shapes {
            match self.notes.get(shape) {
                Some(at) => reading.say(self.unit(Some(*at)), Part::Comment, words)?,
                None => reading.say(self.unit(None), self.part(Part::Shape), words)?,
            }
        }
        Ok(())
    }
}

fn float(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// A number in four bytes ([MS-XLS] 2.5.217).
fn packed(data: &[u8], at: usize) -> Option<f64> {
    let raw = long(data, at)?;
    let number =
        if raw & 2 != 0 { f64::from((raw as i32) >> 2) } else { f64::from_bits(u64::from(raw & 0xFFFF_FFFC) << 32) };
    Some(if raw & 1 != 0 { number / 100.0 } else { number })
}

fn letters(column: u16) -> String {
    let column = u32::from(column);
    let letter = |n: u32| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if column < 26 { letter(column).to_string() } else { format!("{}{}", letter(column / 26 - 1), letter(column)) }
}
