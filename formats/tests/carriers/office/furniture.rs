//! What the tests of office documents share: a cover, and the kinds.

use kakuzuke_core::code::Text;
use kakuzuke_formats::{Cover, Kind};

pub use crate::furniture::{envelope, has, unwrap};

use crate::furniture::wrap_under;

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

pub fn wrap(kind: Kind, envelope: &[u8]) -> Vec<u8> {
    wrap_under(&cover(kind), kind, envelope)
}
