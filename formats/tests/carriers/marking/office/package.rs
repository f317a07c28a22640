//! What becomes of the parts of an office document that is marked, marked again, and unmarked.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use kakuzuke_core::passage::Part;
use kakuzuke_formats::{
    Ability, Can, Kind, MarkError, Marking, Signatures, State, can, detect, inspect, mark, marking_of, read_label,
    sanitise, text, unmark, write_label,
};

use super::furniture::{ACROSS, LINE, marked, marking, parts, unmarked};
use super::made::{book, books, documents, many, opc, paragraph, presentations, reference, section, slides, word};
use super::shown::samples;

fn all() -> Vec<(String, Vec<u8>)> {
    let full = "<headerFooter><oddHeader>&amp;La&amp;Cb&amp;Rc</oddHeader></headerFooter>";
    [samples(), documents(), books(), presentations(), vec![("full.xlsx".to_owned(), book(&[full], 3))]].concat()
}

/// Checks by the letter of OPC what an archive must be.
fn is_sound(file: &[u8]) {
    crate::office::strict::check_opc(file);
}

#[test]
fn marked_twice_is_marked_once_and_unmarked_is_as_before() {
    for (name, file) in all() {
        for watermark in [false, true] {
            let marking = marking(watermark);
            let (once, done) = marked(&file, &marking);
            assert!(done.places > 0, "{name}");
            is_sound(&once);
            assert_eq!(detect(&once, None).unwrap(), detect(&file, None).unwrap());
            assert_eq!(marking_of(&once, None).unwrap(), Some(marking.clone()), "{name}");
            assert!(marked(&once, &marking).0 == once, "{name}: marked again it is another");
            let (back, gone) = unmarked(&once);
            assert!(gone.places > 0, "{name}");
            assert_eq!(marking_of(&back, None).unwrap(), None, "{name}");
            same(&name, &parts(&file), &parts(&back));
        }
        let mut again = Vec::new();
        let done = unmark(&file, None, Signatures::Keep, &mut again).unwrap();
        assert_eq!((done.places, again == file), (0, true), "{name}: nothing was there to take off");
    }
}

fn same(name: &str, before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) {
    let names = |parts: &BTreeMap<String, Vec<u8>>| parts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(before), names(after), "{name}");
    for (part, bytes) in before {
        let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(bytes == &after[part], "{name}: {part}\n{}\n{}", show(bytes), show(&after[part]));
    }
}

#[test]
fn another_marking_takes_the_place_of_the_first() {
    let other = Marking::new("機密性１情報 <&>\"'", Some("R&D <案>")).unwrap();
    for (name, file) in all() {
        let (first, _) = marked(&file, &marking(true));
        let (second, _) = marked(&first, &other);
        assert_eq!(marking_of(&second, None).unwrap(), Some(other.clone()), "{name}");
        is_sound(&second);
        for (part, bytes) in parts(&second) {
            let words = String::from_utf8_lossy(&bytes);
            assert!(
                !words.contains("完全性２情報・可用性１情報") || name.contains("予算") || name.contains("議事録"),
                "{name}: {part}"
            );
        }
        same(&name, &parts(&marked(&file, &other).0), &parts(&second));
    }
}

