//! Who gets the key, who does not, and on which clause.

use std::fs;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};

use super::{sample, text};

struct Scene {
    agency: Agency,
    sato: Officer,
    suzuki: Officer,
    tanaka: Officer,
}

fn scene() -> Scene {
    let agency = Agency::open();
    let sato = agency.enrol("sato", &["--name", "佐藤", "--role", "officer", "--unit", "総務課", "--post", "総務課長"]);
    let suzuki = agency.officer("suzuki", "鈴木");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    Scene { agency, sato, suzuki, tanaka }
}

/// Views without writing a plain copy: through `open`, which wants export; refusals tell which.
fn view(officer: &Officer, path: &std::path::Path) -> Said {
    officer.command().arg("lease").arg(path).args(["--hours", "1", "--purpose", "確認"]).output().unwrap().into()
}

#[test]
fn a_reader_of_the_section_opens_and_another_does_not() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    let original = fs::read(&path).unwrap();
    s.sato.protect(&path, "C2I2A1", &[]).good();
    let out = s.agency.place("開いたもの");
    s.suzuki.open(&path, &out.join("鈴木.docx")).good();
    assert!(fs::read(out.join("鈴木.docx")).unwrap() == original);
    let said = s.tanaka.open(&path, &out.join("田中.docx"));
    assert!([exit::DENIED, exit::NOT_AVAILABLE].contains(&said.code), "{} {}", said.code, said.err);
    assert!(!out.join("田中.docx").exists());
}

#[test]
fn copying_is_refused_to_a_reader_with_clause_and_remedy_and_permitted_to_the_author() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    s.sato.protect(&path, "C2I2A1", &["複製禁止"]).good();
    let out = s.agency.place("開いたもの").join("copy.docx");
    let said = s.suzuki.open(&path, &out).refused(exit::DENIED);
    assert!(said.err.contains("clause:") && said.err.contains("3.1.1"), "{}", said.err);
    assert!(said.err.contains("remedy:"), "{}", said.err);
    assert!(said.err.contains("reference:"), "{}", said.err);
    assert!(!out.exists());
    s.sato.open(&path, &out).good();
}

#[test]
fn a_new_key_encryption_key_opens_the_old_documents_and_seals_the_new() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let (first, second) = (sample(&place, "docx"), sample(&place, "odt"));
    let originals = (fs::read(&first).unwrap(), fs::read(&second).unwrap());
    sato.protect(&first, "C3I2A1", &[]).good();
    let rotate = |agency: &Agency| {
        let mut command = kakuzuke_tests::programs::program("kakuzuke-keyserver");
        Said::from(command.arg("rotate").arg(agency.server_dir()).output().unwrap()).good();
    };
    rotate(&agency);
    // Not before the next start; then both.
    agency.kill();
    agency.start();
    sato.protect(&second, "C3I2A1", &[]).good();
    let out = agency.place("開いたもの");
    sato.open(&first, &out.join("1")).good();
    sato.open(&second, &out.join("2")).good();
    assert!((fs::read(out.join("1")).unwrap(), fs::read(out.join("2")).unwrap()) == originals);
    // The grants name different keys.
    let key = |path: &std::path::Path| sato.labeler(["show", path.to_str().unwrap(), "--json"]).good().json();
    assert_ne!(key(&first)["label"]["document"], key(&second)["label"]["document"]);
}

#[test]
fn an_application_is_decided_by_another_person_and_then_holds() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "xlsx");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let out = s.agency.place("開いたもの").join("表.xlsx");
    assert_ne!(s.tanaka.open(&path, &out).code, 0);
    let mut command = s.tanaka.command();
    command.args(["request", "--json", "--kind", "export", "--reason", "査定のため"]).arg(&path);
    let request: Said = command.output().unwrap().into();
    let number = request.good().json()["number"].to_string();
    let own = s.tanaka.labeler(["approve", &number]);
    assert_ne!(own.code, 0, "the applicant does not approve");
    assert_ne!(s.tanaka.open(&path, &out).code, 0);
    s.sato.labeler(["approve", &number, "--reason", "業務上必要"]).good();
    s.tanaka.open(&path, &out).good();
}

