//! A PDF as it lies in a source: only what is asked for is read, and no more in all than the limits allow.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::Read;
use std::ops::Range;
use std::rc::Rc;

use flate2::read::ZlibDecoder;

use crate::error::ReadError;
use crate::limits;
use crate::source::{Cursor, Source, Window, read_range};

use super::object::{Dict, Fault, Object, Parser, Reference, is_space};
use super::xref::{Entry, Run, Section, parse_line};

/// A PDF whose cross-reference sections have been found.
pub(super) struct Document<'a> {
    source: &'a dyn Source,
    size: u64,
    sections: Vec<Section>,
    /// The newest trailer.
    pub trailer: Dict,
    /// Offset of the newest section.
    pub newest: u64,
    /// Whether the newest section is a stream.
    pub streams: bool,
    /// Bytes that may still be read or inflated.
    budget: Cell<u64>,
    /// How many objects are being read for one another.
    depth: Cell<u32>,
    /// The object streams decoded last, the latest in front.
    unpacked: RefCell<Vec<(u32, Rc<Unpacked>)>>,
}

/// A stream: its dictionary, and where its data lie.
pub(super) struct Stream {
    pub dict: Dict,
    pub data: Range<u64>,
}

/// A decoded object stream: numbers and offsets of its objects, and the data from the first on.
struct Unpacked {
    objects: Vec<(u32, usize)>,
    data: Vec<u8>,
}

/// An indirect object at its offset.
struct Indirect {
    number: u32,
    object: Object,
    /// Offset of a stream's data.
    data: Option<u64>,
}

/// Decoded object streams that are held at once.
const HELD: usize = 8;
const LOOP: ReadError = ReadError::Damaged("objects of the PDF need one another");
const NO_XREF: ReadError = ReadError::Damaged("the cross-reference table can't be read");
const FILTER: ReadError = ReadError::Damaged("a stream of the PDF can't be decoded");

impl<'a> Document<'a> {
    /// Finds the cross-reference sections of a source that begins with `%PDF-`.
    pub fn open(source: &'a dyn Source) -> Result<Self, ReadError> {
        let size = source.size()?;
        let mut file = Self {
            source,
            size,
            sections: Vec::new(),
            trailer: Dict::default(),
            newest: 0,
            streams: false,
            budget: Cell::new(limits::PDF_READ),
            depth: Cell::new(0),
            unpacked: RefCell::new(Vec::new()),
        };
        file.newest = file.start()?;
        file.read_sections()?;
        Ok(file)
    }

    /// Length of the source in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many cross-reference sections there are.
    pub fn section_count(&self) -> usize {
        self.sections.len()
    }

    /// Allows so many more bytes to be read or inflated.
    pub fn allow(&self, bytes: u64) {
        self.budget.set(self.budget.get().saturating_add(bytes));
    }

    /// The number of the next new object.
    pub fn next_number(&self) -> Option<u32> {
        let given = self.trailer.get("Size").and_then(Object::as_u64).unwrap_or(1);
        let end = self.sections.iter().map(Section::end).fold(given, u64::max);
        u32::try_from(end).ok().filter(|n| *n < limits::PDF_OBJECTS)
    }

    /// The offset that follows the last `startxref`.
    fn start(&self) -> Result<u64, ReadError> {
        let from = self.size.saturating_sub(limits::PDF_TAIL);
        let tail = read_range(self.source, from..self.size)?;
        let word = b"startxref";
        let at = tail.windows(word.len()).rposition(|w| w == word).ok_or(NO_XREF)?;
        let mut parser = Parser::new(tail.get(at + word.len()..).unwrap_or_default(), true);
        parser.integer().map_err(|_| NO_XREF)
    }

    fn read_sections(&mut self) -> Result<(), ReadError> {
        let (mut next, mut seen, mut runs) = (vec![self.newest], BTreeSet::new(), 0);
        while let Some(at) = next.pop() {
            if !seen.insert(at) {
                return Err(ReadError::Damaged("cross-reference sections run in a circle"));
            }
            if seen.len() > limits::PDF_SECTIONS {
                return Err(ReadError::Limit("cross-reference sections"));
            }
            let is_table = self.parse_at(at, |p| Ok(p.keyword("xref").is_ok()))?;
            let (section, dict) = if is_table { self.read_table(at)? } else { self.read_stream_section(at)? };
            let offset = |key| dict.get(key).and_then(Object::as_u64);
            // A hybrid file's stream counts before the sections that went before.
            next.extend(offset("Prev"));
            next.extend(offset("XRefStm").filter(|_| is_table));
            if seen.len() == 1 {
                self.streams = !is_table;
                self.trailer = dict;
            }
            runs += section.runs();
            if runs > limits::PDF_RUNS {
                return Err(ReadError::Limit("runs of cross-reference sections"));
            }
            self.sections.push(section);
        }
        Ok(())
    }

