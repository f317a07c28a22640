//! 巡回. The files of a share in one fixed order, so that two runs meet at the same file: links are not followed, not even
//! those that are put in the place of a folder meanwhile, and what a folder's ignore file names is left out.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kakuzuke_core::code::Text;

use super::ignored::{IGNORE_FILE, Ignored};
use super::record::Stamp;
use crate::batch::is_ours;
use crate::messages;
use crate::platform::{Folder, Sort, name_from};

/// Folders in one another that are gone into.
const DEEPEST: usize = 200;
/// Signatures beside files.
const SIGNATURE: &str = ".kkzsig";

/// A file found, or what could not be looked at.
pub(crate) enum Found {
    File { path: PathBuf, seat: Seat },
    Unreachable { path: PathBuf, why: Text },
}

/// Where a file lies: its name in a folder that is held open.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(super) folder: Arc<Folder>,
    name: OsString,
    /// Whether a signature lies beside it.
    signed: bool,
}

impl Seat {
    /// A path to open it by.
    pub(super) fn way(&self) -> PathBuf {
        self.folder.way(&self.name)
    }

    /// Size and stamp, with that of the signature beside it; none when it is no ordinary file any more.
    pub(super) fn stamp(&self) -> std::io::Result<Option<(u64, Stamp)>> {
        let Some((bytes, stamp)) = stamp_of(&self.folder, &self.name)? else { return Ok(None) };
        let beside = if self.signed { stamp_of(&self.folder, &signature_of(&self.name)).ok().flatten() } else { None };
        Ok(Some((bytes, beside.map_or(stamp, |(_, beside)| stamp.with(&beside)))))
    }
}

/// Every file below the roots. Each root is walked once, also when one lies in another.
pub(crate) fn walk(roots: &[PathBuf]) -> Walk {
    let roots = Vec::from(roots);
    Walk { roots: roots.into_iter(), frames: Vec::new(), ignored: 0 }
}

/// How many files there are; ends early when nobody wants to know any more.
pub(super) fn count(roots: &[PathBuf], goes_on: &dyn Fn() -> bool) -> Option<u64> {
    let mut files = 0;
    for _ in walk(roots) {
        files += 1;
        if !goes_on() {
            return None;
        }
    }
    Some(files)
}

/// Absolute, in order, none inside another.
pub(super) fn roots(paths: &[PathBuf]) -> std::io::Result<Vec<PathBuf>> {
    let mut roots = paths.iter().map(std::path::absolute).collect::<Result<Vec<_>, _>>()?;
    roots.sort();
    roots.dedup_by(|later, earlier| later.starts_with(earlier));
    Ok(roots)
}

/// A way through a share; memory is that of the names of the folders it is in.
pub(crate) struct Walk {
    roots: std::vec::IntoIter<PathBuf>,
    frames: Vec<Frame>,
    /// What was left out: files, and folders with all that lies in them.
    pub(super) ignored: u64,
}

/// A folder it is in, and what of it is still to come.
struct Frame {
    folder: Arc<Folder>,
    ignored: Option<Arc<Ignored>>,
    items: std::vec::IntoIter<(OsString, Sort)>,
    /// Names that have a signature beside them.
    signed: HashSet<OsString>,
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let Some(frame) = self.frames.last_mut() else {
                let root = self.roots.next()?;
                if let Some(found) = self.begin(&root) {
                    return Some(found);
                }
                continue;
            };
            let Some(item) = frame.items.next() else {
                self.frames.pop();
                continue;
            };
            if let Some(found) = self.step(item) {
                return Some(found);
            }
        }
    }
}

impl Walk {
    fn begin(&mut self, root: &Path) -> Option<Found> {
        let found = match root.metadata() {
            Ok(found) => found,
            Err(error) => return Some(Found::Unreachable { path: root.to_owned(), why: messages::io(&error) }),
        };
        if found.is_dir() {
            return self.descend(Folder::named(root), root);
        }
        let (folder, name) = (root.parent()?, root.file_name()?);
        if !found.is_file() || is_ours(root) || is_in_passing(root) {
            return None;
        }
        match Folder::named(folder) {
            Ok(folder) => {
                let signed = stamp_of(&folder, &signature_of(name)).is_ok_and(|found| found.is_some());
                let seat = Seat { folder: Arc::new(folder), name: name.to_owned(), signed };
                Some(Found::File { path: root.to_owned(), seat })
            }
            Err(error) => Some(Found::Unreachable { path: root.to_owned(), why: messages::io(&error) }),
        }
    }

    /// Goes into a folder; says so when it can't.
    fn descend(&mut self, folder: std::io::Result<Folder>, path: &Path) -> Option<Found> {
        let unreachable = |why| Some(Found::Unreachable { path: path.to_owned(), why });
        if self.frames.len() >= DEEPEST {
            return unreachable(messages::TOO_DEEP);
        }
        let opened = folder.and_then(|folder| folder.items().map(|items| (folder, items)));
        let (folder, items) = match opened {
            Ok(opened) => opened,
            Err(error) => return unreachable(messages::io(&error)),
        };
        let has_rules = items.binary_search_by(|item| item.0.as_os_str().cmp(IGNORE_FILE.as_ref())).is_ok();
        let above = self.frames.last().and_then(|frame| frame.ignored.as_ref());
        let ignored = if has_rules { Ignored::of(&folder, above) } else { above.cloned() };
        let signatures = items.iter().filter_map(|item| {
            let stem = item.0.as_encoded_bytes().strip_suffix(SIGNATURE.as_bytes())?;
            Some(name_from(stem.to_vec()))
        });
        let signed = signatures.collect();
        self.frames.push(Frame { folder: Arc::new(folder), ignored, items: items.into_iter(), signed });
        None
    }

