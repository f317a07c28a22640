//! Documents that leave by mail: decided on for every addressee and logged first, sealed for them alone, and called back when
//! they went astray.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};
use kakuzuke_tests::client::Client;
use kakuzuke_tests::programs::have;
use serde_json::{Value, json};

use super::{holds, sample, text};

/// What Python's own reader finds in a mail.
const READER: &str = "
import email, email.policy, json, sys
mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
parts = [p.get_filename() for p in mail.iter_attachments()]
for p in mail.iter_attachments():
    open(sys.argv[2] + '/' + p.get_filename(), 'wb').write(p.get_content())
body = mail.get_body().get_content()
print(json.dumps({'to': mail['to'], 'bcc': mail['bcc'], 'subject': mail['subject'], 'ledger': mail['x-kakuzuke-ledger'], 'parts': parts, 'body': body, 'defects': len(mail.defects)}))
";

const CHIEF: &str = "統括情報セキュリティ責任者";
const SECTION: &str = "課室情報セキュリティ責任者";
pub(super) const ITO: &str = "ito@city.example";

/// An agency with a chief, and an outsider ito at city.example, to which 機密性2 may go.
pub(super) struct Office {
    pub(super) agency: Agency,
    pub(super) sato: Officer,
    pub(super) suzuki: Officer,
    pub(super) chief: Officer,
    pub(super) ito: Officer,
}

impl Office {
    pub(super) fn open() -> Self {
        let agency = Agency::open();
        let sato = agency.officer("sato", "佐藤");
        let suzuki = agency.officer("suzuki", "鈴木");
        let rest = ["--name", "長官", "--role", "officer", "--unit", "官房", "--post", CHIEF];
        let chief = agency.enrol("chief", &rest);
        let ito = agency.enrol("ito", &["--name", "伊藤", "--role", "recipient", "--unit", "市"]);
        let office = Self { agency, sato, suzuki, chief, ito };
        office.destination("city.example", "outside", "2");
        office.addressee(ITO, "ito");
        office
    }

    /// Applied for by sato, decided by the chief.
    pub(super) fn destination(&self, domain: &str, kind: &str, highest: &str) {
        let args = ["destination", "set", domain, "--kind", kind, "--organisation", "市", "--highest", highest];
        let number = number(self.sato.labeler([&args[..], &["--reason", "照会", "--json"]].concat()));
        self.chief.labeler(["approve", &number]).good();
    }

    pub(super) fn addressee(&self, address: &str, subject: &str) {
        let number = number(self.sato.labeler(["addressee", "set", address, subject, "--reason", "照会", "--json"]));
        self.suzuki.labeler(["approve", &number]).good();
    }

    /// The parts of a mail, unpacked.
    fn unpack(&self, mail: &Path, name: &str) -> (Value, PathBuf) {
        let place = self.agency.place(name);
        let read = Command::new("python3").args(["-c", READER]).arg(mail).arg(&place).output().unwrap();
        (serde_json::from_slice(&read.stdout).unwrap(), place)
    }
}

pub(super) fn number(said: Said) -> String {
    said.good().json()["number"].to_string()
}

pub(super) fn send(officer: &Officer, files: &[&Path], to: &[&str], out: &Path, rest: &[&str]) -> Said {
    let mut command = officer.command();
    command.arg("send").args(files).arg("--purpose").arg("照会への回答").arg("-o").arg(out).arg("--json");
    for address in to {
        command.args(["--to", address]);
    }
    command.args(rest).output().unwrap().into()
}

