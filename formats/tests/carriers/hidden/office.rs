//! Word, Excel and PowerPoint: each sort of hidden data in a package made for it.

use kakuzuke_formats::{Category, Kind, State, Wanted, detect};

use super::furniture::{cleaned, found, goes, holds, package, shown};
use super::picture::png;
use crate::furniture::has;

pub const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// A Word document of this body; `links` are relationships of the document (type, target), `parts` further parts.
pub fn word(body: &str, links: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    office(
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        &document,
        links,
        parts,
    )
}

/// A workbook whose sheets are parts of their own.
pub fn book(sheets: &str, links: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let book = format!(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{}\">{sheets}</workbook>",
        TYPE.trim_end_matches('/')
    );
    office(
        "xl/workbook.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        &book,
        links,
        parts,
    )
}

/// A presentation of these slides.
pub fn show(slides: &str, links: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
    let main = format!(
        "<p:presentation xmlns:p=\"http://schemas.openxmlformats.org/p\" xmlns:r=\"{}\">{slides}</p:presentation>",
        TYPE.trim_end_matches('/')
    );
    office("ppt/presentation.xml", kind, &main, links, parts)
}

pub fn sheet(rows: &str) -> String {
    format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{rows}</worksheet>")
}

fn office(main: &str, kind: &str, text: &str, links: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let types = format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/><Override PartName=\"/{main}\" ContentType=\"{kind}\"/>{}</Types>",
        parts
            .iter()
            .filter_map(|(name, _)| special(name)
                .map(|kind| format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>")))
            .collect::<String>()
    );
    let begin = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    let properties: String = parts.iter().filter_map(|(name, _)| match *name {
        "docProps/core.xml" => Some("<Relationship Id=\"p1\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>".to_owned()),
        "docProps/app.xml" => Some(format!("<Relationship Id=\"p2\" Type=\"{TYPE}extended-properties\" Target=\"docProps/app.xml\"/>")),
        "docProps/custom.xml" => Some(format!("<Relationship Id=\"p3\" Type=\"{TYPE}custom-properties\" Target=\"docProps/custom.xml\"/>")),
        "docProps/thumbnail.txt" => Some("<Relationship Id=\"p4\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail\" Target=\"docProps/thumbnail.txt\"/>".to_owned()),
        _ => None,
    }).collect();
    let root = format!(
        "{begin}<Relationship Id=\"rId1\" Type=\"{TYPE}officeDocument\" Target=\"{main}\"/>{properties}</Relationships>"
    );
    let links: String = links
        .iter()
        .enumerate()
        .map(|(n, (kind, target))| {
            let mode = if target.contains(':') { " TargetMode=\"External\"" } else { "" };
            format!("<Relationship Id=\"r{}\" Type=\"{TYPE}{kind}\" Target=\"{target}\"{mode}/>", n + 1)
        })
        .collect();
    let (folder, file) = main.split_once('/').unwrap();
    let rels = format!("{folder}/_rels/{file}.rels");
    let links = format!("{begin}{links}</Relationships>");
    let own = [("[Content_Types].xml", types.as_str()), ("_rels/.rels", &root), (main, text), (&rels, &links)];
    package(&[&own[..], parts].concat())
}

fn special(name: &str) -> Option<&'static str> {
    let kind = if name.contains("worksheets") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    } else if name.contains("sharedStrings") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    } else if name.ends_with("comments.xml") {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    } else if name.ends_with("core.xml") {
        "application/vnd.openxmlformats-package.core-properties+xml"
    } else if name.ends_with("slide1.xml") || name.ends_with("slide2.xml") {
        "application/vnd.openxmlformats-officedocument.presentationml.slide+xml"
    } else {
        return None;
    };
    Some(kind)
}

