//! Older office documents and Outlook messages, as other people made them: names go, the rest is reported.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use kakuzuke_formats::{Category, Wanted, inspect, sanitise};

use crate::furniture::corpus;

fn streams(file: &[u8]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut compound = cfb::CompoundFile::open(Cursor::new(file)).unwrap();
    let paths: Vec<PathBuf> = compound.walk().filter(cfb::Entry::is_stream).map(|e| e.path().to_owned()).collect();
    let mut read = |path: PathBuf| {
        let mut bytes = Vec::new();
        compound.open_stream(&path).unwrap().read_to_end(&mut bytes).unwrap();
        (path, bytes)
    };
    paths.into_iter().map(&mut read).collect()
}

/// Every older document of the corpus that can be cleaned has no names left, and nothing else in it changed.
#[test]
fn names_go_out_of_older_documents_and_nothing_else_changes() {
    let Some(paths) = corpus() else { return };
    let (mut cleaned, mut named) = (0, 0);
    for path in
        paths.iter().filter(|p| p.extension().is_some_and(|e| matches!(e.to_str(), Some("doc" | "xls" | "ppt"))))
    {
        let file = std::fs::read(path).unwrap();
        let name = path.file_name().and_then(|n| n.to_str());
        let mut out = Vec::new();
        if sanitise(&file, name, &Wanted::usual(), &mut out).is_err() {
            continue;
        }
        let report = inspect(&out, name).unwrap();
        assert!(!report.counts().contains_key(&Category::Authors), "{path:?}: {report:#?}");
        named += u32::from(inspect(&file, name).unwrap().counts().contains_key(&Category::Authors));
        let (Ok(_), Ok(_)) = (cfb::CompoundFile::open(Cursor::new(&file)), cfb::CompoundFile::open(Cursor::new(&out)))
        else {
            continue;
        };
        let (before, after) = (streams(&file), streams(&out));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{path:?}");
        for (stream, bytes) in &before {
            let own = stream.file_name().unwrap().to_string_lossy().into_owned();
            let may = own.starts_with('\u{5}')
                || matches!(own.as_str(), "1Table" | "0Table" | "WordDocument" | "Workbook" | "Book" | "Current User");
            assert!(may || after[stream] == *bytes, "{path:?} {stream:?}");
            assert!(own.starts_with('\u{5}') || after[stream].len() == bytes.len(), "{path:?} {stream:?}");
        }
        cleaned += 1;
    }
    assert!(cleaned > 40 && named > 20, "{cleaned} {named}");
}
