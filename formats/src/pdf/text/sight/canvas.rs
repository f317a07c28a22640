//! 紙面. A page as a field of small cells: what was painted over each last, and in which colour. Its size is bounded
//! whatever the page's is, and so is what is painted on it.

use std::cell::Cell;
use std::rc::Rc;

use super::outline::{Outline, Point, Rule, Shape};
use crate::hidden::Rgb;
use crate::limits;
use crate::pdf::text::page::Matrix;

/// What may still be painted in a document, in cells.
#[derive(Clone)]
pub(in crate::pdf::text) struct Work(Rc<Cell<u64>>);

impl Work {
    pub fn new(cells: u64) -> Self {
        Self(Rc::new(Cell::new(cells)))
    }

    /// Takes from it; whether there was enough.
    pub fn spend(&self, cells: u64) -> bool {
        let left = self.0.get().checked_sub(cells);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    pub fn is_done(&self) -> bool {
        self.0.get() == 0
    }
}

/// A small square of the page.
#[derive(Clone, Copy)]
pub(super) struct Patch {
    /// When it was painted over last.
    pub order: u32,
    /// Its colour, where that is known.
    pub ground: Option<Rgb>,
}

const PAPER: Patch = Patch { order: 0, ground: Some(Rgb::WHITE) };

/// How paint is laid on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lay {
    /// Nothing of what lies below is seen.
    Over,
    /// So much of it is seen through.
    Through(f64),
    /// Its colour darkens what lies below.
    Darken,
    /// In a way that is not followed.
    Somehow,
}

/// The cells that a clip lets through (8.5.4): those of a box, and of a mask in it.
#[derive(Clone)]
pub(in crate::pdf::text) struct Clip {
    from: (usize, usize),
    to: (usize, usize),
    mask: Option<Rc<Vec<u64>>>,
}

impl Clip {
    pub fn lets(&self, x: usize, y: usize) -> bool {
        let is_in = (self.from.0..self.to.0).contains(&x) && (self.from.1..self.to.1).contains(&y);
        is_in && self.mask.as_ref().is_none_or(|mask| bit(mask, self.place(x, y)))
    }

    fn place(&self, x: usize, y: usize) -> usize {
        (y - self.from.1) * (self.to.0 - self.from.0) + (x - self.from.0)
    }

    /// What it and an outline let through.
    pub fn within(&self, outline: &Outline, rule: Rule, work: &Work) -> Self {
        let (low, high) = outline.as_box().unwrap_or_else(|| outline.bounds());
        let from = (self.from.0.max(first(low.0)), self.from.1.max(first(low.1)));
        let to = (self.to.0.min(first(high.0)).max(from.0), self.to.1.min(first(high.1)).max(from.1));
        let mut inner = Self { from, to, mask: None };
        if outline.as_box().is_some() && self.mask.is_none() {
            return inner;
        }
        let size = (to.0 - from.0) * (to.1 - from.1);
        if !work.spend(size as u64 / 16 + 1) {
            return inner;
        }
        let mut mask = vec![0; size.div_ceil(64)];
        outline.area(rule).scan(from.1..to.1, work, &mut |y, left, right| {
            for x in first(left).max(from.0)..first(right).min(to.0) {
                if self.lets(x, y) {
                    let place = inner.place(x, y);
                    if let Some(word) = mask.get_mut(place / 64) {
                        *word |= 1 << (place % 64);
                    }
                }
            }
            work.spend((first(right).min(to.0)).saturating_sub(first(left)) as u64);
        });
        inner.mask = Some(Rc::new(mask));
        inner
    }
}

fn bit(mask: &[u64], place: usize) -> bool {
    mask.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
}

/// The first cell whose middle is not before this place.
fn first(at: f64) -> usize {
    (at - 0.5).ceil().max(0.0) as usize
}

/// A page's cells.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    patches: Vec<Patch>,
    /// From the page to the cells.
    pub matrix: Matrix,
    pub work: Work,
}

impl Canvas {
    /// Cells for paper of these corners.
    pub fn new(from: Point, to: Point, work: Work) -> Self {
        Self::sized(from, to, limits::PDF_FINENESS, work)
    }

    /// Cells for a tile of a pattern, fifty a side at most.
    pub fn tile(from: Point, to: Point, work: Work) -> Self {
        let side = (to.0 - from.0).max(to.1 - from.1).max(1e-3);
        Self::sized(from, to, 50.0 / side, work)
    }

