//! 見えるもの. What of a page is seen when all of it is painted, in the order of painting: words and pictures under
//! something, in the colour of their ground, clipped away, beside the page. Judged by what is drawn, cell by cell.

mod canvas;
mod colour;
mod letters;
mod notes;
mod outline;
mod paint;
mod picture;
mod steps;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use hayro_syntax::object::ObjectIdentifier;

pub(super) use canvas::Work;
pub(super) use letters::Drawn;
pub(in crate::pdf) use letters::{Concealed, Unseen};
pub(super) use paint::Paint;

use canvas::{Canvas, Lay};
use letters::{Letter, Placed};
use outline::{Outline, Point, Rule, Shape};
use picture::Picture;

use super::page::Seen;
use crate::hidden::Rgb;

/// What lies over something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    Shape,
    Picture,
    Note,
}

/// A page while it is painted.
pub(super) struct Sight<'h> {
    canvas: Canvas,
    outline: Outline,
    /// The outline clips once it is painted.
    clips: Option<Rule>,
    /// How many things were painted.
    order: u32,
    is_note: bool,
    letters: Vec<Letter>,
    pictures: Vec<Placed>,
    /// Letters that are but a clip as yet.
    pending: u64,
    /// Whether there were such since the text began.
    has_pending: bool,
    found: Concealed,
    /// Marked content that is open: whether its layer is off.
    marked: Vec<bool>,
    hides: &'h dyn Fn(u32) -> bool,
    tiles: HashMap<ObjectIdentifier, bool>,
    /// Words that stand for what is shown.
    said: Vec<String>,
    /// The pictures that were drawn, by the numbers of their objects.
    drawn: BTreeSet<u32>,
    /// The picture read last: the same one is often drawn again and again.
    last_picture: Option<(ObjectIdentifier, Rc<Picture>)>,
    /// Why not all of it was looked at.
    lacks: Option<&'static str>,
}

impl<'h> Sight<'h> {
    fn on(canvas: Canvas, hides: &'h dyn Fn(u32) -> bool) -> Self {
        Self {
            canvas,
            outline: Outline::default(),
            clips: None,
            order: 0,
            is_note: false,
            letters: Vec::new(),
            pictures: Vec::new(),
            pending: 0,
            has_pending: false,
            found: Concealed::default(),
            marked: Vec::new(),
            hides,
            tiles: HashMap::new(),
            said: Vec::new(),
            drawn: BTreeSet::new(),
            last_picture: None,
            lacks: None,
        }
    }

    /// A page of these corners; `hides` knows the layers that are off by the numbers of their objects.
    pub fn new(from: Point, to: Point, work: Work, hides: &'h dyn Fn(u32) -> bool) -> Self {
        Self::on(Canvas::new(from, to, work), hides)
    }

    /// A paint that lies on all of the page.
    pub fn paint_of_page(&self) -> Paint {
        Paint { clip: Some(self.canvas.whole()), ..Paint::default() }
    }

    /// What comes now lies over the page as an annotation.
    pub fn begin_notes(&mut self) {
        self.is_note = true;
        self.marked.clear();
    }

    /// Whether what comes now is on a layer that is off.
    fn is_off(&self) -> bool {
        self.marked.contains(&true)
    }

    /// Paints a shape, in a colour for each cell.
    fn lay(
        &mut self,
        shape: Shape,
        paint: &Paint,
        cover: Cover,
        ink: &mut dyn FnMut(usize, usize) -> Option<(Lay, Option<Rgb>)>,
    ) {
        if self.is_off() {
            return;
        }
        if paint.in_letters {
            self.pending = 0;
        }
        self.order = self.order.saturating_add(4);
        let cover = if self.is_note { Cover::Note } else { cover };
        if let Some(clip) = &paint.clip {
            self.canvas.paint(shape, clip, self.order | cover as u32, ink);
        }
    }

    /// What there was to see.
    pub fn finish(mut self) -> Seen {
        self.settle();
        if self.canvas.work.is_done() {
            self.lacks = Some("what is painted on the pages of a PDF");
        }
        Seen { found: self.found, lacks: self.lacks, words: String::new(), said: self.said, drawn: self.drawn }
    }
}
