//! 表示. The marking on every page of a PDF: a form of ours, drawn behind the page's own instructions by an update at the end
//! of the file (ISO 32000-2, 7.5.6). The file before it stays as it is, and comes back byte for byte.

mod balance;
mod earlier;
mod filter;
mod ink;
mod ours;
mod place;
mod plan;
mod signed;
mod typeface;
mod write;

use std::io::Write;

use crate::error::ReadError;
use crate::limits;
use crate::marking::{Change, MarkError, Marked, Marking, Signatures};
use crate::source::{Source, Window, copy_range};

use super::document::Document;
use super::pages;
use ours::Tag;
use plan::Plan;

pub(in crate::pdf) use ours::KEY;

/// The marking of ours that the first page with one shows.
pub(super) fn marking(source: &dyn Source) -> Result<Option<Marking>, MarkError> {
    let file = Document::open(source)?;
    file.allow(limits::PDF_MARKED);
    let mut found = None;
    pages::walk::<MarkError>(&file, &mut |page| {
        found = ours::contents(&file, &page.dict)?.tag.map(|tag| tag.marking);
        if found.is_none() {
            // Another program may have put all instructions into one stream.
            let (at, way) = ours::names_of(&file, page.resources)?;
            let dict = file.dict(at)?.unwrap_or_default();
            let names = ours::names(&file, ours::follow(&dict, way).unwrap_or(&dict))?;
            for (_, form) in names.ours {
                found = ours::tagged(&file, form)?.as_ref().and_then(Tag::of).map(|tag| tag.marking).or(found.take());
            }
        }
        Ok(found.is_none())
    })?;
    Ok(found)
}

/// Writes the document with another marking, or none.
pub(super) fn change(source: &dyn Source, change: Change<'_>, out: &mut dyn Write) -> Result<Marked, MarkError> {
    let file = open(source)?;
    let plan = Plan::of(&file)?;
    let places = plan.marked();
    let is_done = match change.marking {
        Some(marking) => plan.shows(marking)?,
        None => places == 0 && !plan.has_names(),
    };
    if is_done {
        copy_range(source, 0..file.size(), out).map_err(MarkError::Write)?;
        return plan.said(change.marking, places);
    }
    let earlier = earlier::length(source, &file)?;
    let is_signed = change.signatures == Signatures::Keep && signed::is_signed(&file)?;
    let Some(length) = earlier else {
        return if is_signed { Err(MarkError::Signed) } else { put(source, &file, &plan, change.marking, out) };
    };
    let window = Window::new(source, 0..length);
    let before = open(&window)?;
    let earlier = Plan::of(&before)?;
    if change.marking.is_none() && earlier.marked() == 0 && !earlier.has_names() {
        copy_range(source, 0..length, out).map_err(MarkError::Write)?;
        return plan.said(None, places);
    }
    if is_signed { Err(MarkError::Signed) } else { put(&window, &before, &earlier, change.marking, out) }
}

fn open(source: &dyn Source) -> Result<Document<'_>, MarkError> {
    let mut head = [0; 5];
    source.read_exact_at(0, &mut head).map_err(ReadError::from)?;
    if head != *b"%PDF-" {
        return Err(MarkError::Refused("there are bytes before the PDF's header"));
    }
    let file = Document::open(source)?;
    if file.trailer.get("Encrypt").is_some() {
        return Err(MarkError::Refused("the PDF is encrypted with a password or by another program"));
    }
    file.allow(limits::PDF_MARKED);
    Ok(file)
}

/// The document, and an update behind it.
fn put(
    source: &dyn Source,
    file: &Document<'_>,
    plan: &Plan,
    marking: Option<&Marking>,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    copy_range(source, 0..file.size(), out).map_err(MarkError::Write)?;
    match marking {
        Some(marking) => write::put(file, plan, marking, out)?,
        None => write::take_off(file, plan, out)?,
    }
    plan.said(marking, if marking.is_some() { plan.sheets.len() as u64 } else { plan.marked() })
}
