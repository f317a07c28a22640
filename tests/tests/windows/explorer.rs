//! Explorer's menu, and the installer.

use std::path::{Path, PathBuf};

use kakuzuke_tests::agency::Said;
use kakuzuke_tests::wine::Machine;

const MENU: &str = r"HKCU\Software\Classes\*\shell\Kakuzuke";
const ENDING: &str = r"HKCU\Software\Classes\.kkz";
const KIND: &str = r"HKCU\Software\Classes\Kakuzuke.Protected";

#[test]
fn the_menu_and_the_installer_put_their_entries_there_and_take_them_away() {
    let Some(machine) = Machine::new() else { return };
    let labeler = |args: &[&str]| machine.labeler(r"C:\none", args.iter().copied());

    assert_eq!(labeler(&["shell", "status", "--json"]).good().json()["installed"], false);
    labeler(&["shell", "install"]).good();
    assert_eq!(labeler(&["shell", "status", "--json"]).good().json()["missing"], 0);
    let there = machine.registry(MENU).unwrap();
    for (title, verb) in [("格付", "label"), ("保護", "protect"), ("開く", "open"), ("申請", "request")] {
        assert!(there.contains(&format!(r#""MUIVerb"="{title}""#)), "{title}: {there}");
        assert!(there.contains(&format!(r#"labeler.exe\" shell run {verb} \"%1\""#)), "{verb}: {there}");
    }
    assert!(machine.registry(ENDING).unwrap().contains("Kakuzuke.Protected"));
    let kind = machine.registry(KIND).unwrap();
    assert!(kind.contains("kakuzuke.ico") && kind.contains("格付に従って保護された文書"), "{kind}");
    assert!(ours(&machine).iter().any(|folder| folder.join("kakuzuke.ico").is_file()));
    // What the menu calls says why not, and ends with the code.
    let said = labeler(&["shell", "run", "protect", r"C:\none.docx"]);
    assert!(said.code != 0 && !said.err.is_empty(), "{said:?}");
    labeler(&["shell", "uninstall"]).good();
    assert_eq!([MENU, ENDING, KIND].map(|key| machine.registry(key)), [None, None, None]);

    // Silently, for one user.
    let package = machine.place("bin").join("kakuzuke.msi");
    std::fs::copy(machine.built().join("kakuzuke.msi"), &package).unwrap();
    let msiexec = |what: &str| {
        let mut command = machine.wine(Path::new("msiexec"));
        Said::from(command.args([what, &machine.name(&package), "/qn"]).output().unwrap())
    };
    msiexec("/i").good();
    let bin = ours(&machine).into_iter().map(|folder| folder.join("bin")).find(|bin| bin.is_dir()).unwrap();
    for name in ["labeler.exe", "kakuzuke.dll", "kakuzuke.h", "libkakuzuke.dll.a"] {
        let (one, other) = (std::fs::read(bin.join(name)).unwrap(), std::fs::read(machine.built().join(name)).unwrap());
        assert!(one == other, "{name}");
    }
    // The menu leads to the program that was installed.
    let mut status = machine.wine(&bin.join("labeler.exe"));
    let status = Said::from(status.args(["shell", "status", "--json"]).output().unwrap());
    assert_eq!(status.good().json()["missing"], 0);
    msiexec("/x").good();
    assert!(!bin.join("labeler.exe").exists());
    assert_eq!(machine.registry(MENU), None, "the menu is gone, too");
}

/// Our folders in the users' data.
fn ours(machine: &Machine) -> Vec<PathBuf> {
    let users = std::fs::read_dir(machine.disk().join("users")).unwrap().flatten();
    users.map(|user| user.path().join("AppData/Local/Kakuzuke")).filter(|folder| folder.is_dir()).collect()
}
