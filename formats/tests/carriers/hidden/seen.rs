//! PDF: what nobody sees of a page although it is drawn, judged by what lies over it, and nothing that is seen is told.

use std::process::Command;

use kakuzuke_formats::Category;

use super::furniture::found;
use crate::furniture::has;
use crate::pdf::furniture::pdf;

/// A page of 200 by 200 points with these resources beside its font F, these annotations, and these objects from 6 on.
fn drawn(content: &str, resources: &str, notes: &str, more: &[&str]) -> Vec<u8> {
    let font = if resources.contains("/Font") { "" } else { "/Font << /F 5 0 R >>" };
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Annots [{notes}] /Resources << {font} {resources} >> >>"
    );
    let content = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let catalog = "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >> >>";
    pdf(&[&[catalog, pages, &page, &content, font], more].concat(), "/Root 1 0 R")
}

/// What is said of it: the category's name, how many, and in which way they are not seen.
fn told(file: &[u8]) -> Vec<String> {
    let hidden = [Category::Covered, Category::Unseen, Category::NotInspected];
    let findings = found(file, "文書.pdf").findings;
    let said = findings.iter().filter(|f| hidden.contains(&f.category));
    said.map(|f| format!("{}: {}", f.category.slug(), f.what.en.split(':').next().unwrap_or_default())).collect()
}

