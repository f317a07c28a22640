//! PDFs that others made: none may cause a panic, and what can be labelled and protected must come back.

use kakuzuke_formats::{Kind, State, detect, locate, read_label, write_label};

use super::furniture::{label, unwrap, wrap};
use super::hostile::read_all;
use crate::furniture::corpus;

#[test]
fn real_documents_are_read_labelled_and_carried() {
    let Some(paths) = corpus() else { return };
    let (mut labelled, mut locked, mut damaged, mut refused) = (0, 0, Vec::new(), Vec::new());
    for path in paths {
        let file = std::fs::read(&path).unwrap();
        read_all(&file);
        let found = detect(&file, None).unwrap();
        if found.kind != Kind::Pdf {
            assert!(!file.starts_with(b"%PDF-"), "{path:?}");
            continue;
        }
        match found.state {
            State::Open => {}
            State::Locked(_) => {
                locked += 1;
                continue;
            }
            State::Damaged(why) => {
                damaged.push(format!("{path:?}: {why}"));
                continue;
            }
            other => panic!("{path:?}: {other:?}"),
        }
        assert_eq!(locate(&file).unwrap(), None);
        let mut out = Vec::new();
        match write_label(&file, &label(900), &mut out) {
            Ok(()) => {
                assert!(out.starts_with(&file), "{path:?}");
                assert_eq!(read_label(&out).unwrap(), Some(label(900)), "{path:?}");
                assert_eq!(detect(&out, None).unwrap(), found, "{path:?}");
                labelled += 1;
            }
            Err(e) => refused.push(format!("{path:?}: {e}")),
        }
        let inside = [&kakuzuke_formats::MAGIC[..], &file].concat();
        assert!(unwrap(&wrap(&inside)).unwrap().1 == inside);
    }
    for line in damaged.iter().chain(&refused) {
        eprintln!("not labelled {line}");
    }
    eprintln!("{labelled} labelled, {locked} locked, {} damaged, {} refused", damaged.len(), refused.len());
    assert!(labelled > 0, "no PDF could be labelled");
}
