//! The C library, from C: as it is installed, under sanitizers, and the example in its documentation.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use kakuzuke_tests::agency::{Agency, Officer, exit};
use kakuzuke_tests::library::Library;
use kakuzuke_tests::programs::{have, repository};
use kakuzuke_tests::secrets;

use super::{names, sample, text};

fn ffi() -> PathBuf {
    repository().join("ffi")
}

/// The examples, each built as its first lines say: a name, and what runs it.
fn examples(agency: &Agency, library: &Library) -> Vec<(&'static str, Command)> {
    let folder = agency.place("例");
    let mut found = Vec::new();
    for (name, compiler, standard) in [("show.c", "cc", "-std=c11"), ("show.cpp", "c++", "-std=c++17")] {
        let program = folder.join(name.replace('.', "-"));
        library.compile(compiler, &[standard], &ffi().join("examples").join(name), &program);
        found.push((name, library.command(&program)));
    }
    if let Some(python) = python() {
        // A copy: building a wheel leaves its folders beside what it is built from.
        let (source, wheels, site) = (folder.join("python"), folder.join("wheels"), folder.join("site"));
        fs::create_dir_all(source.join("kakuzuke")).unwrap();
        for name in ["pyproject.toml", "kakuzuke/__init__.py"] {
            fs::copy(ffi().join("python").join(name), source.join(name)).unwrap();
        }
        let pip = |arguments: &[&str], paths: &[&Path]| {
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check"]).args(arguments).args(paths);
            let output = pip.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        pip(&["wheel", "--no-build-isolation", "--no-deps", "--wheel-dir"], &[&wheels, &source]);
        let wheel = wheels.join(&names(&wheels)[0]);
        pip(&["install", "--no-index", "--no-deps", "--target"], &[&site, &wheel]);
        let mut command = library.command(&python);
        command.arg(ffi().join("examples/show.py")).env("PYTHONPATH", site);
        command.env("KAKUZUKE_LIBRARY", library.folder().join("libkakuzuke.so.0.1"));
        found.push(("show.py", command));
    }
    found
}

/// The Python with the packages of the tests.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("KAKUZUKE_PYTHON").map(PathBuf::from);
    assert!(named.is_some() || std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(), "KAKUZUKE_PYTHON is not set");
    named
}

#[test]
fn every_example_opens_a_document_reads_from_its_middle_and_is_told_why_not() {
    let Some(library) = Library::installed() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let path = sample(&agency.place("文書"), "pdf");
    let original = fs::read(&path).unwrap();
    sato.protect(&path, "C2I2A1", &["印刷禁止"]).good();
    for (name, command) in examples(&agency, &library) {
        let run = |profile: &Path, rest: &[&str]| {
            let mut again = Command::new(command.get_program());
            again.args(command.get_args()).envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
            again.arg(profile).arg(&path).args(rest).output().unwrap()
        };
        let said = run(&sato.profile, &[]);
        let told = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.status.success(), "{name}: {told}");
        assert!(said.stdout == original, "{name}: the whole content");
        assert!(
            told.contains("機密性２情報") && told.contains("印刷禁止") && told.contains("grade: C2I2A1"),
            "{name}: {told}"
        );
        let said = run(&sato.profile, &["70000", "5000"]);
        assert!(said.stdout == original[70_000..75_000], "{name}: a part from the middle");
        let said = run(&sato.profile, &["99999999999", "10"]);
        assert!(said.status.success() && said.stdout.is_empty(), "{name}: past the end there is nothing");
        let said = run(&tanaka.profile, &[]);
        let told = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!([exit::DENIED, exit::NOT_AVAILABLE].contains(&said.status.code().unwrap()), "{name}: {told}");
        assert!(said.stdout.is_empty());
        let said = run(&agency.place("例").join("none"), &[]);
        assert!(!said.status.success() && !said.stderr.is_empty(), "{name}");
    }
}

