//! Text, pages, drawings, RTF: what is not shown goes, and nothing else.

use kakuzuke_formats::{Category, Report, Wanted, sanitise};

use super::furniture::{cleaned, found, goes, holds};
use super::picture::jpeg;

fn stays(file: &[u8], name: &str) {
    assert!(found(file, name).is_clean(), "{name}: {:#?}", found(file, name));
    assert_eq!(cleaned(file, name, &Wanted::usual()), file, "{name}");
}

fn categories(report: &Report) -> Vec<Category> {
    report.counts().into_keys().collect()
}

#[test]
fn text_that_shows_all_it_holds_stays_byte_for_byte() {
    stays("公告\r\n,\"値\"\t1\n".as_bytes(), "公告.csv");
    stays(&encoding_rs_sjis("機密性１の文書です。\r\n"), "文書.txt");
    stays(b"\x1B$B5!L)\x1B(B\n", "jis.txt");
    stays("\u{FEFF}機密".as_bytes(), "bom.txt");
    stays(&[0xFF, 0xFE, b'a', 0, b'\n', 0], "wide.txt");
}

#[test]
fn a_document_as_one_xml_file_or_of_an_unknown_kind_is_not_said_to_be_clean() {
    let flat = "<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><office:meta/></office:document>";
    let word = "<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\"/>";
    let package =
        "<?xml version=\"1.0\"?><pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\"/>";
    for (name, file) in [("a.fodt", flat), ("a.xml", word), ("b.xml", package)] {
        assert!(categories(&found(file.as_bytes(), name)).contains(&Category::NotInspected), "{name}");
    }
    assert!(found(b"<?xml version=\"1.0\"?><rates><rate>1</rate></rates>", "rates.xml").is_clean());
    let mut older = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    older.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut older, b"<a/>").unwrap();
    let older = older.finish().unwrap().into_inner();
    assert!(categories(&found(&older, "a.sxw")).contains(&Category::NotInspected));
}

fn encoding_rs_sjis(text: &str) -> Vec<u8> {
    let table = [('機', [0x8B, 0x40]), ('密', [0x96, 0xA7]), ('性', [0x90, 0xAB]), ('１', [0x82, 0x50])];
    let rest = [
        ('の', [0x82, 0xCC]),
        ('文', [0x95, 0xB6]),
        ('書', [0x8F, 0x91]),
        ('で', [0x82, 0xC5]),
        ('す', [0x82, 0xB7]),
        ('。', [0x81, 0x42]),
    ];
    text.chars()
        .flat_map(|c| match table.iter().chain(&rest).find(|(own, _)| *own == c) {
            Some((_, bytes)) => bytes.to_vec(),
            None => vec![c as u8],
        })
        .collect()
}

#[test]
fn what_text_hides_goes() {
    let zero = "公表\u{200B}文書\u{202E}SECRET-OVERRIDE\u{202C}\n";
    let out = cleaned(zero.as_bytes(), "a.txt", &Wanted::usual());
    assert_eq!(out, "公表文書SECRET-OVERRIDE\n".as_bytes());
    goes(
        &[&b"seen ".repeat(80)[..], b"\x1B[8mx\x1B]0;SECRET\x07\x1B[0m\n"].concat(),
        "a.log",
        Category::HiddenText,
        "SECRET",
    );
    goes("# 題\n<!-- SECRET -->\n本文\n".as_bytes(), "a.md", Category::Comments, "SECRET");
    assert_eq!(cleaned(b"seen\0\0\0\0", "a.txt", &Wanted::usual()), b"seen");
    let wide: Vec<u8> = "\u{FEFF}公\u{200B}表".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let plain: Vec<u8> = "\u{FEFF}公表".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(cleaned(&wide, "w.txt", &Wanted::usual()), plain);
    // What is no text that is known is not said to hide nothing.
    assert_eq!(categories(&found(b"%!PS-Adobe\n%%For: SECRET\n", "a.ps")), [Category::NotInspected]);
}

