//! 検証 of an exported log that somebody changed.

use super::super::{
    EntryKind, EntryText, ExportEntry, Finding, LogReport, LogVerification, Outcome, UnverifiedCheckpoint,
    VerifiedCheckpoint,
};
use super::Log;
use crate::crypto::default_provider;

fn verify(log: &Log, lines: &[String], known: Option<&VerifiedCheckpoint>) -> LogReport {
    let mut verification = LogVerification::new(default_provider(), log.key.clone());
    if let Some(known) = known {
        verification = verification.known(known);
    }
    lines.iter().for_each(|line| verification.line(line));
    verification.finish()
}

fn known(log: &Log) -> VerifiedCheckpoint {
    UnverifiedCheckpoint::parse(&log.checkpoint()).unwrap().verify(default_provider(), &log.key).unwrap()
}

/// The lines with the entry at `at` changed.
fn with(log: &Log, at: usize, change: impl FnOnce(&mut ExportEntry)) -> Vec<String> {
    let mut lines = log.lines();
    let mut entry = log.entries[at].clone();
    change(&mut entry);
    lines[at + 1] = serde_json::to_string(&entry).unwrap();
    lines
}

#[test]
fn a_whole_log_is_sound() {
    for size in 0..20 {
        let log = Log::of(size, 1);
        let report = verify(&log, &log.lines(), Some(&known(&log)));
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.entries, report.signed), (size, Some(size)));
        assert_eq!(report.released + report.denied, size);
    }
}

#[test]
fn a_changed_text_or_leaf_is_found() {
    let log = Log::of(8, 1);
    let text = verify(&log, &with(&log, 3, |e| e.text = Some(r#"{"note":"y"}"#.into())), None);
    assert_eq!(text.findings, [Finding::TextAltered { index: 3 }]);
    let half = verify(&log, &with(&log, 3, |e| e.text = None), None);
    assert_eq!(half.findings, [Finding::TextAltered { index: 3 }]);
    let leaf = verify(&log, &with(&log, 3, |e| e.leaf = log.entries[4].leaf.clone()), None);
    assert_eq!(leaf.findings, [Finding::LeafAltered { index: 3 }]);
    let hash =
        verify(&log, &with(&log, 3, |e| (e.hash, e.leaf) = (log.entries[4].hash, log.entries[4].leaf.clone())), None);
    assert!(hash.findings.iter().any(|f| matches!(f, Finding::OtherRoot { .. })), "{hash:?}");
}

#[test]
fn erased_texts_and_withheld_leaves_still_lead_to_the_root() {
    let log = Log::of(8, 1);
    let erased = verify(&log, &with(&log, 3, |e| (e.salt, e.text) = (None, None)), None);
    assert!(erased.is_sound());
    assert_eq!(erased.without_text, 1);
    let withheld = verify(&log, &with(&log, 3, |e| (e.leaf, e.salt, e.text) = (None, None, None)), None);
    assert!(withheld.is_sound());
    assert_eq!(withheld.withheld, 1);
}

#[test]
fn missing_repeated_and_exchanged_entries_are_found() {
    let log = Log::of(8, 1);
    let mut gap = log.lines();
    gap.remove(4);
    assert!(verify(&log, &gap, None).findings.contains(&Finding::Missing { from: 3, count: 1 }));
    let mut twice = log.lines();
    twice.insert(5, twice[4].clone());
    assert!(verify(&log, &twice, None).findings.contains(&Finding::OutOfOrder { index: 3, line: 6 }));
    let mut exchanged = log.lines();
    exchanged.swap(4, 5);
    assert!(!verify(&log, &exchanged, None).is_sound());
    let cut = log.lines()[..6].to_vec();
    assert_eq!(verify(&log, &cut, None).findings, [Finding::Truncated { entries: 5, checkpoint: 8 }]);
    let longer = [log.lines(), vec![serde_json::to_string(&Log::of(9, 1).entries[8]).unwrap()]].concat();
    assert_eq!(verify(&log, &longer, None).findings, [Finding::Beyond { entries: 9, checkpoint: 8 }]);
}

#[test]
fn a_log_that_is_no_longer_the_one_known_is_a_fork() {
    let before = known(&Log::of(5, 1));
    let mut grown = Log::of(5, 1);
    grown.append(77, "more");
    assert!(verify(&grown, &grown.lines(), Some(&before)).is_sound());
    let mut rewritten = Log::of(4, 1);
    rewritten.append(99, "other");
    rewritten.append(77, "more");
    let report = verify(&rewritten, &rewritten.lines(), Some(&before));
    assert_eq!(report.findings, [Finding::Fork { known: 5 }]);
    let shorter = Log::of(3, 1);
    assert_eq!(verify(&shorter, &shorter.lines(), Some(&before)).findings, [Finding::Fork { known: 5 }]);
}

#[test]
fn a_log_without_head_or_by_another_key_is_not_sound() {
    let log = Log::of(3, 1);
    assert_eq!(verify(&log, &[], None).findings, [Finding::NoHead]);
    assert!(verify(&log, &log.lines()[1..], None).findings.contains(&Finding::NoHead));
    let other = verify(&Log::of(3, 2), &log.lines(), None);
    assert!(matches!(other.findings.as_slice(), [Finding::Checkpoint { .. }]), "{other:?}");
    let mut garbled = log.lines();
    garbled[2] = "{".into();
    assert!(verify(&log, &garbled, None).findings.contains(&Finding::Malformed { line: 3 }));
    let mut extra = log.lines();
    extra[2] = extra[2].replacen('{', r#"{"more":1,"#, 1);
    assert!(verify(&log, &extra, None).findings.contains(&Finding::Malformed { line: 3 }));
}

#[test]
fn a_report_says_in_both_languages_what_was_found() {
    let log = Log::of(3, 1);
    let sound = verify(&log, &log.lines(), None).text();
    assert!(sound.ja.contains("3 件すべて") && sound.en.contains("all 3 entries"));
    let broken = verify(&log, &with(&log, 1, |e| e.text = Some("{}".into())), None).text();
    assert!(broken.ja.contains("記録 1 の本文") && broken.en.contains("text of entry 1"));
}

#[test]
fn kinds_outcomes_and_texts_keep_their_names() {
    for kind in EntryKind::ALL {
        assert_eq!(EntryKind::from_slug(kind.slug()), Some(*kind));
        assert_eq!(EntryKind::ALL.iter().filter(|k| k.number() == kind.number()).count(), 1);
    }
    assert_eq!(EntryKind::from_slug("something else"), None);
    assert_ne!(Outcome::Done, Outcome::Denied);
    let text = EntryText { note: Some("理由".into()), count: Some(3), ..EntryText::default() };
    assert_eq!(EntryText::from_json(&text.to_json()), Some(text));
    assert_eq!(EntryText::from_json(r#"{"unknown":1}"#), None);
}
