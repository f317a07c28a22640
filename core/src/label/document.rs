//! The label of one document: what was decided, by whom, under which taxonomy. Signed as part of the envelope's label section.

use serde::Serialize;

use super::day::Day;
use super::decided::{Decided, SecretDocument};
use super::grades::{Grades, Mechanism};
use super::set::Restrictions;
use super::words::{Name, Note, Words};
use crate::id::{Digest, LabelHash};
use crate::time::Timestamp;

/// Most sources a label names.
pub const MAX_SOURCES: usize = 256;

/// Which taxonomy a label speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct TaxonomyRef {
    /// Its id, such as `jp-h30`.
    #[n(0)]
    pub id: Words<64>,
    /// Its version.
    #[n(1)]
    pub version: Words<32>,
}

/// 格付・取扱制限. Made only by `LabelDraft::finish` or by decoding, both of which check.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(pub(super) LabelDraft);

/// A label not yet checked: fill it, then [`LabelDraft::finish`] it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "kebab-case")]
#[cbor(map)]
pub struct LabelDraft {
    /// 格付.
    #[n(0)]
    pub grades: Grades,
    /// 取扱制限.
    #[n(1)]
    pub restrictions: Restrictions,
    /// The taxonomy it speaks.
    #[n(2)]
    pub taxonomy: TaxonomyRef,
    /// Who decided.
    #[n(3)]
    pub decided: Decided,
    /// When.
    #[n(4)]
    pub decided_at: Timestamp,
    /// After this the label asks to be decided again (it stays in force until then).
    #[n(5)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// 保存期間の満了日.
    #[n(6)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Day>,
    /// Salted hash of the named readers, whom the server knows.
    #[n(7)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readers_hash: Option<Digest>,
    /// 取扱い上の留意事項 (3.1.1(5)(b)).
    #[n(8)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// Labels from which 機密性 was inherited (3.1.1(3)(b)); sorted, without duplicates.
    #[n(9)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<LabelHash>>,
    /// 秘密文書としての指定.
    #[n(10)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretDocument>,
    /// The level in the taxonomy's own scheme, where it has one (自治体機密性３Ａ); `grades` is what it maps to.
    #[n(11)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_level: Option<Name>,
}

impl LabelDraft {
    /// A draft with what every label has.
    #[must_use]
    pub const fn new(grades: Grades, taxonomy: TaxonomyRef, decided: Decided, decided_at: Timestamp) -> Self {
        Self {
            grades,
            restrictions: Restrictions::NONE,
            taxonomy,
            decided,
            decided_at,
            valid_until: None,
            retention: None,
            readers_hash: None,
            note: None,
            sources: None,
            secret: None,
            own_level: None,
        }
    }
}

impl Label {
    /// 格付.
    #[must_use]
    pub const fn grades(&self) -> Grades {
        self.0.grades
    }

    /// 取扱制限.
    #[must_use]
    pub const fn restrictions(&self) -> &Restrictions {
        &self.0.restrictions
    }

    /// The taxonomy it speaks.
    #[must_use]
    pub const fn taxonomy(&self) -> &TaxonomyRef {
        &self.0.taxonomy
    }

    /// Who decided.
    #[must_use]
    pub const fn decided(&self) -> &Decided {
        &self.0.decided
    }

    /// When.
    #[must_use]
    pub const fn decided_at(&self) -> Timestamp {
        self.0.decided_at
    }

    /// After this the label asks to be decided again.
    #[must_use]
    pub const fn valid_until(&self) -> Option<Timestamp> {
        self.0.valid_until
    }

    /// 保存期間の満了日.
    #[must_use]
    pub const fn retention(&self) -> Option<Day> {
        self.0.retention
    }

    /// Salted hash of the named readers.
    #[must_use]
    pub const fn readers_hash(&self) -> Option<Digest> {
        self.0.readers_hash
    }

    /// 取扱い上の留意事項.
    #[must_use]
    pub const fn note(&self) -> Option<&Note> {
        self.0.note.as_ref()
    }

    /// Labels from which 機密性 was inherited.
    #[must_use]
    pub fn sources(&self) -> &[LabelHash] {
        self.0.sources.as_deref().unwrap_or_default()
    }

    /// 秘密文書としての指定.
    #[must_use]
    pub const fn secret(&self) -> Option<&SecretDocument> {
        self.0.secret.as_ref()
    }

    /// The level in the taxonomy's own scheme.
    #[must_use]
    pub const fn own_level(&self) -> Option<&Name> {
        self.0.own_level.as_ref()
    }

    /// What the envelope does for it.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.0.grades.mechanism()
    }

    /// A draft of the next revision, to be changed and finished again.
    #[must_use]
    pub fn to_draft(&self) -> LabelDraft {
        self.0.clone()
    }
}
