//! 巡回. The files of a share in one fixed order, so that two runs meet at the same file: neither links nor other file
//! systems' loops are followed, and what a folder's ignore file names is left out.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::record::Stamp;
use crate::batch::is_ours;

/// Names of files in a folder that say what is not scanned there, as in gitignore(5).
pub(super) const IGNORE_FILE: &str = ".kakuzukeignore";

/// A file found, or what could not be looked at.
pub(crate) enum Found {
    File { path: PathBuf, bytes: u64, stamp: Stamp },
    Unreachable(PathBuf),
}

/// Every file below the roots. Each root is walked once, also when one lies in another.
pub(crate) fn walk(roots: &[PathBuf]) -> impl Iterator<Item = Found> + use<> {
    let roots: Vec<PathBuf> = roots.to_vec();
    roots.into_iter().flat_map(|root| entries(&root).filter_map(move |entry| found(entry, &root)))
}

/// How many files there are.
pub(super) fn count(roots: &[PathBuf]) -> u64 {
    let files = |root: &PathBuf| entries(root).flatten().filter(is_document).count();
    roots.iter().map(|root| u64::try_from(files(root)).unwrap_or(u64::MAX)).sum()
}

/// Absolute, in order, none inside another.
pub(super) fn roots(paths: &[PathBuf]) -> std::io::Result<Vec<PathBuf>> {
    let mut roots = paths.iter().map(std::path::absolute).collect::<Result<Vec<_>, _>>()?;
    roots.sort();
    roots.dedup_by(|later, earlier| later.starts_with(earlier));
    Ok(roots)
}

fn entries(root: &Path) -> ignore::Walk {
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).add_custom_ignore_filename(IGNORE_FILE).follow_links(false);
    builder.sort_by_file_name(std::cmp::Ord::cmp);
    builder.build()
}

fn is_document(entry: &ignore::DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file()) && !is_ours(entry.path()) && !is_in_passing(entry.path())
}

/// Lock files that office suites keep beside a document that is open.
pub(crate) fn is_in_passing(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("~$") || (name.starts_with(".~lock.") && name.ends_with('#')) || name == IGNORE_FILE
}

fn found(entry: Result<ignore::DirEntry, ignore::Error>, root: &Path) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return Some(Found::Unreachable(place_of(&error).unwrap_or(root).to_owned())),
    };
    if !is_document(&entry) {
        return None;
    }
    Some(match entry.metadata() {
        Ok(metadata) => Found::File { bytes: metadata.len(), stamp: Stamp::of(&metadata), path: entry.into_path() },
        Err(_) => Found::Unreachable(entry.into_path()),
    })
}

fn place_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place_of(err),
        _ => None,
    }
}
