//! Pictures, compound files, pages, mails and rich texts with their labels, ours and others'.

use std::io::{Cursor, Read, Write};

use cfb::{CompoundFile, Version};
use kakuzuke_core::label::{Mapping, Taxonomy};
use kakuzuke_formats::{StoredLabel, detect, foreign_labels, read_label, write_label};

use crate::envelope::world::AT;

/// Names of the stream of properties.
const PROPERTIES: &str = "\u{5}DocumentSummaryInformation";

fn label() -> StoredLabel {
    StoredLabel::new(vec![7; 600], "機密性１情報・完全性１情報・可用性１情報".to_owned()).expect("a label")
}

/// Writes a label into a compound file. What another reader can read of it is as it was.
pub fn compound(bytes: &[u8]) {
    let source = bytes.to_vec();
    let mut out = Vec::new();
    if write_label(&source, &label(), &mut out).is_err() {
        return;
    }
    assert_eq!(read_label(&out).ok().flatten(), Some(label()), "what is written is read again");
    assert_eq!(detect(&out, None).ok().map(|d| d.kind), detect(&source, None).ok().map(|d| d.kind));
    if let Err(error) = write_label(&out, &label(), &mut Vec::new()) {
        panic!("a labelled file can't be labelled again: {error}");
    }
}

/// The set of properties of a document.
pub fn properties(bytes: &[u8]) {
    compound(&made(Version::V3, &[("/WordDocument", &[2; 4_200]), (PROPERTIES, bytes)]));
}

/// Labels of other schemes: each has an id, and no more of them than there may be.
pub fn foreign(bytes: &[u8]) {
    if let Ok(labels) = foreign_labels(&bytes.to_vec(), None) {
        assert!(labels.len() <= 192 && labels.iter().all(|label| !label.id.is_empty()));
    }
}

/// A mapping of labels of other schemes.
pub fn mapping(bytes: &[u8]) {
    if let Ok(text) = str::from_utf8(bytes) {
        drop(Mapping::parse(text, Taxonomy::jp_h30(), AT));
    }
}

fn made(version: Version, streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = CompoundFile::create_with_version(version, Cursor::new(Vec::new())).expect("a file");
    for (path, bytes) in streams {
        file.create_stream(path).expect("a stream").write_all(bytes).expect("written");
    }
    file.flush().expect("written");
    file.into_inner().into_inner()
}

/// Compound files of both versions, with and without properties, long and short, and labelled ones.
pub fn compounds() -> Vec<Vec<u8>> {
    let long: &[u8] = &[4; 5_000];
    let short: &[u8] = &[4; 70];
    let mut files = Vec::new();
    for version in [Version::V3, Version::V4] {
        for name in ["/WordDocument", "/Workbook", "/DocumentText", "/__properties_version1.0"] {
            files.push(made(version, &[(name, long), ("/a", short)]));
        }
        let sets = property_sets();
        let set = sets.first().map_or(short, Vec::as_slice);
        files.push(made(version, &[("/WordDocument", long), (PROPERTIES, set)]));
    }
    let labelled = |file: &Vec<u8>| {
        let mut out = Vec::new();
        write_label(file, &label(), &mut out).ok().map(|()| out)
    };
    let done: Vec<_> = files.iter().filter_map(labelled).collect();
    assert!(done.len() >= files.len() / 2, "seeds that can be labelled");
    files.extend(done);
    files
}

/// Property sets as they are written, with a label and with names in UTF-16.
pub fn property_sets() -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let file = made(Version::V3, &[("/WordDocument", &[2; 4_200])]);
    write_label(&file, &label(), &mut out).expect("labelled");
    let mut set = Vec::new();
    let mut file = CompoundFile::open(Cursor::new(&out)).expect("a file");
    file.open_stream(PROPERTIES).expect("a stream").read_to_end(&mut set).expect("read");
    // The same in the code page whose names are UTF-16: to be refused, or read.
    let mut wide = set.clone();
    let page = wide.windows(8).rposition(|w| w == [2, 0, 0, 0, 0xE4, 4, 0, 0]).expect("a code page");
    wide.splice(page + 4..page + 6, 1200_u16.to_le_bytes());
    vec![set, wide]
}