#[test]
fn a_document_is_sealed_for_its_addressees_alone_and_called_back() {
    if !have("python3") {
        return;
    }
    let office = Office::open();
    let (agency, sato, suzuki, ito) = (&office.agency, &office.sato, &office.suzuki, &office.ito);
    let place = agency.place("文書");
    let csv = text(&place, "名簿.csv", b"1,2,3\n");
    let mail = agency.place("送信").join("m.eml");
    // It has no grade; then it is sealed on the way, and stays as it is.
    send(sato, &[&csv], &[ITO], &mail, &[]).refused(exit::NOT_PROTECTED);
    let sent = send(sato, &[&csv], &[ITO], &mail, &["--grade", "C2I1A1"]).good().json();
    let ledger = sent["ledger"].to_string();
    assert_eq!(fs::read(&csv).unwrap(), b"1,2,3\n");
    assert_eq!(super::names(&place), ["名簿.csv"]);
    assert!(!fs::read(&mail).unwrap().windows(5).any(|w| w == b"1,2,3"));
    let (read, parts) = office.unpack(&mail, "受信");
    assert_eq!((&read["to"], &read["bcc"], &read["defects"]), (&ITO.into(), &Value::Null, &0.into()));
    assert_eq!((read["ledger"].to_string(), &read["parts"]), (format!("\"{ledger}\""), &json!(["名簿.csv.pdf"])));
    let received = parts.join("名簿.csv.pdf");
    // The addressee opens it; a colleague of the sender's section, and the administrator, do not.
    let out = agency.place("開いた");
    ito.open(&received, &out.join("ito.csv")).good();
    assert_eq!(fs::read(out.join("ito.csv")).unwrap(), b"1,2,3\n");
    suzuki.open(&received, &out.join("suzuki.csv")).refused(exit::DENIED);
    // Nobody but those entitled calls it back.
    let stranger = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    for other in [&stranger, suzuki] {
        other.labeler(["recall", mail.to_str().unwrap(), "--reason", "x"]).refused(exit::DENIED);
    }
    ito.open(&received, &out.join("again.csv")).good();
    let report = agency.place("報告").join("r.html");
    let args = ["recall", mail.to_str().unwrap(), "--reason", "宛先の誤り", "--report", report.to_str().unwrap()];
    let recalled = sato.labeler([&args[..], &["--json"]].concat()).good().json();
    let openings = recalled["report"]["openings"].as_array().unwrap().clone();
    assert_eq!(openings.len(), 2, "{openings:?}");
    assert!(openings.iter().all(|o| o["subject"] == "ito" && o["rights"].to_string().contains("export")));
    let said = fs::read_to_string(&report).unwrap();
    for words in ["CSIRT", SECTION, ITO, "宛先の誤り", "平文での出力を許可", "機密性２情報", "名簿.csv", "2.2.4(2)"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    ito.open(&received, &out.join("late.csv")).refused(exit::NOT_AVAILABLE);
    // Its author still has it, and the same again changes nothing.
    sato.open(&received, &out.join("sato.csv")).good();
    let again = sato.labeler(["recall", "--number", &ledger, "--reason", "宛先の誤り", "--json"]).good().json();
    assert_eq!(again["report"]["entry"], Value::Null);
    assert_eq!(again["report"]["openings"].as_array().unwrap().len(), 2);
    sato.labeler(["audit", "verify"]).good();
}

#[test]
fn a_protected_document_goes_to_whom_it_may_and_to_nobody_else() {
    let office = Office::open();
    let (agency, sato, suzuki, ito) = (&office.agency, &office.sato, &office.suzuki, &office.ito);
    let place = agency.place("文書");
    let docx = sample(&place, "docx");
    sato.protect(&docx, "C2I1A1", &[]).good();
    let mail = |name: &str| agency.place("送信").join(name);
    let why = ["--accept", "authors=作成者は公表済み", "--accept", "properties=件名のみ"];
    // A reader needs the decider's permission (3.1.1(5)(b)).
    let said = send(suzuki, &[&docx], &[ITO], &mail("1"), &why).refused(exit::DENIED);
    assert!(said.out.contains("provide") && !mail("1").exists(), "{}", said.out);
    let asked = ["request", docx.to_str().unwrap(), "--kind", "provide", "--reason", "照会への回答", "--json"];
    let number = number(suzuki.labeler(asked));
    suzuki.labeler(["approve", &number]).refused(exit::DENIED);
    sato.labeler(["approve", &number]).good();
    // The document says who wrote it: that goes along for a reason only (3.1.1(5)(d)).
    let said = send(suzuki, &[&docx], &[ITO], &mail("2"), &[]).refused(exit::HIDDEN_DATA);
    assert!(said.out.contains("3.1.1(5)(d)") && !mail("2").exists());
    let out = agency.place("開いた");
    ito.open(&docx, &out.join("0")).refused(exit::NOT_AVAILABLE);
    send(suzuki, &[&docx], &[ITO], &mail("3"), &why).good();
    ito.open(&docx, &out.join("1")).good();
    assert!(holds(&agency.server_dir(), "公表済み".as_bytes()).is_some(), "the log has the reason");
    // Where it may go, and to whom.
    let refused = |to: &str, clause: &str, files: &[&Path]| {
        let out = mail("x");
        let said = send(sato, files, &[ITO, to], &out, &why).refused(exit::DENIED);
        assert!(said.out.contains(clause) && said.out.contains(to) && !out.exists(), "{to}: {}", said.out);
    };
    refused("who@elsewhere.example", "8.1.1(4)(a)", &[&docx]);
    refused("nobody@city.example", "3.1.1(5)(b)", &[&docx]);
    office.destination("mail.example", "terms", "3");
    office.addressee("ito@mail.example", "ito");
    refused("ito@mail.example", "規範16-3", &[&docx]);
    let secret = text(&place, "秘.txt", b"secret");
    sato.protect(&secret, "C3I1A1", &[]).good();
    let said = send(sato, &[&place.join("秘.txt.kkz")], &[ITO], &mail("4"), &why).refused(exit::DENIED);
    assert!(said.out.contains("4.1.4(1)(a)"), "{}", said.out);
    // What a label forbids, to whoever did not decide it.
    for (name, restriction) in [("a", "送信禁止"), ("b", "転送禁止"), ("c", "配布禁止"), ("d", "持出禁止")]
    {
        let path = text(&place, &format!("{name}.txt"), b"x");
        sato.protect(&path, "C2I1A1", &[restriction]).good();
        let path = place.join(format!("{name}.txt.kkz"));
        let said = send(suzuki, &[&path], &[ITO], &mail(name), &[]).refused(exit::DENIED);
        assert!(said.out.contains("3.1.1(4)(a)") || restriction == "持出禁止", "{restriction}: {}", said.out);
    }
    let said = send(sato, &[&place.join("d.txt.kkz")], &[ITO], &mail("e"), &[]).refused(exit::DENIED);
    assert!(said.out.contains("3.1.1(4)(a)"), "nor does its decider take 持出禁止 out: {}", said.out);
    // An addressee is told what a restriction forbids them.
    let held = text(&place, "h.txt", b"x");
    sato.protect(&held, "C2I1A1", &["複製禁止"]).good();
    let held = place.join("h.txt.kkz");
    ito.open(&held, &out.join("h")).refused(exit::NOT_AVAILABLE);
    send(sato, &[&held], &[ITO], &mail("h"), &[]).good();
    let said = ito.open(&held, &out.join("h")).refused(exit::DENIED);
    assert!(said.err.contains("3.1.1(4)(a)"), "{}", said.err);
    // A subject's right to read that was revoked is not given back by sending.
    sato.labeler(["revoke", docx.to_str().unwrap(), "--reader", "ito", "--reason", "異動"]).good();
    send(sato, &[&docx], &[ITO], &mail("5"), &why).refused(exit::DENIED);
    ito.open(&docx, &out.join("2")).refused(exit::NOT_AVAILABLE);
}

#[test]
fn what_is_labelled_in_clear_leaves_sealed_unless_it_is_for_anybody() {
    if !have("python3") {
        return;
    }
    let office = Office::open();
    let (agency, sato, suzuki, ito) = (&office.agency, &office.sato, &office.suzuki, &office.ito);
    let place = agency.place("文書");
    let (open, inner, bound) =
        (text(&place, "公表.txt", b"open"), text(&place, "内.txt", b"inner"), text(&place, "限.txt", b"bound"));
    sato.labeler(["label", inner.to_str().unwrap(), "--grade", "C2I1A1"]).good();
    sato.labeler(["label", bound.to_str().unwrap(), "--grade", "C2I1A1", "--restrict", "送信禁止"]).good();
    sato.labeler(["protect", open.to_str().unwrap(), "--grade", "C1I1A1"]).good();
    let mail = agency.place("送信").join("m.eml");
    // A colleague sends what the label lets them, and no more: sealing it anew gives no new right.
    send(suzuki, &[&bound], &[ITO], &mail, &[]).refused(exit::DENIED);
    let sent = send(suzuki, &[&open, &inner], &[ITO], &mail, &[]).good().json();
    assert_eq!((&sent["attached"][0]["clear"], &sent["attached"][1]["clear"]), (&true.into(), &false.into()));
    let (read, parts) = office.unpack(&mail, "受信");
    assert_eq!(read["parts"], json!(["公表.txt", "公表.txt.kkzsig", "内.txt.pdf"]));
    assert_eq!(fs::read(parts.join("公表.txt")).unwrap(), b"open");
    assert!(!fs::read(parts.join("内.txt.pdf")).unwrap().windows(5).any(|w| w == b"inner"));
    ito.open(&parts.join("内.txt.pdf"), &agency.place("開いた").join("a")).good();
    // 機密性1 goes to anybody; a label that does not hold goes nowhere.
    send(sato, &[&open], &["who@elsewhere.example"], &agency.place("送信").join("n.eml"), &[]).good();
    fs::write(&open, b"changed").unwrap();
    let other = agency.place("送信").join("o.eml");
    assert_ne!(send(sato, &[&open], &[ITO], &other, &[]).code, 0);
    assert!(!other.exists());
}

#[test]
fn an_address_is_what_it_seems_and_begins_no_header() {
    let office = Office::open();
    let path = text(&office.agency.place("文書"), "a.txt", b"x");
    office.sato.protect(&path, "C2I1A1", &[]).good();
    let path = path.with_file_name("a.txt.kkz");
    let out = office.agency.place("送信").join("m.eml");
    let forged = [
        "a@city.example\r\nBcc: c@d.example",
        "a@city.example,c@d.example",
        "itо@city.example",
        "ito@сity.example",
        "ito@city。example",
        "<ito@city.example>",
    ];
    for address in forged {
        send(&office.sato, &[&path], &[address], &out, &[]).refused(2);
    }
    send(&office.sato, &[&path], &[ITO], &out, &["--subject", "a\r\nBcc: c@d.example"]).refused(2);
    let said = office.sato.labeler(["addressee", "set", "itо@city.example", "ito", "--reason", "x"]);
    assert_ne!(said.code, 0);
    assert!(!out.exists());
    // A mail that somebody wrote into: who was added opens nothing, and calling back says so.
    send(&office.sato, &[&path], &[ITO], &out, &[]).good();
    let mail = fs::read_to_string(&out).unwrap();
    fs::write(&out, mail.replacen("To: ", "Cc: who@elsewhere.example\r\nTo: ", 1)).unwrap();
    let said = office.sato.labeler(["recall", out.to_str().unwrap(), "--reason", "改ざん"]).good();
    assert!(said.out.contains("who@elsewhere.example"), "{}", said.out);
    let other = fs::read_to_string(&out).unwrap();
    fs::write(&out, format!("X-Kakuzuke-Ledger: 99\r\n{other}")).unwrap();
    office.sato.labeler(["recall", out.to_str().unwrap(), "--reason", "改ざん"]).refused(exit::NOT_PROTECTED);
}

#[test]
fn a_request_made_by_hand_gives_nobody_more_than_they_have() {
    let mut office = Office::open();
    let path = text(&office.agency.place("文書"), "a.txt", b"x");
    office.sato.protect(&path, "C2I1A1", &[]).good();
    let path = path.with_file_name("a.txt.kkz");
    let head = super::insider::head(&path);
    let other = ["--name", "田中", "--role", "officer", "--unit", "会計課"];
    let tanaka = Client::enrol(&office.agency, "tanaka", &other);
    let body = |to: &str, request: &str| json!({ "items": [{ "head": head }], "to": [to], "purpose": "x", "request": request.repeat(16) });
    // Whoever only found a copy sends it to nobody, nor takes it out, nor prints it, nor calls it back.
    let reply = tanaka.post("/v1/departures/send", &body(ITO, "01"));
    assert_eq!(reply.problem().as_deref(), Some("denied"));
    let print = json!({ "item": { "head": head }, "holders": ["x"], "purpose": "x", "request": "02".repeat(16) });
    assert_eq!(tanaka.post("/v1/departures/print", &print).problem().as_deref(), Some("denied"));
    // Without a label or in clear nothing is sent.
    let empty = json!({ "items": [{}], "to": [ITO], "purpose": "x", "request": "03".repeat(16) });
    assert_eq!(tanaka.post("/v1/departures/send", &empty).problem().as_deref(), Some("usage"));
    // An outsider asks for nothing that is the agency's own.
    let ito = Client::enrol(&office.agency, "mori", &["--name", "森", "--role", "recipient", "--unit", "市"]);
    assert_eq!(ito.post("/v1/departures/send", &body(ITO, "04")).problem().as_deref(), Some("not-available"));
    assert_eq!(ito.post("/v1/tickets", &json!({ "count": 1 })).problem().as_deref(), Some("denied"));
    for path in ["/v1/registers", "/v1/zones"] {
        assert_eq!(ito.send("GET", path, b"").problem().as_deref(), Some("not-available"), "{path}");
    }
    assert_eq!(ito.send("GET", "/v1/departures", b"").json(), json!([]));
    // The same request again is the same sending; with something else in it, it is none.
    let maker = Client::enrol(&office.agency, "ono", &["--name", "小野", "--role", "officer", "--unit", "総務課"]);
    let asked = ["request", path.to_str().unwrap(), "--kind", "provide", "--reason", "x", "--json"];
    let said = maker.post("/v1/requests", &{
        let shown = office.sato.show(&path);
        json!({ "kind": "provide", "document": shown["label"]["document"], "reason": "x" })
    });
    assert_eq!(said.status, 200, "{asked:?}");
    office.sato.labeler(["approve", &said.json()["number"].to_string()]).good();
    let first = maker.post("/v1/departures/send", &body(ITO, "05")).json();
    assert!(first["number"].is_u64(), "{first}");
    assert_eq!(maker.post("/v1/departures/send", &body(ITO, "05")).json()["number"], first["number"]);
    office.addressee("mori@city.example", "mori");
    let changed = maker.post("/v1/departures/send", &body("mori@city.example", "05"));
    assert_eq!(changed.problem().as_deref(), Some("conflict"));
    // Started anew, the ledger stands.
    office.agency.kill();
    office.agency.start();
    assert_eq!(maker.post("/v1/departures/send", &body(ITO, "05")).json()["number"], first["number"]);
}

#[test]
fn nobody_decides_on_the_register_they_applied_for() {
    let office = Office::open();
    let (agency, chief) = (&office.agency, &office.chief);
    let set = ["destination", "set", "own.example", "--kind", "own", "--organisation", "当庁", "--highest", "3"];
    let ask = |officer: &Officer| number(officer.labeler([&set[..], &["--reason", "x", "--json"]].concat()));
    let own = ask(chief);
    chief.labeler(["approve", &own]).refused(exit::DENIED);
    let asked = ask(&office.sato);
    for stranger in [&office.sato, &office.suzuki] {
        stranger.labeler(["approve", &asked]).refused(exit::DENIED);
    }
    assert!(!chief.labeler(["destination", "list"]).good().out.contains("own.example"));
    chief.labeler(["approve", &asked]).good();
    let list = chief.labeler(["destination", "list"]).good().out;
    assert!(list.contains("own.example") && list.contains(CHIEF), "{list}");
    let own = number(office.sato.labeler(["addressee", "set", "sato@own.example", "sato", "--reason", "x", "--json"]));
    office.sato.labeler(["approve", &own]).refused(exit::DENIED);
    let unknown = ["addressee", "set", "x@own.example", "nobody", "--reason", "x"];
    assert_ne!(office.sato.labeler(unknown).code, 0, "whose it is must be known");
    assert!(agency.server_dir().exists());
}

#[test]
fn the_server_may_die_between_deciding_and_writing() {
    let mut office = Office::open();
    let place = office.agency.place("文書");
    let mut point = 0;
    let (mut written, mut size) = (Vec::new(), 0);
    loop {
        point += 1;
        assert!(point < 60, "the scenario has an end");
        let path = text(&place, &format!("{point}.txt"), b"x");
        office.sato.protect(&path, "C2I1A1", &[]).good();
        office.agency.kill();
        let mut command = office.agency.run_command();
        command.env("KAKUZUKE_CRASH_AT", point.to_string()).stderr(std::process::Stdio::null());
        let alive = office.agency.try_start_with(command);
        let mail = office.agency.place("送信").join(format!("{point}.eml"));
        let said = send(&office.sato, &[&place.join(format!("{point}.txt.kkz"))], &[ITO], &mail, &[]);
        assert_eq!(said.code == 0, mail.exists(), "a mail is there whole, or not at all: {}", said.err);
        let sent = said.code == 0;
        if sent {
            written.push(said.json()["ledger"].as_u64().unwrap());
        }
        office.agency.kill();
        office.agency.start();
        let now = office.sato.labeler(["audit", "verify", "--json"]).good().json()["size"].as_u64().unwrap();
        assert!(now >= size);
        size = now;
        if alive && sent {
            break;
        }
    }
    // What was written stands in the ledger, and can be called back.
    for number in written {
        office.sato.labeler(["recall", "--number", &number.to_string(), "--reason", "x"]).good();
    }
    assert!(point > 3, "{point}");
}

#[test]
fn a_long_ledger_comes_in_pages_and_none_is_left_out() {
    let office = Office::open();
    let path = text(&office.agency.place("文書"), "a.txt", b"x");
    office.sato.protect(&path, "C2I1A1", &[]).good();
    let head = super::insider::head(&path.with_file_name("a.txt.kkz"));
    let ono = Client::enrol(&office.agency, "ono", &["--name", "小野", "--role", "officer", "--unit", "総務課"]);
    let print = |request: &str| {
        let body =
            json!({ "item": { "head": head }, "holders": ["甲"], "purpose": "x", "request": request.repeat(16) });
        ono.post("/v1/departures/print", &body).json()["number"].as_u64().unwrap()
    };
    let mut numbers = ["01", "02", "03"].map(print);
    let shredded = ono.post(&format!("/v1/departures/{}/settle", numbers[1]), &json!({ "shredded": [1] }));
    assert_eq!(shredded.status, 200, "{:?}", shredded.problem());
    let page = |query: &str| -> Vec<u64> {
        let page = ono.send("GET", &format!("/v1/departures?{query}"), b"").json();
        page.as_array().unwrap().iter().map(|departure| departure["number"].as_u64().unwrap()).collect()
    };
    numbers.reverse();
    let [newest, shredded, oldest] = numbers;
    assert_eq!(page(""), numbers);
    assert_eq!(page("count=2"), [newest, shredded]);
    assert_eq!(page(&format!("count=2&before={shredded}")), [oldest]);
    assert!(page(&format!("before={oldest}")).is_empty());
    assert_eq!(page("out=true"), [newest, oldest], "what was shredded is not out");
    let odd = ono.send("GET", "/v1/departures?before=x", b"");
    assert_eq!(odd.problem().as_deref(), Some("usage"));
}
