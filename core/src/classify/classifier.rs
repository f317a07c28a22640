//! 判定. Passages in, one suggestion out; memory does not grow with the document.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Finding, Seen, Tally, snippet};
use super::marking::{Found, Mark, Reader};
use super::number::{Token, tokens};
use super::other::{Other, of_others};
use super::place::{address_end, email, name_end};
use super::roster::Roster;
use super::rules::{Role, Rules};
use super::stream::Stream;
use super::suggestion::{Marked, Marks, Suggestion, suggest};
use crate::code::Text;
use crate::label::{Detector, GradeLine, Scan};
use crate::passage::{Passage, Spot, Unit};
use crate::time::Timestamp;

/// Text judged at a time, in bytes.
const STRETCH: usize = 48 << 10;
/// Text kept on either side: 300 characters of at most four bytes, and the longest finding.
const CONTEXT: usize = 1_600;
/// Most columns whose headings are remembered.
const MAX_COLUMNS: usize = 4_096;
/// Most markings that are kept.
const MAX_MARKS: usize = 64;

/// 判定器. Takes a document's passages one by one.
#[derive(Debug)]
pub struct Classifier<'r> {
    rules: &'r Rules,
    stream: Stream,
    reader: Reader,
    /// Up to here the stream has been judged.
    done: usize,
    tallies: Vec<Tally>,
    marks: Vec<Marked>,
    /// What labels of other schemes stand for.
    others: Vec<Other>,
    out_of_scope: BTreeSet<String>,
    rosters: Vec<(usize, Vec<String>, Roster)>,
    /// Detectors whose words head a column.
    columns: BTreeMap<(String, String), BTreeSet<usize>>,
}

/// Words found in a stretch.
struct Words {
    /// By detector, where words stand that make it sure.
    near: Vec<Vec<usize>>,
    /// Detector, start, end.
    begins: Vec<(usize, usize, usize)>,
}

impl<'r> Classifier<'r> {
    /// Nothing taken yet. A date without a year in a marking is the next such date after `reference`.
    #[must_use]
    pub fn new(rules: &'r Rules, reference: Timestamp) -> Self {
        let named = rules.taxonomy.detectors().iter().enumerate().filter(|(_, rule)| !rule.headings.is_empty());
        let fold = |rule: &Detector| rule.headings.iter().map(|word| super::rules::fold(word)).collect();
        Self {
            rosters: named.map(|(at, rule)| (at, fold(rule), Roster::default())).collect(),
            rules,
            stream: Stream::default(),
            reader: Reader::new(reference),
            done: 0,
            tallies: vec![Tally::default(); rules.taxonomy.detectors().len()],
            marks: Vec::new(),
            others: Vec::new(),
            out_of_scope: BTreeSet::new(),
            columns: BTreeMap::new(),
        }
    }

