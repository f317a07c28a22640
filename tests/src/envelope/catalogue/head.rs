//! Section 2: the preamble.

use super::{Made, Sealed};

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
}

pub(super) fn vectors() -> Vec<Made> {
    let small = Sealed::small();
    let head = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        small.patched(&format!("head-{name}"), clauses, fact, edit).refused(refusal)
    };
    vec![
        head("other-magic", "01", "The magic is changed in one bit.", "not-an-envelope", &|b| b[0] ^= 1),
        head("empty-file", "01", "The file is empty.", "not-an-envelope", &|b| b.clear()),
        head("seven-bytes", "01", "The file ends inside the magic.", "not-an-envelope", &|b| b.truncate(7)),
        head("version-0", "02", "The version is 0.", "unknown-version", &|b| b[9] = 0),
        head("version-2", "02", "The version is 2.", "unknown-version", &|b| b[9] = 2),
        head("version-257", "02", "The version is 257.", "unknown-version", &|b| b[8] = 1),
        head("reserved", "03", "The reserved field holds 1.", "reserved-not-zero", &|b| b[11] = 1),
        head("length-zero", "04", "The head's length is 0.", "head-length", &|b| put(b, 12, 0)),
        head("length-odd", "04", "The head's length is no multiple of 4,096.", "head-length", &|b| put(b, 12, 4097)),
        head("length-over", "04", "The head's length is 1 MiB and 4,096 bytes.", "head-length", &|b| {
            put(b, 12, (1 << 20) + 4096);
        }),
        head("sections-one-over", "05", "The sections are one byte longer than the head.", "sections-overflow", &|b| {
            let label = u32::from_be_bytes([b[16], b[17], b[18], b[19]]);
            put(b, 20, 4096 - 32 - label);
        }),
        head(
            "sections-wrap",
            "05",
            "The sections' lengths add up to little if the sum wraps at 32 bits.",
            "sections-overflow",
            &|b| {
                put(b, 16, u32::MAX);
                put(b, 20, 33);
            },
        ),
        head("metadata-over", "06", "The metadata's length is 65,537.", "metadata-length", &|b| put(b, 28, 65_537)),
        head("cut-in-preamble", "07", "The file ends inside the preamble.", "head-truncated", &|b| b.truncate(31)),
        head("cut-after-magic", "07", "The file ends behind the magic.", "head-truncated", &|b| b.truncate(8)),
        head("cut-in-padding", "07", "The file ends one byte before the head does.", "head-truncated", &|b| {
            b.truncate(4095);
        }),
        head("longer-than-file", "07", "The head's length is more than the file's.", "head-truncated", &|b| {
            put(b, 12, 1 << 20);
        }),
        head("padding", "08", "The last byte of the padding is 1.", "padding-not-zero", &|b| b[4095] = 1),
        head(
            "padding-first",
            "08 10",
            "The padding holds something and the label is no CBOR: the padding is checked first.",
            "padding-not-zero",
            &|b| {
                b[4095] = 1;
                b[32] = 0xff;
            },
        ),
        head(
            "version-first",
            "10",
            "The version is 2 and the reserved field holds something: the version is checked first.",
            "unknown-version",
            &|b| {
                b[9] = 2;
                b[11] = 1;
            },
        ),
    ]
}