#[test]
fn a_rejected_application_changes_nothing() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "xlsx");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let request: Said = s
        .tanaka
        .command()
        .args(["request", "--json", "--kind", "view", "--reason", "査定のため"])
        .arg(&path)
        .output()
        .unwrap()
        .into();
    let number = request.good().json()["number"].to_string();
    s.sato.labeler(["reject", &number, "--reason", "不要"]).good();
    let out = s.agency.place("開いたもの").join("表.xlsx");
    assert_ne!(s.tanaka.open(&path, &out).code, 0);
}

#[test]
fn an_administrator_reads_no_document() {
    let s = scene();
    let admin = s.agency.enrol("admin2", &["--name", "管理者", "--role", "administrator", "--unit", "総務課"]);
    let path = sample(&s.agency.place("文書"), "pdf");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let out = s.agency.place("開いたもの").join("a.pdf");
    let said = admin.open(&path, &out);
    assert!([exit::DENIED, exit::NOT_AVAILABLE].contains(&said.code), "{} {}", said.code, said.err);
    assert!(!out.exists());
}

#[test]
fn suspension_reaches_every_copy_and_can_be_lifted() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "odt");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let copy = s.agency.place("クラウド").join("写し.odt");
    fs::copy(&path, &copy).unwrap();
    let out = s.agency.place("開いたもの");
    s.suzuki.open(&copy, &out.join("1.odt")).good();
    let path = path.to_str().unwrap();
    s.sato.labeler(["revoke", path, "--reason", "誤送信"]).good();
    let said = s.suzuki.open(&copy, &out.join("2.odt"));
    assert!([exit::DENIED, exit::NOT_AVAILABLE].contains(&said.code), "{}", said.err);
    s.sato.labeler(["revoke", path, "--resume", "--reason", "回収済み"]).good();
    s.suzuki.open(&copy, &out.join("3.odt")).good();
}

#[test]
fn one_reader_is_revoked_and_the_others_stay() {
    let s = scene();
    let ito = s.agency.officer("ito", "伊藤");
    let path = sample(&s.agency.place("文書"), "odt");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let out = s.agency.place("開いたもの");
    s.sato.labeler(["revoke", path.to_str().unwrap(), "--reader", "suzuki", "--reason", "異動"]).good();
    assert_ne!(s.suzuki.open(&path, &out.join("1.odt")).code, 0);
    ito.open(&path, &out.join("2.odt")).good();
}

#[test]
fn a_destroyed_document_is_gone_for_everyone_and_the_certificate_says_what_is_not_reached() {
    let s = scene();
    let place = s.agency.place("文書");
    let path = sample(&place, "docx");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let certificate = place.join("証明書.cose");
    let said: Said = s
        .sato
        .command()
        .arg("destroy")
        .arg(&path)
        .args(["--reason", "保存期間満了", "--yes", "--json", "--certificate"])
        .arg(&certificate)
        .output()
        .unwrap()
        .into();
    let value = said.good().json();
    assert!(!value["not-reached"].as_array().unwrap().is_empty());
    assert!(fs::metadata(&certificate).unwrap().len() > 100);
    assert_ne!(s.sato.open(&path, &place.join("x.docx")).code, 0);
    assert_ne!(s.suzuki.open(&path, &place.join("x.docx")).code, 0);
}

#[test]
fn destroying_without_saying_yes_is_refused() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    s.sato.labeler(["destroy", path.to_str().unwrap(), "--reason", "試し"]).refused(2);
    s.sato.open(&path, &s.agency.place("o").join("x.docx")).good();
}

#[test]
fn an_older_copy_with_a_weaker_label_is_decided_on_the_current_one() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let old = s.agency.place("古い").join("写し.docx");
    fs::copy(&path, &old).unwrap();
    let out = s.agency.place("開いたもの");
    s.suzuki.open(&old, &out.join("1.docx")).good();
    let path = path.to_str().unwrap();
    s.sato.labeler(["relabel", path, "--grade", "C2I1A1", "--restrict", "複製禁止", "--reason", "追記"]).good();
    let said = s.suzuki.open(&old, &out.join("2.docx")).refused(exit::DENIED);
    assert!(said.err.contains("clause:"), "{}", said.err);
    assert_eq!(s.sato.show(std::path::Path::new(path))["label"]["revision"], 2);
    assert_eq!(s.sato.show(&old)["label"]["revision"], 1);
}

