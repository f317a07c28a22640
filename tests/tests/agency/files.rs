//! Files of every sort: what goes in comes out bit for bit; what is no proper file is refused and left alone.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};

use kakuzuke_tests::agency::{Agency, exit};

use super::{holds, names, sample, text};

#[test]
fn every_kind_is_protected_in_place_and_comes_back_bit_for_bit() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    for extension in ["docx", "xlsx", "pptx", "odt", "pdf", "csv"] {
        let path = sample(&place, extension);
        let original = fs::read(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let before = fs::metadata(&path).unwrap();
        let said = sato.protect(&path, "C2I2A1", &["複製禁止"]).good();
        let protected = if extension == "csv" {
            assert!(!path.exists(), "the plain csv must be gone");
            path.with_file_name(format!("{}.kkz", path.file_name().unwrap().to_string_lossy()))
        } else {
            path.clone()
        };
        assert!(protected.exists(), "{}", said.out);
        let after = fs::metadata(&protected).unwrap();
        assert_eq!(after.mode() & 0o777, 0o640, "{extension}: permissions stay");
        assert_eq!(after.mtime(), before.mtime(), "{extension}: the time of change stays");
        let file = fs::read(&protected).unwrap();
        assert!(!file.windows(64).any(|w| original.len() > 200 && w == &original[100..164]), "{extension}: plaintext");
        let shown = sato.show(&protected);
        assert_eq!(shown["label"]["grade"], "C2I2A1");
        assert_eq!(shown["label"]["restrictions"][0], "複製禁止");
        assert_eq!(shown["signature"], "valid");
        let out = agency.place("開いたもの").join(path.file_name().unwrap());
        sato.open(&protected, &out).good();
        assert!(fs::read(&out).unwrap() == original, "{extension}: bit for bit");
    }
    assert_eq!(names(&place).len(), 6, "nothing is left beside the documents: {:?}", names(&place));
}

#[test]
fn no_plaintext_is_left_on_the_disk() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let needle = "これは見つかってはならない文です".as_bytes();
    let path = text(&place, "秘密.txt", &needle.repeat(5000));
    sato.protect(&path, "C3I2A1", &[]).good();
    assert_eq!(holds(&place, needle), None);
    assert_eq!(holds(&sato.profile, needle), None);
    assert_eq!(holds(&agency.server_dir(), needle), None, "the key server never sees a document");
}

#[test]
fn an_empty_file_and_names_in_any_script_are_fine() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    for name in
        ["空.txt", "ファイル　名 (1)【案】.txt", "Привет мир.dat", "مستند.bin", "👩‍💻🗾.txt", "-rf.txt", "a\nb.txt"]
    {
        let path = text(&place, name, b"");
        sato.protect(&path, "C2I1A1", &[]).good();
        let protected = place.join(format!("{name}.kkz"));
        let said = sato.command().args(["open", "-o", "-"]).arg(&protected).output().unwrap();
        assert!(said.status.success() && said.stdout.is_empty(), "{name}: {}", String::from_utf8_lossy(&said.stderr));
    }
}

#[test]
fn what_is_no_regular_file_is_refused_and_left_alone() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let target = text(&place, "本体.txt", b"body");
    let link = place.join("リンク.txt");
    symlink(&target, &link).unwrap();
    let said = sato.protect(&link, "C2I1A1", &[]).refused(exit::UNSUPPORTED);
    assert!(said.err.contains("symbolic link"), "{}", said.err);
    assert_eq!(fs::read(&target).unwrap(), b"body");
    let fifo = place.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    sato.protect(&fifo, "C2I1A1", &[]).refused(exit::UNSUPPORTED);
    let missing = place.join("ない.txt");
    let said = sato.protect(&missing, "C2I1A1", &[]).refused(exit::IO);
    assert!(said.err.contains("No such file"), "{}", said.err);
    let hard = place.join("別名.txt");
    fs::hard_link(&target, &hard).unwrap();
    let said = sato.protect(&target, "C2I1A1", &[]);
    assert_ne!(said.code, 0, "a file with a second name would leave its plaintext there");
    assert_eq!(fs::read(&hard).unwrap(), b"body");
}

