//! PDF: what lies beside the pages goes, pages look the same pixel for pixel.

use std::process::Command;

use kakuzuke_formats::{Category, Kind, State, Wanted, detect, sanitise};

use super::furniture::{cleaned, found, goes, holds, pixels};
use super::picture::jpeg;
use crate::furniture::{corpus, has};
use crate::pdf::furniture::{label, labelled, pdf, sample};

const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R EXTRA >>";
const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/// A PDF of one page; what is said goes into its catalog, its page, behind its objects (from 6 on) and its trailer.
pub(super) fn made(catalog: &str, page: &str, content: &str, more: &[&str], trailer: &str) -> Vec<u8> {
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>");
    let own = if page.contains("/Resources") {
        PAGE.replace("/Resources << /Font << /F 5 0 R >> >>", "")
    } else {
        PAGE.to_owned()
    };
    let page = own.replace("EXTRA", page);
    let content = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    let mut objects = vec![catalog.as_str(), "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", &page, &content, FONT];
    objects.extend(more);
    pdf(&objects, &format!("/Root 1 0 R {trailer}"))
}

pub(super) const SEEN: &str = "BT /F 20 Tf 20 100 Td (Seen by all) Tj ET";

#[test]
fn what_may_cover_words_or_can_t_be_looked_into_is_told() {
    let categories = |file: &[u8]| found(file, "文書.pdf").counts();
    let square = "<< /Type /Annot /Subtype /Square /Rect [10 90 190 130] /IC [0 0 0] >>";
    let file = made("", "/Annots [6 0 R]", SEEN, &[square], "");
    assert!(categories(&file).contains_key(&Category::Covered), "a filled annotation");
    let frame = "<< /Type /Annot /Subtype /Square /Rect [10 90 190 130] /C [0 0 0] >>";
    assert!(!categories(&made("", "/Annots [6 0 R]", SEEN, &[frame], "")).contains_key(&Category::Covered));
    let unseen = "<< /Type /Annot /Subtype /FreeText /F 32 /Rect [10 10 50 50] /Contents (SECRET) >>";
    assert!(categories(&made("", "/Annots [6 0 R]", SEEN, &[unseen], "")).contains_key(&Category::Comments), "NoView");
    let widget = "<< /Type /Annot /Subtype /Widget /FT /Tx /F 2 /Rect [10 10 50 50] /TU (SECRET) >>";
    assert!(
        categories(&made("", "/Annots [6 0 R]", SEEN, &[widget], "")).contains_key(&Category::HiddenText),
        "hidden"
    );
    let photo =
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /Filter /JPXDecode /Length 1 >>\nstream\nx\nendstream";
    assert!(categories(&made("/X 6 0 R", "", SEEN, &[photo], "")).contains_key(&Category::NotInspected), "JPEG 2000");
    let field = "<< /FT /Tx /T (a) /V 7 0 R >>";
    let file = made("/AcroForm << /Fields [6 0 R] >>", "", SEEN, &[field, "(SECRET)"], "");
    assert!(categories(&file).contains_key(&Category::FormData), "a value behind a reference");
    let packed = "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /Filter [/FlateDecode /DCTDecode] /Length 1 >>\nstream\nx\nendstream";
    let file = made("/X 6 0 R", "", SEEN, &[packed], "");
    assert!(categories(&file).contains_key(&Category::NotInspected), "a picture packed twice");
}

/// It goes, the result is whole, and looks as before.
pub(super) fn goes_unseen(file: &[u8], category: Category) -> Vec<u8> {
    let out = goes(file, "文書.pdf", category, "SECRET");
    if !["qpdf", "pdftoppm"].into_iter().all(has) {
        return out;
    }
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before.pdf"), folder.path().join("after.pdf"));
    std::fs::write(&before, file).unwrap();
    std::fs::write(&after, &out).unwrap();
    let check = Command::new("qpdf").arg("--check").arg(&after).output().unwrap();
    assert!(check.status.success(), "{category:?}: {}", String::from_utf8_lossy(&check.stderr));
    assert!(pixels(&before) == pixels(&after), "{category:?} changes the page");
    out
}

