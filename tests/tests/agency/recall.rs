//! What is others' to call back is passed over, and said to be.

use std::fs;

use kakuzuke_tests::agency::exit;

use super::send::{ITO, Office, send};
use super::takeout::{medium, take};
use super::{holds, text};

#[test]
fn calling_back_says_what_it_passed_over() {
    let office = Office::open();
    let (agency, sato, suzuki, chief, ito) = (&office.agency, &office.sato, &office.suzuki, &office.chief, &office.ito);
    let (place, mails, out) = (agency.place("文書"), agency.place("送信"), agency.place("開いた"));
    // Two officers have sent to the same address, and carried on the same medium.
    let usb = medium(agency, sato, suzuki, "USB-1", &[]);
    for (officer, name) in [(sato, "a"), (suzuki, "b"), (suzuki, "c")] {
        let path = text(&place, &format!("{name}.txt"), name.as_bytes());
        officer.protect(&path, "C2I1A1", &[]).good();
        let path = place.join(format!("{name}.txt.kkz"));
        send(officer, &[&path], &[ITO], &mails.join(format!("{name}.eml")), &[]).good();
        take(officer, &path, "USB-1", &usb, &[]).good();
    }
    let opens = |name: &str, n: u8| ito.open(&place.join(format!("{name}.txt.kkz")), &out.join(format!("{name}{n}")));
    let recall = ["recall", "--recipient", ITO, "--reason", "宛先の誤り"];
    let said = sato.labeler(recall).refused(exit::PARTIAL);
    for words in ["2 more of other officers were not called back", "情報システムセキュリティ責任者", "Ask one of them"]
    {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    opens("a", 0).refused(exit::NOT_AVAILABLE);
    opens("b", 0).good();
    // In Japanese, for programs, in the draft of the report.
    let report = agency.place("報告").join("r.txt");
    let again = [&recall[..], &["--json", "--report", report.to_str().unwrap()]].concat();
    let said = sato.labeler(again).refused(exit::PARTIAL).json();
    assert_eq!(said["report"]["passed-over"], 2);
    assert!(said["notes"].to_string().contains("ほかの職員による 2 件は取り消していません"), "{said}");
    assert!(fs::read_to_string(&report).unwrap().contains("2 件は取り消していません"));
    let said = sato.labeler(["recall", "--media", "USB-1", "--reason", "紛失", "--json"]).refused(exit::PARTIAL);
    assert_eq!(said.json()["report"]["passed-over"], 2);
    // Whoever may call all of it back passes nothing over; then nothing is left for the other to be told of.
    let said = chief.labeler([&recall[..], &["--json"]].concat()).good().json();
    assert_eq!(said["report"]["departures"].as_array().unwrap().len(), 3);
    opens("b", 1).refused(exit::NOT_AVAILABLE);
    assert_eq!(sato.labeler([&recall[..], &["--json"]].concat()).good().json()["report"]["passed-over"], 0);
    assert!(holds(&agency.server_dir(), "ほかの職員の台帳の記録 2 件".as_bytes()).is_some(), "the log has it");
}
