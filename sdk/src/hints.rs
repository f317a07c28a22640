//! 手がかり. What a file says of its grade besides a label of ours: markings that people typed, labels of other schemes, labels
//! of the files in it. None of it is a label, and none of it decides.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kakuzuke_core::classify::{Classifier, Marking, Rules};
use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::UnverifiedLabel;
use kakuzuke_core::label::{GradeLine, Mapping, Scan, Scheme, Taxonomy};
use kakuzuke_formats::{ForeignLabel, Kind, State, detect, foreign_labels, labels_inside, text};
use serde::Serialize;

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::files::Original;
use crate::input::Reading;
use crate::protect::view_of;
use crate::session::Session;

/// The name of the mapping in a profile's folder.
const MAPPING: &str = "mapping.toml";

/// Markings and labels that are none of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hints {
    /// The file.
    pub path: PathBuf,
    /// What people marked it with, as far as its text can be read.
    pub markings: Vec<Marking>,
    /// Words of other regimes: the document is not for this system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub out_of_scope: Vec<String>,
    /// Labels of other schemes.
    pub other_labels: Vec<OtherLabel>,
    /// Files in it.
    pub files: u64,
    /// Those of them that are labelled or protected.
    pub inside: Vec<InsideLabel>,
}

/// A label of another scheme, and what the agency's mapping says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OtherLabel {
    /// Whose.
    pub scheme: Scheme,
    /// Its id.
    pub id: String,
    /// Whose tenant it is.
    pub site: Option<String>,
    /// What people call it there.
    pub name: Option<String>,
    /// The grade and restrictions it stands for, as agencies print them; none when the mapping does not know it.
    pub stands_for: Option<String>,
}

/// A labelled file in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InsideLabel {
    /// The names on the way to it.
    pub within: Vec<String>,
    /// Its header line as it claims, not verified; none for one that is protected.
    pub header: Option<String>,
}

/// The mapping of other schemes' labels: the file named, else the profile's, if there is one.
///
/// # Errors
/// [`Code::Usage`] saying where the file is wrong.
pub fn mapping(session: Option<&Session>, file: Option<&Path>) -> Result<Option<Mapping>> {
    let (path, text) = match (file, session) {
        (Some(path), _) => {
            let length = path.metadata().map_err(|e| Error::io(path, e))?.len();
            if length > 1 << 20 {
                return Err(Error::of(Code::LimitExceeded).at(path));
            }
            (path.to_owned(), std::fs::read(path).map_err(|e| Error::io(path, e))?)
        }
        (None, Some(session)) => {
            let folder = session.0.profile.folder();
            let Some(text) = folder.find(MAPPING)? else { return Ok(None) };
            (folder.file(MAPPING), text)
        }
        (None, None) => return Ok(None),
    };
    let (taxonomy, now) = in_force(session);
    let text = String::from_utf8(text).map_err(|e| Error::of(Code::Usage).at(&path).caused_by(e))?;
    Mapping::parse(&text, taxonomy, now).map(Some).map_err(|e| Error::new(Code::Usage, e.text()).at(&path))
}

fn in_force(session: Option<&Session>) -> (&'static Taxonomy, kakuzuke_core::time::Timestamp) {
    session
        .map_or_else(|| (Taxonomy::jp_h30(), SystemClock.now()), |session| (session.0.taxonomy, session.0.clock.now()))
}