    fn read_table(&self, at: u64) -> Result<(Section, Dict), ReadError> {
        let mut runs = Vec::new();
        let mut at = at + self.parse_at(at, |p| p.keyword("xref").map(|()| p.at as u64))?;
        loop {
            let head = self.parse_at(at, |p| {
                match p.keyword("trailer") {
                    Ok(()) => return Ok((None, p.at as u64)),
                    Err(Fault::End) => return Err(Fault::End),
                    Err(_) => {}
                }
                let run = (p.integer::<u64>()?, p.integer::<u64>()?);
                p.skip_space();
                Ok((Some(run), p.at as u64))
            })?;
            at += head.1;
            let Some((first, count)) = head.0 else { break };
            if runs.len() >= limits::PDF_RUNS {
                return Err(ReadError::Limit("runs of a cross-reference table"));
            }
            if count == 0 {
                continue;
            }
            let width = self.line_width(at)?;
            runs.push(Run { first, count, at, width });
            // The last line may lack its end.
            let end = count.checked_mul(width).and_then(|l| at.checked_add(l)).ok_or(NO_XREF)?;
            at = if end <= self.size { end } else { return Err(NO_XREF) };
        }
        match self.parse_at(at, |p| p.object())? {
            Object::Dict(dict) => Ok((Section::from_table(runs), dict)),
            _ => Err(NO_XREF),
        }
    }

    /// Length of a table's lines: 20 by the standard; some writers end lines with one character.
    fn line_width(&self, at: u64) -> Result<u64, ReadError> {
        let line = self.bytes(at..at.saturating_add(22).min(self.size))?;
        parse_line(&line).ok_or(NO_XREF)?;
        let ends = line.iter().skip(18).take_while(|b| is_space(**b)).count();
        Ok(18 + ends as u64)
    }

    fn read_stream_section(&self, at: u64) -> Result<(Section, Dict), ReadError> {
        let found = self.indirect(at).map_err(|e| if matches!(e, ReadError::Damaged(_)) { NO_XREF } else { e })?;
        let (Object::Dict(dict), Some(start)) = (found.object, found.data) else { return Err(NO_XREF) };
        // Its length must stand in it: nothing can be looked up yet.
        let length = dict.get("Length").and_then(Object::as_u64).ok_or(NO_XREF)?;
        let stream = Stream { data: self.checked(start, length)?, dict };
        let data = self.decode(&stream)?;
        Ok((Section::from_stream(&stream.dict, data).ok_or(NO_XREF)?, stream.dict))
    }

    /// Where an object lies, by the newest section that speaks of it.
    pub fn entry(&self, number: u32) -> Result<Entry, ReadError> {
        for section in &self.sections {
            let found = if section.is_table() {
                section.line(number).map(|at| self.entry_at(at)).transpose()?
            } else {
                section.entry_in_stream(number)
            };
            if let Some(entry) = found {
                return Ok(entry);
            }
        }
        Ok(Entry::Free)
    }

    /// The entry in a line of a table.
    fn entry_at(&self, at: u64) -> Result<Entry, ReadError> {
        parse_line(&self.bytes(at..at.saturating_add(18))?).ok_or(NO_XREF)
    }

    /// An object by its reference; null when there is none.
    pub fn get(&self, reference: Reference) -> Result<Object, ReadError> {
        self.nested(|| match self.entry(reference.number)? {
            Entry::Free => Ok(Object::Null),
            Entry::At(at, generation) if generation == reference.generation => {
                let found = self.indirect(at)?;
                (found.number == reference.number).then_some(found.object).ok_or(NO_XREF)
            }
            Entry::At(..) => Ok(Object::Null),
            Entry::In(stream, place) => self.packed(stream, place, reference.number),
        })
    }

    /// An object, followed if it is a reference.
    pub fn resolve(&self, object: &Object) -> Result<Object, ReadError> {
        match object {
            Object::Reference(reference) => self.get(*reference),
            other => Ok(other.clone()),
        }
    }

