//! Files of every kind as people have them: labelled, shown, verified, scanned, sealed and given back; and what stands on them
//! that is no label of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};
use kakuzuke_tests::programs::have;
use serde_json::Value;

use super::{names, sample, text};

/// Converts documents in one run of the suite, into the same folder.
fn convert(folder: &Path, to: &str, documents: &[PathBuf]) {
    let profile = tempfile::tempdir().unwrap();
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .args(documents)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn command(officer: &Officer, args: &[&str], path: &Path) -> Said {
    let mut command = officer.command();
    command.args(args).arg(path);
    Said::from(command.output().unwrap())
}

const PAGE: &str =
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>案内</title></head><body>本文</body></html>\n";
const MAIL: &str = "From: a@example.go.jp\r\nTo: b@example.go.jp\r\nSubject: =?UTF-8?B?5qmf5a+G5oCn77yS5oOF5aCx?=\r\n\
                    MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nbody\r\n";

#[test]
fn every_kind_with_a_place_carries_its_label_through_the_day() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    let mut documents = vec![
        text(&folder, "案内.html", PAGE.as_bytes()),
        text(&folder, "連絡.eml", MAIL.as_bytes()),
        text(&folder, "様式.rtf", b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0 x;}}\\pard \\'96\\'7b\\'95\\'b6\\par}"),
    ];
    if have("soffice") {
        for (from, to) in [("docx", "doc"), ("xlsx", "xls"), ("pptx", "ppt")] {
            let source = sample(&folder, from);
            convert(&folder, to, std::slice::from_ref(&source));
            fs::remove_file(&source).unwrap();
            documents.push(source.with_extension(to));
        }
    }
    for path in &documents {
        let before = fs::read(path).unwrap();
        let said = command(&sato, &["label", "--json", "--grade", "C2I1A1", "--restrict", "複製禁止"], path).good();
        let done = &said.json()["items"][0]["done"];
        assert_eq!((&done["form"], &done["not-inside"]), (&"native-label".into(), &Value::Null), "{}", said.out);
        let shown = sato.show(path);
        assert_eq!((&shown["label"]["grade"], &shown["form"]), (&"C2I1A1".into(), &"native-label".into()), "{path:?}");
        assert_eq!(shown["signature"], "valid", "{path:?}");
        command(&sato, &["verify"], path).good();
        // Labelled anew, and sealed: the document comes back as it was labelled, bit for bit.
        command(&sato, &["label", "--grade", "C2I1A1"], path).good();
        assert_eq!(sato.show(path)["label"]["restrictions"], Value::Array(Vec::new()));
        let labelled = fs::read(path).unwrap();
        assert!(labelled != before && labelled.len() < before.len() + 40_000, "{path:?}");
        command(&sato, &["relabel", "--grade", "C3I1A1", "--reason", "機微な内容のため"], path).good();
        // A mail stays a mail; the others have no cover of their own.
        let is_mail = path.extension().is_some_and(|ending| ending == "eml");
        let sealed = if is_mail { path.clone() } else { PathBuf::from(format!("{}.kkz", path.display())) };
        assert_eq!(sato.show(&sealed)["label"]["grade"], "C3I1A1");
        let out = folder.join("開いた");
        sato.open(&sealed, &out).good();
        assert!(fs::read(&out).unwrap() == labelled, "{path:?}");
        fs::remove_file(&sealed).unwrap();
        fs::rename(&out, path).unwrap();
    }
    let scanned = command(&sato, &["scan", "--json"], &folder).good().json();
    let grades = scanned.to_string();
    assert!(grades.contains("C2"), "{grades}");
}

#[test]
fn what_can_not_hold_a_label_says_why_and_is_signed_beside_it() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    let files = [
        text(&folder, "一覧.csv", "氏名,件数\n".as_bytes()),
        text(&folder, "設定.json", b"{\"a\": 1}"),
        text(&folder, "配布.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        text(&folder, "図面.xdw", b"\x60\x0E\x82\x01\0\0\0\0\0\x0D\0\0"),
        // A name proves nothing.
        text(&folder, "実は文章.doc", "本文です。\n".as_bytes()),
    ];
    for path in &files {
        let said = command(&sato, &["label", "--json", "--grade", "C1I1A1"], path).good();
        let done = &said.json()["items"][0]["done"];
        assert_eq!(done["form"], "detached", "{path:?}");
        assert!(done["not-inside"]["ja"].as_str().unwrap().contains("kkzsig"), "{path:?} {done}");
        assert_eq!(sato.show(path)["label"]["grade"], "C1I1A1");
        command(&sato, &["verify"], path).good();
    }
    let path = text(&folder, "手順.md", "# 手順\n".as_bytes());
    let said = command(&sato, &["--lang", "ja", "label", "--grade", "C1I1A1"], &path).good();
    assert!(said.out.contains("文書の中には書き込んでいません"), "{}", said.out);
    // 完全性２ lies beside the document because it covers it: there is nothing to explain.
    let page = text(&folder, "公表.html", PAGE.as_bytes());
    let said = command(&sato, &["label", "--json", "--grade", "C1I2A1"], &page).good();
    let done = &said.json()["items"][0]["done"];
    assert_eq!((&done["form"], &done["not-inside"]), (&"detached".into(), &Value::Null));
}

