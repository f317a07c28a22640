//! Files that others made: labelled, read back, and otherwise as they were; counted, with the reasons where they are not.

use std::collections::BTreeMap;

use kakuzuke_formats::{Kind, detect, read_label, write_label};

use super::furniture::{contains_in_order, label};
use super::older::others;
use crate::furniture::corpus;

const KINDS: &[Kind] =
    &[Kind::Doc, Kind::Xls, Kind::Ppt, Kind::Jtd, Kind::Msg, Kind::Compound, Kind::Html, Kind::Eml, Kind::Rtf];

fn text_of(file: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    let mut take = |passage: kakuzuke_core::passage::Passage| {
        words.push(passage.text);
        std::ops::ControlFlow::Continue(())
    };
    kakuzuke_formats::text(&file.to_vec(), None, &mut take).unwrap();
    words
}

#[test]
fn files_of_other_people_take_a_label_and_stay_as_they_are() {
    let Some(paths) = corpus() else { return };
    let mut counts: BTreeMap<Kind, (u32, Vec<String>)> = BTreeMap::new();
    let mut changed = Vec::new();
    for path in paths {
        let file = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = detect(&file, Some(&name)).unwrap();
        if !KINDS.contains(&found.kind) {
            continue;
        }
        let (done, refused) = counts.entry(found.kind).or_default();
        let mut out = Vec::new();
        if let Err(why) = write_label(&file, &label(900), &mut out) {
            refused.push(format!("{name}: {why}"));
            continue;
        }
        assert_eq!(read_label(&out).unwrap(), Some(label(900)), "{name}");
        assert_eq!(detect(&out, Some(&name)).unwrap(), found, "{name}");
        if matches!(found.kind, Kind::Html | Kind::Eml | Kind::Rtf) {
            assert!(contains_in_order(&out, &file), "{name}");
        } else if let Some(before) = others(&file) {
            // What a second reader of such files finds.
            assert_eq!(others(&out), Some(before), "{name}");
        }
        let (before, after) = (text_of(&file), text_of(&out));
        // The text is that of before; of the headers of a mail there are two more.
        let missing: Vec<_> = before.iter().filter(|words| !after.contains(words)).collect();
        if !missing.is_empty() || after.len() > before.len() + 2 {
            changed.push(format!("{name}: {missing:?}, {} for {}", after.len(), before.len()));
        }
        *done += 1;
    }
    assert!(changed.is_empty(), "{changed:#?}");
    for (kind, (done, refused)) in &counts {
        eprintln!("{kind:?}: {done} labelled, {} not {refused:#?}", refused.len());
    }
    assert!(counts.values().all(|(done, refused)| *done + 1 >= refused.len() as u32));
}