    /// Takes the next passage in reading order.
    pub fn take(&mut self, passage: &Passage) {
        for found in self.reader.read(passage, self.rules) {
            self.take_mark(found);
        }
        self.take_names(passage);
        if passage.text.len() <= STRETCH {
            self.push(passage);
            return;
        }
        // A giant of a passage goes by in stretches; its own offsets are those of each stretch.
        let mut rest = passage.text.as_str();
        while !rest.is_empty() {
            let cut = (0..=STRETCH.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
            let (now, then) = rest.split_at_checked(cut.max(1)).unwrap_or((rest, ""));
            self.push(&Passage { spot: passage.spot.clone(), text: now.to_owned() });
            rest = then;
        }
    }

    /// A name in a column of names.
    fn take_names(&mut self, passage: &Passage) {
        for (detector, headings, roster) in &mut self.rosters {
            let (Some(name), Some(rule)) = (roster.read(passage, headings), self.rules.rule(*detector)) else {
                continue;
            };
            let value: String = name.chars().filter(|c| !c.is_whitespace()).collect();
            if let Some(tally) = self.tallies.get_mut(*detector) {
                tally.add(&value, rule.sure, || {
                    let snippet = snippet(name, 0, name.len(), rule);
                    Finding { spot: passage.spot.clone(), offset: 0, snippet, confidence: rule.sure }
                });
            }
        }
    }

    fn push(&mut self, passage: &Passage) {
        self.stream.push(passage);
        if self.stream.text.len() >= STRETCH {
            let until = self.stream.floor(self.stream.text.len() - CONTEXT);
            self.judge(until);
            let keep = self.stream.floor(until.saturating_sub(CONTEXT));
            self.stream.forget(keep);
            self.done = until - keep;
        }
    }

    /// What came of it all. `unread` says what of the document could not be read.
    #[must_use]
    pub fn finish(mut self, unread: Vec<(Spot, Text)>) -> Suggestion {
        self.judge(self.stream.text.len());
        let seen = self.tallies.into_iter().zip(self.rules.taxonomy.detectors());
        let seen = seen.filter(|(tally, _)| !tally.is_empty()).map(|(tally, rule)| tally.seen(rule));
        let seen: Vec<Seen> = seen.into_iter().chain(of_others(&self.others)).collect();
        let restrictions = self.others.iter().flat_map(|other| other.line.restrictions.iter().cloned()).collect();
        let out_of_scope = self.out_of_scope.into_iter().collect();
        suggest(&self.rules.taxonomy, Marks { typed: self.marks, mapped: restrictions }, seen, out_of_scope, unread)
    }

    /// Takes a label of another scheme, `written` so in the document, and what the agency's mapping says it stands for. It
    /// raises what is suggested, and never lowers it.
    pub fn take_other(&mut self, written: &str, line: &GradeLine) {
        if self.others.len() < MAX_MARKS {
            self.others.push(Other { written: written.to_owned(), line: line.clone() });
        }
    }

    fn take_mark(&mut self, found: Found) {
        let Found { mark, spot, offset, written, confidence } = found;
        match mark {
            Mark::OutOfScope(word) => {
                self.out_of_scope.insert(word);
            }
            Mark::Word(detector) => self.count_mark(detector, spot, offset, &written, confidence),
            Mark::Grade(line) => {
                let known = |m: &Marked| m.line == line && m.confidence >= confidence;
                if self.marks.iter().any(known) || self.marks.len() >= MAX_MARKS {
                    return;
                }
                self.marks.push(Marked { line, spot, written, confidence });
            }
        }
    }

    fn count_mark(&mut self, detector: usize, spot: Spot, offset: usize, written: &str, confidence: u8) {
        if let Some(tally) = self.tallies.get_mut(detector) {
            let value = super::rules::fold(written);
            tally.add(&value, confidence, || Finding { spot, offset, snippet: written.to_owned(), confidence });
        }
    }

    /// Judges what begins before `until`.
    fn judge(&mut self, until: usize) {
        let words = self.words();
        self.remember_headings(&words);
        let numbers = tokens(&self.stream.text);
        let candidates = numbers.iter().filter(|t| (self.done..until).contains(&t.start)).collect::<Vec<_>>();
        for token in candidates {
            self.judge_number(token, &words);
        }
        for (detector, start, end) in words.begins.iter().copied() {
            if (self.done..until).contains(&start) {
                self.judge_word(detector, start, end, &words);
            }
        }
        let here = self.done..until;
        let signs = self.stream.text.match_indices('@').map(|(at, _)| at).filter(|at| here.contains(at));
        let signs: Vec<usize> = signs.collect();
        for at in signs {
            self.judge_mail(at, &words);
        }
        self.done = until;
    }

    fn words(&self) -> Words {
        let text = &self.stream.text;
        let mut words = Words { near: vec![Vec::new(); self.tallies.len()], begins: Vec::new() };
        for hit in self.rules.words.find_overlapping_iter(text) {
            if !is_whole(text, hit.start(), hit.end()) {
                continue;
            }
            for role in self.rules.roles.get(hit.pattern().as_usize()).into_iter().flatten() {
                match role {
                    Role::Near(at) => words.near.get_mut(*at).into_iter().for_each(|near| near.push(hit.start())),
                    Role::Begins(at) => words.begins.push((*at, hit.start(), hit.end())),
                }
            }
        }
        words.near.iter_mut().for_each(|near| near.sort_unstable());
        words
    }

    /// A short cell with such a word heads its column.
    fn remember_headings(&mut self, words: &Words) {
        for (detector, near) in words.near.iter().enumerate() {
            for at in near.iter().filter(|at| **at >= self.done) {
                let (Spot { unit: Unit::Cell { sheet, cell }, .. }, _) = self.stream.spot(*at) else { continue };
                let line = line_around(&self.stream.text, *at);
                if line.chars().count() > 24 || self.columns.len() >= MAX_COLUMNS {
                    continue;
                }
                self.columns.entry((sheet, column(&cell))).or_default().insert(detector);
            }
        }
    }

    /// Whether a word that makes it sure stands near, or at the head of its column.
    fn is_near(&self, detector: usize, rule: &Detector, start: usize, words: &Words) -> bool {
        let text = &self.stream.text;
        let close = |at: usize| {
            let (from, to) = (at.min(start), at.max(start));
            to - from <= rule.window * 4 && text.get(from..to).is_some_and(|t| t.chars().count() <= rule.window)
        };
        let near = words.near.get(detector).map_or(&[][..], Vec::as_slice);
        let next = near.partition_point(|at| *at < start);
        let beside = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|at| near.get(at));
        if beside.into_iter().any(|at| close(*at)) {
            return true;
        }
        if self.columns.is_empty() {
            return false;
        }
        match self.stream.spot(start).0.unit {
            Unit::Cell { sheet, cell } => {
                self.columns.get(&(sheet, column(&cell))).is_some_and(|known| known.contains(&detector))
            }
            _ => false,
        }
    }

