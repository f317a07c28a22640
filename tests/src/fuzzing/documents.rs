//! Documents of other people's formats: found out, searched for an envelope, labelled.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use kakuzuke_core::code::Text;
use kakuzuke_formats::{
    Category, Cover, Kind, MAGIC, Marking, Signatures, StoredLabel, Wanted, detect, extract, locate, marking_of,
    read_label, write_label,
};

use crate::programs::repository;

/// Finds out what a document is and takes out what it carries.
pub fn document(bytes: &[u8]) {
    let source = bytes.to_vec();
    drop(detect(&source, None));
    drop(detect(&source, Some("文書.docx")));
    drop(read_label(&source));
    if let Ok(Some(place)) = locate(&source) {
        let mut out = Vec::new();
        if let Ok(length) = extract(&source, &place, &mut out) {
            assert_eq!(length, out.len() as u64);
            assert_eq!(length, place.len());
            assert!(out.starts_with(&MAGIC), "what is located begins as an envelope does");
        }
    }
}

/// Writes a label into a document; what was written is read again.
pub fn stored_label(bytes: &[u8]) {
    let source = bytes.to_vec();
    let label = StoredLabel::new(vec![7; 600], "機密性１情報・完全性１情報・可用性１情報".to_owned()).expect("a label");
    let mut out = Vec::new();
    if write_label(&source, &label, &mut out).is_ok() {
        assert_eq!(read_label(&out).ok().flatten(), Some(label), "what is written is read again");
    }
}

/// Reads the text of a document: what is said was counted, and what is not read is named.
pub fn text(bytes: &[u8]) {
    let (mut passages, mut characters) = (0, 0);
    let summary = kakuzuke_formats::text(&bytes.to_vec(), None, &mut |passage| {
        assert!(!passage.text.is_empty(), "nothing is no passage");
        passages += 1;
        characters += passage.text.chars().count() as u64;
        ControlFlow::Continue(())
    });
    let summary = summary.expect("bytes in memory can be read");
    assert_eq!((passages, characters), (summary.passages, summary.characters));
    assert!(summary.is_whole() || !summary.gaps.is_empty(), "nobody asked to stop");
}

/// Marks a document, twice, and takes the marking off; what was put is read again.
pub fn mark(bytes: &[u8]) {
    let source = bytes.to_vec();
    drop(marking_of(&source, None));
    let line = "機密性２情報・完全性２情報・可用性１情報　複製禁止";
    let marking = Marking::new(line, Some("機密性２")).expect("words");
    let mut once = Vec::new();
    let Ok(marked) = kakuzuke_formats::mark(&source, None, &marking, Signatures::Break, &mut once) else { return };
    if marked.places > 0 {
        let read = marking_of(&once, None).expect("what is written can be read");
        assert_eq!(read.as_ref().map(Marking::line), Some(line), "what is put is read again");
    }
    let mut twice = Vec::new();
    if kakuzuke_formats::mark(&once, None, &marking, Signatures::Break, &mut twice).is_ok() {
        assert!(once == twice, "marked twice is marked once");
    }
    let mut back = Vec::new();
    if kakuzuke_formats::unmark(&once, None, Signatures::Break, &mut back).is_ok() {
        assert_eq!(marking_of(&back, None).ok().flatten(), None, "what is taken off is gone");
    }
}

/// Looks for hidden data in a document and takes them out; the result can be looked into, too.
pub fn sanitise(bytes: &[u8]) {
    let source = bytes.to_vec();
    let everything = Category::ALL.iter().fold(Wanted::nothing(), |wanted, category| wanted.with(*category));
    // Characters mean what the name says.
    for name in [None, Some("文書.md")] {
        drop(kakuzuke_formats::inspect(&source, name).expect("bytes in memory can be read"));
        let mut out = Vec::new();
        if kakuzuke_formats::sanitise(&source, name, &everything, &mut out).is_ok() {
            drop(kakuzuke_formats::inspect(&out, name).expect("bytes in memory can be read"));
        }
    }
}

