//! Formats of cells whose text has the colour of their ground (ISO/IEC 29500-1, 18.8).

use std::collections::HashMap;

use super::ink::Colour;
use crate::error::ReadError;
use crate::hidden::Category;
use crate::text::{Halt, Node, Tag, walk};

/// Fonts, grounds and formats of a workbook.
#[derive(Default)]
struct Reading {
    /// The list that is open; elsewhere the same elements are parts of conditional formats.
    list: String,
    fonts: Vec<Option<Colour>>,
    fills: Vec<Option<Colour>>,
    formats: Vec<(usize, usize)>,
    /// Whether the ground that is open is of one colour.
    is_solid: bool,
}

/// The formats in which nobody sees the text, by their number.
pub(super) fn unseen(styles: &str) -> Result<HashMap<usize, Category>, ReadError> {
    let mut reading = Reading::default();
    let done = walk(styles, &mut |node| {
        match node {
            Node::Start(tag) => reading.start(tag),
            Node::End(name) if name == reading.list => reading.list.clear(),
            _ => {}
        }
        Ok(())
    });
    if let Err(Halt::Read(e)) = done {
        return Err(e);
    }
    let of = |colours: &[Option<Colour>], at: usize| colours.get(at).copied().flatten();
    let found = reading.formats.iter().enumerate().filter_map(|(number, (font, fill))| {
        let (font, fill) = of(&reading.fonts, *font).zip(of(&reading.fills, *fill))?;
        let sort = if fill.is_white() { Category::Unseen } else { Category::Covered };
        font.is_like(fill).then_some((number, sort))
    });
    Ok(found.collect())
}

impl Reading {
    fn start(&mut self, tag: &Tag<'_>) {
        if matches!(tag.name, "fonts" | "fills" | "cellXfs") {
            tag.name.clone_into(&mut self.list);
        }
        let number = |name| tag.get(name).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        match (self.list.as_str(), tag.name) {
            ("fonts", "font") => self.fonts.push(Some(Colour::BLACK)),
            ("fonts", "color") => self.fonts.last_mut().into_iter().for_each(|font| *font = colour(tag)),
            ("fills", "fill") => self.fills.push(Some(Colour::WHITE)),
            ("fills", "gradientFill") => self.fills.last_mut().into_iter().for_each(|fill| *fill = None),
            ("fills", "patternFill") => {
                let is_none = tag.get("patternType").is_none_or(|sort| sort == "none");
                self.fills.last_mut().into_iter().for_each(|fill| *fill = is_none.then_some(Colour::WHITE));
                self.is_solid = tag.get("patternType").as_deref() == Some("solid");
            }
            ("fills", "fgColor") if self.is_solid => {
                self.fills.last_mut().into_iter().for_each(|fill| *fill = colour(tag));
            }
            ("cellXfs", "xf") => self.formats.push((number("fontId"), number("fillId"))),
            _ => {}
        }
    }
}

/// A colour; `None` for those that are not known without the theme.
fn colour(tag: &Tag<'_>) -> Option<Colour> {
    if let Some(rgb) = tag.get("rgb") {
        return Colour::hex(rgb.get(rgb.len().checked_sub(6)?..)?);
    }
    let tint = tag.get("tint").and_then(|tint| tint.parse::<f64>().ok()).unwrap_or(0.0);
    let base = match (tag.get("theme").as_deref(), tag.get("indexed").as_deref()) {
        (Some("0"), _) | (None, Some("1" | "9" | "65")) => Colour::WHITE,
        (Some("1"), _) | (None, Some("0" | "8" | "64")) => Colour::BLACK,
        _ => return None,
    };
    Some(base.tinted(tint))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn formats_without_contrast_are_found() {
        let part = "<styleSheet><fonts><font/><font><color rgb=\"FFFFFFFF\"/></font><font><color theme=\"0\" tint=\"-0.04\"/></font>\
            <font><color theme=\"0\" tint=\"-0.5\"/></font></fonts><fills><fill><patternFill patternType=\"none\"/></fill><fill>\
            <patternFill patternType=\"solid\"><fgColor rgb=\"FF000080\"/></patternFill></fill><fill><patternFill patternType=\"solid\">\
            <fgColor indexed=\"8\"/></patternFill></fill></fills><cellXfs><xf/><xf fontId=\"1\"/><xf fontId=\"2\"/><xf fontId=\"3\"/>\
            <xf fontId=\"1\" fillId=\"1\"/><xf fillId=\"2\"/></cellXfs><dxfs><dxf><font><color rgb=\"FFFFFFFF\"/></font></dxf></dxfs></styleSheet>";
        let found = unseen(part).unwrap();
        assert_eq!(found, HashMap::from([(1, Category::Unseen), (2, Category::Unseen), (5, Category::Covered)]));
    }
}
