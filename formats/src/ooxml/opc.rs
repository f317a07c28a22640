//! Open Packaging Conventions (ISO/IEC 29500-2): content types, and relationships of the package.

use std::collections::HashMap;

use crate::error::ReadError;
use crate::limits;
use crate::xml::{self, Element};
use crate::zip::{Archive, Entry};

/// Name of the part that lists content types.
pub(super) const TYPES: &str = "[Content_Types].xml";
/// Name of the part with the relationships of the whole package.
pub(super) const RELATIONSHIPS: &str = "_rels/.rels";

/// The relationships of a package that matter here.
#[derive(Debug, Clone, Copy)]
pub(super) enum Relation {
    /// To the main part.
    Main,
    /// To the custom properties.
    Custom,
    /// To the labels of Microsoft's scheme ([MS-OFFCRYPTO] 2.6).
    Classification,
}

impl Relation {
    /// The type in transitional and in strict packages.
    pub const fn names(self) -> [&'static str; 2] {
        match self {
            Self::Main => [
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
                "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
            ],
            Self::Custom => [
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties",
                "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties",
            ],
            Self::Classification => {
                ["http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels"; 2]
            }
        }
    }
}

/// The two parts that say what a package is.
pub(super) struct Opc<'a> {
    archive: &'a Archive<'a>,
    /// Text of `[Content_Types].xml`.
    pub types: String,
    /// Text of `_rels/.rels`.
    pub relationships: String,
    types_elements: Vec<Element>,
    relationship_elements: Vec<Element>,
}

impl<'a> Opc<'a> {
    /// Reads a package; `None` when the archive is none.
    pub fn open(archive: &'a Archive<'a>) -> Result<Option<Self>, ReadError> {
        let (Some(types), Some(relationships)) = (archive.find(TYPES), archive.find(RELATIONSHIPS)) else {
            return Ok(None);
        };
        let types = read(archive, types)?;
        let relationships = read(archive, relationships)?;
        let (types_elements, relationship_elements) = (xml::elements(&types, 1)?, xml::elements(&relationships, 1)?);
        Ok(Some(Self { archive, types, relationships, types_elements, relationship_elements }))
    }

    /// The part that a relationship of the package leads to.
    pub fn target(&self, kind: Relation) -> Option<&'a Entry> {
        let found = self.relationship_elements.iter().filter(|e| e.depth == 1).find(|e| {
            e.attribute("Type").is_some_and(|t| kind.names().contains(&t))
                && e.attribute("TargetMode") != Some("External")
        })?;
        self.archive.find_part(found.attribute("Target")?)
    }

    /// Whether the package follows ISO/IEC 29500 without its transitional part.
    pub fn is_strict(&self) -> bool {
        self.relationship_elements.iter().any(|e| e.attribute("Type") == Some(Relation::Main.names()[1]))
    }

    /// The content type of a part.
    pub fn content_type(&self, part: &str) -> Option<&str> {
        let items = || self.types_elements.iter().filter(|e| e.depth == 1);
        let of = |e: &'_ Element, name: &str, value: &str| {
            e.attribute(name).is_some_and(|v| v.trim_start_matches('/').eq_ignore_ascii_case(value))
        };
        let extension = part.rsplit('.').next().unwrap_or_default();
        items()
            .find(|e| e.name == "Override" && of(e, "PartName", part.trim_start_matches('/')))
            .or_else(|| items().find(|e| e.name == "Default" && of(e, "Extension", extension)))
            .and_then(|e| e.attribute("ContentType"))
    }

    /// The content types by part and by extension, both in lower case and without the leading slash.
    pub fn content_types(&self) -> (HashMap<String, String>, HashMap<String, String>) {
        let of = |element: &str, key: &str| {
            let items = self.types_elements.iter().filter(|e| e.depth == 1 && e.name == element);
            let pairs = items.filter_map(|e| Some((e.attribute(key)?, e.attribute("ContentType")?)));
            pairs.map(|(k, v)| (k.trim_start_matches('/').to_ascii_lowercase(), v.to_owned())).collect()
        };
        (of("Override", "PartName"), of("Default", "Extension"))
    }

    /// The list of content types with a part added.
    pub fn types_with(&self, part: &str, content_type: &str) -> Option<String> {
        let added = format!("<Override PartName=\"/{part}\" ContentType=\"{content_type}\"/>");
        add(&self.types, &self.types_elements, &added)
    }

    /// The relationships of the package with one added.
    pub fn relationships_with(&self, part: &str, kind: Relation) -> Option<String> {
        let [transitional, strict] = kind.names();
        let kind = if self.is_strict() { strict } else { transitional };
        let taken = |id: &str| self.relationship_elements.iter().any(|e| e.attribute("Id") == Some(id));
        let id = (1..=self.relationship_elements.len() + 1).map(|n| format!("rIdKz{n}")).find(|id| !taken(id))?;
        let added = format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{part}\"/>");
        add(&self.relationships, &self.relationship_elements, &added)
    }
}

/// Adds an element in the namespace of the root, written with the root's own prefix.
pub(super) fn add(part: &str, elements: &[Element], added: &str) -> Option<String> {
    let root = elements.first()?;
    let tag = part.get(root.span.clone())?.get(1..)?;
    let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next()?;
    let added = match name.split_once(':') {
        Some((prefix, _)) => format!("<{prefix}:{}", added.get(1..)?),
        None => added.to_owned(),
    };
    xml::splice(part, &[], root, &added)
}

/// The text of an XML part.
pub(super) fn read(archive: &Archive<'_>, entry: &Entry) -> Result<String, ReadError> {
    xml::decode(&archive.read(entry, limits::XML_PART)?)
}