fn stream(dict: &str, data: &str) -> String {
    format!("<< {dict} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

fn form(dict: &str, data: &str) -> String {
    stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 200 200] {dict}"), data)
}

const WORDS: &str = "BT /F 20 Tf 50 100 Td (SECRET) Tj ET";
const SHAPE: &str = "covered-text: 6 letters under filled boxes";
const UNDER_PICTURE: &str = "covered-text: 6 letters under pictures";
const NOTE: &str = "covered-text: 6 letters under annotations";
const CLEAR: &str = "unseen-text: 6 letters with no opacity";
const ALIKE: &str = "unseen-text: 6 letters in the colour of their ground";
const CLIPPED: &str = "unseen-text: 6 letters cut off by a clip";

#[test]
fn words_under_whatever_is_painted_over_them_are_told() {
    let cases = [
        ("a box", "40 90 120 40 re f"),
        ("white on white", "1 g 40 90 120 40 re f"),
        (
            "a rounded box",
            "60 90 m 140 90 l 160 90 160 90 160 100 c 160 115 l 160 130 160 130 150 130 c 60 130 l 40 130 40 130 40 110 c 40 100 l 40 90 40 90 60 90 c f",
        ),
        ("a turned box", "q .7 .7 -.7 .7 100 20 cm 0 0 130 130 re f Q"),
        ("a triangle", "0 60 m 200 60 l 100 200 l h f"),
        ("pieces side by side", "40 90 60 40 re 100 90 60 40 re f"),
        ("half after half", "40 90 60 40 re f 1 0 0 rg 100 90 60 40 re f"),
        ("even and odd", "40 90 120 40 re 0 0 5 5 re f*"),
        ("a thick line", "30 w 40 108 m 160 108 l S"),
        (
            "many lines",
            "3 w 40 94 m 160 94 l 40 97 m 160 97 l 40 100 m 160 100 l 40 103 m 160 103 l 40 106 m 160 106 l 40 109 m 160 109 l 40 112 m 160 112 l 40 115 m 160 115 l 40 118 m 160 118 l S",
        ),
        ("a clip that lets it through", "q 30 80 140 60 re W n 0 0 200 200 re f Q"),
        ("a scaled unit", "q 120 0 0 40 40 90 cm 0 0 1 1 re f Q"),
        ("dashes without gaps", "[5 0] 0 d 30 w 40 108 m 160 108 l S"),
    ];
    for (name, over) in cases {
        assert_eq!(told(&drawn(&format!("{WORDS} {over}"), "", "", &[])), [SHAPE], "{name}");
    }
}

#[test]
fn letters_that_are_boxes_cover_like_boxes() {
    // Zapf Dingbats: n is a filled square.
    let boxes = |size: u32| format!("{WORDS} BT /Z {size} Tf 42 60 Td (n) Tj ET");
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>";
    let told = |size: u32| {
        told(&drawn(&boxes(size), "/Font << /F 5 0 R /Z 7 0 R >>", "", &["<< /Type /OCG /Name (off) >>", font]))
    };
    assert_eq!(told(130), [SHAPE]);
    assert_eq!(told(8), [""; 0]);
}

#[test]
fn words_that_are_seen_are_not_told() {
    let cases = [
        ("before", "0.9 g 0 0 200 200 re f 0 g BT /F 20 Tf 50 100 Td (Seen) Tj ET"),
        ("a table", "1 0 0 rg 40 90 120 40 re f 1 g BT /F 20 Tf 50 100 Td (Seen) Tj ET"),
        ("a frame", "BT /F 20 Tf 50 100 Td (Seen) Tj ET 3 w 40 90 120 40 re S"),
        ("a line through", "BT /F 20 Tf 50 100 Td (Seen) Tj ET 2 w 40 106 m 160 106 l S"),
        ("a hole", "BT /F 20 Tf 50 100 Td (Seen) Tj ET 0 0 200 200 re 40 90 120 40 re f*"),
        (
            "a hole the other way round",
            "BT /F 20 Tf 50 100 Td (Seen) Tj ET 0 0 200 200 re 40 90 m 40 130 l 160 130 l 160 90 l h f",
        ),
        ("beside", "BT /F 20 Tf 50 100 Td (Seen) Tj ET q .7 .7 -.7 .7 100 110 cm 0 0 130 130 re f Q"),
        ("clipped", "BT /F 20 Tf 50 100 Td (Seen) Tj ET q 0 0 200 80 re W n 0 0 200 200 re f Q"),
        (
            "clipped by a circle",
            "BT /F 20 Tf 50 100 Td (Seen) Tj ET q 0 50 m 50 0 l 100 50 l 50 100 l h W n 0 0 200 200 re f Q",
        ),
        ("dashes", "BT /F 20 Tf 50 100 Td (Seen) Tj ET [4 8] 0 d 30 w 40 108 m 160 108 l S"),
        ("grey on white", "0.7 g BT /F 20 Tf 50 100 Td (Seen) Tj ET"),
        ("white with an edge", "1 g 0 G 2 Tr BT /F 20 Tf 50 100 Td (Seen) Tj ET"),
        ("white on a dark shadow", "0 g BT /F 20 Tf 51 99 Td (Seen) Tj ET 1 g BT /F 20 Tf 50 100 Td (Seen) Tj ET"),
        (
            "letters that something is painted through",
            "q BT 7 Tr /F 20 Tf 50 100 Td (Seen) Tj ET 1 0 0 rg 0 0 200 200 re f Q",
        ),
    ];
    for (name, content) in cases {
        assert_eq!(told(&drawn(content, "", "", &[])), [""; 0], "{name}");
    }
}

#[test]
fn words_that_differ_from_nothing_are_told() {
    let cases = [
        ("black on black", "40 90 120 40 re f BT /F 20 Tf 50 100 Td (SECRET) Tj ET", ALIKE),
        ("nearly white", "0.96 g BT /F 20 Tf 50 100 Td (SECRET) Tj ET", ALIKE),
        ("red on red", "1 0 0 rg 40 90 120 40 re f BT /F 20 Tf 50 100 Td (SECRET) Tj ET", ALIKE),
        ("one black in two ways", "0 0 0 1 k 40 90 120 40 re f 0 g BT /F 20 Tf 50 100 Td (SECRET) Tj ET", ALIKE),
        ("edges alone, white", "1 G 1 Tr BT /F 20 Tf 50 100 Td (SECRET) Tj ET", ALIKE),
        ("an ink of its own", "/S cs 0 scn BT /F 20 Tf 50 100 Td (SECRET) Tj ET", ALIKE),
        ("an ink that prints nothing", "/N cs 1 scn BT /F 20 Tf 50 100 Td (SECRET) Tj ET", CLEAR),
        ("no opacity", "/Clear gs BT /F 20 Tf 50 100 Td (SECRET) Tj ET", CLEAR),
        ("clipped away", "q 0 0 20 20 re W n BT /F 20 Tf 50 100 Td (SECRET) Tj ET Q", CLIPPED),
        (
            "clipped away by a circle",
            "q 0 20 m 20 0 l 40 20 l 20 40 l h W* n BT /F 20 Tf 50 100 Td (SECRET) Tj ET Q",
            CLIPPED,
        ),
        (
            "a clip alone",
            "BT 7 Tr /F 20 Tf 50 100 Td (SECRET) Tj ET",
            "unseen-text: 6 letters that are not drawn, such as recognised text",
        ),
        ("beside the page", "BT /F 20 Tf 50 300 Td (SECRET) Tj ET", "unseen-text: 6 letters beside the page"),
        ("tiny", "BT /F 0.5 Tf 50 100 Td (SECRET) Tj ET", "unseen-text: 6 letters smaller than a point"),
    ];
    let resources = "/ExtGState << /Clear << /ca 0 >> >> /ColorSpace << /N [/Separation /None /DeviceGray << /FunctionType 2 /Domain [0 1] /N 1 >>] \
                     /S [/Separation /Spot /DeviceRGB << /FunctionType 2 /Domain [0 1] /N 1 /C0 [1 1 1] /C1 [1 0 0] >>] >>";
    for (name, content, sort) in cases {
        assert_eq!(told(&drawn(content, resources, "", &[])), [sort], "{name}");
    }
}

#[test]
fn forms_patterns_shadings_and_pictures_cover_as_they_are_drawn() {
    let box_in_form = form("", "40 90 120 40 re f");
    let narrow =
        "<< /Type /XObject /Subtype /Form /BBox [0 0 20 20] /Length 15 >>\nstream\n0 0 200 200 re f\nendstream";
    let see_through = form("/Group << /S /Transparency >>", "/Whole gs 40 90 120 40 re f");
    let picture =
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "x");
    let masked = |mask: &str| {
        stream(
            &format!(
                "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 {mask}"
            ),
            "x",
        )
    };
    let soft = |data: &str| {
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", data)
    };
    let stencil = |decode: &str| {
        stream(&format!("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ImageMask true {decode}"), "\u{0}")
    };
    let shading = |extend: &str| {
        format!(
            "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 200 0] /Extend [{extend}] /Function << /FunctionType 2 /Domain [0 1] /N 1 >> >>"
        )
    };
    let tile = |content: &str| {
        stream(
            "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 10 10] /XStep 10 /YStep 10 /Resources << >>",
            content,
        )
    };
    let draw = format!("{WORDS} q 120 0 0 40 40 90 cm /X Do Q");
    let whole = format!("{WORDS} /X Do");
    let sheet = format!("{WORDS} q 40 90 120 40 re W n /Sh sh Q");
    let tiled = format!("{WORDS} /Pattern cs /P scn 40 90 120 40 re f");
    let group = format!("{WORDS} /Half gs /X Do");
    let cases: Vec<(&str, &str, String, &[&str])> = vec![
        ("a form", &whole, box_in_form.clone(), &[SHAPE]),
        ("a form with a narrow box", &whole, narrow.to_owned(), &[]),
        ("a group seen through", &group, see_through.clone(), &[]),
        ("a group not seen through", &whole, see_through, &[SHAPE]),
        ("a picture", &draw, picture, &[UNDER_PICTURE]),
        ("a picture with a mask of its own, clear", &draw, masked("/SMask 7 0 R"), &[]),
        ("a picture with a mask of its own, whole", &draw, masked("/SMask 8 0 R"), &[UNDER_PICTURE]),
        ("a picture without one colour it does not have", &draw, masked("/Mask [0 0]"), &[UNDER_PICTURE]),
        ("a picture without its colour", &draw, masked("/Mask [120 120]"), &[]),
        ("a stencil", &draw, stencil(""), &[UNDER_PICTURE]),
        ("a stencil that lets nothing through", &draw, stencil("/Decode [1 0]"), &[]),
        ("a shading", &sheet, shading("true true"), &[SHAPE]),
        ("a shading that ends", &sheet, shading("false false"), &[]),
        ("a pattern without gaps", &tiled, tile("0 0 10 10 re f"), &[SHAPE]),
        ("a hatch", &tiled, tile("1 w 0 5 m 10 5 l S"), &[]),
    ];
    let resources = "/XObject << /X 9 0 R >> /Shading << /Sh 9 0 R >> /Pattern << /P 9 0 R >> /ExtGState << /Half << /ca .5 >> /Whole << /ca 1 >> >>";
    let layer = "<< /Type /OCG /Name (off) >>";
    for (name, content, object, sorts) in cases {
        let file = drawn(content, resources, "", &[layer, &soft("\u{0}"), &soft("~"), &object]);
        let file = if name.ends_with("whole") { replaced(&file, b"~", 0xFF) } else { file };
        assert_eq!(told(&file), sorts, "{name}");
    }
    let inline = format!("{WORDS} q 120 0 0 40 40 90 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q");
    assert_eq!(told(&drawn(&inline, "", "", &[layer])), [UNDER_PICTURE], "a picture in the page");
}

