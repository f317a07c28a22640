//! 走査. A whole share: what is graded, what is not, what lies where it should not. Millions of files in bounded memory;
//! unchanged files are not read again, and a scan that was cut off goes on.

mod finding;
mod record;
mod results;
mod tally;
mod walk;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::PayloadSuite;
use kakuzuke_core::label::Label;
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::{Kind, State, detect};
use rayon::prelude::*;

pub use finding::Doubt;
pub use record::{ScanLabel, ScanState, Scanned};
pub use results::{scan_place, scanned};
pub use tally::{Doubted, Share, Tally};

use crate::batch::in_pool;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::files::Original;
use crate::look;
use crate::options::Batch;
use crate::reports::{Form, Shown, SignatureState};
use crate::session::Session;
use finding::Judgement;
use record::Stamp;
use results::{Head, Results};
pub(crate) use walk::{Found, is_in_passing, walk};

/// What results rest on: another number when a file would be seen with other eyes.
const RULES: &str = "1";
/// Files looked at together.
const GROUP: usize = 1_024;

/// How to scan.
#[derive(Debug, Clone, Default)]
pub struct Scanning {
    /// Threads; usually as many as there are processors.
    pub threads: Option<NonZeroUsize>,
    /// Where 機密性3 may lie; anywhere when there is none.
    pub secrets: Vec<PathBuf>,
    /// Looks at unchanged files, too.
    pub again: bool,
}

/// How far a scan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanProgress {
    /// Files in all, once they have been counted.
    pub total: Option<u64>,
    /// Files done.
    pub finished: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Time since the beginning.
    pub elapsed: Duration,
}

/// 走査. Looks at every file below the paths and writes one line for each to `results`, where the next scan finds them.
/// With a session, signatures are judged.
///
/// # Errors
/// When a path is not there, or the results can't be written; what can't be read in a share is a result itself.
pub fn scan(
    session: Option<&Session>,
    paths: &[PathBuf],
    scanning: &Scanning,
    results: &Path,
    progress: &(dyn Fn(&ScanProgress) + Sync),
) -> Result<Tally> {
    for path in paths {
        path.metadata().map_err(|error| Error::io(path, error))?;
    }
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let roots = walk::roots(paths).map_err(|error| Error::io(first, error))?;
    let secrets = walk::roots(&scanning.secrets).map_err(|error| Error::io(first, error))?;
    let now = session.map_or_else(|| SystemClock.now(), |session| session.0.clock.now());
    let judgement = Judgement { secrets, now: Some(now) };
    let total = AtomicU64::new(u64::MAX);
    let eyes = Eyes { session, judgement: &judgement, again: scanning.again, now };
    let batch = Batch { threads: scanning.threads };
    std::thread::scope(|scope| {
        scope.spawn(|| total.store(walk::count(&roots), Ordering::Relaxed));
        in_pool(&batch, || eyes.over(&roots, results, &total, progress))?
    })
}

/// Who looks, and how.
struct Eyes<'a> {
    session: Option<&'a Session>,
    judgement: &'a Judgement,
    again: bool,
    now: Timestamp,
}

/// A file, and what an earlier scan knows of it.
struct Next {
    found: Found,
    known: Option<Scanned>,
}

impl Eyes<'_> {
    fn over(
        &self,
        roots: &[PathBuf],
        results: &Path,
        total: &AtomicU64,
        progress: &(dyn Fn(&ScanProgress) + Sync),
    ) -> Result<Tally> {
        let began = Instant::now();
        let (mut out, mut known) = Results::begin(results, &Head::new(roots, RULES))?;
        let mut tally = Tally::new(roots);
        let mut walk = walk(roots).map(|found| {
            let known = match &found {
                Found::File { path, bytes, stamp } if !self.again => known.of(path, *bytes, *stamp),
                Found::File { .. } | Found::Unreachable(_) => None,
            };
            Next { found, known }
        });
        loop {
            let group: Vec<Next> = walk.by_ref().take(GROUP).collect();
            if group.is_empty() {
                break;
            }
            tally.unchanged += u64::try_from(group.iter().filter(|next| next.known.is_some()).count()).unwrap_or(0);
            let seen: Vec<Scanned> = group.into_par_iter().map(|next| self.look(next)).collect();
            for seen in &seen {
                out.put(seen)?;
                tally.count(roots, seen, self.now);
            }
            let total = Some(total.load(Ordering::Relaxed)).filter(|total| *total != u64::MAX);
            progress(&ScanProgress { total, finished: tally.files, bytes: tally.bytes, elapsed: began.elapsed() });
        }
        drop(walk);
        out.finish()?;
        Ok(tally)
    }

    fn look(&self, next: Next) -> Scanned {
        let (path, mut seen) = match (next.found, next.known) {
            (Found::File { path, .. }, Some(known)) => (path, known),
            (Found::File { path, bytes, stamp }, None) => {
                let seen = self.read(&path, bytes, stamp);
                (path, seen)
            }
            (Found::Unreachable(path), _) => {
                let seen = Scanned::new(&path, 0, Stamp::default());
                (path, seen)
            }
        };
        seen.doubts = self.judgement.doubts(&seen, &path);
        seen
    }

    fn read(&self, path: &Path, bytes: u64, stamp: Stamp) -> Scanned {
        let mut seen = Scanned::new(path, bytes, stamp);
        let Ok(original) = Original::read(path) else { return seen };
        let name = path.file_name().and_then(std::ffi::OsStr::to_str);
        let detection = detect(original.file(), name);
        if let Ok(detection) = &detection {
            seen.kind = kind_of(detection.kind, path);
        }
        match look::examine(&original, path, self.session) {
            Ok((shown, section)) => {
                let sealed = matches!(shown.form, Form::Envelope | Form::Carrier);
                let clear = section.payload_suite() == PayloadSuite::Clear;
                seen.state = if sealed && !clear { ScanState::Protected } else { ScanState::Labelled };
                seen.label = Some(label_of(&shown, section.label()));
            }
            Err(error) => {
                seen.state = match detection.map(|found| found.state) {
                    Ok(State::Locked(_)) => ScanState::Locked,
                    Ok(State::Damaged(_)) if error.code() == Code::NotProtected => ScanState::LostEnvelope,
                    Ok(_) if error.code() == Code::NotProtected => ScanState::Unlabelled,
                    _ => ScanState::Unread,
                };
            }
        }
        seen
    }
}

/// What people call it: files that no plugin knows go by the extension of their name.
fn kind_of(kind: Kind, path: &Path) -> String {
    let named = || path.extension().and_then(std::ffi::OsStr::to_str).map(str::to_lowercase);
    let known = Some(kind.extension().to_owned());
    let name = if kind == Kind::Opaque { named() } else { known };
    name.filter(|name| name.chars().count() <= 16).unwrap_or_default()
}

fn label_of(shown: &Shown, label: &Label) -> ScanLabel {
    let view = &shown.label;
    ScanLabel {
        grade: view.grade.clone(),
        restrictions: view.restrictions.clone(),
        decided_by: format!("{} {}", view.decided_by.post, view.decided_by.name).trim().to_owned(),
        decided_at: view.decided_at,
        valid_until: view.valid_until,
        retained_until: label.retained_until().filter(|_| !label.retained_by_event()),
        genuine: match shown.signature {
            SignatureState::Valid => Some(true),
            SignatureState::Invalid => Some(false),
            SignatureState::UnknownAuthority => None,
        },
    }
}
