//! Documents that leave by mail: permitted and logged first, protected in the mail, and nobody can add to the addressees.

use std::fs;
use std::process::Command;

use kakuzuke_tests::agency::{Agency, Said, exit};
use kakuzuke_tests::programs::have;
use serde_json::Value;

use super::{holds, sample, text};

/// What Python's own reader finds in a mail.
const READER: &str = "
import email, email.policy, hashlib, json, sys
mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
parts = [(p.get_filename(), hashlib.sha256(p.get_content()).hexdigest()) for p in mail.iter_attachments()]
body = mail.get_body().get_content()
print(json.dumps({'to': mail['to'], 'bcc': mail['bcc'], 'subject': mail['subject'], 'parts': parts, 'body': body, 'defects': len(mail.defects)}))
";

#[test]
fn a_document_leaves_by_mail_with_permission_protected_and_logged() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let place = agency.place("文書");
    let docx = sample(&place, "docx");
    let csv = text(&place, "名簿.csv", b"1,2,3\n");
    sato.protect(&docx, "C2I1A1", &[]).good();
    sato.protect(&csv, "C2I1A1", &[]).good();
    let csv = place.join("名簿.csv.kkz");
    let mail = agency.place("送信").join("m.eml");
    let (docx_text, csv_text) = (docx.to_str().unwrap(), csv.to_str().unwrap());
    let reason = ["--accept", "作成者は公表済み"];
    let rest = [
        reason.as_slice(),
        &["--mail-to", "ito@city.example", "--purpose", "照会への回答", "-o", mail.to_str().unwrap()],
    ]
    .concat();
    let args = [["send", docx_text, csv_text].as_slice(), &rest].concat();
    // A reader needs the decider's permission (3.1.1(5)(b)).
    let said = suzuki.labeler(args.clone()).refused(exit::DENIED);
    assert!(said.err.contains("--kind provide") && !mail.exists(), "{}", said.err);
    let asked = ["request", docx_text, "--kind", "provide", "--reason", "照会への回答", "--json"];
    let number = suzuki.labeler(asked).good().json()["number"].to_string();
    sato.labeler(["approve", &number]).good();
    let own = agency.place("送信").join("s.eml");
    // The document says who wrote it: that goes along for a reason only (3.1.1(5)(d)).
    let bare = ["send", docx_text, "--mail-to", "ito@city.example", "--purpose", "回答", "-o", own.to_str().unwrap()];
    let said = suzuki.labeler(bare).refused(exit::HIDDEN_DATA);
    assert!(said.err.contains("3.1.1(5)(d)") && !own.exists(), "{}", said.err);
    let one = [
        "--accept",
        "作成者は公表済み",
        "--mail-to",
        "ito@city.example",
        "--purpose",
        "照会への回答",
        "-o",
        own.to_str().unwrap(),
    ];
    suzuki.labeler([["send", docx_text].as_slice(), &one].concat()).good();
    let sent = Said::from(sato.command().args(&args).arg("--json").output().unwrap()).good().json();
    assert_eq!(sent["attached"][1]["name"], "名簿.csv.pdf");
    assert!(holds(&agency.server_dir(), "ito@city.example".as_bytes()).is_some(), "the log has the addressee");
    let bytes = fs::read(&mail).unwrap();
    assert!(!bytes.windows(5).any(|w| w == b"1,2,3"));
    if have("python3") {
        let read = Command::new("python3").args(["-c", READER]).arg(&mail).output().unwrap();
        let read: Value = serde_json::from_slice(&read.stdout).unwrap();
        assert_eq!(
            (&read["to"], &read["bcc"], &read["defects"]),
            (&"ito@city.example".into(), &Value::Null, &0.into())
        );
        assert!(read["body"].as_str().unwrap().contains("機密性２"), "{read}");
        assert_eq!(read["parts"][0][0].as_str().unwrap(), docx.file_name().unwrap().to_str().unwrap());
        assert_eq!(read["parts"][1][0], "名簿.csv.pdf");
    }
    // Nothing is written over, and an address is one address.
    sato.labeler(args).refused(exit::CONFLICT);
    let other = agency.place("送信").join("n.eml");
    let forged = ["--mail-to", "a@b.example\r\nBcc: c@d.example", "--purpose", "x", "-o", other.to_str().unwrap()];
    sato.labeler([["send", docx_text].as_slice(), &forged].concat()).refused(2);
    assert!(!other.exists());
}

#[test]
fn what_is_not_protected_makes_no_mail() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let plain = text(&place, "a.txt", b"plain");
    let mail = agency.place("送信").join("m.eml");
    let rest = ["--mail-to", "ito@city.example", "--purpose", "照会", "-o", mail.to_str().unwrap()];
    sato.labeler([["send", plain.to_str().unwrap()].as_slice(), &rest].concat()).refused(exit::NOT_PROTECTED);
    assert!(!mail.exists());
}