#[test]
fn only_who_may_changes_the_label() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    s.sato.protect(&path, "C2I1A1", &["複製禁止"]).good();
    let before = fs::read(&path).unwrap();
    let said = s.tanaka.labeler(["relabel", path.to_str().unwrap(), "--grade", "C1I1A1", "--reason", "公開したい"]);
    assert_ne!(said.code, 0);
    assert!(fs::read(&path).unwrap() == before, "the file is as it was");
}

#[test]
fn a_revoked_device_gets_nothing_not_even_a_list() {
    let s = scene();
    let path = text(&s.agency.place("文書"), "a.txt", b"text");
    s.sato.protect(&path, "C2I1A1", &[]).good();
    let protected = path.with_file_name("a.txt.kkz");
    view(&s.suzuki, &protected).good();
    s.sato.labeler(["revoke", "--subject", "suzuki", "--reason", "退職"]);
    s.agency.first().approve_all();
    let admin = s.agency.enrol("admin3", &["--name", "管理者", "--role", "administrator", "--unit", "情報課"]);
    admin.labeler(["revoke", "--subject", "suzuki", "--reason", "退職"]);
    s.agency.first().approve_all();
    let out = s.agency.place("o").join("a.txt");
    let said = s.suzuki.open(&protected, &out);
    assert!(
        [exit::NOT_IDENTIFIED, exit::DENIED, exit::NOT_AVAILABLE].contains(&said.code),
        "{} {}",
        said.code,
        said.err
    );
    assert!(!out.exists());
}

#[test]
fn another_agency_s_server_is_never_contacted_for_a_file_that_names_it() {
    let here = scene();
    let there = Agency::open();
    let other = there.officer("other", "他省");
    let path = text(&there.place("文書"), "a.txt", b"text");
    other.protect(&path, "C2I1A1", &[]).good();
    let protected = path.with_file_name("a.txt.kkz");
    here.sato.open(&protected, &here.agency.place("o").join("a")).refused(exit::UNKNOWN_AUTHORITY);
    let shown = here.sato.show(&protected);
    assert_eq!(shown["signature"], "unknown-authority");
    assert_eq!(shown["label"]["grade"], "C2I1A1", "the label is readable all the same");
}

#[test]
fn show_needs_no_profile() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "pdf");
    s.sato.protect(&path, "C3I2A1", &["持出禁止"]).good();
    let mut command = kakuzuke_tests::programs::program("labeler");
    command.env("KAKUZUKE_PROFILE", s.agency.place("none").join("nothing")).arg("show").arg(&path).arg("--json");
    let said: Said = command.output().unwrap().into();
    assert_eq!(said.good().json()["label"]["grade"], "C3I2A1");
}

#[test]
fn a_document_made_from_others_inherits_the_strictest() {
    let s = scene();
    let place = s.agency.place("文書");
    let (a, b) = (sample(&place, "docx"), sample(&place, "xlsx"));
    s.sato.protect(&a, "C2I2A1", &["複製禁止"]).good();
    s.sato.protect(&b, "C3I1A1", &["印刷禁止"]).good();
    let new = text(&place, "要約.txt", "抜粋".as_bytes());
    let said: Said =
        s.sato.command().arg("derive").arg(&new).arg("--from").arg(&a).arg("--from").arg(&b).output().unwrap().into();
    said.good();
    let shown = s.sato.show(&place.join("要約.txt.kkz"));
    assert_eq!(shown["label"]["grade"], "C3I1A1");
    let restrictions = shown["label"]["restrictions"].to_string();
    assert!(restrictions.contains("複製禁止") && restrictions.contains("印刷禁止"), "{restrictions}");
    assert_eq!(shown["label"]["sources"], 2);
}

#[test]
fn a_post_of_the_same_name_gives_no_right_while_the_decider_is_there() {
    let s = scene();
    let same = ["--name", "伊藤", "--role", "officer", "--unit", "会計課", "--post", "総務課長", "--post", "職員"];
    let ito = s.agency.enrol("ito", &same);
    let path = sample(&s.agency.place("文書"), "docx");
    let mut command = s.sato.command();
    command.arg("protect").arg(&path).args(["--grade", "C2I1A1", "--post", "総務課長"]);
    assert!(command.output().unwrap().status.success());
    let out = s.agency.place("o").join("x.docx");
    assert_ne!(ito.open(&path, &out).code, 0);
    let said = ito.labeler(["revoke", path.to_str().unwrap(), "--reason", "試し"]);
    assert_ne!(said.code, 0, "{}", said.out);
}

