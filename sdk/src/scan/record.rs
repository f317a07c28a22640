//! 一件. What was seen of one file, as one line of the results.

use std::path::{Path, PathBuf};

use data_encoding::BASE64URL_NOPAD;
use kakuzuke_core::code::Text;
use kakuzuke_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::Doubt;
use crate::platform::{Facts, name_from};

/// 走査の一件. One file of a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scanned {
    /// Where it lies, as far as it is text.
    pub(super) path: String,
    /// The path's bytes in base64url, when they are no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) raw: Option<String>,
    /// Size, in bytes.
    pub bytes: u64,
    /// When it was last written.
    pub modified: Timestamp,
    /// By what it is known to be unchanged.
    pub(super) stamp: Stamp,
    /// What it is, as a file name extension.
    pub kind: String,
    /// How it stands.
    pub state: ScanState,
    /// Its label, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<ScanLabel>,
    /// 規程による明示: the grade of the folder it lies in, in the code form, when it has no label of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// What its content asks for, when that was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<ScanSuggestion>,
    /// 中の格付: labelled files in it, when it is an archive or a mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<ScanInside>,
    /// 機密性 that its name says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<u8>,
    /// Why it, or some of it, could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// What is the matter with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// By what a file is known to be the one seen before: nobody has written to it, nor put another in its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    inode: u64,
    /// Seconds and nanoseconds of the last change of content.
    modified: (i64, i64),
    /// Seconds and nanoseconds of the last change of anything.
    changed: (i64, i64),
    /// The last change of the signature beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    beside: Option<(i64, i64)>,
}

/// 状態. How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ScanState {
    /// 保護済み: encrypted.
    Protected,
    /// 明示のみ: labelled or signed, in clear.
    Labelled,
    /// 規程による明示: no label of its own, but it lies in a folder that is declared.
    Declared,
    /// 未格付.
    Unlabelled,
    /// Locked with a password, so that nobody can say.
    Locked,
    /// A cover that has lost the envelope it stood for.
    LostEnvelope,
    /// Damaged, or not readable by whoever scans.
    Unread,
}

/// 格付 of a file, as far as a scan asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScanLabel {
    /// The code form, `C3I2A1`.
    pub grade: String,
    /// 取扱制限, printed forms.
    pub restrictions: Vec<String>,
    /// 決定者.
    pub decided_by: String,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// After this it asks to be decided again.
    pub valid_until: Option<Timestamp>,
    /// From then on it need not be kept.
    pub retained_until: Option<Timestamp>,
    /// Whether its signature holds: none when the authority is not known here.
    pub genuine: Option<bool>,
    /// Whether the document was written to since the signature beside it was made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outdated: bool,
}

/// 中の格付. The labelled files in an archive or a mail, at any depth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScanInside {
    /// Files with a label in clear.
    pub labelled: u64,
    /// Protected files.
    pub protected: u64,
    /// The highest level of 機密性 that the labels in clear claim, 1 to 3; 0 when there is none.
    pub confidentiality: u8,
}

/// 提案 for a file, as far as a report asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScanSuggestion {
    /// The code form.
    pub grade: String,
    /// 取扱制限, printed forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restrictions: Vec<String>,
    /// How sure, in percent; 0 when it is the default grade only.
    pub confidence: u8,
    /// Whether all text was read.
    pub is_whole: bool,
    /// 機密性 that what was found in it asks for; 0 when nothing does.
    pub demanded: u8,
    /// 機密性 that people have marked it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<u8>,
    /// Words of other regimes it is marked with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub out_of_scope: Vec<String>,
    /// Labels of other schemes, as they are called there; three at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<String>,
    /// What was found that asks for it, and how often; the gravest first, three at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<(Text, u64)>,
}

impl ScanSuggestion {
    /// 機密性 that content and markings ask for; 0 when nothing does.
    #[must_use]
    pub fn asked(&self) -> u8 {
        self.demanded.max(self.marked.unwrap_or(0))
    }
}

impl ScanLabel {
    /// The level of 機密性, 1 to 3; 0 when it is not written in the code form.
    #[must_use]
    pub fn confidentiality(&self) -> u8 {
        level(&self.grade)
    }
}

/// 機密性 of a grade in the code form, 1 to 3; 0 when it is not in that form.
pub(super) fn level(grade: &str) -> u8 {
    let digit = grade.strip_prefix('C').and_then(|rest| rest.chars().next());
    digit.and_then(|digit| digit.to_digit(10)).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0)
}

impl Stamp {
    pub(super) const fn of(facts: &Facts) -> Self {
        Self { inode: facts.number, modified: facts.modified, changed: facts.changed, beside: None }
    }

    /// With that of the signature beside the file.
    pub(super) const fn with(self, beside: &Self) -> Self {
        Self { beside: Some(beside.changed), ..self }
    }

    pub(super) const fn modified(&self) -> Timestamp {
        Timestamp::from_unix(self.modified.0)
    }
}

impl Scanned {
    /// A file of which only the name, size and times are known.
    pub(super) fn new(path: &Path, bytes: u64, stamp: Stamp) -> Self {
        let text = path.to_str();
        Self {
            path: text.map_or_else(|| path.to_string_lossy().into_owned(), ToOwned::to_owned),
            raw: text.is_none().then(|| BASE64URL_NOPAD.encode(path.as_os_str().as_encoded_bytes())),
            bytes,
            modified: stamp.modified(),
            stamp,
            kind: String::new(),
            state: ScanState::Unread,
            label: None,
            declared: None,
            suggestion: None,
            inside: None,
            named: None,
            why: None,
            doubts: Vec::new(),
        }
    }

    /// A file that can't be looked at, and why.
    pub(super) fn unread(path: &Path, why: Text) -> Self {
        Self { why: Some(why), ..Self::new(path, 0, Stamp::default()) }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        let raw = self.raw.as_ref().and_then(|raw| BASE64URL_NOPAD.decode(raw.as_bytes()).ok());
        raw.map_or_else(|| PathBuf::from(&self.path), |bytes| PathBuf::from(name_from(bytes)))
    }

    /// Whether this file is there as it was then.
    #[cfg(test)]
    fn is_same(&self, path: &Path, bytes: u64, stamp: Stamp) -> bool {
        self.is_unchanged(bytes, stamp) && self.path() == path
    }

    /// Whether nobody has changed it since.
    pub(super) fn is_unchanged(&self, bytes: u64, stamp: Stamp) -> bool {
        self.bytes == bytes && self.stamp == stamp
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_path_that_is_no_text_comes_back_whole() {
        let dir = tempfile::tempdir().unwrap();
        let stamp = Stamp::of(&Facts::named(dir.path()).unwrap());
        for bytes in [&b"/\x8a\x69\x95\x74.txt"[..], "/格付.txt".as_bytes(), b"/a\nb\"c"] {
            let name = name_from(bytes.to_vec());
            let path = Path::new(&name);
            let line = serde_json::to_string(&Scanned::new(path, 1, stamp)).unwrap();
            assert!(!line.contains('\n'));
            let back: Scanned = serde_json::from_str(&line).unwrap();
            assert!(back.is_same(path, 1, stamp) && !back.is_same(path, 2, stamp));
        }
    }
}
