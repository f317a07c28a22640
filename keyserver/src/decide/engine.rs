//! The policy set, read and validated once, asked many times.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Mutex;

use cedar_policy::{
    Authorizer, Decision, Effect, Entities, EntityId, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet, Request,
    Schema, ValidationMode, Validator,
};
use kakuzuke_core::code::Text;

use super::{Action, Denial, Facts, Granted, Reason};

const SCHEMA: &str = include_str!("../policies/schema.cedarschema");
const PERMITS: &str = include_str!("../policies/permits.cedar");
const FORBIDS: &str = include_str!("../policies/forbids.cedar");

/// The policy files that come with the program.
pub(super) const fn texts() -> [&'static str; 2] {
    [PERMITS, FORBIDS]
}

/// The policy set can't be used.
#[derive(Debug, thiserror::Error)]
#[error("policies: {0}")]
pub struct EngineError(String);

/// Decisions kept. The policies never change while the engine lives and facts are all that a decision is made on, so
/// the same facts give the same decision.
const KEPT: usize = 4_096;

type Kept = HashMap<(Action, Facts), Result<Granted, Denial>>;

/// Decides.
pub struct Engine {
    kept: Mutex<Kept>,
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    subject: EntityTypeName,
    document: EntityTypeName,
    action: EntityTypeName,
}

impl Engine {
    /// The policies that come with the program.
    ///
    /// # Errors
    /// [`EngineError`] when they don't fit the schema; a test holds them to it.
    pub fn built_in() -> Result<Self, EngineError> {
        Self::from_texts(&texts())
    }

    /// All but one, to see that it is missed.
    #[cfg(test)]
    pub(super) fn without(policy: &str) -> Result<Self, EngineError> {
        let mut engine = Self::built_in()?;
        engine.policies.remove_static(PolicyId::new(policy)).map_err(|e| EngineError(e.to_string()))?;
        Ok(engine)
    }

    /// From policy files.
    ///
    /// # Errors
    /// [`EngineError`] when one can't be read, has no `@id` and `@clause`, or does not fit the schema.
    pub fn from_texts(texts: &[&str]) -> Result<Self, EngineError> {
        let fault = |e: &dyn std::fmt::Display| EngineError(e.to_string());
        let mut policies = PolicySet::new();
        for text in texts {
            for policy in PolicySet::from_str(text).map_err(|e| fault(&e))?.policies() {
                policies.add(named(policy)?).map_err(|e| fault(&e))?;
            }
        }
        let (schema, _warnings) = Schema::from_cedarschema_str(SCHEMA).map_err(|e| fault(&e))?;
        let checked = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        if let Some(error) = checked.validation_errors().next() {
            return Err(fault(error));
        }
        let type_name = |name: &str| EntityTypeName::from_str(name).map_err(|e| fault(&e));
        Ok(Self {
            kept: Mutex::default(),
            authorizer: Authorizer::new(),
            policies,
            entities: Entities::empty(),
            subject: type_name("Subject")?,
            document: type_name("Document")?,
            action: type_name("Action")?,
        })
    }

    /// Decides one action. Anything that goes wrong on the way is a denial.
    ///
    /// # Errors
    /// [`Denial`] with every rule that refuses.
    pub fn decide(&self, action: Action, facts: &Facts) -> Result<Granted, Denial> {
        let question = (action, facts.clone());
        let known = self.kept.lock().ok().and_then(|kept| kept.get(&question).cloned());
        known.unwrap_or_else(|| {
            let decision = self.evaluate(action, facts);
            if let Ok(mut kept) = self.kept.lock() {
                if kept.len() >= KEPT {
                    kept.clear();
                }
                kept.insert(question, decision.clone());
            }
            decision
        })
    }

    fn evaluate(&self, action: Action, facts: &Facts) -> Result<Granted, Denial> {
        let nothing = || Denial { action, reasons: Vec::new() };
        let request = self.request(action, facts).ok_or_else(nothing)?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        // A policy that could not be evaluated might have been the one that refuses.
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(Denial { action, reasons: vec![broken(&error.to_string())] });
        }
        let ids: Vec<&PolicyId> = response.diagnostics().reason().collect();
        if response.decision() == Decision::Allow {
            let mut policies: Vec<String> = ids.into_iter().map(ToString::to_string).collect();
            policies.sort();
            return Ok(Granted { action, policies });
        }
        let mut reasons: Vec<Reason> = ids.into_iter().filter_map(|id| self.reason(id)).collect();
        reasons.sort_by(|a, b| a.policy.cmp(&b.policy));
        Err(Denial { action, reasons })
    }

    fn request(&self, action: Action, facts: &Facts) -> Option<Request> {
        let id = |kind: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id));
        let (principal, resource) = (id(&self.subject, "who"), id(&self.document, "what"));
        Request::new(principal, id(&self.action, action.slug()), resource, facts.context()?, None).ok()
    }

    fn reason(&self, id: &PolicyId) -> Option<Reason> {
        let policy = self.policies.policy(id)?;
        (policy.effect() == Effect::Forbid).then_some(())?;
        let text = |key| policy.annotation(key).map(ToOwned::to_owned);
        let remedy = text("remedy").and_then(|kind| serde_json::from_value(serde_json::Value::String(kind)).ok());
        Some(Reason {
            policy: id.to_string(),
            clause: text("clause")?,
            text: Text::new(Cow::Owned(text("ja")?), Cow::Owned(text("en")?)),
            remedy,
            posts: text("posts").map(|posts| posts.split('、').map(ToOwned::to_owned).collect()).unwrap_or_default(),
        })
    }

    /// Ids and clauses of all policies, for the clause table.
    pub fn policies(&self) -> impl Iterator<Item = (String, String)> {
        self.policies.policies().map(|p| (p.id().to_string(), p.annotation("clause").unwrap_or_default().to_owned()))
    }
}

/// A policy under the id it gives itself. A `forbid` must say in both languages why.
fn named(policy: &Policy) -> Result<Policy, EngineError> {
    let missing = |what: &str| EngineError(format!("a policy has no @{what}: {policy}"));
    let id = policy.annotation("id").ok_or_else(|| missing("id"))?;
    policy.annotation("clause").ok_or_else(|| missing("clause"))?;
    if policy.effect() == Effect::Forbid {
        policy.annotation("ja").ok_or_else(|| missing("ja"))?;
        policy.annotation("en").ok_or_else(|| missing("en"))?;
    }
    Ok(policy.new_id(PolicyId::new(id)))
}

fn broken(error: &str) -> Reason {
    Reason {
        policy: "error".to_owned(),
        clause: "6.1.2".to_owned(),
        text: Text::new(
            "判断できなかったため、許可しません。管理者に連絡してください。",
            Cow::Owned(format!("No decision could be made, so it is refused. Tell the administrator ({error}).")),
        ),
        remedy: None,
        posts: Vec::new(),
    }
}
