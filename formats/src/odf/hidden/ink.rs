//! 色と大きさ. Colours and sizes, as styles write them.

use crate::hidden::Rgb;

/// `#ffffff`, in letters of any case.
pub(super) fn colour(written: &str) -> Option<Rgb> {
    let written = written.trim();
    Rgb::hex(written.strip_prefix('#').unwrap_or(written))
}

/// What something is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// What lies behind is seen.
    Clear,
    Is(Rgb),
    /// Pictures, patterns, and what can't be told.
    Unknown,
}

impl Ground {
    pub fn read(written: &str) -> Self {
        if written.trim() == "transparent" {
            return Self::Clear;
        }
        colour(written).map_or(Self::Unknown, Self::Is)
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
    fn colours_and_sizes_are_read() {
        assert_eq!([colour("#FFFFFF"), colour(" ffffff ")], [Some(Rgb::WHITE); 2]);
        assert_eq!([Ground::read("transparent"), Ground::read("url(x)")], [Ground::Clear, Ground::Unknown]);
        assert_eq!(points("0.5in"), Some(36.0));
        assert_eq!(Size::over(Size::read("1%"), Size::read("10pt")), Some(Size::Points(0.1)));
    }
}
