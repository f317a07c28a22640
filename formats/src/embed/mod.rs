//! 埋込みオブジェクト. How an envelope lies in an office cover: as the file of an embedded OLE object, the last
//! and stored part of the package. Office suites keep embedded objects when they save a document again; parts
//! they do not know they drop.

mod text;

use kakuzuke_core::code::Text;

use crate::carrier::{Carrier, Encoding, Frame, ZipSums};
use crate::detect::State;
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::format::Template;
use crate::kind::Kind;
use crate::limits;
use crate::ole::{self, Found, LARGEST, Object};
use crate::place::{Place, Repacked, Route};
use crate::source::{Source, read_range};
use crate::zip::{Archive, Entry, Facts, Fields, RESTARTS, Writer};

pub(crate) use text::{Line, Role, lines};

/// A package complete but for the part that holds the envelope.
pub(crate) struct Package {
    pub kind: Kind,
    pub parts: Writer,
    /// Name of the part that holds the envelope.
    pub object: &'static str,
}

impl Template for Package {
    fn carrier(&self, envelope: u64) -> Result<Carrier, WrapError> {
        let too_large = || WrapError::TooLarge { kind: self.kind, limit: LARGEST };
        let length = u32::try_from(envelope).ok().filter(|l| u64::from(*l) <= LARGEST).ok_or_else(too_large)?;
        let object = Object::around(length);
        let size = object.before.len() as u64 + envelope + object.after.len() as u64;
        let size = u32::try_from(size).map_err(|_| too_large())?;
        let mut parts = self.parts.clone();
        let (in_prefix, in_directory) = parts.begin(self.object, Facts::stored(size));
        let directory = u32::try_from(parts.local.len() as u64 + u64::from(size)).map_err(|_| too_large())?;
        let end = parts.end(directory);
        let sums = ZipSums {
            before: sum(&object.before),
            after: sum(&object.after),
            in_prefix,
            in_suffix: object.after.len() + in_directory,
        };
        let mut prefix = parts.local;
        prefix.extend(object.before);
        let mut suffix = object.after;
        suffix.extend(end);
        Ok(Carrier { frame: Frame { prefix, suffix }, envelope, encoding: Encoding::AsIs, sums: Some(sums) })
    }
}

fn sum(bytes: &[u8]) -> crc32fast::Hasher {
    let mut sum = crc32fast::Hasher::new();
    sum.update(bytes);
    sum
}

/// Whether a file begins like a ZIP archive.
pub(crate) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// The name of the first file of an archive, from its local header.
pub(crate) fn first_name(head: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields(head.get(26..)?);
    let length = fields.u16()?;
    fields.take(2)?;
    fields.take(length.into())
}

/// What can be done with a package that is none of the special cases of its format; `is_cover` says whether it
/// bears the mark of our covers.
pub(crate) fn state(
    archive: &Archive<'_>,
    is_cover: impl Fn(&Archive<'_>) -> Result<bool, ReadError>,
) -> Result<State, ReadError> {
    match locate(archive) {
        Ok(Some(place)) => Ok(State::Protected(place)),
        Ok(None) => match is_cover(archive) {
            Ok(true) => Ok(State::LostEnvelope),
            Err(ReadError::Io(e)) => Err(e.into()),
            // Metadata that can't be read are no cover's.
            Ok(false) | Err(_) => Ok(State::Open),
        },
        Err(LocateError::Read(ReadError::Io(e)) | LocateError::Write(e)) => Err(e.into()),
        Err(LocateError::Read(ReadError::Damaged(why) | ReadError::Limit(why)) | LocateError::Ambiguous(why)) => {
            Ok(State::Damaged(why))
        }
    }
}

/// Refuses to label a carrier: its label is in its envelope.
pub(crate) fn refuse_carrier(state: &State) -> Result<(), LabelError> {
    match state {
        State::Open => Ok(()),
        _ => Err(LabelError::Refused(Text::fixed(
            "保護されたファイルの格付は、封筒の中にあります。",
            "a protected file has its label in its envelope",
        ))),
    }
}

/// The envelope in a package: as it was written, or as an office suite has saved it again.
pub(crate) fn locate(archive: &Archive<'_>) -> Result<Option<Place>, LocateError> {
    let mut found = None;
    let mut objects = 0;
    let file = archive.size().map_err(ReadError::from)?;
    let mut inflated = limits::INFLATED_OBJECTS.saturating_add(file.saturating_mul(4));
    for entry in archive.entries().iter().filter(|e| may_be_object(e)) {
        objects += 1;
        if objects > limits::EMBEDDED_OBJECTS {
            return Err(ReadError::Limit("embedded objects").into());
        }
        let Ok(data) = archive.data(entry) else { continue };
        if !ole::begins(&*data) {
            continue;
        }
        if archive.stored(entry).is_none() {
            let worst = entry.size.saturating_mul(u64::from(RESTARTS) + 1);
            inflated = inflated.checked_sub(worst).ok_or(ReadError::Limit("compressed embedded objects"))?;
        }
        let Some(Found(pieces)) = ole::find(&*data)? else { continue };
        if found.is_some() {
            return Err(LocateError::Ambiguous("several embedded envelopes"));
        }
        found = Some(place(archive, entry, pieces)?);
    }
    Ok(found)
}

/// Parts that are certainly not embedded objects are not looked into.
fn may_be_object(entry: &Entry) -> bool {
    let lower = entry.name.to_ascii_lowercase();
    let other = [".xml", ".rels", ".png", ".jpg", ".jpeg", ".emf", ".wmf", ".svm"].iter().any(|e| lower.ends_with(e));
    entry.size >= 512 && !other
}

fn place(archive: &Archive<'_>, entry: &Entry, pieces: Vec<std::ops::Range<u64>>) -> Result<Place, LocateError> {
    let length = pieces.iter().map(|p| p.end - p.start).sum();
    if length > limits::REPACKED_ENVELOPE {
        return Err(ReadError::Limit("size of an embedded envelope").into());
    }
    match (archive.stored(entry), pieces.as_slice()) {
        (Some(part), [one]) => Ok(Place::Range(part.start + one.start..part.start + one.end)),
        _ => Ok(Place::Repacked(Repacked { len: length, route: Route::Part { name: entry.name.clone(), pieces } })),
    }
}

/// Copies a repacked envelope out of the part `name`.
pub(crate) fn extract(
    source: &dyn Source,
    name: &str,
    pieces: &[std::ops::Range<u64>],
    out: &mut dyn std::io::Write,
) -> Result<u64, LocateError> {
    let archive = Archive::open(source)?;
    let entry = archive.find(name).ok_or(ReadError::Damaged("the part with the envelope is gone"))?;
    let data = archive.data(entry)?;
    let mut copied = 0;
    for piece in pieces {
        let mut at = piece.start;
        while at < piece.end {
            let until = piece.end.min(at + (128 << 10));
            let bytes = read_range(&*data, at..until).map_err(ReadError::from)?;
            out.write_all(&bytes).map_err(LocateError::Write)?;
            (copied, at) = (copied + bytes.len() as u64, until);
        }
    }
    Ok(copied)
}