/// The smallest pictures of each kind, and labelled ones.
pub fn pictures() -> Vec<Vec<u8>> {
    let hex = [
        "89504E470D0A1A0A0000000D49484452000000010000000108060000001F15C4890000000D4944415478\
         9C63606060F80F00010401005FE5C34B0000000049454E44AE426082",
        "47494638376101000100800000FFFFFF0000002C00000000010001000002024401003B",
        "FFD8FFE000104A46494600010100000100010000FFDA0002112233FFD9",
        "524946461A000000574542505650384C0D0000002F00000010071011111188880800",
        "49492A000800000002000001030001000000010000000E82030001000000010000000000 0000FF",
        "4D4D002B000800000000000000100000000000000001010000030000000000000001000100000000 00000000000000000000",
    ];
    let bytes = |text: &&str| {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        data_encoding::HEXUPPER_PERMISSIVE.decode(&digits).expect("hexadecimal digits")
    };
    let mut files: Vec<Vec<u8>> = hex.iter().map(bytes).collect();
    files.push(b"<svg xmlns='http://www.w3.org/2000/svg'><metadata/><rect width='1'/></svg>".to_vec());
    labelled_too(files)
}

/// Pages, mails and rich texts, and labelled ones.
pub fn markups() -> Vec<Vec<u8>> {
    const PAGE: &str =
        "<!DOCTYPE html><html><head><meta charset=x><title>\u{8868}</title><!-- a --></head><body>b</body></html>";
    let wide = |text: &str| std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut files: Vec<Vec<u8>> = vec![PAGE.into(), wide(PAGE)];
    for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP] {
        files.push(encoding.encode(PAGE).0.into_owned());
    }
    files.push(b"From: a@example.jp\r\nTo: b@example.jp\r\nSubject: c\r\nMIME-Version: 1.0\r\n\r\nbody\r\n".to_vec());
    files.push(b"{\\rtf1\\ansi{\\fonttbl{\\f0 x;}}{\\info{\\title a}}{\\*\\userprops{\\propname b}\\proptype30{\\staticval c}}\\pard d}".to_vec());
    labelled_too(files)
}

fn labelled_too(mut files: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let labelled = |file: &Vec<u8>| {
        let mut out = Vec::new();
        write_label(file, &label(), &mut out).ok().map(|()| out)
    };
    let done: Vec<_> = files.iter().filter_map(labelled).collect();
    assert!(done.len() + 1 >= files.len(), "seeds that can be labelled");
    files.extend(done);
    files
}

const LIST: &str = "MSIP_Label_2e8f6f9d-1111-2222-3333-444455556666_Enabled=true; \
                    MSIP_Label_2e8f6f9d-1111-2222-3333-444455556666_SiteId=aaaaaaaa-1111-2222-3333-444455556666; \
                    MSIP_Label_2e8f6f9d-1111-2222-3333-444455556666_Name=a";

/// Documents with labels of other schemes.
pub fn foreign_documents() -> Vec<Vec<u8>> {
    let mail =
        format!("From: a@example.jp\r\nTo: b@example.jp\r\nmsip_labels: {LIST}\r\nMIME-Version: 1.0\r\n\r\nbody\r\n");
    let items = LIST.split("; ").filter_map(|pair| pair.split_once('='));
    let items: String =
        items.map(|(name, value)| format!("{{\\propname {name}}}\\proptype30{{\\staticval {value}}}")).collect();
    let rich = format!("{{\\rtf1{{\\*\\userprops {items}}}a}}");
    let mut files = vec![mail.into_bytes(), rich.into_bytes()];
    files.extend(super::documents::documents());
    files
}

/// Mappings.
pub fn mappings() -> Vec<Vec<u8>> {
    let row = "[[label]]\nscheme = \"msip\"\nid = \"2e8f6f9d-1111-2222-3333-444455556666\"\ntenant = \"t\"\nname = \"n\"\n\
               grade = \"機密性２情報\"\nrestrict = [\"複製禁止\"]\n";
    vec![format!("version = 1\n{row}").into_bytes(), b"version = 1\nlabel = []\n".to_vec()]
}
