//! Packages made for it: what is put in comes out again, nothing else changes, and nobody's own words go.

use std::ops::ControlFlow;

use kakuzuke_core::passage::Part;
use kakuzuke_formats::{
    MarkError, Marking, Signatures, StoredLabel, Wanted, detect, inspect, marking_of, read_label, sanitise, write_label,
};

use super::furniture::{LINE, WATERMARK, both, line, marked, part, parts, passages, try_mark, unmarked};
use super::package::{layout, master, package, packed, packed_under, sheets, slides, texts};

fn all() -> Vec<(&'static str, Vec<u8>)> {
    texts().into_iter().chain(sheets()).chain(slides()).collect()
}

fn is_sheet(name: &str) -> bool {
    name.contains(".ods") || name.contains(".ots")
}

#[test]
fn once_is_twice_and_gone_is_as_before() {
    for (name, file) in all() {
        for marking in [line(), both()] {
            let once = marked(&file, &marking);
            assert!(marked(&once, &marking) == once, "{name}");
            let expected = if is_sheet(name) { line() } else { marking };
            assert_eq!(marking_of(&once, None).unwrap(), Some(expected), "{name}");
            let (was, is) = (parts(&file), parts(&unmarked(&once)));
            assert_eq!(was.keys().collect::<Vec<_>>(), is.keys().collect::<Vec<_>>(), "{name}");
            for (part, bytes) in was {
                let (was, is) = (String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&is[&part]));
                assert_eq!(was, is, "{name}: {part}");
            }
        }
        assert_eq!(marking_of(&file, None).unwrap(), None, "{name}");
    }
}

#[test]
fn a_byte_order_mark_stays() {
    for (name, file) in all() {
        let before = parts(&file);
        let xml = before.iter().filter(|(part, _)| part.ends_with(".xml") && !part.starts_with("META-INF"));
        let held: Vec<(&str, String)> =
            xml.map(|(part, bytes)| (part.as_str(), format!("\u{FEFF}{}", String::from_utf8_lossy(bytes)))).collect();
        let held: Vec<(&str, &str)> = held.iter().map(|(part, text)| (*part, text.as_str())).collect();
        let once = marked(&packed(&part(&file, "mimetype"), &held), &both());
        assert!(marking_of(&once, None).unwrap().is_some(), "{name}");
        let (there, back) = (parts(&once), parts(&unmarked(&once)));
        for (part, text) in held {
            assert!(there[part].starts_with("\u{FEFF}".as_bytes()), "{name}: {part}");
            assert!(back[part] == text.as_bytes(), "{name}: {part}");
        }
    }
}

/// What other programs write: styles without anything in them.
#[test]
fn a_text_without_page_styles_gets_one() {
    let spaces = super::package::SPACES;
    let styles = format!("<office:document-styles {spaces}/>");
    let content = format!(
        "<office:document-content {spaces}><office:body><office:text><text:p>本文</text:p></office:text></office:body></office:document-content>"
    );
    let file = packed("application/vnd.oasis.opendocument.text", &[("content.xml", &content), ("styles.xml", &styles)]);
    let (once, told) = try_mark(&file, &both(), Signatures::Keep).unwrap();
    assert_eq!((told.places, marking_of(&once, None).unwrap()), (1, Some(both())));
    let styled = part(&once, "styles.xml");
    for section in ["styles", "automatic-styles", "master-styles"] {
        assert_eq!(styled.matches(&format!("<office:{section} ")).count(), 1, "{styled}");
    }
    assert!(marked(&once, &both()) == once);
    assert_eq!(parts(&unmarked(&once)), parts(&file));
}

/// OpenOffice.org 2 named the definition of its manifests, which declares nothing here.
#[test]
fn packages_of_openoffice_2_are_as_others() {
    let doctype = "<!DOCTYPE manifest:manifest PUBLIC \"-//OpenOffice.org//DTD Manifest 1.0//EN\" \"Manifest.dtd\">\n";
    for (name, file) in all() {
        let held: Vec<(String, String)> = parts(&file).into_keys().map(|n| (n.clone(), part(&file, &n))).collect();
        let held: Vec<(&str, &str)> = held
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .filter(|(name, _)| name.ends_with(".xml") && !name.starts_with("META-INF"))
            .collect();
        let older = packed_under(doctype, &part(&file, "mimetype"), &held);
        assert_eq!(detect(&older, None).unwrap(), detect(&file, None).unwrap(), "{name}");
        assert_eq!(parts(&unmarked(&marked(&older, &both()))), parts(&older), "{name}");
        assert_eq!(passages(&older), passages(&file), "{name}");
        let label = StoredLabel::new(vec![7; 100], "機密性２情報".to_owned()).unwrap();
        let mut out = Vec::new();
        write_label(&older, &label, &mut out).unwrap();
        assert_eq!(read_label(&out).unwrap(), Some(label), "{name}");
        assert!(part(&out, "META-INF/manifest.xml").starts_with(doctype), "{name}");
        sanitise(&out, None, &Wanted::usual(), &mut Vec::new()).unwrap();
        let declares = doctype.replace("\">\n", "\" [<!ENTITY a \"b\">]>");
        let hostile = packed_under(&declares, &part(&file, "mimetype"), &held);
        assert!(try_mark(&hostile, &both(), Signatures::Keep).is_err(), "{name}");
    }
}

