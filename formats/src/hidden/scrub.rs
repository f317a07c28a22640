//! XML with elements taken out of it: what stays keeps its bytes.

use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::ReadError;
use crate::limits;
use crate::ooxml::is_record;
use crate::xml::check_doctype;

/// Whether what lies in an element is so.
pub(crate) type Judge = Rc<dyn Fn(&str) -> bool>;

/// What becomes of an element.
pub(crate) enum Act {
    Keep,
    /// It goes, with everything in it.
    Drop,
    /// Its tags go, what is in it stays.
    Unwrap,
    /// These are its attributes from now on, values unescaped.
    Rewrite(Vec<(String, String)>),
    /// The nearest element of this name that it lies in goes.
    Doom(&'static str),
    /// It stays in the place of the nearest element of this name that it lies in.
    Lift(&'static str),
    /// It goes if what is in it, as it lies there, is so.
    DropIf(fn(&str) -> bool),
    /// The same, where it depends on more than what is in it.
    DropWhere(Judge),
    /// It goes; and so does the nearest element of this name around it, if what is left in that is so.
    JudgeAbove(&'static str, fn(&str) -> bool),
}

/// An element that begins.
pub(crate) struct Opened {
    /// Name without prefix, and as written.
    pub local: String,
    pub qualified: String,
    /// Attributes by name as written.
    pub attributes: Vec<(String, String)>,
    /// Whether it is `<empty/>`.
    pub is_empty: bool,
    /// How many elements begin before it in the part.
    pub number: usize,
}

impl Opened {
    /// The value of an attribute, whatever its prefix.
    pub fn get(&self, local: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| local_of(name) == local).map(|(_, value)| value.as_str())
    }

    /// Whether an attribute says yes.
    pub fn is(&self, local: &str) -> bool {
        self.get(local).is_some_and(crate::text::is_on)
    }

    /// Rewritten without the attributes that `goes` names.
    pub fn without(&self, goes: impl Fn(&str, &str) -> bool) -> Act {
        Act::Rewrite(self.attributes.iter().filter(|(n, v)| !goes(local_of(n), v)).cloned().collect())
    }
}

/// A name without its prefix.
pub(crate) fn local_of(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// An element that is open.
pub(crate) struct Frame {
    /// Name without prefix.
    pub local: String,
    qualified: String,
    /// Where it begins in the result, and where what is in it begins.
    start: usize,
    inner: usize,
    is_silent: bool,
    is_unwrapped: bool,
    is_doomed: bool,
    lifts: Option<&'static str>,
    lifted: Option<String>,
    judge: Option<Judge>,
    /// The last element in it that stayed.
    last: String,
}

/// Whether an element of this name is open.
pub(crate) fn nearest<'f>(above: &'f [Frame], local: &str) -> Option<&'f Frame> {
    above.iter().rev().find(|f| f.local == local)
}

const BROKEN: ReadError = ReadError::Damaged("an XML part is not well formed");

struct Scrubber {
    out: String,
    open: Vec<Frame>,
    /// How many open elements are being dropped.
    silent: usize,
    /// How many elements have begun.
    begun: usize,
}

/// The part with `rule` applied to every element that is not dropped with another.
pub(crate) fn scrub(part: &str, rule: &mut dyn FnMut(&Opened, &[Frame]) -> Act) -> Result<String, ReadError> {
    let mut reader = Reader::from_str(part);
    let mut state = Scrubber { out: String::with_capacity(part.len()), open: Vec::new(), silent: 0, begun: 0 };
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| BROKEN)?;
        let raw = part.get(at..reader.buffer_position() as usize).ok_or(BROKEN)?;
        match event {
            Event::Start(start) => state.start(&start, raw, rule, false)?,
            Event::Empty(start) => {
                state.start(&start, raw, rule, true)?;
                state.end("")?;
            }
            Event::End(_) => state.end(raw)?,
            Event::DocType(declared) => {
                check_doctype(&declared)?;
                state.push(raw);
            }
            Event::Eof if state.open.is_empty() => return Ok(state.out),
            Event::Eof => return Err(BROKEN),
            // What a marking of ours moved is given back when it is taken off.
            Event::Comment(_) if is_record(raw) => state.push(raw),
            // Other remarks and orders to programs are nobody's text.
            Event::Comment(_) | Event::PI(_) => {}
            _ => state.push(raw),
        }
    }
}

impl Scrubber {
    fn push(&mut self, raw: &str) {
        if self.silent == 0 {
            self.out.push_str(raw);
        }
    }

