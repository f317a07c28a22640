//! The cover of PowerPoint kinds: a slide with the picture of the cover as the face of the embedded object, and a
//! slide with the same words as text; the object locked in its place.

use super::parts::Parts;
use crate::cover::{Cover, Shape, words};
use crate::embed::{Package, Role, lines};
use crate::error::WrapError;
use crate::kind::Kind;
use crate::xml::escape;

const MAIN: &str = "ppt/presentation.xml";
/// Width and height of a slide in EMU (16:9).
const SLIDE: (u32, u32) = (12_192_000, 6_858_000);
const SPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
                      xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
                      xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";
const GROUP: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>\
                     <a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/>\
                     </a:xfrm></p:grpSpPr>";

pub(super) fn package(kind: Kind, main_type: &str, cover: &Cover) -> Result<Package, WrapError> {
    let mut parts = Parts::new(MAIN, main_type, cover);
    parts.main(MAIN, &presentation());
    let targets = [
        ("slideMaster", "slideMasters/slideMaster1.xml"),
        ("slide", "slides/slide1.xml"),
        ("slide", "slides/slide2.xml"),
        ("theme", "theme/theme1.xml"),
    ];
    parts.relationships("ppt/_rels/presentation.xml.rels", &targets);
    let slide_type = "application/vnd.openxmlformats-officedocument.presentationml";
    parts.add("ppt/slideMasters/slideMaster1.xml", &format!("{slide_type}.slideMaster+xml"), &master());
    let targets = [("slideLayout", "../slideLayouts/slideLayout1.xml"), ("theme", "../theme/theme1.xml")];
    parts.relationships("ppt/slideMasters/_rels/slideMaster1.xml.rels", &targets);
    parts.add("ppt/slideLayouts/slideLayout1.xml", &format!("{slide_type}.slideLayout+xml"), &layout());
    let targets = [("slideMaster", "../slideMasters/slideMaster1.xml")];
    parts.relationships("ppt/slideLayouts/_rels/slideLayout1.xml.rels", &targets);
    parts.add("ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", &theme());
    parts.add("ppt/slides/slide1.xml", &format!("{slide_type}.slide+xml"), &face(cover));
    let targets = [
        ("slideLayout", "../slideLayouts/slideLayout1.xml"),
        ("oleObject", "../embeddings/oleObject1.bin"),
        ("image", "../media/cover.png"),
    ];
    parts.relationships("ppt/slides/_rels/slide1.xml.rels", &targets);
    parts.add("ppt/slides/slide2.xml", &format!("{slide_type}.slide+xml"), &text(cover));
    let targets = [("slideLayout", "../slideLayouts/slideLayout1.xml")];
    parts.relationships("ppt/slides/_rels/slide2.xml.rels", &targets);
    parts.picture("ppt/media/cover.png", cover.picture(Shape::Slide)?);
    Ok(Package { kind, parts: parts.archive()?, object: "ppt/embeddings/oleObject1.bin" })
}

fn presentation() -> String {
    let (width, height) = SLIDE;
    format!(
        "<p:presentation {SPACES}><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>\
         <p:sldIdLst><p:sldId id=\"256\" r:id=\"rId2\"/><p:sldId id=\"257\" r:id=\"rId3\"/></p:sldIdLst>\
         <p:sldSz cx=\"{width}\" cy=\"{height}\"/><p:notesSz cx=\"{height}\" cy=\"{width}\"/></p:presentation>"
    )
}

/// The slide with the object.
fn face(cover: &Cover) -> String {
    let (width, height) = SLIDE;
    let (name, plain) = (escape(&words::ACTIVATE.ja), escape(&cover.plain().ja));
    let place = format!("<a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/>");
    format!(
        "<p:sld {SPACES}><p:cSld><p:spTree>{GROUP}<p:graphicFrame><p:nvGraphicFramePr>\
         <p:cNvPr id=\"2\" name=\"{name}\" descr=\"{plain}\"/><p:cNvGraphicFramePr>\
         <a:graphicFrameLocks noGrp=\"1\" noChangeAspect=\"1\" noMove=\"1\" noResize=\"1\"/></p:cNvGraphicFramePr><p:nvPr/>\
         </p:nvGraphicFramePr><p:xfrm>{place}</p:xfrm><a:graphic>\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/presentationml/2006/ole\">\
         <p:oleObj name=\"{name}\" showAsIcon=\"1\" r:id=\"rId2\" imgW=\"{width}\" imgH=\"{height}\" progId=\"Package\">\
         <p:embed/><p:pic><p:nvPicPr><p:cNvPr id=\"0\" name=\"\" descr=\"{plain}\"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>\
         <p:blipFill><a:blip r:embed=\"rId3\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>\
         <p:spPr><a:xfrm>{place}</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic></p:oleObj>\
         </a:graphicData></a:graphic></p:graphicFrame></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>\
         </p:sld>"
    )
}

