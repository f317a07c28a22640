//! A row for each policy: what it permits and what it refuses, on which clause. Without the policy its row fails: tried
//! here for every one of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::engine::texts;
use super::{Action, Engine, Facts, Limit, Place};

/// A case: what is asked, on what, and what comes of it: nothing for yes, the clauses for no.
struct Row {
    policy: &'static str,
    action: Action,
    facts: Facts,
    clauses: Option<&'static [&'static str]>,
}

fn officer() -> Facts {
    Facts { officer: true, in_audience: true, inside: true, purpose: true, confidentiality: 2, ..Facts::default() }
}

fn author() -> Facts {
    Facts { author: true, ..officer() }
}

/// Sends to a destination that was decided on for every grade.
fn sender() -> Facts {
    Facts { destination: Place::Outside, destination_level: 3, ..author() }
}

/// Carries on a medium of their own: decided as outside.
fn carrier() -> Facts {
    Facts { medium_known: true, medium_ours: true, inside: false, ..author() }
}

/// Who carries what somebody else decided on.
fn bearer() -> Facts {
    Facts { author: false, decider: false, unit_reader: true, ..carrier() }
}

fn reader() -> Facts {
    Facts { unit_reader: true, ..officer() }
}

fn with(kinds: &[&str], facts: Facts) -> Facts {
    Facts { approvals: kinds.iter().map(|kind| (*kind).to_owned()).collect::<BTreeSet<_>>(), ..facts }
}

fn awaits(post: &str, facts: Facts) -> Facts {
    Facts { awaits: BTreeSet::from([post.to_owned()]), ..facts }
}

fn yes(policy: &'static str, action: Action, facts: Facts) -> Row {
    Row { policy, action, facts, clauses: None }
}

