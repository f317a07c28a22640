//! LibreOffice shows the marking on every page, moves nothing for it, and keeps it when it saves the document.

use std::path::Path;

use kakuzuke_formats::{Marking, marking_of};

use super::furniture::{
    LINE, WATERMARK, Word, both, can_show, convert, line, marked, pages, pictures, same_places, says_line, unmarked,
};
use super::package::{SHIFT, sheets, slides, texts};

fn pdf(folder: &Path, to: &str, name: &str) -> std::path::PathBuf {
    folder.join(to).join(name).with_extension("pdf")
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

/// Documents as they were, with the line, and with both, shown in one run.
fn shown(folder: &Path, documents: &[(&str, Vec<u8>)]) {
    let mut names = Vec::new();
    for (name, file) in documents {
        let files = [("was", file.clone()), ("line", marked(file, &line())), ("both", marked(file, &both()))];
        let files = files.map(|(how, bytes)| (format!("{how}-{name}"), bytes));
        write(folder, &files);
        names.extend(files.map(|(name, _)| name));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    convert(folder, "pdf", "pdf", &names);
    if let Some(out) = std::env::var_os("KAKUZUKE_MARK_OUT") {
        for name in &names {
            let to = Path::new(&out).join(format!("{}.pdf", name.replace('.', "-")));
            std::fs::copy(pdf(folder, "pdf", name), to).unwrap();
            std::fs::copy(folder.join(name), Path::new(&out).join(name)).unwrap();
        }
    }
}

/// Asserts that two PDFs look the same outside the boxes of our words.
fn same_looks(name: &str, before: &Path, after: &Path, ours: &[Vec<Word>], edge: f64) {
    const DPI: u32 = 45;
    let scale = f64::from(DPI) / 72.0;
    for ((before, after), ours) in pictures(before, DPI).iter().zip(&pictures(after, DPI)).zip(ours) {
        assert_eq!((before.width, before.shades.len()), (after.width, after.shades.len()), "{name}");
        for (at, (was, is)) in before.shades.iter().zip(&after.shades).enumerate() {
            let (x, y) = ((at % before.width) as f64 / scale, (at / before.width) as f64 / scale);
            let is_ours = ours.iter().any(|word| {
                let [left, top, right, bottom] = word.edges;
                (left - edge..=right + edge).contains(&x) && (top - edge..=bottom + edge).contains(&y)
            });
            assert!(is_ours || was.abs_diff(*is) < 24, "{name}: differs at {x:.0}, {y:.0}");
        }
    }
}

fn check(documents: &[(&str, Vec<u8>)], width: f64, edge: f64, has_watermark: bool) {
    if !can_show() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    shown(folder, documents);
    for (name, _) in documents {
        let of = |how: &str| pdf(folder, "pdf", &format!("{how}-{name}"));
        let off = if name.contains(".ods") || name.contains(".ots") { SHIFT } else { 0.05 };
        let ours = same_places(name, &of("was"), &of("line"), off);
        assert!(!ours.is_empty(), "{name}");
        for page in &ours {
            says_line(name, page, width);
        }
        if off < SHIFT {
            same_looks(name, &of("was"), &of("line"), &ours, edge);
        }
        for page in same_places(name, &of("was"), &of("both"), off) {
            says_line(name, &page, width);
            let said: String = page.iter().map(|w| w.text.as_str()).filter(|w| !LINE.contains(w)).collect();
            let mut said: Vec<char> = said.chars().collect();
            said.sort_unstable();
            let mut words: Vec<char> = WATERMARK.chars().collect();
            words.sort_unstable();
            assert_eq!(said, if has_watermark { words } else { Vec::new() }, "{name}: the watermark");
        }
    }
}

#[test]
fn texts_show_it_and_nothing_moves() {
    check(&texts(), 595.0, 6.0, true);
}

#[test]
fn sheets_show_it_and_no_cell_moves() {
    check(&sheets(), 595.0, 6.0, false);
    if !can_show() {
        return;
    }
    // Cells, by their words, are where they were to a twentieth of a point.
    let folder = tempfile::tempdir().unwrap();
    shown(folder.path(), &sheets());
    for (name, _) in sheets() {
        let cells = |how: &str| -> Vec<Word> {
            let all = pages(&pdf(folder.path(), "pdf", &format!("{how}-{name}"))).concat();
            all.into_iter().filter(|w| w.text.starts_with('値') || w.text == "Row").collect()
        };
        for (was, is) in cells("was").iter().zip(cells("line")) {
            let moved = was.edges.iter().zip(is.edges).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(moved < 0.11, "{name}: {was:?} {is:?}");
        }
    }
}

#[test]
fn slides_and_drawings_show_it_whatever_they_hide() {
    check(&slides(), 595.0, 30.0, true);
}

#[test]
fn notes_on_paper_show_it() {
    if !can_show() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, file) in slides().into_iter().filter(|(name, _)| *name == "dark.odp") {
        write(folder, &[(name.to_owned(), marked(&file, &line()))]);
        let filter = "pdf:impress_pdf_Export:{\"ExportNotesPages\":{\"type\":\"boolean\",\"value\":\"true\"}}";
        convert(folder, filter, "pdf", &[name]);
        let pages = pages(&pdf(folder, "pdf", name));
        assert_eq!(pages.len(), 6);
        // A page of notes says it for itself and on the picture of its slide.
        for (number, page) in pages.iter().enumerate() {
            for half in LINE.split_whitespace() {
                let said = page.iter().filter(|w| w.text == half).count();
                assert_eq!(said, if number < 3 { 1 } else { 2 }, "{number}: {half}");
            }
        }
    }
}

#[test]
fn saved_by_libreoffice_it_is_still_ours() {
    if !can_show() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let other = Marking::new("機密性３情報", None).unwrap();
    let documents: Vec<_> = texts().into_iter().chain(sheets()).chain(slides()).collect();
    let documents: Vec<_> = documents.into_iter().filter(|(name, _)| !name.contains("template")).collect();
    for extension in ["odt", "ods", "odp", "odg"] {
        let kind: Vec<_> = documents.iter().filter(|(name, _)| name.ends_with(extension)).collect();
        let names: Vec<&str> = kind.iter().map(|(name, _)| *name).collect();
        for (name, file) in &kind {
            std::fs::write(folder.join(name), marked(file, &both())).unwrap();
            std::fs::write(folder.join(format!("plain-{name}")), file).unwrap();
        }
        // What saving changes by itself, it changes without a marking, too.
        let plain: Vec<String> = names.iter().map(|name| format!("plain-{name}")).collect();
        let both_ways: Vec<&str> = names.iter().copied().chain(plain.iter().map(String::as_str)).collect();
        convert(folder, extension, "saved", &both_ways);
        let mut after = Vec::new();
        for name in &names {
            let saved = std::fs::read(folder.join("saved").join(name)).unwrap();
            let expected = if extension == "ods" { line() } else { both() };
            assert_eq!(marking_of(&saved, None).unwrap(), Some(expected), "{name}");
            let again = marked(&saved, &other);
            assert_eq!(marking_of(&again, None).unwrap(), Some(other.clone()), "{name}");
            assert!(marked(&again, &other) == again, "{name}");
            let gone = unmarked(&saved);
            assert_eq!(marking_of(&gone, None).unwrap(), None, "{name}");
            after.push((format!("saved-{name}"), saved));
            after.push((format!("again-{name}"), marked(&again, &line())));
            after.push((format!("gone-{name}"), gone));
            let plain = std::fs::read(folder.join("saved").join(format!("plain-{name}"))).unwrap();
            after.push((format!("was-{name}"), plain));
        }
        write(folder, &after);
        let shown: Vec<&str> = after.iter().map(|(name, _)| name.as_str()).collect();
        convert(folder, "pdf", "pdf", &shown);
        for name in &names {
            let of = |how: &str| pdf(folder, "pdf", &format!("{how}-{name}"));
            let off = if extension == "ods" { 2.0 * SHIFT } else { 0.11 };
            for page in same_places(name, &of("was"), &of("saved"), off) {
                says_line(name, &page, 595.0);
            }
            for page in same_places(name, &of("was"), &of("again"), off) {
                says_line(name, &page, 595.0);
            }
            let left = same_places(name, &of("was"), &of("gone"), off).concat();
            assert!(left.is_empty(), "{name}: {left:?}");
        }
    }
}
