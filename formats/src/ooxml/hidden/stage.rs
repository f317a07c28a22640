//! What stands on a slide and is not seen there: beside it, or in the colour of what is behind it.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::backdrop::Backdrop;
use super::drawn::{self, Ground, Paint, Shape, Size};
use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::text::{Halt, Node, walk};

/// The size of the slides (ISO/IEC 29500-1, 19.2.1.39).
pub(super) fn size(presentation: &str) -> Option<Size> {
    let mut size = None;
    // One that is broken is told when it is cleaned.
    let _ = walk(presentation, &mut |node| match node {
        Node::Start(tag) if tag.name == "sldSz" => {
            let number = |name| tag.get(name).and_then(|n| n.parse::<i64>().ok());
            size = number("cx").zip(number("cy"));
            Err(Halt::Over)
        }
        _ => Ok(()),
    });
    size
}

/// Notes what is not seen on a slide of this size before this backdrop.
pub(super) fn judge(
    slide: &str,
    stage: Option<Size>,
    backdrop: &Backdrop,
    unit: &Unit,
    ledger: &mut Ledger,
) -> Result<(), ReadError> {
    let drawn = drawn::read(slide)?;
    let colours = backdrop.colours(drawn.names.as_ref());
    let beside = drawn.shapes.iter().filter(|shape| shape.shows && is_beside(shape, stage)).count();
    let alike = drawn.pairs.iter().filter(|(ink, ground)| colours.are_alike(ink, ground)).count();
    let ground = match &drawn.ground {
        Ground::Inherited => backdrop.ground(),
        Ground::Is(paint) => colours.of(paint),
    };
    // A colour like that of the ground is seen where something else lies between.
    let vanishes = |ink: &Paint| {
        *ink == Paint::Clear || colours.of(ink).zip(ground).is_some_and(|(ink, ground)| !ink.is_told_from(ground))
    };
    let is_bare = |shape: &Shape| {
        let others = drawn.shapes.iter().filter(|other| other.is_filled).chain(backdrop.covers(shape));
        !others.into_iter().any(|other| other.may_touch(shape))
    };
    let lost = |shape: &&Shape| shape.inks.iter().any(vanishes) && is_bare(shape);
    let unseen = drawn.shapes.iter().filter(lost).flat_map(|shape| &shape.inks).filter(|ink| vanishes(ink)).count();
    const SORTS: [(Category, Text); 3] = [
        (Category::Unseen, Text::fixed("スライドの外に置かれた図形", "a shape beside the slide")),
        (Category::Covered, Text::fixed("文字と同じ色の塗りつぶし", "a shape in the colour of its text")),
        (
            Category::Unseen,
            Text::fixed("背景と同じ色、または透明の文字", "words in the colour of the slide's ground, or in none"),
        ),
    ];
    for ((category, what), count) in SORTS.into_iter().zip([beside, alike, unseen]) {
        for _ in 0..count {
            ledger.kept(category, unit.clone(), &what);
        }
    }
    Ok(())
}

fn is_beside(shape: &Shape, stage: Option<Size>) -> bool {
    let Some(((left, top, right, bottom), (width, height))) = shape.area().zip(stage) else { return false };
    left >= width || top >= height || right <= 0 || bottom <= 0
}
