//! Other programs: qpdf finds no fault, poppler and MuPDF show and say the line on every page, and everything else as before.

use std::path::Path;
use std::process::Command;

use kakuzuke_formats::{marking_of, read_label};

use super::furniture::{
    LINE, difference, has, label, labelled, marked, marking, pictures, run, sample, unmarked, words,
};

fn check(path: &Path) {
    let done = Command::new("qpdf").arg("--check").arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && !said.contains("WARNING"), "{said}{}", String::from_utf8_lossy(&done.stdout));
}

fn pages(path: &Path) -> usize {
    run(Command::new("qpdf").arg("--show-npages").arg(path)).trim().parse().unwrap()
}

#[test]
fn every_page_says_the_line_first_and_no_fault_is_found() {
    if !has("qpdf") || !has("pdftotext") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, made) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    std::fs::write(&path, sample()).unwrap();
    let count = pages(&path);
    for arguments in [&["--object-streams=generate"][..], &["--object-streams=disable"], &["--linearize"], &["--qdf"]] {
        run(Command::new("qpdf").args(arguments).arg(&path).arg(&made));
        let before = std::fs::read(&made).unwrap();
        let after = labelled(&marked(&before, &marking(Some("見本"))), &label(300));
        std::fs::write(&made, &after).unwrap();
        check(&made);
        assert_eq!(pages(&made), count);
        let line: String = LINE.split_whitespace().collect();
        for page in 1..=count {
            let said = words(&made, page);
            assert_eq!(said.matches(&line).count(), 1, "{said}");
            assert!(said.replace("見本", "").starts_with(&line), "{said}");
        }
        std::fs::write(&made, unmarked(&after)).unwrap();
        check(&made);
        assert!(!words(&made, 1).contains(&line));
    }
    if has("mutool") {
        std::fs::write(&made, marked(&sample(), &marking(None))).unwrap();
        let said = run(Command::new("mutool").args(["draw", "-q", "-F", "txt"]).arg(&made));
        let said: String = said.split_whitespace().collect();
        assert_eq!(said.matches(&LINE.replace('\u{3000}', "")).count(), count, "{said}");
    }
}

#[test]
fn outside_our_boxes_pages_look_as_before() {
    let before = sample();
    let line = marked(&before, &marking(None));
    for ((program, before), (_, now)) in pictures(&before, 60).iter().zip(&pictures(&line, 60)) {
        assert_eq!(before.len(), now.len());
        for (before, now) in before.iter().zip(now) {
            let [left, top, right, bottom] = difference(before, now, 0).unwrap();
            assert!(
                left > 0.25 && top > 0.01 && right < 0.98 && bottom < 0.05,
                "{program} {left} {top} {right} {bottom}"
            );
        }
    }
    // Under the watermark, everything that was dark still is.
    let water = marked(&before, &marking(Some("複製禁止")));
    for ((program, before), (_, now)) in pictures(&line, 60).iter().zip(&pictures(&water, 60)) {
        for (before, now) in before.iter().zip(now) {
            let [left, top, right, bottom] = difference(before, now, 8).unwrap();
            assert!(left < 0.4 && right > 0.6 && top < 0.4 && bottom > 0.6, "{program} {left} {top} {right} {bottom}");
            for (was, is) in before.shades.iter().zip(&now.shades) {
                assert!(*is >= was / 2 && *is <= was.saturating_add(60), "{program}: {was} became {is}");
            }
        }
    }
}

#[test]
fn saved_by_another_program_it_is_still_ours() {
    let folder = tempfile::tempdir().unwrap();
    let (path, made) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    let original = sample();
    std::fs::write(&path, labelled(&marked(&original, &marking(Some("見本"))), &label(300))).unwrap();
    let mut tries: Vec<(&str, Vec<&str>)> = Vec::new();
    if has("qpdf") {
        tries.push(("qpdf", vec!["--object-streams=generate"]));
        tries.push(("qpdf", vec!["--linearize"]));
        tries.push(("qpdf", vec!["--coalesce-contents"]));
    }
    if has("mutool") {
        tries.push(("mutool", vec!["clean", "-gz"]));
    }
    for (program, arguments) in tries {
        run(Command::new(program).args(&arguments).arg(&path).arg(&made));
        let saved = std::fs::read(&made).unwrap();
        assert_eq!(marking_of(&saved, None).unwrap(), Some(marking(Some("見本"))), "{program} {arguments:?}");
        assert_eq!(read_label(&saved).unwrap(), Some(label(300)));
        let again = marked(&saved, &marking(None));
        for (file, expected) in [(unmarked(&saved), original.clone()), (again, marked(&original, &marking(None)))] {
            std::fs::write(&made, &file).unwrap();
            if has("qpdf") {
                check(&made);
            }
            for ((reader, one), (_, other)) in pictures(&expected, 50).iter().zip(&pictures(&file, 50)) {
                for (one, other) in one.iter().zip(other) {
                    let found = difference(one, other, 3);
                    assert_eq!(found, None, "{reader} {program} {arguments:?}");
                }
            }
        }
    }
}
