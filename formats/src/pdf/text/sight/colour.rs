//! Rgbs (ISO 32000-2, 8.6) as a screen shows them, near enough to tell whether words differ from their ground.

use std::rc::Rc;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;

use super::super::bombs::Streams;
use super::super::page::numbers;
use crate::hidden::Rgb;

/// A colour space.
#[derive(Clone)]
pub(in crate::pdf::text) enum Space {
    Grey,
    Rgb,
    Cmyk,
    Lab,
    /// Rgbs by number.
    Table(Rc<Vec<Option<Rgb>>>),
    /// One ink: what it is at none and at all of it, and how it grows (type 2 of 7.10.3).
    Tint(Rc<(Vec<f64>, Vec<f64>, f64, Space)>),
    /// An ink like black.
    Black,
    /// Inks that print nothing.
    Nothing,
    Pattern,
    /// Of so many numbers, and no more is known.
    Unknown(usize),
}

/// Spaces in one another.
const DEPTH: u32 = 4;

impl Space {
    pub fn named(name: &[u8], resources: &Resources<'_>) -> Self {
        match name {
            b"DeviceGray" | b"G" | b"CalGray" => Self::Grey,
            b"DeviceRGB" | b"RGB" | b"CalRGB" => Self::Rgb,
            b"DeviceCMYK" | b"CMYK" => Self::Cmyk,
            b"Pattern" => Self::Pattern,
            _ => match Name::new(name).and_then(|name| resources.get_color_space(&name)) {
                Some(object) => Self::of(&object, DEPTH),
                None => Self::Unknown(0),
            },
        }
    }

    /// The space that an object is.
    pub fn of(object: &Object<'_>, depth: u32) -> Self {
        let Some(deeper) = depth.checked_sub(1) else { return Self::Unknown(0) };
        let list = match object {
            Object::Name(name) => {
                return match &**name {
                    b"DeviceGray" | b"G" | b"CalGray" => Self::Grey,
                    b"DeviceRGB" | b"RGB" | b"CalRGB" => Self::Rgb,
                    b"DeviceCMYK" | b"CMYK" => Self::Cmyk,
                    b"Pattern" => Self::Pattern,
                    _ => Self::Unknown(0),
                };
            }
            Object::Array(list) => list.iter::<Object<'_>>().take(5).collect::<Vec<_>>(),
            _ => return Self::Unknown(0),
        };
        let Some(Object::Name(family)) = list.first() else { return Self::Unknown(0) };
        match (&**family, &list[..]) {
            (b"ICCBased", [_, Object::Stream(profile), ..]) => match profile.dict().get::<u32>("N") {
                Some(1) => Self::Grey,
                Some(3) => Self::Rgb,
                Some(4) => Self::Cmyk,
                _ => Self::Unknown(0),
            },
            (b"Lab", _) => Self::Lab,
            (b"Indexed" | b"I", [_, base, _, table, ..]) => Self::table(&Self::of(base, deeper), table),
            (b"Separation", [_, Object::Name(ink), below, tint, ..]) => match &**ink {
                b"None" => Self::Nothing,
                b"All" | b"Black" => Self::Black,
                _ => Self::tint(tint, Self::of(below, deeper)),
            },
            (b"DeviceN", [_, Object::Array(inks), ..]) => {
                let inks: Vec<Name<'_>> = inks.iter::<Name<'_>>().take(32).collect();
                let is_none = !inks.is_empty() && inks.iter().all(|ink| ink.as_str() == "None");
                if is_none { Self::Nothing } else { Self::Unknown(inks.len()) }
            }
            (b"Pattern", _) => Self::Pattern,
            (_, [one]) => Self::of(one, deeper),
            (b"CalGray", _) => Self::Grey,
            (b"CalRGB", _) => Self::Rgb,
            _ => Self::Unknown(0),
        }
    }

    fn table(base: &Self, table: &Object<'_>) -> Self {
        let bytes = match table {
            Object::String(words) => words.as_bytes().to_vec(),
            Object::Stream(stream) => match Streams::Measured.decode(stream) {
                Ok(bytes) => bytes.into_owned(),
                Err(_) => return Self::Unknown(1),
            },
            _ => return Self::Unknown(1),
        };
        let Some(size) = base.size() else { return Self::Unknown(1) };
        let colour = |inks: &[u8]| base.colour(&inks.iter().map(|ink| f64::from(*ink) / 255.0).collect::<Vec<_>>());
        Self::Table(Rc::new(bytes.chunks_exact(size).take(256).map(colour).collect()))
    }

