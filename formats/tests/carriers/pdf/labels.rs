//! Labels in documents that others made: written behind the end, read back, replaced.

use kakuzuke_formats::{Kind, LabelError, State, StoredLabel, detect, read_label, write_label};
use proptest::prelude::*;

use super::furniture::{SMALL, label, labelled, pdf, sample};

/// A packet with these words among its descriptions.
fn packet(words: &str) -> String {
    format!(
        "<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"uuid:1\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:k=\"urn:kakuzuke:ns:1/\">{words}</rdf:Description>\
         </rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    )
}

fn with_packet(words: &str, information: &str) -> Vec<u8> {
    let packet = packet(words);
    let stream = format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{packet}\nendstream", packet.len());
    let catalog = "<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>";
    pdf(&[catalog, SMALL[1], SMALL[2], &stream, information], "/Root 1 0 R/Info 5 0 R")
}

/// How often bytes occur.
fn count(file: &[u8], what: &str) -> usize {
    file.windows(what.len()).filter(|w| *w == what.as_bytes()).count()
}

#[test]
fn a_label_is_added_behind_the_end_and_read_back() {
    let plain = pdf(&SMALL, "/Root 1 0 R");
    let information = with_packet("", "<</Title(A \\(b\\) \\\\ \\101)/Odd#20Name[1 -2.5 null true 4 0 R]>>");
    for file in [plain, information, sample()] {
        assert_eq!(read_label(&file).unwrap(), None);
        let (one, other) = (label(700), label(90_000));
        let first = labelled(&file, &one);
        assert!(first.starts_with(&file));
        assert_eq!(read_label(&first).unwrap().as_ref(), Some(&one));
        let second = labelled(&first, &other);
        assert_eq!(read_label(&second).unwrap(), Some(other));
        let found = detect(&second, None).unwrap();
        assert_eq!((found.kind, found.state), (Kind::Pdf, State::Open));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_label_comes_back(signed in proptest::collection::vec(any::<u8>(), 1..2_000), marking in "\\PC{0,60}") {
        let label = StoredLabel::new(signed, marking).unwrap();
        let file = labelled(&pdf(&SMALL, "/Root 1 0 R"), &label);
        // XML has no place for every character; then both places would not say the same.
        prop_assert_eq!(read_label(&file).unwrap(), Some(label));
    }
}

#[test]
fn archival_documents_keep_to_their_part() {
    // PDF/A-2: nothing unexplained in the packet. PDF/A-4: no document information of ours.
    let two = labelled(&with_packet("<pdfaid:part>2</pdfaid:part>", "<<>>"), &label(50));
    assert_eq!((count(&two, "kakuzuke:label"), count(&two, "/kakuzuke.label")), (0, 1));
    let four = labelled(&with_packet("<pdfaid:part>4</pdfaid:part>", "<<>>"), &label(50));
    assert_eq!((count(&four, "<kakuzuke:label>"), count(&four, "/kakuzuke.label")), (1, 0));
    for file in [two, four] {
        assert_eq!(read_label(&file).unwrap(), Some(label(50)));
    }
}

#[test]
fn labels_that_are_not_ours_in_form_are_malformed() {
    let written = |value: &str| with_packet(&format!("<k:label>{value}</k:label>"), "<<>>");
    let twice = written("QUJD</k:label><k:label>QUJD");
    let contrary = with_packet("<k:label>QUJD</k:label>", "<</kakuzuke.label(QUJE)>>");
    let number = with_packet("", "<</kakuzuke.label 7>>");
    for file in [written("not base64!"), written(""), twice, contrary, number] {
        assert!(matches!(read_label(&file), Err(LabelError::Malformed(_))), "{}", String::from_utf8_lossy(&file));
        // Labelling anew puts it right.
        assert_eq!(read_label(&labelled(&file, &label(60))).unwrap(), Some(label(60)));
    }
    assert_eq!(read_label(&written("QUJD")).unwrap().unwrap().signed(), b"ABC");
}

#[test]
fn what_would_be_harmed_is_refused() {
    let certified = "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP<</Reference[<</TransformParams<</P 1>>>>]>>>>>>";
    let certified = pdf(&[certified, SMALL[1], SMALL[2]], "/Root 1 0 R");
    let locked = pdf(&SMALL, "/Root 1 0 R/Encrypt<</Filter/Standard>>");
    let shifted = [b"junk\n".to_vec(), pdf(&SMALL, "/Root 1 0 R")].concat();
    for file in [&certified, &locked, &shifted] {
        let refused = write_label(file, &label(10), &mut Vec::new());
        assert!(refused.is_err(), "{}", String::from_utf8_lossy(file));
    }
    assert!(matches!(write_label(&certified, &label(10), &mut Vec::new()), Err(LabelError::Refused(_))));
    assert!(matches!(write_label(&locked, &label(10), &mut Vec::new()), Err(LabelError::Refused(_))));
    assert!(matches!(detect(&locked, None).unwrap().state, State::Locked(_)));
}
