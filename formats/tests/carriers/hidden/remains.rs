//! What remains of a package when deleted text is gone, and what nobody knows: nothing of that is called clean.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::office::{W, book, sheet, text, word};

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
const PICTURE: &str = "<w:drawing><a:blip xmlns:a=\"http://schemas.openxmlformats.org/a\" r:embed=\"r1\"/></w:drawing>";

/// The secret goes with `category`, and then the document is clean.
fn goes_whole(file: &[u8], name: &str, category: Category) -> Vec<u8> {
    let out = goes(file, name, category, "SECRET");
    assert!(found(&out, name).is_clean(), "{:#?}", found(&out, name));
    out
}

#[test]
fn pictures_of_deleted_text_go_with_it() {
    let deleted = format!("{}<w:p><w:del w:author=\"A\"><w:r>{PICTURE}</w:r></w:del></w:p>", text("SEEN"));
    let picture = [("word/media/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>SECRET</text></svg>")];
    let links = [("image", "media/a.svg")];
    let out = goes_whole(&word(&deleted, &links, &picture), "文書.docx", Category::Changes);
    assert!(holds(&out, "SEEN") && !holds(&out, "a.svg"));
    // One that no text ever named.
    goes_whole(&word(&text("SEEN"), &links, &picture), "文書.docx", Category::Leftovers);
    // One that is shown stays.
    let shown = word(&format!("<w:p><w:r>{PICTURE}</w:r></w:p>"), &links, &picture);
    assert!(found(&shown, "文書.docx").is_clean() && holds(&cleaned(&shown, "文書.docx", &Wanted::usual()), "SECRET"));
    let address = [("hyperlink", "https://example.go.jp/SECRET")];
    let linked = "<w:p><w:del w:author=\"A\"><w:hyperlink r:id=\"r1\"><w:r><w:delText>x</w:delText></w:r></w:hyperlink></w:del></w:p>";
    goes_whole(&word(linked, &address, &[]), "文書.docx", Category::Changes);
}

#[test]
fn notes_of_deleted_text_go_with_it() {
    for (notes, note) in [("footnotes", "footnote"), ("endnotes", "endnote")] {
        let reference = |id: u32| format!("<w:r><w:{note}Reference w:id=\"{id}\"/></w:r>");
        let part = format!(
            "<w:{notes} {W}><w:{note} w:type=\"separator\" w:id=\"0\"><w:p/></w:{note}><w:{note} w:id=\"1\">{}</w:{note}><w:{note} w:id=\"2\">{}</w:{note}></w:{notes}>",
            text("SEEN"),
            text("SECRET")
        );
        let (target, name) = (format!("{notes}.xml"), format!("word/{notes}.xml"));
        let links = [(notes, target.as_str())];
        let deleted = format!("<w:p>{}<w:del w:author=\"A\">{}</w:del></w:p>", reference(1), reference(2));
        let out = goes_whole(&word(&deleted, &links, &[(&name, &part)]), "文書.docx", Category::Changes);
        assert!(holds(&out, "SEEN") && holds(&out, "separator"));
        let unnamed = format!("<w:p>{}</w:p>", reference(1));
        goes_whole(&word(&unnamed, &links, &[(&name, &part)]), "文書.docx", Category::Leftovers);
        let both = word(&format!("<w:p>{}{}</w:p>", reference(1), reference(2)), &links, &[(&name, &part)]);
        assert!(found(&both, "文書.docx").is_clean());
    }
}

