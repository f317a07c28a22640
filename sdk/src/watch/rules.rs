//! 規程. Which folder gives which grade: a file that people write, read once and whole.

use std::path::{Component, Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::label::Grades;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::options::{Grading, Marks, Method, Show};

/// Longest file of rules, in bytes.
const LONGEST: u64 = 1 << 20;

/// フォルダの規程.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderRules(Vec<FolderRule>);

/// What is saved below one folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FolderRule {
    /// Below the folder that is watched; empty for all of it.
    #[serde(default)]
    path: PathBuf,
    /// A grade, or `suggest`: what is saved waits for somebody's decision.
    grade: String,
    #[serde(default)]
    restrict: Vec<String>,
    post: Option<String>,
    mode: Option<Mode>,
    /// Whether pages show the label; if it is not said, where documents are only labelled.
    mark: Option<bool>,
}

/// Stands for a grade where nothing is decided by rule.
const SUGGEST: &str = "suggest";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    /// 明示のみ.
    Label,
    /// 保護.
    Protect,
    /// 規程による明示: the folder's grade holds for what lies in it, and nothing is written into it.
    Declare,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    folder: Vec<FolderRule>,
}

impl FolderRules {
    /// Reads a file of rules (TOML).
    ///
    /// # Errors
    /// [`Code::Usage`] saying where it is wrong.
    pub fn read(path: &Path) -> Result<Self> {
        let length = path.metadata().map_err(|e| Error::io(path, e))?.len();
        if length > LONGEST {
            return Err(Error::of(Code::LimitExceeded).at(path));
        }
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        Self::parse(&text).map_err(|error| error.at(path))
    }

    fn parse(text: &str) -> Result<Self> {
        let wrong = |why: String| {
            let text = Text::new(format!("規程を読めません：{why}"), format!("The rules can't be read: {why}"));
            Error::new(Code::Usage, text)
        };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut rules = file.folder;
        if let Some(rule) = rules.iter().find(|rule| !is_below(&rule.path)) {
            return Err(wrong(format!("path = \"{}\"", rule.path.display())));
        }
        if let Some(rule) = rules.iter().find(|rule| !rule.is_whole()) {
            return Err(wrong(format!("path = \"{}\": mode", rule.path.display())));
        }
        // What is only declared is never read by anybody who would find a mistake in it.
        let code = |rule: &&FolderRule| !rule.only_declares() || rule.grade.parse::<Grades>().is_ok();
        if let Some(rule) = rules.iter().find(|rule| !code(rule)) {
            return Err(wrong(format!("grade = \"{}\"", rule.grade)));
        }
        // The nearest folder's rule is found first.
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.path.components().count()));
        let same = |pair: &[FolderRule]| matches!(pair, [one, other] if one.path == other.path);
        let mut by_path = rules.clone();
        by_path.sort_by(|one, other| one.path.cmp(&other.path));
        if let Some([twice, ..]) = by_path.windows(2).find(|pair| same(pair)) {
            return Err(wrong(format!("path = \"{}\"", twice.path.display())));
        }
        Ok(Self(rules))
    }

    /// The rule for a file, by its path below the folder watched.
    pub(super) fn of(&self, below: &Path) -> Option<&FolderRule> {
        self.0.iter().find(|rule| below.starts_with(&rule.path))
    }

    /// 規程による明示: the grade of a file, in the code form, by its path below the folder.
    pub(crate) fn declared(&self, below: &Path) -> Option<&str> {
        self.of(below).filter(|rule| rule.only_declares()).map(|rule| rule.grade.as_str())
    }

    /// All gradings, to be read before the first file is touched.
    pub(super) fn gradings(&self) -> impl Iterator<Item = Grading> {
        self.0.iter().filter(|rule| !rule.suggests()).map(FolderRule::grading)
    }

    /// Whether any rule leaves the decision to somebody.
    pub(super) fn suggest(&self) -> bool {
        self.0.iter().any(FolderRule::suggests)
    }
}

impl FolderRule {
    pub(super) fn grading(&self) -> Grading {
        Grading { grade: self.grade.clone(), restrictions: self.restrict.clone(), post: self.post.clone() }
    }

    /// Whether what is saved waits for a decision.
    pub(super) fn suggests(&self) -> bool {
        self.grade == SUGGEST
    }

    /// A rule that decides says how; one that does not decides nothing.
    fn is_whole(&self) -> bool {
        let silent = self.restrict.is_empty() && self.post.is_none() && self.mode.is_none() && self.mark.is_none();
        if self.suggests() { silent } else { self.mode.is_some() }
    }

    pub(super) const fn method(&self) -> Method {
        match self.mode {
            Some(Mode::Label) => Method::Label,
            Some(Mode::Protect | Mode::Declare) | None => Method::ByGrade,
        }
    }

    /// Whether files are left as they are.
    pub(super) fn only_declares(&self) -> bool {
        self.mode == Some(Mode::Declare)
    }

    /// What pages show: where documents are only labelled, the label, unless the rule says otherwise.
    pub(super) fn marks(&self) -> Marks {
        let show = self.mark.unwrap_or(self.mode == Some(Mode::Label));
        Marks { show: if show { Show::Label } else { Show::AsIs }, ..Marks::default() }
    }
}

fn is_below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_nearest_folder_s_rule_counts() {
        let rules = FolderRules::parse(
            "[[folder]]\ngrade = \"C2I1A1\"\nmode = \"label\"\n[[folder]]\npath = \"人事/機密\"\ngrade = \"C3I1A1\"\nmode = \"protect\"\n",
        )
        .unwrap();
        assert_eq!(rules.of(Path::new("a.txt")).unwrap().grade, "C2I1A1");
        assert_eq!(rules.of(Path::new("人事/a.txt")).unwrap().method(), Method::Label);
        assert_eq!(rules.of(Path::new("人事/機密/b/a.txt")).unwrap().grade, "C3I1A1");
        // A name that begins alike is another folder.
        assert_eq!(rules.of(Path::new("人事/機密2/a.txt")).unwrap().grade, "C2I1A1");
    }

    #[test]
    fn rules_that_lead_elsewhere_or_say_two_things_are_refused() {
        for path in ["../外", "/etc", "./a", "a/../../b"] {
            let text = format!("[[folder]]\npath = \"{path}\"\ngrade = \"C2I1A1\"\nmode = \"label\"\n");
            assert!(FolderRules::parse(&text).is_err(), "{path}");
        }
        // What is declared is declared in the code form.
        assert!(FolderRules::parse("[[folder]]\ngrade = \"機密性２\"\nmode = \"declare\"\n").is_err());
        let twice = "[[folder]]\ngrade = \"C2I1A1\"\nmode = \"label\"\n";
        assert!(FolderRules::parse(&twice.repeat(2)).is_err());
        assert!(FolderRules::parse("[[folder]]\ngrade = \"C2I1A1\"\nmode = \"label\"\nauto = true\n").is_err());
        // A rule that decides says how; one that leaves it to people says nothing else.
        assert!(FolderRules::parse("[[folder]]\ngrade = \"C2I1A1\"\n").is_err());
        assert!(FolderRules::parse("[[folder]]\ngrade = \"suggest\"\nmode = \"label\"\n").is_err());
        assert!(FolderRules::parse("[[folder]]\ngrade = \"suggest\"\naccept-from = 90\n").is_err());
        assert!(FolderRules::parse("[[folder]]\ngrade = \"suggest\"\n").unwrap().suggest());
    }
}
