//! 本文の取り出し. The text of OpenDocument packages (ISO/IEC 26300-3): one reader for all families, because their
//! bodies are made of the same elements.

use std::collections::HashSet;

use kakuzuke_core::passage::{Part, Unit};

use super::story::Story;
use crate::label::StoredLabel;
use crate::source::Source;
use crate::text::{Halt, Node, Reading, is_picture, walk, words};
use crate::zip::{Archive, Entry};

/// Reads a package's text.
pub(super) fn read(source: &dyn Source, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let archive = Archive::open(source)?;
    let mut hidden = HashSet::new();
    for name in ["styles.xml", "content.xml"] {
        if let Some(entry) = archive.find(name) {
            // What of it can't be read is said below.
            let _ = reading.markup(&archive, entry).and_then(|text| hidden_styles(&text, &mut hidden));
        }
    }
    if archive.find("content.xml").is_none() {
        reading.miss(Unit::Whole, Part::Body, "an OpenDocument package without content");
    }
    let before = reading.so_far();
    for name in ["styles.xml", "content.xml"] {
        if let Some(entry) = archive.find(name) {
            story(&archive, entry, &hidden, reading)?;
        }
    }
    let silent = reading.so_far().0 == before.0;
    for entry in archive.entries() {
        beside(&archive, entry, reading)?;
    }
    if silent && reading.so_far().1 > before.1 {
        reading.only_pictures(Unit::Whole);
    }
    Ok(())
}

fn story(
    archive: &Archive<'_>,
    entry: &Entry,
    hidden: &HashSet<String>,
    reading: &mut Reading<'_>,
) -> Result<(), Halt> {
    let outcome = reading.markup(archive, entry).and_then(|text| {
        let mut story = Story::new(hidden, reading);
        walk(&text, &mut |node| story.take(node))
    });
    reading.bear(Unit::Whole, Part::Body, outcome)
}

/// Reads properties, embedded documents and objects; counts pictures.
fn beside(archive: &Archive<'_>, entry: &Entry, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let lower = entry.name.to_ascii_lowercase();
    let inner = entry.name.split_once('/').filter(|(_, file)| matches!(*file, "content.xml" | "styles.xml"));
    let outcome = if lower == "meta.xml" {
        properties(archive, entry, reading)
    } else if inner.is_some() {
        story(archive, entry, &HashSet::new(), reading)
    } else if lower.starts_with("thumbnails/") || lower.starts_with("objectreplacements/") {
        Ok(())
    } else if is_picture(&lower) {
        reading.picture();
        Ok(())
    } else if is_object(&lower) && entry.size > 0 {
        reading.read_entry(&entry.name, archive, entry)
    } else {
        Ok(())
    };
    reading.bear(Unit::Whole, Part::Body, outcome)
}

/// Whether an entry is an embedded object of another program.
fn is_object(lower: &str) -> bool {
    let name = lower.trim_start_matches("./");
    name.starts_with("obj") && !name.ends_with('/') && !name.ends_with(".xml") && !name.ends_with(".rdf")
}

fn properties(archive: &Archive<'_>, entry: &Entry, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let text = reading.markup(archive, entry)?;
    words(&text, &mut |element, named, value| match named {
        Some(name) if StoredLabel::is_property(name) => Ok(()),
        name => reading.say(Unit::Whole, Part::Property(name.unwrap_or(element).to_owned()), value),
    })
}

/// Styles whose text, section, table, row, column or page is not shown.
fn hidden_styles(text: &str, hidden: &mut HashSet<String>) -> Result<(), Halt> {
    let mut style = String::new();
    walk(text, &mut |node| {
        let Node::Start(tag) = node else { return Ok(()) };
        match tag.name {
            "style" => style = tag.get("name").unwrap_or_default(),
            "text-properties" | "table-properties" | "drawing-page-properties" => {
                let is_hidden = tag.get("visibility").is_some_and(|v| v == "hidden")
                    || tag.get("display").is_some_and(|v| v == "none" || v == "false");
                if is_hidden {
                    hidden.insert(style.clone());
                }
            }
            _ => {}
        }
        Ok(())
    })
}