#[test]
fn parts_that_nobody_knows_are_told() {
    let seen = text("SEEN");
    let theme = "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/a\"/>";
    let known = word(&seen, &[("theme", "theme/theme1.xml")], &[("word/theme/theme1.xml", theme)]);
    assert!(found(&known, "文書.docx").is_clean());
    let cases = [
        // A relationship that is not known, one whose part is something else, and a picture that is none.
        word(&seen, &[("novelty", "novelty.xml")], &[("word/novelty.xml", "<a>SECRET</a>")]),
        word(&seen, &[("theme", "theme/theme1.xml")], &[("word/theme/theme1.xml", "<a>SECRET</a>")]),
        word(&format!("<w:p><w:r>{PICTURE}</w:r></w:p>"), &[("image", "a.dat")], &[("word/a.dat", "SECRET")]),
    ];
    for file in cases {
        let report = found(&file, "文書.docx");
        assert!(report.counts().contains_key(&Category::NotInspected), "{report:#?}");
        let out = cleaned(&file, "文書.docx", &Wanted::usual());
        assert!(found(&out, "文書.docx").counts().contains_key(&Category::NotInspected));
    }
    // Markup is read as such, whatever its name.
    let header = format!("<w:hdr {W}><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET</w:t></w:r></w:p></w:hdr>");
    let body = format!("{seen}<w:p><w:pPr><w:sectPr><w:headerReference r:id=\"r1\"/></w:sectPr></w:pPr></w:p>");
    goes_whole(&word(&body, &[("header", "h.dat")], &[("word/h.dat", &header)]), "文書.docx", Category::HiddenText);
    // The same relationship in the name of somebody else.
    let foreign = format!(
        "{RELATIONS}<Relationship Id=\"r1\" Type=\"http://example.com/theme\" Target=\"a.xml\"/></Relationships>"
    );
    let parts = [
        ("word/theme/theme1.xml", theme),
        ("word/theme/_rels/theme1.xml.rels", foreign.as_str()),
        ("word/theme/a.xml", theme),
    ];
    let report = found(&word(&seen, &[("theme", "theme/theme1.xml")], &parts), "文書.docx");
    assert!(report.counts().contains_key(&Category::NotInspected), "{report:#?}");
}

#[test]
fn building_blocks_go_and_chunks_are_looked_into() {
    let seen = text("SEEN");
    let glossary = format!(
        "<w:glossaryDocument {W}><w:docParts><w:docPart>{}</w:docPart></w:docParts></w:glossaryDocument>",
        text("SECRET")
    );
    let links = [("glossaryDocument", "glossary/document.xml")];
    goes_whole(&word(&seen, &links, &[("word/glossary/document.xml", &glossary)]), "文書.docx", Category::CustomData);
    let chunk = "<html><body><p>SHOWN</p><!-- SECRET --></body></html>";
    let body = format!("{seen}<w:altChunk r:id=\"r1\"/>");
    let file = word(&body, &[("aFChunk", "chunk.html")], &[("word/chunk.html", chunk)]);
    let out = goes_whole(&file, "文書.docx", Category::Comments);
    assert!(holds(&out, "SHOWN"));
}

#[test]
fn what_no_cell_of_a_workbook_shows_goes() {
    let sheets = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
    let links = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")];
    let rows = |behind: &str| {
        sheet(&format!("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>{behind}"))
    };
    let strings = "<sst xmlns=\"http://schemas.openxmlformats.org/x\" count=\"1\"><si><t>SEEN</t></si><si><t>SECRET</t></si></sst>";
    let file = book(sheets, &links, &[("xl/worksheets/sheet1.xml", &rows("")), ("xl/sharedStrings.xml", strings)]);
    let out = goes_whole(&file, "表.xlsx", Category::Leftovers);
    assert!(holds(&out, "SEEN"));
    let scenarios =
        rows("<scenarios><scenario name=\"a\"><inputCells r=\"A1\" val=\"SECRET\"/></scenario></scenarios>");
    let file = book(sheets, &links[..1], &[("xl/worksheets/sheet1.xml", &scenarios)]);
    goes_whole(&file, "表.xlsx", Category::CustomData);
    let pivot = "<pivotCacheDefinition xmlns=\"http://schemas.openxmlformats.org/x\"><cacheFields><cacheField name=\"a\"><sharedItems><s v=\"SECRET\"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>";
    let links = [links[0], ("pivotCacheDefinition", "pivot.xml")];
    let file = book(sheets, &links, &[("xl/worksheets/sheet1.xml", &rows("")), ("xl/pivot.xml", pivot)]);
    assert!(found(&file, "表.xlsx").counts().contains_key(&Category::CachedData));
}

