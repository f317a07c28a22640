//! 内容. What a document in clear asks for by what stands in it. A hostile file costs bounded time and is a result like others.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use kakuzuke_core::classify::{Classifier, Rules, Seen, Suggestion};
use kakuzuke_core::code::Text;
use kakuzuke_core::label::{FileNameMark, GradeLine, Mapping, SecretClass, Taxonomy};
use kakuzuke_core::passage::Spot;
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::{Source, text};

use super::record::ScanSuggestion;
use crate::files::Original;
use crate::hints::{OtherLabel, other_labels, stands_for};
use crate::messages;
use crate::suggest::unread;

/// How long one file is read at most, unless the caller says otherwise.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// Markings below this are not sure to mark the document, in percent.
const SURE: u8 = 80;
/// What was found that is kept of one file.
const KEPT: usize = 3;

/// Judges documents by the rules of a taxonomy.
pub(super) struct Judge<'a> {
    pub(super) rules: &'a Rules,
    pub(super) taxonomy: &'a Taxonomy,
    /// What labels of other schemes stand for.
    pub(super) mapping: Option<&'a Mapping>,
    pub(super) now: Timestamp,
    pub(super) patience: Duration,
}

impl Judge<'_> {
    /// What a document asks for, and why not all of it could be judged.
    pub(super) fn judge(&self, original: &Original, name: Option<&str>) -> (ScanSuggestion, Option<Text>) {
        let patient = Patient::new(original.file(), self.patience);
        let mut classifier = Classifier::new(self.rules, self.now);
        let read = text(&patient, name, &mut |passage| {
            classifier.take(&passage);
            if patient.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let gaps = match read {
            Ok(summary) if summary.is_stopped => vec![(Spot::default(), messages::TOOK_TOO_LONG)],
            Ok(summary) => unread(summary),
            Err(_) if patient.is_over() => vec![(Spot::default(), messages::TOOK_TOO_LONG)],
            Err(error) => vec![(Spot::default(), error.code().text())],
        };
        let why = gaps.first().map(|(_, why)| why.clone());
        let others = if patient.is_over() { Vec::new() } else { other_labels(original.file(), name, self.mapping) };
        let mut stated = None;
        for label in &others {
            if let Some(line) = stands_for(label, self.mapping) {
                stated = stated.max(confidentiality(line));
                classifier.take_other(&label.written(), line);
            }
        }
        let mut shown = self.shown(&classifier.finish(gaps));
        shown.marked = shown.marked.max(stated);
        shown.foreign = others.iter().take(KEPT).map(OtherLabel::written).collect();
        (shown, why)
    }

    /// 機密性 that a file's name says.
    pub(super) fn named(&self, name: &str) -> Option<u8> {
        FileNameMark::read(name, self.taxonomy).and_then(|mark| confidentiality(&mark.line))
    }

    fn shown(&self, suggestion: &Suggestion) -> ScanSuggestion {
        let mut asking: Vec<&Seen> = suggestion.found.iter().filter(|s| s.asks && s.confidentiality > 1).collect();
        asking.sort_by_key(|seen| std::cmp::Reverse((seen.confidentiality, seen.confidence, seen.total)));
        let demanded = asking.first().map_or(0, |seen| seen.confidentiality);
        let sure = || suggestion.markings.iter().filter(|marking| marking.confidence >= SURE);
        let marked = sure().filter_map(|marking| self.level(&marking.written)).max();
        let level = suggestion.grade.c.level();
        let founded = [
            asking.iter().filter(|seen| seen.confidentiality >= level).map(|seen| seen.confidence).max(),
            sure().map(|marking| marking.confidence).max().filter(|_| marked.is_some_and(|marked| marked >= level)),
        ];
        ScanSuggestion {
            grade: suggestion.grade.code(),
            restrictions: suggestion.restrictions_printed(),
            confidence: if suggestion.is_founded { founded.into_iter().flatten().max().unwrap_or(0) } else { 0 },
            is_whole: suggestion.is_whole,
            demanded,
            marked,
            out_of_scope: suggestion.out_of_scope.clone(),
            foreign: Vec::new(),
            found: asking.iter().take(KEPT).map(|seen| (seen.name.clone(), seen.total)).collect(),
        }
    }

    /// 機密性 of a marking as written.
    fn level(&self, written: &str) -> Option<u8> {
        let line = GradeLine::parse(written, self.taxonomy, self.now).ok();
        line.and_then(|line| confidentiality(&line)).or_else(|| self.named(&format!("{written}_")))
    }
}

fn confidentiality(line: &GradeLine) -> Option<u8> {
    let secret = line.secret_mark.map(|_: SecretClass| 3);
    secret.or_else(|| line.confidentiality.map(|level| level.level()))
}

/// A file that is read until a time, and no longer.
pub(super) struct Patient<'a> {
    file: &'a File,
    until: Option<Instant>,
}

impl<'a> Patient<'a> {
    pub(super) fn new(file: &'a File, patience: Duration) -> Self {
        Self { file, until: Instant::now().checked_add(patience) }
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

impl Source for Patient<'_> {
    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if self.is_over() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.file.read_at(offset, buf)
    }
}
