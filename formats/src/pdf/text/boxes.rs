//! Boxes filled over letters: what looks redacted, and can still be copied.

use super::page::{Matrix, point};
use crate::limits;

#[derive(Clone, Copy)]
struct Area {
    from: (f64, f64),
    to: (f64, f64),
}

/// A box that was filled, and how many letters were written before it.
struct Filled {
    area: Area,
    after: usize,
    /// How many of all letters, also of those that are not drawn.
    order: usize,
    is_white: bool,
}

/// How letters are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Seen,
    White,
    /// Not drawn at all.
    None,
}

impl Ink {
    pub const fn of(is_invisible: bool, is_white: bool) -> Self {
        match (is_invisible, is_white) {
            (true, _) => Self::None,
            (false, true) => Self::White,
            (false, false) => Self::Seen,
        }
    }
}

/// A letter as it is to be judged.
struct Letter {
    at: (f64, f64),
    ink: Ink,
    is_tiny: bool,
}

/// How many letters of a page are not seen, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::pdf) struct Concealed {
    /// Under a box that was filled after them.
    pub covered: usize,
    /// Not drawn: text that was recognised under a picture, or meant for nobody.
    pub undrawn: usize,
    /// White, with nothing but paper behind.
    pub white: usize,
    /// Smaller than a point.
    pub tiny: usize,
    /// Beside the page.
    pub outside: usize,
}

/// Letters and boxes of a page, in the order of drawing.
#[derive(Default)]
pub(super) struct Boxes {
    letters: Vec<(f64, f64)>,
    path: Vec<Area>,
    /// Corners of the outline being drawn; emptied where it is no box.
    corners: Vec<(f64, f64)>,
    filled: Vec<Filled>,
    judged: Vec<Letter>,
    is_shaded: bool,
    is_curved: bool,
}

impl Boxes {
    /// A letter of this size in points.
    pub fn judge(&mut self, at: (f64, f64), size: f64, ink: Ink) {
        if self.judged.len() < limits::PDF_BOXES {
            self.judged.push(Letter { at, ink, is_tiny: size < 1.0 });
        }
    }

    /// Something was painted whose colours are not followed.
    pub fn shade(&mut self) {
        self.is_shaded = true;
    }

    pub fn letter(&mut self, x: f64, y: f64) {
        if self.letters.len() < limits::PDF_BOXES {
            self.letters.push((x, y));
        }
    }

    pub fn rectangle(&mut self, page: Matrix, n: &[f64]) {
        if let &[x, y, width, height] = n
            && self.path.len() < limits::PDF_BOXES
        {
            let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
            self.path.extend(area(&corners.map(|(x, y)| point(page, x, y))));
        }
    }

    pub fn start(&mut self, page: Matrix, n: &[f64]) {
        self.close();
        self.line(page, n);
    }

    pub fn line(&mut self, page: Matrix, n: &[f64]) {
        if let &[x, y] = n
            && self.corners.len() < 8
        {
            self.corners.push(point(page, x, y));
        }
    }

    pub fn curve(&mut self) {
        self.is_curved = true;
        self.corners.clear();
    }

    fn close(&mut self) {
        if (4..=5).contains(&self.corners.len()) && self.path.len() < limits::PDF_BOXES {
            self.path.extend(area(&self.corners));
        }
        self.corners.clear();
    }

    pub fn fill(&mut self, is_opaque: bool, is_white: bool) {
        // An outline that is no box may lie behind anything.
        self.is_shaded |= self.is_curved && !is_white;
        self.close();
        let (after, order) = (self.letters.len(), self.judged.len());
        let path = std::mem::take(&mut self.path);
        if is_opaque && self.filled.len() < limits::PDF_BOXES {
            self.filled.extend(path.into_iter().map(|area| Filled { area, after, order, is_white }));
        }
        self.is_shaded |= !is_opaque && !is_white;
        self.is_curved = false;
    }

    pub fn end(&mut self) {
        self.path.clear();
        self.corners.clear();
        self.is_curved = false;
    }

    /// What is not seen on paper of these corners; behind pictures and shades white letters may be seen.
    pub fn concealed(&self, paper: ((f64, f64), (f64, f64)), has_pictures: bool) -> Concealed {
        let mut found = Concealed { covered: self.covered(), ..Concealed::default() };
        let (from, to) = paper;
        let mut steps = limits::PDF_BOXES * 1000;
        for (place, letter) in self.judged.iter().enumerate() {
            let (x, y) = letter.at;
            let is_inside = from.0 - 1.0 <= x && x <= to.0 + 1.0 && from.1 - 1.0 <= y && y <= to.1 + 1.0;
            let mut on_ground = || {
                self.filled.iter().any(|filled| {
                    steps = steps.saturating_sub(1);
                    let Area { from, to } = filled.area;
                    let is_in = from.0 <= x && x <= to.0 && from.1 - 1.0 <= y && y <= to.1;
                    steps == 0 || filled.order <= place && !filled.is_white && is_in
                })
            };
            match letter.ink {
                Ink::None => found.undrawn += 1,
                _ if !is_inside => found.outside += 1,
                _ if letter.is_tiny => found.tiny += 1,
                Ink::White if !has_pictures && !self.is_shaded && !on_ground() => found.white += 1,
                Ink::White | Ink::Seen => {}
            }
        }
        found
    }

    /// How many letters lie under a box that came after them.
    fn covered(&self) -> usize {
        let mut steps = limits::PDF_BOXES * 1000;
        let under = |(place, (x, y)): (usize, &(f64, f64))| {
            self.filled.iter().any(|filled| {
                steps = steps.saturating_sub(1);
                let Area { from, to } = filled.area;
                steps > 0 && place < filled.after && from.0 < *x && *x < to.0 && from.1 < *y && *y < to.1
            })
        };
        self.letters.iter().enumerate().map(under).filter(|is_under| *is_under).count()
    }
}

/// The area of corners that lie along the page's edges.
fn area(corners: &[(f64, f64)]) -> Option<Area> {
    let along = |pair: &[(f64, f64)]| match pair {
        [a, b] => (a.0 - b.0).abs() < 0.5 || (a.1 - b.1).abs() < 0.5,
        _ => true,
    };
    if !corners.windows(2).all(along) {
        return None;
    }
    let low = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let high = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    Some(Area { from: (low(|c| c.0), low(|c| c.1)), to: (high(|c| c.0), high(|c| c.1)) })
}
