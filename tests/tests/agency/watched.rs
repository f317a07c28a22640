//! A folder that is watched through whatever happens to it: editors of every habit, files that stay open, traits that must survive,
//! a server that is away, a disk that is full, a watcher that dies, a folder that goes and comes again.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use kakuzuke_tests::agency::Agency;
use kakuzuke_tests::programs::{bin_dir, have};
use rustix::fs::{Gid, Uid, XattrFlags};
use rustix::process::{Pid, Signal};

use super::watch::{Watcher, place};
use super::{names, sample, text};

fn term(watcher: &Watcher) {
    let pid = Pid::from_raw(i32::try_from(watcher.child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, Signal::TERM).unwrap();
}

#[test]
fn it_ends_cleanly_when_it_is_told_to() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    term(&watcher);
    watcher.told("ended");
    assert_eq!(watcher.child.wait().unwrap().code(), Some(0));
}

/// Whatever way an editor saves, what stays in the end is graded, and once.
#[test]
fn every_way_of_saving_ends_graded_once() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    // A new file under another name, put in the place of the old (Word, LibreOffice).
    let renamed = text(&share, "改名.txt", b"old");
    fs::write(share.join("lu1.tmp"), b"new").unwrap();
    fs::rename(share.join("lu1.tmp"), &renamed).unwrap();
    // The old one moved away, a new one written, the old one removed (vim).
    let vim = text(&share, "vim.txt", b"old");
    fs::rename(&vim, share.join("vim.txt~")).unwrap();
    fs::write(&vim, b"new").unwrap();
    fs::remove_file(share.join("vim.txt~")).unwrap();
    // Cut off and written anew; written on at the end.
    let truncated = text(&share, "上書き.txt", b"old and long");
    fs::write(&truncated, b"new").unwrap();
    let appended = text(&share, "追記.txt", b"old");
    OpenOptions::new().append(true).open(&appended).unwrap().write_all(b" and new").unwrap();
    let mut done: Vec<String> = (0..4).map(|_| watcher.done()).collect();
    done.sort();
    assert_eq!(done, ["vim.txt", "上書き.txt", "改名.txt", "追記.txt"]);
    let expected = ["vim.txt", "vim.txt.kkzsig", "上書き.txt", "上書き.txt.kkzsig"];
    assert_eq!(&names(&share)[..4], expected);
    // Written on after it was signed: the label stays, the signature is made anew, by whoever decided it.
    OpenOptions::new().append(true).open(&appended).unwrap().write_all(b" and newer").unwrap();
    assert_eq!(watcher.done(), "追記.txt");
    for path in [&renamed, &vim, &truncated, &appended] {
        sato.labeler(["verify", path.to_str().unwrap()]).good();
    }
    assert_eq!(fs::read(&appended).unwrap(), b"old and new and newer");
    watcher.end();
}

#[test]
fn libreoffice_saves_into_it_and_the_document_ends_graded() {
    if !have("soffice") {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    let source = text(&agency.place("元"), "議事録.txt", "議事録の本文です。\n".as_bytes());
    let convert = |kind: &str| {
        let mut office = Command::new("soffice");
        office.arg(format!("-env:UserInstallation=file://{}", agency.place("libreoffice").display()));
        office.args(["--headless", "--convert-to", kind, "--outdir"]).arg(&share).arg(&source);
        assert!(office.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
    };
    convert("docx");
    assert_eq!(watcher.done(), "議事録.docx");
    let path = share.join("議事録.docx");
    assert_eq!(sato.show(&path)["label"]["grade"], "C2I1A1");
    // Saved over: the label that LibreOffice did not write is written again.
    convert("docx");
    assert_eq!(watcher.done(), "議事録.docx");
    sato.labeler(["verify", path.to_str().unwrap()]).good();
    convert("odt");
    assert_eq!(watcher.done(), "議事録.odt");
    assert_eq!(names(&share), ["機密", "議事録.docx", "議事録.odt"], "nothing else stays");
    watcher.end();
}

#[test]
fn what_a_program_still_has_open_to_write_waits() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    let mut open = fs::File::create(share.join("書込み中.txt")).unwrap();
    open.write_all(b"half").unwrap();
    text(&share, "閉じた.txt", b"done");
    assert_eq!(watcher.done(), "閉じた.txt");
    assert!(!share.join("書込み中.txt.kkzsig").exists());
    open.write_all(b", and whole").unwrap();
    drop(open);
    assert_eq!(watcher.done(), "書込み中.txt");
    watcher.end();
}

/// An access list in the form the kernel keeps it (acl(5)): the owner, one named user, the group, the mask, others.
fn access_list(user: u32) -> Vec<u8> {
    const NOBODY: u32 = u32::MAX;
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, NOBODY), (2, 4, user), (4, 4, NOBODY), (16, 4, NOBODY), (32, 0, NOBODY)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(rights.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    list
}

fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 4096];
    let length = rustix::fs::getxattr(path, name, value.as_mut_slice()).ok()?;
    value.truncate(length);
    Some(value)
}

