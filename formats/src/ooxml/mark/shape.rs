//! The marking in a Word header: a text box without wrapping at a place of the page, and words across it as Word makes
//! its own watermarks.

use super::measure::{EMU, Fit, RIGHT, TOP};
use super::{Dialect, TAG};
use crate::xml::escape;

/// The least that stands in a header: a paragraph one point high.
pub(super) const LINE_HEIGHT: &str = "20";

/// The first number of our shapes: far from those that programs count up from 1.
const FIRST_ID: u32 = 1_787_569_152;

const COMPATIBILITY: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
const SHAPES: &str = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape";

/// A run that holds the line; `number` tells the shapes of a document apart.
pub(super) fn line(words: &str, fit: Fit, number: u32, dialect: Dialect) -> String {
    let (width, height) = ((fit.width * EMU) as u64, (fit.height * EMU) as u64);
    let (right, top) = ((RIGHT * EMU) as u64, (TOP * EMU) as u64);
    let (id, text) = (FIRST_ID.wrapping_add(number), paragraph(words, fit, dialect));
    format!(
        "<w:r xmlns:w=\"{w}\"><w:rPr><w:noProof/></w:rPr><mc:AlternateContent xmlns:mc=\"{COMPATIBILITY}\">\
         <mc:Choice xmlns:wps=\"{SHAPES}\" Requires=\"wps\"><w:drawing><wp:anchor xmlns:wp=\"{wp}\" distT=\"0\" distB=\"0\" \
         distL=\"0\" distR=\"0\" simplePos=\"0\" relativeHeight=\"251658240\" behindDoc=\"0\" locked=\"0\" \
         layoutInCell=\"0\" allowOverlap=\"1\"><wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"page\">\
         <wp:align>right</wp:align></wp:positionH><wp:positionV relativeFrom=\"page\"><wp:posOffset>{top}</wp:posOffset>\
         </wp:positionV><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>\
         <wp:wrapNone/><wp:docPr id=\"{id}\" name=\"{TAG}\"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a=\"{a}\">\
         <a:graphicData uri=\"{SHAPES}\"><wps:wsp><wps:cNvSpPr txBox=\"1\"/><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
         <a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/>\
         <a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx>\
         <wps:bodyPr rot=\"0\" vert=\"horz\" wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"{right}\" bIns=\"0\" anchor=\"t\">\
         <a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>\
         </mc:AlternateContent></w:r>",
        w = dialect.word(),
        wp = dialect.word_drawing(),
        a = dialect.drawing(),
    )
}

/// The paragraph in the box: nothing of the document's own style that could move or hide it.
fn paragraph(words: &str, fit: Fit, dialect: Dialect) -> String {
    let (left, right, end) = if dialect.is_strict { ("start", "end", "end") } else { ("left", "right", "right") };
    let size = (fit.size * 2.0).round() as u32;
    format!(
        "<w:p><w:pPr><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" \
         w:lineRule=\"auto\"/><w:ind w:{left}=\"0\" w:{right}=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"{end}\"/></w:pPr>\
         <w:r><w:rPr><w:rFonts w:hint=\"eastAsia\" w:ascii=\"MS Gothic\" w:hAnsi=\"MS Gothic\" w:eastAsia=\"ＭＳ ゴシック\" \
         w:cs=\"MS Gothic\"/><w:b w:val=\"0\"/><w:i w:val=\"0\"/><w:vanish w:val=\"0\"/><w:color w:val=\"000000\"/>\
         <w:spacing w:val=\"0\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/><w:lang w:eastAsia=\"ja-JP\"/></w:rPr>\
         <w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escape(words)
    )
}

/// A run that holds the watermark, `size` points wide and high.
pub(super) fn watermark(words: &str, (width, height): (f64, f64), number: u32, dialect: Dialect) -> String {
    let spid = number.wrapping_add(20_481);
    format!(
        "<w:r xmlns:w=\"{w}\"><w:rPr><w:noProof/></w:rPr><w:pict xmlns:v=\"urn:schemas-microsoft-com:vml\" \
         xmlns:o=\"urn:schemas-microsoft-com:office:office\"><v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" \
         o:spt=\"136\" adj=\"10800\" path=\"m@7,l@8,m@5,21600l@6,21600e\"><v:formulas><v:f eqn=\"sum #0 0 10800\"/>\
         <v:f eqn=\"prod #0 2 1\"/><v:f eqn=\"sum 21600 0 @1\"/><v:f eqn=\"sum 0 0 @2\"/><v:f eqn=\"sum 21600 0 @3\"/>\
         <v:f eqn=\"if @0 @3 0\"/><v:f eqn=\"if @0 21600 @1\"/><v:f eqn=\"if @0 0 @2\"/><v:f eqn=\"if @0 @4 21600\"/>\
         <v:f eqn=\"mid @5 @6\"/><v:f eqn=\"mid @8 @5\"/><v:f eqn=\"mid @7 @8\"/><v:f eqn=\"mid @6 @7\"/>\
         <v:f eqn=\"sum @6 0 @5\"/></v:formulas><v:path textpathok=\"t\" o:connecttype=\"custom\" \
         o:connectlocs=\"@9,0;@10,10800;@11,21600;@12,10800\" o:connectangles=\"270,180,90,0\"/><v:textpath on=\"t\" \
         fitshape=\"t\"/><v:handles><v:h position=\"#0,bottomRight\" xrange=\"6629,14971\"/></v:handles><o:lock \
         v:ext=\"edit\" text=\"t\" shapetype=\"t\"/></v:shapetype><v:shape id=\"PowerPlusWaterMarkObject.{TAG}\" \
         o:spid=\"_x0000_s{spid}\" type=\"#_x0000_t136\" style=\"position:absolute;margin-left:0;margin-top:0;\
         width:{width:.1}pt;height:{height:.1}pt;rotation:315;z-index:-251657216;mso-position-horizontal:center;\
         mso-position-horizontal-relative:page;mso-position-vertical:center;mso-position-vertical-relative:page\" \
         o:allowincell=\"f\" fillcolor=\"silver\" stroked=\"f\"><v:fill opacity=\".5\"/><v:textpath \
         style=\"font-family:&quot;MS Gothic&quot;;font-size:1pt\" string=\"{}\"/></v:shape></w:pict></w:r>",
        escape(words),
        w = dialect.word(),
    )
}

/// A header of ours: one paragraph that takes no room, with these runs; `record` is what was changed for it.
pub(super) fn header(runs: &str, record: &str, dialect: Dialect) -> String {
    let w = dialect.word();
    format!("<w:hdr xmlns:w=\"{w}\">{record}{}</w:hdr>", hollow(runs))
}

/// A paragraph that takes no room, with these runs.
pub(super) fn hollow(runs: &str) -> String {
    format!(
        "<w:p><w:pPr><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{LINE_HEIGHT}\" \
         w:lineRule=\"exact\"/><w:rPr><w:sz w:val=\"2\"/></w:rPr></w:pPr>{runs}</w:p>"
    )
}
