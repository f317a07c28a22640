//! 書庫. Files in a ZIP archive, one by one; bounded by what the reading has left.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Unit};

use super::encoding::decode_name;
use super::{Halt, Reading};
use crate::source::Source;
use crate::zip::Archive;

/// Reads every file of an archive.
pub(super) fn read(source: &dyn Source, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let archive = Archive::open(source)?;
    for entry in archive.entries() {
        let name = decode_name(archive.raw_name(entry));
        if name.ends_with('/') && entry.size == 0 {
            reading.say(Unit::Whole, Part::FileName, &name)?;
            continue;
        }
        let outcome = if entry.is_encrypted() {
            reading.say(Unit::Whole, Part::FileName, &name)?;
            reading.gap_within(&name, locked());
            Ok(())
        } else {
            reading.read_entry(&name, &archive, entry)
        };
        reading.bear_within(&name, outcome)?;
    }
    Ok(())
}

fn locked() -> Text {
    Text::fixed(
        "パスワード付きZIPの中のファイルのため、読めません。",
        "A file in a ZIP archive with a password; it can't be read.",
    )
}
