//! The watermark of a workbook, which has no text behind its cells: a picture. On the screen it is the sheet's background,
//! which changes no cell and which Excel does not print; on paper it hangs in the middle of the header, as Excel's own
//! instructions for watermarks have it. LibreOffice knows no pictures in headers and prints the background instead.

use kakuzuke_core::code::Text;

use super::parts::{New, Parts};
use super::tree::{Draft, Node, children};
use super::{Dialect, TAG};
use crate::cover;
use crate::error::ReadError;
use crate::xml::escape;

/// Side of the picture on paper, in points.
const SIDE: u32 = 480;

/// The parts that hold the picture.
pub(super) struct Backdrop {
    picture: String,
    /// The legacy drawing that headers take their picture from; strict packages have none.
    drawing: Option<String>,
    /// Whether the font has every character of the words.
    pub is_whole: bool,
}

impl Backdrop {
    /// Draws the words and adds the parts.
    pub fn add(parts: &mut Parts<'_>, words: &str) -> Result<Option<Self>, ReadError> {
        let Some(drawn) = cover::across(words) else { return Ok(None) };
        let picture = parts.free_name(&format!("xl/media/{TAG}"), ".png")?;
        parts.add(&New { name: &picture, content_type: "image/png", bytes: drawn.png })?;
        let drawing = if parts.is_strict { None } else { Some(drawing(parts, words, &picture)?) };
        Ok(Some(Self { picture, drawing, is_whole: drawn.is_whole }))
    }
}

fn drawing(parts: &mut Parts<'_>, words: &str, picture: &str) -> Result<String, ReadError> {
    let name = parts.free_name(&format!("xl/drawings/{TAG}"), ".vml")?;
    let title = escape(words);
    // The picture in the middle of the header of odd, even and first pages.
    let shapes: String = (1025..)
        .zip(["CH", "CHEVEN", "CHFIRST"])
        .map(|(number, id)| {
            format!(
                "<v:shape id=\"{id}\" o:spid=\"_x0000_s{number}\" type=\"#_x0000_t75\" style=\"position:absolute;margin-left:0;\
                 margin-top:0;width:{SIDE}pt;height:{SIDE}pt;z-index:{}\"><v:imagedata o:relid=\"rIdKz1\" o:title=\"{title}\"/>\
                 <o:lock v:ext=\"edit\" rotation=\"t\"/></v:shape>",
                number - 1024
            )
        })
        .collect();
    let body = format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" \
         data=\"1\"/></o:shapelayout><v:shapetype id=\"_x0000_t75\" coordsize=\"21600,21600\" o:spt=\"75\" \
         o:preferrelative=\"t\" path=\"m@4@5l@4@11@9@11@9@5xe\" filled=\"f\" stroked=\"f\"><v:stroke joinstyle=\"miter\"/>\
         <v:formulas><v:f eqn=\"if lineDrawn pixelLineWidth 0\"/><v:f eqn=\"sum @0 1 0\"/><v:f eqn=\"sum 0 0 @1\"/>\
         <v:f eqn=\"prod @2 1 2\"/><v:f eqn=\"prod @3 21600 pixelWidth\"/><v:f eqn=\"prod @3 21600 pixelHeight\"/>\
         <v:f eqn=\"sum @0 0 1\"/><v:f eqn=\"prod @6 1 2\"/><v:f eqn=\"prod @7 21600 pixelWidth\"/>\
         <v:f eqn=\"sum @8 21600 0\"/><v:f eqn=\"prod @7 21600 pixelHeight\"/><v:f eqn=\"sum @10 21600 0\"/></v:formulas>\
         <v:path o:extrusionok=\"f\" gradientshapeok=\"t\" o:connecttype=\"rect\"/><o:lock v:ext=\"edit\" \
         aspectratio=\"t\"/></v:shapetype>{shapes}</xml>"
    );
    parts.add(&New::xml(&name, "application/vnd.openxmlformats-officedocument.vmlDrawing", &body))?;
    parts.relate(&name, "image", picture)?;
    Ok(name)
}

/// What stands behind each of the two in a sheet (ISO/IEC 29500-1, 18.3.1.99 and 18.3.1.12).
const AFTER_DRAWING: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "AlternateContent",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// Where the picture shows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hung {
    pub in_headers: bool,
    pub on_screen: bool,
}