#[test]
fn owner_access_list_attributes_and_times_survive() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let is_root = rustix::process::geteuid().is_root();
    let mut paths = Vec::new();
    for (folder, kind) in [("", "docx"), ("機密", "xlsx")] {
        let path = sample(&share.join(folder), kind);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let _not_everywhere = rustix::fs::setxattr(&path, "user.kakuzuke-test", b"kept", XattrFlags::empty());
        let _not_everywhere =
            rustix::fs::setxattr(&path, "system.posix_acl_access", &access_list(12_345), XattrFlags::empty());
        if is_root {
            let _not_everywhere = rustix::fs::setxattr(&path, "trusted.kakuzuke-test", b"kept", XattrFlags::empty());
            rustix::fs::chown(&path, Some(Uid::from_raw(4_321)), Some(Gid::from_raw(5_432))).unwrap();
        }
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000);
        fs::File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
        paths.push(path);
    }
    const NAMES: [&str; 3] = ["user.kakuzuke-test", "system.posix_acl_access", "trusted.kakuzuke-test"];
    let traits = |path: &Path| {
        let found = path.metadata().unwrap();
        let attributes = NAMES.map(|name| attribute(path, name));
        (found.uid(), found.gid(), found.mode(), found.mtime(), attributes)
    };
    let before: Vec<_> = paths.iter().map(|path| (traits(path), path.metadata().unwrap().ino())).collect();
    let mut watcher = Watcher::start(&sato, &share, &rules);
    watcher.done();
    watcher.done();
    for (path, (before, inode)) in paths.iter().zip(before) {
        assert_ne!(path.metadata().unwrap().ino(), inode, "another file stands there");
        assert_eq!(traits(path), before);
    }
    watcher.end();
}

/// An ordinary user can't give files away: somebody else's is left as it is rather than taken over.
#[test]
fn a_file_whose_owner_could_not_be_kept_is_left_alone() {
    if !rustix::process::geteuid().is_root() || !have("setpriv") {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let path = text(&share, "他人.txt", b"text");
    rustix::fs::chown(&path, Some(Uid::from_raw(4_321)), Some(Gid::from_raw(4_321))).unwrap();
    // Root without the right to give files away is as any other user here.
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set", "-chown", "--inh-caps", "-chown"]).arg(bin_dir().join("labeler"));
    command.env("KAKUZUKE_PROFILE", &sato.profile).env("LC_ALL", "C.UTF-8");
    let mut watcher = Watcher::start_with(command, &share, &rules, &[]);
    let told = watcher.told("failed");
    assert_eq!(told["failure"]["code"], "unsupported", "{told}");
    assert_eq!(
        (path.metadata().unwrap().uid(), names(&share)),
        (4_321, vec!["他人.txt".to_owned(), "機密".to_owned()])
    );
    watcher.end();
}

#[test]
fn a_server_that_is_away_is_told_once_and_nothing_is_lost() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    agency.kill();
    for n in 0..3 {
        text(&share.join("機密"), &format!("{n}.bin"), b"secret");
    }
    watcher.told("held");
    // What needs no server does not wait for it.
    text(&share, "案内.txt", b"text");
    assert_eq!(watcher.done(), "案内.txt");
    agency.start();
    watcher.told("goes-on");
    let mut done: Vec<String> = (0..3).map(|_| watcher.done()).collect();
    done.sort();
    assert_eq!(done, ["0.bin.kkz", "1.bin.kkz", "2.bin.kkz"]);
    watcher.end();
}

