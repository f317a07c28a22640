//! What the tests share: a cover, envelopes, small PDFs made by hand.

use std::io::Cursor;

use kakuzuke_core::code::Text;
use kakuzuke_formats::{Cover, Kind, MAGIC, Place, StoredLabel, extract, locate};

pub fn cover() -> Cover {
    Cover {
        organization: Text::fixed("総務省", "Ministry of Internal Affairs and Communications"),
        grades: Text::fixed(
            "機密性３情報・完全性２情報・可用性２情報",
            "C3I2A2: Confidentiality 3, Integrity 2, Availability 2",
        ),
        restrictions: vec![
            Text::fixed("複製禁止", "No copying"),
            Text::fixed("配布禁止", "No distribution"),
            Text::fixed("行政管理局企画調整課限り", "Planning and Coordination Division only"),
        ],
        decider: Text::fixed("行政管理局企画調整課長", "Director, Planning and Coordination Division"),
        handling: vec![Text::fixed(
            "印刷物は会議後に回収し、細断してください。",
            "Collect and shred printouts after the meeting.",
        )],
        opening: Vec::new(),
        kind: Kind::Pdf,
    }
}

/// An envelope of `length` bytes (at least the magic), with nothing that compresses.
pub fn envelope(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ length as u64;
    let mut bytes = MAGIC.to_vec();
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.push((state >> 32) as u8);
    }
    bytes
}

pub fn wrap(envelope: &[u8]) -> Vec<u8> {
    let carrier = kakuzuke_formats::carrier(Kind::Pdf, &cover(), envelope.len() as u64).unwrap();
    let total = carrier.total_len();
    let mut out = Cursor::new(Vec::new());
    carrier.write(&mut &*envelope, &mut out).unwrap();
    let bytes = out.into_inner();
    assert_eq!(bytes.len() as u64, total);
    bytes
}

pub fn unwrap(file: &[u8]) -> Option<(Place, Vec<u8>)> {
    let file = file.to_vec();
    let place = locate(&file).unwrap()?;
    let mut out = Vec::new();
    let length = extract(&file, &place, &mut out).unwrap();
    assert_eq!((length, length), (out.len() as u64, place.len()));
    Some((place, out))
}

pub fn label(length: usize) -> StoredLabel {
    StoredLabel::new(envelope(length), "機密性１情報・完全性１情報　<複製禁止> & (\"課限り\")\\".to_owned()).unwrap()
}

pub fn labelled(file: &[u8], label: &StoredLabel) -> Vec<u8> {
    let mut out = Vec::new();
    kakuzuke_formats::write_label(&file.to_vec(), label, &mut out).unwrap();
    out
}

/// The sample that an office suite made.
pub fn sample() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/調達仕様書（案）.pdf");
    std::fs::read(path).unwrap()
}

/// A PDF of these objects, numbered from 1, with a table; `trailer` holds what its trailer says beside the size.
pub fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (place, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", place + 1).bytes());
    }
    let start = file.len();
    let end = format!("{table}trailer\n<</Size {} {trailer}>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.extend(end.bytes());
    file
}

/// The smallest document: catalog, pages, page.
pub const SMALL: [&str; 3] = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
];
