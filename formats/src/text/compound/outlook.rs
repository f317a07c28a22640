//! Outlook messages ([MS-OXMSG]): properties of the message, of who gets it, and what is attached.

use std::path::{Path, PathBuf};

use kakuzuke_core::passage::{Part, Unit};

use super::Compound;
use super::strings::{paged, wide};
use crate::text::html::{self, Markup};
use crate::text::{Halt, Reading, lines, rtf};

/// Whether a compound file is a message.
pub(super) fn begins(compound: &Compound<'_>) -> bool {
    compound.lengths.contains_key(Path::new("/__properties_version1.0"))
}

/// Properties that are said, and what they are.
const SAID: &[(&str, &str)] = &[
    ("0037", "Subject"),
    ("0C1A", "From"),
    ("0C1F", "From"),
    ("5D01", "From"),
    ("0E04", "To"),
    ("0E03", "Cc"),
    ("0E02", "Bcc"),
    ("3FFA", "LastModifier"),
];

/// Reads the message in `folder`.
pub(super) fn read(compound: &mut Compound<'_>, folder: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for (tag, name) in SAID {
        if let Some(words) = words(compound, folder, tag, reading)? {
            reading.say(Unit::Whole, Part::Property((*name).to_owned()), &words)?;
        }
    }
    let outcome = body(compound, folder, reading);
    reading.bear(Unit::Whole, Part::Body, outcome)?;
    for inner in folders(compound, folder) {
        let name = super::name(&inner);
        let outcome = if name.starts_with("__recip_version1.0_") {
            recipient(compound, &inner, reading)
        } else if name.starts_with("__attach_version1.0_") {
            attachment(compound, &inner, reading)
        } else {
            Ok(())
        };
        reading.bear(Unit::Whole, Part::Body, outcome)?;
    }
    Ok(())
}

/// The storages directly in `folder`.
fn folders(compound: &Compound<'_>, folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in &compound.streams {
        let Ok(inside) = path.strip_prefix(folder) else { continue };
        let mut steps = inside.components();
        if let (Some(first), Some(_)) = (steps.next(), steps.next()) {
            let inner = folder.join(first);
            if found.last() != Some(&inner) {
                found.push(inner);
            }
        }
    }
    found
}

/// A property that is text, in Unicode or the code page of its writer.
fn words(
    compound: &mut Compound<'_>,
    folder: &Path,
    tag: &str,
    reading: &mut Reading<'_>,
) -> Result<Option<String>, Halt> {
    if let Some(bytes) = compound.stream(&folder.join(format!("__substg1.0_{tag}001F")), reading)? {
        return Ok(Some(wide(&bytes)));
    }
    let narrow = compound.stream(&folder.join(format!("__substg1.0_{tag}001E")), reading)?;
    Ok(narrow.map(|bytes| paged(&bytes, 932)))
}

fn body(compound: &mut Compound<'_>, folder: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let plain = words(compound, folder, "1000", reading)?;
    if let Some(plain) = &plain {
        lines::read(plain, reading)?;
    }
    if let Some(page) = compound.stream(&folder.join("__substg1.0_10130102"), reading)? {
        let bare = |words: &str| words.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let decoded = crate::text::encoding::decode(&page, crate::text::content::declared(&page).as_deref());
        let page = decoded.map(|decoded| decoded.text).unwrap_or_default();
        let again = plain.as_ref().is_some_and(|plain| bare(plain).contains(&bare(&html::plain(&page))));
        return if again { Ok(()) } else { html::read(&page, Markup::Html, reading) };
    }
    if plain.is_some() {
        return Ok(());
    }
    match compound.stream(&folder.join("__substg1.0_10090102"), reading)? {
        Some(packed) => rtf::read(&rtf::unpack(&packed)?, reading),
        None => Ok(()),
    }
}

fn recipient(compound: &mut Compound<'_>, folder: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for tag in ["3001", "39FE", "3003"] {
        if let Some(words) = words(compound, folder, tag, reading)? {
            reading.say(Unit::Whole, Part::Property("To".to_owned()), &words)?;
        }
    }
    Ok(())
}

fn attachment(compound: &mut Compound<'_>, folder: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let mut name = None;
    for tag in ["3707", "3704", "3001"] {
        if name.is_none() {
            name = words(compound, folder, tag, reading)?;
        }
    }
    let name = name.map_or_else(|| "添付".to_owned(), |name| name.trim_end_matches('\0').to_owned());
    if let Some(bytes) = compound.stream(&folder.join("__substg1.0_37010102"), reading)? {
        return reading.read_held(&name, &bytes);
    }
    let inner = folder.join("__substg1.0_3701000D");
    if compound.lengths.contains_key(&inner.join("__properties_version1.0")) {
        return reading.within(&name, |reading| read(compound, &inner, reading));
    }
    if compound.file.is_storage(&inner) {
        reading.gap_within(&name, crate::text::content::unknown());
    }
    Ok(())
}