#[test]
fn what_a_page_hides_goes() {
    let page = |head: &str, body: &str| {
        format!(
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>題</title>{head}</head><body><p>SEEN</p>{body}</body></html>"
        )
    };
    let cases = [
        (Category::Comments, page("", "<!-- SECRET -->")),
        (Category::Comments, page("<style>p{color:red} /* SECRET */</style>", "")),
        (Category::Authors, page("<meta name=\"author\" content=\"SECRET\">", "")),
        (Category::PrivateData, page("<meta name='generator' content='SECRET 1.0'>", "")),
        (Category::PrivateData, page("<xml><o:Author>SECRET</o:Author></xml>", "")),
        (Category::Scripts, page("<script>var a = '</p> SECRET';</script>", "")),
        (Category::Scripts, page("", "<p onclick=\"SECRET()\">SEEN</p>")),
        (Category::Scripts, page("", "<a href=\"java\nscript:SECRET\">SEEN</a>")),
        (Category::HiddenText, page("", "<div hidden><p>SECRET<p>x</div>")),
        (Category::HiddenText, page("", "<span style='display: none'>SECRET</span>")),
        (Category::HiddenText, page("", "<input type=hidden value=SECRET>")),
        (Category::HiddenText, page("<style>.x { display:none }</style>", "<p class='a x'>SECRET<p>SEEN")),
        (Category::HiddenText, page("", "<p>a\u{200B}SECRETb</p>").replace("SECRET", "")),
        (Category::Links, page("", "<a href=\"file:///C:/SECRET/a.txt\">SEEN</a>")),
        (Category::Links, page("", "<img src=\"\\\\server\\SECRET\">")),
        (Category::Remote, page("", "<img src=\"https://tracker.example/SECRET.gif\">")),
        (Category::PrivateData, page("", "<p data-mce-style=\"SECRET\">SEEN</p>")),
    ];
    for (category, file) in cases {
        let secret = if file.contains("SECRET") { "SECRET" } else { "\u{200B}" };
        let out = goes(file.as_bytes(), "頁.html", category, secret);
        assert!(holds(&out, "SEEN") && holds(&out, "<title>題</title>"), "{}", String::from_utf8_lossy(&out));
        assert!(found(&out, "頁.html").is_clean(), "{category:?}: {:#?}", found(&out, "頁.html"));
    }
    stays(
        page("<meta name=description content=x>", "<a href=\"https://www.example.go.jp/\">a</a><img src=a.png>")
            .as_bytes(),
        "頁.html",
    );
    // What a style sheet beside the page hides is not known.
    let beside = page("<link rel=stylesheet href=a.css>", "");
    assert_eq!(categories(&found(beside.as_bytes(), "頁.html")), [Category::NotInspected]);
}

#[test]
fn pictures_in_addresses_are_cleaned() {
    let picture = jpeg(&[(0xFE, b"SECRET")]);
    let coded = data_encoding::BASE64.encode(&picture);
    let bare = data_encoding::BASE64.encode(&jpeg(&[]));
    let page = format!("<html><body><img alt=\"図\" src=\"data:image/jpeg;base64,{coded}\"></body></html>");
    let out = cleaned(page.as_bytes(), "a.html", &Wanted::usual());
    assert_eq!(String::from_utf8(out).unwrap(), page.replace(&coded, &bare));
}

#[test]
fn what_a_drawing_hides_goes() {
    let drawing = |inside: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:inkscape=\"i\" xmlns:sodipodi=\"s\">{inside}<text>SEEN</text></svg>"
        )
    };
    let cases = [
        (Category::PictureData, drawing("<metadata><rdf>SECRET</rdf></metadata>")),
        (Category::Comments, drawing("<!--SECRET-->")),
        (Category::Scripts, drawing("<script>SECRET</script>")),
        (Category::Scripts, drawing("<g onload=\"SECRET\"/>")),
        (Category::HiddenText, drawing("<g display=\"none\"><text>SECRET</text></g>")),
        (Category::PrivateData, drawing("<sodipodi:namedview id=\"SECRET\"/>")),
        (Category::PrivateData, drawing("<g inkscape:export-filename=\"SECRET\"/>")),
        (Category::Links, drawing("<image xlink:href=\"file:///SECRET.png\"/>")),
        (Category::Remote, drawing("<image xlink:href=\"http://SECRET/a.png\"/>")),
    ];
    for (category, file) in cases {
        let out = goes(file.as_bytes(), "図.svg", category, "SECRET");
        assert!(holds(&out, "SEEN"));
        assert!(found(&out, "図.svg").is_clean(), "{category:?}");
    }
    // What is drawn from a hidden group is seen.
    let used = drawing("<g display=\"none\"><path id=\"p\"/></g><use xlink:href=\"#p\"/>");
    assert_eq!(cleaned(used.as_bytes(), "図.svg", &Wanted::usual()), used.as_bytes());
    assert!(!found(used.as_bytes(), "図.svg").is_clean());
}

