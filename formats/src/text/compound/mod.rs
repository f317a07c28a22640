//! 複合ファイル. Compound files ([MS-CFB]): older office documents, Outlook messages, 一太郎, embedded objects. What lies
//! in one is told by the names of its streams, at any depth.

mod ichitaro;
mod native;
mod outlook;
mod powerpoint;
mod properties;
mod records;
mod sheets;
mod strings;
mod word;

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use cfb::CompoundFile;
use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Unit};

use super::{Halt, Reading};
use crate::error::ReadError;
use crate::limits;

/// A compound file whose directory was read.
pub(super) struct Compound<'b> {
    file: CompoundFile<Cursor<&'b [u8]>>,
    /// The path of every stream, in the order of the directory.
    streams: Vec<PathBuf>,
    /// Their lengths.
    lengths: HashMap<PathBuf, u64>,
    /// Length of the file.
    size: u64,
}

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Halt> {
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| ReadError::Damaged("a compound file"))?;
        let entries = file.walk().filter(cfb::Entry::is_stream);
        let entries = entries.take(usize::try_from(limits::CFB_ENTRIES).unwrap_or(usize::MAX));
        let (streams, lengths): (Vec<_>, Vec<_>) = entries.map(|e| (e.path().to_owned(), e.len())).unzip();
        let lengths = streams.iter().cloned().zip(lengths).collect();
        Ok(Self { file, streams, lengths, size: bytes.len() as u64 })
    }

    /// The bytes of a stream; `None` when there is none.
    fn stream(&mut self, path: &Path, reading: &mut Reading<'_>) -> Result<Option<Vec<u8>>, Halt> {
        let Some(length) = self.lengths.get(path).copied() else { return Ok(None) };
        if length > limits::TEXT_PART || length > self.size {
            return Err(ReadError::Damaged("a stream of a compound file is longer than the file").into());
        }
        reading.charge(length)?;
        let broken = |_| ReadError::Damaged("a stream of a compound file");
        let mut bytes = Vec::new();
        self.file.open_stream(path).map_err(broken)?.take(length).read_to_end(&mut bytes).map_err(broken)?;
        Ok(Some(bytes))
    }
}

/// Reads everything that is written in a compound file.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), Halt> {
    let mut compound = Compound::open(bytes)?;
    if outlook::begins(&compound) {
        return outlook::read(&mut compound, Path::new("/"), reading);
    }
    let streams = compound.streams.clone();
    let mut is_known = false;
    for path in &streams {
        let Some(reader) = reader(path) else { continue };
        is_known = true;
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let outcome = if folder == Path::new("/") {
            reader(&mut compound, path, reading)
        } else {
            let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            reading.within(&name, |reading| reader(&mut compound, path, reading))
        };
        reading.bear(Unit::Whole, Part::Body, outcome)?;
    }
    for path in streams.iter().filter(|path| name(path).starts_with('\u{5}')) {
        let outcome =
            compound.stream(path, reading).and_then(|stream| properties::say(&stream.unwrap_or_default(), reading));
        reading.bear(Unit::Whole, Part::Property(String::new()), outcome)?;
    }
    if !is_known {
        reading.gap(Unit::Whole, Part::Body, super::content::unknown());
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Who reads what lies around a stream.
type Reader = fn(&mut Compound<'_>, &Path, &mut Reading<'_>) -> Result<(), Halt>;

/// The reader of a stream's name.
fn reader(path: &Path) -> Option<Reader> {
    Some(match name(path).as_str() {
        "WordDocument" => word::read,
        "Workbook" | "Book" => sheets::read,
        "PowerPoint Document" => powerpoint::read,
        "DocumentText" => ichitaro::read,
        "JSCompDocument" => ichitaro::read_packed,
        "\u{1}Ole10Native" => native::read,
        "Package" | "CONTENTS" => native::read_package,
        // Formulas are drawn, not written.
        "Equation Native" => |_, _, _| Ok(()),
        _ => return None,
    })
}

/// An older document is encrypted.
fn locked() -> Text {
    super::locked(crate::detect::Lock::Office)
}