#[test]
fn what_lies_beside_the_pages_goes() {
    let stream = |dict: &str| format!("<< {dict} /Length 6 >>\nstream\nSECRET\nendstream");
    let attached = stream("/Type /EmbeddedFile");
    let packet = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
                  <rdf:Description xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:creator>SECRET</dc:creator>\
                  </rdf:Description></rdf:RDF></x:xmpmeta>";
    let packet = format!("<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{packet}\nendstream", packet.len());
    let note = "<< /Type /Annot /Subtype /Text /Rect [0 0 1 1] /F 2 /Contents (SECRET) >>";
    let stamp = "<< /Type /Annot /Subtype /Square /Rect [10 10 50 50] /T (SECRET) /Contents (SECRET) >>";
    let file = "<< /Type /Filespec /F (a) /EF << /F 7 0 R >> >>";
    let cases: Vec<(Category, Vec<u8>)> = vec![
        (Category::Authors, made("", "", SEEN, &["<< /Author (SECRET) /Title (T) >>"], "/Info 6 0 R")),
        (Category::Properties, made("", "", SEEN, &["<< /Keywords (SECRET) >>"], "/Info 6 0 R")),
        (Category::CustomData, made("", "", SEEN, &["<< /SourceModified (SECRET) >>"], "/Info 6 0 R")),
        (Category::Authors, made("/Metadata 6 0 R", "", SEEN, &[&packet], "")),
        (
            Category::Attachments,
            made("/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", "", SEEN, &[file, &attached], ""),
        ),
        (Category::Attachments, made("/AF [6 0 R]", "", SEEN, &[file, &attached], "")),
        (Category::Scripts, made("/OpenAction << /S /JavaScript /JS (SECRET) >>", "", SEEN, &[], "")),
        (Category::Scripts, made("/OpenAction 6 0 R", "", SEEN, &["<< /S /Launch /F (SECRET) >>"], "")),
        (
            Category::Scripts,
            made("/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (SECRET) >>] >> >>", "", SEEN, &[], ""),
        ),
        (Category::Scripts, made("", "/AA << /O << /S /JavaScript /JS (SECRET) >> >>", SEEN, &[], "")),
        (Category::Comments, made("", "/Annots [6 0 R]", SEEN, &[note], "")),
        (Category::Comments, made("", "/Annots [6 0 R]", SEEN, &[stamp], "")),
        (Category::PrivateData, made("", "/PieceInfo << /App << /Private (SECRET) >> >>", SEEN, &[], "")),
        (Category::Thumbnails, made("", "/Thumb 6 0 R", SEEN, &[&stream("/Width 1 /Height 1")], "")),
        (Category::Leftovers, made("", "", SEEN, &["<< /Old (SECRET) >>"], "")),
        (
            Category::FormData,
            made(
                "/AcroForm << /Fields [6 0 R] >>",
                "/Annots [6 0 R]",
                SEEN,
                &["<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /V (SECRET) /F 2 /Rect [0 0 1 1] >>"],
                "",
            ),
        ),
        (
            Category::Links,
            made(
                "",
                "/Annots [<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [0 0 1 1] /A << /S /URI /URI (file:///SECRET) >> >>]",
                SEEN,
                &[],
                "",
            ),
        ),
    ];
    for (category, file) in cases {
        assert_eq!(detect(&file, None).unwrap().kind, Kind::Pdf, "{category:?}");
        let out = goes_unseen(&file, category);
        assert!(holds(&out, "Seen by all"));
    }
}

