//! kill -9 of the key server at every write of a scenario: no acknowledged act is lost, no key without its entry.

use std::fs;
use std::process::Stdio;

use kakuzuke_tests::agency::Agency;

use super::text;

/// More writes than the scenario has, so that the last run passes through untouched.
const MOST: u32 = 400;

#[test]
fn the_server_may_die_at_any_write() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let place = agency.place("文書");
    let (mut acknowledged, mut size) = (Vec::new(), 0);
    let mut point = 0;
    loop {
        point += 1;
        assert!(point < MOST, "the scenario has an end");
        agency.kill();
        let mut command = agency.run_command();
        command.env("KAKUZUKE_CRASH_AT", point.to_string()).stderr(Stdio::null());
        let alive = agency.try_start_with(command);
        let name = format!("{point}.txt");
        let path = text(&place, &name, name.as_bytes());
        let protected = place.join(format!("{name}.kkz"));
        let mut untouched = alive;
        if sato.protect(&path, "C2I1A1", &[]).code == 0 {
            acknowledged.push(name.clone());
        } else {
            untouched = false;
            assert!(path.exists() || protected.exists(), "{name}: the document is there, one way or the other");
        }
        let out = agency.place("o").join(&name);
        let opened = suzuki.open(&protected, &out).code == 0;
        untouched &= opened;
        // Up again, without a fault: everything acknowledged holds, and the log goes on from where it was.
        agency.kill();
        agency.start();
        let log = sato.labeler(["audit", "verify", "--json"]).good().json();
        let now = log["size"].as_u64().unwrap();
        assert!(now >= size, "the log never gets shorter");
        if opened {
            assert!(now > size, "a key that went out left its entry");
        }
        size = now;
        if untouched {
            break;
        }
    }
    sato.labeler(["sync"]).good();
    for name in &acknowledged {
        let said = suzuki.open(&place.join(format!("{name}.kkz")), &agency.place("p").join(name));
        assert_eq!(said.code, 0, "{name} was acknowledged: {}", said.err);
        assert_eq!(fs::read(agency.place("p").join(name)).unwrap(), name.as_bytes());
    }
    assert!(point > 5, "the scenario had {point} writes");
}
