//! OpenDocument: files of a package that nothing in it leads to, and those that nobody can look into.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::open_document::{SPACES, document};

const SEEN: &str = "<text:p>SEEN</text:p>";

fn text(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    document("text", "", body, parts)
}

#[test]
fn files_that_nothing_leads_to_go() {
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\"><x>SECRET</x></rdf:Description></rdf:RDF>";
    let cases = [
        (
            "Pictures/orphan.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>SECRET</text></svg>",
            Category::Leftovers,
        ),
        (
            "Chart 7/content.xml",
            "<office:document-content><office:body>SECRET</office:body></office:document-content>",
            Category::Leftovers,
        ),
        ("notes/SECRET.txt", "SECRET", Category::Leftovers),
        ("META-INF/SECRET.xml", "SECRET", Category::Leftovers),
        ("SECRET/", "", Category::Leftovers),
        ("META-INF/othersignatures.xml", "SECRET", Category::Signatures),
        ("Configurations2/menubar/menubar.xml", "SECRET", Category::PrivateData),
        ("layout-cache", "SECRET", Category::PrivateData),
        ("manifest.rdf", rdf, Category::CustomData),
        ("meta/other.rdf", rdf, Category::CustomData),
        ("EmbeddedDatabase/script", "SECRET", Category::Objects),
    ];
    for (name, words, category) in cases {
        let out = goes(&text(SEEN, &[(name, words)]), "文書.odt", category, "SECRET");
        assert!(holds(&out, "SEEN") && !holds(&out, name), "{name} is still listed");
        assert!(found(&out, "文書.odt").is_clean(), "{name}: {:#?}", found(&out, "文書.odt"));
    }
}

#[test]
fn what_programs_always_write_is_nobodys() {
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"styles.xml\"><rdf:type rdf:resource=\"http://docs.oasis-open.org/ns/office/1.2/meta/odf#StylesFile\"/></rdf:Description></rdf:RDF>";
    let pages = "\u{1}\0\u{1}\0p\u{e}\0\0\0P\u{9}\0\0\u{4}\u{2}\0\0\0";
    let parts = [
        ("manifest.rdf", rdf),
        ("layout-cache", pages),
        ("Configurations2/accelerator/current.xml", ""),
        ("Configurations2/images/Bitmaps/", ""),
        ("Pictures/", ""),
    ];
    let file = text(SEEN, &parts);
    assert!(found(&file, "文書.odt").is_clean(), "{:#?}", found(&file, "文書.odt"));
    assert_eq!(cleaned(&file, "文書.odt", &Wanted::usual()), file);
}

#[test]
fn pictures_go_with_the_deleted_text_they_stood_in() {
    let picture =
        |path: &str| format!("<text:p>SEEN<draw:frame><draw:image xlink:href=\"{path}\"/></draw:frame></text:p>");
    let deleted = format!(
        "<text:tracked-changes><text:changed-region><text:deletion>{}</text:deletion></text:changed-region></text:tracked-changes>{}",
        picture("Pictures/gone.svg"),
        picture("Pictures/stays%201.svg"),
    );
    let svg = |words: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><text>{words}</text></svg>");
    let (gone, stays) = (svg("SECRET"), svg("STAYS"));
    let file = text(&deleted, &[("Pictures/gone.svg", &gone), ("Pictures/stays 1.svg", &stays)]);
    let out = goes(&file, "文書.odt", Category::Changes, "SECRET");
    assert!(holds(&out, "STAYS") && !holds(&out, "gone.svg"));
    assert!(found(&out, "文書.odt").is_clean(), "{:#?}", found(&out, "文書.odt"));
    // As long as the change stays, so does its picture.
    assert!(holds(&cleaned(&file, "文書.odt", &Wanted::usual().without(Category::Changes)), "SECRET"));
}

#[test]
fn a_file_that_nobody_can_look_into_is_never_nothing() {
    let body = "<text:p>SEEN<draw:frame><draw:image xlink:href=\"stuff/a.bin\"/></draw:frame></text:p>";
    let report = found(&text(body, &[("stuff/a.bin", "SECRET")]), "文書.odt");
    assert_eq!(report.counts().into_keys().collect::<Vec<_>>(), [Category::NotInspected]);
}

#[test]
fn an_object_is_one_whatever_the_list_says_of_it() {
    let body = "<text:p>SEEN<draw:frame><draw:object xlink:href=\"./Embedded\"/><draw:image xlink:href=\"./ObjectReplacements/Embedded\"/></draw:frame></text:p>";
    // Not in the list at all; a chart by the list, and a text by what it holds.
    let content = format!(
        "<office:document-content {SPACES}><office:body><office:text>SECRET</office:text></office:body></office:document-content>"
    );
    let loose = text(body, &[("Embedded", "SECRET")]);
    let chart = text(body, &[("Embedded/content.xml", content.as_str())]);
    for file in [loose, chart] {
        let out = goes(&file, "文書.odt", Category::Objects, "SECRET");
        assert!(holds(&out, "SEEN") && !holds(&out, "draw:object") && holds(&out, "draw:image"));
    }
}

#[test]
fn remarks_and_data_of_other_forms_go() {
    let remark = format!("<!-- SECRET -->{SEEN}");
    let order = format!("<?program SECRET?>{SEEN}");
    let element = format!("<x:y xmlns:x=\"urn:x\">SECRET</x:y>{SEEN}");
    let attribute = "<text:p xmlns:x=\"urn:x\" x:y=\"SECRET\">SEEN</text:p>".to_owned();
    for (body, category) in [
        (remark, Category::PrivateData),
        (order, Category::PrivateData),
        (element, Category::CustomData),
        (attribute, Category::CustomData),
    ] {
        let out = goes(&text(&body, &[]), "文書.odt", category, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "文書.odt").is_clean(), "{body}");
    }
}

#[test]
fn data_between_the_files_go() {
    let plain = text(SEEN, &[]);
    let end = plain.len() - 22;
    let start = u32::from_le_bytes(plain[end + 16..end + 20].try_into().unwrap());
    let gap = [&[0; 24][..], b"SECRET"].concat();
    let mut file = [&plain[..start as usize], &gap, &plain[start as usize..]].concat();
    // The directory lies farther back.
    let end = file.len() - 22;
    file[end + 16..end + 20].copy_from_slice(&(start + gap.len() as u32).to_le_bytes());
    let out = goes(&file, "文書.odt", Category::Leftovers, "SECRET");
    assert!(holds(&out, "SEEN") && found(&out, "文書.odt").is_clean());
}
