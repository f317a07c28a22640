//! Away from the network: tickets and leases, and what ends them.

use std::fs;

use kakuzuke_tests::agency::{Agency, Said, exit};

use super::text;

#[test]
fn protect_offline_then_register_at_the_next_contact() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    sato.labeler(["sync", "--tickets", "3"]).good();
    agency.kill();
    let place = agency.place("文書");
    for n in 0..3 {
        let path = text(&place, &format!("{n}.txt"), format!("text {n}").as_bytes());
        let said: Said =
            sato.command().arg("protect").arg(&path).args(["--grade", "C2I1A1", "--offline"]).output().unwrap().into();
        said.good();
    }
    let fourth = text(&place, "4.txt", b"four");
    let said: Said =
        sato.command().arg("protect").arg(&fourth).args(["--grade", "C2I1A1", "--offline"]).output().unwrap().into();
    said.refused(exit::NO_TICKET);
    assert_eq!(fs::read(&fourth).unwrap(), b"four");
    let out = agency.place("o");
    sato.open(&place.join("0.txt.kkz"), &out.join("0")).refused(exit::UNREACHABLE);
    agency.start();
    sato.labeler(["sync"]).good();
    for n in 0..3 {
        suzuki.open(&place.join(format!("{n}.txt.kkz")), &out.join(format!("{n}"))).good();
        assert_eq!(fs::read(out.join(format!("{n}"))).unwrap(), format!("text {n}").as_bytes());
    }
}

#[test]
fn a_lease_opens_without_the_server_and_only_for_its_holder() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let place = agency.place("文書");
    let path = text(&place, "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &[]).good();
    let protected = place.join("a.txt.kkz");
    let lease: Said = sato
        .command()
        .arg("lease")
        .arg(&protected)
        .args(["--hours", "2", "--purpose", "出張"])
        .output()
        .unwrap()
        .into();
    lease.good();
    agency.kill();
    let out = agency.place("o");
    let open = |who: &kakuzuke_tests::agency::Officer, name: &str| -> Said {
        who.command()
            .arg("open")
            .arg(&protected)
            .arg("--offline")
            .arg("-o")
            .arg(out.join(name))
            .output()
            .unwrap()
            .into()
    };
    open(&sato, "1").good();
    assert_eq!(fs::read(out.join("1")).unwrap(), b"text");
    open(&suzuki, "2").refused(exit::NO_LEASE);
    // A copied lease is worth nothing to another device.
    for entry in fs::read_dir(sato.profile.join("leases")).unwrap().flatten() {
        let _copied = fs::create_dir_all(suzuki.profile.join("leases"))
            .and_then(|()| fs::copy(entry.path(), suzuki.profile.join("leases").join(entry.file_name())));
    }
    assert_ne!(open(&suzuki, "3").code, 0);
    assert!(!out.join("3").exists());
}