/// What the program of all functions works on, in a folder of its own.
fn things(agency: &Agency, author: &Officer, name: &str) -> PathBuf {
    let folder = agency.place(name);
    let take = |extension: &str, name: &str| fs::rename(sample(&folder, extension), folder.join(name)).unwrap();
    take("pdf", "original.pdf");
    take("docx", "open.docx");
    text(&folder, "plain.txt", "会議の案内\n".repeat(500).as_bytes());
    let sealed = folder.join("sealed.pdf");
    fs::copy(folder.join("original.pdf"), &sealed).unwrap();
    author.protect(&sealed, "C2I2A1", &["印刷禁止"]).good();
    let mut bytes = fs::read(&sealed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.join("damaged.pdf"), bytes).unwrap();
    folder
}

fn all_is_well(output: &Output, how: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && output.stdout.ends_with(b"all of it\n"), "{how}: {}\n{told}", output.status);
    for word in ["ERROR: ", "WARNING: ThreadSanitizer", "runtime error"] {
        assert!(!told.contains(word), "{how}: {told}");
    }
}

#[test]
fn every_function_does_what_the_header_says_under_every_sanitizer() {
    let Some(library) = Library::installed() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    // A reader, who may not do all that the decider may.
    let suzuki = agency.officer("suzuki", "鈴木");
    let source = ffi().join("tests/c/interface.c");
    let ways: [(&str, &[&str]); 3] = [
        ("plain", &["-O2"]),
        ("address", &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]),
        ("thread", &["-fsanitize=thread"]),
    ];
    for (name, options) in ways {
        let program = agency.place("c").join(name);
        library.compile("cc", &[&["-std=c11"], options].concat(), &source, &program);
        let mut command = library.command(&program);
        // Rust's own locks are not seen by ThreadSanitizer: what it can judge is what the program and its calls share.
        command.env("TSAN_OPTIONS", "ignore_noninstrumented_modules=1");
        command.arg(&sato.profile).arg(things(&agency, &suzuki, name));
        all_is_well(&command.output().unwrap(), name);
    }
    if have("valgrind") {
        let mut command = library.command(Path::new("valgrind"));
        command.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"]);
        command.args(["--show-leak-kinds=definite", "--fair-sched=yes"]).arg(agency.place("c").join("plain"));
        command.arg(&sato.profile).arg(things(&agency, &suzuki, "valgrind"));
        all_is_well(&command.output().unwrap(), "valgrind");
    }
}

#[test]
fn a_licence_is_one_opening_ends_when_it_is_refused_and_a_save_keeps_the_label_in_force() {
    let Some(library) = Library::installed() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let counted = sample(&agency.place("一度だけ"), "docx");
    let plain = text(&agency.place("編集中"), "案.txt", "最初の案です。".as_bytes());
    let edited = plain.with_file_name("案.txt.kkz");
    suzuki.protect(&counted, "C2I1A1", &["読後廃棄"]).good();
    sato.protect(&plain, "C2I1A1", &[]).good();
    let program = agency.place("c").join("licence");
    library.compile("cc", &["-std=c11"], &ffi().join("tests/c/licence.c"), &program);
    let mut command = library.command(&program);
    command.arg(&sato.profile).args([&counted, &edited]).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let waiting = lines.next();
    suzuki.labeler(["revoke", counted.to_str().unwrap(), "--reason", "誤送信"]).good();
    sato.relabel(&edited, "C2I1A1", &["印刷禁止"]).good();
    child.stdin.take().unwrap().write_all(b"on\n").unwrap();
    let last = lines.last();
    let told = child.wait_with_output().unwrap();
    assert_eq!(waiting.as_deref(), Some("waiting"), "{}", String::from_utf8_lossy(&told.stderr));
    assert_eq!(last.as_deref(), Some("all of it"), "{}", String::from_utf8_lossy(&told.stderr));
    assert_eq!(sato.show(&edited)["label"]["restrictions"][0], "印刷禁止");
}