#[test]
fn a_restriction_nobody_knows_is_kept_and_the_officer_is_told_what_it_may_be_a_slip_of() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    let said = sato.protect(&path, "C2I1A1", &["復製禁止"]).good();
    assert!(said.err.contains("復製禁止") && said.err.contains("Did you mean 複製禁止?"), "{}", said.err);
    assert!(sato.show(&path)["label"]["restrictions"].to_string().contains("復製禁止"));
    let known = sato.protect(&sample(&place, "odt"), "C2I1A1", &["複製禁止"]).good();
    assert!(!known.err.contains("Did you mean"), "{}", known.err);
}

#[test]
fn a_bad_label_is_refused_in_both_languages() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = text(&agency.place("文書"), "a.txt", b"text");
    for grade in ["C4I1A1", "C2", "秘", ""] {
        sato.protect(&path, grade, &[]).refused(exit::LABEL);
    }
    let mut japanese = sato.command();
    japanese.env("LC_ALL", "ja_JP.UTF-8").arg("protect").arg(&path).args(["--grade", "C9I9A9"]);
    let said = japanese.output().unwrap();
    assert!(String::from_utf8_lossy(&said.stderr).contains("格付"), "Japanese by locale");
    assert_eq!(fs::read(&path).unwrap(), b"text");
}

#[test]
fn protecting_twice_is_refused_and_changes_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let once = fs::read(&path).unwrap();
    sato.protect(&path, "C3I1A1", &[]).refused(exit::ALREADY_PROTECTED);
    assert!(fs::read(&path).unwrap() == once);
}

#[test]
fn two_clients_protecting_one_file_make_one_protected_file() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let content: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let path = text(&place, "共有.bin", &content);
    let mut runs: Vec<_> = (0..4)
        .map(|_| {
            let mut command = sato.command();
            command.arg("protect").arg(&path).args(["--grade", "C2I2A1"]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    let done = runs.iter_mut().map(|run| run.wait().unwrap()).filter(|status| status.success()).count();
    assert_eq!(done, 1, "exactly one of them protects it");
    assert_eq!(names(&place), ["共有.bin.kkz"]);
    let out = agency.place("開いたもの").join("共有.bin");
    sato.open(&place.join("共有.bin.kkz"), &out).good();
    assert!(fs::read(&out).unwrap() == content);
}

#[test]
fn a_file_of_five_gib_goes_through_in_bounded_memory() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = place.join("大きい.bin");
    let file = File::create(&path).unwrap();
    let length = 5 << 30;
    file.set_len(length).unwrap();
    file.write_all_at("末尾の印".as_bytes(), length - 12).unwrap();
    drop(file);
    let mut command = sato.command();
    command.arg("protect").arg(&path).args(["--grade", "C2I1A1"]);
    let (status, peak) = run_and_measure(command);
    assert!(status, "five GiB are protected");
    assert!(peak < 200 << 10, "peak memory {peak} KiB");
    let protected = place.join("大きい.bin.kkz");
    assert!(fs::metadata(&protected).unwrap().len() > length);
    let mut opener = sato.command().args(["open", "-o", "-"]).arg(&protected).stdout(Stdio::piped()).spawn().unwrap();
    let mut stream = opener.stdout.take().unwrap();
    let mut buffer = vec![0; 1 << 20];
    let (mut total, mut tail) = (0_u64, Vec::new());
    loop {
        let n = stream.read(&mut buffer).unwrap();
        if n == 0 {
            break;
        }
        total += n as u64;
        tail.extend_from_slice(&buffer[..n]);
        tail.drain(..tail.len().saturating_sub(12));
    }
    assert!(opener.wait().unwrap().success());
    assert_eq!((total, tail.as_slice()), (length, "末尾の印".as_bytes()));
}

#[test]
fn a_reader_who_goes_away_ends_opening_into_a_pipe() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = place.join("中くらい.bin");
    fs::write(&path, vec![7; 9 << 20]).unwrap();
    sato.protect(&path, "C2I1A1", &[]).good();
    let mut command = sato.command();
    command.args(["open", "-o", "-"]).arg(place.join("中くらい.bin.kkz")).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut opener = command.spawn().unwrap();
    let mut stream = opener.stdout.take().unwrap();
    stream.read_exact(&mut [0; 100]).unwrap();
    drop(stream);
    assert!(!opener.wait().unwrap().success());
}