/// Burns a marking into a picture; what was written is a picture of the same kind.
pub fn burn(bytes: &[u8]) {
    let source = bytes.to_vec();
    let words = Marking::new("機密性２情報・完全性２情報・可用性１情報　複製禁止", Some("複製禁止")).expect("words");
    let mut out = Vec::new();
    if kakuzuke_formats::burn(&source, None, &words, &mut out).is_ok() {
        let kind = |bytes: &Vec<u8>| detect(bytes, None).expect("bytes in memory can be read").kind;
        assert_eq!(kind(&out), kind(&source), "a picture stays of its kind");
        kakuzuke_formats::burn(&out, None, &words, &mut Vec::new()).expect("what was written can be read");
    }
}

/// Small pictures of every kind, made by another program.
pub fn pictures() -> Vec<Vec<u8>> {
    const MADE: [&[u8]; 8] = [
        include_bytes!("pictures/a.png"),
        include_bytes!("pictures/b.png"),
        include_bytes!("pictures/a.jpg"),
        include_bytes!("pictures/a.gif"),
        include_bytes!("pictures/a.tif"),
        include_bytes!("pictures/b.tif"),
        include_bytes!("pictures/a.webp"),
        include_bytes!("pictures/b.webp"),
    ];
    MADE.iter().map(|bytes| bytes.to_vec()).collect()
}

/// The sample documents, small pictures, pages, mails, archives and compound files.
pub fn hiding() -> Vec<Vec<u8>> {
    const PICTURES: [&[u8]; 6] = [
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF\x21\xFE\x02ab\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3B",
        b"RIFF\x2A\0\0\0WEBPVP8X\x0A\0\0\0\x08\0\0\0\0\0\0\0\0\0EXIF\x04\0\0\0abcdVP8L\0\0\0\0",
        b"II*\0\x08\0\0\0\x02\0\x0E\x01\x02\0\x06\0\0\0\x26\0\0\0\x11\x01\x04\0\x01\0\0\0\x2C\0\0\0\0\0\0\0secret\0pixels",
        b"\x01\0\0\0\x6C\0\0\0abcdefghijklmnopqrstuvwxyz012345 EMF\0\0\x01\0\x74\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\0\0\x6C\0\0\0",
        b"\xFF\xD8\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0\
          \xFF\xFE\0\x04ab\xFF\xDA\0\x02data\xFF\xD9",
        b"\x89PNG\r\n\x1a\n\0\0\0\x03tEXta\0b\0\0\0\0\0\0\0\0IEND\xAE\x42\x60\x82",
    ];
    const SMALL: &[&str] = &[
        "<!DOCTYPE html><html><head><meta name=author content=a><style>.x{display:none}/* b */</style><script>c</script></head>\
         <body><!-- d --><p class=x>e<p hidden>f<img src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH+AmFiACwAAAAAAQABAAACAkQBADs=\"></html>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>a</metadata><g display=\"none\"><path id=\"p\"/></g><use href=\"#p\"/></svg>",
        "# a\n<!-- b -->\n`<!-- c -->`\n[//]: # (d)\n\u{200B}\u{202E}e\u{1B}[8mf\0",
        "{\\rtf1\\ansi{\\info{\\author a}}{\\*\\revtbl{Unknown;}{b;}}{\\v c}\\b\\insrsid12 {\\deleted\\'64}{\\pict\\jpegblip ffd8ffe1}{\\bin3 }}}x}",
        "Received: from a\r\n by b\r\nFrom: a@example.jp\r\nBcc: c@example.jp\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n\
         x\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<!--a-->=E6\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nX-a: b\r\n\r\nc\r\n--b--\r\n",
    ];
    let small = SMALL.iter().map(|words| words.as_bytes().to_vec());
    documents()
        .into_iter()
        .chain(PICTURES.iter().map(|bytes| bytes.to_vec()))
        .chain(small)
        .chain(containers())
        .collect()
}

