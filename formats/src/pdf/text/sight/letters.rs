//! Letters and pictures as they are put on the page, and what became of them.

use std::collections::HashSet;

use super::canvas::Lay;
use super::outline::{Outline, Point, Rule};
use super::paint::Paint;
use super::{Cover, Sight};
use crate::hidden::Rgb;
use crate::limits;
use crate::pdf::text::page::point;

/// How many of a page are not seen, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::pdf) struct Unseen {
    /// Under shapes, pictures, annotations that were painted after them.
    pub under: [u64; 3],
    /// Pictures of which a part lies under black shapes or annotations with no words on them.
    pub partly: u64,
    /// Beside the page.
    pub outside: u64,
    /// Cut off by a clip.
    pub clipped: u64,
    /// Painted with no opacity, or no ink.
    pub clear: u64,
}

/// How much of a page is not seen, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::pdf) struct Concealed {
    pub letters: Unseen,
    pub pictures: Unseen,
    /// Letters that are not drawn: text that was recognised under a picture, or meant for nobody.
    pub undrawn: u64,
    /// In the colour of their ground.
    pub alike: u64,
    /// Smaller than a point.
    pub tiny: u64,
}

/// Places at which a letter is looked at: what covers one third of it does not hide it.
pub(super) const PLACES: usize = 9;

/// A letter that was seen when it was drawn.
pub(super) struct Letter {
    cells: [Option<(u16, u16)>; PLACES],
    order: u32,
}

/// A picture that was seen when it was drawn.
pub(super) struct Placed {
    cells: Vec<(u16, u16)>,
    order: u32,
}

/// How a letter is drawn.
#[derive(Debug, Clone, Copy)]
pub(in crate::pdf::text) struct Drawn {
    /// 9.3.6, of which 8 are known.
    pub mode: u8,
    /// Size of the font on the page, in points.
    pub size: f64,
    /// Whether it is known to be no space.
    pub is_known: bool,
    /// The corners on the page of the box that it is, if it is one.
    pub block: Option<[Point; 4]>,
}

fn small((x, y): (usize, usize)) -> (u16, u16) {
    (u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(y).unwrap_or(u16::MAX))
}

