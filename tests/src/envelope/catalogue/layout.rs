//! Section 6: licence and layout.

use kakuzuke_core::crypto::KeySuite;

use super::super::parts::cut;
use super::super::value::Value;
use super::super::vector::hex;
use super::label::revised;
use super::{Made, Sealed, Sealing, reader};

fn footer_len(bytes: &mut [u8], length: u64) {
    let at = bytes.len() - 8;
    bytes[at..].copy_from_slice(&length.to_be_bytes());
}

fn trailer_len(bytes: &[u8]) -> u64 {
    let at = bytes.len() - 8;
    u64::from_be_bytes(bytes[at..].try_into().expect("8 bytes"))
}

pub(super) fn vectors() -> Vec<Made> {
    let small = Sealed::small();
    let bare = Sealed::chunks_of_integrity_1();
    let of_small = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        small.patched(&format!("layout-{name}"), clauses, fact, edit).refused(refusal)
    };
    let of_bare = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        bare.altered(&format!("layout-{name}"), clauses, fact, |p| edit(&mut p.payload)).refused(refusal)
    };
    vec![
        of_small("cut-by-one", "40", "The last byte is missing.", "footer-magic", &|b| cut(b)),
        of_small("longer-by-one", "40", "A byte follows the footer.", "footer-magic", &|b| b.push(0)),
        of_small("no-footer", "40", "The footer is missing.", "footer-magic", &|b| b.truncate(b.len() - 16)),
        of_small("head-alone", "40", "The file ends with the head.", "footer-magic", &|b| b.truncate(4096)),
        of_small(
            "trailer-stripped",
            "41",
            "The trailer is taken away and the footer says so.",
            "trailer-missing",
            &|b| {
                let start = b.len() - 16 - trailer_len(b) as usize;
                b.truncate(start);
                b.extend(b"KKZ1FOOT\0\0\0\0\0\0\0\0");
            },
        ),
        bare.patched(
            "layout-trailer-unexpected",
            "42",
            "The label says that there is no trailer, the footer that there is.",
            |b| {
                footer_len(b, 400);
            },
        )
        .refused("trailer-unexpected"),
        of_small("trailer-wraps", "43", "The trailer's length is 2^64 - 1.", "layout-overrun", &|b| {
            footer_len(b, u64::MAX)
        }),
        of_small("trailer-is-file", "43", "The trailer is as long as the file.", "layout-overrun", &|b| {
            let length = b.len() as u64;
            footer_len(b, length);
        }),
        of_small(
            "trailer-in-metadata",
            "43",
            "The trailer begins one byte before the metadata ends.",
            "layout-overrun",
            &|b| {
                let start = 4096 + small.parts().metadata.len() as u64;
                let length = b.len() as u64 - 16 - start + 1;
                footer_len(b, length);
            },
        ),
        of_small("metadata-over-end", "43", "The metadata is longer than what there is.", "layout-overrun", &|b| {
            b[28..32].copy_from_slice(&65_536u32.to_be_bytes());
        }),
        of_bare("no-payload", "44", "The payload is missing.", "payload-length", &|p| p.clear()),
        of_bare("opening-cut", "44", "The payload ends inside its commitment.", "payload-length", &|p| p.truncate(55)),
        of_bare("no-chunk", "44", "The payload has no chunk.", "payload-length", &|p| p.truncate(56)),
        of_bare("cut-at-chunk", "44", "The payload ends where a full chunk does.", "payload-length", &|p| {
            p.truncate(56 + 16_400);
        }),
        of_bare("cut-in-tag", "44", "The last chunk is shorter than a tag.", "payload-length", &|p| {
            p.truncate(56 + 16_400 + 15);
        }),
        small
            .patched("layout-core-empty", "45", "The trailer holds its nodes and a length of zero.", |b| {
                let start = b.len() - 16 - trailer_len(b) as usize;
                b.truncate(start + 32);
                b.extend([0; 4]);
                b.extend(b"KKZ1FOOT");
                b.extend(36u64.to_be_bytes());
            })
            .refused("trailer-length"),
        small
            .altered("layout-core-long", "45", "The core has 65,537 bytes.", |p| p.core.resize(65_537, 0))
            .refused("trailer-length"),
    ]
}

pub(super) fn licence_vectors() -> Vec<Made> {
    let (small, clear) = (Sealed::small(), Sealed::clear());
    let other = Sealing::new("other", KeySuite::Kz1, "C2I2A2", 600).seal();
    let current = |name: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Value)| {
        let section = revised(&small, &small.world.author, edit);
        small
            .opening(&format!("licence-{name}"), "80", fact, small.bytes.clone())
            .change(|v| v.licence.as_mut().expect("a licence").label_section = hex(section))
            .refused(refusal)
    };
    let suzuki = reader(&small);
    vec![
        clear
            .opening("licence-for-clear", "80", "A licence is used for a clear payload.", clear.bytes.clone())
            .change(|v| v.licence = Some(clear.licence()))
            .refused("licence-needed"),
        small
            .opening("licence-none", "80", "There is no licence for an encrypted payload.", small.bytes.clone())
            .change(|v| v.licence = None)
            .refused("licence-needed"),
        small
            .opening("licence-other-document", "80", "The licence is for another document.", small.bytes.clone())
            .change(|v| v.licence = Some(other.licence()))
            .refused("licence-other-document"),
        current("other-origin", "The licence's label names another origin.", "licence-other-document", &|v| {
            *v.at(5) = Value::Bytes(vec![7; 32]);
        }),
        current("other-author", "The licence's label names another author.", "licence-other-sealing", &|v| {
            *v.at(7) = Value::Bytes(vec![7; 32]);
        }),
        current("other-kind", "The licence's label says that there is no trailer.", "licence-other-sealing", &|v| {
            *v.at(9).at(0).at(1) = Value::Int(1);
            *v.at(8) = Value::Int(0);
        }),
        small
            .altered(
                "licence-reader-as-author",
                "80",
                "A reader puts a later revision into the head that names that reader as author.",
                |p| {
                    p.label = revised(&small, &suzuki, |v| {
                        *v.at(7) = Value::Bytes(suzuki.thumbprint());
                        decided_by(v, "suzuki");
                    });
                },
            )
            .refused("licence-other-sealing"),
        small
            .altered(
                "licence-reader-seals-anew",
                "80",
                "A reader makes revision 1 anew with that reader as author.",
                |p| {
                    p.resign_label(&suzuki, |v| {
                        *v.at(7) = Value::Bytes(suzuki.thumbprint());
                        decided_by(v, "suzuki");
                    });
                },
            )
            .refused("licence-other-sealing"),
        small
            .opening("licence-root", "81", "The licence names another root.", small.bytes.clone())
            .change(|v| v.licence.as_mut().expect("a licence").root = Some(hex([7; 32])))
            .refused("licence-root"),
        small
            .opening("licence-no-root", "81", "The licence names no root.", small.bytes.clone())
            .change(|v| v.licence.as_mut().expect("a licence").root = None)
            .refused("licence-root"),
        {
            let bare = Sealed::chunks_of_integrity_1();
            bare.opening(
                "licence-root-without-trailer",
                "81",
                "The licence names a root and there is no trailer.",
                bare.bytes.clone(),
            )
            .change(|v| v.licence.as_mut().expect("a licence").root = Some(hex([7; 32])))
            .refused("licence-root")
        },
    ]
}

/// Says who decided.
pub(super) fn decided_by(label: &mut Value, subject: &str) {
    *label.at(9).at(3).item(1).item(0).at(0) = Value::Text(subject.to_owned());
}
