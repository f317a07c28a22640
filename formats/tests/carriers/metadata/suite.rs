//! LibreOffice reads our label out of older documents, and finds the same document in them.

use std::path::Path;
use std::process::Command;

use kakuzuke_formats::{Kind, detect, read_label};

use super::furniture::{label, labelled};
use crate::furniture::{corpus, has};

/// Converts files in `folder` in one run of an office suite, into the folder `to` in it.
fn convert(folder: &Path, to: &str, names: &[String]) {
    assert!(!names.is_empty(), "without a file the suite would wait for one");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", to, "--outdir"])
        .arg(folder.join(to))
        .args(names.iter().map(|n| folder.join(n)))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn text_of(file: &[u8]) -> String {
    let mut words = String::new();
    let mut take = |passage: kakuzuke_core::passage::Passage| {
        if !matches!(passage.spot.part, kakuzuke_core::passage::Part::Property(_)) {
            words.push_str(&passage.text);
            words.push('\n');
        }
        std::ops::ControlFlow::Continue(())
    };
    kakuzuke_formats::text(&file.to_vec(), None, &mut take).unwrap();
    words
}

const TEXT: &str = "<text:p>本文です。</text:p><text:p>second</text:p>";

/// A document in one XML file (ODF 1.3 part 3, 2.1.2).
fn flat(kind: &str, body: &str) -> String {
    const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
        xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
        xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\"";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document {SPACES} office:version=\"1.2\" \
         office:mimetype=\"application/vnd.oasis.opendocument.{kind}\"><office:body><office:{kind}>{body}</office:{kind}>\
         </office:body></office:document>"
    )
}

/// Documents of a kind, first the suite's own, then some that others made.
fn documents(folder: &Path, extension: &str, kind: Kind) -> Vec<Vec<u8>> {
    let (name, drawn) = match kind {
        Kind::Xls => ("a.csv", "機密,1\n2,3\n".to_owned()),
        Kind::Ppt => (
            "a.fodp",
            flat(
                "presentation",
                &format!(
                    "<draw:page><draw:frame svg:x=\"1cm\" svg:y=\"1cm\" svg:width=\"9cm\" svg:height=\"2cm\"><draw:text-box>{TEXT}</draw:text-box></draw:frame></draw:page>"
                ),
            ),
        ),
        _ => ("a.fodt", flat("text", TEXT)),
    };
    std::fs::write(folder.join(name), drawn).unwrap();
    convert(folder, extension, &[name.to_owned()]);
    let mut found = vec![std::fs::read(folder.join(extension).join(format!("a.{extension}"))).unwrap()];
    let fits = |file: &Vec<u8>| detect(file, None).is_ok_and(|d| d.kind == kind) && file.len() < 400_000;
    let others = corpus().unwrap_or_default();
    let others = others.iter().filter(|path| path.extension().is_some_and(|e| e == extension));
    found.extend(others.filter_map(|path| std::fs::read(path).ok()).filter(fits).take(8));
    found
}

#[test]
fn the_suite_finds_the_label_and_the_same_document() {
    if !has("soffice") {
        return;
    }
    let kinds =
        [("doc", Kind::Doc, "odt"), ("xls", Kind::Xls, "ods"), ("ppt", Kind::Ppt, "odp"), ("rtf", Kind::Rtf, "odt")];
    for (extension, kind, to) in kinds {
        let folder = tempfile::tempdir().unwrap();
        let (mut names, mut count) = (Vec::new(), 0);
        for file in documents(folder.path(), extension, kind) {
            let mut written = Vec::new();
            if kakuzuke_formats::write_label(&file, &label(700), &mut written).is_err() {
                continue;
            }
            assert_eq!(written, labelled(&file, &label(700)));
            for (when, bytes) in [("before", &file), ("after", &written)] {
                let name = format!("{when}-{count}.{extension}");
                std::fs::write(folder.path().join(&name), bytes).unwrap();
                names.push(name);
            }
            count += 1;
        }
        convert(folder.path(), to, &names);
        let mut seen = 0;
        for number in 0..count {
            let read = |when: &str| std::fs::read(folder.path().join(to).join(format!("{when}-{number}.{to}"))).ok();
            let (Some(before), Some(after)) = (read("before"), read("after")) else {
                assert_eq!(read("before").is_some(), read("after").is_some(), "{extension} {number}");
                continue;
            };
            assert_eq!(read_label(&after).unwrap(), Some(label(700)), "{extension} {number}");
            assert_eq!(text_of(&before), text_of(&after), "{extension} {number}");
            seen += 1;
        }
        eprintln!("{extension}: {seen} of {count} documents read by the suite");
        assert!(seen > 0, "{extension}");
    }
}
