//! Formats of cells whose text has the colour of their ground (ISO/IEC 29500-1, 18.8).

use std::collections::HashMap;

use crate::error::ReadError;
use crate::hidden::{Category, Rgb};
use crate::text::{Halt, Node, Tag, walk};

/// Fonts, grounds and formats of a workbook.
#[derive(Default)]
struct Reading {
    /// The list that is open; elsewhere the same elements are parts of conditional formats.
    list: String,
    fonts: Vec<Option<Rgb>>,
    fills: Vec<Option<Rgb>>,
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
    let of = |colours: &[Option<Rgb>], at: usize| colours.get(at).copied().flatten();
    let found = reading.formats.iter().enumerate().filter_map(|(number, (font, fill))| {
        let (font, fill) = of(&reading.fonts, *font).zip(of(&reading.fills, *fill))?;
        let sort = if fill.is_told_from(Rgb::WHITE) { Category::Covered } else { Category::Unseen };
        (!font.is_told_from(fill)).then_some((number, sort))
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
            ("fonts", "font") => self.fonts.push(Some(Rgb::BLACK)),
            ("fonts", "color") => self.fonts.last_mut().into_iter().for_each(|font| *font = colour(tag)),
            ("fills", "fill") => self.fills.push(Some(Rgb::WHITE)),
            ("fills", "gradientFill") => self.fills.last_mut().into_iter().for_each(|fill| *fill = None),
            ("fills", "patternFill") => {
                let is_none = tag.get("patternType").is_none_or(|sort| sort == "none");
                self.fills.last_mut().into_iter().for_each(|fill| *fill = is_none.then_some(Rgb::WHITE));
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
fn colour(tag: &Tag<'_>) -> Option<Rgb> {
    if let Some(rgb) = tag.get("rgb") {
        return Rgb::hex(rgb.get(rgb.len().checked_sub(6)?..)?);
    }
    let tint = tag.get("tint").and_then(|tint| tint.parse::<f64>().ok()).unwrap_or(0.0);
    let base = match (tag.get("theme").as_deref(), tag.get("indexed").as_deref()) {
        (Some("0"), _) | (None, Some("1" | "9" | "65")) => Rgb::WHITE,
        (Some("1"), _) | (None, Some("0" | "8" | "64")) => Rgb::BLACK,
        _ => return None,
    };
    Some(tinted(base, tint))
}

/// Darker by a part below zero, lighter by one above it (ISO/IEC 29500-1, 18.8.19).
fn tinted(colour: Rgb, tint: f64) -> Rgb {
    let tint = tint.clamp(-1.0, 1.0);
    let part = |part: u8| {
        let part = f64::from(part);
        (if tint < 0.0 { part * (1.0 + tint) } else { part + (255.0 - part) * tint }) as u8
    };
    Rgb(colour.0.map(part))
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