impl Sight<'_> {
    /// A letter whose places on the page are these.
    pub fn letter(&mut self, places: [Point; PLACES], drawn: Drawn, paint: &Paint) {
        // Also when nothing is painted, letters cost their time.
        if self.is_off() || !self.canvas.work.spend(64) {
            return;
        }
        let matrix = self.canvas.matrix;
        let cells = places.map(|(x, y)| self.canvas.cell(point(matrix, x, y)));
        let is_judged = drawn.is_known;
        if drawn.mode == 7 {
            self.has_pending = true;
            self.pending += u64::from(is_judged);
            return;
        }
        self.has_pending |= drawn.mode > 3;
        let Some(clip) = &paint.clip else { return };
        let on_paper = || cells.iter().flatten();
        let why = if drawn.mode == 3 {
            Some(&mut self.found.undrawn)
        } else if on_paper().next().is_none() {
            Some(&mut self.found.letters.outside)
        } else if drawn.size < 1.0 {
            Some(&mut self.found.tiny)
        } else if !on_paper().any(|(x, y)| clip.lets(*x, *y)) {
            Some(&mut self.found.letters.clipped)
        } else {
            None
        };
        if let Some(count) = why {
            *count += u64::from(is_judged);
            return;
        }
        match self.differs(&cells, drawn.mode, paint) {
            Some(true) => {
                if let Some(corners) = drawn.block.filter(|_| drawn.mode % 4 != 1) {
                    self.block(corners, paint);
                }
                let order = self.order;
                self.keep(Letter { cells: cells.map(|cell| cell.map(small)), order });
            }
            Some(false) => self.found.alike += u64::from(is_judged),
            None => self.found.letters.clear += u64::from(is_judged),
        }
    }

    /// A letter that is a box covers like one.
    fn block(&mut self, corners: [Point; 4], paint: &Paint) {
        let mut outline = Outline::default();
        for (at, (x, y)) in corners.into_iter().enumerate() {
            let place = point(self.canvas.matrix, x, y);
            if at == 0 { outline.start(place) } else { outline.line(place) }
        }
        self.fill(&outline, Rule::Winding, paint);
    }

    /// Letters of a font that can't be read.
    pub fn miss_font(&mut self) {
        self.lacks = Some("letters of a font that can't be read");
    }

    /// Whether a letter differs from its ground; `None` where nothing is drawn.
    fn differs(&self, cells: &[Option<(usize, usize)>; PLACES], mode: u8, paint: &Paint) -> Option<bool> {
        let inks = [
            (matches!(mode % 4, 0 | 2), &paint.fill, paint.fill_alpha),
            (matches!(mode % 4, 1 | 2), &paint.stroke, paint.stroke_alpha),
        ];
        let (mut is_drawn, mut differs) = (false, false);
        for (_, ink, alpha) in inks.into_iter().filter(|(is_used, ..)| *is_used) {
            let Some(lay) = paint.lay(ink, alpha) else { continue };
            is_drawn = true;
            differs |= match (lay, ink.colour) {
                // Hardly there at all.
                (Lay::Through(much), _) if much < 0.06 => false,
                (Lay::Over | Lay::Through(_), Some(colour)) => cells.iter().flatten().any(|(x, y)| {
                    let ground = self.canvas.patch(*x, *y).and_then(|patch| patch.ground);
                    ground.is_none_or(|ground| ground.is_told_from(colour))
                }),
                _ => true,
            };
        }
        is_drawn.then_some(differs)
    }

    fn keep(&mut self, letter: Letter) {
        // What is written over it is not written on a plain ground.
        let cells = || letter.cells.iter().flatten().map(|(x, y)| (usize::from(*x), usize::from(*y)));
        let span = |values: &mut dyn Iterator<Item = usize>| {
            values.fold((usize::MAX, 0), |(low, high), value| (low.min(value), high.max(value)))
        };
        let ((left, right), (low, high)) = (span(&mut cells().map(|c| c.0)), span(&mut cells().map(|c| c.1)));
        self.canvas.blur((left, low), (right, high));
        if self.letters.len() < limits::PDF_LETTERS {
            self.letters.push(letter);
        } else {
            self.lacks = Some("characters of a page of a PDF");
        }
    }

    /// The text that begins or ends here, and whether it is a clip from now on.
    pub fn begin_text(&mut self, paint: &Paint) {
        if !paint.in_letters {
            self.found.undrawn += std::mem::take(&mut self.pending);
        }
        self.has_pending = false;
    }

    pub fn end_text(&mut self, paint: &mut Paint) {
        paint.in_letters |= std::mem::take(&mut self.has_pending);
    }

    /// A picture whose places on the page are these, which paints or does not.
    pub(super) fn place(&mut self, places: &[Point], paint: &Paint, is_drawn: bool) {
        let matrix = self.canvas.matrix;
        let Some(clip) = &paint.clip else { return };
        let cells: Vec<(usize, usize)> =
            places.iter().filter_map(|(x, y)| self.canvas.cell(point(matrix, *x, *y))).collect();
        if cells.is_empty() {
            self.found.pictures.outside += 1;
        } else if !is_drawn {
            self.found.pictures.clear += 1;
        } else if !cells.iter().any(|(x, y)| clip.lets(*x, *y)) {
            self.found.pictures.clipped += 1;
        } else if self.pictures.len() < limits::PDF_PLACED {
            let order = self.order;
            self.pictures.push(Placed { cells: cells.into_iter().map(small).collect(), order });
        } else {
            self.lacks = Some("pictures of a page of a PDF");
        }
    }

    /// What was painted over letters and pictures since they were drawn.
    pub(super) fn settle(&mut self) {
        self.found.undrawn += std::mem::take(&mut self.pending);
        let over = |(x, y): (u16, u16), order: u32| {
            let patch = self.canvas.patch(usize::from(x), usize::from(y))?;
            (patch.order > order | 3).then_some(patch.order & 3)
        };
        for letter in &self.letters {
            let mut covers = letter.cells.iter().flatten().map(|cell| over(*cell, letter.order));
            count(&mut covers, &mut self.found.letters.under);
        }
        let written = self.written();
        for picture in &self.pictures {
            let mut covers = picture.cells.iter().map(|cell| over(*cell, picture.order));
            if !count(&mut covers, &mut self.found.pictures.under) {
                let is_out = |(x, y): &&(u16, u16)| {
                    let Some(patch) = self.canvas.patch(usize::from(*x), usize::from(*y)) else { return false };
                    let is_black = patch.ground.is_some_and(|ground| !ground.is_told_from(Rgb::BLACK));
                    let sort = patch.order & 3;
                    let hides = sort == Cover::Note as u32 || sort == Cover::Shape as u32 && is_black;
                    patch.order > picture.order | 3 && hides && !written.contains(&patch.order)
                };
                self.found.pictures.partly += u64::from(picture.cells.iter().filter(is_out).count() >= PART);
            }
        }
    }

    /// What was painted and has words on it, by its order.
    fn written(&self) -> HashSet<u32> {
        let letters = self.letters.iter().filter(|_| !self.pictures.is_empty());
        let cells = letters.flat_map(|letter| letter.cells.iter().flatten().map(|cell| (*cell, letter.order)));
        let orders = cells.filter_map(|((x, y), order)| {
            let patch = self.canvas.patch(usize::from(x), usize::from(y))?;
            (patch.order <= order | 3).then_some(patch.order)
        });
        orders.collect()
    }
}

/// Places of a picture, of 256, that are blacked out before it is told.
const PART: usize = 3;

/// Counts what is covered everywhere, by what covers it last; whether it is.
fn count(covers: &mut dyn Iterator<Item = Option<u32>>, under: &mut [u64; 3]) -> bool {
    let mut last = None;
    for cover in covers {
        match cover {
            Some(cover) => last = last.max(Some(cover)),
            None => return false,
        }
    }
    let sort = match last {
        None => return false,
        Some(sort) if sort == Cover::Note as u32 => 2,
        Some(sort) if sort == Cover::Picture as u32 => 1,
        Some(_) => 0,
    };
    if let Some(count) = under.get_mut(sort) {
        *count += 1;
    }
    true
}
