//! 格付の提案. Reads documents and says which label they ask for, with the evidence. Nothing is changed and nobody is told.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kakuzuke_core::classify::{Classifier, Rules, Suggestion};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::label::Taxonomy;
use kakuzuke_core::passage::Spot;
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::{State, TextSummary, detect, text};
use rayon::prelude::*;
use serde::Serialize;

use crate::batch::in_pool;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::files::Original;
use crate::options::{Batch, Grading};
use crate::reports::{Failure, Outcome, Summary};
use crate::scan::{Found, walk};
use crate::session::Session;

/// Characters of text for each picture below which a document may be a scan of paper.
const FEW: u64 = 100;

/// A document and the label suggested for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggested {
    /// The document.
    pub path: PathBuf,
    /// What is suggested, and why.
    #[serde(flatten)]
    pub suggestion: Suggestion,
}

impl Suggested {
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
    for path in paths {
        path.symlink_metadata().map_err(|error| Error::io(path, error))?;
    }
    let taxonomy = session.map_or_else(Taxonomy::jp_h30, |session| session.0.taxonomy);
    let now = session.map_or_else(|| SystemClock.now(), |session| session.0.clock.now());
    let rules = Rules::new(taxonomy).map_err(|e| Error::of(Code::LimitExceeded).caused_by(e))?;
    let files: Vec<(PathBuf, bool)> = paths.iter().flat_map(files_of).collect();
    let one = |(path, named): &(PathBuf, bool)| match suggest_one(path, &rules, now) {
        Ok(suggestion) => Outcome::Done(Suggested { path: path.clone(), suggestion }),
        Err(error) if !named && error.code() == Code::AlreadyProtected => {
            Outcome::Skipped(Failure::new(path.clone(), &error))
        }
        Err(error) => Outcome::Failed(Failure::new(path.clone(), &error)),
    };
    Ok(Summary::of(in_pool(batch, || files.par_iter().map(one).collect())?))
}

/// The files at and below a path, and whether it was named itself.
fn files_of(path: &PathBuf) -> Vec<(PathBuf, bool)> {
    if !path.is_dir() {
        return vec![(path.clone(), true)];
    }
    let found = walk(std::slice::from_ref(path)).map(|found| match found {
        Found::File { path, .. } | Found::Unreachable(path) => (path, false),
    });
    found.collect()
}

fn suggest_one(path: &Path, rules: &Rules, now: Timestamp) -> Result<Suggestion> {
    let original = Original::read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let detection = detect(original.file(), name.as_deref()).map_err(|e| Error::of(Code::Io).at(path).caused_by(e))?;
    if matches!(detection.state, State::Protected(_)) {
        return Err(Error::of(Code::AlreadyProtected).at(path));
    }
    let mut classifier = Classifier::new(rules, now);
    let read = text(original.file(), name.as_deref(), &mut |passage| {
        classifier.take(&passage);
        ControlFlow::Continue(())
    });
    let summary = read.map_err(|e| Error::of(e.code()).at(path).caused_by(e))?;
    Ok(classifier.finish(unread(summary)))
}

/// What could not be read. A document of pictures with hardly a word is one of them: it may be a scan of paper.
fn unread(summary: TextSummary) -> Vec<(Spot, Text)> {
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