    fn start(
        &mut self,
        start: &BytesStart<'_>,
        raw: &str,
        rule: &mut dyn FnMut(&Opened, &[Frame]) -> Act,
        is_empty: bool,
    ) -> Result<(), ReadError> {
        if self.open.len() >= limits::XML_DEPTH as usize {
            return Err(ReadError::Limit("depth of an XML part"));
        }
        let (qualified, local) = (start.name().as_ref().to_owned(), start.local_name().as_ref().to_owned());
        let act = if self.silent > 0 {
            Act::Drop
        } else {
            let (local, qualified, number) = (local.clone(), qualified.clone(), self.begun);
            rule(&Opened { local, qualified, attributes: attributes(start)?, is_empty, number }, &self.open)
        };
        self.begun += 1;
        let at = self.out.len();
        let mut frame = Frame {
            local,
            qualified,
            start: at,
            inner: at,
            is_silent: false,
            is_unwrapped: false,
            is_doomed: false,
            lifts: None,
            lifted: None,
            judge: None,
            last: String::new(),
        };
        match act {
            Act::Keep => self.out.push_str(raw),
            Act::Drop => {
                frame.is_silent = true;
                self.silent += 1;
            }
            Act::Unwrap => frame.is_unwrapped = true,
            Act::Rewrite(attributes) => self.out.push_str(&tag(&frame.qualified, &attributes, is_empty)),
            Act::Doom(name) => {
                if let Some(above) = self.open.iter_mut().rev().find(|f| f.local == name) {
                    above.is_doomed = true;
                }
                self.out.push_str(raw);
            }
            Act::Lift(name) => {
                frame.lifts = Some(name);
                self.out.push_str(raw);
            }
            Act::JudgeAbove(name, judge) => {
                if let Some(above) = self.open.iter_mut().rev().find(|f| f.local == name) {
                    above.judge = Some(Rc::new(judge));
                }
                frame.is_silent = true;
                self.silent += 1;
            }
            Act::DropIf(judge) => {
                frame.judge = Some(Rc::new(judge));
                self.out.push_str(raw);
            }
            Act::DropWhere(judge) => {
                frame.judge = Some(judge);
                self.out.push_str(raw);
            }
        }
        frame.inner = self.out.len();
        self.open.push(frame);
        Ok(())
    }

    fn end(&mut self, raw: &str) -> Result<(), ReadError> {
        let frame = self.open.pop().ok_or(BROKEN)?;
        if frame.is_silent {
            self.silent -= 1;
            return Ok(());
        }
        let inner = self.out.get(frame.inner..).unwrap_or_default();
        if frame.judge.as_ref().is_some_and(|judge| judge(inner)) || (frame.is_doomed && frame.lifted.is_none()) {
            self.out.truncate(frame.start);
            return Ok(());
        }
        // A cell of a table ends with a paragraph (ISO/IEC 29500-1, 17.4.65).
        if frame.local == "tc" && frame.qualified.starts_with("w:") && !matches!(frame.last.as_str(), "p" | "sdt") {
            self.out.push_str("<w:p/>");
        }
        if !frame.is_unwrapped {
            self.out.push_str(raw);
        }
        if let Some(lifted) = frame.lifted {
            self.out.truncate(frame.start);
            self.out.push_str(&lifted);
        }
        if let Some(name) = frame.lifts {
            let own = self.out.get(frame.start..).unwrap_or_default().to_owned();
            if let Some(above) = self.open.iter_mut().rev().find(|f| f.local == name) {
                above.lifted = Some(own);
            }
        }
        if let Some(above) = self.open.last_mut() {
            above.last = if frame.is_unwrapped { frame.last } else { frame.local };
        }
        Ok(())
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, ReadError> {
    let mut found = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        if found.len() >= limits::XML_ATTRIBUTES {
            return Err(ReadError::Limit("attributes of an XML element"));
        }
        let attribute = attribute.map_err(|_| BROKEN)?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|_| BROKEN)?.into_owned();
        found.push((attribute.key.as_ref().to_owned(), value));
    }
    Ok(found)
}

fn tag(name: &str, attributes: &[(String, String)], is_empty: bool) -> String {
    let mut tag = format!("<{name}");
    for (name, value) in attributes {
        // A line's end in a value would be read as a blank.
        let value = crate::xml::escape(value).replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;");
        tag.push_str(&format!(" {name}=\"{value}\""));
    }
    tag.push_str(if is_empty { "/>" } else { ">" });
    tag
}