fn no(policy: &'static str, clauses: &'static [&'static str], action: Action, facts: Facts) -> Row {
    Row { policy, action, facts, clauses: Some(clauses) }
}

fn permits() -> Vec<Row> {
    use Action as A;
    vec![
        yes("permit-author", A::Export, author()),
        yes("permit-decider", A::Destroy, Facts { decider: true, ..officer() }),
        yes("permit-approve-by-decider", A::Approve, awaits("決定者", Facts { decider: true, ..officer() })),
        yes(
            "permit-approve-by-section",
            A::Approve,
            awaits("課室情報セキュリティ責任者", Facts { section_officer: true, ..officer() }),
        ),
        yes(
            "permit-approve-by-system",
            A::Approve,
            awaits("情報システムセキュリティ責任者", Facts { system_officer: true, ..officer() }),
        ),
        yes("permit-successor", A::Relabel, Facts { successor: true, ..officer() }),
        yes("permit-named-reader", A::View, Facts { named_reader: true, ..officer() }),
        yes("permit-unit", A::View, reader()),
        yes("permit-approved-view", A::View, with(&["view"], officer())),
        yes("permit-approved-use", A::View, with(&["take-out"], officer())),
        yes("permit-approved-print", A::Print, with(&["print"], officer())),
        yes("permit-approved-copy", A::Copy, with(&["copy"], officer())),
        yes("permit-approved-edit", A::Edit, with(&["edit"], officer())),
        yes("permit-approved-export", A::Export, with(&["export"], officer())),
        yes("permit-approved-provide", A::Provide, with(&["provide"], officer())),
        yes("permit-approved-lease", A::Lease, with(&["take-out"], officer())),
        yes("permit-approved-relabel", A::Relabel, Facts { lowering: true, ..with(&["relabel"], officer()) }),
        yes("permit-author-relabel", A::Relabel, author()),
        yes("permit-provisional-raise", A::Relabel, reader()),
        yes("permit-approved-destroy", A::Destroy, with(&["destroy"], author())),
        yes("permit-register", A::Register, officer()),
        yes("permit-approve-directory", A::ApproveDirectory, officer()),
        yes("permit-approve-zone", A::ApproveZone, Facts { zone_officer: true, ..officer() }),
        yes("permit-revoke-by-administrator", A::RevokeSubject, Facts { administrator: true, ..Facts::default() }),
        yes("permit-revoke-own-device", A::RevokeDevice, Facts { own: true, ..officer() }),
        yes("permit-provided", A::View, Facts { recipient: true, provided: true, officer: false, ..officer() }),
        yes("permit-labelled", A::Send, Facts { labelled: true, author: false, ..sender() }),
        yes("permit-recall", A::Recall, Facts { section_officer: true, ..officer() }),
        yes("permit-settle", A::Settle, Facts { own: true, ..officer() }),
        yes("permit-medium", A::Medium, Facts { own: true, ..officer() }),
        yes("permit-approve-destination", A::ApproveDestination, Facts { chief_officer: true, ..officer() }),
        yes("permit-audit", A::ReadLog, Facts { auditor: true, ..Facts::default() }),
    ]
}

fn forbids() -> Vec<Row> {
    use Action as A;
    let outside = |facts: Facts| Facts { inside: false, ..facts };
    let secret = |facts: Facts| Facts { confidentiality: 3, ..facts };
    let restricted = |limit, facts: Facts| Facts { restricted: limit, ..facts };
    let needs = Limit::NeedsPermission;
    vec![
        no("forbid-administrator", &["6.1.3"], A::View, Facts { officer: false, administrator: true, ..reader() }),
        no(
            "forbid-administrator-approval",
            &["6.1.2"],
            A::ApproveDirectory,
            Facts { administrator: true, ..officer() },
        ),
        no(
            "forbid-own-application",
            &["2.1.1(8)(a)"],
            A::Approve,
            awaits("決定者", Facts { decider: true, applicant: true, ..officer() }),
        ),
        no("forbid-contract-ended", &["2.2.1(1)(b)"], A::View, Facts { contract_ended: true, ..author() }),
        no("forbid-suspended", &["3.1.1(4)(d)"], A::View, Facts { suspended: true, ..author() }),
        no("forbid-destroyed", &["3.1.1(7)(a)"], A::View, Facts { ended: true, ..author() }),
        no("forbid-revoked-reader", &["3.1.1(4)(d)"], A::View, Facts { revoked_reader: true, ..reader() }),
        no("forbid-audience", &["3.1.1(4)(d)"], A::View, Facts { in_audience: false, ..reader() }),
        no("forbid-purpose", &["3.1.1(2)"], A::View, Facts { purpose: false, ..secret(reader()) }),
        no("forbid-restricted", &["3.1.1(4)(a)"], A::Export, restricted(Limit::Forbidden, reader())),
        no("forbid-print-unpermitted", &["3.1.1(4)(a)"], A::Print, restricted(needs, reader())),
        no("forbid-copy-unpermitted", &["3.1.1(4)(a)"], A::Copy, restricted(needs, reader())),
        no("forbid-edit-unpermitted", &["3.1.1(4)(a)"], A::Edit, restricted(needs, reader())),
        no("forbid-export-unpermitted", &["3.1.1(4)(a)"], A::Export, restricted(needs, reader())),
        no("forbid-provide-unpermitted", &["3.1.1(5)(b)"], A::Provide, {
            // A reader without permission has no basis either: with one, the restriction still asks for its own.
            restricted(needs, Facts { author: false, decider: false, ..with(&["view"], reader()) })
        }),
        no("forbid-unknown-restriction", &["3.1.1(4)(a)"], A::Export, Facts { unknown_restriction: true, ..author() }),
        no("forbid-outside-c3", &["3.1.1(4)(b)"], A::View, outside(secret(author()))),
        no("forbid-outside-lasting", &["8.1.1(3)(h)(ア)"], A::View, Facts { lasting: true, ..outside(author()) }),
        no("forbid-take-out", &["3.1.1(4)(a)"], A::View, Facts { take_out: Limit::Forbidden, ..outside(author()) }),
        no("forbid-take-out-unpermitted", &["3.1.1(4)(a)"], A::View, Facts { take_out: needs, ..outside(author()) }),
        no("forbid-lease-take-out", &["3.1.1(4)(a)"], A::Lease, Facts { take_out: Limit::Forbidden, ..author() }),
        no("forbid-lease-c3", &["3.1.1(4)(b)"], A::Lease, secret(author())),
        no("forbid-lease-counted", &["3.1.1(4)(a)"], A::Lease, Facts { counted: true, openings_left: 3, ..author() }),
        no("forbid-openings", &["3.1.1(4)(a)"], A::View, Facts { counted: true, openings_left: 0, ..reader() }),
        no("forbid-lowering", &["3.1.1(3)(c)"], A::Relabel, Facts { lowering: true, ..author() }),
        no("forbid-rewrite", &["3.1.1(4)(a)"], A::Register, Facts { rewrite_forbidden: true, ..officer() }),
        no("forbid-delete", &["3.1.1(4)(a)"], A::Destroy, Facts { delete_forbidden: true, decider: true, ..officer() }),
        no("forbid-destination-unknown", &["8.1.1(4)(a)"], A::Send, Facts { destination: Place::Unknown, ..sender() }),
        no("forbid-destination-terms", &["規範16-3"], A::Send, Facts { destination: Place::Terms, ..sender() }),
        no("forbid-destination-grade", &["4.1.4(1)(a)"], A::Send, Facts { destination_level: 1, ..sender() }),
        no("forbid-send-internet", &["3.1.1(6)(b)"], A::Send, {
            Facts { incorporated: true, internet: true, ..with(&["provide"], secret(sender())) }
        }),
        no("forbid-send-section", &["3.1.1(5)(c)"], A::Send, Facts { incorporated: true, ..secret(sender()) }),
        no("forbid-addressee-unknown", &["3.1.1(5)(b)"], A::Send, Facts { addressee_unknown: true, ..sender() }),
        no("forbid-addressee-audience", &["3.1.1(4)(d)"], A::Send, {
            // A label in clear that somebody else decided: who is neither is bound by it.
            Facts { addressee_outside: true, author: false, labelled: true, ..sender() }
        }),
        no("forbid-addressee-revoked", &["3.1.1(4)(d)"], A::Send, Facts { addressee_revoked: true, ..sender() }),
        no("forbid-send-take-out", &["3.1.1(4)(a)"], A::Send, Facts { take_out: Limit::Forbidden, ..sender() }),
        no("forbid-send-take-out-unpermitted", &["3.1.1(4)(a)"], A::Send, Facts { take_out: needs, ..sender() }),
        no("forbid-medium-unknown", &["3.1.1(4)(e)"], A::Carry, Facts { medium_known: false, ..carrier() }),
        no("forbid-medium-others", &["8.1.1(1)(d)(ア)"], A::Carry, Facts { medium_ours: false, ..carrier() }),
        no("forbid-medium-received", &["8.1.1(1)(d)(イ)"], A::Carry, Facts { medium_received: true, ..carrier() }),
        no("forbid-restricted", &["3.1.1(4)(a)"], A::Carry, restricted(Limit::Forbidden, bearer())),
        no("forbid-carry-unpermitted", &["3.1.1(5)(b)"], A::Carry, restricted(needs, bearer())),
        no("forbid-unknown-restriction", &["3.1.1(4)(a)"], A::Carry, Facts { unknown_restriction: true, ..bearer() }),
        no("forbid-carry-lasting", &["8.1.1(3)(k)"], A::Carry, Facts { lasting: true, ..carrier() }),
        no("forbid-retained", &["3.1.1(8)(b)"], A::Destroy, Facts { retained: true, decider: true, ..officer() }),
    ]
}

/// Whether a row comes out as it says, and names its policy.
fn holds(engine: &Engine, row: &Row) -> bool {
    match (engine.decide(row.action, &row.facts), row.clauses) {
        (Ok(granted), None) => granted.policies().iter().any(|policy| policy == row.policy),
        (Err(denial), Some(clauses)) => {
            denial.clauses() == clauses && denial.policies().iter().any(|policy| policy == row.policy)
        }
        _ => false,
    }
}

#[test]
fn every_policy_has_a_row_that_holds() {
    let engine = Engine::built_in().unwrap();
    let rows: Vec<Row> = permits().into_iter().chain(forbids()).collect();
    for row in &rows {
        assert!(holds(&engine, row), "{}: {:?}", row.policy, engine.decide(row.action, &row.facts));
    }
    for (policy, _) in engine.policies() {
        assert!(rows.iter().any(|row| row.policy == policy), "{policy} has no row");
    }
}

#[test]
fn without_a_policy_its_row_fails() {
    let rows: Vec<Row> = permits().into_iter().chain(forbids()).collect();
    for row in &rows {
        let engine = Engine::without(row.policy).unwrap();
        assert!(!holds(&engine, row), "{} is not missed", row.policy);
    }
}

#[test]
fn an_empty_or_broken_policy_set_denies() {
    let empty = Engine::from_texts(&[]).unwrap();
    assert!(empty.decide(Action::View, &author()).is_err());
    assert!(
        Engine::from_texts(&["permit (principal, action, resource);"]).is_err(),
        "a policy needs an id and a clause"
    );
    assert!(
        Engine::from_texts(&[
            r#"@id("x") @clause("y") permit (principal, action, resource) when { context.nonsense };"#
        ])
        .is_err()
    );
    assert_eq!(texts().len(), 2);
}

#[test]
fn the_author_may_export_against_a_ban_and_a_reader_may_not() {
    let engine = Engine::built_in().unwrap();
    let banned = |facts: Facts| Facts { restricted: Limit::Forbidden, ..facts };
    assert!(engine.decide(Action::Export, &banned(author())).is_ok());
    let denial = engine.decide(Action::Export, &banned(reader())).unwrap_err();
    assert_eq!(denial.clauses(), ["3.1.1(4)(a)"]);
    assert!(!denial.remedies().is_empty());
    assert!(engine.decide(Action::Export, &banned(with(&["exception"], reader()))).is_ok());
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let flags = proptest::collection::vec(any::<bool>(), 42);
    let kinds = proptest::sample::subsequence(
        vec!["view", "copy", "print", "export", "edit", "provide", "take-out", "relabel", "destroy", "exception"],
        0..10,
    );
    let limit = || prop_oneof![Just(Limit::None), Just(Limit::NeedsPermission), Just(Limit::Forbidden)];
    let place = prop_oneof![Just(Place::Unknown), Just(Place::Own), Just(Place::Outside), Just(Place::Terms)];
    let asked = (flags, kinds, 1_u8..=3, limit(), limit(), -1_i64..3, place, 0_u8..=3);
    asked.prop_map(|(flags, kinds, level, right, out, left, destination, destination_level)| {
        let mut flags = flags.into_iter();
        let mut flag = || flags.next().unwrap_or_default();
        let facts = Facts {
            officer: flag(),
            administrator: flag(),
            auditor: flag(),
            contract_ended: flag(),
            author: flag(),
            decider: flag(),
            successor: flag(),
            named_reader: flag(),
            unit_reader: flag(),
            revoked_reader: flag(),
            in_audience: flag(),
            own: flag(),
            applicant: flag(),
            responsible: flag(),
            single_operator: flag(),
            inside: flag(),
            purpose: flag(),
            suspended: flag(),
            ended: flag(),
            unknown_restriction: flag(),
            counted: flag(),
            rewrite_forbidden: flag(),
            delete_forbidden: flag(),
            retained: flag(),
            lasting: flag(),
            section_officer: flag(),
            system_officer: flag(),
            zone_officer: flag(),
            chief_officer: flag(),
            recipient: flag(),
            labelled: flag(),
            provided: flag(),
            incorporated: flag(),
            internet: flag(),
            addressee_unknown: flag(),
            addressee_outside: flag(),
            addressee_revoked: flag(),
            medium_known: flag(),
            medium_ours: flag(),
            medium_received: flag(),
            medium_fits: flag(),
            destination,
            destination_level,
            confidentiality: level,
            restricted: right,
            take_out: out,
            openings_left: left,
            ..Facts::default()
        };
        with(&kinds, facts)
    })
}

proptest! {
    #[test]
    fn nobody_reads_who_must_not(facts in any_facts()) {
        let engine = Engine::built_in().unwrap();
        let granted = engine.decide(Action::View, &facts).is_ok();
        if granted {
            let provided = facts.recipient && facts.provided;
            prop_assert!(facts.officer || provided);
            prop_assert!(!facts.contract_ended && !facts.suspended && !facts.ended && !facts.revoked_reader);
            prop_assert!(facts.inside || facts.confidentiality < 3 || facts.approvals.contains("take-out") || provided);
            prop_assert!(facts.inside || !facts.lasting || facts.approvals.contains("take-out") || provided);
            prop_assert!(facts.inside || facts.take_out != Limit::Forbidden);
            let basis = facts.author || facts.decider || facts.successor || facts.named_reader || facts.unit_reader;
            prop_assert!(basis || facts.provided || !facts.approvals.is_empty(), "no basis");
        }
        if engine.decide(Action::Send, &facts).is_ok() {
            let known = matches!(facts.destination, Place::Own | Place::Outside);
            prop_assert!(facts.officer && !facts.contract_ended && !facts.suspended && !facts.ended && !facts.revoked_reader);
            prop_assert!(facts.confidentiality == 1 || known && facts.confidentiality <= facts.destination_level);
            prop_assert!(facts.confidentiality == 1 || !facts.addressee_unknown);
            prop_assert!(!facts.addressee_revoked);
            prop_assert!(facts.destination == Place::Own || facts.take_out != Limit::Forbidden);
            prop_assert!(!(facts.incorporated && facts.internet) || facts.confidentiality < 3);
        }
        if engine.decide(Action::Carry, &facts).is_ok() {
            prop_assert!(facts.officer && facts.medium_known && facts.medium_ours && !facts.suspended && !facts.ended);
            prop_assert!(!facts.medium_received || facts.medium_fits);
            let own = facts.author || facts.decider;
            prop_assert!(facts.restricted != Limit::Forbidden || own || facts.approvals.contains("exception"));
            prop_assert!(facts.restricted != Limit::NeedsPermission || own || facts.approvals.contains("provide"));
            prop_assert!(!facts.unknown_restriction);
            prop_assert!(facts.confidentiality < 3 && !facts.lasting || facts.approvals.contains("take-out"));
        }
        if engine.decide(Action::ApproveDestination, &facts).is_ok() {
            prop_assert!(!facts.applicant && !facts.administrator && facts.officer);
        }
        if engine.decide(Action::Edit, &facts).is_ok() || engine.decide(Action::Provide, &facts).is_ok() {
            prop_assert!(facts.officer, "a recipient hands nothing on and makes no version");
        }
        if engine.decide(Action::Approve, &facts).is_ok() {
            prop_assert!(!facts.applicant && facts.officer);
        }
        if engine.decide(Action::ApproveDirectory, &facts).is_ok() {
            prop_assert!(!facts.applicant && !facts.administrator && facts.officer);
        }
        if engine.decide(Action::ApproveZone, &facts).is_ok() {
            prop_assert!(!facts.applicant && !facts.administrator && facts.officer && facts.zone_officer);
        }
        if engine.decide(Action::Destroy, &facts).is_ok() {
            prop_assert!(!facts.retained && !facts.delete_forbidden);
        }
    }
}