#[test]
fn titles_of_what_is_not_there_go() {
    let app = |title: &str| {
        format!(
            "<Properties xmlns=\"http://schemas.openxmlformats.org/x\" xmlns:vt=\"http://schemas.openxmlformats.org/vt\"><Application>E</Application><TitlesOfParts><vt:vector size=\"2\" baseType=\"lpstr\"><vt:lpstr>A</vt:lpstr><vt:lpstr>{title}</vt:lpstr></vt:vector></TitlesOfParts></Properties>"
        )
    };
    let sheets = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets><definedNames><definedName name=\"範囲\">A!$A$1</definedName></definedNames>";
    let rows = sheet("<sheetData/>");
    let file = |title: &str| {
        let parts = [("xl/worksheets/sheet1.xml", rows.as_str()), ("docProps/app.xml", &app(title))];
        book(sheets, &[("worksheet", "worksheets/sheet1.xml")], &parts)
    };
    for known in ["a", "範囲", "A!Print_Area", "'A'!範囲"] {
        assert!(found(&file(known), "表.xlsx").is_clean(), "{known}");
    }
    goes_whole(&file("SECRET"), "表.xlsx", Category::Leftovers);
    goes_whole(&file("C:\\SECRET\\a.xlsx"), "表.xlsx", Category::Links);
}

#[test]
fn what_stands_beside_the_words_of_parts_and_files_goes() {
    let seen = text("SEEN");
    let foreign = format!("{seen}<z:x xmlns:z=\"urn:z\"><w:p><w:r><w:t>SECRET</w:t></w:r></w:p></z:x>");
    let out = goes_whole(&word(&foreign, &[], &[]), "文書.docx", Category::PrivateData);
    assert!(holds(&out, "SEEN"));
    let attribute = "<w:p xmlns:z=\"urn:z\" z:x=\"SECRET\"><w:r><w:t>SEEN</w:t></w:r></w:p>";
    let out = goes_whole(&word(attribute, &[], &[]), "文書.docx", Category::PrivateData);
    assert!(holds(&out, "SEEN"));
    // A prefix means something else outside the element that gave it a meaning.
    let inner = "<w:p xmlns:z=\"http://schemas.openxmlformats.org/z\"><z:r xmlns:z=\"urn:z\"/><z:r/><w:r><w:t>SEEN</w:t></w:r></w:p>";
    let out = cleaned(&word(inner, &[], &[]), "文書.docx", &Wanted::usual());
    assert!(holds(&out, "<z:r/>") && !holds(&out, "urn:z"));
    for body in [format!("{seen}<!-- SECRET -->"), format!("{seen}<?x SECRET?>")] {
        goes_whole(&word(&body, &[], &[]), "文書.docx", Category::Leftovers);
    }
    let theme = "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/a\"/>";
    let list = format!("{RELATIONS}<!-- SECRET --></Relationships>");
    let parts = [("word/theme/theme1.xml", theme), ("word/theme/_rels/theme1.xml.rels", list.as_str())];
    goes_whole(&word(&seen, &[("theme", "theme/theme1.xml")], &parts), "文書.docx", Category::Leftovers);
}

#[test]
fn what_stands_in_the_archive_beside_its_files_goes() {
    let file = word(&text("SEEN"), &[], &[]);
    let mut commented = zip::ZipWriter::new_append(std::io::Cursor::new(file.clone())).unwrap();
    commented.set_comment("SECRET").unwrap();
    let commented = commented.finish().unwrap().into_inner();
    goes_whole(&commented, "文書.docx", Category::Comments);
    // The comment of a file in the archive, put in by hand: in the last record, before the end of the directory.
    let end = file.len() - 22;
    let offset = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let (length, start) = (offset(end + 12), offset(end + 16));
    let last = (start..end).rev().find(|at| file[*at..].starts_with(b"PK\x01\x02")).unwrap();
    let mut noted = file.clone();
    noted[last + 32] = 6;
    noted.splice(end..end, *b"SECRET");
    let grown = u32::try_from(length + 6).unwrap().to_le_bytes();
    noted.splice(end + 6 + 12..end + 6 + 16, grown);
    let out = goes_whole(&noted, "文書.docx", Category::Comments);
    assert!(holds(&out, "SEEN"));
}
