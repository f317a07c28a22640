//! One colour beside another: whether anybody tells letters from their ground. Every kind of document asks it here.

/// Red, green and blue, as a screen shows them (IEC 61966-2-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub [u8; 3]);

/// Below this ratio of luminances (WCAG 2.2, 1.4.3) letters are not told from their ground: white on white is 1, light grey 1.24.
const UNTOLD: f64 = 1.2;
/// Colours as light as one another are told apart where one of their parts differs by more than this: red on green is seen.
const APART: u8 = 64;

impl Rgb {
    pub const WHITE: Self = Self([255; 3]);
    pub const BLACK: Self = Self([0; 3]);

    /// `RRGGBB`, in letters of any case.
    pub fn hex(digits: &str) -> Option<Self> {
        let is_six = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok().filter(|_| is_six)?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Relative luminance (WCAG 2.2), from 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Whether letters of this colour are seen on a ground of the other.
    pub fn is_told_from(self, other: Self) -> bool {
        let (one, another) = (self.luminance() + 0.05, other.luminance() + 0.05);
        let differs = self.0.into_iter().zip(other.0).any(|(a, b)| a.abs_diff(b) > APART);
        differs || one.max(another) / one.min(another) >= UNTOLD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_colours_are_not_told_apart() {
        let told = |one, other| Rgb::hex(one).zip(Rgb::hex(other)).map(|(one, other)| one.is_told_from(other));
        for (ink, ground) in [
            ("ffffff", "FFFFFF"),
            ("FEFEFE", "ffffff"),
            ("000000", "000000"),
            ("f5f5f5", "ffffff"),
            ("101010", "000000"),
            ("c00000", "c00000"),
        ] {
            assert_eq!(told(ink, ground), Some(false), "{ink} on {ground}");
        }
        for (ink, ground) in [("d9d9d9", "ffffff"), ("ffffff", "000000"), ("ff0000", "008000"), ("808080", "ffffff")] {
            assert_eq!(told(ink, ground), Some(true), "{ink} on {ground}");
        }
        for broken in ["", "fff", "+fffff", "白白", "fffffff"] {
            assert_eq!(Rgb::hex(broken), None, "{broken}");
        }
    }
}
