//! The one shape of every plugin, and the table of them.

use std::io::Write;

use crate::ability::{Ability, Can};
use crate::archive::Zip;
use crate::carrier::Carrier;
use crate::cover::Cover;
use crate::detect::Detection;
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::foreign::ForeignLabel;
use crate::hidden::{self, Ledger, Out, SanitiseError};
use crate::html::Html;
use crate::image::Image;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::mail::Mail;
use crate::marking::{Change, MarkError, Marked, Marking};
use crate::odf::Odf;
use crate::ole::Older;
use crate::ooxml::Ooxml;
use crate::opaque::{Bare, Opaque};
use crate::pdf::Pdf;
use crate::place::Place;
use crate::plain::Plain;
use crate::rtf::Rtf;
use crate::source::Source;
use crate::text::{self, Halt, Reading};

/// A cover drawn once, from which carriers of any length are made.
pub(crate) trait Template: Send + Sync {
    fn carrier(&self, envelope: u64) -> Result<Carrier, WrapError>;
}

/// A plugin: knows its format, and nothing of keys, servers or policy.
pub(crate) trait Format: Sync {
    /// The kinds it answers for.
    fn kinds(&self) -> &'static [Kind];
    /// Whether this is a file of its own, by content; `head` is the start of the file, up to 4 KiB.
    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError>;
    /// The envelope in a carrier of its kinds; most kinds have none.
    fn locate(&self, _: &dyn Source) -> Result<Option<Place>, LocateError> {
        Ok(None)
    }
    /// Draws the cover of a kind of its own; without one, the envelope stands alone.
    fn prepare(&self, _: Kind, _: &Cover) -> Result<Box<dyn Template>, WrapError> {
        Ok(Box::new(Bare))
    }
    /// The label in the format's own metadata; asked only of kinds that can keep one.
    fn read_label(&self, _: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        Err(LabelError::Unsupported(Kind::Opaque))
    }
    /// The document with a label in its metadata, everything else byte for byte.
    fn write_label(&self, _: &dyn Source, _: &StoredLabel, _: &mut dyn Write) -> Result<(), LabelError> {
        Err(LabelError::Unsupported(Kind::Opaque))
    }
    /// The labels of other schemes in the format's own metadata.
    fn foreign(&self, _: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        Ok(Vec::new())
    }
    /// The document's text; without a reader of its own, whatever its content looks like.
    fn text(
        &self,
        source: &dyn Source,
        _kind: Kind,
        name: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> Result<(), Halt> {
        text::content(source, name, reading)
    }
    /// The marking of ours that the document shows on its pages.
    fn marking(&self, _: &dyn Source, _: Kind) -> Result<Option<Marking>, MarkError> {
        Ok(None)
    }
    /// The document with another marking of ours on every page, or none; everything else as it was.
    fn mark(&self, _: &dyn Source, kind: Kind, _: Change<'_>, _: &mut dyn Write) -> Result<Marked, MarkError> {
        Err(MarkError::Unsupported(kind))
    }
    /// What it can do with a kind of its own; what is not said here it can't.
    fn can(&self, kind: Kind, ability: Ability) -> Can;
    /// Finds hidden data, and writes the document without those that are to go; without a way of its own, it says so.
    fn clean(
        &self,
        source: &dyn Source,
        _kind: Kind,
        name: Option<&str>,
        ledger: &mut Ledger,
        out: Out<'_>,
    ) -> Result<(), SanitiseError> {
        hidden::plain(source, name, ledger, out)
    }
}

/// Every plugin, in the order of detection; the last takes what no other took.
pub(crate) static FORMATS: &[&dyn Format] =
    &[&Ooxml, &Odf, &Pdf, &Image, &Older, &Html, &Mail, &Rtf, &Zip, &Plain, &Opaque];

/// The plugin of a kind.
pub(crate) fn of(kind: Kind) -> &'static dyn Format {
    FORMATS.iter().copied().find(|f| f.kinds().contains(&kind)).unwrap_or(&Opaque)
}
