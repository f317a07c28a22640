//! 表示. The marking on every page, sheet and slide of a package. Each place of ours bears [`TAG`]: by it alone it is known
//! again, replaced and taken off; what people wrote is never looked at.

mod backdrop;
mod header;
mod margin;
mod measure;
mod parts;
mod shape;
mod sheets;
mod slides;
mod tree;
mod word;

use std::io::Write;

use super::kinds::{self, Family};
use crate::error::ReadError;
use crate::kind::Kind;
use crate::marking::{Change, MarkError, Marked, Marking, Signatures};
use crate::source::Source;
use crate::zip::Archive;

pub(crate) use header::is_record;
use parts::Parts;

/// The name that everything of ours bears.
const TAG: &str = "kakuzuke.marking";

/// Which of the two sets of namespaces a part is written in.
#[derive(Debug, Clone, Copy)]
struct Dialect {
    is_strict: bool,
}

impl Dialect {
    /// That of a part whose root is in this namespace.
    fn of(namespace: &str) -> Self {
        Self { is_strict: namespace.starts_with("http://purl.oclc.org/ooxml/") }
    }

    fn pick(self, transitional: &'static str, strict: &'static str) -> &'static str {
        if self.is_strict { strict } else { transitional }
    }

    fn word(self) -> &'static str {
        self.pick(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
    }

    fn word_drawing(self) -> &'static str {
        self.pick(
            "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
            "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        )
    }

    fn drawing(self) -> &'static str {
        self.pick("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")
    }

    fn slides(self) -> &'static str {
        self.pick(
            "http://schemas.openxmlformats.org/presentationml/2006/main",
            "http://purl.oclc.org/ooxml/presentationml/main",
        )
    }

    fn sheets(self) -> &'static str {
        self.pick(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
    }

    fn relationships(self) -> &'static str {
        self.pick(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    }
}

fn family(kind: Kind) -> Result<Family, ReadError> {
    kinds::family(kind).ok_or(ReadError::Damaged("not an OOXML kind"))
}

/// Writes the package with another marking of ours, or none.
pub(super) fn change(
    source: &dyn Source,
    kind: Kind,
    change: Change<'_>,
    out: &mut dyn Write,
) -> Result<Marked, MarkError> {
    let archive = Archive::open(source)?;
    let mut parts = Parts::open(&archive)?;
    let family = family(kind)?;
    let places = match family {
        Family::Word => word::take(&mut parts)?,
        Family::Sheet => sheets::take(&mut parts)?,
        Family::Slides => slides::take(&mut parts)?,
    };
    let marked = match change.marking {
        None => Marked { places, notes: Vec::new() },
        Some(marking) => match family {
            Family::Word => word::put(&mut parts, marking)?,
            Family::Sheet => sheets::put(&mut parts, marking)?,
            Family::Slides => slides::put(&mut parts, marking)?,
        },
    };
    if parts.changes() && parts.is_signed() && change.signatures == Signatures::Keep {
        return Err(MarkError::Signed);
    }
    parts.write(out)?;
    Ok(marked)
}

/// The marking of ours in a package.
pub(super) fn read(source: &dyn Source, kind: Kind) -> Result<Option<Marking>, MarkError> {
    let archive = Archive::open(source)?;
    let parts = Parts::open(&archive)?;
    let found = match family(kind)? {
        Family::Word => word::read(&parts)?,
        Family::Sheet => sheets::read(&parts)?,
        Family::Slides => slides::read(&parts)?,
    };
    let Found { line: Some(line), watermark } = found else { return Ok(None) };
    // Somebody may have written over it; what can't be a marking is none.
    Ok(Marking::new(&line, watermark.as_deref()).or_else(|_| Marking::new(&line, None)).ok())
}

/// What of ours was read.
#[derive(Default)]
struct Found {
    line: Option<String>,
    watermark: Option<String>,
}

impl Found {
    fn is_whole(&self) -> bool {
        self.line.is_some() && self.watermark.is_some()
    }

    /// Takes over what is not known yet.
    fn add(&mut self, other: Self) {
        self.line = self.line.take().or(other.line);
        self.watermark = self.watermark.take().or(other.watermark);
    }
}
