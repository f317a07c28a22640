//! 点検. What a document holds beside what is seen, before it leaves (3.1.1(5)(d)).

use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::protocol::ClauseNote;
use kakuzuke_formats::{Category, Fate, Report, SanitiseError, Source};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::files::Original;
use crate::open::Document;
use crate::session::Session;

/// 点検の結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Inspected {
    /// The file.
    pub path: PathBuf,
    /// What was found, at most [`kakuzuke_formats::limits::FINDINGS`].
    pub findings: Vec<Hidden>,
    /// Findings beyond those.
    pub more: u64,
    /// How often, by category.
    pub counts: Vec<HiddenCount>,
}

/// 隠れた情報. One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hidden {
    /// The category's name for command lines, such as `comments`.
    pub category: &'static str,
    /// Where it lies.
    pub spot: Text,
    /// What it is, in short.
    pub what: Text,
    /// How often.
    pub count: u64,
}

/// How much of a category there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct HiddenCount {
    /// The category's name for command lines.
    pub category: &'static str,
    /// Its name for people.
    pub name: Text,
    /// How often.
    pub count: u64,
    /// What publishing does with it: `removed`, `on-request` or `reported`.
    pub fate: &'static str,
}

impl Inspected {
    pub(crate) fn new(path: &Path, report: &Report) -> Self {
        let hidden = |finding: &kakuzuke_formats::Finding| Hidden {
            category: finding.category.slug(),
            spot: finding.spot.name(),
            what: finding.what.clone(),
            count: finding.count,
        };
        let count = |(category, count): (Category, u64)| HiddenCount {
            category: category.slug(),
            name: category.name(),
            count,
            fate: match category.fate() {
                Fate::Removed => "removed",
                Fate::OnRequest => "on-request",
                Fate::Reported => "reported",
            },
        };
        Self {
            path: path.to_owned(),
            findings: report.findings.iter().map(hidden).collect(),
            more: report.more,
            counts: report.counts().into_iter().map(count).collect(),
        }
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    /// What was found but for the label, which goes with a document that stays in the agency's order (3.1.1(5)(d) is of what
    /// nobody meant to give).
    pub(crate) fn beside_the_label(&self) -> impl Iterator<Item = &HiddenCount> {
        self.counts.iter().filter(|count| count.category != Category::Label.slug())
    }
}

/// Looks for hidden data in a file; needs no session, and changes nothing.
///
/// # Errors
/// When the file can't be read.
pub fn inspect(path: &Path) -> Result<Inspected> {
    let original = Original::read(path)?;
    let report = kakuzuke_formats::inspect(original.file(), name_of(path)).map_err(|e| failed(e, path))?;
    Ok(Inspected::new(path, &report))
}

impl Document {
    /// Looks for hidden data in an open document, before its content is written anywhere.
    ///
    /// # Errors
    /// When the content can't be read.
    pub fn inspect(&self) -> Result<Inspected> {
        let name = Path::new(self.file_name());
        let report = kakuzuke_formats::inspect(&Content(self), Some(self.file_name())).map_err(|e| failed(e, name))?;
        Ok(Inspected::new(name, &report))
    }
}

impl Session {
    /// The refusal that names the clause.
    pub(crate) fn hidden(&self, text: Text, path: &Path) -> Error {
        Error::new(Code::HiddenData, text).on(self.hidden_clause()).at(path)
    }

    /// Before a document is provided, sent or taken out, nothing hidden goes along that nobody answered for.
    pub(crate) fn hidden_clause(&self) -> ClauseNote {
        self.0.taxonomy.clause_note("3.1.1(5)(d)")
    }
}

/// An open document's content as formats read it: never on disk.
pub(crate) struct Content<'d>(pub(crate) &'d Document);

impl Source for Content<'_> {
    fn size(&self) -> std::io::Result<u64> {
        Ok(self.0.size())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        self.0.read_at(offset, buf).map_err(std::io::Error::other)
    }
}

pub(crate) fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

pub(crate) fn failed(error: SanitiseError, path: &Path) -> Error {
    let code = error.code();
    match error {
        // What the open document itself refused to give (a tampered chunk, say) is said as it said it.
        SanitiseError::Read(kakuzuke_formats::ReadError::Io(e)) | SanitiseError::Write(e) => {
            e.downcast::<Error>().unwrap_or_else(|e| Error::io(path, e))
        }
        SanitiseError::Refused(why) => {
            let text = Text::new(
                format!("隠れた情報を除去できません（{why}）。"),
                format!("Hidden data can't be removed: {why}."),
            );
            Error::new(Code::Unsupported, text).at(path)
        }
        other => Error::of(code).at(path).caused_by(other),
    }
}
