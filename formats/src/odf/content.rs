//! The body and the styles of a cover, for each family.

use super::cover::{FACE, OBJECT};
use super::kinds::Family;
use crate::cover::{Cover, words};
use crate::embed::{Line, Role, lines};
use crate::xml::escape;

/// Namespaces of content and styles.
const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.3\"";

/// A4 without margins of 1 cm, in centimetres.
const SHEET: (&str, &str) = ("18.9cm", "26.75cm");
/// A slide, 16:9.
const SLIDE: (&str, &str) = ("28cm", "15.75cm");

/// The part `content.xml`.
pub(super) fn content(family: Family, cover: &Cover) -> String {
    let (body, size) = match family {
        Family::Text => (text(cover), 10.5),
        Family::Sheet => (sheet(cover), 10.5),
        Family::Slides => (slides("presentation", cover), 8.5),
        Family::Drawing => (slides("drawing", cover), 8.5),
    };
    let words = words_styles(size);
    format!(
        "<office:document-content {SPACES}><office:automatic-styles>{AUTOMATIC}{words}</office:automatic-styles>\
         <office:body>{body}</office:body></office:document-content>"
    )
}

/// The part `styles.xml`.
pub(super) fn styles(family: Family) -> String {
    let (width, height, margin, orientation) = match family {
        Family::Text | Family::Sheet => ("21cm", "29.7cm", "1cm", "portrait"),
        Family::Slides | Family::Drawing => (SLIDE.0, SLIDE.1, "0cm", "landscape"),
    };
    // A text begins on the page style of this name, whatever its first paragraph says.
    let master = if family == Family::Text { "Standard" } else { "Default" };
    let scale = if family == Family::Sheet { " style:scale-to-pages=\"2\"" } else { "" };
    format!(
        "<office:document-styles {SPACES}><office:styles/><office:automatic-styles>\
         <style:page-layout style:name=\"page\"><style:page-layout-properties fo:page-width=\"{width}\" \
         fo:page-height=\"{height}\" style:print-orientation=\"{orientation}\" fo:margin-top=\"{margin}\" \
         fo:margin-bottom=\"{margin}\" fo:margin-left=\"{margin}\" fo:margin-right=\"{margin}\"{scale}/>\
         </style:page-layout></office:automatic-styles><office:master-styles>\
         <style:master-page style:name=\"{master}\" style:page-layout-name=\"page\"/></office:master-styles>\
         </office:document-styles>"
    )
}

/// The embedded object in its frame.
fn object(cover: &Cover, size: (&str, &str), anchor: &str) -> String {
    let (width, height) = size;
    format!(
        "<draw:frame draw:name=\"{}\" draw:style-name=\"face\" {anchor} svg:width=\"{width}\" svg:height=\"{height}\">\
         <draw:object-ole draw:class-id=\"0003000c-0000-0000-c000-000000000046\" xlink:href=\"./{OBJECT}\" \
         xlink:type=\"simple\" xlink:show=\"embed\" xlink:actuate=\"onLoad\"/><draw:image xlink:href=\"./{FACE}\" \
         xlink:type=\"simple\" xlink:show=\"embed\" xlink:actuate=\"onLoad\"/><svg:desc>{}</svg:desc></draw:frame>",
        escape(&words::ACTIVATE.ja),
        escape(&cover.plain().ja)
    )
}

fn style(line: &Line) -> &'static str {
    match line.role {
        Role::Title => "Title",
        Role::Heading => "Heading",
        Role::Body => "Body",
    }
}

fn paragraphs(cover: &Cover) -> String {
    let mut said = String::new();
    for line in lines(cover) {
        said.push_str(&format!("<text:p text:style-name=\"{}\">{}</text:p>", style(&line), escape(&line.ja)));
        if !line.en.is_empty() {
            said.push_str(&format!("<text:p text:style-name=\"English\">{}</text:p>", escape(&line.en)));
        }
    }
    said
}

fn text(cover: &Cover) -> String {
    let object = object(cover, SHEET, "text:anchor-type=\"as-char\"");
    format!(
        "<office:text><text:section text:name=\"cover\" text:protected=\"true\" text:style-name=\"section\">\
         <text:p text:style-name=\"face-line\">{object}</text:p>{}</text:section></office:text>",
        paragraphs(cover).replacen("\"Title\"", "\"Title-page\"", 1)
    )
}

