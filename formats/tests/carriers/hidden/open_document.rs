//! OpenDocument: each sort of hidden data in a package made for it.

use std::io::{Cursor, Read};

use kakuzuke_formats::{Category, Kind, Wanted, detect};

use super::furniture::{cleaned, found, goes, holds, package};

pub(super) const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:form=\"urn:oasis:names:tc:opendocument:xmlns:form:1.0\" xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\" xmlns:drawooo=\"http://openoffice.org/2010/draw\"";

pub(super) fn document(kind: &str, styles: &str, body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let media = format!("application/vnd.oasis.opendocument.{}", if kind == "drawing" { "graphics" } else { kind });
    let element = kind;
    let content = format!(
        "<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{element}>{body}</office:{element}></office:body></office:document-content>"
    );
    let listed: String = parts
        .iter()
        .map(|(name, _)| {
            format!(
                "<m:file-entry m:full-path=\"{name}\" m:media-type=\"{}\"/>",
                if name.starts_with("Obj") { "application/vnd.sun.star.oleobject" } else { "" }
            )
        })
        .collect();
    let manifest = format!(
        "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><m:file-entry m:full-path=\"/\" m:media-type=\"{media}\"/><m:file-entry m:full-path=\"content.xml\" m:media-type=\"text/xml\"/>{listed}</m:manifest>"
    );
    let own = [("mimetype", media.as_str()), ("content.xml", &content), ("META-INF/manifest.xml", &manifest)];
    package(&[&own[..], parts].concat())
}