impl Hung {
    /// What is lacking.
    pub fn note(self, sheet: &str) -> Option<Text> {
        let (ja, en) = match (self.in_headers, self.on_screen) {
            (true, true) => return None,
            (true, false) => ("透かしは印刷にだけ表示されます", "the watermark shows on paper only"),
            (false, true) => ("透かしは画面にだけ表示されます", "the watermark shows on the screen only"),
            (false, false) => ("透かしは表示できません", "the watermark can't be shown"),
        };
        Some(Text::new(format!("シート「{sheet}」：{ja}。"), format!("Sheet \"{sheet}\": {en}.")))
    }
}

/// Hangs the picture behind a sheet; its headers are still to show it.
pub(super) fn hang(
    parts: &mut Parts<'_>,
    backdrop: &Backdrop,
    sheet: &str,
    all: &[Node],
) -> Result<(Hung, Hooks), ReadError> {
    let Some(root) = all.first() else { return Ok(Default::default()) };
    let has = |names: &[&str]| children(all, 0).any(|(_, n)| names.contains(&n.name.as_str()));
    let dialect = Dialect::of(&root.namespace);
    let element = |name: &str, id: &str| {
        format!("<{name} xmlns=\"{}\" xmlns:r=\"{}\" r:id=\"{id}\"/>", dialect.sheets(), dialect.relationships())
    };
    let mut added = String::new();
    let in_headers = match backdrop.drawing.as_ref().filter(|_| !has(&["legacyDrawingHF", "drawingHF"])) {
        Some(drawing) => {
            added.push_str(&element("legacyDrawingHF", &parts.relate(sheet, "vmlDrawing", drawing)?));
            true
        }
        None => false,
    };
    // Sheets of charts and dialogs have no cells in front of a picture.
    let on_screen = !has(&["picture"]) && matches!(root.name.as_str(), "worksheet" | "macrosheet");
    let background =
        if on_screen { element("picture", &parts.relate(sheet, "image", &backdrop.picture)?) } else { String::new() };
    Ok((Hung { in_headers, on_screen }, Hooks { drawing: added, picture: background }))
}

/// The elements that hang the picture.
#[derive(Default)]
pub(super) struct Hooks {
    drawing: String,
    picture: String,
}

impl Hooks {
    /// Puts them where a sheet has them, behind its headers.
    pub fn write(&self, draft: &mut Draft<'_>, all: &[Node]) {
        let Some(root) = all.first() else { return };
        let place = |names: &[&str]| {
            let mut found = children(all, 0).filter(|(_, n)| names.contains(&n.name.as_str()) && !is_early(all, n));
            found.next().map(|(_, n)| n.span.start)
        };
        match (place(&AFTER_DRAWING), place(AFTER_DRAWING.get(3..).unwrap_or_default())) {
            (Some(first), Some(second)) => {
                draft.insert(first, self.drawing.clone());
                draft.insert(second, self.picture.clone());
            }
            (Some(first), None) => {
                draft.insert(first, self.drawing.clone());
                draft.last(root, &self.picture);
            }
            (None, _) => draft.last(root, &format!("{}{}", self.drawing, self.picture)),
        }
    }
}

/// Whether an element stands before the cells' end, where none of these belongs.
fn is_early(all: &[Node], node: &Node) -> bool {
    all.iter().any(|n| n.name == "sheetData" && node.span.start < n.span.start)
}

/// The elements of a sheet that hang ours, with the ids of their relationships.
pub(super) fn ours(parts: &Parts<'_>, sheet: &str, all: &[Node]) -> Result<Vec<(usize, String, String)>, ReadError> {
    let (mut found, mut links) = (Vec::new(), None);
    let hooks = children(all, 0).filter(|(_, n)| matches!(n.name.as_str(), "legacyDrawingHF" | "picture"));
    for (place, node) in hooks {
        let Some(id) = node.relation() else { continue };
        let links = match &links {
            Some(links) => links,
            None => links.insert(parts.links(sheet)?),
        };
        let target = links.iter().find(|l| l.id == id).map(|l| &l.target);
        if let Some(target) = target.filter(|t| t.contains(TAG)) {
            found.push((place, id.to_owned(), target.clone()));
        }
        if found.len() >= 2 {
            break;
        }
    }
    Ok(found)
}

/// The words of a picture of ours.
pub(super) fn words(parts: &Parts<'_>, drawing: &str) -> Result<Option<String>, ReadError> {
    if !drawing.ends_with(".vml") {
        return Ok(None);
    }
    let Some(text) = parts.text(drawing)? else { return Ok(None) };
    let nodes = super::tree::nodes(&text, &|_, name| name == "imagedata")?;
    Ok(nodes.first().and_then(|n| n.get("title")).map(str::to_owned))
}