/// An archive with files in files, and compound files with names in them.
fn containers() -> Vec<Vec<u8>> {
    let archive = |files: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
            zip.write_all(bytes).expect("written");
        }
        zip.finish().expect("an archive").into_inner()
    };
    let inner = archive(&[("a.html", b"<!-- a -->"), ("Thumbs.db", b"b")]);
    let compound = |streams: &[(&str, Vec<u8>)]| {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file");
        for (path, bytes) in streams {
            file.create_stream(path).and_then(|mut stream| stream.write_all(bytes)).expect("a stream");
        }
        file.into_inner().into_inner()
    };
    let mut set = vec![0xFE, 0xFF, 0, 0, 0, 0, 0, 0];
    set.extend([0; 16]);
    set.extend(1_u32.to_le_bytes());
    set.extend([0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10, 0xAB, 0x91, 0x08, 0, 0x2B, 0x27, 0xB3, 0xD9]);
    for number in [48_u32, 36, 2, 1, 24, 4, 28, 2, 932, 30, 4] {
        set.extend(number.to_le_bytes());
    }
    set.extend(b"abc\0");
    let book =
        b"\x09\x08\x04\0\0\x06\x05\0\x5C\0\x08\0\x03\0\0abc  \x85\0\x09\0\0\0\0\0\x01\0\x01\0a\x0A\0\0\0".to_vec();
    let mail = vec![
        (
            "/__properties_version1.0",
            [vec![0; 32], vec![0x1F, 0, 0x7D, 0, 6, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]].concat(),
        ),
        ("/__substg1.0_007D001F", b"a\0b\0".to_vec()),
        ("/__substg1.0_10130102", b"<html><!-- a --></html>".to_vec()),
    ];
    vec![
        archive(&[("b.zip", &inner), ("c.txt", b"d")]),
        compound(&[("/Workbook", book), ("/\u{5}SummaryInformation", set)]),
        compound(&mail),
    ]
}

/// The sample documents, and small ones of forms that are only read.
pub fn written() -> Vec<Vec<u8>> {
    const SMALL: &[&str] = &[
        "機密性２情報\n取扱注意\n",
        "<!DOCTYPE html><html><head><title>t</title><style>p {}</style></head><body><p hidden>a<p>b&#x6587;<ruby>c<rt>d</rt></ruby></html>",
        "<?xml version=\"1.0\"?><a b=\"c\"><![CDATA[d]]><e/></a>",
        "{\"a\": \"\\u6a5f\\u5bc6\"}",
        "{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0 x;}}{\\header \\'8b@\\par}\\u27231?{\\v a}{\\*\\footnote b}\\par}",
        "From: a@example.jp\r\nTo: b@example.jp\r\nSubject: =?UTF-8?B?5qmf5a+G?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nUEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==\r\n--b--\r\n",
    ];
    documents().into_iter().chain(SMALL.iter().map(|words| words.as_bytes().to_vec())).collect()
}

/// The sample documents.
pub fn documents() -> Vec<Vec<u8>> {
    let mut names: Vec<_> = std::fs::read_dir(repository().join("samples"))
        .expect("samples")
        .map(|e| e.expect("an entry").path())
        .collect();
    names.sort();
    names.iter().map(|name| std::fs::read(name).expect("a sample")).collect()
}

/// Carriers of an envelope, of every kind there is.
pub fn carriers() -> Vec<Vec<u8>> {
    let kinds = [Kind::Docx, Kind::Xlsx, Kind::Pptx, Kind::Odt, Kind::Ods, Kind::Odp, Kind::Pdf, Kind::Opaque];
    kinds.into_iter().filter_map(carrier).collect()
}

fn carrier(kind: Kind) -> Option<Vec<u8>> {
    let cover = Cover {
        organization: Text::fixed("総務省", "Ministry"),
        grades: Text::fixed("機密性２情報", "Confidentiality 2"),
        restrictions: vec![Text::fixed("複製禁止", "No copying")],
        decider: Text::fixed("総務課長", "Director"),
        handling: Vec::new(),
        opening: Vec::new(),
        kind,
    };
    let envelope = [MAGIC.to_vec(), vec![0x5a; 3000]].concat();
    let mut out = Cursor::new(Vec::new());
    let carrier = kakuzuke_formats::carrier(kind, &cover, envelope.len() as u64).ok()?;
    carrier.write(&mut &*envelope, &mut out).expect("written");
    Some(out.into_inner())
}
