//! Office文書. OOXML packages (ISO/IEC 29500): Word, Excel and PowerPoint, with their template and macro kinds.

mod foreign;
mod hidden;
mod kinds;
mod label;
mod mark;
mod opc;
mod parts;
mod sheet;
mod slides;
mod text;
mod word;

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
use crate::marking::{Change, MarkError, Marked, Marking};
use crate::ole::{self, Compound};
use crate::place::Place;
use crate::source::Source;
use crate::text::{Halt, Reading};
use crate::zip::Archive;

use kinds::Family;
pub(crate) use mark::is_record;
use opc::{Opc, Relation};

/// The plugin.
pub(crate) struct Ooxml;

impl Format for Ooxml {
    fn kinds(&self) -> &'static [Kind] {
        kinds::KINDS
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        if head.starts_with(&ole::SIGNATURE) {
            let locked = Detection { kind: Kind::Opaque, state: State::Locked(Lock::Office) };
            return Ok(is_locked(source)?.then_some(locked));
        }
        if !embed::is_archive(head) || embed::first_name(head) == Some(b"mimetype") {
            return Ok(None);
        }
        let begins = embed::first_name(head).is_some_and(begins);
        let archive = match Archive::open(source) {
            Ok(archive) => archive,
            Err(ReadError::Io(e)) => return Err(e.into()),
            Err(ReadError::Damaged(why) | ReadError::Limit(why)) if begins => {
                return Ok(Some(Detection { kind: Kind::Opaque, state: State::Damaged(why) }));
            }
            Err(_) => return Ok(None),
        };
        match kind(&archive) {
            Ok(Some(kind)) => Ok(Some(Detection { kind, state: embed::state(&archive, label::is_cover)? })),
            Ok(None) => Ok(None),
            Err(ReadError::Io(e)) => Err(e.into()),
            Err(ReadError::Damaged(why) | ReadError::Limit(why)) => {
                Ok(Some(Detection { kind: Kind::Opaque, state: State::Damaged(why) }))
            }
        }
    }

    fn locate(&self, source: &dyn Source) -> Result<Option<Place>, LocateError> {
        embed::locate(&Archive::open(source)?)
    }

    fn prepare(&self, kind: Kind, cover: &Cover) -> Result<Box<dyn Template>, WrapError> {
        let package = match kinds::family(kind).zip(kinds::main_type(kind)) {
            Some((Family::Word, main)) => word::package(kind, main, cover)?,
            Some((Family::Sheet, main)) => sheet::package(kind, main, cover)?,
            Some((Family::Slides, main)) => slides::package(kind, main, cover)?,
            None => return Err(WrapError::Cover("not an OOXML kind")),
        };
        Ok(Box::new(package))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        label::read(&Archive::open(source)?)
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let archive = Archive::open(source)?;
        embed::refuse_carrier(&embed::state(&archive, label::is_cover)?)?;
        label::write(&archive, label, out)
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        Ok(foreign::read(&Archive::open(source)?)?)
    }

    fn text(&self, source: &dyn Source, kind: Kind, _: Option<&str>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        text::read(source, kind, reading)
    }

    fn marking(&self, source: &dyn Source, kind: Kind) -> Result<Option<Marking>, MarkError> {
        mark::read(source, kind)
    }

    fn mark(
        &self,
        source: &dyn Source,
        kind: Kind,
        change: Change<'_>,
        out: &mut dyn Write,
    ) -> Result<Marked, MarkError> {
        mark::change(source, kind, change, out)
    }

    fn can(&self, kind: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Label | Ability::Text | Ability::Inspect | Ability::Sanitise | Ability::Wrap => Can::Yes,
            Ability::Mark if kinds::family(kind) == Some(Family::Sheet) => Can::Partly(Text::fixed(
                "表示はヘッダー（印刷とページレイアウト表示）に出ます。標準の画面には、透かしだけが出ます。",
                "The line shows in the header, on paper and in the page view; the normal view shows the watermark only.",
            )),
            Ability::Mark => Can::Yes,
        }
    }

    fn clean(
        &self,
        source: &dyn Source,
        kind: Kind,
        _: Option<&str>,
        ledger: &mut Ledger,
        out: Out<'_>,
    ) -> Result<(), SanitiseError> {
        hidden::clean(source, kind, ledger, out)
    }
}

/// Whether a package's first part is one that programs write first: its content types, its relationships, its document.
fn begins(name: &[u8]) -> bool {
    const FOLDERS: [&[u8]; 6] = [b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"customXml/"];
    name == opc::TYPES.as_bytes() || FOLDERS.iter().any(|folder| name.starts_with(folder))
}

fn kind(archive: &Archive<'_>) -> Result<Option<Kind>, ReadError> {
    let Some(package) = Opc::open(archive)? else { return Ok(None) };
    let main = package.target(Relation::Main);
    Ok(main.and_then(|part| package.content_type(&part.name)).and_then(kinds::of_main_type))
}

/// Whether a compound file is an encrypted package ([MS-OFFCRYPTO] 1.3.2).
fn is_locked(source: &dyn Source) -> Result<bool, ReadError> {
    match Compound::open(source) {
        Ok(Some(compound)) => Ok(compound.streams().any(|s| s.name == "EncryptedPackage")),
        Ok(None) | Err(ReadError::Damaged(_) | ReadError::Limit(_)) => Ok(false),
        Err(ReadError::Io(e)) => Err(e.into()),
    }
}
