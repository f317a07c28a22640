//! PDFs that others made: each is marked, read back, and comes back; or there is a reason why not.

use std::collections::BTreeMap;

use kakuzuke_formats::{Kind, State, detect, marking_of};

use super::furniture::{difference, marked, marking, pictures, try_mark, unmarked};
use crate::furniture::corpus;

/// Files whose pages are drawn before and after: they take most of the time.
const DRAWN: u64 = 400_000;

#[test]
fn real_documents_are_marked_and_come_back() {
    let Some(paths) = corpus() else { return };
    let (mut done, mut drawn, mut reasons, mut notes) =
        (0, 0, BTreeMap::<String, Vec<String>>::new(), BTreeMap::<String, u32>::new());
    for path in paths {
        let file = std::fs::read(&path).unwrap();
        let found = detect(&file, None).unwrap();
        if found.kind != Kind::Pdf {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (after, told) = match (found.state, try_mark(&file, &marking(Some("見本")))) {
            (State::Open, Ok(done)) => done,
            (_, Ok(_)) => panic!("{path:?} should not have been marked"),
            (_, Err(e)) => {
                reasons.entry(e.to_string()).or_default().push(name);
                continue;
            }
        };
        assert!(after.starts_with(&file), "{path:?}");
        assert_eq!(marking_of(&after, None).unwrap(), Some(marking(Some("見本"))), "{path:?}");
        assert!(marked(&after, &marking(Some("見本"))) == after, "{path:?}");
        assert!(unmarked(&after) == file, "{path:?}");
        done += 1;
        for note in told.notes {
            *notes.entry(note.en.to_string()).or_default() += 1;
        }
        if let Some(folder) = std::env::var_os("KAKUZUKE_MARK_OUT") {
            std::fs::write(std::path::Path::new(&folder).join(&name), &after).unwrap();
        }
        if (file.len() as u64) < DRAWN && std::env::var_os("KAKUZUKE_MARK_DRAW").is_some() {
            drawn += 1;
            compare(&name, &file, &marked(&file, &marking(None)));
        }
    }
    for (reason, names) in &reasons {
        eprintln!("{} not marked: {reason}: {}", names.len(), names.join(" "));
    }
    for (note, count) in &notes {
        eprintln!("{count} with a note: {note}");
    }
    eprintln!("{done} marked, {} not, {drawn} drawn", reasons.values().map(Vec::len).sum::<usize>());
    assert!(done > 0, "no PDF could be marked");
}

/// Draws the pages before and after; outside the upper part nothing may differ.
fn compare(name: &str, before: &[u8], after: &[u8]) {
    for ((program, before), (_, now)) in pictures(before, 40).iter().zip(&pictures(after, 40)) {
        if before.len() != now.len() {
            eprintln!("{name} {program}: {} pages, then {}", before.len(), now.len());
        }
        for (number, (before, now)) in before.iter().zip(now).enumerate() {
            match difference(before, now, 2) {
                None => eprintln!("{name} {program} page {}: nothing is seen", number + 1),
                Some([_, _, _, bottom]) if bottom > 0.3 => {
                    eprintln!("{name} {program} page {}: differs down to {bottom:.2}", number + 1);
                }
                Some(_) => {}
            }
        }
    }
}