/// Runs a command; success, and its peak resident memory in KiB.
fn run_and_measure(command: Command) -> (bool, u64) {
    let mut child = command_quiet(command).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(kib) = fs::read_to_string(&status).ok().and_then(|s| {
            s.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
        }) {
            peak = std::cmp::max(peak, kib);
        }
        if let Some(status) = child.try_wait().unwrap() {
            return (status.success(), peak);
        }
        std::thread::yield_now();
    }
}

fn command_quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null());
    command
}

#[test]
fn a_file_that_was_altered_in_any_way_is_refused_and_no_output_appears() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let content: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let path = text(&place, "資料.bin", &content);
    sato.protect(&path, "C2I2A1", &[]).good();
    let protected = place.join("資料.bin.kkz");
    let whole = fs::read(&protected).unwrap();
    let out = agency.place("開いたもの").join("資料.bin");
    let chunk = 16_384 + 16;
    let payload = whole.len() / 2;
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("extended".into(), [&whole[..], b"x"].concat()),
        ("doubled".into(), [&whole[..], &whole[..]].concat()),
        ("reordered".into(), {
            let mut b = whole.clone();
            let (left, right) = b.split_at_mut(payload + chunk);
            left[payload..].swap_with_slice(&mut right[..chunk]);
            b
        }),
    ];
    for length in [0, 1, 31, 32, 100, 4096, 8191, payload, whole.len() - 17, whole.len() - 1] {
        cases.push((format!("cut to {length}"), whole[..length].to_vec()));
    }
    for at in [0, 8, 12, 16, 40, 200, 1000, 8200, 8300, payload, whole.len() - 200, whole.len() - 12, whole.len() - 1] {
        let mut b = whole.clone();
        b[at] ^= 0x40;
        cases.push((format!("bit flipped at {at}"), b));
    }
    for (what, bytes) in cases {
        fs::write(&protected, &bytes).unwrap();
        let said = sato.open(&protected, &out);
        assert!((20..30).contains(&said.code), "{what}: exit {} {}", said.code, said.err);
        assert!(!out.exists(), "{what}: output must not appear");
        assert!(names(out.parent().unwrap()).is_empty(), "{what}: nothing half-written");
        let verified = sato.command().arg("verify").arg(&protected).output().unwrap();
        // Grants are not signed: what was altered in one shows when it is opened, and only then.
        assert!(!verified.status.success() || what == "bit flipped at 1000", "{what}: verify must refuse too");
    }
    fs::write(&protected, &whole).unwrap();
    sato.open(&protected, &out).good();
}

