//! 決定. Who decided a label, as what; the decider is named by 官職, so that a transfer hands the decision over.

use serde::Serialize;

use super::day::Day;
use super::words::{Name, Words};
use crate::id::SubjectId;

/// 決定者. A person deciding in a post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Decider {
    /// The person, as the authority knows them.
    #[n(0)]
    pub subject: SubjectId,
    /// Their name as displayed.
    #[n(1)]
    pub name: Name,
    /// 官職 in which they decided.
    #[n(2)]
    pub post: Name,
}

/// A rule that decides without a person at hand (規程による明示等, 1.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "kebab-case")]
#[cbor(map)]
pub struct RuleDecision {
    /// Id of the rule.
    #[n(0)]
    pub rule: Name,
    /// Its version.
    #[n(1)]
    pub version: Words<32>,
    /// The officer who approved the rule.
    #[n(2)]
    pub approved_by: Decider,
}

/// How a label was decided (3.1.1(3)(a)).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// By a person.
    #[n(0)]
    ByPerson(#[n(0)] Decider),
    /// By an approved rule.
    #[n(1)]
    ByRule(#[n(0)] RuleDecision),
}

impl Decided {
    /// The person who answers for the decision: the decider, or who approved the rule.
    #[must_use]
    pub const fn responsible(&self) -> &Decider {
        match self {
            Self::ByPerson(person) => person,
            Self::ByRule(rule) => &rule.approved_by,
        }
    }
}

/// 秘密文書の区分 (行政文書の管理に関するガイドライン).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum SecretClass {
    /// 秘.
    #[n(1)]
    Secret,
    /// 極秘. At most five years at a time.
    #[n(2)]
    TopSecret,
}

/// 秘密文書としての指定. Only for 国の行政機関; the document guideline comes before the standard there (3.1.1 目的 なお書き).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "kebab-case")]
#[cbor(map)]
pub struct SecretDocument {
    /// 秘 or 極秘.
    #[n(0)]
    pub class: SecretClass,
    /// 指定者 (官職).
    #[n(1)]
    pub designated_by: Name,
    /// 指定の日, or that of the last extension.
    #[n(2)]
    pub designated_on: Day,
    /// 指定期間の満了日.
    #[n(3)]
    pub until: Day,
}

impl SecretDocument {
    /// Whether the period is one that may be given: not ended before it began, 極秘 at most five years.
    #[must_use]
    pub fn period_is_allowed(&self) -> bool {
        let longest = match self.class {
            SecretClass::Secret => None,
            SecretClass::TopSecret => self.designated_on.plus_years(5),
        };
        self.until >= self.designated_on && longest.is_none_or(|longest| self.until <= longest)
    }
}
