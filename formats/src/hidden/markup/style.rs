//! Declarations of styles that bear on whether something is seen.

use crate::hidden::colour::Colour;

/// A property that bears on what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    Display,
    Visibility,
    Opacity,
    Colour,
    Ground,
    Image,
    Fill,
    FillOpacity,
    Stroke,
    FontSize,
    Indent,
    Position,
    Left,
    Right,
    Top,
    Bottom,
    MarginLeft,
    MarginTop,
    Transform,
    Clip,
    ClipPath,
    Overflow,
    Width,
    Height,
    Filter,
    Mso,
    Content,
}

/// How many there are.
pub(super) const PROPERTIES: usize = Property::Content as usize + 1;

impl Property {
    /// The property of a name, as sheets and presentation attributes write it.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "display" => Self::Display,
            "visibility" => Self::Visibility,
            "opacity" => Self::Opacity,
            "color" => Self::Colour,
            "background" | "background-color" => Self::Ground,
            "background-image" => Self::Image,
            "fill" | "-webkit-text-fill-color" => Self::Fill,
            "fill-opacity" => Self::FillOpacity,
            "stroke" => Self::Stroke,
            "font-size" | "font" => Self::FontSize,
            "text-indent" => Self::Indent,
            "position" => Self::Position,
            "left" | "inset-inline-start" => Self::Left,
            "right" | "inset-inline-end" => Self::Right,
            "top" => Self::Top,
            "bottom" => Self::Bottom,
            "margin-left" | "margin-inline-start" => Self::MarginLeft,
            "margin-top" => Self::MarginTop,
            "transform" | "-webkit-transform" | "translate" | "scale" => Self::Transform,
            "clip" => Self::Clip,
            "clip-path" | "-webkit-clip-path" => Self::ClipPath,
            "overflow" | "overflow-x" | "overflow-y" => Self::Overflow,
            "width" | "max-width" => Self::Width,
            "height" | "max-height" => Self::Height,
            "filter" => Self::Filter,
            "mso-hide" => Self::Mso,
            "content-visibility" => Self::Content,
            _ => return None,
        })
    }
}

/// One of them, with its value in small letters.
#[derive(Debug, Clone)]
pub(super) struct Declaration {
    pub property: Property,
    pub value: String,
    pub is_important: bool,
}

/// What a list of declarations says of what is seen.
pub(super) fn declarations(style: &str) -> Vec<Declaration> {
    style
        .split(';')
        .filter_map(|one| one.split_once(':'))
        .filter_map(|(name, value)| declaration(name, value))
        .collect()
}

/// One declaration, or an attribute that says the same.
pub(super) fn declaration(name: &str, value: &str) -> Option<Declaration> {
    let name = name.trim().to_ascii_lowercase();
    let property = Property::named(&name)?;
    let lower = value.trim().to_ascii_lowercase();
    let (value, is_important) = match lower.split_once('!') {
        Some((value, rest)) => (value.trim_end(), rest.trim() == "important"),
        None => (lower.as_str(), false),
    };
    let value = match name.as_str() {
        "font" => size_of_font(value)?,
        "translate" | "scale" => format!("{name}({value})"),
        _ => value.to_owned(),
    };
    Some(Declaration { property, value, is_important })
}

/// The size in the shorthand of a font: the first length.
fn size_of_font(value: &str) -> Option<String> {
    let words = value.split_whitespace().map(|word| word.split('/').next().unwrap_or_default());
    let is_length = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && (!word.bytes().all(|b| b.is_ascii_digit()) || *word == "0")
    };
    words.into_iter().find(is_length).map(str::to_owned)
}

/// A length in pixels, where `em` is that of the element; of those that depend on the window a small one is assumed.
pub(super) fn length(value: &str, em: f32) -> Option<f32> {
    let value = value.trim();
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(end)?;
    let number: f32 = number.parse().ok()?;
    let scale = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" | "rem" => 16.0,
        "em" | "ex" | "ch" => em,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "vw" | "vh" | "%" => 10.0,
        _ => return None,
    };
    Some(number * scale)
}

/// A number from 0 to 1, or of a hundred.
pub(super) fn share(value: &str) -> Option<f32> {
    match value.trim().strip_suffix('%') {
        Some(number) => number.parse::<f32>().ok().map(|n| n / 100.0),
        None => value.trim().parse().ok(),
    }
}

/// The ground a background makes; none where it makes none.
pub(super) fn ground(value: &str) -> Option<Colour> {
    let value = value.trim();
    if matches!(value, "none" | "inherit" | "initial" | "unset" | "") {
        return None;
    }
    if value.contains("url(") || value.contains("gradient(") || value.contains("image") {
        return Some(Colour::Unknown);
    }
    match Colour::read(value) {
        Colour::Clear => None,
        // The colour stands first or last among other words of the shorthand.
        Colour::Unknown => {
            let words: Vec<Colour> = value.split_whitespace().map(Colour::read).collect();
            Some(words.into_iter().find(|c| matches!(c, Colour::Solid(_))).unwrap_or(Colour::Unknown))
        }
        solid => Some(solid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_as_they_are_written() {
        let said = |style: &str| -> Vec<(Property, String, bool)> {
            declarations(style).into_iter().map(|d| (d.property, d.value, d.is_important)).collect()
        };
        assert_eq!(
            said(" DISPLAY : None !Important; x:y; font: italic 700 0/0 a"),
            [(Property::Display, "none".to_owned(), true), (Property::FontSize, "0".to_owned(), false)]
        );
        assert_eq!(length("-9999px", 16.0), Some(-9999.0));
        assert_eq!(length("-100em", 16.0), Some(-1600.0));
        assert_eq!(length("auto", 16.0), None);
        assert_eq!(ground("url(a.png) #fff"), Some(Colour::Unknown));
        assert_eq!(ground("no-repeat #ffffff"), Some(Colour::WHITE));
        assert_eq!(ground("transparent"), None);
    }
}
