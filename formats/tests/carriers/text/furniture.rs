//! What the tests of text share: reading a document, packages made by hand.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use kakuzuke_core::passage::{Part, Passage, Unit};
use kakuzuke_formats::{TextSummary, text};

/// Everything that a document says, and what could not be read.
pub struct Said {
    pub passages: Vec<Passage>,
    pub summary: TextSummary,
}

impl Said {
    /// The passages of a part of the document itself, one a line.
    pub fn of(&self, part: &Part) -> String {
        let own = self.passages.iter().filter(|p| p.spot.within.is_empty() && p.spot.part == *part);
        own.map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Where some words stand.
    pub fn spot(&self, words: &str) -> (Vec<String>, Unit, Part) {
        let found = self.passages.iter().find(|p| p.text.contains(words));
        let spot = found.unwrap_or_else(|| panic!("{words} is not said: {:#?}", self.passages)).spot.clone();
        (spot.within, spot.unit, spot.part)
    }

    /// Asserts that words stand in a part of the document itself.
    pub fn has(&self, words: &str, unit: &Unit, part: &Part) {
        let found =
            self.passages.iter().any(|p| p.spot.unit == *unit && p.spot.part == *part && p.text.contains(words));
        assert!(found, "{words} does not stand in {unit:?} {part:?}: {:#?}", self.passages);
    }
}

pub fn read(bytes: &[u8], name: Option<&str>) -> Said {
    let mut passages = Vec::new();
    let summary = text(&bytes.to_vec(), name, &mut |passage| {
        passages.push(passage);
        ControlFlow::Continue(())
    })
    .unwrap();
    Said { passages, summary }
}

/// A ZIP archive of these files.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Relationships of a part: id, last word of the type, target.
type Links<'a> = &'a [(&'a str, &'a str, &'a str)];

/// An OOXML package: parts by name, content type (its end after `officedocument.`, or the whole) and content;
/// relationships by the part they belong to.
pub fn package(main: &str, parts: &[(&str, &str, &str)], links: &[(&str, Links<'_>)]) -> Vec<u8> {
    let space = "http://schemas.openxmlformats.org/package/2006";
    let mut files: Vec<(String, String)> = Vec::new();
    let full = |kind: &str| match kind.contains('/') {
        true => kind.to_owned(),
        false => format!("application/vnd.openxmlformats-officedocument.{kind}+xml"),
    };
    let mut types = String::new();
    for (name, kind, _) in parts {
        types.push_str(&format!("<Override PartName=\"/{name}\" ContentType=\"{}\"/>", full(kind)));
    }
    files.push((
        "[Content_Types].xml".to_owned(),
        format!("<Types xmlns=\"{space}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/>{types}</Types>"),
    ));
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationships = |links: &[(&str, &str, &str)]| {
        let each = links.iter().map(|(id, kind, target)| {
            format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
        });
        format!("<Relationships xmlns=\"{space}/relationships\">{}</Relationships>", each.collect::<String>())
    };
    files.push(("_rels/.rels".to_owned(), relationships(&[("r1", "officeDocument", main)])));
    for (part, links) in links {
        let (folder, name) = part.rsplit_once('/').unwrap();
        files.push((format!("{folder}/_rels/{name}.rels"), relationships(links)));
    }
    files.extend(parts.iter().map(|(name, _, content)| ((*name).to_owned(), (*content).to_owned())));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, c)| (n.as_str(), c.as_bytes())).collect();
    archive(&files)
}
