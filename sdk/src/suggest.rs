//! 格付の提案. Reads documents and says which label they ask for, with the evidence. Nothing is changed and nobody is told.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kakuzuke_core::classify::{Classifier, Rules, Suggestion};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::Digest;
use kakuzuke_core::label::{Mapping, Taxonomy};
use kakuzuke_core::passage::Spot;
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::{Source as _, State, TextSummary, detect, text};
use rayon::prelude::*;
use serde::Serialize;

use crate::batch::in_pool;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::hints::{OtherLabel, mapping, other_labels, stands_for};
use crate::input::{Input, Reading};
use crate::look::label_of;
use crate::messages;
use crate::options::{Batch, Grading};
use crate::reports::{Failure, Outcome, Summary};
use crate::scan::{Found, walk};
use crate::session::Session;

/// Bytes hashed at a time.
const PIECE: usize = 1 << 20;
/// Characters of text for each picture below which a document may be a scan of paper.
const FEW: u64 = 100;

/// A document and the label suggested for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggested {
    /// The document.
    pub path: PathBuf,
    /// The content that was read (SHA-256 over those of its pieces of 1 MiB).
    pub fingerprint: Digest,
    /// The label it carries already, in clear, as it claims: its header line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present: Option<String>,
    /// Whether its content asks for a higher 機密性 than that.
    pub asks_for_more: bool,
    /// What is suggested, and why.
    #[serde(flatten)]
    pub suggestion: Suggestion,
    /// Labels of other schemes in it; what the mapping knows of them is among the evidence.
    #[serde(rename = "other-labels", skip_serializing_if = "Vec::is_empty")]
    pub other_labels: Vec<OtherLabel>,
}

impl Suggested {
    /// How sure the suggestion is, in percent; none where it is the taxonomy's default.
    #[must_use]
    pub fn confidence(&self) -> Option<u8> {
        let it = &self.suggestion;
        let marks = it.markings.iter().map(|mark| mark.confidence);
        marks.chain(it.found.iter().map(|seen| seen.confidence)).max().filter(|_| it.is_founded)
    }

    /// The same in words.
    #[must_use]
    pub fn confidence_text(&self) -> Text {
        match self.confidence() {
            _ if !self.suggestion.out_of_scope.is_empty() => Text::fixed("対象外の表示", "out of scope"),
            _ if !self.suggestion.is_whole => Text::fixed("読めない部分あり", "not all read"),
            Some(percent) if self.suggestion.is_sure => Text::new(
                format!("{}（{percent}％）", messages::SURE.ja),
                format!("{} ({percent}%)", messages::SURE.en),
            ),
            Some(percent) => Text::new(format!("要確認（{percent}％）"), format!("check ({percent}%)")),
            None => Text::fixed("既定", "default"),
        }
    }

    /// What it rests on, in a line each, the weightiest first.
    #[must_use]
    pub fn reasons(&self) -> Vec<Text> {
        let it = &self.suggestion;
        let scope = it.out_of_scope.iter().map(|word| Text::new(format!("「{word}」の表示"), format!("marked {word}")));
        let marks = it.markings.iter().map(|mark| {
            let (place, written) = (&mark.place, &mark.written);
            Text::new(format!("表示「{written}」（{}）", place.ja), format!("marked \"{written}\" ({})", place.en))
        });
        let mut found: Vec<_> = it.found.iter().collect();
        found.sort_by_key(|seen| std::cmp::Reverse((seen.asks, seen.confidentiality, seen.confidence)));
        let found = found.into_iter().map(|seen| {
            let place = seen.evidence.first().map_or(Text::fixed("", ""), |finding| finding.spot.name());
            let (ja, en) = match seen.total {
                1 => (place.ja.to_string(), place.en.to_string()),
                _ => (format!("{} ほか", place.ja), format!("{} and others", place.en)),
            };
            let (name, total) = (&seen.name, seen.total);
            Text::new(format!("{} {total} 件（{ja}）", name.ja), format!("{}: {total} ({en})", name.en))
        });
        let unread = it
            .unread
            .iter()
            .map(|gap| Text::new(format!("読めない箇所：{}", gap.why.ja), format!("not read: {}", gap.why.en)));
        scope.chain(marks).chain(found).chain(unread).collect()
    }

    /// Whether somebody has to decide: it carries no label, or one that says less than its content asks for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.present.is_none() || self.asks_for_more
    }

    /// As an officer would type it.
    #[must_use]
    pub fn grading(&self) -> Grading {
        Grading {
            grade: self.suggestion.grade_line(),
            restrictions: self.suggestion.restrictions_printed(),
            post: None,
        }
    }
}

/// Suggests a label for each file at and below the paths, by the taxonomy in force; without a session, by `jp-h30`.
/// What is sealed is skipped.
///
/// # Errors
/// When a path is not there; what happened to each file is in the summary.
pub fn suggest(session: Option<&Session>, paths: &[PathBuf], batch: &Batch) -> Result<Summary<Suggested>> {
    suggest_mapped(session, mapping(session, None)?.as_ref(), paths, batch)
}

