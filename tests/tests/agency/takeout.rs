//! Documents on media and on paper: registered media only, numbered prints only, and both found again.

use std::fs;
use std::path::Path;
use std::process::Command;

use kakuzuke_formats::{Ability, Can, Kind, can};
use kakuzuke_tests::agency::{Agency, Officer, Said, exit};
use kakuzuke_tests::programs::have;

use super::send::number;
use super::{sample, text};

const SYSTEM: &str = "情報システムセキュリティ責任者";
const SECTION: &str = "課室情報セキュリティ責任者";
const OTHER: [&str; 6] = ["--name", "田中", "--role", "officer", "--unit", "会計課"];

/// Registers a medium kept by sato, and marks a folder as it.
pub(super) fn medium(agency: &Agency, sato: &Officer, suzuki: &Officer, id: &str, rest: &[&str]) -> std::path::PathBuf {
    let args = ["media", "add", id, "--what", "USBメモリ", "--keeper", "sato", "--reason", "配備", "--json"];
    let asked = number(sato.labeler([&args[..], rest].concat()));
    sato.labeler(["approve", &asked]).refused(exit::DENIED);
    let at = agency.place(id);
    // Not before somebody else has agreed.
    assert_ne!(sato.labeler(["media", "mark", id, "--at", at.to_str().unwrap()]).code, 0);
    suzuki.labeler(["approve", &asked]).good();
    sato.labeler(["media", "mark", id, "--at", at.to_str().unwrap()]).good();
    at
}

pub(super) fn take(officer: &Officer, path: &Path, id: &str, at: &Path, rest: &[&str]) -> Said {
    let mut command = officer.command();
    command.arg("takeout").arg(path).args(["--media", id, "--purpose", "出張", "--json", "--at"]).arg(at).args(rest);
    command.output().unwrap().into()
}

#[test]
fn documents_leave_on_registered_media_only_and_are_ticked_off() {
    let agency = Agency::open();
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let tanaka = agency.enrol("tanaka", &OTHER);
    let place = agency.place("文書");
    let path = text(&place, "a.txt", b"text");
    let usb = medium(&agency, &sato, &suzuki, "USB-1", &[]);
    // Protected first.
    take(&sato, &path, "USB-1", &usb, &[]).refused(exit::NOT_PROTECTED);
    sato.protect(&path, "C2I1A1", &[]).good();
    let path = place.join("a.txt.kkz");
    // A folder without a mark, another's mark, a forged one, and an earlier one are no medium.
    let bare = agency.place("裸");
    take(&sato, &path, "USB-1", &bare, &[]).refused(exit::DENIED);
    let second = medium(&agency, &sato, &suzuki, "USB-2", &[]);
    take(&sato, &path, "USB-1", &second, &[]).refused(exit::DENIED);
    let mark = ".kakuzuke-medium";
    let mut forged = fs::read(usb.join(mark)).unwrap();
    let at = forged.windows(5).position(|w| w == b"USB-1").unwrap();
    forged[at + 4] = b'2';
    fs::write(bare.join(mark), &forged).unwrap();
    take(&sato, &path, "USB-2", &bare, &[]).refused(exit::SIGNATURE);
    let earlier = fs::read(second.join(mark)).unwrap();
    sato.labeler(["media", "mark", "USB-2", "--at", second.to_str().unwrap()]).good();
    fs::write(second.join(mark), earlier).unwrap();
    let said = take(&sato, &path, "USB-2", &second, &[]).refused(exit::DENIED);
    assert!(said.out.contains("3.1.1(4)(e)"), "{}", said.out);
    // Whose section it was not supplied to.
    let theirs = text(&agency.place("他"), "b.txt", b"text");
    tanaka.protect(&theirs, "C2I1A1", &[]).good();
    let said = take(&tanaka, &theirs.with_file_name("b.txt.kkz"), "USB-1", &usb, &[]).refused(exit::DENIED);
    assert!(said.out.contains("8.1.1(1)(d)(ア)"), "{}", said.out);
    assert_eq!(super::names(&usb), [mark], "nothing was written");
    let taken = take(&sato, &path, "USB-1", &usb, &[]).good().json();
    assert_eq!(fs::read(usb.join("a.txt.kkz")).unwrap(), fs::read(&path).unwrap());
    take(&sato, &path, "USB-1", &usb, &[]).refused(exit::CONFLICT);
    // Ticked off by whoever took it, when nothing is left.
    let ledger = taken["ledger"].to_string();
    assert!(sato.labeler(["takeout", "--list"]).good().out.contains("USB-1"));
    assert_eq!(sato.labeler(["takeout", "--overdue", "--json"]).good().json().as_array().unwrap().len(), 0);
    assert_ne!(sato.labeler(["media", "return", "USB-1", "--reason", "x"]).code, 0, "something is still out on it");
    let back = ["takeout", "--return", &ledger, "--at", usb.to_str().unwrap()];
    sato.labeler(back).refused(exit::CONFLICT);
    fs::rename(usb.join("a.txt.kkz"), usb.join("other")).unwrap();
    sato.labeler(back).refused(exit::CONFLICT);
    fs::remove_file(usb.join("other")).unwrap();
    assert_ne!(tanaka.labeler(back).code, 0);
    sato.labeler(back).good();
    // What bears its label, as it must, has nothing hidden for that.
    let page =
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>案内</title></head><body>本文</body></html>\n";
    let page = text(&agency.place("公開"), "案内.html", page.as_bytes());
    sato.labeler(["label", page.to_str().unwrap(), "--grade", "C1I1A1"]).good();
    take(&sato, &page, "USB-1", &usb, &[]).good();
    fs::remove_file(usb.join("案内.html")).unwrap();
    sato.labeler(["takeout", "--return", "2", "--at", usb.to_str().unwrap()]).good();
    sato.labeler(["media", "return", "USB-1", "--reason", "更新"]).good();
    take(&sato, &path, "USB-1", &usb, &[]).refused(exit::DENIED);
}

