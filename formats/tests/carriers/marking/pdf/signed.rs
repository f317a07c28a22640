//! Signatures: a visible mark breaks them, so somebody is asked first.

use kakuzuke_formats::{MarkError, Signatures, mark, unmark};

use super::furniture::{SMALL, marked, marking, pdf, try_mark};

const SIGNATURE: &str = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>";

fn with_form(catalog: &str, more: &[&str]) -> Vec<u8> {
    let catalog = format!("<</Type/Catalog/Pages 2 0 R{catalog}>>");
    let objects: Vec<&str> = [catalog.as_str(), SMALL[1], SMALL[2]].into_iter().chain(more.iter().copied()).collect();
    pdf(&objects, "/Root 1 0 R")
}

#[test]
fn signed_documents_are_marked_only_when_somebody_said_so() {
    let field = "<</FT/Sig/T(a)/V 5 0 R>>";
    let kid = "<</FT/Sig/T(a)/Kids[5 0 R]>>";
    let certified = "/Perms<</DocMDP 4 0 R>>";
    for file in [
        with_form("/AcroForm<</SigFlags 3/Fields[4 0 R]>>", &[field, SIGNATURE]),
        with_form("/AcroForm<</Fields[4 0 R]>>", &[kid, "<</Parent 4 0 R/V 6 0 R>>", SIGNATURE]),
        with_form(certified, &[SIGNATURE]),
    ] {
        assert!(matches!(try_mark(&file, &marking(None)), Err(MarkError::Signed)));
        let mut out = Vec::new();
        mark(&file, None, &marking(None), Signatures::Break, &mut out).unwrap();
        assert!(out.starts_with(&file));
        // There already: nothing is to be broken. Cut off: the signed bytes come back.
        assert!(marked(&out, &marking(None)) == out);
        let mut back = Vec::new();
        unmark(&out, None, Signatures::Keep, &mut back).unwrap();
        assert!(back == file);
        // Another one would be put above the signature again.
        assert!(matches!(try_mark(&out, &marking(Some("x"))), Err(MarkError::Signed)));
    }
}

#[test]
fn fields_that_wait_for_a_signature_are_none() {
    let file = with_form("/AcroForm<</SigFlags 1/Fields[4 0 R]>>", &["<</FT/Sig/T(a)>>"]);
    try_mark(&file, &marking(None)).unwrap();
    let file = with_form("/AcroForm<</Fields[4 0 R]>>", &["<</FT/Tx/V(a)/Kids[4 0 R]>>"]);
    try_mark(&file, &marking(None)).unwrap();
}
