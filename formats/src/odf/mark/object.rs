//! 図形. The line in its frame, the words across the page, and the styles of both.

use std::collections::BTreeMap;

use super::names::{HEADER, LINE, OURS, SPACE, SPACES, STYLE_SPACES, WATERMARK};
use super::page::{self, Fitted, Paper};
use crate::xml::escape;

/// Fonts of Windows; elsewhere any other with the characters is taken.
const FONT: &str = "fo:font-family=\"'BIZ UDPGothic'\" style:font-family-asian=\"'BIZ UDPゴシック'\"";

/// Styles of ours by name.
#[derive(Default)]
pub(super) struct Styles(BTreeMap<String, String>);

impl Styles {
    fn put(&mut self, name: &str, family: &str, properties: &str) {
        self.0.entry(name.to_owned()).or_insert_with(|| {
            format!(
                "<style:style {STYLE_SPACES} style:name=\"{name}\" style:family=\"{family}\">{properties}</style:style>"
            )
        });
    }

    /// All of them.
    pub fn xml(&self) -> String {
        self.0.values().map(String::as_str).collect()
    }

    fn words(&mut self, name: &str, align: &str, size: Fitted, colour: &str) -> String {
        let (named, size) = (format!("{name}.{}", size.tenths), size.size());
        self.put(
            &named,
            "paragraph",
            &format!(
                "<style:paragraph-properties fo:text-align=\"{align}\" style:justify-single-word=\"false\" \
                 fo:margin=\"0cm\" fo:text-indent=\"0cm\" fo:line-height=\"100%\"/><style:text-properties {FONT} \
                 fo:font-size=\"{size}pt\" style:font-size-asian=\"{size}pt\" fo:font-weight=\"normal\" \
                 style:font-weight-asian=\"normal\" fo:color=\"{colour}\"/>"
            ),
        );
        named
    }

    /// The style of a run of words in a header that knows no objects: the font for other scripts says that it is ours.
    pub fn run(&mut self, size: Fitted) -> String {
        let (named, size) = (format!("kakuzuke.run.{}", size.tenths), size.size());
        self.put(&named, "text", &run(size, LINE));
        named
    }

    /// The style of a blank line of so many twentieths of an inch.
    pub fn space(&mut self, steps: i64, size: f64) -> String {
        let named = format!("{SPACE}{steps}.{:.0}", size * 10.0);
        self.put(&named, "text", &run(size, &format!("{SPACE}{steps}")));
        named
    }
}

fn run(size: f64, font: &str) -> String {
    format!(
        "<style:text-properties {FONT} style:font-family-complex=\"{font}\" fo:font-size=\"{size:.1}pt\" \
         style:font-size-asian=\"{size:.1}pt\" fo:font-weight=\"normal\" style:font-weight-asian=\"normal\" \
         fo:color=\"#000000\"/>"
    )
}

/// The style of a paragraph that takes no room; one of the styles that people see, because only those keep their name.
pub(super) fn header_style() -> String {
    format!(
        "<style:style {STYLE_SPACES} style:name=\"{HEADER}\" style:family=\"paragraph\" style:class=\"extra\">\
         <style:paragraph-properties fo:margin=\"0cm\" fo:padding=\"0cm\" fo:border=\"none\" \
         fo:line-height=\"0.01cm\"/><style:text-properties fo:font-size=\"1pt\" style:font-size-asian=\"1pt\"/></style:style>"
    )
}

/// A drawing object.
pub(super) struct Object {
    head: String,
    rest: String,
}

impl Object {
    /// Written, with a remark when the element around it had to be opened for it.
    pub fn xml(&self, opened: bool) -> String {
        format!("{}{}{}", self.head, remark(opened), self.rest)
    }
}

/// The remark that the element around was `<empty/>`.
pub(super) fn remark(opened: bool) -> String {
    if opened { format!(" {OURS} kakuzuke:opened=\"1\"") } else { String::new() }
}

