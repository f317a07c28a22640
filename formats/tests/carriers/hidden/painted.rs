//! Cells and slides: text in the colour of its ground, and what stands beside the slide.

use kakuzuke_formats::Category;

use super::furniture::found;
use super::office::{book, sheet, show};

#[test]
fn cells_in_the_colour_of_their_ground_are_told() {
    let sheets = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
    let links = [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")];
    let styles = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/x\"><fonts><font/><font><color rgb=\"FFFFFFFF\"/></font></fonts><fills><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF000000\"/></patternFill></fill></fills><cellXfs><xf/><xf fontId=\"1\"/><xf fillId=\"1\"/><xf fontId=\"1\" fillId=\"1\"/></cellXfs></styleSheet>";
    for (cell, category) in [
        ("<c r=\"A1\" s=\"1\"><v>1</v></c>", Some(Category::Unseen)),
        ("<c r=\"A1\" s=\"2\"><v>1</v></c>", Some(Category::Covered)),
        ("<c r=\"A1\" s=\"3\"><v>1</v></c>", None),
        ("<c r=\"A1\"><v>1</v></c>", None),
        ("<c r=\"A1\" s=\"1\"/>", None),
    ] {
        let rows = sheet(&format!("<sheetData><row r=\"1\">{cell}</row></sheetData>"));
        let file = book(sheets, &links, &[("xl/worksheets/sheet1.xml", &rows), ("xl/styles.xml", styles)]);
        assert_eq!(found(&file, "表.xlsx").counts().into_keys().next(), category, "{cell}");
    }
}

#[test]
fn what_stands_beside_a_slide_or_in_its_colour_is_told() {
    let slides = "<p:sldIdLst><p:sldId id=\"256\" r:id=\"r1\"/></p:sldIdLst><p:sldSz cx=\"1000\" cy=\"500\"/>";
    let shape = |x: i64, y: i64, fill: &str, run: &str| {
        format!(
            "<p:sp><p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"100\" cy=\"100\"/></a:xfrm>{fill}</p:spPr><p:txBody><a:p><a:r><a:rPr>{run}</a:rPr><a:t>x</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let fill = |colour: &str| format!("<a:solidFill>{colour}</a:solidFill>");
    let black = fill("<a:srgbClr val=\"000000\"/>");
    let theme = fill("<a:schemeClr val=\"tx1\"/>");
    let lighter = fill("<a:schemeClr val=\"tx1\"><a:lumMod val=\"50000\"/></a:schemeClr>");
    let group = |inner: &str| {
        format!(
            "<p:grpSp><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"9\" cy=\"9\"/></a:xfrm></p:grpSpPr>{inner}</p:grpSp>"
        )
    };
    let cases = [
        (shape(1000, 0, "", ""), Some(Category::Unseen)),
        (shape(0, -100, "", ""), Some(Category::Unseen)),
        (shape(-99, 499, "", ""), None),
        (group(&shape(5000, 0, "", "")), None),
        (shape(0, 0, &black, &black), Some(Category::Covered)),
        (shape(0, 0, &theme, &theme.replace("tx1", "dk1")), Some(Category::Covered)),
        (shape(0, 0, &theme, &lighter), None),
        (shape(0, 0, &black, &fill("<a:srgbClr val=\"FFFFFF\"/>")), None),
        (shape(0, 0, "", &black), None),
    ];
    for (inner, category) in cases {
        let slide = format!(
            "<p:sld xmlns:p=\"http://schemas.openxmlformats.org/p\" xmlns:a=\"http://schemas.openxmlformats.org/a\"><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:sld>"
        );
        let file = show(slides, &[("slide", "slides/slide1.xml")], &[("ppt/slides/slide1.xml", &slide)]);
        assert_eq!(found(&file, "資料.pptx").counts().into_keys().next(), category, "{inner}");
    }
}
