//! Inheritance: what is made from graded documents is graded as high, by the hand of whoever makes it.

use std::fs;
use std::path::Path;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::{names, sample, text};

fn derive(officer: &Officer, new: &Path, sources: &[&Path], more: &[&str]) -> Said {
    let mut command = officer.command();
    command.arg("--json").arg("derive").arg(new).args(more);
    for source in sources {
        command.arg("--from").arg(source);
    }
    command.output().unwrap().into()
}

fn excerpt(officer: &Officer, from: &Path, to: &Path) -> Said {
    officer.command().args(["--json", "excerpt"]).arg(from).arg("-o").arg(to).output().unwrap().into()
}

#[test]
fn the_highest_grade_and_all_restrictions_of_sources_of_every_form_are_handed_down() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    // Sealed; labelled in clear; signed beside.
    let sealed = sample(&place, "pptx");
    sato.protect(&sealed, "C3I2A1", &["複製要許可"]).good();
    let clear = sample(&place, "odt");
    sato.labeler(["label", clear.to_str().unwrap(), "--grade", "C2I1A1", "--restrict", "総務課限り"]).good();
    let beside = text(&place, "表.txt", "本文".as_bytes());
    sato.labeler(["label", beside.to_str().unwrap(), "--grade", "C2I2A1", "--restrict", "転送禁止"]).good();
    let new = text(&place, "新しい.txt", "まとめ".as_bytes());
    let done = derive(&sato, &new, &[&sealed, &clear, &beside], &["--availability", "1"]).good().json();
    let label = &done["label"];
    assert_eq!((&label["grade"], &label["sources"]), (&"C3I1A1".into(), &3.into()), "{done:#}");
    let restrictions: Vec<&str> =
        label["restrictions"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
    for expected in ["複製要許可", "総務課限り", "転送禁止"] {
        assert!(restrictions.contains(&expected), "{restrictions:?}");
    }
    assert!(place.join("新しい.txt.kkz").exists() && !new.exists());
    // Only the label, where the grade allows it; never for 機密性3.
    let note = text(&place, "メモ.txt", "抜粋".as_bytes());
    let done = derive(&sato, &note, &[&clear, &beside], &["--label-only", "--integrity", "2"]).good().json();
    assert_eq!((&done["label"]["grade"], &done["form"]), (&"C2I2A1".into(), &"detached".into()));
    let secret = text(&place, "秘.txt", "x".as_bytes());
    derive(&sato, &secret, &[&sealed], &["--label-only"]).refused(exit::UNSUPPORTED);
    assert_eq!(fs::read(&secret).unwrap(), b"x");
}

#[test]
fn a_source_without_a_label_or_not_to_be_reused_hands_nothing_down() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let place = agency.place("文書");
    let new = text(&place, "新しい.txt", "まとめ".as_bytes());
    let plain = text(&place, "ただの.txt", b"x");
    derive(&sato, &new, &[&plain], &[]).refused(exit::NOT_PROTECTED);
    let barred = text(&place, "禁止.txt", b"x");
    sato.labeler(["label", barred.to_str().unwrap(), "--grade", "C2I1A1", "--restrict", "再利用禁止"]).good();
    derive(&sato, &new, &[&barred], &[]).refused(exit::DENIED);
    let asked = text(&place, "要許可.txt", b"x");
    sato.labeler(["label", asked.to_str().unwrap(), "--grade", "C2I1A1", "--restrict", "再利用要許可"]).good();
    derive(&suzuki, &new, &[&asked], &[]).refused(exit::DENIED);
    // A label that somebody wrote into the file does not hold.
    let forged = place.join("偽.txt");
    fs::write(&forged, b"x").unwrap();
    let mut signature = fs::read(place.join("要許可.txt.kkzsig")).unwrap();
    let last = signature.len() / 3;
    signature[last] ^= 1;
    fs::write(place.join("偽.txt.kkzsig"), signature).unwrap();
    assert_ne!(derive(&sato, &new, &[&forged], &[]).code, 0);
    assert_eq!(fs::read(&new).unwrap(), "まとめ".as_bytes());
    // The decider may.
    derive(&sato, &new, &[&asked], &["--label-only"]).good();
}

#[test]
fn text_taken_out_of_a_sealed_document_stays_sealed() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let place = agency.place("文書");
    let minutes = sample(&place, "docx");
    sato.protect(&minutes, "C2I1A1", &["転送禁止"]).good();
    let out = agency.place("抜粋");
    let done = excerpt(&suzuki, &minutes, &out.join("写し.txt")).good().json();
    assert_eq!((&done["label"]["grade"], &done["label"]["restrictions"][0]), (&"C2I1A1".into(), &"転送禁止".into()));
    assert_eq!(names(&out), ["写し.txt.kkz"], "nothing in clear beside it");
    suzuki.open(&out.join("写し.txt.kkz"), &out.join("平文.txt")).good();
    let text = fs::read_to_string(out.join("平文.txt")).unwrap();
    assert!(text.contains("予算要求説明資料"), "{text}");
    // Never over another file.
    assert_ne!(excerpt(&suzuki, &minutes, &out.join("写し.txt")).code, 0);
    for (restriction, code) in [("転記禁止", exit::DENIED), ("再利用要許可", exit::DENIED), ("複製禁止", exit::DENIED)]
    {
        let path = sample(&agency.place(restriction), "docx");
        sato.protect(&path, "C2I1A1", &[restriction]).good();
        excerpt(&suzuki, &path, &out.join(format!("{restriction}.txt"))).refused(code);
        assert!(!out.join(format!("{restriction}.txt.kkz")).exists());
    }
}

#[test]
fn a_reader_raises_a_label_at_once_and_it_is_put_before_its_decider() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let path = sample(&agency.place("文書"), "xlsx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let copy = agency.place("写し").join("前の版.xlsx");
    fs::copy(&path, &copy).unwrap();
    suzuki.relabel(&path, "C2I1A1", &["転送禁止"]).good();
    assert_eq!(suzuki.show(&path)["label"]["restrictions"][0], "転送禁止");
    suzuki.relabel(&path, "C2I1A1", &[]).refused(exit::DENIED);
    let waiting = sato.labeler(["requests", "--json"]).good().json();
    let raised = |request: &&serde_json::Value| request["request"]["kind"] == "relabel";
    let request = waiting.as_array().unwrap().iter().find(raised).unwrap();
    assert_eq!((&request["request"]["kind"], &request["state"]), (&"relabel".into(), &"pending".into()), "{waiting:#}");
    sato.labeler(["approve", &request["number"].to_string()]).good();
    // Confirming it gives whoever raised it nothing to lower it by; the decider may.
    suzuki.relabel(&path, "C2I1A1", &[]).refused(exit::DENIED);
    sato.relabel(&path, "C2I1A1", &[]).good();
}
