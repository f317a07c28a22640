//! 走査. A whole share: what is graded, what is not, what lies where it should not, what asks for more than it has. Millions of
//! files in bounded memory; unchanged files are not read again, and a scan that was cut off goes on.

mod content;
mod eyes;
mod finding;
mod ignored;
mod record;
mod results;
mod room;
mod tally;
mod walk;
mod work;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kakuzuke_core::classify::Rules;
use kakuzuke_core::code::Code;
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::id::Digest;
use kakuzuke_core::label::{Mapping, Taxonomy};

pub use finding::Doubt;
pub use record::{ScanInside, ScanLabel, ScanState, ScanSuggestion, Scanned};
pub use results::{scan_place, scanned};
pub use tally::{Doubted, Named, Share, Tally};

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::hints::mapping;
use crate::session::Session;
use crate::watch::FolderRules;
use content::{Judge, PATIENCE};
use eyes::Eyes;
use finding::Judgement;
use results::{Head, Results, files_then};
use room::Room;
pub(crate) use walk::{Found, is_in_passing, walk};
use work::Round;

/// What results rest on: another number when a file would be seen with other eyes.
const RULES: u32 = 3;
/// Threads at most, unless the caller asks for more.
const THREADS: usize = 32;

/// How far files are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Labels, and what the content of documents in clear asks for.
    #[default]
    Content,
    /// Labels only.
    Labels,
}

/// How to scan.
#[derive(Debug, Clone, Default)]
pub struct Scanning {
    /// Threads; as many as there are processors if none is given.
    pub threads: Option<NonZeroUsize>,
    /// Where 機密性3 may lie; anywhere when there is none.
    pub secrets: Vec<PathBuf>,
    /// Folders that are declared (規程による明示), below each of the paths.
    pub rules: Option<FolderRules>,
    /// How far files are looked into.
    pub depth: Depth,
    /// What labels of other schemes stand for; the profile's mapping if none is given.
    pub mapping: Option<PathBuf>,
    /// How long the content of one file is read at most; a minute if none is given.
    pub patience: Option<Duration>,
    /// Looks at unchanged files, too.
    pub again: bool,
}

/// How far a scan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanProgress {
    /// Files in all: those of the last scan, or once they have been counted.
    pub total: Option<u64>,
    /// Files done.
    pub finished: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Time since the beginning.
    pub elapsed: Duration,
}

/// 走査. Looks at every file below the paths and writes one line for each to `results`, where the next scan finds them.
/// With a session, signatures are judged, and content by the taxonomy in force; else by `jp-h30`.
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
    let taxonomy = session.map_or_else(Taxonomy::jp_h30, |session| session.0.taxonomy);
    let rules = Rules::new(taxonomy).map_err(|e| Error::of(Code::LimitExceeded).caused_by(e))?;
    let judgement = Judgement { secrets, roots: roots.clone(), rules: scanning.rules.clone(), now: Some(now) };
    let mapping = mapping(session, scanning.mapping.as_deref())?;
    let judge = Judge {
        rules: &rules,
        taxonomy,
        mapping: mapping.as_ref(),
        now,
        patience: scanning.patience.unwrap_or(PATIENCE),
    };
    let judge = Some(judge).filter(|_| scanning.depth == Depth::Content);
    let mut tally = Tally::new(&roots, judge.is_some());
    let eyes = Eyes { session, judgement: &judgement, judge, room: Room::new() };
    let head = Head::new(&roots, &rests_on(session, taxonomy, mapping.as_ref(), scanning.depth));
    let before = files_then(results);
    let (out, known) = Results::begin(results, &head)?;
    let known = Some(known).filter(|_| !scanning.again);
    let usual = || std::thread::available_parallelism().map_or(4, NonZeroUsize::get).min(THREADS);
    let threads = scanning.threads.map_or_else(usual, NonZeroUsize::get);
    Round { eyes: &eyes, roots: &roots, now, threads, before, progress }.run(out, known, &mut tally)?;
    Ok(tally)
}

/// What would make the same file be seen otherwise: this program's rules, the taxonomy, the mapping of other schemes, who the
/// signatures are judged by.
fn rests_on(session: Option<&Session>, taxonomy: &Taxonomy, mapping: Option<&Mapping>, depth: Depth) -> String {
    let by = session.map_or_else(String::new, |session| session.0.profile.authority().to_string());
    let reference = taxonomy.reference();
    let mapping = mapping.map(|mapping| default_provider().sha256(format!("{mapping:?}").as_bytes()));
    let mapping = mapping.map_or_else(String::new, |digest| Digest::from_bytes(digest).to_string());
    format!("{RULES} {depth:?} {} {} {by} {mapping}", reference.id, reference.version)
}
