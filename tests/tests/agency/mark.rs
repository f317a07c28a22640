//! The label on every page: written in the same step as the label, replaced with it, taken off without a trace.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kakuzuke_tests::agency::{Agency, exit};

use super::{sample, text};

/// Kinds whose pages show the label.
const KINDS: &[&str] = &["docx", "xlsx", "pptx", "odt", "pdf"];

/// The line of ours that a document shows.
fn line_of(path: &Path) -> Option<String> {
    let file = fs::File::open(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    kakuzuke_formats::marking_of(&file, Some(name)).unwrap().map(|marking| marking.line().to_owned())
}

#[test]
fn what_shows_no_marking_is_labelled_all_the_same_and_that_is_said() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = text(&agency.place("文書"), "表.csv", b"a,b\n");
    let done = sato.labeler(["label", path.to_str().unwrap(), "--grade", "C2I1A1", "--json"]).good().json();
    assert_eq!(done["items"][0]["done"]["marks"]["state"], "not-shown", "{done:#}");
    assert_eq!(fs::read(&path).unwrap(), b"a,b\n");
    // Its signature covers its bytes: by itself nothing is marked any more.
    sato.labeler(["mark", path.to_str().unwrap()]).refused(exit::UNSUPPORTED);
    let bare = text(&agency.place("文書"), "未格付.txt", b"x");
    sato.labeler(["mark", bare.to_str().unwrap()]).refused(exit::NOT_PROTECTED);
}

#[test]
fn label_and_marking_are_one_step_and_go_with_each_other() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    for extension in KINDS {
        let path = sample(&agency.place(extension), extension);
        let text = path.to_str().unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let done = sato.labeler(["label", text, "--grade", "C2I1A1", "--restrict", "複製禁止", "--json"]).good().json();
        assert_eq!(done["items"][0]["done"]["marks"]["state"], "shown", "{extension}: {done:#}");
        let line = "機密性２情報・完全性１情報・可用性１情報　複製禁止";
        assert_eq!(line_of(&path).as_deref(), Some(line), "{extension}");
        assert_eq!(sato.show(&path)["label"]["header"], line);
        sato.labeler(["verify", text]).good();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        // Again is nothing new: what was written around the label comes to lie behind it once, and then stays.
        sato.labeler(["mark", text]).good();
        let marked = fs::read(&path).unwrap();
        sato.labeler(["mark", text]).good();
        assert!(fs::read(&path).unwrap() == marked, "{extension}: marked twice");
        // 見直し: label and marking together.
        sato.relabel(&path, "C2I1A1", &["転送禁止"]).good();
        let line = "機密性２情報・完全性１情報・可用性１情報　転送禁止";
        assert_eq!(line_of(&path).as_deref(), Some(line), "{extension}");
        assert_eq!(sato.show(&path)["label"]["header"], line);
        sato.labeler(["unmark", text]).good();
        assert_eq!(line_of(&path), None, "{extension}");
        assert_eq!(sato.show(&path)["label"]["header"], line, "the label stays");
        sato.labeler(["mark", text]).good();
        assert_eq!(line_of(&path).as_deref(), Some(line));
    }
}

#[test]
fn what_is_sealed_comes_back_bit_for_bit_unless_a_marking_was_asked_for() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let out = agency.place("出力");
    let path = sample(&place, "docx");
    let before = fs::read(&path).unwrap();
    sato.protect(&path, "C3I1A1", &[]).good();
    sato.open(&path, &out.join("そのまま.docx")).good();
    assert!(fs::read(out.join("そのまま.docx")).unwrap() == before);
    let path = sample(&agency.place("表示"), "docx");
    let text = path.to_str().unwrap();
    let said = sato.labeler(["protect", text, "--grade", "C3I1A1", "--mark"]).good();
    assert!(said.out.contains("changed the content"), "{}", said.out);
    sato.open(&path, &out.join("表示.docx")).good();
    assert_eq!(line_of(&out.join("表示.docx")).as_deref(), Some("機密性３情報・完全性１情報・可用性１情報"));
    // 見直し leaves the inside as it is and says so, unless it is to be renewed.
    let said = sato.relabel(&path, "C3I1A1", &["複製禁止"]).good();
    assert!(said.out.contains("--remark"), "{}", said.out);
    sato.open(&path, &out.join("前.docx")).good();
    assert_eq!(line_of(&out.join("前.docx")).as_deref(), Some("機密性３情報・完全性１情報・可用性１情報"));
    let again = ["relabel", text, "--grade", "C3I1A1", "--restrict", "転送禁止", "--reason", "見直し", "--remark"];
    sato.labeler(again).good();
    sato.open(&path, &out.join("後.docx")).good();
    assert_eq!(line_of(&out.join("後.docx")).as_deref(), Some("機密性３情報・完全性１情報・可用性１情報　転送禁止"));
}

#[test]
fn a_label_in_clear_is_changed_by_its_decider_only_and_sealed_no_lower_by_anybody() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    for (name, content) in [("表.txt", &b"x"[..]), ("図.odt", b"")] {
        let place = agency.place(name);
        let path = if content.is_empty() { sample(&place, "odt") } else { text(&place, name, content) };
        sato.labeler(["label", path.to_str().unwrap(), "--grade", "C2I1A1", "--restrict", "複製禁止"]).good();
        let before = fs::read(&path).unwrap();
        // Whoever could replace it would be its decider, and lower it the next time.
        for restrictions in [&[][..], &["複製禁止", "転送禁止"]] {
            suzuki.relabel(&path, "C2I1A1", restrictions).refused(exit::DENIED);
            suzuki.protect(&path, "C1I1A1", restrictions).refused(exit::DENIED);
        }
        assert!(fs::read(&path).unwrap() == before);
        sato.relabel(&path, "C2I1A1", &["転送禁止"]).good();
        let shown = sato.show(&path);
        assert_eq!((&shown["label"]["restrictions"][0], &shown["signature"]), (&"転送禁止".into(), &"valid".into()));
        sato.labeler(["verify", path.to_str().unwrap()]).good();
        // Sealed by somebody else, it is still for its decider to lower.
        suzuki.protect(&path, "C2I1A1", &["転送禁止"]).good();
        let sealed = if path.exists() { path } else { place.join(format!("{name}.kkz")) };
        let denied = suzuki.relabel(&sealed, "C2I1A1", &[]).refused(exit::DENIED);
        assert!(format!("{}{}", denied.out, denied.err).contains("3.1.1(3)(c)"));
        sato.relabel(&sealed, "C2I1A1", &[]).good();
    }
}

#[test]
fn pictures_are_marked_only_where_it_is_asked_for() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let mut data = Vec::new();
    let mut encoder = png::Encoder::new(&mut data, 640, 200);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&vec![200; 640 * 200]).unwrap();
    let path = text(&agency.place("図"), "図.png", &data);
    let label = ["label", path.to_str().unwrap(), "--grade", "C2I1A1", "--json"];
    let done = sato.labeler(label).good().json();
    assert_eq!(done["items"][0]["done"]["marks"]["state"], "not-shown");
    let height = |path: &Path| {
        let decoder = png::Decoder::new(std::io::BufReader::new(fs::File::open(path).unwrap()));
        decoder.read_info().unwrap().info().height
    };
    assert_eq!(height(&path), 200, "as it was, with a label");
    sato.labeler(["mark", path.to_str().unwrap()]).refused(exit::UNSUPPORTED);
    sato.labeler(["mark", path.to_str().unwrap(), "--burn"]).good();
    assert!(height(&path) > 200);
    assert_eq!(sato.show(&path)["label"]["grade"], "C2I1A1", "the label stays");
}
