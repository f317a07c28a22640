//! Office documents made to be hard to mark: sections of all sizes, headers of all kinds, sheets with charts, slides that
//! hide what their layout shows.

use std::fmt::Write as _;

use super::furniture::package;

const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// A package whose parts have these types and lead to one another so: (from, id, kind, to).
pub fn opc(parts: &[(&str, &str, &str)], links: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let mut types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>".to_owned();
    for (name, kind, _) in parts {
        write!(
            types,
            "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}+xml\"/>"
        )
        .unwrap();
    }
    types.push_str("</Types>");
    let mut sources: Vec<&str> = links.iter().map(|(from, ..)| *from).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut files = vec![("[Content_Types].xml".to_owned(), types)];
    for source in sources {
        let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
        let mut text =
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">".to_owned();
        for (_, id, kind, to) in links.iter().filter(|(from, ..)| *from == source) {
            write!(text, "<Relationship Id=\"{id}\" Type=\"{TYPES}{kind}\" Target=\"/{to}\"/>").unwrap();
        }
        text.push_str("</Relationships>");
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        files.push((format!("{folder}_rels/{name}.rels"), text));
    }
    files.extend(parts.iter().map(|(name, _, text)| ((*name).to_owned(), (*text).to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    package(&files)
}

/// A Word document of this body, with these headers (`h1`, `h2`, …) and settings.
pub fn word(body: &str, headers: &[&str], settings: &str) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    let settings = format!("<w:settings {W}>{settings}</w:settings>");
    let headers: Vec<(String, String, String)> = (1..)
        .zip(headers)
        .map(|(n, inner)| (format!("word/header{n}.xml"), format!("h{n}"), format!("<w:hdr {W}>{inner}</w:hdr>")))
        .collect();
    let mut parts = vec![
        ("word/document.xml", "wordprocessingml.document.main", document.as_str()),
        ("word/settings.xml", "wordprocessingml.settings", settings.as_str()),
    ];
    let mut links = vec![
        ("", "r1", "officeDocument", "word/document.xml"),
        ("word/document.xml", "s1", "settings", "word/settings.xml"),
    ];
    for (name, id, text) in &headers {
        parts.push((name, "wordprocessingml.header", text));
        links.push(("word/document.xml", id, "header", name));
    }
    opc(&parts, &links)
}

pub fn paragraph(words: &str, properties: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>")
}

/// That many paragraphs.
pub fn many(words: &str, count: usize) -> String {
    (0..count).map(|n| paragraph(&format!("{words}{n}"), "")).collect()
}

pub fn reference(kind: &str, id: &str) -> String {
    format!("<w:headerReference w:type=\"{kind}\" r:id=\"{id}\"/>")
}

/// A section: its headers, the size of its pages, its upper margin and that of its header, and what else it says.
pub fn section(headers: &str, (w, h): (u32, u32), (top, header): (i32, u32), more: &str) -> String {
    format!(
        "<w:sectPr>{headers}<w:pgSz w:w=\"{w}\" w:h=\"{h}\"/><w:pgMar w:top=\"{top}\" w:right=\"1200\" w:bottom=\"1440\" w:left=\"1200\" w:header=\"{header}\" w:footer=\"720\" w:gutter=\"0\"/>{more}</w:sectPr>"
    )
}

const A4: (u32, u32) = (11_906, 16_838);
const LANDSCAPE: (u32, u32) = (16_838, 11_906);
const USUAL: (i32, u32) = (1440, 720);

/// Word documents by what is hard about them.
pub fn documents() -> Vec<(String, Vec<u8>)> {
    let right = |words: &str| paragraph(words, "<w:jc w:val=\"right\"/>");
    let full: String = (0..8).map(|n| right(&format!("HEAD{n}"))).collect();
    let table = "<w:tbl><w:tblPr><w:tblW w:w=\"9000\" w:type=\"dxa\"/></w:tblPr><w:tr><w:tc><w:p><w:r><w:t>CELL</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>";
    let framed = "<w:p><w:pPr><w:framePr w:wrap=\"around\" w:vAnchor=\"text\" w:hAnchor=\"margin\" w:xAlign=\"right\" w:y=\"1\"/></w:pPr><w:r><w:t>12</w:t></w:r></w:p><w:p><w:pPr><w:ind w:right=\"360\"/></w:pPr></w:p>";
    let held = "<w:sdt><w:sdtContent><w:p><w:r><w:t>HELD</w:t></w:r></w:p></w:sdtContent></w:sdt>";
    let first = "<w:titlePg/>";
    let evens = "<w:evenAndOddHeaders/>";
    let h1 = reference("default", "h1");
    let sections = [
        many("one", 60) + &paragraph("end", &section("", A4, USUAL, first)),
        many("two", 60) + &paragraph("end", &section("", LANDSCAPE, USUAL, first)),
        many("three", 60) + &paragraph("end", &section(&h1, A4, USUAL, "")),
        many("four", 60) + &paragraph("end", &section("", (8391, 11_906), USUAL, "")),
        many("five", 90) + &section("", (23_811, 16_838), USUAL, ""),
    ]
    .concat();
    let both = h1.clone() + &reference("even", "h2");
    let one = |section: String| many("text", 100) + &section;
    let documents = [
        ("plain", word(&one(section("", A4, USUAL, "")), &[], "")),
        ("no section", word(&many("text", 100), &[], "")),
        ("empty section", word(&one("<w:sectPr/>".to_owned()), &[], "")),
        ("header below the margin", word(&one(section("", A4, (400, 720), "")), &[], "")),
        ("fixed margin", word(&one(section("", A4, (-1440, 720), "")), &[], "")),
        ("grid", word(&one(section("", A4, USUAL, "<w:docGrid w:type=\"lines\" w:linePitch=\"360\"/>")), &[], "")),
        ("five sections", word(&sections, &[&right("OWN")], "")),
        ("odd and even", word(&one(section(&both, A4, USUAL, first)), &[&right("ODD"), &right("EVEN")], evens)),
        ("only odd", word(&one(section(&h1, A4, USUAL, first)), &[&right("ODD")], evens)),
        ("no header at all", word(&one(section("", A4, USUAL, first)), &[], evens)),
        ("full header", word(&one(section(&h1, A4, USUAL, "")), &[&full], "")),
        ("table in the header", word(&one(section(&h1, A4, USUAL, "")), &[table], "")),
        ("frame in the header", word(&one(section(&h1, A4, USUAL, "")), &[framed], "")),
        ("control in the header", word(&one(section(&h1, A4, USUAL, "")), &[held], "")),
        ("empty header", word(&one(section(&h1, A4, USUAL, "")), &["<w:p/>"], "")),
    ];
    documents.map(|(name, file)| (format!("{name}.docx"), file)).into()
}

const S: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// A workbook of sheets, given as what stands in each behind `sheetData`; a chart sheet last.
pub fn book(sheets: &[&str], rows: usize) -> Vec<u8> {
    let row = |n: usize| {
        let cell = |column: char| format!("<c r=\"{column}{n}\" t=\"inlineStr\"><is><t>{column}{n}</t></is></c>");
        format!("<row r=\"{n}\">{}</row>", ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map(cell).concat())
    };
    let rows: String = (1..=rows).map(row).collect();
    let mut list = String::new();
    let mut parts: Vec<(String, String, String)> = Vec::new();
    for (n, rest) in (1..).zip(sheets) {
        write!(list, "<sheet name=\"表{n}\" sheetId=\"{n}\" r:id=\"r{n}\"/>").unwrap();
        let text = format!("<worksheet {S}><sheetData>{rows}</sheetData>{rest}</worksheet>");
        parts.push((format!("xl/worksheets/sheet{n}.xml"), "spreadsheetml.worksheet".to_owned(), text));
    }
    let main = format!("<workbook {S}><sheets>{list}</sheets></workbook>");
    parts.push(("xl/workbook.xml".to_owned(), "spreadsheetml.sheet.main".to_owned(), main));
    let names: Vec<(String, String)> =
        (1..=sheets.len()).map(|n| (format!("r{n}"), format!("xl/worksheets/sheet{n}.xml"))).collect();
    let mut links = vec![("", "r1", "officeDocument", "xl/workbook.xml")];
    links.extend(names.iter().map(|(id, name)| ("xl/workbook.xml", id.as_str(), "worksheet", name.as_str())));
    let parts: Vec<(&str, &str, &str)> = parts.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    opc(&parts, &links)
}

/// Workbooks by what is hard about them.
pub fn books() -> Vec<(String, Vec<u8>)> {
    let margins =
        "<pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/>";
    let tight = "<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.6\" bottom=\"0.6\" header=\"0.5\" footer=\"0.3\"/>";
    let odd =
        "<headerFooter><oddHeader>&amp;LLEFT&amp;RRIGHT</oddHeader><oddFooter>&amp;CFOOT</oddFooter></headerFooter>";
    let split = "<headerFooter differentOddEven=\"1\" differentFirst=\"1\"><oddHeader>&amp;LODD</oddHeader><evenHeader>&amp;REVEN</evenHeader></headerFooter>";
    let books = [
        ("plain", book(&[margins, ""], 120)),
        ("tight", book(&[tight], 120)),
        ("own header", book(&[&format!("{margins}{odd}")], 120)),
        (
            "odd, even and first",
            book(&[&format!("{margins}<pageSetup paperSize=\"9\" orientation=\"landscape\"/>{split}")], 200),
        ),
        ("empty header", book(&[&format!("{margins}<headerFooter alignWithMargins=\"0\"/>")], 60)),
    ];
    books.map(|(name, file)| (format!("{name}.xlsx"), file)).into()
}

const P: &str = "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const GROUP: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>";

/// A presentation: slides as (attributes of the slide, words in a box), on slides of this size.
pub fn slides(slides: &[(&str, &str)], (cx, cy): (u32, u32)) -> Vec<u8> {
    let (mut list, mut parts) = (String::new(), Vec::new());
    for (n, (attributes, words)) in (1..).zip(slides) {
        write!(list, "<p:sldId id=\"{}\" r:id=\"r{n}\"/>", 255 + n).unwrap();
        let text = format!(
            "<p:sld {P} {attributes}><p:cSld><p:spTree>{GROUP}<p:sp><p:nvSpPr><p:cNvPr id=\"90001\" name=\"a\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"900000\" y=\"1800000\"/><a:ext cx=\"4000000\" cy=\"900000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:rPr lang=\"ja-JP\" sz=\"2400\"/><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        );
        parts.push((format!("ppt/slides/slide{n}.xml"), "presentationml.slide".to_owned(), text));
    }
    let main = format!(
        "<p:presentation {P}><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"m1\"/></p:sldMasterIdLst><p:sldIdLst>{list}</p:sldIdLst><p:sldSz cx=\"{cx}\" cy=\"{cy}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>"
    );
    let map = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>";
    let tree = format!("<p:cSld><p:spTree>{GROUP}</p:spTree></p:cSld>");
    let notes = format!("<p:notesMaster {P}>{tree}{map}</p:notesMaster>");
    let master = format!(
        "<p:sldMaster {P}>{tree}{map}<p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"l1\"/></p:sldLayoutIdLst></p:sldMaster>"
    );
    let layout = format!(
        "<p:sldLayout {P} showMasterSp=\"0\">{tree}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    );
    let mut parts: Vec<(&str, &str, &str)> =
        parts.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    parts.extend([
        ("ppt/presentation.xml", "presentationml.presentation.main", main.as_str()),
        ("ppt/slideMasters/slideMaster1.xml", "presentationml.slideMaster", master.as_str()),
        ("ppt/slideLayouts/slideLayout1.xml", "presentationml.slideLayout", layout.as_str()),
        ("ppt/notesMasters/notesMaster1.xml", "presentationml.notesMaster", notes.as_str()),
    ]);
    let ids: Vec<(String, String)> =
        (1..=slides.len()).map(|n| (format!("r{n}"), format!("ppt/slides/slide{n}.xml"))).collect();
    let mut links = vec![
        ("", "r1", "officeDocument", "ppt/presentation.xml"),
        ("ppt/presentation.xml", "m1", "slideMaster", "ppt/slideMasters/slideMaster1.xml"),
        ("ppt/presentation.xml", "n1", "notesMaster", "ppt/notesMasters/notesMaster1.xml"),
        ("ppt/slideMasters/slideMaster1.xml", "l1", "slideLayout", "ppt/slideLayouts/slideLayout1.xml"),
        ("ppt/slideLayouts/slideLayout1.xml", "m1", "slideMaster", "ppt/slideMasters/slideMaster1.xml"),
    ];
    for (id, name) in &ids {
        links.push(("ppt/presentation.xml", id, "slide", name));
        links.push((name, "l1", "slideLayout", "ppt/slideLayouts/slideLayout1.xml"));
    }
    opc(&parts, &links)
}

/// Presentations by what is hard about them.
pub fn presentations() -> Vec<(String, Vec<u8>)> {
    let wide = [("", "SLIDE1"), ("showMasterSp=\"0\"", "SLIDE2"), ("", "SLIDE3")];
    let presentations = [
        ("wide", slides(&wide, (12_192_000, 6_858_000))),
        ("four to three", slides(&wide, (9_144_000, 6_858_000))),
        ("upright", slides(&wide[..1], (6_858_000, 9_906_000))),
        ("poster", slides(&wide[..1], (30_276_000, 42_804_000))),
    ];
    presentations.map(|(name, file)| (format!("{name}.pptx"), file)).into()
}
