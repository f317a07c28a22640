//! 電子メール. Messages (RFC 5322): the label as header fields of ours, behind those that are there; every other byte stays,
//! so that signatures of the body and of other fields hold.

mod carried;

use std::io::Write;
use std::ops::Range;

use kakuzuke_core::code::Text;
use mail_parser::MessageParser;

use crate::ability::{Ability, Can};
use crate::cover::Cover;
use crate::detect::{Detection, State};
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::foreign::{self, ForeignLabel};
use crate::format::{Format, Template};
use crate::kind::Kind;
use crate::label::{LABEL_PROPERTY, MARKING_PROPERTY, StoredLabel};
use crate::limits;
use crate::place::Place;
use crate::source::{Source, read_range};
use crate::splice::{self, Splice};
use crate::text;

pub(crate) use carried::{Lines, encoded, extract};

/// The plugin.
pub(crate) struct Mail;

/// Fields of ours.
const LABEL: &str = "X-Kakuzuke-Label";
const MARKING: &str = "X-Kakuzuke-Marking";

/// Whether a field is one of ours.
pub(crate) fn is_label(field: &str) -> bool {
    [LABEL, MARKING].iter().any(|ours| field.eq_ignore_ascii_case(ours))
}

/// Longest line (RFC 5322, 2.1.1), and bytes of an encoded word on the first and on further lines (RFC 2047, 2).
const LINE: usize = 76;
const FIRST_WORD: usize = 33;
const WORD: usize = 45;

impl Format for Mail {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Eml]
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        if !text::begins_as_mail(head) {
            return Ok(None);
        }
        let state = match carried::is_carrier(head).then(|| carried::locate(source)) {
            Some(Ok(Some(place))) => State::Protected(place),
            Some(Err(LocateError::Read(ReadError::Damaged(why)) | LocateError::Ambiguous(why))) => State::Damaged(why),
            Some(Err(LocateError::Read(error))) => return Err(error),
            Some(Ok(None) | Err(LocateError::Write(_))) | None => State::Open,
        };
        Ok(Some(Detection { kind: Kind::Eml, state }))
    }

    fn locate(&self, source: &dyn Source) -> Result<Option<Place>, LocateError> {
        carried::locate(source)
    }

    fn prepare(&self, _: Kind, cover: &Cover) -> Result<Box<dyn Template>, WrapError> {
        Ok(Box::new(carried::Letter::new(cover)?))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        let headers = Headers::read(source)?;
        let names = [(LABEL, LABEL_PROPERTY), (MARKING, MARKING_PROPERTY)];
        let mut found = Vec::new();
        for (name, property) in names {
            for at in headers.fields(name) {
                found.push((property, headers.value(at)));
            }
        }
        // Folding puts blanks into the label, which has none.
        for (_, value) in found.iter_mut().filter(|(property, _)| *property == LABEL_PROPERTY) {
            value.retain(|c| !c.is_whitespace());
        }
        StoredLabel::from_properties(found.iter().map(|(property, value)| (*property, value.as_str())))
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        let headers = Headers::read(source)?;
        let fields = headers.fields("msip_labels");
        let words = fields.into_iter().flat_map(|at| foreign::of_list(&headers.value(at))).collect();
        Ok(foreign::of_pairs(&words))
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let headers = Headers::read(source)?;
        if carried::is_carrier(&headers.bytes) {
            return Err(LabelError::Refused(Text::fixed(
                "保護されたファイルの格付は、封筒の中にあります。",
                "the label of a protected file is in its envelope",
            )));
        }
        let old: Vec<_> = [LABEL, MARKING].into_iter().flat_map(|name| headers.fields(name)).collect();
        let is_cut = headers.is_cut && !old.iter().any(|at| at.end == headers.bytes.len());
        let range = |at: Range<usize>| at.start as u64..at.end as u64;
        let mut changes: Vec<Splice> = old.into_iter().map(|at| Splice::replace(range(at), Vec::new())).collect();
        let end = headers.line_end();
        let mut fields = if is_cut { end.to_owned() } else { String::new() };
        fields.push_str(&marking_field(label.marking(), end));
        fields.push_str(&label_field(&label.text(), end));
        changes.push(Splice::insert(headers.bytes.len() as u64, fields.into_bytes()));
        splice::write_label(source, changes, label, out)
    }

    fn can(&self, _: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Text | Ability::Label | Ability::Inspect | Ability::Sanitise | Ability::Wrap => Can::Yes,
            Ability::Mark => Can::No(crate::plain::NO_PAGES),
        }
    }
}

