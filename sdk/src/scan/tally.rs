//! 集計. A share in numbers, in bounded memory however large it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Text;
use kakuzuke_core::time::Timestamp;
use serde::Serialize;

use super::finding::Doubt;
use super::record::{ScanState, Scanned, level};

/// Files named for each doubt at most; the others are counted.
const NAMED: usize = 200;
/// Folders counted by themselves at most; what lies in others is counted together.
const FOLDERS: usize = 2_000;
/// Kinds, and grades, counted by themselves at most.
const KINDS: usize = 500;
/// Seconds of a year.
const YEAR: i64 = 365 * 86_400 + 86_400 / 4;

/// 集計. Names in it are as far as they are text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tally {
    /// What was looked at.
    pub roots: Vec<String>,
    /// Whether the content was judged, too.
    pub is_judged: bool,
    /// Files in all.
    pub files: u64,
    /// Their size, in bytes.
    pub bytes: u64,
    /// Files not read again, because they have not changed since the last scan.
    pub unchanged: u64,
    /// Files, and folders with all that lies in them, that ignore files left out.
    pub ignored: u64,
    /// Files in clear some of whose content could not be judged: pictures, other programs' encryption, damage.
    pub unjudged: u64,
    /// Labelled files in archives and mails, in clear; they are no files of the share and in no other number.
    pub labelled_inside: u64,
    /// Protected files in archives and mails.
    pub protected_inside: u64,
    /// Files with something the matter.
    pub doubted: u64,
    /// Files by state.
    pub states: BTreeMap<ScanState, u64>,
    /// Labelled files by grade, in the code form.
    pub grades: BTreeMap<String, u64>,
    /// Files by kind; beyond 500 kinds, the others under no name.
    pub kinds: BTreeMap<String, Share>,
    /// Files by the folder below the root, two steps deep; beyond 2,000, the others under no name.
    pub folders: BTreeMap<String, Share>,
    /// Files by age in whole years since they were written, 10 for all that are older.
    pub ages: BTreeMap<u8, Share>,
    /// Files by what is the matter with them.
    pub doubts: BTreeMap<Doubt, Doubted>,
}

/// How many files of a share, a folder, an age stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Share {
    /// Files.
    pub files: u64,
    /// 機密性３情報, labelled.
    pub secret: u64,
    /// 機密性２情報, labelled.
    pub confidential: u64,
    /// 機密性１情報, labelled.
    pub open: u64,
    /// 規程による明示.
    pub declared: u64,
    /// Without a label.
    pub unlabelled: u64,
    /// Without a label, and confidential by their content.
    pub exposed: u64,
    /// With a label lower than their content asks for.
    pub too_low: u64,
    /// With a label that is to be reviewed.
    pub due: u64,
    /// 機密性３ in the wrong place, or in clear.
    pub misplaced: u64,
    /// With something the matter.
    pub doubted: u64,
}

/// Files with the same doubt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Doubted {
    /// How many.
    pub files: u64,
    /// Those that matter most: by what their content asks for, then by name.
    pub named: Vec<Named>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Where it lies, as far as it is text.
    pub path: String,
    /// Its grade, in the code form; empty without a label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub grade: String,
    /// The grade suggested; empty when nothing is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suggested: String,
    /// How sure the suggestion is, in percent.
    pub confidence: u8,
    /// What was found in it, and how often.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<(Text, u64)>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
}

impl Tally {
    pub(super) fn new(roots: &[PathBuf], is_judged: bool) -> Self {
        let roots = roots.iter().map(|root| root.display().to_string()).collect();
        Self { roots, is_judged, ..Self::default() }
    }

    /// Counts a file.
    pub(super) fn count(&mut self, roots: &[PathBuf], seen: &Scanned, now: Timestamp) {
        let path = seen.path();
        self.files += 1;
        self.bytes = self.bytes.saturating_add(seen.bytes);
        self.unjudged += u64::from(seen.suggestion.as_ref().is_some_and(|suggested| !suggested.is_whole));
        if let Some(inside) = seen.inside {
            self.labelled_inside += inside.labelled;
            self.protected_inside += inside.protected;
        }
        *self.states.entry(seen.state).or_default() += 1;
        if let Some(label) = seen.label.as_ref().filter(|label| bounded(&self.grades, &label.grade, KINDS)) {
            *self.grades.entry(label.grade.clone()).or_default() += 1;
        }
        let share = Share::of(seen);
        self.doubted += share.doubted;
        add(&mut self.kinds, seen.kind.clone(), KINDS, share);
        add(&mut self.folders, folder(roots, &path), FOLDERS, share);
        let years = (now.since(seen.modified).max(0) / YEAR).min(10);
        self.ages.entry(u8::try_from(years).unwrap_or(10)).or_default().add(share);
        for doubt in &seen.doubts {
            self.doubts.entry(*doubt).or_default().add(seen, &path);
        }
    }
}

fn bounded<V>(map: &BTreeMap<String, V>, key: &str, most: usize) -> bool {
    map.len() < most || map.contains_key(key)
}