#[test]
fn earlier_revisions_go() {
    let old = made("", "", SEEN, &["<< /Note (SECRET) >>"], "");
    let mut file = old.clone();
    let at = file.len();
    let objects = format!("4 0 obj\n<< /Length {} >>\nstream\n{SEEN}\nendstream\nendobj\n", SEEN.len());
    let start = at + objects.len();
    file.extend(objects.bytes());
    let previous =
        String::from_utf8_lossy(&old).rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    file.extend(
        format!("xref\n4 1\n{at:010} 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    goes_unseen(&file, Category::Revisions);
}

#[test]
fn a_label_goes_with_its_deciders_name() {
    let file = labelled(&sample(), &label(300));
    let report = found(&file, "文書.pdf");
    assert!(report.counts().contains_key(&Category::Label), "{report:#?}");
    let out = cleaned(&file, "文書.pdf", &Wanted::usual());
    assert_eq!(kakuzuke_formats::read_label(&out).unwrap(), None);
    let report = found(&out, "文書.pdf");
    assert!(report.is_clean(), "{report:#?}");
}

#[test]
fn photographs_in_a_pdf_say_nothing_of_where() {
    let photograph = jpeg(&[(0xE1, b"Exif\0\0 35.6895N SECRET")]);
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let page = PAGE
        .replace("EXTRA", "")
        .replace("/Font << /F 5 0 R >>", "/XObject << /I 4 0 R >>")
        .replace("/Contents 4 0 R", "");
    for (number, object) in ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", &page]
        .into_iter()
        .enumerate()
    {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    places.push(file.len());
    file.extend(format!("4 0 obj\n<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length {} >>\nstream\n", photograph.len()).bytes());
    file.extend(&photograph);
    file.extend(b"\nendstream\nendobj\n");
    let start = file.len();
    file.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    let out = goes(&file, "文書.pdf", Category::PictureData, "SECRET");
    assert!(holds(&out, "pixels"));
}

#[test]
fn text_under_a_box_is_reported_and_never_said_to_be_removed() {
    let covered = |content: &str| {
        let file = made("", "", content, &[], "");
        let report = found(&file, "文書.pdf");
        let everything = Category::ALL.iter().fold(Wanted::nothing(), |wanted, category| wanted.with(*category));
        let mut out = Vec::new();
        let after = sanitise(&file, None, &everything, &mut out).unwrap();
        assert_eq!(report.counts().get(&Category::Covered), after.counts().get(&Category::Covered));
        assert!(after.findings.iter().filter(|f| f.category == Category::Covered).all(|f| !f.is_removed));
        report.counts().contains_key(&Category::Covered)
    };
    assert!(covered("BT /F 20 Tf 20 100 Td (Seen SECRET) Tj ET 0 g 70 95 100 25 re f"));
    assert!(
        covered("BT /F 20 Tf 20 100 Td (Seen SECRET) Tj ET 1 g 70 95 m 170 95 l 170 120 l 70 120 l h f"),
        "white, too"
    );
    assert!(!covered("0.9 g 10 90 180 40 re f 0 g BT /F 20 Tf 20 100 Td (In a table) Tj ET"), "a background");
    assert!(!covered("BT /F 20 Tf 20 100 Td (Underlined) Tj ET 20 95 100 1 re f"), "a line below");
    assert!(!covered("BT /F 20 Tf 20 100 Td (Framed) Tj ET 10 90 150 30 re S"), "a frame");
}

#[test]
fn a_stream_that_says_no_length_is_not_left_out() {
    let file = pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            "<< >>\nstream\n0 0 5 5 re f\nendstream",
        ],
        "/Root 1 0 R",
    );
    sanitise(&file, None, &Wanted::usual(), &mut Vec::new()).unwrap_err();
}

#[test]
fn hidden_layers_are_reported() {
    let file =
        made("/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>", "", SEEN, &["<< /Type /OCG /Name (L) >>"], "");
    assert!(found(&file, "文書.pdf").counts().contains_key(&Category::HiddenLayers));
}

/// A page with these resources besides its font; layer L is not shown, layer M is.
fn layered(resources: &str, content: &str, more: &[&str]) -> Vec<u8> {
    let catalog = "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [6 0 R] >> >> >>";
    let page = PAGE.replace("EXTRA", "").replace("/F 5 0 R >>", &format!("/F 5 0 R >> {resources}"));
    let content = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    let (l, m) = ("<< /Type /OCG /Name (L) >>", "<< /Type /OCG /Name (M) >>");
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    pdf(&[&[catalog, pages, &page, &content, FONT, l, m], more].concat(), "/Root 1 0 R")
}

#[test]
fn what_lies_on_hidden_layers_goes_on_request() {
    let named = "/Properties << /L 6 0 R /M 7 0 R >>";
    let drawn = "/OC /L BDC BT /F 20 Tf 20 50 Td (SECRET) Tj ET 0 0 50 50 re f EMC /OC /M BDC BT /F 20 Tf 20 100 Td (Seen by all) Tj ET EMC";
    let out = goes_unseen(&layered(named, drawn, &[]), Category::HiddenLayers);
    assert!(holds(&out, "Seen by all"));
    let words = "BT /F 20 Tf 20 20 Td (SECRET) Tj ET";
    let form = format!(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 200 200] /OC 6 0 R /Resources << /Font << /F 5 0 R >> >> /Length {} >>\nstream\n{words}\nendstream",
        words.len()
    );
    goes_unseen(&layered("/XObject << /X 8 0 R >>", &format!("{SEEN} /X Do"), &[&form]), Category::HiddenLayers);
    // What can't be told apart stays, and is said.
    let amid = "BT /F 20 Tf 20 50 Td /OC /L BDC (kept) Tj EMC (Seen by all) Tj ET";
    let kept = cleaned(&layered(named, amid, &[]), "文書.pdf", &Wanted::usual().with(Category::HiddenLayers));
    assert!(found(&kept, "文書.pdf").counts().contains_key(&Category::HiddenLayers) && holds(&kept, "kept"));
}

