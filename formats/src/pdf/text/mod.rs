//! 本文の取り出し. The text of PDFs: pages, annotations, fields, bookmarks, properties, attached files.
//!
//! Objects and fonts are read by crates that may give up in their own way on hostile files; that is caught here and
//! becomes a gap.

mod bombs;
mod catalog;
mod font;
mod lines;
mod page;
mod sight;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use encoding_rs::{SHIFT_JIS, WINDOWS_1252};
use hayro_syntax::Pdf;
use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Unit};

pub(super) use sight::{Concealed, Unseen};

use crate::detect::Lock;
use crate::error::ReadError;
use crate::label::StoredLabel;
use crate::limits;
use crate::source::{Source, read_range};
use crate::text::{Halt, Reading, locked};

use super::document::Document;
use super::object::Object;
use bombs::Streams;
use font::Fonts;
use page::Budget;

/// Reads a PDF's text.
pub(super) fn read(source: &dyn Source, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let size = source.size()?;
    if size > limits::PDF_READ {
        return Err(ReadError::Limit("size of a PDF").into());
    }
    let bytes = read_range(source, 0..size)?;
    reading.charge(bombs::inflated(&bytes)?)?;
    // A password for changing only does not keep anybody from reading; one for reading does, and is a gap.
    let streams = match Document::open(source) {
        Ok(file) if file.trailer.get("Encrypt").is_none() => Streams::Measured,
        _ => Streams::Encrypted,
    };
    if streams == Streams::Encrypted {
        bombs::packed_objects(&bytes)?;
    }
    guarded(|| {
        let pdf = match Pdf::new(Arc::new(bytes)) {
            Ok(pdf) => pdf,
            Err(hayro_syntax::LoadPdfError::Decryption(_)) => {
                reading.gap(Unit::Whole, Part::Body, locked(Lock::Pdf));
                return Ok(());
            }
            Err(hayro_syntax::LoadPdfError::Invalid) => {
                return Err(ReadError::Damaged("no pages of the PDF can be found").into());
            }
        };
        pages(&pdf, streams, reading)?;
        if streams == Streams::Encrypted {
            let known = pdf.metadata();
            for (name, words) in [
                ("Title", &known.title),
                ("Subject", &known.subject),
                ("Keywords", &known.keywords),
                ("Author", &known.author),
            ] {
                let words = words.as_ref().map(|words| words_of(words)).unwrap_or_default();
                reading.say(Unit::Whole, Part::Property(name.to_owned()), &words)?;
            }
        }
        catalog::read(&pdf, streams, reading)
    })?;
    if streams == Streams::Measured { properties(source, reading) } else { Ok(()) }
}

/// What is done over hostile bytes by code that is not ours.
fn guarded(read: impl FnOnce() -> Result<(), Halt>) -> Result<(), Halt> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ReadError::Damaged("the PDF reader gave up").into()))
}

fn pages(pdf: &Pdf, streams: Streams, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let fonts = Fonts::new(streams);
    let mut budget = Budget::new();
    if pdf.pages().is_empty() {
        reading.miss(Unit::Whole, Part::Body, "a PDF without pages");
    }
    for (number, page) in (1_u32..).zip(pdf.pages().iter()) {
        if number as usize > limits::PDF_PAGES {
            reading.miss(Unit::Page(number), Part::Body, "pages of a PDF");
            break;
        }
        let outcome = guarded(|| page::read(page, number, &fonts, &mut budget, reading));
        reading.bear(Unit::Page(number), Part::Body, outcome)?;
    }
    Ok(())
}

/// 文書のプロパティ: the information dictionary, as this crate's own reader finds it.
fn properties(source: &dyn Source, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let outcome = Document::open(source).map_err(Halt::from).and_then(|file| {
        let Object::Dict(information) = file.value(&file.trailer, "Info")? else { return Ok(()) };
        for (name, value) in information.entries() {
            let name = String::from_utf8_lossy(name).into_owned();
            let Some(words) = file.resolve(value)?.as_bytes().map(words_of) else { continue };
            if !StoredLabel::is_property(&name) {
                reading.say(Unit::Whole, Part::Property(name), &words)?;
            }
        }
        Ok(())
    });
    reading.bear(Unit::Whole, Part::Property(String::new()), outcome)
}

