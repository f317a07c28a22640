//! PDF (ISO 32000). A protected PDF is an unencrypted wrapper document (ISO 32000-2, 7.6.7): a cover page, and the
//! envelope as its one attached file. Other people's PDFs are read object by object, and written only behind their end.

mod carried;
mod document;
mod hidden;
mod label;
mod mark;
mod object;
mod pages;
mod predict;
mod sign;
mod text;
mod update;
mod wrap;
mod xref;

use std::io::Write;

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::cover::Cover;
use crate::detect::{Detection, Lock, State};
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::foreign::ForeignLabel;
use crate::format::{Format, Template};
use crate::hidden::{Ledger, Out, SanitiseError};
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::marking::{Change, MarkError, Marked, Marking};
use crate::place::{MAGIC, Place};
use crate::source::Source;
use crate::text::{Halt, Reading};

use carried::Carried;
use document::Document;

pub(crate) use carried::extract;
pub use sign::{Changes, SignaturePlace, Unsigned};

/// The plugin.
pub(crate) struct Pdf;

impl Format for Pdf {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Pdf]
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        let Some(start) = header(head) else { return Ok(None) };
        match state(source) {
            Ok(state) => Ok(Some(Detection { kind: Kind::Pdf, state })),
            Err(ReadError::Io(e)) => Err(e.into()),
            Err(ReadError::Damaged(why) | ReadError::Limit(why)) => {
                // The words `%PDF-` somewhere in a text do not make it a PDF.
                Ok((start == 0).then_some(Detection { kind: Kind::Pdf, state: State::Damaged(why) }))
            }
        }
    }

    fn locate(&self, source: &dyn Source) -> Result<Option<Place>, LocateError> {
        let file = Document::open(source)?;
        if file.trailer.get("Encrypt").is_some() {
            return Ok(None);
        }
        match carried::find(source, &file)? {
            Carried::Envelope(place) => Ok(Some(place)),
            Carried::Nothing | Carried::Foreign => Ok(None),
        }
    }

    fn prepare(&self, _kind: Kind, cover: &Cover) -> Result<Box<dyn Template>, WrapError> {
        Ok(Box::new(wrap::Sheet::draw(cover)?))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        let file = Document::open(source)?;
        if file.trailer.get("Encrypt").is_some() {
            return Err(LOCKED);
        }
        label::read(&file)
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        match state(source)? {
            State::Open => label::write(source, label, out),
            State::Locked(_) => Err(LOCKED),
            _ => Err(LabelError::Refused(Text::fixed(
                "保護されたファイルの格付は、封筒の中にあります。",
                "a protected file has its label in its envelope",
            ))),
        }
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        Ok(label::foreign(&Document::open(source)?)?)
    }

    fn text(&self, source: &dyn Source, _: Kind, _: Option<&str>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        text::read(source, reading)
    }

    fn marking(&self, source: &dyn Source, _: Kind) -> Result<Option<Marking>, MarkError> {
        mark::marking(source)
    }

    fn mark(&self, source: &dyn Source, _: Kind, change: Change<'_>, out: &mut dyn Write) -> Result<Marked, MarkError> {
        mark::change(source, change, out)
    }

    fn can(&self, _: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Label | Ability::Text | Ability::Inspect | Ability::Wrap => Can::Yes,
            Ability::Sanitise => Can::Partly(REPORTED),
            Ability::Mark => Can::Partly(Text::fixed(
                "電子署名のある文書は、署名が壊れてもよいと指示されたときだけ表示を付けます。",
                "A signed document is marked only when asked to break its signature.",
            )),
        }
    }

    fn clean(
        &self,
        source: &dyn Source,
        _: Kind,
        _: Option<&str>,
        ledger: &mut Ledger,
        out: Out<'_>,
    ) -> Result<(), SanitiseError> {
        hidden::clean(source, ledger, out)
    }
}

const REPORTED: Text = Text::fixed(
    "塗りつぶしの下や見えない書き方の文字は報告のみです。",
    "Text under boxes or drawn so that nobody sees it is only reported.",
);

const LOCKED: LabelError = LabelError::Refused(Text::fixed(
    "パスワード等で暗号化されたPDFのため、格付を書き込めません。",
    "the PDF is encrypted with a password or by another program",
));

/// Where `%PDF-` stands, near the start; readers tolerate bytes before it.
fn header(head: &[u8]) -> Option<usize> {
    if head.starts_with(&MAGIC) {
        return None;
    }
    head.get(..head.len().min(1024))?.windows(5).position(|w| w == b"%PDF-")
}

fn state(source: &dyn Source) -> Result<State, ReadError> {
    let file = Document::open(source)?;
    if file.trailer.get("Encrypt").is_some() {
        return Ok(State::Locked(Lock::Pdf));
    }
    match carried::find(source, &file) {
        Ok(Carried::Envelope(place)) => Ok(State::Protected(place)),
        Ok(Carried::Foreign) => Ok(State::Locked(Lock::Pdf)),
        Ok(Carried::Nothing) if label::is_cover(&file)? => Ok(State::LostEnvelope),
        Ok(Carried::Nothing) => Ok(State::Open),
        Err(LocateError::Read(e)) => Err(e),
        Err(LocateError::Write(e)) => Err(e.into()),
        Err(LocateError::Ambiguous(why)) => Ok(State::Damaged(why)),
    }
}