pub fn text(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table, one case a row")]
fn what_a_word_document_hides_goes() {
    let seen = text("SEEN");
    let vanished =
        format!("{seen}<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET</w:t></w:r><w:r><w:t>AFTER</w:t></w:r></w:p>");
    let styled = format!("{seen}<w:p><w:r><w:rPr><w:rStyle w:val=\"H\"/></w:rPr><w:t>SECRET</w:t></w:r></w:p>");
    let style = format!("<w:styles {W}><w:style w:styleId=\"H\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>");
    let core = "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>T</dc:title><dc:creator>SECRET</dc:creator></cp:coreProperties>";
    let printed = core.replace("dc:creator", "cp:lastPrinted");
    let app = "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Company>SECRET</Company></Properties>";
    let template = app.replace("Company", "Template");
    let custom = "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\"><property name=\"x\"><v>SECRET</v></property></Properties>";
    let comments = format!("<w:comments {W}><w:comment w:id=\"1\" w:author=\"SECRET\"><w:p/></w:comment></w:comments>");
    let noted = "<w:p><w:commentRangeStart w:id=\"1\"/><w:r><w:t>SEEN</w:t></w:r><w:commentRangeEnd w:id=\"1\"/><w:r><w:commentReference w:id=\"1\"/></w:r></w:p>";
    let settings = |inside: &str| format!("<w:settings {W}>{inside}</w:settings>");
    let attached = settings("<w:attachedTemplate r:id=\"r1\"/>");
    let rsids = settings("<w:rsids><w:rsid w:val=\"00SECRET\"/></w:rsids>");
    let variables = settings("<w:docVars><w:docVar w:name=\"a\" w:val=\"SECRET\"/></w:docVars>");
    let merge = settings("<w:mailMerge><w:connectString w:val=\"SECRET\"/></w:mailMerge>");
    let object = format!(
        "{seen}<w:p><w:r><w:object><o:OLEObject xmlns:o=\"urn:schemas-microsoft-com:office:office\" r:id=\"r1\"/></w:object></w:r></w:p>"
    );
    let file_link = "<w:p><w:hyperlink r:id=\"r1\"><w:r><w:t>SEEN</w:t></w:r></w:hyperlink></w:p>";
    let cases: Vec<(Category, Vec<u8>)> = vec![
        (Category::HiddenText, word(&vanished, &[], &[])),
        (Category::HiddenText, word(&styled, &[("styles", "styles.xml")], &[("word/styles.xml", &style)])),
        (
            Category::Changes,
            word(
                &format!("{seen}<w:p><w:del w:author=\"A\"><w:r><w:delText>SECRET</w:delText></w:r></w:del></w:p>"),
                &[],
                &[],
            ),
        ),
        (Category::Changes, word("<w:p><w:ins w:author=\"SECRET\"><w:r><w:t>SEEN</w:t></w:r></w:ins></w:p>", &[], &[])),
        (
            Category::Changes,
            word(&format!("{seen}<w:p><w:pPr><w:rPr><w:del w:author=\"SECRET\"/></w:rPr></w:pPr></w:p>"), &[], &[]),
        ),
        (
            Category::Changes,
            word(
                "<w:p><w:r><w:rPr><w:b/><w:rPrChange w:author=\"SECRET\"><w:rPr/></w:rPrChange></w:rPr><w:t>SEEN</w:t></w:r></w:p>",
                &[],
                &[],
            ),
        ),
        (
            Category::Changes,
            word(
                "<w:p><w:moveFrom w:author=\"A\"><w:r><w:t>SECRET</w:t></w:r></w:moveFrom><w:moveTo w:author=\"A\"><w:r><w:t>SEEN</w:t></w:r></w:moveTo></w:p>",
                &[],
                &[],
            ),
        ),
        (
            Category::Changes,
            word(
                &format!(
                    "{seen}<w:tbl><w:tr><w:trPr><w:del w:author=\"A\"/></w:trPr><w:tc><w:p><w:r><w:t>SECRET</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
                ),
                &[],
                &[],
            ),
        ),
        (Category::Comments, word(noted, &[("comments", "comments.xml")], &[("word/comments.xml", &comments)])),
        (Category::Authors, word(&seen, &[], &[("docProps/core.xml", core)])),
        (Category::History, word(&seen, &[], &[("docProps/core.xml", &printed)])),
        (Category::Authors, word(&seen, &[], &[("docProps/app.xml", app)])),
        (Category::Links, word(&seen, &[], &[("docProps/app.xml", &template)])),
        (Category::CustomData, word(&seen, &[], &[("docProps/custom.xml", custom)])),
        (Category::Thumbnails, word(&seen, &[], &[("docProps/thumbnail.txt", "SECRET")])),
        (Category::History, word(&seen, &[("settings", "settings.xml")], &[("word/settings.xml", &rsids)])),
        (Category::CustomData, word(&seen, &[("settings", "settings.xml")], &[("word/settings.xml", &variables)])),
        (Category::Links, word(&seen, &[("settings", "settings.xml")], &[("word/settings.xml", &merge)])),
        (
            Category::Links,
            word(
                &seen,
                &[("settings", "settings.xml")],
                &[
                    ("word/settings.xml", &attached),
                    (
                        "word/_rels/settings.xml.rels",
                        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate\" Target=\"file:///SECRET\" TargetMode=\"External\"/></Relationships>",
                    ),
                ],
            ),
        ),
        (Category::Links, word(file_link, &[("hyperlink", "file:///SECRET")], &[])),
        (
            Category::CustomData,
            word(&seen, &[("customXml", "../customXml/item1.xml")], &[("customXml/item1.xml", "<a>SECRET</a>")]),
        ),
        (Category::Macros, word(&seen, &[("vbaProject", "vbaProject.bin")], &[("word/vbaProject.bin", "SECRET")])),
        (
            Category::Objects,
            word(&object, &[("oleObject", "embeddings/a.bin")], &[("word/embeddings/a.bin", "SECRET")]),
        ),
        (Category::Printer, word(&seen, &[("printerSettings", "p.bin")], &[("word/p.bin", "SECRET")])),
        (Category::Leftovers, word(&seen, &[], &[("word/old.xml", "<a>SECRET</a>")])),
    ];
    for (category, file) in cases {
        assert_eq!(detect(&file, None).unwrap().kind, Kind::Docx);
        let out = goes(&file, "文書.docx", category, "SECRET");
        assert!(holds(&out, "SEEN"), "{category:?}");
        assert_eq!(detect(&out, None).unwrap().state, State::Open);
        assert!(found(&out, "文書.docx").is_clean(), "{category:?} {:#?}", found(&out, "文書.docx"));
    }
}

#[test]
fn a_link_to_the_net_stays() {
    let body = "<w:p><w:hyperlink r:id=\"r1\"><w:r><w:t>SEEN</w:t></w:r></w:hyperlink></w:p>";
    let file = word(body, &[("hyperlink", "https://www.example.go.jp/")], &[]);
    assert!(found(&file, "文書.docx").is_clean());
    assert_eq!(cleaned(&file, "文書.docx", &Wanted::usual()).len(), file.len());
}

#[test]
fn pictures_in_a_package_are_cleaned() {
    let picture = png(&[(b"tEXt", b"Comment\0SECRET")]);
    // A part of bytes that are no text: made by hand over the words of one that is.
    let file = word(&text("SEEN"), &[("image", "media/a.png")], &[("word/media/a.png", "x")]);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        let name = entry.name().unwrap().into_owned();
        new.start_file(&*name, zip::write::SimpleFileOptions::default()).unwrap();
        if name.ends_with(".png") {
            std::io::Write::write_all(&mut new, &picture).unwrap();
        } else {
            std::io::copy(&mut entry, &mut new).unwrap();
        }
    }
    let file = new.finish().unwrap().into_inner();
    goes(&file, "文書.docx", Category::PictureData, "SECRET");
}

