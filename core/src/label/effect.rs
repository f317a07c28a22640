//! What a label asks for, as policies put the question. Pure answers from the label alone; the decision is made elsewhere.

use core::num::NonZeroU32;

use super::document::Label;
use super::level::Confidentiality;
use super::restriction::{Restriction, Rule};
use super::set::Restrictions;
use super::taxonomy::Taxonomy;
use super::verb::{EncryptScope, Mode, Verb};
use super::words::Name;
use crate::licence::Right;
use crate::time::Timestamp;

impl Label {
    /// The restrictions that hold at a point in time.
    #[must_use]
    pub fn effective(&self, now: Timestamp) -> Restrictions {
        self.restrictions().effective(now)
    }

    /// How strictly a verb is restricted at a point in time.
    #[must_use]
    pub fn mode(&self, verb: Verb, now: Timestamp) -> Option<Mode> {
        self.effective(now).mode(verb)
    }

    /// Whether a restriction unknown to the taxonomy stands on it: export, provision and publication are refused.
    #[must_use]
    pub fn blocks_export_unknown(&self) -> bool {
        self.restrictions().iter().any(|r| matches!(r, Restriction::Unknown(_)))
    }

    /// ○○限り that hold at a point in time. A reader must belong to every one of them.
    #[must_use]
    pub fn audiences(&self, now: Timestamp) -> Vec<Vec<Name>> {
        self.effective(now).on(Verb::Audience).map(|rule| rule.terms().audience.clone()).collect()
    }

    /// Whether the label itself bounds who may read: ○○限り, or named readers.
    #[must_use]
    pub fn readers_bounded(&self, now: Timestamp) -> bool {
        self.readers_hash().is_some() || self.effective(now).on(Verb::Audience).next().is_some()
    }

    /// 完全性2: a signed trailer is demanded (6.1.5(1)(a)(イ)).
    #[must_use]
    pub const fn needs_trailer(&self) -> bool {
        self.mechanism().demands_trailer()
    }

    /// 可用性2: only with a durable ticket or two authorities (7.1.2(1)(b)).
    #[must_use]
    pub const fn needs_durable_ticket(&self) -> bool {
        self.mechanism().demands_durable_ticket()
    }

    /// 読後廃棄: openings each reader has; the fewest where several hold. None when not counted.
    #[must_use]
    pub fn openings(&self, now: Timestamp) -> Option<NonZeroU32> {
        self.effective(now).on(Verb::ReadOnce).filter_map(|rule| rule.terms().count).min()
    }

    /// 持出禁止 for 要管理対策区域 itself (a zone that is named is the server's to resolve: [`Label::zones_not_left`]).
    #[must_use]
    pub fn taken_out_forbidden(&self, now: Timestamp) -> bool {
        self.effective(now).on(Verb::TakeOut).any(|r| r.mode() == Mode::Forbidden && r.terms().zone.is_none())
    }

    /// The zones it must not leave, or only with 許可; None stands for 要管理対策区域.
    #[must_use]
    pub fn zones_not_left(&self, now: Timestamp) -> Vec<(Option<Name>, Mode)> {
        self.effective(now).on(Verb::TakeOut).map(|rule| (rule.terms().zone.clone(), rule.mode())).collect()
    }

    /// 暗号化必須 for a use: it must not be in clear there.
    #[must_use]
    pub fn encryption_required(&self, scope: EncryptScope, now: Timestamp) -> bool {
        self.effective(now)
            .on(Verb::Encrypt)
            .any(|r| r.terms().scope.is_some_and(|s| s.covers(scope) || scope.covers(s)))
    }

    /// The first second at which its key may be erased by retention; None when no day is said. An event (○○まで保存
    /// without a date) keeps it until people say otherwise: see [`Label::retained_by_event`].
    #[must_use]
    pub fn retained_until(&self) -> Option<Timestamp> {
        let rules = self.restrictions().on(Verb::Retain).filter_map(|rule| rule.terms().until);
        rules.chain(self.retention()).max().map(super::day::Day::end)
    }

    /// Whether an event that only people can tell keeps it.
    #[must_use]
    pub fn retained_by_event(&self) -> bool {
        self.restrictions().on(Verb::Retain).any(|rule| rule.terms().event.is_some())
    }

    /// Whether its key may be erased at a point in time as far as retention says; 削除禁止 is asked by [`Label::mode`].
    #[must_use]
    pub fn retention_is_over(&self, now: Timestamp) -> bool {
        !self.retained_by_event() && self.retained_until().is_none_or(|end| now >= end)
    }

    /// Whether destruction after retention is due.
    #[must_use]
    pub fn discard_is_due(&self, now: Timestamp) -> bool {
        self.restrictions().on(Verb::Discard).next().is_some()
            && self.retained_until().is_some()
            && self.retention_is_over(now)
    }

    /// ○○以内復旧: the shortest time, in seconds.
    #[must_use]
    pub fn recover_within(&self) -> Option<NonZeroU32> {
        self.restrictions().on(Verb::Recover).filter_map(|rule| rule.terms().within).min()
    }

    /// Whether the label has passed its 有効期限 and asks to be decided again.
    #[must_use]
    pub fn asks_for_review(&self, now: Timestamp) -> bool {
        self.valid_until().is_some_and(|until| now >= until)
    }

    /// Whether it may be made public as far as the label says (3.1.1(5)(a)): 機密性1, and nothing on it that bounds readers.
    #[must_use]
    pub fn publishable(&self, now: Timestamp) -> bool {
        self.grades().c == Confidentiality::One
            && self.secret().is_none()
            && self.readers_hash().is_none()
            && self.effective(now).of_axis(super::level::Axis::Confidentiality).is_empty()
    }
}

impl Taxonomy {
    /// How a right is restricted by a label at a point in time: None when it is not, 禁止, or 要許可. View never is by
    /// restrictions alone (audience, zone and openings are asked one by one).
    #[must_use]
    pub fn restricts(&self, label: &Label, right: Right, now: Timestamp) -> Option<Mode> {
        label.effective(now).iter().filter_map(|restriction| self.restricts_by(restriction, right)).min()
    }

    fn restricts_by(&self, restriction: &Restriction, right: Right) -> Option<Mode> {
        let denied = match restriction {
            Restriction::Known(rule) => return rule_on(rule, right),
            Restriction::Agency(own) => match self.own_row(&own.id) {
                Some(row) => row.denies.contains(&right),
                None => matches!(right, Right::Export | Right::Provide),
            },
            Restriction::Unknown(_) => matches!(right, Right::Export | Right::Provide),
        };
        denied.then_some(Mode::Forbidden)
    }
}

/// What a rule says of a right. A file in clear can be copied, passed on and kept beyond any reach: whatever restricts
/// one of these restricts export.
fn rule_on(rule: &Rule, right: Right) -> Option<Mode> {
    let verbs: &[Verb] = match right {
        Right::View | Right::Relabel => &[],
        Right::Print => &[Verb::Print],
        Right::Copy => &[Verb::Copy, Verb::Transcribe, Verb::Reuse],
        Right::Edit => &[Verb::Rewrite],
        Right::Provide => &[Verb::Distribute, Verb::Forward, Verb::Send],
        Right::Export => {
            &[Verb::Copy, Verb::Distribute, Verb::Encrypt, Verb::Forward, Verb::Send, Verb::TakeOut, Verb::ReadOnce]
        }
    };
    verbs.contains(&rule.verb()).then(|| match rule.mode() {
        // 暗号化必須, 読後廃棄: what must be done rules out a file in clear.
        Mode::Required => Mode::Forbidden,
        mode => mode,
    })
}
