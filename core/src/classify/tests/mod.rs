#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod evaluation;
mod reading;

use super::{Classifier, Rules, Suggestion};
use crate::code::Text;
use crate::label::{Availability, Taxonomy};
use crate::passage::{Part, Passage, Spot, Unit};
use crate::time::Timestamp;

fn passage(unit: Unit, part: Part, text: &str) -> Passage {
    Passage { spot: Spot { within: Vec::new(), unit, part }, text: text.to_owned() }
}

fn body(text: &str) -> Vec<Passage> {
    text.lines().zip(1..).map(|(line, at)| passage(Unit::Paragraph(at), Part::Body, line)).collect()
}

fn judge_with(taxonomy: &Taxonomy, passages: &[Passage], unread: Vec<(Spot, Text)>) -> Suggestion {
    let rules = Rules::new(taxonomy).unwrap();
    let mut classifier = Classifier::new(&rules, Timestamp::from_unix(1_800_000_000));
    passages.iter().for_each(|passage| classifier.take(passage));
    classifier.finish(unread)
}

fn judge(passages: &[Passage]) -> Suggestion {
    judge_with(Taxonomy::jp_h30(), passages, Vec::new())
}

/// How often a detector found something, and how sure it was at most.
fn of(suggestion: &Suggestion, detector: &str) -> (u64, u8) {
    suggestion.found.iter().find(|seen| seen.detector == detector).map_or((0, 0), |seen| (seen.total, seen.confidence))
}