    fn judge_number(&mut self, token: &Token, words: &Words) {
        let rules = self.rules.taxonomy.detectors().iter().enumerate();
        let mut may_be: Vec<(usize, u8)> = rules
            .filter(|(_, rule)| token.may_be(rule.scan))
            .map(|(at, rule)| {
                let near = self.is_near(at, rule, token.start, words);
                let formed = rule.scan != Scan::Phone || token.is_formed() || token.value().len() == 11;
                (
                    at,
                    if near {
                        rule.sure
                    } else if formed {
                        rule.alone
                    } else {
                        0
                    },
                )
            })
            .filter(|(_, confidence)| *confidence > 0)
            .collect();
        // What stands near a word for it is that, and not what it might be otherwise.
        let most = may_be.iter().map(|(_, confidence)| *confidence).max().unwrap_or(0);
        if most >= super::evidence::SURE {
            may_be.retain(|(_, confidence)| *confidence >= super::evidence::SURE);
        }
        for (at, confidence) in may_be {
            self.count(at, token.whole_start(), token.end, &token.value(), confidence);
        }
    }

    fn judge_word(&mut self, detector: usize, start: usize, end: usize, words: &Words) {
        let Some(rule) = self.rules.rule(detector) else { return };
        let near = self.is_near(detector, rule, start, words);
        let found = match rule.scan {
            Scan::Address => address_end(&self.stream.text, end).map(|end| (end, near)),
            Scan::PersonName => name_end(&self.stream.text, start, end, &rule.after)
                .filter(|name| name.addressed || near)
                .map(|name| (name.end, near)),
            _ => Some((end, near)),
        };
        let Some((end, near)) = found else { return };
        let confidence = if near { rule.sure } else { rule.alone };
        if confidence > 0 {
            let value = self.stream.text.get(start..end).unwrap_or_default().to_owned();
            self.count(detector, start, end, &value, confidence);
        }
    }

    fn judge_mail(&mut self, at: usize, words: &Words) {
        let Some((start, end)) = email(&self.stream.text, at) else { return };
        let value = self.stream.text.get(start..end).unwrap_or_default().to_lowercase();
        let rules: Vec<(usize, u8)> = self
            .rules
            .taxonomy
            .detectors()
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.scan == Scan::Email)
            .map(|(at, rule)| (at, if self.is_near(at, rule, start, words) { rule.sure } else { rule.alone }))
            .collect();
        for (detector, confidence) in rules {
            self.count(detector, start, end, &value, confidence);
        }
    }

    fn count(&mut self, detector: usize, start: usize, end: usize, value: &str, confidence: u8) {
        let Some(rule) = self.rules.rule(detector) else { return };
        let stream = &self.stream;
        if let Some(tally) = self.tallies.get_mut(detector) {
            tally.add(value, confidence, || {
                let (spot, offset) = stream.spot(start);
                Finding { spot, offset, snippet: snippet(&stream.text, start, end, rule), confidence }
            });
        }
    }
}

/// A word of letters stands by itself: `tel` is not in `hotel`.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let (before, after) = (text.get(..start), text.get(end..));
    let first = text.get(start..).and_then(|t| t.chars().next());
    let last = text.get(..end).and_then(|t| t.chars().next_back());
    !(letter(first) && letter(before.and_then(|t| t.chars().next_back()))
        || letter(last) && letter(after.and_then(|t| t.chars().next())))
}

fn line_around(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n);
    text.get(start..end).unwrap_or_default()
}

/// The letters of a cell's name.
fn column(cell: &str) -> String {
    cell.chars().take_while(char::is_ascii_alphabetic).collect()
}

/// What a line says of secrecy and levels.
pub(super) const fn levels(line: &GradeLine) -> (u8, u8, u8) {
    let c = match (line.confidentiality, line.secret_mark) {
        (_, Some(_)) => 3,
        (Some(level), None) => level.level(),
        (None, None) => 0,
    };
    let i = if let Some(level) = line.integrity { level.level() } else { 0 };
    let a = if let Some(level) = line.availability { level.level() } else { 0 };
    (c, i, a)
}