#[test]
fn another_marking_takes_its_place() {
    let other = Marking::new("機密性３情報  <課内限り> & \"引用\" ", Some("写し  厳禁")).unwrap();
    for (name, file) in all() {
        let direct = marked(&file, &other);
        assert!(marked(&marked(&file, &both()), &other) == direct, "{name}");
        let expected = if is_sheet(name) { Marking::new(other.line(), None).unwrap() } else { other.clone() };
        assert_eq!(marking_of(&direct, None).unwrap(), Some(expected), "{name}");
        assert!(!parts(&direct).values().any(|p| String::from_utf8_lossy(p).contains(LINE)), "{name}");
    }
}

#[test]
fn what_people_wrote_stays_though_it_reads_like_a_marking() {
    let own = format!("<text:p>{LINE}</text:p>");
    let text = package(
        "text",
        &layout("pm", "", ""),
        &master("Standard", "pm", &format!("<style:header>{own}</style:header>")),
        "",
        &own,
    );
    let sheet = package(
        "spreadsheet",
        &layout(
            "pm",
            "",
            "<style:header-style><style:header-footer-properties fo:min-height=\"1cm\"/></style:header-style>",
        ),
        &master(
            "Default",
            "pm",
            &format!("<style:header><style:region-right>{own}</style:region-right></style:header>"),
        ),
        "",
        "<table:table table:name=\"A\"/>",
    );
    for file in [text, sheet] {
        assert_eq!(marking_of(&file, None).unwrap(), None);
        let theirs = passages(&file).iter().filter(|p| *p == LINE).count();
        let with = marked(&file, &line());
        assert_eq!(passages(&with).iter().filter(|p| p.trim() == LINE).count(), theirs + 1);
        assert!(parts(&unmarked(&with)) == parts(&file));
        assert!(parts(&unmarked(&file)) == parts(&file));
    }
    // A header with words that is switched off is left as it is, and told.
    let off = "<style:header style:display=\"false\"><text:p>theirs</text:p></style:header>";
    let sheet = package(
        "spreadsheet",
        &layout("pm", "", ""),
        &master("Default", "pm", off),
        "",
        "<table:table table:name=\"A\"/>",
    );
    let (with, told) = try_mark(&sheet, &line(), Signatures::Keep).unwrap();
    assert_eq!((told.places, told.notes.len()), (0, 1));
    assert!(part(&with, "styles.xml").contains(off));
}

#[test]
fn places_are_counted_and_what_cannot_be_shown_is_told() {
    let count = |name: &str| {
        let (_, file) = all().into_iter().find(|(n, _)| *n == name).unwrap();
        let told = try_mark(&file, &both(), Signatures::Keep).unwrap().1;
        (told.places, told.notes.len())
    };
    assert_eq!(count("plain.odt"), (1, 0));
    assert_eq!(count("turned.odt"), (2, 0));
    assert_eq!(count("two.ods"), (2, 1));
    assert_eq!(count("dark.odp"), (3, 0));
    assert_eq!(count("a4.odg"), (3, 0));
    let fit = package(
        "spreadsheet",
        &layout("pm", "style:scale-to-pages=\"1\"", ""),
        &master("Default", "pm", "<style:header style:display=\"false\"/>"),
        "",
        "<table:table table:name=\"A\"/>",
    );
    assert_eq!(try_mark(&fit, &line(), Signatures::Keep).unwrap().1.notes.len(), 1);
    let full = package(
        "spreadsheet",
        &layout("pm", "", "").replace("margin-top=\"2cm\"", "margin-top=\"0cm\""),
        &master("Default", "pm", ""),
        "",
        "<table:table table:name=\"A\"/>",
    );
    let told = try_mark(&full, &line(), Signatures::Keep).unwrap().1;
    assert_eq!((told.places, told.notes.len()), (0, 1));
    let none =
        packed("application/vnd.oasis.opendocument.spreadsheet", &[("content.xml", "<a/>"), ("styles.xml", "<a/>")]);
    assert!(matches!(try_mark(&none, &line(), Signatures::Keep), Err(MarkError::Refused(_))));
    let mut out = Vec::new();
    let taken = kakuzuke_formats::unmark(&marked(&all()[10].1, &line()), None, Signatures::Keep, &mut out).unwrap();
    assert_eq!(taken.places, 2);
}