#[test]
fn it_is_installed_with_header_manual_page_soname_and_package_file_and_exports_what_the_list_says() {
    let Some(library) = Library::installed() else { return };
    let header = fs::read(library.prefix.join("include/kakuzuke.h")).unwrap();
    assert!(header == fs::read(ffi().join("include/kakuzuke.h")).unwrap());
    let folder = library.folder();
    assert!(folder.join("libkakuzuke.a").is_file());
    let shared = folder.join("libkakuzuke.so");
    let version = library.pkg_config("--modversion");
    assert_eq!(version, [env!("CARGO_PKG_VERSION")]);
    let whole = fs::canonicalize(&shared).unwrap();
    assert!(whole.to_str().unwrap().ends_with(&format!("libkakuzuke.so.{}", version[0])), "{whole:?}");
    let run = |tool: &str, arguments: &[&str]| {
        let output = Command::new(tool).args(arguments).arg(&whole).output().unwrap();
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    // While the first number is 0, the second one breaks.
    assert!(run("readelf", &["--dynamic"]).contains("[libkakuzuke.so.0.1]"), "its SONAME");
    let found = run("nm", &["--dynamic", "--defined-only", "--format=just-symbols"]);
    let found: BTreeSet<&str> = found.lines().filter(|name| name.starts_with("kkz_")).collect();
    let listed = fs::read_to_string(ffi().join("symbols.txt")).unwrap();
    let listed: BTreeSet<&str> = listed.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(found, listed, "ffi/symbols.txt: a name that programs use never goes, a new one is added to the list");
    // Every one of them is in the header, and none besides.
    let header = String::from_utf8(header).unwrap();
    for name in &listed {
        assert!(header.contains(&format!("{name}(")), "{name}");
    }
    // And in the manual page.
    let page = fs::read_to_string(library.prefix.join("share/man/man3/kakuzuke.3")).unwrap();
    for name in &listed {
        assert!(page.lines().any(|line| line == format!(".SS {name}")), "{name} in the manual page");
    }
}

#[test]
fn after_closing_nothing_of_a_document_its_keys_and_the_profiles_secrets_is_left_in_memory() {
    let Some(library) = Library::installed() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let mark = "一行ごとの目印7f3a";
    let content = format!("{mark}\n").repeat(20_000);
    let path = text(&agency.place("文書"), "目印.txt", content.as_bytes());
    sato.protect(&path, "C3I2A1", &[]).good();
    sato.protect(&text(&agency.place("文書"), "別.txt", content.replace(mark, "別の文書").as_bytes()), "C3I2A1", &[])
        .good();
    let program = agency.place("c").join("wiped");
    library.compile("cc", &["-std=c11", "-O1"], &ffi().join("tests/c/wiped.c"), &program);
    let masked = |word: &[u8]| word.iter().map(|byte| format!("{:02x}", byte ^ 0x5a)).collect::<String>();
    let mut command = library.command(&program);
    let [sealed, other] = ["目印.txt.kkz", "別.txt.kkz"].map(|name| agency.place("文書").join(name));
    command.arg(&sato.profile).args([sealed, other]);
    command.args([masked(mark.as_bytes()), masked("探せば見付かる言葉".as_bytes())]);
    let secrets = secrets::of_profile(&sato.profile);
    let output = command.args(secrets.iter().map(|secret| masked(secret))).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{} {said}", output.status);
    let numbers: Vec<u64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [open, closed, control, keys, left, ref secret @ ..] = numbers[..] else { panic!("{said}") };
    assert!(open > 0 && control > 0 && keys > 0, "the search finds what is there: {said}");
    assert_eq!((closed, left), (0, 0), "{said}");
    assert_eq!(secret, vec![0; secrets.len()], "{said}");
}

/// `KAKUZUKE_MUTATIONS` makes it longer, as for the other targets of random input.
#[test]
fn random_calls_with_whatever_is_at_hand_never_crash() {
    let Some(library) = Library::installed() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = things(&agency, &sato, "calls");
    let program = agency.place("c").join("calls");
    let options = ["-std=c11", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    library.compile("cc", &options, &ffi().join("tests/c/calls.c"), &program);
    let steps = std::env::var("KAKUZUKE_MUTATIONS").unwrap_or_else(|_| "4000".to_owned());
    for seed in ["1", "2", "3"] {
        let mut command = library.command(&program);
        // What it forgets to free is its own.
        command.env("ASAN_OPTIONS", "detect_leaks=0").arg(&sato.profile);
        command.args([folder.join("sealed.pdf"), folder.join("original.pdf")]).args([seed, &steps]);
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "seed {seed}: {} {}\n{told}",
            output.status,
            String::from_utf8_lossy(&output.stdout)
        );
    }
}
