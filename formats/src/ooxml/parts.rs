//! Building a package: parts of XML, their content types and relationships, written together.

use super::label;
use super::opc::Relation;
use crate::cover::{Cover, words};
use crate::error::WrapError;
use crate::zip::Writer;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A package being built. Parts are added in any order; content types come first in the archive.
pub(super) struct Parts {
    parts: Vec<(String, Vec<u8>)>,
    types: String,
}

impl Parts {
    /// A package whose main part is `main`, with the properties of every cover.
    pub fn new(main: &str, main_type: &str, cover: &Cover) -> Self {
        let mut parts = Self { parts: Vec::new(), types: String::new() };
        parts.main("_rels/.rels", &root_relationships(main));
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        parts.add("docProps/core.xml", core, &core_properties(cover));
        parts.add("docProps/custom.xml", label::CONTENT_TYPE, &label::cover_properties());
        parts.types.push_str(&override_of(main, main_type));
        parts
    }

    /// Adds an XML part; its head is put before it.
    pub fn add(&mut self, name: &str, content_type: &str, body: &str) {
        self.types.push_str(&override_of(name, content_type));
        self.main(name, body);
    }

    /// Adds an XML part whose content type is listed already, or by its extension.
    pub fn main(&mut self, name: &str, body: &str) {
        self.parts.push((name.to_owned(), format!("{HEAD}{body}").into_bytes()));
    }

    /// Adds the picture of the cover.
    pub fn picture(&mut self, name: &str, png: Vec<u8>) {
        self.parts.push((name.to_owned(), png));
    }

    /// Adds the relationships of a part: `rId1`, `rId2`, … of these kinds to these targets.
    pub fn relationships(&mut self, name: &str, targets: &[(&str, &str)]) {
        let mut body = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">");
        for (number, (kind, target)) in (1..).zip(targets) {
            body.push_str(&format!("<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"));
        }
        body.push_str("</Relationships>");
        self.main(name, &body);
    }

    /// The archive, complete but for the object that holds the envelope.
    pub fn archive(self) -> Result<Writer, WrapError> {
        let mut archive = Writer::default();
        let types = format!(
            "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Default Extension=\"png\" ContentType=\"image/png\"/>\
             <Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>\
             <Default Extension=\"bin\" ContentType=\"application/vnd.openxmlformats-officedocument.oleObject\"/>\
             {}</Types>",
            self.types
        );
        archive.deflate("[Content_Types].xml", types.as_bytes())?;
        for (name, data) in &self.parts {
            if name.ends_with(".png") {
                archive.store(name, data);
            } else {
                archive.deflate(name, data)?;
            }
        }
        Ok(archive)
    }
}

fn override_of(part: &str, content_type: &str) -> String {
    format!("<Override PartName=\"/{part}\" ContentType=\"{content_type}\"/>")
}

fn root_relationships(main: &str) -> String {
    format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"{main}\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" \
         Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"{}\" Target=\"docProps/custom.xml\"/></Relationships>",
        Relation::Custom.names()[0]
    )
}

fn core_properties(cover: &Cover) -> String {
    let plain = cover.plain();
    format!(
        "<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{} {}</dc:title><dc:description>{}</dc:description>\
         <dc:language>ja-JP</dc:language>\
         <cp:contentStatus>Final</cp:contentStatus></cp:coreProperties>",
        words::TITLE.ja,
        words::TITLE.en,
        crate::xml::escape(&plain.ja)
    )
}
