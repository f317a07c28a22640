//! Text files in the encodings that agencies' files are in, markup, mail and archives.

use kakuzuke_core::passage::{Part, Unit};

use super::furniture::{archive, read};

const LETTER: &str =
    "機密性２情報　取扱注意\r\n人事院事務総局　御中\r\n標記の件について、別紙のとおり報告します。\r\n髙橋　ﾊﾝｶｸ ①\r\n";
/// Characters that every one of the encodings has.
const PLAIN: &str = "機密性２情報　取扱注意\n人事院事務総局　御中\n標記の件について、別紙のとおり報告します。\n";

fn wide(text: &str, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to).collect()
}

#[test]
fn every_encoding_of_japanese_is_read_with_line_numbers() {
    let encoded = |encoding: &'static encoding_rs::Encoding, text: &str| {
        let (bytes, _, failed) = encoding.encode(text);
        assert!(!failed);
        bytes.into_owned()
    };
    let files: Vec<(&str, Vec<u8>, &str)> = vec![
        ("UTF-8", LETTER.as_bytes().to_vec(), LETTER),
        ("UTF-8 with a mark", [b"\xEF\xBB\xBF", LETTER.as_bytes()].concat(), LETTER),
        ("UTF-16LE with a mark", [vec![0xFF, 0xFE], wide(LETTER, u16::to_le_bytes)].concat(), LETTER),
        ("UTF-16BE with a mark", [vec![0xFE, 0xFF], wide(LETTER, u16::to_be_bytes)].concat(), LETTER),
        ("UTF-16LE", wide(LETTER, u16::to_le_bytes), LETTER),
        ("UTF-16BE", wide(LETTER, u16::to_be_bytes), LETTER),
        ("CP932", encoded(encoding_rs::SHIFT_JIS, LETTER), LETTER),
        ("EUC-JP", encoded(encoding_rs::EUC_JP, PLAIN), PLAIN),
        ("ISO-2022-JP", encoded(encoding_rs::ISO_2022_JP, PLAIN), PLAIN),
    ];
    for (name, bytes, text) in files {
        let said = read(&bytes, None);
        assert!(said.summary.is_whole(), "{name}: {:?}", said.summary);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        assert_eq!(said.of(&Part::Body).lines().collect::<Vec<_>>(), lines, "{name}");
        said.has("人事院", &Unit::Line(2), &Part::Body);
    }
}

