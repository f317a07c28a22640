//! 規則を引ける形に. All words of all detectors in one automaton, so that a document is gone through once.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use unicode_normalization::UnicodeNormalization;

use super::stream::{is_japanese, unify};
use crate::label::{Detector, Scan, Taxonomy};

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Makes findings of a detector sure.
    Near(usize),
    /// Is, or begins, a finding of a detector.
    Begins(usize),
}

/// Rules in a form that a document can be held against; made once for many documents.
#[derive(Debug)]
pub struct Rules {
    pub(super) taxonomy: Taxonomy,
    pub(super) words: AhoCorasick,
    pub(super) roles: Vec<Vec<Role>>,
    /// Signs of a marking, as written in any width.
    pub(super) signs: AhoCorasick,
    /// Words of markings, folded, with their detectors.
    pub(super) markings: BTreeMap<String, usize>,
}

/// Rules that cannot be looked for.
#[derive(Debug, thiserror::Error)]
#[error("the words of the taxonomy are too many to be looked for")]
pub struct RulesError;

impl Rules {
    /// The rules of a taxonomy.
    ///
    /// # Errors
    /// When its words are too many.
    pub fn new(taxonomy: &Taxonomy) -> Result<Self, RulesError> {
        let mut table: BTreeMap<String, Vec<Role>> = BTreeMap::new();
        let mut markings = BTreeMap::new();
        for (at, rule) in taxonomy.detectors().iter().enumerate() {
            rule.near.iter().for_each(|word| table.entry(form(word)).or_default().push(Role::Near(at)));
            match rule.scan {
                Scan::Marking => markings.extend(rule.words.iter().map(|word| (fold(word), at))),
                _ => rule.words.iter().for_each(|word| table.entry(form(word)).or_default().push(Role::Begins(at))),
            }
        }
        table.retain(|word, _| !word.is_empty());
        let (words, roles): (Vec<String>, Vec<Vec<Role>>) = table.into_iter().unzip();
        Ok(Self {
            taxonomy: taxonomy.clone(),
            words: automaton(&words)?,
            roles,
            signs: automaton(&signs(taxonomy))?,
            markings,
        })
    }

    pub(super) fn rule(&self, at: usize) -> Option<&Detector> {
        self.taxonomy.detectors().get(at)
    }
}

fn automaton(words: &[String]) -> Result<AhoCorasick, RulesError> {
    let states: usize = words.iter().map(String::len).sum();
    // A table is fast and large; with an agency's great dictionaries it would be too large.
    let kind = if states < 20_000 { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .kind(Some(kind))
        .build(words)
        .map_err(|_| RulesError)
}

/// A word in the form the text is brought into.
pub(super) fn form(word: &str) -> String {
    let signs: Vec<char> = word.trim().nfkc().map(unify).collect();
    let space = |at: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(|c| is_japanese(*c));
        beside(at.checked_sub(1)) && beside(Some(at + 1))
    };
    signs.iter().enumerate().filter(|(at, c)| **c != ' ' || !space(*at)).map(|(_, c)| *c).collect()
}

/// A marking without spaces and in one case.
pub(super) fn fold(word: &str) -> String {
    crate::label::width::fold(word).to_lowercase()
}

/// What shows that a line may be a marking: some sign of it in the widths it is written in.
fn signs(taxonomy: &Taxonomy) -> Vec<String> {
    let mut signs: Vec<String> =
        ["機密性", "完全性", "可用性", "【機", "(機", "（機", "I1A", "I2A", "Ｉ１Ａ", "Ｉ２Ａ"]
            .map(str::to_owned)
            .to_vec();
    signs.extend(["禁止", "要許可", "限り", "廃棄", "必須", "秘", "特定", "特別防衛", "重要経済"].map(str::to_owned));
    for rule in taxonomy.detectors().iter().filter(|rule| rule.scan == Scan::Marking) {
        // Letters may stand apart, so that only single ones can be looked for; the last says most.
        let last = |word: &String| word.trim().chars().next_back().map(String::from);
        signs.extend(rule.words.iter().chain(&rule.endings).filter_map(last));
    }
    signs
}