/// The file with every byte `of` another: some can't be written in a text.
fn replaced(file: &[u8], of: &[u8], to: u8) -> Vec<u8> {
    file.iter().map(|byte| if of.contains(byte) { to } else { *byte }).collect()
}

#[test]
fn what_is_seen_through_is_no_cover_but_black_that_takes_all_light_is() {
    let resources =
        "/ExtGState << /Half << /ca .5 >> /Pen << /BM /Multiply >> /Soft << /SMask << /S /Luminosity /G 6 0 R >> >> >>";
    let cases: [(&str, &str, &[&str]); 5] = [
        ("half", "/Half gs 40 90 120 40 re f", &[]),
        ("a highlighter", "/Pen gs 1 1 0 rg 40 90 120 40 re f", &[]),
        ("a black highlighter", "/Pen gs 0 g 40 90 120 40 re f", &[SHAPE]),
        ("a soft mask", "/Soft gs 40 90 120 40 re f", &[]),
        ("only for strokes", "/Half gs 30 w 40 108 m 160 108 l S", &[SHAPE]),
    ];
    for (name, over, sorts) in cases {
        assert_eq!(told(&drawn(&format!("{WORDS} {over}"), resources, "", &[])), sorts, "{name}");
    }
}

#[test]
fn annotations_cover_by_what_viewers_draw_of_them() {
    let look = "<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Length 13 >>\nstream\n0 0 10 10 re f\nendstream";
    let clear = form("/Resources << /ExtGState << /Pen << /BM /Multiply >> >> >>", "/Pen gs 1 1 0 rg 0 0 200 200 re f");
    let area = "/Rect [40 90 160 130]";
    let cases: [(&str, String, &[&str]); 19] = [
        ("a square", format!("/Subtype /Square {area} /IC [0 0 0]"), &[NOTE]),
        ("a frame", format!("/Subtype /Square {area} /C [0 0 0]"), &[]),
        ("a square seen through", format!("/Subtype /Square {area} /IC [0 0 0] /CA .4"), &[]),
        ("a circle", "/Subtype /Circle /Rect [10 40 190 180] /IC [0 0 0]".to_owned(), &[NOTE]),
        ("a polygon", format!("/Subtype /Polygon {area} /Vertices [0 60 200 60 100 200] /IC [0]"), &[NOTE]),
        ("a thick line", format!("/Subtype /Line {area} /L [40 108 160 108] /C [0] /BS << /W 30 >>"), &[NOTE]),
        ("a thin line", format!("/Subtype /Line {area} /L [40 108 160 108] /C [0]"), &[]),
        ("ink", format!("/Subtype /Ink {area} /InkList [[40 108 160 108]] /C [0] /Border [0 0 30]"), &[NOTE]),
        ("words on a ground", format!("/Subtype /FreeText {area} /C [1 1 1]"), &[NOTE]),
        ("words on no ground", format!("/Subtype /FreeText {area}"), &[]),
        ("a field on a ground", format!("/Subtype /Widget /FT /Tx {area} /MK << /BG [1 1 1] >>"), &[NOTE]),
        ("a stamp", format!("/Subtype /Stamp {area} /AP << /N 7 0 R >>"), &[NOTE]),
        ("a highlight that hides", format!("/Subtype /Highlight {area} /AP << /N 7 0 R >>"), &[NOTE]),
        ("a highlight", format!("/Subtype /Highlight {area} /AP << /N 8 0 R >>"), &[]),
        (
            "a state that is shown",
            format!("/Subtype /Widget /FT /Btn {area} /AS /On /AP << /N << /On 7 0 R >> >>"),
            &[NOTE],
        ),
        ("a state that is not", format!("/Subtype /Widget /FT /Btn {area} /AS /Off /AP << /N << /On 7 0 R >> >>"), &[]),
        ("not shown", format!("/Subtype /Square {area} /IC [0 0 0] /F 2"), &[]),
        ("on a layer that is off", format!("/Subtype /Square {area} /IC [0 0 0] /OC 6 0 R"), &[]),
        ("elsewhere", "/Subtype /Square /Rect [0 0 30 30] /IC [0 0 0]".to_owned(), &[]),
    ];
    for (name, note, sorts) in cases {
        let layer = "<< /Type /OCG /Name (off) >>";
        let file = drawn(WORDS, "", &format!("<< /Type /Annot {note} >>"), &[layer, look, &clear]);
        assert_eq!(told(&file), sorts, "{name}");
    }
}

