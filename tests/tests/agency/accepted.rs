//! What is hidden in documents that leave is answered for one by one, and what leaves is what was looked at.

use std::fs;
use std::path::{Path, PathBuf};

use kakuzuke_tests::agency::{Agency, Officer, exit};
use serde_json::{Value, json};

use super::send::{ITO, Office, send};
use super::takeout::{medium, take};
use super::{holds, names, text};

/// A page for anybody, with these lines hidden in it.
fn page(officer: &Officer, place: &Path, name: &str, hidden: &str) -> PathBuf {
    let page = format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>案内</title>{hidden}</head><body>本文</body></html>\n"
    );
    let path = text(place, name, page.as_bytes());
    officer.labeler(["label", path.to_str().unwrap(), "--grade", "C1I1A1"]).good();
    path
}

const REMARK: &str = "<!-- 内部の検討 -->";
const AUTHOR: &str = "<meta name=\"author\" content=\"佐藤\">";

#[test]
fn each_document_is_answered_for_and_the_ledger_says_how() {
    let office = Office::open();
    let (agency, sato) = (&office.agency, &office.sato);
    let place = agency.place("文書");
    let (a, b) = (page(sato, &place, "a.html", REMARK), page(sato, &place, "b.html", &format!("{REMARK}{AUTHOR}")));
    let mail = |name: &str| agency.place("送信").join(name);
    let accept = |words: &[&'static str]| words.iter().flat_map(|word| ["--accept", *word]).collect::<Vec<_>>();
    let refused = |words: &[&'static str], code: i32, expected: &[&str]| {
        let said = send(sato, &[&a, &b], &[ITO], &mail("x"), &accept(words)).refused(code);
        for word in expected {
            assert!(said.out.contains(word) || said.err.contains(word), "{word}: {} {}", said.out, said.err);
        }
        assert!(!mail("x").exists());
    };
    refused(&[], exit::HIDDEN_DATA, &["[comments] 1", "3.1.1(5)(d)"]);
    // One reason covers one document, and no finding but its own.
    let both = ["a.html", "b.html", "--accept 'b.html:comments=", "'*:comments="];
    refused(&["comments=確認済み"], exit::HIDDEN_DATA, &both);
    refused(&["a.html:comments=確認済み", "authors=公表済み"], exit::HIDDEN_DATA, &["[comments] 1"]);
    refused(&["*:comments=確認済み"], exit::HIDDEN_DATA, &["[authors] 1"]);
    refused(&["確認済み"], exit::USAGE, &["comments"]);
    refused(&["c.html:comments=確認済み"], exit::USAGE, &["c.html"]);
    refused(&["*:comments=一", "*:comments=二"], exit::USAGE, &[]);
    let own = accept(&["a.html:comments=甲の理由", "b.html:comments=乙の理由", "authors=公表済み"]);
    let sent = send(sato, &[&a, &b], &[ITO], &mail("1"), &own).good().json();
    let number = sent["ledger"].to_string();
    let kept = |number: &str| {
        let said = sato.labeler(["recall", "--number", number, "--reason", "x", "--json"]).good().json();
        let documents = said["report"]["departures"][0]["documents"].as_array().unwrap().clone();
        documents.iter().map(|document| document["accepted"].clone()).collect::<Vec<Value>>()
    };
    let one =
        |slug: &str, name: &str, reason: &str| json!({ "category": slug, "name": name, "count": 1, "reason": reason });
    let remark = |reason: &str| one("comments", "コメント・注釈", reason);
    let author = one("authors", "作成者・所属", "公表済み");
    assert_eq!(kept(&number), [json!([remark("甲の理由")]), json!([author, remark("乙の理由")])]);
    assert_eq!(sent["accepted"][1]["accepted"].as_array().unwrap().len(), 2);
    let logged = "隠れた情報を認める：作成者・所属[authors] 1 件（公表済み）、隠れた情報を認める：コメント・注釈[comments] 1 件（乙の理由）";
    assert!(holds(&agency.server_dir(), logged.as_bytes()).is_some(), "the log says it of the document it is about");
    // Of one document the kind alone says enough; the same for all is said to be for all.
    send(sato, &[&a], &[ITO], &mail("2"), &accept(&["comments=確認済み"])).good();
    let usb = medium(agency, sato, &office.suzuki, "USB-1", &[]);
    take(sato, &b, "USB-1", &usb, &accept(&["comments=確認済み"])).refused(exit::HIDDEN_DATA);
    let mut command = sato.command();
    command.arg("takeout").args([&a, &b]).args(["--media", "USB-1", "--purpose", "出張", "--json", "--at"]).arg(&usb);
    let said = command.args(accept(&["*:comments=同じ理由", "b.html:authors=公表済み"])).output().unwrap();
    let taken = kakuzuke_tests::agency::Said::from(said).good().json();
    let author = one("authors", "作成者・所属", "公表済み");
    let all = [json!([remark("同じ理由")]), json!([author, remark("同じ理由")])];
    assert_eq!(kept(&taken["ledger"].to_string()), all);
    // An earlier record, and the server started anew, read the same.
    assert_eq!(kept(&number).len(), 2);
}

#[test]
fn what_is_changed_after_it_was_looked_at_does_not_leave() {
    let mut agency = Agency::open();
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let place = agency.place("文書");
    let usb = medium(&agency, &sato, &suzuki, "USB-1", &[]);
    let before = names(&usb);
    let (written, replaced, other) =
        (page(&sato, &place, "a.html", ""), page(&sato, &place, "b.html", ""), page(&sato, &place, "c.html", REMARK));
    agency.stop();
    // While the server is asked, which is after the inspection: written to, and replaced by another with the same time and size.
    let (to_write, to_replace) = (written.clone(), replaced.clone());
    let mut calls = 0;
    agency.start_behind(move || {
        calls += 1;
        let hidden = fs::read(&other).unwrap();
        match calls {
            1 => fs::write(&to_write, hidden).unwrap(),
            2 => {
                let draft = to_replace.with_extension("draft");
                let mut bytes = fs::read(&to_replace).unwrap();
                bytes.iter_mut().filter(|b| **b == b'\n').for_each(|b| *b = b' ');
                fs::write(&draft, bytes).unwrap();
                let time = fs::metadata(&to_replace).unwrap().modified().unwrap();
                fs::File::options().write(true).open(&draft).unwrap().set_modified(time).unwrap();
                fs::rename(&draft, &to_replace).unwrap();
            }
            _ => {}
        }
    });
    for path in [&written, &replaced] {
        let was = fs::read(path).unwrap();
        take(&sato, path, "USB-1", &usb, &[]).refused(exit::CONFLICT);
        assert_ne!(fs::read(path).unwrap(), was, "it was changed while the server was asked");
        assert_eq!(names(&usb), before, "nothing of it stays");
    }
    // As it lies there now it leaves.
    take(&sato, &replaced, "USB-1", &usb, &[]).good();
    assert_eq!(fs::read(usb.join("b.html")).unwrap(), fs::read(&replaced).unwrap());
}

#[test]
fn a_label_moved_to_another_document_is_refused_or_said_to_be_unbound() {
    let office = Office::open();
    let (agency, sato, suzuki) = (&office.agency, &office.sato, &office.suzuki);
    let place = agency.place("文書");
    // Within a document: the signed label is valid wherever it stands, so whoever gives the document away is told whose it is.
    let open = page(sato, &place, "案内.html", "");
    let moved = text(&place, "内部.html", fs::read_to_string(&open).unwrap().replace("本文", "内部の情報").as_bytes());
    let told = |out: &str| {
        for words in ["does not reach the content", "佐藤", "integrity 2"] {
            assert!(out.contains(words), "{words}: {out}");
        }
    };
    let out = agency.place("公表").join("p.html");
    let (path, copy) = (moved.to_str().unwrap(), out.to_str().unwrap());
    told(&suzuki.labeler(["publish", path, "-o", copy]).good().out);
    let mail = agency.place("送信").join("m.eml");
    let args = ["send", path, "--to", ITO, "--purpose", "照会", "-o", mail.to_str().unwrap()];
    told(&suzuki.labeler(args).good().out);
    let usb = medium(agency, sato, suzuki, "USB-1", &[]);
    let taken = take(suzuki, &moved, "USB-1", &usb, &[]).good().json();
    assert!(taken["notes"].to_string().contains("内容に及ばず"), "{taken}");
    // Where the content is signed, beside it, it is bound, and nothing has to be told.
    let signed = text(&place, "公表.txt", "公表".as_bytes());
    sato.labeler(["label", signed.to_str().unwrap(), "--grade", "C1I2A1"]).good();
    let said = suzuki.labeler(["publish", signed.to_str().unwrap(), "-o", &format!("{copy}.txt")]).good();
    assert!(!said.out.contains("reach the content"), "{}", said.out);
    let other = text(&place, "内部.txt", "内部の情報".as_bytes());
    fs::copy(place.join("公表.txt.kkzsig"), place.join("内部.txt.kkzsig")).unwrap();
    assert_ne!(suzuki.labeler(["publish", other.to_str().unwrap(), "-o", &format!("{copy}.2")]).code, 0);
    assert_ne!(send(suzuki, &[&other], &[ITO], &mail.with_extension("2"), &[]).code, 0);
    assert_ne!(take(suzuki, &other, "USB-1", &usb, &[]).code, 0);
    assert!(!mail.with_extension("2").exists() && !names(&usb).contains(&"内部.txt".to_owned()));
}
