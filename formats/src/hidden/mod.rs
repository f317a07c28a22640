//! 隠れた情報. What a document holds that a reader does not see: found, and taken out before it leaves (3.1.1(5)(d)).
//!
//! One walk a format both finds and removes, so that what is reported and what is removed can't differ. What can't be
//! looked into is a finding too ([`Category::NotInspected`]): "nothing found" is only said of what was read.

mod archive;
mod category;
mod characters;
mod colour;
mod compound;
mod content;
mod datauri;
mod forms;
mod ledger;
mod mail;
mod markdown;
mod markup;
mod nested;
mod package;
mod path;
mod rgb;
mod rtf;
mod scrub;
mod written;

use std::io::{self, Write};

use kakuzuke_core::code::{Code, Text};

use crate::detect::{self, State};
use crate::error::ReadError;
use crate::source::Source;
use crate::{format, image};

pub use category::{Category, Fate};
pub(crate) use content::plain;
pub(crate) use forms::Said;
pub(crate) use ledger::Ledger;
pub use ledger::{Finding, Report, Wanted};
pub(crate) use nested::nested;
pub(crate) use package::{Changes, beside};
pub(crate) use path::{holds_path, is_path};
pub(crate) use rgb::Rgb;
pub(crate) use scrub::{Act, Frame, Opened, nearest, scrub};

/// Hidden data could not be looked for, or not taken out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SanitiseError {
    /// The document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing can be taken out of this file; the words say why.
    #[error("not sanitised: {0}")]
    Refused(&'static str),
    /// The result could not be written.
    #[error("writing failed: {0}")]
    Write(#[source] io::Error),
}

impl SanitiseError {
    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Read(e) => e.code(),
            Self::Refused(_) => Code::Unsupported,
            Self::Write(e) => ReadError::Io(io::Error::from(e.kind())).code(),
        }
    }
}

/// Where the cleaned document goes: nowhere when it is only looked at.
pub(crate) type Out<'o> = Option<&'o mut dyn Write>;

/// What a document holds beside what is seen. `name` (a file name) decides between forms that look alike.
///
/// # Errors
/// When the source can't be read. A damaged, encrypted or unknown file is a finding, not an error.
pub fn inspect(source: &dyn Source, name: Option<&str>) -> Result<Report, SanitiseError> {
    let mut ledger = Ledger::new(Wanted::nothing());
    match clean(source, name, &mut ledger, None) {
        Ok(()) => {}
        Err(SanitiseError::Read(ReadError::Damaged(why) | ReadError::Limit(why)) | SanitiseError::Refused(why)) => {
            ledger.not_inspected(Text::new(why.to_owned(), why.to_owned()));
        }
        Err(e) => return Err(e),
    }
    Ok(ledger.finish())
}

/// Writes the document to `out` without what `wanted` says; the report tells what was found and what of it was removed.
///
/// # Errors
/// [`SanitiseError::Refused`] for files out of which nothing can be taken. What `out` got by then is no usable file.
pub fn sanitise(
    source: &dyn Source,
    name: Option<&str>,
    wanted: &Wanted,
    out: &mut dyn Write,
) -> Result<Report, SanitiseError> {
    let mut ledger = Ledger::new(wanted.clone());
    clean(source, name, &mut ledger, Some(out))?;
    Ok(ledger.finish())
}

fn clean(source: &dyn Source, name: Option<&str>, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let mut head = [0; 16];
    let n = source.read_at(0, &mut head).map_err(ReadError::from)?;
    let head = head.get(..n).unwrap_or_default();
    if let Some(picture) = image::Picture::of(head) {
        return image::clean_source(source, picture, ledger, out);
    }
    let detection = crate::detect(source, name)?;
    match detection.state {
        State::Open => format::of(detection.kind).clean(source, detection.kind, name, ledger, out),
        State::Protected(_) => Err(SanitiseError::Refused("a protected file is opened first")),
        State::Locked(detect::Lock::Pdf | detect::Lock::Office | detect::Lock::OpenDocument) => {
            Err(SanitiseError::Refused("the file is encrypted with a password or by another program"))
        }
        State::LostEnvelope => Err(SanitiseError::Refused("a cover that has lost its envelope")),
        State::Damaged(why) => Err(ReadError::Damaged(why).into()),
    }
}