#[test]
fn what_a_workbook_hides_goes() {
    let first = sheet(
        "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row></sheetData>",
    );
    let rows = sheet(
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"s\"><v>1</v></c></row></sheetData>",
    );
    let plain = sheet(
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><f>'S'!A1</f><v>5</v></c></row></sheetData>",
    );
    let secret = sheet("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row></sheetData>");
    let strings = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>SEEN</t></si><si><t>SECRET</t></si></sst>";
    let one = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
    let two = |state: &str| {
        format!(
            "<sheets><sheet name=\"S\" sheetId=\"2\" state=\"{state}\" r:id=\"r3\"/><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets><definedNames><definedName name=\"n\" localSheetId=\"1\">A!$A$1</definedName></definedNames>"
        )
    };
    let links = [
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("worksheet", "worksheets/sheet2.xml"),
    ];
    let (hidden, very) = (two("hidden"), two("veryHidden"));
    let cases = [
        (
            Category::HiddenCells,
            book(one, &links[..2], &[("xl/worksheets/sheet1.xml", &first), ("xl/sharedStrings.xml", strings)]),
        ),
        (
            Category::HiddenCells,
            book(one, &links[..2], &[("xl/worksheets/sheet1.xml", &rows), ("xl/sharedStrings.xml", strings)]),
        ),
        (
            Category::HiddenSheets,
            book(
                &hidden,
                &links,
                &[
                    ("xl/worksheets/sheet1.xml", &plain),
                    ("xl/worksheets/sheet2.xml", &secret),
                    ("xl/sharedStrings.xml", strings),
                ],
            ),
        ),
        (
            Category::HiddenSheets,
            book(
                &very,
                &links,
                &[
                    ("xl/worksheets/sheet1.xml", &plain),
                    ("xl/worksheets/sheet2.xml", &secret),
                    ("xl/sharedStrings.xml", strings),
                ],
            ),
        ),
    ];
    for (category, file) in cases {
        // Not unless asked for.
        assert!(holds(&cleaned(&file, "表.xlsx", &Wanted::usual()), "SECRET"));
        let out = goes(&file, "表.xlsx", category, "SECRET");
        assert!(holds(&out, "SEEN") && !holds(&out, "'S'!A1"), "{category:?}");
        if category == Category::HiddenSheets {
            assert!(holds(&out, "localSheetId=\"0\"") && holds(&out, "<v>5</v>"));
        }
    }
    let path = book(
        &format!("<AlternateContent><Choice><absPath url=\"C:\\SECRET\\\"/></Choice></AlternateContent>{one}"),
        &links[..2],
        &[("xl/worksheets/sheet1.xml", &plain), ("xl/sharedStrings.xml", "<sst><si><t>SEEN</t></si></sst>")],
    );
    goes(&path, "表.xlsx", Category::Links, "SECRET");
}