#[test]
fn a_signature_is_kept_or_goes_as_a_whole() {
    let (_, file) = texts().remove(0);
    let mut signed: Vec<(String, String)> =
        parts(&file).into_iter().map(|(n, b)| (n, String::from_utf8(b).unwrap())).collect();
    signed.retain(|(name, _)| name == "content.xml" || name == "styles.xml");
    signed.push(("META-INF/documentsignatures.xml".to_owned(), "<x/>".to_owned()));
    let listed: Vec<(&str, &str)> = signed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let file = packed("application/vnd.oasis.opendocument.text", &listed);
    assert!(matches!(try_mark(&file, &line(), Signatures::Keep), Err(MarkError::Signed)));
    let (broken, _) = try_mark(&file, &line(), Signatures::Break).unwrap();
    assert!(!parts(&broken).contains_key("META-INF/documentsignatures.xml"));
    assert!(!part(&broken, "META-INF/manifest.xml").contains("documentsignatures"));
    // Nothing to take off: nothing is broken.
    let mut out = Vec::new();
    kakuzuke_formats::unmark(&file, None, Signatures::Keep, &mut out).unwrap();
    assert!(parts(&out) == parts(&file));
}

#[test]
fn ours_is_no_hidden_data_and_is_said_as_a_header() {
    for (name, file) in all() {
        let with = marked(&file, &both());
        let said = |file: &Vec<u8>| inspect(file, Some(name)).unwrap().counts().clone();
        assert_eq!(said(&file), said(&with), "{name}");
        let mut out = Vec::new();
        let everything = kakuzuke_formats::Category::ALL.iter().fold(Wanted::nothing(), |w, c| w.with(*c));
        sanitise(&with, Some(name), &everything, &mut out).unwrap();
        assert_eq!(marking_of(&out, None).unwrap(), marking_of(&with, None).unwrap(), "{name}");
        assert!(!part(&unmarked(&out), "styles.xml").contains("kakuzuke."), "{name}");
        let mut parts = Vec::new();
        kakuzuke_formats::text(&with, Some(name), &mut |passage| {
            if [LINE, WATERMARK].contains(&passage.text.trim()) {
                parts.push(passage.spot.part.clone());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(
            parts.iter().all(|part| matches!(part, Part::Header | Part::Footer)) && !parts.is_empty(),
            "{name} {parts:?}"
        );
    }
}

#[test]
fn hostile_parts_are_answered() {
    let (spaces, media) = (super::package::SPACES, "application/vnd.oasis.opendocument.text");
    let styles = |held: &str| {
        format!(
            "<office:document-styles {spaces} xmlns:kakuzuke=\"urn:kakuzuke:ns:1/\">{held}</office:document-styles>"
        )
    };
    let ours =
        "<draw:frame draw:name=\"kakuzuke.marking\"><draw:text-box><text:p>x</text:p></draw:text-box></draw:frame>";
    let deep = format!("{}{}", "<text:list>".repeat(200), "</text:list>".repeat(200));
    let cases = [
        styles(
            "<office:master-styles><style:master-page style:name=\"Standard\" style:page-layout-name=\"kakuzuke.new.\"><style:header kakuzuke:made=\"1\" kakuzuke:was=\"&lt;a&gt;\"/></style:master-page></office:master-styles>",
        ),
        styles(&format!(
            "<office:master-styles><style:master-page><style:header>{deep}</style:header></style:master-page></office:master-styles>"
        )),
        styles(&format!(
            "<office:master-styles>{ours}{ours}<style:master-page>{ours}<style:header>{ours}<text:p>{ours}</text:p></style:header></style:master-page></office:master-styles>"
        )),
        styles(
            "<office:automatic-styles><style:page-layout style:name=\"a\"><style:page-layout-properties fo:page-width=\"99999999999999cm\" fo:page-height=\"-1cm\" fo:margin-top=\"1e9cm\"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:page-layout-name=\"a\"/></office:master-styles>",
        ),
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a/>".to_owned(),
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_owned(),
        "<a><b></a>".to_owned(),
        "<office:master-styles/>".to_owned(),
    ];
    let mut marked = 0;
    for styles in &cases {
        let file = packed(media, &[("content.xml", "<a/>"), ("styles.xml", styles)]);
        if let Ok((out, _)) = try_mark(&file, &both(), Signatures::Keep) {
            marked += 1;
            drop(marking_of(&out, None).unwrap());
            assert!(super::furniture::marked(&out, &both()) == out, "{styles}");
        }
    }
    assert!(marked >= 3, "{marked}");
}
