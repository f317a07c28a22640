//! Colours as style sheets and attributes write them (CSS Color 3).

use super::rgb::Rgb;

/// A colour.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Colour {
    Solid(Rgb),
    /// Nothing is drawn.
    Clear,
    /// What is not known here: variables, gradients, pictures, half-transparent ones.
    Unknown,
}

/// Names of colours that letters vanish in, and the common ones besides.
const NAMED: &[(&str, u32)] = &[
    ("white", 0xFF_FF_FF),
    ("snow", 0xFF_FA_FA),
    ("ghostwhite", 0xF8_F8_FF),
    ("whitesmoke", 0xF5_F5_F5),
    ("floralwhite", 0xFF_FA_F0),
    ("ivory", 0xFF_FF_F0),
    ("azure", 0xF0_FF_FF),
    ("mintcream", 0xF5_FF_FA),
    ("honeydew", 0xF0_FF_F0),
    ("aliceblue", 0xF0_F8_FF),
    ("lavenderblush", 0xFF_F0_F5),
    ("seashell", 0xFF_F5_EE),
    ("oldlace", 0xFD_F5_E6),
    ("linen", 0xFA_F0_E6),
    ("cornsilk", 0xFF_F8_DC),
    ("beige", 0xF5_F5_DC),
    ("lightyellow", 0xFF_FF_E0),
    ("lightcyan", 0xE0_FF_FF),
    ("lemonchiffon", 0xFF_FA_CD),
    ("lightgoldenrodyellow", 0xFA_FA_D2),
    ("papayawhip", 0xFF_EF_D5),
    ("lavender", 0xE6_E6_FA),
    ("black", 0),
    ("gray", 0x80_80_80),
    ("grey", 0x80_80_80),
    ("silver", 0xC0_C0_C0),
    ("lightgray", 0xD3_D3_D3),
    ("lightgrey", 0xD3_D3_D3),
    ("gainsboro", 0xDC_DC_DC),
    ("darkgray", 0xA9_A9_A9),
    ("darkgrey", 0xA9_A9_A9),
    ("dimgray", 0x69_69_69),
    ("red", 0xFF_00_00),
    ("darkred", 0x8B_00_00),
    ("maroon", 0x80_00_00),
    ("orange", 0xFF_A5_00),
    ("yellow", 0xFF_FF_00),
    ("olive", 0x80_80_00),
    ("lime", 0x00_FF_00),
    ("green", 0x00_80_00),
    ("darkgreen", 0x00_64_00),
    ("aqua", 0x00_FF_FF),
    ("cyan", 0x00_FF_FF),
    ("teal", 0x00_80_80),
    ("blue", 0x00_00_FF),
    ("navy", 0x00_00_80),
    ("darkblue", 0x00_00_8B),
    ("fuchsia", 0xFF_00_FF),
    ("magenta", 0xFF_00_FF),
    ("purple", 0x80_00_80),
    ("brown", 0xA5_2A_2A),
];

impl Colour {
    pub const BLACK: Self = Self::Solid(Rgb::BLACK);
    pub const WHITE: Self = Self::Solid(Rgb::WHITE);
    pub const BLUE: Self = Self::Solid(Rgb([0, 0, 255]));

    /// Reads a colour, small letters.
    pub fn read(value: &str) -> Self {
        let value = value.trim();
        if matches!(value, "transparent" | "none") {
            return Self::Clear;
        }
        if let Some(digits) = value.strip_prefix('#') {
            return hexadecimal(digits);
        }
        if let Some((_, number)) = NAMED.iter().find(|(name, _)| *name == value) {
            let [_, red, green, blue] = number.to_be_bytes();
            return Self::Solid(Rgb([red, green, blue]));
        }
        match value.strip_suffix(')').and_then(|value| value.split_once('(')) {
            Some(("rgb" | "rgba", parts)) => function(parts, |parts| parts.map(|part| part.of(255.0))),
            Some(("hsl" | "hsla", parts)) => function(parts, hue),
            _ => Self::Unknown,
        }
    }