#[test]
fn bytes_that_are_no_text_are_not_taken_for_one() {
    let noise: Vec<u8> = (0..5000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for bytes in [noise, vec![0; 4000], b"BM\0\0\0\0\0\0\0\0....".to_vec(), b"7z\xBC\xAF\x27\x1C....".to_vec()] {
        let said = read(&bytes, None);
        assert!(!said.summary.is_whole());
        assert_eq!(said.summary.passages, 0);
    }
    assert!(read(b"", None).summary.is_whole(), "an empty file says nothing");
}

#[test]
fn html_says_what_people_read_and_not_scripts() {
    let page = "<!DOCTYPE html>\n<html><head><title>人事案件</title><meta name=\"description\" content=\"概要の文\">\n\
                <style>p { content: \"書式\" }</style><script>if (a < b) { '<p>極秘</p>' }</script></head>\n\
                <body><p>機密性<b>２</b>情報</p><ul><li>一つ目<li>二つ目</ul>\n<!-- 消し忘れ -->\n\
                <div style=\"display: none\"><div>隠した</div>文</div><p>見える&#x6587;&amp;<ruby>極秘<rt>ごくひ</rt></ruby></p>\n\
                <img src=a.png alt='組織図'></body></html>";
    let said = read(page.as_bytes(), None);
    assert_eq!(said.of(&Part::Body), "機密性２情報\n一つ目\n二つ目\n見える文&極秘\nごくひ");
    assert_eq!(said.of(&Part::Hidden), "消し忘れ\n隠した\n文");
    assert_eq!(said.of(&Part::Shape), "組織図");
    assert_eq!(said.of(&Part::Property("title".to_owned())), "人事案件");
    assert_eq!(said.of(&Part::Property("description".to_owned())), "概要の文");
    said.has("機密性", &Unit::Line(4), &Part::Body);
    let old =
        "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=EUC-JP\"></head><body>秘</body></html>";
    let said = read(&encoding_rs::EUC_JP.encode(old).0, None);
    assert_eq!(said.of(&Part::Body), "秘");
}

#[test]
fn xml_and_json_say_values_however_they_are_written() {
    let xml = "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\n<申請 番号=\"甲１\">\n<氏名>山田&#x592A;郎</氏名><備考><![CDATA[取扱<注意>]]></備考></申請>";
    let said = read(&encoding_rs::SHIFT_JIS.encode(xml).0, Some("a.xml"));
    assert_eq!(said.of(&Part::Body), "甲１\n山田太郎\n取扱<注意>");
    let said = read(r#"{"a": "\u6a5f\u5bc6\u6027"}"#.as_bytes(), Some("a.json"));
    assert_eq!(said.of(&Part::Body), r#"{"a": "機密性"}"#);
}

#[test]
fn archives_are_read_file_by_file_with_their_names() {
    let inner = archive(&[("名簿.csv", "氏名,番号\n山田,1\n".as_bytes())]);
    let outer = archive(&[("資料/中.zip", &inner), ("絵.png", b"\x89PNG....")]);
    let said = read(&outer, Some("送付.zip"));
    let within = vec!["資料/中.zip".to_owned(), "名簿.csv".to_owned()];
    assert_eq!(said.spot("山田"), (within.clone(), Unit::Line(2), Part::Body));
    assert!(said.passages.iter().any(|p| p.spot.within == within && p.spot.part == Part::FileName));
    assert_eq!(said.summary.gaps.len(), 1, "the picture");
    assert_eq!(said.summary.gaps[0].0.within, ["絵.png"]);
    assert_eq!(said.summary.files, 3);
}

#[test]
fn archives_in_archives_end_somewhere() {
    let mut bytes = archive(&[("底.txt", "底".as_bytes())]);
    for _ in 0..20 {
        bytes = archive(&[("次.zip", &bytes)]);
    }
    let said = read(&bytes, None);
    assert!(!said.summary.is_whole());
    assert!(said.summary.files < 20);
    let bomb = archive(&[("零.txt", &vec![b' '; 40 << 20])]);
    assert!(!read(&bomb, None).summary.is_whole(), "what is packed a thousandfold is not unpacked");
}

#[test]
fn mail_says_headers_bodies_and_attachments() {
    let body = encoding_rs::ISO_2022_JP.encode("関係者限りでお願いします。\r\n").0.into_owned();
    let inner = archive(&[("別紙.txt", "別紙の文".as_bytes())]);
    let attached = data_encoding::BASE64_MIME.encode(&inner);
    let subject = data_encoding::BASE64.encode("【機密性２】会議資料".as_bytes());
    let name = data_encoding::BASE64.encode("資料.zip".as_bytes());
    let mut mail = format!(
        "From: sato@example.go.jp\r\nTo: =?UTF-8?B?{}?= <tanaka@example.go.jp>\r\nSubject: =?UTF-8?B?{subject}?=\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n",
        data_encoding::BASE64.encode("田中".as_bytes())
    )
    .into_bytes();
    mail.extend(body);
    mail.extend(
        format!(
            "\r\n--b\r\nContent-Type: application/zip; name=\"=?UTF-8?B?{name}?=\"\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment\r\n\r\n{attached}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             Subject: inner\r\nFrom: a@example.jp\r\n\r\nforwarded words\r\n--b--\r\n"
        )
        .into_bytes(),
    );
    let said = read(&mail, None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    assert_eq!(said.of(&Part::Property("Subject".to_owned())), "【機密性２】会議資料");
    assert!(said.of(&Part::Property("To".to_owned())).contains("田中"));
    said.has("関係者限り", &Unit::Line(1), &Part::Body);
    assert_eq!(said.spot("別紙の文").0, ["資料.zip", "別紙.txt"]);
    assert_eq!(said.spot("forwarded words").0.len(), 1);
}
