//! HTML, mail and RTF: the label among what stands there, every other byte as it was. And what has no place for one.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8};
use kakuzuke_formats::{Ability, Can, Kind, LabelError, State, can, detect, read_label, write_label};

use super::furniture::{contains_in_order, label, label_twice, labelled};

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"ja\"><head>\n<meta charset=\"CHARSET\">\n<title>議事録＜案＞表</title>\n\
                    <!-- <head> --><script>if (a < b) document.write('</head>');</script></head>\n\
                    <body><p>機密性の高い「申」「表」</p></body></html>\n";

fn in_encoding(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    encoding.encode(&text.replace("CHARSET", encoding.name())).0.into_owned()
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn pages_keep_their_encoding_and_every_byte() {
    let encoded = [UTF_8, SHIFT_JIS, EUC_JP, ISO_2022_JP].map(|encoding| in_encoding(PAGE, encoding));
    let wide = [wide(PAGE, u16::to_le_bytes), wide(PAGE, u16::to_be_bytes)];
    for (number, file) in encoded.into_iter().chain(wide).enumerate() {
        let written = label_twice(Kind::Html, &file);
        assert!(contains_in_order(&written, &file), "{number}");
        let longer = written.len() - file.len();
        // One piece, put in before the end of the head: what stands before and behind is as it was.
        let from = (0..file.len()).find(|at| file[*at] != written[*at]).unwrap();
        assert!(file[from..] == written[from + longer..], "{number}");
        let (before, after) = (text_of(&file), text_of(&written));
        assert_eq!(before, after, "{number}");
        assert!(before.contains("「申」「表」"), "{number} {before}");
    }
}

fn text_of(file: &[u8]) -> String {
    let mut words = String::new();
    let mut take = |p: kakuzuke_core::passage::Passage| {
        if p.spot.part == kakuzuke_core::passage::Part::Body {
            words.push_str(&p.text);
            words.push('\n');
        }
        std::ops::ControlFlow::Continue(())
    };
    kakuzuke_formats::text(&file.to_vec(), None, &mut take).unwrap();
    words
}

#[test]
fn pages_of_every_shape_take_a_label() {
    let pages = [
        "<html><body>a</body></html>",
        "<HTML>\n<HEAD><TITLE>a</TITLE>\n<BODY BGCOLOR=white>b",
        "<!doctype html>a",
        "<!doctype html><title>a</title><p>b",
        "<head></head>",
        "<body>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"a>b\">\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>a</title></head><body/></html>",
        "<!-- a --><html><head><meta name=\"a\" content='b>c'><meta name=kakuzuke.other content=d>",
        "<html><head><style>p { content: '</style>' }</style>",
        "<meta name=\"viewport\" content=\"a\"/>text",
    ];
    for page in pages {
        let written = label_twice(Kind::Html, page.as_bytes());
        assert!(contains_in_order(&written, page.as_bytes()), "{page}");
    }
    // The line that tells the encoding stays where browsers look for it.
    let written = String::from_utf8(labelled(in_encoding(PAGE, UTF_8).as_slice(), &label(5_000))).unwrap();
    assert!(written.find("charset").unwrap() < 1024);
}

#[test]
fn a_label_that_is_there_twice_is_malformed() {
    let label = "<meta name=\"kakuzuke.label\" content=\"aaaa\">";
    let page = format!("<html><head>{label}{label}</head>");
    assert!(matches!(read_label(&page.into_bytes()), Err(LabelError::Malformed(_))));
    let mail = "From: a@example.jp\nTo: b@example.jp\nX-Kakuzuke-Label: aaaa\nx-kakuzuke-label: aaaa\nMIME-Version: 1.0\n\nbody";
    assert!(matches!(read_label(&mail.as_bytes().to_vec()), Err(LabelError::Malformed(_))));
}

const MAIL: &str = "Received: from a\r\n by b\r\nFrom: =?UTF-8?B?5qmf5a+G?= <a@example.jp>\r\nTo: b@example.jp\r\n\
                    DKIM-Signature: v=1; h=from:to\r\nSubject: test\r\nMIME-Version: 1.0\r\n\r\nX-Kakuzuke-Label: no\r\n\r\nbody\r\n";

#[test]
fn mails_keep_every_byte_and_their_line_ends() {
    for mail in [MAIL.to_owned(), MAIL.replace("\r\n", "\n")] {
        let written = label_twice(Kind::Eml, mail.as_bytes());
        assert!(contains_in_order(&written, mail.as_bytes()));
        let text = String::from_utf8(written).unwrap();
        assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 76), "{text}");
        assert_eq!(text.contains("\r\n"), mail.contains("\r\n"));
        assert!(!text.contains("\r\n") || !text.replace("\r\n", "").contains('\n'));
        // The fields stand behind the others, before the empty line.
        let body = text.split_once(if mail.contains('\r') { "\r\n\r\n" } else { "\n\n" }).unwrap().1;
        assert!(body.starts_with("X-Kakuzuke-Label: no"));
    }
    // Headers alone, without an end.
    let cut = MAIL.split_once("\r\n\r\n").unwrap().0;
    label_twice_but_for_the_end(cut);
}