/// Words as the text of a paragraph: every blank counts (ISO/IEC 26300-3, 6.1.2).
pub(super) fn spaced(words: &str) -> String {
    let (mut written, mut is_blank) = (String::new(), true);
    for character in words.chars() {
        if character == ' ' && is_blank {
            written.push_str("<text:s/>");
        } else {
            written.push_str(&escape(character.encode_utf8(&mut [0; 4])));
        }
        is_blank = character == ' ';
    }
    // A blank at the end would be lost in some programs.
    match written.strip_suffix(' ') {
        Some(before) => format!("{before}<text:s/>"),
        None => written,
    }
}

/// Properties of everything that lies over or under the text of a page and moves nothing.
const RUNNING: &str = "style:wrap=\"run-through\" style:number-wrapped-paragraphs=\"no-limit\" \
                       style:flow-with-text=\"false\" style:vertical-rel=\"page\"";
const STILL: &str = "draw:auto-grow-height=\"false\" draw:auto-grow-width=\"false\" draw:shadow=\"hidden\" \
                     style:protect=\"position size\"";

fn wrapped(size: Fitted) -> &'static str {
    if size.lines > 1 { "wrap" } else { "no-wrap" }
}

/// Least and usual size of a line in a text.
const SMALL: f64 = 6.0;
const USUAL: f64 = 9.0;

/// The line of a text: above the text, at its right edge. Also says whether the top margin has room for it.
pub(super) fn running_line(line: &str, paper: &Paper, styles: &mut Styles) -> (Object, bool) {
    let most = (paper.top / page::LEADING).clamp(SMALL, USUAL);
    let size = page::fit(line, paper.between(), SMALL, most);
    let words = styles.words("kakuzuke.line", "end", size, "#000000");
    let frame = if size.lines > 1 { "kakuzuke.frame.long" } else { "kakuzuke.frame" };
    styles.put(
        frame,
        "graphic",
        &format!(
            "<style:graphic-properties draw:stroke=\"none\" draw:fill=\"none\" fo:border=\"none\" fo:padding=\"0cm\" \
             fo:margin=\"0cm\" draw:textarea-horizontal-align=\"right\" draw:textarea-vertical-align=\"top\" {STILL} \
             fo:wrap-option=\"{}\" {RUNNING} style:run-through=\"foreground\" style:vertical-pos=\"from-top\" \
             style:horizontal-pos=\"right\" style:horizontal-rel=\"page-content\"/>",
            wrapped(size)
        ),
    );
    // Half a centimetre from the edge, as far as the margin lets it.
    let y = ((paper.top - size.height()) / 2.0).clamp(2.8, 14.2);
    let head = format!("<draw:frame {SPACES} draw:style-name=\"{frame}\" draw:name=\"{LINE}\"");
    let rest = format!(
        " text:anchor-type=\"paragraph\" svg:y=\"{y:.1}pt\" svg:width=\"{:.1}pt\" svg:height=\"{:.1}pt\">\
         <draw:text-box><text:p text:style-name=\"{words}\">{}</text:p></draw:text-box></draw:frame>",
        paper.between(),
        size.height(),
        spaced(line)
    );
    (Object { head, rest }, size.height() <= paper.top)
}