#[test]
fn libreoffice_shows_the_same_afterwards() {
    if !["soffice", "pdftotext"].into_iter().all(has) {
        return;
    }
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(samples).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let file = std::fs::read(entry.path()).unwrap();
        let Some((stem, extension)) =
            name.rsplit_once('.').filter(|(_, e)| ["docx", "xlsx", "pptx", "odt"].contains(e))
        else {
            continue;
        };
        names.push((format!("{stem}-a.{extension}"), format!("{stem}-b.{extension}")));
        let (before, after) = names.last().unwrap();
        std::fs::write(folder.path().join(before), &file).unwrap();
        std::fs::write(folder.path().join(after), cleaned(&file, &name, &Wanted::usual())).unwrap();
    }
    let all: Vec<&str> = names.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
    let shown = shown(folder.path(), &all);
    for pair in shown.chunks(2) {
        assert_eq!(pair[0].0, pair[1].0, "{:?}", pair[1].1);
        assert!(super::furniture::pixels(&pair[0].1) == super::furniture::pixels(&pair[1].1), "{:?}", pair[1].1);
    }
    assert!(shown.len() >= 8);
}

#[test]
fn paths_people_and_traces_in_parts_go() {
    let picture = |descr: &str| {
        format!(
            "<w:p><w:r><w:drawing><wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/wp\"><wp:docPr id=\"1\" name=\"図\" descr=\"{descr}\"/></wp:inline></w:drawing></w:r></w:p>{}",
            text("SEEN")
        )
    };
    let field = "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> INCLUDEPICTURE \"SECRET.png\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>SEEN</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>";
    let tagged = "<w:p><w:smartTag w:uri=\"SECRET\" w:element=\"x\"><w:r><w:t>SEEN</w:t></w:r></w:smartTag></w:p>";
    let cases = [
        (Category::Links, word(&picture("C:\\Users\\SECRET\\a.png"), &[], &[])),
        (Category::Links, word(field, &[], &[])),
        (Category::CustomData, word(tagged, &[], &[])),
    ];
    for (category, file) in cases {
        let out = goes(&file, "文書.docx", category, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "文書.docx").is_clean(), "{:#?}", found(&out, "文書.docx"));
    }
    assert!(found(&word(&picture("組織図"), &[], &[]), "文書.docx").is_clean(), "descriptions for readers stay");
    let pivot = "<pivotCacheDefinition xmlns=\"http://schemas.openxmlformats.org/x\" refreshedBy=\"SECRET\"/>";
    let sheets = "<sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
    let rows = sheet("<sheetData/><customSheetViews><customSheetView guid=\"x\"/></customSheetViews>");
    let links = [("worksheet", "worksheets/sheet1.xml"), ("pivotCacheDefinition", "pivot.xml")];
    let file = book(sheets, &links, &[("xl/worksheets/sheet1.xml", &rows), ("xl/pivot.xml", pivot)]);
    goes(&file, "表.xlsx", Category::Authors, "SECRET");
}

#[test]
fn what_is_on_the_page_and_not_seen_is_reported() {
    let run = |formatting: &str| format!("<w:p><w:r><w:rPr>{formatting}</w:rPr><w:t>x</w:t></w:r></w:p>");
    for (formatting, category) in [
        ("<w:color w:val=\"FFFFFF\"/>", Some(Category::Unseen)),
        ("<w:sz w:val=\"2\"/>", Some(Category::Unseen)),
        ("<w:color w:val=\"FF0000\"/><w:sz w:val=\"21\"/>", None),
    ] {
        let report = found(&word(&run(formatting), &[], &[]), "文書.docx");
        assert_eq!(report.counts().into_keys().next(), category, "{formatting}");
    }
    // On a ground of its own it is seen.
    let cell = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", run("<w:color w:val=\"FFFFFF\"/>"));
    assert!(found(&word(&cell, &[], &[]), "文書.docx").is_clean());
    let cropped = "<w:p><w:r><w:drawing><a:srcRect xmlns:a=\"http://schemas.openxmlformats.org/a\" l=\"20000\"/></w:drawing></w:r></w:p>";
    assert!(found(&word(cropped, &[], &[]), "文書.docx").counts().contains_key(&Category::Cropped));
}