fn label_twice_but_for_the_end(cut: &str) {
    let first = labelled(cut.as_bytes(), &label(500));
    assert_eq!(read_label(&first).unwrap(), Some(label(500)));
    assert_eq!(read_label(&labelled(&first, &label(40))).unwrap(), Some(label(40)));
}

#[test]
fn the_line_for_people_is_read_by_mail_programs() {
    let written = labelled(MAIL.as_bytes(), &label(100));
    let message =
        mail_parser::MessageParser::new().with_minimal_headers().default_header_text().parse(&written).unwrap();
    let line = message.header("X-Kakuzuke-Marking").and_then(|value| value.as_text()).unwrap();
    assert_eq!(line, label(100).marking());
}

const RICH: &str = "{\\rtf1\\ansi\\ansicpg932\\deff0{\\fonttbl{\\f0\\fnil \\'82\\'6c\\'82\\'72 Mincho;}}{\\colortbl;\\red0;}\r\n\
                    {\\info{\\title \\'8b@}{\\author a}}\\paperw11906\\pard \\'8b@\\'96\\'a7 {\\b text\\}\\bin3 }}{x}\\par}";

#[test]
fn rich_texts_keep_every_byte() {
    let users = RICH.replace(
        "\\paperw",
        "{\\*\\userprops {\\propname \\'8c\\'8f\\'96\\'bc}\\proptype30{\\staticval \\u20516?}{\\propname b}\\proptype3{\\staticval 1}}\\paperw",
    );
    let none = "{\\rtf1\\ansi some text\\par}";
    // Text from the first word on, and its characters for readers that know no `\u`.
    let bare = "{\\rtf1\r\n\\u381\\'7d\r\n\\par}";
    for file in [RICH, &users, none, bare, "{\\rtf1 }", "{\\rtf1{\\*\\userprops}x}"] {
        let written = label_twice(Kind::Rtf, file.as_bytes());
        assert!(contains_in_order(&written, file.as_bytes()), "{file}");
        let words = |bytes: &[u8]| text_of(bytes);
        assert_eq!(words(&written), words(file.as_bytes()), "{file}");
    }
}

#[test]
fn what_has_no_place_says_so() {
    let files: [(&[u8], Kind); 9] = [
        (b"a,b\r\n1,2\r\n", Kind::Text),
        ("機密性２情報\n".as_bytes(), Kind::Text),
        (b"\x8b@\x96\xa7\n", Kind::Text),
        (b"\x1b$B5!L)\x1b(B\n", Kind::Text),
        (b"\xFF\xFEa\0b\0", Kind::Text),
        (b"<?xml version=\"1.0\"?><a/>", Kind::Xml),
        (b"{\"a\": 1}", Kind::Json),
        (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", Kind::Zip),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0", Kind::Opaque),
    ];
    for (file, kind) in files {
        let file = file.to_vec();
        let found = detect(&file, None).unwrap();
        assert_eq!((found.kind, found.state), (kind, State::Open));
        let Err(error) = write_label(&file, &label(100), &mut Vec::new()) else { panic!("{kind:?}") };
        assert!(matches!(error, LabelError::Unsupported(k) if k == kind));
        assert!(error.text().ja.contains("kkzsig"), "{kind:?}");
        assert!(matches!(can(kind, Ability::Label), Can::No(_)));
    }
}

#[test]
fn in_a_file_altered_anywhere_what_is_written_is_read_again_or_nothing_is_written() {
    let old = label(60);
    for file in [in_encoding(PAGE, SHIFT_JIS), MAIL.into(), RICH.into()] {
        let file = labelled(&file, &old);
        for at in 0..file.len() {
            for byte in [0, b'\n', b'<', b'{', b'\\', b'=', 0xA0] {
                let mut altered = file.clone();
                altered[at] = byte;
                let mut out = Vec::new();
                if write_label(&altered, &label(40), &mut out).is_ok() {
                    assert_eq!(read_label(&out).unwrap(), Some(label(40)), "{byte:#x} at {at}");
                }
            }
        }
    }
}

#[test]
fn written_files_cut_off_anywhere_are_read_or_refused() {
    for file in [in_encoding(PAGE, ISO_2022_JP), in_encoding(PAGE, SHIFT_JIS), MAIL.into(), RICH.into()] {
        for file in [file.clone(), labelled(&file, &label(60))] {
            for end in 0..file.len() {
                let cut = file[..end].to_vec();
                let _ = read_label(&cut);
                let mut out = Vec::new();
                if write_label(&cut, &label(10), &mut out).is_ok() {
                    assert_eq!(read_label(&out).unwrap(), Some(label(10)), "{end}");
                }
            }
        }
    }
}
