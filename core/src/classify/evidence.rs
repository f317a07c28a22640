//! 根拠. What was found, where, how sure, in a form that can be shown: what was found itself stays covered.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::code::Text;
use crate::label::{Detector, Scan};
use crate::passage::Spot;

/// Most pieces of evidence kept for one detector; the rest is counted.
pub const MAX_EVIDENCE: usize = 5;
/// Most different values told apart for one detector.
const MAX_VALUES: usize = 256;

/// 根拠の一件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    #[serde(serialize_with = "spot_name")]
    pub spot: Spot,
    /// Characters of the passage before it, as written.
    pub offset: usize,
    /// The words around it, with what identifies anybody covered.
    pub snippet: String,
    /// How sure, in percent.
    pub confidence: u8,
}

fn spot_name<S: serde::Serializer>(spot: &Spot, to: S) -> Result<S::Ok, S::Error> {
    spot.name().serialize(to)
}

/// What one detector has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The detector's id.
    pub detector: String,
    /// What it finds.
    pub name: Text,
    /// How often in all.
    pub total: u64,
    /// How many different ones it is sure of (counted to 256).
    pub different: u32,
    /// How many different ones it takes to ask for anything.
    pub least: u32,
    /// Highest confidence, in percent.
    pub confidence: u8,
    /// 情報公開法第５条の号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemption: Option<u8>,
    /// Whether it asks for the grades below.
    pub asks: bool,
    /// 機密性 it asks for.
    pub confidentiality: u8,
    /// 完全性 it asks for.
    pub integrity: u8,
    /// 可用性 it asks for.
    pub availability: u8,
    /// Why.
    pub reason: Text,
    /// Some of the evidence; the surest.
    pub evidence: Vec<Finding>,
}

/// From this on a finding counts, in percent.
pub(super) const SURE: u8 = 80;

/// Counts what one detector finds.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    total: u64,
    values: BTreeSet<String>,
    evidence: Vec<Finding>,
}

impl Tally {
    /// One more finding; `value` tells different ones apart.
    pub(super) fn add(&mut self, value: &str, confidence: u8, show: impl FnOnce() -> Finding) {
        self.total += 1;
        if confidence >= SURE && self.values.len() < MAX_VALUES {
            self.values.insert(value.chars().take(40).collect());
        }
        if self.evidence.len() < MAX_EVIDENCE {
            self.evidence.push(show());
        } else if let Some(least) =
            self.evidence.iter_mut().min_by_key(|f| f.confidence).filter(|f| f.confidence < confidence)
        {
            *least = show();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// What came of it.
    pub(super) fn seen(self, rule: &Detector) -> Seen {
        let different = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        Seen {
            detector: rule.id.clone(),
            name: rule.name.clone(),
            total: self.total,
            different,
            least: rule.least,
            confidence: self.evidence.iter().map(|f| f.confidence).max().unwrap_or(0),
            exemption: rule.exemption,
            asks: different >= rule.least,
            confidentiality: rule.confidentiality,
            integrity: rule.integrity,
            availability: rule.availability,
            reason: rule.reason.clone(),
            evidence: self.evidence,
        }
    }
}

/// Characters shown on either side.
const AROUND: usize = 12;

/// The words around a finding, what was found covered, and every digit. Beside what identifies people stand others who
/// must not be shown either: there only a word for it is.
pub(super) fn snippet(text: &str, start: usize, end: usize, rule: &Detector) -> String {
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(line_start..start).unwrap_or_default();
    let after = text.get(end..).and_then(|after| after.split('\n').next()).unwrap_or_default();
    let found = cover(text.get(start..end).unwrap_or_default(), rule.scan);
    if !matches!(rule.scan, Scan::Words | Scan::Marking) {
        let word = rule.near.iter().find(|word| before.contains(word.as_str()));
        let dots = if before.is_empty() { "" } else { "…" };
        let more = if after.is_empty() { "" } else { "…" };
        return format!("{}{dots}{found}{more}", word.map_or("", String::as_str));
    }
    let skip = before.chars().count().saturating_sub(AROUND);
    let head: String = before.chars().skip(skip).map(cover_digit).collect();
    let tail: String = after.chars().take(AROUND).map(cover_digit).collect();
    let (dots, more) = (if skip > 0 { "…" } else { "" }, if after.chars().count() > AROUND { "…" } else { "" });
    format!("{dots}{}{found}{}{more}", cover_mail(&head), cover_mail(&tail))
}

const fn cover_digit(c: char) -> char {
    if c.is_ascii_digit() { '*' } else { c }
}

/// Addresses beside the one found.
fn cover_mail(text: &str) -> String {
    if !text.contains('@') {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_ascii_alphanumeric() { '*' } else { c }).collect()
}

fn cover(found: &str, scan: Scan) -> String {
    let keep_first = |n: usize| found.chars().enumerate().map(|(at, c)| if at < n { c } else { '○' }).collect();
    match scan {
        Scan::Words | Scan::Marking => found.to_owned(),
        Scan::PersonName => keep_first(1),
        Scan::Address => keep_first(3),
        Scan::Email => {
            let host = found.find('@').unwrap_or(0);
            let (name, host) = found.split_at(host);
            format!("{}{host}", "*".repeat(name.chars().count()))
        }
        _ => found.chars().map(|c| if c.is_ascii_alphanumeric() { '*' } else { c }).collect(),
    }
}
