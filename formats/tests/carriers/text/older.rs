//! Older formats: made by LibreOffice, and compound files made by hand.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use kakuzuke_core::passage::{Part, Unit};

use super::furniture::{archive, read};
use crate::furniture::has;

const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" office:version=\"1.3\"";

/// A flat OpenDocument file.
fn flat(kind: &str, styles: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document {SPACES} office:mimetype=\"application/vnd.oasis.opendocument.{kind}\"><office:meta><dc:title>人事案件</dc:title>\
         <meta:user-defined meta:name=\"担当\">山田</meta:user-defined></office:meta>{styles}<office:body>{body}</office:body></office:document>"
    )
}

fn convert(folder: &Path, name: &str, content: &str, to: &[&str]) {
    std::fs::write(folder.join(name), content).unwrap();
    for kind in to {
        let run = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
            .args(["--headless", "--convert-to", kind, "--outdir"])
            .arg(folder)
            .arg(folder.join(name))
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn texts_that_libreoffice_writes_are_read_in_every_form() {
    if !has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let styles = "<office:styles><style:style style:name=\"Kakushi\" style:family=\"text\"><style:text-properties text:display=\"none\"/>\
                  </style:style></office:styles><office:automatic-styles><style:page-layout style:name=\"p\"><style:header-style/><style:footer-style/></style:page-layout></office:automatic-styles>\
                  <office:master-styles><style:master-page style:name=\"Standard\" style:page-layout-name=\"p\"><style:header><text:p>機密性２情報</text:p></style:header>\
                  <style:footer><text:p>足元の文</text:p></style:footer></style:master-page></office:master-styles>";
    let body = "<office:text><text:p>起案理由　①髙橋</text:p><text:p>見える<text:span text:style-name=\"Kakushi\">隠した文</text:span></text:p>\
                <text:p>本文<office:annotation><dc:creator>佐藤</dc:creator><text:p>コメントの文</text:p></office:annotation>\
                <text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注の文</text:p></text:note-body></text:note></text:p>\
                <table:table table:name=\"t\"><table:table-column/><table:table-row><table:table-cell><text:p>表の中の文</text:p></table:table-cell></table:table-row></table:table>\
                </office:text>";
    convert(folder.path(), "a.fodt", &flat("text", styles, body), &["doc", "docx", "odt", "rtf"]);
    for kind in ["doc", "docx", "odt", "rtf"] {
        let said = read(&std::fs::read(folder.path().join(format!("a.{kind}"))).unwrap(), None);
        assert!(said.summary.is_whole(), "{kind}: {:?}", said.summary);
        let of = |part: Part| said.of(&part);
        for words in ["起案理由　①髙橋", "見える", "表の中の文"] {
            assert!(of(Part::Body).contains(words), "{kind}: {words}: {:#?}", said.passages);
        }
        assert!(of(Part::Header).contains("機密性２情報"), "{kind}: {:#?}", said.passages);
        assert!(
            kind == "rtf" || of(Part::Footer).contains("足元の文") || of(Part::Header).contains("足元の文"),
            "{kind}"
        );
        assert!(of(Part::Comment).contains("コメントの文"), "{kind}: {:#?}", said.passages);
        assert!(of(Part::Footnote).contains("脚注の文"), "{kind}: {:#?}", said.passages);
        assert!(said.passages.iter().any(|p| p.text.contains("隠した文")), "{kind}");
        assert!(of(Part::Property("title".to_owned())).contains("人事案件"), "{kind}");
    }
}

#[test]
fn sheets_that_libreoffice_writes_are_read_in_every_form() {
    if !has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let styles = "<office:automatic-styles><style:style style:name=\"h\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>";
    let body = "<office:spreadsheet><table:table table:name=\"名簿\"><table:table-column/><table:table-row><table:table-cell office:value-type=\"string\"><text:p>氏名</text:p></table:table-cell>\
                <table:table-cell office:value-type=\"string\"><office:annotation><text:p>仮の番号</text:p></office:annotation><text:p>個人番号</text:p></table:table-cell></table:table-row>\
                <table:table-row><table:table-cell office:value-type=\"string\"><text:p>山田太郎</text:p></table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"123456789018\"><text:p>123456789018</text:p></table:table-cell></table:table-row>\
                <table:table-row table:visibility=\"collapse\"><table:table-cell office:value-type=\"string\"><text:p>隠れた行</text:p></table:table-cell></table:table-row></table:table>\
                <table:table table:name=\"裏\" table:style-name=\"h\"><table:table-column/><table:table-row><table:table-cell office:value-type=\"string\"><text:p>裏の文</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>";
    convert(folder.path(), "a.fods", &flat("spreadsheet", styles, body), &["xls", "xlsx", "ods"]);
    for kind in ["xls", "xlsx", "ods"] {
        let said = read(&std::fs::read(folder.path().join(format!("a.{kind}"))).unwrap(), None);
        assert!(said.summary.is_whole(), "{kind}: {:?}", said.summary);
        let cell = |cell: &str| Unit::Cell { sheet: "名簿".to_owned(), cell: cell.to_owned() };
        said.has("氏名", &cell("A1"), &Part::Body);
        said.has("123456789018", &cell("B2"), &Part::Body);
        said.has("仮の番号", &cell("B1"), &Part::Comment);
        said.has("隠れた行", &cell("A3"), &Part::Hidden);
        said.has("裏の文", &Unit::Cell { sheet: "裏".to_owned(), cell: "A1".to_owned() }, &Part::Hidden);
    }
}

#[test]
fn slides_that_libreoffice_writes_are_read_in_every_form() {
    if !has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let frame = |words: &str| {
        format!(
            "<draw:frame svg:x=\"1cm\" svg:y=\"1cm\" svg:width=\"10cm\" svg:height=\"2cm\"><draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>"
        )
    };
    let body = format!(
        "<office:presentation><draw:page draw:name=\"一\">{}<presentation:notes><draw:frame presentation:class=\"notes\" svg:width=\"10cm\" svg:height=\"5cm\">\
         <draw:text-box><text:p>口頭で補足</text:p></draw:text-box></draw:frame></presentation:notes></draw:page><draw:page draw:name=\"二\">{}</draw:page></office:presentation>",
        frame("一枚目の文"),
        frame("二枚目の文")
    );
    convert(folder.path(), "a.fodp", &flat("presentation", "", &body), &["ppt", "pptx", "odp"]);
    for kind in ["ppt", "pptx", "odp"] {
        let said = read(&std::fs::read(folder.path().join(format!("a.{kind}"))).unwrap(), None);
        assert!(said.summary.is_whole(), "{kind}: {:?}", said.summary);
        assert_eq!(said.spot("一枚目の文").1, Unit::Slide(1), "{kind}");
        assert_eq!(said.spot("二枚目の文").1, Unit::Slide(2), "{kind}");
        assert_eq!(said.spot("口頭で補足").2, Part::Notes, "{kind}: {:#?}", said.passages);
    }
}

/// A compound file of these streams.
fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some(folder) = Path::new(path).parent() {
            file.create_storage_all(folder).unwrap();
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn wide(words: &str) -> Vec<u8> {
    words.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn ichitaro(words: &str) -> Vec<u8> {
    let units: Vec<u16> = words.encode_utf16().collect();
    let mut text = vec![0; 20];
    text.extend(b"TextV.01");
    text.extend((units.len() as u32).to_be_bytes());
    text.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
    text.extend([0x55; 40]);
    compound(&[("/DocumentText", text)])
}

#[test]
fn ichitaro_says_its_main_text_and_that_there_is_more() {
    let plain = ichitaro("機密性２情報\n人事院\u{1C}事務総局");
    let said = read(&plain, Some("起案.jtd"));
    assert_eq!(said.of(&Part::Body), "機密性２情報\n人事院事務総局");
    assert_eq!(said.summary.gaps.len(), 1);
    // An archive with the file as it is (method -lh0-), header of level 0.
    let mut archive = vec![0; 38];
    let name = b"a";
    let mut head = b"-lh0-".to_vec();
    head.extend((plain.len() as u32).to_le_bytes());
    head.extend((plain.len() as u32).to_le_bytes());
    head.extend([0, 0, 0x21, 0, 0x20, 0, name.len() as u8]);
    head.extend(name);
    head.extend([0, 0]);
    archive.push(head.len() as u8);
    archive.push(head.iter().fold(0_u8, |sum, b| sum.wrapping_add(*b)));
    archive.extend(&head);
    archive.extend(&plain);
    archive.push(0);
    let said = read(&compound(&[("/JSCompDocument", archive)]), Some("起案.jtdc"));
    assert_eq!(said.of(&Part::Body), "機密性２情報\n人事院事務総局", "{:?}", said.summary);
}

#[test]
fn outlook_says_headers_body_and_attachments() {
    let inner = archive(&[("別紙.txt", "別紙の文".as_bytes())]);
    let bytes = compound(&[
        ("/__properties_version1.0", vec![0; 32]),
        ("/__substg1.0_0037001F", wide("【機密性２】会議資料")),
        ("/__substg1.0_1000001F", wide("各位\r\n関係者限りでお願いします。")),
        ("/__recip_version1.0_#00000000/__substg1.0_3001001F", wide("田中")),
        ("/__attach_version1.0_#00000000/__substg1.0_3707001F", wide("資料.zip")),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", inner),
        ("/__attach_version1.0_#00000001/__substg1.0_3001001F", wide("転送")),
        ("/__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0", vec![0; 24]),
        ("/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F", wide("転送された文")),
    ]);
    let said = read(&bytes, None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    assert_eq!(said.of(&Part::Property("Subject".to_owned())), "【機密性２】会議資料");
    assert_eq!(said.of(&Part::Property("To".to_owned())), "田中");
    said.has("関係者限り", &Unit::Line(2), &Part::Body);
    assert_eq!(said.spot("別紙の文").0, ["資料.zip", "別紙.txt"]);
    assert_eq!(said.spot("転送された文").0, ["転送"]);
}

#[test]
fn rtf_says_japanese_in_bytes_and_in_unicode() {
    let rtf = "{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0 \\'82\\'6c;}}{\\info{\\title \\'90\\'6c\\'8e\\'96}}{\\header \\'8b@\\'96\\'a7\\'90\\'ab\\par}\
               \\'8e\\'e6\\'88\\'b5\\'92\\'8d\\'88\\'d3 {\\v \\'89\\'42}\\par \\u27231?\\u23494?\\u-9?{\\deleted gone}\\par}";
    let said = read(rtf.as_bytes(), None);
    assert_eq!(said.of(&Part::Body), "取扱注意\n機密\u{FFF7}");
    assert_eq!(said.of(&Part::Header), "機密性");
    assert_eq!(said.of(&Part::Hidden), "隠");
    assert_eq!(said.of(&Part::Deleted), "gone");
    assert_eq!(said.of(&Part::Property("title".to_owned())), "人事");
}

#[test]
fn embedded_files_of_compound_files_are_read() {
    let file = "別紙の文";
    let mut native = vec![0; 4];
    native.extend(2_u16.to_le_bytes());
    native.extend(encoding_rs::SHIFT_JIS.encode("別紙.txt").0.iter());
    native.extend(b"\0c:\\x\0\0\0\x03\0");
    native.extend(4_u32.to_le_bytes());
    native.extend(b"c:\\x");
    native.extend((file.len() as u32).to_le_bytes());
    native.extend(file.bytes());
    let said = read(&compound(&[("/\u{1}Ole10Native", native)]), None);
    assert_eq!(said.spot("別紙の文").0, ["別紙.txt"], "{:?}", said.summary);
    assert!(!read(&compound(&[("/Unknown", vec![1; 99])]), None).summary.is_whole());
}