    fn tint(tint: &Object<'_>, below: Self) -> Self {
        let dict: Option<&Dict<'_>> = match tint {
            Object::Dict(dict) => Some(dict),
            Object::Stream(stream) => Some(stream.dict()),
            _ => None,
        };
        let list = |dict: &Dict<'_>, key: &str| {
            dict.get::<Array<'_>>(key).map(|list| numbers(&list.iter::<Object<'_>>().take(32).collect::<Vec<_>>()))
        };
        match dict {
            Some(dict) if dict.get::<u32>("FunctionType") == Some(2) => {
                let none = list(dict, "C0").unwrap_or_else(|| vec![0.0]);
                let all = list(dict, "C1").unwrap_or_else(|| vec![1.0]);
                Self::Tint(Rc::new((none, all, dict.get::<f64>("N").unwrap_or(1.0), below)))
            }
            _ => Self::Unknown(1),
        }
    }

    /// How many numbers a colour of it has.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Grey | Self::Black | Self::Table(_) | Self::Tint(_) => Some(1),
            Self::Rgb | Self::Lab => Some(3),
            Self::Cmyk => Some(4),
            Self::Unknown(size) if *size > 0 => Some(*size),
            Self::Nothing | Self::Pattern | Self::Unknown(_) => None,
        }
    }

    /// Its first colour (8.6.5.1): black in most.
    pub fn initial(&self) -> Option<Rgb> {
        match self {
            Self::Grey | Self::Rgb | Self::Lab | Self::Cmyk | Self::Black => Some(Rgb::BLACK),
            Self::Table(colours) => colours.first().copied().flatten(),
            Self::Tint(_) => self.colour(&[1.0]),
            _ => None,
        }
    }

    /// The colour of these numbers, of which a table's is a whole one.
    pub fn colour(&self, n: &[f64]) -> Option<Rgb> {
        let byte = |part: f64| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
        match (self, n) {
            (Self::Grey, &[grey, ..]) => Some(Rgb([byte(grey); 3])),
            (Self::Rgb, &[red, green, blue, ..]) => Some(Rgb([byte(red), byte(green), byte(blue)])),
            (Self::Cmyk, &[c, m, y, k, ..]) => Some(Rgb([c, m, y].map(|ink| byte((1.0 - ink) * (1.0 - k))))),
            (Self::Lab, &[light, a, b, ..]) if a.abs() < 5.0 && b.abs() < 5.0 => {
                // CIE 1976: from lightness to luminance, and to what a screen is told (IEC 61966-2-1).
                let y = if light > 8.0 { ((light + 16.0) / 116.0).powi(3) } else { light / 903.3 };
                let told = if y > 0.003_130_8 { 1.055 * y.powf(1.0 / 2.4) - 0.055 } else { 12.92 * y };
                Some(Rgb([byte(told); 3]))
            }
            (Self::Table(colours), &[at, ..]) => colours.get(at.clamp(0.0, 255.0) as usize).copied().flatten(),
            (Self::Black, &[tint, ..]) => Some(Rgb([byte(1.0 - tint); 3])),
            (Self::Tint(tint), &[much, ..]) => {
                let (none, all, grows, below) = tint.as_ref();
                let much = much.clamp(0.0, 1.0).powf(*grows);
                let inks: Vec<f64> = none.iter().zip(all).map(|(none, all)| none + (all - none) * much).collect();
                below.colour(&inks)
            }
            _ => None,
        }
    }
}

/// A stream's colour space, as pictures name it.
pub(super) fn of_picture(stream: &Stream<'_>, resources: &Resources<'_>) -> Space {
    let dict = stream.dict();
    match dict.get::<Object<'_>>("ColorSpace").or_else(|| dict.get::<Object<'_>>("CS")) {
        Some(Object::Name(name)) => Space::named(&name, resources),
        Some(object) => Space::of(&object, DEPTH),
        None => Space::Unknown(0),
    }
}
