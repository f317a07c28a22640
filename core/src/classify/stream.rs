//! 流れる本文. Text in one form, and where each piece of it stood as written.

use unicode_normalization::UnicodeNormalization;

use crate::passage::{Passage, Spot};

/// Text in one form, a stretch of the whole.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) text: String,
    pieces: Vec<Piece>,
}

/// Text of one passage.
#[derive(Debug)]
struct Piece {
    start: usize,
    spot: Spot,
    /// Where the correspondence shifts: offset here, characters before it as written.
    shifts: Vec<(usize, usize)>,
}

/// Voiced sound marks that join the sign before them.
const fn joins(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}' | '\u{300}'..='\u{36f}')
}

/// Signs that are what they are.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{4e00}'..='\u{9fff}' | '、' | '。')
}

/// Japanese letters, between which a space says nothing.
pub(super) const fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fc}') || is_han(c)
}

/// 漢字.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '々' | '〆' | '\u{f900}'..='\u{faff}')
}

impl Stream {
    /// Adds a passage; passages are kept apart by a line break.
    pub(super) fn push(&mut self, passage: &Passage) {
        let mut piece = Piece { start: self.text.len(), spot: passage.spot.clone(), shifts: Vec::new() };
        let mut signs = passage.text.chars().enumerate().peekable();
        let mut expected = 0;
        while let Some((at, c)) = signs.next() {
            if at != expected {
                piece.shifts.push((self.text.len(), at));
            }
            expected = at + 1;
            let joined = signs.peek().is_some_and(|(_, next)| joins(*next));
            if is_plain(c) && !joined && c != ' ' {
                self.text.push(c);
                continue;
            }
            if c == ' ' || c == '\u{3000}' || c == '\t' {
                let before = self.text.chars().next_back().is_some_and(is_japanese);
                let after =
                    signs.clone().map(|(_, c)| c).find(|c| !matches!(c, ' ' | '\u{3000}')).is_some_and(is_japanese);
                if before && after && c != '\t' {
                    piece.shifts.push((self.text.len(), at + 1));
                } else {
                    self.text.push(' ');
                }
                continue;
            }
            let mut group = String::from(c);
            while let Some((_, mark)) = signs.next_if(|(_, next)| joins(*next)) {
                group.push(mark);
            }
            let length = self.text.len();
            let made = group.nfkc().map(unify).inspect(|c| self.text.push(*c)).count();
            if made != 1 || group.chars().count() != 1 {
                piece.shifts.push((length, at));
                expected = usize::MAX;
            }
        }
        self.text.push('\n');
        self.pieces.push(piece);
    }

    /// Where a place of the text stands: the spot, and the number of characters before it as written.
    pub(super) fn spot(&self, at: usize) -> (Spot, usize) {
        let Some(piece) = self.pieces.iter().rev().find(|piece| piece.start <= at) else { return (Spot::default(), 0) };
        let (from, before) =
            piece.shifts.iter().rev().find(|(from, _)| *from <= at).copied().unwrap_or((piece.start, 0));
        let since = self.text.get(from..at).map_or(0, |text| text.chars().count());
        (piece.spot.clone(), before + since)
    }

    /// Forgets what stands before `at`.
    pub(super) fn forget(&mut self, at: usize) {
        let keep = self.pieces.iter().rposition(|piece| piece.start <= at).unwrap_or(0);
        self.pieces.drain(..keep);
        for piece in &mut self.pieces {
            // A passage that began before: what is left of it begins at the front.
            if piece.start < at {
                let last = piece.shifts.iter().rev().find(|(from, _)| *from <= at).copied().unwrap_or((piece.start, 0));
                let gone = self.text.get(last.0..at).map_or(0, |text| text.chars().count());
                piece.shifts.retain(|(from, _)| *from > at);
                piece.shifts.insert(0, (at, last.1 + gone));
            }
            piece.start = piece.start.saturating_sub(at);
            for shift in &mut piece.shifts {
                shift.0 = shift.0.saturating_sub(at);
            }
        }
        self.text.drain(..at);
    }

    /// The last place at or before `at` where a character begins.
    pub(super) fn floor(&self, at: usize) -> usize {
        (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }
}

/// Signs that are written in several ways.
pub(super) const fn unify(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{2500}' => '-',
        '\t' | '\r' | '\u{a0}' => ' ',
        '\u{0}'..='\u{9}' | '\u{b}'..='\u{1f}' => ' ',
        other => other,
    }
}
