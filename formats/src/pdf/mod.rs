//! PDF (ISO 32000). A protected file is an unencrypted wrapper document (ISO 32000-2, 7.6.7): the cover page, and the
//! envelope as an embedded file stream that is stored as it is, so that it lies at a known range of the file.
//!
//! The cover is one whole revision; the envelope is the one object of a second, incremental one (7.5.6).

mod build;
mod find;
#[cfg(test)]
mod tests;

use std::io::Write;

use crate::carrier::{Carrier, Frame};
use crate::cover::Cover;
use crate::detect::{Detection, Lock, State};
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::format::{Format, Template};
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::place::Place;
use crate::source::Source;

/// The plugin.
pub(crate) struct Pdf;

/// A cover of which everything but the envelope's length is known.
struct Wrapper(build::Base);

impl Template for Wrapper {
    fn carrier(&self, envelope: u64) -> Result<Carrier, WrapError> {
        let (prefix, suffix) = self.0.around(envelope);
        Ok(Carrier { frame: Frame { prefix, suffix }, envelope, sums: None })
    }
}

impl Format for Pdf {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Pdf]
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        // Readers take a header within the first 1,024 bytes (ISO 32000-1, H.3, note 13).
        let start = head.get(..head.len().min(1024)).unwrap_or_default();
        if !start.windows(5).any(|window| window == b"%PDF-") {
            return Ok(None);
        }
        let state = match find::envelope(source)? {
            Some(range) => State::Protected(Place::Range(range)),
            None if find::is_lost_cover(source)? => State::Damaged("a cover without its envelope"),
            None if find::is_encrypted(source)? => State::Locked(Lock::Pdf),
            None => State::Open,
        };
        Ok(Some(Detection { kind: Kind::Pdf, state }))
    }

    fn locate(&self, source: &dyn Source) -> Result<Option<Place>, LocateError> {
        Ok(find::envelope(source).map_err(ReadError::from)?.map(Place::Range))
    }

    fn prepare(&self, _kind: Kind, cover: &Cover) -> Result<Box<dyn Template>, WrapError> {
        Ok(Box::new(Wrapper(build::Base::new(&cover.page()?)?)))
    }

    fn read_label(&self, _source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        Err(LabelError::Unsupported(Kind::Pdf))
    }

    fn write_label(&self, _: &dyn Source, _: &StoredLabel, _: &mut dyn Write) -> Result<(), LabelError> {
        Err(LabelError::Unsupported(Kind::Pdf))
    }
}
