//! Other people's documents look the same without what is hidden in them: page by page, pixel by pixel, under LibreOffice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_formats::{Category, Wanted, sanitise};

use super::furniture::pixels;
use crate::furniture::{corpus, has};

/// What may be seen of it where it goes: remarks in the margin, tracked changes in colour, linked and remote pictures, and
/// text that LibreOffice shows although it is hidden.
const SEEN: [Category; 8] = [
    Category::Comments,
    Category::Changes,
    Category::HiddenText,
    Category::Links,
    Category::Scripts,
    Category::Controls,
    Category::CustomData,
    Category::Objects,
];

/// Converts every file of a folder; those that LibreOffice can't open are left out.
fn convert(folder: &Path, names: &[String]) {
    for group in names.chunks(20) {
        let run = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
            .args(["--headless", "--convert-to", "pdf", "--outdir"])
            .arg(folder.join("pdf"))
            .args(group.iter().map(|name| folder.join(name)))
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

fn pdf(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join("pdf").join(Path::new(name).with_extension("pdf"));
    path.exists().then_some(path)
}

/// Whether a document looks the same each time: one with a clock in it does not.
fn is_steady(folder: &Path, name: &str) -> bool {
    let first = pixels(&pdf(folder, name).unwrap());
    convert(folder, &[name.to_owned()]);
    pixels(&pdf(folder, name).unwrap()) == first
}

#[test]
fn real_documents_look_the_same_without_what_is_hidden() {
    if !["soffice", "pdftoppm"].into_iter().all(has) {
        return;
    }
    let Some(paths) = corpus() else { return };
    let kinds = ["docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf", "doc", "xls", "ppt"];
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    std::fs::create_dir_all(&before).unwrap();
    std::fs::create_dir_all(&after).unwrap();
    let mut names = Vec::new();
    for kind in kinds {
        let of_kind = paths.iter().filter(|path| path.extension().is_some_and(|e| e == kind));
        // Small ones, so that it ends; numbered, because a PDF's name has no kind.
        let small = of_kind.filter(|path| path.metadata().is_ok_and(|m| m.len() < 60_000)).take(12);
        for (number, path) in small.enumerate() {
            let file = std::fs::read(path).unwrap();
            let name = format!("{kind}-{number}.{kind}");
            let mut out = Vec::new();
            let Ok(report) = sanitise(&file, Some(&name), &Wanted::usual(), &mut out) else { continue };
            let removed: BTreeSet<Category> =
                report.findings.iter().filter(|f| f.is_removed).map(|f| f.category).collect();
            if removed.is_empty() {
                continue;
            }
            std::fs::write(before.join(&name), &file).unwrap();
            std::fs::write(after.join(&name), &out).unwrap();
            names.push((name, path.clone(), removed));
        }
    }
    let all: Vec<String> = names.iter().map(|(name, ..)| name.clone()).collect();
    convert(&before, &all);
    convert(&after, &all);
    let (mut same, mut changed, mut wrong) = (0, Vec::new(), Vec::new());
    for (name, path, removed) in &names {
        let Some(old) = pdf(&before, name) else { continue };
        let Some(new) = pdf(&after, name) else {
            wrong.push(format!("{path:?} does not open any more"));
            continue;
        };
        if pixels(&old) == pixels(&new) {
            same += 1;
        } else if removed.iter().any(|category| SEEN.contains(category)) {
            changed.push(format!("{path:?}: {removed:?}"));
        } else if is_steady(&before, name) {
            wrong.push(format!("{path:?} looks otherwise: {removed:?}"));
        }
    }
    eprintln!("{same} of {} look the same; with what was seen of it: {changed:#?}", names.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(same > names.len() / 2, "{same} of {}", names.len());
}
