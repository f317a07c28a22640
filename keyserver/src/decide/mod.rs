//! 決定. Pure: facts the server knows go in, a decision with its reasons comes out. No clock, disk or socket.
//!
//! Deny by default: who has no basis is refused, a `forbid` wins over every basis, an error of evaluation refuses.

mod engine;
mod facts;
#[cfg(test)]
mod tests;

use kakuzuke_core::code::Text;
use kakuzuke_core::label::Taxonomy;
use kakuzuke_core::protocol::{ApprovalKind, ClauseNote, Remedy};

pub use engine::{Engine, EngineError};
pub use facts::{Action, Facts, Limit, Place};

/// Yes, on these policies. Made by the engine alone.
#[derive(Debug, Clone)]
pub struct Granted {
    action: Action,
    policies: Vec<String>,
}

impl Granted {
    /// For what.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// On which policies.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        &self.policies
    }
}

/// No, on these rules.
#[derive(Debug, Clone)]
pub struct Denial {
    /// What was asked.
    pub action: Action,
    /// Rules that refuse; empty when there was no basis.
    pub reasons: Vec<Reason>,
}

/// One rule that refuses.
#[derive(Debug, Clone)]
pub struct Reason {
    /// The policy's id.
    pub policy: String,
    /// The clause it rests on.
    pub clause: String,
    /// In words.
    pub text: Text,
    /// The 許可 that would change it.
    pub remedy: Option<ApprovalKind>,
    /// Whose it is to give.
    pub posts: Vec<String>,
}

const NO_BASIS: Text = Text::fixed("閲覧を認められた者ではありません。", "You are not among those who may.");

impl Denial {
    /// What happened, in words.
    #[must_use]
    pub fn text(&self) -> Text {
        let join = |pick: fn(&Text) -> &str, between: &str| {
            self.reasons.iter().map(|reason| pick(&reason.text).to_owned()).collect::<Vec<_>>().join(between)
        };
        if self.reasons.is_empty() { NO_BASIS } else { Text::new(join(|t| &t.ja, ""), join(|t| &t.en, " ")) }
    }

    /// The clauses it rests on, each once.
    #[must_use]
    pub fn clauses(&self) -> Vec<String> {
        let mut clauses: Vec<String> = self.reasons.iter().map(|reason| reason.clause.clone()).collect();
        if clauses.is_empty() {
            clauses.push("3.1.1(2)".to_owned());
        }
        clauses.sort();
        clauses.dedup();
        clauses
    }

    /// The clauses with their words.
    #[must_use]
    pub fn clause_notes(&self, taxonomy: &Taxonomy) -> Vec<ClauseNote> {
        self.clauses().iter().map(|id| taxonomy.clause_note(id)).collect()
    }

    /// The policies that refused.
    #[must_use]
    pub fn policies(&self) -> Vec<String> {
        self.reasons.iter().map(|reason| reason.policy.clone()).collect()
    }

    /// What would change it. A rule without a remedy has none to offer besides the decider.
    #[must_use]
    pub fn remedies(&self) -> Vec<Remedy> {
        let mut remedies: Vec<Remedy> = Vec::new();
        for reason in &self.reasons {
            let Some(kind) = reason.remedy else { continue };
            if remedies.iter().all(|known| known.approval != Some(kind)) {
                remedies.push(remedy(kind, &reason.posts));
            }
        }
        if remedies.is_empty() && self.reasons.is_empty() {
            let kind = self.action.approval().unwrap_or(ApprovalKind::View);
            remedies.push(remedy(kind, &["決定者".to_owned()]));
        }
        if remedies.is_empty() {
            remedies.push(Remedy { approval: None, posts: vec!["決定者".to_owned()], text: ASK_DECIDER });
        }
        remedies
    }
}

const ASK_DECIDER: Text = Text::fixed("文書の決定者にお問い合わせください。", "Ask the document's decider.");

fn remedy(kind: ApprovalKind, posts: &[String]) -> Remedy {
    let by = posts.join("、");
    let text = Text::new(
        format!("許可を申請してください。許可する者：{by}"),
        format!("Apply for permission; it is given by: {by}"),
    );
    Remedy { approval: Some(kind), posts: posts.to_vec(), text }
}