const GUID: &str = "2e8f6f9d-1111-2222-3333-444455556666";
const SITE: &str = "aaaaaaaa-1111-2222-3333-444455556666";

fn foreign_mail() -> String {
    let list = format!(
        "MSIP_Label_{GUID}_Enabled=true; MSIP_Label_{GUID}_SiteId={SITE};\r\n MSIP_Label_{GUID}_Name=Confidential"
    );
    MAIL.replace("MIME-Version", &format!("msip_labels: {list}\r\nMIME-Version"))
}

#[test]
fn labels_of_other_schemes_are_shown_and_raise_what_is_suggested() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    let mail =
        text(&folder, "外部.eml", foreign_mail().replace("=?UTF-8?B?5qmf5a+G5oCn77yS5oOF5aCx?=", "hello").as_bytes());
    let mapping = |rows: &str| text(&folder, "対応.toml", format!("version = 1\n{rows}").as_bytes());
    let row = |grade: &str| {
        format!(
            "[[label]]\nscheme = \"msip\"\nid = \"{GUID}\"\ntenant = \"{SITE}\"\ngrade = \"{grade}\"\nrestrict = [\"複製禁止\"]\n"
        )
    };
    // Without a mapping, and without a profile: what it is, and that nobody said what it stands for.
    let mut alone = sato.command();
    alone.args(["--lang", "ja", "--profile", "/nowhere", "show"]).arg(&mail);
    let said = Said::from(alone.output().unwrap()).refused(exit::NOT_PROTECTED);
    assert!(
        said.out.contains("Microsoft 秘密度ラベル「Confidential」") && said.out.contains("対応表にありません"),
        "{}",
        said.out
    );
    let with = |command_name: &str, table: &Path| {
        command(&sato, &[command_name, "--json", "--mapping", table.to_str().unwrap()], &mail)
    };
    let table = mapping(&row("機密性３情報"));
    let shown = with("show", &table).refused(exit::NOT_PROTECTED).json();
    let label = &shown["hints"]["other-labels"][0];
    assert_eq!((&label["id"], &label["site"]), (&GUID.into(), &SITE.into()), "{shown:#}");
    assert_eq!(label["stands-for"], "機密性３情報　複製禁止");
    let suggested = with("suggest", &table).good().json();
    let done = &suggested["items"][0]["done"];
    assert_eq!(done["grade"], "C3I1A1", "{suggested:#}");
    assert!(done["restrictions"].as_array().unwrap().contains(&"複製禁止".into()));
    assert!(done["found"].as_array().unwrap().iter().any(|seen| seen["detector"] == "other-label"));
    // A mapping never lowers: not below what would be suggested without it.
    let plain = command(&sato, &["suggest", "--json"], &mail).good().json();
    let lowered = with("suggest", &mapping(&row("機密性１情報"))).good().json();
    assert_eq!(lowered["items"][0]["done"]["grade"], plain["items"][0]["done"]["grade"]);
    // In the profile it is found without being named; one that is not understood is an error that names the place.
    fs::copy(mapping(&row("機密性３情報")), sato.profile.join("mapping.toml")).unwrap();
    assert_eq!(command(&sato, &["suggest", "--json"], &mail).good().json()["items"][0]["done"]["grade"], "C3I1A1");
    let said = with("show", &mapping(&row("機密性９情報"))).refused(2);
    assert!(said.err.contains(GUID) || said.out.contains(GUID), "{} {}", said.out, said.err);
}