fn sheet(cover: &Cover) -> String {
    let place =
        "table:end-cell-address=\"表紙.A2\" table:end-x=\"18.9cm\" table:end-y=\"13.3cm\" svg:x=\"0cm\" svg:y=\"0cm\"";
    let object = object(cover, SHEET, place);
    let row = |cell: &str| format!("<table:table-row table:style-name=\"half\">{cell}</table:table-row>");
    let mut rows = String::new();
    for line in lines(cover) {
        let mut add = |style: &str, words: &str| {
            rows.push_str(&format!(
                "<table:table-row><table:table-cell table:style-name=\"cell-{style}\" office:value-type=\"string\">\
                 <text:p>{}</text:p></table:table-cell></table:table-row>",
                escape(words)
            ));
        };
        add(style(&line), &line.ja);
        if !line.en.is_empty() {
            add("English", &line.en);
        }
    }
    format!(
        "<office:spreadsheet table:structure-protected=\"true\"><table:table table:name=\"表紙\" table:protected=\"true\" \
         table:style-name=\"table\"><table:table-column table:style-name=\"column\"/>{}{}</table:table>\
         <table:table table:name=\"文字\" table:protected=\"true\" table:style-name=\"table\">\
         <table:table-column table:style-name=\"column\"/>{rows}</table:table></office:spreadsheet>",
        row(&format!("<table:table-cell>{object}</table:table-cell>")),
        row("<table:table-cell/>")
    )
}

fn slides(body: &str, cover: &Cover) -> String {
    let object = object(cover, SLIDE, "svg:x=\"0cm\" svg:y=\"0cm\"");
    format!(
        "<office:{body}><draw:page draw:name=\"表紙\" draw:master-page-name=\"Default\">{object}</draw:page>\
         <draw:page draw:name=\"文字\" draw:master-page-name=\"Default\"><draw:frame draw:style-name=\"words\" \
         svg:x=\"1cm\" svg:y=\"0.8cm\" svg:width=\"26cm\" svg:height=\"14.1cm\"><draw:text-box>{}</draw:text-box>\
         </draw:frame></draw:page></office:{body}>",
        paragraphs(cover)
    )
}

const FONT: &str = "fo:font-family=\"'BIZ UDPGothic'\" style:font-family-asian=\"'BIZ UDPゴシック'\" \
                    fo:language=\"en\" fo:country=\"US\" style:language-asian=\"ja\" style:country-asian=\"JP\"";

/// Styles of paragraphs and cells, automatic ones because drawings know no others; `size` points for Japanese text.
fn words_styles(size: f32) -> String {
    let text = |scale: f32, more: &str| {
        let size = size * scale;
        format!("<style:text-properties {FONT} fo:font-size=\"{size}pt\" style:font-size-asian=\"{size}pt\" {more}/>")
    };
    let bold = "fo:font-weight=\"bold\" style:font-weight-asian=\"bold\"";
    let kinds = [
        ("Title", "fo:margin-top=\"0.3cm\"", text(1.6, bold)),
        ("Title-page", "fo:margin-top=\"1cm\" fo:break-before=\"page\"", text(1.6, bold)),
        ("Heading", "fo:margin-top=\"0.35cm\"", text(1.0, bold)),
        ("Body", "fo:margin-top=\"0.15cm\"", text(1.0, "")),
        ("English", "fo:margin-top=\"0cm\"", text(0.8, "fo:color=\"#555555\"")),
    ];
    kinds
        .iter()
        .map(|(name, place, text)| {
            format!(
                "<style:style style:name=\"{name}\" style:family=\"paragraph\"><style:paragraph-properties \
                 {place} fo:margin-bottom=\"0cm\"/>{text}</style:style>\
                 <style:style style:name=\"cell-{name}\" style:family=\"table-cell\"><style:table-cell-properties \
                 fo:wrap-option=\"wrap\" style:vertical-align=\"top\" style:cell-protect=\"protected\"/>{text}</style:style>"
            )
        })
        .collect()
}

/// Automatic styles of the content.
const AUTOMATIC: &str = "<style:style style:name=\"face\" style:family=\"graphic\"><style:graphic-properties \
    draw:stroke=\"none\" draw:fill=\"none\" fo:margin=\"0cm\" fo:padding=\"0cm\" fo:border=\"none\" style:wrap=\"none\" \
    style:vertical-pos=\"top\" style:vertical-rel=\"baseline\" style:protect=\"content position size\"/></style:style>\
    <style:style style:name=\"words\" style:family=\"graphic\"><style:graphic-properties draw:stroke=\"none\" \
    draw:fill=\"none\" style:protect=\"content position size\"/></style:style>\
    <style:style style:name=\"face-line\" style:family=\"paragraph\"><style:paragraph-properties \
    fo:margin=\"0cm\" fo:text-align=\"center\"/></style:style>\
    <style:style style:name=\"section\" style:family=\"section\"><style:section-properties text:dont-balance-text-columns=\"true\"/>\
    </style:style><style:style style:name=\"table\" style:family=\"table\" style:master-page-name=\"Default\">\
    <style:table-properties table:display=\"true\"/></style:style><style:style style:name=\"column\" \
    style:family=\"table-column\"><style:table-column-properties style:column-width=\"19cm\"/></style:style>\
    <style:style style:name=\"half\" style:family=\"table-row\"><style:table-row-properties style:row-height=\"13.44cm\" \
    style:use-optimal-row-height=\"false\"/></style:style>";
