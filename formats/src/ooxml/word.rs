//! The cover of Word kinds: a sheet with the picture of the cover as the face of the embedded object, and the
//! same words as text behind it; locked against editing.

use super::parts::Parts;
use crate::cover::{Cover, Shape, words};
use crate::embed::{Line, Package, Role, lines};
use crate::error::WrapError;
use crate::kind::Kind;
use crate::xml::escape;

const MAIN: &str = "word/document.xml";
/// A4 without the margins, in points.
const FACE: (f32, f32) = (538.6, 762.2);
/// Margins of 1 cm, in twentieths of a point.
const MARGIN: u32 = 567;

pub(super) fn package(kind: Kind, main_type: &str, cover: &Cover) -> Result<Package, WrapError> {
    let mut parts = Parts::new(MAIN, main_type, cover);
    parts.main(MAIN, &document(cover));
    let relationships = [
        ("styles", "styles.xml"),
        ("settings", "settings.xml"),
        ("image", "media/cover.png"),
        ("oleObject", "embeddings/oleObject1.bin"),
    ];
    parts.relationships("word/_rels/document.xml.rels", &relationships);
    let words = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    parts.add("word/styles.xml", &format!("{words}.styles+xml"), STYLES);
    parts.add("word/settings.xml", &format!("{words}.settings+xml"), SETTINGS);
    parts.picture("word/media/cover.png", cover.picture(Shape::Portrait)?);
    Ok(Package { kind, parts: parts.archive()?, object: "word/embeddings/oleObject1.bin" })
}

fn document(cover: &Cover) -> String {
    let (width, height) = FACE;
    let plain = escape(&cover.plain().ja);
    let name = escape(&words::ACTIVATE.ja);
    let object = format!(
        "<w:object w:dxaOrig=\"{}\" w:dyaOrig=\"{}\"><v:shapetype id=\"_x0000_t75\" coordsize=\"21600,21600\" \
         o:spt=\"75\" o:preferrelative=\"t\" path=\"m,l,21600r21600,l21600,xe\" filled=\"f\" stroked=\"f\">\
         <v:stroke joinstyle=\"miter\"/><v:path o:extrusionok=\"f\" gradientshapeok=\"t\" o:connecttype=\"rect\"/>\
         <o:lock v:ext=\"edit\" aspectratio=\"t\"/></v:shapetype><v:shape id=\"_x0000_i1025\" type=\"#_x0000_t75\" \
         style=\"width:{width}pt;height:{height}pt\" alt=\"{plain}\" o:ole=\"\"><v:imagedata r:id=\"rId3\" \
         o:title=\"{name}\"/></v:shape><o:OLEObject Type=\"Embed\" ProgID=\"Package\" ShapeID=\"_x0000_i1025\" \
         DrawAspect=\"Icon\" ObjectID=\"_1000000001\" r:id=\"rId4\"/></w:object>",
        (width * 20.0) as u32,
        (height * 20.0) as u32
    );
    let text: String = lines(cover).iter().map(paragraphs).collect();
    format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"><w:body>\
         <w:p><w:pPr><w:pStyle w:val=\"Cover\"/></w:pPr><w:r>{object}</w:r></w:p>{text}\
         <w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"{MARGIN}\" w:right=\"{MARGIN}\" \
         w:bottom=\"{MARGIN}\" w:left=\"{MARGIN}\" w:header=\"0\" w:footer=\"0\" w:gutter=\"0\"/></w:sectPr></w:body>\
         </w:document>"
    )
}

fn paragraphs(line: &Line) -> String {
    let style = match line.role {
        Role::Title => "Title",
        Role::Heading => "Heading1",
        Role::Body => "Normal",
    };
    let mut both = paragraph(style, &line.ja);
    if !line.en.is_empty() {
        both.push_str(&paragraph("English", &line.en));
    }
    both
}

fn paragraph(style: &str, words: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escape(words)
    )
}

const SETTINGS: &str = "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
    <w:writeProtection w:recommended=\"1\"/><w:documentProtection w:edit=\"readOnly\" w:enforcement=\"1\"/>\
    <w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
    w:val=\"15\"/></w:compat></w:settings>";

const STYLES: &str = "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults>\
    <w:rPrDefault><w:rPr><w:rFonts w:ascii=\"BIZ UDPGothic\" w:hAnsi=\"BIZ UDPGothic\" w:eastAsia=\"BIZ UDPゴシック\"/>\
    <w:sz w:val=\"21\"/><w:lang w:val=\"en-US\" w:eastAsia=\"ja-JP\"/></w:rPr></w:rPrDefault></w:docDefaults>\
    <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:pPr>\
    <w:spacing w:before=\"120\" w:after=\"0\"/><w:ind w:left=\"567\" w:right=\"567\"/></w:pPr></w:style>\
    <w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"Cover\"><w:name w:val=\"Cover\"/><w:pPr>\
    <w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"center\"/></w:pPr></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Title\"/><w:basedOn w:val=\"Normal\"/><w:pPr>\
    <w:pageBreakBefore/><w:spacing w:before=\"360\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"36\"/></w:rPr></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr>\
    <w:keepNext/><w:spacing w:before=\"240\"/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>\
    <w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"English\"><w:name w:val=\"English\"/>\
    <w:basedOn w:val=\"Normal\"/><w:pPr><w:spacing w:before=\"0\"/></w:pPr><w:rPr><w:color w:val=\"555555\"/>\
    <w:sz w:val=\"17\"/></w:rPr></w:style></w:styles>";
