//! Documents that others made: none may cause a panic, and what can be labelled and protected must come back.

use kakuzuke_formats::{State, detect, extract, locate, read_label, write_label};

use super::furniture::{OFFICE, unwrap, wrap};
use super::hostile::read_all;
use super::labels::label;
use crate::furniture::corpus;

#[test]
fn real_documents_are_read_labelled_and_carried() {
    let Some(paths) = corpus() else { return };
    let (mut labelled, mut refused, mut other) = (0, Vec::new(), 0);
    for path in paths {
        let file = std::fs::read(&path).unwrap();
        read_all(&file);
        let found = detect(&file, path.to_str()).unwrap();
        if !OFFICE.contains(&found.kind) || found.state != State::Open {
            other += 1;
            continue;
        }
        assert_eq!(locate(&file).unwrap(), None);
        let before = read_label(&file);
        let mut out = Vec::new();
        match write_label(&file, &label(900), &mut out) {
            Ok(()) => {
                assert_eq!(read_label(&out).unwrap(), Some(label(900)), "{path:?}");
                assert_eq!(detect(&out, None).unwrap(), found, "{path:?}");
                labelled += 1;
            }
            Err(e) => refused.push(format!("{path:?}: {e} (reading: {before:?})")),
        }
        // Whatever the document is, it is carried as the bytes it has.
        let inside = [&kakuzuke_formats::MAGIC[..], &file].concat();
        let carrier = wrap(found.kind, &inside);
        let (place, back) = unwrap(&carrier).unwrap();
        assert!(back == inside);
        let mut out = Vec::new();
        extract(&carrier, &place, &mut out).unwrap();
        assert!(out == inside);
    }
    eprintln!("{labelled} labelled, {other} of other kinds or states, {} refused", refused.len());
    for line in &refused {
        eprintln!("refused {line}");
    }
    assert!(labelled > refused.len() * 10, "too many refused");
}
