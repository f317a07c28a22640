//! 表示. Visible markings of OpenDocument documents (ISO/IEC 26300-3): put in, read, taken out. Texts and sheets carry them in
//! their page styles, slides and drawings on each page.

mod header;
mod job;
mod layout;
mod length;
mod names;
mod object;
mod page;
mod part;
mod room;
mod runs;
mod section;
mod sheet;
mod slide;
mod strip;
mod text;

use std::collections::BTreeSet;
use std::io::Write;

use self::job::Job;
pub(super) use self::names::{OUR_SPACE, is_ours};
use self::part::{Edits, Part};
use super::kinds::Family;
use super::{MANIFEST, SIGNATURES};
use crate::error::{LabelError, ReadError};
use crate::limits;
use crate::marking::{Change, MarkError, Marked, Marking, Signatures};
use crate::source::Source;
use crate::text::{Halt, Node, walk};
use crate::xml::{self, Element};
use crate::zip::{self, Archive};

const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";

/// Writes the document with another marking, or none.
pub(super) fn change(
    source: &dyn Source,
    family: Family,
    change: Change<'_>,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    let archive = Archive::open(source)?;
    let mut job = Job::default();
    let new = match family {
        Family::Text | Family::Sheet => styles_only(&archive, family, change.marking, &mut job)?,
        Family::Slides | Family::Drawing => pages(&archive, change.marking, &mut job)?,
    };
    let mut parts = Vec::new();
    for (name, before, after) in new {
        if before != after {
            xml::elements(&after, 1)?;
            let written = xml::encode(&after, &bytes(&archive, name)?.unwrap_or_default());
            parts.push((name.to_owned(), written));
        }
    }
    let mut gone = BTreeSet::new();
    if !parts.is_empty() && archive.find(SIGNATURES).is_some() {
        if change.signatures == Signatures::Keep {
            return Err(MarkError::Signed);
        }
        gone.insert(SIGNATURES.to_owned());
        parts.extend(unlisted(&archive)?.map(|manifest| (MANIFEST.to_owned(), manifest.into_bytes())));
    }
    zip::rewrite_without(&archive, &parts, &gone, out).map_err(|e| match e {
        LabelError::Read(e) => e.into(),
        LabelError::Write(e) => MarkError::Write(e),
        _ => MarkError::Refused("the archive is too large"),
    })?;
    Ok(job.marked)
}

/// A part's name, its text, and its text with the change made.
type New = (&'static str, String, String);

fn styles_only(
    archive: &Archive<'_>,
    family: Family,
    marking: Option<&Marking>,
    job: &mut Job,
) -> Result<Vec<New>, MarkError> {
    let Some(styles) = load(archive, STYLES)? else {
        return match marking {
            Some(_) => Err(MarkError::Refused("the document has no page styles")),
            None => Ok(Vec::new()),
        };
    };
    let stripped = strip::strip(&styles, names::DEEP)?;
    let after = match marking {
        Some(marking) if family == Family::Sheet => sheet::mark(&stripped.text, marking, job)?,
        Some(marking) => text::mark(&stripped.text, marking, job)?,
        None => {
            job.marked.places = stripped.places;
            stripped.text
        }
    };
    Ok(vec![(STYLES, styles, after)])
}

fn pages(archive: &Archive<'_>, marking: Option<&Marking>, job: &mut Job) -> Result<Vec<New>, MarkError> {
    let content = load(archive, CONTENT)?.ok_or(ReadError::Damaged("an OpenDocument package without content"))?;
    let styles = load(archive, STYLES)?;
    let stripped = strip::strip(&content, names::PAGES)?;
    let plain = styles.as_ref().map(|text| strip::strip(text, names::DEEP)).transpose()?.map(|s| s.text);
    let (content_after, styles_after) = match marking {
        Some(marking) => (
            slide::mark(&stripped.text, plain.as_deref(), marking, job)?,
            plain.map(|text| slide::mark_paper(&text, marking)).transpose()?,
        ),
        None => {
            job.marked.places = stripped.places;
            (stripped.text, plain)
        }
    };
    let styles = styles.zip(styles_after).map(|(before, after)| (STYLES, before, after));
    Ok(std::iter::once((CONTENT, content, content_after)).chain(styles).collect())
}

/// The marking that a document shows.
pub(super) fn read(source: &dyn Source, family: Family) -> Result<Option<Marking>, MarkError> {
    let archive = Archive::open(source)?;
    let name = if matches!(family, Family::Text | Family::Sheet) { STYLES } else { CONTENT };
    let Some(part) = load(&archive, name)?.filter(|text| text.contains(names::PREFIX)) else { return Ok(None) };
    let (line, watermark) = match family {
        Family::Sheet => (sheet::read(&part)?, None),
        _ => text::read(&part)?,
    };
    // Words that nobody could have asked for are none.
    let known = watermark.filter(|words| Marking::new(words, None).is_ok());
    Ok(line.and_then(|line| Marking::new(&line, known.as_deref()).ok()))
}

fn load(archive: &Archive<'_>, name: &str) -> Result<Option<String>, MarkError> {
    Ok(bytes(archive, name)?.map(|part| xml::decode(&part)).transpose()?)
}

fn bytes(archive: &Archive<'_>, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
    archive.find(name).map(|entry| archive.read(entry, limits::ODF_MARKED_PART)).transpose()
}

/// The manifest without the signature that goes, when it names it.
fn unlisted(archive: &Archive<'_>) -> Result<Option<String>, MarkError> {
    let Some(manifest) = load(archive, MANIFEST)? else { return Ok(None) };
    let part = Part::read(&manifest, 1)?;
    let mut edits = Edits::default();
    for entry in part.elements.iter().filter(|e| e.attribute_local("full-path") == Some(SIGNATURES)) {
        edits.remove(entry.span.clone());
    }
    if edits.is_empty() { Ok(None) } else { edits.apply(&manifest).map(Some) }
}

/// The words in an element, with every blank.
fn words(part: &Part<'_>, element: &Element) -> Option<String> {
    let mut words = String::new();
    let done = walk(part.text.get(element.span.clone())?, &mut |node| {
        match node {
            Node::Text(text) => words.push_str(text),
            Node::Start(tag) if tag.name == "s" => {
                let many = tag.get("c").and_then(|c| c.parse().ok()).unwrap_or(1_usize);
                words.push_str(&" ".repeat(many.min(limits::MARKING_LINE)));
            }
            _ => {}
        }
        // Longer words than can be asked for are none of ours.
        if words.len() > limits::MARKING_LINE * 8 { Err(Halt::Over) } else { Ok(()) }
    });
    (done.is_ok() && !words.trim().is_empty()).then_some(words)
}
