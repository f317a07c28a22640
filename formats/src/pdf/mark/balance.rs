//! What a page's instructions leave open behind them (ISO 32000-2, 8.4.2 and 14.6): looked through once, so that our mark
//! stands where it belongs and the page looks as it did.

use std::io::BufRead;

use crate::pdf::document::Document;
use crate::pdf::object::{Reference, is_space};

use super::filter;

/// What is left open at the end, and what was closed without having been opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Balance {
    /// `q` to put in front: one of ours, and one for each `Q` that has none.
    pub before: u32,
    /// `Q` to put behind.
    pub after: u32,
    /// `EMC` to put behind.
    pub marked: u32,
    /// Whether `ET` is to go behind.
    pub is_text: bool,
    /// Whether nothing may be put around: what follows a `Q` without its `q` would look otherwise, or the instructions
    /// end in the middle of one. Then our mark is drawn first, below the page's content.
    pub is_beneath: bool,
}

impl Balance {
    /// Of instructions that leave nothing open.
    pub const EVEN: Self = Self { before: 1, after: 1, marked: 0, is_text: false, is_beneath: false };
}

/// What the streams of a page leave open. `budget` is what may still be decoded for all pages; `None` when it is used up or a
/// stream can't be decoded.
pub(super) fn of(file: &Document<'_>, contents: &[Reference], budget: &mut u64) -> Option<Balance> {
    let mut lexer = Lexer::default();
    for reference in contents {
        let stream = file.stream(*reference).ok()??;
        filter::decoded(file, &stream, |bytes| lexer.read(bytes, budget))??;
        lexer.byte(b'\n');
    }
    Some(lexer.finish())
}

/// Where in the instructions the lexer is.
#[derive(Default, PartialEq, Eq, Clone, Copy)]
enum State {
    #[default]
    Between,
    Word,
    Comment,
    Text(u32),
    Escaped(u32),
    /// Behind one `<`.
    Angle,
    /// Behind one `>`.
    Closing,
    Hex,
    /// Behind `ID`: the data of a picture, and how much of its end was seen.
    Picture(u8),
}

#[derive(Default)]
struct Lexer {
    state: State,
    /// The word under way, as far as it can be an operator, and its length.
    word: [u8; LONGEST],
    length: usize,
    is_picture: bool,
    dicts: u32,
    open: u32,
    lowest: u32,
    marked: u32,
    is_text: bool,
    /// Whether the state that nothing saved was changed, a `Q` without its `q` came then, and something behind that.
    is_changed: bool,
    is_spoilt: bool,
    is_drawn: bool,
}

/// What draws nothing and changes nothing that is drawn.
const CLOSING: [&[u8]; 7] = [b"q", b"Q", b"ET", b"EMC", b"true", b"fals", b"null"];
/// What changes the graphics state (8.4.4, 8.5.4, 8.6.8, 9.3).
const CHANGING: [&[u8]; 31] = [
    b"cm", b"w", b"J", b"j", b"M", b"d", b"ri", b"i", b"gs", b"W", b"W*", b"CS", b"cs", b"SC", b"SCN", b"sc", b"scn",
    b"G", b"g", b"RG", b"rg", b"K", b"k", b"Tc", b"Tw", b"Tz", b"TL", b"Tf", b"Tr", b"Ts", b"TD",
];
/// Longest operator, and one more.
const LONGEST: usize = 4;
/// More is left open by no program.
const MOST_OPEN: u32 = 10_000;

impl Lexer {
    /// Reads a stream; what is broken ends it. `None` when the budget is used up.
    fn read(&mut self, bytes: &mut dyn BufRead, budget: &mut u64) -> Option<()> {
        loop {
            let length = match bytes.fill_buf() {
                Ok([]) | Err(_) => return Some(()),
                Ok(piece) => {
                    piece.iter().for_each(|byte| self.byte(*byte));
                    piece.len()
                }
            };
            bytes.consume(length);
            let left = budget.checked_sub(length as u64);
            *budget = left.unwrap_or(0);
            left?;
        }
    }

    fn byte(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Picture(seen), byte) => match (seen, byte) {
                (0, b) if is_space(b) => State::Picture(1),
                (1, b'E') => State::Picture(2),
                (2, b'I') => State::Picture(3),
                (3, b) if is_space(b) => State::Between,
                (_, b) => State::Picture(u8::from(is_space(b))),
            },
            (State::Comment, b'\r' | b'\n') => State::Between,
            (State::Comment, _) => State::Comment,
            (State::Escaped(depth), _) => State::Text(depth),
            (State::Text(depth), b'\\') => State::Escaped(depth),
            (State::Text(depth), b'(') => State::Text(depth.saturating_add(1)),
            (State::Text(1), b')') => State::Between,
            (State::Text(depth), b')') => State::Text(depth - 1),
            (State::Text(depth), _) => State::Text(depth),
            (State::Angle, b'<') => {
                self.dicts = self.dicts.saturating_add(1);
                State::Between
            }
            (State::Angle | State::Hex, b'>') => State::Between,
            (State::Angle | State::Hex, _) => State::Hex,
            (State::Closing, b'>') => {
                self.dicts = self.dicts.saturating_sub(1);
                State::Between
            }
            (State::Between | State::Word | State::Closing, byte) => self.between(byte),
        };
    }

    fn between(&mut self, byte: u8) -> State {
        let is_delimiter =
            is_space(byte) || matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%');
        if !is_delimiter {
            self.push(byte);
            return State::Word;
        }
        if self.end_word() {
            return State::Picture(u8::from(is_space(byte)));
        }
        match byte {
            b'(' => State::Text(1),
            b'<' => State::Angle,
            b'%' => State::Comment,
            b'>' => State::Closing,
            b'/' => {
                // A name is no operator.
                self.push(b'/');
                State::Word
            }
            _ => State::Between,
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.word.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Ends a word; whether a picture's data follow.
    fn end_word(&mut self) -> bool {
        let (held, length) = (self.word, std::mem::take(&mut self.length));
        let word = held.get(..length).unwrap_or_default();
        let is_operator =
            self.dicts == 0 && word.first().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'\'' | b'"'));
        if !is_operator {
            return self.is_picture && word == b"ID";
        }
        self.is_drawn |= self.is_spoilt && !CLOSING.contains(&word);
        self.is_changed |= !self.is_changed && self.open == 0 && CHANGING.contains(&word);
        match word {
            b"q" => self.open = self.open.saturating_add(1),
            b"Q" => match self.open.checked_sub(1) {
                Some(open) => self.open = open,
                None => {
                    self.lowest = self.lowest.saturating_add(1);
                    self.is_spoilt |= self.is_changed;
                }
            },
            b"BT" => self.is_text = true,
            b"ET" => self.is_text = false,
            b"BMC" | b"BDC" => self.marked = self.marked.saturating_add(1),
            b"EMC" => self.marked = self.marked.saturating_sub(1),
            b"BI" => self.is_picture = true,
            b"ID" => return std::mem::take(&mut self.is_picture),
            _ => {}
        }
        false
    }

    fn finish(self) -> Balance {
        let is_whole = self.state == State::Between;
        let is_many = self.open.max(self.lowest).max(self.marked) > MOST_OPEN;
        if !is_whole || is_many || self.is_drawn {
            return Balance { is_beneath: true, ..Balance::EVEN };
        }
        Balance {
            before: self.lowest + 1,
            after: self.open + 1,
            marked: self.marked,
            is_text: self.is_text,
            is_beneath: false,
        }
    }
}

#[cfg(test)]
#[path = "balance_tests.rs"]
mod tests;
