//! Files in files: mails and archives, and what lies in what lies in them.

use std::io::{Cursor, Read, Write};

use kakuzuke_formats::{Category, Wanted, inspect};

use super::furniture::{cleaned, found, goes, holds, package};
use super::picture::jpeg;

const HEAD: &str = "From: sato@agency.example\r\nTo: ito@city.example\r\nSubject: =?utf-8?B?6LO85YWl?=\r\nDate: Thu, 26 Nov 2026 09:00:00 +0900\r\nMIME-Version: 1.0\r\n";

fn mail(headers: &str, body: &str) -> Vec<u8> {
    format!("{HEAD}{headers}{body}").into_bytes()
}

#[test]
fn what_a_mail_tells_of_its_way_goes() {
    let plain = "Content-Type: text/plain; charset=utf-8\r\n\r\nSEEN\r\n";
    let cases = [
        (Category::Bcc, "Bcc: SECRET@agency.example\r\n"),
        (Category::MailRoute, "Received: from SECRET-PC ([10.0.0.1])\r\n\tby mail.agency.example; x\r\n"),
        (Category::MailRoute, "X-Originating-IP: [SECRET]\r\n"),
        (Category::MailRoute, "X-Mailer: SECRET 1.0\r\n"),
        (Category::MailRoute, "Message-ID: <1@SECRET.local>\r\n"),
        (Category::Signatures, "DKIM-Signature: v=1; b=SECRET\r\n"),
        (Category::Scripts, "Disposition-Notification-To: SECRET@x.example\r\n"),
    ];
    for (category, header) in cases {
        let out = goes(&mail(header, plain), "m.eml", category, "SECRET");
        assert_eq!(out, mail("", plain), "{header}");
    }
    assert!(found(&mail("", plain), "m.eml").is_clean());
}

#[test]
fn every_part_of_a_mail_is_cleaned() {
    let photo = data_encoding::BASE64.encode(&jpeg(&[(0xFE, b"SECRET")]));
    let parts = format!(
        "Content-Type: multipart/mixed; boundary=\"b;1\"\r\n\r\nThis is a multi-part message in MIME format.\r\n--b;1\r\n\
         Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>SEEN=E6=96=87</p><!-- hid=\r\nden -->\r\n\
         --b;1\r\nContent-Type: image/jpeg; name=\"a.jpg\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"a.jpg\"\r\n\r\n{photo}\r\n\
         --b;1\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nX-Host: SECRETHOST\r\n\r\nSEEN too\r\n--b;1--\r\n"
    );
    let file = mail("", &parts);
    let report = found(&file, "m.eml");
    let places: Vec<String> =
        report.findings.iter().map(|f| format!("{} {}", f.category.slug(), f.spot.name().en)).collect();
    assert!(places.iter().any(|p| p.starts_with("picture-data a.jpg › ")), "{places:?}");
    assert!(places.iter().any(|p| p.starts_with("comments 本文.html › ")), "{places:?}");
    let out = cleaned(&file, "m.eml", &Wanted::usual());
    assert!(found(&out, "m.eml").is_clean(), "{:#?}", found(&out, "m.eml"));
    assert!(!holds(&out, "SECRETHOST") && holds(&out, "SEEN too"));
    let mut words = String::new();
    kakuzuke_formats::text(&out, Some("m.eml"), &mut |passage| {
        words.push_str(&passage.text);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert!(words.contains("SEEN文") && !words.contains("hidden"), "{words}");
    assert!(holds(&out, &data_encoding::BASE64.encode(&jpeg(&[]))[..40]));
}

#[test]
fn what_is_encrypted_in_a_mail_is_said() {
    let sealed = mail("", "Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nMIIB\r\n");
    assert!(found(&sealed, "m.eml").counts().contains_key(&Category::NotInspected));
}

fn archive(files: &[(&str, &[u8])], comment: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    if !comment.is_empty() {
        zip.set_comment(comment).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_file_of_an_archive_is_cleaned() {
    let inner = archive(&[("深い/図.jpg", &jpeg(&[(0xFE, b"SECRET")]))], "");
    let whole = archive(
        &[
            ("公告.txt", "公告です".as_bytes()),
            ("中.zip", &inner),
            ("m.eml", &mail("X-Host: SECRET\r\n", "\r\nSEEN\r\n")),
            ("__MACOSX/._公告.txt", b"SECRET"),
            (".DS_Store", b"SECRET"),
            ("~$報告.docx", b"SECRET"),
        ],
        "SECRET comment",
    );
    let report = found(&whole, "a.zip");
    let places: Vec<String> = report.findings.iter().map(|f| f.spot.name().en.to_string()).collect();
    assert!(places.iter().any(|place| place.starts_with("中.zip › 深い/図.jpg › ")), "{places:?}");
    let out = cleaned(&whole, "a.zip", &Wanted::usual());
    assert!(found(&out, "a.zip").is_clean(), "{:#?}", found(&out, "a.zip"));
    let mut zip = zip::ZipArchive::new(Cursor::new(out.as_slice())).unwrap();
    let names: Vec<String> = (0..zip.len()).map(|n| zip.by_index(n).unwrap().name().unwrap().into_owned()).collect();
    assert_eq!(names, ["公告.txt", "中.zip", "m.eml"]);
    assert_eq!(zip.comment(), b"");
    let mut text = String::new();
    zip.by_index(0).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "公告です");
    // What needs no change is the same archive.
    let bare = archive(&[("公告.txt", "公告です".as_bytes())], "");
    assert_eq!(cleaned(&bare, "a.zip", &Wanted::usual()), bare);
}

#[test]
fn what_can_not_be_cleaned_in_an_archive_stays_and_is_named() {
    let whole = archive(&[("図面.dwg", b"AC1032 \0\x01\x02"), ("頁.html", b"<html><!-- SECRET --></html>")], "");
    let report = found(&whole, "a.zip");
    let named = |f: &&kakuzuke_formats::Finding| f.category == Category::NotInspected;
    assert_eq!(report.findings.iter().find(named).unwrap().spot.within, ["図面.dwg"]);
    let out = cleaned(&whole, "a.zip", &Wanted::usual());
    assert!(!holds(&out, "SECRET") && holds(&out, "AC1032"));
}

#[test]
fn archives_in_archives_come_to_an_end() {
    let mut nested = archive(&[("a.txt", b"x")], "");
    for _ in 0..40 {
        nested = archive(&[("n.zip", &nested)], "");
    }
    let report = inspect(&nested, Some("n.zip")).unwrap();
    assert!(report.counts().contains_key(&Category::NotInspected));
    // Zeros pack a thousandfold.
    let bomb = archive(&[("z.txt", &vec![b' '; 64 << 20])], "");
    assert!(found(&bomb, "z.zip").counts().contains_key(&Category::NotInspected));
    // An office document is still one, not an archive.
    assert!(!found(&package(&[("a.txt", "x")]), "a.zip").counts().contains_key(&Category::NotInspected));
}
