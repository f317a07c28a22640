//! A reader that forgives nothing: what a package must be by the letter of OPC (ISO/IEC 29500-2) and ODF
//! (ISO/IEC 26300-2).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::Event;

/// The parts of an archive in order, every sum checked by another implementation.
pub fn parts(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    assert!(!archive.has_overlapping_entries().unwrap());
    let mut parts = Vec::new();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert!(!name.contains('\\') && !name.starts_with('/') && !name.split('/').any(|s| s == ".."), "{name}");
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        assert_eq!(data.len() as u64, entry.size());
        parts.push((name, data));
    }
    let names: BTreeSet<String> = parts.iter().map(|(n, _)| n.to_ascii_lowercase()).collect();
    assert_eq!(names.len(), parts.len(), "a name twice");
    parts
}

/// Every element of an XML part: name without prefix, attributes as written.
fn elements(name: &str, part: &[u8]) -> Vec<(String, BTreeMap<String, String>)> {
    let text = std::str::from_utf8(part).unwrap_or_else(|_| panic!("{name} is not UTF-8"));
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut found, mut depth) = (Vec::new(), 0);
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{name}: {e}")) {
            Event::Eof => break,
            Event::DocType(_) => panic!("{name} has a document type declaration"),
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let (Event::Start(start) | Event::Empty(start)) = &event else { unreachable!() };
                depth += i32::from(matches!(event, Event::Start(_)));
                let attributes = start.attributes().map(|a| {
                    let a = a.unwrap_or_else(|e| panic!("{name}: {e}"));
                    let value = quick_xml::escape::unescape(&a.value).unwrap().into_owned();
                    (a.key.as_ref().to_owned(), value)
                });
                found.push((start.local_name().as_ref().to_owned(), attributes.collect()));
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{name} is not closed");
    found
}

fn resolve(source: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { source.split('/').collect() };
    path.pop();
    for step in target.trim_start_matches('/').split('/') {
        match step {
            "." => {}
            ".." => assert!(path.pop().is_some(), "{target} leaves the package"),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// Checks an OOXML package.
pub fn check_opc(file: &[u8]) {
    let parts = parts(file);
    let by_name: BTreeMap<&str, &[u8]> = parts.iter().map(|(n, d)| (n.as_str(), d.as_slice())).collect();
    let types = elements("[Content_Types].xml", by_name["[Content_Types].xml"]);
    let mut overridden = BTreeSet::new();
    for (name, attributes) in types.iter().filter(|(n, _)| n == "Override") {
        let part = attributes["PartName"].strip_prefix('/').unwrap();
        assert!(by_name.contains_key(part), "{name} of the missing part {part}");
        assert!(overridden.insert(part), "two content types of {part}");
    }
    let defaults: BTreeSet<&str> =
        types.iter().filter(|(n, _)| n == "Default").map(|(_, a)| a["Extension"].as_str()).collect();
    for (name, _) in parts.iter().filter(|(n, _)| n != "[Content_Types].xml") {
        let extension = name.rsplit('.').next().unwrap();
        assert!(overridden.contains(name.as_str()) || defaults.contains(extension), "no content type of {name}");
    }
    check_relationships(&by_name);
    for (name, data) in parts.iter().filter(|(n, _)| [".xml", ".rels", ".vml"].iter().any(|e| n.ends_with(e))) {
        elements(name, data);
    }
}

fn check_relationships(parts: &BTreeMap<&str, &[u8]>) {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for (name, data) in parts.iter().filter(|(n, _)| n.ends_with(".rels")) {
        let (folder, file) = name.rsplit_once('/').unwrap();
        let source = format!("{}{}", folder.strip_suffix("_rels").unwrap(), file.strip_suffix(".rels").unwrap());
        assert!(source.is_empty() || parts.contains_key(source.as_str()), "{name} belongs to no part");
        let mut ids = BTreeSet::new();
        for (_, relationship) in elements(name, data).iter().filter(|(n, _)| n == "Relationship") {
            assert!(ids.insert(relationship["Id"].clone()), "{name}: an id twice");
            if relationship.get("TargetMode").is_some_and(|m| m == "External") {
                continue;
            }
            let target = resolve(&source, &relationship["Target"]);
            assert!(parts.contains_key(target.as_str()), "{name} leads to the missing part {target}");
            reached.insert(target);
        }
        let Some(data) = parts.get(source.as_str()) else { continue };
        for (element, attributes) in elements(&source, data) {
            for (_, id) in attributes.iter().filter(|(n, _)| n.starts_with("r:") || *n == "o:relid") {
                assert!(ids.contains(id), "{source}: {element} uses {id}, which does not exist");
            }
        }
    }
    for name in parts.keys().filter(|n| !n.ends_with(".rels") && **n != "[Content_Types].xml") {
        assert!(reached.contains(*name), "nothing leads to {name}");
    }
}

/// Checks an OpenDocument package of a media type.
pub fn check_odf(file: &[u8], media: &str) {
    let parts = parts(file);
    assert_eq!(parts[0].0, "mimetype");
    // Stored, no extra field, so that the type stands at offset 38.
    assert_eq!((&file[8..10], &file[28..30]), (&[0, 0][..], &[0, 0][..]));
    assert_eq!(&file[38..38 + media.len()], media.as_bytes());
    assert_eq!(parts[0].1, media.as_bytes());
    let manifest = &parts.iter().find(|(n, _)| n == "META-INF/manifest.xml").unwrap().1;
    let mut listed: BTreeSet<String> = BTreeSet::new();
    for (_, attributes) in elements("manifest", manifest).iter().filter(|(n, _)| n == "file-entry") {
        if attributes["manifest:full-path"] == "/" {
            assert_eq!(attributes["manifest:media-type"], media);
        } else {
            assert!(listed.insert(attributes["manifest:full-path"].clone()));
        }
    }
    let there: BTreeSet<String> = parts
        .iter()
        .map(|(n, _)| n.clone())
        .filter(|n| n != "mimetype" && n != "META-INF/manifest.xml" && !n.ends_with('/'))
        .collect();
    let listed_files: BTreeSet<String> = listed.into_iter().filter(|n| !n.ends_with('/')).collect();
    assert_eq!(there, listed_files);
    for (name, data) in parts.iter().filter(|(n, _)| n.ends_with(".xml")) {
        for (element, attributes) in elements(name, data) {
            if let Some(target) = attributes.get("xlink:href").and_then(|t| t.strip_prefix("./")) {
                assert!(there.contains(target), "{name}: {element} leads to the missing file {target}");
            }
        }
    }
}
