//! 格付・取扱制限 as people see them: what was read from a verified or claimed label section, printed.

use kakuzuke_core::code::Text;
use kakuzuke_core::id::{DocumentId, LineageId};
use kakuzuke_core::label::{Decided, Label};
use kakuzuke_core::time::Timestamp;
use serde::Serialize;

/// A label, printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LabelView {
    /// The document.
    pub document: DocumentId,
    /// All its versions.
    pub lineage: LineageId,
    /// Number of the revision, from 1.
    pub revision: u32,
    /// The code form, `C3I2A1`.
    pub grade: String,
    /// The header line as agencies print it.
    pub header: String,
    /// 取扱制限, printed forms.
    pub restrictions: Vec<String>,
    /// 要機密情報 and the like: what the standard calls it.
    pub terms: Vec<Text>,
    /// 決定者.
    pub decided_by: DeciderView,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// After this it asks to be decided again.
    pub valid_until: Option<Timestamp>,
    /// 保存期間の満了日, `2026-12-31`.
    pub retention: Option<String>,
    /// 取扱い上の留意事項.
    pub note: Option<String>,
    /// Taxonomy it speaks: id and version.
    pub taxonomy: (String, String),
    /// How many labels 機密性 was inherited from.
    pub sources: usize,
}

/// 決定者, printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeciderView {
    /// The person, as the authority knows them.
    pub subject: String,
    /// 氏名.
    pub name: String,
    /// 官職.
    pub post: String,
    /// The rule that decided, if one did; the person approved it.
    pub rule: Option<String>,
}

/// Where a label stands, besides what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) document: DocumentId,
    pub(crate) lineage: LineageId,
    pub(crate) revision: u32,
}

impl LabelView {
    pub(crate) fn new(place: Place, label: &Label) -> Self {
        let responsible = label.decided().responsible();
        let rule = match label.decided() {
            Decided::ByPerson(_) => None,
            Decided::ByRule(rule) => Some(format!("{} {}", rule.rule, rule.version)),
        };
        Self {
            document: place.document,
            lineage: place.lineage,
            revision: place.revision,
            grade: label.grades().code(),
            header: header(label),
            restrictions: label.restrictions().iter().map(ToString::to_string).collect(),
            terms: label.grades().terms(),
            decided_by: DeciderView {
                subject: responsible.subject.to_string(),
                name: responsible.name.to_string(),
                post: responsible.post.to_string(),
                rule,
            },
            decided_at: label.decided_at(),
            valid_until: label.valid_until(),
            retention: label.retention().map(|day| day.to_string()),
            note: label.note().map(ToString::to_string),
            taxonomy: (label.taxonomy().id.to_string(), label.taxonomy().version.to_string()),
            sources: label.sources().len(),
        }
    }
}

/// `機密性２情報・完全性２情報・可用性１情報　複製禁止・○○課限り`.
pub(crate) fn header(label: &Label) -> String {
    let grades = label.grades().printed();
    if label.restrictions().is_empty() { grades } else { format!("{grades}　{}", label.restrictions()) }
}
