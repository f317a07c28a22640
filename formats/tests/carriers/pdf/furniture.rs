//! What the tests of PDF share: a cover, labels, small PDFs made by hand.

use kakuzuke_core::code::Text;
use kakuzuke_formats::{Cover, Kind, StoredLabel};

pub use crate::furniture::{envelope, has, unwrap};

use crate::furniture::wrap_under;

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

pub fn wrap(envelope: &[u8]) -> Vec<u8> {
    wrap_under(&cover(), Kind::Pdf, envelope)
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