/// The line of a page that holds drawings: on a ground of its own, in front of everything, in the corner.
pub(super) fn corner_line(line: &str, paper: &Paper, styles: &mut Styles) -> Object {
    let edge = (paper.short() * 0.01).max(paper.top.min(14.2));
    let room = paper.width - 2.0 * edge;
    let usual = paper.short() * 0.02;
    let size = page::fit(line, room - usual, usual * 0.6, usual);
    let words = styles.words("kakuzuke.line", "end", size, "#000000");
    let frame = if size.lines > 1 { "kakuzuke.corner.long" } else { "kakuzuke.corner" };
    styles.put(
        frame,
        "graphic",
        &format!(
            "<style:graphic-properties draw:stroke=\"solid\" svg:stroke-width=\"0.02cm\" svg:stroke-color=\"#808080\" \
             draw:fill=\"solid\" draw:fill-color=\"#ffffff\" draw:opacity=\"100%\" fo:padding=\"0cm\" \
             draw:textarea-horizontal-align=\"right\" draw:textarea-vertical-align=\"middle\" {STILL} \
             fo:wrap-option=\"{}\"/>",
            wrapped(size)
        ),
    );
    let width = (page::wide(line) * size.size()).min(room - size.size()) + size.size() * 0.6;
    let head = format!("<draw:frame {SPACES} draw:style-name=\"{frame}\" draw:name=\"{LINE}\"");
    let rest = format!(
        " draw:layer=\"layout\" svg:x=\"{:.1}pt\" svg:y=\"{:.1}pt\" svg:width=\"{width:.1}pt\" svg:height=\"{:.1}pt\">\
         <draw:text-box><text:p text:style-name=\"{words}\">{}</text:p></draw:text-box></draw:frame>",
        paper.width - edge - width,
        edge,
        size.height() * 1.1,
        spaced(line)
    );
    Object { head, rest }
}

/// Where an object stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// In a paragraph of a header, measured from the page.
    Header,
    /// On a page that holds drawings.
    Page,
}

/// Half a right angle, in radians.
const SLANT: f64 = std::f64::consts::FRAC_PI_4;
/// The grey of words behind the text.
const GREY: &str = "#d9d9d9";

/// Words across the page, behind its text, rising to the right.
pub(super) fn across(words: &str, paper: &Paper, anchor: Anchor, styles: &mut Styles) -> Object {
    // The longest line at this slant that stays on the page with its corners.
    let length = paper.short() * 0.82 / SLANT.cos();
    let most = paper.short() * 0.17;
    let size = page::fit(words, length - most, most * 0.18, most);
    let style = styles.words("kakuzuke.across", "center", size, GREY);
    let (shape, place, rel) = match anchor {
        Anchor::Header => (
            "kakuzuke.behind",
            format!(
                " {RUNNING} style:run-through=\"background\" style:vertical-pos=\"from-top\" \
                 style:horizontal-pos=\"from-left\" style:horizontal-rel=\"page\""
            ),
            "text:anchor-type=\"paragraph\" draw:z-index=\"0\"",
        ),
        Anchor::Page => ("kakuzuke.under", String::new(), "draw:layer=\"layout\""),
    };
    styles.put(
        shape,
        "graphic",
        &format!(
            "<style:graphic-properties draw:stroke=\"none\" draw:fill=\"none\" fo:padding=\"0cm\" \
             draw:textarea-horizontal-align=\"center\" draw:textarea-vertical-align=\"middle\" {STILL} \
             fo:wrap-option=\"wrap\"{place}/>"
        ),
    );
    let height = size.height() * 1.05;
    let (x, y) = turned(length, height, paper);
    let head = format!("<draw:custom-shape {SPACES} draw:style-name=\"{shape}\" draw:name=\"{WATERMARK}\"");
    let rest = format!(
        " {rel} svg:width=\"{length:.1}pt\" svg:height=\"{height:.1}pt\" draw:transform=\"rotate ({SLANT:.6}) \
         translate ({x:.1}pt {y:.1}pt)\"><text:p text:style-name=\"{style}\">{}</text:p><draw:enhanced-geometry \
         svg:viewBox=\"0 0 21600 21600\" draw:type=\"rectangle\" \
         draw:enhanced-path=\"M 0 0 L 21600 0 21600 21600 0 21600 0 0 Z N\"/></draw:custom-shape>",
        spaced(words)
    );
    Object { head, rest }
}

/// Where the first corner of a turned box goes, for its middle to be the middle of the page.
fn turned(width: f64, height: f64, paper: &Paper) -> (f64, f64) {
    let (sin, cos) = SLANT.sin_cos();
    let (x, y) = (width / 2.0 * cos + height / 2.0 * sin, height / 2.0 * cos - width / 2.0 * sin);
    (paper.width / 2.0 - x, paper.height / 2.0 - y)
}
