//! PDFs: made by LibreOffice and by hand, and other people's against what another program reads from them.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use kakuzuke_core::passage::{Part, Unit};

use super::furniture::read;
use crate::furniture::{corpus, has};

/// A PDF of these objects, numbered from 1, with a table of where they are; the first is the catalog.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    out.extend(places.iter().flat_map(|p| format!("{p:010} 00000 n \n").into_bytes()));
    let info = utf16("人事案件");
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R /Info << /Title {info} /kakuzuke.label (AAAA) >> >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    out
}

fn utf16(words: &str) -> String {
    let hex: String = words.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("<FEFF{hex}>")
}

fn stream(dict: &str, data: &str) -> String {
    format!("<< {dict} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

/// One page with this content and these fonts, and what the catalog and the page say besides.
fn page(content: &str, font: &str, catalog: &str, more: &str) -> Vec<String> {
    vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> {more} >>"
        ),
        stream("", content),
        font.to_owned(),
    ]
}

const HELVETICA: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
/// A font that is not embedded, as old agency PDFs have them: CP932 codes, no map to Unicode.
const MINCHO: &str = "<< /Type /Font /Subtype /Type0 /BaseFont /MS-Mincho /Encoding /90ms-RKSJ-H /DescendantFonts [<< /Type /Font \
    /Subtype /CIDFontType2 /BaseFont /MS-Mincho /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>] >>";
/// A font of which nobody says what its codes stand for.
const UNTOLD: &str = "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Secret /Encoding /Identity-H /DescendantFonts [<< /Type /Font \
    /Subtype /CIDFontType2 /BaseFont /ABCDEF+Secret /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>";

fn hex(words: &str) -> String {
    let bytes = encoding_rs::SHIFT_JIS.encode(words).0.into_owned();
    format!("<{}>", bytes.iter().map(|b| format!("{b:02X}")).collect::<String>())
}