#[test]
fn a_watcher_that_dies_leaves_the_work_to_the_other() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watchers = [Watcher::start(&sato, &share, &rules), Watcher::start(&sato, &share, &rules)];
    let contents: Vec<Vec<u8>> = (0..24).map(|n| vec![n; 300_000]).collect();
    for (n, content) in contents.iter().enumerate() {
        text(&share.join("機密"), &format!("{n}.bin"), content);
    }
    // In the middle of it.
    watchers[0].next();
    let [dying, mut left] = watchers;
    dying.end();
    let secret = share.join("機密");
    while (0..24).any(|n| secret.join(format!("{n}.bin")).exists()) {
        let event = left.next();
        assert_eq!(event["event"], "done", "{event}");
    }
    for (n, content) in contents.iter().enumerate() {
        let out = agency.place("開いた").join(format!("{n}.bin"));
        sato.open(&secret.join(format!("{n}.bin.kkz")), &out).good();
        assert!(fs::read(&out).unwrap() == *content, "{n}");
    }
    // The next work sweeps what the dead one left.
    text(&secret, "最後.bin", b"last");
    while left.next()["protected"]["original"].as_str().is_none_or(|path| !path.ends_with("最後.bin")) {}
    assert_eq!(names(&secret).len(), 25, "{:?}", names(&secret));
    left.end();
}

#[test]
fn a_folder_that_goes_and_comes_again_is_watched_on() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    let mut watcher = Watcher::start(&sato, &share, &rules);
    fs::remove_dir_all(&share).unwrap();
    watcher.told("folder-gone");
    fs::create_dir(&share).unwrap();
    watcher.told("folder-back");
    text(&share, "戻った.txt", b"text");
    assert_eq!(watcher.done(), "戻った.txt");
    fs::create_dir(share.join("中")).unwrap();
    text(&share.join("中"), "a.txt", b"text");
    assert_eq!(watcher.done(), "a.txt");
    fs::remove_dir_all(share.join("中")).unwrap();
    fs::create_dir(share.join("中")).unwrap();
    text(&share.join("中"), "b.txt", b"text");
    assert_eq!(watcher.done(), "b.txt");
    watcher.end();
}

/// A command in a room of its own, in which root's limits can be set; none where the kernel gives none.
fn in_a_room(script: &str) -> Option<Command> {
    let mut room = Command::new("unshare");
    room.args(["--map-root-user", "--mount", "sh", "-c"]);
    let tried = Command::new("unshare").args(["--map-root-user", "--mount", "sh", "-c", "true"]).status();
    if !tried.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no room of our own here");
        return None;
    }
    room.arg(script).arg(bin_dir().join("labeler"));
    Some(room)
}

#[test]
fn more_folders_than_the_system_tells_of_are_gone_through_again_and_again() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    (0..20).for_each(|n| fs::create_dir(share.join(format!("{n}"))).unwrap());
    let script = "echo 8 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    let Some(mut command) = in_a_room(script) else { return };
    command.env("KAKUZUKE_PROFILE", &sato.profile).env("LC_ALL", "C.UTF-8");
    let mut watcher = Watcher::start_with(command, &share, &rules, &["--round", "1"]);
    watcher.told("deaf");
    for n in [0, 19] {
        text(&share.join(n.to_string()), "a.txt", b"text");
        assert_eq!(watcher.done(), "a.txt");
    }
    watcher.end();
}

#[test]
fn a_full_disk_is_told_once_and_the_files_are_as_they_were() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (share, rules) = place(&agency);
    // A file system of 2 MiB of its own, full but for a little; room is made once it has been told.
    let script = format!(
        "mount -t tmpfs -o size=2m tmpfs '{0}' && mkdir '{0}/機密' && head -c 1200000 /dev/zero > '{0}/機密/元.bin' \
         && head -c 700000 /dev/zero > '{0}/埋め.bin.kkzsig' && mkfifo '{0}/空ける' \
         && {{ (read go < '{0}/空ける'; mount -o remount,size=8m '{0}') & exec \"$0\" \"$@\"; }}",
        share.display()
    );
    let Some(mut command) = in_a_room(&script) else { return };
    command.env("KAKUZUKE_PROFILE", &sato.profile).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    let mut watcher = Watcher::start_with(command, &share, &rules, &[]);
    watcher.told("held");
    let room = Path::new("/proc").join(watcher.child.id().to_string()).join("root");
    let inside = room.join(share.strip_prefix("/").unwrap());
    assert_eq!(fs::metadata(inside.join("機密/元.bin")).unwrap().len(), 1_200_000);
    fs::write(inside.join("空ける"), b"go\n").unwrap();
    watcher.told("goes-on");
    assert_eq!(watcher.done(), "元.bin.kkz");
    watcher.end();
}