#[test]
fn what_is_on_layers_that_are_off_neither_covers_nor_is_looked_for() {
    let layer = "<< /Type /OCG /Name (off) >>";
    let named = "/Properties << /L 6 0 R >>";
    let over = format!("{WORDS} /OC /L BDC 0 0 200 200 re f EMC");
    assert_eq!(told(&drawn(&over, named, "", &[layer])), [""; 0]);
    let under = format!("/OC /L BDC {WORDS} EMC 0 0 200 200 re f");
    assert_eq!(told(&drawn(&under, named, "", &[layer])), [""; 0]);
    let after = format!("{WORDS} /OC /L BDC EMC 0 0 200 200 re f");
    assert_eq!(told(&drawn(&after, named, "", &[layer])), [SHAPE]);
}

#[test]
fn pictures_that_nobody_sees_are_told() {
    let picture =
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "x");
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            "with a caption",
            "q 150 0 0 150 20 20 cm /X Do Q 20 20 150 30 re f 1 g BT /F 20 Tf 25 27 Td (Seen by all) Tj ET",
            &[],
        ),
        ("on a white ground", "q 150 0 0 150 20 20 cm /X Do Q 1 g 60 60 60 60 re f", &[]),
        ("seen", "q 50 0 0 50 20 20 cm /X Do Q", &[]),
        ("covered", "q 50 0 0 50 20 20 cm /X Do Q 10 10 80 80 re f", &["covered-text: 1 pictures under filled boxes"]),
        (
            "blacked out in part",
            "q 50 0 0 50 20 20 cm /X Do Q 10 10 40 80 re f",
            &["covered-text: 1 pictures in part under black shapes or annotations"],
        ),
        ("beside the page", "q 50 0 0 50 320 20 cm /X Do Q", &["unseen-text: 1 pictures beside the page"]),
        (
            "clipped away",
            "q 0 0 9 9 re W n q 50 0 0 50 20 20 cm /X Do Q Q",
            &["unseen-text: 1 pictures cut off by a clip"],
        ),
        (
            "in the page",
            "q 50 0 0 50 20 20 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q 10 10 80 80 re f",
            &["covered-text: 1 pictures under filled boxes"],
        ),
    ];
    for (name, content, sorts) in cases {
        let layer = "<< /Type /OCG /Name (off) >>";
        assert_eq!(
            told(&drawn(
                content,
                if content.contains("/X Do") { "/XObject << /X 7 0 R >>" } else { "" },
                "",
                &[layer, &picture]
            )),
            sorts,
            "{name}"
        );
    }
}

