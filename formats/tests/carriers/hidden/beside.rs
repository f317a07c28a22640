//! PDF: what is kept beside the pages, for programs and for readers of screens, goes or is told.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::pdf::{SEEN, goes_unseen, made};

const LINK: &str = "/Type /Annot /Subtype /Link /Border [0 0 0] /Rect [0 0 9 9]";

fn stream(dict: &str, data: &str) -> String {
    format!("<< {dict} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

#[test]
fn scripts_go_wherever_an_action_leads_to_them() {
    let script = "<< /S /JavaScript /JS (SECRET) >>";
    let to = "/S /GoTo /D [3 0 R /Fit]";
    let cases = [
        (
            "one of several",
            format!("/OpenAction << {to} /Next [<< /S /Named /N /NextPage >> {script}] >>"),
            String::new(),
        ),
        (
            "the last of a chain",
            format!("/OpenAction << {to} /Next << /S /Named /N /NextPage /Next {script} >> >>"),
            String::new(),
        ),
        ("in a chain of several", format!("/OpenAction << {to} /Next [<< {to} /Next [{script}] >>] >>"), String::new()),
        ("a link's", String::new(), format!("/Annots [<< {LINK} /A << {to} /Next [6 0 R] >> >>]")),
        (
            "a field's",
            String::new(),
            format!(
                "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /Rect [0 0 1 1] /AA << /K {script} >> >>]"
            ),
        ),
        ("behind a name elsewhere", "/OpenAction << /S 7 0 R /JS (SECRET) >>".to_owned(), String::new()),
    ];
    for (name, catalog, page) in cases {
        let more = if name == "a link's" { vec![script] } else { vec!["<< >>", "/JavaScript"] };
        let file = made(&catalog, &page, SEEN, &more, "");
        let out = goes(&file, "文書.pdf", Category::Scripts, "SECRET");
        assert!(holds(&out, "Seen by all"), "{name}");
    }
    let kept = made(&format!("/OpenAction << {to} /Next [<< /S /Named /N /NextPage >>] >>"), "", SEEN, &[], "");
    assert!(holds(&cleaned(&kept, "文書.pdf", &Wanted::usual()), "NextPage"), "what only moves about stays");
}

#[test]
fn pages_that_are_not_among_the_pages_go() {
    let hidden = "BT /F 20 Tf 20 100 Td (SECRET) Tj ET";
    let (outlines, bookmark) = (
        "<< /Type /Outlines /First 9 0 R /Last 9 0 R /Count 1 >>",
        "<< /Title (b) /Parent 8 0 R /Dest [6 0 R /Fit] >>",
    );
    let page =
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << /Font << /F 5 0 R >> >> /Contents 7 0 R >>";
    let template = page.replace("/Type /Page", "/Type /Template");
    let content = stream("", hidden);
    for (name, catalog, page) in [
        ("a bookmark's", "/Outlines 8 0 R", page),
        ("a place's", "/Dests << /a [6 0 R /Fit] >>", page),
        ("a template", "/Names << /Templates << /Names [(t) 6 0 R] >> >>", template.as_str()),
    ] {
        let out = goes_unseen(&made(catalog, "", SEEN, &[page, &content, outlines, bookmark], ""), Category::Leftovers);
        assert!(holds(&out, "Seen by all"), "{name}");
    }
    let bookmarked =
        made("/Outlines 8 0 R", "", SEEN, &["<< >>", "<< >>", outlines, &bookmark.replace("6 0 R", "3 0 R")], "");
    assert!(holds(&cleaned(&bookmarked, "文書.pdf", &Wanted::usual()), "Outlines"), "bookmarks stay");
}

#[test]
fn what_no_reader_asks_for_goes() {
    let picture = |more: &str| {
        stream(
            &format!(
                "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 {more}"
            ),
            "x",
        )
    };
    let form = stream("/Type /XObject /Subtype /Form /BBox [0 0 1 1] /PTEX.FileName (SECRET)", "");
    let drawn = format!("{SEEN} /X Do");
    let with = |object: &str| {
        let page = "/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >>";
        made("", page, &drawn, &[object, "(SECRET)"], "")
    };
    let cases = [
        (Category::PrivateData, made("/Own << /Name (SECRET) >>", "", SEEN, &[], "")),
        (Category::PrivateData, made("", "/Own (SECRET)", SEEN, &[], "")),
        (Category::PrivateData, with(&form)),
        (Category::PictureData, with(&picture("/Alternates [<< /Image 7 0 R /Name (SECRET) >>]"))),
        (Category::Links, with(&picture("/OPI << /2.0 << /F (SECRET) >> >>"))),
        (Category::Links, made("/URI << /Base (file:///SECRET/) >>", "", SEEN, &[], "")),
        (Category::Properties, made("/Threads [<< /Type /Thread /I << /Author (SECRET) >> >>]", "", SEEN, &[], "")),
        (Category::Attachments, made("/Collection << /Schema << /S << /N (SECRET) >> >> >>", "", SEEN, &[], "")),
        (
            Category::Comments,
            made(
                "",
                &format!("/Annots [<< {LINK} /Contents (SECRET) /A << /S /URI /URI (https://example.jp/) >> >>]"),
                SEEN,
                &[],
                "",
            ),
        ),
        (
            Category::Comments,
            made(
                "",
                "/Annots [<< /Type /Annot /Subtype /FreeText /Rect [0 0 9 9] /Contents (SECRET) >>]",
                SEEN,
                &[],
                "",
            ),
        ),
        (
            Category::PrivateData,
            made(
                "",
                "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /TM (SECRET) /Rect [0 0 1 1] >>]",
                SEEN,
                &[],
                "",
            ),
        ),
    ];
    for (category, file) in cases {
        let out = goes(&file, "文書.pdf", category, "SECRET");
        assert!(holds(&out, "Seen by all"), "{category:?}");
    }
    let under = stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "BT (SECRET) Tj ET");
    let stamp = "/Annots [<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 7 0 R /R 6 0 R /D 6 0 R >> >>]";
    let file = made("", stamp, SEEN, &[&under, &under.replace("SECRET", "------")], "");
    assert!(holds(&goes(&file, "文書.pdf", Category::Comments, "SECRET"), "Stamp"));
    let field = |says: &str| {
        let field = format!("<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) {says} /Rect [0 0 1 1] >>");
        made("/AcroForm << /Fields [6 0 R] >>", "/Annots [6 0 R]", SEEN, &[&field], "")
    };
    goes(&field("/DV (SECRET)"), "文書.pdf", Category::FormData, "SECRET");
    goes(&field("/TU (SECRET)"), "文書.pdf", Category::FormData, "SECRET");
    for shown in [field("/TU (Seen by all)"), field("")] {
        assert!(!found(&shown, "文書.pdf").counts().contains_key(&Category::FormData));
    }
}

#[test]
fn remarks_that_only_say_what_is_shown_are_none() {
    for note in [
        format!("{LINK} /Contents (seen by ALL)"),
        format!("{LINK} /Contents (https://example.jp/) /A << /S /URI /URI (https://example.jp/) >>"),
    ] {
        let report = found(&made("", &format!("/Annots [<< {note} >>]"), SEEN, &[], ""), "文書.pdf");
        assert!(report.is_clean(), "{report:#?}");
    }
}

#[test]
fn words_that_stand_for_others_are_told_where_the_page_does_not_show_them() {
    let element = |says: &str| {
        let tree = "<< /Type /StructTreeRoot /K 7 0 R >>";
        let element = format!("<< /Type /StructElem /S /Figure /P 6 0 R /Pg 3 0 R {says} >>");
        made("/StructTreeRoot 6 0 R", "", SEEN, &[tree, &element], "")
    };
    let marked = |says: &str| made("", "", &format!("/Span << {says} >> BDC {SEEN} EMC"), &[], "");
    let is_told = |file: &[u8]| {
        found(file, "文書.pdf")
            .findings
            .iter()
            .any(|f| f.category == Category::Unseen && f.what.en.contains("readers of screens"))
    };
    for says in ["/Alt (SECRET)", "/ActualText (SECRET)", "/E (SECRET)"] {
        assert!(is_told(&element(says)) && is_told(&marked(says)), "{says}");
    }
    for says in ["/Alt (seen by all)", "/ActualText (Seen, by\\nall)", "/E ()"] {
        assert!(!is_told(&element(says)) && !is_told(&marked(says)), "{says}");
    }
}

#[test]
fn pictures_that_no_page_draws_are_told() {
    let picture =
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "x");
    let page = "/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >>";
    let is_told = |content: &str| {
        found(&made("", page, content, &[&picture], ""), "文書.pdf").counts().contains_key(&Category::Unseen)
    };
    assert!(is_told(SEEN));
    assert!(!is_told(&format!("{SEEN} q 50 0 0 50 9 9 cm /X Do Q")));
}

#[test]
fn annotations_that_were_to_hide_words_stay_and_are_told() {
    let black = stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f");
    let yellow = black.replace("0 0 9 9 re f", "0 0 0 0 re f");
    let area = "/Rect [10 90 190 130]";
    for note in [format!("/Subtype /Redact {area}"), format!("/Subtype /Highlight {area} /AP << /N 6 0 R >>")] {
        let file = made("", &format!("/Annots [<< /Type /Annot {note} /T (SECRET) >>]"), SEEN, &[&black], "");
        let out = goes(&file, "文書.pdf", Category::Comments, "SECRET");
        assert!(found(&out, "文書.pdf").counts().contains_key(&Category::Covered), "{note}");
    }
    let highlight = format!("/Annots [<< /Type /Annot /Subtype /Highlight {area} /AP << /N 6 0 R >> >>]");
    let out = cleaned(&made("", &highlight, SEEN, &[&yellow], ""), "文書.pdf", &Wanted::usual());
    assert!(!holds(&out, "Highlight"), "one that hides nothing goes");
}