/// A string of text for people (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with a mark, else what old programs wrote.
fn words_of(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Ok(words) = std::str::from_utf8(bytes) {
        return words.to_owned();
    }
    let (words, is_damaged) = SHIFT_JIS.decode_without_bom_handling(bytes);
    if is_damaged { WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned() } else { words.into_owned() }
}

/// Some characters of a page stand for nothing that is known.
fn unmapped(count: u64) -> Text {
    Text::new(
        format!("文字を判定できない字が{count}字あります（フォントにUnicodeとの対応がありません）。"),
        format!("{count} characters can't be told: their fonts do not say what they stand for."),
    )
}

fn outlined() -> Text {
    Text::fixed(
        "文字のない図形だけのページです。文字が図形になっている可能性があります。",
        "A page of shapes without text; characters may have been turned into shapes.",
    )
}

/// What is not seen of a document's pages.
#[derive(Default)]
pub(super) struct Seen {
    /// Pages on which something is not seen.
    pub pages: Vec<(u32, Concealed)>,
    /// Pages, or none of them, that were not looked at to the end, and why.
    pub gaps: Vec<(Unit, &'static str)>,
    /// The words on each page, and those that stand for them.
    pub words: Vec<(u32, String)>,
    pub said: Vec<(u32, String)>,
    /// The pictures that are drawn, by the numbers of their objects.
    pub drawn: BTreeSet<u32>,
}

impl Seen {
    fn take(&mut self, number: u32, page: page::Seen, room: &mut usize) {
        self.gaps.extend(page.lacks.map(|why| (Unit::Page(number), why)));
        if page.found != Concealed::default() {
            self.pages.push((number, page.found));
        }
        self.drawn.extend(page.drawn);
        match room.checked_sub(page.words.len()) {
            Some(left) => {
                *room = left;
                self.words.push((number, page.words));
                self.said.extend(page.said.into_iter().map(|words| (number, words)));
            }
            None => self.gaps.push((Unit::Page(number), "words of a PDF's pages")),
        }
    }
}

/// What readers see of the pages and what not, page by page; `hides` knows the layers that are off.
pub(super) fn seen(source: &dyn Source, hides: &dyn Fn(u32) -> bool) -> Result<Seen, ReadError> {
    let size = source.size()?;
    if size > limits::PDF_READ {
        return Err(ReadError::Limit("size of a PDF"));
    }
    let bytes = read_range(source, 0..size)?;
    let mut sink = |_| std::ops::ControlFlow::Continue(());
    let mut reading = Reading::new(&mut sink);
    let mut seen = Seen::default();
    let outcome = bombs::inflated(&bytes).map_err(Halt::from).and_then(|inflated| {
        reading.charge(inflated)?;
        guarded(|| {
            let pdf = Pdf::new(Arc::new(bytes)).map_err(|_| ReadError::Damaged("no pages of the PDF can be found"))?;
            // Only PDFs in clear get here.
            let (fonts, mut budget) = (Fonts::new(Streams::Measured), Budget::new());
            let mut room = limits::PDF_SHOWN;
            for (number, page) in (1_u32..).zip(pdf.pages().iter()) {
                let unit = Unit::Page(number);
                if number as usize > limits::PDF_PAGES {
                    seen.gaps.push((unit, "pages of a PDF"));
                    break;
                }
                let mut one = page::Seen::default();
                let outcome = guarded(|| {
                    one = page::seen(page, &fonts, &mut budget, hides, &mut reading)?;
                    Ok(())
                });
                match outcome {
                    Ok(()) => seen.take(number, one, &mut room),
                    Err(Halt::Read(ReadError::Damaged(why) | ReadError::Limit(why))) => seen.gaps.push((unit, why)),
                    Err(halt) => return Err(halt),
                }
            }
            Ok(())
        })
    });
    match outcome {
        Ok(()) | Err(Halt::Over) => Ok(seen),
        Err(Halt::Read(e)) => Err(e),
    }
}
