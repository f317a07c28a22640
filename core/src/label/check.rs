//! From draft to label. Every label, made here or read from a file, passes the same structural checks; a new one also the taxonomy's.

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};

use super::document::{Label, LabelDraft, MAX_SOURCES};
use super::level::Confidentiality;
use super::set::MAX_RESTRICTIONS;
use super::verb::Verb;
use crate::code::{Code, Text};

/// A draft that is no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// More restrictions than a label holds.
    #[error("more than {MAX_RESTRICTIONS} restrictions")]
    TooManyRestrictions,
    /// Sources not sorted, repeated, empty or too many.
    #[error("sources not sorted, repeated or more than {MAX_SOURCES}")]
    Sources,
    /// 有効期限 before the decision.
    #[error("the label ends before it was decided")]
    Validity,
    /// 秘密文書 whose grade is not 機密性3, or a period that may not be given (極秘: at most five years).
    #[error("the designation as a secret document is not allowed")]
    Secret,
    /// 保存期間満了後要廃棄 without a day after which.
    #[error("destruction after retention without a retention period")]
    Retention,
    /// The label names another taxonomy or version than the one it is checked against.
    #[error("the label speaks another taxonomy than {0}")]
    Taxonomy(String),
    /// A restriction the taxonomy does not have, or not in this mode.
    #[error("the taxonomy has no restriction {0}")]
    NotInTaxonomy(String),
    /// The level of the taxonomy's own scheme is missing, unknown or maps to another grade.
    #[error("the level of the taxonomy's own scheme does not map to the grade")]
    OwnLevel,
}

impl LabelError {
    /// The outward code.
    #[must_use]
    pub const fn code(&self) -> Code {
        Code::LabelInvalid
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::TooManyRestrictions => {
                Text::fixed("取扱制限が多すぎます（64件まで）。", "Too many restrictions (at most 64).")
            }
            Self::Sources => Text::fixed("継承元の記録が正しくありません。", "The record of sources is not valid."),
            Self::Validity => Text::fixed(
                "格付の有効期限が決定日時より前です。期限を確認してください。",
                "The label ends before it was decided. Check its end.",
            ),
            Self::Secret => Text::fixed(
                "秘密文書の指定が正しくありません。機密性３情報であること、極秘の指定期間が５年以内であることを確認してください。",
                "The designation as a secret document is not allowed: it needs confidentiality 3, and 極秘 at most five years.",
            ),
            Self::Retention => Text::fixed(
                "「保存期間満了後要廃棄」には保存期間の満了日が必要です。",
                "Destruction after retention needs the day on which retention ends.",
            ),
            Self::Taxonomy(expected) => Text::new(
                format!("格付の体系が異なります（{expected} が必要です）。"),
                format!("The label speaks another taxonomy; {expected} is needed."),
            ),
            Self::NotInTaxonomy(printed) => Text::new(
                format!("取扱制限「{printed}」は格付の体系にありません。"),
                format!("The taxonomy has no restriction \"{printed}\"."),
            ),
            Self::OwnLevel => Text::fixed(
                "機関独自の格付区分が、統一基準の格付区分との対応表に合いません。",
                "The agency's own level does not agree with its table of correspondence.",
            ),
        }
    }
}

impl LabelDraft {
    /// What holds for every label whatever its taxonomy.
    pub(super) fn check_structure(&self) -> Result<(), LabelError> {
        if self.restrictions.len() > MAX_RESTRICTIONS {
            return Err(LabelError::TooManyRestrictions);
        }
        if self.sources.as_ref().is_some_and(|s| s.is_empty() || s.len() > MAX_SOURCES || !s.is_sorted_by(|a, b| a < b))
        {
            return Err(LabelError::Sources);
        }
        if self.valid_until.is_some_and(|until| until <= self.decided_at) {
            return Err(LabelError::Validity);
        }
        let secret_allowed =
            |s: &super::decided::SecretDocument| self.grades.c == Confidentiality::Three && s.period_is_allowed();
        if !self.secret.as_ref().is_none_or(secret_allowed) {
            return Err(LabelError::Secret);
        }
        let retained = self.retention.is_some() || self.restrictions.on(Verb::Retain).next().is_some();
        if self.restrictions.on(Verb::Discard).next().is_some() && !retained {
            return Err(LabelError::Retention);
        }
        Ok(())
    }
}

impl<C> minicbor::Encode<C> for Label {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Label {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let draft = LabelDraft::decode(d, ctx)?;
        draft.check_structure().map_err(|e| DecodeError::message(e.to_string()))?;
        Ok(Self(draft))
    }
}
