//! 集計. A share in numbers, in bounded memory however large it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kakuzuke_core::time::Timestamp;
use serde::Serialize;

use super::finding::Doubt;
use super::record::{ScanState, Scanned};

/// Files named for each doubt at most; the others are counted.
const NAMED: usize = 200;
/// Folders counted by themselves at most; what lies in others counts for the whole only.
const FOLDERS: usize = 2_000;
/// Seconds of a year.
const YEAR: i64 = 365 * 86_400 + 86_400 / 4;

/// 集計. Names in it are as far as they are text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tally {
    /// What was looked at.
    pub roots: Vec<String>,
    /// Files in all.
    pub files: u64,
    /// Their size, in bytes.
    pub bytes: u64,
    /// Files not read again, because they have not changed since the last scan.
    pub unchanged: u64,
    /// Files with something the matter.
    pub doubted: u64,
    /// Files by state.
    pub states: BTreeMap<ScanState, u64>,
    /// Labelled files by grade, in the code form.
    pub grades: BTreeMap<String, u64>,
    /// Files by kind: labelled and not.
    pub kinds: BTreeMap<String, Share>,
    /// Files by the folder below the root, two steps deep.
    pub folders: BTreeMap<String, Share>,
    /// Files by age in whole years since they were written, 10 for all that are older.
    pub ages: BTreeMap<u8, Share>,
    /// Files by what is the matter with them.
    pub doubts: BTreeMap<Doubt, Doubted>,
}

/// How many, and how many of them have no label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Files.
    pub files: u64,
    /// Without a label.
    pub unlabelled: u64,
    /// With something the matter.
    pub doubted: u64,
}

/// Files with the same doubt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Doubted {
    /// How many.
    pub files: u64,
    /// The first of them.
    pub named: Vec<String>,
}

impl Tally {
    pub(super) fn new(roots: &[PathBuf]) -> Self {
        Self { roots: roots.iter().map(|root| root.display().to_string()).collect(), ..Self::default() }
    }

    /// Counts a file.
    pub(super) fn count(&mut self, roots: &[PathBuf], seen: &Scanned, now: Timestamp) {
        let path = seen.path();
        self.files += 1;
        self.bytes = self.bytes.saturating_add(seen.bytes);
        *self.states.entry(seen.state).or_default() += 1;
        if let Some(label) = &seen.label {
            *self.grades.entry(label.grade.clone()).or_default() += 1;
        }
        let share = Share {
            files: 1,
            unlabelled: u64::from(seen.state == ScanState::Unlabelled),
            doubted: u64::from(!seen.doubts.is_empty()),
        };
        self.doubted += share.doubted;
        self.kinds.entry(seen.kind.clone()).or_default().add(share);
        let years = (now.since(seen.modified).max(0) / YEAR).min(10);
        self.ages.entry(u8::try_from(years).unwrap_or(10)).or_default().add(share);
        let folder = folder(roots, &path);
        if self.folders.len() < FOLDERS || self.folders.contains_key(&folder) {
            self.folders.entry(folder).or_default().add(share);
        }
        for doubt in &seen.doubts {
            let doubted = self.doubts.entry(*doubt).or_default();
            doubted.files += 1;
            if doubted.named.len() < NAMED {
                doubted.named.push(path.display().to_string());
            }
        }
    }
}

/// Two steps below the root it lies under.
fn folder(roots: &[PathBuf], path: &Path) -> String {
    let below = roots.iter().find_map(|root| Some((root, path.strip_prefix(root).ok()?)));
    let Some((root, below)) = below else { return String::new() };
    let steps = below.parent().map(|folder| folder.components().take(2).collect::<PathBuf>()).unwrap_or_default();
    // Joined to nothing, a root would end in a slash.
    let folder = if steps.as_os_str().is_empty() { root.clone() } else { root.join(steps) };
    folder.display().to_string()
}

impl Share {
    const fn add(&mut self, other: Self) {
        self.files += other.files;
        self.unlabelled += other.unlabelled;
        self.doubted += other.doubted;
    }
}
