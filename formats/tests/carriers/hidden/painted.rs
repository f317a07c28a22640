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

const A: &str = "xmlns:p=\"http://schemas.openxmlformats.org/p\" xmlns:a=\"http://schemas.openxmlformats.org/a\" xmlns:r=\"http://schemas.openxmlformats.org/r\"";

/// A presentation of one slide, whose master has this ground and these shapes.
fn before(ground: &str, layer: &str, slide: &str) -> Vec<u8> {
    let slides = "<p:sldIdLst><p:sldId id=\"256\" r:id=\"r1\"/></p:sldIdLst><p:sldSz cx=\"1000\" cy=\"500\"/>";
    let slide = format!("<p:sld {A}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>");
    let layout = format!("<p:sldLayout {A}><p:cSld><p:spTree/></p:cSld></p:sldLayout>");
    let master = format!(
        "<p:sldMaster {A}><p:cSld>{ground}<p:spTree>{layer}</p:spTree></p:cSld>\
         <p:clrMap bg1=\"dk1\" tx1=\"lt1\" bg2=\"dk2\" tx2=\"lt2\"/></p:sldMaster>"
    );
    let theme = format!(
        "<a:theme {A}><a:themeElements><a:clrScheme><a:dk1><a:sysClr val=\"windowText\" lastClr=\"000000\"/></a:dk1>\
         <a:lt1><a:sysClr val=\"window\" lastClr=\"FFFFFF\"/></a:lt1><a:accent1><a:srgbClr val=\"0A0A0A\"/></a:accent1>\
         </a:clrScheme></a:themeElements></a:theme>"
    );
    let links = |links: &[(&str, &str)]| {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let links = links.iter().enumerate().map(|(n, (tail, target))| {
            format!("<Relationship Id=\"x{n}\" Type=\"{kind}/{tail}\" Target=\"{target}\"/>")
        });
        let links: String = links.collect();
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
        )
    };
    let of_slide = links(&[("slideLayout", "../slideLayouts/l.xml")]);
    let of_layout = links(&[("slideMaster", "../slideMasters/m.xml")]);
    let of_master = links(&[("theme", "../theme/t.xml"), ("slideLayout", "../slideLayouts/l.xml")]);
    let parts = [
        ("ppt/slides/slide1.xml", slide.as_str()),
        ("ppt/slides/_rels/slide1.xml.rels", &of_slide),
        ("ppt/slideLayouts/l.xml", &layout),
        ("ppt/slideLayouts/_rels/l.xml.rels", &of_layout),
        ("ppt/slideMasters/m.xml", &master),
        ("ppt/slideMasters/_rels/m.xml.rels", &of_master),
        ("ppt/theme/t.xml", &theme),
    ];
    show(slides, &[("slide", "slides/slide1.xml")], &parts)
}

#[test]
fn words_in_the_colour_of_the_slide_s_ground_are_told() {
    let solid = |colour: &str| format!("<a:solidFill>{colour}</a:solidFill>");
    let rgb = |hex: &str| solid(&format!("<a:srgbClr val=\"{hex}\"/>"));
    let scheme = |name: &str| solid(&format!("<a:schemeClr val=\"{name}\"/>"));
    let shape = |place: &str, look: &str, run: &str| {
        format!(
            "<p:sp>{place}<p:spPr><a:xfrm><a:off x=\"100\" y=\"100\"/><a:ext cx=\"100\" cy=\"100\"/></a:xfrm>{look}</p:spPr>\
             <p:txBody><a:p><a:r><a:rPr>{run}</a:rPr><a:t>秘密</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let picture = |x: u32| {
        format!(
            "<p:pic><p:spPr><a:xfrm><a:off x=\"{x}\" y=\"0\"/><a:ext cx=\"300\" cy=\"300\"/></a:xfrm></p:spPr></p:pic>"
        )
    };
    let bare = |run: &str| shape("", "", run);
    let dark = format!("<p:bg><p:bgPr>{}<a:effectLst/></p:bgPr></p:bg>", rgb("000000"));
    let image = "<p:bg><p:bgPr><a:blipFill/></p:bgPr></p:bg>";
    let named = "<p:bg><p:bgRef idx=\"1001\"><a:schemeClr val=\"bg1\"/></p:bgRef></p:bg>";
    let odd = "<p:bg><p:bgRef idx=\"1003\"><a:schemeClr val=\"bg1\"/></p:bgRef></p:bg>";
    let unseen = Some(Category::Unseen);
    let cases = [
        // The master's map makes the background dark.
        (named, "", bare(&rgb("000000")), unseen),
        (named, "", bare(&scheme("bg1")), unseen),
        (named, "", bare(&scheme("accent1")), unseen),
        (named, "", bare(&scheme("tx1")), None),
        (named, "", bare(&rgb("FFFFFF")), None),
        ("", "", bare(&rgb("050505")), unseen),
        (&dark, "", bare(&rgb("000000")), unseen),
        (&dark, "", bare(""), None),
        (image, "", bare(&rgb("000000")), None),
        (odd, "", bare(&rgb("000000")), None),
        // Nothing is seen of it whatever is behind.
        (image, "", bare("<a:noFill/>"), unseen),
        (image, "", bare(&solid("<a:srgbClr val=\"FF0000\"><a:alpha val=\"0\"/></a:srgbClr>")), unseen),
        (image, "", bare(&solid("<a:srgbClr val=\"FF0000\"><a:alpha val=\"60000\"/></a:srgbClr>")), None),
        (image, "", bare("<a:ln><a:solidFill/></a:ln><a:noFill/>"), None),
        // Something lies between.
        (named, "", format!("{}{}", picture(0), bare(&rgb("000000"))), None),
        (named, "", format!("{}{}", picture(200), bare(&rgb("000000"))), unseen),
        (named, &picture(0), bare(&rgb("000000")), None),
        (named, "", shape("", &rgb("FFFFFF"), &rgb("000000")), None),
        (named, "", shape("", "<a:noFill/>", &rgb("000000")), unseen),
        // What the theme fills a shape with.
        (
            named,
            "",
            bare(&rgb("000000")).replace("<p:txBody>", "<p:style><a:fillRef idx=\"1\"/></p:style><p:txBody>"),
            None,
        ),
        // A highlight is the ground of its words.
        (named, "", bare(&format!("{}<a:highlight><a:srgbClr val=\"FFFF00\"/></a:highlight>", rgb("000000"))), None),
        (
            named,
            "",
            bare(&format!("{}<a:highlight><a:srgbClr val=\"000000\"/></a:highlight>", rgb("000000"))),
            Some(Category::Covered),
        ),
        // A placeholder may have its ground from the master, another shape not.
        (
            named,
            &shape("<p:nvSpPr><p:nvPr><p:ph/></p:nvPr></p:nvSpPr>", &rgb("FFFFFF"), ""),
            bare(&rgb("000000")),
            unseen,
        ),
        (
            named,
            &shape("<p:nvSpPr><p:nvPr><p:ph/></p:nvPr></p:nvSpPr>", &rgb("FFFFFF"), ""),
            shape("<p:nvSpPr><p:nvPr><p:ph/></p:nvPr></p:nvSpPr>", "", &rgb("000000")),
            None,
        ),
    ];
    for (ground, layer, slide, category) in cases {
        let counts = found(&before(ground, layer, &slide), "資料.pptx").counts();
        assert_eq!(counts.into_keys().next(), category, "{ground} {layer} {slide}");
    }
}
