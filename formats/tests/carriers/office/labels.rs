//! Labels in documents that other programs made.

use std::path::{Path, PathBuf};

use kakuzuke_formats::{Kind, LabelError, State, StoredLabel, detect, read_label, write_label};

use super::furniture::{OFFICE, envelope, wrap};
use super::strict;

/// The sample documents that an office suite made.
fn samples() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| OFFICE.contains(&Kind::from_name(&path.to_string_lossy())))
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() >= 4);
    found
}

pub fn label(length: usize) -> StoredLabel {
    let signed = envelope(length);
    StoredLabel::new(signed, "機密性２情報・完全性２情報・可用性１情報　<複製禁止> & \"課限り\"".to_owned()).unwrap()
}

pub fn labelled(file: &[u8], label: &StoredLabel) -> Vec<u8> {
    let mut out = Vec::new();
    write_label(&file.to_vec(), label, &mut out).unwrap();
    out
}

#[test]
fn a_label_is_read_as_it_was_written_and_the_rest_keeps_its_bytes() {
    for (path, file) in samples() {
        assert_eq!(read_label(&file).unwrap(), None, "{path:?}");
        let (first, second) = (label(700), label(9_000));
        let once = labelled(&file, &first);
        assert_eq!(read_label(&once).unwrap().as_ref(), Some(&first), "{path:?}");
        let twice = labelled(&once, &second);
        assert_eq!(read_label(&twice).unwrap().as_ref(), Some(&second), "{path:?}");
        let kind = Kind::from_name(&path.to_string_lossy());
        for labelled in [&once, &twice] {
            let found = detect(labelled, None).unwrap();
            assert_eq!((found.kind, found.state), (kind, State::Open));
            let before = strict::parts(&file);
            let metadata = ["[Content_Types].xml", "_rels/.rels", "docProps/custom.xml", "meta.xml"];
            for (name, data) in strict::parts(labelled) {
                let was = before.iter().find(|(n, _)| *n == name).map(|(_, d)| d);
                assert!(metadata.contains(&name.as_str()) || was == Some(&data), "{path:?}: {name} changed");
            }
            if kind.media_type().contains("opendocument") {
                strict::check_odf(labelled, kind.media_type());
            } else {
                strict::check_opc(labelled);
            }
        }
        // Writing the first again gives the first again: nothing is left of what came between.
        assert!(strict::parts(&labelled(&twice, &first)) == strict::parts(&once), "{path:?}");
    }
}

#[test]
fn covers_are_not_labelled() {
    for &kind in OFFICE {
        let file = wrap(kind, &envelope(100));
        let refused = write_label(&file, &label(100), &mut Vec::new());
        assert!(matches!(refused, Err(LabelError::Refused(_))), "{kind:?}: {refused:?}");
        assert_eq!(read_label(&file).unwrap(), None);
    }
}

#[test]
fn labels_of_every_length_come_back() {
    let (_, file) = samples().remove(0);
    for length in [1, 2, 3, 190, 191, 192, 193, 382, 60_000] {
        let label = StoredLabel::new(vec![7; length], "あ".repeat(length.min(600))).unwrap();
        assert_eq!(read_label(&labelled(&file, &label)).unwrap(), Some(label));
    }
}

/// Strict packages (ISO/IEC 29500 without the transitional part) have names of their own for the same things.
#[test]
fn strict_packages_stay_strict() {
    let (_, file) = samples().into_iter().find(|(path, _)| path.extension().is_some_and(|e| e == "docx")).unwrap();
    let mut parts = strict::parts(&file);
    for (name, data) in &mut parts {
        if name == "_rels/.rels" {
            let text = String::from_utf8(data.clone()).unwrap();
            let old = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
            *data = text.replace(old, "http://purl.oclc.org/ooxml/officeDocument/relationships/").into_bytes();
        }
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, d)| (n.as_str(), d.as_slice())).collect();
    let once = labelled(&super::hostile::archive(&parts), &label(300));
    let twice = labelled(&once, &label(200));
    assert_eq!(read_label(&twice).unwrap(), Some(label(200)));
    let parts = strict::parts(&twice);
    let text = |name: &str| String::from_utf8(parts.iter().find(|(n, _)| n == name).unwrap().1.clone()).unwrap();
    assert!(text("_rels/.rels").contains("purl.oclc.org/ooxml/officeDocument/relationships/customProperties"));
    assert!(!text("docProps/custom.xml").contains("openxmlformats.org"));
}
