//! LibreOffice opens the covers, shows them, and keeps the envelope when it saves them again.

use std::path::Path;
use std::process::Command;

use kakuzuke_formats::{Kind, State, read_label};

use super::furniture::{OFFICE, envelope, has, unwrap, wrap};
use super::labels::{label, labelled};

/// Converts files in `folder` in one run of the suite.
fn convert(folder: &Path, to: &str, names: &[String]) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", to, "--outdir"])
        .arg(folder.join(to))
        .args(names.iter().map(|n| folder.join(n)))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn words_of(pdf: &Path) -> String {
    let run = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().unwrap();
    assert!(run.status.success(), "no PDF at {}", pdf.display());
    String::from_utf8_lossy(&run.stdout).split_whitespace().collect()
}

/// Share of the first page that is dark, from a grey picture of it.
fn ink_of(pdf: &Path) -> f64 {
    let run = Command::new("pdftoppm").args(["-gray", "-r", "50", "-f", "1", "-l", "1"]).arg(pdf).output().unwrap();
    assert!(run.status.success());
    let pixels = &run.stdout[16..];
    pixels.iter().filter(|p| **p < 128).count() as f64 / pixels.len() as f64
}

/// One of each family.
const FAMILIES: &[Kind] = &[Kind::Docx, Kind::Xlsx, Kind::Pptx, Kind::Odt, Kind::Ods, Kind::Odp, Kind::Odg];

#[test]
fn covers_show_and_survive_being_saved_again() {
    if !["soffice", "pdftotext", "pdftoppm"].into_iter().all(has) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = std::env::var_os("KAKUZUKE_COVER_OUT");
    let inside = envelope(150_000);
    let name = |kind: &Kind| format!("cover-{}.{}", kind.extension(), kind.extension());
    for kind in OFFICE {
        std::fs::write(folder.path().join(name(kind)), wrap(*kind, &inside)).unwrap();
    }
    let names: Vec<String> = OFFICE.iter().map(name).collect();
    convert(folder.path(), "pdf", &names);
    for kind in OFFICE {
        let pdf = folder.path().join("pdf").join(name(kind)).with_extension("pdf");
        if let Some(out) = &out {
            std::fs::copy(&pdf, Path::new(out).join(name(kind)).with_extension("pdf")).unwrap();
            std::fs::copy(folder.path().join(name(kind)), Path::new(out).join(name(kind))).unwrap();
        }
        let words = words_of(&pdf);
        for expected in
            ["保護された文書", "ProtectedDocument", "機密性２情報", "複製禁止", "企画調整課長", "総務省", "開き方"]
        {
            assert!(words.contains(expected), "{kind:?} does not say {expected}: {words}");
        }
        let ink = ink_of(&pdf);
        assert!((0.01..0.3).contains(&ink), "{kind:?}: {ink} of the first page is dark");
    }
    for kind in FAMILIES {
        convert(folder.path(), kind.extension(), &[name(kind)]);
        let again = std::fs::read(folder.path().join(kind.extension()).join(name(kind))).unwrap();
        let back = (*kind != Kind::Xlsx).then(|| unwrap(&again)).flatten().map(|(_, bytes)| bytes);
        if *kind == Kind::Xlsx {
            // LibreOffice keeps no embedded objects in this kind; the cover is known for what it was.
            let state = kakuzuke_formats::detect(&again, None).unwrap().state;
            assert_eq!(state, State::LostEnvelope);
        } else {
            assert!(back.as_ref() == Some(&inside), "{kind:?}: lost when saved again");
        }
    }
}

/// The first sample of an extension.
fn sample(extension: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    std::fs::read(paths.iter().find(|p| p.extension().is_some_and(|e| e == extension)).unwrap()).unwrap()
}

#[test]
fn labels_survive_being_saved_again() {
    if !has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let label = label(1_500);
    let pairs =
        [("docx", "odt"), ("odt", "docx"), ("xlsx", "ods"), ("pptx", "odp"), ("docx", "docx"), ("xlsx", "xlsx")];
    for (from, to) in pairs {
        let name = format!("labelled.{from}");
        std::fs::write(folder.path().join(&name), labelled(&sample(from), &label)).unwrap();
        convert(folder.path(), to, std::slice::from_ref(&name));
        let again = std::fs::read(folder.path().join(to).join(format!("labelled.{to}"))).unwrap();
        assert_eq!(read_label(&again).unwrap().as_ref(), Some(&label), "{from} to {to}");
    }
}

#[test]
fn python_finds_nothing_wrong_with_the_archives() {
    if !has("python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let check =
        "import sys, zipfile\nfor name in sys.argv[1:]:\n    assert zipfile.ZipFile(name).testzip() is None, name";
    let mut run = Command::new("python3");
    run.args(["-c", check]);
    for kind in OFFICE {
        let path = folder.path().join(format!("cover.{}", kind.extension()));
        std::fs::write(&path, wrap(*kind, &envelope(40_000))).unwrap();
        run.arg(path);
    }
    let found = run.output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
}

/// A Python that can drive the suite.
fn python_of_the_suite() -> Option<&'static str> {
    let drives = |python: &&str| {
        let run = Command::new(python).args(["-c", "import uno"]).output();
        run.is_ok_and(|run| run.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(drives)
}

#[test]
fn covers_open_for_reading_only_and_are_not_overwritten() {
    let Some(python) = python_of_the_suite().filter(|_| has("soffice")) else {
        assert!(std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(), "no Python drives LibreOffice");
        eprintln!("skipped: no Python drives LibreOffice (python3-uno)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = FAMILIES.iter().map(|kind| folder.path().join(format!("cover.{}", kind.extension()))).collect();
    for (kind, path) in FAMILIES.iter().zip(&paths) {
        std::fs::write(path, wrap(*kind, &envelope(20_000))).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/carriers/office/store.py");
    let run = Command::new(python).arg(script).arg(folder.path().join("profile")).args(&paths).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    for path in &paths {
        let line = format!("{} refused", path.display());
        assert!(said.contains(&line), "{said}{}", String::from_utf8_lossy(&run.stderr));
    }
}