    /// The value of a key, followed if it is a reference; null when it is not there.
    pub fn value(&self, dict: &Dict, key: &str) -> Result<Object, ReadError> {
        dict.get(key).map_or(Ok(Object::Null), |object| self.resolve(object))
    }

    /// A stream by its reference; `None` when it is something else.
    pub fn stream(&self, reference: Reference) -> Result<Option<Stream>, ReadError> {
        self.nested(|| {
            let Entry::At(at, generation) = self.entry(reference.number)? else { return Ok(None) };
            let found = self.indirect(at)?;
            if found.number != reference.number || generation != reference.generation {
                return Err(NO_XREF);
            }
            let (Object::Dict(dict), Some(start)) = (found.object, found.data) else { return Ok(None) };
            let length = self.value(&dict, "Length")?.as_u64().ok_or(FILTER)?;
            Ok(Some(Stream { data: self.checked(start, length)?, dict }))
        })
    }

    /// An object that is a dictionary, and no stream.
    pub fn dict(&self, reference: Reference) -> Result<Option<Dict>, ReadError> {
        self.nested(|| match self.entry(reference.number)? {
            Entry::At(at, generation) if generation == reference.generation => {
                let found = self.indirect(at)?;
                if found.number != reference.number {
                    return Err(NO_XREF);
                }
                Ok(if let (Object::Dict(dict), None) = (found.object, found.data) { Some(dict) } else { None })
            }
            Entry::In(stream, place) => match self.packed(stream, place, reference.number)? {
                Object::Dict(dict) => Ok(Some(dict)),
                _ => Ok(None),
            },
            Entry::At(..) | Entry::Free => Ok(None),
        })
    }

