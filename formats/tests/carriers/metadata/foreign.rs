//! Labels of other schemes, wherever programs put them.

use std::io::{Cursor, Write};

use cfb::Version;
use kakuzuke_core::label::Scheme;
use kakuzuke_formats::{ForeignLabel, Kind, detect, foreign_labels};

use super::older::{made, set_in};
use crate::furniture::corpus;

const ID: &str = "2e8f6f9d-1111-2222-3333-444455556666";
const OTHER: &str = "3e8f6f9d-1111-2222-3333-444455556666";
const SITE: &str = "aaaaaaaa-1111-2222-3333-444455556666";

fn words(id: &str, site: &str, name: &str) -> Vec<(String, String)> {
    let pairs = [("Enabled", "true"), ("SiteId", site), ("Name", name), ("Method", "Privileged"), ("ContentBits", "8")];
    pairs.iter().map(|(key, value)| (format!("MSIP_Label_{id}_{key}"), (*value).to_owned())).collect()
}

fn found(file: &[u8]) -> Vec<ForeignLabel> {
    foreign_labels(&file.to_vec(), None).unwrap()
}

fn is_usual(file: &[u8], kind: Kind) {
    assert_eq!(detect(&file.to_vec(), None).unwrap().kind, kind);
    let labels = found(file);
    let [label] = labels.as_slice() else { panic!("{kind:?}: {labels:?}") };
    assert_eq!((label.scheme, label.id.as_str()), (Scheme::Msip, ID), "{kind:?}");
    assert_eq!((label.site.as_deref(), label.name.as_deref()), (Some(SITE), Some("社外秘")), "{kind:?}");
}

fn package(first: &str, parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut sorted: Vec<_> = parts.iter().collect();
    sorted.sort_by_key(|(name, _)| *name != first);
    for (name, content) in sorted {
        archive.start_file(*name, stored).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A document with custom properties and, if any, a part of labels.
fn docx(properties: &[(String, String)], labels: Option<&str>) -> Vec<u8> {
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let properties: String = properties
        .iter()
        .zip(2..)
        .map(|((name, value), pid)| {
            format!("<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{pid}\" name=\"{name}\"><vt:lpwstr>{value}</vt:lpwstr></property>")
        })
        .collect();
    let classification = labels.map_or(String::new(), |_| {
        "<Relationship Id=\"c\" Type=\"http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels\" Target=\"docMetadata/LabelInfo.xml\"/>".to_owned()
    });
    let mut parts = vec![
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
          ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" \
          ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/docProps/custom.xml\" \
          ContentType=\"application/vnd.openxmlformats-officedocument.custom-properties+xml\"/></Types>".to_owned()),
        ("_rels/.rels", format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" \
          Type=\"{rel}/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"b\" Type=\"{rel}/custom-properties\" \
          Target=\"docProps/custom.xml\"/>{classification}</Relationships>")),
        ("word/document.xml", "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body/></w:document>".to_owned()),
        ("docProps/custom.xml", format!("<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
          xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">{properties}</Properties>")),
    ];
    parts.extend(labels.map(|labels| {
        ("docMetadata/LabelInfo.xml", format!("<clbl:labelList xmlns:clbl=\"http://schemas.microsoft.com/office/2020/mipLabelMetadata\">{labels}</clbl:labelList>"))
    }));
    package("[Content_Types].xml", &parts)
}

#[test]
fn the_part_of_labels_counts_before_the_properties_of_its_tenant() {
    is_usual(&docx(&words(ID, SITE, "社外秘"), None), Kind::Docx);
    let part = |id: &str, site: &str, enabled: u8, removed: u8| {
        format!(
            "<clbl:label id=\"{{{}}}\" enabled=\"{enabled}\" method=\"Standard\" siteId=\"{{{site}}}\" removed=\"{removed}\"/>",
            id.to_uppercase()
        )
    };
    // The part has the same label, without its name.
    is_usual(&docx(&words(ID, SITE, "社外秘"), Some(&part(ID, SITE, 1, 0))), Kind::Docx);
    // It has another one, of the same tenant: the older properties are out of date.
    let labels = found(&docx(&words(ID, SITE, "社外秘"), Some(&part(OTHER, SITE, 1, 0))));
    assert_eq!(labels.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), [OTHER]);
    // It says that the label was taken off.
    assert_eq!(found(&docx(&words(ID, SITE, "社外秘"), Some(&part(ID, SITE, 0, 1)))), []);
    // It speaks of another tenant: both hold.
    assert_eq!(found(&docx(&words(ID, SITE, "社外秘"), Some(&part(OTHER, OTHER, 1, 0)))).len(), 2);
    let off: Vec<_> = words(ID, SITE, "a").into_iter().map(|(n, v)| (n, v.replace("true", "false"))).collect();
    assert_eq!(found(&docx(&off, None)), []);
}

