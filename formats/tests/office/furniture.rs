//! What the tests share: a cover, envelopes, kinds.

use std::io::Cursor;

use kakuzuke_core::code::Text;
use kakuzuke_formats::{Cover, Kind, MAGIC, Place, extract, locate};

/// Kinds with an office cover.
pub const OFFICE: &[Kind] = &[
    Kind::Docx,
    Kind::Docm,
    Kind::Dotx,
    Kind::Dotm,
    Kind::Xlsx,
    Kind::Xlsm,
    Kind::Xltx,
    Kind::Xltm,
    Kind::Pptx,
    Kind::Pptm,
    Kind::Potx,
    Kind::Potm,
    Kind::Ppsx,
    Kind::Ppsm,
    Kind::Odt,
    Kind::Ott,
    Kind::Ods,
    Kind::Ots,
    Kind::Odp,
    Kind::Otp,
    Kind::Odg,
    Kind::Otg,
];

pub fn cover(kind: Kind) -> Cover {
    Cover {
        organization: Text::fixed("総務省", "Ministry of Internal Affairs and Communications"),
        grades: Text::fixed(
            "機密性２情報・完全性２情報・可用性１情報",
            "Confidentiality 2, Integrity 2, Availability 1",
        ),
        restrictions: vec![
            Text::fixed("複製禁止", "No copying"),
            Text::fixed("行政管理局企画調整課限り", "Planning and Coordination Division only"),
        ],
        decider: Text::fixed("行政管理局企画調整課長", "Director, Planning and Coordination Division"),
        handling: vec![Text::fixed(
            "印刷物は会議後に回収し、細断してください。<取扱注意> & \"引用\"",
            "Collect and shred printouts after the meeting.",
        )],
        opening: Vec::new(),
        kind,
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
    bytes.truncate(length.max(MAGIC.len()));
    bytes
}

pub fn wrap(kind: Kind, envelope: &[u8]) -> Vec<u8> {
    let carrier = kakuzuke_formats::carrier(kind, &cover(kind), envelope.len() as u64).unwrap();
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
