//! Outlines (ISO 32000-2, 8.5.2) as straight pieces in the canvas's cells, and the cells that lie in them.

use super::canvas::Work;
use crate::limits;
use crate::pdf::text::page::{Matrix, point};

pub(super) type Point = (f64, f64);

/// What lies in an outline that crosses itself (8.5.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pdf::text) enum Rule {
    Winding,
    EvenOdd,
}

/// An outline under way.
#[derive(Default)]
pub(super) struct Outline {
    pieces: Vec<Vec<Point>>,
    /// How many points, in all.
    count: usize,
    /// Some of it was left out: it is too long.
    pub is_cut: bool,
}

/// A piece of an edge, upwards.
#[derive(Clone, Copy)]
struct Edge {
    low: f64,
    high: f64,
    /// Where it is at `low`.
    at: f64,
    slope: f64,
    turn: i32,
}

/// The edges of an area.
pub(super) struct Shape {
    edges: Vec<Edge>,
    rule: Rule,
}

/// No coordinate is farther away.
const FAR: f64 = 1e7;

impl Outline {
    fn add(&mut self, (x, y): Point) {
        self.count += 1;
        if self.count > limits::PDF_OUTLINE {
            self.is_cut = true;
            return;
        }
        let sound = |n: f64| if n.is_finite() { n.clamp(-FAR, FAR) } else { 0.0 };
        if let Some(piece) = self.pieces.last_mut() {
            piece.push((sound(x), sound(y)));
        }
    }

    pub fn start(&mut self, at: Point) {
        if self.count <= limits::PDF_OUTLINE {
            self.pieces.push(Vec::new());
        }
        self.add(at);
    }

    pub fn line(&mut self, to: Point) {
        if self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        self.add(to);
    }

    /// A curve (8.5.2.2) from where the outline is.
    pub fn curve(&mut self, one: Point, two: Point, to: Point) {
        let from = self.last().unwrap_or(one);
        let length =
            [(from, one), (one, two), (two, to)].map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).iter().sum::<f64>();
        let parts = if length.is_finite() { length.sqrt().ceil().clamp(2.0, 24.0) } else { 2.0 };
        for part in 1..=parts as u32 {
            let t = f64::from(part) / parts;
            let (a, b, c, d) = ((1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3));
            self.line((a * from.0 + b * one.0 + c * two.0 + d * to.0, a * from.1 + b * one.1 + c * two.1 + d * to.1));
        }
    }

    pub fn close(&mut self) {
        if let Some(first) = self.pieces.last().and_then(|piece| piece.first()).copied() {
            self.line(first);
        }
    }

    /// The corners of a box in user space, by the matrix that leads to the cells.
    pub fn rectangle(&mut self, matrix: Matrix, from: Point, to: Point) {
        self.start(point(matrix, from.0, from.1));
        for (x, y) in [(to.0, from.1), to, (from.0, to.1), from] {
            self.line(point(matrix, x, y));
        }
    }

    /// An ellipse in such a box.
    pub fn ellipse(&mut self, matrix: Matrix, from: Point, to: Point) {
        const BEND: f64 = 0.552_284_75;
        let (cx, cy) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let (rx, ry) = ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0);
        let at = |x: f64, y: f64| point(matrix, cx + rx * x, cy + ry * y);
        self.start(at(1.0, 0.0));
        for (x, y) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            // A quarter turn on from (x, y).
            let (u, v) = (-y, x);
            self.curve(at(x + BEND * u, y + BEND * v), at(u + BEND * x, v + BEND * y), at(u, v));
        }
    }

    pub fn last(&self) -> Option<Point> {
        self.pieces.last().and_then(|piece| piece.last()).copied()
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The smallest box it lies in.
    pub fn bounds(&self) -> (Point, Point) {
        let points = || self.pieces.iter().flatten();
        let low = |of: fn(&Point) -> f64| points().map(of).fold(FAR, f64::min);
        let high = |of: fn(&Point) -> f64| points().map(of).fold(-FAR, f64::max);
        ((low(|p| p.0), low(|p| p.1)), (high(|p| p.0), high(|p| p.1)))
    }

    /// The box it is, if it is one along the edges of the page.
    pub fn as_box(&self) -> Option<(Point, Point)> {
        let [piece] = self.pieces.as_slice() else { return None };
        let corners = match piece.as_slice() {
            [a, b, c, d] => [*a, *b, *c, *d],
            [a, b, c, d, e] if a == e => [*a, *b, *c, *d],
            _ => return None,
        };
        let [a, b, c, d] = corners;
        let near = |one: f64, other: f64| (one - other).abs() < 0.01;
        let is_upright = near(a.1, b.1) && near(b.0, c.0) && near(c.1, d.1) && near(d.0, a.0)
            || near(a.0, b.0) && near(b.1, c.1) && near(c.0, d.0) && near(d.1, a.1);
        is_upright.then(|| ((a.0.min(c.0), a.1.min(c.1)), (a.0.max(c.0), a.1.max(c.1))))
    }

    /// What a fill paints.
    pub fn area(&self, rule: Rule) -> Shape {
        let mut shape = Shape { edges: Vec::new(), rule };
        for piece in &self.pieces {
            let ends = piece.iter().skip(1).chain(piece.first());
            piece.iter().zip(ends).for_each(|(from, to)| shape.edge(*from, *to));
        }
        shape
    }

    /// What a line of this width in cells paints, without its caps and joins.
    pub fn trace(&self, width: f64) -> Shape {
        let mut shape = Shape { edges: Vec::new(), rule: Rule::Winding };
        for pair in self.pieces.iter().flat_map(|piece| piece.windows(2)) {
            let [(ax, ay), (bx, by)] = *pair else { continue };
            let length = (bx - ax).hypot(by - ay);
            if length < 1e-6 {
                continue;
            }
            let (u, v) = (-(by - ay) / length * width / 2.0, (bx - ax) / length * width / 2.0);
            let corners = [(ax + u, ay + v), (ax - u, ay - v), (bx - u, by - v), (bx + u, by + v)];
            let ends = corners.iter().skip(1).chain(corners.first());
            corners.iter().zip(ends).for_each(|(from, to)| shape.edge(*from, *to));
        }
        shape
    }
}