#[test]
fn an_administrator_who_revokes_every_officer_still_lets_nobody_in() {
    let s = scene();
    let admin = s.agency.enrol("admin4", &["--name", "管理者", "--role", "administrator", "--unit", "情報課"]);
    for subject in ["sato", "suzuki", "tanaka"] {
        admin.labeler(["revoke", "--subject", subject, "--reason", "試し"]).good();
    }
    let code = s.agency.code("mole", &["--name", "もぐら", "--role", "officer", "--unit", "総務課"]);
    let mole = Officer { profile: s.agency.place("mole").join("profile"), subject: "mole".to_owned() };
    mole.labeler(["enrol", &code]).refused(exit::APPROVAL_PENDING);
}

#[test]
fn whoever_asks_for_permission_is_not_told_the_title() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    let mut command = s.sato.command();
    command.arg("protect").arg(&path).args(["--grade", "C2I1A1", "--title", "秘密の件名"]);
    assert!(command.output().unwrap().status.success());
    let mut command = s.tanaka.command();
    command.args(["request", "--json", "--kind", "view", "--reason", "査定のため"]).arg(&path);
    let said: Said = command.output().unwrap().into();
    assert!(!said.good().out.contains("秘密の件名"));
    assert!(!s.tanaka.labeler(["requests", "--json"]).good().out.contains("秘密の件名"));
    assert!(s.sato.labeler(["requests", "--json"]).good().out.contains("秘密の件名"), "who decides is told");
}

#[test]
fn a_list_of_documents_shows_what_concerns_one_and_the_newest_first() {
    let agency = Agency::open();
    let (sato, suzuki) = (agency.officer("sato", "佐藤"), agency.officer("suzuki", "鈴木"));
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let place = agency.place("文書");
    for name in ["一.txt", "二.txt", "三.txt"] {
        let path = place.join(name);
        fs::write(&path, name).unwrap();
        sato.protect(&path, "C2I1A1", &[]).good();
    }
    let titles = |officer: &Officer, title: &str| -> Vec<String> {
        let list = officer.labeler(["documents", title, "--json"]).good().json();
        list.as_array().unwrap().iter().map(|d| d["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(&sato, ".txt"), ["三.txt", "二.txt", "一.txt"]);
    assert_eq!(titles(&suzuki, "二"), ["二.txt"], "a reader of the section");
    assert!(titles(&tanaka, ".txt").is_empty(), "another section");
    // With permission it is there.
    let path = place.join("二.txt.kkz");
    let asked = tanaka.labeler(["request", "--json", "--kind", "view", "--reason", "査定", path.to_str().unwrap()]);
    sato.labeler(["approve", &asked.good().json()["number"].to_string()]).good();
    assert_eq!(titles(&tanaka, ".txt"), ["二.txt"]);
}

#[test]
fn a_permission_to_relabel_is_for_the_label_proposed_and_makes_nobody_the_decider() {
    let s = scene();
    let path = sample(&s.agency.place("文書"), "docx");
    s.sato.protect(&path, "C2I1A1", &["複製禁止"]).good();
    let file = path.to_str().unwrap();
    let asked = ["request", file, "--json", "--kind", "relabel", "--reason", "印刷のため", "--grade", "C2I1A1"];
    let mut command = s.suzuki.command();
    command.args(asked).args(["--restrict", "印刷禁止"]);
    let said: Said = command.output().unwrap().into();
    let number = said.good().json()["number"].to_string();
    s.sato.labeler(["approve", &number]).good();
    let relabel = |who: &Officer, restrict: &[&str]| {
        let mut command = who.command();
        command.args(["relabel", file, "--grade", "C2I1A1", "--reason", "試し"]);
        for restriction in restrict {
            command.args(["--restrict", restriction]);
        }
        Said::from(command.output().unwrap())
    };
    relabel(&s.suzuki, &[]).refused(exit::DENIED);
    relabel(&s.suzuki, &["印刷禁止"]).good();
    // It stays the decider's.
    relabel(&s.suzuki, &[]).refused(exit::DENIED);
    s.suzuki.labeler(["destroy", file, "--reason", "試し", "--yes"]).refused(exit::DENIED);
    relabel(&s.sato, &[]).good();
}