    fn step(&mut self, (name, sort): (OsString, Sort)) -> Option<Found> {
        let is_folder = sort == Sort::Folder;
        if !is_folder && sort != Sort::File && sort != Sort::Unsaid {
            return None;
        }
        let frame = self.frames.last()?;
        let path = frame.folder.path().join(&name);
        if !is_folder && (is_ours(&path) || is_in_passing(&path)) {
            return None;
        }
        if frame.ignored.as_ref().is_some_and(|ignored| ignored.names(&path, is_folder)) {
            self.ignored += 1;
            return None;
        }
        if is_folder {
            let inner = frame.folder.enter(&name);
            return self.descend(inner, &path);
        }
        let signed = !frame.signed.is_empty() && frame.signed.contains(&name);
        Some(Found::File { path, seat: Seat { folder: Arc::clone(&frame.folder), name, signed } })
    }
}

/// Size and stamp of an ordinary file in a folder; none when there is something else by now.
fn stamp_of(folder: &Folder, name: &OsStr) -> std::io::Result<Option<(u64, Stamp)>> {
    let facts = folder.facts(name)?;
    Ok((facts.sort == Sort::File).then(|| (facts.size, Stamp::of(&facts))))
}

fn signature_of(name: &OsStr) -> OsString {
    let mut beside = name.to_owned();
    beside.push(SIGNATURE);
    beside
}

/// Lock files that office suites keep beside a document that is open.
pub(crate) fn is_in_passing(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("~$") || (name.starts_with(".~lock.") && name.ends_with('#')) || name == IGNORE_FILE
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(walk: &mut Walk, root: &Path) -> Vec<String> {
        let paths = walk.map(|found| match found {
            Found::File { path, .. } | Found::Unreachable { path, .. } => path,
        });
        paths.map(|path| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_folder_swapped_for_a_link_meanwhile_leads_nowhere() {
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("秘.txt"), b"outside").unwrap();
        for name in ["a", "b"] {
            fs::create_dir(dir.path().join(name)).unwrap();
            fs::write(dir.path().join(name).join("秘.txt"), b"inside").unwrap();
        }
        let mut walk = walk(&[dir.path().to_owned()]);
        let Some(Found::File { seat, .. }) = walk.next() else { panic!("a file") };
        for name in ["a", "b"] {
            fs::rename(dir.path().join(name), outside.path().join(name)).unwrap();
            symlink(outside.path(), dir.path().join(name)).unwrap();
        }
        // The file that was found is still that one; the folder not yet entered is gone.
        assert_eq!(fs::read(seat.way()).unwrap(), b"inside");
        let rest: Vec<Found> = walk.collect();
        assert!(matches!(rest.as_slice(), [Found::Unreachable { path, .. }] if path.ends_with("b")));
    }

    #[test]
    fn ignore_files_hold_for_what_lies_below_and_the_nearest_counts() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("中/深")).unwrap();
        fs::create_dir_all(dir.path().join("外")).unwrap();
        for name in ["a.tmp", "b.txt", "中/a.tmp", "中/深/a.tmp", "外/c.txt"] {
            fs::write(dir.path().join(name), b"x").unwrap();
        }
        fs::write(dir.path().join(IGNORE_FILE), "*.tmp\n/外/\n").unwrap();
        fs::write(dir.path().join("中").join(IGNORE_FILE), "!a.tmp\n").unwrap();
        let mut walk = walk(&[dir.path().to_owned()]);
        assert_eq!(names(&mut walk, dir.path()), ["b.txt", "中/a.tmp", "中/深/a.tmp"]);
        assert_eq!(walk.ignored, 2, "a.tmp, and the folder 外");
    }

    #[test]
    fn what_lies_too_deep_is_told_and_the_rest_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let mut deep = Folder::named(dir.path()).unwrap();
        // Deeper than a path can be long.
        for _ in 0..DEEPEST + 5 {
            let name = OsStr::new("二百文字より長い道のり二百文字より長い道のり");
            rustix::fs::mkdir(deep.way(name), rustix::fs::Mode::RWXU).unwrap();
            deep = deep.enter(name).unwrap();
            fs::write(deep.way(OsStr::new("a.txt")), b"x").unwrap();
        }
        let found: Vec<Found> = walk(&[dir.path().to_owned()]).collect();
        let files = found.iter().filter(|found| matches!(found, Found::File { .. })).count();
        assert_eq!((files, found.len()), (DEEPEST - 1, DEEPEST));
        for found in found {
            if let Found::File { seat, .. } = found {
                assert!(seat.stamp().unwrap().is_some() && fs::read(seat.way()).unwrap() == b"x");
            }
        }
    }
}