fn add(map: &mut BTreeMap<String, Share>, key: String, most: usize, share: Share) {
    let key = if bounded(map, &key, most) { key } else { String::new() };
    map.entry(key).or_default().add(share);
}

impl Doubted {
    fn add(&mut self, seen: &Scanned, path: &Path) {
        self.files += 1;
        let rank = rank(seen);
        let weight = |named: &Named| (level(&named.suggested), named.confidence);
        if self.named.len() >= NAMED && self.named.last().is_some_and(|last| weight(last) >= rank) {
            return;
        }
        let at = self.named.partition_point(|named| weight(named) >= rank);
        let suggestion = seen.suggestion.as_ref().filter(|suggestion| suggestion.confidence > 0);
        let grade = seen.label.as_ref().map(|label| label.grade.clone()).or_else(|| seen.declared.clone());
        let named = Named {
            path: path.display().to_string(),
            grade: grade.unwrap_or_default(),
            suggested: suggestion.map(|suggestion| suggestion.grade.clone()).unwrap_or_default(),
            confidence: rank.1,
            found: suggestion.map(|suggestion| suggestion.found.clone()).unwrap_or_default(),
            why: seen.why.clone(),
        };
        self.named.insert(at, named);
        self.named.truncate(NAMED);
    }
}

/// What matters most comes first: what is sure to be most confidential.
fn rank(seen: &Scanned) -> (u8, u8) {
    let suggestion = seen.suggestion.as_ref().filter(|suggestion| suggestion.confidence > 0);
    suggestion.map_or((0, 0), |suggestion| (level(&suggestion.grade), suggestion.confidence))
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
    fn of(seen: &Scanned) -> Self {
        let has = |doubt: Doubt| u64::from(seen.doubts.contains(&doubt));
        let grade = seen.label.as_ref().map(|label| label.confidentiality());
        let is = |level: u8| u64::from(grade == Some(level));
        Self {
            files: 1,
            secret: is(3),
            confidential: is(2),
            open: is(1),
            declared: u64::from(seen.state == ScanState::Declared),
            unlabelled: u64::from(seen.state == ScanState::Unlabelled),
            exposed: has(Doubt::Exposed),
            too_low: has(Doubt::TooLow),
            due: has(Doubt::ReviewDue),
            misplaced: has(Doubt::Misplaced) | has(Doubt::SecretInClear),
            doubted: u64::from(!seen.doubts.is_empty()),
        }
    }

    const fn add(&mut self, other: Self) {
        self.files += other.files;
        self.secret += other.secret;
        self.confidential += other.confidential;
        self.open += other.open;
        self.declared += other.declared;
        self.unlabelled += other.unlabelled;
        self.exposed += other.exposed;
        self.too_low += other.too_low;
        self.due += other.due;
        self.misplaced += other.misplaced;
        self.doubted += other.doubted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::record::{ScanSuggestion, Stamp};

    fn seen(name: &str, demanded: u8, confidence: u8) -> Scanned {
        let suggestion = ScanSuggestion {
            grade: format!("C{demanded}I1A1"),
            restrictions: Vec::new(),
            confidence,
            is_whole: true,
            demanded,
            marked: None,
            out_of_scope: Vec::new(),
            foreign: Vec::new(),
            found: Vec::new(),
        };
        let path = Path::new("/s").join(name);
        Scanned { suggestion: Some(suggestion), ..Scanned::new(&path, 1, Stamp::default()) }
    }

    #[test]
    fn what_matters_most_is_named_first_however_many_there_are() {
        let mut doubted = Doubted::default();
        for n in 0..1_000_u32 {
            let seen = seen(&format!("{n:04}"), 2, 80);
            doubted.add(&seen, &seen.path());
        }
        for (name, level, confidence) in [("surest", 3, 95), ("sure", 3, 80), ("unsure", 1, 99)] {
            let seen = seen(name, level, confidence);
            doubted.add(&seen, &seen.path());
        }
        let first: Vec<&str> = doubted.named.iter().take(3).map(|named| named.path.as_str()).collect();
        assert_eq!(first, ["/s/surest", "/s/sure", "/s/0000"]);
        assert_eq!((doubted.files, doubted.named.len()), (1_003, NAMED));
    }

    #[test]
    fn a_share_of_endless_kinds_and_folders_is_counted_in_bounded_memory() {
        let mut tally = Tally::new(&[PathBuf::from("/s")], true);
        for n in 0..3_000_u32 {
            let mut seen = seen(&format!("{n}/a"), 2, 80);
            seen.kind = n.to_string();
            tally.count(&[PathBuf::from("/s")], &seen, Timestamp::from_unix(0));
        }
        assert_eq!((tally.kinds.len(), tally.folders.len()), (KINDS + 1, FOLDERS + 1));
        let all = |map: &BTreeMap<String, Share>| map.values().map(|share| share.files).sum::<u64>();
        assert_eq!((all(&tally.kinds), all(&tally.folders)), (3_000, 3_000));
    }
}
