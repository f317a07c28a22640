//! 文書形式. Document formats: detect, label, read, wrap and unwrap.
//!
//! Floor 1 of the house: knows ZIP, XML and PDF, and nothing of keys, servers or policy. An envelope is opaque
//! bytes here, known by its first eight ([`MAGIC`]). Bytes come in through [`Source`] and go out through
//! `std::io::Write`; no clock, no path, no socket.
//!
//! Everything read came from outside: see [`limits`].

mod ability;
mod archive;
mod carrier;
mod cover;
mod detect;
mod embed;
mod error;
mod foreign;
mod format;
mod hidden;
mod html;
mod image;
mod kind;
mod label;
pub mod limits;
mod mail;
mod marking;
mod odf;
mod ole;
mod ooxml;
mod opaque;
mod pdf;
mod place;
mod plain;
mod rtf;
mod source;
mod splice;
mod text;
mod wrap;
mod xml;
mod xmp;
mod zip;

use std::io::Write;

pub use ability::{Ability, Can, can};
pub use carrier::{Carrier, EnvelopeSum, Frame};
pub use cover::Cover;
pub use detect::{Detection, Lock, State};
pub use error::{LabelError, LocateError, ReadError, WrapError};
pub use foreign::{ForeignLabel, foreign_labels};
pub use hidden::{Category, Fate, Finding, Report, SanitiseError, Wanted, inspect, sanitise};
pub use image::burn;
pub use kind::Kind;
pub use label::{LABEL_PROPERTY, MARKING_PROPERTY, StoredLabel};
pub use marking::{MarkError, Marked, Marking, Signatures, mark, marking_of, unmark};
pub use pdf::{Changes, SignaturePlace, Unsigned};
pub use place::{MAGIC, Place, Repacked};
pub use source::{Cursor, Source, Window};
pub use text::{Inside, TextError, TextSummary, labels_inside, text};
pub use wrap::{CoverCache, carrier};

use format::FORMATS;
use place::Route;

/// What a file is. `name` (a file name, no path needed) only decides between kinds that look alike.
///
/// # Errors
/// When the source can't be read. A damaged or encrypted file is an answer ([`State`]), not an error.
pub fn detect(source: &dyn Source, name: Option<&str>) -> Result<Detection, ReadError> {
    let mut head = vec![0; usize::try_from(source.size()?).unwrap_or(usize::MAX).min(4096)];
    source.read_exact_at(0, &mut head)?;
    for format in FORMATS {
        if let Some(mut found) = format.detect(source, &head)? {
            // An encrypted or damaged document does not always say itself what kind it is.
            if found.kind == Kind::Opaque && matches!(found.state, State::Locked(_) | State::Damaged(_)) {
                found.kind = name.map_or(Kind::Opaque, Kind::from_name);
            }
            return Ok(found);
        }
    }
    Ok(Detection { kind: Kind::Opaque, state: State::Open })
}

/// The envelope in a file: exactly one, or none.
///
/// # Errors
/// [`LocateError::Ambiguous`] when there are several candidates; [`LocateError::Read`] when the carrier is
/// damaged or over the limits.
pub fn locate(source: &dyn Source) -> Result<Option<Place>, LocateError> {
    let detection = detect(source, None)?;
    match detection.state {
        State::Protected(place) => Ok(Some(place)),
        State::Damaged(why) if detection.kind == Kind::Opaque => Err(ReadError::Damaged(why).into()),
        State::Open | State::LostEnvelope | State::Damaged(_) => format::of(detection.kind).locate(source),
        State::Locked(_) => Ok(None),
    }
}

/// Copies a located envelope to `out`; returns its length in bytes.
///
/// # Errors
/// When the carrier can't be read as it was located, or `out` not written.
pub fn extract(source: &dyn Source, place: &Place, out: &mut dyn Write) -> Result<u64, LocateError> {
    match place {
        Place::Range(range) => source::copy_range(source, range.clone(), out).map_err(LocateError::Write),
        Place::Repacked(repacked) => match &repacked.route {
            Route::Part { name, pieces } => embed::extract(source, name, pieces, out),
            Route::Deflated(range) => pdf::extract(source, range, repacked.len, out),
            Route::Base64(range) => mail::extract(source, range, repacked.len, out),
        },
    }
}

/// The label in an unprotected document's own metadata, unverified.
///
/// # Errors
/// [`LabelError::Unsupported`] for kinds without a place for it, [`LabelError::Malformed`] when what is there
/// is not in the stored form.
pub fn read_label(source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
    format::of(labelled_kind(source)?).read_label(source)
}

/// Writes the document with `label` in its own metadata to `out`, in place of an earlier label of ours,
/// everything else byte for byte.
///
/// # Errors
/// [`LabelError::Unsupported`] for kinds without a place for it, [`LabelError::Refused`] when writing would
/// harm the document. What `out` got by then is no usable file.
pub fn write_label(source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
    format::of(labelled_kind(source)?).write_label(source, label, out)
}

/// The kind of a document that has a place for a label.
fn labelled_kind(source: &dyn Source) -> Result<Kind, LabelError> {
    let kind = detect(source, None)?.kind;
    if matches!(can(kind, Ability::Label), Can::No(_)) { Err(LabelError::Unsupported(kind)) } else { Ok(kind) }
}