#[test]
fn japanese_without_a_map_to_unicode_is_read_by_its_collection() {
    let content = format!("BT /F 12 Tf 400 800 Td {} Tj 0 -20 Td {} Tj ET", hex("機密性２情報"), hex("取扱注意"));
    let said = read(&pdf(&page(&content, MINCHO, "", "")), None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    assert_eq!(said.of(&Part::Body), "機密性２情報\n取扱注意");
    said.has("機密性", &Unit::Page(1), &Part::Body);
    assert_eq!(said.of(&Part::Property("Title".to_owned())), "人事案件");
    assert!(!said.passages.iter().any(|p| p.text == "AAAA"), "our own label is no text");
}

#[test]
fn characters_that_nobody_can_tell_are_a_gap() {
    let said = read(&pdf(&page("BT /F 12 Tf 100 700 Td <00410042> Tj ET", UNTOLD, "", "")), None);
    assert_eq!(said.summary.gaps.len(), 1, "{:?}", said.summary);
    assert_eq!(said.summary.gaps[0].0.unit, Unit::Page(1));
    assert!(said.summary.gaps[0].1.ja.contains("2字"));
}

#[test]
fn fonts_that_give_widths_to_four_thousand_million_characters_are_not_read() {
    let font = MINCHO
        .replace("/BaseFont /MS-Mincho /CIDSystemInfo", "/BaseFont /MS-Mincho /W [0 4294967294 500] /CIDSystemInfo");
    assert_ne!(font, MINCHO);
    let said = read(&pdf(&page(&format!("BT /F 12 Tf {} Tj ET", hex("機密")), &font, "", "")), None);
    assert_eq!(said.summary.gaps.len(), 1);
}

#[test]
fn pages_of_pictures_are_a_gap_and_text_under_them_is_read() {
    let picture =
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x");
    let of = |content: &str| {
        let mut objects = page(content, HELVETICA, "", "");
        objects.push(picture.clone());
        read(&pdf(&objects), None)
    };
    assert!(!of("q 500 0 0 800 0 0 cm /X Do Q").summary.is_whole());
    let recognised = of("q 500 0 0 800 0 0 cm /X Do Q BT 3 Tr /F 12 Tf 100 700 Td (recognised) Tj ET");
    assert!(recognised.summary.is_whole());
    assert_eq!((recognised.summary.pictures, recognised.of(&Part::Body)), (1, "recognised".to_owned()));
    let hidden = read(&pdf(&page("BT 3 Tr /F 12 Tf (hidden) Tj 0 Tr 0 -20 Td (seen) Tj ET", HELVETICA, "", "")), None);
    assert_eq!((hidden.of(&Part::Hidden), hidden.of(&Part::Body)), ("hidden".to_owned(), "seen".to_owned()));
}

#[test]
fn annotations_fields_bookmarks_and_attached_files_are_read() {
    let catalog = format!(
        "/AcroForm << /Fields [<< /T {} /V {} >>] >> /Outlines << /First << /Title {} >> >> \
         /Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /UF {} /EF << /F 6 0 R >> >>] >> >>",
        utf16("氏名"),
        utf16("山田太郎"),
        utf16("第一章"),
        utf16("別紙.txt")
    );
    let more = format!("/Annots [<< /Type /Annot /Subtype /Text /Contents {} >>]", utf16("要確認"));
    let mut objects = page("BT /F 12 Tf (body) Tj ET", HELVETICA, &catalog, &more);
    objects.push(stream("/Type /EmbeddedFile", "別紙の文"));
    let said = read(&pdf(&objects), None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    said.has("要確認", &Unit::Page(1), &Part::Comment);
    said.has("山田太郎", &Unit::Whole, &Part::Property("氏名".to_owned()));
    said.has("第一章", &Unit::Whole, &Part::Property("しおり".to_owned()));
    assert_eq!(said.spot("別紙の文").0, ["別紙.txt"]);
}

#[test]
fn a_password_for_changing_does_not_keep_from_reading_and_one_for_reading_does() {
    if !has("qpdf") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let content = format!("BT /F 12 Tf 100 700 Td {} Tj ET", hex("機密性２情報"));
    std::fs::write(folder.path().join("a.pdf"), pdf(&page(&content, MINCHO, "", ""))).unwrap();
    let encrypt = |user: &str| {
        let run = Command::new("qpdf")
            .args(["--encrypt", user, "owner", "256", "--", "--object-streams=generate"])
            .args([folder.path().join("a.pdf"), folder.path().join("b.pdf")])
            .status()
            .unwrap();
        assert!(run.success());
        read(&std::fs::read(folder.path().join("b.pdf")).unwrap(), None)
    };
    let open = encrypt("");
    assert!(open.summary.is_whole(), "{:?}", open.summary);
    assert_eq!(open.of(&Part::Body), "機密性２情報");
    assert_eq!(open.of(&Part::Property("Title".to_owned())), "人事案件");
    let locked = encrypt("secret");
    assert_eq!((locked.summary.gaps.len(), locked.summary.passages), (1, 0));
    assert!(locked.summary.gaps[0].1.ja.contains("暗号化"));
}

#[test]
fn forms_that_draw_one_another_for_ever_end() {
    let mut objects = page("/X Do /X Do", HELVETICA, "", "");
    for next in 7..40 {
        let resources =
            format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {next} 0 R >> >>");
        objects.push(stream(&resources, &"/X Do ".repeat(40)));
    }
    let said = read(&pdf(&objects), None);
    assert!(!said.summary.is_whole());
}

#[test]
fn what_libreoffice_prints_is_read() {
    if !has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let page = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
                xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\" \
                office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:body><office:text>\
                <text:p>機密性２情報　取扱注意</text:p><text:p>人事院事務総局 御中</text:p><text:p>氏名<text:tab/>個人番号</text:p>\
                </office:text></office:body></office:document>";
    std::fs::write(folder.path().join("a.fodt"), page).unwrap();
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(folder.path().join("a.fodt"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = read(&std::fs::read(folder.path().join("a.pdf")).unwrap(), None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    for words in ["機密性２情報　取扱注意", "人事院事務総局", "氏名", "個人番号"] {
        assert_eq!(said.spot(words).1, Unit::Page(1));
        assert!(!said.passages.iter().any(|p| p.text.contains("<text:p>")), "the program took it for a text");
    }
}

fn counted(text: &str) -> HashMap<char, u64> {
    let mut counts = HashMap::new();
    for character in text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{FFFD}') {
        *counts.entry(character).or_default() += 1;
    }
    counts
}

fn printed(path: &Path) -> Option<String> {
    let run = Command::new("pdftotext").args(["-enc", "UTF-8"]).arg(path).arg("-").output().unwrap();
    run.status.success().then(|| String::from_utf8_lossy(&run.stdout).into_owned())
}

#[test]
fn as_much_is_read_as_poppler_reads() {
    let Some(paths) = corpus() else { return };
    if !has("pdftotext") {
        return;
    }
    let (mut theirs, mut both, mut files, mut equal) = (0, 0, 0, 0);
    let mut japanese = (0, 0);
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "pdf")) {
        let Some(words) = printed(path).filter(|words| !words.trim().is_empty()) else { continue };
        let said = read(&std::fs::read(path).unwrap(), None);
        if said.summary.gaps.iter().any(|(_, why)| why.en.contains("encrypted")) {
            continue;
        }
        let ours: String = said.passages.iter().filter(|p| p.spot.within.is_empty()).map(|p| p.text.as_str()).collect();
        let (ours, counts) = (counted(&ours), counted(&words));
        let all: u64 = counts.values().sum();
        let met: u64 = counts.iter().map(|(c, n)| (*n).min(ours.get(c).copied().unwrap_or(0))).sum();
        (theirs, both, files, equal) = (theirs + all, both + met, files + 1, equal + u32::from(all == met));
        for (character, n) in counts.iter().filter(|(c, _)| matches!(**c, '\u{3040}'..='\u{9FFF}')) {
            japanese = (japanese.0 + n, japanese.1 + (*n).min(ours.get(character).copied().unwrap_or(0)));
        }
        if met * 100 < all * 98 && said.summary.is_whole() {
            eprintln!("{}: {met} of {all} characters, and no gap", path.display());
        }
    }
    eprintln!("{files} PDFs with text: {both} of {theirs} characters that poppler reads, {equal} files all of them");
    eprintln!("kana and kanji: {} of {}", japanese.1, japanese.0);
    assert!(both * 100 >= theirs * 97, "{both} of {theirs}");
}
