//! Office documents that others made: marked, opened, read, unmarked.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use kakuzuke_formats::{Kind, MarkError, Signatures, State, detect, mark, marking_of, text};

use super::furniture::{ACROSS, LINE, marking, parts, unmarked};
use crate::furniture::corpus;

fn is_office(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Docx | Kind::Docm | Kind::Dotx | Kind::Dotm | Kind::Xlsx | Kind::Xlsm | Kind::Xltx | Kind::Xltm
    ) || matches!(kind, Kind::Pptx | Kind::Pptm | Kind::Potx | Kind::Potm | Kind::Ppsx | Kind::Ppsm)
}

/// How often each passage is said, without ours.
fn passages(file: &[u8]) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    let read = text(&file.to_vec(), None, &mut |passage| {
        let words = passage.text.replace(LINE, "");
        let words = words.trim();
        if !words.is_empty() && words != ACROSS {
            *found.entry(words.to_owned()).or_insert(0) += 1;
        }
        ControlFlow::Continue(())
    });
    assert!(read.is_ok());
    found
}

/// Marks one document and takes the marking off again; what went wrong, if anything.
fn there_and_back(path: &Path, file: &[u8]) -> Result<Vec<String>, String> {
    let (marking, file) = (marking(true), &file.to_vec());
    let mut done = Vec::new();
    let marked = match mark(file, None, &marking, Signatures::Keep, &mut done) {
        Err(MarkError::Signed) => {
            done.clear();
            mark(file, None, &marking, Signatures::Break, &mut done)
        }
        other => other,
    };
    let marked = marked.map_err(|e| e.to_string())?;
    assert_eq!(detect(&done, None).unwrap(), detect(file, None).unwrap(), "{path:?}");
    if marked.places > 0 {
        let found = marking_of(&done, None).unwrap();
        assert_eq!(found.as_ref().map(kakuzuke_formats::Marking::line), Some(LINE), "{path:?}");
    }
    assert_eq!(passages(&done), passages(file), "{path:?}");
    let mut again = Vec::new();
    mark(&done, None, &marking, Signatures::Break, &mut again).unwrap();
    assert!(again == done, "{path:?}: marked twice it is another");
    let mut back = Vec::new();
    kakuzuke_formats::unmark(&done, None, Signatures::Break, &mut back).unwrap();
    let (before, after) = (parts(file), parts(&back));
    let names = |parts: &BTreeMap<String, Vec<u8>>| parts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after), "{path:?}");
    let differ = before.iter().filter(|(name, bytes)| after[*name] != **bytes);
    Ok(differ.map(|(name, _)| format!("{path:?}: {name} is written otherwise")).collect())
}

#[test]
fn real_office_documents_are_marked_and_unmarked() {
    let Some(paths) = corpus() else { return };
    let (mut done, mut refused, mut otherwise) = (0, Vec::new(), Vec::new());
    for path in paths {
        let file = std::fs::read(&path).unwrap();
        let found = detect(&file, path.to_str()).unwrap();
        if !is_office(found.kind) || found.state != State::Open {
            continue;
        }
        match there_and_back(&path, &file) {
            Ok(differ) => {
                done += 1;
                otherwise.extend(differ);
                assert_eq!(unmarked(&file).1.places, 0, "{path:?}");
            }
            Err(why) => refused.push(format!("{path:?}: {why}")),
        }
    }
    eprintln!("{done} marked and unmarked, {} refused, {} parts written otherwise", refused.len(), otherwise.len());
    for line in refused.iter().chain(&otherwise) {
        eprintln!("{line}");
    }
    assert!(done > refused.len() * 10, "too many refused");
    assert!(otherwise.len() * 20 < done, "parts are not as they were");
}
