//! What letters look like: their colour and its ground, their size, and styles that hide them (RTF 1.9.1).

use std::collections::HashSet;

use super::words::Control;
use crate::hidden::Rgb;
use crate::hidden::colour::Colour;

/// Letters of at most so many half-points are not read.
const TINY: i64 = 2;

/// How letters are written in a group.
#[derive(Clone, Default)]
pub(super) struct Ink {
    colour: usize,
    ground: usize,
    paragraph_ground: usize,
    is_tiny: bool,
    /// Within a shape, which may be filled.
    is_boxed: bool,
    is_style_hidden: bool,
    table: Table,
    style: Option<(char, i64)>,
}

/// Which table a group belongs to.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Table {
    #[default]
    None,
    Colours,
    Styles,
}

/// How letters are seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Yes,
    No,
    /// Hidden by a style: programs differ in whether a style alone does it.
    ByStyle,
}

/// The tables of a document, and what holds in more than one group.
#[derive(Default)]
pub(super) struct Looks {
    colours: Vec<Option<Rgb>>,
    mixing: Option<Rgb>,
    hidden_styles: HashSet<(char, i64)>,
    /// Cells of the row have grounds, or the page has one.
    is_shaded: bool,
    is_page_filled: bool,
}

impl Looks {
    /// A group begins with this word.
    pub fn begin(&mut self, ink: &mut Ink, word: &str) {
        match word {
            "colortbl" => ink.table = Table::Colours,
            "stylesheet" => ink.table = Table::Styles,
            "shptxt" | "shpinst" | "do" => ink.is_boxed = true,
            "background" => self.is_page_filled = true,
            _ => {}
        }
    }

    /// An entry of a table ends.
    pub fn separate(&mut self, ink: &Ink) {
        if ink.table == Table::Colours {
            let colour = self.mixing.take();
            self.colours.push(colour);
        }
    }

    /// Takes up a control word.
    pub fn take(&mut self, ink: &mut Ink, control: &Control<'_>) {
        let number = control.number.unwrap_or(0);
        match ink.table {
            Table::Colours => self.mix(control.word, number),
            Table::Styles => self.style(ink, control),
            Table::None => self.letters(ink, control.word, number, control.number),
        }
    }

    fn mix(&mut self, word: &str, number: i64) {
        let place = match word {
            "red" => 0,
            "green" => 1,
            "blue" => 2,
            _ => return,
        };
        if let Some(part) = self.mixing.get_or_insert(Rgb::BLACK).0.get_mut(place) {
            *part = u8::try_from(number.clamp(0, 255)).unwrap_or(0);
        }
    }

    fn style(&mut self, ink: &mut Ink, control: &Control<'_>) {
        if let Some(sign) = sign_of_style(control.word) {
            ink.style = Some((sign, control.number.unwrap_or(0)));
        }
        let based_on = ink.style.zip(control.number).map(|((sign, _), base)| (sign, base));
        let is_inherited =
            control.word == "sbasedon" && based_on.is_some_and(|base| self.hidden_styles.contains(&base));
        match (control.word, ink.style) {
            ("v", Some(style)) if control.number == Some(0) => drop(self.hidden_styles.remove(&style)),
            (_, Some(style)) if control.word == "v" || is_inherited => drop(self.hidden_styles.insert(style)),
            _ => {}
        }
    }

    fn letters(&mut self, ink: &mut Ink, word: &str, number: i64, given: Option<i64>) {
        let index = usize::try_from(number).unwrap_or(0);
        match word {
            "cf" => ink.colour = index,
            "highlight" | "cb" | "chcbpat" => ink.ground = index,
            "cbpat" => ink.paragraph_ground = index,
            "fs" => ink.is_tiny = number <= TINY,
            "charscalex" => ink.is_tiny |= (1..=2).contains(&number),
            "v" => ink.is_style_hidden = false,
            "trowd" => self.is_shaded = false,
            "clcbpat" | "clcbpatraw" | "clshdng" | "clshdngraw" | "shading" | "chshdng" => self.is_shaded |= number > 0,
            "pard" => (ink.paragraph_ground, ink.is_style_hidden) = (0, false),
            "plain" => {
                (ink.colour, ink.ground, ink.is_tiny, ink.is_style_hidden) = (0, 0, false, false);
            }
            _ => {
                if let Some(style) = sign_of_style(word).zip(given) {
                    ink.is_style_hidden = self.hidden_styles.contains(&style);
                }
            }
        }
    }

    /// How letters in a group are seen.
    pub fn seen(&self, ink: &Ink) -> Seen {
        if ink.is_style_hidden {
            return Seen::ByStyle;
        }
        let of = |index: usize| self.colours.get(index).copied().flatten().map(Colour::Solid);
        let ground = match (ink.ground, ink.paragraph_ground) {
            (0, 0) if ink.is_boxed || self.is_shaded || self.is_page_filled => Colour::Unknown,
            (0, 0) => Colour::WHITE,
            (0, index) | (index, _) => of(index).unwrap_or(Colour::Unknown),
        };
        let letters = of(ink.colour).unwrap_or(Colour::Unknown);
        if ink.is_tiny || !letters.is_seen_on(&ground) { Seen::No } else { Seen::Yes }
    }
}

/// The sort of style that a word applies.
fn sign_of_style(word: &str) -> Option<char> {
    match word {
        "s" => Some('s'),
        "cs" => Some('c'),
        "ts" => Some('t'),
        "ds" => Some('d'),
        _ => None,
    }
}