/// The passages of a document in which the line stands.
fn said(file: &[u8]) -> Vec<(Part, String)> {
    let mut found = Vec::new();
    text(&file.to_vec(), None, &mut |passage| {
        if passage.text.contains("完全性２情報・可用性１情報") {
            found.push((passage.spot.part.clone(), passage.text.clone()));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    found
}

#[test]
fn the_text_says_the_marking_once_a_header() {
    let headers = word(
        &(many("a", 3)
            + &section(
                &(reference("default", "h1") + &reference("first", "h2")),
                (11_906, 16_838),
                (1440, 720),
                "<w:titlePg/>",
            )),
        &[&paragraph("x", ""), &paragraph("y", "")],
        "",
    );
    let files = [
        (headers, 2),
        (book(&["", ""], 3), 2),
        // Two slides and the master of notes.
        (slides(&[("", "a"), ("show=\"0\"", "b")], (9_144_000, 6_858_000)), 3),
    ];
    for (file, count) in files {
        let said = said(&marked(&file, &marking(true)).0);
        assert_eq!(said.len(), count, "{said:?}");
        assert!(said.iter().all(|(_, words)| words.trim() == LINE), "{said:?}");
    }
}

#[test]
fn the_marking_is_no_hidden_data_and_outlives_sanitising() {
    for (name, file) in all() {
        let (file, marking) = (file, marking(true));
        let (done, _) = marked(&file, &marking);
        let counts = |file: &Vec<u8>| inspect(file, None).unwrap().counts();
        assert_eq!(counts(&done), counts(&file), "{name}");
        let mut clean = Vec::new();
        sanitise(&done, None, &kakuzuke_formats::Wanted::usual(), &mut clean).unwrap();
        assert_eq!(marking_of(&clean, None).unwrap(), Some(marking), "{name}");
        is_sound(&clean);
        assert_eq!(marking_of(&unmarked(&clean).0, None).unwrap(), None);
    }
}

#[test]
fn labels_and_markings_leave_each_other_alone() {
    let label = kakuzuke_formats::StoredLabel::new(vec![7; 900], LINE.to_owned()).unwrap();
    for (name, file) in samples() {
        let mut labelled = Vec::new();
        write_label(&file, &label, &mut labelled).unwrap();
        let (both, _) = marked(&labelled, &marking(false));
        assert_eq!(read_label(&both).unwrap().as_ref(), Some(&label), "{name}");
        let mut other = Vec::new();
        write_label(&marked(&file, &marking(false)).0, &label, &mut other).unwrap();
        let (both, other) = (parts(&both), parts(&other));
        for (part, bytes) in both.iter().filter(|(part, _)| *part != "[Content_Types].xml" && !part.ends_with(".rels"))
        {
            assert!(other.get(part) == Some(bytes), "{name}: {part}");
        }
    }
}

#[test]
fn a_persons_own_words_stay_though_they_read_like_a_marking() {
    let own = format!("{LINE} {ACROSS}");
    let file = word(
        &(many("a", 3) + &section(&reference("default", "h1"), (11_906, 16_838), (1440, 720), "")),
        &[&paragraph(&own, "<w:jc w:val=\"right\"/>")],
        "",
    );
    assert_eq!(marking_of(&file, None).unwrap(), None);
    let (back, done) = unmarked(&file);
    assert_eq!((done.places, back == file), (0, true));
    let margins = format!("<headerFooter><oddHeader>&amp;R{LINE}</oddHeader></headerFooter>");
    let file = book(&[&margins], 3);
    assert_eq!(marking_of(&file, None).unwrap(), None);
    let (done, _) = marked(&file, &marking(true));
    same("book", &parts(&file), &parts(&unmarked(&done).0));
}

#[test]
fn a_signature_is_broken_only_when_asked() {
    let body = many("a", 1);
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let parts = [
        ("word/document.xml", "wordprocessingml.document.main", document.as_str()),
        ("_xmlsignatures/sig1.xml", "x", "<Signature/>"),
    ];
    let links = [("", "r1", "officeDocument", "word/document.xml"), ("", "r2", "origin", "_xmlsignatures/sig1.xml")];
    let file = opc(&parts, &links);
    let try_it = |signatures| mark(&file, None, &marking(false), signatures, &mut Vec::new());
    assert!(matches!(try_it(Signatures::Keep), Err(MarkError::Signed)));
    assert_eq!(try_it(Signatures::Break).unwrap().places, 1);
    // Nothing to take off, nothing to break.
    assert!(unmark(&file, None, Signatures::Keep, &mut Vec::new()).is_ok());
}

#[test]
fn strict_packages_are_marked_in_their_own_namespaces() {
    for (name, file) in [documents(), books(), presentations()].concat() {
        let strict: Vec<(String, String)> = parts(&file)
            .into_iter()
            .map(|(part, bytes)| {
                let text = String::from_utf8(bytes).unwrap();
                let ooxml = "http://purl.oclc.org/ooxml";
                let text = text
                    .replace(
                        "http://schemas.openxmlformats.org/officeDocument/2006",
                        &format!("{ooxml}/officeDocument"),
                    )
                    .replace(
                        "http://schemas.openxmlformats.org/wordprocessingml/2006",
                        &format!("{ooxml}/wordprocessingml"),
                    )
                    .replace("http://schemas.openxmlformats.org/spreadsheetml/2006", &format!("{ooxml}/spreadsheetml"))
                    .replace(
                        "http://schemas.openxmlformats.org/presentationml/2006",
                        &format!("{ooxml}/presentationml"),
                    )
                    .replace("http://schemas.openxmlformats.org/drawingml/2006", &format!("{ooxml}/drawingml"));
                (part, text)
            })
            .collect();
        let files: Vec<(&str, &str)> = strict.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        let file = super::furniture::package(&files);
        let (done, _) = marked(&file, &marking(false));
        for (part, bytes) in parts(&done) {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains("schemas.openxmlformats.org/wordprocessingml"), "{name}: {part}");
            assert!(!text.contains("schemas.openxmlformats.org/spreadsheetml"), "{name}: {part}");
            assert!(!text.contains("schemas.openxmlformats.org/presentationml"), "{name}: {part}");
            assert!(!text.contains("schemas.openxmlformats.org/drawingml"), "{name}: {part}");
            assert!(!text.contains("schemas.openxmlformats.org/officeDocument"), "{name}: {part}");
        }
        same(&name, &parts(&file), &parts(&unmarked(&done).0));
    }
}

#[test]
fn what_has_no_room_is_said() {
    let long = Marking::new(&"長い表示".repeat(90), None).unwrap();
    let (_, done) = marked(&book(&["", ""], 3), &long);
    assert_eq!((done.places, done.notes.len()), (0, 2), "{done:?}");
    let full = format!("<headerFooter><oddHeader>&amp;L{}</oddHeader></headerFooter>", "a".repeat(200));
    let (file, done) = marked(&book(&[&full], 3), &marking(false));
    assert_eq!((done.places, done.notes.len()), (1, 1));
    assert_eq!(marking_of(&file, None).unwrap(), Some(marking(false)));
    let (file, done) = marked(&documents()[0].1, &long);
    assert_eq!((done.places, done.notes.len()), (1, 0));
    assert_eq!(marking_of(&file, None).unwrap(), Some(long));
}

#[test]
fn hostile_parts_are_answered() {
    let head = section(&reference("default", "h1"), (11_906, 16_838), (1440, 720), "");
    let deep = "<a>".repeat(100_000);
    let many_elements = "<w:r/>".repeat(300_000);
    let laughs = "]><!DOCTYPE a [<!ENTITY b \"c\">]><";
    for inner in [deep.as_str(), laughs, &many_elements, "<w:p>", "&nbsp;"] {
        let file = word(&(many("a", 1) + &head), &[inner], "");
        let refused = mark(&file, None, &marking(true), Signatures::Keep, &mut Vec::new());
        assert!(matches!(refused, Err(MarkError::Read(_))), "{refused:?}");
    }
    // Very many of what is looked for: answered without going through them again and again.
    let named = "<w:p><w:r><w:drawing><docPr name=\"kakuzuke.marking\"/></w:drawing></w:r></w:p>".repeat(30_000);
    for inner in ["<w:p/>".repeat(150_000), named] {
        let file = word(&(many("a", 1) + &head), &[&inner], "");
        let (done, _) = marked(&file, &marking(true));
        assert_eq!(marking_of(&done, None).unwrap(), Some(marking(true)));
    }
    let long = format!("<headerFooter><oddHeader>{}</oddHeader></headerFooter>", "a".repeat(100_000));
    let file = book(&[&long], 3);
    let (done, told) = marked(&file, &marking(false));
    assert_eq!((told.places, told.notes.len()), (1, 1));
    same("long", &parts(&file), &parts(&unmarked(&done).0));
    // References in circles, to nothing, to itself; numbers beyond all measure.
    let odd = [
        section(&reference("default", "nowhere"), (11_906, 16_838), (1440, 720), ""),
        section("", (u32::MAX, 0), (i32::MIN, u32::MAX), "<w:titlePg w:val=\"maybe\"/>"),
        "<w:sectPr><w:sectPr/></w:sectPr>".to_owned(),
        section(&(reference("default", "s1") + &reference("default", "h1")), (1, 1), (1, 1), ""),
    ];
    for section in odd {
        let file = word(&(many("a", 1) + &section), &[&paragraph("x", "")], "");
        let (done, _) = marked(&file, &marking(true));
        assert_eq!(detect(&done, None).unwrap().state, State::Open);
        same("odd", &parts(&file), &parts(&unmarked(&done).0));
    }
}

#[test]
fn every_kind_says_that_it_can() {
    for kind in [Kind::Docx, Kind::Dotm, Kind::Xlsx, Kind::Xltm, Kind::Pptx, Kind::Ppsm] {
        assert!(!matches!(can(kind, Ability::Mark), Can::No(_)), "{kind:?}");
    }
}
