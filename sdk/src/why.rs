//! 権利がない理由. What a program shows beside a button that is switched off. From the label and the licence at hand: nobody is
//! asked, nothing is logged.

use kakuzuke_core::code::Text;
use kakuzuke_core::label::{Restriction, Verb};
use kakuzuke_core::licence::Right;

use crate::messages;
use crate::open::Document;

impl Document {
    /// Why a right is not there; none when it is.
    #[must_use]
    pub fn why_not(&self, right: Right) -> Option<Text> {
        if self.rights().allows(right) {
            return None;
        }
        let now = self.desk().clock.now();
        if now >= self.expires_at() {
            return Some(messages::LICENCE_ENDED);
        }
        let label = self.current_label();
        let effective = label.restrictions().effective(now);
        let of_it = effective.iter().filter(|restriction| stands_against(restriction, right));
        let printed: Vec<String> = of_it.map(ToString::to_string).collect();
        Some(if printed.is_empty() {
            messages::not_granted(right, clause(right))
        } else {
            messages::restricted(right, &printed)
        })
    }
}

/// Whether a restriction bears on a right. Those the taxonomy does not know stop what leaves the document.
fn stands_against(restriction: &Restriction, right: Right) -> bool {
    let leaves = matches!(right, Right::Export | Right::Provide);
    restriction.rule().map_or(leaves, |rule| verbs(right).contains(&rule.verb()))
}

const fn verbs(right: Right) -> &'static [Verb] {
    match right {
        Right::View => &[Verb::Audience, Verb::ReadOnce, Verb::TakeOut],
        Right::Print => &[Verb::Print],
        Right::Copy => &[Verb::Copy, Verb::Transcribe, Verb::Reuse],
        Right::Edit => &[Verb::Rewrite],
        Right::Export => &[Verb::Encrypt, Verb::Copy],
        Right::Provide => &[Verb::Distribute, Verb::Forward, Verb::Send, Verb::Audience],
        Right::Relabel => &[],
    }
}

/// The clause a right is given under (統一基準 平成30年度版).
const fn clause(right: Right) -> &'static str {
    match right {
        Right::View => "3.1.1(4)(d)",
        Right::Print | Right::Copy | Right::Edit | Right::Export => "3.1.1(4)(a)",
        Right::Provide => "3.1.1(5)(b)",
        Right::Relabel => "3.1.1(3)(c)",
    }
}