    fn sized(from: Point, to: Point, fineness: f64, work: Work) -> Self {
        let side = |from: f64, to: f64, usual: f64| {
            let side = to - from;
            if side.is_finite() && side > 1e-3 { side } else { usual }
        };
        let (wide, high) = (side(from.0, to.0, 595.0), side(from.1, to.1, 842.0));
        let fit = (limits::PDF_PATCHES / wide / high).sqrt();
        let scale = fineness.min(fit).min(8_192.0 / wide).min(8_192.0 / high);
        let cells = |side: f64| ((side * scale).ceil() as usize).clamp(1, 8_192);
        let (width, height) = (cells(wide), cells(high));
        work.spend((width * height) as u64 / 4);
        let matrix = [scale, 0.0, 0.0, scale, -from.0 * scale, -from.1 * scale];
        Self { width, height, patches: vec![PAPER; width * height], matrix, work }
    }

    /// All of it.
    pub fn whole(&self) -> Clip {
        Clip { from: (0, 0), to: (self.width, self.height), mask: None }
    }

    /// The cell at a place in cells, if that is on the paper.
    pub fn cell(&self, (x, y): Point) -> Option<(usize, usize)> {
        let is_on = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        is_on.then_some((x as usize, y as usize))
    }

    pub fn patch(&self, x: usize, y: usize) -> Option<&Patch> {
        self.patches.get(y * self.width + x)
    }

    /// The colours of a box of cells, both corners in it, are not known any more.
    pub fn blur(&mut self, (left, low): (usize, usize), (right, high): (usize, usize)) {
        for y in low..=high.min(self.height.saturating_sub(1)) {
            let row = self.patches.get_mut(y * self.width + left..=y * self.width + right);
            self.work.spend((right.saturating_sub(left)) as u64 + 1);
            row.unwrap_or_default().iter_mut().for_each(|patch| patch.ground = None);
        }
    }

    /// How much of it was painted over.
    pub fn painted(&self) -> f64 {
        let painted = self.patches.iter().filter(|patch| patch.order > 0).count();
        painted as f64 / self.patches.len().max(1) as f64
    }

    /// Paints a shape; `ink` says for each cell how, and in which colour, if at all.
    pub fn paint(
        &mut self,
        shape: Shape,
        clip: &Clip,
        order: u32,
        ink: &mut dyn FnMut(usize, usize) -> Option<(Lay, Option<Rgb>)>,
    ) {
        let (patches, width, work) = (&mut self.patches, self.width, &self.work);
        shape.scan(clip.from.1..clip.to.1, work, &mut |y, left, right| {
            let cells = first(left).max(clip.from.0)..first(right).min(clip.to.0);
            if cells.is_empty() || !work.spend(cells.len() as u64) {
                return;
            }
            let row = patches.get_mut(y * width + cells.start..y * width + cells.end).unwrap_or_default();
            for (x, patch) in cells.zip(row) {
                if clip.mask.is_some() && !clip.lets(x, y) {
                    continue;
                }
                if let Some((lay, colour)) = ink(x, y) {
                    patch.take(lay, colour, order);
                }
            }
        });
    }
}

impl Patch {
    fn take(&mut self, lay: Lay, colour: Option<Rgb>, order: u32) {
        let each = |of: &dyn Fn(f64, f64) -> f64| {
            let (below, above) = (self.ground?, colour?);
            let mut mixed = [0; 3];
            for (mixed, (below, above)) in mixed.iter_mut().zip(below.0.into_iter().zip(above.0)) {
                *mixed = of(f64::from(below), f64::from(above)).round().clamp(0.0, 255.0) as u8;
            }
            Some(Rgb(mixed))
        };
        self.ground = match lay {
            Lay::Over => colour,
            Lay::Through(much) => each(&|below, above| below + (above - below) * much),
            Lay::Darken => each(&|below, above| below * above / 255.0),
            Lay::Somehow => None,
        };
        if lay == Lay::Over {
            self.order = order;
        }
    }
}

/// Lay of a paint that is not see-through by more than a twentieth.
pub(super) fn lay(much: f64) -> Lay {
    if much > 0.95 { Lay::Over } else { Lay::Through(much) }
}