#[test]
fn labelled_files_in_an_archive_are_named_and_counted() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    let inner = sample(&folder, "docx");
    let page = text(&folder, "案内.html", PAGE.as_bytes());
    command(&sato, &["label", "--grade", "C2I1A1"], &inner).good();
    sato.protect(&page, "C3I1A1", &[]).good();
    let zipped = |files: &[(&str, Vec<u8>)]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut archive, bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let deep = zipped(&[("案内.html.kkz", fs::read(folder.join("案内.html.kkz")).unwrap())]);
    let file = zipped(&[("a.docx", fs::read(&inner).unwrap()), ("b.txt", b"text".to_vec()), ("c.zip", deep)]);
    let path = text(&folder, "一式.zip", &file);
    let shown = command(&sato, &["show", "--json"], &path).refused(exit::NOT_PROTECTED).json();
    let hints = &shown["hints"];
    assert_eq!(hints["files"], 4, "{shown:#}");
    let inside = hints["inside"].as_array().unwrap();
    assert_eq!(inside.len(), 2, "{shown:#}");
    assert!(inside[0]["header"].as_str().unwrap().starts_with("機密性２情報"));
    assert_eq!((&inside[1]["within"][1], &inside[1]["header"]), (&"案内.html.kkz".into(), &Value::Null));
    // A scan counts them, and says that the archive holds more than it says of itself; also when it looks at labels only.
    let share = agency.place("書庫");
    let archive = share.join("一式.zip");
    fs::rename(&path, &archive).unwrap();
    for rest in [&["--labels-only"][..], &[]] {
        let tally = command(&sato, &[&["scan", "--json"], rest].concat(), &share).good().json();
        let counted = (&tally["files"], &tally["labelled-inside"], &tally["protected-inside"]);
        assert_eq!(counted, (&1.into(), &1.into(), &1.into()), "{tally:#}");
        assert_eq!(tally["doubts"]["exposed"]["files"], 1, "{tally:#}");
    }
    // With a lower grade than what is in it.
    command(&sato, &["label", "--grade", "C1I1A1"], &archive).good();
    let tally = command(&sato, &["scan", "--json"], &share).good().json();
    assert_eq!(tally["doubts"]["too-low"]["files"], 1, "{tally:#}");
}

/// Flat OpenDocument files whose pages have a marking in their header.
fn marked_sources(folder: &Path) -> Vec<PathBuf> {
    const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
        xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
        xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\"";
    let flat = |kind: &str, layout: &str, master: &str, body: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document {SPACES} office:version=\"1.2\" \
             office:mimetype=\"application/vnd.oasis.opendocument.{kind}\"><office:automatic-styles>\
             <style:page-layout style:name=\"P\"><style:page-layout-properties fo:page-width=\"21cm\" fo:page-height=\"29.7cm\"/>{layout}\
             </style:page-layout></office:automatic-styles><office:master-styles>{master}</office:master-styles>\
             <office:body>{body}</office:body></office:document>"
        )
    };
    let header = "<style:header-style><style:header-footer-properties fo:min-height=\"1cm\"/></style:header-style>";
    let line = "<text:p>機密性２情報　複製禁止</text:p>";
    let master = |content: &str| {
        format!("<style:master-page style:name=\"Default\" style:page-layout-name=\"P\">{content}</style:master-page>")
    };
    let standard = format!(
        "<style:master-page style:name=\"Standard\" style:page-layout-name=\"P\"><style:header>{line}</style:header></style:master-page>"
    );
    let written = flat("text", header, &standard, "<office:text><text:p>本文です。</text:p></office:text>");
    let sheet = flat(
        "spreadsheet",
        header,
        &master(&format!("<style:header>{line}</style:header>")),
        "<office:spreadsheet><table:table table:name=\"表\"><table:table-row><table:table-cell office:value-type=\"string\">\
         <text:p>値</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>",
    );
    let frame = format!(
        "<draw:frame svg:x=\"12cm\" svg:y=\"0.5cm\" svg:width=\"8cm\" svg:height=\"1cm\"><draw:text-box>{line}</draw:text-box></draw:frame>"
    );
    let show = flat(
        "presentation",
        "",
        &master(""),
        &format!(
            "<office:presentation><draw:page draw:name=\"1\" draw:master-page-name=\"Default\">{frame}</draw:page></office:presentation>"
        ),
    );
    [("a.fodt", written), ("b.fods", sheet), ("c.fodp", show)]
        .map(|(name, content)| text(folder, name, content.as_bytes()))
        .to_vec()
}