#[test]
fn a_clean_pdf_has_nothing() {
    for file in [made("", "", SEEN, &["<< /Title (T) /Producer (P) >>"], "/Info 6 0 R"), sample()] {
        let report = found(&cleaned(&file, "文書.pdf", &Wanted::usual()), "文書.pdf");
        assert!(report.is_clean(), "{report:#?}");
    }
    assert!(found(&made("", "", SEEN, &[], ""), "文書.pdf").is_clean());
}

#[test]
fn real_pdfs_are_whole_afterwards_and_look_the_same() {
    let Some(paths) = corpus() else { return };
    if !["qpdf", "pdftoppm"].into_iter().all(has) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before.pdf"), folder.path().join("after.pdf"));
    let (mut same, mut annotated, mut other, mut bad) = (0, 0, Vec::new(), Vec::new());
    let step = if std::env::var_os("KAKUZUKE_CORPUS_ALL").is_some() { 1 } else { 8 };
    let pdfs = paths.iter().filter(|p| p.extension().is_some_and(|e| e == "pdf")).step_by(step);
    for path in pdfs {
        let file = std::fs::read(path).unwrap();
        if file.len() > 4 << 20 || detect(&file, None).unwrap().state != State::Open {
            continue;
        }
        let mut out = Vec::new();
        let Ok(report) = sanitise(&file, None, &Wanted::usual(), &mut out) else { continue };
        std::fs::write(&before, &file).unwrap();
        std::fs::write(&after, &out).unwrap();
        let check = |file| Command::new("qpdf").arg("--check").arg(file).output().unwrap().status.code();
        // 3: it warns.
        if check(&after) == Some(2) && check(&before) != Some(2) {
            bad.push(path);
        }
        let draw = |file| Command::new("pdftoppm").args(["-r", "30", "-l", "3"]).arg(file).output().unwrap().stdout;
        let first = draw(&before);
        let drawn = [Category::Comments, Category::Attachments, Category::Objects];
        if first == draw(&after) {
            same += 1;
        } else if drawn.iter().any(|category| report.counts().contains_key(category)) {
            annotated += 1;
        } else if first == draw(&before) {
            other.push(path);
        }
    }
    eprintln!("{same} look the same, {annotated} but for annotations that went");
    assert!(other.is_empty(), "look different: {other:#?}");
    assert!(bad.is_empty(), "qpdf finds errors: {bad:#?}");
}

#[test]
fn letters_that_nobody_sees_are_reported() {
    let drawn = |content: &str| made("", "", content, &[], "");
    let cases = [
        ("BT 1 g /F 20 Tf 20 100 Td (white) Tj ET", true),
        ("0 g 10 90 150 40 re f BT 1 g /F 20 Tf 20 100 Td (on black) Tj ET", false),
        ("1 g 10 90 150 40 re f BT 1 g /F 20 Tf 20 100 Td (on white) Tj ET", true),
        ("BT 3 Tr /F 20 Tf 20 100 Td (not drawn) Tj ET", true),
        ("BT /F 0.5 Tf 20 100 Td (tiny) Tj ET", true),
        ("BT /F 20 Tf 20 300 Td (above) Tj ET", true),
        (SEEN, false),
    ];
    for (content, is_told) in cases {
        let report = found(&drawn(content), "文書.pdf");
        assert_eq!(report.counts().contains_key(&Category::Unseen), is_told, "{content}: {report:#?}");
    }
}