#[test]
fn printing_fetches_nothing_that_a_document_names() {
    if !have("soffice") || matches!(can(Kind::Pdf, Ability::Mark), Can::No(_)) {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = elsewhere.local_addr().unwrap();
    let flat = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
         xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.2\" \
         office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:body><office:text><text:p>本文<draw:frame \
         text:anchor-type=\"paragraph\" svg:width=\"3cm\" svg:height=\"3cm\"><draw:image xlink:href=\"http://{address}/beacon.png\" \
         xlink:type=\"simple\"/></draw:frame></text:p></office:text></office:body></office:document>"
    );
    let path = text(&agency.place("文書"), "案.fodt", flat.as_bytes());
    sato.protect(&path, "C2I1A1", &[]).good();
    let mut print = sato.command();
    print.arg("print").arg(path.with_file_name("案.fodt.kkz")).args(["--for", "甲", "--purpose", "会議", "-o"]);
    Said::from(print.arg(agency.place("印刷").join("p.pdf")).output().unwrap()).good();
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "the picture was asked for");
}

#[test]
fn what_needs_permission_leaves_with_it_and_received_media_go_back_where_they_came_from() {
    let agency = Agency::open();
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let post = |unit, post| ["--name", "責", "--role", "officer", "--unit", unit, "--post", post];
    let system = agency.enrol("system", &post("情報課", SYSTEM));
    let section = agency.enrol("section", &post("総務課", SECTION));
    let place = agency.place("文書");
    let usb = medium(&agency, &sato, &suzuki, "USB-1", &[]);
    let protected = |name: &str, grade: &str, restrictions: &[&str]| {
        let path = text(&place, name, b"text");
        sato.protect(&path, grade, restrictions).good();
        place.join(format!("{name}.kkz"))
    };
    let secret = protected("c3.txt", "C3I1A1", &[]);
    let said = take(&sato, &secret, "USB-1", &usb, &[]).refused(exit::DENIED);
    assert!(said.out.contains("3.1.1(4)(b)") && said.out.contains("8.1.1(3)(k)"), "{}", said.out);
    let asked =
        number(sato.labeler(["request", secret.to_str().unwrap(), "--kind", "take-out", "--reason", "x", "--json"]));
    section.labeler(["approve", &asked]).good();
    take(&sato, &secret, "USB-1", &usb, &[]).refused(exit::DENIED);
    system.labeler(["approve", &asked]).good();
    take(&sato, &secret, "USB-1", &usb, &[]).good();
    // 持出禁止 leaves for nobody, nor for its decider.
    let kept = protected("k.txt", "C2I1A1", &["持出禁止"]);
    take(&sato, &kept, "USB-1", &usb, &[]).refused(exit::DENIED);
    // A received medium carries between the two only.
    let received = medium(&agency, &sato, &suzuki, "EXT-1", &["--from", "○○社"]);
    let path = protected("p.txt", "C2I1A1", &[]);
    let said = take(&sato, &path, "EXT-1", &received, &[]).refused(exit::DENIED);
    assert!(said.out.contains("8.1.1(1)(d)(イ)"), "{}", said.out);
    take(&sato, &path, "EXT-1", &received, &["--with", "△△社"]).refused(exit::DENIED);
    take(&sato, &path, "EXT-1", &received, &["--with", "○○社"]).good();
    // What lies in clear is for anybody's eyes, not for anybody's giving: its restrictions hold on a medium as in a mail.
    let page = |name: &str, restriction: &str| {
        let page =
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>案</title></head><body>本文</body></html>\n";
        let path = text(&agency.place("公開"), name, page.as_bytes());
        suzuki.labeler(["label", path.to_str().unwrap(), "--grade", "C1I1A1", "--restrict", restriction]).good();
        path
    };
    for (name, restriction) in [("d.html", "配布禁止"), ("e.html", "複製禁止"), ("f.html", "転送要許可")] {
        let path = page(name, restriction);
        let said = take(&sato, &path, "USB-1", &usb, &[]).refused(exit::DENIED);
        assert!(said.out.contains("3.1.1("), "{}", said.out);
        take(&suzuki, &path, "USB-1", &usb, &[]).good();
    }
    // Sealed, it may be carried for one's own work, and not given to others.
    let bound = text(&place, "g.txt", b"text");
    suzuki.protect(&bound, "C2I1A1", &["配布禁止"]).good();
    let bound = place.join("g.txt.kkz");
    take(&sato, &bound, "USB-1", &usb, &[]).good();
    take(&sato, &bound, "EXT-1", &received, &["--with", "○○社"]).refused(exit::DENIED);
    // Lost: everything on it is stopped for everybody, and who opened it is told.
    suzuki.open(&path, &agency.place("o").join("1")).good();
    let report = agency.place("報告").join("r.txt");
    let lost =
        ["media", "lost", "EXT-1", "--reason", "電車に置き忘れた", "--report", report.to_str().unwrap(), "--json"];
    let tanaka = agency.enrol("tanaka", &OTHER);
    tanaka.labeler(lost).refused(exit::DENIED);
    let said = sato.labeler(lost).good().json();
    assert_eq!(said["report"]["suspended"].as_array().unwrap().len(), 1, "{said}");
    assert!(said["report"]["openings"].to_string().contains("suzuki"));
    assert!(fs::read_to_string(&report).unwrap().contains("電車に置き忘れた"));
    suzuki.open(&path, &agency.place("o").join("2")).refused(exit::DENIED);
    take(&sato, &path, "EXT-1", &received, &["--with", "○○社"]).refused(exit::DENIED);
    assert!(sato.labeler(["media", "list"]).good().out.contains("LOST"));
}