/// The header fields of a message, up to the empty line.
struct Headers {
    bytes: Vec<u8>,
    /// The message ends in the midst of a line of them.
    is_cut: bool,
}

impl Headers {
    fn read(source: &dyn Source) -> Result<Self, LabelError> {
        let size = source.size().map_err(ReadError::from)?;
        let mut bytes = read_range(source, 0..size.min(limits::MAIL_HEADERS)).map_err(ReadError::from)?;
        let is_empty = |line: &[u8]| matches!(line, b"\n" | b"\r\n");
        let length =
            bytes.split_inclusive(|byte| *byte == b'\n').take_while(|line| !is_empty(line)).map(<[u8]>::len).sum();
        if length == bytes.len() && (length as u64) < size {
            return Err(LabelError::Refused(Text::fixed(
                "メールのヘッダーが長すぎます。",
                "the headers of the message are too long",
            )));
        }
        bytes.truncate(length);
        let is_cut = !bytes.is_empty() && bytes.last() != Some(&b'\n');
        Ok(Self { bytes, is_cut })
    }

    fn line_end(&self) -> &'static str {
        let first = self.bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        if first.ends_with(b"\n") && !first.ends_with(b"\r\n") { "\n" } else { "\r\n" }
    }

    /// Where the fields of a name stand, with their folded lines.
    fn fields(&self, name: &str) -> Vec<Range<usize>> {
        let (mut found, mut at, mut is_ours): (Vec<Range<usize>>, usize, bool) = (Vec::new(), 0, false);
        for line in self.bytes.split_inclusive(|byte| *byte == b'\n') {
            let is_folded = line.starts_with(b" ") || line.starts_with(b"\t");
            if is_folded && is_ours {
                found.iter_mut().last().into_iter().for_each(|last| last.end += line.len());
            } else if !is_folded {
                let field = line.split(|byte| *byte == b':').next().unwrap_or_default();
                is_ours = line.contains(&b':') && field.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes());
                if is_ours {
                    found.push(at..at + line.len());
                }
            }
            at += line.len();
        }
        found
    }

    /// The value of a field, unfolded and decoded.
    fn value(&self, at: Range<usize>) -> String {
        let field = self.bytes.get(at).unwrap_or_default();
        let Some(message) = MessageParser::new().with_minimal_headers().default_header_text().parse(field) else {
            return String::new();
        };
        let value = message.headers().first().and_then(|header| header.value.as_text());
        value.unwrap_or_default().trim().to_owned()
    }
}

/// The line for people, in encoded words.
fn marking_field(marking: &str, end: &str) -> String {
    format!("{MARKING}: {}{end}", encoded_words(marking, end))
}

/// Words of any characters in a header (RFC 2047).
fn encoded_words(marking: &str, end: &str) -> String {
    let mut words = Vec::new();
    let mut rest = marking;
    while !rest.is_empty() {
        let room = if words.is_empty() { FIRST_WORD } else { WORD };
        let (now, later) = rest.split_at(rest.floor_char_boundary(room));
        words.push(format!("=?UTF-8?B?{}?=", data_encoding::BASE64.encode(now.as_bytes())));
        rest = later;
    }
    words.join(&format!("{end} "))
}

/// The label, folded.
fn label_field(label: &str, end: &str) -> String {
    let mut field = format!("{LABEL}: ");
    let mut room = LINE - field.len();
    for sign in label.chars() {
        if room == 0 {
            field.push_str(end);
            field.push(' ');
            room = LINE - 1;
        }
        field.push(sign);
        room -= 1;
    }
    field + end
}
