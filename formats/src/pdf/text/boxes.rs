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
}

/// Letters and boxes of a page, in the order of drawing.
#[derive(Default)]
pub(super) struct Boxes {
    letters: Vec<(f64, f64)>,
    path: Vec<Area>,
    /// Corners of the outline being drawn; emptied where it is no box.
    corners: Vec<(f64, f64)>,
    filled: Vec<Filled>,
}

impl Boxes {
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
        self.corners.clear();
    }

    fn close(&mut self) {
        if (4..=5).contains(&self.corners.len()) && self.path.len() < limits::PDF_BOXES {
            self.path.extend(area(&self.corners));
        }
        self.corners.clear();
    }

    pub fn fill(&mut self, is_opaque: bool) {
        self.close();
        let after = self.letters.len();
        let path = std::mem::take(&mut self.path);
        if is_opaque && after > 0 && self.filled.len() < limits::PDF_BOXES {
            self.filled.extend(path.into_iter().map(|area| Filled { area, after }));
        }
    }

    pub fn end(&mut self) {
        self.path.clear();
        self.corners.clear();
    }

    /// How many letters lie under a box that came after them.
    pub fn covered(&self) -> usize {
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
