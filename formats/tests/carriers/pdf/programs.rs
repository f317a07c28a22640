//! Other programs: qpdf finds no fault, poppler, MuPDF and LibreOffice show the cover in Japanese, saving it again
//! keeps the envelope.

use std::path::Path;
use std::process::{Command, Output};

use kakuzuke_formats::{Place, State, detect, read_label};

use super::furniture::{SMALL, envelope, has, label, labelled, pdf, sample, unwrap, wrap};

fn run(program: &str, arguments: &[&str], files: &[&Path]) -> Output {
    let done = Command::new(program).args(arguments).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {arguments:?}: {said}{}", String::from_utf8_lossy(&done.stdout));
    assert!(!said.to_lowercase().contains("error") && !said.contains("WARNING"), "{program}: {said}");
    done
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect()
}

const SAID: &[&str] = &[
    "機密性３情報",
    "完全性２情報",
    "複製禁止",
    "配布禁止",
    "行政管理局企画調整課限り",
    "行政管理局企画調整課長",
    "総務省",
    "保護された文書",
    "ProtectedDocument",
    "Confidentiality3",
    "開き方",
    "この表紙に文書の内容は含まれていません。",
];

#[test]
fn other_programs_find_no_fault_and_show_the_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cover.pdf");
    std::fs::write(&file, wrap(&envelope(200_000))).unwrap();
    if has("qpdf") {
        run("qpdf", &["--check"], &[&file]);
        let taken = run("qpdf", &["--show-attachment=kakuzuke-envelope.kkz"], &[&file]);
        assert!(taken.stdout == envelope(200_000));
    }
    if has("pdftotext") {
        let said = words(&run("pdftotext", &[], &[&file, Path::new("-")]));
        assert!(SAID.iter().all(|word| said.contains(word)), "{said}");
    }
    if has("pdftoppm") {
        let picture = run("pdftoppm", &["-gray", "-r", "50"], &[&file]).stdout;
        let dark = picture[16..].iter().filter(|p| **p < 128).count() as f64 / picture.len() as f64;
        assert!((0.03..0.3).contains(&dark), "{dark} of the page is dark");
    }
    if has("mutool") {
        let said = words(&run("mutool", &["draw", "-q", "-F", "txt"], &[&file]));
        assert!(SAID.iter().all(|word| said.contains(word)), "{said}");
    }
    if has("soffice") && has("pdftotext") {
        let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
        let out = folder.path().join("out");
        let to = ["--headless", "--infilter=draw_pdf_import", "--convert-to", "pdf", "--outdir"];
        let done = Command::new("soffice").arg(profile).args(to).arg(&out).arg(&file).output().unwrap();
        assert!(done.status.success());
        let said = words(&run("pdftotext", &[], &[&out.join("cover.pdf"), Path::new("-")]));
        assert!(["機密性３情報", "複製禁止", "総務省"].iter().all(|word| said.contains(word)), "{said}");
    }
}

#[test]
fn a_cover_saved_again_keeps_its_envelope() {
    let folder = tempfile::tempdir().unwrap();
    let (file, again) = (folder.path().join("cover.pdf"), folder.path().join("again.pdf"));
    let random = envelope(100_000);
    // A clear document, which shrinks.
    let blank = [&kakuzuke_formats::MAGIC[..], &[b' '; 300_000]].concat();
    for inside in [random, blank] {
        std::fs::write(&file, wrap(&inside)).unwrap();
        let mut tries: Vec<(&str, Vec<&str>)> = Vec::new();
        if has("qpdf") {
            tries.push(("qpdf", vec![]));
            tries.push(("qpdf", vec!["--object-streams=generate"]));
            tries.push(("qpdf", vec!["--linearize", "--compress-streams=n"]));
        }
        if has("mutool") {
            tries.push(("mutool", vec!["clean", "-gz"]));
        }
        for (program, arguments) in tries {
            run(program, &arguments, &[&file, &again]);
            if let Some(out) = std::env::var_os("KAKUZUKE_COVER_OUT") {
                std::fs::copy(&again, Path::new(&out).join(format!("{program}{}.pdf", arguments.join("")))).unwrap();
                std::fs::copy(&file, Path::new(&out).join("cover.pdf")).unwrap();
            }
            let (place, back) = unwrap(&std::fs::read(&again).unwrap()).unwrap();
            assert!(back == inside, "{program} {arguments:?}");
            if arguments.contains(&"--compress-streams=n") {
                assert!(matches!(place, Place::Range(_)));
            }
        }
    }
}

#[test]
fn what_qpdf_makes_of_a_document_is_labelled_and_faultless() {
    if !has("qpdf") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (file, made) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    for original in [sample(), pdf(&SMALL, "/Root 1 0 R")] {
        std::fs::write(&file, &original).unwrap();
        for arguments in
            [&["--object-streams=generate"][..], &["--object-streams=disable"], &["--linearize"], &["--qdf"]]
        {
            run("qpdf", arguments, &[&file, &made]);
            let before = std::fs::read(&made).unwrap();
            let after = labelled(&labelled(&before, &label(500)), &label(700));
            assert!(after.starts_with(&before));
            std::fs::write(&made, &after).unwrap();
            run("qpdf", &["--check"], &[&made]);
            assert_eq!(read_label(&after).unwrap(), Some(label(700)));
            // Another program keeps it when it saves the document.
            run("qpdf", &["--object-streams=generate"], &[&made, &file]);
            assert_eq!(read_label(&std::fs::read(&file).unwrap()).unwrap(), Some(label(700)));
            std::fs::write(&file, &original).unwrap();
        }
        run("qpdf", &["--encrypt", "a", "b", "256", "--"], &[&file, &made]);
        let locked = std::fs::read(&made).unwrap();
        assert!(matches!(detect(&locked, None).unwrap().state, State::Locked(_)));
        assert!(read_label(&locked).is_err());
    }
}
