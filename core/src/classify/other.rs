//! 他の方式の格付. What a label of another scheme asks for, by the agency's mapping: evidence among the others.

use super::classifier::levels;
use super::evidence::{Finding, MAX_EVIDENCE, Seen};
use crate::code::Text;
use crate::label::GradeLine;
use crate::passage::Spot;

/// A label of another scheme, and what it stands for.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) written: String,
    pub(super) line: GradeLine,
}

/// What they ask for together.
pub(super) fn of_others(others: &[Other]) -> Option<Seen> {
    let top =
        others.iter().map(|other| levels(&other.line)).reduce(|a, b| (a.0.max(b.0), a.1.max(b.1), a.2.max(b.2)))?;
    let finding =
        |other: &Other| Finding { spot: Spot::default(), offset: 0, snippet: other.written.clone(), confidence: 90 };
    Some(Seen {
        detector: "other-label".to_owned(),
        name: Text::fixed("他の方式の格付", "Label of another scheme"),
        total: others.len() as u64,
        different: u32::try_from(others.len()).unwrap_or(u32::MAX),
        least: 1,
        confidence: 90,
        exemption: None,
        asks: true,
        confidentiality: top.0,
        integrity: top.1,
        availability: top.2,
        reason: Text::fixed(
            "他の方式の格付があり、対応表がこの格付に当たるとしています。",
            "It bears a label of another scheme, which the mapping says stands for this.",
        ),
        evidence: others.iter().take(MAX_EVIDENCE).map(finding).collect(),
    })
}