    /// Whether letters of this colour are seen on a ground; where one of them is not known, they are.
    pub fn is_seen_on(&self, ground: &Self) -> bool {
        match (self, ground) {
            (Self::Clear, _) => false,
            (Self::Solid(one), Self::Solid(other)) => one.is_told_from(*other),
            _ => true,
        }
    }
}

fn hexadecimal(digits: &str) -> Colour {
    let values: Option<Vec<u8>> =
        digits.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let Some(values) = values else { return Colour::Unknown };
    let parts: Vec<u8> = match values.len() {
        3 | 4 => values.iter().map(|digit| digit * 17).collect(),
        6 | 8 => values.chunks_exact(2).map(|pair| pair.iter().fold(0, |all, digit| all * 16 + digit)).collect(),
        _ => return Colour::Unknown,
    };
    match *parts.as_slice() {
        [red, green, blue] | [red, green, blue, 255] => Colour::Solid(Rgb([red, green, blue])),
        [_, _, _, 0] => Colour::Clear,
        _ => Colour::Unknown,
    }
}

/// A number of a colour's function.
#[derive(Clone, Copy)]
struct Part {
    number: f32,
    is_percent: bool,
}

impl Part {
    fn read(text: &str) -> Option<Self> {
        let (number, is_percent) = match text.strip_suffix('%') {
            Some(number) => (number, true),
            None => (text.strip_suffix("deg").unwrap_or(text), false),
        };
        Some(Self { number: number.parse().ok()?, is_percent })
    }

    fn of(self, whole: f32) -> f32 {
        (self.number / if self.is_percent { 100.0 } else { whole }).clamp(0.0, 1.0)
    }
}

fn function(parts: &str, make: impl Fn([Part; 3]) -> [f32; 3]) -> Colour {
    let words = parts.split([',', ' ', '/']).map(str::trim).filter(|word| !word.is_empty());
    let Some(parts) = words.map(Part::read).collect::<Option<Vec<_>>>() else { return Colour::Unknown };
    let (three, alpha) = match *parts.as_slice() {
        [a, b, c] => ([a, b, c], 1.0),
        [a, b, c, alpha] => ([a, b, c], alpha.of(1.0)),
        _ => return Colour::Unknown,
    };
    if alpha <= 0.02 {
        Colour::Clear
    } else if alpha < 0.98 {
        Colour::Unknown
    } else {
        Colour::Solid(Rgb(make(three).map(|part| (part * 255.0).round() as u8)))
    }
}

/// Hue, saturation and lightness (CSS Color 3, 4.2.4).
fn hue([hue, saturation, lightness]: [Part; 3]) -> [f32; 3] {
    let (saturation, lightness) = (saturation.of(100.0), lightness.of(100.0));
    let part = |offset: f32| {
        let place = (offset + hue.number / 30.0).rem_euclid(12.0);
        let reach = saturation * lightness.min(1.0 - lightness);
        lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0)
    };
    [part(0.0), part(8.0), part(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_vanish_in_their_own_colour() {
        let seen = |letters: &str, ground: &str| Colour::read(letters).is_seen_on(&Colour::read(ground));
        for white in [
            "white",
            "#fff",
            "#FFFFFF",
            "#fefefeff",
            "rgb(255, 255,255)",
            "rgb(100% 100% 100% / 1)",
            "hsl(0,0%,99%)",
            "ivory",
        ] {
            assert!(!seen(&white.to_lowercase(), "#fff"), "{white}");
            assert!(seen(&white.to_lowercase(), "navy"), "{white}");
        }
        for clear in ["transparent", "#12345600", "rgba(0,0,0,0)"] {
            assert!(!seen(clear, "white"), "{clear}");
        }
        assert!(!seen("navy", "#000080") && !seen("hsl(240, 100%, 25%)", "navy"));
        for shown in ["black", "#999", "var(--a)", "inherit", "rgba(0,0,0,.5)", "hsl(0, 100%, 50%)"] {
            assert!(seen(shown, "white"), "{shown}");
        }
    }
}
