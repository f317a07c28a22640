//! Other people's documents: each is read to its end, and what could not be read is listed.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use kakuzuke_formats::text;

use crate::furniture::corpus;

#[test]
fn every_document_of_the_corpus_is_read_to_its_end() {
    let Some(paths) = corpus() else { return };
    let (mut whole, mut gaps) = (BTreeMap::<String, (u32, u32)>::new(), BTreeMap::<String, u32>::new());
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let summary = text(&bytes, Some(&name), &mut |passage| {
            assert!(!passage.text.is_empty());
            ControlFlow::Continue(())
        })
        .unwrap();
        let kind = name.rsplit('.').next().unwrap().to_ascii_lowercase();
        let count = whole.entry(kind.clone()).or_default();
        count.0 += 1;
        count.1 += u32::from(summary.is_whole());
        for (_, why) in &summary.gaps {
            *gaps.entry(format!("{kind}: {}", why.en)).or_default() += 1;
        }
        if std::env::var_os("KAKUZUKE_SHOW_GAPS").is_some() && !summary.is_whole() {
            eprintln!("{}: {:?}", path.display(), summary.gaps.iter().map(|g| &*g.1.en).take(3).collect::<Vec<_>>());
        }
    }
    for (kind, (files, read)) in whole {
        eprintln!("{kind}: {read} of {files} read whole");
    }
    for (gap, times) in gaps {
        eprintln!("{times} x {gap}");
    }
}