impl Shape {
    fn edge(&mut self, from: Point, to: Point) {
        let (low, high, turn) = if from.1 < to.1 { (from, to, 1) } else { (to, from, -1) };
        if low.1 < high.1 {
            let slope = (high.0 - low.0) / (high.1 - low.1);
            self.edges.push(Edge { low: low.1, high: high.1, at: low.0, slope, turn });
        }
    }

    /// Calls `each` with every row of cells of `rows`, and the cells in it whose middles lie inside.
    pub fn scan(mut self, rows: std::ops::Range<usize>, work: &Work, each: &mut dyn FnMut(usize, f64, f64)) {
        self.edges.sort_by(|a, b| a.low.total_cmp(&b.low));
        let first = self.edges.first().map_or(0.0, |edge| edge.low.clamp(0.0, FAR));
        let mut next = 0;
        let (mut active, mut crossings): (Vec<Edge>, Vec<(f64, i32)>) = (Vec::new(), Vec::new());
        for row in rows.start.max(first as usize)..rows.end {
            let middle = row as f64 + 0.5;
            while let Some(edge) = self.edges.get(next).filter(|edge| edge.low <= middle) {
                active.push(*edge);
                next += 1;
            }
            active.retain(|edge| edge.high > middle);
            if active.is_empty() && next >= self.edges.len() {
                return;
            }
            if !work.spend(active.len() as u64 * 8 + 1) {
                return;
            }
            crossings.clear();
            crossings.extend(active.iter().map(|edge| (edge.at + (middle - edge.low) * edge.slope, edge.turn)));
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut turns = 0;
            for pair in crossings.windows(2) {
                let [(from, turn), (to, _)] = *pair else { continue };
                turns += turn;
                let is_inside = match self.rule {
                    Rule::Winding => turns != 0,
                    Rule::EvenOdd => turns % 2 != 0,
                };
                if is_inside {
                    each(row, from, to);
                }
            }
        }
    }
}
