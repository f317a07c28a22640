//! The cover of Excel kinds: a sheet with the picture of the cover as the face of the embedded object, and a sheet
//! with the same words as text; both locked against editing.

use super::parts::Parts;
use crate::cover::{Cover, Shape, words};
use crate::embed::{Package, Role, lines};
use crate::error::WrapError;
use crate::kind::Kind;
use crate::xml::escape;

const MAIN: &str = "xl/workbook.xml";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006";
const COMPATIBILITY: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
/// Width of the one column in digits of the default font: wider than the object, whatever font stands in for it.
const COLUMN: u32 = 130;
/// Height of a row in points; the object reaches into the second.
const ROW: u32 = 390;
/// The object ends so many pixels (at 96 dots an inch) into the first column and the second row: an A4 sheet without
/// its margins.
const REACH: (u32, u32) = (718, 496);
/// Width and height of the same in points.
const FACE: (f32, f32) = (538.5, 762.0);
/// EMU a pixel.
const EMU: u32 = 9525;
/// Width of the column of text, in digits and in points.
const TEXT: (u32, f32) = (78, 405.0);

pub(super) fn package(kind: Kind, main_type: &str, cover: &Cover) -> Result<Package, WrapError> {
    let mut parts = Parts::new(MAIN, main_type, cover);
    parts.main(MAIN, &workbook());
    let sheets =
        [("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"), ("styles", "styles.xml")];
    parts.relationships("xl/_rels/workbook.xml.rels", &sheets);
    let sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    parts.add("xl/worksheets/sheet1.xml", &format!("{sheet_type}.worksheet+xml"), &face());
    let targets = [
        ("drawing", "../drawings/drawing1.xml"),
        ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("oleObject", "../embeddings/oleObject1.bin"),
        ("image", "../media/cover.png"),
    ];
    parts.relationships("xl/worksheets/_rels/sheet1.xml.rels", &targets);
    parts.add("xl/worksheets/sheet2.xml", &format!("{sheet_type}.worksheet+xml"), &text(cover));
    parts.add("xl/styles.xml", &format!("{sheet_type}.styles+xml"), &styles());
    let drawing_type = "application/vnd.openxmlformats-officedocument.drawing+xml";
    parts.add("xl/drawings/drawing1.xml", drawing_type, &drawing(cover));
    parts.main("xl/drawings/vmlDrawing1.vml", &shape(cover));
    parts.relationships("xl/drawings/_rels/vmlDrawing1.vml.rels", &[("image", "../media/cover.png")]);
    parts.picture("xl/media/cover.png", cover.picture(Shape::Portrait)?);
    Ok(Package { kind, parts: parts.archive()?, object: "xl/embeddings/oleObject1.bin" })
}

fn workbook() -> String {
    format!(
        "<workbook xmlns=\"{SHEET}\" xmlns:r=\"{OFFICE}\"><fileSharing readOnlyRecommended=\"1\"/><workbookPr/>\
         <workbookProtection lockStructure=\"1\"/><bookViews><workbookView/></bookViews><sheets>\
         <sheet name=\"表紙 Cover\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"文字 Text\" sheetId=\"2\" r:id=\"rId2\"/>\
         </sheets></workbook>"
    )
}

const PROTECTION: &str = "<sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\"/>";
const PAGE: &str = "<pageMargins left=\"0.39\" right=\"0.39\" top=\"0.39\" bottom=\"0.39\" header=\"0\" footer=\"0\"/>\
                    <pageSetup paperSize=\"9\" fitToHeight=\"1\" orientation=\"portrait\"/>";

/// From where to where the object reaches, the ends' own names with a prefix.
fn ends(prefix: &str) -> String {
    let (x, y) = (REACH.0 * EMU, REACH.1 * EMU);
    let end = |name: &str, row: u32, x: u32, y: u32| {
        format!(
            "<{prefix}{name}><xdr:col>0</xdr:col><xdr:colOff>{x}</xdr:colOff><xdr:row>{row}</xdr:row>\
             <xdr:rowOff>{y}</xdr:rowOff></{prefix}{name}>"
        )
    };
    end("from", 0, 0, 0) + &end("to", 1, x, y)
}

/// The sheet with the object.
fn face() -> String {
    let anchor = ends("");
    let row = |number: u32| format!("<row r=\"{number}\" ht=\"{ROW}\" customHeight=\"1\"/>");
    let rows = row(1) + &row(2);
    format!(
        "<worksheet xmlns=\"{SHEET}\" xmlns:r=\"{OFFICE}\" xmlns:xdr=\"{DRAWING}/spreadsheetDrawing\" \
         xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\" xmlns:mc=\"{COMPATIBILITY}\">\
         <sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView showGridLines=\"0\" \
         showRowColHeaders=\"0\" tabSelected=\"1\" workbookViewId=\"0\"/></sheetViews>\
         <sheetFormatPr defaultRowHeight=\"15\"/>\
         <cols><col min=\"1\" max=\"1\" width=\"{COLUMN}\" customWidth=\"1\"/></cols><sheetData>{rows}</sheetData>{PROTECTION}{PAGE}\
         <drawing r:id=\"rId1\"/><legacyDrawing r:id=\"rId2\"/><oleObjects><mc:AlternateContent>\
         <mc:Choice Requires=\"x14\"><oleObject progId=\"Package\" dvAspect=\"DVASPECT_ICON\" shapeId=\"1025\" r:id=\"rId3\">\
         <objectPr defaultSize=\"0\" autoPict=\"0\" r:id=\"rId4\"><anchor moveWithCells=\"1\">{anchor}</anchor></objectPr>\
         </oleObject></mc:Choice><mc:Fallback><oleObject progId=\"Package\" dvAspect=\"DVASPECT_ICON\" shapeId=\"1025\" \
         r:id=\"rId3\"/></mc:Fallback></mc:AlternateContent></oleObjects></worksheet>"
    )
}