/// The document with a folder in its list.
pub(super) fn with_media(file: &[u8], folder: &str, media: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = Vec::new();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        let (name, mut text) = (entry.name().unwrap().into_owned(), String::new());
        entry.read_to_string(&mut text).unwrap();
        let entry = format!("<m:file-entry m:full-path=\"{folder}\" m:media-type=\"{media}\"/></m:manifest>");
        parts.push((name, text.replace("</m:manifest>", &entry)));
    }
    package(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table, one case a row")]
fn what_an_open_document_hides_goes() {
    let seen = "<text:p>SEEN</text:p>";
    let meta = |inside: &str| {
        format!("<office:document-meta {SPACES}><office:meta>{inside}</office:meta></office:document-meta>")
    };
    let author = meta("<dc:creator>SECRET</dc:creator>");
    let printed = meta("<meta:print-date>SECRET</meta:print-date>");
    let keyword = meta("<meta:keyword>SECRET</meta:keyword>");
    let own = meta("<meta:user-defined meta:name=\"x\">SECRET</meta:user-defined>");
    let settings = format!(
        "<office:document-settings {SPACES}><office:settings><config:config-item-set config:name=\"a\"><config:config-item config:name=\"PrinterSetup\">SECRET</config:config-item></config:config-item-set></office:settings></office:document-settings>"
    );
    let hidden = "<style:style style:name=\"H\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>";
    let cases = vec![
        (
            Category::Changes,
            document(
                "text",
                "",
                &format!(
                    "<text:tracked-changes><text:changed-region>SECRET</text:changed-region></text:tracked-changes>{seen}"
                ),
                &[],
            ),
        ),
        (
            Category::Comments,
            document(
                "text",
                "",
                "<text:p>SEEN<office:annotation><dc:creator>SECRET</dc:creator></office:annotation></text:p>",
                &[],
            ),
        ),
        (
            Category::HiddenText,
            document(
                "text",
                hidden,
                &format!("{seen}<text:p><text:span text:style-name=\"H\">SECRET</text:span></text:p>"),
                &[],
            ),
        ),
        (
            Category::HiddenText,
            document(
                "text",
                "",
                &format!("{seen}<text:section text:display=\"none\"><text:p>SECRET</text:p></text:section>"),
                &[],
            ),
        ),
        (
            Category::HiddenText,
            document(
                "text",
                "",
                &format!("{seen}<text:p><text:hidden-text text:string-value=\"SECRET\"/></text:p>"),
                &[],
            ),
        ),
        (
            Category::Links,
            document("text", "", "<text:p><text:a xlink:href=\"file:///SECRET\">SEEN</text:a></text:p>", &[]),
        ),
        (Category::Authors, document("text", "", seen, &[("meta.xml", &author)])),
        (Category::History, document("text", "", seen, &[("meta.xml", &printed)])),
        (Category::Properties, document("text", "", seen, &[("meta.xml", &keyword)])),
        (Category::CustomData, document("text", "", seen, &[("meta.xml", &own)])),
        (Category::Printer, document("text", "", seen, &[("settings.xml", &settings)])),
        (Category::Thumbnails, document("text", "", seen, &[("Thumbnails/thumbnail.txt", "SECRET")])),
        (Category::Macros, document("text", "", seen, &[("Basic/Standard/Module1.xml", "SECRET")])),
        (Category::Revisions, document("text", "", seen, &[("VersionList.xml", "SECRET")])),
        (
            Category::Objects,
            document(
                "text",
                "",
                &format!("{seen}<draw:frame><draw:object-ole xlink:href=\"./Obj1\"/></draw:frame>"),
                &[("Obj1", "SECRET")],
            ),
        ),
        (
            Category::HiddenSheets,
            document(
                "spreadsheet",
                "<style:style style:name=\"H\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>",
                "<table:table table:name=\"A\"><text:p>SEEN</text:p></table:table><table:table table:name=\"S\" table:style-name=\"H\"><text:p>SECRET</text:p></table:table>",
                &[],
            ),
        ),
        (
            Category::HiddenCells,
            document(
                "spreadsheet",
                "",
                "<table:table table:name=\"A\"><text:p>SEEN</text:p><table:table-row table:visibility=\"collapse\"><table:table-cell office:value-type=\"string\"><text:p>SECRET</text:p></table:table-cell></table:table-row></table:table>",
                &[],
            ),
        ),
        (
            Category::HiddenSlides,
            document(
                "presentation",
                "<style:style style:name=\"H\" style:family=\"drawing-page\"><style:drawing-page-properties presentation:visibility=\"hidden\"/></style:style>",
                "<draw:page><text:p>SEEN</text:p></draw:page><draw:page draw:style-name=\"H\"><text:p>SECRET</text:p></draw:page>",
                &[],
            ),
        ),
        (
            Category::Notes,
            document(
                "presentation",
                "",
                "<draw:page><text:p>SEEN</text:p><presentation:notes><text:p>SECRET</text:p></presentation:notes></draw:page>",
                &[],
            ),
        ),
    ];
    for (category, file) in cases {
        assert!([Kind::Odt, Kind::Ods, Kind::Odp].contains(&detect(&file, None).unwrap().kind));
        let out = goes(&file, "文書.odt", category, "SECRET");
        assert!(holds(&out, "SEEN"), "{category:?}");
        assert!(found(&out, "文書.odt").is_clean(), "{category:?} {:#?}", found(&out, "文書.odt"));
    }
}

#[test]
fn empty_notes_and_metadata_are_nobodys() {
    let page = "<draw:page><text:p>SEEN</text:p><presentation:notes><text:p><text:page-number>1</text:page-number></text:p></presentation:notes></draw:page>";
    let file = document("presentation", "", page, &[]);
    assert!(found(&file, "資料.odp").is_clean());
    assert_eq!(cleaned(&file, "資料.odp", &Wanted::usual()), file);
}

#[test]
fn values_in_hidden_columns_go_and_seen_ones_stay() {
    let column =
        |many: u32, hidden: &str| format!("<table:table-column table:number-columns-repeated=\"{many}\" {hidden}/>");
    let hidden = "table:visibility=\"collapse\"";
    let text = |words: &str, more: &str| {
        format!("<table:table-cell {more} office:value-type=\"string\"><text:p>{words}</text:p></table:table-cell>")
    };
    // A, B and E are seen, C and D are not; the second row says one word in B, C, D and E.
    let body = format!(
        "<table:table table:name=\"A\">{}{}{}<table:table-row>{}{}{}<table:table-cell office:value-type=\"float\" office:value=\"7777\"/>{}</table:table-row><table:table-row><table:table-cell/>{}</table:table-row></table:table>",
        column(2, ""),
        column(2, hidden),
        column(1, ""),
        text("SEEN", ""),
        text("SEEN", ""),
        text("SECRET", ""),
        text("SEEN", ""),
        text("TWICE", "table:number-columns-repeated=\"4\""),
    );
    let file = document("spreadsheet", "", &body, &[]);
    let out = goes(&file, "表.ods", Category::HiddenCells, "SECRET");
    let content = String::from_utf8_lossy(&super::furniture::inflated(&out)).into_owned();
    assert!(!content.contains("7777"), "{content}");
    assert_eq!(content.matches("SEEN").count(), 3);
    assert_eq!(content.matches("TWICE").count(), 2, "{content}");
    assert!(
        content.contains("table:number-columns-repeated=\"2\"/>")
            || content.contains("table:number-columns-repeated=\"2\"></table:table-cell>")
    );
    assert!(found(&out, "表.ods").is_clean());
    // Nothing is cut when nothing goes.
    assert_eq!(cleaned(&file, "表.ods", &Wanted::nothing()), file);
}
