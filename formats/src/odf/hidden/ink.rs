//! 色と大きさ. Colours, sizes and whether one colour is seen on another.

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

impl Colour {
    pub const WHITE: Self = Self([255; 3]);

    /// `#ffffff`, in letters of any case.
    pub fn read(written: &str) -> Option<Self> {
        let written = written.trim();
        let digits = written.strip_prefix('#').unwrap_or(written);
        let value = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0;
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Whether it is seen on a ground of another colour. A contrast of 1.2 is less than that of `#e6e6e6` on white.
    pub fn is_seen_on(self, ground: Self) -> bool {
        let (a, b) = (self.luminance() + 0.05, ground.luminance() + 0.05);
        // Red on green of the same lightness is seen all the same.
        let differs = self.0.iter().zip(ground.0).any(|(a, b)| a.abs_diff(b) > 64);
        (a / b).max(b / a) >= 1.2 || differs
    }
}

/// What something is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// What lies behind is seen.
    Clear,
    Is(Colour),
    /// Pictures, patterns, and what can't be told.
    Unknown,
}

impl Ground {
    pub fn read(written: &str) -> Self {
        if written.trim() == "transparent" {
            return Self::Clear;
        }
        Colour::read(written).map_or(Self::Unknown, Self::Is)
    }
}

/// A size of letters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Size {
    Points(f64),
    /// Of the size around.
    Share(f64),
}

impl Size {
    pub fn read(written: &str) -> Option<Self> {
        match written.trim().strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok().map(|percent| Self::Share(percent / 100.0)),
            None => points(written).map(Self::Points),
        }
    }

    /// This size where the one around is `around`.
    pub fn over(own: Option<Self>, around: Option<Self>) -> Option<Self> {
        match (own, around) {
            (Some(Self::Share(share)), Some(Self::Points(points))) => Some(Self::Points(share * points)),
            (Some(Self::Share(share)), Some(Self::Share(other))) => Some(Self::Share(share * other)),
            (own, around) => own.or(around),
        }
    }
}

/// A length in points.
pub(super) fn points(written: &str) -> Option<f64> {
    let written = written.trim();
    let digits = written.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = written.split_at_checked(digits)?;
    let per = match unit {
        "pt" => 1.0,
        "cm" => 72.0 / 2.54,
        "mm" => 72.0 / 25.4,
        "in" | "inch" => 72.0,
        "pc" => 12.0,
        "px" => 0.75,
        _ => return None,
    };
    number.trim().parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n * per)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_colours_are_not_seen_on_one_another() {
        let seen = |ink: &str, ground: &str| {
            Colour::read(ink).zip(Colour::read(ground)).is_some_and(|(ink, ground)| ink.is_seen_on(ground))
        };
        for (ink, ground) in [
            ("#ffffff", "#FFFFFF"),
            ("FEFEFE", "#ffffff"),
            ("#000000", "#000000"),
            ("#f5f5f5", "#ffffff"),
            ("#c00000", "#c00000"),
        ] {
            assert!(!seen(ink, ground), "{ink} on {ground}");
        }
        for (ink, ground) in
            [("#d9d9d9", "#ffffff"), ("#ffffff", "#000000"), ("#ff0000", "#008000"), ("#808080", "#ffffff")]
        {
            assert!(seen(ink, ground), "{ink} on {ground}");
        }
        assert_eq!(points("0.5in"), Some(36.0));
        assert_eq!(Size::over(Size::read("1%"), Size::read("10pt")), Some(Size::Points(0.1)));
    }
}