#[test]
fn many_boxes_hide_no_cover_and_what_is_too_much_is_said() {
    let boxes = "1 1 1 1 re f ".repeat(30_000);
    assert_eq!(told(&drawn(&format!("{boxes} {WORDS} {boxes} 40 90 120 40 re f"), "", "", &[])), [SHAPE]);
    // The page is painted over more often than anybody follows.
    let over = form("", &"0 0 200 200 re f ".repeat(2_000));
    let (twice, all) = ("/X Do ".repeat(100), "/XObject << /X 7 0 R >>");
    let layer = "<< /Type /OCG /Name (off) >>";
    let said = told(&drawn(&format!("{WORDS} {twice}"), all, "", &[layer, &over]));
    assert!(said.iter().any(|what| what.starts_with("not-inspected")), "{said:?}");
    // Forms in forms are followed as far as is sensible.
    let next = |number: usize| form(&format!("/Resources << /XObject << /X {number} 0 R >> >>"), "/X Do");
    let forms: Vec<String> = (8..28).map(next).collect();
    let objects: Vec<&str> =
        [layer].into_iter().chain(forms.iter().map(String::as_str)).chain([over.as_str()]).collect();
    let said = told(&drawn(&format!("{WORDS} /X Do"), all, "", &objects));
    assert!(said.iter().any(|what| what.starts_with("not-inspected")), "{said:?}");
}