#[test]
fn what_xml_hides_goes() {
    goes(b"<?xml version=\"1.0\"?><a><!-- SECRET --><b>SEEN</b></a>", "a.xml", Category::Comments, "SECRET");
    goes(b"<?xml version=\"1.0\"?><?editor SECRET?><a/>", "a.xml", Category::PrivateData, "SECRET");
}

#[test]
fn what_rich_text_hides_goes() {
    let rich = |inside: &str| format!("{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}{inside}\\pard SEEN\\par}}");
    let photo: String = jpeg(&[(0xFE, b"SECRET")]).iter().map(|b| format!("{b:02x}")).collect();
    let cases = [
        (Category::Authors, rich("{\\info{\\title T}{\\author SECRET}}"), "SECRET"),
        (Category::Authors, rich("{\\info{\\*\\company SECRET}}"), "SECRET"),
        (Category::Properties, rich("{\\info{\\doccomm SECRET}}"), "SECRET"),
        (Category::History, rich("{\\*\\rsidtbl \\rsid1234567}"), "1234567"),
        (Category::History, rich("\\b\\insrsid7654321 SEEN\\b0 "), "7654321"),
        (Category::Comments, rich("{\\*\\atnid SECRET}{\\*\\atnauthor SECRET}{\\*\\annotation SECRET}"), "SECRET"),
        (Category::HiddenText, rich("{\\v SECRET}"), "SECRET"),
        (Category::HiddenText, rich("\\v\\'53ECRET\\v0\\b SEEN"), "ECRET"),
        (Category::Changes, rich("{\\deleted SECRET}"), "SECRET"),
        (Category::Changes, rich("{\\*\\revtbl{Unknown;}{SECRET;}}{\\revised\\revauth1 SEEN}"), "SECRET"),
        (Category::Objects, rich("{\\object\\objemb{\\*\\objdata 5345SECRET}{\\result SEEN}}"), "SECRET"),
        (Category::Links, rich("{\\*\\template SECRET}"), "SECRET"),
        (Category::Links, rich("{\\field{\\*\\fldinst INCLUDEPICTURE \"SECRET\"}{\\fldrslt SEEN}}"), "SECRET"),
        (Category::CustomData, rich("{\\*\\docvar{a}{SECRET}}"), "SECRET"),
        (Category::PictureData, rich(&format!("{{\\pict\\jpegblip {photo}}}")), "534543524554"),
        // What stands beside a picture that is written anew.
        (Category::PictureData, rich(&format!("{{\\pict\\jpegblip{{\\*\\blipuid 5EC4E7}} {photo}}}")), "5EC4E7"),
        (Category::PictureData, rich(&format!("{{\\pict\\jpegblip{{\\*\\unheard SECRET}} {photo}}}")), "SECRET"),
    ];
    for (category, file, secret) in cases {
        let out = goes(file.as_bytes(), "文.rtf", category, secret);
        assert!(holds(&out, "SEEN"), "{}", String::from_utf8_lossy(&out));
        assert!(found(&out, "文.rtf").is_clean(), "{category:?} {:#?}", found(&out, "文.rtf"));
    }
    let kept = cleaned(rich("\\b\\insrsid7654321 SEEN").as_bytes(), "文.rtf", &Wanted::usual());
    assert!(holds(&kept, "\\b SEEN"), "{}", String::from_utf8_lossy(&kept));
    stays(rich("{\\info{\\title T}}{\\b x}{\\pict\\bin3 }}}}").as_bytes(), "文.rtf");
    // A link to the net stays.
    stays(rich("{\\field{\\*\\fldinst HYPERLINK \"https://example.go.jp\"}{\\fldrslt x}}").as_bytes(), "文.rtf");
}

#[test]
fn broken_files_of_characters_are_not_said_to_hide_nothing() {
    for (file, name) in [(b"{\\rtf1 {\\info".as_slice(), "a.rtf"), (b"{\\rtf1\\bin999 }", "b.rtf")] {
        assert!(found(file, name).counts().contains_key(&Category::NotInspected), "{name}");
        assert!(sanitise(&file.to_vec(), Some(name), &Wanted::usual(), &mut Vec::new()).is_err());
    }
}
