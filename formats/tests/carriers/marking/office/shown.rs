//! Word, Excel and PowerPoint documents as LibreOffice prints them: the line on every page, nothing else moved.

use std::path::Path;

use kakuzuke_formats::marking_of;

use super::furniture::{
    ACROSS, LINE, Shown, Word, changed_pixels, compare, convert, joined, line, marked, marking, pages, parts, pixels,
    shown, unmarked,
};
use super::made::{books, documents, presentations};
use crate::furniture::has;

/// The sample documents that an office suite made.
pub fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| ["docx", "xlsx", "pptx"].iter().any(|k| e == *k)))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() >= 4);
    found
}

fn all() -> Vec<(String, Vec<u8>)> {
    [samples(), documents(), books(), presentations()].concat()
}

fn have_tools() -> bool {
    ["soffice", "pdftotext", "pdftoppm"].into_iter().all(has)
}

/// The words that came to each page; none may have gone, and no page.
fn added(shown: &Shown) -> Vec<Vec<Word>> {
    let (before, after) = (pages(&shown.before), pages(&shown.after));
    assert_eq!(before.len(), after.len(), "{}: another number of pages", shown.name);
    assert!(!before.is_empty(), "{}: no pages", shown.name);
    let pairs = before.iter().zip(&after).enumerate();
    pairs
        .map(|(number, (before, after))| {
            assert_eq!(before.size, after.size, "{} page {number}", shown.name);
            let (added, lost) = compare(before, after);
            assert!(lost.is_empty(), "{} page {number}: {lost:?} moved or went; {added:?}", shown.name);
            added
        })
        .collect()
}

#[test]
fn the_line_is_on_every_page_and_nothing_moves() {
    if !have_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for shown in shown(folder.path(), &all(), &marking(false)) {
        let (before, after) = (pixels(&shown.before), pixels(&shown.after));
        let sizes = pages(&shown.after);
        for (number, words) in added(&shown).iter().enumerate() {
            assert_eq!(joined(words), line(), "{} page {number}", shown.name);
            let right = words.iter().map(|(_, place)| place[2]).max().unwrap() as f64 / 10.0;
            let low = words.iter().map(|(_, place)| place[3]).max().unwrap() as f64 / 10.0;
            let (width, height) = sizes[number].size;
            // Beside a person's own words at the right it stands where there is room.
            let is_at_right =
                right > width * 0.85 || ["own header.xlsx", "odd, even and first.xlsx"].contains(&shown.name.as_str());
            assert!(is_at_right && right < width && low < height * 0.1 + 20.0, "{}: {words:?}", shown.name);
            let changed = changed_pixels(&before[number], &after[number], words);
            assert_eq!(changed, 0, "{} page {number}: pixels elsewhere", shown.name);
        }
    }
}

#[test]
fn the_watermark_is_behind_the_text_of_every_page() {
    if !have_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for shown in shown(folder.path(), &all(), &marking(true)) {
        let (before, after) = (pixels(&shown.before), pixels(&shown.after));
        for (number, words) in added(&shown).iter().enumerate() {
            // Words that are drawn as shapes are no words of the page; others are found letter by letter.
            let mut seen: Vec<char> = joined(words).chars().collect();
            let mut expected: Vec<char> = line().chars().collect();
            if seen.len() > expected.len() {
                expected.extend(ACROSS.chars());
            }
            seen.sort_unstable();
            expected.sort_unstable();
            assert_eq!(seen, expected, "{} page {number}", shown.name);
            let ours: Vec<Word> = words.iter().filter(|(w, _)| line().contains(w.as_str())).cloned().collect();
            let ours: Vec<Word> = ours.into_iter().filter(|(w, _)| w.chars().count() > 1).collect();
            let changed = changed_pixels(&before[number], &after[number], &ours);
            let share = changed as f64 / before[number].2.len() as f64;
            // LibreOffice prints a sheet's background behind its cells only, and there may be few on a page.
            let least = if !shown.name.ends_with(".xlsx") {
                0.002
            } else if number == 0 {
                0.0002
            } else {
                0.0
            };
            assert!((least..0.3).contains(&share), "{} page {number}: {share} of it is grey", shown.name);
            // Grey, not black: what was dark stays so, what was light never becomes dark.
            let darkened =
                before[number].2.iter().zip(&after[number].2).filter(|(b, a)| **b > 230 && **a < 100).count();
            let most = 1_200 + before[number].2.len() / 200;
            assert!(darkened < most, "{} page {number}: {darkened} dark pixels", shown.name);
        }
    }
}

#[test]
fn libreoffice_keeps_the_marking_and_it_is_known_again() {
    if !have_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = [samples(), documents()[..9].to_vec(), books()[..1].to_vec(), presentations()[..1].to_vec()].concat();
    for kind in ["docx", "xlsx", "pptx"] {
        let these: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(kind)).collect();
        let names: Vec<String> = (0..these.len()).map(|n| format!("{kind}{n}.{kind}")).collect();
        for ((_, file), name) in these.iter().zip(&names) {
            std::fs::write(folder.path().join(name), marked(file, &marking(true)).0).unwrap();
        }
        convert(folder.path(), kind, &names);
        let again = folder.path().join(kind);
        convert(&again, "pdf", &names);
        for ((title, _), name) in these.iter().zip(&names) {
            let file = std::fs::read(again.join(name)).unwrap();
            let found = marking_of(&file, None).unwrap();
            assert_eq!(found.as_ref().map(kakuzuke_formats::Marking::line), Some(LINE), "{title}");
            let printed = pages(&again.join("pdf").join(name).with_extension("pdf"));
            for page in &printed {
                for piece in LINE.split_whitespace() {
                    assert!(page.words.iter().any(|(w, _)| w.contains(piece)), "{title}: {:?}", page.words);
                }
            }
            let (clean, _) = unmarked(&file);
            assert_eq!(marking_of(&clean, None).unwrap(), None, "{title}");
            std::fs::write(again.join(name), clean).unwrap();
        }
        convert(&again, "pdf", &names);
        // Some samples say it in their own words, too.
        let says = |file: &[u8]| parts(file).values().any(|p| String::from_utf8_lossy(p).contains("・完全性２情報"));
        for ((title, _), name) in these.iter().zip(&names).filter(|((_, file), _)| !says(file)) {
            for page in pages(&again.join("pdf").join(name).with_extension("pdf")) {
                assert!(!joined(&page.words).contains("機密性２情報・完全性２情報"), "{title}");
            }
        }
    }
}