/// A drawing with words in it, and these shapes over them.
fn drawing(shapes: &str) -> String {
    let style = |name: &str, looks: &str| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"graphic\"><style:graphic-properties {looks}/></style:style>"
        )
    };
    let styles = [
        style("t", "draw:stroke=\"none\" draw:fill=\"none\""),
        style("b", "draw:stroke=\"none\" draw:fill=\"solid\" draw:fill-color=\"#000000\""),
        style("y", "draw:stroke=\"none\" draw:fill=\"solid\" draw:fill-color=\"#ffff00\" draw:opacity=\"40%\""),
        style("l", "draw:stroke=\"solid\" svg:stroke-width=\"1.4cm\" svg:stroke-color=\"#000000\" draw:fill=\"none\""),
    ]
    .concat();
    let name = |short: &str| format!("urn:oasis:names:tc:opendocument:xmlns:{short}:1.0");
    let also = |short: &str| format!("urn:oasis:names:tc:opendocument:xmlns:{short}-compatible:1.0");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document xmlns:office=\"{}\" xmlns:style=\"{}\" xmlns:text=\"{}\" xmlns:draw=\"{}\" xmlns:fo=\"{}\" xmlns:svg=\"{}\" \
         office:version=\"1.3\" office:mimetype=\"application/vnd.oasis.opendocument.graphics\"><office:automatic-styles>\
         <style:page-layout style:name=\"L\"><style:page-layout-properties fo:page-width=\"21cm\" fo:page-height=\"29.7cm\"/></style:page-layout>\
         {styles}</office:automatic-styles><office:master-styles><style:master-page style:name=\"M\" style:page-layout-name=\"L\"/></office:master-styles>\
         <office:body><office:drawing><draw:page draw:name=\"1\" draw:master-page-name=\"M\"><draw:frame draw:style-name=\"t\" svg:x=\"4cm\" \
         svg:y=\"10cm\" svg:width=\"12cm\" svg:height=\"1.2cm\"><draw:text-box><text:p>SECRET</text:p></draw:text-box></draw:frame>{shapes}\
         </draw:page></office:drawing></office:body></office:document>",
        name("office"),
        name("style"),
        name("text"),
        name("drawing"),
        also("xsl-fo"),
        also("svg"),
    )
}

#[test]
fn shapes_that_libreoffice_draws_over_words_are_told() {
    if !has("soffice") {
        return;
    }
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    let picture = format!(
        "<draw:frame svg:x=\"2cm\" svg:y=\"9.5cm\" svg:width=\"16cm\" svg:height=\"2.5cm\"><draw:image><office:binary-data>{pixel}</office:binary-data></draw:image></draw:frame>"
    );
    let place = "svg:x=\"2cm\" svg:y=\"9.5cm\" svg:width=\"16cm\" svg:height=\"2.5cm\"";
    let cases: [(&str, String, &[&str]); 8] = [
        ("rounded", format!("<draw:rect draw:style-name=\"b\" draw:corner-radius=\"0.6cm\" {place}/>"), &[SHAPE]),
        ("turned", "<draw:rect draw:style-name=\"b\" svg:width=\"16cm\" svg:height=\"5cm\" draw:transform=\"rotate (0.2) translate (2cm 10cm)\"/>".to_owned(), &[SHAPE]),
        ("ellipse", "<draw:ellipse draw:style-name=\"b\" svg:x=\"0cm\" svg:y=\"7cm\" svg:width=\"20cm\" svg:height=\"7cm\"/>".to_owned(), &[SHAPE]),
        ("line", "<draw:line draw:style-name=\"l\" svg:x1=\"3cm\" svg:y1=\"10.6cm\" svg:x2=\"17cm\" svg:y2=\"10.6cm\"/>".to_owned(), &[SHAPE]),
        ("picture", picture, &[UNDER_PICTURE]),
        ("veil", format!("<draw:rect draw:style-name=\"y\" {place}/>"), &[]),
        ("away", "<draw:rect draw:style-name=\"b\" svg:x=\"2cm\" svg:y=\"2cm\" svg:width=\"16cm\" svg:height=\"2.5cm\"/>".to_owned(), &[]),
        ("nothing", String::new(), &[]),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, shapes, _) in &cases {
        std::fs::write(folder.path().join(format!("{name}.fodg")), drawing(shapes)).unwrap();
    }
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .args(cases.iter().map(|(name, ..)| folder.path().join(format!("{name}.fodg"))))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for (name, _, sorts) in cases {
        let file = std::fs::read(folder.path().join(format!("{name}.pdf"))).unwrap();
        assert_eq!(told(&file), sorts, "{name}");
    }
}