/// The slide with the words, in two columns.
fn text(cover: &Cover) -> String {
    let mut said = String::new();
    for line in lines(cover) {
        let (size, bold) = match line.role {
            Role::Title => (1600, " b=\"1\""),
            Role::Heading => (1000, " b=\"1\""),
            Role::Body => (900, ""),
        };
        let run = |language: &str, size: u32, bold: &str, words: &str| {
            format!(
                "<a:p><a:r><a:rPr lang=\"{language}\" altLang=\"en-US\" sz=\"{size}\"{bold}/><a:t>{}</a:t></a:r></a:p>",
                escape(words)
            )
        };
        said.push_str(&run("ja-JP", size, bold, &line.ja));
        if !line.en.is_empty() {
            said.push_str(&run("en-US", 700, "", &line.en));
        }
    }
    let (width, height) = SLIDE;
    let margin = 360_000;
    format!(
        "<p:sld {SPACES}><p:cSld><p:spTree>{GROUP}<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"{}\"/>\
         <p:cNvSpPr txBox=\"1\"><a:spLocks noGrp=\"1\" noMove=\"1\" noResize=\"1\" noTextEdit=\"1\"/></p:cNvSpPr><p:nvPr/>\
         </p:nvSpPr><p:spPr><a:xfrm><a:off x=\"{margin}\" y=\"{margin}\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>\
         <a:bodyPr wrap=\"square\" numCol=\"2\" spcCol=\"{margin}\"><a:normAutofit/></a:bodyPr><a:lstStyle/>{said}</p:txBody>\
         </p:sp></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
        escape(&words::TITLE.ja),
        width - 2 * margin,
        height - 2 * margin
    )
}

fn master() -> String {
    format!(
        "<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill><a:effectLst/>\
         </p:bgPr></p:bg><p:spTree>{GROUP}</p:spTree></p:cSld><p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" \
         accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" \
         accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/><p:sldLayoutIdLst>\
         <p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst></p:sldMaster>"
    )
}

fn layout() -> String {
    format!(
        "<p:sldLayout {SPACES} type=\"blank\" preserve=\"1\"><p:cSld name=\"Blank\"><p:spTree>{GROUP}</p:spTree></p:cSld>\
         <p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )
}

fn theme() -> String {
    let colours: String = [
        ("dk1", "000000"),
        ("lt1", "FFFFFF"),
        ("dk2", "333333"),
        ("lt2", "EEEEEE"),
        ("accent1", "1F3864"),
        ("accent2", "833C0B"),
        ("accent3", "525252"),
        ("accent4", "7F6000"),
        ("accent5", "1F4E79"),
        ("accent6", "375623"),
        ("hlink", "0563C1"),
        ("folHlink", "954F72"),
    ]
    .iter()
    .map(|(name, value)| format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>"))
    .collect();
    let font = "<a:latin typeface=\"BIZ UDPGothic\"/><a:ea typeface=\"BIZ UDPゴシック\"/><a:cs typeface=\"\"/>";
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>".repeat(3);
    let line = "<a:ln w=\"6350\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>".repeat(3);
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Cover\"><a:themeElements>\
         <a:clrScheme name=\"Cover\">{colours}</a:clrScheme><a:fontScheme name=\"Cover\"><a:majorFont>{font}</a:majorFont>\
         <a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name=\"Cover\"><a:fillStyleLst>{fill}</a:fillStyleLst>\
         <a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst>\
         </a:fmtScheme></a:themeElements></a:theme>"
    )
}
