//! 文書のプロパティ: the information dictionary, and the XMP packet.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::graph::{Data, Graph};
use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::label::StoredLabel;
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object, Reference};
use crate::xml;

/// The trailer, and the information dictionary without what is to go.
pub(super) fn information(file: &Document<'_>, graph: &mut Graph, ledger: &mut Ledger) -> Result<Dict, ReadError> {
    let mut trailer = Dict::default();
    if let Some(root) = file.trailer.get("Root") {
        trailer = trailer.with("Root", root.clone());
    }
    let Some(place) = file.trailer.get("Info") else { return Ok(trailer) };
    let Object::Dict(information) = graph.resolve(place).clone() else { return Ok(trailer) };
    let mut kept = information.clone();
    for (key, value) in information.entries() {
        let Ok(key) = std::str::from_utf8(key) else { continue };
        let is_empty = matches!(graph.resolve(value), Object::Null) || graph.resolve(value).as_bytes() == Some(b"");
        let category = match key {
            "Title" | "Creator" | "Producer" | "CreationDate" | "ModDate" | "Trapped" => continue,
            _ if is_empty => continue,
            "Author" => Category::Authors,
            "Subject" | "Keywords" => Category::Properties,
            _ if StoredLabel::is_property(key) => Category::Label,
            "Company" | "Manager" => Category::Authors,
            _ => Category::CustomData,
        };
        let what = Text::new(format!("プロパティ「{key}」"), format!("property \"{key}\""));
        if ledger.found(category, Unit::Whole, &what) {
            kept.remove(key);
        }
    }
    match place {
        Object::Reference(to) => {
            if let Some(node) = graph.nodes.get_mut(&to.number) {
                node.object = kept.into();
            }
            Ok(trailer.with("Info", *to))
        }
        _ => Ok(trailer.with("Info", kept)),
    }
}

/// What a packet says of archival conformance (ISO 19005), by name.
type Archival = Vec<(String, String)>;

/// What an XMP packet may say: nothing of people, paths or history.
const HARMLESS: [&str; 28] = [
    "xmpmeta",
    "RDF",
    "Description",
    "about",
    "Alt",
    "Seq",
    "Bag",
    "li",
    "lang",
    "parseType",
    "xmptk",
    "title",
    "format",
    "language",
    "Producer",
    "CreatorTool",
    "CreateDate",
    "ModifyDate",
    "MetadataDate",
    "PDFVersion",
    "Trapped",
    "part",
    "conformance",
    "amd",
    "rev",
    "GTS_PDFXVersion",
    "value",
    "date",
];

/// The catalog's packet: if it says more than is harmless, a short one comes in its place.
pub(super) fn packet(file: &Document<'_>, graph: &mut Graph, ledger: &mut Ledger) -> Result<(), ReadError> {
    let Object::Dict(catalog) = graph.value(&file.trailer, "Root") else { return Ok(()) };
    let Some(reference) = catalog.get("Metadata").and_then(Object::as_reference) else { return Ok(()) };
    let read = file.stream(reference).and_then(|s| s.map(|s| file.decode(&s)).transpose());
    let text = match read {
        Ok(Some(data)) => xml::decode(&data).ok(),
        Ok(None) => return Ok(()),
        Err(ReadError::Damaged(_)) => None,
        Err(e) => return Err(e),
    };
    let (archival, harm) = match text.as_deref().map(|text| judge(text.trim_matches(['\0', ' ', '\n', '\r', '\t']))) {
        Some(Some(judged)) => judged,
        _ => (Vec::new(), vec!["?".to_owned()]),
    };
    let mut goes = false;
    for name in harm {
        let is_person = matches!(name.as_str(), "creator" | "Author" | "author" | "contributor" | "publisher");
        let category = if is_person { Category::Authors } else { Category::Properties };
        goes |= ledger.found(category, Unit::Whole, &Text::new(format!("XMP「{name}」"), format!("XMP \"{name}\"")));
    }
    if goes {
        replace(graph, reference, &archival);
    }
    Ok(())
}

/// What a packet says of archival conformance, and the names of what is not harmless in it.
fn judge(packet: &str) -> Option<(Archival, Vec<String>)> {
    const ARCHIVAL: &str = "http://www.aiim.org/pdfa/ns/id/";
    let elements = xml::elements(packet, 16).ok()?;
    let (mut archival, mut harm) = (Vec::new(), Vec::new());
    for element in &elements {
        let is_said = !element.text.trim().is_empty() || !element.attributes.is_empty();
        if !HARMLESS.contains(&element.name.as_str()) && is_said && !harm.contains(&element.name) {
            harm.push(element.name.clone());
        }
        if element.namespace == ARCHIVAL {
            archival.push((element.name.clone(), element.text.trim().to_owned()));
        }
        for (name, value) in &element.attributes {
            let local = name.rsplit(':').next().unwrap_or(name);
            if name.starts_with("xmlns") || value.is_empty() {
                continue;
            }
            if !HARMLESS.contains(&local) && !harm.iter().any(|known| known == local) {
                harm.push(local.to_owned());
            }
            if name.starts_with("pdfaid:") {
                archival.push((local.to_owned(), value.clone()));
            }
        }
    }
    Some((archival, harm))
}

fn replace(graph: &mut Graph, reference: Reference, archival: &[(String, String)]) {
    let said: String =
        archival.iter().map(|(name, value)| format!("<pdfaid:{name}>{}</pdfaid:{name}>", xml::escape(value))).collect();
    let packet = format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">{said}</rdf:Description></rdf:RDF></x:xmpmeta>\n\
         <?xpacket end=\"r\"?>"
    );
    if let Some(node) = graph.nodes.get_mut(&reference.number) {
        node.object =
            Dict::default().with("Type", Object::name("Metadata")).with("Subtype", Object::name("XML")).into();
        node.data = Data::Here(packet.into_bytes());
    }
}