/// What `labeler show` says is typed on a file that bears no label.
fn typed(officer: &Officer, path: &Path) -> Vec<String> {
    let shown = command(officer, &["show", "--json"], path).refused(exit::NOT_PROTECTED).json();
    let markings = shown["hints"]["markings"].as_array().cloned().unwrap_or_default();
    markings.iter().map(|mark| mark["written"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn markings_in_the_margins_of_every_kind_of_document_are_read() {
    if !have("soffice") {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    let sources = marked_sources(&folder);
    let targets: [&[&str]; 3] =
        [&["odt", "docx", "doc", "rtf", "pdf"], &["ods", "xlsx", "xls", "pdf"], &["odp", "pptx", "ppt", "pdf"]];
    for (source, targets) in sources.iter().zip(targets) {
        for to in targets {
            convert(&folder, to, std::slice::from_ref(source));
            let marks = typed(&sato, &source.with_extension(to));
            assert!(marks.iter().any(|mark| mark.contains("機密性２")), "{source:?} as {to}: {marks:?}");
        }
    }
}

#[test]
fn markings_in_names_subjects_and_texts_of_every_encoding_are_read() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("共有");
    let plain = "本文です。特に表示はありません。\n";
    for name in [
        "【C2I2A1】予算案.txt",
        "【機密性２】予算案.txt",
        "【機２】予算案.txt",
        "（機密性2）予算案.txt",
        "(機密性2)予算案.txt",
        "予算案_機密性２情報.txt",
        "C2I2A1_予算案.txt",
        "予算案（総務課限り）.txt",
        "【関係者限り】予算案.txt",
    ] {
        let path = text(&folder, name, plain.as_bytes());
        assert!(!typed(&sato, &path).is_empty(), "{name}");
    }
    let line = "機密性２情報　複製禁止\r\n\r\n本文です。会議の資料を送付します。御確認ください。\r\n";
    let encodings = [encoding_rs::UTF_8, encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP];
    for encoding in encodings {
        let path = text(&folder, &format!("{}.txt", encoding.name()), &encoding.encode(line).0);
        assert!(typed(&sato, &path).iter().any(|mark| mark.contains("機密性２")), "{}", encoding.name());
        let page = "<html><head><title>a</title></head><body><p>機密性２情報</p><p>本文です。</p></body></html>";
        let path = text(&folder, &format!("{}.html", encoding.name()), &encoding.encode(page).0);
        assert!(typed(&sato, &path).iter().any(|mark| mark.contains("機密性２")), "{}", encoding.name());
    }
    for (name, bytes) in [("le", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("be", u16::to_be_bytes)] {
        let wide: Vec<u8> = std::iter::once(0xFEFF).chain(line.encode_utf16()).flat_map(bytes).collect();
        assert!(!typed(&sato, &text(&folder, &format!("{name}.txt"), &wide)).is_empty(), "{name}");
    }
    let subjects = [
        ("utf8.eml", "=?UTF-8?B?5qmf5a+G5oCn77yS5oOF5aCx?=".to_owned()),
        (
            "jis.eml",
            format!(
                "=?ISO-2022-JP?B?{}?=",
                data_encoding::BASE64.encode(&encoding_rs::ISO_2022_JP.encode("【機密性２】会議資料").0)
            ),
        ),
    ];
    for (name, subject) in subjects {
        let mail = MAIL.replace("=?UTF-8?B?5qmf5a+G5oCn77yS5oOF5aCx?=", &subject);
        let marks = typed(&sato, &text(&folder, name, mail.as_bytes()));
        assert!(marks.iter().any(|mark| mark.contains("機密性２")), "{name}: {marks:?}");
    }
    // What stands in the midst of a sentence is none.
    let path = text(&folder, "説明.txt", "この文書は、機密性２情報の扱い方を説明するものである。\n".as_bytes());
    assert_eq!(typed(&sato, &path), Vec::<String>::new());
    assert!(!names(&folder).iter().any(|name| name.ends_with("kkzsig")));
}

#[test]
fn what_can_be_done_is_told_by_kind() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let kinds = sato.labeler(["formats", "--json"]).good().json();
    let of = |kind: &str| kinds.as_array().unwrap().iter().find(|row| row["kind"] == kind).cloned().unwrap();
    assert_eq!(of("doc")["abilities"]["label"]["can"], "yes");
    assert_eq!(of("docx")["abilities"]["wrap"]["can"], "yes");
    assert_eq!(of("msg")["abilities"]["label"]["can"], "partly");
    assert_eq!(of("txt")["abilities"]["label"]["can"], "no");
    assert!(of("txt")["abilities"]["label"]["why"]["ja"].as_str().unwrap().contains("kkzsig"));
    for lang in ["ja", "en"] {
        let said = sato.labeler(["--lang", lang, "formats"]).good();
        assert!(said.out.contains("doc") && said.out.contains('×'), "{}", said.out);
    }
}
