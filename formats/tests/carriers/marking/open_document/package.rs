//! Documents made for the tests: page styles and pages of every sort.

use std::io::{Cursor, Write};

pub const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.3\"";

/// A package of a kind with these automatic styles and page styles, and this content.
pub fn package(kind: &str, layouts: &str, masters: &str, styles: &str, body: &str) -> Vec<u8> {
    let media = format!("application/vnd.oasis.opendocument.{kind}");
    let element = match kind.trim_end_matches("-template") {
        "graphics" => "drawing",
        other => other,
    };
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{element}>{body}</office:{element}></office:body></office:document-content>"
    );
    let styles = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-styles {SPACES}><office:styles><style:style style:name=\"standard\" style:family=\"graphic\"/></office:styles><office:automatic-styles>{layouts}</office:automatic-styles><office:master-styles>{masters}</office:master-styles></office:document-styles>"
    );
    packed(&media, &[("content.xml", &content), ("styles.xml", &styles)])
}

/// A package of these parts.
pub fn packed(media: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    packed_under("", media, parts)
}

/// The same with something at the head of its manifest.
pub fn packed_under(head: &str, media: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let listed: String = parts
        .iter()
        .map(|(name, _)| format!("<m:file-entry m:full-path=\"{name}\" m:media-type=\"text/xml\"/>"))
        .collect();
    let manifest = format!(
        "{head}<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" m:version=\"1.3\"><m:file-entry m:full-path=\"/\" m:media-type=\"{media}\"/>{listed}</m:manifest>"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("mimetype", media)].iter().chain(parts).chain(&[("META-INF/manifest.xml", &*manifest)]) {
        let method =
            if *name == "mimetype" { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A page layout of A4 with margins of 2 cm and more properties.
pub fn layout(name: &str, properties: &str, more: &str) -> String {
    format!(
        "<style:page-layout style:name=\"{name}\"><style:page-layout-properties fo:page-width=\"21cm\" fo:page-height=\"29.7cm\" fo:margin-top=\"2cm\" fo:margin-bottom=\"2cm\" fo:margin-left=\"2cm\" fo:margin-right=\"2cm\" {properties}/>{more}</style:page-layout>"
    )
}

fn wide(name: &str) -> String {
    layout(name, "style:print-orientation=\"landscape\"", "")
        .replace("page-width=\"21cm\" fo:page-height=\"29.7cm\"", "page-width=\"29.7cm\" fo:page-height=\"21cm\"")
}

pub fn master(name: &str, layout: &str, held: &str) -> String {
    format!("<style:master-page style:name=\"{name}\" style:page-layout-name=\"{layout}\">{held}</style:master-page>")
}

const HEADER: &str = "<style:header-style><style:header-footer-properties fo:min-height=\"0.5cm\" fo:margin-left=\"0cm\" fo:margin-right=\"0cm\" fo:margin-bottom=\"0.3cm\"/></style:header-style>";

fn lines(count: u32) -> String {
    (0..count).map(|n| format!("<text:p>Line {n} 日本語の本文</text:p>")).collect()
}

/// Texts with every sort of header.
pub fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let plain = layout("pm", "", "");
    let headed = layout("pm", "", HEADER);
    let text = |layouts: &str, masters: &str| package("text", layouts, masters, "", &lines(110));
    let head = |held: &str| master("Standard", "pm", &format!("<style:header>{held}</style:header>"));
    let second = "<style:style style:name=\"B\" style:family=\"paragraph\" style:master-page-name=\"Wide\"/>";
    let turned = format!("{}<text:p text:style-name=\"B\">Wide page</text:p>{}", lines(60), lines(40));
    vec![
        ("plain.odt", text(&plain, &master("Standard", "pm", ""))),
        (
            "empty-master.odt",
            text(&plain, "<style:master-page style:name=\"Standard\" style:page-layout-name=\"pm\"/>"),
        ),
        ("header.odt", text(&headed, &head("<text:p>Their header</text:p><text:p>its second line</text:p>"))),
        (
            "footer.odt",
            text(&plain, &master("Standard", "pm", "<style:footer><text:p>Their footer</text:p></style:footer>")),
        ),
        (
            "first.odt",
            text(
                &headed,
                &master(
                    "Standard",
                    "pm",
                    "<style:header><text:p>odd</text:p></style:header><style:header-left><text:p>even</text:p></style:header-left><style:header-first><text:p>first</text:p></style:header-first>",
                ),
            ),
        ),
        (
            "table.odt",
            text(
                &headed,
                &head(
                    "<table:table table:name=\"T\"><table:table-column/><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell></table:table-row></table:table>",
                ),
            ),
        ),
        ("blank.odt", text(&headed, &head(""))),
        ("blank-line.odt", text(&headed, &head("<text:p/>"))),
        (
            "off.odt",
            text(
                &headed,
                &master(
                    "Standard",
                    "pm",
                    "<style:header style:display=\"false\"><text:p><text:page-number>1</text:page-number></text:p></style:header>",
                ),
            ),
        ),
        ("upright.odt", text(&layout("pm", "style:writing-mode=\"tb-rl\"", ""), &master("Standard", "pm", ""))),
        (
            "turned.odt",
            package(
                "text",
                &format!("{plain}{}", wide("pw")),
                &format!("{}{}", master("Standard", "pm", ""), master("Wide", "pw", "")),
                second,
                &turned,
            ),
        ),
        (
            "framed.odt",
            text(
                &layout(
                    "pm",
                    "fo:border=\"0.5pt solid #000000\" fo:padding=\"0.3cm\" fo:background-color=\"#ffffee\"",
                    "",
                ),
                &master("Standard", "pm", ""),
            ),
        ),
        ("none.odt", text("", "")),
        (
            "narrow.odt",
            text(&plain.replace("margin-top=\"2cm\"", "margin-top=\"0.6cm\""), &master("Standard", "pm", "")),
        ),
        ("ott-template.ott", package("text-template", &plain, &master("Standard", "pm", ""), "", &lines(60))),
    ]
}

/// A header that sheets have: as high as LibreOffice makes it.
const SHEETED: &str = "<style:header-style><style:header-footer-properties fo:min-height=\"0.75cm\" fo:margin-left=\"0cm\" fo:margin-right=\"0cm\" fo:margin-bottom=\"0.25cm\"/></style:header-style>";
const NAMED: &str = "<text:p><text:sheet-name>???</text:sheet-name></text:p>";

/// How far words of a header of a sheet may move for another line above them, in points.
pub const SHIFT: f64 = 2.0;

/// Sheets with every sort of header.
pub fn sheets() -> Vec<(&'static str, Vec<u8>)> {
    let row = |n: u32| {
        format!(
            "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>Row {n} 日本語</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>値{n}</text:p></table:table-cell></table:table-row>"
        )
    };
    let rows: String = (0..120).map(row).collect();
    let style = |style: &str, master: &str| {
        format!("<style:style style:name=\"{style}\" style:family=\"table\" style:master-page-name=\"{master}\"/>")
    };
    let table = |name: &str, style: &str| {
        format!("<table:table table:name=\"{name}\" table:style-name=\"{style}\">{rows}</table:table>")
    };
    let one = |kind: &str, layouts: &str, held: &str| {
        package(kind, layouts, &master("Default", "pm", held), &style("a", "Default"), &table("S1", "a"))
    };
    let sheet = |layouts: &str, held: &str| one("spreadsheet", layouts, held);
    let regions = "<style:header><style:region-left><text:p>left</text:p></style:region-left><style:region-center><text:p>middle</text:p></style:region-center><style:region-right><text:p>right</text:p></style:region-right></style:header>";
    let headed = layout("pm", "", SHEETED);
    let named = format!("<style:header>{NAMED}</style:header>");
    let two = package(
        "spreadsheet",
        &format!("{headed}{}", wide("pw")),
        &format!(
            "{}{}",
            master("Default", "pm", &named),
            master("Wide", "pw", "<style:header style:display=\"false\"/>")
        ),
        &format!("{}{}", style("a", "Default"), style("b", "Wide")),
        &format!("{}{}", table("S1", "a"), table("S2", "b")),
    );
    vec![
        ("named.ods", sheet(&headed, &named)),
        ("regions.ods", sheet(&headed, regions)),
        (
            "left.ods",
            sheet(
                &headed,
                &format!(
                    "{}<style:header-left><text:p>even</text:p></style:header-left>",
                    regions.replace(
                        "<style:region-right><text:p>right</text:p></style:region-right>",
                        "<style:region-right/>"
                    )
                ),
            ),
        ),
        ("blank.ods", sheet(&headed, "<style:header/>")),
        ("off.ods", sheet(&layout("pm", "", ""), "<style:header style:display=\"false\"/>")),
        ("off-named.ods", sheet(&headed, &format!("<style:header style:display=\"false\">{NAMED}</style:header>"))),
        ("half.ods", sheet(&layout("pm", "style:scale-to=\"50%\"", SHEETED), regions)),
        (
            "large-off.ods",
            sheet(&layout("pm", "style:scale-to=\"150%\"", ""), "<style:header style:display=\"false\"/>"),
        ),
        ("two.ods", two),
        ("inches.ods", sheet(&headed.replace("fo:margin-top=\"2cm\"", "fo:margin-top=\"0.3in\""), &named)),
        ("ots-template.ots", one("spreadsheet-template", &headed, &named)),
    ]
}

const NOTES: &str = "<presentation:notes style:page-layout-name=\"np\"><draw:page-thumbnail draw:layer=\"backgroundobjects\" svg:x=\"3cm\" svg:y=\"2cm\" svg:width=\"14cm\" svg:height=\"9cm\" presentation:class=\"page\"/></presentation:notes>";

fn pages(each: &dyn Fn(u32) -> String) -> String {
    (0..3).map(each).collect()
}

fn words(n: u32, style: &str) -> String {
    format!(
        "<draw:frame draw:style-name=\"{style}\" draw:layer=\"layout\" svg:x=\"0cm\" svg:y=\"0cm\" svg:width=\"26cm\" svg:height=\"8cm\"><draw:text-box><text:p>Page{n}</text:p></draw:text-box></draw:frame>"
    )
}

/// Slides and drawings; what their masters show can be hidden, and covered.
pub fn slides() -> Vec<(&'static str, Vec<u8>)> {
    let page = "<style:page-layout style:name=\"pm\"><style:page-layout-properties fo:page-width=\"28cm\" fo:page-height=\"15.75cm\" fo:margin=\"0cm\"/></style:page-layout><style:page-layout style:name=\"np\"><style:page-layout-properties fo:page-width=\"21cm\" fo:page-height=\"29.7cm\" fo:margin=\"0cm\"/></style:page-layout><style:style style:name=\"dp0\" style:family=\"drawing-page\"/>";
    let a4 = "<style:page-layout style:name=\"pm\"><style:page-layout-properties fo:page-width=\"21cm\" fo:page-height=\"29.7cm\" fo:margin=\"1cm\"/></style:page-layout><style:style style:name=\"dp0\" style:family=\"drawing-page\"/>";
    let styles = "<style:style style:name=\"dark\" style:family=\"drawing-page\"><style:drawing-page-properties draw:fill=\"solid\" draw:fill-color=\"#204060\" presentation:background-objects-visible=\"false\" presentation:background-visible=\"true\"/></style:style><style:style style:name=\"clear\" style:family=\"graphic\"><style:graphic-properties draw:stroke=\"none\" draw:fill=\"none\"/></style:style><style:style style:name=\"full\" style:family=\"graphic\"><style:graphic-properties draw:stroke=\"none\" draw:fill=\"solid\" draw:fill-color=\"#80c080\"/></style:style>";
    let name = |held: &str| {
        format!(
            "<style:master-page style:name=\"M\" style:page-layout-name=\"pm\" draw:style-name=\"dp0\">{held}</style:master-page>"
        )
    };
    let own = "<presentation:notes><draw:page-thumbnail draw:layer=\"layout\" svg:x=\"3cm\" svg:y=\"2cm\" svg:width=\"14cm\" svg:height=\"9cm\" draw:page-number=\"1\" presentation:class=\"page\"/></presentation:notes>";
    let clear =
        |n| format!("<draw:page draw:name=\"P{n}\" draw:master-page-name=\"M\">{}</draw:page>", words(n, "clear"));
    let dark = |n| {
        format!(
            "<draw:page draw:name=\"P{n}\" draw:style-name=\"dark\" draw:master-page-name=\"M\">{}{own}</draw:page>",
            words(n, "full")
        )
    };
    let bare = |n| format!("<draw:page draw:name=\"P{n}\" draw:master-page-name=\"M\"/>");
    let handout = "<style:handout-master style:page-layout-name=\"np\" draw:style-name=\"dp0\"/>";
    let shown = |kind: &str, layouts: &str, masters: &str, each: &dyn Fn(u32) -> String| {
        package(kind, layouts, masters, styles, &pages(each))
    };
    vec![
        ("clear.odp", shown("presentation", page, &format!("{handout}{}", name(NOTES)), &clear)),
        ("dark.odp", shown("presentation", page, &name(NOTES), &dark)),
        ("bare.odp", shown("presentation", page, &name(""), &bare)),
        ("otp-template.otp", shown("presentation-template", page, &name(NOTES), &clear)),
        ("a4.odg", shown("graphics", a4, &name(""), &clear)),
        ("otg-template.otg", shown("graphics-template", a4, &name(""), &clear)),
    ]
}
