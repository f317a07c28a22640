//! A PDF written anew: every object that is reached, and one cross-reference table.

use std::collections::BTreeSet;
use std::io::Write;

use super::graph::{Data, Graph};
use crate::error::ReadError;
use crate::hidden::SanitiseError;
use crate::limits;
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object};
use crate::source::{Source, copy_range};

/// Writes the objects `after` of a document.
pub(super) fn write(
    source: &dyn Source,
    file: &Document<'_>,
    graph: &Graph,
    after: &BTreeSet<u32>,
    trailer: &Dict,
    out: &mut dyn Write,
) -> Result<(), SanitiseError> {
    let mut head = [0; 8];
    source.read_exact_at(0, &mut head).map_err(ReadError::from)?;
    if !head.starts_with(b"%PDF-") {
        return Err(SanitiseError::Refused("there are bytes before the PDF's header"));
    }
    let mut out = Counted { out, at: 0 };
    // Object streams were allowed since 1.5; none are written, so the version may stay.
    let version: Vec<u8> = head.iter().copied().filter(|b| b.is_ascii_graphic()).collect();
    out.put(&version)?;
    out.put(b"\n%\xE2\xE3\xCF\xD3\n")?;
    let mut places = Vec::new();
    for number in after {
        if graph.is_broken(*number) {
            return Err(ReadError::Damaged("an object of the PDF can't be read").into());
        }
        let Some(node) = graph.nodes.get(number) else { continue };
        places.push((*number, out.at));
        let mut bytes = format!("{number} 0 obj\n").into_bytes();
        let mut object = settled(&node.object, graph);
        let length = match &node.data {
            Data::None => None,
            Data::There(range) => Some(range.end - range.start),
            Data::Here(data) => Some(data.len() as u64),
        };
        if let (Some(length), Object::Dict(dict)) = (length, &object) {
            object = dict.clone().with("Length", Object::number(length)).into();
        }
        object.write(&mut bytes);
        if length.is_some() {
            bytes.extend(b"\nstream\n");
        }
        out.put(&bytes)?;
        match &node.data {
            Data::None => {}
            Data::There(range) => {
                copy_range(source, range.clone(), &mut out).map_err(SanitiseError::Write)?;
            }
            Data::Here(data) => out.put(data)?,
        }
        out.put(if length.is_some() { b"\nendstream\nendobj\n" } else { b"\nendobj\n" })?;
    }
    finish(file, &places, settled(&trailer.clone().into(), graph), &mut out)
}

fn finish(
    file: &Document<'_>,
    places: &[(u32, u64)],
    trailer: Object,
    out: &mut Counted<'_>,
) -> Result<(), SanitiseError> {
    let start = out.at;
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for (number, at) in places {
        if *at > 9_999_999_999 {
            return Err(SanitiseError::Refused("the PDF is too large for its cross-reference table"));
        }
        table.push_str(&format!("{number} 1\n{at:010} 00000 n \n"));
    }
    let size = places.last().map_or(1, |(number, _)| u64::from(*number) + 1);
    let mut end = Dict::default().with("Size", Object::number(size.min(limits::PDF_OBJECTS.into())));
    if let Object::Dict(trailer) = trailer {
        for key in ["Root", "Info"] {
            if let Some(value) = trailer.get(key).filter(|v| **v != Object::Null) {
                end = end.with(key, value.clone());
            }
        }
    }
    if let Some(id @ Object::Array(_)) = file.trailer.get("ID") {
        end = end.with("ID", id.clone());
    }
    let mut bytes = table.into_bytes();
    bytes.extend(b"trailer\n");
    end.write(&mut bytes);
    bytes.extend(format!("\nstartxref\n{start}\n%%EOF\n").bytes());
    out.put(&bytes)
}

/// The object with references to what went made null, and every generation 0.
fn settled(object: &Object, graph: &Graph) -> Object {
    match object {
        Object::Reference(to) if graph.banned.contains(&to.number) || !graph.nodes.contains_key(&to.number) => {
            Object::Null
        }
        Object::Reference(to) => crate::pdf::object::Reference::first(to.number).into(),
        Object::Array(items) => Object::Array(items.iter().map(|item| settled(item, graph)).collect()),
        Object::Dict(dict) => {
            let mut whole = Dict::default();
            for (key, value) in dict.entries() {
                whole.push(key, settled(value, graph));
            }
            whole.into()
        }
        other => other.clone(),
    }
}

/// Counts what is written.
struct Counted<'o> {
    out: &'o mut dyn Write,
    at: u64,
}

impl Counted<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), SanitiseError> {
        self.write_all(bytes).map_err(SanitiseError::Write)
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let n = self.out.write(buf)?;
        self.at += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