#[test]
fn prints_are_numbered_permitted_and_ticked_off() {
    if !(have("soffice") && have("pdftotext")) {
        return;
    }
    let agency = Agency::open();
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let place = agency.place("文書");
    let docx = sample(&place, "docx");
    sato.protect(&docx, "C2I2A1", &["印刷要許可", "複製禁止", "2030年3月31日まで保存"]).good();
    let out = agency.place("印刷");
    let print = |officer: &Officer| -> Said {
        let mut command = officer.command();
        command.arg("print").arg(&docx).args(["--for", "甲", "--for", "乙", "--purpose", "会議", "--json", "-o"]);
        command.arg(out.join("p.pdf")).output().unwrap().into()
    };
    let said = print(&suzuki).refused(exit::DENIED);
    assert!(said.out.contains("3.1.1(4)(a)") && super::names(&out).is_empty(), "{}", said.out);
    let asked = ["request", docx.to_str().unwrap(), "--kind", "print", "--reason", "会議", "--json"];
    let asked = number(suzuki.labeler(asked));
    sato.labeler(["approve", &asked]).good();
    if matches!(can(Kind::Pdf, Ability::Mark), Can::No(_)) {
        // What can't be marked is not printed, and the ledger does not say that it was.
        print(&suzuki).refused(exit::UNSUPPORTED);
        assert!(super::names(&out).is_empty());
        assert_eq!(suzuki.labeler(["prints", "list", "--json"]).good().json(), serde_json::json!([]));
        return;
    }
    let ledger = print(&suzuki).good().json()["ledger"].to_string();
    assert_eq!(super::names(&out), ["p-1.pdf", "p-2.pdf"]);
    for (file, number, holder) in [("p-1.pdf", "第1号", "甲"), ("p-2.pdf", "第2号", "乙")] {
        let shown = Command::new("pdftotext").arg(out.join(file)).arg("-").output().unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).replace([' ', '\n', '　'], "");
        for words in ["機密性２情報", "複製禁止", number, holder, "鈴木"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        // Paper has no other grade.
        assert!(!shown.contains("完全性２") && !shown.contains("まで保存"), "{shown}");
    }
    // Nothing of the plaintext is left in the temporary places.
    let left = |folder: &str| {
        let names = fs::read_dir(folder).unwrap().flatten();
        names.filter(|e| e.file_name().to_string_lossy().starts_with(".kakuzuke-print-")).count()
    };
    assert_eq!(left("/tmp") + if Path::new("/dev/shm").is_dir() { left("/dev/shm") } else { 0 }, 0);
    let tanaka = agency.enrol("tanaka", &OTHER);
    assert_ne!(tanaka.labeler(["prints", "shred", &ledger, "1"]).code, 0);
    suzuki.labeler(["prints", "collect", &ledger, "1"]).good();
    suzuki.labeler(["prints", "shred", &ledger, "1", "2"]).good();
    suzuki.labeler(["prints", "shred", &ledger, "1"]).refused(exit::CONFLICT);
    suzuki.labeler(["prints", "collect", &ledger, "3"]).refused(exit::CONFLICT);
    assert!(suzuki.labeler(["prints", "list"]).good().out.contains("shredded"));
}
