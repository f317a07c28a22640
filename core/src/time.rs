//! Points in time. The clock itself is always somebody else's: every function that needs the time takes it.

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] i64);

impl Timestamp {
    /// From seconds since 1970.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This point moved by `seconds`; stays at the end of the range instead of wrapping.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this point; negative when this one is the earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The calendar date and time of day in Japan (UTC+9), proleptic Gregorian: (year, month, day, hour, minute, second).
    #[must_use]
    pub const fn japan(self) -> (i64, u8, u8, u8, u8, u8) {
        let local = self.0.saturating_add(9 * 3600);
        let days = local.div_euclid(86_400);
        let second = local.rem_euclid(86_400);
        // Civil-from-days over 400-year eras that start on 1 March.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month as u8, day as u8, (second / 3600) as u8, (second / 60 % 60) as u8, (second % 60) as u8)
    }

    /// The time in Japan as people write it, to the minute: `2026-11-23 18:05`.
    #[must_use]
    pub fn japan_text(self) -> String {
        let (year, month, day, hour, minute, _) = self.japan();
        format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }

    /// Midnight in Japan at the start of a date, if there is such a date.
    #[must_use]
    pub const fn from_japan_date(year: i64, month: u8, day: u8) -> Option<Self> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 {
            return None;
        }
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let m = month as i64;
        let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + day as i64 - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        let t = Self((era * 146_097 + doe - 719_468) * 86_400 - 9 * 3600);
        let (yy, mm, dd, ..) = t.japan();
        if yy == year && mm == month && dd == day { Some(t) } else { None }
    }
}
