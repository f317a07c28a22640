//! OpenDocument文書. ODF packages (ISO/IEC 26300): text, spreadsheet, presentation, drawing, and their templates.

mod content;
mod cover;
mod hidden;
mod kinds;
mod label;
mod mark;
mod story;
mod text;

use std::io::Write;

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::cover::Cover;
use crate::detect::{Detection, Lock, State};
use crate::embed;
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::foreign::ForeignLabel;
use crate::format::{Format, Template};
use crate::hidden::{Ledger, Out, SanitiseError};
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::limits;
use crate::marking::{Change, MarkError, Marked, Marking};
use crate::place::Place;
use crate::source::Source;
use crate::text::{Halt, Reading};
use crate::xml;
use crate::zip::Archive;

/// The file that holds the media type, first in the archive.
const MEDIA_TYPE: &str = "mimetype";
/// The list of all files.
const MANIFEST: &str = "META-INF/manifest.xml";
/// Signatures over the document.
const SIGNATURES: &str = "META-INF/documentsignatures.xml";

/// The plugin.
pub(crate) struct Odf;

impl Format for Odf {
    fn kinds(&self) -> &'static [Kind] {
        kinds::KINDS
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        if !embed::is_archive(head) {
            return Ok(None);
        }
        let begins = embed::first_name(head) == Some(MEDIA_TYPE.as_bytes());
        let archive = match Archive::open(source) {
            Ok(archive) => archive,
            Err(ReadError::Io(e)) => return Err(e.into()),
            Err(ReadError::Damaged(why) | ReadError::Limit(why)) if begins => {
                return Ok(Some(Detection { kind: Kind::Opaque, state: State::Damaged(why) }));
            }
            Err(_) => return Ok(None),
        };
        let Some(kind) = kind(&archive)? else { return Ok(None) };
        let state = match is_locked(&archive) {
            Ok(true) => State::Locked(Lock::OpenDocument),
            Ok(false) => embed::state(&archive, label::is_cover)?,
            Err(ReadError::Io(e)) => return Err(e.into()),
            Err(ReadError::Damaged(why) | ReadError::Limit(why)) => State::Damaged(why),
        };
        Ok(Some(Detection { kind, state }))
    }

    fn locate(&self, source: &dyn Source) -> Result<Option<Place>, LocateError> {
        embed::locate(&Archive::open(source)?)
    }

    fn prepare(&self, kind: Kind, cover: &Cover) -> Result<Box<dyn Template>, WrapError> {
        let family = kinds::family(kind).ok_or(WrapError::Cover("not an OpenDocument kind"))?;
        Ok(Box::new(cover::package(kind, family, cover)?))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        let archive = Archive::open(source)?;
        if is_locked(&archive)? {
            return Ok(None);
        }
        label::read(&archive)
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let archive = Archive::open(source)?;
        if is_locked(&archive)? {
            return Err(LabelError::Refused(Text::fixed(
                "他のソフトで暗号化された文書のため、格付を書き込めません。",
                "the document is encrypted by another program",
            )));
        }
        if archive.find(SIGNATURES).is_some() {
            return Err(LabelError::Refused(Text::fixed(
                "電子署名が文書のプロパティにも及んでいるため、格付を書き込むと署名が壊れます。",
                "a signature covers the document's metadata",
            )));
        }
        embed::refuse_carrier(&embed::state(&archive, label::is_cover)?)?;
        label::write(&archive, label, out)
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        Ok(label::foreign(&Archive::open(source)?)?)
    }

    fn text(&self, source: &dyn Source, _: Kind, _: Option<&str>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        text::read(source, reading)
    }

    fn marking(&self, source: &dyn Source, kind: Kind) -> Result<Option<Marking>, MarkError> {
        mark::read(source, kinds::family(kind).ok_or(MarkError::Unsupported(kind))?)
    }

    fn mark(
        &self,
        source: &dyn Source,
        kind: Kind,
        change: Change<'_>,
        out: &mut dyn Write,
    ) -> Result<Marked, MarkError> {
        mark::change(source, kinds::family(kind).ok_or(MarkError::Unsupported(kind))?, change, out)
    }

    fn can(&self, kind: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Mark if kinds::family(kind) == Some(kinds::Family::Sheet) => Can::Partly(Text::fixed(
                "印刷のヘッダーに表示します。画面のシートと透かしにはできません。",
                "In the printed header; not on the sheet on the screen, and no watermark.",
            )),
            _ => Can::Yes,
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

/// The kind that the package says it is.
fn kind(archive: &Archive<'_>) -> Result<Option<Kind>, ReadError> {
    let Some(entry) = archive.find(MEDIA_TYPE).filter(|e| e.size <= 256) else { return Ok(None) };
    let media = match archive.read(entry, 256) {
        Ok(media) => media,
        Err(ReadError::Io(e)) => return Err(e.into()),
        Err(_) => return Ok(None),
    };
    let media = String::from_utf8_lossy(&media);
    Ok(Kind::from_media_type(media.trim()).filter(|kind| kinds::KINDS.contains(kind)))
}

/// Whether the manifest lists encrypted files (ISO/IEC 26300-2, 4.8.4).
fn is_locked(archive: &Archive<'_>) -> Result<bool, ReadError> {
    let Some(entry) = archive.find(MANIFEST) else { return Ok(false) };
    let manifest = xml::decode(&archive.read(entry, limits::XML_PART)?)?;
    Ok(xml::elements(&manifest, 2)?.iter().any(|e| e.name == "encryption-data"))
}