#[test]
fn a_full_disk_harms_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let mount = agency.place("小さいディスク");
    // A file system of 2 MiB of our own, where the kernel lets an ordinary user have one.
    let script = format!(
        "mount -t tmpfs -o size=2m tmpfs '{0}' && head -c 1200000 /dev/urandom > '{0}/元.bin' && sha256sum '{0}/元.bin' \
         && \"$1\" protect '{0}/元.bin' --grade C2I2A1; echo exit $?; sha256sum '{0}/元.bin'; ls '{0}'",
        mount.display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
    command.arg(kakuzuke_tests::programs::bin_dir().join("labeler")).env("KAKUZUKE_PROFILE", &sato.profile);
    let said = command.output().unwrap();
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    if !out.contains("exit ") || out.starts_with("exit ") {
        eprintln!("skipped: no file system of our own here: {}", String::from_utf8_lossy(&said.stderr));
        return;
    }
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[1], format!("exit {}", exit::DISK_FULL), "{out} {}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(lines[0], lines[2], "the original is as it was");
    assert_eq!(&lines[3..], ["元.bin"], "nothing half-written stays");
}

#[test]
fn writing_to_a_full_device_says_so() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = text(&agency.place("文書"), "a.bin", &[7; 200_000]);
    sato.protect(&path, "C2I1A1", &[]).good();
    let protected = path.with_file_name("a.bin.kkz");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = sato.command();
    command.args(["open", "-o", "-"]).arg(&protected).stdout(full);
    assert_eq!(command.output().unwrap().status.code(), Some(exit::DISK_FULL));
}

#[test]
fn an_existing_output_is_not_replaced_unless_asked() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let path = text(&place, "a.txt", b"new");
    sato.protect(&path, "C2I1A1", &[]).good();
    let out = text(&agency.place("開いたもの"), "a.txt", b"old");
    let protected = place.join("a.txt.kkz");
    assert_ne!(sato.open(&protected, &out).code, 0);
    assert_eq!(fs::read(&out).unwrap(), b"old");
    sato.command().arg("open").arg(&protected).arg("--force").arg("-o").arg(&out).status().unwrap();
    assert_eq!(fs::read(&out).unwrap(), b"new");
}

#[test]
fn a_clear_grade_is_signed_and_stays_readable() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("公表");
    let path = sample(&place, "pdf");
    let original = fs::read(&path).unwrap();
    sato.protect(&path, "C1I2A1", &[]).good();
    sato.command().arg("verify").arg(&path).output().map(|o| assert!(o.status.success(), "{o:?}")).unwrap();
    let now = fs::read(&path).unwrap();
    assert!(now.starts_with(&original[..original.len() - 1024]) || now == original, "the document stays readable");
    let mut file = File::options().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(500)).unwrap();
    file.write_all(b"altered").unwrap();
    drop(file);
    assert!(!sato.command().arg("verify").arg(&path).output().unwrap().status.success(), "a change is found");
}

#[test]
fn a_bare_envelope_leaves_in_a_pdf_that_anybody_can_look_at_and_opens_bit_for_bit() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let content = b"1,2,3\n".repeat(10_000);
    let path = text(&agency.place("文書"), "名簿.csv", &content);
    sato.protect(&path, "C2I2A1", &["複製禁止"]).good();
    let bare = path.with_file_name("名簿.csv.kkz");
    let before = fs::read(&bare).unwrap();
    sato.labeler(["cover", bare.to_str().unwrap()]).good();
    let pdf = path.with_file_name("名簿.csv.pdf");
    assert!(fs::read(&bare).unwrap() == before, "the envelope stays");
    assert_eq!(sato.show(&pdf)["label"]["grade"], "C2I2A1");
    sato.labeler(["verify", pdf.to_str().unwrap()]).good();
    let out = agency.place("開いた").join("名簿.csv");
    sato.open(&pdf, &out).good();
    assert!(fs::read(&out).unwrap() == content);
    sato.labeler(["cover", bare.to_str().unwrap()]).refused(exit::CONFLICT);
    sato.labeler(["cover", pdf.to_str().unwrap()]).refused(exit::UNSUPPORTED);
    if kakuzuke_tests::programs::have("pdftotext") {
        let shown = Command::new("pdftotext").arg(&pdf).arg("-").output().unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains("機密性２") && shown.contains("複製禁止") && !shown.contains("名簿"), "{shown}");
    }
}
