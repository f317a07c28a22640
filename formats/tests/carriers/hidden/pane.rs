//! Shapes that the selection pane hides, and those that only seem to be.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::office::{book, sheet, text, word};

const D: &str = "xmlns:xdr=\"http://schemas.openxmlformats.org/d\" xmlns:a=\"http://schemas.openxmlformats.org/a\" xmlns:a14=\"http://schemas.microsoft.com/office/drawing/2010/main\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";

/// A workbook whose sheet has this drawing, and these controls.
fn drawn(shapes: &str, controls: &str) -> Vec<u8> {
    let rows = sheet(
        "<sheetData/><drawing r:id=\"d1\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/><legacyDrawing r:id=\"d2\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/>",
    );
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"d1\" Type=\"{kind}/drawing\" Target=\"../drawings/d.xml\"/>\
         <Relationship Id=\"d2\" Type=\"{kind}/vmlDrawing\" Target=\"../drawings/v.vml\"/></Relationships>"
    );
    let drawing = format!("<xdr:wsDr {D}>{shapes}</xdr:wsDr>");
    let vml = format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">{controls}</xml>"
    );
    let sheets = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
    let parts = [
        ("xl/worksheets/sheet1.xml", rows.as_str()),
        ("xl/worksheets/_rels/sheet1.xml.rels", &links),
        ("xl/drawings/d.xml", &drawing),
        ("xl/drawings/v.vml", &vml),
    ];
    book(sheets, &[("worksheet", "worksheets/sheet1.xml")], &parts)
}

fn shape(name: &str, extension: &str, words: &str) -> String {
    format!(
        "<xdr:sp><xdr:nvSpPr><xdr:cNvPr id=\"2\" {name}><a:extLst><a:ext>{extension}</a:ext></a:extLst></xdr:cNvPr><xdr:cNvSpPr/></xdr:nvSpPr>\
         <xdr:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
}

fn anchored(inner: &str) -> String {
    format!("<xdr:twoCellAnchor>{inner}<xdr:clientData/></xdr:twoCellAnchor>")
}

const HIDDEN: &str = "name=\"図\" hidden=\"1\"";
const TWIN: &str = "<a14:compatExt spid=\"_x0000_s1025\"/>";

#[test]
fn shapes_hidden_in_the_selection_pane_go_with_what_holds_them() {
    let seen = anchored(&shape("name=\"見える\"", "", "SEEN"));
    let hidden = anchored(&shape(HIDDEN, "", "SECRET"));
    let choice = format!(
        "<mc:AlternateContent><mc:Choice Requires=\"a14\">{hidden}</mc:Choice><mc:Fallback/></mc:AlternateContent>"
    );
    let group = |inner: &str| {
        let group = "<xdr:nvGrpSpPr><xdr:cNvPr id=\"9\" name=\"組\"/><xdr:cNvGrpSpPr/></xdr:nvGrpSpPr><xdr:grpSpPr/>";
        anchored(&format!("<xdr:grpSp>{group}{inner}{}</xdr:grpSp>", shape("name=\"見える\"", "", "SEEN")))
    };
    for shapes in [format!("{hidden}{seen}"), format!("{choice}{seen}"), group(&shape(HIDDEN, "", "SECRET"))] {
        let out = goes(&drawn(&shapes, ""), "表.xlsx", Category::HiddenText, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "表.xlsx").is_clean(), "{shapes}");
    }
    let drawing = "<w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"図\" hidden=\"1\"/><a:t>SECRET</a:t></wp:inline></w:drawing></w:r>";
    let both = format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{}</mc:Choice><mc:Fallback><w:pict>SECRET</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        &drawing[5..drawing.len() - 6]
    );
    for drawing in [drawing, &both] {
        let body = format!(
            "<w:p xmlns:wp=\"http://schemas.openxmlformats.org/wp\" xmlns:a=\"http://schemas.openxmlformats.org/a\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">{drawing}</w:p>{}",
            text("SEEN")
        );
        let out = goes(&word(&body, &[], &[]), "文書.docx", Category::HiddenText, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "文書.docx").is_clean(), "{drawing}");
    }
}

#[test]
fn the_hidden_twin_of_a_control_that_is_shown_is_nothing_hidden() {
    let control = |id: &str, style: &str, words: &str| {
        format!("<v:shape {id} style=\"{style}\"><v:textbox><div><font>{words}</font></div></v:textbox></v:shape>")
    };
    let twin = anchored(&shape(HIDDEN, TWIN, "同意する"));
    for id in ["id=\"_x0000_s1025\"", "id=\"チェック\" o:spid=\"_x0000_s1025\""] {
        let file = drawn(&twin, &control(id, "z-index:1", "同意\n する"));
        assert!(found(&file, "表.xlsx").is_clean(), "{id}");
        let out = cleaned(&file, "表.xlsx", &Wanted::usual());
        assert!(holds(&out, "同意する"), "a control is left as it is");
    }
    let id = "id=\"_x0000_s1025\"";
    for controls in [
        String::new(),
        control("id=\"_x0000_s1026\"", "", "同意する"),
        control(id, "position:absolute; visibility: hidden", "同意する"),
        control(id, "", "同意"),
    ] {
        let report = found(&drawn(&twin, &controls), "表.xlsx");
        assert!(report.counts().contains_key(&Category::HiddenText), "{controls}");
    }
}