/// The same with a mapping of other schemes' labels that is not the profile's, or with none.
///
/// # Errors
/// As [`suggest`].
pub fn suggest_mapped(
    session: Option<&Session>,
    mapping: Option<&Mapping>,
    paths: &[PathBuf],
    batch: &Batch,
) -> Result<Summary<Suggested>> {
    for path in paths {
        path.symlink_metadata().map_err(|error| Error::io(path, error))?;
    }
    let taxonomy = session.map_or_else(Taxonomy::jp_h30, |session| session.0.taxonomy);
    let now = session.map_or_else(|| SystemClock.now(), |session| session.0.clock.now());
    let rules = Rules::new(taxonomy).map_err(|e| Error::of(Code::LimitExceeded).caused_by(e))?;
    let files: Vec<(PathBuf, bool)> = paths.iter().flat_map(files_of).collect();
    let one = |(path, named): &(PathBuf, bool)| match suggest_one(path, &rules, mapping, now) {
        Ok(suggested) => Outcome::Done(suggested),
        Err(error) if !named && error.code() == Code::AlreadyProtected => {
            Outcome::Skipped(Failure::new(path.clone(), &error))
        }
        Err(error) => Outcome::Failed(Failure::new(path.clone(), &error)),
    };
    Ok(Summary::of(in_pool(batch, || files.par_iter().map(one).collect())?))
}

/// The same for one document, wherever its bytes come from.
///
/// # Errors
/// [`Code::AlreadyProtected`] when it is sealed; when it can't be read.
pub fn suggest_input(session: Option<&Session>, input: &Input) -> Result<Suggested> {
    let taxonomy = session.map_or_else(Taxonomy::jp_h30, |session| session.0.taxonomy);
    let now = session.map_or_else(|| SystemClock.now(), |session| session.0.clock.now());
    let rules = Rules::new(taxonomy).map_err(|e| Error::of(Code::LimitExceeded).caused_by(e))?;
    suggest_from(input, &rules, mapping(session, None)?.as_ref(), now)
}

/// The files at and below a path, and whether it was named itself.
fn files_of(path: &PathBuf) -> Vec<(PathBuf, bool)> {
    if !path.is_dir() {
        return vec![(path.clone(), true)];
    }
    let found = walk(std::slice::from_ref(path)).map(|found| match found {
        Found::File { path, .. } | Found::Unreachable { path, .. } => (path, false),
    });
    found.collect()
}

/// The suggestion for one file.
pub(crate) fn suggest_one(path: &Path, rules: &Rules, mapping: Option<&Mapping>, now: Timestamp) -> Result<Suggested> {
    suggest_from(&Input::Path(path.to_owned()), rules, mapping, now)
}

fn suggest_from(input: &Input, rules: &Rules, mapping: Option<&Mapping>, now: Timestamp) -> Result<Suggested> {
    let taken = input.take()?;
    let view = taken.view();
    let (path, bytes) = (view.path, view.bytes);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let detection = detect(&bytes, name.as_deref()).map_err(|e| Error::of(Code::Io).at(path).caused_by(e))?;
    if matches!(detection.state, State::Protected(_)) {
        return Err(Error::of(Code::AlreadyProtected).at(path));
    }
    let label = label_of(view);
    let fingerprint = fingerprint(bytes).map_err(|e| Error::io(path, e))?;
    let mut classifier = Classifier::new(rules, now);
    let read = text(&bytes, name.as_deref(), &mut |passage| {
        classifier.take(&passage);
        ControlFlow::Continue(())
    });
    let summary = read.map_err(|e| Error::of(e.code()).at(path).caused_by(e))?;
    taken.check_unchanged()?;
    let other_labels = other_labels(bytes, name.as_deref(), mapping);
    for label in &other_labels {
        if let Some(line) = stands_for(label, mapping) {
            classifier.take_other(&label.written(), line);
        }
    }
    let suggestion = classifier.finish(unread(summary));
    let asks_for_more =
        label.as_ref().is_some_and(|label| suggestion.is_founded && suggestion.grade.c > label.grades().c);
    let present = label.map(|label| label.header_line());
    Ok(Suggested { path: path.to_owned(), fingerprint, present, asks_for_more, suggestion, other_labels })
}

/// By what a content is known again: SHA-256 over those of its pieces.
pub(crate) fn fingerprint<'a>(bytes: impl Into<Reading<'a>>) -> std::io::Result<Digest> {
    let bytes = bytes.into();
    let provider = kakuzuke_core::crypto::default_provider();
    let (mut piece, mut pieces, mut at) = (vec![0; PIECE], Vec::new(), 0u64);
    loop {
        let mut filled = 0;
        while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match bytes.read_at(at + filled as u64, rest) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        pieces.extend(provider.sha256(piece.get(..filled).unwrap_or_default()));
        if filled < PIECE {
            return Ok(Digest::from_bytes(provider.sha256(&pieces)));
        }
        at += filled as u64;
    }
}

/// What could not be read. A document of pictures with hardly a word is one of them: it may be a scan of paper.
pub(crate) fn unread(summary: TextSummary) -> Vec<(Spot, Text)> {
    let pictured = summary.pictures > 0 && summary.characters < summary.pictures.saturating_mul(FEW);
    let mut gaps = summary.gaps;
    if pictured {
        let why = Text::new(
            format!("画像が {} 点あり、文字がほとんどありません。画像の中の文字は読めません。", summary.pictures),
            format!("{} pictures and hardly a word; what is written in pictures is not read.", summary.pictures),
        );
        gaps.push((Spot::default(), why));
    }
    gaps
}