/// What a file says of its grade besides a label of ours. A protected file says nothing: its cover is ours.
///
/// # Errors
/// When the file can't be read.
pub fn hints(session: Option<&Session>, path: &Path, mapping: Option<&Mapping>) -> Result<Hints> {
    let original = Original::read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let failed = |e: kakuzuke_formats::TextError| Error::of(e.code()).at(path).caused_by(e);
    let mut hints = Hints {
        path: path.to_owned(),
        markings: Vec::new(),
        out_of_scope: Vec::new(),
        other_labels: other_labels(original.file(), name.as_deref(), mapping),
        files: 0,
        inside: Vec::new(),
    };
    let found = detect(original.file(), name.as_deref()).map_err(|e| Error::of(Code::Io).at(path).caused_by(e))?;
    if matches!(found.state, State::Protected(_)) {
        return Ok(hints);
    }
    let (taxonomy, now) = in_force(session);
    let rules = Rules::new(taxonomy).map_err(|e| Error::of(Code::LimitExceeded).caused_by(e))?;
    let mut classifier = Classifier::new(&rules, now);
    let mut take = |passage| {
        classifier.take(&passage);
        ControlFlow::Continue(())
    };
    text(original.file(), name.as_deref(), &mut take).map_err(failed)?;
    let suggestion = classifier.finish(Vec::new());
    hints.markings = suggestion.markings;
    // Words such as 部外秘 and 関係者限り, which stand for no grade by themselves.
    let is_mark = |id: &str| taxonomy.detectors().iter().any(|rule| rule.id == id && rule.scan == Scan::Marking);
    for seen in suggestion.found.into_iter().filter(|seen| is_mark(&seen.detector)) {
        hints.markings.extend(seen.evidence.into_iter().map(|finding| Marking {
            place: finding.spot.name(),
            written: finding.snippet,
            confidence: finding.confidence,
        }));
    }
    hints.out_of_scope = suggestion.out_of_scope;
    if matches!(found.kind, Kind::Zip | Kind::Eml | Kind::Msg) {
        let (inside, summary) = labels_inside(original.file(), name.as_deref()).map_err(failed)?;
        hints.files = summary.files;
        hints.inside = inside.into_iter().map(inside_label).collect();
    }
    Ok(hints)
}

fn inside_label(inside: kakuzuke_formats::Inside) -> InsideLabel {
    let provider = kakuzuke_core::crypto::default_provider();
    let claimed = inside.label.map(|stored| match UnverifiedLabel::parse(provider, stored.signed()) {
        Ok(label) => view_of(label.claims()).header,
        Err(_) => stored.marking().to_owned(),
    });
    InsideLabel { within: inside.within, header: claimed }
}

/// The labels of other schemes in a file; none where it can't be told.
pub(crate) fn other_labels<'a>(
    bytes: impl Into<Reading<'a>>,
    name: Option<&str>,
    mapping: Option<&Mapping>,
) -> Vec<OtherLabel> {
    let labels = foreign_labels(&bytes.into(), name).unwrap_or_default();
    labels.into_iter().map(|label| other_label(label, mapping)).collect()
}

/// What a label of another scheme stands for.
pub(crate) fn stands_for<'m>(label: &OtherLabel, mapping: Option<&'m Mapping>) -> Option<&'m GradeLine> {
    mapping?.find(label.scheme, &label.id, label.site.as_deref())
}

fn other_label(label: ForeignLabel, mapping: Option<&Mapping>) -> OtherLabel {
    let ForeignLabel { scheme, id, site, name, .. } = label;
    let label = OtherLabel { scheme, id, site, name, stands_for: None };
    let printed = stands_for(&label, mapping).map(printed);
    OtherLabel { stands_for: printed, ..label }
}

/// A line of a mapping, as agencies print it.
fn printed(line: &GradeLine) -> String {
    let grades = [
        line.confidentiality.map(|c| c.text().ja.into_owned()),
        line.integrity.map(|i| i.text().ja.into_owned()),
        line.availability.map(|a| a.text().ja.into_owned()),
    ];
    let grades: Vec<String> = grades.into_iter().flatten().map(|grade| format!("{grade}情報")).collect();
    let grades = grades.join("・");
    if line.restrictions.is_empty() { grades } else { format!("{grades}　{}", line.restrictions) }
}

impl OtherLabel {
    /// In one line: whose, what it is called, and its id.
    #[must_use]
    pub fn written(&self) -> String {
        let name = self.name.as_deref().unwrap_or("—");
        format!("{}: {name} ({})", self.scheme, self.id)
    }
}