    /// The bytes of a stream, as they lie there.
    pub fn data(&self, stream: &Stream) -> Window<'a> {
        Window::new(self.source, stream.data.clone())
    }

    /// The numbers of the objects that the newest section speaks of; `None` when they are very many.
    pub fn newest_numbers(&self) -> Option<Vec<u32>> {
        self.sections.first()?.numbers(limits::PDF_RUNS)
    }

    /// A stream's data, decoded within the limits.
    pub fn decode(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        let length = stream.data.end - stream.data.start;
        if length > limits::PDF_STREAM {
            return Err(ReadError::Limit("a stream of the PDF"));
        }
        self.charge(length)?;
        if !is_deflated(&stream.dict)? {
            return Ok(read_range(self.source, stream.data.clone())?);
        }
        let window = Window::new(self.source, stream.data.clone());
        let mut data = Vec::new();
        let room = limits::PDF_STREAM.min(self.budget.get());
        ZlibDecoder::new(Cursor::new(&window)).take(room + 1).read_to_end(&mut data).map_err(|_| FILTER)?;
        if data.len() as u64 > room {
            return Err(ReadError::Limit("a stream of the PDF"));
        }
        self.charge(data.len() as u64)?;
        super::predict::undo(&stream.dict, data).ok_or(FILTER)
    }

    /// The data of a stream of length `length` from `start`, which `endstream` must follow.
    fn checked(&self, start: u64, length: u64) -> Result<Range<u64>, ReadError> {
        const SHORT: ReadError = ReadError::Damaged("a stream of the PDF has not the length it says");
        let end = start.checked_add(length).filter(|end| *end <= self.size).ok_or(SHORT)?;
        let follows = self.parse_at(end, |p| {
            // White space only: keyword() would pass over what looks like a comment, too.
            while p.peek().is_some_and(is_space) {
                p.at += 1;
            }
            if p.peek() == Some(b'%') { Err(Fault::Bad) } else { p.keyword("endstream") }
        });
        follows.map_err(|e| if let ReadError::Damaged(_) = e { SHORT } else { e })?;
        Ok(start..end)
    }

    fn packed(&self, stream: u32, place: usize, number: u32) -> Result<Object, ReadError> {
        let unpacked = self.kept(stream)?;
        let at = unpacked.objects.get(place).filter(|(n, _)| *n == number).map(|(_, at)| *at).ok_or(NO_XREF)?;
        let mut parser = Parser::new(unpacked.data.get(at..).unwrap_or_default(), true);
        let object = parser.object()?;
        self.charge(parser.at as u64)?;
        Ok(object)
    }

    /// A decoded object stream. A few are held: pages and what they refer to often lie in different ones.
    fn kept(&self, number: u32) -> Result<Rc<Unpacked>, ReadError> {
        let mut held = self.unpacked.take();
        let unpacked = match held.iter().position(|(n, _)| *n == number) {
            Some(place) => held.remove(place).1,
            // Needs others itself, perhaps: a length that lies in one.
            None => Rc::new(self.unpack(number)?),
        };
        held.insert(0, (number, Rc::clone(&unpacked)));
        let mut room = limits::PDF_STREAM;
        held.retain(|(_, unpacked)| match room.checked_sub(unpacked.data.len() as u64) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        });
        held.truncate(HELD);
        self.unpacked.replace(held);
        Ok(unpacked)
    }

    fn unpack(&self, number: u32) -> Result<Unpacked, ReadError> {
        let stream = self.stream(Reference::first(number))?.ok_or(NO_XREF)?;
        let count = stream.dict.get("N").and_then(Object::as_u64).ok_or(NO_XREF)?;
        let first = stream.dict.get("First").and_then(Object::as_u64).and_then(|n| usize::try_from(n).ok());
        let data = self.decode(&stream)?;
        let first = first.filter(|first| *first <= data.len()).ok_or(NO_XREF)?;
        let mut parser = Parser::new(data.get(..first).unwrap_or_default(), true);
        let mut objects = Vec::new();
        // As many as the data hold: the parser ends before a count that is a lie.
        for _ in 0..count {
            let (number, at) = (parser.integer()?, parser.integer::<usize>()?);
            objects.push((number, at.checked_add(first).ok_or(NO_XREF)?));
        }
        Ok(Unpacked { objects, data })
    }

    fn indirect(&self, at: u64) -> Result<Indirect, ReadError> {
        if at >= self.size {
            return Err(NO_XREF);
        }
        self.parse_at(at, |p| {
            let number = p.integer()?;
            p.integer::<u16>()?;
            p.keyword("obj")?;
            let object = p.object()?;
            p.skip_space();
            match p.keyword("stream") {
                Ok(()) => {}
                Err(Fault::End) => return Err(Fault::End),
                // `endobj`, if anything; what matters is the object.
                Err(_) => return Ok(Indirect { number, object, data: None }),
            }
            match p.peek().ok_or(Fault::End)? {
                b'\r' => {
                    p.at += 1;
                    if p.peek().ok_or(Fault::End)? == b'\n' {
                        p.at += 1;
                    }
                }
                b'\n' => p.at += 1,
                _ => return Err(Fault::Bad),
            }
            Ok(Indirect { number, object, data: Some(at + p.at as u64) })
        })
    }

    /// Parses at an offset, with as much of the file before the eyes as it needs.
    fn parse_at<T>(&self, at: u64, parse: impl Fn(&mut Parser<'_>) -> Result<T, Fault>) -> Result<T, ReadError> {
        let mut length = 2048;
        loop {
            let end = at.saturating_add(length).min(self.size);
            let bytes = self.bytes(at.min(end)..end)?;
            match parse(&mut Parser::new(&bytes, end == self.size)) {
                Err(Fault::End) if end < self.size && length < limits::PDF_STREAM => length *= 8,
                done => return Ok(done?),
            }
        }
    }

    fn bytes(&self, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        self.charge(range.end.saturating_sub(range.start))?;
        match read_range(self.source, range) {
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Err(NO_XREF),
            other => Ok(other?),
        }
    }

    fn charge(&self, bytes: u64) -> Result<(), ReadError> {
        let left = self.budget.get().checked_sub(bytes).ok_or(ReadError::Limit("reading of the PDF's objects"))?;
        self.budget.set(left);
        Ok(())
    }

    fn nested<T>(&self, read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
        if self.depth.get() >= limits::PDF_DEPTH {
            return Err(LOOP);
        }
        self.depth.set(self.depth.get() + 1);
        let done = read();
        self.depth.set(self.depth.get() - 1);
        done
    }
}

/// Whether a stream is deflated, and nothing else.
pub(super) fn is_deflated(dict: &Dict) -> Result<bool, ReadError> {
    let filters: Vec<&Object> = match dict.get("Filter") {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Array(filters)) => filters.iter().collect(),
        Some(one) => vec![one],
    };
    match filters.as_slice() {
        [] => Ok(false),
        [one] if one.as_name() == Some(b"FlateDecode") => Ok(true),
        _ => Err(FILTER),
    }
}