#[test]
fn labels_are_found_in_every_kind_that_has_them() {
    let usual = words(ID, SITE, "社外秘");
    let list = usual.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let meta: String = usual
        .iter()
        .map(|(name, value)| format!("<meta:user-defined meta:name=\"{name}\">{value}</meta:user-defined>"))
        .collect();
    let odt = package(
        "mimetype",
        &[
            ("mimetype", Kind::Odt.media_type().to_owned()),
            (
                "META-INF/manifest.xml",
                "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>".to_owned(),
            ),
            (
                "meta.xml",
                format!(
                    "<o:document-meta xmlns:o=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
              xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\"><o:meta>{meta}</o:meta></o:document-meta>"
                ),
            ),
        ],
    );
    is_usual(&odt, Kind::Odt);
    let encoded: Vec<String> =
        list.split("; ").map(|pair| pair.replace("社外秘", " =?UTF-8?B?56S+5aSW56eY?=")).collect();
    let mail = format!(
        "From: a@example.jp\r\nTo: b@example.jp\r\nmsip_labels: {}\r\nMIME-Version: 1.0\r\n\r\nbody\r\n",
        encoded.join(";\r\n ")
    );
    is_usual(mail.as_bytes(), Kind::Eml);
    let wide: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_usual(
        &made(Version::V3, &[("/__properties_version1.0", vec![0; 40]), ("/__substg1.0_8003001F", wide)]),
        Kind::Msg,
    );
    let items: String = usual
        .iter()
        .map(|(name, value)| {
            let value: String = value
                .chars()
                .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{}?", (c as u16).cast_signed()) })
                .collect();
            format!("{{\\propname {name}}}\\proptype30{{\\staticval {value}}}")
        })
        .collect();
    is_usual(format!("{{\\rtf1{{\\*\\userprops {items}}}a}}").as_bytes(), Kind::Rtf);
    let packet: String = usual.iter().map(|(name, value)| format!("<msip:{name}>{value}</msip:{name}>")).collect();
    let packet = format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
         xmlns:msip='http://www.microsoft.com/msip/1.0/'>{packet}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    let segment = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let length = (segment.len() as u16 + 2).to_be_bytes();
    let jpeg = [&[0xFF, 0xD8, 0xFF, 0xE1], length.as_slice(), &segment, &[0xFF, 0xDA, 0, 2, 0x11, 0xFF, 0xD9]].concat();
    is_usual(&jpeg, Kind::Jpeg);
    is_usual(&pdf(&usual), Kind::Pdf);
    // The older documents' set: here with the one property that makes it a label.
    let name = format!("MSIP_Label_{ID}_Enabled\0");
    let older = made(
        Version::V3,
        &[("/Workbook", vec![0; 5_000]), ("\u{5}DocumentSummaryInformation", set_in(932, name.as_bytes(), b"True\0"))],
    );
    assert_eq!(found(&older).iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), [ID]);
    // LibreOffice's own.
    let bails = [
        ("urn:bails:IntellectualProperty:BusinessAuthorizationCategory:Name", "General Business"),
        ("urn:bails:IntellectualProperty:BusinessAuthorizationCategory:Identifier", "urn:example:tscp:1:general"),
        ("urn:bails:IntellectualProperty:Authority:Name", "Example"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let labels = found(&docx(&bails, None));
    assert_eq!(
        (labels[0].scheme, labels[0].id.as_str(), labels[0].site.as_deref()),
        (Scheme::Bails, "urn:example:tscp:1:general", Some("Example"))
    );
}

fn pdf(information: &[(String, String)]) -> Vec<u8> {
    let hex = |text: &str| text.encode_utf16().map(|unit| format!("{unit:04X}")).collect::<String>();
    let entries: String = information.iter().map(|(name, value)| format!("/{name}<FEFF{}>", hex(value))).collect();
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[]/Count 0>>".to_owned(),
        format!("<<{entries}>>"),
    ];
    let (mut file, mut offsets) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (object, number) in objects.iter().zip(1..) {
        offsets.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    file.push_str("xref\n0 4\n0000000000 65535 f \n");
    for offset in offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!("trailer<</Size 4/Root 1 0 R/Info 3 0 R>>\nstartxref\n{start}\n%%EOF\n"));
    file.into_bytes()
}

#[test]
fn very_many_labels_are_bounded() {
    let many: Vec<_> = (0..3_000)
        .flat_map(|n| words(&format!("{n:08x}-1111-2222-3333-444455556666"), SITE, &"a".repeat(2_000)))
        .collect();
    let labels = found(&docx(&many, None));
    assert_eq!(labels.len(), 64);
    assert!(labels.iter().all(|label| label.name.as_ref().unwrap().len() == 256));
}

#[test]
fn labels_in_documents_of_other_people_are_counted() {
    let Some(paths) = corpus() else { return };
    let (mut read, mut failed, mut labels) = (0, Vec::new(), 0);
    for path in paths {
        match foreign_labels(&std::fs::read(&path).unwrap(), path.to_str()) {
            Ok(found) => {
                read += 1;
                labels += found.len();
            }
            Err(why) => failed.push(format!("{:?}: {why}", path.file_name())),
        }
    }
    eprintln!(
        "{read} files looked through, {labels} labels of other schemes, {} could not be: {failed:#?}",
        failed.len()
    );
    assert!(failed.len() * 10 < read);
}
