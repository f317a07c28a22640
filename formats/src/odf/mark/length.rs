//! 長さ. Lengths as ODF writes them (ISO/IEC 26300-3, 18.3.18), with six decimals and the unit they came in.

/// A length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Length {
    /// In millionths of the unit.
    millionths: i64,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Centimetre,
    Millimetre,
    Inch,
    Point,
    Pica,
    Pixel,
}

const UNITS: [(&str, Unit); 6] = [
    ("cm", Unit::Centimetre),
    ("mm", Unit::Millimetre),
    ("in", Unit::Inch),
    ("pt", Unit::Point),
    ("pc", Unit::Pica),
    ("px", Unit::Pixel),
];

impl Unit {
    /// A twentieth of an inch, in millionths of the unit. It is a whole number of what programs count pages in (twips,
    /// hundredths of a millimetre), so that nothing is lost by rounding when it is moved from one length to another.
    fn step(self) -> i64 {
        match self {
            Self::Centimetre => 127_000,
            Self::Millimetre => 1_270_000,
            Self::Inch => 50_000,
            Self::Point => 3_600_000,
            Self::Pica => 300_000,
            Self::Pixel => 4_800_000,
        }
    }
}

/// Points in a twentieth of an inch.
pub(super) const STEP: f64 = 3.6;

impl Length {
    /// A length of whole twentieths of an inch.
    pub fn steps(steps: i64) -> Self {
        Self { millionths: Unit::Inch.step() * steps, unit: Unit::Inch }
    }

    /// Reads a length; percentages, negative and very long ones are none.
    pub fn read(written: &str) -> Option<Self> {
        let (suffix, unit) = UNITS.iter().find(|(suffix, _)| written.trim().ends_with(suffix))?;
        let number = written.trim().strip_suffix(suffix)?.trim_end();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() > 6 || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
        let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()? };
        Some(Self { millionths: whole * 1_000_000 + fraction.parse::<i64>().ok()?, unit: *unit })
    }

    /// In points.
    pub fn points(&self) -> f64 {
        self.millionths as f64 / self.unit.step() as f64 * STEP
    }

    /// How many twentieths of an inch are in it.
    pub fn whole_steps(&self) -> i64 {
        self.millionths / self.unit.step()
    }

    /// Longer by twentieths of an inch at a scale of `percent`, or shorter; never below zero.
    pub fn moved(&self, steps: i64, percent: i64) -> Self {
        let by = self.unit.step() * steps * 100 / percent.max(1);
        Self { millionths: (self.millionths + by).max(0), unit: self.unit }
    }
}

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = format!("{}.{:06}", self.millionths / 1_000_000, self.millionths % 1_000_000);
        let suffix = UNITS.iter().find(|(_, unit)| *unit == self.unit).map_or("in", |(suffix, _)| suffix);
        write!(f, "{}{suffix}", number.trim_end_matches('0').trim_end_matches('.'))
    }
}
