//! XMP. The label in an XMP packet (ISO 16684-1) of a PDF or a picture: one description of ours, everything else as it was.

use crate::error::{LabelError, ReadError};
use crate::label::StoredLabel;
use crate::xml::{Element, decode, elements, escape, splice};

/// Namespace of our properties.
pub(crate) const OURS: &str = "urn:kakuzuke:ns:1/";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const PDFA: &str = "http://www.aiim.org/pdfa/ns/id/";

/// A packet.
pub(crate) struct Packet {
    text: String,
    elements: Vec<Element>,
}

impl Packet {
    /// Reads a packet. `None` when it can't be understood: then it is left alone.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text = decode(bytes).ok()?;
        let elements = elements(text.trim_end_matches('\0'), 5).ok()?;
        elements.iter().any(|e| is(e, RDF, "RDF")).then_some(Self { text, elements })
    }

    /// A packet with nothing in it.
    pub fn empty() -> Option<Self> {
        let text = format!(
            "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
             <rdf:RDF xmlns:rdf=\"{RDF}\"></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
        );
        Self::read(text.as_bytes())
    }

    /// The part of PDF/A (ISO 19005) that the document says it keeps to.
    pub fn archival(&self) -> Option<u32> {
        let element = self.elements.iter().find(|e| e.namespace == PDFA && e.name == "part").map(|e| e.text.as_str());
        // As an attribute, by the usual prefix.
        let attribute = || self.elements.iter().find_map(|e| e.attribute("pdfaid:part"));
        element.or_else(attribute).and_then(|part| part.trim().parse().ok())
    }

    /// The label in it.
    pub fn label(&self) -> Result<Option<StoredLabel>, LabelError> {
        let mut labels = self.elements.iter().filter(|e| is(e, OURS, "label"));
        let Some(label) = labels.next() else { return Ok(None) };
        if labels.next().is_some() {
            return Err(LabelError::Malformed("a property twice"));
        }
        let marking = self.elements.iter().find(|e| is(e, OURS, "marking")).map_or("", |e| e.text.as_str());
        StoredLabel::from_text(&label.text, marking).map(Some)
    }

    /// Names, without their prefixes, and values of everything in it.
    pub fn words(&self) -> Vec<(String, String)> {
        let attributes = |e: &Element| {
            let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
            e.attributes.iter().map(|(name, value)| (local(name), value.clone())).collect::<Vec<_>>()
        };
        let of =
            |e: &Element| std::iter::once((e.name.clone(), e.text.clone())).chain(attributes(e)).collect::<Vec<_>>();
        self.elements.iter().filter(|e| e.depth > 1).flat_map(of).collect()
    }

    /// Whether there is anything of ours in it.
    pub fn is_labelled(&self) -> bool {
        self.elements.iter().any(|e| e.namespace == OURS)
    }

    /// The packet with a label in place of an earlier one, or without any.
    pub fn with(&self, label: Option<&StoredLabel>) -> Result<Vec<u8>, LabelError> {
        let broken = || LabelError::Read(ReadError::Damaged("the XMP packet"));
        let rdf = self.elements.iter().find(|e| is(e, RDF, "RDF")).ok_or_else(broken)?;
        // A description of ours holds nothing else; where another program merged it, only our elements go.
        let (mut gone, mut end): (Vec<std::ops::Range<usize>>, usize) = (Vec::new(), 0);
        for element in &self.elements {
            let within = |e: &&Element| e.span.start > element.span.start && e.span.end <= element.span.end;
            let mut inside = self.elements.iter().filter(within).peekable();
            let emptied = is(element, RDF, "Description")
                && inside.peek().is_some()
                && inside.all(|e| e.namespace == OURS)
                && element.attributes.iter().all(|(name, _)| name.starts_with("xmlns") || name.ends_with(":about"));
            if (element.namespace == OURS || emptied) && element.span.start >= end {
                end = element.span.end;
                gone.push(element.span.clone());
            }
        }
        let about = self.elements.iter().find_map(|e| e.attribute_local("about").filter(|_| is(e, RDF, "Description")));
        let added = label.map_or(String::new(), |label| {
            format!(
                "<rdf:Description xmlns:rdf=\"{RDF}\" rdf:about=\"{}\" xmlns:kakuzuke=\"{OURS}\"><kakuzuke:label>{}\
                 </kakuzuke:label><kakuzuke:marking>{}</kakuzuke:marking></rdf:Description>",
                escape(about.unwrap_or_default()),
                label.text(),
                escape(label.marking())
            )
        });
        splice(&self.text, &gone, rdf, &added).map(String::into_bytes).ok_or_else(broken)
    }
}

/// What a packet with our label in it holds beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Only the label.
    Nothing,
    /// Other properties, too.
    More,
}

/// Whether a packet holds a label of ours, and what beside.
pub(crate) fn held_label(bytes: &[u8]) -> Option<Beside> {
    let packet = Packet::read(bytes).filter(Packet::is_labelled)?;
    let is_frame = |e: &Element| {
        let named = matches!((e.namespace.as_str(), e.name.as_str()), (RDF, _) | ("adobe:ns:meta/", _));
        let bare = e.attributes.iter().all(|(name, value)| {
            name.starts_with("xmlns") || name.ends_with(":about") && value.is_empty() || name.ends_with(":xmptk")
        });
        named && bare
    };
    let only = packet.elements.iter().all(|e| e.namespace == OURS || is_frame(e));
    Some(if only { Beside::Nothing } else { Beside::More })
}

fn is(element: &Element, namespace: &str, name: &str) -> bool {
    element.namespace == namespace && element.name == name
}