/// The sheet with the words.
fn text(cover: &Cover) -> String {
    let mut rows = String::new();
    let mut row = 0;
    let mut add = |style: u32, size: f32, words: &str| {
        row += 1;
        rows.push_str(&format!(
            "<row r=\"{row}\" ht=\"{}\" customHeight=\"1\"><c r=\"A{row}\" s=\"{style}\" t=\"inlineStr\"><is>\
             <t xml:space=\"preserve\">{}</t></is></c></row>",
            height(words, size),
            escape(words)
        ));
    };
    for line in lines(cover) {
        let (style, size) = if line.role == Role::Body { (1, 11.0) } else { (2, 14.0) };
        add(style, size, &line.ja);
        if !line.en.is_empty() {
            add(3, 9.0, &line.en);
        }
    }
    let width = TEXT.0;
    format!(
        "<worksheet xmlns=\"{SHEET}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews>\
         <sheetView showGridLines=\"0\" workbookViewId=\"0\"/></sheetViews><cols><col min=\"1\" max=\"1\" width=\"{width}\" \
         customWidth=\"1\"/></cols><sheetData>{rows}</sheetData>{PROTECTION}{PAGE}</worksheet>"
    )
}

/// Height of a row in points that holds the words, broken to the column's width. Not every program finds it out.
fn height(words: &str, size: f32) -> u32 {
    let width: f32 = words.chars().map(|c| if c.is_ascii() { 0.62 } else { 1.0 }).sum();
    let lines = (width * size / TEXT.1).ceil().max(1.0);
    (lines * size * 1.45 + 2.0) as u32
}

fn styles() -> String {
    let font = |inner: &str| {
        format!("<font>{inner}<name val=\"BIZ UDPゴシック\"/><family val=\"3\"/><charset val=\"128\"/></font>")
    };
    let cell = |font: u32| {
        format!(
            "<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" \
             applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
        )
    };
    format!(
        "<styleSheet xmlns=\"{SHEET}\"><fonts count=\"4\">{}{}{}{}</fonts><fills count=\"2\"><fill>\
         <patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\">\
         <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"4\">\
         <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>{}{}{}</cellXfs><cellStyles count=\"1\">\
         <cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>",
        "<font><sz val=\"10\"/><name val=\"Arial\"/><family val=\"2\"/></font>",
        font("<sz val=\"11\"/>"),
        font("<b/><sz val=\"14\"/>"),
        font("<sz val=\"9\"/><color rgb=\"FF555555\"/>"),
        cell(1),
        cell(2),
        cell(3),
    )
}

/// The drawing that newer programs look at: a hidden stand-in for the shape of the legacy drawing.
fn drawing(cover: &Cover) -> String {
    format!(
        "<xdr:wsDr xmlns:xdr=\"{DRAWING}/spreadsheetDrawing\" xmlns:a=\"{DRAWING}/main\">\
         <mc:AlternateContent xmlns:mc=\"{COMPATIBILITY}\"><mc:Choice \
         xmlns:a14=\"http://schemas.microsoft.com/office/drawing/2010/main\" Requires=\"a14\">\
         <xdr:twoCellAnchor editAs=\"oneCell\">{}<xdr:sp macro=\"\" textlink=\"\"><xdr:nvSpPr>\
         <xdr:cNvPr id=\"1025\" name=\"{}\" descr=\"{}\" hidden=\"1\"><a:extLst>\
         <a:ext uri=\"{{63B3BB69-23CF-44E3-9099-C40C66FF867C}}\"><a14:compatExt spid=\"_x0000_s1025\"/></a:ext></a:extLst>\
         </xdr:cNvPr><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr bwMode=\"auto\"><a:xfrm><a:off x=\"0\" y=\"0\"/>\
         <a:ext cx=\"0\" cy=\"0\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></xdr:spPr>\
         </xdr:sp><xdr:clientData/></xdr:twoCellAnchor></mc:Choice><mc:Fallback/></mc:AlternateContent></xdr:wsDr>",
        ends("xdr:"),
        escape(&words::ACTIVATE.ja),
        escape(&cover.plain().ja)
    )
}

/// The legacy drawing, which shows the object.
fn shape(cover: &Cover) -> String {
    let ((width, height), (x, y)) = (FACE, REACH);
    format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" \
         data=\"1\"/></o:shapelayout><v:shapetype id=\"_x0000_t75\" coordsize=\"21600,21600\" o:spt=\"75\" \
         o:preferrelative=\"t\" path=\"m,l,21600r21600,l21600,xe\" filled=\"f\" stroked=\"f\"><v:stroke joinstyle=\"miter\"/>\
         <v:path o:extrusionok=\"f\" gradientshapeok=\"t\" o:connecttype=\"rect\"/><o:lock v:ext=\"edit\" \
         aspectratio=\"t\"/></v:shapetype><v:shape id=\"_x0000_s1025\" type=\"#_x0000_t75\" alt=\"{}\" \
         style=\"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;z-index:1\">\
         <v:imagedata o:relid=\"rId1\" o:title=\"\"/><x:ClientData ObjectType=\"Pict\"><x:SizeWithCells/>\
         <x:Anchor>0, 0, 0, 0, 0, {x}, 1, {y}</x:Anchor><x:CF>Pict</x:CF></x:ClientData></v:shape></xml>",
        escape(&cover.plain().ja)
    )
}
